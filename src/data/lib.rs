//! Un vrai problème : des données à apprendre, de quoi mesurer ce qui a été appris, et de quoi
//! l'emporter.
//!
//! | module | question |
//! |---|---|
//! | [`datasets`] | Que peut-on apprendre ? |
//! | [`metrics`] | Combien de bonnes réponses, et lesquelles ? |
//! | [`standardize`] | Et si une colonne pèse mille fois plus qu'une autre ? |
//! | [`weights`] | Comment emporter ce que le réseau a appris ? |

#![forbid(unsafe_code)]

pub mod datasets;
mod error;
mod files;
pub mod metrics;
mod rename;
pub mod standardize;
pub mod weights;

pub use error::Error;
pub use standardize::Standardizer;
