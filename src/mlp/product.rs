//! Le produit de matrices, C += A·B : presque tout le temps d'un entraînement est ici.
//!
//! **Un petit produit** se fait par trois boucles : préparer davantage coûterait plus que calculer.
//!
//! **Un grand produit** lit chaque nombre des milliers de fois. Il faut le ranger dans l'ordre où il
//! sera lu, par morceaux qui tiennent dans les caches, et tenir un pavé de C dans les registres :
//! c'est le métier d'une bibliothèque, `matrixmultiply`, que ndarray appelle sur tout processeur (AVX,
//! NEON…). Elle demande un tableau de travail à chaque produit, et le rend aussitôt.
//!
//! Source : K. Goto et R. van de Geijn, « <i lang="en">Anatomy of High-Performance Matrix
//! Multiplication</i> », ACM TOMS 34 (3), 2008.

use std::thread;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, Axis};

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

    /// La même, pour ndarray.
    fn view(self) -> ArrayView2<'a, F> {
        let Self { values, rows, columns, transposed } = self;
        let view =
            |shape| ArrayView2::from_shape(shape, values).expect("autant de nombres");
        if transposed {
            view((columns, rows)).reversed_axes()
        } else {
            view((rows, columns))
        }
    }
}

/// Au plus ce nombre de multiplications : les boucles simples vont plus vite.
const SMALL: usize = 1024;
/// Au moins ce nombre de multiplications par fil : en lancer un autre coûte des dizaines de
/// microsecondes.
const WORTH_A_THREAD: usize = 8_000_000;

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

/// Le produit par la bibliothèque, en bandes de lignes, une par fil.
#[inline(never)]
fn by_library<F: Real>(a: Matrix<F>, b: Matrix<F>, c: &mut [F], threads: usize) {
    let (m, n) = (a.rows, b.columns);
    let (a, b) = (a.view(), b.view());
    let mut c = ArrayViewMut2::from_shape((m, n), c).expect("C est de forme (m, n)");
    if threads == 1 {
        return general_mat_mul(F::one(), &a, &b, F::one(), &mut c);
    }
    let rows = m.div_ceil(threads);
    let strips =
        a.axis_chunks_iter(Axis(0), rows).zip(c.axis_chunks_iter_mut(Axis(0), rows));
    thread::scope(|scope| {
        for (a, mut c) in strips {
            scope.spawn(move || general_mat_mul(F::one(), &a, &b, F::one(), &mut c));
        }
    });
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
                            "({m}, {k}) · ({k}, {n}), case {place}, {threads} fils : \
                             {} au lieu de {expected}",
                            c[place]
                        );
                    }
                }
            }
        }
    }
}
