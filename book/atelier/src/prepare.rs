//! `preparer` : installer ce qui manque, puis compiler une fois les bibliothèques des notebooks.

use std::path::Path;

use anyhow::{Context, Result};

use crate::cells;
use crate::chapter::{self, Chapter};
use crate::environment::{self, Stamp};
use crate::files;
use crate::notebook;
use crate::paths::Paths;
use crate::progress::Progress;
use crate::references::References;
use crate::session;

/// Prépare tout ce qui manque, et rien d'autre.
pub fn prepare(paths: &Paths) -> Result<()> {
    std::fs::create_dir_all(paths.state()).with_context(|| {
        format!("le dossier « {} » ne se crée pas", paths.state().display())
    })?;
    let cells = cells::folder(paths)?;
    environment::install(paths, &cells)?;
    cells::sweep(paths, &cells);
    warm_up(paths)
}

/// Les cellules qui chargent des bibliothèques, chacune une fois : la première de chaque chapitre.
fn loading_cells(paths: &Paths) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in chapter::files(&paths.chapters())? {
        let chapter = Chapter::read(&file)?;
        for (_, code) in chapter.cells().filter(|(_, code)| code.source.starts_with(":dep"))
        {
            if !found.contains(&code.source) {
                found.push(code.source.clone());
            }
        }
    }
    Ok(found)
}

/// Compile une fois les bibliothèques des notebooks : le premier de l'apprenant s'ouvrira vite.
fn warm_up(paths: &Paths) -> Result<()> {
    let stamp = Stamp::warm(paths);
    if stamp.is_fresh() {
        return Ok(());
    }
    stamp.clear();
    let progress =
        Progress::start("Première compilation des bibliothèques pour les notebooks");
    let folder = paths.notebooks();
    let text: String = loading_cells(paths)?
        .iter()
        .map(|cell| format!("```rust,limite=900\n{}\n```\n\n", cell.trim_end()))
        .collect();
    let chapter = Chapter::parse(Path::new("prechauffage.md"), text)?;
    let dir = files::scratch(paths)?;
    let source = dir.path().join("entree.ipynb");
    let alone = References::default();
    notebook::write(&source, &notebook::render(&chapter, &alone)?)?;
    session::execute_file(
        paths,
        &source,
        &dir.path().join("sortie.ipynb"),
        &folder,
        |_| {},
    )?
    .map_err(|failure| anyhow::anyhow!("{} : {}", failure.nature, failure.message))
    .context("le noyau Rust est installé, mais il n'exécute pas une première cellule")?;
    stamp.set()?;
    progress.done("");
    Ok(())
}
