//! Des manchots mesurés en Antarctique : peu de nombres, des unités différentes, des oublis.

use std::path::Path;

use ndarray::Array2;
use nn_core::error::MAX_VALUE;

use super::dataset::Dataset;
use super::error::DataError;
use super::source::{Source, decoded, read};

/// Les manchots, et leur provenance.
pub const PENGUINS: Source = Source {
    file: "penguins.csv",
    authors: "K. Gorman, T. Williams et W. Fraser",
    title: "Ecological Sexual Dimorphism and Environmental Variability within a Community of \
            Antarctic Penguins (Genus Pygoscelis)",
    year: 2014,
    address: "https://doi.org/10.1371/journal.pone.0090081",
    license: "CC0",
    sha256: "f204db2c753b0937caac3cb35258562c14f073e4bbc76be24b4c51ce22767a93",
};

const HEADER: &str =
    "species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year";
/// Les colonnes de nombres : du bec à la masse.
const MEASURES: std::ops::Range<usize> = 2..6;
const SPECIES: [&str; 3] = ["Adelie", "Chinstrap", "Gentoo"];
/// Ce qui tient lieu d'une valeur oubliée.
const MISSING: &str = "NA";

/// Les manchots mesurés, et les lignes que l'on n'a pas pu garder.
#[derive(Clone, Debug, PartialEq)]
pub struct Penguins {
    /// Les manchots dont les quatre mesures sont connues.
    pub data: Dataset,
    /// Les lignes du fichier (comptées depuis 1) laissées de côté : une mesure y manque.
    pub dropped: Vec<usize>,
}

/// Les 342 manchots dont les quatre mesures sont connues : `data.x` est de forme (342, 4).
///
/// Les colonnes sont la longueur et l'épaisseur du bec, la longueur de la nageoire (en
/// millimètres) et la masse (en grammes) ; les classes, les espèces Adélie, à jugulaire et papou.
/// Deux lignes du fichier, où rien n'a été mesuré, sont dans `dropped`. Le sexe, l'île et l'année
/// ne sont pas lus.
///
/// Source : [`PENGUINS`].
///
/// # Erreurs
/// Aucune, tant que la bibliothèque n'est pas abîmée ; sinon, celles de [`Source::verified`].
pub fn penguins() -> Result<Penguins, DataError> {
    parsed(PENGUINS.file, &PENGUINS.verified(include_bytes!("penguins.csv"))?)
}

/// Des manchots lus dans un fichier du même format, comprimé par gzip ou non.
///
/// # Erreurs
/// [`DataError::Unreadable`], [`DataError::TooLarge`], et celles de [`parse_penguins`].
pub fn read_penguins(path: impl AsRef<Path>) -> Result<Penguins, DataError> {
    let (file, bytes) = read(path.as_ref())?;
    parse_penguins(&file, &bytes)
}

/// Des manchots lus dans des octets ; `file` est le nom que citent les messages.
///
/// # Erreurs
/// [`DataError::Truncated`], [`DataError::Damaged`], [`DataError::TooLarge`],
/// [`DataError::NotText`], [`DataError::Header`], [`DataError::NoRows`], [`DataError::Columns`]
/// et [`DataError::Value`], avec la ligne.
pub fn parse_penguins(file: &str, bytes: &[u8]) -> Result<Penguins, DataError> {
    parsed(file, &decoded(file, bytes)?)
}

fn parsed(file: &str, text: &str) -> Result<Penguins, DataError> {
    let file = file.to_string();
    let mut lines = text.lines().enumerate();
    let header = lines.next().map_or("", |(_, first)| first);
    if header != HEADER {
        let found = header.chars().take(HEADER.len()).collect();
        return Err(DataError::Header { file, expected: HEADER.to_string(), found });
    }
    let (mut measures, mut labels, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
    for (line, row) in lines.map(|(line, row)| (line + 1, row)) {
        let values: Vec<&str> = row.split(',').collect();
        let (expected, found) = (HEADER.split(',').count(), values.len());
        if found != expected {
            return Err(DataError::Columns { file, line, expected, found });
        }
        if values[MEASURES].contains(&MISSING) {
            dropped.push(line);
            continue;
        }
        let refused = |column: usize, expected| DataError::Value {
            file: file.clone(),
            line,
            column: column + 1,
            expected,
            found: values[column].chars().take(20).collect(),
        };
        let species = SPECIES.iter().position(|name| *name == values[0]);
        labels.push(species.ok_or_else(|| refused(0, "Adelie, Chinstrap ou Gentoo"))?);
        for column in MEASURES {
            match values[column].trim().parse::<f64>() {
                Ok(measure) if measure > 0.0 && measure <= MAX_VALUE => {
                    measures.push(measure);
                }
                _ => return Err(refused(column, "un nombre plus grand que 0, ou NA")),
            }
        }
    }
    let columns = HEADER.split(',').skip(MEASURES.start).take(MEASURES.len());
    match Array2::from_shape_vec((labels.len(), MEASURES.len()), measures) {
        Ok(x) if !labels.is_empty() => {
            let columns = columns.map(String::from).collect();
            let classes = SPECIES.map(String::from).to_vec();
            Ok(Penguins { data: Dataset { x, labels, columns, classes }, dropped })
        }
        _ => Err(DataError::NoRows { file }),
    }
}
