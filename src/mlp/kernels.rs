//! Ce que fait un réseau, compilé ici une fois pour `f32` et une fois pour `f64`.
//!
//! Du code générique est compilé dans la bibliothèque qui l'emploie, avec l'optimisation de celle-là :
//! une cellule de notebook ou un test, qui n'en demandent guère, seraient plusieurs fois plus lents,
//! et plus longs à compiler. Les méthodes publiques, génériques, ne font donc qu'appeler celles d'ici.
//!
//! `dispatch!` compile aussi les calculs qui durent pour chaque sorte de vecteurs (AVX2, NEON…), et
//! choisit à l'exécution ceux de la machine, sans `unsafe` ici. Ce qui est appelé dessous est
//! `#[inline(always)]` : ce qui ne le serait pas ne serait compilé que pour la plus petite.

use fearless_simd::{Level, dispatch};
use ndarray::{Array1, Array2};
use rand::Rng;

use super::buffers::Buffers;
use super::builder::MlpBuilder;
use super::exp::VectorExp;
use super::layer::{Layer, LayerGradients};
use super::loss::Loss;
use super::product::Matrix;
use super::train::{Epoch, Trainer, Training};
use super::{Mlp, accuracy, forward, gemm};
use crate::error::Error;
use crate::optimizer::Optimizer;

/// Le trait [`Kernels`], et ses fonctions pour `f32` et `f64` : chacune ne s'écrit qu'une fois.
macro_rules! kernels {
    (@for $float:ty, $(
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? $body:block
    )*) => {
        impl Kernels for $float {
            $(
                #[inline(never)]
                fn $name($($argument: $type),*) $(-> $output)? $body
            )*
        }
    };
    ($(
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? $body:block
    )*) => {
        /// Ce que [`Float`](super::Float) demande en plus, et que seuls `f32` et `f64` donnent.
        pub trait Kernels: Sized + VectorExp {
            $(
                $(#[$doc])*
                #[doc(hidden)]
                fn $name($($argument: $type),*) $(-> $output)?;
            )*
        }
        kernels!(@for f32, $(fn $name($($argument: $type),*) $(-> $output)? $body)*);
        kernels!(@for f64, $(fn $name($($argument: $type),*) $(-> $output)? $body)*);
    };
}

kernels! {
    /// Un réseau aux poids tirés au hasard.
    fn build(plan: MlpBuilder<Self>, rng: &mut dyn Rng) -> Result<Mlp<Self>, Error> {
        plan.generic_build(rng)
    }

    /// Un réseau aux poids donnés.
    fn with_weights(
        plan: MlpBuilder<Self>,
        parameters: Vec<(Array2<Self>, Array1<Self>)>,
    ) -> Result<Mlp<Self>, Error> {
        plan.generic_with_weights(parameters)
    }

    /// La réponse à chaque exemple.
    fn predict(mlp: &Mlp<Self>, x: &Array2<Self>) -> Result<Array2<Self>, Error> {
        mlp.generic_predict(x)
    }

    /// La perte, sans dropout.
    fn loss(mlp: &Mlp<Self>, x: &Array2<Self>, y: &Array2<Self>) -> Result<f64, Error> {
        mlp.generic_loss(x, y)
    }

    /// La justesse, si le réseau choisit.
    fn accuracy(
        mlp: &Mlp<Self>,
        x: &Array2<Self>,
        y: &Array2<Self>,
    ) -> Result<Option<f64>, Error> {
        mlp.generic_accuracy(x, y)
    }

    /// Les gradients de chaque couche, sans dropout.
    fn gradients(
        mlp: &Mlp<Self>,
        x: &Array2<Self>,
        y: &Array2<Self>,
    ) -> Result<Vec<LayerGradients<Self>>, Error> {
        let level = mlp.buffers.level;
        dispatch!(level, _simd => mlp.generic_gradients(x, y))
    }

    /// Vérifier les exemples, puis faire un pas.
    fn train_step(
        mlp: &mut Mlp<Self>,
        x: &Array2<Self>,
        y: &Array2<Self>,
        optimizer: &mut Optimizer<Self>,
    ) -> Result<f64, Error> {
        mlp.generic_train_step(x, y, optimizer)
    }

    /// Un pas, d'exemples déjà vérifiés, à plat.
    fn step(
        mlp: &mut Mlp<Self>,
        examples: (&[Self], &[Self]),
        count: usize,
        optimizer: &mut Optimizer<Self>,
    ) -> Result<f64, Error> {
        let level = mlp.buffers.level;
        dispatch!(level, _simd => mlp.generic_step(examples, count, optimizer))
    }

    /// Préparer un entraînement.
    fn start(
        trainer: &Trainer<Self>,
        mlp: &Mlp<Self>,
        x: Array2<Self>,
        y: Array2<Self>,
    ) -> Result<Training<Self>, Error> {
        trainer.generic_start(mlp, x, y)
    }

    /// Une époque d'un entraînement.
    fn next_epoch(
        training: &mut Training<Self>,
        mlp: &mut Mlp<Self>,
    ) -> Result<Option<Epoch>, Error> {
        training.generic_next_epoch(mlp)
    }

    /// La propagation avant.
    fn forward(
        layers: &[Layer<Self>],
        x: &[Self],
        examples: usize,
        buffers: &mut Buffers<Self>,
    ) {
        let level = buffers.level;
        dispatch!(level, _simd => forward::forward(layers, x, examples, buffers, None));
    }

    /// La même, puis la perte.
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

    /// Combien de lignes de ces sorties choisissent la bonne classe ; (m, `width`), à plat.
    fn count_right(level: Level, output: &[Self], y: &[Self], width: usize) -> usize {
        dispatch!(level, _simd => accuracy::count_right(output, y, width))
    }

    /// Un produit trop grand pour les trois boucles : C += A·B.
    fn add_large_product(
        a: Matrix<Self>,
        b: Matrix<Self>,
        c: &mut [Self],
        threads: usize,
    ) {
        gemm::add_product(a, b, c, threads);
    }
}
