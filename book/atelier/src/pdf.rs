//! Le PDF : le livre en un fichier, avec couverture, table des matières et réponses à la fin.
//!
//! Chromium imprime la page « print.html » deux fois : la première fois pour savoir à quelle page
//! commence chaque chapitre, la seconde avec ces numéros dans la table.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, bail};
use lopdf::{Dictionary, Document, Object, ObjectId};
use regex::{Captures, Regex};

use crate::book;
use crate::files;
use crate::lab;
use crate::pages;
use crate::paths::Paths;
use crate::process;
use crate::progress::Progress;
use crate::web;

static MAIN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?s)<main id="contenu"[^>]*>(.*)</main>"#).expect("une expression juste")
});
static SCRIPT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)<script\b.*?</script>").expect("une expression juste")
});
static ANSWER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?s)<details(?: class="solution")?>\s*<summary>((?:Réponse|Une solution)[^<]*)</summary>(.*?)</details>"#,
    )
    .expect("une expression juste")
});
static DATA: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?s)<details class="figure-donnees">.*?</details>"#)
        .expect("une expression juste")
});
static TITLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r##"(?s)<h1 id="([^"]+)"><a class="header" href="[^"]*">(.*?)</a></h1>"##)
        .expect("une expression juste")
});
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<[^>]+>").expect("une expression juste"));

/// La feuille de style du papier : le thème clair, des pages numérotées, rien de coupé.
const STYLE: &str = include_str!("../../theme/papier/papier.css");

/// Construit le livre, puis son PDF à côté de lui ; rend le chemin du PDF.
///
/// # Erreurs
/// Chromium introuvable, ou qui n'imprime pas.
pub fn build(paths: &Paths) -> Result<PathBuf> {
    let Some(chromium) = web::chromium() else {
        bail!(
            "le PDF demande Chromium ou Chrome, et aucun n'a été trouvé. Installez-en un (Debian, \
             Ubuntu\u{a0}: `apt install chromium`), ou donnez son chemin dans la variable \
             `CHROMIUM`. Sinon, ouvrez book/html/print.html dans votre navigateur et imprimez."
        );
    };
    let index = book::build(paths)?;
    let html = index.parent().unwrap_or(Path::new("."));
    let progress = Progress::start("PDF");
    let page = std::fs::read_to_string(html.join("print.html"))
        .context("« print.html » ne se lit pas")?;
    let chapters: Vec<(String, String)> = TITLE
        .captures_iter(&page)
        .map(|found| (found[1].to_string(), found[2].to_string()))
        .collect();
    let scratch = files::scratch(paths)?;
    let sheet = html.join("papier.html");
    let pdf = scratch.path().join("livre.pdf");
    let mut numbers = BTreeMap::new();
    let mut outcome = Ok(());
    for round in ["première passe", "seconde passe"] {
        progress.detail(round);
        std::fs::write(&sheet, arrange(&page, &chapters, &numbers)?)?;
        outcome = print(&chromium, &sheet, &pdf, scratch.path())
            .and_then(|()| destinations(&pdf))
            .map(|found| numbers = found);
        if outcome.is_err() {
            break;
        }
    }
    let _ = std::fs::remove_file(&sheet);
    outcome?;
    let missing: Vec<&str> = chapters
        .iter()
        .filter(|(id, _)| !numbers.contains_key(id))
        .map(|(_, title)| title.as_str())
        .collect();
    if !missing.is_empty() {
        bail!("le PDF ne dit pas où commence « {} »", missing.join(" », « "));
    }
    let target = paths.root.join("book/html/livre.pdf");
    std::fs::copy(&pdf, &target)
        .with_context(|| format!("« {} » ne s'écrit pas", paths.display(&target)))?;
    let pages = Document::load(&target)?.get_pages().len();
    progress.done(&format!("{pages} pages, {}", paths.display(&target)));
    Ok(target)
}

/// La page à imprimer : couverture, table, chapitres, puis les réponses.
fn arrange(
    page: &str,
    chapters: &[(String, String)],
    numbers: &BTreeMap<String, usize>,
) -> Result<String> {
    let main =
        MAIN.captures(page).ok_or_else(|| anyhow!("« print.html » n'a pas de contenu"))?[1]
            .to_string();
    let main = DATA.replace_all(&main, "");
    let mut answers = String::new();
    let mut rank = 0;
    let main = ANSWER.replace_all(&main, |found: &Captures| {
        rank += 1;
        answers += &format!(
            "<section class=\"reponse\" id=\"reponse-{rank}\"><p class=\"reponse-titre\">\
             <a href=\"#question-{rank}\">Réponse {rank}</a></p>{}</section>",
            &found[2]
        );
        format!(
            "<p class=\"reponse-renvoi\" id=\"question-{rank}\">→ <a href=\"#reponse-{rank}\">réponse {rank}</a>, à la fin du livre</p>"
        )
    });
    let main = main
        .replace("<details class=\"code-replie\">", "<details class=\"code-replie\" open>");
    let rows: String = chapters
        .iter()
        .map(|(id, title)| {
            let number = numbers.get(id).map_or(String::new(), |number| number.to_string());
            format!(
                "<li><a href=\"#{id}\"><span class=\"table-titre\">{}</span><span class=\"table-page\">{number}</span></a></li>",
                TAG.replace_all(title, "")
            )
        })
        .collect();
    let head =
        SCRIPT.replace_all(&page[..page.find("<body>").unwrap_or(0)], "").into_owned();
    Ok(format!(
        "{}<body class=\"papier\">\
         <section class=\"couverture\"><p class=\"couverture-titre\">{}</p>\
         <p>Construire un réseau de neurones à partir de rien, et le comprendre</p>\
         <p class=\"couverture-pied\">GInfo, Centrale Méditerranée<br>Texte sous licence CC BY 4.0, code sous licence MIT ou Apache-2.0</p></section>\
         <nav class=\"table\"><p class=\"table-entete\">Table des matières</p><ol>{rows}<li><a href=\"#reponses\"><span class=\"table-titre\">Réponses</span><span class=\"table-page\">{}</span></a></li></ol></nav>\
         <main>{main}<h1 id=\"reponses\" class=\"reponses\">Réponses</h1>{answers}</main></body></html>",
        head.replace("</head>", &format!("<style>{STYLE}</style></head>")),
        pages::book_title(page),
        numbers.get("reponses").map_or(String::new(), |number| number.to_string())
    ))
}

