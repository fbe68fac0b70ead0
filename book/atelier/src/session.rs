//! Un notebook dans le vrai noyau, cellule après cellule, par `execute.py`.

use std::path::Path;

use anyhow::{Result, bail};
use serde::Deserialize;

use crate::environment;
use crate::paths::Paths;
use crate::process;

/// Ce que `execute.py` dit, une ligne à la fois.
#[derive(Debug, Deserialize)]
#[serde(tag = "etape", rename_all = "lowercase")]
pub enum Step {
    /// Le noyau a démarré.
    Noyau,
    /// Une cellule commence.
    Cellule {
        /// Son rang, depuis 0.
        rang: u64,
        /// Leur nombre.
        total: u64,
    },
    /// Une cellule a fini.
    Faite {
        /// Sa durée.
        secondes: f64,
    },
    /// L'exécution a échoué.
    Echec(Failure),
    /// Tout a réussi, le notebook est écrit.
    Fini,
}

/// L'échec d'une cellule, ou du noyau.
#[derive(Debug, Clone, Deserialize)]
pub struct Failure {
    /// La cellule, si l'échec vient d'une cellule.
    pub id: Option<String>,
    /// « panique », « figure », « compilation », « erreur », « temps », « noyau » ou « attendu ».
    pub nature: String,
    /// Ce qui a été dit.
    pub message: String,
}

/// Exécute `source` vers `target`, le noyau travaillant dans `folder`.
pub fn execute_file(
    paths: &Paths,
    source: &Path,
    target: &Path,
    folder: &Path,
    mut on_step: impl FnMut(&Step),
) -> Result<Result<(), Failure>> {
    let mut command = environment::python(paths);
    command
        .arg(paths.environment().join("execute.py"))
        .args([source, target])
        .arg("--dossier")
        .arg(folder);
    let mut outcome = None;
    let (code, tail) = process::run_to_end(command, |line| {
        let Ok(step) = serde_json::from_str::<Step>(line) else { return };
        match &step {
            Step::Echec(failure) => outcome = Some(Err(failure.clone())),
            Step::Fini => outcome = Some(Ok(())),
            _ => {}
        }
        on_step(&step);
    })?;
    match outcome {
        Some(Ok(())) if code == 0 => Ok(Ok(())),
        Some(Err(failure)) => Ok(Err(failure)),
        _ => bail!(
            "l'exécution s'est arrêtée sans rien dire (code {code}). Ses derniers mots :\n{tail}"
        ),
    }
}
