//! Étape 13 : les poids d'un réseau dans un fichier, que PyTorch et les autres savent lire.
//!
//! Le format est safetensors : un en-tête qui nomme chaque tableau, son type et sa forme, puis les
//! nombres. Le lire n'exécute rien, au contraire d'un fichier pickle de Python.
//!
//! # Lignes et colonnes
//! Ici, un exemple est une ligne : une couche calcule x·W + b, et W est de forme (n, h). PyTorch
//! calcule x·Wᵀ + b : son `weight` est de forme (h, n), **transposé**.
//! [`StateDict::insert_linear`] et [`StateDict::linear`] transposent, et rien d'autre ne le fait.
//!
//! # Noms
//! Ceux du `state_dict` d'un `nn.Sequential(Linear, Sigmoid, Linear, Sigmoid)` : `0.weight`,
//! `0.bias`, `2.weight`, `2.bias`. Les modules se comptent depuis 0, et ceux d'activation, sans
//! poids, comptent aussi.
//!
//! ```
//! use nn_core::ndarray::arr2;
//! use nn_core::{NeuralNetwork, NumpyRng};
//! use nn_data::weights::{Module, StateDict};
//!
//! let (x, y) = (arr2(&[[0., 1.], [1., 1.]]), arr2(&[[0.], [1.]]));
//! let mut network = NeuralNetwork::new(x.clone(), y.clone(), &mut NumpyRng::seed(0))?;
//! network.train(100);
//!
//! let path = std::env::temp_dir().join("nn_core-exemple.safetensors");
//! network.state_dict()?.save(&path)?;
//!
//! let mut other = NeuralNetwork::new(x.clone(), y, &mut NumpyRng::seed(1))?;
//! other.load_state_dict(&StateDict::load(&path)?)?;
//! assert_eq!(other.predict(&x)?, network.predict(&x)?); // au dernier bit
//! # std::fs::remove_file(&path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Le même réseau, en Python :
//!
//! ```python
//! model = nn.Sequential(nn.Linear(2, 4), nn.Sigmoid(), nn.Linear(4, 1), nn.Sigmoid()).double()
//! model.load_state_dict(safetensors.torch.load_file("reseau.safetensors"))
//! ```
//!
//! # Ce qui protège
//! Un fichier venu d'ailleurs peut être tronqué, changé ou hostile. Aucun ne fait paniquer, ni
//! prendre plus de mémoire que quelques fois sa taille : l'en-tête est limité à
//! [`MAX_HEADER_BYTES`], le fichier à [`MAX_FILE_BYTES`], et l'un et l'autre sont vérifiés avant
//! d'être lus. Un fichier écrit ici porte en outre, dans les métadonnées du format, l'empreinte
//! SHA-256 de son contenu : un seul bit changé y est vu. Les autres bibliothèques l'ignorent, et
//! leurs fichiers, sans empreinte, se lisent aussi.

mod error;
mod file;
mod format;
mod limits;
mod mlp;
mod module;
mod network;
mod state_dict;

pub use error::WeightsError;
pub use limits::{MAX_FILE_BYTES, MAX_HEADER_BYTES};
pub use module::Module;
pub use nn_mlp::{Dtype, Number};
pub use state_dict::{StateDict, Tensor};
