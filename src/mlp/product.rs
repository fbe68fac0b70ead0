//! Le produit de matrices, C += A·B : presque tout le temps d'un entraînement est ici.
//!
//! Trois idées, dans cet ordre :
//!
//! 1. **Un petit produit** se fait par trois boucles : ranger les nombres coûterait plus.
//! 2. **Un grand produit** lit chaque nombre des milliers de fois. On range donc A et B par
//!    bandes, dans l'ordre où ils seront lus, et par morceaux qui tiennent dans le cache.
//! 3. **Le noyau** garde un pavé de C dans les registres : `ROWS` lignes et `VECTORS` vecteurs,
//!    et fait `ROWS` × `VECTORS` multiplications-additions vectorielles par colonne de A.
//!
//! `fearless_simd` choisit à l'exécution les instructions de la machine (AVX-512, AVX2,
//! NEON…), sans `unsafe` ici. Les bandes vivent dans [`Packing`], que le réseau garde : rien
//! n'est alloué d'un pas à l'autre, ce que `ndarray` (`matrixmultiply`) ne permet pas.
//!
//! Source : K. Goto et R. van de Geijn, « <i lang="en">Anatomy of High-Performance Matrix
//! Multiplication</i> », ACM TOMS 34 (3), 2008.

use fearless_simd::{Level, Simd, SimdBase, SimdFloat, dispatch};

use super::float::Float;

/// Une matrice dans un tableau plat : la case (i, j) est à i · `row_step` + j · `column_step`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a, F> {
    values: &'a [F],
    rows: usize,
    columns: usize,
    row_step: usize,
    column_step: usize,
}

impl<'a, F> Matrix<'a, F> {
    /// Une matrice (`rows`, `columns`), rangée ligne par ligne.
    pub(super) fn new(values: &'a [F], rows: usize, columns: usize) -> Self {
        Self { values, rows, columns, row_step: columns, column_step: 1 }
    }

    /// La transposée (`columns`, `rows`) : les mêmes nombres, lus dans l'autre sens.
    pub(super) fn t(self) -> Self {
        Self {
            values: self.values,
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
        }
    }
}

/// De quoi ranger les bandes de A et de B ; grandit au premier pas, puis ne bouge plus.
#[derive(Clone, Debug, Default)]
pub(super) struct Packing<F> {
    a: Vec<F>,
    b: Vec<F>,
}

/// Au plus ce nombre de multiplications : les boucles simples vont plus vite.
const SMALL: usize = 1024;
/// Colonnes de A (lignes de B) traitées à la fois : une bande de B tient dans le cache L1.
const DEPTH: usize = 256;
/// Lignes de A traitées à la fois : elles tiennent, rangées, dans le cache L2.
const HEIGHT: usize = 128;
/// Colonnes de B traitées à la fois : elles tiennent, rangées, dans le cache L2.
const WIDTH: usize = 768;

/// C += A·B : A (m, k), B (k, n), et C (m, n) rangée ligne par ligne.
pub(super) fn add_product<F: Float>(
    level: Level,
    a: Matrix<F>,
    b: Matrix<F>,
    c: &mut [F],
    packing: &mut Packing<F>,
) {
    debug_assert!(a.columns == b.rows && c.len() == a.rows * b.columns);
    if a.rows * a.columns * b.columns <= SMALL {
        small(a, b, c);
    } else {
        dispatch!(level, simd => by_vectors(simd, a, b, c, packing));
    }
}

/// Un petit produit. Le compilateur déroule une boucle quand il connaît sa longueur : les plus
/// courtes, celles du tutoriel entre autres, la lui disent.
fn small<F: Float>(a: Matrix<F>, b: Matrix<F>, c: &mut [F]) {
    match if b.column_step == 1 { b.columns } else { b.rows } {
        1 => by_loops(a, b, c, 1),
        2 => by_loops(a, b, c, 2),
        3 => by_loops(a, b, c, 3),
        4 => by_loops(a, b, c, 4),
        8 => by_loops(a, b, c, 8),
        inner => by_loops(a, b, c, inner),
    }
}

