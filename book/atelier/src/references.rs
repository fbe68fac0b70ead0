//! Les renvois : équations, codes et figures portent un numéro, que la prose obtient de leur nom.
//!
//! `$$ … \label{delta2} $$` numérote une équation, et `[](#eq-delta2)` devient
//! `équation (5.2)`. Le code n° 9 du chapitre 5 et la figure qu'il trace sont le code `5.9` et la
//! figure `5.9`, comme la cellule `[9]` du notebook ; `rust,nom=pas` permet d'écrire
//! `[](#code-pas)` et `[](#figure-pas)`, même quand des cellules s'ajoutent avant.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use anyhow::{Result, bail};
use pulldown_cmark::{Event, Parser};
use regex::{Captures, Regex};

use crate::chapter::{Chapter, markdown_options};

/// Le nom d'une équation, dans sa formule.
static LABEL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s*\\label\{([a-z0-9-]+)\}").unwrap());
/// Un lien sans texte, que son numéro remplira.
static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[\]\(#((?:eq|code|figure)-[a-z0-9-]+)\)").unwrap());

/// Ce que l'on peut désigner, par son nom.
#[derive(Debug, Default)]
pub struct References(HashMap<String, Target>);

/// Une équation, un code ou une figure numérotés.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Le texte du renvoi : `équation (5.2)`.
    pub text: String,
    /// Le numéro seul : `5.2`.
    pub number: String,
    /// Son rang dans le chapitre, à partir de 1.
    pub rank: usize,
    /// Le chapitre : « 05_backprop ».
    pub chapter: String,
    /// L'ancre dans sa page : `eq-05-2`.
    pub id: String,
}

/// La formule sans le nom qui la numérote.
pub fn without_label(tex: &str) -> Cow<'_, str> {
    LABEL.replace(tex, "")
}

/// Ce que l'on dit de renvois à des noms que rien ne porte.
pub fn unnamed(names: &[String]) -> String {
    format!(
        "rien ne porte le nom « {} ». Une équation le reçoit de \\label{{nom}} (`eq-nom`), une \
         cellule de l'attribut `nom=nom` (`code-nom`, `figure-nom`).",
        names.join(" », « ")
    )
}

