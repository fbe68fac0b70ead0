//! Ce que l'atelier pose dans une page sans que mdBook y touche : code, sorties, en-têtes.
//!
//! Le Markdown ne contient qu'un repère ; une fois la page écrite, le repère cède la place.

use std::sync::LazyLock;

use regex::{Captures, Regex};

static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<div class="piece" data-n="(\d+)"></div>"#).unwrap());

/// Les morceaux de HTML à poser, chacun à son repère.
#[derive(Debug, Default)]
pub struct Pieces(Vec<String>);

impl Pieces {
    /// Garde `html` et rend le Markdown de son repère.
    pub fn put(&mut self, html: String) -> String {
        self.0.push(html);
        format!("\n\n<div class=\"piece\" data-n=\"{}\"></div>\n\n", self.0.len() - 1)
    }

    /// La page, ses repères remplacés.
    pub fn fill(&self, page: &str) -> String {
        MARK.replace_all(page, |found: &Captures| {
            found[1]
                .parse::<usize>()
                .ok()
                .and_then(|n| self.0.get(n))
                .cloned()
                .unwrap_or_default()
        })
        .into_owned()
    }
}
