//! Ce qui entoure le texte d'une page : où l'on est, les pages voisines, le code du projet.

use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use mdbook_driver::book::BookItem;
use regex::Regex;

use crate::chapter::Chapter;
use crate::files;
use crate::highlight::escape;
use crate::include;
use crate::listing::Listing;
use crate::paths::Paths;
use crate::pieces::Pieces;
use crate::theme::{NEIGHBOURS, SIDEBAR};

static SECTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r##"(?s)<h2 id="([^"]+)"><a class="header" href="#[^"]+">(.*?)</a></h2>"##)
        .unwrap()
});
static MAIN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(?s)(<main id="contenu"[^>]*>).*?</main>"#).unwrap());
static TITLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?s)<title>(.*?)</title>").unwrap());
/// Le dessin du tutoriel, dont chaque page allume une étape.
const MAP: &str = include_str!("../../theme/carte.svg");

/// Les étapes du tutoriel : leur nom, qui est leur classe dans le dessin, et ce que le dessin en dit
/// à qui ne le voit pas.
const STEPS: [(&str, &str); 13] = [
    ("activation", "un neurone"),
    ("network", "la classe et ses poids"),
    ("feedforward", "la propagation avant"),
    ("loss", "la perte"),
    ("chain_rule", "la règle de la chaîne"),
    ("backprop", "la rétropropagation"),
    ("training", "l'entraînement"),
    ("experiments", "le réseau à l'épreuve"),
    ("gradient_check", "la vérification du gradient"),
    ("mlp", "autant de couches que l'on veut"),
    ("digits", "des chiffres écrits à la main"),
    ("regularize", "voir et régulariser"),
    ("weights", "des poids qui voyagent"),
];

/// Combien de mots se lisent en une minute, dans un texte que l'on étudie.
const WORDS_PER_MINUTE: usize = 180;

/// Une page du livre : son titre dans le sommaire, et son adresse.
struct Page {
    title: String,
    address: String,
}

/// L'en-tête d'un chapitre : la carte, le temps de lecture, son notebook, son module, son test.
pub fn chapter_head(chapter: &Chapter) -> String {
    let mut html = String::from("<div class=\"chapitre-tete\">");
    let here = chapter.step();
    if let Some((_, said)) = STEPS.iter().find(|(step, _)| *step == here) {
        html += &format!(
            "<div class=\"carte\"><p class=\"carte-texte\">Étape {} sur {}\u{a0}: {said}</p>{}</div>",
            chapter.number().1,
            STEPS.len(),
            files::plain(MAP).trim().replace(here, &format!("{here} ici"))
        );
    }
    let minutes = reading_minutes(&chapter.text);
    let mut facts = vec![format!("Lecture\u{a0}: {minutes}\u{a0}min")];
    facts.push(format!(
        "<a href=\"notebooks/{0}.ipynb\" download>le notebook</a>",
        chapter.name
    ));
    for (kind, file) in chapter.companions() {
        facts.push(format!("<a href=\"{}\">le {kind}</a>", source_page(&file)));
    }
    html += &format!("<p class=\"chapitre-infos\">{}</p></div>", facts.join(" · "));
    html
}

/// Les minutes de lecture d'un chapitre : son texte et son code, sans le temps d'essayer.
fn reading_minutes(text: &str) -> usize {
    text.split_whitespace().count().div_ceil(WORDS_PER_MINUTE).max(1)
}

/// Le nom de la page qui montre un fichier du projet : `src/loss.rs` donne `code_src_loss.html`.
fn source_page(file: &str) -> String {
    format!("code_{}.html", file.trim_end_matches(".rs").replace(['/', '.'], "_"))
}

/// Un lien vers la page d'un fichier du projet.
pub fn source_link(file: &str) -> String {
    format!("<a href=\"{}\"><code>{file}</code></a>", source_page(file))
}

