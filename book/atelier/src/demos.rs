//! Les démonstrations des pages : nn_core compilé en WebAssembly, et les scripts de `book/demos`.
//!
//! ```text
//! <!-- demo neurone -->
//!
//! Ce que la page montre sans script et sur le papier : du texte, ou une cellule et sa figure.
//!
//! <!-- fin demo -->
//! ```
//!
//! La page y met la démonstration `book/demos/neurone.js`, le notebook un lien vers la page. Tout
//! tient en un script ordinaire, chargé quand la démonstration approche : une page ouverte comme un
//! fichier ne peut rien lire d'autre. Il n'y a pas de bibliothèque entre Rust et la page : les
//! fonctions de `book/demos/src` ne prennent et ne rendent que des nombres.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use base64::prelude::{BASE64_STANDARD, Engine};
use regex::{Captures, Regex};

use crate::chapter::Chapter;
use crate::environment;
use crate::files;
use crate::paths::Paths;
use crate::process::{self, cargo_progress, with_cargo_progress};
use crate::progress::Progress;
use crate::theme;

/// La cible d'une page web.
pub const WEB: &str = "wasm32-unknown-unknown";

static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<!-- (?:demo ([a-z_]+)|fin demo) -->\n*").unwrap());

/// Le HTML à la place d'une des deux marques, ou rien si `comment` est un autre commentaire.
pub fn to_page(comment: &str) -> String {
    match MARK.captures(comment) {
        None => String::new(),
        Some(found) => match found.get(1).map(|name| name.as_str()) {
            Some(name) => {
                format!("<div class=\"demo\" id=\"demo-{name}\" data-demo=\"{name}\">\n\n")
            }
            None => "</div>\n\n".to_string(),
        },
    }
}

/// Le Markdown du notebook : où trouver la démonstration.
pub fn to_notebook(chapter: &str, text: &str) -> String {
    let link = |found: &Captures| match found.get(1) {
        Some(name) => format!(
            "Dans [la page du livre](../book/html/{chapter}.html#demo-{}), ce qui suit se règle à la \
             souris, au doigt ou au clavier.\n\n",
            name.as_str()
        ),
        None => String::new(),
    };
    MARK.replace_all(text, link).into_owned()
}

/// Les démonstrations d'une page.
///
/// # Erreurs
/// Une marque sans l'autre, une démonstration qui n'existe pas : avec la ligne.
fn names(folder: &Path, chapter: &Chapter) -> Result<Vec<String>> {
    let text = chapter.text.as_str();
    let (mut names, mut open) = (Vec::new(), false);
    let end = (text.trim_end().len(), None);
    let marks = MARK.captures_iter(text).map(|found| {
        (
            found.get(0).map_or(0, |mark| mark.start()),
            Some(found.get(1).map(|name| name.as_str())),
        )
    });
    for (at, mark) in marks.chain([end]) {
        let opens = mark.is_some_and(|name| name.is_some());
        // Une marque change l'état ; la fin du texte doit le trouver fermé.
        if open == (opens || mark.is_none()) {
            bail!(
                "{} : `<!-- demo … -->` et `<!-- fin demo -->` vont par deux.",
                chapter.place(at)
            );
        }
        open = opens;
        let Some(name) = mark.flatten() else { continue };
        if !folder.join(format!("{name}.js")).is_file() {
            bail!(
                "{} : la démonstration « {name} » n'existe pas. Écrivez `book/demos/{name}.js`.",
                chapter.place(at)
            );
        }
        names.push(name.to_string());
    }
    Ok(names)
}

/// Écrit le script des démonstrations, si une page en montre une.
pub fn write(paths: &Paths, html: &Path, shown: &[(String, Chapter)]) -> Result<()> {
    let folder = paths.book().join("demos");
    let mut found = Vec::new();
    for (_, chapter) in shown {
        found.extend(names(&folder, chapter)?);
    }
    if found.is_empty() {
        return Ok(());
    }
    let wasm = BASE64_STANDARD.encode(compile(paths)?);
    let mut scripts = theme::own_files(&folder, "js")?;
    // Ce que les démonstrations partagent vient d'abord.
    scripts.sort_by_key(|file| !file.ends_with("commun.js"));
    let scripts: Vec<_> =
        scripts.iter().map(|file| files::read_text(file)).collect::<Result<_, _>>()?;
    let script = scripts.concat();
    let script = minifier::js::minify(&script);
    std::fs::write(
        html.join("demos.js"),
        format!("(()=>{{const WASM='{wasm}';\n{script}}})();\n"),
    )?;
    Ok(())
}

