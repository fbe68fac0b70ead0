//! Fait le réseau qui voyage : entraîné ici, relu par PyTorch, Burn et ONNX.
//!
//! ```text
//! cargo run --release --example passerelles
//! ```
//!
//! écrit, à côté de ce fichier :
//! - `chiffres.safetensors` : les poids d'un réseau 64-32-10, en `f32` ;
//! - `attendu.safetensors` : 48 images du test, ce que le réseau en répond ici, et les gradients
//!   de la perte sur ces 48 images, calculés en `f64`.
//!
//! Les scripts Python de ce dossier et le programme de `notebooks/burn` partent de ces deux
//! fichiers. La graine est fixe ; d'un processeur à l'autre, seuls les derniers bits changent.

use std::error::Error;
use std::path::Path;

use nn_core::NumpyRng;
use nn_core::ndarray::Array1;
use nn_data::datasets::{one_hot, optdigits};
use nn_data::metrics::argmax;
use nn_data::weights::{Module, StateDict};
use nn_mlp::{Activation, Float, Loss, Mlp, Optimizer, Trainer};

/// Le nombre d'images de l'échange.
const IMAGES: usize = 48;

// ANCHOR: network
/// Le réseau qui voyage : 64 pixels, 32 neurones cachés, 10 chiffres.
fn digits_network<F: Float>() -> Result<Mlp<F>, nn_mlp::Error> {
    Mlp::builder(64)
        .layer(32, Activation::Relu)
        .layer(10, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .build(&mut NumpyRng::seed(0))
}
// ANCHOR_END: network

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/passerelles");
    let digits = optdigits()?;
    let as_f32 = |value: f64| value as f32;

    let mut mlp = digits_network::<f32>()?;
    let x = digits.train.x.mapv(as_f32) / 16.0;
    let y = one_hot(&digits.train.labels, 10)?.mapv(as_f32);
    let trainer = Trainer::new(Optimizer::adam(0.002)?).epochs(30);
    for epoch in trainer.start(&mlp, x, y)?.epochs(&mut mlp) {
        println!("{}", epoch?);
    }
    let output = mlp.predict(&(digits.test.x.mapv(as_f32) / 16.0))?;
    let answers = argmax(&output.mapv(f64::from))?;
    let right = answers.iter().zip(&digits.test.labels).filter(|(a, b)| a == b).count();
    println!("test : {right} sur {}", digits.test.len());
    let state = mlp.state_dict()?;
    state.save(folder.join("chiffres.safetensors"))?;

    let shown = digits.test.select(&(0..IMAGES).collect::<Vec<_>>())?;
    let x = &shown.x / 16.0; // des seizièmes : exacts en f32 comme en f64
    let labels: Array1<f32> = shown.labels.iter().map(|&label| label as f32).collect();
    let mut expected = StateDict::new();
    expected.insert("x", &x.mapv(as_f32))?; // (48, 64)
    expected.insert("labels", &labels)?; // (48)
    expected.insert("output", &mlp.predict(&x.mapv(as_f32))?)?; // (48, 10)

    // Les gradients en `f64` : ce que deux machines se partagent se compare au dernier bit près.
    let mut precise = digits_network::<f64>()?;
    precise.load_state_dict(&state)?;
    let gradients = precise.gradients(&x, &shown.y()?)?;
    for (module, layer) in ["gradient.0", "gradient.2"].iter().zip(&gradients) {
        expected.insert_linear(module, &layer.weights, &layer.biases)?;
    }
    expected.save(folder.join("attendu.safetensors"))?;
    Ok(())
}
