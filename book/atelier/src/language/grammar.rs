//! La grammaire : ce que Grammalecte signale est corrigé, ou porte une raison écrite.

use std::ops::Range;
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use super::prose::{Document, OBJECT, Passage};
use crate::files;
use crate::paths::Paths;
use crate::together::{AT_ONCE, together};

/// Le programme de Grammalecte.
const PROGRAM: &str = "grammalecte-cli";
/// Ce que nos règles de typographie disent déjà, et ce qui n'est pas de la grammaire.
const OFF: &[&str] = &[
    "apos", "nbsp", "esp", "typo", "unit", "num", "nf", "chim", "latex", "md", "html",
    "tab", "liga",
];

/// Grammalecte est-il installé ?
pub fn is_installed() -> bool {
    let found = Command::new(PROGRAM)
        .arg("--help")
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status();
    found.is_ok_and(|status| status.success())
}

/// Ce que Grammalecte signale.
#[derive(Debug)]
pub struct Report {
    /// Le rang du document.
    pub document: usize,
    /// L'étendue dans sa source.
    pub range: Range<usize>,
    /// Le nom de la règle, sans les numéros qui changent d'une version à l'autre.
    pub rule: String,
    /// Ce qui ne va pas, et ce que Grammalecte propose.
    pub what: String,
}

/// Une exception : cette règle, à cet endroit, et pourquoi elle se trompe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Le nom de la règle.
    #[serde(rename = "regle")]
    pub rule: String,
    /// Le passage, copié de la source.
    #[serde(rename = "extrait")]
    pub excerpt: String,
    /// Pourquoi ce n'est pas une faute.
    #[serde(rename = "raison")]
    pub reason: String,
}

impl Exception {
    /// Ce rapport est-il celui que l'exception excuse ?
    pub fn answers(&self, report: &Report, source: &str) -> bool {
        self.rule == report.rule
            && !self.excerpt.is_empty()
            && source.match_indices(&self.excerpt).any(|(start, excerpt)| {
                start <= report.range.start && report.range.end <= start + excerpt.len()
            })
    }
}

/// Une règle qui ne convient nulle part à nos textes, et pourquoi.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silenced {
    /// Le nom de la règle.
    #[serde(rename = "nom")]
    pub name: String,
    /// Pourquoi elle ne convient pas.
    #[serde(rename = "raison")]
    pub reason: String,
}

/// Ce que le projet répond à Grammalecte : `exceptions.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Les règles écartées partout.
    #[serde(default, rename = "regle")]
    pub silenced: Vec<Silenced>,
    /// Les passages excusés, un par un.
    #[serde(default, rename = "exception")]
    pub exceptions: Vec<Exception>,
}

/// Lit `exceptions.toml`.
///
/// # Erreurs
/// Un fichier mal écrit, une exception sans règle, sans extrait ou sans raison.
pub fn answers(text: &str) -> Result<Answers> {
    let read: Answers = toml::from_str(text)?;
    let rules = read.silenced.iter().map(|rule| (&rule.name, &rule.reason));
    let excerpts = read.exceptions.iter().map(|one| (&one.excerpt, &one.reason));
    for (what, reason) in rules.chain(excerpts) {
        if reason.trim().is_empty() {
            bail!("« {what} » n'a pas de raison");
        }
    }
    Ok(read)
}

#[derive(Deserialize)]
struct Output {
    data: Vec<Paragraph>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paragraph {
    i_paragraph: usize,
    l_grammar_errors: Vec<Found>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    n_start: usize,
    n_end: usize,
    s_rule_id: String,
    s_message: String,
    a_suggestions: Vec<String>,
}

/// Une ligne donnée à Grammalecte : son document, son passage, et d'où vient chaque signe.
struct Line<'a> {
    document: usize,
    passage: &'a Passage,
    text: String,
    from: Vec<usize>,
}

impl<'a> Line<'a> {
    fn new(document: usize, passage: &'a Passage) -> Self {
        let (mut text, mut from) = (String::new(), Vec::new());
        let mut names = ['X', 'Z'].into_iter().cycle(); // deux de suite : pas un doublon
        for (at, letter) in passage.text.char_indices() {
            let shown = match letter {
                OBJECT => names.next().unwrap_or('X'),
                '\n' => ' ',
                '\'' => '’',
                other => other,
            };
            from.push(at);
            text.push(shown);
        }
        from.push(passage.text.len());
        Self { document, passage, text, from }
    }

    /// L'étendue, dans la source, des signes `start..end` de la ligne.
    fn origin(&self, start: usize, end: usize) -> Range<usize> {
        let at = |rank: usize| self.from[rank.min(self.from.len() - 1)];
        self.passage.origin_of(at(start)..at(end).max(at(start)))
    }
}

