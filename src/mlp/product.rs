//! Le produit de matrices, C += A·B : presque tout le temps d'un entraînement est ici.
//!
//! **Un petit produit** se fait par trois boucles : préparer davantage coûterait plus que calculer.
//!
//! **Un grand produit** lit chaque nombre des milliers de fois. Il faut le ranger dans l'ordre où il
//! sera lu, par morceaux qui tiennent dans les caches, et tenir un pavé de C dans les registres :
//! c'est le métier d'une bibliothèque, `gemm`, sur autant de fils que l'on veut, sans rien allouer sur
//! un seul. Son appel est le seul `unsafe` de ce dépôt.
//!
//! Source : K. Goto et R. van de Geijn, « <i lang="en">Anatomy of High-Performance Matrix
//! Multiplication</i> », ACM TOMS 34 (3), 2008.

use crate::real::Real;

/// Une matrice rangée ligne par ligne dans un tableau plat, ou sa transposée.
#[derive(Clone, Copy)]
pub struct Matrix<'a, F> {
    pub(crate) values: &'a [F],
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// Les nombres sont ceux de la matrice (`columns`, `rows`), lus dans l'autre sens.
    pub(crate) transposed: bool,
}

impl<'a, F> Matrix<'a, F> {
    /// Une matrice (`rows`, `columns`), rangée ligne par ligne.
    pub fn new(values: &'a [F], rows: usize, columns: usize) -> Self {
        Self { values, rows, columns, transposed: false }
    }

    /// La transposée (`columns`, `rows`) : les mêmes nombres, lus dans l'autre sens.
    pub fn t(self) -> Self {
        let Self { values, rows, columns, transposed } = self;
        Self { values, rows: columns, columns: rows, transposed: !transposed }
    }
}

/// Au plus ce nombre de multiplications : les boucles simples vont plus vite.
const SMALL: usize = 1024;
/// Au moins ce nombre de multiplications par fil : en réveiller un autre coûte plusieurs microsecondes.
const WORTH_A_THREAD: usize = 500_000;

/// C += A·B : A (m, k), B (k, n), et C (m, n) rangée ligne par ligne ; sur `threads` fils au plus.
#[inline(always)]
pub fn add_product<F: Real>(a: Matrix<F>, b: Matrix<F>, c: &mut [F], threads: usize) {
    debug_assert!(a.columns == b.rows && c.len() == a.rows * b.columns);
    let multiplications = a.rows * a.columns * b.columns;
    if multiplications <= SMALL {
        by_loops(a, b, c);
    } else {
        by_library(a, b, c, threads.min(1 + multiplications / WORTH_A_THREAD));
    }
}

/// Le produit par la bibliothèque `gemm`, qui choisit à l'exécution les instructions de la machine
/// (AVX-512, AVX2, NEON…).
#[cfg(not(target_arch = "wasm32"))]
#[allow(unsafe_code)]
#[inline(never)]
fn by_library<F: Real>(a: Matrix<F>, b: Matrix<F>, c: &mut [F], threads: usize) {
    let (m, k, n) = (a.rows, a.columns, b.columns);
    // D'une colonne à la suivante, puis d'une ligne à la suivante.
    let strides = |matrix: &Matrix<F>| match matrix.transposed {
        true => (matrix.rows as isize, 1),
        false => (1, matrix.columns as isize),
    };
    let ((a_across, a_down), (b_across, b_down)) = (strides(&a), strides(&b));
    let threads = match threads {
        0 | 1 => gemm::Parallelism::None,
        _ => gemm::Parallelism::Rayon(threads),
    };
    // Ce que l'appel lit et écrit doit exister.
    assert!(b.rows == k && a.values.len() == m * k && b.values.len() == k * n);
    assert!(c.len() == m * n);
    let (a, b, c) = (a.values.as_ptr(), b.values.as_ptr(), c.as_mut_ptr());
    let (one, read_c) = (F::one(), true);
    // Sans danger : `gemm` lit les m·k nombres de A, les k·n de B et les m·n de C, aux pas donnés, et
    // n'écrit que C, que personne d'autre n'emprunte ; les longueurs viennent d'être vérifiées.
    unsafe {
        gemm::gemm(
            m, n, k, c, 1, n as isize, read_c, a, a_across, a_down, b, b_across, b_down,
            one, one, false, false, false, threads,
        );
    }
}

/// Dans une page, les trois boucles suffisent : ce que l'on y entraîne est petit.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn by_library<F: Real>(a: Matrix<F>, b: Matrix<F>, c: &mut [F], _threads: usize) {
    by_loops(a, b, c);
}

