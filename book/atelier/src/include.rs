//! Les inclusions des chapitres, `{{#include fichier:ancre}}` : le code montré est le code compilé.
//!
//! La syntaxe est celle de mdBook, mais une ancre qui manque est ici une erreur,
//! quand mdBook la remplacerait en silence par rien.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, bail};
use regex::Regex;

use crate::chapter::offset_of;
use crate::files;

static INCLUDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{#include\s+([^\s:}]+)(?::([A-Za-z0-9_-]+))?\s*\}\}").unwrap()
});
static ANCHOR_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"ANCHOR(?:_END)?:\s*([A-Za-z0-9_-]+)").unwrap());

/// Le texte, avec chaque inclusion remplacée ; les chemins partent du dossier `base`, et `place` dit
/// « fichier:ligne » d'une position du texte.
pub fn expand(text: &str, base: &Path, place: &dyn Fn(usize) -> String) -> Result<String> {
    let mut out = String::new();
    let mut end = 0;
    for found in INCLUDE.captures_iter(text) {
        let whole = found.get(0).unwrap();
        out.push_str(&text[end..whole.start()]);
        let anchor = found.get(2).map(|anchor| anchor.as_str());
        let content =
            read(base, &found[1], anchor).with_context(|| place(whole.start()))?;
        // `# {{#include … }}` : chaque ligne incluse est cachée dans la page.
        let hidden = out.rsplit('\n').next() == Some("# ");
        out.push_str(&if hidden { content.replace('\n', "\n# ") } else { content });
        end = whole.end();
    }
    out.push_str(&text[end..]);
    if out.contains("{{#") {
        bail!(
            "{} : une directive « {{{{#… }}}} » n'est pas comprise. \
             Écrivez {{{{#include chemin/fichier.rs:ancre}}}}.",
            place(text.find("{{#").unwrap_or(0))
        );
    }
    Ok(out)
}

/// Les inclusions du texte : leur étendue, et leur fichier tel qu'il est écrit.
pub fn found(text: &str) -> impl Iterator<Item = (Range<usize>, PathBuf)> {
    INCLUDE.captures_iter(text).map(|found| {
        (found.get(0).map_or(0..0, |whole| whole.range()), PathBuf::from(&found[1]))
    })
}

/// Les fichiers que le texte inclut, chacun une fois, sans les « ../ » du début.
pub fn files(text: &str) -> Vec<String> {
    let mut files = Vec::new();
    for found in INCLUDE.captures_iter(text) {
        let file = found[1].trim_start_matches("../").to_string();
        if !files.contains(&file) {
            files.push(file);
        }
    }
    files
}

/// La prose, avec le code de ses blocs `montre` à la place de leurs inclusions.
pub fn expand_shown(
    prose: &str,
    base: &Path,
    place: &dyn Fn(usize) -> String,
) -> Result<String> {
    let mut out = String::new();
    let mut end = 0;
    for (range, info, body) in shown(prose) {
        out.push_str(&prose[end..range.start]);
        let at = offset_of(prose, body);
        let code = expand(body.trim_end(), base, &|offset| place(at + offset))?;
        out += &format!("```{}\n{code}\n```", chapitre::language(info));
        end = range.end;
    }
    out.push_str(&prose[end..]);
    Ok(out)
}

/// Les blocs `montre` d'un texte : leur étendue, ce qui suit leur barrière, leur contenu.
fn shown(text: &str) -> impl Iterator<Item = (Range<usize>, &str, &str)> {
    chapitre::blocks(text).into_iter().filter_map(|block| {
        let (info, body) = block.fence()?;
        chapitre::is_shown(info).then_some((block.range, info, body))
    })
}

/// Les fichiers que montrent les blocs `montre` de ce texte, chacun une fois.
pub fn shown_files(text: &str) -> Vec<String> {
    let bodies: Vec<&str> = shown(text).map(|(_, _, body)| body).collect();
    files(&bodies.join("\n"))
}

