//! La justesse : la part des bonnes réponses, quand répondre c'est choisir.

use fearless_simd::Level;
use ndarray::Array2;

use super::activation::Activation;
use super::float::Float;
use super::{Mlp, check};
use crate::error::Error;

/// Combien de bonnes réponses, sur combien.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Score {
    right: usize,
    total: usize,
}

impl Score {
    /// Compte les bonnes réponses de ces sorties, (m, `width`) à plat.
    ///
    /// - `Softmax` : par exemple, la plus grande sortie est-elle celle de la plus grande y ?
    /// - `Sigmoid` : par sortie, ŷ et y sont-elles du même côté de 0,5 ?
    /// - Les autres prédisent des grandeurs : rien à compter.
    pub(super) fn add<F: Float>(
        &mut self,
        level: Level,
        activation: Activation,
        output: &[F],
        y: &[F],
        width: usize,
    ) {
        match activation {
            Activation::Softmax => {
                self.right += F::count_right(level, output, y, width);
                self.total += output.len() / width;
            }
            Activation::Sigmoid => {
                let half = F::nearest(0.5);
                let pairs = output.iter().zip(y);
                self.right += pairs.filter(|(a, y)| (**a > half) == (**y > half)).count();
                self.total += output.len();
            }
            Activation::Identity | Activation::Tanh | Activation::Relu => {}
        }
    }

    /// La part des bonnes réponses, entre 0 et 1 ; rien si l'on n'a rien compté.
    pub(super) fn accuracy(self) -> Option<f64> {
        (self.total > 0).then(|| self.right as f64 / self.total as f64)
    }
}

/// Combien de lignes choisissent la bonne classe : (m, `width`), à plat.
#[inline(always)]
pub(super) fn count_right<F: Float>(output: &[F], y: &[F], width: usize) -> usize {
    let mut right = 0;
    for (output, y) in output.chunks_exact(width).zip(y.chunks_exact(width)) {
        right += usize::from(is_right(output, y));
    }
    right
}

/// La plus grande sortie est-elle celle de la seule classe que y vaut 1 ?
#[inline(always)]
fn is_right<F: Float>(output: &[F], y: &[F]) -> bool {
    let mut chosen = F::zero();
    for (&a, &y) in output.iter().zip(y) {
        chosen += a * y; // les autres termes sont nuls : c'est la sortie de la bonne classe
    }
    let mut not_below = 0;
    for &a in output {
        not_below += usize::from(a >= chosen);
    }
    // Le plus souvent, elle est la seule à ne pas être au-dessous d'elle-même.
    not_below == 1 || (not_below > 1 && largest(output) == largest(y))
}

/// La place du plus grand nombre d'une ligne, la première s'il y en a plusieurs.
fn largest<F: Float>(row: &[F]) -> usize {
    let mut best = 0;
    for (place, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = place;
        }
    }
    best
}

impl<F: Float> Mlp<F> {
    /// La justesse sur ces exemples, entre 0 et 1 : x (m, n), y (m, k).
    ///
    /// Pour une sortie `Softmax`, la part des exemples dont la classe est la bonne ; pour
    /// `Sigmoid`, la part des réponses du bon côté de 0,5 ; rien pour les autres, qui
    /// prédisent des grandeurs.
    ///
    /// # Erreurs
    /// Celles de [`predict`](Self::predict), et un `y` que le réseau ne peut pas apprendre.
    pub fn accuracy(&self, x: &Array2<F>, y: &Array2<F>) -> Result<Option<f64>, Error> {
        F::accuracy(self, x, y)
    }

    /// Ce que fait `accuracy` : `kernels` le compile pour `f32` et pour `f64`.
    pub(super) fn generic_accuracy(
        &self,
        x: &Array2<F>,
        y: &Array2<F>,
    ) -> Result<Option<f64>, Error> {
        check::examples(&self.layers, self.objective.loss, x, y)?;
        let (output, y) = (self.predict(x)?, y.as_standard_layout());
        let (mut score, output) = (Score::default(), output.as_standard_layout());
        let [output, y] = [&output, &y].map(super::slice);
        score.add(self.buffers.level, self.output_activation(), output, y, self.outputs());
        Ok(score.accuracy())
    }
}
