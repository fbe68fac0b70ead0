//! Enregistrer et relire : jamais un fichier à moitié écrit, jamais un fichier lu à l'aveugle.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::error::WeightsError;
use super::format::check_header;
use super::limits::MAX_FILE_BYTES;
use super::state_dict::StateDict;
use crate::files::reason;
use crate::rename::rename;

impl StateDict {
    // ANCHOR: save_load
    /// Enregistre les tableaux dans un fichier safetensors ; remplace celui qui y était.
    ///
    /// Le fichier est écrit à côté, sous un autre nom, puis renommé : une coupure de courant laisse
    /// l'ancien ou le nouveau, jamais un mélange.
    ///
    /// # Erreurs
    /// [`WeightsError::Unwritable`], et celles de [`to_bytes`](StateDict::to_bytes).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), WeightsError> {
        let path = path.as_ref();
        let bytes = self.to_bytes()?;
        replace(path, &bytes).map_err(|error| WeightsError::Unwritable {
            file: path.display().to_string(),
            reason: reason(&error),
        })
    }

    /// Les tableaux d'un fichier safetensors.
    ///
    /// # Erreurs
    /// [`WeightsError::Unreadable`], et celles de [`from_bytes`](StateDict::from_bytes).
    pub fn load(path: impl AsRef<Path>) -> Result<StateDict, WeightsError> {
        let path = path.as_ref();
        let unreadable = |error: io::Error| WeightsError::Unreadable {
            file: path.display().to_string(),
            reason: reason(&error),
        };
        let file = File::open(path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        // Le début suffit à refuser un fichier étranger ou démesuré.
        (&file).take(9).read_to_end(&mut bytes).map_err(unreadable)?;
        check_header(&bytes, length)?;
        let rest = (MAX_FILE_BYTES + 1).saturating_sub(bytes.len());
        file.take(rest as u64).read_to_end(&mut bytes).map_err(unreadable)?;
        StateDict::from_bytes(&bytes)
    }
    // ANCHOR_END: save_load
}

/// Écrit le fichier sous un nom provisoire, dans le même dossier, puis lui donne le sien.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = draft_beside(path)?;
    let written = write_new(&draft, bytes).and_then(|()| rename(&draft, path));
    if written.is_err() {
        // Le brouillon peut n'avoir jamais existé : l'erreur à dire est la première.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Écrit un fichier qui n'existait pas, jusque sur le disque.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Un nom que rien d'autre ne prend : celui du fichier, du processus et de l'écriture.
fn draft_beside(path: &Path) -> io::Result<PathBuf> {
    static WRITTEN: AtomicUsize = AtomicUsize::new(0);
    let name =
        path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    let rank = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let mut draft = OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}-{rank}.brouillon", std::process::id()));
    Ok(path.with_file_name(draft))
}
