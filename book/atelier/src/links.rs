//! Les liens : chacun doit mener à une page du livre, à une ancre qui existe ou à un fichier du livre.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};
use percent_encoding::percent_decode_str;
use regex::Regex;

static ID: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"\sid="([^"]+)""#).unwrap());
static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"\s(?:href|src)="([^"]*)""#).unwrap());

/// Un lien d'un chapitre, avec sa place.
#[derive(Debug, Clone)]
pub struct Link {
    /// La page qui le contient, relative à `book/src`.
    pub page: PathBuf,
    /// Sa cible, telle qu'elle est écrite.
    pub target: String,
    /// « fichier:ligne ».
    pub place: String,
}

/// Les liens morts, un par phrase ; la liste vide si tout va bien.
pub fn check(html: &Path, source: &Path, links: &[Link]) -> Result<Vec<String>> {
    let mut ids = Anchors::new();
    let mut problems = Vec::new();
    for link in links {
        if is_external(&link.target) {
            continue;
        }
        let (path, fragment) = link.target.split_once('#').unwrap_or((&link.target, ""));
        let target = if path.is_empty() {
            link.page.clone()
        } else {
            normalize(&link.page.parent().unwrap_or(Path::new("")).join(path))
        };
        let page = target.extension().is_some_and(|e| e == "md");
        let built = if page {
            html.join(target.with_extension("html"))
        } else {
            html.join(&target)
        };
        if !built.is_file() {
            let exists = page && source.join(&target).is_file();
            let why = if exists {
                "cette page n'est pas dans SUMMARY.md : ajoutez-l'y, ou corrigez le lien"
            } else {
                "ce fichier n'existe pas dans book/src : corrigez le lien"
            };
            problems.push(format!(
                "{} : lien mort vers « {} », {why}.",
                link.place, link.target
            ));
            continue;
        }
        if fragment.is_empty() || !page {
            continue;
        }
        if !anchors_of(&mut ids, &built)?.contains(fragment) {
            problems.push(format!(
                "{} : l'ancre « #{fragment} » n'existe pas dans {}. Reprenez-la du titre de la section.",
                link.place,
                target.display()
            ));
        }
    }
    problems.extend(check_pages(html, &mut ids)?);
    Ok(problems)
}

/// Toute adresse des pages construites, y compris celles que mdBook ajoute, mène à un fichier du livre,
/// et à une ancre qu'il contient.
fn check_pages(html: &Path, ids: &mut Anchors) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for entry in std::fs::read_dir(html)?.flatten() {
        let page = entry.path();
        if page.extension().is_none_or(|e| e != "html") {
            continue;
        }
        let text = std::fs::read_to_string(&page)?;
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for found in REFERENCE.captures_iter(&text) {
            let target = &found[1];
            let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
            let path = path.split('?').next().unwrap_or_default();
            // 404.html donne ses adresses depuis la racine du site : le serveur seul la montre.
            if is_external(target) || path.starts_with('/') {
                continue;
            }
            let file = if path.is_empty() { page.clone() } else { html.join(path) };
            let leads = file.exists()
                && (fragment.is_empty()
                    || anchors_of(ids, &file)?
                        .contains(&*percent_decode_str(fragment).decode_utf8_lossy()));
            if !leads {
                problems.push(format!("{name} : « {target} » ne mène à rien."));
            }
        }
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

/// Les ancres de chaque page déjà lue.
type Anchors = HashMap<PathBuf, HashSet<String>>;

/// Les ancres d'une page.
fn anchors_of<'a>(known: &'a mut Anchors, page: &Path) -> Result<&'a HashSet<String>> {
    if !known.contains_key(page) {
        let text = std::fs::read_to_string(page)
            .with_context(|| format!("la page « {} » ne se lit pas", page.display()))?;
        let found = ID.captures_iter(&text).map(|found| found[1].to_string()).collect();
        known.insert(page.to_path_buf(), found);
    }
    Ok(&known[page])
}

fn is_external(target: &str) -> bool {
    ["http://", "https://", "mailto:", "data:", "javascript:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
}

fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let (html, source) = (dir.path().join("html"), dir.path().join("src"));
        std::fs::create_dir_all(&html).unwrap();
        std::fs::create_dir_all(&source).unwrap();
        std::fs::write(
            html.join("a.html"),
            "<h2 id=\"un\">Un</h2> <a href=\"b.html#x\">b</a>",
        )
        .unwrap();
        std::fs::write(html.join("b.html"), "<p id=\"x\">").unwrap();
        (dir, html, source)
    }

    fn link(target: &str) -> Link {
        Link { page: "a.md".into(), target: target.into(), place: "book/src/a.md:7".into() }
    }

    #[test]
    fn les_bons_liens_passent() {
        let (_dir, html, source) = site();
        let links = ["#un", "a.md#un", "./b.md", "https://example.org/"].map(link);
        assert_eq!(check(&html, &source, &links).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn un_lien_mort_donne_le_fichier_et_la_ligne() {
        let (_dir, html, source) = site();
        for dead in ["c.md", "a.md#deux", "image.png"] {
            let problems = check(&html, &source, &[link(dead)]).unwrap();
            assert_eq!(problems.len(), 1, "{dead}");
            assert!(problems[0].starts_with("book/src/a.md:7"), "{problems:?}");
        }
    }

    #[test]
    fn une_adresse_morte_dans_une_page_construite_se_voit() {
        let (_dir, html, source) = site();
        std::fs::remove_file(html.join("b.html")).unwrap();
        let problems = check(&html, &source, &[]).unwrap();
        assert_eq!(problems, ["a.html : « b.html#x » ne mène à rien."]);
    }

    #[test]
    fn une_ancre_morte_dans_une_page_construite_se_voit() {
        let (_dir, html, source) = site();
        let problems = |page: &str| {
            std::fs::write(html.join("b.html"), page).unwrap();
            check(&html, &source, &[]).unwrap()
        };
        let own = "<p id=\"x\"><i id=\"été\"></i><a href=\"#%C3%A9t%C3%A9\">b</a></p>";
        assert_eq!(problems(own), [""; 0]);
        assert_eq!(
            problems(&own.replace("id=\"été\"", "")),
            ["b.html : « #%C3%A9t%C3%A9 » ne mène à rien."]
        );
        assert_eq!(problems("<p>"), ["a.html : « b.html#x » ne mène à rien."]);
    }
}
