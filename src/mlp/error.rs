//! Ce qu'un [`Mlp`](crate::Mlp), un optimiseur ou un entraînement refuse, et pourquoi.

use std::fmt;
use std::ops::RangeBounds;

use nn_core::error::MAX_WEIGHTS;

/// Ce qui peut être refusé. Chaque message dit ce qui était attendu, ce qui est venu et quoi faire.
#[derive(Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Un réseau sans couche.
    #[error(
        "un réseau a besoin d'au moins une couche, et il n'en a aucune. Ajoutez-en une : \
         `.layer(4, Activation::Sigmoid)`."
    )]
    NoLayer,

    /// Un nombre qui ne peut pas être 0.
    #[error("`{setting}` vaut 0, et il en faut au moins 1. {advice}")]
    Zero {
        /// Le réglage.
        setting: &'static str,
        /// Que faire.
        advice: &'static str,
    },

    /// Un réglage hors de ses limites, infini ou NaN.
    #[error("`{setting}` vaut {value} : il faut {expected}. Changez cette valeur.")]
    OutOfRange {
        /// Le réglage.
        setting: &'static str,
        /// La valeur donnée.
        value: f64,
        /// Les valeurs permises, en mots.
        expected: &'static str,
    },

    /// Plus de poids que [`MAX_WEIGHTS`].
    #[error(
        "ce réseau dépasse {MAX_WEIGHTS} poids, la limite, à la couche {layer} (comptée depuis \
         0) : {inputs} entrées et {units} neurones. Réduisez les couches."
    )]
    TooManyWeights {
        /// La couche où la limite est passée.
        layer: usize,
        /// Ses entrées.
        inputs: usize,
        /// Ses neurones.
        units: usize,
    },

    /// `dropout` avant toute couche, ou après la dernière.
    #[error(
        "`dropout` éteint des neurones cachés : il se met après une couche, et avant la \
         dernière. Déplacez-le entre deux `.layer(…)`."
    )]
    MisplacedDropout,

    /// Une perte et une activation de sortie qui ne vont pas ensemble.
    #[error(
        "la perte {loss} demande {expected} pour dernière activation, et elle est {found}. \
         Changez l'une ou l'autre ; `SquaredError` les accepte toutes."
    )]
    LossActivation {
        /// La perte.
        loss: &'static str,
        /// L'activation qu'elle demande.
        expected: &'static str,
        /// L'activation donnée.
        found: &'static str,
    },

    /// Des réponses d'une autre largeur que la sortie du réseau.
    #[error(
        "chaque ligne de `y` doit avoir {expected} colonne(s), autant que la dernière couche a \
         de neurones, et elle en a {found}. Changez `y` ou la dernière couche."
    )]
    OutputWidth {
        /// Les neurones de la dernière couche.
        expected: usize,
        /// Les colonnes de `y`.
        found: usize,
    },

    /// Une réponse qui n'est pas entre 0 et 1, pour l'entropie croisée binaire.
    #[error(
        "`y` contient {value} à la ligne {row}, colonne {column} (comptées depuis 0) : \
         l'entropie croisée binaire veut des réponses entre 0 et 1. Corrigez cette valeur, ou \
         prenez `SquaredError`."
    )]
    NotAProbability {
        /// La ligne, comptée depuis 0.
        row: usize,
        /// La colonne, comptée depuis 0.
        column: usize,
        /// La valeur trouvée.
        value: f64,
    },

    /// Une ligne de réponses qui ne désigne pas une classe et une seule.
    #[error(
        "la ligne {row} de `y` (comptée depuis 0) doit contenir un seul 1, et des 0 : \
         l'entropie croisée attend une classe par exemple. `one_hot` fait ces lignes à partir \
         des numéros de classe."
    )]
    NotOneHot {
        /// La ligne, comptée depuis 0.
        row: usize,
    },

    /// Une partie de validation, ou d'entraînement, vide.
    #[error(
        "une validation de {fraction} sur {examples} exemple(s) ne laisse rien d'un côté. \
         Donnez plus d'exemples, ou une autre fraction."
    )]
    EmptySplit {
        /// Le nombre d'exemples.
        examples: usize,
        /// La fraction demandée.
        fraction: f64,
    },

    /// Une patience sans validation.
    #[error(
        "`patience` attend une perte de validation, et il n'y a pas de validation. Ajoutez \
         `.validation(0.2)`, ou retirez `.patience(…)`."
    )]
    PatienceWithoutValidation,

    /// La perte, ou un poids, n'est plus un nombre fini.
    #[error(
        "l'entraînement diverge : {quantity} vaut {value}, avec un taux d'apprentissage de \
         {learning_rate}. Réduisez `learning_rate` (dix fois, pour commencer), ou ramenez `x` \
         à des valeurs voisines de 1 ; puis repartez d'un réseau neuf."
    )]
    Diverged {
        /// Ce qui n'est plus fini : « la perte » ou « un poids ».
        quantity: &'static str,
        /// Sa valeur : NaN ou un infini.
        value: f64,
        /// Le taux d'apprentissage de l'optimiseur.
        learning_rate: f64,
    },

    /// Une perte infinie ou NaN, hors d'un entraînement.
    #[error(
        "la perte vaut {value} : un calcul a dépassé le plus grand nombre possible. Donnez des \
         `x` et des `y` plus petits, ou réentraînez le réseau."
    )]
    NotFiniteLoss {
        /// NaN ou un infini.
        value: f64,
    },

    /// Une réponse infinie ou NaN.
    #[error(
        "la réponse du réseau vaut {value} pour l'exemple {row} (compté depuis 0) : un calcul a \
         dépassé le plus grand nombre possible. Donnez des `x` plus petits, ou réentraînez le \
         réseau."
    )]
    NotFiniteOutput {
        /// La ligne, comptée depuis 0.
        row: usize,
        /// La valeur obtenue.
        value: f64,
    },

    /// Un optimiseur qui a servi à un réseau d'une autre forme.
    #[error(
        "cet optimiseur garde les moyennes d'un réseau d'une autre forme. Faites-en un neuf pour \
         ce réseau."
    )]
    UsedOptimizer,

    /// Un autre nombre de tableaux que le réseau n'en a.
    #[error(
        "le réseau a {expected} tableau(x) de {what}, et il en est venu {found}. {advice}"
    )]
    Count {
        /// Ce que l'on compte.
        what: &'static str,
        /// Le nombre attendu.
        expected: usize,
        /// Le nombre venu.
        found: usize,
        /// Que faire.
        advice: &'static str,
    },

    /// Un tableau d'une autre forme.
    #[error(
        "« {name} » devrait être de forme {expected:?}, et il est de forme {found:?}. Prenez un \
         réseau des mêmes couches que celui qui a été enregistré."
    )]
    ParameterShape {
        /// Le nom du tableau.
        name: String,
        /// La forme attendue.
        expected: Vec<usize>,
        /// La forme venue.
        found: Vec<usize>,
    },

    /// Un tableau qui contient NaN ou un infini.
    #[error(
        "« {name} » contient {value} : il faut des nombres finis. Le réseau enregistré avait \
         sans doute divergé ; réentraînez-le."
    )]
    ParameterNotFinite {
        /// Le nom du tableau.
        name: String,
        /// La valeur trouvée.
        value: f64,
    },

    /// Ce que le réseau du tutoriel refuserait aussi : un tableau vide, infini, trop grand…
    #[error(transparent)]
    Network(#[from] nn_core::Error),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error {
    /// Refuse un réglage hors de `range` ; un NaN n'est dans aucun intervalle.
    pub(crate) fn check_range(
        setting: &'static str,
        value: f64,
        range: impl RangeBounds<f64>,
        expected: &'static str,
    ) -> Result<(), Self> {
        if range.contains(&value) {
            Ok(())
        } else {
            Err(Self::OutOfRange { setting, value, expected })
        }
    }

    /// Refuse 0.
    pub(crate) fn check_not_zero(
        setting: &'static str,
        value: usize,
        advice: &'static str,
    ) -> Result<(), Self> {
        if value == 0 { Err(Self::Zero { setting, advice }) } else { Ok(()) }
    }
}
