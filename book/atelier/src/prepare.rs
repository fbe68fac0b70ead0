//! `preparer` : installer ce qui manque, puis compiler une fois les bibliothèques des notebooks.

use std::fs::{File, TryLockError};
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
    let mut outcome = install(paths);
    // Sur un disque plein, les programmes échouent sans toujours dire pourquoi.
    if fs4::available_space(paths.state()).is_ok_and(|free| free < 100_000_000) {
        outcome =
            outcome.context("il ne reste presque plus de place sur le disque du projet");
    }
    outcome.context(
        "l'installation n'est pas finie. Rien n'est perdu : ce qui est fait est gardé, et la même \
         commande reprendra là, une fois réglé ce qui suit",
    )
}

fn install(paths: &Paths) -> Result<()> {
    let alone = alone(paths)?;
    let cells = cells::folder(paths)?;
    environment::install(paths, &cells)?;
    cells::sweep(paths, &cells);
    warm_up(paths)?;
    alone.unlock().context("le verrou de l'installation ne se rend pas")
}

/// Attend d'être seul à écrire dans `.atelier/`. Les programmes que nous lançons tiennent ce verrou avec
/// nous : celui d'un atelier arrêté de force peut durer plus que lui.
fn alone(paths: &Paths) -> Result<File> {
    let file = paths.state().join("verrou");
    let open = || {
        std::fs::create_dir_all(paths.state())?;
        let lock = File::options().create(true).append(true).open(&file)?;
        #[cfg(unix)]
        rustix::io::fcntl_setfd(&lock, rustix::io::FdFlags::empty())?;
        Ok::<File, std::io::Error>(lock)
    };
    let lock = open().with_context(|| {
        format!(
            "« {} » ne s'écrit pas : le dossier du projet doit être à vous, et permettre l'écriture",
            file.display()
        )
    })?;
    if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        let progress = Progress::start(
            "Un autre atelier installe, ou un atelier arrêté de force n'a pas fini : attente",
        );
        lock.lock()?;
        progress.done("");
    }
    Ok(lock)
}

/// Les cellules qui chargent des bibliothèques, chacune une fois : la première de chaque chapitre.
fn loading_cells(paths: &Paths) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in chapter::files(&paths.chapters())? {
        let text = files::read_text(&file)
            .with_context(|| format!("« {} » ne se lit pas", file.display()))?;
        let code = chapitre::blocks(&text).into_iter().filter_map(|block| block.fence());
        for (_, cell) in code.filter(|(_, code)| code.starts_with(":dep")) {
            if !found.iter().any(|known| known == cell) {
                found.push(cell.to_string());
            }
        }
    }
    Ok(found)
}

/// Compile une fois les bibliothèques des notebooks : le premier de l'apprenant s'ouvrira vite.
fn warm_up(paths: &Paths) -> Result<()> {
    let (stamp, place) = (Stamp::warm(paths), Stamp::place(paths));
    let title = match (stamp.is_fresh(), place.is_fresh()) {
        (true, true) => return Ok(()),
        (true, false) => {
            "Le projet a changé de place : seules ses bibliothèques se recompilent"
        }
        (false, _) => {
            stamp.clear(); // il était là, sans ce qu'elle avait compilé
            "Première compilation des bibliothèques pour les notebooks"
        }
    };
    if !paths.kernel_build().exists() {
        environment::room(paths, 15)?;
    }
    place.clear();
    let progress = Progress::start(title);
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
    place.set()?;
    progress.done("");
    Ok(())
}
