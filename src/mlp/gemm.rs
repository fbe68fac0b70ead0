//! Un grand produit de matrices, confié à une bibliothèque.
//!
//! - Sur x86-64, `private-gemm-x86`, le moteur de `faer` : AVX-512 ou AVX2, choisi à l'exécution. Le
//!   prendre sans `faer` épargne cent mille lignes à compiler, et dix secondes à l'ouverture de chaque
//!   notebook ; il demande un appel `unsafe`, le seul de cette bibliothèque.
//! - Ailleurs (NEON…), `faer` lui-même.
//! - Dans une page (wasm32), les trois boucles suffisent : ce que l'on y entraîne est petit.

use super::product::Matrix;

/// C += A·B, sur `threads` fils au plus.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
pub(super) fn add_product<F: super::Float>(
    a: Matrix<F>,
    b: Matrix<F>,
    c: &mut [F],
    threads: usize,
) {
    use crate::number::Dtype;
    use private_gemm_x86::{Accum, DType, DstKind, IType, InstrSet, gemm};
    use std::ptr::null;

    let instructions = if is_x86_feature_detected!("avx512f") {
        InstrSet::Avx512
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        InstrSet::Avx256
    } else {
        return super::product::by_loops(a, b, c);
    };
    let dtype = match F::DTYPE {
        Dtype::F32 => DType::F32,
        Dtype::F64 => DType::F64,
    };
    let (m, k, n) = (a.rows, a.columns, b.columns);
    // D'un nombre au suivant dans une colonne, puis dans une ligne.
    let strides = |matrix: &Matrix<F>| match matrix.transposed {
        true => (1, matrix.rows as isize),
        false => (matrix.columns as isize, 1),
    };
    let ((a_down, a_across), (b_down, b_across)) = (strides(&a), strides(&b));
    let one = F::one();

    // Ce que l'appel lit et écrit doit exister.
    assert!(b.rows == k && a.values.len() == m * k && b.values.len() == k * n);
    assert!(c.len() == m * n);
    // Sans danger : `gemm` lit les m·k nombres de A, les k·n de B et les m·n de C, aux pas donnés, et
    // n'écrit que C, que personne d'autre n'emprunte ; les longueurs viennent d'être vérifiées, le type
    // des nombres est `dtype`, et la machine a ces instructions. Sans indices ni diagonale (`null`),
    // rien d'autre n'est lu.
    unsafe {
        gemm(
            dtype,
            IType::U64,
            instructions,
            m,
            n,
            k,
            c.as_mut_ptr().cast(),
            n as isize,
            1,
            null(),
            null(),
            DstKind::Full,
            Accum::Add,
            a.values.as_ptr().cast(),
            a_down,
            a_across,
            false,
            null(),
            0,
            b.values.as_ptr().cast(),
            b_down,
            b_across,
            false,
            (&raw const one).cast(),
            threads,
        );
    }
}

/// C += A·B, sur `threads` fils au plus.
#[cfg(not(any(target_arch = "x86_64", target_arch = "wasm32")))]
pub(super) fn add_product<F: super::Float + faer::traits::ComplexField>(
    a: Matrix<F>,
    b: Matrix<F>,
    c: &mut [F],
    threads: usize,
) {
    use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
    let c = MatMut::from_row_major_slice_mut(c, a.rows, b.columns);
    let [a, b] = [a, b].map(|matrix| {
        let Matrix { values, rows, columns, transposed } = matrix;
        match transposed {
            true => MatRef::from_column_major_slice(values, rows, columns),
            false => MatRef::from_row_major_slice(values, rows, columns),
        }
    });
    let threads = if threads > 1 { Par::rayon(threads) } else { Par::Seq };
    matmul(c, Accum::Add, a, b, F::one(), threads);
}

/// C += A·B.
#[cfg(target_arch = "wasm32")]
pub(super) fn add_product<F: super::Float>(
    a: Matrix<F>,
    b: Matrix<F>,
    c: &mut [F],
    _threads: usize,
) {
    super::product::by_loops(a, b, c);
}
