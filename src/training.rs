//! Étape 07 : l'entraînement, les trois étapes précédentes répétées.

use crate::network::NeuralNetwork;

// ANCHOR: train
impl NeuralNetwork {
    /// Répète `iterations` fois : répondre, mesurer la perte, corriger les poids.
    ///
    /// Rend la perte avant chaque pas, donc `iterations` nombres. Un dernier
    /// [`feedforward`](NeuralNetwork::feedforward) laisse `output` et
    /// [`loss`](NeuralNetwork::loss) à jour avec les derniers poids.
    pub fn train(&mut self, iterations: usize) -> Vec<f64> {
        let mut losses = Vec::new();
        for _ in 0..iterations {
            self.feedforward();
            losses.push(self.loss());
            self.backprop();
        }
        self.feedforward();
        losses
    }
}
// ANCHOR_END: train
