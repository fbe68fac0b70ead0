//! Le format des chapitres, lu à un seul endroit : l'atelier en fait des notebooks et des pages, le
//! correcteur y prend ses exercices, les tests ce qu'ils vérifient.
//!
//! Un chapitre est du Markdown dont les titres et les blocs de code commencent en début de ligne. Le
//! reste est de la prose, que seul l'atelier lit plus loin.
//!
//! ```
//! let text = "# Un titre\n\nDe la prose.\n\n```rust,nom=pas\n1 + 1\n```\n";
//! let [title, code] = &chapitre::blocks(text)[..] else { panic!("deux blocs") };
//! assert_eq!(title.kind, chapitre::Kind::Title(1, "Un titre"));
//! assert_eq!(code.fence(), Some(("rust,nom=pas", "1 + 1")));
//! assert_eq!(&text[code.range.clone()], "```rust,nom=pas\n1 + 1\n```");
//! ```

pub mod exercise;

use std::ops::Range;

/// Un titre ou un bloc de code, là où il est dans le texte.
#[derive(Clone, Debug, PartialEq)]
pub struct Block<'a> {
    /// Son étendue, barrières comprises, sans la fin de sa dernière ligne.
    pub range: Range<usize>,
    /// Ce qu'il contient.
    pub kind: Kind<'a>,
}

/// Ce que contient un bloc.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'a> {
    /// Un titre, de niveau 1 à 6.
    Title(usize, &'a str),
    /// Un bloc de code.
    Fence {
        /// Ce qui suit la barrière : « rust,nom=pas ».
        info: &'a str,
        /// Le code, sans la fin de sa dernière ligne.
        body: &'a str,
    },
}

impl<'a> Block<'a> {
    /// Ce qui suit la barrière et le code, si c'est un bloc de code.
    pub fn fence(&self) -> Option<(&'a str, &'a str)> {
        match self.kind {
            Kind::Title(..) => None,
            Kind::Fence { info, body } => Some((info, body)),
        }
    }
}

/// La langue d'un bloc de code : le premier mot de ce qui suit sa barrière.
pub fn language(info: &str) -> &str {
    info.split(',').next().unwrap_or_default().trim()
}

/// Un bloc que le livre montre sans l'exécuter : « rust,montre », « python,montre ».
pub fn is_shown(info: &str) -> bool {
    info.split(',').skip(1).any(|word| word.trim() == "montre")
}

/// Ce code est-il une cellule du notebook ?
pub fn is_cell(info: &str) -> bool {
    language(info) == "rust" && !is_shown(info)
}

/// Les titres et les blocs de code, dans l'ordre. Un bloc qui ne se ferme pas va jusqu'à la fin.
pub fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut lines = Lines { text, at: 0 };
    while let Some((start, line)) = lines.next() {
        if line.starts_with("<!--") {
            // Un commentaire : rien n'y est un titre ni du code.
            let mut last = line;
            while !last.contains("-->") {
                let Some((_, next)) = lines.next() else { break };
                last = next;
            }
        } else if let Some((ticks, info)) = opening(line) {
            let from = lines.at;
            let (mut to, mut end) = (text.len(), text.len());
            for (at, line) in lines.by_ref() {
                if is_closing(line, ticks) {
                    (to, end) = (at, at + line.len());
                    break;
                }
            }
            let body = text.get(from..to).unwrap_or_default();
            let body = body.strip_suffix('\n').unwrap_or(body);
            found.push(Block { range: start..end, kind: Kind::Fence { info, body } });
        } else if let Some(kind) = title(line) {
            found.push(Block { range: start..start + line.len(), kind });
        }
    }
    found
}

/// Le code d'une langue, d'un bloc après l'autre.
pub fn code(text: &str, language: &str) -> String {
    let fences = blocks(text).into_iter().filter_map(|block| block.fence());
    let wanted = fences.filter(|(info, _)| self::language(info) == language);
    wanted.map(|(_, body)| format!("{body}\n")).collect()
}

