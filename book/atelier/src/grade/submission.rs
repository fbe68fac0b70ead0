//! Une copie : à qui elle est, de quel chapitre, et le code qu'elle contient.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use regex::Regex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::program::{self, Piece};
use crate::chapter::Chapter;
use crate::files;
use crate::notebook;

/// Au-delà, un fichier n'est pas la copie d'un étudiant.
const LARGEST: u64 = 50 * 1024 * 1024;

static CALL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^correcteur::chapitre_(\d\d)::(\w+)\(").unwrap());
/// Le nom d'un chapitre, dans le nom d'un fichier.
static CHAPTER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d\d_[a-z_]*[a-z]").unwrap());

/// Ce que le navigateur ajoute au nom d'un fichier déjà téléchargé : « (1) ».
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\(\d+\)").unwrap());

/// Une copie à noter.
#[derive(Debug, PartialEq)]
pub struct Submission {
    /// Le fichier.
    pub file: PathBuf,
    /// L'étudiant, d'après le dossier ou le nom du fichier.
    pub who: String,
    /// L'empreinte de la copie : son nom et son contenu.
    pub digest: String,
}

impl Submission {
    fn new(file: PathBuf, who: String) -> Self {
        let mut digest = Sha256::new();
        digest.update(file.to_string_lossy().as_bytes());
        let plain = std::fs::symlink_metadata(&file)
            .is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
        if plain {
            digest.update(std::fs::read(&file).unwrap_or_default());
        }
        let digest = hex::encode(digest.finalize());
        Self { file, who, digest }
    }
}

/// Un exercice, tel que le chapitre l'écrit.
#[derive(Debug)]
pub struct Exercise {
    /// « 01_my_sigmoid ».
    pub id: String,
    /// Le titre de la section.
    pub title: String,
    /// Ce que l'étudiant écrit : une fonction, ou un type.
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
    /// Ce que le chapitre définit hors des exercices.
    pub pieces: Vec<Piece>,
    /// L'identifiant et le code de chaque cellule.
    cells: Vec<(String, String)>,
}

impl Reference {
    /// Lit le chapitre.
    pub fn of(chapter: &Chapter) -> Result<Self> {
        let (mut exercises, mut pieces) = (Vec::new(), Vec::new());
        let mut awaited = false;
        for (block, code) in chapter.cells() {
            let call = CALL.captures(code.source.trim());
            if let (true, Some(found)) = (awaited, call) {
                let title = chapter
                    .text
                    .lines()
                    .take(block.line)
                    .filter_map(|line| line.strip_prefix("### "));
                let call = code.source.trim();
                let inside = call.split('(').nth(1).unwrap_or_default();
                let function =
                    inside.split(|c: char| !c.is_alphanumeric() && c != '_').next();
                exercises.push(Exercise {
                    id: format!("{}_{}", &found[1], &found[2]),
                    title: title.last().unwrap_or_default().to_string(),
                    function: function.unwrap_or_default().to_string(),
                    call: call.to_string(),
                });
            }
            awaited = code.solution.is_some();
            if !awaited {
                // Une cellule fausse exprès, qui montre une erreur, ne définit rien.
                pieces.extend(program::pieces(&code.source, None).unwrap_or_default());
            }
        }
        let cells =
            chapter.cells().map(|(block, code)| (block.id.clone(), code.source.clone()));
        let cells = cells.collect();
        Ok(Self { name: chapter.name.clone(), exercises, pieces, cells })
    }
}

/// Les copies des fichiers et dossiers demandés, dans l'ordre des noms.
pub fn collect(sources: &[PathBuf]) -> Result<Vec<Submission>> {
    let mut found = Vec::new();
    for source in sources {
        if source.is_dir() {
            let mut files = Vec::new();
            walk(source, &mut files)?;
            files.sort();
            let names = names(&files, source);
            found.extend(files.into_iter().map(|file| {
                let who = names[&file].clone();
                Submission::new(file, who)
            }));
        } else if source.is_file() {
            let folder = source.parent().unwrap_or(Path::new("")).to_path_buf();
            let who = names(std::slice::from_ref(source), &folder)[source].clone();
            found.push(Submission::new(source.clone(), who));
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

/// À qui est chaque copie : son dossier (« groupe A / Zoé »), et le reste du nom du fichier si ce
/// dossier réunit plusieurs étudiants.
fn names(files: &[PathBuf], source: &Path) -> HashMap<PathBuf, String> {
    let rest = |file: &Path| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let edges =
            |part: &str| part.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
        let parts = CHAPTER.split(&stem).map(|part| edges(&NUMBERED.replace_all(part, "")));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let folder = |file: &Path| -> Vec<String> {
        let inside = file.strip_prefix(source).unwrap_or(file).parent();
        let parts = inside.into_iter().flat_map(Path::components);
        parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let name = |file: &PathBuf| {
        let mut parts = folder(file);
        let neighbours = files.iter().filter(|other| other.parent() == file.parent());
        let mut rests: Vec<String> =
            neighbours.map(|f| rest(f)).filter(|r| !r.is_empty()).collect();
        rests.sort();
        rests.dedup();
        if parts.is_empty() || rests.len() > 1 {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            parts.push(Some(rest(file)).filter(|rest| !rest.is_empty()).unwrap_or(stem));
        }
        (file.clone(), parts.join(" / "))
    };
    files.iter().map(name).collect()
}

/// Lit une copie, telle que les classes en rendent : d'une autre version de Jupyter, d'un autre
/// codage des lettres.
///
/// # Erreurs
/// Ce n'est pas un notebook ; la phrase dit pourquoi, et que faire.
pub fn read(file: &Path) -> Result<Value> {
    let data = std::fs::symlink_metadata(file)
        .map_err(|error| anyhow::anyhow!("Le fichier ne se lit pas : {error}."))?;
    if data.is_symlink() {
        bail!("C'est un lien vers un autre fichier : demandez le notebook lui-même.");
    }
    if !data.is_file() {
        bail!("Ce n'est pas un fichier ordinaire : demandez le notebook lui-même.");
    }
    if data.len() > LARGEST {
        bail!(
            "Le fichier est trop gros pour une copie ({} Mo). Dans Jupyter, effacez les sorties \
             (menu Noyau), enregistrez, et rendez-le de nouveau.",
            data.len() / (1024 * 1024)
        );
    }
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|open| open.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| anyhow::anyhow!("Le fichier ne se lit pas : {error}."))?;
    parse(&bytes)
}

/// La même, depuis les octets du fichier.
pub fn parse(bytes: &[u8]) -> Result<Value> {
    let text = decode(bytes);
    if text.trim().is_empty() {
        bail!("Le fichier est vide : demandez-le de nouveau.");
    }
    let Ok(mut notebook) = serde_json::from_str::<Value>(&text) else {
        if is_merged(&text) {
            bail!(
                "Le fichier contient deux versions mêlées par Git (des lignes « <<<<<<< » et \
                 « >>>>>>> ») : l'étudiant doit choisir l'une des deux, et le rendre de nouveau."
            );
        }
        bail!(
            "Ce n'est pas un notebook : le JSON ne se lit pas. Demandez le fichier .ipynb que \
             Jupyter enregistre."
        );
    };
    // La version 3 du format : les cellules étaient dans des feuilles, et leur code dans `input`.
    if let Some(sheets) = notebook["worksheets"].as_array() {
        let cells = sheets.iter().filter_map(|sheet| sheet["cells"].as_array()).flatten();
        let cell = |cell: &Value| {
            let source =
                if cell["input"].is_null() { &cell["source"] } else { &cell["input"] };
            json!({"cell_type": cell["cell_type"], "source": source})
        };
        notebook = json!({"cells": cells.map(cell).collect::<Vec<_>>()});
    }
    if !notebook["cells"].is_array() {
        bail!("Ce n'est pas un notebook : il n'a pas de liste `cells`.");
    }
    Ok(notebook)
}

/// Le texte, quel que soit son codage : UTF-8, UTF-16 ou Latin-1.
fn decode(bytes: &[u8]) -> String {
    let wide = |order: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
        String::from_utf16_lossy(&units.collect::<Vec<_>>())
    };
    let text = match bytes {
        [0xff, 0xfe, ..] | [_, 0, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] | [0, _, ..] => wide(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_string(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    };
    files::plain(&text)
}

/// Le chapitre d'une copie : celui dont elle a le plus de cellules, sinon celui de son nom, sinon
/// celui dont elle écrit les exercices.
pub fn reference<'a>(
    copy: &Value,
    file: &Path,
    all: &'a [Reference],
) -> Option<&'a Reference> {
    let ids: Vec<&str> =
        notebook::code_cells(copy).filter_map(|c| c["id"].as_str()).collect();
    let common =
        |r: &Reference| r.cells.iter().filter(|(id, _)| ids.contains(&id.as_str())).count();
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text: String =
        notebook::cells(copy).map(|cell| notebook::source(cell) + "\n").collect();
    let written = |r: &Reference| {
        r.exercises.iter().filter(|exercise| mentions(&text, &exercise.function)).count()
    };
    let best = |score: &dyn Fn(&Reference) -> usize, least: usize| {
        // À égalité, le premier.
        all.iter().rev().filter(|r| score(r) >= least).max_by_key(|r| score(r))
    };
    best(&common, 3)
        .or_else(|| all.iter().find(|r| name.contains(&r.name)))
        .or_else(|| best(&written, 1))
        .filter(|reference| !reference.exercises.is_empty())
}

/// Git y a-t-il laissé deux versions mêlées ?
pub fn is_merged(text: &str) -> bool {
    text.contains("<<<<<<<") && text.contains(">>>>>>>")
}

/// Ce texte écrit-il cette fonction, ou ce type ?
pub fn mentions(text: &str, name: &str) -> bool {
    Regex::new(&format!(r"\b(?:fn|struct|enum)\s+{name}\b")).is_ok_and(|r| r.is_match(text))
}

/// Ce que la copie définit, et ce que dit chaque cellule qui n'est pas du Rust.
pub fn code(copy: &Value) -> (Vec<Piece>, Vec<(usize, String)>) {
    let (mut pieces, mut refused) = (Vec::new(), Vec::new());
    for (rank, cell) in notebook::code_cells(copy).enumerate() {
        match program::pieces(&notebook::source(cell), Some(rank)) {
            Ok(found) => pieces.extend(found),
            Err(said) => refused.push((rank, said)),
        }
    }
    (pieces, refused)
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
        Reference::of(&chapter).unwrap()
    }

    fn copy(sources: &[&str]) -> Value {
        let cells: Vec<Value> =
            sources.iter().map(|s| json!({"cell_type": "code", "source": s})).collect();
        json!({ "cells": cells })
    }

    #[test]
    fn le_chapitre_donne_ses_exercices_et_ce_qui_les_entoure() {
        let reference = example();
        assert_eq!(reference.exercises[0].id, "01_f");
        assert_eq!(reference.exercises[0].title, "Exercice 1.1 : f");
        assert_eq!(reference.exercises[0].function, "f");
        assert_eq!(reference.pieces, program::pieces("use std::f64;", None).unwrap());
    }

    #[test]
    fn l_etudiant_est_son_dossier_ou_le_reste_du_nom() {
        let who = |files: &[&str], file: &str| {
            let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
            names(&files, Path::new("c"))[Path::new(file)].clone()
        };
        let alone = |file: &str| who(&[file], file);
        assert_eq!(alone("c/Zoé/01_activation.ipynb"), "Zoé");
        assert_eq!(alone("c/groupe A/Zoé/rendu.ipynb"), "groupe A / Zoé");
        assert_eq!(alone("c/durand_01_activation.ipynb"), "durand");
        assert_eq!(alone("c/06_backprop - Léa M.ipynb"), "Léa M");
        assert_eq!(alone("c/01_activation.ipynb"), "01_activation");
        let group = ["c/A/durand_01_activation.ipynb", "c/A/noa 01_activation.ipynb"];
        assert_eq!(who(&group, group[0]), "A / durand");
        let chapters = ["c/Zoé/01_activation.ipynb", "c/Zoé/02_network.ipynb"];
        assert_eq!(who(&chapters, chapters[1]), "Zoé");
    }

    #[test]
    fn la_copie_trouve_son_chapitre_par_ses_cellules_son_nom_ou_ses_fonctions() {
        let all = [example()];
        let (named, other) = (Path::new("x_01_essai.ipynb"), Path::new("x.ipynb"));
        assert!(reference(&copy(&[]), named, &all).is_some());
        assert!(reference(&copy(&[]), other, &all).is_none());
        assert!(reference(&copy(&["fn f(x: f64) -> f64 { x }"]), other, &all).is_some());
        let cells: Vec<Value> = all[0]
            .cells
            .iter()
            .map(|(id, code)| json!({"cell_type": "code", "id": id, "source": code}))
            .collect();
        assert!(reference(&json!({ "cells": cells }), other, &all).is_some());
    }

    #[test]
    fn ce_qui_n_est_pas_un_notebook_est_dit() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.ipynb");
        let conflict = "{\n<<<<<<< HEAD\n=======\n>>>>>>> b\n}";
        for (text, word) in
            [("", "vide"), ("{", "JSON"), ("{\"a\": 1}", "cells"), (conflict, "Git")]
        {
            std::fs::write(&file, text).unwrap();
            assert!(read(&file).unwrap_err().to_string().contains(word), "{text}");
        }
        assert!(collect(&[dir.path().join("absent")]).is_err());
        std::fs::remove_file(&file).unwrap();
        assert!(collect(&[dir.path().to_path_buf()]).is_err());
    }

    #[test]
    fn un_autre_codage_et_une_autre_version_se_lisent() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.ipynb");
        let text = "{\"cells\": [{\"cell_type\": \"code\", \"source\": \"fn é() {}\"}]}";
        let wide: Vec<u8> = "\u{feff}"
            .chars()
            .chain(text.chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
        let old = "{\"worksheets\": [{\"cells\": [{\"cell_type\": \"code\", \
                   \"input\": [\"fn é() {}\"]}]}]}";
        let bytes = [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}")
                .replace(' ', "\r\n")
                .replace("fn\r\n", "fn ")
                .replace("()\r\n", "() ")
                .into_bytes(),
            wide,
            latin,
            old.as_bytes().to_vec(),
        ];
        for bytes in bytes {
            std::fs::write(&file, bytes).unwrap();
            let found = code(&read(&file).unwrap()).0;
            assert!(found[0].defines("é"), "{found:?}");
        }
    }
}
