//! Le thème du livre : `book/theme`, que mdBook prend à la place du sien, fichier par fichier.

use std::path::Path;

use anyhow::{Context, Result, anyhow};

use crate::files;
use crate::paths::Paths;

/// Là où l'atelier pose, page par page, ce que mdBook ne sait pas écrire.
pub const SIDEBAR: &str = "<!--atelier:sommaire-->";
/// Les liens vers les pages voisines, nommées.
pub const NEIGHBOURS: &str = "<!--atelier:voisines-->";

/// Réunit en un fichier chacune les feuilles de style et les scripts, et efface le reste.
pub fn gather(paths: &Paths, html: &Path) -> Result<()> {
    let read = |path: &Path| {
        files::read_text(path)
            .with_context(|| format!("« {} » ne se lit pas", path.display()))
    };
    let mut css = String::new();
    for file in ["css/variables.css", "css/general.css", "css/chrome.css"] {
        css += &read(&html.join(file))?;
    }
    let fonts = read(&html.join("fonts/fonts.css"))?;
    css += &fonts.replace("url(\"", "url(\"fonts/");
    css += &format!("@media print {{\n{}}}\n", read(&html.join("css/print.css"))?);
    for file in own_files(&paths.book().join("theme"), "css")? {
        css += &read(&file)?;
    }
    let mut js = String::new();
    for file in own_files(&paths.book().join("theme"), "js")? {
        js += &read(&file)?;
    }
    let css = minifier::css::minify(&css)
        .map_err(|error| anyhow!("les feuilles de style ne se lisent pas : {error}"))?;
    std::fs::write(html.join("livre.css"), css.to_string())?;
    std::fs::write(html.join("livre.js"), minifier::js::minify(&js).to_string())?;
    // mdBook a copié ces fichiers tels quels ; un clone de Windows finit autrement ses lignes.
    let fonts = std::fs::read_dir(html.join("fonts"))?.flatten().map(|entry| entry.path());
    for file in fonts.chain([html.join("favicon.svg")]) {
        files::copy(&file, &file)?;
    }
    for unused in [
        "book.js",
        "toc.js",
        "toc.html",
        "highlight.js",
        "highlight.css",
        "clipboard.min.js",
        "tomorrow-night.css",
        "ayu-highlight.css",
        "favicon.png",
        "css",
        "fonts/fonts.css",
        "theme",
    ] {
        let path = html.join(unused);
        if path.is_dir() {
            std::fs::remove_dir_all(path)?;
        } else if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Les feuilles de style ou les scripts d'un dossier, dans l'ordre de leurs noms.
pub fn own_files(folder: &Path, extension: &str) -> Result<Vec<std::path::PathBuf>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("« {} » ne se lit pas", folder.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    Ok(files)
}
