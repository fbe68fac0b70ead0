//! Le glossaire : dans chaque chapitre, le premier emploi d'un terme mène à sa définition.
//!
//! Les liens se posent à la construction du livre ; les chapitres, et donc les notebooks,
//! n'en portent aucun. `book/src/glossaire.md` est la seule source : une section par terme.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use regex::Regex;

use crate::chapter::{is_chapter, label, line_of, markdown_options};
use crate::links::Link;
use crate::quiz;

/// La page des définitions.
pub const PAGE: &str = "glossaire.md";

static TERM: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^### (.+)$").unwrap());
static LETTER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^## (.+)$").unwrap());
static NOTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<!--\s*(\w+)\s*:\s*(.*?)\s*-->").unwrap());
static ENGLISH: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?m)^<i lang="en">[^<]+</i>"#).unwrap());
static SECTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\]\(\d\d_[A-Za-z0-9_-]+\.md#[^)]+\)").unwrap());

/// Une page du livre, telle qu'elle est écrite.
#[derive(Debug, Clone)]
pub struct Page {
    /// Son fichier, relatif à `book/src`.
    pub path: PathBuf,
    /// Son titre dans le sommaire.
    pub title: String,
    /// Son texte.
    pub text: String,
}

impl Page {
    /// « fichier:ligne » d'une position du texte.
    pub fn place(&self, offset: usize) -> String {
        let file = label(&Path::new("/book/src").join(&self.path));
        format!("{file}:{}", line_of(&self.text, offset))
    }
}

/// Ce que le glossaire pose sur une page : des remplacements et les liens qu'ils contiennent.
#[derive(Debug, Default)]
pub struct Additions {
    /// Les morceaux à remplacer ; un morceau vide est une insertion.
    pub edits: Vec<(Range<usize>, String)>,
    /// Leurs liens, à vérifier avec les autres.
    pub links: Vec<Link>,
}

/// Un terme du glossaire.
#[derive(Debug)]
struct Entry {
    term: String,
    anchor: String,
    place: String,
    /// Où finit sa section dans la page.
    end: usize,
    /// Ses écritures : le terme, ses variantes. Une écriture entre `*` ne compte qu'en italique.
    forms: Vec<String>,
}

/// Les liens de chaque page vers le glossaire, et dans le glossaire le retour vers les chapitres.
///
/// # Erreurs
/// Une phrase par faute : un terme mal placé, sans anglais, sans renvoi, ou que rien n'emploie.
pub fn additions(pages: &[Page]) -> Result<HashMap<PathBuf, Additions>, Vec<String>> {
    let Some(glossary) = pages.iter().find(|page| page.path == Path::new(PAGE)) else {
        return Ok(HashMap::new());
    };
    let entries = read(glossary)?;
    let finder = Finder::new(&entries);
    let mut found: HashMap<PathBuf, Additions> = HashMap::new();
    let mut firsts: Vec<Option<(usize, bool)>> = vec![None; entries.len()];
    for (rank, page) in pages.iter().enumerate().filter(|(_, page)| is_chapter(&page.path))
    {
        let additions = found.entry(page.path.clone()).or_default();
        let by_hand = links_by_hand(&page.text, &entries);
        for &entry in &by_hand {
            firsts[entry].get_or_insert((rank, false));
        }
        for (entry, range) in finder.first_uses(&page.text, by_hand) {
            let anchor = &entries[entry].anchor;
            let id = match firsts[entry] {
                None => format!(" id=\"terme-{anchor}\""),
                Some(_) => String::new(),
            };
            firsts[entry].get_or_insert((rank, true));
            additions.links.push(Link {
                page: page.path.clone(),
                target: format!("{PAGE}#{anchor}"),
                place: page.place(range.start),
            });
            let href = Path::new(PAGE).with_extension("html");
            let text = &page.text[range.clone()];
            let link = format!(
                "<a class=\"terme\"{id} href=\"{}#{anchor}\">{text}</a>",
                href.display()
            );
            additions.edits.push((range, link));
        }
    }
    let mut problems = Vec::new();
    let additions = found.entry(PAGE.into()).or_default();
    for (entry, first) in entries.iter().zip(&firsts) {
        let Some((rank, marked)) = first else {
            problems.push(format!(
                "{} : aucun chapitre n'emploie le terme « {} ». Corrigez ses variantes, \
                 ou retirez-le du glossaire.",
                entry.place, entry.term
            ));
            continue;
        };
        let page = &pages[*rank];
        let fragment =
            if *marked { format!("#terme-{}", entry.anchor) } else { String::new() };
        let target = format!("{}{fragment}", page.path.display());
        additions.links.push(Link {
            page: PAGE.into(),
            target: target.clone(),
            place: entry.place.clone(),
        });
        let title = page.title.replace('`', "");
        let line = format!("\n\nPremière apparition\u{a0}: [{title}]({target}).\n");
        additions.edits.push((entry.end..entry.end, line));
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// Les termes de la page, dans l'ordre alphabétique, chacun complet.
fn read(page: &Page) -> Result<Vec<Entry>, Vec<String>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut problems = Vec::new();
    let starts: Vec<_> = TERM.captures_iter(&page.text).collect();
    let letters: Vec<(usize, &str)> = LETTER
        .captures_iter(&page.text)
        .map(|found| (found.get(0).unwrap().start(), found.get(1).unwrap().as_str().trim()))
        .collect();
    for (rank, found) in starts.iter().enumerate() {
        let whole = found.get(0).unwrap();
        let limit = starts
            .get(rank + 1)
            .map_or(page.text.len(), |next| next.get(0).unwrap().start());
        let limit = letters
            .iter()
            .map(|(at, _)| *at)
            .find(|at| (whole.end()..limit).contains(at))
            .unwrap_or(limit);
        let body = &page.text[whole.end()..limit];
        let term = found[1].trim().to_string();
        let place = page.place(whole.start());
        let mut forms = vec![term.clone()];
        for note in NOTE.captures_iter(body) {
            let listed =
                note[2].split(',').map(|form| form.trim().to_string()).collect::<Vec<_>>();
            match &note[1] {
                "variantes" => forms.extend(listed),
                "seulement" => forms = listed,
                other => problems.push(format!(
                    "{place} : la note « {other} » n'existe pas. Écrivez « variantes : … », \
                     ou « seulement : … » pour remplacer le terme lui-même."
                )),
            }
        }
        if !ENGLISH.is_match(body) {
            problems.push(format!(
                "{place} : « {term} » n'a pas de terme anglais. Commencez sa définition par \
                 « <i lang=\"en\">…</i>. »."
            ));
        }
        if !SECTION.is_match(body) {
            problems.push(format!(
                "{place} : « {term} » ne renvoie à aucune section d'un chapitre. \
                 Ajoutez « [N, Titre](NN_chapitre.md#titre) »."
            ));
        }
        let letter = letters.iter().rev().find(|(at, _)| *at < whole.start());
        let initial =
            folded(&term).chars().next().unwrap_or(' ').to_uppercase().to_string();
        if letter.is_none_or(|(_, letter)| *letter != initial) {
            problems.push(format!("{place} : « {term} » se range sous « ## {initial} »."));
        }
        if let Some(before) = entries.last()
            && folded(&before.term) >= folded(&term)
        {
            problems
                .push(format!("{place} : « {term} » se range avant « {} ».", before.term));
        }
        let end = whole.end() + body.trim_end().len();
        entries.push(Entry { anchor: slug(&term), term, place, end, forms });
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

/// Le texte sans accents ni majuscules, pour l'ordre alphabétique.
fn folded(text: &str) -> String {
    let mut out = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            'à' | 'â' | 'ä' => out.push('a'),
            'ç' => out.push('c'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'î' | 'ï' => out.push('i'),
            'ô' | 'ö' => out.push('o'),
            'ù' | 'û' | 'ü' => out.push('u'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            '\'' | '’' | '-' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// L'ancre que mdBook donne à un titre ; la vérification des liens confirme que c'est la même.
pub fn slug(title: &str) -> String {
    title
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}

/// Les termes que le chapitre relie lui-même, par un lien écrit à la main.
fn links_by_hand(text: &str, entries: &[Entry]) -> HashSet<usize> {
    let mut linked = HashSet::new();
    for event in Parser::new_ext(text, markdown_options()) {
        if let Event::Start(Tag::Link { dest_url, .. }) = event
            && let Some(anchor) = dest_url.strip_prefix(&format!("{PAGE}#"))
        {
            linked.extend(entries.iter().position(|entry| entry.anchor == anchor));
        }
    }
    linked
}

/// Cherche les termes dans la prose.
struct Finder {
    pattern: Regex,
    /// Pour chaque groupe de l'expression : son terme, et s'il ne compte qu'en italique.
    groups: Vec<(usize, bool)>,
}

impl Finder {
    fn new(entries: &[Entry]) -> Self {
        let mut forms: Vec<(usize, &str, bool)> = entries
            .iter()
            .enumerate()
            .flat_map(|(rank, entry)| entry.forms.iter().map(move |form| (rank, form)))
            .map(|(rank, form)| {
                let bare = form.trim_matches('*');
                (rank, bare, bare.len() < form.len())
            })
            .collect();
        // À la même place, la plus longue écriture l'emporte.
        forms.sort_by_key(|(_, form, _)| std::cmp::Reverse(form.chars().count()));
        let alternatives: Vec<String> =
            forms.iter().map(|(_, form, _)| format!("({})", inflected(form))).collect();
        let pattern = format!(r"(?i)\b(?:{})\b", alternatives.join("|"));
        Self {
            pattern: Regex::new(&pattern).expect("les termes sont protégés"),
            groups: forms.iter().map(|(rank, _, italic)| (*rank, *italic)).collect(),
        }
    }

    /// Le premier emploi de chaque terme, sauf ceux de `done`, dans l'ordre du texte.
    fn first_uses(&self, text: &str, done: HashSet<usize>) -> Vec<(usize, Range<usize>)> {
        let mut done = done;
        let mut uses = Vec::new();
        for (prose, italic) in prose(text) {
            for found in self.pattern.captures_iter(&text[prose.clone()]) {
                let Some(group) = (1..found.len()).find(|g| found.get(*g).is_some()) else {
                    continue;
                };
                let (entry, only_italic) = self.groups[group - 1];
                let range = found.get(0).unwrap().range();
                let range = prose.start + range.start..prose.start + range.end;
                if (only_italic && !italic) || is_compound(text, &range) {
                    continue;
                }
                if done.insert(entry) {
                    uses.push((entry, range));
                }
            }
        }
        uses
    }
}

/// L'expression d'un terme et de son pluriel : chaque mot, jusqu'à la première préposition.
fn inflected(form: &str) -> String {
    let mut complement = false;
    let words: Vec<String> = form
        .split_whitespace()
        .map(|word| {
            let lower = word.to_lowercase();
            complement |= ["de", "du", "des", "à", "par", "en", "sur"]
                .contains(&lower.as_str())
                || lower.starts_with("d'")
                || lower.starts_with("l'");
            let escaped = regex::escape(word).replace('\'', "['’]");
            let last = lower.chars().last().unwrap_or(' ');
            if complement || "sxz".contains(last) || !last.is_alphabetic() {
                escaped
            } else {
                format!("{escaped}[sx]?")
            }
        })
        .collect();
    words.join(r"\s+")
}

/// Ce mot n'est-il qu'une part d'un mot composé (« contre-exemple ») ou d'un chemin ?
fn is_compound(text: &str, range: &Range<usize>) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| "-_/".contains(c));
    joins(text[..range.start].chars().next_back())
        || joins(text[range.end..].chars().next())
}

/// Les morceaux de prose où un lien peut se poser, et s'ils sont en italique : ni titre, ni lien,
/// ni code, ni formule, ni élément HTML.
fn prose(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut pieces = Vec::new();
    let (mut closed, mut italic, mut html) = (0usize, 0usize, 0usize);
    let answers = quiz::answers(text);
    for (event, range) in Parser::new_ext(text, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(
                Tag::Heading { .. }
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::CodeBlock(_)
                | Tag::TableHead,
            ) => closed += 1,
            Event::End(
                TagEnd::Heading(_)
                | TagEnd::Link
                | TagEnd::Image
                | TagEnd::CodeBlock
                | TagEnd::TableHead,
            ) => closed -= 1,
            Event::Start(Tag::Emphasis) => italic += 1,
            Event::End(TagEnd::Emphasis) => italic -= 1,
            Event::Start(Tag::Paragraph) => html = 0,
            Event::InlineHtml(tag) if tag.starts_with("</") => {
                html = html.saturating_sub(1)
            }
            Event::InlineHtml(tag)
                if !(tag.starts_with("<!--")
                    || tag.ends_with("/>")
                    || tag.starts_with("<br")) =>
            {
                html += 1;
            }
            // Une réponse se coche : un lien y prendrait le clic.
            Event::Text(_)
                if answers.iter().any(|answer| answer.contains(&range.start)) => {}
            Event::Text(_) if closed == 0 && html == 0 => pieces.push((range, italic > 0)),
            _ => {}
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSSARY: &str = "# Glossaire\n\n## B\n\n### biais\n\n\
        <i lang=\"en\">bias</i>. Un nombre. Voir [1, Ici](01_a.md#ici).\n\n## C\n\n\
        ### couche\n\n<i lang=\"en\">layer</i>. Une rangée. [1, Ici](01_a.md#ici).\n\n\
        ### couche cachée\n\n<i lang=\"en\">hidden layer</i>. [1, Ici](01_a.md#ici).\n\n## F\n\n\
        ### fonction d'activation\n<!-- variantes : activation -->\n\n\
        <i lang=\"en\">activation function</i>. [1, Ici](01_a.md#ici).\n\n## T\n\n\
        ### trait\n<!-- seulement : *trait* -->\n\n\
        <i lang=\"en\">trait</i>. [1, Ici](01_a.md#ici).\n";
    /// De quoi employer tous les termes, sans en être le premier emploi.
    const ALL: &str = "Biais, couche, couche cachée, activation, *trait*.";

    fn page(path: &str, text: &str) -> Page {
        let title = path.trim_end_matches(".md").to_string();
        Page { path: path.into(), title, text: text.into() }
    }

    fn book(first: &str) -> Vec<Page> {
        vec![
            page("01_a.md", first),
            page("02_b.md", ALL),
            page("accueil.md", "Un biais."),
            page(PAGE, GLOSSARY),
        ]
    }

    /// Les mots reliés dans le premier chapitre.
    fn linked(first: &str) -> Vec<String> {
        let found = additions(&book(first)).unwrap();
        let edits = &found[Path::new("01_a.md")].edits;
        edits.iter().map(|(range, _)| first[range.clone()].to_string()).collect()
    }

    fn refusal(pages: &[Page]) -> String {
        additions(pages).unwrap_err().join("\n")
    }

    #[test]
    fn seul_le_premier_emploi_est_relie_majuscules_pluriels_et_elisions_compris() {
        assert_eq!(linked("Les Biais, un biais."), ["Biais"]);
        assert_eq!(linked("Deux couches, une couche."), ["couches"]);
        assert_eq!(linked("L'activation d'une couche."), ["activation", "couche"]);
        assert_eq!(linked("Les fonctions d’activation."), ["fonctions d’activation"]);
        assert_eq!(linked("**Biais**, *couche*"), ["Biais", "couche"]);
    }

    #[test]
    fn le_terme_le_plus_long_l_emporte() {
        assert_eq!(
            linked("des couches cachées, une couche"),
            ["couches cachées", "couche"]
        );
        assert_eq!(linked("la fonction d'activation"), ["fonction d'activation"]);
    }

    #[test]
    fn un_mot_entier_avec_ses_accents() {
        assert_eq!(linked("biaiser, sous-couche, accouche"), [] as [&str; 0]);
        assert_eq!(linked("couche cachee"), ["couche"]);
        assert_eq!(linked("é biais é"), ["biais"]);
    }

    #[test]
    fn ni_titre_ni_lien_ni_code_ni_formule_ni_html() {
        let first = "# Le biais\n\n[biais](02_b.md), `biais`, $biais$, ![biais](b.png), \
            <i lang=\"en\">biais</i>\n\n```rust\n// biais\n```\n\n<p>biais</p>\n\n\
            | biais |\n|---|\n| a |\n";
        assert_eq!(linked(first), [] as [&str; 0]);
        assert_eq!(linked(&format!("{first}\nUn biais.")), ["biais"]);
        assert_eq!(linked("<kbd>a</kbd> biais"), ["biais"]);
    }

    #[test]
    fn une_ecriture_en_italique_ne_compte_qu_en_italique() {
        assert_eq!(linked("Un trait, puis un *trait*."), ["trait"]);
        let found = additions(&book("Un trait, puis un *trait*.")).unwrap();
        assert_eq!(found[Path::new("01_a.md")].edits[0].0.start, 19);
    }

    #[test]
    fn un_lien_ecrit_a_la_main_tient_lieu_de_premier_emploi() {
        assert_eq!(linked("[ceci](glossaire.md#biais), le biais"), [] as [&str; 0]);
    }

    #[test]
    fn le_lien_et_le_retour_portent_la_meme_ancre() {
        let found = additions(&book("Le biais.")).unwrap();
        let (_, link) = &found[Path::new("01_a.md")].edits[0];
        let expected = "<a class=\"terme\" id=\"terme-biais\" href=\"glossaire.html#biais\">\
                        biais</a>";
        assert_eq!(link, expected);
        assert_eq!(found[Path::new("01_a.md")].links[0].target, "glossaire.md#biais");
        // Le deuxième chapitre relie aussi, sans être la première apparition.
        assert!(!found[Path::new("02_b.md")].edits[0].1.contains("id="));
        let mut text = GLOSSARY.to_string();
        for (range, added) in found[Path::new(PAGE)].edits.iter().rev() {
            text.replace_range(range.clone(), added);
        }
        let back = "Première apparition\u{a0}: [01_a](01_a.md#terme-biais).";
        assert!(text.contains(back), "{text}");
        assert!(text.contains("[02_b](02_b.md#terme-fonction-dactivation)."), "{text}");
        assert!(text.find(back).unwrap() < text.find("## C").unwrap());
        assert!(!found.contains_key(Path::new("accueil.md")));
    }

    #[test]
    fn un_terme_que_rien_n_emploie_est_une_erreur_avec_sa_ligne() {
        let mut pages = book("Rien.");
        pages[1].text = ALL.replace("Biais", "Rien");
        let error = refusal(&pages);
        assert!(error.contains("book/src/glossaire.md:5") && error.contains("« biais »"));
    }

    #[test]
    fn une_definition_incomplete_ou_mal_rangee_est_une_erreur() {
        for (from, to, word) in [
            ("<i lang=\"en\">bias</i>", "bias", "« biais » n'a pas de terme anglais"),
            ("Voir [1, Ici](01_a.md#ici)", "Voir ici", "aucune section"),
            ("## B", "## A", "« ## B »"),
            ("### couche cachée", "### cou", "« cou » se range avant « couche »"),
            ("variantes :", "variante :", "« variante »"),
        ] {
            let mut pages = book("Rien.");
            pages[3].text = GLOSSARY.replacen(from, to, 1);
            let error = refusal(&pages);
            assert!(error.contains(word), "{error}");
            assert!(error.starts_with("book/src/glossaire.md:"), "{error}");
        }
    }

    #[test]
    fn l_ordre_alphabetique_ignore_accents_et_apostrophes() {
        assert!(folded("étape") < folded("exemple"));
        assert!(folded("taux d'apprentissage") < folded("test"));
        assert_eq!(folded("Cœur d’Été"), "coeur d ete");
    }

    #[test]
    fn sans_glossaire_rien_ne_change() {
        assert!(additions(&[page("01_a.md", ALL)]).unwrap().is_empty());
    }
}
