//! `verifier` : tout ce qui doit tenir avant d'enregistrer, dans l'ordre du plus rapide au plus long.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::book;
use crate::demos;
use crate::environment;
use crate::execute;
use crate::language;
use crate::paths::Paths;
use crate::process::{self, cargo_progress, with_cargo_progress};
use crate::progress::Progress;
use crate::web;

/// Une vérification : le nom qui la demande, ce qu'elle vérifie, et comment.
pub struct Gate {
    /// Son nom, dans « cargo atelier verifier NOM ».
    pub name: &'static str,
    /// Ce qu'elle vérifie, en quelques mots.
    pub what: &'static str,
    check: Check,
}

/// Comment une vérification se fait.
enum Check {
    /// Par cargo, avec ces arguments.
    Cargo(&'static [&'static str]),
    /// Par une fonction, qui rend ce qu'elle n'a pas pu vérifier faute d'un outil, et comment
    /// l'avoir.
    Function(fn(&Paths) -> Result<Vec<String>>),
}
use Check::{Cargo, Function};

/// Toutes les vérifications, dans l'ordre : en ajouter une, c'est ajouter une ligne.
#[rustfmt::skip]
pub const GATES: &[Gate] = &[
    gate("langue", "typographie, orthographe et grammaire du français", Function(language::check)),
    gate("format", "la mise en forme du code", Cargo(&["fmt", "--all", "--check"])),
    gate("clippy", "les conseils de Clippy", Cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    gate("documentation", "la documentation du code", Cargo(&["doc", "--locked", "--workspace", "--no-deps"])),
    gate("cibles", "les bibliothèques, pour une page web et pour un Mac", Function(elsewhere)),
    gate("dependances", "ce dont le projet dépend : licences, origine, doubles, failles connues", Function(dependencies)),
    gate("tests", "les tests", Cargo(&["test", "--locked"])),
    gate("notebooks", "les notebooks, exécutés de nouveau", Function(|paths| execute::verify(paths, &[]).map(|()| vec![]))),
    gate("livre", "le livre se construit, ses liens mènent quelque part, les notebooks ont son texte", Function(book_and_notebooks)),
    gate("mdbook", "`mdbook build book` donne le même livre", Function(|paths| book::same_by_mdbook(paths).map(|()| vec![]))),
    gate("html", "chaque page est du HTML valide", Function(web::html)),
    gate("recherche", "chaque question française trouve sa page", Function(web::search)),
    gate("questions", "les questions se répondent, au clavier et sans rien retenir", Function(web::questions)),
    gate("demonstrations", "les démonstrations : souris, doigt, clavier, les nombres de nn_core", Function(web::demos)),
    gate("reseau", "rien hors du livre, des pages légères qui se replient", Function(web::network)),
    gate("accessibilite", "axe dans chaque thème, le clavier, le français de l'interface", Function(web::accessibility)),
];

const fn gate(name: &'static str, what: &'static str, check: Check) -> Gate {
    Gate { name, what, check }
}

/// Les vérifications qui portent ces noms, ou toutes.
///
/// # Erreurs
/// Un nom qui n'existe pas, avec ceux qui existent.
pub fn select(names: &[String]) -> Result<Vec<&'static Gate>> {
    if let Some(unknown) =
        names.iter().find(|name| GATES.iter().all(|gate| gate.name != **name))
    {
        bail!("la vérification « {unknown} » n'existe pas. Il y a :\n{}", list());
    }
    let wanted =
        |gate: &&Gate| names.is_empty() || names.iter().any(|name| name == gate.name);
    Ok(GATES.iter().filter(wanted).collect())
}

/// Les noms de toutes les vérifications, sauf celles-ci.
///
/// # Erreurs
/// Un nom qui n'existe pas, avec ceux qui existent.
pub fn all_but(except: &[String]) -> Result<Vec<String>> {
    select(except)?;
    let kept = GATES.iter().map(|gate| gate.name.to_string());
    Ok(kept.filter(|name| !except.contains(name)).collect())
}

/// Les noms des vérifications et ce que chacune vérifie, une par ligne.
pub fn list() -> String {
    GATES.iter().map(|gate| format!("  {:<22}{}\n", gate.name, gate.what)).collect()
}

/// Lance ces vérifications ; chacune s'affiche, et la première qui échoue arrête tout.
///
/// Un outil qui manque est signalé à la fin ; avec `complete`, c'est une erreur.
///
/// # Erreurs
/// Un nom inconnu, ou la première vérification qui échoue.
pub fn run(paths: &Paths, names: &[String], complete: bool) -> Result<()> {
    let mut skipped = Vec::new();
    for gate in select(names)? {
        match gate.check {
            Cargo(arguments) => cargo(paths, gate.what, arguments)?,
            Function(check) => skipped.extend(check(paths)?),
        }
        if complete && !skipped.is_empty() {
            bail!("pas vérifié, faute d'un outil :\n  - {}", skipped.join("\n  - "));
        }
    }
    if skipped.is_empty() {
        println!("Tout est vérifié.");
    } else {
        println!("Tout le reste est vérifié, sauf :\n  - {}", skipped.join("\n  - "));
    }
    Ok(())
}