/// Lance Grammalecte sur toute la prose, partagée entre plusieurs lectures à la fois.
///
/// # Erreurs
/// Grammalecte ne se lance pas, ou répond autre chose que ses rapports.
pub fn check(paths: &Paths, documents: &[Document]) -> Result<Vec<Report>> {
    let lines: Vec<Line> = documents
        .iter()
        .enumerate()
        .flat_map(|(rank, document)| {
            document.passages.iter().map(move |passage| Line::new(rank, passage))
        })
        .filter(|line| line.text.split_whitespace().count() > 1)
        .collect();
    let parts: Vec<&[Line]> = lines.chunks(lines.len().div_ceil(AT_ONCE).max(1)).collect();
    Ok(together(&parts, |part| check_part(paths, part))?.into_iter().flatten().collect())
}

/// Les rapports de Grammalecte sur ces lignes.
fn check_part(paths: &Paths, lines: &[Line]) -> Result<Vec<Report>> {
    let folder = files::scratch(paths)?;
    let file = folder.path().join("prose.txt");
    let text: String = lines.iter().map(|line| format!("{}\n", line.text)).collect();
    std::fs::write(&file, text)?;
    let output = Command::new(PROGRAM)
        .args(["--json", "--opt_off"])
        .args(OFF)
        .arg("--file")
        .arg(&file)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .with_context(|| format!("« {PROGRAM} » ne se lance pas"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let answer: Output = said
        .find('{')
        .and_then(|start| serde_json::from_str(&said[start..]).ok())
        .ok_or_else(|| {
            anyhow!(
                "Grammalecte n'a pas rendu ses rapports (code {}). Ses derniers mots :\n{}{}",
                output.status.code().unwrap_or(-1),
                said.chars().take(500).collect::<String>(),
                String::from_utf8_lossy(&output.stderr)
            )
        })?;
    Ok(reports(lines, answer))
}

fn reports(lines: &[Line], answer: Output) -> Vec<Report> {
    let mut out = Vec::new();
    for paragraph in answer.data {
        let Some(line) = paragraph.i_paragraph.checked_sub(1).and_then(|at| lines.get(at))
        else {
            continue;
        };
        for found in paragraph.l_grammar_errors {
            let mut what = found.s_message.trim().to_string();
            if !found.a_suggestions.is_empty() {
                what.push_str(&format!(" Proposé : {}.", found.a_suggestions.join(", ")));
            }
            out.push(Report {
                document: line.document,
                range: line.origin(found.n_start, found.n_end),
                rule: stable_rule(&found.s_rule_id),
                what,
            });
        }
    }
    out
}

/// « g3__gn_les_1m__b2_a1_1 » : le nom de la règle est au milieu.
fn stable_rule(id: &str) -> String {
    let mut parts = id.split("__");
    match (parts.next(), parts.next()) {
        (Some(_), Some(name)) => name.to_string(),
        _ => id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::prose;

    #[test]
    fn un_rapport_retrouve_sa_place_dans_la_source() {
        let source = "Un `code`, les *fonction* ici.";
        let passages = prose::markdown(source).unwrap();
        let line = Line::new(0, &passages[0]);
        assert_eq!(line.text, "Un X, les fonction ici.");
        let answer = r#"{"data": [{"iParagraph": 1, "lGrammarErrors": [{"nStart": 10, "nEnd": 18,
            "sRuleId": "g3__gn_les_1m__b2_a1_1", "sMessage": "Accord.",
            "aSuggestions": ["fonctions"]}]}]}"#;
        let reports = reports(&[line], serde_json::from_str(answer).unwrap());
        assert_eq!(&source[reports[0].range.clone()], "fonction");
        assert_eq!(reports[0].what, "Accord. Proposé : fonctions.");

        let exception = |rule: &str, excerpt: &str| Exception {
            rule: rule.into(),
            excerpt: excerpt.into(),
            reason: "pour voir".into(),
        };
        assert!(exception("gn_les_1m", "les *fonction*").answers(&reports[0], source));
        assert!(!exception("gn_les_1m", "ici").answers(&reports[0], source));
        assert!(!exception("autre", "les *fonction*").answers(&reports[0], source));
    }

    #[test]
    fn une_exception_dit_toujours_sa_raison() {
        assert!(answers("").unwrap().exceptions.is_empty());
        let rule = "[[regle]]\nnom = \"a\"\nraison = \"c\"\n";
        let one = "[[exception]]\nregle = \"a\"\nextrait = \"b\"\nraison = \"c\"\n";
        let both = answers(&format!("{rule}{one}")).unwrap();
        assert_eq!((both.silenced.len(), both.exceptions.len()), (1, 1));
        for complete in [rule, one] {
            assert!(answers(&complete.replace("\"c\"", "\" \"")).is_err());
            assert!(answers(&complete.replace("raison = \"c\"\n", "")).is_err());
        }
    }
}
