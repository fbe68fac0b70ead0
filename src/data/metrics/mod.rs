//! Que vaut un réseau ? Combien de bonnes réponses, lesquelles, et avec quelle incertitude.
//!
//! ```
//! use nn_data::metrics::{ConfusionMatrix, argmax};
//! use nn_core::ndarray::arr2;
//!
//! let output = arr2(&[[0.1, 0.7, 0.2], [0.9, 0.0, 0.1], [0.3, 0.6, 0.1]]); // (3, 3)
//! let matrix = ConfusionMatrix::new(&[1, 0, 2], &argmax(&output)?, 3)?;
//! assert_eq!(matrix.accuracy().value, 2.0 / 3.0);
//! # Ok::<(), nn_data::metrics::MetricsError>(())
//! ```

mod confusion;
mod error;
mod estimate;

use ndarray::{Array2, ArrayView1};

pub use confusion::{ClassFigures, ConfusionMatrix};
pub use error::MetricsError;
pub use estimate::{Estimate, wilson};

// ANCHOR: argmax
/// La colonne du plus grand nombre de chaque ligne, comme `np.argmax(a, axis=1)` : (m, k) donne m
/// classes. À égalité, la première.
///
/// Un réseau à une seule sortie répond par oui ou par non, et se lit autrement : oui au-dessus
/// de 0,5.
///
/// # Erreurs
/// [`MetricsError::NoColumn`], [`MetricsError::NotANumber`].
pub fn argmax(a: &Array2<f64>) -> Result<Vec<usize>, MetricsError> {
    if a.ncols() == 0 {
        return Err(MetricsError::NoColumn);
    }
    if let Some(((row, column), _)) = a.indexed_iter().find(|(_, value)| value.is_nan()) {
        return Err(MetricsError::NotANumber { row, column });
    }
    let largest = |row: ArrayView1<f64>| {
        row.iter()
            .enumerate()
            .fold(0, |best, (j, value)| if *value > row[best] { j } else { best })
    };
    Ok(a.outer_iter().map(largest).collect())
}
// ANCHOR_END: argmax
