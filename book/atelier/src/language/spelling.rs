//! L'orthographe : chaque mot est dans le dictionnaire français, ou dans celui du projet.
//!
//! Le dictionnaire est celui de hunspell (« hunspell-fr »), lu par `spellbook`, qui est écrit en
//! Rust : rien d'autre à installer qu'un fichier, le même sur les trois systèmes.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Result, anyhow};
use regex::Regex;
use spellbook::Dictionary;

use super::prose::OBJECT;
use crate::paths::Paths;

/// Un mot : des lettres, et les apostrophes ou les traits d'union qui les lient.
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{L}\p{M}]+(?:['’·-][\p{L}\p{M}]+)*").unwrap());
/// Un nom de fichier, une option, un chemin : ce n'est pas de la prose.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"_|/|\\|::|@|^\W*--|^[^\p{L}]*\.\p{L}|[\p{L}\d]\.[\p{L}\d]").unwrap()
});
static ELISION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu)'").unwrap()
});

/// Le dictionnaire du français, et d'où il vient.
pub struct French {
    dictionary: Dictionary,
    /// La version épinglée par le projet, et non celle du système.
    pub pinned: bool,
}

impl French {
    /// Cherche le dictionnaire ; `None` s'il n'est nulle part.
    ///
    /// # Erreurs
    /// Un dictionnaire qui ne se lit pas.
    pub fn find(paths: &Paths) -> Result<Option<Self>> {
        let pinned = paths.root.join("tests/langue/node_modules/dictionary-fr/index");
        for (stem, pinned) in [(pinned, true)]
            .into_iter()
            .chain(system().into_iter().map(|stem| (stem, false)))
        {
            if stem.with_extension("dic").is_file() {
                return Ok(Some(Self { dictionary: read(&stem)?, pinned }));
            }
        }
        Ok(None)
    }

    fn knows(&self, word: &str) -> bool {
        self.dictionary.check(word)
    }

    /// Ce mot, sans apostrophe ni trait d'union qui gênent, est-il français ?
    fn accepts(&self, word: &str, project: &mut Project) -> bool {
        let plain = word.replace('’', "'");
        if plain.chars().count() == 1 || self.knows(&plain) || project.uses(&plain) {
            return true;
        }
        if let Some(elided) = ELISION.find(&plain) {
            return self.accepts(&plain[elided.end()..], project);
        }
        // « étudiant·e » : la forme courte est un mot, le reste une terminaison.
        if let Some((stem, ending)) = plain.split_once('·') {
            return ending.chars().count() <= 5 && self.accepts(stem, project);
        }
        plain.contains('-') && plain.split('-').all(|part| self.accepts(part, project))
    }

    /// Les mots inconnus d'un texte, avec leur étendue.
    pub fn unknown(&self, text: &str, project: &mut Project) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        for chunk in chunks(text) {
            let piece = &text[chunk.clone()];
            if NAME.is_match(piece) {
                continue;
            }
            for word in WORD.find_iter(piece) {
                let touches_a_digit = piece[..word.start()]
                    .ends_with(|c: char| c.is_ascii_digit())
                    || piece[word.end()..].starts_with(|c: char| c.is_ascii_digit());
                if !touches_a_digit && !self.accepts(word.as_str(), project) {
                    out.push(chunk.start + word.start()..chunk.start + word.end());
                }
            }
        }
        out
    }

    /// Quelques mots proches.
    pub fn suggestions(&self, word: &str) -> Vec<String> {
        let mut out = Vec::new();
        self.dictionary.suggest(word, &mut out);
        out.truncate(3);
        out
    }
}

/// Les morceaux d'un texte que des espaces ou des objets séparent.
fn chunks(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        if letter.is_whitespace() || letter == OBJECT {
            out.push(start..at);
            start = at + letter.len_utf8();
        }
    }
    out.push(start..text.len());
    out
}

/// Où les systèmes rangent le dictionnaire, sans l'extension.
fn system() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::env::var_os("DICPATH")
        .map(|value| std::env::split_paths(&value).collect())
        .unwrap_or_default();
    folders.extend(
        ["/usr/share/hunspell", "/usr/share/myspell/dicts", "/Library/Spelling"]
            .map(PathBuf::from),
    );
    let names = ["fr", "fr_FR", "fr-classique"];
    folders.iter().flat_map(|folder| names.map(|name| folder.join(name))).collect()
}

