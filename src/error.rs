//! À la porte du réseau : ce qui ne peut pas donner de réponse sensée est refusé, et dit pourquoi.

use std::fmt;

use ndarray::{Array1, Array2};

/// Le plus grand nombre de poids qu'un réseau du tutoriel accepte : 100 millions, soit 0,8 Go.
///
/// Un nombre de neurones cachés tapé de travers donne ainsi un message, pas une mémoire épuisée.
pub const MAX_WEIGHTS: usize = 100_000_000;

/// Le plus grand nombre de réponses qu'une couche calcule à la fois, exemples × neurones : 0,8 Go.
pub const MAX_ACTIVATIONS: usize = 100_000_000;

/// La plus grande valeur absolue acceptée : au-delà, une somme pondérée pourrait valoir ∞ − ∞.
pub const MAX_VALUE: f64 = 1e100;

/// Ce que le réseau du tutoriel refuse. Chaque message dit ce qui était attendu, ce qui est venu et quoi faire.
///
/// `Debug` montre la même phrase que `Display` : c'est elle qu'un notebook affiche après `?`.
#[derive(Clone, PartialEq)]
pub enum Error {
    /// Un tableau sans ligne ou sans colonne.
    Empty {
        /// Le nom du tableau dans les équations.
        array: &'static str,
        /// Son nombre de lignes.
        rows: usize,
        /// Son nombre de colonnes.
        columns: usize,
    },

    /// Un NaN, un infini, ou un nombre plus grand que [`MAX_VALUE`].
    NotFinite {
        /// Le nom du tableau dans les équations.
        array: &'static str,
        /// La ligne, comptée depuis 0.
        row: usize,
        /// La colonne, comptée depuis 0.
        column: usize,
        /// La valeur trouvée.
        value: f64,
    },

    /// `x` et `y` ne comptent pas le même nombre d'exemples.
    RowMismatch {
        /// Le nombre de lignes de `x`.
        x: usize,
        /// Le nombre de lignes de `y`.
        y: usize,
    },

    /// Un réseau sans neurone caché.
    NoHiddenUnits,

    /// Plus de poids que [`MAX_WEIGHTS`].
    TooManyWeights {
        /// n, la largeur de `x`.
        inputs: usize,
        /// h, les neurones cachés demandés.
        hidden: usize,
        /// k, la largeur de `y`.
        outputs: usize,
    },

    /// Plus d'exemples × neurones que [`MAX_ACTIVATIONS`] dans une couche.
    LayerTooLarge {
        /// m, les lignes de `x`.
        examples: usize,
        /// h, les neurones de la couche.
        units: usize,
    },

    /// `predict` reçoit des lignes d'une autre largeur qu'à l'entraînement.
    Width {
        /// n, la largeur de l'entraînement.
        expected: usize,
        /// La largeur reçue.
        found: usize,
    },

