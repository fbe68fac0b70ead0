//! Le réseau du chapitre 13, écrit avec Burn : les mêmes poids que `nn_core`, les mêmes réponses.
//!
//! | fichier | contenu |
//! |---|---|
//! | `lib` | où l'on calcule, et l'échange avec `nn_core` |
//! | [`network`] | le réseau, et ses poids lus d'un fichier safetensors |
//! | `main` | compare, et garde les résultats pour le livre |
//!
//! ```text
//! cargo run --locked --manifest-path notebooks/burn/Cargo.toml --target-dir target/burn
//! ```

pub mod network;

use std::error::Error;
use std::path::PathBuf;

use burn::tensor::{Device, Int, Tensor, TensorData};
use nn_core::ndarray::{Array1, Array2};
use nn_data::weights::StateDict;

pub use network::DigitsNetwork;

// ANCHOR: device
/// Où l'on calcule : le processeur, par un programme entièrement en Rust.
#[cfg(not(feature = "gpu"))]
pub fn device() -> Device {
    Device::flex()
}
// ANCHOR_END: device

// ANCHOR: gpu
/// Où l'on calcule : la carte graphique, par wgpu.
#[cfg(feature = "gpu")]
pub fn device() -> Device {
    Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)
}
// ANCHOR_END: gpu

/// Un fichier de l'échange, dans `tests/passerelles`.
pub fn exchange(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/passerelles").join(file)
}

/// Ce que `nn_core` a calculé : les images, ses réponses et ses gradients.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Les images : x, de forme (48, 64).
    pub x: Array2<f32>,
    /// Le chiffre que montre chaque image.
    pub labels: Array1<f32>,
    /// Les réponses : ŷ, de forme (48, 10).
    pub output: Array2<f32>,
    /// Les gradients ∂L/∂W1 et ∂L/∂W2, de formes (64, 32) et (32, 10).
    pub gradients: [Array2<f64>; 2],
}

impl Expected {
    /// Le nombre d'images de l'échange.
    pub const IMAGES: usize = 48;

    /// Lit `attendu.safetensors`.
    ///
    /// # Erreurs
    /// Un fichier absent ou abîmé : ceux de `nn_data::weights`.
    pub fn load() -> Result<Self, Box<dyn Error>> {
        let state = StateDict::load(exchange("attendu.safetensors"))?;
        Ok(Self {
            x: state.get("x", (Self::IMAGES, 64))?,
            labels: state.get("labels", Self::IMAGES)?,
            output: state.get("output", (Self::IMAGES, 10))?,
            gradients: [
                state.linear("gradient.0", 64, 32)?.0,
                state.linear("gradient.2", 32, 10)?.0,
            ],
        })
    }
}

/// Ce que Burn calcule, ramené dans des tableaux de ndarray.
#[derive(Clone, Debug)]
pub struct Computed {
    /// Les réponses : ŷ, de forme (48, 10).
    pub output: Array2<f32>,
    /// Les gradients ∂L/∂W1 et ∂L/∂W2, de formes (64, 32) et (32, 10).
    pub gradients: [Array2<f64>; 2],
}

/// Les réponses et les gradients du réseau de `chiffres.safetensors`, par Burn.
///
/// # Erreurs
/// Un fichier absent ou abîmé ; un tenseur d'un autre type que `f32`.
pub fn compute(expected: &Expected) -> Result<Computed, Box<dyn Error>> {
    let state = StateDict::load(exchange("chiffres.safetensors"))?;
    let x = |device: &Device| network::matrix(&expected.x, device);
    let labels: Vec<i32> = expected.labels.iter().map(|&label| label as i32).collect();

    let device = device();
    let output = DigitsNetwork::load(&state, &device)?.forward(x(&device));

    // Le même réseau, sur un calculateur qui se souvient des opérations : il rend les gradients.
    let device = device.autodiff();
    let network = DigitsNetwork::load(&state, &device)?;
    let targets = TensorData::new(labels, [Expected::IMAGES]);
    let targets = Tensor::<1, Int>::from_data(targets, &device);
    let gradients = network.gradients(x(&device), targets);
    Ok(Computed {
        output: array(output)?,
        gradients: [
            array(gradients.hidden)?.mapv(f64::from),
            array(gradients.output)?.mapv(f64::from),
        ],
    })
}

/// Un tenseur de Burn, ramené dans la mémoire du processeur.
fn array(tensor: Tensor<2>) -> Result<Array2<f32>, Box<dyn Error>> {
    let [rows, columns] = tensor.dims();
    let values = tensor.into_data().try_to_vec::<f32>().map_err(|error| {
        format!("un tenseur de `f32` était attendu, et Burn en rend un autre : {error:?}")
    })?;
    Ok(Array2::from_shape_vec((rows, columns), values)?)
}

/// Le plus grand écart entre deux tableaux de même forme.
pub fn deviation<'a, A: Copy + Into<f64> + 'a, B: Copy + Into<f64> + 'a>(
    a: impl IntoIterator<Item = &'a A>,
    b: impl IntoIterator<Item = &'a B>,
) -> f64 {
    let pairs = a.into_iter().zip(b);
    pairs.map(|(&a, &b)| (a.into() - b.into()).abs()).fold(0.0, f64::max)
}
