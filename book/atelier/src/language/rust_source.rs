//! La prose d'un fichier Rust : ses commentaires, et ses textes écrits en français.

use std::ops::Range;
use std::sync::LazyLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use regex::Regex;

use super::prose::{self, Origins, Passage};

/// Dans un message : un nom entre accents graves, la place d'une valeur, une balise.
static INSERTED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"`[^`]*`|\{[^{}]*\}|</?[a-z][^<>]*>").unwrap());
/// Un texte que des personnes lisent en français, et non un nom ou du HTML.
static FRENCH: LazyLock<Regex> = LazyLock::new(|| {
    let letter = "[àâçéèêëîïôùûœ«»…]";
    Regex::new(&format!(
        r"(?i)\p{{L}}.*[ \u{{a0}}].*{letter}|{letter}.*[ \u{{a0}}].*\p{{L}}|\p{{L}}.* [;:!?](?:\s|$)"
    ))
    .unwrap()
});
static COMMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"//[^\n]*").unwrap());

/// Ce qui n'a pas pu être lu, et où.
#[derive(Debug)]
pub struct Unreadable {
    /// La position dans la source.
    pub offset: usize,
    /// Pourquoi.
    pub why: String,
}

/// La prose d'un fichier Rust, hors de ses tests.
///
/// # Erreurs
/// Un fichier qui n'est pas du Rust, un commentaire dont une balise `lang="en"` n'est pas fermée.
pub fn passages(source: &str) -> Result<Vec<Passage>, Unreadable> {
    let stream: TokenStream = source.parse().map_err(|error| Unreadable {
        offset: 0,
        why: format!("Rust illisible ({error})"),
    })?;
    let mut tokens = Tokens::default();
    tokens.walk(stream);

    let mut out = Vec::new();
    for comment in tokens.comments(source) {
        let (text, origins) = uncommented(source, &comment);
        let found = prose::rustdoc(&text).map_err(|at| Unreadable {
            offset: origins.of(at),
            why: super::UNCLOSED.to_string(),
        })?;
        out.extend(found.into_iter().map(|passage| relocated(&passage, &origins)));
    }
    for range in tokens.strings {
        let (text, origins) = unescaped(&source[range.clone()], range.start);
        if FRENCH.is_match(&text.replace('\n', " ")) {
            out.extend(message(&text).iter().map(|passage| relocated(passage, &origins)));
        }
    }
    out.sort_by_key(|passage| passage.origin(0));
    Ok(out)
}

/// Un passage d'un texte fabriqué, ramené à la source.
fn relocated(passage: &Passage, origins: &Origins) -> Passage {
    let mut out = Passage::default();
    for (at, letter) in passage.text.char_indices() {
        let offset = origins.of(passage.origin(at));
        if letter == prose::OBJECT {
            out.push_object(offset);
        } else {
            out.push_exact(letter.encode_utf8(&mut [0; 4]), offset);
        }
    }
    out
}

#[derive(Default)]
struct Tokens {
    /// Tout ce qui est du code, par étendue.
    code: Vec<Range<usize>>,
    /// Les textes entre guillemets (un motif, `r"…"`, n'est lu par personne).
    strings: Vec<Range<usize>>,
    /// Les modules de tests, dont rien n'est lu.
    tests: Vec<Range<usize>>,
    docs: Vec<Range<usize>>,
}

impl Tokens {
    fn walk(&mut self, stream: TokenStream) {
        let mut in_test = false;
        for token in stream {
            match token {
                TokenTree::Group(group) => {
                    let range = group.span().byte_range();
                    if in_test && group.delimiter() == Delimiter::Brace {
                        self.tests.push(range);
                        in_test = false;
                        continue;
                    }
                    in_test |= group.delimiter() == Delimiter::Bracket
                        && group.stream().to_string().replace(' ', "") == "cfg(test)";
                    if self.docs.last() == Some(&range) {
                        continue; // le texte d'un commentaire de documentation
                    }
                    self.code.push(group.span_open().byte_range());
                    self.code.push(group.span_close().byte_range());
                    self.walk(group.stream());
                }
                TokenTree::Punct(mark) if mark.as_char() == '#' => {
                    let range = mark.span().byte_range();
                    // L'étendue d'un `#[doc]` né d'un commentaire est le commentaire entier.
                    if range.len() > 1 {
                        self.docs.push(range)
                    } else {
                        self.code.push(range)
                    }
                }
                TokenTree::Literal(literal) => {
                    let range = literal.span().byte_range();
                    if literal.to_string().starts_with('"') {
                        self.strings.push(range.clone());
                    }
                    self.code.push(range);
                }
                other => {
                    let range = other.span().byte_range();
                    if self.docs.last() != Some(&range) {
                        self.code.push(range);
                    }
                }
            }
        }
    }

