//! Tout ce que l'atelier lit et que d'autres écrivent, par une porte pour chacun : les essais y
//! jettent des textes abîmés. Une erreur y est une réponse ; une panique, une faute.

use std::collections::HashMap;
use std::path::Path;

use crate::chapter::Chapter;
use crate::figure::Figure;
use crate::files;
use crate::glossary::{self, Page};
use crate::grade;
use crate::paths::Paths;
use crate::references::References;
use crate::{book, notebook, outputs, quiz, symbols};

/// Un chapitre : son notebook, sa page, et ce texte pris pour le glossaire et les symboles.
pub fn chapter(text: &str) {
    let paths = Paths::find().expect("les essais se font dans le projet");
    let text = files::plain(text);
    let mut references = References::default();
    if let Ok(chapter) = Chapter::parse(&paths.chapters().join("03_essai.md"), text.clone())
        && references.add(&chapter).is_ok()
        && let Ok(mut rendered) = notebook::render(&chapter, &references)
    {
        notebook::seal(&mut rendered);
        assert!(notebook::is_untouched(&rendered));
        assert_eq!(notebook::difference(&chapter, &rendered, &rendered), None);
    }
    let page =
        |name: &str| Page { path: name.into(), title: "Essai".into(), text: text.clone() };
    let pages = [page("03_essai.md"), page(glossary::PAGE), page(symbols::PAGE)];
    symbols::check(&pages);
    let mut additions = glossary::additions(&pages).unwrap_or_else(|_| HashMap::new());
    let added = additions.remove(Path::new("03_essai.md")).unwrap_or_default();
    let _ = book::page(&paths, &references, &text, added);
    let _ = quiz::to_page("03_essai", &text);
}

/// Un notebook : une copie à noter, et ses sorties telles que le livre les montre.
pub fn copy(bytes: &[u8]) {
    let Ok(copy) = grade::submission::parse(bytes) else { return };
    let _ = grade::submission::reference(&copy, Path::new("essai.ipynb"), &[]);
    let _ = grade::submission::code(&copy);
    notebook::is_untouched(&copy);
    for cell in notebook::code_cells(&copy) {
        let figure = Figure { id: "figure-03-1", number: "3.1" };
        let _ = outputs::to_html(cell, 1, false, figure);
    }
}

/// Le code d'une cellule d'une copie.
pub fn cell(source: &str) {
    if let Err(said) = grade::program::pieces(source, Some(0)) {
        assert!(
            !said.contains(grade::program::READER_STOPPED),
            "une panique de ce qui lit"
        );
    }
}
