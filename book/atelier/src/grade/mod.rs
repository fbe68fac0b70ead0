//! « noter » : exécuter une pile de copies, chacune dans un noyau neuf, et dire qui a réussi quoi.
//!
//! Rien de ce qu'une copie affiche n'est cru : l'atelier ajoute lui-même, à la fin, les cellules
//! du correcteur, telles que le chapitre les écrit. Chacune signe son verdict d'un mot tiré au
//! hasard pour la copie. Un verdict absent, contrefait ou en double n'est pas un succès.

mod report;
mod submission;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rand::TryRng;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::chapter::{self, Chapter};
use crate::environment;
use crate::files;
use crate::notebook;
use crate::outputs::VERDICT;
use crate::paths::Paths;
use crate::prepare;
use crate::process;
use crate::progress::Progress;
use crate::together::together;
use report::{Mark, Row};
use submission::{Exercise, Reference, Submission};

/// Le temps laissé à une copie entière, en secondes, si rien n'est demandé.
pub const TIME: u64 = 300;
/// La mémoire laissée à chaque programme d'une copie, en mégaoctets, si rien n'est demandé.
pub const MEMORY: u64 = 4096;

/// Ce que le système a su couper, s'il a été demandé : le réseau, la mémoire.
type Isolation = Option<(bool, bool)>;

/// Ce qui est demandé.
#[derive(Debug, PartialEq)]
pub struct Options {
    /// Les copies, ou les dossiers qui en contiennent.
    pub sources: Vec<PathBuf>,
    /// Le dossier des résultats ; `travail/`, si rien n'est dit.
    pub output: Option<PathBuf>,
    /// Le temps d'une copie, en secondes.
    pub time: u64,
    /// La mémoire d'un programme, en mégaoctets.
    pub memory: u64,
}

/// Ce que `noter.py` dit, une ligne à la fois.
#[derive(Debug, Deserialize)]
#[serde(tag = "etape", rename_all = "lowercase")]
enum Step {
    /// Ce que le système a su couper.
    Isolement { reseau: bool, memoire: bool },
    /// Une cellule est passée.
    Faite(Done),
    /// Plus rien ne répondait.
    Echec,
    /// Tout est passé.
    Fini,
}

/// Ce qu'une cellule a donné.
#[derive(Debug, Deserialize)]
struct Done {
    id: String,
    secondes: f64,
    texte: String,
    types: Vec<String>,
    nature: Option<String>,
    message: Option<String>,
}

/// Note les copies et écrit le CSV et la page ; rend leurs chemins.
///
/// # Erreurs
/// Un dossier sans copie, un correcteur qui change pendant la correction, un environnement
/// qui ne démarre pas. Une copie illisible n'en est pas une : elle est notée comme telle.
pub fn run(paths: &Paths, options: &Options) -> Result<(PathBuf, PathBuf)> {
    let submissions = submission::collect(&options.sources)?;
    prepare::prepare(paths)?;
    let references = chapter::files(&paths.chapters())?
        .iter()
        .map(|path| Reference::of(&Chapter::read(path)?, &paths.notebooks()))
        .collect::<Result<Vec<_>>>()?;
    let digest = fingerprint(paths)?;
    let progress = Progress::start("Copies");
    progress.set(0, submissions.len() as u64);
    let judged = together(&submissions, |submission| {
        progress.detail(&submission.who);
        let found = grade(paths, options, &references, submission)
            .with_context(|| format!("copie « {} »", submission.file.display()))?;
        if fingerprint(paths)? != digest {
            bail!(
                "le code du correcteur ou de nn_core a changé pendant la copie « {} ». Remettez-le \
                 en état (`git status` dit ce qui a changé), ôtez cette copie, recommencez.",
                submission.file.display()
            );
        }
        progress.advance();
        Ok(found)
    })?;
    let isolation = judged.iter().find_map(|(_, isolation)| *isolation);
    let rows: Vec<Row> = judged.into_iter().flat_map(|(rows, _)| rows).collect();
    progress.done(&format!("{} copies, {} lignes", submissions.len(), rows.len()));
    let folder = options.output.clone().unwrap_or_else(|| paths.work());
    let csv = files::free_name(&folder, "notes", "csv");
    let page = files::free_name(&folder, "notes", "html");
    files::write_atomically(&csv, &report::csv(&rows)?)?;
    files::write_atomically(&page, report::html(&rows, isolation).as_bytes())?;
    Ok((csv, page))
}

