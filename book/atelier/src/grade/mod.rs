//! « noter » : dire qui a réussi quoi, dans une pile de copies dont on ne croit rien.
//!
//! Celui qui répond ne juge pas. Une copie devient un programme enfermé ([`sandbox`]), qui ne donne
//! que ce que ses fonctions rendent à chaque sonde ; l'atelier, lui, le compare à la référence, dans
//! son propre programme. Une copie peut donc mentir sur ses réponses, non sur leur jugement.

mod journal;
pub(crate) mod program;
mod report;
mod sandbox;
pub(crate) mod submission;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::chapter;
use crate::files;
use crate::notebook;
use crate::paths::Paths;
use crate::process::Captured;
use crate::progress::Progress;
use crate::together::together;
use journal::Journal;
use report::{Mark, Row};
use sandbox::Sandbox;
use submission::{Exercise, Reference, Submission};

/// Le temps laissé à une copie entière, en secondes, si rien n'est demandé.
pub const TIME: u64 = 120;
/// La mémoire laissée à chaque programme d'une copie, en mégaoctets, si rien n'est demandé.
pub const MEMORY: u64 = 4096;
/// Le temps d'un exercice, en secondes : le correcteur en laisse lui-même dix à la fonction.
const EXERCISE_LIMIT: u64 = 20;

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
    /// Exécuter les copies même si rien ne les enferme.
    pub open: bool,
}

/// Note les copies et écrit le CSV et la page ; rend leurs chemins.
///
/// Le CSV s'écrit au fur et à mesure : arrêtée, la même commande reprend là où elle en était.
///
/// # Erreurs
/// Un dossier sans copie, rien pour enfermer les copies, ce qui juge qui change pendant la
/// correction. Une copie illisible n'en est pas une : elle est notée comme telle.
pub fn run(paths: &Paths, options: &Options) -> Result<(PathBuf, PathBuf)> {
    let submissions = submission::collect(&options.sources)?;
    let references = chapter::read_all(&paths.chapters())?
        .iter()
        .map(Reference::of)
        .collect::<Result<Vec<_>>>()?;
    let sandbox = Sandbox::prepare(paths, options.memory)?;
    if !sandbox.closed {
        let warning = "rien n'enferme les copies sur cette machine : leur code s'exécuterait avec vos \
                       droits, sur vos fichiers et sur le réseau";
        if !options.open {
            bail!(
                "{warning}. Sous Linux, installez `bubblewrap` (`sudo apt install bubblewrap`) ; s'il \
                 y est, Ubuntu peut l'arrêter : « sudo sysctl -w \
                 kernel.apparmor_restrict_unprivileged_userns=0 » l'en empêche jusqu'au redémarrage. \
                 Ailleurs, notez dans une machine virtuelle ; ou, si vous faites confiance à vos \
                 étudiants, ajoutez « --sans-isolement »."
            );
        }
        eprintln!("Attention : {warning}.");
    }
    let judge = fingerprint(paths, &sandbox)?;
    let folder = options.output.clone().unwrap_or_else(|| paths.work());
    let journal = Mutex::new(Journal::open(&folder, &judge)?);
    let progress = Progress::start("Copies");
    progress.set(0, submissions.len() as u64);
    together(&submissions, |submission| {
        progress.detail(&submission.who);
        if !journal.lock().unwrap().knows(submission) {
            let rows = grade(paths, options, &references, &sandbox, submission)
                .with_context(|| format!("copie « {} »", submission.file.display()))?;
            if fingerprint(paths, &sandbox)? != judge {
                bail!(
                    "ce qui sert à juger (le correcteur, nn_core ou leurs bibliothèques compilées) a \
                     changé pendant la copie « {} ». Ce qui était déjà noté est gardé. Remettez le \
                     projet en état (`git status` dit ce qui a changé), ôtez cette copie, recommencez.",
                    submission.file.display()
                );
            }
            journal.lock().unwrap().add(submission, rows, &submissions)?;
        }
        progress.advance();
        Ok(())
    })?;
    let journal = journal.into_inner().unwrap();
    let rows = journal.rows(&submissions);
    progress.done(&format!("{} copies, {} lignes", submissions.len(), rows.len()));
    journal.finish(&rows)
}