/// Le fichier entier, ou ce qui se trouve entre `ANCHOR: nom` et `ANCHOR_END: nom`.
fn read(base: &Path, file: &str, anchor: Option<&str>) -> Result<String> {
    let path = base.join(file);
    let source = files::read_text(&path)
        .with_context(|| format!("le fichier inclus « {file} » ne se lit pas"))?;
    let Some(anchor) = anchor else {
        return Ok(without_anchor_lines(source.lines()));
    };
    let marks = |word: &str| {
        let lines: Vec<usize> = source
            .lines()
            .enumerate()
            .filter(|(_, line)| {
                line.contains(&format!("{word}:"))
                    && ANCHOR_LINE.captures(line).is_some_and(|found| &found[1] == anchor)
            })
            .map(|(number, _)| number)
            .collect();
        lines
    };
    let (starts, ends) = (marks("ANCHOR"), marks("ANCHOR_END"));
    match (starts.as_slice(), ends.as_slice()) {
        ([start], [end]) if start < end => {
            Ok(without_anchor_lines(source.lines().skip(start + 1).take(end - start - 1)))
        }
        ([], _) => bail!(
            "l'ancre « {anchor} » n'existe pas dans « {file} ». \
             Ajoutez-y `// ANCHOR: {anchor}` et `// ANCHOR_END: {anchor}`."
        ),
        _ => bail!(
            "l'ancre « {anchor} » de « {file} » doit s'ouvrir une fois et se fermer une fois, \
             dans cet ordre."
        ),
    }
}

/// Le texte sans ses lignes d'ancre.
pub fn without_anchors(text: &str) -> String {
    without_anchor_lines(text.lines())
}

fn without_anchor_lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.filter(|line| !ANCHOR_LINE.is_match(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str, base: &Path) -> Result<String> {
        super::expand(text, base, &|at| format!("octet {at}"))
    }

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let source = "a\n// ANCHOR: un\nb\n// ANCHOR: deux\nc\n// ANCHOR_END: deux\n// ANCHOR_END: un\nd\n";
        std::fs::write(dir.path().join("f.rs"), source).unwrap();
        dir
    }

    #[test]
    fn l_ancre_donne_ses_lignes_sans_les_marques() {
        let dir = folder();
        assert_eq!(expand("x\n{{#include f.rs:un}}\ny", dir.path()).unwrap(), "x\nb\nc\ny");
        assert_eq!(expand("{{#include f.rs:deux}}", dir.path()).unwrap(), "c");
        assert_eq!(expand("{{#include f.rs}}", dir.path()).unwrap(), "a\nb\nc\nd");
        assert_eq!(expand("x\n# {{#include f.rs:un}}", dir.path()).unwrap(), "x\n# b\n# c");
    }

    #[test]
    fn un_bloc_montre_inclut_son_code_et_garde_sa_langue() {
        let dir = folder();
        let prose = "Avant.\n\n```rust,montre\n{{#include f.rs:un}}\n```\n\nAprès.";
        assert_eq!(
            expand_shown(prose, dir.path(), &|_| String::new()).unwrap(),
            "Avant.\n\n```rust\nb\nc\n```\n\nAprès."
        );
        assert_eq!(shown_files(prose), ["f.rs"]);
        // Un autre bloc n'inclut rien.
        let other = "```text\n{{#include f.rs:un}}\n```";
        assert_eq!(expand_shown(other, dir.path(), &|_| String::new()).unwrap(), other);
    }

    #[test]
    fn une_ancre_qui_manque_est_une_erreur_qui_la_nomme() {
        let dir = folder();
        let error = expand("a\n{{#include f.rs:trois}}", dir.path()).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.starts_with("octet 2"), "{error}");
        assert!(error.contains("« trois »") && error.contains("« f.rs »"), "{error}");
        let error =
            format!("{:#}", expand("{{#include g.rs:un}}", dir.path()).unwrap_err());
        assert!(error.contains("« g.rs »"), "{error}");
    }

    #[test]
    fn une_directive_inconnue_est_une_erreur() {
        let dir = folder();
        assert!(expand("{{#playground f.rs}}", dir.path()).is_err());
    }
}
