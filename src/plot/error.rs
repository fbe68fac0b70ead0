//! Ce qui ne se dessine pas, et pourquoi.

use std::fmt;

/// Pourquoi une figure est refusée. Chaque message dit ce qui était attendu, ce qui est venu et quoi
/// faire.
///
/// `Debug` montre la même phrase que `Display` : c'est elle qu'un notebook affiche.
#[derive(Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Un dessin impossible.
    #[error("le dessin n'a pas pu être fait : {0}")]
    Plot(String),

    /// Le réseau à dessiner n'a pas pu répondre.
    #[error("{0}")]
    Prediction(String),

    /// Ce que le réseau du tutoriel refuserait aussi : un tableau vide, un NaN…
    #[error(transparent)]
    Network(#[from] nn_core::Error),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
