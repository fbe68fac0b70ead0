//! La propagation avant, de x jusqu'à la perte.

use rand::RngExt;

use super::buffers::{Buffers, LayerBuffers};
use super::float::Float;
use super::layer::Layer;
use super::loss::Loss;
use super::product::{Matrix, add_product};
use crate::numpy_rng::NumpyRng;

/// Remplit la sortie de chaque couche pour les `examples` lignes de x, à plat.
///
/// La dernière couche garde ses sommes z : la perte les active en même temps qu'elle se
/// mesure. `dropout` est le générateur des masques ; sans lui, aucun neurone n'est éteint.
#[inline(always)]
pub(super) fn forward<F: Float>(
    layers: &[Layer<F>],
    x: &[F],
    examples: usize,
    buffers: &mut Buffers<F>,
    mut dropout: Option<&mut NumpyRng>,
) {
    let Buffers { layers: all, threads, .. } = buffers;
    for (l, layer) in layers.iter().enumerate() {
        let (before, after) = all.split_at_mut(l);
        let (buffer, (weights, biases)) = (&mut after[0], layer.flat());
        let input = before.last().map_or(x, LayerBuffers::passed_on); // (m, n)
        let (n, h) = layer.weights.dim();

        // z = b, recopié sur chaque ligne, puis z += x·W.
        buffer.output.resize(examples * h, F::zero());
        for row in buffer.output.chunks_exact_mut(h) {
            row.copy_from_slice(biases);
        }
        let (x, w) = (Matrix::new(input, examples, n), Matrix::new(weights, n, h));
        add_product(x, w, &mut buffer.output, *threads); // (m, n) · (n, h) → (m, h)

        if l + 1 < layers.len() {
            layer.activation.apply(&mut buffer.output, h);
        }
        buffer.dropped.clear();
        if let Some(rng) = dropout.as_deref_mut().filter(|_| layer.dropout > 0.0) {
            drop_units(layer.dropout, buffer, rng);
        }
    }
}

/// Propage, puis active la dernière couche ; rend la perte, additionnée sur les exemples.
///
/// x est de forme (m, n), y (m, k), à plat.
#[inline(always)]
pub(super) fn measure<F: Float>(
    layers: &[Layer<F>],
    loss: Loss,
    (x, y): (&[F], &[F]),
    examples: usize,
    buffers: &mut Buffers<F>,
    dropout: Option<&mut NumpyRng>,
) -> f64 {
    forward(layers, x, examples, buffers, dropout);
    let (Some(layer), Some(buffer)) = (layers.last(), buffers.layers.last_mut()) else {
        return 0.0; // un réseau a toujours une couche
    };
    loss.activate_and_measure(layer.activation, &mut buffer.output, y, layer.units())
}

/// Éteint chaque neurone avec la probabilité p, et multiplie les autres par 1 / (1 − p) :
/// la moyenne de ce que reçoit la couche suivante ne change pas.
///
/// Source : N. Srivastava et coll., « <i lang="en">Dropout</i> », JMLR 15, 2014 ; `torch.nn.Dropout`.
#[inline(always)]
fn drop_units<F: Float>(p: f64, buffer: &mut LayerBuffers<F>, rng: &mut NumpyRng) {
    let values = [F::zero(), F::nearest(1.0 / (1.0 - p))];
    // Un entier de 32 bits se tire deux fois plus vite qu'un réel, et p < 1 s'y place assez bien.
    let threshold = (p * 2_f64.powi(32)) as u32;
    buffer.mask.resize(buffer.output.len(), F::zero());
    for mask in &mut buffer.mask {
        // Une place plutôt qu'un « si » : le processeur ne peut pas le deviner.
        *mask = values[usize::from(rng.random::<u32>() >= threshold)];
    }
    buffer.dropped.resize(buffer.output.len(), F::zero());
    let pairs = buffer.output.iter().zip(&buffer.mask);
    for (dropped, (&a, &mask)) in buffer.dropped.iter_mut().zip(pairs) {
        *dropped = a * mask;
    }
}
