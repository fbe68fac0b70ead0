//! Renommer un fichier ou un dossier, sous Windows aussi.

use std::io;
use std::path::Path;
use std::time::Duration;

/// Renomme `from` en `to`, qui est remplacé si c'est un fichier.
///
/// Sous Windows, un programme qui lit l'un ou l'autre, tel l'antivirus après chaque écriture, peut
/// l'empêcher : comme il a fini un instant après, on insiste deux secondes.
///
/// # Erreurs
/// Celles du système, telles qu'il les dit.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let mut tries = 0;
    loop {
        match std::fs::rename(from, to) {
            Err(error) if is_held(&error) && tries < 100 => tries += 1,
            done => return done,
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Est-ce ainsi que Windows dit qu'un autre programme tient le fichier ?
fn is_held(error: &io::Error) -> bool {
    const ACCESS_DENIED: i32 = 5;
    const SHARING_VIOLATION: i32 = 32;
    cfg!(windows) && matches!(error.raw_os_error(), Some(ACCESS_DENIED | SHARING_VIOLATION))
}
