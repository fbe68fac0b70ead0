//! Les poids du réseau du tutoriel, sous les noms que PyTorch leur donne.

use nn_core::NeuralNetwork;

use super::error::WeightsError;
use super::module::Module;
use super::state_dict::StateDict;

// ANCHOR: network
/// Ceux d'un `nn.Sequential(nn.Linear(n, h), nn.Sigmoid(), nn.Linear(h, k), nn.Sigmoid())` :
///
/// | ici | là-bas | forme là-bas |
/// |---|---|---|
/// | `weights1` (n, h) | `0.weight` | (h, n) |
/// | `biases1` (h) | `0.bias` | (h) |
/// | `weights2` (h, k) | `2.weight` | (k, h) |
/// | `biases2` (k) | `2.bias` | (k) |
///
/// Ni les exemples, ni le choix de `without_biases` n'en font partie. Après `load_state_dict`,
/// `layer1` et `output` datent encore des anciens poids, jusqu'au prochain `feedforward`.
impl Module for NeuralNetwork {
    fn state_dict(&self) -> Result<StateDict, WeightsError> {
        let mut state = StateDict::new();
        state.insert_linear("0", &self.weights1, &self.biases1)?;
        state.insert_linear("2", &self.weights2, &self.biases2)?;
        Ok(state)
    }

    fn load_state_dict(&mut self, state: &StateDict) -> Result<(), WeightsError> {
        state.expect_only(&["0.weight", "0.bias", "2.weight", "2.bias"])?;
        let (n, h) = self.weights1.dim();
        let (weights1, biases1) = state.linear("0", n, h)?;
        let (weights2, biases2) = state.linear("2", h, self.weights2.ncols())?;
        (self.weights1, self.biases1) = (weights1, biases1);
        (self.weights2, self.biases2) = (weights2, biases2);
        Ok(())
    }
}
// ANCHOR_END: network