/// La première ligne qui ouvre une cellule hors de ces blocs, ceux du texte, ailleurs qu'à son début : dans une liste, une citation.
pub fn misplaced(text: &str, blocks: &[Block]) -> Option<usize> {
    Lines { text, at: 0 }.find_map(|(start, line)| {
        let code = line.trim_start_matches([' ', '\t', '>']);
        let marked = code.trim_start_matches(['-', '*', '+', ' ']);
        let cell = opening(marked).is_some_and(|(_, info)| is_cell(info));
        let free = || !blocks.iter().any(|block| block.range.contains(&start));
        (cell && free()).then_some(start)
    })
}

/// Les barrières et ce qui les suit, si la ligne ouvre un bloc de code.
fn opening(line: &str) -> Option<(usize, &str)> {
    let info = line.trim_start_matches('`');
    let ticks = line.len() - info.len();
    (ticks >= 3 && !info.contains('`')).then(|| (ticks, info.trim()))
}

fn is_closing(line: &str, ticks: usize) -> bool {
    let line = line.trim_end();
    line.len() >= ticks && line.bytes().all(|byte| byte == b'`')
}

fn title(line: &str) -> Option<Kind<'_>> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let is_title = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with(' '));
    is_title.then(|| Kind::Title(level, rest.trim()))
}

/// Les lignes, chacune avec sa place et sans sa fin.
struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (start, length) = (self.at, rest.find('\n').unwrap_or(rest.len()));
        self.at = (start + length + 1).min(self.text.len());
        Some((start, &rest[..length]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Option<usize> {
        misplaced(text, &blocks(text))
    }

    fn kinds(text: &str) -> Vec<Kind<'_>> {
        blocks(text).into_iter().map(|block| block.kind).collect()
    }

    #[test]
    fn un_bloc_se_ferme_par_autant_de_barrieres_et_son_contenu_ne_se_lit_pas() {
        let inside = "````markdown\n# Pas un titre\n```rust\n1\n```\n````";
        let body = "# Pas un titre\n```rust\n1\n```";
        assert_eq!(kinds(inside), [Kind::Fence { info: "markdown", body }]);
        assert_eq!(kinds("```rust\n```"), [Kind::Fence { info: "rust", body: "" }]);
        let open = kinds("# T\n```rust\n1 + 1\n");
        assert_eq!(
            open,
            [Kind::Title(1, "T"), Kind::Fence { info: "rust", body: "1 + 1" }]
        );
        assert_eq!(kinds("```"), [Kind::Fence { info: "", body: "" }]);
    }

    #[test]
    fn un_commentaire_un_mot_diese_et_du_code_en_ligne_ne_sont_pas_des_blocs() {
        assert_eq!(
            kinds("<!-- notes\n# a\n```rust\n-->\n#mot\n```a``` b\n####### sept\n"),
            []
        );
        assert_eq!(kinds("<!-- un --> \n## Deux\n"), [Kind::Title(2, "Deux")]);
    }

    #[test]
    fn une_cellule_dans_une_liste_ou_une_citation_se_voit_a_sa_place() {
        assert_eq!(wrong("a\n\n> ```rust\n> 1\n> ```\n"), Some(3));
        assert_eq!(wrong("- a\n\n  ```rust\n  1\n  ```\n"), Some(5));
        assert_eq!(wrong("- ```rust\n"), Some(0));
        for fine in ["```rust\n ```rust\n```\n", "> ```rust,montre\n", "  ```text\n"] {
            assert_eq!(wrong(fine), None, "{fine}");
        }
    }

    #[test]
    fn le_code_d_une_langue_se_lit_d_un_bloc_a_l_autre() {
        let text = "```python\na\n```\n\n```rust\nb\n```\n\n```python,montre\nc\n```\n";
        assert_eq!(code(text, "python"), "a\nc\n");
        assert!(is_shown("python,montre") && !is_shown("python") && !is_shown("montre"));
        assert!(is_cell("rust,nom=a") && !is_cell("rust,montre") && !is_cell("python"));
    }
}
