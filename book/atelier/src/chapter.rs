//! Un chapitre, lu une fois : ses cellules, ses formules et ses liens, chacun avec sa ligne.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use chapitre::{Kind, exercise};
use pulldown_cmark::Options;

use crate::{files, include, quiz};

/// Le temps qu'une cellule peut prendre, en secondes, quand elle ne dit rien.
/// La première de chaque notebook, qui compile `nn_core`, en a [`FIRST_CELL_LIMIT`].
pub const CELL_LIMIT: u64 = 60;
/// Le temps de la première cellule, en secondes.
pub const FIRST_CELL_LIMIT: u64 = 900;

/// La plus longue ligne de code qui se lit sans défiler.
const LINE_LIMIT: usize = 92;

#[cfg(test)]
thread_local! {
    /// Combien de chapitres ce fil a lus.
    pub static PARSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Un chapitre numéroté de `book/src`, c'est-à-dire un futur notebook.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Le nom commun au chapitre, au notebook et au test : `03_feedforward`.
    pub name: String,
    /// Le fichier Markdown.
    pub path: PathBuf,
    /// Son texte, tel qu'il est écrit.
    pub text: String,
    /// Ses morceaux de prose et ses cellules, dans l'ordre.
    pub blocks: Vec<Block>,
}

/// Un morceau du chapitre, avec un identifiant stable.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// L'identifiant de la cellule dans le notebook.
    pub id: String,
    /// L'étendue du morceau dans le texte du chapitre.
    pub range: Range<usize>,
    /// Sa première ligne, comptée depuis 1.
    pub line: usize,
    /// Prose, ou code à exécuter.
    pub kind: BlockKind,
}

/// Ce que contient un morceau.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// Du Markdown.
    Prose(String),
    /// Une cellule de code, ses inclusions remplacées.
    Code(Code),
}

/// Une cellule de code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Code {
    /// Le code à exécuter.
    pub source: String,
    /// Elle est là pour montrer une erreur : elle doit échouer.
    pub must_fail: bool,
    /// Son temps limite, en secondes.
    pub limit: u64,
    /// Le nom par lequel la prose la désigne : `[](#code-nom)`.
    pub name: Option<String>,
    /// Du code que la page montre replié.
    pub folded: bool,
    /// Les rangs des lignes que la page cache d'abord (écrites « # … », comme dans rustdoc).
    pub hidden: Vec<usize>,
    /// Les fichiers du projet d'où vient le code.
    pub files: Vec<String>,
    /// La solution d'un exercice, que la page montre repliée ; l'apprenant reçoit le reste.
    pub solution: Option<String>,
}

impl Chapter {
    /// Met la solution à la place de ce que reçoit l'apprenant.
    pub fn solve(&mut self) {
        for block in &mut self.blocks {
            if let BlockKind::Code(code) = &mut block.kind
                && let Some(solution) = code.solution.take()
            {
                code.source = solution;
            }
        }
    }

    /// Lit le chapitre `path`.
    ///
    /// # Erreurs
    /// Fichier illisible, inclusion sans ancre, attribut de cellule inconnu : avec le fichier et la ligne.
    pub fn read(path: &Path) -> Result<Self> {
        let text = files::read_text(path)
            .with_context(|| format!("le chapitre « {} » ne se lit pas", path.display()))?;
        Self::parse(path, text)
    }

    /// Le même, depuis un texte déjà lu.
    pub fn parse(path: &Path, text: String) -> Result<Self> {
        #[cfg(test)]
        PARSED.with(|count| count.set(count.get() + 1));
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut chapter = Self { name, path: path.to_path_buf(), text, blocks: Vec::new() };
        quiz::validate(&chapter.name, &chapter.text)?;
        chapter.blocks = chapter.split()?;
        Ok(chapter)
    }

    /// Une page qui n'est pas un notebook : une annexe, l'accueil.
    pub fn annex(path: &Path, text: String) -> Self {
        Self { name: String::new(), path: path.to_path_buf(), text, blocks: Vec::new() }
    }

    /// Une page du livre, chapitre ou non.
    pub fn page(path: &Path, text: String) -> Result<Self> {
        if is_chapter(path) { Self::parse(path, text) } else { Ok(Self::annex(path, text)) }
    }

