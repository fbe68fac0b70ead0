//! Ce qui lit des fichiers que d'autres ont écrits, par cible : `cargo fuzz` et les tests y jettent
//! les mêmes octets.

use atelier::readers;
use nn_data::datasets::{parse_optdigits, parse_penguins};
use nn_data::weights::StateDict;

/// Ce que fait une cible des octets qu'on lui jette.
pub type Reader = fn(&[u8]);

/// Un chapitre du livre.
pub fn chapitre(bytes: &[u8]) {
    readers::chapter(&String::from_utf8_lossy(bytes));
}

/// Un notebook : une copie, et ce que le livre en montre.
pub fn notebook(bytes: &[u8]) {
    readers::copy(bytes);
}

/// Le code d'une cellule d'une copie.
pub fn cellule(bytes: &[u8]) {
    readers::cell(&String::from_utf8_lossy(bytes));
}

/// Un fichier de poids ; ce qui se lit s'écrit et se relit de même.
pub fn poids(bytes: &[u8]) {
    if let Ok(state) = StateDict::from_bytes(bytes) {
        let written = state.to_bytes().expect("ce qui s'est lu s'écrit");
        assert_eq!(StateDict::from_bytes(&written).as_ref(), Ok(&state));
    }
}

/// Des données, dans l'un ou l'autre format.
pub fn donnees(bytes: &[u8]) {
    if let Ok(digits) = parse_optdigits("essai", bytes) {
        assert_eq!(digits.x.nrows(), digits.labels.len());
    }
    if let Ok(penguins) = parse_penguins("essai", bytes) {
        assert!(penguins.data.x.iter().all(|measure| measure.is_finite()));
    }
}
