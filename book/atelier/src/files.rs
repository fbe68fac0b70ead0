//! Écrire sans jamais laisser une moitié de fichier.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

/// Écrit à côté, puis remplace : une interruption laisse l'ancien fichier ou le nouveau.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".atelier-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        }
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| {
        format!(
            "« {} » ne s'écrit pas. Vérifiez qu'il reste de la place sur le disque et que ce \
             dossier vous appartient",
            path.display()
        )
    })
}

/// Remplace le dossier `target` par le dossier `fresh`, une fois celui-ci complet.
pub fn replace_folder(fresh: &Path, target: &Path) -> Result<()> {
    if target.exists() {
        std::fs::remove_dir_all(target).with_context(|| {
            format!("l'ancien « {} » ne s'efface pas", target.display())
        })?;
    }
    std::fs::rename(fresh, target)
        .with_context(|| format!("« {} » ne se met pas en place", target.display()))
}

/// Un dossier provisoire dans `.atelier/`, sur le même disque que le reste.
pub fn scratch(paths: &crate::paths::Paths) -> Result<tempfile::TempDir> {
    let folder = paths.state().join("provisoire");
    std::fs::create_dir_all(&folder).and_then(|()| tempfile::tempdir_in(&folder)).with_context(
        || {
            format!(
                "aucun dossier provisoire ne se crée dans « {} » : le disque est-il plein ?",
                folder.display()
            )
        },
    )
}

/// Un nom libre dans `folder` : `stem.ext`, sinon `stem-2.ext`, et ainsi de suite.
pub fn free_name(folder: &Path, stem: &str, extension: &str) -> std::path::PathBuf {
    let plain = folder.join(format!("{stem}.{extension}"));
    if !plain.exists() {
        return plain;
    }
    (2..)
        .map(|n| folder.join(format!("{stem}-{n}.{extension}")))
        .find(|path| !path.exists())
        .expect("il y a toujours un nom libre")
}

/// Efface les dossiers provisoires qu'une exécution interrompue, il y a plus d'un jour, a laissés.
pub fn forget_old_scratch(paths: &crate::paths::Paths) {
    let day = std::time::Duration::from_secs(24 * 3600);
    for entry in
        std::fs::read_dir(paths.state().join("provisoire")).into_iter().flatten().flatten()
    {
        let age =
            entry.metadata().and_then(|data| data.modified()).map(|time| time.elapsed());
        if matches!(age, Ok(Ok(age)) if age > day) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
