//! Une copie : à qui elle est, de quel chapitre, et le notebook que l'atelier en tire.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use regex::{Captures, Regex};
use serde_json::{Value, json};

use crate::chapter::Chapter;
use crate::notebook;

/// Au-delà, un fichier n'est pas la copie d'un étudiant.
const LARGEST: u64 = 50 * 1024 * 1024;
/// Le temps d'une cellule de la copie, en secondes.
const CELL_LIMIT: u64 = 30;
/// Le temps d'une cellule du correcteur : il en laisse lui-même dix à la fonction.
const CALL_LIMIT: u64 = 60;
/// Le temps de la préparation, qui peut compiler nn_core.
const PREPARATION_LIMIT: u64 = 600;

static CALL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^correcteur::chapitre_(\d\d)::(\w+)\(").unwrap());
/// Une cellule qui écrit plus que des instructions : une fonction ne peut dépendre que de cela.
static ITEM: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const\s+|unsafe\s+)*(?:fn|struct|enum|impl|trait|mod|use|const|static|type|macro_rules!)\b").unwrap()
});
/// Une commande du noyau (`:dep`, `:opt`…) ; `::std` n'en est pas une.
static COMMAND: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^:[^:\s].*$").unwrap());
static DEPENDENCY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"path = "([^"]+)""#).unwrap());

/// Une copie à noter.
#[derive(Debug, PartialEq)]
pub struct Submission {
    /// Le fichier.
    pub file: PathBuf,
    /// L'étudiant, d'après le dossier ou le nom du fichier.
    pub who: String,
}

/// Un exercice, tel que le chapitre l'écrit.
#[derive(Debug)]
pub struct Exercise {
    /// « 01_my_sigmoid ».
    pub id: String,
    /// Le titre de la section.
    pub title: String,
    /// La fonction que l'étudiant écrit.
    pub function: String,
    /// La cellule du correcteur.
    pub call: String,
}

/// Ce qu'il faut d'un chapitre pour noter ses copies.
#[derive(Debug)]
pub struct Reference {
    /// « 01_activation ».
    pub name: String,
    /// Les exercices, dans l'ordre.
    pub exercises: Vec<Exercise>,
    /// Les cellules qui chargent les bibliothèques et leurs noms.
    preparation: Vec<String>,
    /// L'identifiant et le code de chaque cellule.
    cells: Vec<(String, String)>,
}

impl Reference {
    /// Lit le chapitre ; `notebooks` est le dossier d'où partent ses chemins.
    pub fn of(chapter: &Chapter, notebooks: &Path) -> Result<Self> {
        let mut exercises = Vec::new();
        let cells: Vec<(String, String)> = chapter
            .cells()
            .map(|(block, code)| (block.id.clone(), code.source.clone()))
            .collect();
        let mut awaited = false;
        for (block, code) in chapter.cells() {
            let call = CALL.captures(code.source.trim());
            if let (true, Some(found)) = (awaited, call) {
                let title = chapter
                    .text
                    .lines()
                    .take(block.line)
                    .filter_map(|line| line.strip_prefix("### "));
                exercises.push(Exercise {
                    id: format!("{}_{}", &found[1], &found[2]),
                    title: title.last().unwrap_or_default().to_string(),
                    function: found[2].to_string(),
                    call: code.source.trim().to_string(),
                });
            }
            awaited = code.solution.is_some();
        }
        let loads = cells.iter().take_while(|(_, code)| code.starts_with(':'));
        let names = cells.iter().find(|(_, code)| code.starts_with("use "));
        let preparation =
            loads.chain(names).map(|(_, code)| absolute(code, notebooks)).collect();
        Ok(Self { name: chapter.name.clone(), exercises, preparation, cells })
    }
}

/// Les chemins des `:dep`, donnés depuis la racine du disque : le noyau travaille ailleurs.
fn absolute(code: &str, notebooks: &Path) -> String {
    let replace = |found: &Captures| {
        let path = notebooks.join(&found[1]).to_string_lossy().replace('\\', "/");
        format!("path = {path:?}")
    };
    DEPENDENCY.replace_all(code, replace).into_owned()
}

/// Les copies des fichiers et dossiers demandés, dans l'ordre des noms.
pub fn collect(sources: &[PathBuf]) -> Result<Vec<Submission>> {
    let mut found = Vec::new();
    for source in sources {
        if source.is_dir() {
            let mut files = Vec::new();
            walk(source, &mut files)?;
            files.sort();
            found.extend(files.into_iter().map(|file| {
                let who = who(&file, source);
                Submission { file, who }
            }));
        } else if source.is_file() {
            let folder = source.parent().unwrap_or(Path::new("")).to_path_buf();
            found.push(Submission { who: who(source, &folder), file: source.clone() });
        } else {
            bail!(
                "« {} » n'existe pas : donnez un notebook, ou un dossier de notebooks.",
                source.display()
            );
        }
    }
    if found.is_empty() {
        bail!(
            "aucun fichier .ipynb n'a été trouvé : donnez un notebook, ou un dossier de notebooks."
        );
    }
    Ok(found)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("le dossier « {} » ne se lit pas", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        // Ni les copies que Jupyter garde, ni ce qu'un lien montre ailleurs.
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("ipynb")) {
            files.push(path);
        }
    }
    Ok(())
}

/// Le sous-dossier de l'étudiant, sinon ce qui, dans le nom du fichier, n'est pas le chapitre.
fn who(file: &Path, source: &Path) -> String {
    static CHAPTER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d\d_[a-z_]*[a-z]").unwrap());
    let inside = file.strip_prefix(source).unwrap_or(file);
    if inside.components().count() > 1
        && let Some(first) = inside.components().next()
    {
        return first.as_os_str().to_string_lossy().into_owned();
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let rest = CHAPTER.replace(&stem, "");
    let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if rest.is_empty() { stem } else { rest.to_string() }
}

/// Lit une copie.
///
/// # Erreurs
/// Ce n'est pas un notebook ; la phrase dit pourquoi.
pub fn read(file: &Path) -> Result<Value> {
    let size = std::fs::metadata(file).map_or(0, |data| data.len());
    if size == 0 {
        bail!("Le fichier est vide.");
    }
    if size > LARGEST {
        bail!("Le fichier est trop gros pour une copie : {} Mo.", size / (1024 * 1024));
    }
    let Ok(notebook) = notebook::read(file) else {
        bail!("Ce n'est pas un notebook : le JSON ne se lit pas.");
    };
    if !notebook["cells"].is_array() {
        bail!("Ce n'est pas un notebook : il n'a pas de liste `cells`.");
    }
    Ok(notebook)
}

/// Le chapitre d'une copie : celui dont elle a le plus de cellules, sinon celui de son nom.
pub fn reference<'a>(
    copy: &Value,
    file: &Path,
    all: &'a [Reference],
) -> Option<&'a Reference> {
    let ids: Vec<&str> =
        notebook::code_cells(copy).filter_map(|c| c["id"].as_str()).collect();
    let common =
        |r: &Reference| r.cells.iter().filter(|(id, _)| ids.contains(&id.as_str())).count();
    let best = all.iter().filter(|r| common(r) >= 3).max_by_key(|r| common(r));
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    best.or_else(|| all.iter().find(|r| name.contains(&r.name)))
        .filter(|reference| !reference.exercises.is_empty())
}

