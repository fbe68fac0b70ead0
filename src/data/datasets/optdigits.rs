//! Des chiffres écrits à la main, que d'autres mains viennent juger.

use std::path::Path;

use ndarray::{Array2, Axis, concatenate};
use rand::Rng;

use super::dataset::Dataset;
use super::error::DataError;
use super::source::{Source, decoded, read};

/// Le côté d'une image, en pixels.
const SIDE: usize = 8;
/// Les pixels d'une image, ligne par ligne.
const PIXELS: usize = SIDE * SIDE;
/// La plus grande valeur d'un pixel : l'encre comptée dans un carré de 4 × 4 points.
const INK: u8 = 16;

/// Les chiffres pour apprendre, et leur provenance.
pub const OPTDIGITS_TRAIN: Source = Source {
    file: "optdigits.tra.gz",
    authors: "E. Alpaydin et C. Kaynak",
    title: "Optical Recognition of Handwritten Digits",
    year: 1998,
    address: "https://doi.org/10.24432/C50P49",
    license: "CC BY 4.0",
    sha256: "e1b683cc211604fe8fd8c4417e6a69f31380e0c61d4af22e93cc21e9257ffedd",
};

/// Les chiffres pour juger, et leur provenance.
pub const OPTDIGITS_TEST: Source = Source {
    file: "optdigits.tes.gz",
    sha256: "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8",
    ..OPTDIGITS_TRAIN
};

/// Les chiffres, en deux parts : l'une pour apprendre, l'autre pour juger.
#[derive(Clone, Debug, PartialEq)]
pub struct Digits {
    /// Pour apprendre : 3823 images.
    pub train: Dataset,
    /// Pour juger, une seule fois, à la fin : 1797 images.
    pub test: Dataset,
}

/// Les chiffres dans leur partage officiel : `train.x` est de forme (3823, 64), `test.x`
/// (1797, 64).
///
/// Chaque ligne est une image de 8 × 8 pixels, de 0 (blanc) à 16 (encre) ; `x / 16.0` la ramène
/// entre 0 et 1. Les 30 personnes dont l'écriture est dans `train` ne sont pas les 13 de `test` :
/// le score dit ce que le réseau vaut pour quelqu'un qu'il n'a jamais lu.
///
/// Le fichier ne dit pas qui a écrit quoi. Une part de `train` mise de côté pour la validation
/// contient donc des écritures déjà vues, et son score est un peu trop beau.
///
/// Source : [`OPTDIGITS_TRAIN`] et [`OPTDIGITS_TEST`], à citer partout où ces images sont montrées.
///
/// # Erreurs
/// Aucune, tant que la bibliothèque n'est pas abîmée ; sinon, celles de [`Source::verified`].
pub fn optdigits() -> Result<Digits, DataError> {
    let train = OPTDIGITS_TRAIN.verified(include_bytes!("optdigits.tra.gz"))?;
    let test = OPTDIGITS_TEST.verified(include_bytes!("optdigits.tes.gz"))?;
    Ok(Digits {
        train: parsed(OPTDIGITS_TRAIN.file, &train)?,
        test: parsed(OPTDIGITS_TEST.file, &test)?,
    })
}

impl Digits {
    /// Le partage à ne pas faire : tout mélanger, puis couper aux mêmes tailles.
    ///
    /// Les mêmes personnes écrivent alors pour apprendre et pour juger : la justesse y monte, et ne
    /// dit plus ce que vaut le réseau pour un inconnu. C'est une fuite, bonne à mesurer une fois.
    ///
    /// # Erreurs
    /// Celles de [`Dataset::split`], ou [`DataError::Rows`] si les deux parts ne se joignent pas.
    pub fn mixed(&self, rng: &mut dyn Rng) -> Result<Digits, DataError> {
        let x = concatenate(Axis(0), &[self.train.x.view(), self.test.x.view()]).map_err(
            |_| DataError::Rows { x: self.train.len(), labels: self.test.len() },
        )?;
        let labels = [&self.train.labels[..], &self.test.labels].concat();
        let aside = self.test.len() as f64 / x.nrows() as f64;
        let (columns, classes) = (self.train.columns.clone(), self.train.classes.clone());
        let (train, test) = Dataset { x, labels, columns, classes }.split(aside, rng)?;
        Ok(Digits { train, test })
    }
}

/// Des chiffres lus dans un fichier du même format, comprimé par gzip ou non.
///
/// # Erreurs
/// [`DataError::Unreadable`], [`DataError::TooLarge`], et celles de [`parse_optdigits`].
pub fn read_optdigits(path: impl AsRef<Path>) -> Result<Dataset, DataError> {
    let (file, bytes) = read(path.as_ref())?;
    parse_optdigits(&file, &bytes)
}

/// Des chiffres lus dans des octets ; `file` est le nom que citent les messages.
///
/// Le format : une image par ligne, 64 pixels de 0 à 16, puis le chiffre de 0 à 9, séparés par
/// des virgules.
///
/// # Erreurs
/// [`DataError::Truncated`], [`DataError::Damaged`], [`DataError::TooLarge`],
/// [`DataError::NotText`], [`DataError::NoRows`], [`DataError::Columns`] et [`DataError::Value`],
/// avec la ligne.
pub fn parse_optdigits(file: &str, bytes: &[u8]) -> Result<Dataset, DataError> {
    parsed(file, &decoded(file, bytes)?)
}

fn parsed(file: &str, text: &str) -> Result<Dataset, DataError> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for (line, row) in text.lines().enumerate() {
        let line = line + 1;
        let found = row.split(',').count();
        if found != PIXELS + 1 {
            let file = file.to_string();
            return Err(DataError::Columns { file, line, expected: PIXELS + 1, found });
        }
        for (column, value) in row.split(',').enumerate() {
            let is_pixel = column < PIXELS;
            match value.trim().parse::<u8>() {
                Ok(ink) if is_pixel && ink <= INK => pixels.push(f64::from(ink)),
                Ok(digit) if !is_pixel && digit <= 9 => labels.push(usize::from(digit)),
                _ => {
                    return Err(DataError::Value {
                        file: file.to_string(),
                        line,
                        column: column + 1,
                        expected: if is_pixel {
                            "un pixel entier, de 0 à 16"
                        } else {
                            "un chiffre, de 0 à 9"
                        },
                        found: value.chars().take(20).collect(),
                    });
                }
            }
        }
    }
    match Array2::from_shape_vec((labels.len(), PIXELS), pixels) {
        Ok(x) if !labels.is_empty() => {
            Ok(Dataset { x, labels, columns: columns(), classes: classes() })
        }
        _ => Err(DataError::NoRows { file: file.to_string() }),
    }
}

/// « ligne 0, colonne 0 » et ainsi de suite : la place de chaque pixel.
fn columns() -> Vec<String> {
    (0..PIXELS).map(|i| format!("ligne {}, colonne {}", i / SIDE, i % SIDE)).collect()
}

fn classes() -> Vec<String> {
    (0..10).map(|digit: u8| digit.to_string()).collect()
}
