//! Étape 03 : la propagation avant, de l'entrée x jusqu'à la réponse ŷ.

use ndarray::{Array1, Array2};

use crate::activation::sigmoid;
use crate::error::{Error, check_layer, check_width};
use crate::network::NeuralNetwork;

// ANCHOR: layer
/// Une couche du tutoriel, σ(x·W + b) : (m, n) · (n, h) + (h) donne (m, h).
///
/// Le biais, qui n'a qu'une ligne, s'ajoute à chacun des m exemples.
///
/// # Erreurs
/// Tableau vide, nombre infini ou NaN, formes qui ne s'accordent pas, couche trop grande.
pub fn layer(
    x: &Array2<f64>,
    weights: &Array2<f64>,
    biases: &Array1<f64>,
) -> Result<Array2<f64>, Error> {
    check_layer(x, weights, biases)?;
    Ok(activate(x, weights, biases))
}

/// La même couche, une fois les formes vérifiées.
fn activate(x: &Array2<f64>, weights: &Array2<f64>, biases: &Array1<f64>) -> Array2<f64> {
    (x.dot(weights) + biases).mapv(sigmoid) // (m, n) · (n, h) + (h) → (m, h)
}
// ANCHOR_END: layer

// ANCHOR: feedforward
impl NeuralNetwork {
    /// Deux couches l'une après l'autre : ŷ = σ(σ(x·W1 + b1)·W2 + b2).
    ///
    /// Remplit `layer1`, de forme (m, h), et `output`, de forme (m, k).
    pub fn feedforward(&mut self) {
        self.layer1 = activate(&self.input, &self.weights1, &self.biases1); // (m, h)
        self.output = activate(&self.layer1, &self.weights2, &self.biases2); // (m, k)
    }
}
// ANCHOR_END: feedforward

// ANCHOR: predict
impl NeuralNetwork {
    /// La réponse à des lignes nouvelles, sans toucher au réseau : (m′, n) donne (m′, k).
    ///
    /// # Erreurs
    /// `x` vide, `x` d'une autre largeur que celle de l'entraînement, nombre infini ou NaN,
    /// trop de lignes à la fois.
    pub fn predict(&self, x: &Array2<f64>) -> Result<Array2<f64>, Error> {
        check_width(x, self.weights1.nrows())?;
        let layer1 = layer(x, &self.weights1, &self.biases1)?; // (m′, h)
        layer(&layer1, &self.weights2, &self.biases2) // (m′, k)
    }
}
// ANCHOR_END: predict
