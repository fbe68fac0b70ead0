//! Les poids d'un [`Mlp`], sous les noms que PyTorch leur donne.

use super::error::WeightsError;
use super::state_dict::StateDict;
use crate::mlp::{Activation, Float, Mlp};

// ANCHOR: mlp
impl<F: Float> Mlp<F> {
    /// Les poids et les biais, nommés et rangés comme le `state_dict` du `nn.Sequential` qui a
    /// les mêmes couches, chacune suivie de son activation, puis de son dropout.
    ///
    /// Avec deux couches `Sigmoid` : `0.weight` (h, n), `0.bias` (h), `2.weight` (k, h),
    /// `2.bias` (k). Une couche `Identity` n'a pas de module d'activation là-bas, et n'en compte
    /// donc pas ; un dropout compte, même s'il ne retient rien.
    ///
    /// # Erreurs
    /// [`WeightsError::NotFinite`], après un entraînement qui a divergé.
    pub fn state_dict(&self) -> Result<StateDict, WeightsError> {
        let mut state = StateDict::new();
        for (module, layer) in self.modules().iter().zip(self.layers()) {
            state.insert_linear(module, layer.weights(), layer.biases())?;
        }
        Ok(state)
    }

    /// Prend les poids et les biais d'un réseau des mêmes couches. En cas d'erreur, rien ne change.
    ///
    /// # Erreurs
    /// [`WeightsError::Unexpected`], [`WeightsError::Missing`], [`WeightsError::Shape`].
    pub fn load_state_dict(&mut self, state: &StateDict) -> Result<(), WeightsError> {
        let modules = self.modules();
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
        self.set_parameters(linears?);
        Ok(())
    }

    /// Le rang de chaque couche parmi les modules d'un `nn.Sequential`.
    fn modules(&self) -> Vec<String> {
        let mut next = 0;
        self.layers()
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
}
// ANCHOR_END: mlp
