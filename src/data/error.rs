//! Ce que refuse une de ces bibliothèques : ce qu'un même calcul, sur de vraies données, peut
//! rencontrer.

use std::fmt;

use crate::datasets::DataError;
use crate::metrics::MetricsError;
use crate::weights::WeightsError;

/// L'une de leurs erreurs, pour une fonction qui lit des données, entraîne, puis mesure : `?` y mène
/// de chacune.
///
/// `Debug` montre la même phrase que `Display` : c'est elle qu'un notebook affiche après `?`.
#[derive(Clone, PartialEq, thiserror::Error)]
#[error(transparent)]
pub enum Error {
    /// Ce que refuse un jeu de données.
    Data(#[from] DataError),
    /// Des réponses que l'on ne peut pas juger.
    Metrics(#[from] MetricsError),
    /// Un fichier de poids qui ne convient pas.
    Weights(#[from] WeightsError),
    /// Ce que refuse un `Mlp`.
    Mlp(#[from] nn_mlp::Error),
    /// Ce que refuse le réseau du tutoriel.
    Network(#[from] nn_core::Error),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
