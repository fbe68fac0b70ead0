//! `f32` ou `f64` : ce qu'un [`Mlp`](crate::Mlp) demande au type de ses nombres.

use ndarray::NdFloat;

use super::kernels::Kernels;
use crate::number::Number;

/// Le type des nombres d'un réseau : `f64` (16 chiffres) ou `f32` (7 chiffres, deux fois
/// moins de mémoire, deux fois plus de nombres par instruction).
///
/// Réservé à ces deux types.
pub trait Float: Number + NdFloat + Default + Kernels {
    /// Le même nombre, en `f64`.
    fn as_f64(self) -> f64 {
        self.into()
    }
}

impl Float for f32 {}
impl Float for f64 {}
