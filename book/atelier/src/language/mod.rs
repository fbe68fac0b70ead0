//! `verifier langue` : la typographie, l'orthographe et la grammaire de tout ce qui se lit.
//!
//! Les chapitres et les pages du livre, README.md et CONTRIBUTING.md, les commentaires et les
//! messages de `src` et de l'atelier. Chaque faute dit son fichier, sa ligne, sa colonne et le remède.

mod grammar;
mod prose;
mod rust_source;
mod spelling;
mod typography;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::files;
use crate::paths::Paths;
use crate::progress::Progress;
use prose::Document;
use spelling::{French, Project};

/// Le dictionnaire du projet.
const WORDS: &str = "tests/langue/dictionnaire.txt";
/// Les exceptions de grammaire.
const EXCEPTIONS: &str = "tests/langue/exceptions.toml";

/// Combien de mots inconnus reçoivent des mots proches.
const SUGGESTED: usize = 5;

const UNCLOSED: &str =
    "cette balise `lang=\"en\"` n'est pas fermée. Écrivez `<i lang=\"en\">…</i>`.";

/// Vérifie la langue ; rend ce qui n'a pas pu l'être, faute d'un outil.
///
/// # Erreurs
/// Toutes les fautes, chacune avec son fichier, sa ligne et sa colonne.
pub fn check(paths: &Paths) -> Result<Vec<String>> {
    let progress = Progress::start("Langue");
    let mut problems = Vec::new();
    let documents = documents(paths, &mut problems)?;
    let mut skipped = Vec::new();

    progress.detail("typographie");
    for document in &documents {
        let drawn = document.file.starts_with("src/plot/");
        for passage in &document.passages {
            for fault in typography::check(passage, drawn) {
                problems.push(Problem::new(
                    document,
                    passage.origin(fault.range.start),
                    fault.what,
                ));
            }
        }
    }
    progress.detail("orthographe");
    match French::find(paths)? {
        Some(french) => spell(paths, &french, &documents, &mut problems)?,
        None => skipped.push(
            "l'orthographe : le dictionnaire français manque. Pour l'avoir : « npm ci --prefix \
             tests/langue » (ou, sous Debian et Ubuntu, « sudo apt install hunspell-fr »)."
                .to_string(),
        ),
    }
    progress.detail("grammaire");
    if grammar::is_installed() {
        grammar(paths, &documents, &mut problems)?;
    } else {
        skipped.push(
            "la grammaire : `grammalecte-cli` manque. Pour l'avoir, sous Debian et Ubuntu : \
             « sudo apt install grammalecte-cli » ; ailleurs : https://grammalecte.net, version \
             `CLI & Server`, à mettre dans le PATH."
                .to_string(),
        );
    }
    if problems.is_empty() {
        progress.done(&format!("{} fichiers", documents.len()));
        return Ok(skipped);
    }
    problems.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    let list: Vec<String> = problems.iter().map(Problem::to_string).collect();
    bail!("{} faute(s) de langue :\n  - {}", list.len(), list.join("\n  - "))
}

/// Une faute, prête à être lue.
struct Problem {
    file: String,
    line: usize,
    column: usize,
    what: String,
}

