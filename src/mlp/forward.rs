//! La propagation avant, de x jusqu'à la perte.

use fearless_simd::dispatch;
use nn_core::NumpyRng;
use rand::RngExt;

use crate::buffers::{Buffers, LayerBuffers};
use crate::layer::Layer;
use crate::loss::Loss;
use crate::product::{Matrix, add_product};
use crate::real::Real;

/// Remplit la sortie de chaque couche pour les `examples` lignes de x, à plat.
///
/// La dernière couche garde ses sommes z : la perte les active en même temps qu'elle se
/// mesure. `dropout` est le générateur des masques ; sans lui, aucun neurone n'est éteint.
#[inline(always)]
fn forward<F: Real>(
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
pub(crate) fn measure<F: Real>(
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

/// La même propagation, sans dropout, avec les vecteurs de la machine.
#[inline(never)]
pub(crate) fn answer<F: Real>(
    layers: &[Layer<F>],
    x: &[F],
    examples: usize,
    buffers: &mut Buffers<F>,
) {
    let level = buffers.level;
    dispatch!(level, _simd => forward(layers, x, examples, buffers, None));
}

/// La même mesure, sans dropout, avec les vecteurs de la machine.
#[inline(never)]
pub(crate) fn loss<F: Real>(
    layers: &[Layer<F>],
    loss: Loss,
    examples: (&[F], &[F]),
    count: usize,
    buffers: &mut Buffers<F>,
) -> f64 {
    let level = buffers.level;
    dispatch!(level, _simd => measure(layers, loss, examples, count, buffers, None))
}

/// Éteint chaque neurone avec la probabilité p, et multiplie les autres par 1 / (1 − p) :
/// la moyenne de ce que reçoit la couche suivante ne change pas.
///
/// Source : N. Srivastava et coll., « <i lang="en">Dropout</i> », JMLR 15, 2014 ; `torch.nn.Dropout`.
#[inline(always)]
fn drop_units<F: Real>(p: f64, buffer: &mut LayerBuffers<F>, rng: &mut NumpyRng) {
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
