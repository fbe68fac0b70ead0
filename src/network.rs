//! Étape 02 : la classe, c'est-à-dire les tableaux de nombres dont le réseau est fait.

use ndarray::{Array1, Array2};
use rand::{Rng, RngExt};

use crate::error::{Error, check_network};

// ANCHOR: struct
/// Un réseau à deux couches : n entrées, h neurones cachés, k sorties.
///
/// Les champs sont publics, comme en Python : on peut les lire et les changer.
/// Qui remplace un tableau en garde la forme, faute de quoi le produit de
/// matrices de [`feedforward`](NeuralNetwork::feedforward) s'arrête.
#[derive(Clone, Debug, PartialEq)]
pub struct NeuralNetwork {
    /// Les exemples, un par ligne : x, de forme (m, n).
    pub input: Array2<f64>,
    /// Les poids de l'entrée vers la couche cachée : W1, (n, h).
    pub weights1: Array2<f64>,
    /// Les biais de la couche cachée : b1, (h).
    pub biases1: Array1<f64>,
    /// Les poids de la couche cachée vers la sortie : W2, (h, k).
    pub weights2: Array2<f64>,
    /// Les biais de la sortie : b2, (k).
    pub biases2: Array1<f64>,
    /// Les réponses attendues, une par ligne : y, (m, k).
    pub y: Array2<f64>,
    /// Ce que répond la couche cachée : σ(x·W1 + b1), (m, h).
    pub layer1: Array2<f64>,
    /// Ce que répond le réseau : ŷ, (m, k) ; des zéros avant le premier `feedforward`.
    pub output: Array2<f64>,
    /// Les biais sont-ils entraînés ? Non, après `without_biases`.
    pub trains_biases: bool,
}
// ANCHOR_END: struct

// ANCHOR: new
impl NeuralNetwork {
    /// Un réseau à 4 neurones cachés, comme dans le tutoriel.
    ///
    /// `x` est de forme (m, n), `y` de forme (m, k). Les poids sont tirés au hasard,
    /// de 0 inclus à 1 exclu : `weights1` d'abord, ligne par ligne. Les biais sont nuls.
    ///
    /// # Erreurs
    /// Celles de [`with_hidden`](NeuralNetwork::with_hidden).
    pub fn new<R: Rng + ?Sized>(
        x: Array2<f64>,
        y: Array2<f64>,
        rng: &mut R,
    ) -> Result<Self, Error> {
        Self::with_hidden(x, y, 4, rng)
    }

    /// Le même réseau, avec `hidden` neurones cachés.
    ///
    /// # Erreurs
    /// Tableau vide, nombre infini ou NaN, `x` et `y` de hauteurs différentes,
    /// aucun neurone caché, ou un réseau trop grand pour la mémoire.
    pub fn with_hidden<R: Rng + ?Sized>(
        x: Array2<f64>,
        y: Array2<f64>,
        hidden: usize,
        rng: &mut R,
    ) -> Result<Self, Error> {
        check_network(&x, &y, hidden)?;
        let (m, n, k) = (x.nrows(), x.ncols(), y.ncols());
        Ok(Self {
            weights1: Array2::from_shape_simple_fn((n, hidden), || rng.random()), // (n, h)
            biases1: Array1::zeros(hidden),                                       // (h)
            weights2: Array2::from_shape_simple_fn((hidden, k), || rng.random()), // (h, k)
            biases2: Array1::zeros(k),                                            // (k)
            layer1: Array2::zeros((m, hidden)),                                   // (m, h)
            output: Array2::zeros((m, k)),                                        // (m, k)
            input: x,
            y,
            trains_biases: true,
        })
    }

    /// Les biais restent à 0 et ne sont pas entraînés : la classe Python du wiki,
    /// au chiffre près.
    pub fn without_biases(mut self) -> Self {
        self.biases1.fill(0.0);
        self.biases2.fill(0.0);
        self.trains_biases = false;
        self
    }
}
// ANCHOR_END: new
