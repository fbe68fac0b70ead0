//! Les fonctions d'activation, chacune avec sa dérivée à côté.

use std::fmt;

use super::float::Float;

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
    pub(super) fn apply<F: Float>(self, values: &mut [F], width: usize) {
        match self {
            Self::Identity => {}
            Self::Sigmoid => values.iter_mut().for_each(|z| *z = sigmoid(*z)),
            Self::Tanh => values.iter_mut().for_each(|z| *z = z.tanh()),
            // Pas `max`, qui rendrait 0 pour un NaN et cacherait un entraînement qui diverge.
            Self::Relu => values
                .iter_mut()
                .for_each(|z| *z = if *z < F::zero() { F::zero() } else { *z }),
            Self::Softmax => values.chunks_exact_mut(width).for_each(|row| {
                softmax(row);
            }),
        }
    }

    /// ∂L/∂a devient ∂L/∂z, sur place, à partir de la sortie a ; `width` nombres par ligne.
    #[inline(always)]
    pub(super) fn backward<F: Float>(self, output: &[F], delta: &mut [F], width: usize) {
        let pairs = delta.iter_mut().zip(output);
        match self {
            Self::Identity => {}
            Self::Sigmoid => pairs.for_each(|(delta, &a)| *delta *= a * (F::one() - a)),
            Self::Tanh => pairs.for_each(|(delta, &a)| *delta *= F::one() - a * a),
            Self::Relu => pairs.for_each(|(delta, &a)| {
                *delta = if a <= F::zero() { F::zero() } else { *delta };
            }),
            Self::Softmax => {
                let rows = delta.chunks_exact_mut(width).zip(output.chunks_exact(width));
                for (delta, a) in rows {
                    let mean =
                        delta.iter().zip(a).fold(F::zero(), |sum, (&d, &a)| sum + d * a);
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
pub(super) fn sigmoid<F: Float>(z: F) -> F {
    F::one() / (F::one() + (-z).vector_exp())
}

/// Une ligne de z devient ses probabilités ; rend `ln Σᵢ e^zᵢ`, que l'entropie croisée emploie.
///
/// Retirer le plus grand z ne change pas le quotient, et aucune exponentielle ne dépasse 1 :
/// des z de ±1000 ne donnent ni infini, ni NaN.
#[inline(always)]
pub(super) fn softmax<F: Float>(row: &mut [F]) -> F {
    let largest = row.iter().fold(F::neg_infinity(), |largest, &z| largest.max(z));
    let mut sum = F::zero();
    for z in row.iter_mut() {
        *z = (*z - largest).vector_exp();
        sum += *z;
    }
    for z in row.iter_mut() {
        *z /= sum;
    }
    largest + sum.ln()
}
