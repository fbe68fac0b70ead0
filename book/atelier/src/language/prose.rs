//! La prose, tirée de ce qui l'entoure : chaque passage sait de quel endroit de la source il vient.
//!
//! Ce qui n'est pas du français (code, formule, adresse, mot anglais marqué) y devient un seul
//! signe, [`OBJECT`] : la ponctuation qui le touche se vérifie encore, et la phrase tient debout.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Parser, Tag, TagEnd};
use regex::Regex;

use crate::chapter::markdown_options;

/// Le signe qui tient la place d'un code, d'une formule, d'une adresse ou d'un mot anglais.
pub const OBJECT: char = '\u{FFFC}';

/// Ce qui, dans du texte, n'est pas de la prose : une adresse, une inclusion, une commande
/// entre guillemets.
static NOT_PROSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\{\{#include [^}]*\}\}|https?://[^\s<>»)]*[^\s<>»).,;:!?]|«\u{a0}((?:cargo|rustup|npm|sudo|xcode-select) [^»]*)\u{a0}»")
        .unwrap()
});
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?s)<!--.*?-->|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>[^>]*)>"#,
    )
    .unwrap()
});

/// Un fichier et sa prose.
pub struct Document {
    /// Son nom, tel qu'on le lit depuis la racine du projet.
    pub file: String,
    /// Son texte entier.
    pub source: String,
    /// Sa prose, dans l'ordre.
    pub passages: Vec<Passage>,
}

impl Document {
    /// La ligne et la colonne d'une position de la source, comptées depuis 1, en signes.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.source[..offset.min(self.source.len())];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
    }
}

/// Un paragraphe, un titre, une case de tableau, un message : ce qui se lit d'un trait.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Passage {
    /// Le texte, sans balises.
    pub text: String,
    origins: Origins,
}

impl Passage {
    /// La position, dans la source, de la position `at` du texte.
    pub fn origin(&self, at: usize) -> usize {
        self.origins.of(at)
    }

    /// L'étendue, dans la source, d'une étendue du texte.
    pub fn origin_of(&self, range: Range<usize>) -> Range<usize> {
        let last = self.text[..range.end].chars().next_back().map_or(0, char::len_utf8);
        let start = self.origin(range.start);
        start..(self.origin(range.end.saturating_sub(last)) + last).max(start)
    }

    /// Ajoute du texte qui se trouve à `offset` dans la source, adresses remplacées.
    pub fn push(&mut self, text: &str, offset: usize) {
        let mut end = 0;
        for found in NOT_PROSE.captures_iter(text) {
            let range = found.get(1).or(found.get(0)).expect("tout le motif").range();
            self.push_exact(&text[end..range.start], offset + end);
            self.push_object(offset + range.start);
            end = range.end;
        }
        self.push_exact(&text[end..], offset + end);
    }

    /// Ajoute du texte tel quel.
    pub fn push_exact(&mut self, text: &str, offset: usize) {
        if !text.is_empty() {
            self.origins.add(self.text.len(), offset);
            self.text.push_str(text);
        }
    }

    /// Ajoute ce qui n'est pas de la prose, une seule fois s'il y en a plusieurs de suite.
    pub fn push_object(&mut self, offset: usize) {
        if !self.text.ends_with(OBJECT) {
            self.origins.add(self.text.len(), offset);
            self.text.push(OBJECT);
        }
    }

    /// Y a-t-il au moins une lettre à lire ?
    pub fn is_prose(&self) -> bool {
        self.text.chars().any(char::is_alphabetic)
    }
}

/// D'où vient chaque morceau d'un texte fabriqué : (début dans le texte, début dans la source).
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Origins(Vec<(usize, usize)>);

impl Origins {
    /// Le texte à partir de `at` vient de la source à partir de `offset`.
    pub fn add(&mut self, at: usize, offset: usize) {
        self.0.push((at, offset));
    }

    /// La position de la source d'où vient la position `at` du texte.
    pub fn of(&self, at: usize) -> usize {
        match self.0.iter().rev().find(|(start, _)| *start <= at) {
            Some((start, offset)) => offset + at - start,
            None => at,
        }
    }
}

/// La prose d'un texte Markdown.
///
/// # Erreurs
/// Une balise `lang="en"` qui n'est pas fermée : sa position.
pub fn markdown(text: &str) -> Result<Vec<Passage>, usize> {
    let mut reader = Reader::default();
    for (event, range) in Parser::new_ext(text, markdown_options()).into_offset_iter() {
        reader.read(text, event, range);
    }
    reader.finish()
}

