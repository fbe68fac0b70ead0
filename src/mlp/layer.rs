//! Une couche : ce qu'elle apprend, et ce qu'elle fait de ses sommes.

use ndarray::{Array1, Array2};

use crate::activation::Activation;
use crate::real::Real;

/// Une couche de n entrées et h neurones : a = f(x·W + b), (m, n) · (n, h) + (h) → (m, h).
#[derive(Clone, Debug, PartialEq)]
pub struct Layer<F> {
    pub(crate) weights: Array2<F>,
    pub(crate) biases: Array1<F>,
    pub(crate) activation: Activation,
    pub(crate) dropout: f64,
}

impl<F: Real> Layer<F> {
    /// W, (n, h).
    pub fn weights(&self) -> &Array2<F> {
        &self.weights
    }

    /// b, (h).
    pub fn biases(&self) -> &Array1<F> {
        &self.biases
    }

    /// f, ce que la couche fait de ses sommes.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// La part des neurones éteints à chaque pas d'entraînement, de 0 inclus à 1 exclu.
    pub fn dropout(&self) -> f64 {
        self.dropout
    }

    /// W, à plat, ligne par ligne, et b. Un réseau range toujours ses poids ainsi.
    pub(crate) fn flat(&self) -> (&[F], &[F]) {
        let weights = self.weights.as_slice().expect("des poids rangés ligne par ligne");
        (weights, self.biases.as_slice().expect("des biais l'un après l'autre"))
    }

    /// W et b, à plat, pour qui les change.
    pub(crate) fn flat_mut(&mut self) -> (&mut [F], &mut [F]) {
        let weights =
            self.weights.as_slice_mut().expect("des poids rangés ligne par ligne");
        let biases = self.biases.as_slice_mut().expect("des biais l'un après l'autre");
        (weights, biases)
    }

    /// n, le nombre d'entrées.
    pub fn inputs(&self) -> usize {
        self.weights.nrows()
    }

    /// h, le nombre de neurones.
    pub fn units(&self) -> usize {
        self.weights.ncols()
    }
}

/// Les gradients de la perte pour une couche, chacun de la forme de ce qu'il concerne.
///
/// Ils portent leur propre signe : ∂L/∂W pointe vers la **hausse** de la perte.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerGradients<F> {
    /// ∂L/∂W, (n, h).
    pub weights: Array2<F>,
    /// ∂L/∂b, (h).
    pub biases: Array1<F>,
}
