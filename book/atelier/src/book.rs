//! « livre » : les chapitres, avec leurs formules et les sorties de leurs notebooks, en HTML.
//!
//! Tout ce qui est faux arrête la construction avec le fichier, la ligne et la commande qui
//! répare. Le livre en place n'est remplacé que par un livre complet et vérifié.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem};
use mdbook_driver::config::Config;
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::Renderer;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use serde_json::Value;

use crate::chapter::{self, Block, Chapter, Code, markdown_options};
use crate::demos;
use crate::figure::Figure;
use crate::files;
use crate::glossary::{self, Additions, Page};
use crate::include;
use crate::links::{self, Link};
use crate::listing::{self, Listing, Note};
use crate::math;
use crate::notebook;
use crate::outputs;
use crate::pages;
use crate::paths::Paths;
use crate::pieces::Pieces;
use crate::progress::Progress;
use crate::quiz;
use crate::references::{self, References};
use crate::search;
use crate::symbols;
use crate::theme;

/// Construit le livre dans `book/html` et rend le chemin de sa première page.
pub fn build(paths: &Paths) -> Result<PathBuf> {
    let progress = Progress::start("Livre");
    let fresh = files::scratch(paths)?;
    let mut config = config(paths, fresh.path())?;
    // Ce que mdBook demanderait à une commande se fait ici même.
    config
        .set("preprocessor.atelier.renderers", [""; 0])
        .map_err(|error| anyhow!("{error:#}"))?;
    let mut book = MDBook::load_with_config(paths.book(), config)
        .map_err(|error| anyhow!("le livre ne se charge pas : {error:#}"))?;
    let prepared = prepare(paths, &mut book.book)?;
    let renderer = HtmlHandlebars::new();
    book.execute_build_process(&renderer)
        .map_err(|error| anyhow!("mdBook n'a pas pu construire le livre : {error:#}"))?;
    let html = book.build_dir_for(renderer.name());
    finish(paths, &html, &book.book.items, &prepared)?;
    files::replace_folder(&html, &paths.html())?;
    progress.done(&paths.display(&paths.html().join("index.html")));
    Ok(paths.html().join("index.html"))
}

/// Ce que dit `book.toml`, pour construire dans `target`.
fn config(paths: &Paths, target: &Path) -> Result<Config> {
    let mut config = Config::from_disk(paths.book().join("book.toml"))
        .context("« book/book.toml » ne se lit pas")?;
    config.build.build_dir = target.to_path_buf();
    Ok(config)
}

/// Le préprocesseur que nomme `book.toml` : `mdbook build book` envoie le livre par l'entrée
/// standard, et l'attend, prêt, sur la sortie.
pub fn preprocess(paths: &Paths) -> Result<()> {
    let (_, mut book): (Value, Book) = serde_json::from_reader(std::io::stdin().lock())
        .context("« cargo atelier mdbook chapitres » est appelé par mdBook, qui lui donne le livre")?;
    prepare(paths, &mut book)?;
    serde_json::to_writer(std::io::stdout().lock(), &book)?;
    Ok(())
}

/// La sortie que nomme `book.toml`, après celle de mdBook : les pages sont écrites, elle les finit.
pub fn postprocess(paths: &Paths) -> Result<()> {
    let mut context: Value = serde_json::from_reader(std::io::stdin().lock()).context(
        "« cargo atelier mdbook pages » est appelé par mdBook, qui lui donne le livre",
    )?;
    let mut book: Book = serde_json::from_value(context["book"].take())?;
    let own = PathBuf::from(context["destination"].as_str().unwrap_or_default());
    let prepared = prepare(paths, &mut book)?;
    finish(paths, &own.with_file_name("html"), &book.items, &prepared)
}