impl Problem {
    fn new(document: &Document, offset: usize, what: impl Into<String>) -> Self {
        let (line, column) = document.line_column(offset);
        Self { file: document.file.clone(), line, column, what: what.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{} : {}", self.file, self.line, self.column, self.what)
    }
}

/// L'orthographe de tous les documents, et le dictionnaire du projet lui-même.
fn spell(
    paths: &Paths,
    french: &French,
    documents: &[Document],
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let mut project = Project::parse(&read(paths, WORDS)?);
    let mut asked = 0;
    for document in documents {
        for passage in &document.passages {
            for range in french.unknown(&passage.text, &mut project) {
                let word = &passage.text[range.clone()];
                // Chercher un mot proche est long : seulement pour les premiers.
                asked += 1;
                let close =
                    if asked > SUGGESTED { vec![] } else { french.suggestions(word) };
                let close = match close.is_empty() {
                    true => String::new(),
                    false => format!(" Serait-ce : {} ?", close.join(", ")),
                };
                problems.push(Problem::new(
                    document,
                    passage.origin(range.start),
                    format!(
                        "« {word} » est inconnu.{close} Un mot anglais s'écrit \
                         `<i lang=\"en\">{word}</i>`, un nom de code entre accents graves, un mot \
                         du domaine s'ajoute à {WORDS}."
                    ),
                ));
            }
        }
    }
    problems.extend(project.problems(french).into_iter().map(|(line, what)| Problem {
        file: WORDS.into(),
        line,
        column: 1,
        what,
    }));
    Ok(())
}

/// La grammaire de tous les documents, moins les exceptions, qui doivent toutes servir.
fn grammar(
    paths: &Paths,
    documents: &[Document],
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let text = read(paths, EXCEPTIONS)?;
    let answers = grammar::answers(&text)
        .with_context(|| format!("« {EXCEPTIONS} » ne se comprend pas"))?;
    let mut used = BTreeSet::new();
    for report in grammar::check(paths, documents)? {
        let document = &documents[report.document];
        let rules = answers.silenced.iter().filter(|rule| rule.name == report.rule);
        let excerpts = answers.exceptions.iter();
        let excerpts = excerpts.filter(|one| one.answers(&report, &document.source));
        let found: Vec<&str> = rules
            .map(|rule| rule.name.as_str())
            .chain(excerpts.map(|one| one.excerpt.as_str()))
            .collect();
        if found.is_empty() {
            let excerpt = &document.source[report.range.clone()];
            problems.push(Problem::new(
                document,
                report.range.start,
                format!("« {excerpt} » : {} (règle {})", report.what, report.rule),
            ));
        }
        used.extend(found.into_iter().map(str::to_string));
    }
    let all = answers.silenced.iter().map(|rule| &rule.name);
    for entry in all.chain(answers.exceptions.iter().map(|one| &one.excerpt)) {
        if !used.contains(entry) {
            let at = text.find(entry.as_str()).unwrap_or(0);
            problems.push(Problem {
                file: EXCEPTIONS.into(),
                line: text[..at].matches('\n').count() + 1,
                column: 1,
                what: format!(
                    "« {entry} » ne sert plus : Grammalecte n'en dit rien. Retirez-le."
                ),
            });
        }
    }
    Ok(())
}

fn read(paths: &Paths, file: &str) -> Result<String> {
    files::read_text(&paths.root.join(file))
        .with_context(|| format!("« {file} » ne se lit pas"))
}

/// Tous les fichiers à lire, et leur prose.
fn documents(paths: &Paths, problems: &mut Vec<Problem>) -> Result<Vec<Document>> {
    let mut files: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md"].map(|name| paths.root.join(name)).to_vec();
    files.retain(|file| file.is_file());
    walk(&paths.chapters(), "md", &mut files)?;
    for folder in ["src", "book/atelier/src", "book/demos/src"] {
        let folder = paths.root.join(folder);
        if folder.is_dir() {
            walk(&folder, "rs", &mut files)?;
        }
    }
    let mut documents = Vec::new();
    for path in files {
        let file = paths.display(&path);
        let source = read(paths, &file)?;
        let read = if path.extension().is_some_and(|extension| extension == "rs") {
            rust_source::passages(&source)
                .map_err(|unreadable| (unreadable.offset, unreadable.why))
        } else {
            prose::markdown(&source).map_err(|offset| (offset, UNCLOSED.to_string()))
        };
        let mut document = Document { file, source, passages: Vec::new() };
        match read {
            Ok(passages) => document.passages = passages,
            Err((offset, why)) => problems.push(Problem::new(&document, offset, why)),
        }
        documents.push(document);
    }
    Ok(documents)
}

/// Les fichiers d'un dossier et de ses sous-dossiers qui finissent par `.extension`, dans l'ordre.
fn walk(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("le dossier « {} » ne se lit pas", folder.display()))?;
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, extension, files)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(())
}