/// Complète les pages que mdBook a écrites, et leur ajoute le code du projet et les notebooks.
pub fn finish(
    paths: &Paths,
    html: &Path,
    items: &[BookItem],
    shown: &[(String, Chapter)],
    pieces: &Pieces,
) -> Result<()> {
    let all = list(items);
    let mut shell = String::new();
    for (rank, page) in all.iter().enumerate() {
        let mut names = vec![page.address.clone()];
        if rank == 0 {
            names.push("index.html".to_string());
        }
        for name in names {
            let file = html.join(&name);
            let text = read(&file)?;
            if shell.is_empty() {
                shell = text.clone();
            }
            let text = pieces.fill(&text);
            let text = text.replace(SIDEBAR, &sidebar(items, &page.address, &text));
            let before = rank.checked_sub(1).map(|rank| &all[rank]);
            let text = text.replace(NEIGHBOURS, &neighbours(before, all.get(rank + 1)));
            std::fs::write(&file, text)?;
        }
    }
    let print = html.join("print.html");
    if print.is_file() {
        let text = pieces.fill(&read(&print)?);
        let text = text.replace(SIDEBAR, &sidebar(items, "print.html", ""));
        std::fs::write(&print, text.replace(NEIGHBOURS, ""))?;
    }
    std::fs::create_dir_all(html.join("notebooks"))?;
    let mut written = Vec::new();
    for (title, chapter) in shown.iter().filter(|(_, chapter)| !chapter.name.is_empty()) {
        let notebook = format!("{}.ipynb", chapter.name);
        files::copy(
            &paths.notebooks().join(&notebook),
            &html.join("notebooks").join(&notebook),
        )
        .with_context(|| format!("« {notebook} » ne se copie pas"))?;
        let companions = chapter.companions().into_iter().map(|(_, file)| file);
        for file in companions.chain(chapter.shown_files()) {
            if written.contains(&file) {
                continue;
            }
            let page = source(paths, &file, title, &chapter.name, shown)?;
            let text =
                shell.replace(SIDEBAR, &sidebar(items, "", "")).replace(NEIGHBOURS, "");
            let text = TITLE.replace(&text, |_: &regex::Captures| {
                format!("<title>{file} - {}</title>", book_title(&shell))
            });
            let text = MAIN.replace(&text, |found: &regex::Captures| {
                format!("{}{page}</main>", &found[1])
            });
            std::fs::write(html.join(source_page(&file)), text.as_bytes())?;
            written.push(file);
        }
    }
    Ok(())
}

/// Le titre du livre, d'après l'en-tête d'une page : « chapitre - livre ».
pub fn book_title(page: &str) -> &str {
    let title = TITLE.captures(page).map_or("", |found| found.extract::<1>().1[0]);
    title.rsplit_once(" - ").map_or(title, |(_, book)| book)
}

/// Le contenu de la page d'un fichier du projet, et le chemin du retour.
fn source(
    paths: &Paths,
    file: &str,
    title: &str,
    chapter: &str,
    shown: &[(String, Chapter)],
) -> Result<String> {
    let text = read(&paths.root.join(file))?;
    let code = include::without_anchors(&text);
    let language = Path::new(file).extension().and_then(|e| e.to_str()).unwrap_or_default();
    let language = match language {
        "rs" => "rust",
        "py" => "python",
        other => other,
    };
    let listing = Listing { code: &code, language, ..Listing::default() }.to_html()?;
    // Le chapitre dont c'est le module ou le test, sinon le premier qui le cite.
    let (title, chapter) = shown
        .iter()
        .find(|(_, own)| {
            !own.name.is_empty() && own.companions().iter().any(|(_, found)| found == file)
        })
        .map_or((title, chapter), |(title, own)| (title.as_str(), own.name.as_str()));
    Ok(format!(
        "<h1>Le fichier <code>{file}</code></h1>\
         <p>Expliqué dans <a href=\"{chapter}.html\">{}</a>.</p>{listing}",
        escape(title)
    ))
}

