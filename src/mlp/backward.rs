//! La rétropropagation : les mêmes quatre lignes que dans le tutoriel, couche après couche.

use nn_core::NumpyRng;

use crate::buffers::Buffers;
use crate::forward::measure;
use crate::layer::Layer;
use crate::loss::Objective;
use crate::product::{Matrix, add_product};
use crate::real::Real;

/// Propage dans les deux sens : remplit les gradients de l'objectif, et rend la perte réduite.
///
/// x est de forme (m, n), y (m, k), à plat.
#[inline(always)]
pub(crate) fn backprop<F: Real>(
    layers: &[Layer<F>],
    objective: Objective,
    (x, y): (&[F], &[F]),
    examples: usize,
    buffers: &mut Buffers<F>,
    dropout: Option<&mut NumpyRng>,
) -> f64 {
    let Objective { loss, reduction, l2 } = objective;
    let scale = reduction.scale(examples);
    let sum = measure(layers, loss, (x, y), examples, buffers, dropout);
    if let (Some(layer), Some(last)) = (layers.last(), buffers.layers.last_mut()) {
        let (activation, width) = (layer.activation, layer.units());
        last.delta.resize(examples * width, F::zero());
        let (output, delta) = (&last.output, &mut last.delta);
        loss.delta(activation, output, y, F::nearest(scale), delta, width);
    }
    backward(layers, x, examples, F::nearest(l2), buffers);
    scale * sum
}

/// Remplit les gradients de chaque couche, à partir de ∂L/∂z de la dernière, déjà en place.
///
/// Pour chaque couche, de la dernière à la première :
/// - `∂L/∂W = xᵀ·δ + λ W`, où x est ce que la couche a reçu et λ le réglage `l2` ;
/// - ∂L/∂b = la somme des lignes de δ ;
/// - δ de la couche d'avant = δ·Wᵀ, fois le masque du dropout, fois f′.
#[inline(always)]
fn backward<F: Real>(
    layers: &[Layer<F>],
    x: &[F],
    examples: usize,
    l2: F,
    buffers: &mut Buffers<F>,
) {
    let Buffers { layers: all, threads, .. } = buffers;
    for (l, layer) in layers.iter().enumerate().rev() {
        let (before, after) = all.split_at_mut(l);
        let (buffer, (weights, _)) = (&mut after[0], layer.flat());
        let (n, h) = layer.weights.dim();
        let input = before.last().map_or(x, |previous| previous.passed_on()); // (m, n)
        let input = Matrix::new(input, examples, n);
        let delta = Matrix::new(&buffer.delta, examples, h); // (m, h)

        // `∂L/∂W = λ W`, puis `+= xᵀ·δ`.
        buffer.weights_gradient.clear();
        if l2 == F::zero() {
            buffer.weights_gradient.resize(n * h, F::zero());
        } else {
            buffer.weights_gradient.extend(weights.iter().map(|&w| l2 * w));
        }
        // (n, m) · (m, h) → (n, h)
        add_product(input.t(), delta, &mut buffer.weights_gradient, *threads);

        buffer.biases_gradient.clear();
        buffer.biases_gradient.resize(h, F::zero());
        for row in buffer.delta.chunks_exact(h) {
            for (sum, &d) in buffer.biases_gradient.iter_mut().zip(row) {
                *sum += d;
            }
        }

        let Some((previous, layer)) = before.last_mut().zip(layers.get(l.wrapping_sub(1)))
        else {
            return; // la première couche n'a rien avant elle
        };
        previous.delta.clear();
        previous.delta.resize(examples * n, F::zero());
        let weights = Matrix::new(weights, n, h).t();
        // (m, h) · (h, n) → (m, n)
        add_product(delta, weights, &mut previous.delta, *threads);
        if !previous.dropped.is_empty() {
            for (delta, &mask) in previous.delta.iter_mut().zip(&previous.mask) {
                *delta *= mask;
            }
        }
        layer.activation.backward(&previous.output, &mut previous.delta, n);
    }
}
