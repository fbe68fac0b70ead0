//! Les fonctions d'activation, chacune avec sa dérivée à côté.
//!
//! Des `for`, et non des `for_each` : le compilateur les insère toujours dans la boucle qui les
//! appelle, et en fait les vecteurs de la machine (`kernels`).

use std::fmt;

use crate::real::Real;

/// Ce qu'une couche fait de ses sommes pondérées z, de forme (m, h), pour rendre a, (m, h).
///
/// Chaque dérivée s'écrit à partir de la **sortie** a : z n'est pas gardé.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// a = z : pour prédire une grandeur quelconque (régression).
    Identity,
    /// a = 1 / (1 + e⁻ᶻ), entre 0 et 1 ; a′ = a (1 − a).
    Sigmoid,
    /// a = tanh z, entre −1 et 1 ; a′ = 1 − a².
    Tanh,
    /// a = max(0, z) ; a′ vaut 1 si z > 0, et 0 sinon (en 0 aussi, comme dans PyTorch).
    Relu,
    /// `aⱼ = e^zⱼ / Σᵢ e^zᵢ`, ligne par ligne : des probabilités, de somme 1.
    /// `∂aᵢ/∂zⱼ = aᵢ (δᵢⱼ − aⱼ)`, où `δᵢⱼ` vaut 1 si i = j, et 0 sinon.
    Softmax,
}

impl Activation {
    /// Le nom, tel que PyTorch l'écrit en minuscules.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Relu => "relu",
            Self::Softmax => "softmax",
        }
    }

    /// `z` devient `a`, sur place ; `width` nombres par ligne.
    #[inline(always)]
    pub(crate) fn apply<F: Real>(self, values: &mut [F], width: usize) {
        match self {
            Self::Identity => {}
            Self::Sigmoid => {
                for z in values {
                    *z = sigmoid(*z);
                }
            }
            Self::Tanh => {
                for z in values {
                    *z = z.tanh();
                }
            }
            // Pas `max`, qui rendrait 0 pour un NaN et cacherait un entraînement qui diverge.
            Self::Relu => {
                for z in values {
                    *z = if *z < F::zero() { F::zero() } else { *z };
                }
            }
            Self::Softmax => {
                subtract_largest(values, width);
                for z in values.iter_mut() {
                    *z = z.vector_exp();
                }
                for row in values.chunks_exact_mut(width) {
                    divide_by_sum(row);
                }
            }
        }
    }

    /// ∂L/∂a devient ∂L/∂z, sur place, à partir de la sortie a ; `width` nombres par ligne.
    #[inline(always)]
    pub(crate) fn backward<F: Real>(self, output: &[F], delta: &mut [F], width: usize) {
        match self {
            Self::Identity => {}
            Self::Sigmoid => {
                for (delta, &a) in delta.iter_mut().zip(output) {
                    *delta *= a * (F::one() - a);
                }
            }
            Self::Tanh => {
                for (delta, &a) in delta.iter_mut().zip(output) {
                    *delta *= F::one() - a * a;
                }
            }
            Self::Relu => {
                for (delta, &a) in delta.iter_mut().zip(output) {
                    *delta = if a <= F::zero() { F::zero() } else { *delta };
                }
            }
            Self::Softmax => {
                let rows = delta.chunks_exact_mut(width).zip(output.chunks_exact(width));
                for (delta, a) in rows {
                    let mut mean = F::zero();
                    for (&d, &a) in delta.iter().zip(a) {
                        mean += d * a;
                    }
                    for (delta, &a) in delta.iter_mut().zip(a) {
                        *delta = a * (*delta - mean);
                    }
                }
            }
        }
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// σ(z), la formule de [`crate::sigmoid`], pour `f32` aussi.
#[inline(always)]
pub(crate) fn sigmoid<F: Real>(z: F) -> F {
    F::one() / (F::one() + (-z).vector_exp())
}

/// Retire à chaque ligne de z, de `width` nombres, le plus grand d'entre eux.
///
/// Le quotient de softmax n'en change pas, et aucune exponentielle ne dépasse 1 : des z de
/// ±1000 ne donnent ni infini, ni NaN.
#[inline(always)]
pub(crate) fn subtract_largest<F: Real>(values: &mut [F], width: usize) {
    for row in values.chunks_exact_mut(width) {
        let mut largest = F::neg_infinity();
        for &z in row.iter() {
            largest = if z > largest { z } else { largest };
        }
        for z in row {
            *z -= largest;
        }
    }
}

/// Une ligne d'exponentielles devient des probabilités, de somme 1 ; rend l'ancienne somme.
#[inline(always)]
pub(crate) fn divide_by_sum<F: Real>(row: &mut [F]) -> F {
    let mut sum = F::zero();
    for &e in row.iter() {
        sum += e;
    }
    for e in row {
        *e /= sum;
    }
    sum
}
