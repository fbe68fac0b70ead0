//! À la porte d'un [`Mlp`](crate::Mlp) : les exemples et les tableaux qu'il accepte.

use ndarray::{Array1, Array2, ArrayView, Dimension};
use nn_core::error::{Error as NetworkError, MAX_ACTIVATIONS, MAX_VALUE};

use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Loss;
use crate::real::Real;

/// Une matrice non vide, de nombres finis, et dont les couches peuvent tenir les réponses.
pub(crate) fn inputs<F: Real>(layers: &[Layer<F>], x: &Array2<F>) -> Result<(), Error> {
    let expected = layers.first().map_or(0, Layer::inputs);
    if !x.is_empty() && x.ncols() != expected {
        return Err(NetworkError::Width { expected, found: x.ncols() }.into());
    }
    matrix("x", x)
}

/// Des couches dont la mémoire peut tenir les réponses à `examples` exemples à la fois.
pub(crate) fn activations<F: Real>(
    layers: &[Layer<F>],
    examples: usize,
) -> Result<(), Error> {
    let units = layers.iter().map(Layer::units).max().unwrap_or(0);
    match examples.checked_mul(units) {
        Some(activations) if activations <= MAX_ACTIVATIONS => Ok(()),
        _ => Err(NetworkError::LayerTooLarge { examples, units }.into()),
    }
}

/// Des exemples que ce réseau peut apprendre.
pub(crate) fn examples<F: Real>(
    layers: &[Layer<F>],
    loss: Loss,
    x: &Array2<F>,
    y: &Array2<F>,
) -> Result<(), Error> {
    inputs(layers, x)?;
    matrix("y", y)?;
    if x.nrows() != y.nrows() {
        return Err(NetworkError::RowMismatch { x: x.nrows(), y: y.nrows() }.into());
    }
    let expected = layers.last().map_or(0, Layer::units);
    if y.ncols() != expected {
        return Err(Error::OutputWidth { expected, found: y.ncols() });
    }
    labels(loss, y)
}

/// Des réponses que la perte comprend.
fn labels<F: Real>(loss: Loss, y: &Array2<F>) -> Result<(), Error> {
    match loss {
        Loss::SquaredError => Ok(()),
        Loss::BinaryCrossEntropy => {
            let wrong =
                y.indexed_iter().find(|(_, y)| !(F::zero()..=F::one()).contains(*y));
            wrong.map_or(Ok(()), |((row, column), value)| {
                let value = value.as_f64();
                Err(Error::NotAProbability { row, column, value })
            })
        }
        Loss::CrossEntropy => {
            let is_one_hot = |row: ndarray::ArrayView1<F>| {
                let ones = row.iter().filter(|y| **y == F::one()).count();
                let zeros = row.iter().filter(|y| **y == F::zero()).count();
                ones == 1 && ones + zeros == row.len()
            };
            let wrong = y.rows().into_iter().position(|row| !is_one_hot(row));
            wrong.map_or(Ok(()), |row| Err(Error::NotOneHot { row }))
        }
    }
}

/// Une matrice qui contient au moins un nombre, et seulement des nombres finis.
fn matrix<F: Real>(array: &'static str, a: &Array2<F>) -> Result<(), Error> {
    if a.is_empty() {
        return Err(
            NetworkError::Empty { array, rows: a.nrows(), columns: a.ncols() }.into()
        );
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
        Err(NetworkError::NotFinite { array, row, column, value: value.as_f64() }.into())
    })
}

/// Un couple de poids (n, h) et de biais (h) par couche, de ces formes (n, h), et finis.
pub(crate) fn parameters<F: Real>(
    shapes: &[(usize, usize)],
    parameters: &[(Array2<F>, Array1<F>)],
) -> Result<(), Error> {
    if parameters.len() != shapes.len() {
        return Err(Error::Count {
            what: "poids",
            expected: shapes.len(),
            found: parameters.len(),
            advice: "Donnez un couple (poids, biais) par couche.",
        });
    }
    for (l, ((weights, biases), &(n, h))) in parameters.iter().zip(shapes).enumerate() {
        parameter(&format!("poids de la couche {l}"), &[n, h], &weights.view())?;
        parameter(&format!("biais de la couche {l}"), &[h], &biases.view())?;
    }
    Ok(())
}

/// Des poids ou des biais de la forme attendue, et finis.
fn parameter<F: Real, D: Dimension>(
    name: &str,
    expected: &[usize],
    values: &ArrayView<F, D>,
) -> Result<(), Error> {
    if values.shape() != expected {
        return Err(Error::ParameterShape {
            name: name.to_string(),
            expected: expected.to_vec(),
            found: values.shape().to_vec(),
        });
    }
    let wrong = values.iter().find(|value| !value.is_finite());
    wrong.map_or(Ok(()), |value| {
        let value = value.as_f64();
        Err(Error::ParameterNotFinite { name: name.to_string(), value })
    })
}

/// Des réponses finies : `values` est de forme (m, `width`), à plat.
pub(crate) fn outputs<F: Real>(values: &[F], width: usize) -> Result<(), Error> {
    let wrong = values.iter().position(|value| !value.is_finite());
    wrong.map_or(Ok(()), |place| {
        let value = values[place].as_f64();
        Err(Error::NotFiniteOutput { row: place / width, value })
    })
}

/// La perte, si elle est finie ; avec un taux d'apprentissage, c'est l'entraînement qui diverge.
pub(crate) fn finite(loss: f64, learning_rate: Option<f64>) -> Result<f64, Error> {
    match learning_rate {
        _ if loss.is_finite() => Ok(loss),
        Some(learning_rate) => {
            Err(Error::Diverged { quantity: "la perte", value: loss, learning_rate })
        }
        None => Err(Error::NotFiniteLoss { value: loss }),
    }
}