    /// « fichier:ligne » d'une position du texte.
    pub fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.label(), line_of(&self.text, offset))
    }

    /// La même place, pour un morceau du texte.
    pub fn place_of(&self, part: &str) -> String {
        self.place(offset_of(&self.text, part))
    }

    /// Le fichier, tel qu'on le lit depuis la racine du projet : `book/src/03_feedforward.md`.
    pub fn label(&self) -> String {
        label(&self.path)
    }

    /// Le numéro du chapitre tel que son nom l'écrit (« 05 »), et tel qu'on le lit (« 5 »).
    pub fn number(&self) -> (&str, &str) {
        let written = self.name.split('_').next().unwrap_or_default();
        let read = written.trim_start_matches('0');
        (written, if read.is_empty() { "0" } else { read })
    }

    /// Le nom de l'étape, commun au module et au test : `backprop`.
    pub fn step(&self) -> &str {
        self.name.split_once('_').map_or("", |(_, step)| step)
    }

    /// Le module et le test de ce chapitre, s'ils existent, depuis la racine.
    pub fn companions(&self) -> Vec<(&'static str, String)> {
        let root = self.path.parent().unwrap_or(Path::new(".")).join("../..");
        [
            ("module", format!("src/{}.rs", self.step())),
            ("module", format!("src/{}/lib.rs", self.step())),
            ("module", format!("src/data/{}/mod.rs", self.step())),
            ("test", format!("tests/chapitre_{}.rs", self.name)),
        ]
        .into_iter()
        .filter(|(_, file)| root.join(file).is_file())
        .collect()
    }

    /// Les cellules de code, dans l'ordre.
    pub fn cells(&self) -> impl Iterator<Item = (&Block, &Code)> {
        self.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Code(code) => Some((block, code)),
            BlockKind::Prose(_) => None,
        })
    }

    /// Les fichiers du projet dont le chapitre montre le code, dans ses cellules ou à côté.
    pub fn shown_files(&self) -> Vec<String> {
        let cells = self.cells().flat_map(|(_, code)| code.files.clone());
        cells.chain(include::shown_files(&self.text)).collect()
    }

    fn split(&self) -> Result<Vec<Block>> {
        let found = chapitre::blocks(&self.text);
        if let Some(at) = chapitre::misplaced(&self.text, &found) {
            bail!(
                "{} : une cellule de code ne peut pas se trouver dans une liste ou une citation, ni \
                 commencer par des espaces. Sortez-la.",
                self.place(at)
            );
        }
        let mut ids = Ids::default();
        let mut blocks: Vec<Block> = Vec::new();
        let mut limit = FIRST_CELL_LIMIT;
        let mut prose_start = 0;
        for block in found {
            match block.kind {
                Kind::Title(level, title) => {
                    if level <= 3 {
                        blocks
                            .extend(self.prose(prose_start..block.range.start, &mut ids)?);
                        prose_start = block.range.start;
                    }
                    ids.enter(title);
                }
                Kind::Fence { info, body } if chapitre::is_cell(info) => {
                    blocks.extend(self.prose(prose_start..block.range.start, &mut ids)?);
                    prose_start = block.range.end;
                    let code = Code { limit, ..Code::default() };
                    limit = CELL_LIMIT;
                    blocks.push(Block {
                        id: ids.next("code"),
                        line: line_of(&self.text, block.range.start),
                        kind: BlockKind::Code(self.code(code, info, body)?),
                        range: block.range,
                    });
                }
                Kind::Fence { .. } => {}
            }
        }
        blocks.extend(self.prose(prose_start..self.text.len(), &mut ids)?);
        Ok(blocks)
    }

    /// La prose de cette étendue, s'il y en a.
    fn prose(&self, range: Range<usize>, ids: &mut Ids) -> Result<Option<Block>> {
        let text = self.text[range].trim();
        if text.is_empty() {
            return Ok(None);
        }
        let base = self.path.parent().unwrap_or(Path::new("."));
        let inside = |at: usize| self.place_of(&text[at..]);
        let shown = include::expand_shown(text, base, &inside)?;
        if shown.contains("{{#") {
            bail!(
                "{} : une inclusion « {{{{#… }}}} » ne s'emploie que dans une cellule de code, \
                 ou dans un bloc `montre`.",
                inside(text.find("{{#").unwrap_or(0))
            );
        }
        let start = offset_of(&self.text, text);
        Ok(Some(Block {
            id: ids.next("texte"),
            line: line_of(&self.text, start),
            range: start..start + text.len(),
            kind: BlockKind::Prose(shown),
        }))
    }

    /// La cellule `code`, complétée par ce qui suit sa barrière et par son contenu.
    fn code(&self, mut code: Code, info: &str, body: &str) -> Result<Code> {
        for word in info.split(',').map(str::trim).skip(1) {
            match word.split_once('=') {
                None if word == "echec" => code.must_fail = true,
                None if word == "replie" => code.folded = true,
                Some(("nom", name)) if is_name(name) => code.name = Some(name.to_string()),
                Some(("limite", seconds)) if seconds.parse::<u64>().is_ok() => {
                    code.limit = seconds.parse()?;
                }
                _ => bail!(
                    "{} : l'attribut « {word} » n'existe pas. Une cellule peut porter `echec` (elle \
                     doit échouer) ou `limite=SECONDES` ; `montre` en fait du code que rien \
                     n'exécute.",
                    self.place_of(info)
                ),
            }
        }
        let base = self.path.parent().unwrap_or(Path::new("."));
        code.files = include::files(body);
        let expanded = include::expand(body, base, &|at| self.place_of(&body[at..]))?;
        (code.source, code.hidden) = unhide(&expanded);
        if exercise::is_exercise(&code.source) {
            code.solution = Some(exercise::solution(&code.source));
            code.source = exercise::stub(&code.source);
        }
        if code.source.trim().is_empty() {
            bail!("{} : la cellule est vide.", self.place_of(info));
        }
        check_width(&code.source, &self.place_of(info))?;
        Ok(code)
    }
}

