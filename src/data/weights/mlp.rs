//! Les poids d'un [`Mlp`], sous les noms que PyTorch leur donne.

use nn_mlp::{Activation, Float, Mlp};

use super::error::WeightsError;
use super::module::Module;
use super::state_dict::StateDict;

// ANCHOR: mlp
/// Chaque couche est suivie de son activation, puis de son dropout : avec deux couches `Sigmoid`,
/// `0.weight` (h, n), `0.bias` (h), `2.weight` (k, h), `2.bias` (k).
///
/// Une couche `Identity` n'a pas de module d'activation dans PyTorch, et n'en compte donc pas ; un
/// dropout compte, même s'il ne retient rien.
impl<F: Float> Module for Mlp<F> {
    fn state_dict(&self) -> Result<StateDict, WeightsError> {
        let mut state = StateDict::new();
        for (module, layer) in modules(self).iter().zip(self.layers()) {
            state.insert_linear(module, layer.weights(), layer.biases())?;
        }
        Ok(state)
    }

    fn load_state_dict(&mut self, state: &StateDict) -> Result<(), WeightsError> {
        let modules = modules(self);
        let names: Vec<String> = modules
            .iter()
            .flat_map(|module| [format!("{module}.weight"), format!("{module}.bias")])
            .collect();
        state.expect_only(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
        // Tout est lu avant que rien ne change.
        let linears: Result<Vec<_>, _> = modules
            .iter()
            .zip(self.layers())
            .map(|(module, layer)| state.linear::<F>(module, layer.inputs(), layer.units()))
            .collect();
        let set = self.set_parameters(linears?);
        set.expect("`linear` a vérifié chaque forme et chaque nombre");
        Ok(())
    }
}

/// Le rang de chaque couche parmi les modules d'un `nn.Sequential`.
fn modules<F: Float>(mlp: &Mlp<F>) -> Vec<String> {
    let mut next = 0;
    mlp.layers()
        .iter()
        .map(|layer| {
            let module = next;
            next += 1
                + usize::from(layer.activation() != Activation::Identity)
                + usize::from(layer.dropout() > 0.0);
            module.to_string()
        })
        .collect()
}
// ANCHOR_END: mlp
