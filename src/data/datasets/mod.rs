//! Étape 11 : de vrais exemples à apprendre, et d'autres que l'on dessine soi-même.
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
//! Les deux premières sont dans la bibliothèque : rien n'est téléchargé, et leur empreinte est
//! vérifiée à chaque lecture.
//!
//! ```
//! use nn_data::datasets::optdigits;
//! let digits = optdigits()?;
//! assert_eq!(digits.train.x.dim(), (3823, 64));
//! assert_eq!(digits.test.labels.len(), 1797);
//! # Ok::<(), nn_data::datasets::DataError>(())
//! ```

mod dataset;
mod distort;
mod error;
mod limits;
mod optdigits;
mod penguins;
mod source;
mod synthetic;

pub use dataset::{Dataset, one_hot};
pub use distort::distort;
pub use error::DataError;
pub use limits::{MAX_CLASSES, MAX_DISTORTION, MAX_EXAMPLES, MAX_NOISE};
pub use optdigits::{
    Digits, OPTDIGITS_TEST, OPTDIGITS_TRAIN, optdigits, parse_optdigits, read_optdigits,
};
pub use penguins::{PENGUINS, Penguins, parse_penguins, penguins, read_penguins};
pub use source::{MAX_FILE_BYTES, Source};
pub use synthetic::{moons, spirals};