/// Le livre, et le texte des notebooks, qui doit être celui des chapitres.
fn book_and_notebooks(paths: &Paths) -> Result<Vec<String>> {
    book::build(paths)?;
    execute::written(paths)?;
    Ok(vec![])
}

/// Une vérification par cargo.
fn cargo(paths: &Paths, what: &str, arguments: &[&str]) -> Result<()> {
    let progress = Progress::start(what);
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(&paths.root).env("RUSTDOCFLAGS", "-D warnings");
    with_cargo_progress(&mut command);
    let mut results = Vec::new();
    process::run(command, what, |line| match cargo_progress(line) {
        Some((done, total)) => progress.set(done, total),
        None if line.starts_with("test result:") => results.push(line.to_string()),
        None => progress.detail(line.trim()),
    })?;
    progress.done("");
    for line in results {
        println!("{line}");
    }
    Ok(())
}

/// Les bibliothèques se compilent là où elles vont aussi : dans une page web, et sur les Mac
/// d'aujourd'hui. L'atelier n'en est pas : une bibliothèque de mdBook y demande l'assembleur d'Apple.
fn elsewhere(paths: &Paths) -> Result<Vec<String>> {
    let check = |target: &str, packages: &[&str]| {
        let mut arguments = vec!["check", "--locked", "--target", target];
        arguments.extend(packages.iter().flat_map(|name| ["--package", name]));
        cargo(paths, &format!("{}, pour {target}", packages.join(", ")), &arguments)
    };
    let mac = "aarch64-apple-darwin";
    environment::install_target(demos::WEB)?;
    check(demos::WEB, &["nn_core", "nn_plot", "nn_mlp"])?;
    // Le projet ne demande pas cette cible : là où elle ne s'installe pas, un vrai Mac la vérifie.
    match environment::install_target(mac) {
        Ok(()) => check(mac, &["nn_core", "nn_plot", "nn_mlp", "nn_data", "correcteur"])?,
        Err(error) => println!("Pas vérifié : {error:#}"),
    }
    Ok(vec![])
}

/// Les licences, l'origine, les doubles et les failles connues de ce dont le projet dépend, d'après
/// `deny.toml`. Burn a ses propres dépendances, dont les doubles ne sont pas de notre choix.
fn dependencies(paths: &Paths) -> Result<Vec<String>> {
    let progress = Progress::start("dépendances");
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&paths.root);
        process::capture(command, Duration::from_secs(120))
    };
    if !cargo(&["deny", "--version"])?.ended_well() {
        return Ok(vec![
            "les dépendances : `cargo-deny` manque. Pour l'avoir : « cargo install --locked \
             cargo-deny » (quelques minutes)."
                .to_string(),
        ]);
    }
    // Sans réseau, ce qui manque se dit, et le reste se vérifie.
    let mut unknown = Vec::new();
    let database = cargo(&["deny", "fetch", "db"])?.ended_well();
    if !database {
        unknown.push("les failles connues".to_string());
    }
    let all = ["licenses", "sources", "bans", "advisories"];
    for (manifest, checks) in [
        ("Cargo.toml", &all[..if database { 4 } else { 3 }]),
        ("notebooks/burn/Cargo.toml", &all[..2]),
    ] {
        progress.detail(manifest);
        if !cargo(&["fetch", "--locked", "--manifest-path", manifest])?.ended_well() {
            unknown.push(format!("les dépendances de {manifest}"));
            continue;
        }
        let deny = ["deny", "--offline", "--locked", "--workspace"];
        let check = [&deny[..], &["--manifest-path", manifest, "check"], checks].concat();
        let said = cargo(&check)?;
        if !said.ended_well() {
            bail!(
                "`cargo-deny` refuse une dépendance de {manifest}. `deny.toml` dit ce que le projet \
                 accepte ; CONTRIBUTING.md, que faire.\n{}",
                said.errors
            );
        }
    }
    progress.done(&match unknown.as_slice() {
        [] => String::new(),
        unknown => format!("sauf, faute de réseau : {}", unknown.join(", ")),
    });
    Ok(vec![])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_verification_se_demande_par_son_nom_et_un_nom_inconnu_montre_les_autres() {
        let names = |wanted: &[&str]| -> Result<Vec<&str>> {
            let wanted: Vec<String> = wanted.iter().map(|name| name.to_string()).collect();
            Ok(select(&wanted)?.iter().map(|gate| gate.name).collect())
        };
        assert_eq!(names(&[]).unwrap().len(), GATES.len());
        assert_eq!(names(&["livre", "langue"]).unwrap(), ["langue", "livre"]);
        let error = names(&["livre", "langues"]).unwrap_err().to_string();
        assert!(error.contains("« langues »") && error.contains("notebooks"), "{error}");
    }
}