/// Du code dont chaque ligne tient dans la page.
pub fn check_width(code: &str, place: &str) -> Result<()> {
    if let Some(line) = code.lines().find(|line| line.chars().count() > LINE_LIMIT) {
        bail!(
            "{place} : cette ligne dépasse les {LINE_LIMIT} signes que la page peut montrer. \
             Coupez-la : {}",
            line.trim()
        );
    }
    Ok(())
}

/// Un nom de cellule : des lettres sans accent, des chiffres, des traits d'union.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Le code sans les « # » qui cachent une ligne, et les rangs de ces lignes.
fn unhide(code: &str) -> (String, Vec<usize>) {
    let mut hidden = Vec::new();
    let lines: Vec<&str> = code
        .lines()
        .enumerate()
        .map(|(rank, line)| match line.strip_prefix("# ") {
            Some(rest) => {
                hidden.push(rank);
                rest
            }
            None => line,
        })
        .collect();
    (lines.join("\n"), hidden)
}

/// Les extensions de Markdown que le livre et les notebooks comprennent tous deux.
pub fn markdown_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_MATH
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
}

/// Les fichiers des chapitres numérotés de `book/src`, dans l'ordre.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| {
        format!("le dossier des chapitres « {} » ne se lit pas", folder.display())
    })?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok())
        .map(|entry| entry.path())
        .filter(|p| is_chapter(p))
        .collect();
    paths.sort();
    Ok(paths)
}

/// Le fichier du chapitre de ce numéro (« 05 »), s'il existe.
pub fn find(folder: &Path, number: &str) -> Result<Option<PathBuf>> {
    let of_number = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.split('_').next() == Some(number)
    };
    Ok(files(folder)?.into_iter().find(of_number))
}

/// Les chapitres numérotés de `book/src`, dans l'ordre, chacun lu une fois.
///
/// # Erreurs
/// La première faute de chaque chapitre, avec le fichier et la ligne.
pub fn read_all(folder: &Path) -> Result<Vec<Chapter>> {
    files(folder)?.iter().map(|file| Chapter::read(file)).collect()
}

/// Les chapitres demandés par leur numéro ou leur nom ; tous, si rien n'est demandé.
///
/// # Erreurs
/// Un chapitre qui n'existe pas, avec ceux qui existent.
pub fn select<'a>(chapters: &'a [Chapter], chosen: &[String]) -> Result<Vec<&'a Chapter>> {
    // « 3 » dit aussi le chapitre 03.
    let is = |chapter: &Chapter, wanted: &String| {
        chapter.name == *wanted || chapter.number().0 == format!("{wanted:0>2}")
    };
    for wanted in chosen {
        if !chapters.iter().any(|chapter| is(chapter, wanted)) {
            let known: Vec<&str> = chapters.iter().map(|chapter| &*chapter.name).collect();
            bail!(
                "aucun chapitre « {wanted} ». Les chapitres sont : {}.",
                known.join(", ")
            );
        }
    }
    let wanted = |chapter: &&Chapter| {
        chosen.is_empty() || chosen.iter().any(|wanted| is(chapter, wanted))
    };
    Ok(chapters.iter().filter(wanted).collect())
}

/// Un fichier `NN_titre.md`.
pub fn is_chapter(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = name.as_bytes();
    name.ends_with(".md")
        && bytes.len() > 5
        && bytes[..2].iter().all(u8::is_ascii_digit)
        && bytes[2] == b'_'
}

/// Un fichier du livre, tel qu'on le lit depuis la racine du projet.
pub fn label(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    match text.rfind("/book/src/") {
        Some(at) => text[at + 1..].to_string(),
        None => text,
    }
}

/// La place de `part`, un morceau de `whole`.
pub fn offset_of(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// La ligne d'une position, comptée depuis 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    text[..offset.min(text.len())].matches('\n').count() + 1
}

