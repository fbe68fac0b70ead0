//! Des colonnes de même poids : moyenne 0 et écart-type 1, d'après la partie d'entraînement seule.

use ndarray::{Array1, Array2, ArrayView1, Axis};
use nn_core::error::{Error, check_width};

/// En deçà, une colonne est tenue pour constante : son carré sortirait de ce qu'un `f64` distingue.
const SMALLEST_DEVIATION: f64 = 1e-100;

// ANCHOR: standardizer
/// La moyenne et l'écart-type de chaque colonne, mesurés une fois pour toutes.
///
/// On les mesure sur la partie d'entraînement, et l'on s'en sert partout : mesurés aussi sur le
/// test, ils feraient fuir dans l'entraînement ce qu'il ne doit pas connaître.
///
/// ```
/// use nn_data::Standardizer;
/// use nn_core::ndarray::arr2;
/// let train = arr2(&[[1.0, 5.0], [3.0, 5.0]]); // (2, 2) : la seconde colonne est constante
/// let standardizer = Standardizer::fit(&train)?;
/// assert_eq!(standardizer.transform(&train)?, arr2(&[[-1.0, 0.0], [1.0, 0.0]]));
/// assert_eq!(standardizer.transform(&arr2(&[[4.0, 6.0]]))?, arr2(&[[2.0, 1.0]]));
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Standardizer {
    mean: Array1<f64>,
    scale: Array1<f64>,
}

impl Standardizer {
    /// Mesure chaque colonne de `train`, de forme (m, n).
    ///
    /// L'écart-type est celui des m exemples (la somme des carrés est divisée par m), comme dans
    /// `sklearn.preprocessing.StandardScaler`. Une colonne constante n'a pas d'écart à ramener
    /// à 1 : elle est seulement centrée, et donc nulle sur l'entraînement.
    ///
    /// # Erreurs
    /// [`Error::Empty`], [`Error::NotFinite`].
    pub fn fit(train: &Array2<f64>) -> Result<Self, Error> {
        check_width(train, train.ncols())?;
        let m = train.nrows() as f64;
        let mean = train.map_axis(Axis(0), |column| center(column, m)); // (n)
        let variance = (train - &mean).mapv(|gap| gap * gap).sum_axis(Axis(0)) / m; // (n)
        let scale = variance
            .mapv(f64::sqrt)
            .mapv(|deviation| if deviation > SMALLEST_DEVIATION { deviation } else { 1.0 });
        Ok(Self { mean, scale })
    }

    /// (x − moyenne) / écart-type, colonne par colonne : (m′, n) donne (m′, n).
    ///
    /// # Erreurs
    /// [`Error::Width`], [`Error::Empty`], [`Error::NotFinite`].
    pub fn transform(&self, x: &Array2<f64>) -> Result<Array2<f64>, Error> {
        check_width(x, self.mean.len())?;
        Ok((x - &self.mean) / &self.scale)
    }

    /// Le chemin inverse, vers les unités de départ : z · écart-type + moyenne.
    ///
    /// # Erreurs
    /// [`Error::Width`], [`Error::Empty`], [`Error::NotFinite`].
    pub fn inverse(&self, z: &Array2<f64>) -> Result<Array2<f64>, Error> {
        check_width(z, self.mean.len())?;
        Ok(z * &self.scale + &self.mean)
    }
}
// ANCHOR_END: standardizer

impl Standardizer {
    /// La moyenne de chaque colonne : (n).
    pub fn mean(&self) -> &Array1<f64> {
        &self.mean
    }

    /// Ce qui divise chaque colonne : son écart-type, ou 1 si elle est constante : (n).
    pub fn scale(&self) -> &Array1<f64> {
        &self.scale
    }
}

/// La moyenne d'une colonne ; si elle est constante, sa valeur même, sans l'arrondi d'une somme.
fn center(column: ArrayView1<f64>, m: f64) -> f64 {
    let first = column.first().copied().unwrap_or_default();
    if column.iter().all(|&value| value == first) { first } else { column.sum() / m }
}
