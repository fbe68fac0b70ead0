//! Un code dans une page : numéroté, coloré, annoté ligne par ligne, et d'où il vient.

use std::sync::LazyLock;

use anyhow::Result;
use regex::Regex;

use crate::highlight;

/// Les balises d'un lien : la bulle d'une note répète la note, sans ses liens.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("</?a(?: [^>]*)?>").expect("une expression bien formée"));

/// Ce qu'il faut savoir d'un code pour le montrer.
#[derive(Debug, Default)]
pub struct Listing<'a> {
    /// Le code.
    pub code: &'a str,
    /// Sa langue, telle que le bloc la nomme : `rust`.
    pub language: &'a str,
    /// Son ancre et son numéro : (`code-05-9`, `5.9`).
    pub number: Option<(&'a str, &'a str)>,
    /// Le HTML qui dit d'où il vient.
    pub origin: String,
    /// Les rangs des lignes que la page cache d'abord.
    pub hidden: &'a [usize],
    /// Du code que la page montre replié.
    pub folded: bool,
    /// Ce que disent certaines lignes.
    pub notes: &'a [Note],
}

/// L'annotation d'une ligne.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Le rang de la ligne.
    pub line: usize,
    /// Le HTML de l'annotation.
    pub html: String,
}

/// Le nom d'une langue, tel qu'on le lit.
pub fn language_name(language: &str) -> &str {
    match language {
        "rust" => "Rust",
        "python" => "Python",
        "console" | "sh" => "Terminal",
        "toml" => "TOML",
        _ => "",
    }
}

impl Listing<'_> {
    /// Le HTML du code, avec sa légende et ses notes.
    pub fn to_html(&self) -> Result<String> {
        let mut body = String::new();
        let rows = highlight::lines(self.code, self.language)?;
        let count = rows.len();
        for (rank, row) in rows.into_iter().enumerate() {
            let mut row = row;
            let notes = self.notes.iter().enumerate().filter(|(_, note)| note.line == rank);
            for (order, note) in notes {
                let target = self.note_id(order);
                row += &format!(
                    "<a class=\"note-appel\" href=\"#{target}\" aria-label=\"note {}\">{}</a>\
                     <span class=\"note-bulle\" aria-hidden=\"true\">{}</span>",
                    order + 1,
                    circled(order + 1),
                    LINK.replace_all(&note.html, "")
                );
                row = format!("<span class=\"note-ligne\">{row}</span>");
            }
            let hidden = self.hidden.contains(&rank);
            body += &match (hidden, rank + 1 < count) {
                (true, _) => format!("<span class=\"cachee\">{row}\n</span>"),
                (false, true) => format!("{row}\n"),
                (false, false) => row,
            };
        }
        let id = self.number.map_or(String::new(), |(id, _)| format!(" id=\"{id}\""));
        let mut caption = String::new();
        if let Some((id, number)) = self.number {
            caption +=
                &format!("<a class=\"code-numero\" href=\"#{id}\">Code\u{a0}{number}</a>");
        }
        if !self.origin.is_empty() {
            caption += &format!(" <span class=\"code-origine\">{}</span>", self.origin);
        }
        if !caption.is_empty() {
            caption = format!("<figcaption>{caption}</figcaption>");
        }
        let name = language_name(self.language);
        let label = match (self.number, name) {
            (Some((_, number)), _) => format!(" aria-label=\"Code {number}\""),
            (None, "") => String::new(),
            (None, name) => format!(" aria-label=\"{name}\""),
        };
        let notes: String = self
            .notes
            .iter()
            .enumerate()
            .map(|(order, note)| {
                format!("<li id=\"{}\">{}</li>", self.note_id(order), note.html)
            })
            .collect();
        let notes = if notes.is_empty() {
            notes
        } else {
            format!(
                "<ol class=\"code-notes\" aria-label=\"Ce que disent ces lignes\">{notes}</ol>"
            )
        };
        let html = format!(
            "<figure class=\"code\"{id}{label}>{caption}<pre><code class=\"langue-{}\">{body}</code></pre>{notes}</figure>",
            if self.language.is_empty() { "texte" } else { self.language }
        );
        if !self.folded {
            return Ok(html);
        }
        Ok(format!(
            "<details class=\"code-replie\"><summary>Du code replié ({count}\u{a0}lignes)</summary>{html}</details>"
        ))
    }

    fn note_id(&self, order: usize) -> String {
        let id = self.number.map_or("code", |(id, _)| id);
        format!("{}-note-{}", id, order + 1)
    }
}

/// 1 donne ①, et ainsi de suite jusqu'à ⑳ ; au-delà, le nombre entre parenthèses.
fn circled(number: usize) -> String {
    u32::try_from(number)
        .ok()
        .filter(|n| (1..=20).contains(n))
        .and_then(|n| char::from_u32(0x2460 + n - 1))
        .map_or(format!("({number})"), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_code_porte_son_numero_ses_lignes_cachees_et_ses_notes() {
        let notes = [Note { line: 1, html: "la <b>pente</b>".into() }];
        let html = Listing {
            code: "use a;\nlet b = 1;",
            language: "rust",
            number: Some(("code-05-9", "5.9")),
            hidden: &[0],
            notes: &notes,
            ..Listing::default()
        }
        .to_html()
        .unwrap();
        assert!(
            html.contains("id=\"code-05-9\"") && html.contains("Code\u{a0}5.9"),
            "{html}"
        );
        assert!(html.contains("<span class=\"cachee\"><span class=\"k\">use"), "{html}");
        assert!(html.contains("href=\"#code-05-9-note-1\""), "{html}");
        assert!(
            html.contains("<li id=\"code-05-9-note-1\">la <b>pente</b></li>"),
            "{html}"
        );
        assert_eq!(html.matches("①").count(), 1);
    }

    #[test]
    fn un_code_deja_vu_est_replie() {
        let html =
            Listing { code: "1\n2", language: "rust", folded: true, ..Listing::default() }
                .to_html()
                .unwrap();
        assert!(html.starts_with("<details") && html.contains("(2\u{a0}lignes)"), "{html}");
    }
}
