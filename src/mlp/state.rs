//! Les poids d'un réseau, nommés et rangés comme PyTorch : pour les enregistrer, et les relire.

use ndarray::{ArrayViewD, ArrayViewMutD, IxDyn};

use super::activation::Activation;
use super::error::MlpError;
use super::float::Float;
use super::layer::Layer;
use super::{Mlp, check};
use crate::error::Error;

impl<F: Float> Mlp<F> {
    /// Chaque tableau du réseau et son nom, comme le `state_dict` du `torch.nn.Sequential`
    /// qui a les mêmes couches, chacune suivie de son activation, puis de son dropout.
    ///
    /// Les poids sont **transposés** : PyTorch range W en (h, n). Avec deux couches `Sigmoid` :
    /// `0.weight` (h, n), `0.bias` (h), `2.weight` (k, h), `2.bias` (k). Une couche
    /// `Identity` n'a pas de module d'activation, et n'en compte donc pas.
    pub fn state_dict(&self) -> impl Iterator<Item = (String, ArrayViewD<'_, F>)> {
        modules(&self.layers).zip(&self.layers).flat_map(|(module, layer)| {
            [
                (format!("{module}.weight"), layer.weights.t().into_dyn()),
                (format!("{module}.bias"), layer.biases.view().into_dyn()),
            ]
        })
    }

    /// Remplace tous les tableaux par ceux-ci, nommés et rangés comme
    /// [`state_dict`](Self::state_dict) ; l'ordre n'importe pas. En cas d'erreur, rien ne change.
    ///
    /// # Erreurs
    /// Un tableau qui manque, en trop, d'une autre forme, ou qui n'est pas fini.
    pub fn load_state_dict<'a, S: AsRef<str>>(
        &mut self,
        state: impl IntoIterator<Item = (S, ArrayViewD<'a, F>)>,
    ) -> Result<(), Error> {
        let mut expected: Vec<(String, Vec<usize>, Option<ArrayViewD<'a, F>>)> = self
            .state_dict()
            .map(|(name, array)| (name, array.shape().to_vec(), None))
            .collect();
        let mut found = 0;
        for (name, array) in state {
            found += 1;
            let slot = expected.iter_mut().find(|(n, _, a)| n == name.as_ref() && a.is_none());
            let Some((name, shape, slot)) = slot else {
                let names: Vec<&str> = expected.iter().map(|(n, ..)| n.as_str()).collect();
                let (name, expected) = (name.as_ref().to_string(), names.join(", "));
                return Err(MlpError::UnknownParameter { name, expected }.into());
            };
            check::parameter::<F, IxDyn>(name, shape, &array)?;
            *slot = Some(array);
        }
        if found < expected.len() {
            Err(MlpError::Count {
                what: "poids et de biais",
                expected: expected.len(),
                found,
                advice: "Donnez-les tous : `state_dict` dit leurs noms.",
            })?;
        }
        let arrays = expected.into_iter().filter_map(|(.., array)| array);
        for (mut own, array) in self.arrays_mut().zip(arrays) {
            own.assign(&array);
        }
        Ok(())
    }

    /// Les mêmes tableaux que [`state_dict`](Self::state_dict), dans le même ordre, à changer.
    fn arrays_mut(&mut self) -> impl Iterator<Item = ArrayViewMutD<'_, F>> {
        self.layers.iter_mut().flat_map(|layer| {
            let weights = layer.weights.view_mut().reversed_axes().into_dyn();
            [weights, layer.biases.view_mut().into_dyn()]
        })
    }
}

/// Le rang de chaque couche parmi les modules d'un `torch.nn.Sequential`.
fn modules<F: Float>(layers: &[Layer<F>]) -> impl Iterator<Item = usize> {
    layers.iter().scan(0, |next, layer| {
        let module = *next;
        *next += 1
            + usize::from(layer.activation != Activation::Identity)
            + usize::from(layer.dropout > 0.0);
        Some(module)
    })
}
