//! Ce qui a des poids à emporter, comme un `nn.Module` de PyTorch.

use super::error::WeightsError;
use super::state_dict::StateDict;

/// Un réseau dont les poids s'enregistrent et se reprennent.
pub trait Module {
    /// Les poids et les biais, nommés et rangés comme ceux du `nn.Sequential` qui a les mêmes
    /// couches : le `weight` de PyTorch est transposé.
    ///
    /// # Erreurs
    /// [`WeightsError::NotFinite`], après un entraînement qui a divergé.
    fn state_dict(&self) -> Result<StateDict, WeightsError>;

    /// Prend les poids et les biais d'un réseau des mêmes couches. En cas d'erreur, rien ne change.
    ///
    /// # Erreurs
    /// [`WeightsError::Unexpected`], [`WeightsError::Missing`], [`WeightsError::Shape`].
    fn load_state_dict(&mut self, state: &StateDict) -> Result<(), WeightsError>;
}
