//! Les symboles : chaque lettre d'une formule est dans la liste des symboles, et réciproquement.
//!
//! Un symbole est une lettre avec son accent ou son prime (`\hat{y}`, `\sigma'`), ou une commande
//! comme `\odot`. Ses indices ne comptent pas : `W_1` et `W_2` sont des `W`.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use regex::Regex;

use crate::chapter::{is_chapter, markdown_options};
use crate::glossary::Page;
use crate::references;

/// La page de la liste.
pub const PAGE: &str = "symboles.md";

/// Une commande, une lettre ou un signe ; `\\` et les espaces de TeX n'en sont pas.
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\\([A-Za-z]+)|\\.|\p{L}|'+|\S").unwrap());
/// Des mots dans une formule, et les noms d'environnements.
static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\\(?:text|begin|end)\{[^}]*\}").unwrap());
/// Ce qui met en forme sans rien nommer.
const LAYOUT: [&str; 11] = [
    "frac",
    "tfrac",
    "dfrac",
    "left",
    "right",
    "quad",
    "qquad",
    "underbrace",
    "displaystyle",
    "ldots",
    "dots",
];
/// Ce qui se pose sur la lettre qui suit.
const ACCENTS: [&str; 4] = ["hat", "bar", "tilde", "vec"];

/// Une ligne de la liste.
struct Row {
    shown: String,
    symbols: BTreeSet<String>,
    /// Le chapitre où elle dit que le symbole est défini.
    defined: Option<String>,
    place: String,
}

/// Les fautes, une par phrase : un symbole hors de la liste, un symbole que rien n'emploie, un
/// renvoi vers un chapitre plus tardif que le premier emploi.
pub fn check(pages: &[Page]) -> Vec<String> {
    let Some(list) = pages.iter().find(|page| page.path == Path::new(PAGE)) else {
        return Vec::new();
    };
    let rows = rows(list);
    let listed: BTreeSet<&String> = rows.iter().flat_map(|row| &row.symbols).collect();
    let mut problems = Vec::new();
    // Le premier chapitre de chaque symbole.
    let mut first: HashMap<String, &Path> = HashMap::new();
    for page in pages.iter().filter(|page| is_chapter(&page.path)) {
        for (tex, at) in formulas(&page.text) {
            for symbol in symbols(&tex) {
                if !listed.contains(&symbol) && !first.contains_key(&symbol) {
                    problems.push(format!(
                        "{} : le symbole « {symbol} » n'est pas dans la liste des symboles. \
                         Ajoutez-le à book/src/{PAGE}, ou changez la formule.",
                        page.place(at)
                    ));
                }
                first.entry(symbol).or_insert(&page.path);
            }
        }
    }
    for row in rows {
        if row.symbols.is_empty() {
            problems.push(format!(
                "{} : la première case de la ligne doit contenir une formule.",
                row.place
            ));
            continue;
        }
        if let Some(unused) = row.symbols.iter().find(|s| !first.contains_key(*s)) {
            problems.push(format!(
                "{} : aucun chapitre n'emploie le symbole « {unused} ». Retirez-le de la liste.",
                row.place
            ));
            continue;
        }
        let chapters = row.symbols.iter().map(|symbol| first[symbol].display().to_string());
        let earliest = chapters.min().unwrap_or_default();
        match row.defined {
            None => problems.push(format!(
                "{} : « {} » ne dit pas où il est défini. Finissez la ligne par un lien vers \
                 une section de {earliest}.",
                row.place, row.shown
            )),
            Some(defined) if defined > earliest => problems.push(format!(
                "{} : « {} » est employé dès {earliest}, et la liste le dit défini dans \
                 {defined}. Définissez-le au premier emploi.",
                row.place, row.shown
            )),
            Some(_) => {}
        }
    }
    problems
}

/// Les formules d'un texte et des notes de son code, avec leur place.
fn formulas(text: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(text, markdown_options()).into_offset_iter() {
        match event {
            Event::InlineMath(tex) | Event::DisplayMath(tex) => {
                found.push((references::without_label(&tex).into_owned(), range.start));
            }
            Event::Start(Tag::HtmlBlock) => {
                if let Some(notes) = text[range.clone()].strip_prefix("<!-- notes") {
                    let start = range.end - notes.len();
                    let inside = formulas(notes).into_iter();
                    found.extend(inside.map(|(tex, at)| (tex, start + at)));
                }
            }
            _ => {}
        }
    }
    found
}

/// Les symboles d'une formule, chacun une fois.
fn symbols(tex: &str) -> BTreeSet<String> {
    let tex = WORDS.replace_all(tex, " ");
    let mut found = BTreeSet::new();
    let mut accent: Option<String> = None;
    let mut last: Option<String> = None;
    for token in TOKEN.captures_iter(&tex) {
        let whole = &token[0];
        let command = token.get(1).map(|name| name.as_str());
        match command {
            Some(name) if LAYOUT.contains(&name) => continue,
            Some(name) if ACCENTS.contains(&name) => {
                accent = Some(name.to_string());
                continue;
            }
            _ => {}
        }
        if whole.starts_with('\'') {
            // Le prime est une part du symbole qui précède : ce n'était pas lui tout seul.
            if let Some(base) = last.take() {
                found.insert(format!("{base}'"));
            }
            continue;
        }
        if let Some(base) = last.take() {
            found.insert(base);
        }
        if command.is_some() || whole.chars().all(char::is_alphabetic) {
            last = Some(match accent.take() {
                Some(accent) => format!("\\{accent}{{{whole}}}"),
                None => whole.to_string(),
            });
        }
    }
    found.extend(last);
    found
}

