//! Au-delà du tutoriel : des couches de toute taille, d'autres activations, d'autres pertes.
//!
//! Deux couches, la sigmoïde et l'erreur quadratique redonnent
//! [`NeuralNetwork`](nn_core::NeuralNetwork), au millionième de millionième près : rien d'autre
//! n'a été ajouté.
//!
//! | fichier | contenu |
//! |---|---|
//! | `network`, `api` | [`Mlp`] : prédire, mesurer, faire un pas |
//! | `builder` | [`MlpBuilder`] : décrire un réseau, tirer ses poids |
//! | `layer`, `activation`, `loss`, `init` | de quoi il est fait |
//! | `forward`, `backward` | les deux propagations |
//! | `optimizer`, `batches`, `train` | les pas, les lots, les époques, l'arrêt anticipé |
//! | `accuracy` | la justesse |
//! | `kernels` | tout cela, compilé pour `f32` et pour `f64` |
//! | `product`, `exp`, `buffers`, `real`, `number`, `check`, `error` | dessous |
//!
//! ```
//! use nn_core::NumpyRng;
//! use nn_core::ndarray::arr2;
//! use nn_mlp::{Activation, Init, Mlp, Optimizer, Reduction};
//!
//! let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]); // (4, 3)
//! let y = arr2(&[[0.], [1.], [1.], [0.]]); // (4, 1)
//! let mut mlp = Mlp::<f64>::builder(3)
//!     .layer(4, Activation::Sigmoid)
//!     .layer(1, Activation::Sigmoid)
//!     .reduction(Reduction::Sum)
//!     .init(Init::TUTORIAL)
//!     .build(&mut NumpyRng::seed(0))?;
//! let mut optimizer = Optimizer::sgd(1.0)?;
//! let first = mlp.train_step(&x, &y, &mut optimizer)?;
//! for _ in 1..1500 {
//!     mlp.train_step(&x, &y, &mut optimizer)?;
//! }
//! assert!(mlp.loss(&x, &y)? < 0.01 * first);
//! # Ok::<(), nn_mlp::Error>(())
//! ```

#![forbid(unsafe_code)]

mod accuracy;
mod activation;
mod api;
mod backward;
mod batches;
mod buffers;
mod builder;
mod check;
mod error;
mod exp;
mod forward;
mod init;
mod kernels;
mod layer;
mod loss;
mod network;
mod number;
mod optimizer;
#[doc(hidden)] // pour benches/mlp.rs
pub mod product;
mod real;
mod train;

pub use activation::Activation;
pub use batches::Batches;
pub use builder::MlpBuilder;
pub use error::Error;
pub use init::Init;
pub use kernels::Float;
pub use layer::{Layer, LayerGradients};
pub use loss::{Loss, Reduction};
pub use network::Mlp;
pub use number::{Dtype, Number};
pub use optimizer::{Optimizer, Rule};
pub use real::Real;
pub use train::{Epoch, Trainer, Training};
