//! « notebooks » : rendre les chapitres, les exécuter par le vrai noyau, garder ou comparer.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use correcteur::verdict::MIME as VERDICT;
use serde_json::Value;

use crate::chapter::{self, Chapter};
use crate::files;
use crate::notebook;
use crate::paths::Paths;
use crate::prepare::prepare;
use crate::progress::Progress;
use crate::references::References;
use crate::session::{Failure, Step, execute_file};
use crate::together::together;

/// Rend et exécute les chapitres choisis (tous, si `chosen` est vide), et les enregistre.
pub fn refresh(paths: &Paths, chosen: &[String]) -> Result<()> {
    prepare(paths)?;
    let (chapters, references) = read(paths)?;
    each(&chapter::select(&chapters, chosen)?, |chapter| {
        let fresh = run(paths, chapter, &notebook::render(chapter, &references)?)?;
        let target = paths.notebooks().join(format!("{}.ipynb", chapter.name));
        keep_hand_made(paths, &target)?;
        notebook::write(&target, &fresh)
    })?;
    Ok(())
}

/// La version de l'enseignant : les chapitres choisis, exercices résolus, exécutés dans `travail/`.
///
/// Un exercice dont la solution ne passe pas le correcteur est une erreur.
pub fn solve(paths: &Paths, chosen: &[String]) -> Result<Vec<PathBuf>> {
    prepare(paths)?;
    let (chapters, references) = read(paths)?;
    each(&chapter::select(&chapters, chosen)?, |chapter| {
        let mut chapter = (*chapter).clone();
        chapter.solve();
        let solved = run(paths, &chapter, &notebook::render(&chapter, &references)?)?;
        let failed = notebook::code_cells(&solved).find(|cell| {
            notebook::outputs(cell).any(|output| {
                let verdict = &output["data"][VERDICT];
                !verdict.is_null() && verdict["status"] != "success"
            })
        });
        if let Some(cell) = failed {
            bail!(
                "{} : la solution ne passe pas le correcteur, cellule « {} ».",
                chapter.label(),
                cell["id"].as_str().unwrap_or_default()
            );
        }
        let target = paths.work().join(format!("{}.enseignant.ipynb", chapter.name));
        keep_hand_made(paths, &target)?;
        notebook::write(&target, &solved)?;
        Ok(target)
    })
}

/// Fait `work` pour chaque chapitre, deux à la fois : un échec n'arrête pas les autres.
///
/// # Erreurs
/// Tous les échecs, dans l'ordre des chapitres.
fn each<T: Send>(
    chapters: &[&Chapter],
    work: impl Fn(&Chapter) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let (mut made, mut failures) = (Vec::new(), Vec::new());
    for result in together(chapters, |chapter| Ok(work(chapter)))? {
        match result {
            Ok(done) => made.push(done),
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    if failures.is_empty() { Ok(made) } else { bail!("{}", failures.join("\n\n")) }
}

/// Exécute de nouveau, ailleurs, et compare avec ce qui est enregistré.
pub fn verify(paths: &Paths, chosen: &[String]) -> Result<()> {
    prepare(paths)?;
    let (chapters, references) = read(paths)?;
    let difference = |chapter: &&Chapter| {
        let file = paths.notebooks().join(format!("{}.ipynb", chapter.name));
        if !file.is_file() {
            return Ok(Some(format!(
                "{} : le notebook n'a jamais été exécuté",
                chapter.name
            )));
        }
        let committed = notebook::read(&file)?;
        let compare = || {
            let rendered = notebook::render(chapter, &references)?;
            // Ce qui se lit se compare tout de suite ; le reste demande d'exécuter.
            let written = notebook::source_difference(chapter, &committed, &rendered);
            if written.is_some() {
                return Ok(written);
            }
            let fresh = run(paths, chapter, &rendered)?;
            Ok(notebook::difference(chapter, &committed, &fresh))
        };
        Ok(compare().unwrap_or_else(|error: anyhow::Error| Some(format!("{error:#}"))))
    };
    let selected = chapter::select(&chapters, chosen)?;
    let found = together(&selected, difference)?;
    let stale = selected
        .into_iter()
        .zip(found)
        .filter_map(|(chapter, found)| Some((chapter, found?)));
    let (stale, mut problems): (Vec<&Chapter>, Vec<String>) = stale.unzip();
    if chosen.is_empty() {
        problems.extend(orphans(paths)?);
    }
    refuse(&stale, &problems)
}

/// Le texte de chaque notebook enregistré est-il encore celui de son chapitre ? Rien n'est exécuté.
///
/// # Erreurs
/// Ce qui diffère, et la commande qui répare.
pub fn written(paths: &Paths) -> Result<()> {
    let (chapters, references) = read(paths)?;
    let (mut stale, mut problems) = (Vec::new(), Vec::new());
    for chapter in &chapters {
        let file = paths.notebooks().join(format!("{}.ipynb", chapter.name));
        let rendered = notebook::render(chapter, &references)?;
        let committed = notebook::read(&file)?;
        if let Some(found) = notebook::source_difference(chapter, &committed, &rendered) {
            stale.push(chapter);
            problems.push(found);
        }
    }
    refuse(&stale, &problems)
}

/// Les chapitres, et ce qui porte un nom dans l'un d'eux.
fn read(paths: &Paths) -> Result<(Vec<Chapter>, References)> {
    let chapters = chapter::read_all(&paths.chapters())?;
    let references = References::of(&chapters)?;
    Ok((chapters, references))
}

/// S'il y a des problèmes, les dit, avec la commande qui refait les notebooks de ces chapitres.
fn refuse(stale: &[&Chapter], problems: &[String]) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let numbers: String =
        stale.iter().map(|chapter| format!(" {}", chapter.number().0)).collect();
    bail!(
        "les notebooks enregistrés ne sont pas ceux que les chapitres donnent :\n  - {}\n\
         Si le chapitre a raison, lancez « cargo atelier notebooks{numbers} » et enregistrez le résultat.",
        problems.join("\n  - "),
    )
}

/// Les notebooks dont le chapitre n'existe plus.
fn orphans(paths: &Paths) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(paths.notebooks())?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "ipynb") {
            let chapter =
                path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if !paths.chapters().join(format!("{chapter}.md")).is_file() {
                found.push(format!(
                    "{} : ce notebook n'a pas de chapitre",
                    paths.display(&path)
                ));
            }
        }
    }
    Ok(found)
}

