//! Du chapitre au notebook (`nbformat 4.5`), et du notebook exécuté à ses sorties.

use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::{Captures, Regex};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::chapter::{BlockKind, Chapter};
use crate::demos;
use crate::files;
use crate::glossary::slug;
use crate::quiz;
use crate::references::References;

static CHAPTER_LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\]\(((?:\./)?\d\d_[A-Za-z0-9_-]+)\.md(?:#[^)\s]*)?\)").unwrap()
});

/// Un lien vers une page du livre qui n'a pas de notebook.
static PAGE_LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\]\((?:\./)?([a-z][A-Za-z0-9_-]*\.md)(?:#[^)\s]*)?\)").unwrap()
});

/// Un lien vers une section du même chapitre.
static SECTION_LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\]\(#([^)\s]+)\)").unwrap());

/// La prose d'un chapitre, ses liens menant là où ils mènent depuis un notebook : un chapitre est
/// un notebook voisin, une autre page se lit dans `book/src`, et JupyterLab nomme une section par
/// son titre, les espaces devenues des tirets.
fn prose(text: &str, chapter: &Chapter) -> String {
    let text = CHAPTER_LINK.replace_all(text, "]($1.ipynb)");
    let text = PAGE_LINK.replace_all(&text, "](../book/src/$1)");
    let section = |found: &Captures| {
        let lines = chapter.text.lines().filter(|line| line.starts_with('#'));
        let mut titles = lines.map(|line| line.trim_start_matches('#').trim());
        let title = titles.find(|title| slug(title) == found[1]);
        format!("](#{})", title.unwrap_or(&found[1]).replace(' ', "-"))
    };
    SECTION_LINK.replace_all(&text, section).into_owned()
}

/// Le notebook d'un chapitre, sans sorties.
///
/// # Erreurs
/// Un renvoi vers ce qui n'existe pas.
pub fn render(chapter: &Chapter, references: &References) -> Result<Value> {
    let mut cells = Vec::new();
    for block in &chapter.blocks {
        cells.push(match &block.kind {
            BlockKind::Prose(text) => {
                let text = quiz::to_notebook(&chapter.name, text)?;
                let text = demos::to_notebook(&chapter.name, &text);
                let text = references
                    .for_notebook(&chapter.name, &text)
                    .with_context(|| format!("{}:{}", chapter.label(), block.line))?;
                markdown(&block.id, &prose(&text, chapter))
            }
            BlockKind::Code(code) => {
                let mut options = Map::new();
                options.insert("limite".into(), code.limit.into());
                let mut metadata = Map::new();
                if code.must_fail {
                    options.insert("echec".into(), true.into());
                    metadata.insert("tags".into(), json!(["raises-exception"]));
                }
                metadata.insert("atelier".into(), options.into());
                json!({
                    "cell_type": "code",
                    "execution_count": null,
                    "id": block.id,
                    "metadata": metadata,
                    "outputs": [],
                    "source": lines(&code.source),
                })
            }
        });
    }
    cells.push(markdown("dans-le-projet", &companions(chapter)));
    Ok(json!({
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Rust", "language": "rust", "name": "rust"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }))
}

fn markdown(id: &str, text: &str) -> Value {
    json!({ "cell_type": "markdown", "id": id, "metadata": {}, "source": lines(text) })
}

/// La page, le module et le test du chapitre : de quoi aller du notebook au reste.
fn companions(chapter: &Chapter) -> String {
    let mut text = format!(
        "**Dans le projet**\u{a0}: [la page du livre](../book/html/{}.html)",
        chapter.name
    );
    for (kind, file) in chapter.companions() {
        text += &format!(", [le {kind} `{file}`](../{file})");
    }
    text + "."
}

/// Lit un notebook.
pub fn read(path: &Path) -> Result<Value> {
    let text = files::read_text(path)
        .with_context(|| format!("le notebook « {} » ne se lit pas", path.display()))?;
    serde_json::from_str(&text).with_context(|| {
        format!("« {} » n'est pas un notebook : le JSON est abîmé", path.display())
    })
}

/// Écrit un notebook comme Jupyter l'écrit, d'un seul geste : jamais une moitié de fichier.
pub fn write(path: &Path, notebook: &Value) -> Result<()> {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    serde::Serialize::serialize(notebook, &mut serializer)?;
    bytes.push(b'\n');
    files::write_atomically(path, &bytes)
}

/// Pose l'empreinte du contenu dans les métadonnées : qui change une cellule à la main se voit.
pub fn seal(notebook: &mut Value) {
    let digest = fingerprint(notebook);
    notebook["metadata"]["atelier"] = json!({ "sha256": digest });
}

/// Le notebook est-il tel que l'atelier l'a écrit ?
pub fn is_untouched(notebook: &Value) -> bool {
    notebook["metadata"]["atelier"]["sha256"].as_str() == Some(&fingerprint(notebook))
}

/// L'empreinte de ce qu'un lecteur voit : cellules, code et sorties. Les métadonnées que
/// Jupyter ajoute en enregistrant n'en font pas partie.
fn fingerprint(notebook: &Value) -> String {
    let cells: Vec<Value> = cells(notebook)
        .map(|cell| {
            let outputs: Vec<Value> =
                outputs(cell).map(|output| without_counts(&normalized(output))).collect();
            json!([cell["cell_type"], source(cell), outputs])
        })
        .collect();
    let digest =
        Sha256::digest(serde_json::to_string(&cells).expect("du JSON s'écrit toujours"));
    hex::encode(digest)
}

/// Les cellules d'un notebook.
pub fn cells(notebook: &Value) -> impl Iterator<Item = &Value> {
    notebook["cells"].as_array().into_iter().flatten()
}

/// Les cellules de code d'un notebook.
pub fn code_cells(notebook: &Value) -> impl Iterator<Item = &Value> {
    cells(notebook).filter(|cell| cell["cell_type"] == "code")
}

/// Le code ou la prose d'une cellule, d'un seul tenant.
pub fn source(cell: &Value) -> String {
    text(&cell["source"])
}

/// Les sorties d'une cellule.
pub fn outputs(cell: &Value) -> impl Iterator<Item = &Value> {
    cell["outputs"].as_array().into_iter().flatten()
}

/// Un texte de notebook, écrit d'un bloc ou ligne par ligne.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

/// La première différence de ce qui s'écrit, prose et code, sans regarder les sorties : `new` n'a
/// pas besoin d'être exécuté.
pub fn source_difference(
    chapter: &Chapter,
    committed: &Value,
    new: &Value,
) -> Option<String> {
    let (old, new): (Vec<_>, Vec<_>) = (cells(committed).collect(), cells(new).collect());
    for (rank, (a, b)) in old.iter().zip(&new).enumerate() {
        let place = || place(chapter, rank, b);
        if a["cell_type"] != b["cell_type"] {
            return Some(format!("{} : la sorte de cellule n'est plus la même", place()));
        }
        if let Some(lines) = first_line(&source(a), &source(b)) {
            return Some(format!("{} : le contenu diffère {lines}", place()));
        }
    }
    (old.len() != new.len()).then(|| {
        format!(
            "{} : {} cellules enregistrées, {} dans le chapitre",
            chapter.name,
            old.len(),
            new.len()
        )
    })
}

/// La première différence entre le notebook attendu (enregistré) et le notebook obtenu, en une phrase.
pub fn difference(chapter: &Chapter, committed: &Value, fresh: &Value) -> Option<String> {
    if let Some(difference) = source_difference(chapter, committed, fresh) {
        return Some(difference);
    }
    for (rank, (a, b)) in cells(committed).zip(cells(fresh)).enumerate() {
        let place = || place(chapter, rank, b);
        let (x, y): (Vec<_>, Vec<_>) =
            (outputs(a).map(normalized).collect(), outputs(b).map(normalized).collect());
        if x.len() != y.len() {
            return Some(format!(
                "{} : {} sortie(s) enregistrée(s), {} obtenue(s)",
                place(),
                x.len(),
                y.len()
            ));
        }
        for (x, y) in x.iter().zip(&y) {
            if let Some(what) = output_difference(x, y) {
                return Some(format!("{} : {what}", place()));
            }
        }
        if a != b {
            return Some(format!(
                "{} : l'identifiant, le numéro ou les métadonnées diffèrent",
                place()
            ));
        }
    }
    (committed != fresh)
        .then(|| format!("{} : les métadonnées du notebook diffèrent", chapter.name))
}

/// Où est cette cellule : sa ligne dans le chapitre, ou son rang si le chapitre ne l'a pas.
fn place(chapter: &Chapter, rank: usize, cell: &Value) -> String {
    match cell["id"].as_str().and_then(|id| chapter.blocks.iter().find(|x| x.id == id)) {
        Some(block) => {
            format!("{}:{}, cellule « {} »", chapter.label(), block.line, block.id)
        }
        None => format!("{}, cellule n° {}", chapter.name, rank + 1),
    }
}

fn output_difference(old: &Value, new: &Value) -> Option<String> {
    for part in ["text", "traceback"] {
        if let Some(lines) = first_line(&text(&old[part]), &text(&new[part])) {
            return Some(format!("la sortie diffère {lines}"));
        }
    }
    let mimes = |output: &Value| -> Vec<String> {
        output["data"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(mime, _)| mime.clone())
            .collect()
    };
    if mimes(old) != mimes(new) {
        return Some(format!(
            "les formats de la sortie diffèrent ({:?}, puis {:?})",
            mimes(old),
            mimes(new)
        ));
    }
    for mime in mimes(new) {
        let (a, b) = (&old["data"][&mime], &new["data"][&mime]);
        if a != b {
            let lines =
                first_line(&text(a), &text(b)).filter(|_| mime.starts_with("text/"));
            return Some(format!(
                "la sortie « {mime} » diffère {}",
                lines.unwrap_or_default()
            ));
        }
    }
    (old != new).then(|| "la sortie diffère".to_string())
}

/// La première ligne où deux textes diffèrent, ou rien s'ils sont égaux.
fn first_line(old: &str, new: &str) -> Option<String> {
    if old == new {
        return None;
    }
    let (mut a, mut b) = (old.lines(), new.lines());
    loop {
        match (a.next(), b.next()) {
            (Some(x), Some(y)) if x == y => {}
            (None, None) => return Some("par sa fin de ligne".to_string()),
            (x, y) => {
                let (x, y) = (x.map(str::trim), y.map(str::trim));
                let chars = |line: Option<&str>| {
                    line.unwrap_or_default().chars().collect::<Vec<_>>()
                };
                let (old, new) = (chars(x), chars(y));
                let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
                let show = |line: Option<&str>| {
                    // À partir d'un peu avant ce qui diffère ; une espace insécable ne se voit pas, et
                    // c'est peut-être elle.
                    line.map_or("rien".to_string(), |line| {
                        let from = same.saturating_sub(30);
                        let cut: String = line.chars().skip(from).take(90).collect();
                        let dots = if from > 0 { "…" } else { "" };
                        format!("« {dots}{} »", cut.replace('\u{a0}', "⍽"))
                    })
                };
                return Some(format!("(enregistré : {} ; obtenu : {})", show(x), show(y)));
            }
        }
    }
}

/// Une sortie dont tous les textes sont d'un seul tenant.
fn normalized(output: &Value) -> Value {
    let mut out = output.clone();
    for part in ["text", "traceback"] {
        if out[part].is_array() {
            out[part] = text(&out[part]).into();
        }
    }
    if let Some(data) = out.get_mut("data").and_then(Value::as_object_mut) {
        for (mime, value) in data.iter_mut() {
            if value.is_array() && !mime.ends_with("json") {
                *value = text(value).into();
            }
        }
    }
    out
}

fn without_counts(output: &Value) -> Value {
    let mut out = output.clone();
    if let Some(fields) = out.as_object_mut() {
        fields.remove("execution_count");
        fields.remove("metadata");
    }
    out
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(text: &str) -> Chapter {
        Chapter::parse(Path::new("03_essai.md"), text.to_string()).unwrap()
    }

    fn rendered(chapter: &Chapter) -> Value {
        render(chapter, &References::default()).unwrap()
    }

    #[test]
    fn le_notebook_a_ses_cellules_ses_identifiants_et_son_noyau() {
        let nb = rendered(&chapter(
            "# T\n\nVoir [06](07_training.md#fin).\n\n```rust,echec\nlet a\n```\n",
        ));
        assert_eq!(nb["nbformat_minor"], 5);
        assert_eq!(nb["metadata"]["kernelspec"]["name"], "rust");
        let all: Vec<_> = cells(&nb).collect();
        assert_eq!(all[0]["id"], "t-texte-1");
        assert!(source(all[0]).contains("[06](07_training.ipynb)"));
        assert_eq!(source(all[1]), "let a");
        assert_eq!(all[1]["metadata"]["tags"][0], "raises-exception");
        assert_eq!(all[1]["metadata"]["atelier"]["echec"], true);
    }

    #[test]
    fn les_liens_du_notebook_menent_aux_pages_et_aux_sections() {
        let nb = rendered(&chapter(
            "# T\n\n[a](bibliographie.md#x), [b](#une-case-deux), [c](02_n.md#d).\n\n\
             ## Une case deux\n",
        ));
        let text = source(cells(&nb).next().unwrap());
        assert!(text.contains("[a](../book/src/bibliographie.md)"), "{text}");
        assert!(text.contains("[b](#Une-case-deux)"), "{text}");
        assert!(text.contains("[c](02_n.ipynb)"), "{text}");
    }

    #[test]
    fn l_empreinte_voit_un_chiffre_change_et_ignore_les_metadonnees() {
        let mut nb = rendered(&chapter("```rust\n1\n```\n"));
        nb["cells"][0]["outputs"] =
            json!([{"output_type": "stream", "name": "stdout", "text": ["0.5\n"]}]);
        seal(&mut nb);
        assert!(is_untouched(&nb));
        let mut saved = nb.clone();
        saved["cells"][0]["metadata"]["scrolled"] = true.into();
        saved["cells"][0]["outputs"][0]["text"] = "0.5\n".into();
        assert!(is_untouched(&saved), "Jupyter n'a fait qu'enregistrer");
        saved["cells"][0]["outputs"][0]["text"] = "0.6\n".into();
        assert!(!is_untouched(&saved));
        assert!(
            !is_untouched(&rendered(&chapter("```rust\n1\n```\n"))),
            "sans empreinte : à l'apprenant"
        );
    }

    #[test]
    fn la_difference_nomme_le_chapitre_la_cellule_et_la_ligne() {
        let c = chapter("# T\n\n```rust\nlet a = 1;\na\n```\n");
        let mut fresh = rendered(&c);
        fresh["cells"][1]["outputs"] =
            json!([{"output_type": "stream", "name": "stdout", "text": "un\ndeux\n"}]);
        assert_eq!(difference(&c, &fresh, &fresh), None);
        let mut committed = fresh.clone();
        committed["cells"][1]["outputs"][0]["text"] = "un\ntrois\n".into();
        let what = difference(&c, &committed, &fresh).unwrap();
        assert!(what.contains("03_essai.md:3") && what.contains("« t-code-1 »"), "{what}");
        assert!(what.contains("« trois »") && what.contains("« deux »"), "{what}");
        committed["cells"].as_array_mut().unwrap().pop();
        assert!(difference(&c, &committed, &fresh).is_some());
    }

    #[test]
    fn une_image_differente_se_voit() {
        let c = chapter("```rust\n1\n```\n");
        let mut a = rendered(&c);
        a["cells"][0]["outputs"] =
            json!([{"output_type": "execute_result", "data": {"image/png": "AAAA"}}]);
        let mut b = a.clone();
        b["cells"][0]["outputs"][0]["data"]["image/png"] = "AAAB".into();
        assert!(difference(&c, &a, &b).unwrap().contains("image/png"));
    }
}