/// Fabrique les identifiants : le titre de la section, puis un numéro par sorte.
#[derive(Default)]
struct Ids {
    section: String,
    used: std::collections::HashMap<String, usize>,
}

impl Ids {
    fn enter(&mut self, title: &str) {
        self.section = slug(title);
    }

    fn next(&mut self, kind: &str) -> String {
        let section = if self.section.is_empty() { "debut" } else { &self.section };
        let stem = format!("{section}-{kind}");
        let count = self.used.entry(stem.clone()).or_insert(0);
        *count += 1;
        format!("{stem}-{count}")
    }
}

/// Un titre réduit à des lettres sans accent, des chiffres et des traits d'union (40 au plus).
fn slug(title: &str) -> String {
    let mut out = String::new();
    for c in title.to_lowercase().chars() {
        let folded = match c {
            'à' | 'â' | 'ä' => "a",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'î' | 'ï' => "i",
            'ô' | 'ö' => "o",
            'ù' | 'û' | 'ü' => "u",
            'ç' => "c",
            'œ' => "oe",
            'æ' => "ae",
            'a'..='z' | '0'..='9' => {
                out.push(c);
                continue;
            }
            _ => "-",
        };
        if folded != "-" || !(out.is_empty() || out.ends_with('-')) {
            out.push_str(folded);
        }
    }
    out.truncate(40);
    out.trim_end_matches('-').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Chapter> {
        Chapter::parse(Path::new("03_essai.md"), text.to_string())
    }

    #[test]
    fn chaque_bloc_rust_est_une_cellule_dans_l_ordre() {
        let chapter = parse(
            "# Titre\n\nTexte.\n\n```rust\nlet a = 1;\n```\n\n```python\nx = 1\n```\n\n```rust,echec\nlet b\n```\n\nFin.\n",
        )
        .unwrap();
        let ids: Vec<&str> = chapter.blocks.iter().map(|b| b.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "titre-texte-1",
                "titre-code-1",
                "titre-texte-2",
                "titre-code-2",
                "titre-texte-3"
            ]
        );
        let cells: Vec<_> = chapter.cells().collect();
        assert_eq!(cells[0].1.source, "let a = 1;");
        assert_eq!(cells[0].0.line, 5);
        assert!(!cells[0].1.must_fail && cells[1].1.must_fail);
        assert_eq!((cells[0].1.limit, cells[1].1.limit), (FIRST_CELL_LIMIT, CELL_LIMIT));
    }

    #[test]
    fn les_identifiants_suivent_le_titre_et_non_le_rang() {
        let before = parse("# A\n\n## Été\n\n```rust\n1\n```\n").unwrap();
        let after =
            parse("# A\n\n## Neuf\n\n```rust\n0\n```\n\n## Été\n\n```rust\n1\n```\n")
                .unwrap();
        assert_eq!(before.cells().last().unwrap().0.id, "ete-code-1");
        assert_eq!(after.cells().last().unwrap().0.id, "ete-code-1");
    }

    #[test]
    fn une_ancre_absente_nomme_le_fichier_et_la_ligne() {
        let error = parse("# A\n\n```rust\n{{#include rien.rs:x}}\n```\n").unwrap_err();
        assert!(format!("{error:#}").starts_with("03_essai.md:4"), "{error:#}");
    }

    #[test]
    fn un_attribut_inconnu_est_refuse() {
        let error = parse("```rust,ignore\n1\n```\n").unwrap_err().to_string();
        assert!(error.contains("03_essai.md:1") && error.contains("« ignore »"), "{error}");
    }

    #[test]
    fn une_cellule_dans_une_citation_est_refusee() {
        assert!(parse("> ```rust\n> 1\n> ```\n").is_err());
    }

    #[test]
    fn une_ligne_cachee_reste_dans_le_code_et_un_nom_se_choisit() {
        let chapter = parse(
            "```rust,nom=pas-1,replie\n# let a = 1;\n#[derive(Debug)]\nstruct S;\n```\n",
        )
        .unwrap();
        let code = chapter.cells().next().unwrap().1;
        assert_eq!(code.source, "let a = 1;\n#[derive(Debug)]\nstruct S;");
        assert_eq!((code.hidden.as_slice(), code.folded), ([0].as_slice(), true));
        assert_eq!(code.name.as_deref(), Some("pas-1"));
        assert!(parse("```rust,nom=Été\n1\n```\n").is_err());
    }

    #[test]
    fn le_temps_limite_se_choisit() {
        let chapter = parse("```rust,limite=7\n1\n```\n").unwrap();
        assert_eq!(chapter.cells().next().unwrap().1.limit, 7);
    }
}
