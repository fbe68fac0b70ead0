//! Lire et écrire des fichiers sans surprise : jamais plus que prévu en mémoire, jamais un fichier
//! à moitié écrit, et la raison d'un refus en français.

use std::io;

use sha2::{Digest, Sha256};

/// La raison d'un échec, en français quand elle est courante.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "il n'existe pas".to_string(),
        io::ErrorKind::PermissionDenied => "l'accès en est refusé".to_string(),
        io::ErrorKind::IsADirectory => "c'est un dossier".to_string(),
        _ => format!("le système dit : {error}"),
    }
}

/// L'empreinte SHA-256 (FIPS 180-4) de morceaux mis bout à bout, en hexadécimal.
pub(crate) fn sha256<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    parts.into_iter().for_each(|part| hash.update(part));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
