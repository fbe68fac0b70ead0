//! Un premier réseau de neurones, construit à partir de rien.
//!
//! Chaque module est une étape du tutoriel et porte le nom de son chapitre ;
//! ils se lisent dans cet ordre :
//!
//! | étape | module | question |
//! |---|---|---|
//! | 01 | [`activation`] | Que calcule un neurone ? |
//! | 02 | [`network`] | De quoi le réseau est-il fait ? |
//! | 03 | [`feedforward`] | Comment répond-il ? |
//! | 04 | [`loss`] | De combien se trompe-t-il ? |
//! | 05 | [`chain_rule`] | Qu'est-ce qu'un nombre doit à un autre ? |
//! | 06 | [`backprop`] | Comment changer chaque poids ? |
//! | 07 | [`training`] | Et si l'on recommence 1500 fois ? |
//! | 09 | [`gradient_check`] | Le gradient est-il juste ? |
//!
//! Autour de ces étapes : [`error`] refuse les mauvaises données à l'entrée, et
//! [`numpy_rng`] tire les mêmes nombres que NumPy. La suite est dans d'autres
//! bibliothèques, qui se servent de celle-ci : `nn_plot` dessine (`src/plot`), `nn_mlp`
//! met autant de couches que l'on veut (`src/mlp`), `nn_data` apporte des données et
//! emporte les poids (`src/data`).
//!
//! Convention des lignes : un exemple par ligne. `x` est de forme (m, n) pour
//! m exemples de n nombres, `weights1` de forme (n, h), `weights2` (h, k).
//!
//! ```
//! use nn_core::ndarray::arr2;
//! use nn_core::{NeuralNetwork, NumpyRng};
//!
//! let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]); // (4, 3)
//! let y = arr2(&[[0.], [1.], [1.], [0.]]); // (4, 1)
//! let mut rng = NumpyRng::seed(0);
//! let mut network = NeuralNetwork::new(x, y, &mut rng)?.without_biases();
//! let losses = network.train(1500);
//! assert!(network.loss() < 0.01 * losses[0]);
//! # Ok::<(), nn_core::Error>(())
//! ```

#![forbid(unsafe_code)]

pub mod activation;
pub mod backprop;
pub mod chain_rule;
pub mod error;
pub mod feedforward;
pub mod gradient_check;
pub mod loss;
pub mod network;
pub mod numpy_rng;
pub mod training;

pub use activation::{sigmoid, sigmoid_derivative_at, sigmoid_derivative_from_output};
pub use backprop::Gradients;
pub use error::Error;
pub use feedforward::layer;
pub use gradient_check::{gradient_error, numerical_gradients, relative_error};
pub use network::NeuralNetwork;
pub use numpy_rng::NumpyRng;

pub use ndarray;
pub use rand;
