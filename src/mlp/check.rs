//! À la porte d'un [`Mlp`](super::Mlp) : les exemples et les tableaux qu'il accepte.

use ndarray::{Array2, ArrayView, Dimension};

use super::error::MlpError;
use super::float::Float;
use super::layer::Layer;
use super::loss::Loss;
use crate::error::{Error, MAX_ACTIVATIONS, MAX_VALUE};

/// Une matrice non vide, de nombres finis, et dont les couches peuvent tenir les réponses.
pub(super) fn inputs<F: Float>(layers: &[Layer<F>], x: &Array2<F>) -> Result<(), Error> {
    let expected = layers.first().map_or(0, Layer::inputs);
    if !x.is_empty() && x.ncols() != expected {
        return Err(Error::Width { expected, found: x.ncols() });
    }
    matrix("x", x)
}

/// Des couches dont la mémoire peut tenir les réponses à `examples` exemples à la fois.
pub(super) fn activations<F: Float>(
    layers: &[Layer<F>],
    examples: usize,
) -> Result<(), Error> {
    let units = layers.iter().map(Layer::units).max().unwrap_or(0);
    match examples.checked_mul(units) {
        Some(activations) if activations <= MAX_ACTIVATIONS => Ok(()),
        _ => Err(Error::LayerTooLarge { examples, units }),
    }
}

/// Des exemples que ce réseau peut apprendre.
pub(super) fn examples<F: Float>(
    layers: &[Layer<F>],
    loss: Loss,
    x: &Array2<F>,
    y: &Array2<F>,
) -> Result<(), Error> {
    inputs(layers, x)?;
    matrix("y", y)?;
    if x.nrows() != y.nrows() {
        return Err(Error::RowMismatch { x: x.nrows(), y: y.nrows() });
    }
    let expected = layers.last().map_or(0, Layer::units);
    if y.ncols() != expected {
        Err(MlpError::OutputWidth { expected, found: y.ncols() })?;
    }
    Ok(labels(loss, y)?)
}

/// Des réponses que la perte comprend.
fn labels<F: Float>(loss: Loss, y: &Array2<F>) -> Result<(), MlpError> {
    match loss {
        Loss::SquaredError => Ok(()),
        Loss::BinaryCrossEntropy => {
            let wrong =
                y.indexed_iter().find(|(_, y)| !(F::zero()..=F::one()).contains(*y));
            wrong.map_or(Ok(()), |((row, column), value)| {
                let value = value.as_f64();
                Err(MlpError::NotAProbability { row, column, value })
            })
        }
        Loss::CrossEntropy => {
            let is_one_hot = |row: ndarray::ArrayView1<F>| {
                let ones = row.iter().filter(|y| **y == F::one()).count();
                let zeros = row.iter().filter(|y| **y == F::zero()).count();
                ones == 1 && ones + zeros == row.len()
            };
            let wrong = y.rows().into_iter().position(|row| !is_one_hot(row));
            wrong.map_or(Ok(()), |row| Err(MlpError::NotOneHot { row }))
        }
    }
}

/// Une matrice qui contient au moins un nombre, et seulement des nombres finis.
fn matrix<F: Float>(array: &'static str, a: &Array2<F>) -> Result<(), Error> {
    if a.is_empty() {
        return Err(Error::Empty { array, rows: a.nrows(), columns: a.ncols() });
    }
    let largest = F::nearest(MAX_VALUE.min(F::max_value().as_f64()));
    let acceptable = |value: F| value.abs() <= largest; // faux aussi pour un NaN
    // Le cas ordinaire d'abord, par poignées : sans s'arrêter à chaque nombre, c'est plus court.
    let all = |chunk: &[F]| chunk.iter().fold(true, |all, &value| all & acceptable(value));
    if a.as_slice().is_some_and(|values| values.chunks(256).all(all)) {
        return Ok(());
    }
    let wrong = a.indexed_iter().find(|(_, value)| !acceptable(**value));
    wrong.map_or(Ok(()), |((row, column), value)| {
        Err(Error::NotFinite { array, row, column, value: value.as_f64() })
    })
}

/// Des poids ou des biais de la forme attendue, et finis.
pub(super) fn parameter<F: Float, D: Dimension>(
    name: &str,
    expected: &[usize],
    values: &ArrayView<F, D>,
) -> Result<(), MlpError> {
    if values.shape() != expected {
        return Err(MlpError::ParameterShape {
            name: name.to_string(),
            expected: expected.to_vec(),
            found: values.shape().to_vec(),
        });
    }
    let wrong = values.iter().find(|value| !value.is_finite());
    wrong.map_or(Ok(()), |value| {
        let value = value.as_f64();
        Err(MlpError::ParameterNotFinite { name: name.to_string(), value })
    })
}

/// Des réponses finies : `values` est de forme (m, `width`), à plat.
pub(super) fn outputs<F: Float>(values: &[F], width: usize) -> Result<(), MlpError> {
    let wrong = values.iter().position(|value| !value.is_finite());
    wrong.map_or(Ok(()), |place| {
        let value = values[place].as_f64();
        Err(MlpError::NotFiniteOutput { row: place / width, value })
    })
}
