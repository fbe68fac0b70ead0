//! Des tableaux qui portent un nom, comme le `state_dict` de PyTorch.

use std::collections::BTreeMap;

use ndarray::{
    Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayRef2, Dimension, IntoDimension,
};
use nn_mlp::{Dtype, Number};

use super::error::{WeightsError, listed, short};

/// Un tableau : son type, sa forme et ses nombres, ligne par ligne.
///
/// Les nombres sont gardés en `f64`, qui contient exactement chaque `f32`.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f64>,
}

impl Tensor {
    /// Le type de ses nombres dans un fichier.
    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// Sa forme.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Ses nombres, ligne par ligne.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Le même, si tous ses nombres sont finis et tiennent dans son type.
    pub(super) fn checked(self, name: &str) -> Result<Self, WeightsError> {
        let dtype = self.dtype;
        let fits = |value: f64| match dtype {
            Dtype::F32 => (value as f32).is_finite(),
            Dtype::F64 => value.is_finite(),
        };
        match self.values.iter().enumerate().find(|&(_, &value)| !fits(value)) {
            Some((place, &value)) => {
                Err(WeightsError::NotFinite { name: short(name), place, value, dtype })
            }
            None => Ok(self),
        }
    }
}

/// Les tableaux d'un réseau, par leur nom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateDict {
    pub(super) tensors: BTreeMap<String, Tensor>,
}

impl StateDict {
    /// Aucun tableau, pour commencer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Les noms des tableaux, dans l'ordre alphabétique.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// Le tableau de ce nom.
    ///
    /// # Erreurs
    /// [`WeightsError::Missing`], qui dit lesquels sont là.
    pub fn tensor(&self, name: &str) -> Result<&Tensor, WeightsError> {
        self.tensors.get(name).ok_or_else(|| WeightsError::Missing {
            name: short(name),
            present: listed(self.names()),
        })
    }

    // ANCHOR: insert_get
    /// Ajoute un tableau tel quel, ou remplace celui du même nom.
    ///
    /// # Erreurs
    /// [`WeightsError::NotFinite`], [`WeightsError::ReservedName`].
    pub fn insert<T: Number, D: Dimension>(
        &mut self,
        name: &str,
        array: &ArrayRef<T, D>,
    ) -> Result<(), WeightsError> {
        if name == "__metadata__" {
            return Err(WeightsError::ReservedName);
        }
        let tensor = Tensor {
            dtype: T::DTYPE,
            shape: array.shape().to_vec(),
            values: array.iter().map(|&value| value.into()).collect(),
        };
        self.tensors.insert(name.to_string(), tensor.checked(name)?);
        Ok(())
    }

    /// Le tableau de ce nom, s'il a cette forme.
    ///
    /// Des F32 se lisent aussi en `f64`, sans rien perdre ; l'inverse est refusé.
    ///
    /// # Erreurs
    /// [`WeightsError::Missing`], [`WeightsError::Shape`], [`WeightsError::WrongDtype`].
    pub fn get<T: Number, S: IntoDimension>(
        &self,
        name: &str,
        shape: S,
    ) -> Result<Array<T, S::Dim>, WeightsError> {
        let (tensor, shape) = (self.tensor(name)?, shape.into_dimension());
        if tensor.dtype == Dtype::F64 && T::DTYPE == Dtype::F32 {
            return Err(WeightsError::WrongDtype {
                name: short(name),
                expected: T::DTYPE,
                found: tensor.dtype,
            });
        }
        let refused = || WeightsError::Shape {
            name: short(name),
            expected: shape.slice().to_vec(),
            found: tensor.shape.clone(),
        };
        if tensor.shape != shape.slice() {
            return Err(refused());
        }
        let values = tensor.values.iter().map(|&value| T::nearest(value)).collect();
        Array::from_shape_vec(shape.clone(), values).map_err(|_| refused())
    }
    // ANCHOR_END: insert_get

    // ANCHOR: linear
    /// Ajoute une couche x·W + b comme PyTorch la nomme et la range : `module.weight`, de forme
    /// (h, n), et `module.bias`, (h). `weights` est de forme (n, h), `biases` (h).
    ///
    /// # Erreurs
    /// [`WeightsError::NotFinite`].
    pub fn insert_linear<T: Number>(
        &mut self,
        module: &str,
        weights: &ArrayRef2<T>,
        biases: &ArrayRef1<T>,
    ) -> Result<(), WeightsError> {
        self.insert(&format!("{module}.weight"), &weights.t())?; // (n, h) → (h, n)
        self.insert(&format!("{module}.bias"), biases)
    }

    /// Les poids (n, h) et les biais (h) d'une couche de `inputs` entrées et `outputs` neurones.
    ///
    /// # Erreurs
    /// [`WeightsError::Missing`], [`WeightsError::Shape`], [`WeightsError::WrongDtype`].
    pub fn linear<T: Number>(
        &self,
        module: &str,
        inputs: usize,
        outputs: usize,
    ) -> Result<(Array2<T>, Array1<T>), WeightsError> {
        let weight: Array2<T> = self.get(&format!("{module}.weight"), (outputs, inputs))?;
        let weights = weight.t().as_standard_layout().into_owned(); // (h, n) → (n, h)
        Ok((weights, self.get(&format!("{module}.bias"), outputs)?))
    }
    // ANCHOR_END: linear

    /// Rien d'autre que ces tableaux : `load_state_dict(…, strict=True)` en PyTorch.
    ///
    /// # Erreurs
    /// [`WeightsError::Unexpected`].
    pub fn expect_only(&self, names: &[&str]) -> Result<(), WeightsError> {
        match self.names().find(|name| !names.contains(name)) {
            Some(name) => Err(WeightsError::Unexpected {
                name: short(name),
                expected: listed(names.iter().copied()),
            }),
            None => Ok(()),
        }
    }

    /// Les mêmes tableaux, arrondis à ce type s'ils n'en sont pas : des F32 prennent deux fois
    /// moins de place.
    ///
    /// # Erreurs
    /// [`WeightsError::NotFinite`] pour un nombre trop grand.
    pub fn to_dtype(&self, dtype: Dtype) -> Result<StateDict, WeightsError> {
        let mut tensors = BTreeMap::new();
        for (name, tensor) in &self.tensors {
            let mut tensor = Tensor { dtype, ..tensor.clone() }.checked(name)?;
            if dtype == Dtype::F32 {
                tensor
                    .values
                    .iter_mut()
                    .for_each(|value| *value = f64::from(*value as f32));
            }
            tensors.insert(name.clone(), tensor);
        }
        Ok(StateDict { tensors })
    }
}
