//! Les deux sortes de nombres : `f64`, celle de Rust et de NumPy, et `f32`, celle de PyTorch.

use std::fmt;

/// Le type des nombres d'un tableau.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dtype {
    /// 32 bits, environ 7 chiffres : celui de PyTorch, d'office.
    F32,
    /// 64 bits, environ 16 chiffres : celui de Rust et de NumPy, d'office.
    F64,
}

impl Dtype {
    /// La taille d'un nombre, en octets.
    pub fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::F32 => "F32",
            Self::F64 => "F64",
        })
    }
}

/// `f32` ou `f64`, et aucun autre.
pub trait Number: Copy + Into<f64> + sealed::Sealed {
    /// Son nom dans un fichier de poids.
    const DTYPE: Dtype;

    /// Le nombre de ce type le plus proche de `value`.
    fn nearest(value: f64) -> Self;
}

impl Number for f32 {
    const DTYPE: Dtype = Dtype::F32;

    fn nearest(value: f64) -> Self {
        value as f32
    }
}

impl Number for f64 {
    const DTYPE: Dtype = Dtype::F64;

    fn nearest(value: f64) -> Self {
        value
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
