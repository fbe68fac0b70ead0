//! Les calculs qui durent, compilés ici une fois pour `f32` et une fois pour `f64`.
//!
//! Du code générique est compilé dans la bibliothèque qui l'emploie, avec l'optimisation de celle-là :
//! une cellule de notebook ou un test, qui n'en demandent guère, seraient plusieurs fois plus lents,
//! et plus longs à compiler.
//!
//! `dispatch!` les compile aussi pour chaque sorte de vecteurs (AVX2, NEON…), et choisit à l'exécution
//! ceux de la machine, sans `unsafe` ici. Ce qui est appelé dessous est `#[inline(always)]` : ce qui ne
//! le serait pas ne serait compilé que pour la plus petite.

use fearless_simd::{Level, dispatch};

use super::buffers::Buffers;
use super::exp::VectorExp;
use super::layer::Layer;
use super::loss::{Loss, Objective};
use super::product::Matrix;
use super::{Mlp, accuracy, backward, forward};
use crate::error::Error;
use crate::optimizer::Optimizer;

/// Ce que [`Float`](super::Float) demande en plus, et que seuls `f32` et `f64` donnent.
pub trait Kernels: Sized + VectorExp {
    /// La propagation avant.
    #[doc(hidden)]
    fn forward(
        layers: &[Layer<Self>],
        x: &[Self],
        examples: usize,
        buffers: &mut Buffers<Self>,
    );
    /// La même, puis la perte.
    #[doc(hidden)]
    fn measure(
        layers: &[Layer<Self>],
        loss: Loss,
        examples: (&[Self], &[Self]),
        count: usize,
        buffers: &mut Buffers<Self>,
    ) -> f64;
    /// Les gradients, et la perte.
    #[doc(hidden)]
    fn backprop(
        layers: &[Layer<Self>],
        objective: Objective,
        examples: (&[Self], &[Self]),
        count: usize,
        buffers: &mut Buffers<Self>,
    ) -> f64;
    /// Un pas.
    #[doc(hidden)]
    fn step(
        mlp: &mut Mlp<Self>,
        examples: (&[Self], &[Self]),
        count: usize,
        optimizer: &mut Optimizer<Self>,
    ) -> Result<f64, Error>;
    /// Combien de lignes de ces sorties choisissent la bonne classe ; (m, `width`), à plat.
    #[doc(hidden)]
    fn count_right(level: Level, output: &[Self], y: &[Self], width: usize) -> usize;
    /// Un produit trop grand pour les trois boucles : C += A·B.
    #[doc(hidden)]
    fn add_large_product(a: Matrix<Self>, b: Matrix<Self>, c: &mut [Self], threads: usize);
}

macro_rules! kernels {
    ($($float:ty),*) => {$(
        impl Kernels for $float {
            #[inline(never)]
            fn forward(
                layers: &[Layer<Self>],
                x: &[Self],
                examples: usize,
                buffers: &mut Buffers<Self>,
            ) {
                let level = buffers.level;
                dispatch!(level, _simd => forward::forward(layers, x, examples, buffers, None));
            }

            #[inline(never)]
            fn measure(
                layers: &[Layer<Self>],
                loss: Loss,
                examples: (&[Self], &[Self]),
                count: usize,
                buffers: &mut Buffers<Self>,
            ) -> f64 {
                let level = buffers.level;
                dispatch!(level, _simd => {
                    forward::measure(layers, loss, examples, count, buffers, None)
                })
            }

            #[inline(never)]
            fn backprop(
                layers: &[Layer<Self>],
                objective: Objective,
                examples: (&[Self], &[Self]),
                count: usize,
                buffers: &mut Buffers<Self>,
            ) -> f64 {
                let level = buffers.level;
                dispatch!(level, _simd => {
                    backward::backprop(layers, objective, examples, count, buffers, None)
                })
            }

            #[inline(never)]
            fn step(
                mlp: &mut Mlp<Self>,
                examples: (&[Self], &[Self]),
                count: usize,
                optimizer: &mut Optimizer<Self>,
            ) -> Result<f64, Error> {
                let level = mlp.buffers.level;
                dispatch!(level, _simd => mlp.generic_step(examples, count, optimizer))
            }

            #[inline(never)]
            fn count_right(level: Level, output: &[Self], y: &[Self], width: usize) -> usize {
                dispatch!(level, _simd => accuracy::count_right(output, y, width))
            }

            #[cfg(not(target_arch = "wasm32"))]
            fn add_large_product(
                a: Matrix<Self>,
                b: Matrix<Self>,
                c: &mut [Self],
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
                matmul(c, Accum::Add, a, b, 1.0, threads);
            }

            #[cfg(target_arch = "wasm32")]
            fn add_large_product(a: Matrix<Self>, b: Matrix<Self>, c: &mut [Self], _: usize) {
                super::product::by_loops(a, b, c);
            }
        }
    )*};
}

kernels!(f32, f64);
