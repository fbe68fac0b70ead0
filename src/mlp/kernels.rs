//! Les calculs qui durent, compilés ici une fois pour `f32` et une fois pour `f64`.
//!
//! Du code générique est compilé dans la bibliothèque qui l'emploie, avec l'optimisation de celle-là :
//! une cellule de notebook ou un test, qui n'en demandent guère, seraient plusieurs fois plus lents,
//! et plus longs à compiler.

use super::buffers::Buffers;
use super::layer::Layer;
use super::loss::{Loss, Objective};
use super::{Mlp, backward, forward};
use crate::error::Error;
use crate::numpy_rng::NumpyRng;
use crate::optimizer::Optimizer;

/// Ce que [`Float`](super::Float) demande en plus, et que seuls `f32` et `f64` donnent.
pub trait Kernels: Sized {
    #[doc(hidden)]
    fn forward(
        layers: &[Layer<Self>],
        x: &[Self],
        examples: usize,
        buffers: &mut Buffers<Self>,
    );
    #[doc(hidden)]
    fn measure(
        layers: &[Layer<Self>],
        loss: Loss,
        examples: (&[Self], &[Self]),
        count: usize,
        buffers: &mut Buffers<Self>,
    ) -> f64;
    #[doc(hidden)]
    fn backprop(
        layers: &[Layer<Self>],
        objective: Objective,
        examples: (&[Self], &[Self]),
        count: usize,
        buffers: &mut Buffers<Self>,
        dropout: Option<&mut NumpyRng>,
    ) -> f64;
    #[doc(hidden)]
    fn step(
        mlp: &mut Mlp<Self>,
        examples: (&[Self], &[Self]),
        count: usize,
        optimizer: &mut Optimizer<Self>,
    ) -> Result<f64, Error>;
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
                forward::forward(layers, x, examples, buffers, None);
            }

            #[inline(never)]
            fn measure(
                layers: &[Layer<Self>],
                loss: Loss,
                examples: (&[Self], &[Self]),
                count: usize,
                buffers: &mut Buffers<Self>,
            ) -> f64 {
                forward::measure(layers, loss, examples, count, buffers, None)
            }

            #[inline(never)]
            fn backprop(
                layers: &[Layer<Self>],
                objective: Objective,
                examples: (&[Self], &[Self]),
                count: usize,
                buffers: &mut Buffers<Self>,
                dropout: Option<&mut NumpyRng>,
            ) -> f64 {
                backward::backprop(layers, objective, examples, count, buffers, dropout)
            }

            #[inline(never)]
            fn step(
                mlp: &mut Mlp<Self>,
                examples: (&[Self], &[Self]),
                count: usize,
                optimizer: &mut Optimizer<Self>,
            ) -> Result<f64, Error> {
                mlp.generic_step(examples, count, optimizer)
            }
        }
    )*};
}

kernels!(f32, f64);
