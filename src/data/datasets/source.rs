//! D'où viennent les données embarquées, et la vérification que rien n'y a changé.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::error::DataError;
use crate::files::{reason, sha256};

/// La plus grande taille lue, et décomprimée : seize fois celle des chiffres.
pub const MAX_FILE_BYTES: usize = 9 << 20;

/// Les deux premiers octets d'un fichier gzip (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// La provenance d'un fichier : à citer partout où ses données sont montrées.
///
/// ```
/// use nn_data::datasets::OPTDIGITS_TEST;
/// assert!(OPTDIGITS_TEST.to_string().contains("Alpaydin"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Le nom du fichier.
    pub file: &'static str,
    /// Les auteurs.
    pub authors: &'static str,
    /// Le titre, dans sa langue.
    pub title: &'static str,
    /// L'année de publication.
    pub year: u16,
    /// L'adresse durable.
    pub address: &'static str,
    /// La licence.
    pub license: &'static str,
    /// L'empreinte SHA-256 du texte, décomprimé, ses lignes finies par `\n`.
    pub sha256: &'static str,
}

impl Source {
    /// Le texte de ces octets, comprimés par gzip ou non, s'il est bien celui de l'original.
    ///
    /// # Erreurs
    /// [`DataError::Truncated`], [`DataError::Damaged`], [`DataError::TooLarge`],
    /// [`DataError::NotText`], et [`DataError::Altered`] si un seul caractère a changé.
    pub fn verified(&self, bytes: &[u8]) -> Result<String, DataError> {
        let text = decoded(self.file, bytes)?;
        let found = sha256([text.as_bytes()]);
        if found != self.sha256 {
            let (file, expected) = (self.file.to_string(), self.sha256.to_string());
            return Err(DataError::Altered { file, expected, found });
        }
        Ok(text)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { authors, title, year, address, license, .. } = self;
        write!(f, "{authors}, « {title} », {year}, {address} (licence {license})")
    }
}

/// Les octets d'un fichier, s'il n'est pas démesuré, et le nom à citer dans les messages.
pub(super) fn read(path: &Path) -> Result<(String, Vec<u8>), DataError> {
    let file = path.display().to_string();
    let mut bytes = Vec::new();
    let read = File::open(path)
        .and_then(|open| open.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(DataError::Unreadable { file, reason: reason(&error) }),
        Ok(length) if length > MAX_FILE_BYTES => {
            Err(DataError::TooLarge { file, limit: MAX_FILE_BYTES })
        }
        Ok(_) => Ok((file, bytes)),
    }
}

/// Le texte de ces octets, décomprimés s'il le faut ; jamais plus de [`MAX_FILE_BYTES`].
///
/// C'est le même d'où qu'il vienne : sans la marque d'ordre des octets, ses lignes finies par `\n`
/// et non, comme sous Windows, par `\r\n`.
pub(super) fn decoded(file: &str, bytes: &[u8]) -> Result<String, DataError> {
    let text = text_of(file, bytes)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n"))
}

fn text_of(file: &str, bytes: &[u8]) -> Result<String, DataError> {
    let file = file.to_string();
    if !bytes.starts_with(&GZIP) {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_string()),
            Err(_) => Err(DataError::NotText { file }),
        };
    }
    let mut text = Vec::new();
    let limited = MultiGzDecoder::new(bytes).take(MAX_FILE_BYTES as u64 + 1);
    match { limited }.read_to_end(&mut text) {
        Ok(length) if length > MAX_FILE_BYTES => {
            Err(DataError::TooLarge { file, limit: MAX_FILE_BYTES })
        }
        Ok(_) => String::from_utf8(text).map_err(|_| DataError::NotText { file }),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(DataError::Truncated { file })
        }
        Err(_) => Err(DataError::Damaged { file }),
    }
}
