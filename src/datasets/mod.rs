//! Étape 09 : de vrais exemples à apprendre, et d'autres que l'on dessine soi-même.
//!
//! | fonction | exemples | nombres par exemple | classes |
//! |---|---|---|---|
//! | `optdigits` | 3823 pour apprendre, 1797 pour juger | 64 pixels, de 0 à 16 | 10 chiffres |
//! | `penguins` | 342 manchots | 4 mesures | 3 espèces |
//! | [`moons`] | autant qu'on veut | 2 coordonnées | 2 lunes |
//! | [`spirals`] | autant qu'on veut | 2 coordonnées | autant de bras qu'on veut |
//!
//! [`distort`] fait d'une image lue une autre image, à peine déformée.
//!
//! Les deux premières sont dans la bibliothèque, sous la fonctionnalité `datasets` (présente
//! d'office) : rien n'est téléchargé, et leur empreinte est vérifiée à chaque lecture.
//!
//! ```
//! # #[cfg(feature = "datasets")] {
//! use nn_core::datasets::optdigits;
//! let digits = optdigits()?;
//! assert_eq!(digits.train.x.dim(), (3823, 64));
//! assert_eq!(digits.test.labels.len(), 1797);
//! # }
//! # Ok::<(), nn_core::datasets::DataError>(())
//! ```

mod dataset;
mod distort;
mod error;
#[cfg(feature = "datasets")]
mod optdigits;
#[cfg(feature = "datasets")]
mod penguins;
#[cfg(feature = "datasets")]
mod source;
mod synthetic;

pub use dataset::{Dataset, MAX_CLASSES, one_hot};
pub use distort::{MAX_DISTORTION, distort};
pub use error::DataError;
#[cfg(feature = "datasets")]
pub use optdigits::{
    Digits, OPTDIGITS_TEST, OPTDIGITS_TRAIN, optdigits, parse_optdigits, read_optdigits,
};
#[cfg(feature = "datasets")]
pub use penguins::{PENGUINS, Penguins, parse_penguins, penguins, read_penguins};
#[cfg(feature = "datasets")]
pub use source::{MAX_FILE_BYTES, Source};
pub use synthetic::{MAX_EXAMPLES, MAX_NOISE, moons, spirals};
