//! Étape 04 : la perte, un seul nombre qui dit de combien le réseau se trompe.

use crate::network::NeuralNetwork;

// ANCHOR: loss
impl NeuralNetwork {
    /// La somme des carrés des erreurs, L = Σ (y − ŷ)², sur tous les exemples et
    /// toutes les sorties.
    ///
    /// Elle se lit sur `output`, donc après un [`feedforward`](NeuralNetwork::feedforward).
    pub fn loss(&self) -> f64 {
        (&self.y - &self.output).mapv(|e| e * e).sum() // (m, k) → un nombre
    }
}
// ANCHOR_END: loss
