//! `f32` ou `f64` : ce que les calculs demandent au type de leurs nombres.

use ndarray::NdFloat;

use crate::exp::VectorExp;
use crate::number::Number;

/// Un nombre avec lequel on calcule : `f64` (16 chiffres) ou `f32` (7 chiffres, deux fois
/// moins de mémoire, deux fois plus de nombres par instruction).
///
/// Réservé à ces deux types.
pub trait Real: Number + NdFloat + Default + VectorExp {
    /// Le même nombre, en `f64`.
    fn as_f64(self) -> f64 {
        self.into()
    }
}

impl Real for f32 {}
impl Real for f64 {}