/// Ce que `mdbook build book` donne, par `book.toml` seul, est-il le livre de `book/html` ?
///
/// # Erreurs
/// La première page qui diffère, ou qui n'est que d'un côté.
pub fn same_by_mdbook(paths: &Paths) -> Result<()> {
    let progress = Progress::start("`mdbook build book`");
    let fresh = files::scratch(paths)?;
    let ours = files::contents(&paths.html())
        .context("le livre n'est pas construit : lancez « cargo atelier livre »")?;
    MDBook::load_with_config(paths.book(), config(paths, fresh.path())?)
        .and_then(|book| book.build())
        .map_err(|error| anyhow!("`mdbook build book` ne marche pas : {error:#}"))?;
    let theirs = files::contents(&fresh.path().join("html"))?;
    let mut names: Vec<&PathBuf> = ours.keys().chain(theirs.keys()).collect();
    names.sort();
    if let Some(name) = names.iter().find(|name| ours.get(**name) != theirs.get(**name)) {
        bail!(
            "« {} » n'est pas le même par `mdbook build book` et par « cargo atelier livre » : \
             `preprocess` et `postprocess` doivent faire ce que fait `build`.",
            name.display()
        );
    }
    progress.done(&format!("{} fichiers, les mêmes", ours.len()));
    Ok(())
}

/// Ce que la préparation des chapitres laisse à qui finit les pages.
struct Prepared {
    pieces: Pieces,
    links: Vec<Link>,
    /// Les pages du livre, avec leur titre.
    shown: Vec<(String, Chapter)>,
}

/// Met dans chaque page ses questions, ses formules, son glossaire, son code et ses sorties.
fn prepare(paths: &Paths, book: &mut Book) -> Result<Prepared> {
    let mut problems = Vec::new();
    let mut shown = Vec::new();
    for item in book.iter() {
        let BookItem::Chapter(page) = item else { continue };
        let Some(relative) = &page.source_path else { continue };
        match Chapter::page(&paths.chapters().join(relative), files::plain(&page.content)) {
            Ok(chapter) => shown.push((page.name.clone(), chapter)),
            Err(error) => problems.push(format!("{error:#}")),
        }
    }
    refuse(&problems)?;
    let chapters = shown.iter().map(|(_, chapter)| chapter);
    let references = References::of(chapters.filter(|chapter| !chapter.name.is_empty()))?;
    let written = pages_of(paths, &shown);
    problems.extend(symbols::check(&written));
    let mut additions = glossary::additions(&written).unwrap_or_else(|found| {
        problems.extend(found);
        HashMap::new()
    });
    let (pieces, links) = (Pieces::default(), Vec::new());
    let mut builder = Builder { paths, references: &references, pieces, links };
    let mut ready = Vec::new();
    for (page, (_, chapter)) in written.iter().zip(&shown) {
        let added = additions.remove(&page.path).unwrap_or_default();
        match builder.prepare(&page.path, chapter, added) {
            Ok(content) => ready.push(content),
            Err(error) => problems.push(format!("{error:#}")),
        }
    }
    refuse(&problems)?;
    let mut ready = ready.into_iter();
    book.for_each_mut(|item| {
        if let BookItem::Chapter(page) = item
            && page.source_path.is_some()
        {
            page.content = ready.next().unwrap_or_default();
        }
    });
    let Builder { pieces, links, .. } = builder;
    Ok(Prepared { pieces, links, shown })
}

/// Complète les pages que mdBook a écrites dans `html`, et vérifie leurs liens.
fn finish(
    paths: &Paths,
    html: &Path,
    items: &[BookItem],
    prepared: &Prepared,
) -> Result<()> {
    theme::gather(paths, html)?;
    demos::write(paths, html, &prepared.shown)?;
    pages::finish(paths, html, items, &prepared.shown, &prepared.pieces)?;
    search::write(html, items)?;
    refuse(&links::check(html, &paths.chapters(), &prepared.links)?)
}

/// S'il y a des fautes, le livre n'est pas construit.
fn refuse(problems: &[String]) -> Result<()> {
    if !problems.is_empty() {
        bail!("le livre n'est pas construit :\n  - {}", problems.join("\n  - "));
    }
    Ok(())
}

/// Une page hors du livre, qui n'est pas un chapitre : son texte, prêt pour mdBook.
pub fn page(
    paths: &Paths,
    references: &References,
    text: &str,
    added: Additions,
) -> Result<String> {
    let (pieces, links) = (Pieces::default(), Vec::new());
    let mut builder = Builder { paths, references, pieces, links };
    let path = Path::new("annexe.md");
    builder.prepare(path, &Chapter::annex(path, text.to_string()), added)
}