/// Les lignes de la liste : chaque tableau de la page, hormis son en-tête.
fn rows(page: &Page) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut column, mut in_body) = (0, false);
    let events = Parser::new_ext(&page.text, markdown_options()).into_offset_iter();
    for (event, range) in events {
        match event {
            Event::Start(Tag::TableRow) => {
                in_body = true;
                column = 0;
                rows.push(Row {
                    shown: String::new(),
                    symbols: BTreeSet::new(),
                    defined: None,
                    place: page.place(range.start),
                });
            }
            Event::End(TagEnd::TableRow) => in_body = false,
            Event::End(TagEnd::TableCell) => column += 1,
            Event::InlineMath(tex) if in_body && column == 0 => {
                let row = rows.last_mut().expect("une ligne est ouverte");
                row.symbols.extend(symbols(&tex));
                if row.shown.is_empty() {
                    row.shown = tex.to_string();
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) if in_body => {
                let file = dest_url.split('#').next().unwrap_or_default();
                if is_chapter(Path::new(file)) {
                    let row = rows.last_mut().expect("une ligne est ouverte");
                    row.defined = Some(file.to_string());
                }
            }
            _ => {}
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# Symboles\n\n| symbole | se lit | défini |\n|---|---|---|\n\
        | $W$, $W_1$ | « W » | [1](01_a.md#w) |\n\
        | $\\hat{y}$ | « y chapeau » | [2](02_b.md#y) |\n";

    fn page(path: &str, text: &str) -> Page {
        Page { path: path.into(), title: String::new(), text: text.into() }
    }

    fn problems(first: &str, second: &str, list: &str) -> Vec<String> {
        check(&[page("01_a.md", first), page("02_b.md", second), page(PAGE, list)])
    }

    fn set(tex: &str) -> Vec<String> {
        symbols(tex).into_iter().collect()
    }

    #[test]
    fn un_symbole_est_une_lettre_sans_ses_indices() {
        assert_eq!(set("W_1 + W_{2}"), ["W"]);
        assert_eq!(set(r"\hat{y} - y"), [r"\hat{y}", "y"]);
        assert_eq!(set(r"\hat y"), [r"\hat{y}"]);
        assert_eq!(set(r"\sigma'(z)"), [r"\sigma'", "z"]);
        assert_eq!(set(r"\sigma(z)"), [r"\sigma", "z"]);
        assert_eq!(set(r"a_1^\top \cdot \delta_2"), [r"\cdot", r"\delta", r"\top", "a"]);
        assert_eq!(set(r"\sum_i \delta[i, :]"), [r"\delta", r"\sum", "i"]);
    }

    #[test]
    fn la_mise_en_forme_et_les_mots_ne_sont_pas_des_symboles() {
        assert_eq!(set(r"\frac{1}{2} \left( 0{,}5 \right) \qquad \,\ "), [] as [&str; 0]);
        assert_eq!(set(r"\text{pente} \begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}"), [""; 0]);
    }

    #[test]
    fn une_liste_complete_passe() {
        assert_eq!(problems("$W_1$", r"$$\hat{y}$$ et $W$", LIST), [""; 0]);
    }

    #[test]
    fn un_symbole_hors_de_la_liste_se_voit_une_fois_avec_sa_ligne() {
        let found = problems("$W$\n\n$\\eta$ et $\\eta$", r"$\hat{y} \eta$", LIST);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("book/src/01_a.md:3\u{a0}"), "{found:?}");
        assert!(found[0].contains("« \\eta » n'est pas dans la liste des symboles"));
    }

    #[test]
    fn un_symbole_que_rien_n_emploie_se_voit() {
        let found = problems("$W$", "rien", LIST);
        assert!(found[0].starts_with("book/src/symboles.md:6\u{a0}"), "{found:?}");
        assert!(found[0].contains("aucun chapitre"), "{found:?}");
        // Un accueil n'est pas un chapitre.
        let pages = [page("accueil.md", r"$W \hat{y}$"), page(PAGE, LIST)];
        assert_eq!(check(&pages).len(), 2);
    }

    #[test]
    fn un_symbole_employe_avant_d_etre_defini_se_voit() {
        let found = problems(r"$W$ et $\hat{y}$", "", LIST);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("employé dès 01_a.md"), "{found:?}");
        assert!(found[0].contains("défini dans 02_b.md"), "{found:?}");
        // Le défini peut précéder l'emploi en formule.
        assert_eq!(problems("", r"$W \hat{y}$", LIST), [""; 0]);
    }

    #[test]
    fn une_ligne_sans_formule_ou_sans_renvoi_se_voit() {
        let found =
            problems("$W$", r"$\hat{y}$", &LIST.replace("(01_a.md#w)", "(accueil.md)"));
        assert!(found[0].contains("ne dit pas où il est défini"), "{found:?}");
        let bare = format!("{LIST}| mot | « mot » | [1](01_a.md#w) |\n");
        let found = problems("$W$", r"$\hat{y}$", &bare);
        assert!(found[0].contains("doit contenir une formule"), "{found:?}");
    }

    #[test]
    fn sans_liste_rien_n_est_exige() {
        assert_eq!(check(&[page("01_a.md", "$x$")]), [""; 0]);
    }
}