/// Exécute le notebook d'un chapitre et le rend scellé, ou l'échec avec sa place dans le chapitre.
fn run(paths: &Paths, chapter: &Chapter, rendered: &Value) -> Result<Value> {
    let progress = Progress::start(&format!("Notebook {}", chapter.name));
    let dir = files::scratch(paths)?;
    let (source, target) =
        (dir.path().join("entree.ipynb"), dir.path().join("sortie.ipynb"));
    notebook::write(&source, rendered)?;
    let start = Instant::now();
    let mut durations = Vec::new();
    let outcome =
        execute_file(paths, &source, &target, &paths.notebooks(), |step| match step {
            Step::Noyau => progress.detail("le noyau a démarré"),
            Step::Cellule { rang, total } => progress.set(*rang, *total),
            Step::Faite { secondes } => durations.push(*secondes),
            Step::Echec(_) | Step::Fini => {}
        })
        .with_context(|| format!("chapitre {}", chapter.name))?;
    if let Err(failure) = outcome {
        bail!("{}", explain(chapter, &failure));
    }
    let mut fresh = notebook::read(&target)?;
    notebook::seal(&mut fresh);
    durations.sort_by(f64::total_cmp);
    let median = durations.get(durations.len() / 2).copied().unwrap_or(0.0);
    let total = start.elapsed().as_secs_f64();
    progress.done(
        &format!(
            "{} cellules, {total:.1} s en tout, {median:.2} s la cellule médiane",
            durations.len()
        )
        .replace('.', ","),
    );
    Ok(fresh)
}

/// L'échec, avec le fichier, la ligne et la cellule du chapitre.
fn explain(chapter: &Chapter, failure: &Failure) -> String {
    let block =
        failure.id.as_ref().and_then(|id| chapter.blocks.iter().find(|b| b.id == *id));
    let place = match block {
        Some(b) => format!("{}:{}, cellule « {} »", chapter.label(), b.line, b.id),
        None => format!("{}, avant la première cellule", chapter.label()),
    };
    let what = match failure.nature.as_str() {
        "panique" => "panique",
        "compilation" => "le code ne se compile pas",
        "erreur" => "la cellule a écrit sur la sortie d'erreur",
        "figure" => "la figure ne peut pas être dessinée",
        "temps" => "temps dépassé",
        "noyau" => "le noyau s'est arrêté",
        _ => "échec attendu",
    };
    format!("{place} : {what}.\n{}", failure.message.trim())
}

/// Un notebook de référence changé à la main n'est jamais écrasé : il est d'abord mis de côté.
fn keep_hand_made(paths: &Paths, target: &Path) -> Result<()> {
    if !target.is_file() {
        return Ok(());
    }
    let untouched = notebook::read(target).is_ok_and(|nb| notebook::is_untouched(&nb));
    if untouched {
        return Ok(());
    }
    let stem = target.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let kept = files::free_name(&paths.work(), &format!("{stem}.garde"), "ipynb");
    files::write_atomically(&kept, &std::fs::read(target)?)?;
    eprintln!(
        "! {} avait été changé à la main : il est gardé dans {}.",
        paths.display(target),
        paths.display(&kept)
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_notebook_enregistre_a_le_texte_de_son_chapitre() {
        written(&Paths::find().unwrap()).unwrap();
    }

    #[test]
    fn un_refus_dit_quels_notebooks_refaire() {
        let chapters = ["03_a.md", "12_b.md"]
            .map(|name| Chapter::parse(Path::new(name), "# T".to_string()).unwrap());
        let stale: Vec<&Chapter> = chapters.iter().collect();
        let said = refuse(&stale, &["ceci".into()]).unwrap_err().to_string();
        assert!(said.contains("cargo atelier notebooks 03 12\u{a0}»"), "{said}");
        refuse(&[], &[]).unwrap();
    }
}