/// Le module WebAssembly, que cargo ne recompile que si quelque chose a changé.
fn compile(paths: &Paths) -> Result<Vec<u8>> {
    let progress = Progress::start("Démonstrations");
    environment::install_target(WEB)?;
    let target = paths.root.join("target");
    let mut command = Command::new("cargo");
    command
        .args([
            "build",
            "--locked",
            "--package",
            "demos",
            "--profile",
            "demos",
            "--target",
            WEB,
        ])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&paths.root)
        // La page ne dit pas dans quel dossier elle a été faite.
        .env("CARGO_ENCODED_RUSTFLAGS", hidden(paths));
    with_cargo_progress(&mut command);
    process::run(command, "la compilation des démonstrations (`book/demos`)", |line| {
        match cargo_progress(line) {
            Some((done, total)) => progress.set(done, total),
            None => progress.detail(line.trim()),
        }
    })?;
    let file = target.join(WEB).join("demos/demos.wasm");
    let wasm = std::fs::read(&file)
        .with_context(|| format!("« {} » ne se lit pas", paths.display(&file)))?;
    progress.done(&format!("{} octets", wasm.len()));
    Ok(wasm)
}

/// De quoi ôter du module les dossiers de cette machine, que les paniques y écriraient.
fn hidden(paths: &Paths) -> String {
    let home = std::env::home_dir().unwrap_or_default();
    // Par rustup ou non, les mêmes options : avec d'autres, cargo recompilerait.
    let folder = |variable: &str, usual: &str| {
        std::env::var_os(variable).map_or_else(|| home.join(usual), PathBuf::from)
    };
    let folders = [
        folder("CARGO_HOME", ".cargo"),
        folder("RUSTUP_HOME", ".rustup"),
        paths.root.clone(),
    ];
    folders
        .map(|folder| format!("--remap-path-prefix={}=", folder.display()))
        .join("\u{1f}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demos");
        names(&folder, &Chapter::annex(Path::new("book/src/essai.md"), text.to_string()))
    }

    #[test]
    fn une_demonstration_mal_ecrite_dit_sa_ligne() {
        let right = "a\n\n<!-- demo neurone -->\n\nb\n\n<!-- fin demo -->\n";
        assert_eq!(read(right).unwrap(), ["neurone"]);
        assert!(read("a").unwrap().is_empty());
        for (wrong, line, said) in [
            (right.replace("<!-- fin demo -->", ""), 5, "vont par deux"),
            (right.replace("<!-- demo neurone -->", ""), 7, "vont par deux"),
            (
                format!("{}{right}", right.replace("<!-- fin demo -->", "")),
                10,
                "vont par deux",
            ),
            (right.replace("neurone", "absente"), 3, "`book/demos/absente.js`"),
        ] {
            let error = read(&wrong).unwrap_err().to_string();
            assert!(
                error.contains(&format!("essai.md:{line}\u{a0}")) && error.contains(said),
                "{error}"
            );
        }
    }

    #[test]
    fn le_notebook_mene_a_la_page() {
        let text = "a\n\n<!-- demo neurone -->\n\nb\n\n<!-- fin demo -->\n\nc";
        let text = to_notebook("01_essai", text);
        assert!(text.contains("](../book/html/01_essai.html#demo-neurone)"), "{text}");
        assert!(text.starts_with("a\n\nDans") && text.ends_with("b\n\nc"), "{text}");
    }

    #[test]
    fn un_autre_commentaire_ne_laisse_rien() {
        assert_eq!(to_page("<!-- variantes : un -->\n"), "");
        assert!(to_page("<!-- demo xor -->\n").contains("id=\"demo-xor\""));
    }
}