/// Fait imprimer `sheet` par Chromium.
fn print(chromium: &Path, sheet: &Path, pdf: &Path, scratch: &Path) -> Result<()> {
    let address = format!("file://{}", sheet.display().to_string().replace('\\', "/"));
    let mut command = Command::new(chromium);
    command
        .args([
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ])
        // Chromium refuse de s'enfermer pour l'administrateur.
        .args(lab::is_root().then_some("--no-sandbox"))
        .arg(format!("--user-data-dir={}", scratch.join("profil").display()))
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(address);
    let (code, tail) = process::run_to_end(command, |_| {})?;
    if code != 0 || !pdf.is_file() {
        bail!("Chromium n'a pas imprimé le livre (code {code}).\n{tail}");
    }
    Ok(())
}

/// La page où mène chaque ancre du PDF.
fn destinations(pdf: &Path) -> Result<BTreeMap<String, usize>> {
    let document = Document::load(pdf).context("le PDF de Chromium ne se lit pas")?;
    let pages: BTreeMap<ObjectId, usize> = document
        .get_pages()
        .into_iter()
        .map(|(number, id)| (id, number as usize))
        .collect();
    let mut found = BTreeMap::new();
    let catalog = document.catalog()?;
    if let Ok(dests) =
        catalog.get(b"Dests").and_then(|object| dictionary(&document, object))
    {
        for (name, target) in dests {
            add(&document, &pages, name, target, &mut found);
        }
    }
    if let Ok(names) =
        catalog.get(b"Names").and_then(|object| dictionary(&document, object))
        && let Ok(tree) =
            names.get(b"Dests").and_then(|object| dictionary(&document, object))
    {
        walk(&document, &pages, tree, &mut found);
    }
    Ok(found)
}

/// Un arbre de noms du PDF : des feuilles, ou d'autres arbres.
fn walk(
    document: &Document,
    pages: &BTreeMap<ObjectId, usize>,
    tree: &Dictionary,
    found: &mut BTreeMap<String, usize>,
) {
    if let Ok(names) = tree.get(b"Names").and_then(Object::as_array) {
        for pair in names.chunks_exact(2) {
            if let Ok(name) = pair[0].as_str() {
                add(document, pages, name, &pair[1], found);
            }
        }
    }
    for kid in tree.get(b"Kids").and_then(Object::as_array).into_iter().flatten() {
        if let Ok(kid) = dictionary(document, kid) {
            walk(document, pages, kid, found);
        }
    }
}

fn add(
    document: &Document,
    pages: &BTreeMap<ObjectId, usize>,
    name: &[u8],
    target: &Object,
    found: &mut BTreeMap<String, usize>,
) {
    let target = document.dereference(target).map_or(target, |(_, object)| object);
    let place = target
        .as_array()
        .or_else(|_| target.as_dict().and_then(|d| d.get(b"D")).and_then(Object::as_array));
    let page = place
        .ok()
        .and_then(|place| place.first())
        .and_then(|page| page.as_reference().ok());
    if let Some(number) = page.and_then(|page| pages.get(&page)) {
        found.insert(unescape(name), *number);
    }
}

/// Le nom d'une ancre : Chromium l'écrit en UTF-8, ou comme dans une adresse (`%C3%A9`).
fn unescape(name: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut rest = name;
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn dictionary<'a>(
    document: &'a Document,
    object: &'a Object,
) -> lopdf::Result<&'a Dictionary> {
    document.dereference(object).and_then(|(_, object)| object.as_dict())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn les_reponses_vont_a_la_fin_et_la_table_a_ses_numeros() {
        let page = "<html><head><script>x()</script></head><body><main id=\"contenu\" tabindex=\"-1\">\
            <h1 id=\"un\"><a class=\"header\" href=\"#un\">Un</a></h1><p>q</p>\
            <details>\n<summary>Réponse</summary>\n<p>42</p></details>\
            <details class=\"solution\"><summary>Une solution</summary><p>43</p></details>\
            <p>suite</p></main></body></html>";
        let chapters = vec![("un".to_string(), "Un".to_string())];
        let html =
            arrange(page, &chapters, &BTreeMap::from([("un".to_string(), 3)])).unwrap();
        assert!(html.contains("<span class=\"table-page\">3</span>"), "{html}");
        for answer in ["<p>42</p>", "<p>43</p>"] {
            assert!(html.find("suite") < html.find(answer), "la réponse suit le texte");
        }
        assert!(
            html.contains("href=\"#reponse-1\"") && !html.contains("<script"),
            "{html}"
        );
    }

    #[test]
    fn une_ancre_accentuee_se_lit() {
        assert_eq!(unescape(b"la-r%C3%A9ponse"), "la-réponse");
        assert_eq!(unescape("été".as_bytes()), "été");
        assert_eq!(unescape(b"100%"), "100%");
    }
}