/// Note une copie : une ligne par exercice du chapitre, ou une seule si l'on ne peut rien en lire.
fn grade(
    paths: &Paths,
    options: &Options,
    references: &[Reference],
    submission: &Submission,
) -> Result<(Vec<Row>, Isolation)> {
    let row = |exercise: Option<&Exercise>, mark: Mark, message: String, seconds: f64| {
        Row::new(submission, exercise, mark, message, seconds)
    };
    let notebook = match submission::read(&submission.file) {
        Ok(notebook) => notebook,
        Err(error) => {
            return Ok((vec![row(None, Mark::Unreadable, error.to_string(), 0.0)], None));
        }
    };
    let Some(reference) = submission::reference(&notebook, &submission.file, references)
    else {
        let message =
            "Ni le nom du fichier ni ses cellules ne disent de quel chapitre il s'agit.";
        return Ok((vec![row(None, Mark::Unknown, message.into(), 0.0)], None));
    };
    let nonce = nonce()?;
    let dir = files::scratch(paths)?;
    let source = dir.path().join("copie.ipynb");
    notebook::write(&source, &submission::runnable(&notebook, reference, &nonce))?;
    let folder = dir.path().join("noyau");
    std::fs::create_dir(&folder)?;
    let mut command = environment::python(paths);
    command
        .arg(paths.environment().join("noter.py"))
        .arg(&source)
        .arg("--dossier")
        .arg(&folder)
        .args(["--temps", &options.time.to_string()])
        .args(["--memoire", &options.memory.to_string()]);
    let (mut done, mut finished, mut isolation) = (Vec::new(), false, None);
    let (_, tail) =
        process::run_to_end(command, |line| match serde_json::from_str::<Step>(line) {
            Ok(Step::Isolement { reseau, memoire }) => isolation = Some((reseau, memoire)),
            Ok(Step::Faite(cell)) => done.push(cell),
            Ok(Step::Fini) => finished = true,
            Ok(Step::Echec) | Err(_) => {}
        })?;
    let prepared = done.iter().filter(|cell| cell.id.starts_with("preparation-"));
    if let Some(problem) = prepared.clone().find(|cell| cell.nature.is_some()) {
        bail!(
            "le noyau ne charge pas nn_core et le correcteur : {}",
            problem.message.as_deref().unwrap_or_default()
        );
    }
    if !finished && prepared.count() == 0 {
        bail!("le noyau n'a pas démarré. Ses derniers mots :\n{tail}");
    }
    let rows = reference.exercises.iter().map(|exercise| {
        let call = done.iter().find(|cell| cell.id == format!("appel-{}", exercise.id));
        let (mark, message) = decide(exercise, call, &done, &notebook, &nonce);
        row(Some(exercise), mark, message, call.map_or(0.0, |cell| cell.secondes))
    });
    Ok((rows.collect(), isolation))
}

/// Le verdict d'un exercice, d'après la seule cellule que l'atelier a écrite.
fn decide(
    exercise: &Exercise,
    call: Option<&Done>,
    done: &[Done],
    copy: &Value,
    nonce: &str,
) -> (Mark, String) {
    let Some(call) = call else {
        return (Mark::Stopped, "Le noyau s'est arrêté avant cet exercice.".into());
    };
    let message = call.message.clone().unwrap_or_default();
    match call.nature.as_deref() {
        None => {}
        Some("compilation") => {
            let cells: Vec<usize> = submission::definitions(copy, &exercise.function);
            if cells.is_empty() {
                let said = format!("Aucune cellule n'écrit `fn {}`.", exercise.function);
                return (Mark::Missing, said);
            }
            let refused = cells.iter().find_map(|rank| {
                let cell = done.iter().find(|cell| cell.id == format!("copie-{rank}"))?;
                cell.message.clone()
            });
            return (Mark::DoesNotCompile, refused.unwrap_or(message));
        }
        Some("temps") => return (Mark::TimeOut, format!("Temps dépassé : {message}.")),
        Some(_) => {
            let said =
                "Le programme s'est arrêté pendant l'exercice (mémoire, pile, sortie…). ";
            return (Mark::Stopped, said.to_string() + &message);
        }
    }
    let signed: Vec<&str> =
        call.texte.lines().filter_map(|line| line.strip_prefix(nonce)).collect();
    let elsewhere = call.texte.matches(nonce).count() > signed.len();
    if signed.len() > 1 || elsewhere || call.types.iter().any(|mime| mime == VERDICT) {
        return (Mark::Forged, "Cette cellule a écrit plus d'un verdict.".into());
    }
    let verdict = signed.first().and_then(|text| serde_json::from_str::<Value>(text).ok());
    match verdict {
        Some(verdict) if verdict["exercise"] == exercise.id.as_str() => {
            Mark::of_verdict(&verdict)
        }
        Some(_) => (Mark::Forged, "Le verdict est celui d'un autre exercice.".into()),
        // Le verdict s'écrit toujours, à moins que le programme ne soit mort avant.
        None if call.texte.trim().is_empty() => {
            (Mark::Stopped, "Le programme s'est arrêté sans rendre de verdict.".into())
        }
        None => (Mark::Missing, "Le correcteur n'a pas rendu de verdict.".into()),
    }
}

