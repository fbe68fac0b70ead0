//! `cargo atelier` : du chapitre au notebook exécuté, et du notebook au livre.

mod book;
mod cells;
mod chapter;
mod cli;
mod demos;
mod environment;
mod execute;
mod figure;
mod files;
mod gate;
mod glossary;
mod grade;
mod highlight;
mod include;
mod lab;
mod language;
mod links;
mod listing;
mod math;
mod notebook;
mod outputs;
mod pages;
mod paths;
mod pdf;
mod pieces;
mod prepare;
mod process;
mod progress;
mod quiz;
pub mod readers;
mod references;
mod search;
mod server;
mod session;
mod skeleton;
mod symbols;
mod theme;
mod together;
mod web;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use cli::Request;
use paths::Paths;
use progress::Progress;

/// Fait ce que demande la ligne de commande.
pub fn main() -> ExitCode {
    let outcome = cli::parse(std::env::args_os().skip(1)).and_then(run);
    process::let_interruption_finish(); // un arrêt demandé n'est pas une erreur, et dit sa fin
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nErreur : {error}");
            for cause in error.chain().skip(1) {
                eprintln!("Cause : {cause}");
            }
            if let Some(remedy) = process::remedy(&format!("{error:#}")) {
                eprintln!("{remedy}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(request: Request) -> Result<()> {
    if request == Request::Help {
        print!("{}", cli::help());
        return Ok(());
    }
    process::handle_interrupts()?;
    let paths = Paths::find()?;
    files::forget_old_scratch(&paths);
    match request {
        Request::All { browser, spare } => all(&paths, browser, spare),
        Request::Prepare => prepare::prepare(&paths),
        Request::Notebooks { verify: false, chapters } => {
            execute::refresh(&paths, &chapters)
        }
        Request::Notebooks { verify: true, chapters } => execute::verify(&paths, &chapters),
        Request::Solved { chapters } => {
            for file in execute::solve(&paths, &chapters)? {
                println!("{}", paths.display(&file));
            }
            Ok(())
        }
        Request::Grade(options) => {
            let (csv, page) = grade::run(&paths, &options)?;
            println!("Tableau : {}\nPage : {}", paths.display(&csv), paths.display(&page));
            Ok(())
        }
        Request::Book { serve, browser } => {
            book::build(&paths)?;
            if serve { follow(&paths, browser) } else { Ok(()) }
        }
        Request::Lab { browser, spare } => {
            prepare::prepare(&paths)?;
            let lab = lab::start(&paths, spare)?;
            println!("JupyterLab : {}", lab.address);
            open(browser, &lab.address);
            println!("Ctrl-C pour arrêter.");
            lab.wait()
        }
        Request::New { kind, name, title } => skeleton::start(&paths, kind, &name, &title),
        Request::Preprocess => book::preprocess(&paths),
        Request::Postprocess => book::postprocess(&paths),
        Request::Pdf => pdf::build(&paths).map(|_| ()),
        Request::Verify { gates, complete } => gate::run(&paths, &gates, complete),
        Request::Clean { stop } => clean(&paths, stop),
        Request::Help => Ok(()),
    }
}

/// Sert le livre, et le refait dès que quelque chose de ce qu'il montre change.
fn follow(paths: &Paths, browser: bool) -> Result<()> {
    let (version, shown) = tokio::sync::watch::channel(0u64);
    let address = server::serve(&paths.html(), Some(shown))?;
    println!("Livre : {address}");
    open(browser, &address);
    println!(
        "Il se refait quand un chapitre, le thème ou un notebook change. Ctrl-C pour arrêter."
    );
    let folders = [
        paths.chapters(),
        paths.book().join("theme"),
        paths.book().join("demos"),
        paths.notebooks(),
        paths.root.join("src"),
    ];
    let mut known = files::latest(&folders);
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let latest = files::latest(&folders);
        if latest == known {
            continue;
        }
        known = latest;
        match book::build(paths) {
            Ok(_) => version.send_modify(|number| *number += 1),
            Err(error) => eprintln!("\nErreur : {error:#}\nLe livre d'avant reste servi."),
        }
    }
}

/// Tout, d'un seul mot : l'environnement, le livre et JupyterLab.
fn all(paths: &Paths, browser: bool, spare: bool) -> Result<()> {
    if !paths.venv().exists() {
        println!(
            "Première fois : l'atelier installe ce qu'il lui faut dans .atelier/ \
             (10 à 20 minutes). Vous pouvez l'interrompre, il reprendra."
        );
    }
    prepare::prepare(paths)?;
    book::build(paths)?;
    let book = server::serve(&paths.html(), None)?;
    let lab = lab::start(paths, spare)?;
    println!("Livre : {book}");
    println!("JupyterLab : {}", lab.address);
    println!("Ctrl-C pour arrêter les deux.");
    open(browser, &lab.address);
    lab.wait()
}

fn open(browser: bool, address: &str) {
    if browser && opener::open_browser(address).is_err() {
        println!("Le navigateur ne s'ouvre pas de lui-même : copiez-y l'adresse.");
    }
}

/// Efface ce qui se refait, jamais ce que l'apprenant a écrit.
fn clean(paths: &Paths, stop: bool) -> Result<()> {
    for lab in lab::Announced::running(paths) {
        if !stop {
            anyhow::bail!(
                "JupyterLab tourne encore : {}. Rien n'a été effacé. Enregistrez votre travail, \
                 arrêtez-le (Ctrl-C dans son terminal), puis recommencez ; ou demandez à la commande \
                 de l'arrêter : « cargo atelier nettoyer --arreter ».",
                lab.address()
            );
        }
        lab.stop()?;
    }
    let progress = Progress::start("Nettoyage");
    for folder in [paths.state(), paths.html()].into_iter().chain(cells::outside(paths)) {
        if folder.exists() {
            progress.detail(&paths.display(&folder));
            std::fs::remove_dir_all(&folder)?;
        }
    }
    progress.done(".atelier/ et book/html/ sont effacés, travail/ est intact");
    println!("Pour effacer aussi ce que cargo a compilé : « cargo clean ».");
    Ok(())
}
