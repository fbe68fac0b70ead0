//! « verifier » : tout ce qui doit tenir avant d'enregistrer, dans l'ordre du plus rapide au plus long.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::book;
use crate::execute;
use crate::paths::Paths;
use crate::process::{self, cargo_progress, with_cargo_progress};
use crate::progress::Progress;

/// Une vérification par cargo : son nom, et ses arguments.
const CARGO_CHECKS: [(&str, &[&str]); 5] = [
    ("Mise en forme", &["fmt", "--all", "--check"]),
    (
        "Clippy",
        &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"],
    ),
    ("Documentation", &["doc", "--locked", "--workspace", "--no-deps"]),
    (
        "nn_core sans dessin, pour wasm32",
        &[
            "check",
            "--locked",
            "--package",
            "nn_core",
            "--no-default-features",
            "--target",
            "wasm32-unknown-unknown",
        ],
    ),
    ("Tests", &["test", "--locked"]),
];

/// Lance toutes les vérifications ; chacune s'affiche, et la première qui échoue arrête tout.
pub fn run(paths: &Paths) -> Result<()> {
    wasm_target()?;
    for (name, arguments) in CARGO_CHECKS {
        let progress = Progress::start(name);
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&paths.root).env("RUSTDOCFLAGS", "-D warnings");
        with_cargo_progress(&mut command);
        let mut results = Vec::new();
        process::run(command, name, |line| match cargo_progress(line) {
            Some((done, total)) => progress.set(done, total),
            None if line.starts_with("test result:") => results.push(line.to_string()),
            None => progress.detail(line.trim()),
        })?;
        progress.done("");
        for line in results {
            println!("{line}");
        }
    }
    execute::verify(paths, &[])?;
    book::build(paths)?;
    println!("Tout est vérifié.");
    Ok(())
}

/// La cible wasm32 est demandée par rust-toolchain.toml ; si rustup ne l'a pas mise, on la met.
fn wasm_target() -> Result<()> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", "wasm32-unknown-unknown"])
        .output()
        .context("`rustc` est introuvable. Installez Rust (https://rustup.rs)")?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_string();
    if output.status.success() && std::path::Path::new(&folder).is_dir() {
        return Ok(());
    }
    let mut command = Command::new("rustup");
    command.args(["target", "add", "wasm32-unknown-unknown"]);
    let (code, tail) = process::run_to_end(command, |_| {})?;
    if code != 0 {
        bail!(
            "la cible wasm32-unknown-unknown manque et ne s'installe pas. Vérifiez la connexion, \
             ou lancez vous-même « rustup target add wasm32-unknown-unknown ».\n{tail}"
        );
    }
    Ok(())
}