/// Les trois boucles, dans l'ordre où les nombres se suivent, selon ce qui est transposé ;
/// `inner` est la longueur de celle de l'intérieur.
#[inline(always)]
fn by_loops<F: Float>(a: Matrix<F>, b: Matrix<F>, c: &mut [F], inner: usize) {
    let b_rows = b.values.chunks_exact(inner);
    if b.column_step != 1 {
        // `A·Bᵀ` : chaque case est une somme de produits de deux lignes.
        for (c, a) in c.chunks_exact_mut(b.columns).zip(a.values.chunks_exact(inner)) {
            for (c, b) in c.iter_mut().zip(b_rows.clone()) {
                *c = a.iter().zip(b).fold(*c, |sum, (&a, &b)| sum + a * b);
            }
        }
    } else if a.column_step != 1 {
        // `Aᵀ·B` : chaque ligne de A rencontre la ligne de B de même rang.
        for (a, b) in a.values.chunks_exact(a.rows).zip(b_rows) {
            for (c, &a) in c.chunks_exact_mut(inner).zip(a) {
                c.iter_mut().zip(b).for_each(|(c, &b)| *c += a * b);
            }
        }
    } else {
        // A·B : une ligne de C est une somme de lignes de B.
        for (c, a) in c.chunks_exact_mut(inner).zip(a.values.chunks_exact(a.columns)) {
            for (b, &a) in b_rows.clone().zip(a) {
                c.iter_mut().zip(b).for_each(|(c, &b)| *c += a * b);
            }
        }
    }
}

/// La taille du pavé, selon les vecteurs de la machine : AVX-512 a 32 registres, les autres 16.
#[inline(always)]
fn by_vectors<S: Simd, F: Float>(
    simd: S,
    a: Matrix<F>,
    b: Matrix<F>,
    c: &mut [F],
    packing: &mut Packing<F>,
) {
    let lanes = F::Native::<S>::LEN;
    match (size_of::<F::Native<S>>() == 64, b.columns <= lanes) {
        (true, false) => by_blocks::<S, F, 8, 2>(simd, a, b, c, packing),
        (true, true) => by_blocks::<S, F, 8, 1>(simd, a, b, c, packing),
        (false, false) => by_blocks::<S, F, 4, 2>(simd, a, b, c, packing),
        (false, true) => by_blocks::<S, F, 8, 1>(simd, a, b, c, packing),
    }
}

/// Morceau par morceau : ranger B, puis A, puis faire un pavé de C après l'autre.
#[inline(always)]
fn by_blocks<S: Simd, F: Float, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    a: Matrix<F>,
    b: Matrix<F>,
    c: &mut [F],
    packing: &mut Packing<F>,
) {
    let tile_width = VECTORS * F::Native::<S>::LEN;
    for (j0, width) in blocks(b.columns, WIDTH) {
        for (k0, depth) in blocks(a.columns, DEPTH) {
            pack(&mut packing.b, b.t(), (j0, width), (k0, depth), tile_width);
            for (i0, height) in blocks(a.rows, HEIGHT) {
                pack(&mut packing.a, a, (i0, height), (k0, depth), ROWS);
                let b_bands = packing.b.chunks_exact(tile_width * depth);
                for (b_band, (j, columns)) in b_bands.zip(blocks(width, tile_width)) {
                    let a_bands = packing.a.chunks_exact(ROWS * depth);
                    for (a_band, (i, rows)) in a_bands.zip(blocks(height, ROWS)) {
                        let tile = tile::<S, F, ROWS, VECTORS>(simd, a_band, b_band);
                        let start = (i0 + i) * b.columns + j0 + j;
                        let c = c[start..].chunks_mut(b.columns);
                        for (sums, c) in tile.iter().zip(c).take(rows) {
                            add_row(simd, sums, &mut c[..columns]);
                        }
                    }
                }
            }
        }
    }
}

