//! L'index de la recherche : chaque section de chaque page, en texte.
//!
//! Il est écrit en JavaScript et non en JSON : une page ouverte comme un fichier n'a le droit de
//! charger que cela. Ce qui cherche, `book/theme/differe/recherche.js`, est au début du même fichier.

use std::path::Path;

use anyhow::{Context, Result};
use mdbook_driver::book::BookItem;
use scraper::node::Node;
use scraper::{ElementRef, Html, Selector};
use serde_json::json;

use crate::files;

/// Le fichier que la recherche charge à son premier emploi.
pub const INDEX: &str = "recherche-index.js";

/// Une section : sa page, son ancre, le titre de la page, le sien, et son texte.
#[derive(Debug, Default, PartialEq)]
struct Section {
    page: String,
    anchor: String,
    chapter: String,
    title: String,
    text: String,
}

/// Écrit l'index des pages du sommaire.
pub fn write(html: &Path, items: &[BookItem]) -> Result<()> {
    let mut sections = Vec::new();
    for item in items {
        let BookItem::Chapter(chapter) = item else { continue };
        let Some(path) = &chapter.path else { continue };
        let page = path.with_extension("html").to_string_lossy().replace('\\', "/");
        let file = html.join(&page);
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("« {} » ne se lit pas", file.display()))?;
        sections.extend(split(&page, &chapter.name, &text));
    }
    let rows: Vec<_> = sections
        .iter()
        .map(|s| json!([s.page, s.anchor, s.chapter, s.title, s.text]))
        .collect();
    let engine = files::plain(include_str!("../../theme/differe/recherche.js"));
    let engine = minifier::js::minify(&engine);
    std::fs::write(
        html.join(INDEX),
        format!("{engine}\nwindow.indexRecherche={};\n", serde_json::to_string(&rows)?),
    )?;
    Ok(())
}

/// Les sections d'une page, coupées à chaque titre qui a une ancre.
fn split(page: &str, chapter: &str, html: &str) -> Vec<Section> {
    let document = Html::parse_document(html);
    let main = Selector::parse("main").expect("un sélecteur bien formé");
    let Some(main) = document.select(&main).next() else { return Vec::new() };
    let mut sections = vec![Section {
        page: page.into(),
        chapter: chapter.into(),
        title: chapter.into(),
        ..Section::default()
    }];
    walk(main, &mut sections);
    for section in &mut sections {
        section.text = section.text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    sections.retain(|section| !section.text.is_empty() || section.anchor.is_empty());
    sections
}

fn walk(element: ElementRef, sections: &mut Vec<Section>) {
    for child in element.children() {
        match child.value() {
            Node::Text(text) => sections.last_mut().expect("au moins une").text += text,
            Node::Element(found) => {
                let name = found.name();
                let class = found.attr("class").unwrap_or_default();
                let skipped = ["svg", "annotation", "script", "style", "button"]
                    .contains(&name)
                    || [
                        "note-bulle",
                        "note-appel",
                        "carte",
                        "chapitre-infos",
                        "figure-donnees",
                        "correcteur",
                        "solution",
                    ]
                    .iter()
                    .any(|skipped| class.split(' ').any(|one| one == *skipped));
                if skipped {
                    continue;
                }
                let Some(inner) = ElementRef::wrap(child) else { continue };
                if let ("h2" | "h3", Some(anchor)) = (name, found.attr("id")) {
                    let last = sections.last().expect("au moins une");
                    let next = Section {
                        page: last.page.clone(),
                        anchor: anchor.into(),
                        chapter: last.chapter.clone(),
                        title: inner.text().collect::<String>().trim().into(),
                        text: String::new(),
                    };
                    sections.push(next);
                    continue;
                }
                walk(inner, sections);
                // Deux blocs voisins ne collent pas leurs mots.
                if ![
                    "math", "mi", "mn", "mo", "mrow", "msub", "msup", "code", "em",
                    "strong", "a", "span", "i", "b",
                ]
                .contains(&name)
                {
                    sections.last_mut().expect("au moins une").text += " ";
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_page_se_coupe_a_ses_titres_et_oublie_ce_qui_n_est_pas_du_texte() {
        let html = "<body><nav>menu</nav><main><h1 id=\"t\">T</h1><p>avant</p>\
                    <h2 id=\"le-pas\"><a href=\"#le-pas\">Le <code>pas</code></a></h2>\
                    <p>un</p><p>deux<svg><text>dessin</text></svg></p>\
                    <math><mi>x</mi><annotation>x^2</annotation></math></main></body>";
        let sections = split("05.html", "5. Essai", html);
        assert_eq!(sections.len(), 2);
        assert_eq!(
            (sections[0].anchor.as_str(), sections[0].text.as_str()),
            ("", "T avant")
        );
        assert_eq!(sections[1].title, "Le pas");
        assert_eq!(sections[1].text, "un deux x");
        assert_eq!(sections[1].chapter, "5. Essai");
    }
}
