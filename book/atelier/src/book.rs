//! « livre » : les chapitres, avec leurs formules et les sorties de leurs notebooks, en HTML.
//!
//! Tout ce qui est faux arrête la construction avec le fichier, la ligne et la commande qui
//! répare. Le livre en place n'est remplacé que par un livre complet et vérifié.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;
use mdbook_driver::config::Config;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::chapter::{BlockKind, Chapter, is_chapter, markdown_options};
use crate::figure::Figures;
use crate::files;
use crate::links::{self, Link};
use crate::math;
use crate::notebook;
use crate::outputs;
use crate::paths::Paths;
use crate::progress::Progress;
use crate::references;

/// La plus longue ligne de code qui se lit sans défiler.
const LINE_LIMIT: usize = 92;

/// Construit le livre dans `book/html` et rend le chemin de sa première page.
pub fn build(paths: &Paths) -> Result<PathBuf> {
    let progress = Progress::start("Livre");
    let fresh = files::scratch(paths)?;
    let html = fresh.path().join("html");
    let mut config = Config::from_disk(paths.book().join("book.toml"))
        .context("« book/book.toml » ne se lit pas")?;
    config.build.build_dir = html.clone();
    let mut book = MDBook::load_with_config(paths.book(), config)
        .map_err(|error| anyhow!("le livre ne se charge pas : {error:#}"))?;

    let mut links = Vec::new();
    let mut problems = Vec::new();
    book.book.for_each_mut(|item| {
        let BookItem::Chapter(page) = item else { return };
        let Some(relative) = page.source_path.clone() else { return };
        let path = paths.chapters().join(&relative);
        match prepare(paths, &path, &relative, &page.content) {
            Ok((content, found)) => {
                page.content = content;
                links.extend(found);
            }
            Err(error) => problems.push(format!("{error:#}")),
        }
    });
    if problems.is_empty() {
        book.build().map_err(|error| {
            anyhow!("mdBook n'a pas pu construire le livre : {error:#}")
        })?;
        problems.extend(links::check(&html, &paths.chapters(), &links)?);
    }
    if !problems.is_empty() {
        bail!("le livre n'est pas construit :\n  - {}", problems.join("\n  - "));
    }
    files::replace_folder(&html, &paths.html())?;
    progress.done(&paths.display(&paths.html().join("index.html")));
    Ok(paths.html().join("index.html"))
}

