//! Étape 09 : le gradient est-il juste ? On le mesure, sans formule, et l'on compare.

use ndarray::{Array, Dimension};

use crate::backprop::Gradients;
use crate::network::NeuralNetwork;

// ANCHOR: relative_error
/// L'écart de deux nombres, rapporté au plus grand des deux : |a − b| / max(|a|, |b|).
///
/// 0 quand les deux sont nuls ; exactement 0,5 pour un facteur 2 ; plus de 1 pour deux
/// signes contraires.
///
/// ```
/// use nn_core::gradient_check::relative_error;
/// assert_eq!(relative_error(0.25, 0.5), 0.5);
/// assert_eq!(relative_error(0.0, 0.0), 0.0);
/// ```
pub fn relative_error(a: f64, b: f64) -> f64 {
    let largest = a.abs().max(b.abs());
    if largest == 0.0 { 0.0 } else { (a - b).abs() / largest }
}
// ANCHOR_END: relative_error

// ANCHOR: numerical_gradients
/// Les gradients mesurés : pour chaque réglage, (L(w + h) − L(w − h)) / 2h.
///
/// Rien n'y vient de [`gradients`](NeuralNetwork::gradients) : deux propagations avant par
/// réglage, et c'est tout. C'est lent, et c'est ce qui en fait un juge.
pub fn numerical_gradients(network: &NeuralNetwork, h: f64) -> Gradients {
    Gradients {
        weights1: slopes(network, |network| &mut network.weights1, h), // (n, h)
        biases1: slopes(network, |network| &mut network.biases1, h),   // (h)
        weights2: slopes(network, |network| &mut network.weights2, h), // (h, k)
        biases2: slopes(network, |network| &mut network.biases2, h),   // (k)
    }
}

/// La pente de la perte le long de chaque case d'un tableau, mesurée des deux côtés.
fn slopes<D: Dimension>(
    network: &NeuralNetwork,
    field: fn(&mut NeuralNetwork) -> &mut Array<f64, D>,
    h: f64,
) -> Array<f64, D> {
    let mut slopes = field(&mut network.clone()).clone(); // la forme du tableau
    for (rank, slope) in slopes.iter_mut().enumerate() {
        let loss_at = |shift: f64| {
            let mut copy = network.clone(); // les autres réglages restent en place
            if let Some(weight) = field(&mut copy).iter_mut().nth(rank) {
                *weight += shift;
            }
            copy.feedforward();
            copy.loss()
        };
        *slope = (loss_at(h) - loss_at(-h)) / (2.0 * h);
    }
    slopes
}
// ANCHOR_END: numerical_gradients

// ANCHOR: gradient_error
/// Le plus grand écart relatif entre deux gradients : celui de la pire case.
pub fn gradient_error(computed: &Gradients, measured: &Gradients) -> f64 {
    [
        worst(&computed.weights1, &measured.weights1), // (n, h)
        worst(&computed.biases1, &measured.biases1),   // (h)
        worst(&computed.weights2, &measured.weights2), // (h, k)
        worst(&computed.biases2, &measured.biases2),   // (k)
    ]
    .into_iter()
    .fold(0.0, f64::max)
}

/// L'écart relatif de la pire case.
fn worst<D: Dimension>(a: &Array<f64, D>, b: &Array<f64, D>) -> f64 {
    a.iter().zip(b).fold(0.0, |worst, (a, b)| f64::max(worst, relative_error(*a, *b)))
}
// ANCHOR_END: gradient_error
