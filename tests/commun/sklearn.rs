//! `tests/oracles/sklearn.json` : les mesures de scikit-learn et les fichiers de safetensors.

use serde::Deserialize;

use super::{MadeBy, Rows};

#[derive(Deserialize)]
pub struct SklearnOracle {
    pub made_by: MadeBy,
    pub train: Described,
    pub test: Described,
    /// La matrice de confusion du plus proche voisin, sur le partage officiel.
    pub nearest_neighbour: Vec<Vec<usize>>,
    pub classifications: Vec<Classification>,
    pub wilson: Vec<Wilson>,
    pub scaler: Scaler,
    pub moons: Vec<Moons>,
    pub weights: Vec<Weights>,
}

/// De quoi reconnaître un jeu de données.
#[derive(Deserialize)]
pub struct Described {
    pub shape: [usize; 2],
    pub class_counts: Vec<usize>,
    pub column_sums: Vec<f64>,
    pub last_row: Vec<f64>,
    pub first_labels: Vec<usize>,
}

/// Une valeur absente est celle que scikit-learn ne définit pas.
#[derive(Deserialize)]
pub struct Classification {
    pub expected: Vec<usize>,
    pub predicted: Vec<usize>,
    pub classes: usize,
    pub confusion: Vec<Vec<usize>>,
    pub accuracy: f64,
    pub precision: Vec<Option<f64>>,
    pub recall: Vec<Option<f64>>,
    pub f1: Vec<Option<f64>>,
    pub support: Vec<usize>,
}

#[derive(Deserialize)]
pub struct Wilson {
    pub hits: usize,
    pub total: usize,
    pub low: f64,
    pub high: f64,
}

#[derive(Deserialize)]
pub struct Scaler {
    pub mean: Vec<f64>,
    pub scale: Vec<f64>,
    pub first_of_test: Rows,
}

#[derive(Deserialize)]
pub struct Moons {
    pub examples: usize,
    pub x: Rows,
    pub labels: Vec<usize>,
}

/// Un réseau 3-4-2 enregistré par la bibliothèque de Python, et ce qu'il répond.
#[derive(Deserialize)]
pub struct Weights {
    pub dtype: String,
    pub x: Rows,
    pub weights1: Rows,
    pub output: Rows,
    /// Le fichier, en base64.
    plain: String,
    /// Le même, avec l'empreinte que `nn_core` met dans les siens.
    with_checksum: String,
}

impl Weights {
    pub fn plain(&self) -> Vec<u8> {
        decoded(&self.plain)
    }

    pub fn with_checksum(&self) -> Vec<u8> {
        decoded(&self.with_checksum)
    }
}

fn decoded(text: &str) -> Vec<u8> {
    use base64::prelude::{BASE64_STANDARD, Engine};
    BASE64_STANDARD.decode(text).expect("du base64")
}

pub fn sklearn_oracle() -> SklearnOracle {
    serde_json::from_str(include_str!("../oracles/sklearn.json"))
        .expect("sklearn.json bien formé")
}