/// Note une copie : une ligne par exercice du chapitre, ou une seule si l'on ne peut rien en lire.
fn grade(
    paths: &Paths,
    options: &Options,
    references: &[Reference],
    sandbox: &Sandbox,
    submission: &Submission,
) -> Result<Vec<Row>> {
    let start = Instant::now();
    let row = |exercise: Option<&Exercise>, mark: Mark, message: String, seconds: f64| {
        Row::new(submission, exercise, mark, message, seconds, sandbox.held())
    };
    let copy = match submission::read(&submission.file) {
        Ok(copy) => copy,
        Err(error) => return Ok(vec![row(None, Mark::Unreadable, error.to_string(), 0.0)]),
    };
    let Some(reference) = submission::reference(&copy, &submission.file, references) else {
        let message = "Ni ses cellules, ni ses fonctions, ni le nom du fichier ne disent de quel \
                       chapitre il s'agit. Donnez au fichier le nom du chapitre \
                       (« durand_06_backprop.ipynb »).";
        return Ok(vec![row(None, Mark::Unknown, message.into(), 0.0)]);
    };
    let (written, unreadable) = submission::code(&copy);
    let (present, absent): (Vec<&Exercise>, Vec<&Exercise>) =
        reference.exercises.iter().partition(|exercise| {
            written.iter().any(|piece| piece.defines(&exercise.function))
        });
    let mut rows: Vec<Row> = absent
        .into_iter()
        .map(|exercise| {
            let (mark, message) = missing(exercise, &copy, &unreadable);
            row(Some(exercise), mark, message, 0.0)
        })
        .collect();
    if !present.is_empty() {
        let pieces: Vec<_> = reference.pieces.iter().cloned().chain(written).collect();
        let dir = files::scratch(paths)?;
        let deadline = start + Duration::from_secs(options.time);
        let program = program::compile(sandbox, dir.path(), &pieces, &present, deadline)?;
        let mut since = start;
        for (rank, exercise) in present.iter().enumerate() {
            let (mark, message) = match (&program.file, program.refused.get(&rank)) {
                (Some(file), None) => {
                    let left = deadline.saturating_duration_since(Instant::now()).as_secs();
                    if left == 0 {
                        let said =
                            format!("La copie a dépassé {} s en tout.", options.time);
                        (Mark::TimeOut, said)
                    } else {
                        let limit = left.min(EXERCISE_LIMIT);
                        judge(exercise, &sandbox.execute(file, &rank.to_string(), limit)?)
                    }
                }
                (_, refused) => {
                    // Ce que l'on dit de la fonction explique mieux que ce que l'on dit de l'appel.
                    let mut broken = program.broken.iter();
                    let own = broken.rfind(|(piece, _)| piece.defines(&exercise.function));
                    let said = own.map(|(_, said)| said).or(refused).cloned();
                    (Mark::DoesNotCompile, said.unwrap_or_default())
                }
            };
            let now = Instant::now();
            rows.push(row(Some(exercise), mark, message, (now - since).as_secs_f64()));
            since = now;
        }
    }
    let place = |row: &Row| reference.exercises.iter().position(|e| e.id == row.exercise);
    rows.sort_by_key(place);
    Ok(rows)
}

/// Pourquoi la fonction d'un exercice n'est nulle part.
fn missing(
    exercise: &Exercise,
    copy: &Value,
    unreadable: &[(usize, String)],
) -> (Mark, String) {
    let function = &exercise.function;
    let code: Vec<String> = notebook::code_cells(copy).map(notebook::source).collect();
    let broken =
        unreadable.iter().find(|(rank, _)| submission::mentions(&code[*rank], function));
    if let Some((rank, said)) = broken {
        return (Mark::DoesNotCompile, match submission::is_merged(&code[*rank]) {
            true => "La cellule contient deux versions mêlées par Git (« <<<<<<< ») : il faut \
                     choisir l'une des deux."
                .into(),
            false => format!("{said}."),
        });
    }
    let mut prose = notebook::cells(copy).filter(|cell| cell["cell_type"] != "code");
    let said = match prose
        .any(|cell| submission::mentions(&notebook::source(cell), function))
    {
        true => format!(
            "`{function}` est dans une cellule de texte : il faut en faire une cellule de code \
             (dans Jupyter, Échap puis Y)."
        ),
        false => format!("Aucune cellule n'écrit `{function}`."),
    };
    (Mark::Missing, said)
}