fn read(stem: &Path) -> Result<Dictionary> {
    let part = |extension: &str| {
        let path = stem.with_extension(extension);
        std::fs::read_to_string(&path).map_err(|error| {
            anyhow!("le dictionnaire « {} » ne se lit pas : {error}", path.display())
        })
    };
    Dictionary::new(&part("aff")?, &part("dic")?).map_err(|error| {
        anyhow!("le dictionnaire « {}.aff » ne se comprend pas : {error}", stem.display())
    })
}

/// Le petit dictionnaire du projet : un mot par ligne, dans l'ordre.
pub struct Project {
    words: Vec<String>,
    used: BTreeSet<String>,
}

impl Project {
    /// Lit le dictionnaire du projet.
    pub fn parse(text: &str) -> Self {
        let words = text.lines().map(|line| line.trim().to_string()).collect();
        Self { words, used: BTreeSet::new() }
    }

    /// Le mot y est-il, tel quel ou sans la majuscule d'un début de phrase ? Note qu'il a servi.
    fn uses(&mut self, word: &str) -> bool {
        let mut letters = word.chars();
        let lower: String = letters
            .next()
            .map(|first| first.to_lowercase().chain(letters).collect())
            .unwrap_or_default();
        for form in [word, &lower] {
            if self.words.iter().any(|known| known == form) {
                self.used.insert(form.to_string());
                return true;
            }
        }
        false
    }

    /// Ce qui ne va pas dans ce dictionnaire : (ligne, remède).
    pub fn problems(&self, french: &French) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for (rank, word) in self.words.iter().enumerate() {
            let mut problem =
                |what: &str| out.push((rank + 1, format!("« {word} » {what}")));
            if rank > 0 && key(&self.words[rank - 1]) >= key(word) {
                problem(
                    "n'est pas à sa place. Un mot par ligne, dans l'ordre alphabétique.",
                );
            }
            if french.pinned && french.knows(word) {
                problem("est déjà dans le dictionnaire français. Retirez-le.");
            } else if !self.used.contains(word) {
                problem("ne sert plus : aucune prose ne l'emploie. Retirez-le.");
            }
        }
        out
    }
}

/// L'ordre alphabétique, sans égard pour les majuscules.
fn key(word: &str) -> (String, &str) {
    (word.to_lowercase(), word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Un petit français : assez pour les règles, sans le vrai dictionnaire.
    fn french() -> French {
        let aff = "SET UTF-8\n";
        let dic = "9\nle\nréseau\nactivation\nest\nil\nchanger\nétudiant\nvoit\nau\n";
        French { dictionary: Dictionary::new(aff, dic).unwrap(), pinned: true }
    }

    fn unknown(text: &str, project: &mut Project) -> Vec<String> {
        french().unknown(text, project).into_iter().map(|r| text[r].to_string()).collect()
    }

    #[test]
    fn les_elisions_les_traits_d_union_et_les_noms_de_fichiers_passent() {
        let mut project = Project::parse("evcxr\nNumPy");
        let text = "L'activation est-il\u{a0}: qu’il W1 book/src a.rs .atelier --aide \
                    étudiant·e le \u{FFFC}réseau Evcxr NumPy";
        assert_eq!(unknown(text, &mut project), [] as [&str; 0]);
        assert_eq!(project.problems(&french()), []);
        assert_eq!(
            unknown("numpy, resau l'activaton", &mut project),
            ["numpy", "resau", "l'activaton"]
        );
    }

    #[test]
    fn le_dictionnaire_du_projet_ne_garde_rien_d_inutile() {
        let mut project = Project::parse("evcxr\nbanane\nréseau\n");
        unknown("evcxr", &mut project);
        let problems = project.problems(&french());
        let lines: Vec<usize> = problems.iter().map(|problem| problem.0).collect();
        assert_eq!(lines, [2, 2, 3], "{problems:?}");
        assert!(
            problems[0].1.contains("à sa place") && problems[1].1.contains("ne sert plus")
        );
        assert!(problems[2].1.contains("déjà"));
    }
}