/// Une page prête pour mdBook : formules en MathML, inclusions et sorties en place ; et ses liens.
fn prepare(
    paths: &Paths,
    path: &Path,
    relative: &Path,
    text: &str,
) -> Result<(String, Vec<Link>)> {
    let chapter = if is_chapter(path) {
        Chapter::parse(path, text.to_string())?
    } else {
        Chapter {
            name: String::new(),
            path: path.into(),
            text: text.to_string(),
            blocks: vec![],
        }
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut links = Vec::new();
    let mut problems = Vec::new();
    let mut in_code = false;
    for (event, range) in Parser::new_ext(text, markdown_options()).into_offset_iter() {
        let mut formula = |tex: &str, display: bool| match math::to_mathml(tex, display) {
            Ok(mathml) => edits.push((range.clone(), mathml)),
            Err(error) => {
                problems.push(format!("{} : {error}", chapter.place(range.start)))
            }
        };
        match event {
            Event::InlineMath(tex) => formula(&tex, false),
            Event::DisplayMath(tex) => formula(&tex, true),
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(prose) if !in_code && prose.contains('$') => {
                let at = range.start + prose.find('$').unwrap_or(0);
                if !text[..at].ends_with('\\') {
                    problems.push(format!(
                        "{} : un « $ » n'ouvre ou ne ferme aucune formule. Vérifiez les accolades \
                         et les espaces de la formule ; un vrai dollar s'écrit « \\$ ».",
                        chapter.place(at)
                    ));
                }
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(Link {
                    page: relative.to_path_buf(),
                    target: dest_url.to_string(),
                    place: chapter.place(range.start),
                });
                if let Some(link) = references::filled(&text[range.clone()]) {
                    edits.push((range, link));
                }
            }
            _ => {}
        }
    }
    if !chapter.blocks.is_empty() {
        match outputs_of(paths, &chapter) {
            Ok(found) => edits.extend(found),
            Err(error) => problems.push(format!("{error:#}")),
        }
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n  - "));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = text.to_string();
    for (range, replacement) in edits.into_iter().rev() {
        out.replace_range(range, &replacement);
    }
    Ok((out, links))
}

/// Pour chaque cellule, son code et ce que le notebook exécuté en a obtenu.
fn outputs_of(paths: &Paths, chapter: &Chapter) -> Result<Vec<(Range<usize>, String)>> {
    let number = chapter.name.split('_').next().unwrap_or_default();
    let mend = format!("Lancez « cargo atelier notebooks {number} ».");
    let file = paths.notebooks().join(format!("{}.ipynb", chapter.name));
    if !file.is_file() {
        bail!("{} : son notebook n'existe pas encore. {mend}", chapter.label());
    }
    let executed = notebook::read(&file)?;
    if !notebook::is_untouched(&executed) {
        bail!(
            "{} : le notebook a été changé à la main, ses sorties ne viennent plus de ses cellules. {mend}",
            paths.display(&file)
        );
    }
    let cells: Vec<&Value> = notebook::code_cells(&executed).collect();
    let mut edits = Vec::new();
    let mut figures = Figures::of(number);
    let mut rank = 0;
    for block in &chapter.blocks {
        let BlockKind::Code(code) = &block.kind else { continue };
        let cell = cells.get(rank).filter(|cell| {
            notebook::source(cell) == code.source && cell["id"] == block.id.as_str()
        });
        let Some(cell) = cell else {
            bail!(
                "{}:{} : la cellule « {} » n'est plus celle du notebook. {mend}",
                chapter.label(),
                block.line,
                block.id
            );
        };
        rank += 1;
        if let Some(line) =
            code.source.lines().find(|line| line.chars().count() > LINE_LIMIT)
        {
            bail!(
                "{}:{} : cette ligne dépasse les {LINE_LIMIT} signes que la page peut montrer. \
                 Coupez-la : {}",
                chapter.label(),
                block.line,
                line.trim()
            );
        }
        let shown = outputs::to_html(cell, rank, code.must_fail, &mut figures)
            .with_context(|| format!("{}:{}", chapter.label(), block.line))?;
        edits.push((
            block.range.clone(),
            format!("```rust\n{}\n```\n{shown}\n", code.source),
        ));
    }
    if cells.len() > rank {
        bail!(
            "{} : le notebook a {} cellules de code, et le chapitre {rank}. {mend}",
            chapter.label(),
            cells.len()
        );
    }
    Ok(edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CHAPTER: &str =
        "# Essai\n\nVoir [ici](#essai), $\\sigma(z)$.\n\n```rust\n1 + 1\n```\n";

    /// Un projet minuscule : un chapitre, et son notebook exécuté puis scellé.
    fn project(chapter: &str) -> (tempfile::TempDir, Paths) {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths { root: dir.path().to_path_buf() };
        for folder in [paths.chapters(), paths.notebooks(), paths.state()] {
            std::fs::create_dir_all(folder).unwrap();
        }
        let toml = "[book]\ntitle = \"t\"\n[build]\nuse-default-preprocessors = false\n\
                    [output.html.playground]\nrunnable = false\n[output.html.search]\nenable = false\n";
        std::fs::write(paths.book().join("book.toml"), toml).unwrap();
        std::fs::write(paths.chapters().join("SUMMARY.md"), "- [Essai](03_essai.md)\n")
            .unwrap();
        let executed =
            Chapter::parse(Path::new("03_essai.md"), CHAPTER.to_string()).unwrap();
        let mut notebook = notebook::render(&executed);
        notebook["cells"][1]["outputs"] = json!([{
            "output_type": "execute_result", "execution_count": 1, "metadata": {},
            "data": {"text/plain": ["2"]}}]);
        notebook::seal(&mut notebook);
        notebook::write(&paths.notebooks().join("03_essai.ipynb"), &notebook).unwrap();
        std::fs::write(paths.chapters().join("03_essai.md"), chapter).unwrap();
        (dir, paths)
    }

    fn refusal(chapter: &str) -> String {
        let (_dir, paths) = project(chapter);
        let error = format!("{:#}", build(&paths).unwrap_err());
        assert!(!paths.html().exists(), "rien n'est mis en place");
        error
    }

    #[test]
    fn la_page_montre_le_code_sa_sortie_et_la_formule() {
        let (_dir, paths) = project(CHAPTER);
        let page = build(&paths).unwrap().with_file_name("03_essai.html");
        let html = std::fs::read_to_string(page).unwrap();
        assert!(html.contains("1 + 1") && html.contains("Sortie de la cellule 1"));
        assert!(html.contains("tabindex=\"0\">2</pre>") && html.contains("<math"));
        assert!(!html.contains("$\\sigma"));
    }

    #[test]
    fn une_cellule_perimee_dit_sa_ligne_et_la_commande_qui_repare() {
        let error = refusal(&CHAPTER.replace("1 + 1", "1 + 2"));
        assert!(error.contains("book/src/03_essai.md:5"), "{error}");
        assert!(error.contains("cargo atelier notebooks 03"), "{error}");
        let error = refusal(&CHAPTER.replace("```rust\n1 + 1\n```\n", ""));
        assert!(error.contains("cargo atelier notebooks 03"), "{error}");
    }

    #[test]
    fn une_sortie_changee_a_la_main_est_refusee() {
        let (_dir, paths) = project(CHAPTER);
        let file = paths.notebooks().join("03_essai.ipynb");
        let mut notebook = notebook::read(&file).unwrap();
        notebook["cells"][1]["outputs"][0]["data"]["text/plain"] = "3".into();
        notebook::write(&file, &notebook).unwrap();
        let error = format!("{:#}", build(&paths).unwrap_err());
        assert!(error.contains("notebooks/03_essai.ipynb"), "{error}");
        assert!(error.contains("changé à la main"), "{error}");
    }

    #[test]
    fn une_formule_cassee_une_ancre_absente_un_lien_mort_disent_leur_ligne() {
        for broken in ["\\frac{1}{", "\\frac{1}", "\\inconnu", " z "] {
            let error = refusal(&CHAPTER.replace("\\sigma(z)", broken));
            assert!(error.contains("book/src/03_essai.md:3"), "{error}");
        }
        let error = refusal(&CHAPTER.replace("1 + 1", "{{#include ../../src/rien.rs:x}}"));
        assert!(
            error.contains("book/src/03_essai.md:5") && error.contains("rien.rs"),
            "{error}"
        );
        for dead in ["#nulle-part", "99_absent.md", "image.png"] {
            let error = refusal(&CHAPTER.replace("#essai", dead));
            assert!(
                error.contains("book/src/03_essai.md:3") && error.contains(dead),
                "{error}"
            );
        }
    }
}
