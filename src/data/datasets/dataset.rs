//! Un jeu de données : des exemples, et la classe de chacun.

use ndarray::{Array2, Axis};
use rand::Rng;
use rand::seq::SliceRandom;

use super::error::DataError;
use super::limits::MAX_CLASSES;

// ANCHOR: dataset
/// Des exemples, un par ligne, et la classe de chacun.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Les exemples : x, de forme (m, n).
    pub x: Array2<f64>,
    /// La classe de chaque exemple, de 0 à k − 1 : m nombres.
    pub labels: Vec<usize>,
    /// Ce que mesure chaque colonne de `x` : n noms.
    pub columns: Vec<String>,
    /// Le nom de chaque classe : k noms.
    pub classes: Vec<String>,
}
// ANCHOR_END: dataset

impl Dataset {
    /// m, le nombre d'exemples.
    pub fn len(&self) -> usize {
        self.x.nrows()
    }

    /// N'y a-t-il aucun exemple ?
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// Les réponses attendues, en 0 et en 1 : y, de forme (m, k). Voir [`one_hot`].
    ///
    /// # Erreurs
    /// Celles de [`one_hot`].
    pub fn y(&self) -> Result<Array2<f64>, DataError> {
        one_hot(&self.labels, self.classes.len())
    }

    /// Combien d'exemples a chaque classe : k nombres, dont la somme est m.
    ///
    /// # Erreurs
    /// [`DataError::Label`] si une classe n'a pas de nom.
    pub fn counts(&self) -> Result<Vec<usize>, DataError> {
        let mut counts = vec![0; self.classes.len()];
        for (row, &label) in self.labels.iter().enumerate() {
            let classes = counts.len();
            let count =
                counts.get_mut(label).ok_or(DataError::Label { row, label, classes })?;
            *count += 1;
        }
        Ok(counts)
    }

    /// Les exemples de ces lignes, comptées depuis 0, dans cet ordre.
    ///
    /// # Erreurs
    /// [`DataError::NoSuchRow`] ; [`DataError::Rows`] si `x` et `labels` n'ont pas autant
    /// d'exemples.
    pub fn select(&self, rows: &[usize]) -> Result<Dataset, DataError> {
        let len = self.len();
        if self.labels.len() != len {
            return Err(DataError::Rows { x: len, labels: self.labels.len() });
        }
        if let Some(&row) = rows.iter().find(|&&row| row >= len) {
            return Err(DataError::NoSuchRow { row, len });
        }
        Ok(Dataset {
            x: self.x.select(Axis(0), rows),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            columns: self.columns.clone(),
            classes: self.classes.clone(),
        })
    }

    // ANCHOR: split
    /// Les exemples mélangés, puis coupés en deux : la part qui reste, et la part mise de côté.
    ///
    /// `aside` est une fraction : 0,2 met de côté un exemple sur cinq. La même graine fait
    /// toujours le même partage.
    ///
    /// ```
    /// use nn_core::NumpyRng;
    /// use nn_data::datasets::moons;
    /// let data = moons(100, 0.1, &mut NumpyRng::seed(0))?;
    /// let (train, validation) = data.split(0.2, &mut NumpyRng::seed(1))?;
    /// assert_eq!((train.len(), validation.len()), (80, 20));
    /// # Ok::<(), nn_data::datasets::DataError>(())
    /// ```
    ///
    /// # Erreurs
    /// [`DataError::Split`] si l'une des deux parts serait vide, et celles de
    /// [`select`](Dataset::select).
    pub fn split(
        &self,
        aside: f64,
        rng: &mut dyn Rng,
    ) -> Result<(Dataset, Dataset), DataError> {
        let len = self.len();
        let count = (len as f64 * aside).round();
        if !(count >= 1.0 && count < len as f64) {
            return Err(DataError::Split { aside, len });
        }
        let mut rows: Vec<usize> = (0..len).collect();
        rows.shuffle(rng);
        let (aside, kept) = rows.split_at(count as usize);
        Ok((self.select(kept)?, self.select(aside)?))
    }
    // ANCHOR_END: split
}

// ANCHOR: one_hot
/// Chaque classe devient une ligne de zéros avec un seul 1, à sa place : (m) donne (m, k).
///
/// ```
/// use nn_data::datasets::one_hot;
/// use nn_core::ndarray::arr2;
/// assert_eq!(one_hot(&[2, 0], 3)?, arr2(&[[0., 0., 1.], [1., 0., 0.]]));
/// # Ok::<(), nn_data::datasets::DataError>(())
/// ```
///
/// # Erreurs
/// [`DataError::Label`] pour une classe hors de 0 à `classes` − 1, [`DataError::Classes`] au-delà
/// de [`MAX_CLASSES`] ou sans aucune classe.
pub fn one_hot(labels: &[usize], classes: usize) -> Result<Array2<f64>, DataError> {
    if !(1..=MAX_CLASSES).contains(&classes) {
        return Err(DataError::Classes { classes });
    }
    if let Some((row, &label)) =
        labels.iter().enumerate().find(|&(_, &label)| label >= classes)
    {
        return Err(DataError::Label { row, label, classes });
    }
    let mut y = Array2::zeros((labels.len(), classes)); // (m, k)
    for (row, &label) in labels.iter().enumerate() {
        y[[row, label]] = 1.0;
    }
    Ok(y)
}
// ANCHOR_END: one_hot