/// Le produit par trois boucles. Le compilateur déroule une boucle quand il connaît sa longueur : les plus
/// courtes, celles du tutoriel entre autres, la lui disent.
#[inline(always)]
fn by_loops<F: Real>(a: Matrix<F>, b: Matrix<F>, c: &mut [F]) {
    match if b.transposed { b.rows } else { b.columns } {
        1 => by_known_length(a, b, c, 1),
        2 => by_known_length(a, b, c, 2),
        3 => by_known_length(a, b, c, 3),
        4 => by_known_length(a, b, c, 4),
        8 => by_known_length(a, b, c, 8),
        inner => by_known_length(a, b, c, inner),
    }
}

/// Les trois boucles, dans l'ordre où les nombres se suivent, selon ce qui est transposé ;
/// `inner` est la longueur de celle de l'intérieur.
#[inline(always)]
fn by_known_length<F: Real>(a: Matrix<F>, b: Matrix<F>, c: &mut [F], inner: usize) {
    let b_rows = b.values.chunks_exact(inner);
    if b.transposed {
        // `A·Bᵀ` : chaque case est une somme de produits de deux lignes.
        for (c, a) in c.chunks_exact_mut(b.columns).zip(a.values.chunks_exact(inner)) {
            for (c, b) in c.iter_mut().zip(b_rows.clone()) {
                for (&a, &b) in a.iter().zip(b) {
                    *c += a * b;
                }
            }
        }
    } else if a.transposed {
        // `Aᵀ·B` : chaque ligne de A rencontre la ligne de B de même rang.
        for (a, b) in a.values.chunks_exact(a.rows).zip(b_rows) {
            for (c, &a) in c.chunks_exact_mut(inner).zip(a) {
                for (c, &b) in c.iter_mut().zip(b) {
                    *c += a * b;
                }
            }
        }
    } else {
        // A·B : une ligne de C est une somme de lignes de B.
        for (c, a) in c.chunks_exact_mut(inner).zip(a.values.chunks_exact(a.columns)) {
            for (b, &a) in b_rows.clone().zip(a) {
                for (c, &b) in c.iter_mut().zip(b) {
                    *c += a * b;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Un nombre entre −1/2 et 1/2, différent d'une case à l'autre.
    fn value(i: usize) -> f64 {
        (i * 7919 % 1013) as f64 / 1013.0 - 0.5
    }

    /// C += A·B, case par case, sans détour.
    fn expected(a: Matrix<f64>, b: Matrix<f64>, i: usize, j: usize) -> f64 {
        let at = |m: Matrix<f64>, i, j| match m.transposed {
            false => m.values[i * m.columns + j],
            true => m.values[j * m.rows + i],
        };
        (0..a.columns).map(|k| at(a, i, k) * at(b, k, j)).sum::<f64>() + 1.0
    }

    #[test]
    fn le_produit_est_la_somme_des_produits_de_toute_taille_et_transpose_ou_non() {
        let sizes = [1, 2, 7, 8, 9, 17, 33, 130, 260];
        for (m, k, n) in sizes
            .iter()
            .flat_map(|&m| sizes.iter().map(move |&k| (m, k)))
            .flat_map(|(m, k)| [1, 3, 10, 16, 17, 40, 800].map(|n| (m, k, n)))
            .filter(|(m, k, n)| m * k * n < 3_000_000)
        {
            let a: Vec<f64> = (0..m * k).map(value).collect();
            let b: Vec<f64> = (0..k * n).map(|i| value(3 * i + 1)).collect();
            for (a, b) in [
                (Matrix::new(&a, m, k), Matrix::new(&b, k, n)),
                (Matrix::new(&a, k, m).t(), Matrix::new(&b, k, n)),
                (Matrix::new(&a, m, k), Matrix::new(&b, n, k).t()),
            ] {
                for threads in [1, 2] {
                    let mut c = vec![1.0; m * n];
                    add_product(a, b, &mut c, threads);
                    for place in [0, n - 1, (m - 1) * n, m * n - 1, m * n / 2] {
                        let expected = expected(a, b, place / n, place % n);
                        assert!(
                            (c[place] - expected).abs() < 1e-11,
                            "({m}, {k}) · ({k}, {n}), case {place}, {threads} fils : \
                             {} au lieu de {expected}",
                            c[place]
                        );
                    }
                }
            }
        }
    }
}
