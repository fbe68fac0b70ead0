//! Étape 06 : la rétropropagation du gradient, ou comment la perte dépend de chaque poids.

use ndarray::{Array1, Array2, Axis};

use crate::activation::sigmoid_derivative_from_output;
use crate::network::NeuralNetwork;

// ANCHOR: gradients_struct
/// Les quatre gradients de la perte, chacun de la forme du tableau qu'il concerne.
///
/// Ils portent leur propre signe : ∂L/∂W pointe vers la **hausse** de la perte,
/// et [`backprop`](NeuralNetwork::backprop) les soustrait.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// ∂L/∂W1, (n, h).
    pub weights1: Array2<f64>,
    /// ∂L/∂b1, (h).
    pub biases1: Array1<f64>,
    /// ∂L/∂W2, (h, k).
    pub weights2: Array2<f64>,
    /// ∂L/∂b2, (k).
    pub biases2: Array1<f64>,
}
// ANCHOR_END: gradients_struct

// ANCHOR: gradients
impl NeuralNetwork {
    /// Les gradients de la perte aux poids actuels, par la règle de la chaîne.
    ///
    /// Ils se calculent sur `layer1` et `output`, donc après un
    /// [`feedforward`](NeuralNetwork::feedforward). Le code Python de James
    /// Loy calcule leurs opposés, et les ajoute ; ce sont ici les dérivées mêmes.
    pub fn gradients(&self) -> Gradients {
        // L = Σ (y − ŷ)², donc ∂L/∂ŷ = −2 (y − ŷ) ; puis σ′ mène de ŷ à sa somme z2.
        let error = -2.0 * (&self.y - &self.output); // (m, k)
        let delta2 = error * self.output.mapv(sigmoid_derivative_from_output); // (m, k)

        // δ2 revient aux réponses cachées, multiplié par chaque poids ; puis σ′ mène à z1.
        let shared = delta2.dot(&self.weights2.t()); // (m, k) · (k, h) → (m, h)
        let delta1 = shared * self.layer1.mapv(sigmoid_derivative_from_output); // (m, h)

        Gradients {
            weights1: self.input.t().dot(&delta1), // (n, m) · (m, h) → (n, h)
            biases1: delta1.sum_axis(Axis(0)),     // (m, h) → (h)
            weights2: self.layer1.t().dot(&delta2), // (h, m) · (m, k) → (h, k)
            biases2: delta2.sum_axis(Axis(0)),     // (m, k) → (k)
        }
    }
}
// ANCHOR_END: gradients

// ANCHOR: backprop
impl NeuralNetwork {
    /// Un pas de descente, au taux d'apprentissage 1.
    ///
    /// Les quatre gradients sont calculés avant que le premier poids ne change.
    pub fn backprop(&mut self) {
        let gradients = self.gradients();
        self.weights1 -= &gradients.weights1; // (n, h)
        self.weights2 -= &gradients.weights2; // (h, k)
        if self.trains_biases {
            self.biases1 -= &gradients.biases1; // (h)
            self.biases2 -= &gradients.biases2; // (k)
        }
    }
}
// ANCHOR_END: backprop