    /// Les formes d'une couche ne s'accordent pas.
    Shape {
        /// Le tableau qui ne convient pas.
        array: &'static str,
        /// Ce que l'on compte : « ligne » ou « élément ».
        axis: &'static str,
        /// Le nombre attendu.
        expected: usize,
        /// Le nombre trouvé.
        found: usize,
        /// D'où vient le nombre attendu.
        reason: &'static str,
    },
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { array, rows, columns } => write!(
                f,
                "`{array}` est vide : il faut au moins une ligne et une colonne, et sa forme est \
                 ({rows}, {columns}). Donnez au moins un exemple, un par ligne."
            ),
            Self::NotFinite { array, row, column, value } => write!(
                f,
                "`{array}` contient {value} à la ligne {row}, colonne {column} (comptées depuis 0) : \
                 il faut des nombres finis, de 1e100 au plus. Remplacez ou retirez cette valeur."
            ),
            Self::RowMismatch { x, y } => write!(
                f,
                "`x` et `y` doivent avoir autant de lignes, une par exemple : `x` en a {x}, `y` en a {y}. \
                 Complétez le plus court, ou retirez les lignes de trop."
            ),
            Self::NoHiddenUnits => write!(
                f,
                "il faut au moins un neurone caché, et `hidden` vaut 0. Le tutoriel en prend 4 : \
                 `NeuralNetwork::new` les met d'office."
            ),
            Self::TooManyWeights { inputs, hidden, outputs } => write!(
                f,
                "un réseau de {inputs} entrée(s), {hidden} neurones cachés et {outputs} sortie(s) dépasse \
                 {MAX_WEIGHTS} poids, la limite de ce réseau. Réduisez `hidden`."
            ),
            Self::LayerTooLarge { examples, units } => write!(
                f,
                "une couche de {units} neurones pour {examples} exemples tiendrait plus de \
                 {MAX_ACTIVATIONS} nombres, la limite de ce réseau. Donnez moins d'exemples à la fois, \
                 ou moins de neurones."
            ),
            Self::Width { expected, found } => write!(
                f,
                "chaque ligne de `x` doit avoir {expected} colonne(s), comme à l'entraînement, et elle en \
                 a {found}. Donnez les mêmes grandeurs, dans le même ordre (sans oublier la colonne de 1, \
                 s'il y en avait une)."
            ),
            Self::Shape { array, axis, expected, found, reason } => write!(
                f,
                "dans σ(x·W + b), `{array}` devrait avoir {expected} {axis}(s), autant que {reason}, \
                 et il en a {found}. Vérifiez la forme de l'un et de l'autre avec `.dim()`."
            ),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Un réseau qui peut exister : des exemples que l'on peut apprendre, et une taille que la mémoire
/// peut tenir. `x` est de forme (m, n), `y` (m, k), pour `hidden` neurones cachés.
///
/// # Erreurs
/// La première de celles-ci : [`Error::Empty`], [`Error::NotFinite`], [`Error::RowMismatch`],
/// [`Error::NoHiddenUnits`], [`Error::TooManyWeights`], [`Error::LayerTooLarge`].
pub fn check_network(x: &Array2<f64>, y: &Array2<f64>, hidden: usize) -> Result<(), Error> {
    check_examples(x, y)?;
    check_hidden(hidden, x.ncols(), y.ncols())?;
    check_layer_size(x.nrows(), hidden)
}

/// Des exemples que l'on peut apprendre : non vides, finis, autant de réponses que de questions.
fn check_examples(x: &Array2<f64>, y: &Array2<f64>) -> Result<(), Error> {
    check_matrix("x", x)?;
    check_matrix("y", y)?;
    if x.nrows() != y.nrows() {
        return Err(Error::RowMismatch { x: x.nrows(), y: y.nrows() });
    }
    Ok(())
}

/// Un nombre de neurones cachés que la mémoire peut tenir.
fn check_hidden(hidden: usize, inputs: usize, outputs: usize) -> Result<(), Error> {
    if hidden == 0 {
        return Err(Error::NoHiddenUnits);
    }
    match inputs.checked_add(outputs).and_then(|sum| sum.checked_mul(hidden)) {
        Some(weights) if weights <= MAX_WEIGHTS => Ok(()),
        _ => Err(Error::TooManyWeights { inputs, hidden, outputs }),
    }
}

/// Une couche dont la mémoire peut tenir les réponses.
fn check_layer_size(examples: usize, units: usize) -> Result<(), Error> {
    match examples.checked_mul(units) {
        Some(activations) if activations <= MAX_ACTIVATIONS => Ok(()),
        _ => Err(Error::LayerTooLarge { examples, units }),
    }
}

/// Des lignes de la largeur apprise : `x` est de forme (m′, `expected`).
///
/// # Erreurs
/// [`Error::Width`], [`Error::Empty`] ou [`Error::NotFinite`].
pub fn check_width(x: &Array2<f64>, expected: usize) -> Result<(), Error> {
    if !x.is_empty() && x.ncols() != expected {
        return Err(Error::Width { expected, found: x.ncols() });
    }
    check_matrix("x", x)
}

/// Des formes pour lesquelles x·W + b a un sens : `x` (m, n), `weights` (n, h), `biases` (h).
///
/// # Erreurs
/// [`Error::Empty`], [`Error::NotFinite`] ou [`Error::Shape`].
pub fn check_layer(
    x: &Array2<f64>,
    weights: &Array2<f64>,
    biases: &Array1<f64>,
) -> Result<(), Error> {
    check_matrix("x", x)?;
    check_matrix("weights", weights)?;
    if weights.nrows() != x.ncols() {
        return Err(Error::Shape {
            array: "weights",
            axis: "ligne",
            expected: x.ncols(),
            found: weights.nrows(),
            reason: "`x` a de colonnes",
        });
    }
    if biases.len() != weights.ncols() {
        return Err(Error::Shape {
            array: "biases",
            axis: "élément",
            expected: weights.ncols(),
            found: biases.len(),
            reason: "`weights` a de colonnes",
        });
    }
    match biases.iter().enumerate().find(|(_, value)| !is_acceptable(**value)) {
        Some((column, &value)) => {
            Err(Error::NotFinite { array: "biases", row: 0, column, value })
        }
        None => check_layer_size(x.nrows(), weights.ncols()),
    }
}

/// Une matrice qui contient au moins un nombre, et seulement des nombres finis.
fn check_matrix(array: &'static str, a: &Array2<f64>) -> Result<(), Error> {
    if a.is_empty() {
        return Err(Error::Empty { array, rows: a.nrows(), columns: a.ncols() });
    }
    match a.indexed_iter().find(|(_, value)| !is_acceptable(**value)) {
        Some(((row, column), &value)) => {
            Err(Error::NotFinite { array, row, column, value })
        }
        None => Ok(()),
    }
}

/// Ni NaN, ni infini, ni démesuré.
fn is_acceptable(value: f64) -> bool {
    value.abs() <= MAX_VALUE
}
