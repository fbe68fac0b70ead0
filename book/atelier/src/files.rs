//! Lire un texte du projet, le même partout, et écrire sans jamais laisser une moitié de fichier.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

// Le même fichier que celui de nn_data, dont l'atelier n'a pas d'autre besoin.
#[path = "../../../src/data/rename.rs"]
mod rename;
use rename::rename;

/// Le texte d'un fichier du projet, le même sur toutes les machines : voir [`plain`].
pub fn read_text(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path).map(|text| plain(&text))
}

/// Le texte sans la marque d'ordre des octets, ses lignes finies par `\n` et non, comme sous
/// Windows, par `\r\n`.
pub fn plain(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

/// Copie un fichier du projet, un texte par [`plain`], le reste tel quel.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let bytes = std::fs::read(from)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => std::fs::write(to, plain(text)),
        Err(_) => std::fs::write(to, bytes),
    }
}

/// Copie un dossier de code Rust sans ses lignes de commentaire.
pub fn copy_code(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_code(&path, &target)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(path)?;
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            let code: Vec<&str> = text.lines().filter(is_code).collect();
            std::fs::write(target, code.join("\n"))?;
        }
    }
    Ok(())
}

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
        let (_, draft) = file.keep()?;
        rename(&draft, path).inspect_err(|_| {
            let _ = std::fs::remove_file(&draft);
        })
    };
    write().with_context(|| {
        format!(
            "« {} » ne s'écrit pas. Vérifiez qu'il reste de la place sur le disque, que ce dossier \
             vous appartient et qu'aucun autre programme ne tient ce fichier ouvert",
            path.display()
        )
    })
}

/// Remplace le dossier `target` par le dossier `fresh`, une fois celui-ci complet.
pub fn replace_folder(fresh: &Path, target: &Path) -> Result<()> {
    let said = || {
        format!(
            "« {} » ne se met pas en place. Fermez ce qui y est ouvert (un terminal, une fenêtre), \
             puis recommencez",
            target.display()
        )
    };
    // L'échange se fait d'un seul geste, là où le système le connaît : jamais un instant sans dossier.
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    if target.exists() {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, fresh, CWD, target, RenameFlags::EXCHANGE).is_ok() {
            return std::fs::remove_dir_all(fresh).with_context(|| {
                format!("l'ancien « {} » ne s'efface pas", target.display())
            });
        }
    }
    let aside = fresh.with_extension("ancien");
    if target.exists() {
        rename(target, &aside).with_context(said)?;
    }
    if let Err(error) = rename(fresh, target) {
        let _ = rename(&aside, target);
        return Err(error).with_context(said);
    }
    // Ce qu'il en reste est dans le dossier provisoire, qui se vide de lui-même.
    let _ = std::fs::remove_dir_all(&aside);
    Ok(())
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

/// Les fichiers de ce dossier et de ceux qu'il contient, avec leur contenu.
pub fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = PathBuf::from(path.file_name().unwrap_or_default());
        if path.is_dir() {
            let inside = contents(&path)?.into_iter();
            all.extend(inside.map(|(file, bytes)| (name.join(file), bytes)));
        } else {
            all.insert(name, std::fs::read(&path)?);
        }
    }
    Ok(all)
}

/// Combien de fichiers ces dossiers contiennent, et quand le dernier a changé.
pub fn latest(folders: &[PathBuf]) -> (usize, Option<SystemTime>) {
    let entries =
        folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    entries.flatten().fold((0, None), |(count, last), entry| match entry.metadata() {
        Ok(found) if found.is_dir() => {
            let (more, inside) = latest(&[entry.path()]);
            (count + more, last.max(inside))
        }
        Ok(found) => (count + 1, last.max(found.modified().ok())),
        Err(_) => (count, last),
    })
}

/// Un nom libre dans `folder` : `stem.ext`, sinon `stem-2.ext`, et ainsi de suite.
pub fn free_name(folder: &Path, stem: &str, extension: &str) -> PathBuf {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_dossier_remplace_n_est_jamais_absent() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("html");
        let fresh = |n: usize| {
            let folder = dir.path().join(format!("neuf-{n}"));
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join("index.html"), n.to_string()).unwrap();
            folder
        };
        replace_folder(&fresh(0), &target).unwrap();
        let (done, absent) = (AtomicBool::new(false), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    if !target.join("index.html").exists() {
                        absent.store(true, Ordering::Relaxed);
                    }
                }
            });
            (1..300).for_each(|n| replace_folder(&fresh(n), &target).unwrap());
            done.store(true, Ordering::Relaxed);
        });
        assert_eq!(std::fs::read_to_string(target.join("index.html")).unwrap(), "299");
        // Windows n'échange pas deux dossiers, et garde à côté un ancien que quelqu'un lit encore.
        if cfg!(any(target_os = "linux", target_os = "macos")) {
            assert!(!absent.into_inner());
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        }
    }

    /// Windows refuse de remplacer ce qu'un autre tient : un instant n'est rien, sans fin se dit.
    #[cfg(windows)]
    #[test]
    fn un_fichier_tenu_par_un_autre_programme_se_remplace_des_qu_il_le_lache() {
        use std::os::windows::fs::OpenOptionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notes.csv");
        std::fs::write(&path, "avant").unwrap();
        let hold =
            || std::fs::File::options().read(true).share_mode(0).open(&path).unwrap();
        let held = hold();
        let error = format!("{:#}", write_atomically(&path, b"refus").unwrap_err());
        assert!(error.contains("aucun autre programme ne tient ce fichier"), "{error}");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(200));
                drop(held);
            });
            write_atomically(&path, "après".as_bytes()).unwrap();
        });
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "après");
        assert_eq!(
            std::fs::read_dir(dir.path()).unwrap().count(),
            1,
            "rien ne reste à côté"
        );
    }

    #[test]
    fn un_texte_de_windows_se_lit_et_se_copie_comme_un_autre_et_le_reste_tel_quel() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&from, "\u{feff}été\r\nfin\r\n").unwrap();
        assert_eq!(read_text(&from).unwrap(), "été\nfin\n");
        copy(&from, &to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), "été\nfin\n".as_bytes());
        std::fs::write(&from, b"\xff\r\n").unwrap();
        copy(&from, &to).unwrap();
        assert_eq!(std::fs::read(&to).unwrap(), b"\xff\r\n");
    }
}
