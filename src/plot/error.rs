//! Ce qui ne se dessine pas, et pourquoi.

use std::fmt;

/// Pourquoi une figure est refusée. Chaque message dit ce qui était attendu, ce qui est venu et quoi
/// faire.
///
/// `Debug` montre la même phrase que `Display` : c'est elle qu'un notebook affiche.
#[derive(Clone, PartialEq)]
pub enum Error {
    /// Un dessin impossible.
    Plot(String),

    /// Le réseau à dessiner n'a pas pu répondre.
    Prediction(String),

    /// Ce que le réseau du tutoriel refuserait aussi : un tableau vide, un NaN…
    Network(nn_core::Error),
}

impl std::error::Error for Error {}

impl From<nn_core::Error> for Error {
    fn from(error: nn_core::Error) -> Self {
        Self::Network(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plot(reason) => write!(f, "le dessin n'a pas pu être fait : {reason}"),
            Self::Prediction(reason) => f.write_str(reason),
            Self::Network(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
