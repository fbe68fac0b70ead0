//! La justesse : la part des bonnes réponses, quand répondre c'est choisir.

use fearless_simd::{Level, dispatch};

use crate::activation::Activation;
use crate::real::Real;

/// Combien de bonnes réponses, sur combien.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Score {
    right: usize,
    total: usize,
}

impl Score {
    /// Compte les bonnes réponses de ces sorties, (m, `width`) à plat.
    ///
    /// - `Softmax` : par exemple, la plus grande sortie est-elle celle de la plus grande y ?
    /// - `Sigmoid` : par sortie, ŷ et y sont-elles du même côté de 0,5 ?
    /// - Les autres prédisent des grandeurs : rien à compter.
    pub(crate) fn add<F: Real>(
        &mut self,
        level: Level,
        activation: Activation,
        output: &[F],
        y: &[F],
        width: usize,
    ) {
        match activation {
            Activation::Softmax => {
                self.right += count_right(level, output, y, width);
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
    pub(crate) fn accuracy(self) -> Option<f64> {
        (self.total > 0).then(|| self.right as f64 / self.total as f64)
    }
}

/// Combien de lignes choisissent la bonne classe : (m, `width`), à plat.
#[inline(never)]
fn count_right<F: Real>(level: Level, output: &[F], y: &[F], width: usize) -> usize {
    dispatch!(level, _simd => {
        let mut right = 0;
        for (output, y) in output.chunks_exact(width).zip(y.chunks_exact(width)) {
            right += usize::from(is_right(output, y));
        }
        right
    })
}

/// La plus grande sortie est-elle celle de la seule classe que y vaut 1 ?
#[inline(always)]
fn is_right<F: Real>(output: &[F], y: &[F]) -> bool {
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
fn largest<F: Real>(row: &[F]) -> usize {
    let mut best = 0;
    for (place, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = place;
        }
    }
    best
}
