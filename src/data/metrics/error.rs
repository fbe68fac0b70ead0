//! Ce qu'une mesure ne peut pas compter.

use std::fmt;

use crate::datasets::MAX_CLASSES;

/// Pourquoi une mesure est refusée. Lignes, colonnes et exemples se comptent depuis 0.
///
/// `Debug` montre la même phrase que `Display` : c'est elle qu'un notebook affiche après `?`.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetricsError {
    /// Pas autant de réponses que de questions.
    #[error(
        "il faut une réponse par exemple : {expected} classes sont attendues, et {predicted} sont \
         données. Vérifiez que les deux viennent du même jeu de données."
    )]
    Lengths {
        /// Le nombre de classes attendues.
        expected: usize,
        /// Le nombre de classes données.
        predicted: usize,
    },

    /// Aucun exemple à compter.
    #[error("il n'y a aucun exemple à compter. Donnez-en au moins un.")]
    NoExample,

    /// Une classe hors de 0 à k − 1.
    #[error(
        "dans {list}, la classe de l'exemple {row} (compté depuis 0) est {label}, et il n'y a que \
         {classes} classe(s), numérotée(s) depuis 0."
    )]
    Label {
        /// Les classes attendues, ou les classes données.
        list: &'static str,
        /// L'exemple, compté depuis 0.
        row: usize,
        /// Sa classe.
        label: usize,
        /// k, le nombre de classes.
        classes: usize,
    },

    /// Aucune classe, ou trop.
    #[error("il faut de 1 à {MAX_CLASSES} classes, et il y en a {classes}.")]
    Classes {
        /// Le nombre de classes demandé.
        classes: usize,
    },

    /// Un tableau sans colonne n'a pas de plus grand nombre.
    #[error(
        "un tableau sans colonne n'a pas de plus grand nombre. Donnez une colonne par classe."
    )]
    NoColumn,

    /// Un NaN n'est ni plus grand ni plus petit qu'un autre nombre.
    #[error(
        "la réponse contient un NaN à la ligne {row}, colonne {column} (comptées depuis 0) : \
         aucune classe ne s'en déduit. Cherchez d'où vient ce NaN."
    )]
    NotANumber {
        /// La ligne, comptée depuis 0.
        row: usize,
        /// La colonne, comptée depuis 0.
        column: usize,
    },

    /// Plus de succès que d'essais.
    #[error(
        "{hits} succès pour {total} essai(s) : il ne peut y en avoir plus que d'essais."
    )]
    MoreHitsThanTrials {
        /// Les succès.
        hits: usize,
        /// Les essais.
        total: usize,
    },
}

impl fmt::Debug for MetricsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