/// Les morceaux (début, longueur) d'une longueur `total`, de `step` chacun sauf le dernier.
#[inline(always)]
fn blocks(total: usize, step: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..total).step_by(step).map(move |start| (start, step.min(total - start)))
}

/// Range un morceau par bandes de `band` lignes, colonne après colonne ; complète par des zéros.
#[inline(always)]
fn pack<F: Float>(
    bands: &mut Vec<F>,
    matrix: Matrix<F>,
    (first_row, rows): (usize, usize),
    (first_column, columns): (usize, usize),
    band: usize,
) {
    bands.resize(rows.div_ceil(band) * band * columns, F::default());
    for (out, (row, height)) in
        bands.chunks_exact_mut(band * columns).zip(blocks(rows, band))
    {
        let start = (first_row + row) * matrix.row_step + first_column * matrix.column_step;
        let values = &matrix.values[start..];
        if matrix.row_step == 1 {
            for (column, out) in out.chunks_exact_mut(band).enumerate() {
                let (filled, rest) = out.split_at_mut(height);
                filled.copy_from_slice(&values[column * matrix.column_step..][..height]);
                rest.fill(F::default());
            }
        } else {
            for (r, values) in values.chunks(matrix.row_step).take(height).enumerate() {
                for (out, &value) in out.chunks_exact_mut(band).zip(values) {
                    out[r] = value;
                }
            }
            for out in out.chunks_exact_mut(band) {
                out[height..].fill(F::default());
            }
        }
    }
}

/// Un pavé de A·B : `ROWS` lignes × `VECTORS` vecteurs, qui restent dans les registres.
#[inline(always)]
fn tile<S: Simd, F: Float, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    a_band: &[F],
    b_band: &[F],
) -> [[F::Native<S>; VECTORS]; ROWS] {
    let lanes = F::Native::<S>::LEN;
    let mut sums = [[F::Native::<S>::splat(simd, F::default()); VECTORS]; ROWS];
    for (a, b) in a_band.chunks_exact(ROWS).zip(b_band.chunks_exact(VECTORS * lanes)) {
        let b: [F::Native<S>; VECTORS] = std::array::from_fn(|v| {
            F::Native::<S>::from_slice(simd, &b[v * lanes..(v + 1) * lanes])
        });
        for (sums, &a) in sums.iter_mut().zip(a) {
            let a = F::Native::<S>::splat(simd, a);
            for (sum, b) in sums.iter_mut().zip(b) {
                *sum = a.mul_add(b, *sum);
            }
        }
    }
    sums
}

/// Ajoute une ligne du pavé à la ligne de C ; au bord, C est plus courte que le pavé.
#[inline(always)]
fn add_row<S: Simd, V: SimdFloat<S, Element: Float>>(
    simd: S,
    sums: &[V],
    c: &mut [V::Element],
) {
    for (sum, c) in sums.iter().zip(c.chunks_mut(V::LEN)) {
        if c.len() == V::LEN {
            (V::from_slice(simd, c) + *sum).store_slice(c);
        } else {
            for (c, &sum) in c.iter_mut().zip(sum.as_slice()) {
                *c += sum;
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
        let at = |m: Matrix<f64>, i, j| m.values[i * m.row_step + j * m.column_step];
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
                let mut c = vec![1.0; m * n];
                add_product(Level::new(), a, b, &mut c, &mut Packing::default());
                for place in [0, n - 1, (m - 1) * n, m * n - 1, m * n / 2] {
                    let expected = expected(a, b, place / n, place % n);
                    assert!(
                        (c[place] - expected).abs() < 1e-11,
                        "({m}, {k}) · ({k}, {n}), case {place} : {} au lieu de {expected}",
                        c[place]
                    );
                }
            }
        }
    }
}