/// Les pages telles qu'elles sont écrites, dans l'ordre du sommaire.
fn pages_of(paths: &Paths, shown: &[(String, Chapter)]) -> Vec<Page> {
    let page = |(title, chapter): &(String, Chapter)| Page {
        path: chapter.path.strip_prefix(paths.chapters()).unwrap_or(&chapter.path).into(),
        title: title.clone(),
        text: chapter.text.clone(),
    };
    shown.iter().map(page).collect()
}

/// Ce qui sert à toutes les pages, et ce qu'elles laissent.
struct Builder<'a> {
    paths: &'a Paths,
    references: &'a References,
    pieces: Pieces,
    links: Vec<Link>,
}

/// Les remplacements à faire dans le texte d'une page.
type Edits = Vec<(Range<usize>, String)>;

/// Un bloc de code qui n'est pas une cellule.
struct Fence {
    range: Range<usize>,
    language: String,
    code: String,
    /// Les fichiers du projet d'où vient le code, s'il est montré par ses ancres.
    files: Vec<String>,
}

/// Les blocs de code de la page qui ne sont pas des cellules, leurs inclusions remplacées si le livre
/// les montre.
fn fences(chapter: &Chapter) -> Result<Vec<Fence>> {
    let base = chapter.path.parent().unwrap_or(Path::new("."));
    let mut found = Vec::new();
    for block in chapitre::blocks(&chapter.text) {
        let Some((info, body)) = block.fence() else { continue };
        if !chapter.name.is_empty() && chapitre::is_cell(info) {
            continue;
        }
        let language = chapitre::language(info).to_string();
        let (mut code, mut files) = (body.to_string(), Vec::new());
        if chapitre::is_shown(info) {
            code = include::expand(body, base, &|at| chapter.place_of(&body[at..]))?;
            chapter::check_width(&code, &chapter.place(block.range.start))?;
            files = include::files(body);
        }
        found.push(Fence { range: block.range, language, code, files });
    }
    Ok(found)
}

/// Un commentaire, et rien d'autre : ni du HTML, ni le début ou la fin d'une question.
fn is_comment(html: &str) -> bool {
    if quiz::is_mark(html) {
        return false;
    }
    let inside = html.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inside.is_some_and(|inside| !inside.contains("-->"))
}

