//! Lit les exercices là où ils sont écrits une seule fois : dans les chapitres du livre.
//!
//! Il en tire la table des énoncés (`textes.rs`), et les cellules telles quelles, données et
//! résolues, pour que les tests les compilent et les corrigent (`cellules.rs`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chapitre::{Kind, exercise};

/// Un exercice, tel que le chapitre l'écrit.
struct Exercise {
    id: String,
    title: String,
    statement: String,
    cell: String,
    call: String,
    /// La cellule `use` du chapitre.
    imports: String,
}

fn main() {
    let root =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("donné par cargo"));
    let chapters = root.join("../../book/src");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", chapters.display());
    let mut files: Vec<_> = std::fs::read_dir(&chapters)
        .unwrap_or_else(|e| panic!("{} ne se lit pas : {e}", chapters.display()))
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| name(path).starts_with(|c: char| c.is_ascii_digit()))
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    files.sort();
    let exercises: Vec<Exercise> = files.iter().flat_map(|path| read(path)).collect();

    let mut texts = String::from("[\n");
    let mut cells = String::new();
    for e in &exercises {
        writeln!(
            texts,
            "Text {{ id: {:?}, title: {:?}, statement: {:?}, signature: {:?}, stub: {:?}, \
             solution: {:?}, call: {:?} }},",
            e.id,
            e.title,
            e.statement,
            exercise::signature(&e.cell),
            exercise::stub(&e.cell),
            exercise::solution(&e.cell),
            e.call,
        )
        .expect("une chaîne s'allonge toujours");
        for (kind, code) in
            [("donnee", exercise::stub(&e.cell)), ("resolue", exercise::solution(&e.cell))]
        {
            writeln!(
                cells,
                "pub mod {kind}_{} {{\n{}\n{code}\n\
                 pub fn verdict() -> correcteur::Verdict {{ {} }}\n}}",
                e.id, e.imports, e.call,
            )
            .expect("une chaîne s'allonge toujours");
        }
    }
    texts.push(']');
    for kind in ["donnee", "resolue"] {
        writeln!(
            cells,
            "pub const {}: &[(&str, fn() -> correcteur::Verdict)] = &[",
            kind.to_uppercase()
        )
        .expect("une chaîne s'allonge toujours");
        for e in &exercises {
            writeln!(cells, "({:?}, {kind}_{}::verdict),", e.id, e.id)
                .expect("une chaîne s'allonge toujours");
        }
        cells.push_str("];\n");
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("donné par cargo"));
    std::fs::write(out.join("textes.rs"), texts).expect("le dossier de sortie s'écrit");
    std::fs::write(out.join("cellules.rs"), cells).expect("le dossier de sortie s'écrit");
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Les exercices d'un chapitre : un titre `###`, l'énoncé, la cellule, puis celle du correcteur.
fn read(path: &Path) -> Vec<Exercise> {
    let text = std::fs::read_to_string(path)
        .unwrap_or_else(|e| panic!("{} ne se lit pas : {e}", path.display()))
        .replace("\r\n", "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut found: Vec<Exercise> = Vec::new();
    let (mut title, mut statement, mut imports) = ("", 0, "");
    let mut pending: Option<(&str, &str, &str)> = None;
    for block in chapitre::blocks(text) {
        let code = match block.kind {
            Kind::Title(3, text) => {
                (title, statement) = (text, block.range.end);
                continue;
            }
            Kind::Fence { info, body } if chapitre::is_cell(info) => body,
            _ => continue,
        };
        if exercise::is_exercise(code) {
            pending = Some((title, text[statement..block.range.start].trim(), code));
        } else if let Some((title, statement, cell)) = pending.take() {
            found.push(exercise(path, title, statement, cell, code.trim(), imports));
        } else if imports.is_empty() && code.starts_with("use ") {
            imports = code;
        }
        statement = block.range.end;
    }
    if let Some((title, ..)) = pending {
        panic!("{}, « {title} » : il manque la cellule du correcteur.", path.display());
    }
    found
}

/// Un exercice, nommé par l'appel de la cellule qui le juge.
fn exercise(
    path: &Path,
    title: &str,
    statement: &str,
    cell: &str,
    call: &str,
    imports: &str,
) -> Exercise {
    let (chapter, rest) = call
        .strip_prefix("correcteur::chapitre_")
        .and_then(|rest| rest.split_once("::"))
        .unwrap_or_default();
    let Some((name, _)) = rest.split_once('(') else {
        panic!(
            "{}, « {title} » : après la cellule de l'exercice, il faut celle qui appelle \
             `correcteur::chapitre_NN::nom(…)`",
            path.display()
        );
    };
    let own = |text: &str| text.to_string();
    Exercise {
        id: format!("{chapter}_{name}"),
        title: own(title),
        statement: own(statement),
        cell: own(cell),
        call: own(call),
        imports: own(imports),
    }
}