/// Les rangs des cellules de la copie qui écrivent la fonction.
pub fn definitions(copy: &Value, function: &str) -> Vec<usize> {
    let pattern = Regex::new(&format!(r"\bfn\s+{function}\b")).expect("un nom de fonction");
    notebook::code_cells(copy)
        .enumerate()
        .filter(|(_, cell)| pattern.is_match(&notebook::source(cell)))
        .map(|(rank, _)| rank)
        .collect()
}

/// Le notebook à exécuter : la préparation du chapitre, la copie, puis les cellules du correcteur.
///
/// De la copie, on ne garde ni les commandes du noyau (elles pourraient charger un autre
/// correcteur), ni les appels au correcteur, ni les cellules du chapitre restées telles quelles et
/// sans fonction : elles dureraient sans rien changer.
pub fn runnable(copy: &Value, reference: &Reference, nonce: &str) -> Value {
    let mut cells = Vec::new();
    let mut push = |id: String, role: &str, limit: u64, source: &str| {
        cells.push(json!({
            "cell_type": "code",
            "execution_count": null,
            "id": id,
            "metadata": {"role": role, "limite": limit},
            "outputs": [],
            "source": source,
        }));
    };
    for (rank, source) in reference.preparation.iter().enumerate() {
        push(format!("preparation-{rank}"), "preparation", PREPARATION_LIMIT, source);
    }
    for (rank, cell) in notebook::code_cells(copy).enumerate() {
        let source = notebook::source(cell);
        let kept = COMMAND.replace_all(&source, "").trim().to_string();
        let unchanged = reference.cells.iter().any(|(_, code)| *code == source);
        let writes = ITEM.is_match(&kept);
        if kept.is_empty() || (!writes && (unchanged || kept.contains("correcteur::"))) {
            continue;
        }
        push(format!("copie-{rank}"), "copie", CELL_LIMIT, &kept);
    }
    for exercise in &reference.exercises {
        // Des chemins complets : une copie ne peut mettre ni son `correcteur` ni son `println!` à
        // la place. Les accolades : une ligne qui commence par « : » serait une commande.
        let source = format!(
            "{{ ::std::println!(\"\\n{nonce} {{}}\", (::{}).json()); }}",
            exercise.call
        );
        push(format!("appel-{}", exercise.id), "appel", CALL_LIMIT, &source);
    }
    json!({
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Rust", "language": "rust", "name": "rust"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# T\n\n## Charger\n\n```rust\n:dep correcteur = { path = \"../notebooks/correcteur\" }\n```\n\n\
        ```rust\nuse std::f64;\n```\n\n```rust\nprintln!(\"long\");\n```\n\n## E\n\n### Exercice 1.1 : f\n\n\
        ```rust\nfn f(x: f64) -> f64 {\n    // ### BEGIN SOLUTION\n    x\n    // ### END SOLUTION\n}\n```\n\n\
        ```rust\ncorrecteur::chapitre_01::f(f)\n```\n";

    fn example() -> Reference {
        let chapter = Chapter::parse(Path::new("01_essai.md"), TEXT.to_string()).unwrap();
        Reference::of(&chapter, Path::new("/p/notebooks")).unwrap()
    }

    fn copy(sources: &[&str]) -> Value {
        let cells: Vec<Value> =
            sources.iter().map(|s| json!({"cell_type": "code", "source": s})).collect();
        json!({ "cells": cells })
    }

    fn sources(notebook: &Value) -> Vec<String> {
        notebook::code_cells(notebook).map(notebook::source).collect()
    }

    #[test]
    fn le_chapitre_donne_ses_exercices_et_ses_chemins() {
        let reference = example();
        assert_eq!(reference.exercises[0].id, "01_f");
        assert_eq!(reference.exercises[0].title, "Exercice 1.1 : f");
        assert!(
            reference.preparation[0].contains("/p/notebooks/../notebooks/correcteur"),
            "{:?}",
            reference.preparation
        );
        assert_eq!(reference.preparation[1], "use std::f64;");
    }

    #[test]
    fn le_correcteur_de_la_copie_n_est_jamais_le_notre() {
        let mine = copy(&[
            ":dep correcteur = { path = \"ailleurs\" }\nfn g() {}",
            "println!(\"long\");",
            "mod correcteur {}",
            "fn f(x: f64) -> f64 { x }",
            "correcteur::chapitre_01::f(f).indice(1)",
        ]);
        let run = sources(&runnable(&mine, &example(), "n0nce"));
        assert_eq!(
            run[2..],
            [
                "fn g() {}",
                "mod correcteur {}",
                "fn f(x: f64) -> f64 { x }",
                "{ ::std::println!(\"\\nn0nce {}\", (::correcteur::chapitre_01::f(f)).json()); }",
            ]
        );
    }

    #[test]
    fn l_etudiant_est_son_dossier_ou_le_reste_du_nom() {
        let name = |file: &str| who(Path::new(file), Path::new("c"));
        assert_eq!(name("c/Zoé/01_activation.ipynb"), "Zoé");
        assert_eq!(name("c/durand_01_activation.ipynb"), "durand");
        assert_eq!(name("c/05_backprop - Léa M.ipynb"), "Léa M");
        assert_eq!(name("c/01_activation.ipynb"), "01_activation");
    }

    #[test]
    fn la_copie_trouve_son_chapitre_par_ses_cellules_ou_son_nom() {
        let all = [example()];
        let named = Path::new("x_01_essai.ipynb");
        assert!(reference(&copy(&[]), named, &all).is_some());
        assert!(reference(&copy(&[]), Path::new("x.ipynb"), &all).is_none());
        let cells: Vec<Value> = all[0]
            .cells
            .iter()
            .map(|(id, code)| json!({"cell_type": "code", "id": id, "source": code}))
            .collect();
        assert!(
            reference(&json!({ "cells": cells }), Path::new("x.ipynb"), &all).is_some()
        );
    }

    #[test]
    fn ce_qui_n_est_pas_un_notebook_est_dit() {
        let dir = tempfile::tempdir().unwrap();
        for (text, word) in [("", "vide"), ("{", "JSON"), ("{\"a\": 1}", "cells")] {
            let file = dir.path().join("x.ipynb");
            std::fs::write(&file, text).unwrap();
            assert!(read(&file).unwrap_err().to_string().contains(word), "{text}");
        }
        assert!(collect(&[dir.path().join("absent")]).is_err());
        std::fs::remove_file(dir.path().join("x.ipynb")).unwrap();
        assert!(collect(&[dir.path().to_path_buf()]).is_err());
    }
}
