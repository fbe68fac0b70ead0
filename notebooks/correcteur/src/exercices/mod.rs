//! Les exercices, un fichier par chapitre, et les données que leurs sondes partagent.
//!
//! Ajouter un exercice : une fonction dans `chapitre_NN.rs`, une ligne dans `table.rs`, une section
//! dans le chapitre du livre. CONTRIBUTING le montre pas à pas.

use nn_core::ndarray::{Array1, Array2};
use nn_core::rand::RngExt;
use nn_core::{Gradients, NeuralNetwork, NumpyRng};

use crate::tensor::{Tensor, matrix, number, vector};
use crate::verdict::Section;

pub mod chapitre_00;
pub mod chapitre_01;
pub mod chapitre_02;
pub mod chapitre_03;
pub mod chapitre_04;
pub mod chapitre_05;
pub mod chapitre_06;
pub mod chapitre_07;
pub mod chapitre_08;
pub mod chapitre_09;
pub mod chapitre_10;
pub mod chapitre_11;
pub mod chapitre_12;
pub mod chapitre_13;

// Ce que comptent les axes des tableaux du livre.
const EXAMPLES: &str = "exemples";
const INPUTS: &str = "entrées";
const HIDDEN: &str = "neurones";
const OUTPUTS: &str = "sorties";
const CLASSES: &str = "classes";

/// Une matrice de nombres entre −1 et 1, toujours la même pour la même graine.
fn random_matrix(seed: u32, rows: usize, columns: usize) -> Array2<f64> {
    let mut rng = NumpyRng::seed(seed);
    Array2::from_shape_simple_fn((rows, columns), || 2.0 * rng.random::<f64>() - 1.0)
}

/// Un tableau à une dimension, de même.
fn random_vector(seed: u32, length: usize) -> Array1<f64> {
    random_matrix(seed, 1, length).row(0).to_owned()
}

/// Un réseau (m, n, h, k) aux poids et aux biais tirés au hasard ; ses réponses sont encore nulles.
fn random_network([m, n, h, k]: [usize; 4]) -> NeuralNetwork {
    NeuralNetwork {
        input: random_matrix(10, m, n),
        weights1: random_matrix(11, n, h),
        biases1: random_vector(12, h),
        weights2: random_matrix(13, h, k),
        biases2: random_vector(14, k),
        y: random_matrix(15, m, k).mapv(|v| if v > 0.0 { 1.0 } else { 0.0 }),
        layer1: Array2::zeros((m, h)),
        output: Array2::zeros((m, k)),
        trains_biases: true,
    }
}

/// Le même, après une propagation avant.
fn answered_network(sizes: [usize; 4]) -> NeuralNetwork {
    let mut network = random_network(sizes);
    network.feedforward();
    network
}

/// Les données et les réglages d'un réseau, pour montrer ce qu'une sonde donne.
fn network_inputs(network: &NeuralNetwork) -> Vec<Tensor> {
    let mut all = vec![
        matrix("x", [EXAMPLES, INPUTS], &network.input),
        matrix("y", [EXAMPLES, OUTPUTS], &network.y),
    ];
    all.extend(parameters(network));
    all
}

/// Les quatre tableaux qu'un réseau apprend.
fn parameters(network: &NeuralNetwork) -> Vec<Tensor> {
    vec![
        matrix("W1", [INPUTS, HIDDEN], &network.weights1),
        vector("b1", HIDDEN, &network.biases1),
        matrix("W2", [HIDDEN, OUTPUTS], &network.weights2),
        vector("b2", OUTPUTS, &network.biases2),
    ]
}

/// Ce qu'une fonction n'avait pas à changer dans les données d'un réseau, et qu'elle a changé : un
/// tableau de plus que ceux attendus.
fn spoiled_data(given: &NeuralNetwork, now: &NeuralNetwork) -> Vec<Tensor> {
    let biases = |n: &NeuralNetwork| number("trains_biases", f64::from(n.trains_biases));
    let all =
        |n: &NeuralNetwork| [network_inputs(n)[..2].to_vec(), vec![biases(n)]].concat();
    changed(all(given), all(now))
}

/// De même, dans ses réglages.
fn spoiled_parameters(given: &NeuralNetwork, now: &NeuralNetwork) -> Vec<Tensor> {
    changed(parameters(given), parameters(now))
}

fn changed(given: Vec<Tensor>, now: Vec<Tensor>) -> Vec<Tensor> {
    given.into_iter().zip(now).filter(|(a, b)| a != b).map(|(_, b)| b).collect()
}

/// Les quatre gradients.
fn gradients(gradients: &Gradients) -> Vec<Tensor> {
    vec![
        matrix("∂L/∂W1", [INPUTS, HIDDEN], &gradients.weights1),
        vector("∂L/∂b1", HIDDEN, &gradients.biases1),
        matrix("∂L/∂W2", [HIDDEN, OUTPUTS], &gradients.weights2),
        vector("∂L/∂b2", OUTPUTS, &gradients.biases2),
    ]
}

/// La section `heading` du chapitre `chapter`.
const fn see(chapter: &'static str, heading: &'static str) -> Section {
    Section { chapter, heading }
}