/// Le verdict d'un exercice, d'après ce que le programme de la copie a répondu.
fn judge(exercise: &Exercise, said: &Captured) -> (Mark, String) {
    if said.timed_out {
        return (Mark::TooSlow, "Elle n'a pas fini, et rien ne l'arrêtait.".into());
    }
    if said.too_long {
        return (
            Mark::Stopped,
            "Le programme affichait sans fin : il a été arrêté.".into(),
        );
    }
    let answers = said.output.lines().next_back().unwrap_or_default();
    let Ok(answers) = serde_json::from_str::<Value>(answers) else {
        return (Mark::Stopped, why_it_stopped(said));
    };
    let all = correcteur::exercises();
    let known = all.iter().find(|known| known.sheet().id == exercise.id);
    match known.and_then(|known| known.judge_answers(&answers)) {
        Some(verdict) => Mark::of_verdict(&verdict),
        None => {
            (Mark::Forged, "Ce qu'elle a répondu n'est pas une suite de réponses.".into())
        }
    }
}

fn why_it_stopped(said: &Captured) -> String {
    let known = [
        ("overflowed its stack", "la fonction s'appelle elle-même sans fin"),
        ("memory allocation of", "elle demande plus de mémoire qu'il n'y en a"),
        ("capacity overflow", "elle demande plus de mémoire qu'il n'y en a"),
    ];
    let cause = known.iter().find(|(words, _)| said.errors.contains(words));
    match (cause, said.code) {
        (Some((_, cause)), _) => {
            format!("Le programme s'est arrêté sans répondre : {cause}.")
        }
        (None, Some(0)) => "Le programme a fini sans répondre (`exit` ?).".into(),
        (None, Some(code)) => {
            format!("Le programme s'est arrêté sans répondre (code {code}).")
        }
        (None, None) => "Le programme a été arrêté avant de répondre.".into(),
    }
}

/// L'empreinte de tout ce qui sert à juger : le correcteur, nn_core, et ce qui en est compilé.
fn fingerprint(paths: &Paths, sandbox: &Sandbox) -> Result<Vec<u8>> {
    let mut digest = Sha256::new();
    for folder in [paths.root.join("src"), paths.notebooks().join("correcteur/src")] {
        let files = files::contents(&folder)
            .with_context(|| format!("« {} » ne se lit pas", folder.display()))?;
        for (name, bytes) in files {
            digest.update(name.to_string_lossy().as_bytes());
            digest.update(bytes);
        }
    }
    digest.update(sandbox.fingerprint()?);
    Ok(digest.finalize().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exercise() -> Exercise {
        Exercise {
            id: "01_my_sigmoid".into(),
            title: "Exercice 1.2".into(),
            function: "my_sigmoid".into(),
            call: "correcteur::chapitre_01::my_sigmoid(my_sigmoid)".into(),
        }
    }

    fn said(output: &str) -> Captured {
        let output = output.to_string();
        Captured {
            code: Some(0),
            timed_out: false,
            too_long: false,
            output,
            errors: String::new(),
        }
    }

    #[test]
    fn seules_les_reponses_comptent_et_non_ce_qui_est_affiche() {
        let answers = |f: fn(f64) -> f64| {
            correcteur::chapitre_01::my_sigmoid(f).answers().to_string()
        };
        let mark = |output: &str| judge(&exercise(), &said(output)).0;
        let right = answers(|z| 1.0 / (1.0 + (-z).exp()));
        let wrong = answers(|z| 1.0 / (1.0 + z.exp()));
        assert_eq!(mark(&format!("bonjour\n{right}")), Mark::Success);
        assert_eq!(mark(&wrong), Mark::Mistake);
        assert_eq!(mark(&format!("{right}\n{wrong}")), Mark::Mistake);
        assert_eq!(mark(&format!("{{\"status\": \"success\"}}\n{wrong}")), Mark::Mistake);
        assert_eq!(mark("{\"status\": \"success\"}"), Mark::Forged);
        assert_eq!(mark("[]"), Mark::Forged);
        assert_eq!(mark("gagné"), Mark::Stopped);
        assert_eq!(mark(""), Mark::Stopped);
    }

    #[test]
    fn un_arret_se_dit_en_francais() {
        let stopped =
            |errors: &str| Captured { code: None, errors: errors.into(), ..said("") };
        assert!(
            judge(&exercise(), &stopped("thread overflowed its stack"))
                .1
                .contains("sans fin")
        );
        let late = Captured { timed_out: true, ..said("") };
        assert_eq!(judge(&exercise(), &late).0, Mark::TooSlow);
        let chatty = Captured { too_long: true, ..said("") };
        assert_eq!(judge(&exercise(), &chatty).0, Mark::Stopped);
    }
}