impl References {
    /// Les renvois de tous ces chapitres.
    ///
    /// # Erreurs
    /// Deux choses du même nom : avec le fichier et la ligne de la seconde.
    pub fn of<'a>(chapters: impl IntoIterator<Item = &'a Chapter>) -> Result<Self> {
        let mut all = Self::default();
        chapters.into_iter().try_for_each(|chapter| all.add(chapter))?;
        Ok(all)
    }

    /// Ajoute ceux d'un chapitre.
    pub fn add(&mut self, chapter: &Chapter) -> Result<()> {
        let mut equations = 0;
        for (event, range) in
            Parser::new_ext(&chapter.text, markdown_options()).into_offset_iter()
        {
            let Event::DisplayMath(tex) = event else { continue };
            let Some(found) = LABEL.captures(&tex) else { continue };
            equations += 1;
            self.insert(chapter, range.start, &found[1], "eq", equations)?;
        }
        let (written, _) = chapter.number();
        for (rank, (block, code)) in chapter.cells().enumerate() {
            let rank = rank + 1;
            for kind in ["code", "figure"] {
                for name in code.name.iter().chain([&format!("{written}-{rank}")]) {
                    self.insert(chapter, block.range.start, name, kind, rank)?;
                }
            }
        }
        Ok(())
    }

    fn insert(
        &mut self,
        chapter: &Chapter,
        at: usize,
        name: &str,
        kind: &str,
        rank: usize,
    ) -> Result<()> {
        let (written, read) = chapter.number();
        let number = format!("{read}.{rank}");
        let name = format!("{kind}-{name}");
        let target = Target {
            text: match kind {
                "eq" => format!("équation\u{a0}({number})"),
                _ => format!("{kind}\u{a0}{number}"),
            },
            number,
            rank,
            chapter: chapter.name.clone(),
            id: format!("{kind}-{written}-{rank}"),
        };
        if let Some(other) = self.0.insert(name.clone(), target) {
            bail!(
                "{} : « {name} » désigne déjà autre chose, dans {}. Choisissez un autre nom.",
                chapter.place(at),
                other.chapter
            );
        }
        Ok(())
    }

    /// Ce que désigne `name`.
    pub fn get(&self, name: &str) -> Option<&Target> {
        self.0.get(name)
    }

    /// Le numéro de l'équation `tex`, si elle porte un nom, et sa formule sans ce nom.
    pub fn equation(&self, tex: &str) -> (Option<&Target>, String) {
        let target =
            LABEL.captures(tex).and_then(|found| self.get(&format!("eq-{}", &found[1])));
        (target, without_label(tex).into_owned())
    }

    /// Le texte, ses renvois écrits par `write` ; et les noms que rien ne porte.
    pub fn resolve(
        &self,
        text: &str,
        write: impl Fn(&Target) -> String,
    ) -> Result<String, Vec<String>> {
        let mut unknown = Vec::new();
        let out =
            REFERENCE.replace_all(text, |found: &Captures| match self.get(&found[1]) {
                Some(target) => write(target),
                None => {
                    unknown.push(found[1].to_string());
                    String::new()
                }
            });
        if unknown.is_empty() { Ok(out.into_owned()) } else { Err(unknown) }
    }

    /// La prose d'une cellule de notebook : numéros en toutes lettres, équations étiquetées.
    pub fn for_notebook(&self, chapter: &str, text: &str) -> Result<String> {
        let text = LABEL.replace_all(text, |found: &Captures| {
            match self.get(&format!("eq-{}", &found[1])) {
                Some(target) => format!(" \\tag{{{}}}", target.number),
                None => String::new(),
            }
        });
        self.resolve(&text, |target| {
            if target.chapter == chapter {
                target.text.clone()
            } else {
                format!("[{}]({}.ipynb)", target.text, target.chapter)
            }
        })
        .map_err(|names| anyhow::anyhow!("{chapter} : {}", unnamed(&names)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn references(text: &str) -> Result<References> {
        let mut all = References::default();
        all.add(&Chapter::parse(Path::new("05_essai.md"), text.to_string())?)?;
        Ok(all)
    }

    const TEXT: &str = "# Essai\n\n$$a = b$$\n\n$$c = d \\label{cd}$$\n\n```rust\n1\n```\n\n\
                        ```rust,nom=pas\n2\n```\n\nVoir [](#eq-cd) et [](#figure-pas).\n";

    #[test]
    fn seules_les_equations_nommees_ont_un_numero() {
        let all = references(TEXT).unwrap();
        assert_eq!(all.get("eq-cd").unwrap().text, "équation\u{a0}(5.1)");
        assert_eq!(all.get("code-pas").unwrap().text, "code\u{a0}5.2");
        assert_eq!(all.get("code-pas"), all.get("code-05-2"));
        let (target, tex) = all.equation("c = d \\label{cd}");
        assert_eq!((target.unwrap().id.as_str(), tex.as_str()), ("eq-05-1", "c = d"));
        assert_eq!(all.equation("a = b"), (None, "a = b".to_string()));
    }

    #[test]
    fn le_notebook_dit_les_memes_numeros() {
        let all = references(TEXT).unwrap();
        let text = all.for_notebook("05_essai", "$$c \\label{cd}$$ [](#eq-cd)").unwrap();
        assert_eq!(text, "$$c \\tag{5.1}$$ équation\u{a0}(5.1)");
        let text = all.for_notebook("06_autre", "[](#figure-pas)").unwrap();
        assert_eq!(text, "[figure\u{a0}5.2](05_essai.ipynb)");
        let error = all.for_notebook("06_autre", "[](#eq-rien)").unwrap_err().to_string();
        assert!(error.contains("06_autre") && error.contains("« eq-rien »"), "{error}");
    }

    #[test]
    fn deux_choses_du_meme_nom_se_refusent() {
        let error =
            references(&format!("{TEXT}\n$$x \\label{{cd}}$$\n")).unwrap_err().to_string();
        assert!(error.contains("book/src") || error.contains("05_essai.md:17"), "{error}");
        assert!(error.contains("« eq-cd »"), "{error}");
    }
}
