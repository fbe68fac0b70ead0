//! Le dossier où chaque noyau compile ses cellules, dans un sous-dossier à lui.
//!
//! evcxr coupe aux espaces le chemin de ce qu'il vient de compiler : une espace dans ce chemin, et
//! aucun noyau ne démarre. Le dossier du projet ne convient donc pas toujours.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::environment;
use crate::paths::Paths;

/// Le dossier des cellules, créé s'il le faut : dans le projet, sinon là où le système range ce qui
/// est provisoire.
///
/// # Erreurs
/// Aucun de ces dossiers n'a de chemin sans espace où l'on puisse écrire.
pub fn folder(paths: &Paths) -> Result<PathBuf> {
    choose(paths, &elsewhere())
}

/// Les dossiers des cellules qui existent hors du projet, pour qui veut tout effacer.
pub fn outside(paths: &Paths) -> Vec<PathBuf> {
    let mut found = candidates(paths, &elsewhere());
    found.remove(0);
    found.retain(|folder| folder.is_dir() && make(folder).is_ok());
    found
}

/// Efface ce que des noyaux tués ont laissé, si plus aucun noyau ne vit.
pub fn sweep(paths: &Paths, cells: &Path) {
    let mut entries = std::fs::read_dir(cells).into_iter().flatten().flatten();
    if !entries.any(|entry| entry.file_name().to_string_lossy().starts_with(".tmp")) {
        return;
    }
    // Ce qui reste ne gêne que le disque : un échec ici n'empêche pas de travailler.
    let _ = environment::python(paths)
        .arg(paths.environment().join("balayer.py"))
        .arg(cells)
        .status();
}

/// Là où le système range ce qui est provisoire.
fn elsewhere() -> Vec<PathBuf> {
    let last = if cfg!(windows) {
        std::env::var_os("ProgramData").map(PathBuf::from)
    } else {
        Some(PathBuf::from("/var/tmp"))
    };
    [Some(std::env::temp_dir()), last].into_iter().flatten().collect()
}

fn candidates(paths: &Paths, elsewhere: &[PathBuf]) -> Vec<PathBuf> {
    let place = Sha256::digest(paths.root.to_string_lossy().as_bytes());
    let name = hex::encode(&place[..8]);
    let mut folders = vec![paths.state().join("cellules")];
    folders.extend(elsewhere.iter().map(|folder| folder.join(format!("nn_core-{name}"))));
    folders
}

fn choose(paths: &Paths, elsewhere: &[PathBuf]) -> Result<PathBuf> {
    let mut refused = Vec::new();
    for folder in candidates(paths, elsewhere) {
        match folder.to_str() {
            Some(text) if !text.contains(char::is_whitespace) => match make(&folder) {
                Ok(()) => return Ok(folder),
                Err(error) => refused.push(format!("« {text} » : {error:#}")),
            },
            _ => refused.push(format!("« {} » : une espace", folder.display())),
        }
    }
    bail!(
        "le noyau Rust demande un dossier dont le chemin n'a pas d'espace, et aucun ne convient :\n  \
         - {}\nDéplacez le projet dans un dossier dont le chemin n'a pas d'espace, puis recommencez.",
        refused.join("\n  - ")
    )
}

/// Crée le dossier pour nous seuls. Dans un dossier de tous, quelqu'un a pu prendre ce nom avant
/// nous : ce qu'un noyau exécute serait alors à lui.
#[cfg(unix)]
fn make(folder: &Path) -> Result<()> {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let parent = folder.parent().context("il n'est dans aucun dossier")?;
    std::fs::create_dir_all(parent)?;
    match std::fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => bail!(error),
        _ => {}
    }
    let found = std::fs::symlink_metadata(folder)?;
    let ours = tempfile::tempfile_in(parent)?.metadata()?.uid();
    // Le dossier du projet est déjà à nous, quels que soient les droits qu'il donne.
    let shared = found.mode() & 0o022 != 0 && parent.metadata()?.mode() & 0o002 != 0;
    if !found.is_dir() || found.uid() != ours || shared {
        bail!("il existe déjà, et quelqu'un d'autre peut y écrire");
    }
    Ok(())
}

#[cfg(not(unix))]
fn make(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    tempfile::tempfile_in(folder).context("rien ne s'y écrit")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Un projet dans le dossier `name`, et un dossier provisoire qui n'a pas d'espace.
    fn project(name: &str) -> (tempfile::TempDir, Paths, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths { root: dir.path().join(name) };
        let other = dir.path().join("provisoire");
        std::fs::create_dir_all(&other).unwrap();
        (dir, paths, other)
    }

    #[test]
    fn les_cellules_restent_dans_un_projet_sans_espace() {
        let (_dir, paths, other) = project("réseau(été)l'essai");
        let found = choose(&paths, &[other]).unwrap();
        assert_eq!(found, paths.state().join("cellules"));
        assert!(found.is_dir());
        assert_eq!(found, choose(&paths, &[]).unwrap(), "une seconde fois aussi");
    }

    #[test]
    fn elles_vont_ailleurs_s_il_a_une_espace() {
        let (dir, paths, other) = project("réseau de neurones");
        let spaced = dir.path().join("Jean Dupont");
        let found = choose(&paths, &[spaced, other.clone()]).unwrap();
        assert!(found.starts_with(&other) && found.is_dir(), "{}", found.display());
        assert!(!paths.root.exists(), "rien ne s'écrit là où rien ne servirait");
        let neighbour = Paths { root: dir.path().join("autre réseau") };
        assert_ne!(found, choose(&neighbour, &[other]).unwrap(), "chacun le sien");
    }

    #[cfg(unix)]
    #[test]
    fn personne_d_autre_n_y_ecrit() {
        use std::os::unix::fs::PermissionsExt;
        let (_dir, paths, other) = project("un projet");
        let open = |folder: &Path, mode| {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode))
                .unwrap();
        };
        open(&other, 0o1777);
        let found = choose(&paths, std::slice::from_ref(&other)).unwrap();
        assert_eq!(found.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        open(&found, 0o777);
        assert!(choose(&paths, std::slice::from_ref(&other)).is_err());
        std::fs::remove_dir(&found).unwrap();
        std::os::unix::fs::symlink(&paths.root, &found).unwrap();
        assert!(choose(&paths, &[other]).is_err(), "un lien peut mener n'importe où");
    }

    #[test]
    fn sans_dossier_qui_convienne_le_refus_dit_quoi_faire() {
        let (dir, paths, _) = project("un projet");
        let spaced = dir.path().join("Jean Dupont");
        let error = choose(&paths, &[spaced]).unwrap_err().to_string();
        for word in ["un projet", "Jean Dupont", "Déplacez le projet"] {
            assert!(error.contains(word), "{error}");
        }
    }
}