/// La prose d'un commentaire de documentation : du Markdown, où `[nom]` est un lien.
///
/// # Erreurs
/// Comme [`markdown`].
pub fn rustdoc(text: &str) -> Result<Vec<Passage>, usize> {
    let mut any = |link: BrokenLink| {
        let code = link.reference.starts_with('`') || link.reference.contains("::");
        code.then(|| (CowStr::from("#"), CowStr::from("")))
    };
    let mut reader = Reader::default();
    let parser =
        Parser::new_with_broken_link_callback(text, markdown_options(), Some(&mut any));
    for (event, range) in parser.into_offset_iter() {
        reader.read(text, event, range);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    passages: Vec<Passage>,
    current: Passage,
    /// Les balises ouvertes depuis la première qui porte `lang="en"`, et leurs positions.
    english: Vec<(String, usize)>,
    in_code: bool,
    in_html: bool,
    in_address: bool,
}

impl Reader {
    fn read(&mut self, source: &str, event: Event, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                self.flush();
                self.in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => self.in_code = false,
            Event::Start(Tag::HtmlBlock) => {
                self.flush();
                self.html(&source[range.clone()], range.start);
                self.in_html = true;
            }
            Event::End(TagEnd::HtmlBlock) => {
                self.in_html = false;
                self.flush();
            }
            _ if self.in_html || self.in_code => {}
            Event::InlineHtml(tag) => self.html(&tag, range.start),
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                ..
            }) => {
                self.object(range.start);
                self.in_address = true;
            }
            Event::End(TagEnd::Link) => self.in_address = false,
            Event::Text(_) if self.in_address => {}
            Event::Text(text) if !self.english.is_empty() || text.len() == range.len() => {
                self.text(&text, range.start);
            }
            // Une entité (&nbsp;) ou un signe échappé : sa position est celle de son début.
            Event::Text(text) => self.text(&text, range.end - text.len().min(range.len())),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.object(range.start);
            }
            Event::SoftBreak | Event::HardBreak => self.text("\n", range.start),
            Event::Start(tag) if is_block(&tag.to_end()) => self.flush(),
            Event::End(tag) if is_block(&tag) => self.flush(),
            _ => {}
        }
    }

    /// Un morceau de HTML : ses balises tombent, son texte reste.
    fn html(&mut self, html: &str, offset: usize) {
        let mut end = 0;
        for tag in TAG.captures_iter(html) {
            let range = tag.get(0).expect("tout le motif").range();
            self.text(&html[end..range.start], offset + end);
            end = range.end;
            let Some(name) = tag.name("name").map(|name| name.as_str().to_lowercase())
            else {
                continue;
            };
            if &tag["close"] == "/" {
                if self.english.last().is_some_and(|(open, _)| *open == name) {
                    self.english.pop();
                }
            } else if tag["rest"].contains("lang=\"en\"") {
                self.object(offset + range.start);
                self.english.push((name, offset + range.start));
            } else if self.english.last().is_some_and(|(open, _)| *open == name) {
                self.english.push((name, offset + range.start));
            }
        }
        self.text(&html[end..], offset + end);
    }

    fn text(&mut self, text: &str, offset: usize) {
        if self.english.is_empty() {
            self.current.push(text, offset);
        }
    }

    fn object(&mut self, offset: usize) {
        if self.english.is_empty() {
            self.current.push_object(offset);
        }
    }

    fn flush(&mut self) {
        let passage = std::mem::take(&mut self.current);
        if passage.text.chars().any(|c| !c.is_whitespace()) {
            self.passages.push(passage);
        }
    }

    fn finish(mut self) -> Result<Vec<Passage>, usize> {
        self.flush();
        match self.english.first() {
            Some((_, offset)) => Err(*offset),
            None => Ok(self.passages),
        }
    }
}

/// Une balise qui sépare deux passages.
fn is_block(tag: &TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        markdown(source).unwrap().into_iter().map(|passage| passage.text).collect()
    }

    #[test]
    fn le_code_les_formules_et_les_adresses_deviennent_un_seul_signe() {
        assert_eq!(
            texts("Le `code` et $x^2$, *vu* [là](a.md), <https://a.b>, https://c.d/e."),
            ["Le \u{FFFC} et \u{FFFC}, vu là, \u{FFFC}, \u{FFFC}."]
        );
        assert_eq!(texts("```rust\nlet faute;\n```\n\n$$x$$\n"), ["\u{FFFC}"]);
    }

    #[test]
    fn chaque_titre_case_et_puce_est_un_passage() {
        assert_eq!(
            texts("# Un *titre*\n\n- a\n- b\n  - c\n\n| d | e |\n|---|---|\n| f | `g` |\n"),
            ["Un titre", "a", "b", "c", "d", "e", "f", "\u{FFFC}"]
        );
        assert_eq!(
            texts("<details>\n<summary>Réponse</summary>\n\nOui.\n\n</details>\n"),
            ["\nRéponse\n", "Oui."]
        );
    }

    #[test]
    fn un_mot_anglais_marque_n_est_pas_de_la_prose() {
        assert_eq!(
            texts("La <i lang=\"en\">loss `x` of</i>, <i>ici</i>."),
            ["La \u{FFFC}, ici."]
        );
        assert_eq!(markdown("Un <i lang=\"en\">mot.\n\nFin."), Err(3));
    }

    #[test]
    fn chaque_signe_sait_d_ou_il_vient() {
        let source = "# Été\n\nUn `code` puis **gras** et \\$ puis fin.\n";
        for passage in markdown(source).unwrap() {
            for (at, letter) in passage.text.char_indices() {
                let from = source[passage.origin(at)..].chars().next().unwrap();
                assert!(
                    letter == OBJECT && from == '`' || letter == from,
                    "{letter} {from}"
                );
            }
        }
    }
}
