//! `f32` ou `f64` : ce qu'un [`Mlp`](crate::Mlp) demande au type de ses nombres.

use fearless_simd::SimdFloatElement;
use ndarray::NdFloat;

/// Le type des nombres d'un réseau : `f64` (16 chiffres) ou `f32` (7 chiffres, deux fois
/// moins de mémoire, deux fois plus de nombres par instruction).
///
/// Réservé à ces deux types.
pub trait Float: NdFloat + SimdFloatElement + Default + private::Sealed {
    /// Le nombre le plus proche de `value`.
    fn from_f64(value: f64) -> Self;
    /// Le même nombre, en `f64`.
    fn to_f64(self) -> f64;
}

impl Float for f32 {
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Float for f64 {
    fn from_f64(value: f64) -> Self {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
}

mod private {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