/// Un mot que la copie ne peut pas connaître d'avance.
fn nonce() -> Result<String> {
    let mut bytes = [0u8; 16];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .context("le système ne donne pas de hasard")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// L'empreinte du code qui juge : celui du correcteur et celui de nn_core.
fn fingerprint(paths: &Paths) -> Result<Vec<u8>> {
    let mut digest = Sha256::new();
    for folder in [paths.root.join("src"), paths.notebooks().join("correcteur/src")] {
        add(&folder, &mut digest)?;
    }
    Ok(digest.finalize().to_vec())
}

fn add(folder: &Path, digest: &mut Sha256) -> Result<()> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("« {} » ne se lit pas", folder.display()))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    for path in entries {
        digest.update(path.to_string_lossy().as_bytes());
        if path.is_dir() {
            add(&path, digest)?;
        } else {
            digest.update(std::fs::read(&path)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NONCE: &str = "0123abcd";

    fn exercise() -> Exercise {
        Exercise {
            id: "01_my_sigmoid".into(),
            title: "Exercice 1.2".into(),
            function: "my_sigmoid".into(),
            call: "correcteur::chapitre_01::my_sigmoid(my_sigmoid)".into(),
        }
    }

    fn call(text: String, types: &[&str], nature: Option<&str>) -> Done {
        Done {
            id: "appel-01_my_sigmoid".into(),
            secondes: 0.5,
            texte: text,
            types: types.iter().map(|t| t.to_string()).collect(),
            nature: nature.map(str::to_string),
            message: nature.map(|_| "error[E0425]".into()),
        }
    }

    fn signed(status: &str) -> String {
        let verdict = json!({
            "exercise": "01_my_sigmoid", "status": status, "mistake": null, "message": ["Bien."],
            "probes": 6, "passed": 6,
        });
        format!("\n{NONCE} {verdict}\n")
    }

    fn judged(call: Done) -> Mark {
        let copy = json!({"cells": [
            {"cell_type": "code", "source": "fn my_sigmoid(z: f64) -> f64 { z }"}
        ]});
        decide(&exercise(), Some(&call), &[], &copy, NONCE).0
    }

    #[test]
    fn un_seul_verdict_signe_est_cru() {
        assert_eq!(judged(call(signed("success"), &[], None)), Mark::Success);
        assert_eq!(judged(call(signed("mistake"), &[], None)), Mark::Mistake);
    }

    #[test]
    fn un_verdict_absent_double_ou_contrefait_n_est_pas_un_succes() {
        let unsigned = signed("success").replace(NONCE, "");
        assert_eq!(judged(call(unsigned, &[], None)), Mark::Missing);
        let twice = signed("success") + &signed("success");
        assert_eq!(judged(call(twice, &[], None)), Mark::Forged);
        let hidden = signed("success") + &format!("x {NONCE}");
        assert_eq!(judged(call(hidden, &[], None)), Mark::Forged);
        assert_eq!(judged(call(signed("success"), &[VERDICT], None)), Mark::Forged);
        let other = signed("success").replace("01_my_sigmoid", "01_and_neuron");
        assert_eq!(judged(call(other, &[], None)), Mark::Forged);
        assert_eq!(judged(call(signed("gagné"), &[], None)), Mark::Forged);
    }

    #[test]
    fn un_verdict_suivi_d_un_arret_n_est_pas_un_succes() {
        assert_eq!(judged(call(signed("success"), &[], Some("noyau"))), Mark::Stopped);
        assert_eq!(judged(call(signed("success"), &[], Some("temps"))), Mark::TimeOut);
        assert_eq!(
            judged(call(String::new(), &[], Some("compilation"))),
            Mark::DoesNotCompile
        );
    }
}
