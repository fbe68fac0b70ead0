//! Des exemples de plus sans en écrire : les mêmes images, à peine déformées.

use ndarray::{Array2, ArrayView1};
use rand::{Rng, RngExt};

use super::error::DataError;
use super::limits::MAX_DISTORTION;

/// L'étirement et le cisaillement d'une déformation de 1, en parts du côté de l'image.
const STRETCH: f64 = 0.2;
const SHEAR: f64 = 0.25;

/// Les mêmes images, chacune un peu décalée, étirée et penchée, au hasard : (m, h × w) donne
/// (m, h × w), où w est `width`.
///
/// `amount` borne la déformation : 1 permet un décalage d'un pixel, un étirement d'un cinquième et
/// une pente d'un quart ; 0 ne change rien. Une image lue reste la même image pour qui la lit, et
/// devient pour le réseau un exemple neuf (<i lang="en">data augmentation</i>). Ce qui sort du
/// cadre est perdu ; ce qui y entre est blanc.
///
/// Chaque pixel prend la valeur de l'image d'origine à la place d'où il vient, par interpolation
/// bilinéaire. Source de l'idée : P. Simard, D. Steinkraus et J. Platt, <i lang="en">Best practices
/// for convolutional neural networks applied to visual document analysis</i>, 2003.
///
/// ```
/// use nn_core::NumpyRng;
/// use nn_data::datasets::{distort, optdigits};
/// let x = optdigits()?.train.x; // (3823, 64)
/// let other = distort(&x, 8, 0.5, &mut NumpyRng::seed(0))?;
/// assert_eq!(other.dim(), x.dim());
/// # Ok::<(), nn_data::datasets::DataError>(())
/// ```
///
/// # Erreurs
/// [`DataError::ImageWidth`] si `width` ne partage pas les pixels en lignes entières,
/// [`DataError::Distortion`] hors de 0 à [`MAX_DISTORTION`].
pub fn distort(
    x: &Array2<f64>,
    width: usize,
    amount: f64,
    rng: &mut dyn Rng,
) -> Result<Array2<f64>, DataError> {
    let pixels = x.ncols();
    if width == 0 || !pixels.is_multiple_of(width) {
        return Err(DataError::ImageWidth { width, pixels });
    }
    if !(0.0..=MAX_DISTORTION).contains(&amount) {
        return Err(DataError::Distortion { amount });
    }
    let mut distorted = Array2::zeros(x.dim());
    for (image, mut out) in x.outer_iter().zip(distorted.outer_iter_mut()) {
        let mut draw = |most: f64| most * amount * (2.0 * rng.random::<f64>() - 1.0);
        let shift = [draw(1.0), draw(1.0)];
        // Pour les lignes, puis pour les colonnes : l'étirement le long de l'axe, la pente de l'autre.
        let slope =
            [[1.0 + draw(STRETCH), draw(SHEAR)], [1.0 + draw(STRETCH), draw(SHEAR)]];
        let center = [(pixels / width - 1) as f64 / 2.0, (width - 1) as f64 / 2.0];
        for (place, pixel) in out.iter_mut().enumerate() {
            let from =
                [(place / width) as f64 - center[0], (place % width) as f64 - center[1]];
            let to = |axis: usize| {
                let [a, b] = slope[axis];
                a * from[axis] + b * from[1 - axis] + center[axis] + shift[axis]
            };
            *pixel = value_at(&image, width, to(0), to(1));
        }
    }
    Ok(distorted)
}

/// La valeur entre les quatre pixels voisins de la ligne et de la colonne ; hors de l'image, 0.
fn value_at(image: &ArrayView1<f64>, width: usize, row: f64, column: f64) -> f64 {
    let at = |i: f64, j: f64| {
        let inside = i >= 0.0 && j >= 0.0 && j < width as f64;
        let place = if inside { i as usize * width + j as usize } else { usize::MAX };
        image.get(place).copied().unwrap_or(0.0)
    };
    let (i, j) = (row.floor(), column.floor());
    let (down, across) = (row - i, column - j);
    let line = |i: f64| (1.0 - across) * at(i, j) + across * at(i, j + 1.0);
    (1.0 - down) * line(i) + down * line(i + 1.0)
}