impl Builder<'_> {
    /// Une page prête pour mdBook : formules en MathML, code et sorties à leur repère.
    fn prepare(
        &mut self,
        relative: &Path,
        chapter: &Chapter,
        added: Additions,
    ) -> Result<String> {
        let Additions { mut edits, links } = added;
        self.links.extend(links);
        let mut problems = Vec::new();
        let mut keep = |found: Result<Edits>| match found {
            Ok(found) => edits.extend(found),
            Err(error) => problems.push(format!("{error:#}")),
        };
        keep(self.prose(relative, chapter));
        keep(self.code(chapter));
        if chapter.name.is_empty() {
            keep(self.included(chapter));
        }
        if !problems.is_empty() {
            bail!("{}", problems.join("\n  - "));
        }
        edits
            .sort_by_key(|(range, _)| (range.start, !range.is_empty(), Reverse(range.end)));
        // Ce qui est dans un morceau déjà remplacé l'est avec lui.
        let mut end = 0;
        edits.retain(|(range, _)| {
            let free = range.start >= end;
            end = if free { range.end } else { end };
            free
        });
        let mut out = chapter.text.clone();
        for (range, replacement) in edits.into_iter().rev() {
            out.replace_range(range, &replacement);
        }
        let out = self.resolve(chapter, &out)?;
        // Les questions viennent en dernier : ce qui précède les lit là où elles sont écrites.
        if chapter.name.is_empty() { Ok(out) } else { quiz::to_page(&chapter.name, &out) }
    }

    /// Dans la prose : l'en-tête sous le titre, les formules, les liens à vérifier, et rien de ce qui
    /// n'est écrit que pour l'atelier.
    fn prose(&mut self, relative: &Path, chapter: &Chapter) -> Result<Edits> {
        let text = chapter.text.as_str();
        let mut edits = Edits::new();
        let mut problems = Vec::new();
        let mut in_code = false;
        for (event, range) in Parser::new_ext(text, markdown_options()).into_offset_iter() {
            let place = || chapter.place(range.start);
            match event {
                Event::InlineMath(tex) => match math::to_mathml(&tex, false) {
                    Ok(mathml) => edits.push((range, mathml)),
                    Err(error) => problems.push(format!("{} : {error}", place())),
                },
                Event::DisplayMath(tex) => match self.equation(&tex) {
                    Ok(html) => edits.push((range, html)),
                    Err(error) => problems.push(format!("{} : {error}", place())),
                },
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                // Ce qu'un commentaire demande est fait : le lecteur n'a pas à le recevoir.
                Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)
                    if is_comment(&text[range.clone()]) =>
                {
                    edits.push((range.clone(), demos::to_page(&text[range])));
                }
                Event::End(TagEnd::Heading(HeadingLevel::H1))
                    if !chapter.name.is_empty() =>
                {
                    let at =
                        text[range.end..].find('\n').map_or(text.len(), |n| range.end + n);
                    let mark = self.pieces.put(pages::chapter_head(chapter));
                    edits.push((at..at, mark));
                }
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
                // Une figure d'un chapitre, montrée aussi dans cette page : `![](#figure-nom)`.
                Event::Start(Tag::Image { dest_url, .. })
                    if dest_url.starts_with("#figure-") =>
                {
                    match self.figure(chapter, &dest_url[1..]) {
                        Ok(html) => edits.push((range, self.pieces.put(html))),
                        Err(error) => problems.push(format!("{} : {error:#}", place())),
                    }
                }
                // Un renvoi, `[](#nom)` : `resolve` le vérifie.
                Event::Start(Tag::Link { .. })
                    if text[range.clone()].starts_with("[](#") => {}
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    self.links.push(Link {
                        page: relative.to_path_buf(),
                        target: dest_url.to_string(),
                        place: place(),
                    });
                }
                _ => {}
            }
        }
        if !problems.is_empty() {
            bail!("{}", problems.join("\n  - "));
        }
        Ok(edits)
    }

    /// La figure `name` d'un chapitre, pour une page qui n'en est pas un : elle y montre ce que la
    /// cellule a donné, sous le même numéro.
    fn figure(&self, page: &Chapter, name: &str) -> Result<String> {
        if !page.name.is_empty() {
            bail!(
                "la figure d'un autre chapitre se cite, « [](#{name}) » ; seule une annexe la montre"
            );
        }
        let target = self
            .references
            .get(name)
            .with_context(|| references::unnamed(&[name.into()]))?;
        let notebook = notebook::read(
            &self.paths.notebooks().join(format!("{}.ipynb", target.chapter)),
        )?;
        let cell = notebook::code_cells(&notebook).nth(target.rank - 1);
        let id = format!("copie-{}", target.id);
        let figure = Figure { id: &id, number: &target.number };
        let shown = cell.map(|cell| outputs::figure(cell, figure)).transpose()?.flatten();
        shown
            .with_context(|| format!("la cellule {} ne trace aucune figure", target.number))
    }

    /// Ce qu'une annexe inclut (un tableau écrit par un programme), prêt comme une page.
    fn included(&mut self, annex: &Chapter) -> Result<Edits> {
        let mut edits = Edits::new();
        for (range, file) in include::found(&annex.text) {
            let text = include::expand(
                &annex.text[range.clone()],
                &self.paths.chapters(),
                &|at| annex.place(range.start + at),
            )?;
            let included = Chapter::annex(&self.paths.chapters().join(&file), text);
            let text = self.prepare(&file, &included, Additions::default())?;
            edits.push((range, text));
        }
        Ok(edits)
    }

    /// Les renvois du texte, en liens vers la page et l'ancre qui portent ce numéro.
    fn resolve(&self, chapter: &Chapter, text: &str) -> Result<String> {
        self.references
            .resolve(text, |to| format!("[{}]({}.md#{})", to.text, to.chapter, to.id))
            .map_err(|names| {
                let at = chapter.text.find(&format!("[](#{})", names[0])).unwrap_or(0);
                anyhow!("{} : {}", chapter.place(at), references::unnamed(&names))
            })
    }

    /// Le HTML d'une équation hors ligne, avec son numéro si elle porte un nom.
    fn equation(&self, tex: &str) -> Result<String> {
        let (target, tex) = self.references.equation(tex);
        let mathml = math::to_mathml(&tex, true)?;
        Ok(match target {
            None => mathml,
            Some(target) => format!(
                "<span class=\"equation\" id=\"{}\">{mathml}<span class=\"equation-numero\">({})</span></span>",
                target.id, target.number
            ),
        })
    }

    /// Chaque code de la page, et ce que le notebook exécuté en a obtenu.
    fn code(&mut self, chapter: &Chapter) -> Result<Edits> {
        let fences = fences(chapter)?;
        let mut edits = Edits::new();
        let mut paired = Vec::new();
        for (block, listing, shown) in self.cells(chapter)? {
            // Un bloc Python juste avant : les deux se montrent côte à côte.
            let before = fences.iter().position(|fence| {
                fence.language == "python"
                    && fence.range.end <= block.start
                    && chapter.text[fence.range.end..block.start].trim().is_empty()
            });
            let (start, code) = match before {
                None => (block.start, listing),
                Some(rank) => {
                    paired.push(rank);
                    let python = Listing {
                        code: &fences[rank].code,
                        language: "python",
                        ..Listing::default()
                    }
                    .to_html()?;
                    let tabs = format!(
                        "<div class=\"onglets\"><div class=\"onglet\" data-titre=\"Python\">{python}</div>\
                         <div class=\"onglet\" data-titre=\"Rust\">{listing}</div></div>"
                    );
                    (fences[rank].range.start, tabs)
                }
            };
            edits.push((start..block.end, self.pieces.put(format!("{code}{shown}"))));
        }
        for (rank, fence) in fences.iter().enumerate() {
            if paired.contains(&rank) {
                continue;
            }
            let language = match fence.language.as_str() {
                "text" => "",
                other => other,
            };
            let origin = match fence.files.as_slice() {
                [] => listing::language_name(language).to_string(),
                files => {
                    let links: Vec<String> =
                        files.iter().map(|file| pages::source_link(file)).collect();
                    links.join(", ")
                }
            };
            let html =
                Listing { code: &fence.code, language, origin, ..Listing::default() }
                    .to_html()?;
            edits.push((fence.range.clone(), self.pieces.put(html)));
        }
        Ok(edits)
    }

    /// Pour chaque cellule : sa place, le HTML de son code et celui de ses sorties.
    fn cells(&self, chapter: &Chapter) -> Result<Vec<(Range<usize>, String, String)>> {
        if chapter.blocks.is_empty() {
            return Ok(Vec::new());
        }
        let (number, _) = chapter.number();
        let mend = format!("Lancez « cargo atelier notebooks {number} ».");
        let file = self.paths.notebooks().join(format!("{}.ipynb", chapter.name));
        if !file.is_file() {
            bail!("{} : son notebook n'existe pas encore. {mend}", chapter.label());
        }
        let executed = notebook::read(&file)?;
        if !notebook::is_untouched(&executed) {
            bail!(
                "{} : le notebook a été changé à la main, ses sorties ne viennent plus de ses cellules. {mend}",
                self.paths.display(&file)
            );
        }
        let cells: Vec<&Value> = notebook::code_cells(&executed).collect();
        let mut out = Vec::new();
        let mut solved: Option<String> = None;
        for (rank, (block, code)) in chapter.cells().enumerate() {
            let cell = cells.get(rank).filter(|cell| {
                notebook::source(cell) == code.source && cell["id"] == block.id.as_str()
            });
            let place = format!("{}:{}", chapter.label(), block.line);
            let Some(cell) = cell else {
                bail!(
                    "{place} : la cellule « {} » n'est plus celle du notebook. {mend}",
                    block.id
                );
            };
            let target = self
                .references
                .get(&format!("code-{number}-{}", rank + 1))
                .with_context(|| format!("{place} : cette cellule n'a pas de numéro"))?;
            let figure_id = target.id.replacen("code", "figure", 1);
            let figure = Figure { id: &figure_id, number: &target.number };
            let notes = self.notes(chapter, block, code)?;
            let origin: Vec<String> =
                code.files.iter().map(|file| pages::source_link(file)).collect();
            let listing = Listing {
                code: &code.source,
                language: "rust",
                number: Some((&target.id, &target.number)),
                origin: origin.join(", "),
                hidden: &code.hidden,
                folded: code.folded,
                notes: &notes,
            };
            let mut shown = outputs::to_html(cell, rank + 1, code.must_fail, figure)
                .with_context(|| place.clone())?;
            // La solution vient après la cellule du correcteur : ses indices d'abord.
            shown += &solved.take().unwrap_or_default();
            if let Some(solution) = &code.solution {
                let code =
                    Listing { code: solution, language: "rust", ..Listing::default() };
                solved = Some(format!(
                    "<details class=\"solution\"><summary>Une solution</summary>{}</details>",
                    code.to_html()?
                ));
            }
            out.push((block.range.clone(), listing.to_html()?, shown));
        }
        if cells.len() > out.len() {
            bail!(
                "{} : le notebook a {} cellules de code, et le chapitre {}. {mend}",
                chapter.label(),
                cells.len(),
                out.len()
            );
        }
        Ok(out)
    }

    /// Les annotations d'une cellule : un commentaire `<!-- notes … -->` juste après elle, une
    /// ligne par note, « morceau de code :: ce qu'il dit ».
    fn notes(&self, chapter: &Chapter, block: &Block, code: &Code) -> Result<Vec<Note>> {
        let after = chapter.text[block.range.end..].trim_start();
        let Some(comment) = after.strip_prefix("<!-- notes") else { return Ok(Vec::new()) };
        let comment = comment.split("-->").next().unwrap_or_default();
        let mut notes = Vec::new();
        for line in comment.lines().filter(|line| !line.trim().is_empty()) {
            let place = chapter.place_of(line);
            let Some((wanted, words)) = line.split_once("::") else {
                bail!(
                    "{place} : la note « {} » s'écrit « morceau de code :: ce qu'il dit ».",
                    line.trim()
                );
            };
            let wanted = wanted.trim();
            let found: Vec<usize> = code
                .source
                .lines()
                .enumerate()
                .filter(|(_, line)| line.contains(wanted))
                .map(|(rank, _)| rank)
                .collect();
            let [rank] = found[..] else {
                bail!(
                    "{place} : « {wanted} » doit désigner une seule ligne de la cellule, et en \
                     désigne {}.",
                    found.len()
                );
            };
            let html = self.inline(chapter, words.trim()).with_context(|| place)?;
            notes.push(Note { line: rank, html });
        }
        notes.sort_by_key(|note| note.line);
        Ok(notes)
    }

    /// Le HTML d'une ligne de Markdown, avec ses formules et ses renvois.
    fn inline(&self, chapter: &Chapter, text: &str) -> Result<String> {
        let text = self
            .references
            .resolve(text, |to| {
                let page = if to.chapter == chapter.name {
                    String::new()
                } else {
                    format!("{}.html", to.chapter)
                };
                format!("[{}]({page}#{})", to.text, to.id)
            })
            .map_err(|names| anyhow!(references::unnamed(&names)))?;
        let mut problem = None;
        let events: Vec<Event> = Parser::new_ext(&text, markdown_options())
            .map(|event| match event {
                Event::InlineMath(tex) => match math::to_mathml(&tex, false) {
                    Ok(mathml) => Event::InlineHtml(mathml.into()),
                    Err(error) => {
                        problem = Some(error);
                        Event::Text(tex)
                    }
                },
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {
                    Event::Text("".into())
                }
                other => other,
            })
            .collect();
        if let Some(error) = problem {
            return Err(error);
        }
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, events.into_iter());
        Ok(html)
    }
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
                    [output.html]\nhash-files = false\n\
                    [output.html.playground]\nrunnable = false\n[output.livre]\n";
        std::fs::write(paths.book().join("book.toml"), toml).unwrap();
        std::fs::create_dir_all(paths.book().join("theme/fonts")).unwrap();
        for (file, text) in [
            ("fonts/fonts.css", "b { top: 0 }"),
            ("index.hbs", include_str!("../../theme/index.hbs")),
            ("favicon.svg", include_str!("../../theme/favicon.svg")),
        ] {
            std::fs::write(paths.book().join("theme").join(file), text).unwrap();
        }
        std::fs::write(paths.chapters().join("SUMMARY.md"), "- [Essai](03_essai.md)\n")
            .unwrap();
        let executed =
            Chapter::parse(Path::new("03_essai.md"), CHAPTER.to_string()).unwrap();
        let references = References::of([&executed]).unwrap();
        let mut notebook = notebook::render(&executed, &references).unwrap();
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
        assert!(
            html.contains("id=\"code-03-1\"") && html.contains("Sortie de la cellule 1")
        );
        assert!(html.contains("tabindex=\"0\">2</pre>") && html.contains("<math"));
        assert!(!html.contains("$\\sigma"));
    }

    #[test]
    fn une_annexe_montre_la_figure_d_un_chapitre_sous_son_numero() {
        let (_dir, paths) = project(CHAPTER);
        let summary = "- [Accueil](accueil.md)\n- [Essai](03_essai.md)\n";
        std::fs::write(paths.chapters().join("SUMMARY.md"), summary).unwrap();
        let home = paths.chapters().join("accueil.md");
        std::fs::write(&home, "# Accueil\n\n![](#figure-03-1)\n").unwrap();
        let error = format!("{:#}", build(&paths).unwrap_err());
        assert!(
            error.contains("accueil.md:3") && error.contains("aucune figure"),
            "{error}"
        );
        let file = paths.notebooks().join("03_essai.ipynb");
        let mut notebook = notebook::read(&file).unwrap();
        notebook["cells"][1]["outputs"][0]["data"]["image/svg+xml"] = "<svg></svg>".into();
        notebook::seal(&mut notebook);
        notebook::write(&file, &notebook).unwrap();
        let page = build(&paths).unwrap().with_file_name("accueil.html");
        let html = std::fs::read_to_string(page).unwrap();
        assert!(html.contains("id=\"copie-figure-03-1\""), "{html}");
        assert!(html.contains("Figure\u{a0}3.1."), "{html}");
        std::fs::write(&home, "# Accueil\n\n![](#figure-absente)\n").unwrap();
        let chapter = CHAPTER.replace("[ici](#essai)", "![](#figure-03-1)");
        std::fs::write(paths.chapters().join("03_essai.md"), chapter).unwrap();
        let error = format!("{:#}", build(&paths).unwrap_err());
        for said in ["accueil.md:3", "figure-absente", "03_essai.md:3", "seule une annexe"]
        {
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn ce_qui_est_dans_un_bloc_de_code_se_remplace_avec_lui() {
        let (_dir, paths) = project(CHAPTER);
        std::fs::write(paths.chapters().join("a.md"), "| $x$ |\n").unwrap();
        let prepared = |text: &str| {
            page(&paths, &References::default(), text, Additions::default()).unwrap()
        };
        assert!(prepared("{{#include a.md}}").contains("<math"));
        let code = prepared("```rust\n{{#include a.md}}\n```\n\n$y$\n");
        assert!(!code.contains("{{#") && code.contains("<math"), "{code}");
    }

    #[test]
    fn chaque_chapitre_est_lu_une_fois_pour_le_livre_et_une_fois_pour_les_notebooks() {
        let (_dir, paths) = project(CHAPTER);
        let parsed = || chapter::PARSED.take();
        parsed();
        build(&paths).unwrap();
        assert_eq!(parsed(), 1);
        let chapters = chapter::read_all(&paths.chapters()).unwrap();
        let references = References::of(&chapters).unwrap();
        for chapter in chapter::select(&chapters, &[]).unwrap() {
            notebook::render(chapter, &references).unwrap();
        }
        assert_eq!(parsed(), 1);
    }

    #[test]
    fn ce_qui_est_ecrit_pour_l_atelier_ne_reste_pas_dans_la_page() {
        let notes = "```\n\n<!-- notes\n1 + 1 :: Deux.\n-->\n\n<!-- variantes : un -->\n\nFin <!-- ici -->.\n";
        let (_dir, paths) =
            project(&CHAPTER.replace("1 + 1\n```\n", &format!("1 + 1\n{notes}")));
        let page = build(&paths).unwrap().with_file_name("03_essai.html");
        let html = std::fs::read_to_string(page).unwrap();
        assert!(html.contains("Deux.") && html.contains("Fin ."), "{html}");
        for word in ["<!-- notes", "variantes", "<!-- ici"] {
            assert!(!html.contains(word), "{word}");
        }
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
            error.contains("book/src/03_essai.md:6") && error.contains("rien.rs"),
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

    #[test]
    fn dans_une_question_une_note_ou_une_inclusion_la_faute_a_sa_vraie_ligne() {
        let chapter = CHAPTER.to_string()
            + "\n<!-- notes\n1 + 1 :: Deux.\n-->\n\n\
               <!-- question unique -->\n\nPourquoi ?\n\n- [x] Oui.\n  > Car $a$.\n\
               - [ ] Non.\n  > Car [ici](#essai).\n\n<!-- fin -->\n\n$z$\n";
        let (_dir, paths) = project(&chapter);
        build(&paths).unwrap();
        for (right, wrong, line, said) in [
            ("```rust", "```rust,rapide", 5, "« rapide »"),
            ("1 + 1\n```", "1 +\n{{#include x.rs:un}}\n```", 7, "« x.rs »"),
            ("1 + 1 :: Deux.", "1 + 1 :: $\\frac{1}$.", 10, "\\frac"),
            ("1 + 1 :: Deux.", "2 + 2 :: Deux.", 10, "« 2 + 2 »"),
            ("[x] Oui", "[ ] Oui", 13, "une seule bonne réponse"),
            ("$a$", "$\\frac{1}$", 18, "\\frac"),
            ("#essai).\n\n<!--", "99_absent.md).\n\n<!--", 20, "99_absent.md"),
            ("$z$", "$\\frac{1}$", 24, "\\frac"),
        ] {
            let error = refusal(&chapter.replace(right, wrong));
            let places =
                ["\u{a0}", ":"].map(|end| format!("book/src/03_essai.md:{line}{end}"));
            let placed = places.iter().any(|place| error.contains(place));
            assert!(placed && error.contains(said), "{said} : {error}");
        }
    }

    /// Le même projet, avec un glossaire d'un terme et une liste d'un symbole.
    fn with_annexes(term: &str, symbol: &str) -> (tempfile::TempDir, Paths) {
        let (dir, paths) = project(CHAPTER);
        let letter = term.chars().next().unwrap().to_uppercase();
        let pages = [
            (
                "SUMMARY.md",
                "- [3. `Essai`](03_essai.md)\n- [G](glossaire.md)\n- [S](symboles.md)\n"
                    .to_string(),
            ),
            (
                "glossaire.md",
                format!(
                    "# Glossaire\n\n## {letter}\n\n### {term}\n\n<i lang=\"en\">here</i>. Là. \
                 Voir [3, Essai](03_essai.md#essai).\n"
                ),
            ),
            (
                "symboles.md",
                format!(
                    "# Symboles\n\n| symbole | défini |\n|---|---|\n\
                 | {symbol} | [3](03_essai.md#essai) |\n| $z$ | [3](03_essai.md#essai) |\n"
                ),
            ),
        ];
        for (name, text) in pages {
            std::fs::write(paths.chapters().join(name), text).unwrap();
        }
        (dir, paths)
    }

    #[test]
    fn un_terme_mene_au_glossaire_et_le_glossaire_a_sa_premiere_apparition() {
        let (_dir, paths) = with_annexes("voir", "$\\sigma$");
        let index = build(&paths).unwrap();
        let read = |name| std::fs::read_to_string(index.with_file_name(name)).unwrap();
        let link =
            "<a class=\"terme\" id=\"terme-voir\" href=\"glossaire.html#voir\">Voir</a>";
        assert!(read("03_essai.html").contains(link));
        let glossary = read("glossaire.html");
        assert!(glossary.contains("id=\"voir\""));
        assert!(glossary.contains("<a href=\"03_essai.html#terme-voir\">3. Essai</a>"));
    }

    #[test]
    fn un_terme_sans_emploi_ou_un_symbole_hors_de_la_liste_arrete_le_livre() {
        let (_dir, paths) = with_annexes("absent", "$\\eta$");
        let error = format!("{:#}", build(&paths).unwrap_err());
        assert!(!paths.html().exists(), "rien n'est mis en place");
        for what in [
            "book/src/glossaire.md:5",
            "« absent »",
            "book/src/03_essai.md:3",
            "« \\sigma »",
            "book/src/symboles.md:5",
            "« \\eta »",
        ] {
            assert!(error.contains(what), "{what} : {error}");
        }
    }
}
