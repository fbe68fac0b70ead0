//! Ce que fait un réseau, compilé ici une fois pour `f32` et une fois pour `f64`.
//!
//! Du code générique est compilé dans la bibliothèque qui l'emploie, avec l'optimisation de celle-là :
//! une cellule de notebook ou un test, qui n'en demandent guère, seraient plusieurs fois plus lents,
//! et plus longs à compiler. Les méthodes publiques, génériques, ne font donc qu'appeler celles d'ici.
//!
//! Dessous, `dispatch!` compile les calculs qui durent pour chaque sorte de vecteurs (AVX2, NEON…), et
//! choisit à l'exécution ceux de la machine, sans `unsafe`. Ce qui y est appelé est
//! `#[inline(always)]` : ce qui ne le serait pas ne serait compilé que pour la plus petite.

use ndarray::{Array1, Array2};
use rand::Rng;

use crate::builder::MlpBuilder;
use crate::error::Error;
use crate::layer::LayerGradients;
use crate::network::Mlp;
use crate::optimizer::Optimizer;
use crate::real::Real;
use crate::train::{Epoch, Trainer, Training};

/// Le trait [`Float`], et ses fonctions pour `f32` et `f64` : chacune ne s'écrit qu'une fois.
macro_rules! kernels {
    (@for $float:ty, $(
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $output:ty $body:block
    )*) => {
        impl Float for $float {
            $(
                #[inline(never)]
                fn $name($($argument: $type),*) -> $output $body
            )*
        }
    };
    ($(
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $output:ty $body:block
    )*) => {
        /// Le type des nombres d'un réseau : `f64` (16 chiffres) ou `f32` (7 chiffres, deux fois
        /// moins de mémoire, deux fois plus de nombres par instruction).
        ///
        /// Réservé à ces deux types.
        pub trait Float: Real {
            $(
                #[doc(hidden)]
                fn $name($($argument: $type),*) -> $output;
            )*
        }
        kernels!(@for f32, $(fn $name($($argument: $type),*) -> $output $body)*);
        kernels!(@for f64, $(fn $name($($argument: $type),*) -> $output $body)*);
    };
}

kernels! {
    fn build(plan: MlpBuilder<Self>, rng: &mut dyn Rng) -> Result<Mlp<Self>, Error> {
        plan.generic_build(rng)
    }

    fn with_weights(
        plan: MlpBuilder<Self>,
        parameters: Vec<(Array2<Self>, Array1<Self>)>,
    ) -> Result<Mlp<Self>, Error> {
        plan.generic_with_weights(parameters)
    }

    fn set_parameters(
        mlp: &mut Mlp<Self>,
        parameters: Vec<(Array2<Self>, Array1<Self>)>,
    ) -> Result<(), Error> {
        mlp.generic_set_parameters(parameters)
    }

    fn predict(mlp: &Mlp<Self>, x: &Array2<Self>) -> Result<Array2<Self>, Error> {
        mlp.generic_predict(x)
    }

    fn loss(mlp: &Mlp<Self>, x: &Array2<Self>, y: &Array2<Self>) -> Result<f64, Error> {
        mlp.generic_loss(x, y)
    }

    fn accuracy(
        mlp: &Mlp<Self>,
        x: &Array2<Self>,
        y: &Array2<Self>,
    ) -> Result<Option<f64>, Error> {
        mlp.generic_accuracy(x, y)
    }

    fn gradients(
        mlp: &Mlp<Self>,
        x: &Array2<Self>,
        y: &Array2<Self>,
    ) -> Result<Vec<LayerGradients<Self>>, Error> {
        mlp.generic_gradients(x, y)
    }

    fn train_step(
        mlp: &mut Mlp<Self>,
        x: &Array2<Self>,
        y: &Array2<Self>,
        optimizer: &mut Optimizer<Self>,
    ) -> Result<f64, Error> {
        mlp.generic_train_step(x, y, optimizer)
    }

    fn start(
        trainer: &Trainer<Self>,
        mlp: &Mlp<Self>,
        x: Array2<Self>,
        y: Array2<Self>,
    ) -> Result<Training<Self>, Error> {
        trainer.generic_start(mlp, x, y)
    }

    fn next_epoch(
        training: &mut Training<Self>,
        mlp: &mut Mlp<Self>,
    ) -> Result<Option<Epoch>, Error> {
        training.generic_next_epoch(mlp)
    }
}
