//! Le thème du livre : celui de mdBook, traduit et allégé au moment de construire.
//!
//! Rien n'en est recopié dans le projet. Chaque retouche cherche un passage exact du thème
//! d'origine : si une nouvelle version de mdBook l'a changé, la construction s'arrête et le dit,
//! plutôt que de laisser revenir l'anglais.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use mdbook_driver::config::HtmlConfig;
use mdbook_html::theme::Theme;

use crate::files;
use crate::paths::Paths;

/// Là où l'atelier pose, page par page, ce que mdBook ne sait pas écrire.
pub const SIDEBAR: &str = "<!--atelier:sommaire-->";
/// Les liens vers les pages voisines, nommées.
pub const NEIGHBOURS: &str = "<!--atelier:voisines-->";

/// Une retouche : dans un fichier du thème, un passage et ce qui le remplace.
enum Edit {
    /// Remplace chaque occurrence ; leur nombre est connu.
    Replace(&'static str, usize, &'static str),
    /// Remplace du premier passage (compris) au second (non compris).
    Cut(&'static str, &'static str, &'static str),
}
use Edit::{Cut, Replace};

const INDEX: &[Edit] = &[
    // L'en-tête : une feuille de style et un script, rien qui retarde l'affichage.
    Cut(
        "        {{#if favicon_png}}",
        "        <!-- Provide site root",
        "        <link rel=\"stylesheet\" href=\"{{ path_to_root }}livre.css\">\n\
         \x20       <script defer src=\"{{ path_to_root }}livre.js\"></script>\n\n",
    ),
    Cut(
        "        {{#if search_js}}\n            window.path",
        "        </script>\n        <!-- Start",
        "",
    ),
    Cut("        <!-- Start loading toc.js asap -->", "    </head>", ""),
    Replace(
        "<meta name=\"theme-color\" content=\"#ffffff\">",
        1,
        // Un fichier voisin n'est pas toujours `'self'`, d'où `file:`.
        "<meta name=\"theme-color\" content=\"#ffffff\">\n        <meta name=\"color-scheme\" content=\"light dark\">\n\
         \x20       <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         script-src 'self' file: 'unsafe-inline'; style-src 'self' file: 'unsafe-inline'; \
         img-src 'self' file: data:; font-src 'self' file: data:; base-uri 'none'; form-action 'none'\">",
    ),
    // L'aide du clavier.
    Cut(
        "    <div id=\"mdbook-help-container\">",
        "    <div id=\"mdbook-body-container\">",
        "    <a class=\"evitement\" href=\"#contenu\">Aller au contenu</a>\n\
         \x20   <div id=\"mdbook-help-container\">\n\
         \x20       <div id=\"mdbook-help-popup\" role=\"dialog\" aria-modal=\"true\" aria-labelledby=\"aide-titre\" tabindex=\"-1\">\n\
         \x20           <h2 class=\"mdbook-help-title\" id=\"aide-titre\">Raccourcis clavier</h2>\n\
         \x20           <div>\n\
         \x20               <p><kbd>←</kbd> et <kbd>→</kbd> : chapitre précédent, chapitre suivant</p>\n\
         \x20               <p><kbd>S</kbd> ou <kbd>/</kbd> : chercher dans le livre</p>\n\
         \x20               <p><kbd>?</kbd> : cette aide</p>\n\
         \x20               <p><kbd>Échap</kbd> : fermer</p>\n\
         \x20           </div>\n\
         \x20       </div>\n\
         \x20   </div>\n",
    ),
    // Le sommaire, présent dans la page même : il se lit aussi sans JavaScript.
    Replace("aria-label=\"Table of contents\"", 1, "aria-label=\"Sommaire\""),
    Cut(
        "            <!-- populated by js -->",
        "            <div id=\"mdbook-sidebar-resize-handle\"",
        "            <div class=\"sidebar-scrollbox\"><!--atelier:sommaire--></div>\n",
    ),
    // Le menu.
    Replace(
        "<div id=\"mdbook-menu-bar\" class=\"menu-bar sticky\">",
        1,
        "<header id=\"mdbook-menu-bar\" class=\"menu-bar sticky\">",
    ),
    Replace(
        "<label id=\"mdbook-sidebar-toggle\" class=\"icon-button\" for=\"mdbook-sidebar-toggle-anchor\" title=\"Toggle Table of Contents\" aria-label=\"Toggle Table of Contents\" aria-controls=\"mdbook-sidebar\">\n                            {{fa \"solid\" \"bars\"}}\n                        </label>",
        1,
        "<button id=\"mdbook-sidebar-toggle\" class=\"icon-button\" type=\"button\" title=\"Sommaire\" aria-label=\"Sommaire\" aria-expanded=\"true\" aria-controls=\"mdbook-sidebar\">\n                            {{fa \"solid\" \"bars\"}}\n                        </button>",
    ),
    Replace(
        "title=\"Change theme\" aria-label=\"Change theme\"",
        1,
        "title=\"Couleurs\" aria-label=\"Couleurs\"",
    ),
    Replace("aria-label=\"Themes\"", 1, "aria-label=\"Couleurs\""),
    Replace("<button role=\"menuitem\"", 6, "<button type=\"button\" role=\"menuitem\""),
    Replace(">Auto</button>", 1, ">Comme le système</button>"),
    Replace(">Light</button>", 1, ">Clair</button>"),
    Replace(">Rust</button>", 1, ">Rouille</button>"),
    Replace(">Coal</button>", 1, ">Charbon</button>"),
    Replace(">Navy</button>", 1, ">Marine</button>"),
    Replace(">Ayu</button>", 1, ">Nuit</button>"),
    Cut(
        "                        {{#if search_enabled}}\n                        <button id=\"mdbook-search-toggle\"",
        "                    </div>\n\n                    <h1 class=\"menu-title\">",
        "                        <button id=\"recherche-ouvrir\" class=\"icon-button\" type=\"button\" title=\"Chercher (S)\" aria-label=\"Chercher dans le livre\" aria-haspopup=\"dialog\" aria-keyshortcuts=\"/ s\">\n\
         \x20                           {{fa \"solid\" \"magnifying-glass\"}}\n\
         \x20                       </button>\n",
    ),
    Replace(
        "<h1 class=\"menu-title\">{{ book_title }}</h1>",
        1,
        "<div class=\"menu-title\">{{ book_title }}</div>",
    ),
    Replace(
        "title=\"Print this book\" aria-label=\"Print this book\"",
        1,
        "title=\"Imprimer le livre\" aria-label=\"Imprimer le livre\"",
    ),
    Cut(
        "                        {{#if git_repository_url}}",
        "                    </div>\n                </div>\n\n                {{#if search_enabled}}",
        "",
    ),
    Cut(
        "                </div>\n\n                {{#if search_enabled}}",
        "                <!-- Apply ARIA",
        "                </header>\n\n\
         \x20               <dialog id=\"recherche\" aria-label=\"Chercher dans le livre\">\n\
         \x20                   <search class=\"recherche-barre\">\n\
         \x20                       <input type=\"search\" id=\"recherche-texte\" placeholder=\"Chercher dans le livre…\" aria-label=\"Chercher dans le livre\" aria-controls=\"recherche-resultats\" autocomplete=\"off\" spellcheck=\"false\">\n\
         \x20                       <button type=\"button\" id=\"recherche-fermer\">Fermer</button>\n\
         \x20                   </search>\n\
         \x20                   <p id=\"recherche-etat\" role=\"status\"></p>\n\
         \x20                   <ol id=\"recherche-resultats\"></ol>\n\
         \x20               </dialog>\n\n",
    ),
    // Le contenu, puis les pages voisines, nommées.
    Replace("<main>", 1, "<main id=\"contenu\" tabindex=\"-1\">"),
    Cut(
        "                    <nav class=\"nav-wrapper\"",
        "                </div>\n            </div>\n\n            <nav class=\"nav-wide-wrapper\"",
        "                    <!--atelier:voisines-->\n",
    ),
    Cut(
        "            <nav class=\"nav-wide-wrapper\"",
        "        </div>\n\n        <template id=fa-eye>",
        "",
    ),
    // Les scripts sont dans l'en-tête, les icônes de mdBook ne servent plus.
    Cut("        <template id=fa-eye>", "        {{#if fragment_map}}", ""),
];

const SCRIPT: &[Edit] = &[
    // Le terrain de jeu, la coloration et le presse-papiers de mdBook : remplacés par livre.js.
    Cut("/* global default_theme", "// Fix back button cache problem", ""),
    Cut(
        "// Global variable, shared between modules",
        "/**\n * Helper for global keypress",
        "",
    ),
    Cut("(function codeSnippets() {", "(function themes() {", ""),
    Cut("    const stylesheets = {", "    function showThemes() {", ""),
    Cut(
        "        let ace_theme;",
        "        setTimeout(function() {\n            themeColorMetaTag",
        "",
    ),
    Cut("        if (window.ace && window.editors) {", "        if (store) {", ""),
    Cut("(function clipboard() {", "(function scrollToTop() {", ""),
    // Le sommaire s'ouvre par un vrai bouton, et la page précédente est un lien nommé.
    Replace(
        "    // Toggle sidebar\n",
        1,
        "    sidebarToggleButton.addEventListener('click', () => {\n        sidebarCheckbox.checked = !sidebarCheckbox.checked;\n        sidebarCheckbox.dispatchEvent(new Event('change'));\n    });\n\n",
    ),
    Replace("'.nav-chapters.next'", 1, "'.voisines a[rel=\"next\"]'"),
    Replace("'.nav-chapters.previous'", 1, "'.voisines a[rel=\"prev\"]'"),
    // L'aide reçoit le focus, et le rend.
    Replace(
        "            container.style.display = 'flex';\n",
        1,
        "            container.style.display = 'flex';\n            const before = document.activeElement;\n            overlay.focus();\n            container.addEventListener('fermee', () => before?.focus(), { once: true });\n",
    ),
    Replace(
        "            document.getElementById('mdbook-help-container').style.display = 'none';\n",
        1,
        "            document.getElementById('mdbook-help-container').style.display = 'none';\n            document.getElementById('mdbook-help-container').dispatchEvent(new Event('fermee'));\n",
    ),
    Replace(
        "behavior: 'smooth'",
        1,
        "behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'",
    ),
];

/// L'icône de l'onglet : trois neurones, plus légers que l'image de mdBook.
const FAVICON: &str = include_str!("../../theme/favicon.svg");

/// Écrit dans `folder` le thème retouché, prêt pour mdBook.
///
/// # Erreurs
/// Un passage que la version de mdBook n'a plus : la retouche est citée.
pub fn write(paths: &Paths, config: &HtmlConfig, folder: &Path) -> Result<()> {
    let mut wanted = config.clone();
    wanted.theme = Some(folder.to_path_buf());
    Theme::copy_theme(&wanted, folder)
        .map_err(|error| anyhow!("le thème de mdBook ne s'écrit pas : {error:#}"))?;
    for (file, edits) in [("index.hbs", INDEX), ("book.js", SCRIPT)] {
        let path = folder.join(file);
        let text = files::read_text(&path)
            .with_context(|| format!("« {file} » n'est plus dans le thème de mdBook"))?;
        std::fs::write(&path, retouch(file, &text, edits)?)?;
    }
    for unused in ["highlight.js", "highlight.css", "fonts"] {
        let path = folder.join(unused);
        if path.is_dir() {
            std::fs::remove_dir_all(path)?;
        } else {
            std::fs::write(path, "")?;
        }
    }
    std::fs::write(folder.join("favicon.svg"), files::plain(FAVICON))?;
    let fonts = paths.book().join("theme/fonts");
    std::fs::create_dir_all(folder.join("fonts"))?;
    for entry in std::fs::read_dir(&fonts)
        .with_context(|| format!("« {} » ne se lit pas", paths.display(&fonts)))?
        .flatten()
    {
        files::copy(&entry.path(), &folder.join("fonts").join(entry.file_name()))?;
    }
    Ok(())
}

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
    for file in own_files(paths, "css")? {
        css += &read(&file)?;
    }
    let mut js = read(&html.join("book.js"))?;
    for file in own_files(paths, "js")? {
        js += &read(&file)?;
    }
    let css = minifier::css::minify(&css)
        .map_err(|error| anyhow!("les feuilles de style ne se lisent pas : {error}"))?;
    std::fs::write(html.join("livre.css"), css.to_string())?;
    std::fs::write(html.join("livre.js"), minifier::js::minify(&js).to_string())?;
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

/// Les feuilles de style ou les scripts du projet, dans l'ordre de leurs noms.
fn own_files(paths: &Paths, extension: &str) -> Result<Vec<std::path::PathBuf>> {
    let folder = paths.book().join("theme");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| format!("« {} » ne se lit pas", paths.display(&folder)))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    Ok(files)
}

fn retouch(file: &str, text: &str, edits: &[Edit]) -> Result<String> {
    let mut text = text.to_string();
    for edit in edits {
        match edit {
            Replace(from, count, to) => {
                let found = text.matches(from).count();
                if found != *count {
                    bail!(
                        "mdBook a changé : dans « {file} », ce passage devait se trouver {count} \
                         fois et s'y trouve {found} fois. Adaptez book/atelier/src/theme.rs : {from}"
                    );
                }
                text = text.replace(from, to);
            }
            Cut(from, until, to) => {
                let ends = text.find(from).and_then(|start| {
                    let length = text[start..].find(until)?;
                    Some((start, start + length))
                });
                let Some((start, end)) = ends else {
                    bail!(
                        "mdBook a changé : dans « {file} », le passage qui va de « {} » à « {} » \
                         n'existe plus. Adaptez book/atelier/src/theme.rs.",
                        from.trim(),
                        until.trim()
                    );
                };
                text.replace_range(start..end, to);
            }
        }
    }
    Ok(text)
}