    /// Les commentaires : des suites de lignes, chacune sans ce qui la précède.
    fn comments(&mut self, source: &str) -> Vec<Vec<Range<usize>>> {
        self.code.extend(self.tests.iter().cloned());
        self.code.sort_by_key(|range| range.start);
        let mut comments: Vec<Vec<Range<usize>>> = Vec::new();
        let mut end = 0;
        let last = source.len()..source.len();
        for code in self.code.iter().chain([&last]) {
            let mut previous: Option<usize> = None; // la fin du commentaire d'avant
            for line in COMMENT.find_iter(source.get(end..code.start).unwrap_or_default()) {
                let range = end + line.start()..end + line.end();
                let follows = previous.is_some_and(|at| {
                    let between = &source[at..range.start];
                    between.matches('\n').count() == 1 && between.trim().is_empty()
                });
                if line.as_str().contains("ANCHOR") {
                    previous = None;
                    continue;
                }
                previous = Some(range.end);
                match comments.last_mut() {
                    Some(comment) if follows => comment.push(range),
                    _ => comments.push(vec![range]),
                }
            }
            end = end.max(code.end);
        }
        comments
    }
}

/// Un commentaire sans ses barres, et d'où vient chacune de ses lignes.
fn uncommented(source: &str, lines: &[Range<usize>]) -> (String, Origins) {
    let (mut text, mut origins) = (String::new(), Origins::default());
    for line in lines {
        let raw = &source[line.clone()];
        let body = raw.trim_start_matches('/').trim_start_matches('!');
        let body = body.strip_prefix(' ').unwrap_or(body);
        origins.add(text.len(), line.end - body.len());
        text.push_str(body);
        text.push('\n');
    }
    (text, origins)
}

/// Un texte entre guillemets, tel que le programme le dira.
fn unescaped(literal: &str, offset: usize) -> (String, Origins) {
    let (mut text, mut origins) = (String::new(), Origins::default());
    let open = literal.find('"').map_or(0, |at| at + 1);
    let close = literal.rfind('"').unwrap_or(literal.len()).max(open);
    let body = &literal[open..close];
    let mut rest = body;
    while let Some(letter) = rest.chars().next() {
        let at = offset + open + body.len() - rest.len();
        origins.add(text.len(), at);
        if letter != '\\' {
            text.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        let after = &rest[1..];
        if after.starts_with('\n') {
            rest = after.trim_start();
        } else if let Some(unicode) = after.strip_prefix("u{") {
            let (code, tail) = unicode.split_once('}').unwrap_or((unicode, ""));
            text.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
            rest = tail;
        } else {
            let letter = after.chars().next().unwrap_or('\\');
            text.push(if letter == 'n' { '\n' } else { letter });
            rest = &after[letter.len_utf8().min(after.len())..];
        }
    }
    (text, origins)
}

/// Les passages d'un message. S'il a plusieurs lignes, c'est une aide mise en colonnes : la
/// première colonne d'une ligne en retrait est une commande.
fn message(text: &str) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut offset = 0;
    for line in text.split('\n') {
        let columns: Vec<(usize, &str)> =
            if text.contains('\n') { columns(line) } else { vec![(0, line)] };
        let command = usize::from(line.starts_with("  ") && columns.len() > 1);
        for (start, column) in columns.into_iter().skip(command) {
            let mut passage = Passage::default();
            let mut end = 0;
            for found in INSERTED.find_iter(column) {
                passage.push(&column[end..found.start()], offset + start + end);
                passage.push_object(offset + start + found.start());
                end = found.end();
            }
            passage.push(&column[end..], offset + start + end);
            if passage.is_prose() {
                passages.push(passage);
            }
        }
        offset += line.len() + 1;
    }
    passages
}

/// Les morceaux d'une ligne que deux espaces séparent, et leurs débuts.
fn columns(line: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let mut out = Vec::new();
    for part in line.split("  ") {
        let lead = part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            out.push((start + lead, part.trim()));
        }
        start += part.len() + 2;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"//! Le début
//! du fichier.

/// Voir [`Error::Shape`] et `x`.
#[error("il a {found} été, \
         `x` aussi")]
fn f() -> &'static str { // à la fin
    // ANCHOR: rien
    "pas du texte";
    "Usage :\n\n  preparer    installe ce qui manque\n"; "é"; "à \"la\" main"
}

#[cfg(test)]
mod tests {
    // Rien de ceci n'est lu.
    const A: &str = "ni céla";
}
"#;

    #[test]
    fn les_commentaires_et_les_messages_sont_lus_les_tests_non() {
        let found = passages(SOURCE).unwrap();
        let texts: Vec<&str> = found.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "Le début\ndu fichier.",
                "Voir \u{FFFC} et \u{FFFC}.",
                "il a \u{FFFC} été, \u{FFFC} aussi",
                "à la fin",
                "Usage :",
                "installe ce qui manque",
                "à \"la\" main",
            ]
        );
        for passage in &found {
            for (at, letter) in passage.text.char_indices() {
                let from = SOURCE[passage.origin(at)..].chars().next().unwrap();
                let object = letter == prose::OBJECT && "[`{".contains(from);
                assert!(object || letter == from || from == '\\', "{letter:?} {from:?}");
            }
        }
    }

    #[test]
    fn l_aide_en_colonnes_se_lit_sans_ses_commandes() {
        let text = "cargo : le livre.\n\n  preparer    installe déjà  ceci\n              puis cela\n";
        let texts: Vec<String> =
            message(text).into_iter().map(|passage| passage.text).collect();
        assert_eq!(texts, ["cargo : le livre.", "installe déjà", "ceci", "puis cela"]);
    }

    #[test]
    fn ce_qui_n_est_pas_du_rust_le_dit() {
        assert!(passages("fn (").unwrap_err().why.contains("Rust illisible"));
    }
}
