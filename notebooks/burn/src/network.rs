//! Le réseau 64-32-10, avec les couches de Burn, et ses poids lus d'un fichier safetensors.

use burn::module::{Module, Param};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::{relu, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use nn_core::ndarray::{Array1, Array2};
use nn_data::weights::{StateDict, WeightsError};

// ANCHOR: network
/// Le réseau qui voyage : 64 pixels, 32 neurones cachés, 10 chiffres.
#[derive(Module, Debug)]
pub struct DigitsNetwork {
    hidden: Linear,
    output: Linear,
}

impl DigitsNetwork {
    /// Ce que la dernière couche donne avant softmax : (m, 64) → (m, 10).
    fn logits(&self, x: Tensor<2>) -> Tensor<2> {
        self.output.forward(relu(self.hidden.forward(x)))
    }

    /// La réponse : (m, 64) → (m, 10).
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        softmax(self.logits(x), 1)
    }
}
// ANCHOR_END: network

// ANCHOR: load
/// Une couche de `n` entrées et `h` neurones. Dans le fichier, `weight` est rangé comme
/// dans PyTorch, (h, n) ; Burn, comme nous, veut (n, h).
fn linear(
    state: &StateDict,
    module: &str,
    (n, h): (usize, usize),
    device: &Device,
) -> Result<Linear, WeightsError> {
    let weight: Array2<f32> = state.get(&format!("{module}.weight"), (h, n))?;
    let bias: Array1<f32> = state.get(&format!("{module}.bias"), h)?;
    let mut layer = LinearConfig::new(n, h).init(device);
    let weight = matrix(&weight, device).transpose(); // (h, n) → (n, h)
    layer.weight = Param::from_tensor(weight);
    let bias = TensorData::new(bias.to_vec(), [h]);
    layer.bias = Some(Param::from_data(bias, device));
    Ok(layer)
}
// ANCHOR_END: load

impl DigitsNetwork {
    /// Le réseau, avec les poids de ces tableaux.
    ///
    /// # Erreurs
    /// Un tableau qui manque, ou d'une autre forme.
    pub fn load(state: &StateDict, device: &Device) -> Result<Self, WeightsError> {
        Ok(Self {
            hidden: linear(state, "0", (64, 32), device)?,
            output: linear(state, "2", (32, 10), device)?,
        })
    }

    /// Les gradients de la perte sur ces images : x (m, 64), et m chiffres.
    pub fn gradients(&self, x: Tensor<2>, targets: Tensor<1, Int>) -> Gradients {
        let loss = CrossEntropyLossConfig::new().init(&x.device());
        let gradients = loss.forward(self.logits(x), targets).backward();
        let of = |layer: &Linear| {
            // Un poids qu'aucun calcul n'a touché n'a pas de gradient : il est nul.
            let weight = layer.weight.val();
            weight.grad(&gradients).unwrap_or_else(|| weight.zeros_like())
        };
        Gradients { hidden: of(&self.hidden), output: of(&self.output) }
    }
}

/// ∂L/∂W de chaque couche, de la forme de ses poids.
#[derive(Debug)]
pub struct Gradients {
    /// Ceux de la couche cachée : (64, 32).
    pub hidden: Tensor<2>,
    /// Ceux de la couche de sortie : (32, 10).
    pub output: Tensor<2>,
}

/// Un tableau de ndarray, confié à Burn.
pub fn matrix(array: &Array2<f32>, device: &Device) -> Tensor<2> {
    let values = array.iter().copied().collect::<Vec<f32>>(); // ligne par ligne
    Tensor::from_data(TensorData::new(values, [array.nrows(), array.ncols()]), device)
}
