//! Le correcteur : des exercices qui disent quelle erreur a été faite, et pas seulement qu'il y en
//! a une.
//!
//! Un exercice est une fonction que l'apprenant écrit. Le correcteur l'exécute à côté de la
//! référence **et de chaque erreur connue**, sur les mêmes sondes : si ses résultats sont ceux
//! d'une erreur connue, c'est elle, et il peut dire pourquoi.
//!
//! ```
//! fn my_sigmoid(z: f64) -> f64 {
//!     1.0 / (1.0 + z.exp()) // le signe moins a disparu
//! }
//! let verdict = correcteur::chapitre_01::my_sigmoid(my_sigmoid);
//! assert_eq!(verdict.mistake, Some("signe-de-l-exposant"));
//! println!("{}", verdict.indice(1)); // les indices se demandent un par un
//! ```
//!
//! Dans un notebook, une cellule qui finit par un [`Verdict`] l'affiche : une carte en HTML, la
//! même en texte, et le verdict en JSON, dans une seule sortie. Le JSON porte le type
//! [`MIME`](verdict::MIME) et ces champs, toujours tous présents :
//!
//! | champ | contenu |
//! |---|---|
//! | `schema` | [`SCHEMA`](verdict::SCHEMA), un entier |
//! | `exercise`, `title` | l'exercice, et son titre dans le livre |
//! | `status` | `success`, `todo`, `mistake`, `shape`, `non_finite`, `value`, `panic`, `too_slow` |
//! | `mistake` | le nom de l'erreur connue, ou `null` |
//! | `message` | les phrases de la carte |
//! | `section` | `{chapter, heading}` où le livre l'explique, ou `null` |
//! | `hint` | le numéro de l'indice affiché, ou `null` |
//! | `probes`, `passed` | le nombre de sondes, et de sondes réussies |
//! | `failure` | `null`, ou `{inputs, expected, received, comparisons}` de la plus petite sonde qui échoue ; un tableau y est `{name, axes, shape, values}`, une comparaison `{name, exact, approximate, largest_gap}` |
//!
//! Un verdict absent n'est pas un succès.
//!
//! L'énoncé, la cellule donnée et la solution ne sont écrits que dans le chapitre du livre ;
//! [`exercises`] les y retrouve.

// Et non « forbid » : la macro de `ctor` (src/panique.rs) s'en permet, elle seule.
#![deny(unsafe_code)]

mod card;
mod compare;
mod compose;
mod exercices;
mod exercise;
mod gap;
mod panique;
mod run;
mod slips;
mod table;
pub mod tensor;
pub mod verdict;

pub use compare::{Comparison, TOLERANCE};
pub use exercise::{AnyExercise, Exercise, Mistake, Sheet, TIME_LIMIT, Text};
pub use run::Call;
pub use table::*;
pub use verdict::{Hint, Section, Status, Verdict};
