//! Les pertes, chacune avec son gradient ; les entropies croisées sont fusionnées avec l'activation.
//!
//! Fusionner, c'est calculer la perte à partir de z, avant l'activation. σ(40) s'arrondit à 1,
//! et ln(1 − 1) serait −∞ ; ln(1 + e⁻⁴⁰), lui, est un nombre ordinaire. Le gradient se
//! simplifie aussi : ∂L/∂z = ŷ − y.
//!
//! Source : I. Goodfellow, Y. Bengio et A. Courville, <i lang="en">Deep Learning</i>, 2016, section 6.2.2.

use std::fmt;

use crate::activation::{Activation, divide_by_sum, sigmoid, subtract_largest};
use crate::real::Real;

/// De combien la réponse ŷ, de forme (m, k), s'écarte de y, (m, k). Toutes s'additionnent sur
/// toutes les sorties d'un exemple ; [`Reduction`] dit ce que l'on fait des m exemples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Σ (y − ŷ)², la perte du chapitre 4. Toute activation de sortie.
    SquaredError,
    /// −Σ [y ln ŷ + (1 − y) ln(1 − ŷ)], pour des sorties `Sigmoid` ; chaque y entre 0 et 1.
    BinaryCrossEntropy,
    /// −Σ y ln ŷ, pour une sortie `Softmax` ; dans chaque ligne de y, un seul 1 et des 0.
    CrossEntropy,
}

/// Ce que devient la perte des m exemples d'un lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Leur moyenne : le taux d'apprentissage ne dépend pas de la taille du lot.
    #[default]
    Mean,
    /// Leur somme, comme au chapitre 4.
    Sum,
}

/// Ce qu'un réseau rend le plus petit possible : la perte, réduite, et λ/2 · Σ w².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Objective {
    pub(crate) loss: Loss,
    pub(crate) reduction: Reduction,
    pub(crate) l2: f64,
}

impl Reduction {
    /// Ce par quoi multiplier la somme de `examples` exemples.
    pub(crate) fn scale(self, examples: usize) -> f64 {
        match self {
            Self::Mean => 1.0 / examples.max(1) as f64,
            Self::Sum => 1.0,
        }
    }
}

impl Loss {
    /// Le nom, tel que le code l'écrit.
    pub fn name(self) -> &'static str {
        match self {
            Self::SquaredError => "SquaredError",
            Self::BinaryCrossEntropy => "BinaryCrossEntropy",
            Self::CrossEntropy => "CrossEntropy",
        }
    }

    /// L'activation de sortie que cette perte demande, s'il n'y en a qu'une.
    pub(crate) fn required_activation(self) -> Option<Activation> {
        match self {
            Self::SquaredError => None,
            Self::BinaryCrossEntropy => Some(Activation::Sigmoid),
            Self::CrossEntropy => Some(Activation::Softmax),
        }
    }

    /// z devient ŷ, sur place ; rend la perte, additionnée sur tous les exemples.
    ///
    /// `values` et `y` sont de forme (m, `width`), à plat.
    #[inline(always)]
    pub(crate) fn activate_and_measure<F: Real>(
        self,
        activation: Activation,
        values: &mut [F],
        y: &[F],
        width: usize,
    ) -> f64 {
        match self {
            Self::SquaredError => {
                activation.apply(values, width);
                let mut sum = 0.0;
                for (&answer, &y) in values.iter().zip(y) {
                    let error = y - answer;
                    sum += (error * error).as_f64();
                }
                sum
            }
            // −y ln σ(z) − (1 − y) ln(1 − σ(z)) = max(z, 0) − y z + ln(1 + e^−|z|)
            Self::BinaryCrossEntropy => {
                let mut sum = 0.0;
                for (value, &y) in values.iter_mut().zip(y) {
                    let z = *value;
                    *value = sigmoid(z);
                    // Pas `max`, qui cacherait un NaN.
                    let positive = if z < F::zero() { F::zero() } else { z };
                    sum += (positive - y * z + (-z.abs()).vector_exp().ln_1p()).as_f64();
                }
                sum
            }
            // −Σ y ln ŷ = Σ y (ln Σ e^z − z) = ln Σ e^z − Σ y z, car Σ y = 1
            Self::CrossEntropy => {
                subtract_largest(values, width);
                let mut total = 0.0;
                for (row, y) in values.chunks_exact(width).zip(y.chunks_exact(width)) {
                    let mut chosen = F::zero();
                    for (&z, &y) in row.iter().zip(y) {
                        // Un z de −∞ que y ne choisit pas ne compte pas.
                        chosen += if y == F::zero() { F::zero() } else { y * z };
                    }
                    total -= chosen.as_f64();
                }
                for z in values.iter_mut() {
                    *z = z.vector_exp();
                }
                for row in values.chunks_exact_mut(width) {
                    total += divide_by_sum(row).ln().as_f64();
                }
                total
            }
        }
    }

    /// Remplit `delta` de ∂L/∂z, pour la dernière couche : (m, `width`).
    #[inline(always)]
    pub(crate) fn delta<F: Real>(
        self,
        activation: Activation,
        output: &[F],
        y: &[F],
        scale: F,
        delta: &mut [F],
        width: usize,
    ) {
        let triples = delta.iter_mut().zip(output).zip(y);
        match self {
            Self::SquaredError => {
                let factor = F::nearest(-2.0) * scale;
                for ((delta, &a), &y) in triples {
                    *delta = factor * (y - a);
                }
                activation.backward(output, delta, width);
            }
            Self::BinaryCrossEntropy | Self::CrossEntropy => {
                for ((delta, &a), &y) in triples {
                    *delta = scale * (a - y);
                }
            }
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