/// Les pages dans l'ordre de lecture.
fn list(items: &[BookItem]) -> Vec<Page> {
    let mut pages = Vec::new();
    for item in items {
        if let BookItem::Chapter(chapter) = item {
            if let Some(path) = &chapter.path {
                pages.push(Page {
                    title: chapter.name.clone(),
                    address: path
                        .with_extension("html")
                        .to_string_lossy()
                        .replace('\\', "/"),
                });
            }
            pages.extend(list(&chapter.sub_items));
        }
    }
    pages
}

/// Le sommaire, la page courante ouverte sur ses sections.
fn sidebar(items: &[BookItem], current: &str, page: &str) -> String {
    let mut html = String::from("<ol class=\"chapter\">");
    for item in items {
        match item {
            BookItem::Separator => {
                html += "<li class=\"spacer\" aria-hidden=\"true\"></li>"
            }
            BookItem::PartTitle(title) => {
                html += &format!("<li class=\"part-title\">{}</li>", escape(title));
            }
            BookItem::Chapter(_) => {
                for link in list(std::slice::from_ref(item)) {
                    let here = link.address == current;
                    let mark =
                        if here { " class=\"active\" aria-current=\"page\"" } else { "" };
                    html += &format!(
                        "<li class=\"chapter-item expanded\"><a href=\"{}\"{mark}>{}</a>",
                        link.address,
                        escape(&link.title)
                    );
                    if here {
                        html += &sections(page);
                    }
                    html += "</li>";
                }
            }
        }
    }
    html + "</ol>"
}

/// Les sections de la page courante, dans le sommaire.
fn sections(page: &str) -> String {
    let links: String = SECTION
        .captures_iter(page)
        .map(|found| format!("<li><a href=\"#{}\">{}</a></li>", &found[1], &found[2]))
        .collect();
    if links.is_empty() { links } else { format!("<ol class=\"section\">{links}</ol>") }
}

/// Les pages d'avant et d'après, par leur nom.
fn neighbours(before: Option<&Page>, after: Option<&Page>) -> String {
    let link = |page: Option<&Page>, relation: &str, word: &str, key: &str| {
        page.map_or(String::new(), |page| {
            format!(
                "<a rel=\"{relation}\" href=\"{}\" aria-keyshortcuts=\"{key}\"><span>{word}</span> {}</a>",
                page.address,
                escape(&page.title)
            )
        })
    };
    format!(
        "<nav class=\"voisines\" aria-label=\"Pages voisines\">{}{}</nav>",
        link(before, "prev", "Précédent :", "ArrowLeft"),
        link(after, "next", "Suivant :", "ArrowRight")
    )
}

fn read(path: &Path) -> Result<String> {
    files::read_text(path).with_context(|| format!("« {} » ne se lit pas", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_temps_de_lecture_compte_les_mots() {
        assert_eq!(reading_minutes("un deux"), 1);
        assert_eq!(reading_minutes(&"mot ".repeat(181)), 2);
    }

    #[test]
    fn les_pages_voisines_sont_nommees() {
        let page =
            |title: &str| Page { title: title.into(), address: format!("{title}.html") };
        let html = neighbours(Some(&page("avant")), None);
        assert!(html.contains("rel=\"prev\"") && html.contains("avant</a>"), "{html}");
        assert!(!html.contains("rel=\"next\""));
    }

    #[test]
    fn le_sommaire_ouvre_la_page_courante_sur_ses_sections() {
        let mut chapter =
            mdbook_driver::book::Chapter::new("Un", String::new(), "01_un.md", vec![]);
        chapter.path = Some("01_un.md".into());
        let items = [BookItem::Chapter(chapter)];
        let page =
            "<h2 id=\"a\"><a class=\"header\" href=\"#a\">Le <code>a</code></a></h2>";
        let html = sidebar(&items, "01_un.html", page);
        assert!(html.contains("aria-current=\"page\""), "{html}");
        assert!(html.contains("<li><a href=\"#a\">Le <code>a</code></a></li>"), "{html}");
        assert!(!sidebar(&items, "02.html", page).contains("aria-current"));
    }
}
