//! Les résultats : un tableau CSV pour un tableur, et une page pour l'enseignant.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use correcteur::{Status, Verdict};
use serde::{Deserialize, Serialize};

use super::submission::{Exercise, Submission};
use crate::highlight::escape;

/// Ce que vaut un exercice d'une copie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Mark {
    /// Juste.
    Success,
    /// Un `todo!()` reste.
    Todo,
    /// Une erreur connue.
    Mistake,
    /// Une forme fausse.
    Shape,
    /// Un NaN ou un infini.
    NonFinite,
    /// Des nombres faux.
    Value,
    /// Une panique.
    Panic,
    /// Une fonction sans fin.
    TooSlow,
    /// Le code ne se compile pas.
    DoesNotCompile,
    /// Pas de fonction, ou pas de verdict.
    Missing,
    /// Le programme s'est arrêté.
    Stopped,
    /// Le temps de la copie est dépassé.
    TimeOut,
    /// Ce qui répond n'est pas une suite de réponses.
    Forged,
    /// Le fichier n'est pas un notebook.
    Unreadable,
    /// Le chapitre n'est pas reconnu, ou n'a pas d'exercice.
    Unknown,
}

impl Mark {
    /// Le verdict du correcteur, et ses phrases.
    pub fn of_verdict(verdict: &Verdict) -> (Self, String) {
        let mark = match verdict.status {
            Status::Success => Self::Success,
            Status::Todo => Self::Todo,
            Status::Mistake => Self::Mistake,
            Status::Shape => Self::Shape,
            Status::NonFinite => Self::NonFinite,
            Status::Value => Self::Value,
            Status::Panic => Self::Panic,
            Status::TooSlow => Self::TooSlow,
        };
        let name = verdict.mistake.map(|name| format!("[{name}] "));
        // Ce que dit une réussite s'adresse à l'étudiant.
        let message = match mark {
            Self::Success => String::new(),
            _ => verdict.message.join(" "),
        };
        (mark, name.unwrap_or_default() + &message)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Success => "juste",
            Self::Todo => "à écrire",
            Self::Mistake => "erreur connue",
            Self::Shape => "forme fausse",
            Self::NonFinite => "valeur non finie",
            Self::Value => "valeurs fausses",
            Self::Panic => "panique",
            Self::TooSlow => "sans fin",
            Self::DoesNotCompile => "ne se compile pas",
            Self::Missing => "absent",
            Self::Stopped => "programme arrêté",
            Self::TimeOut => "temps dépassé",
            Self::Forged => "réponse contrefaite",
            Self::Unreadable => "fichier illisible",
            Self::Unknown => "chapitre inconnu",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Success => "✔",
            Self::Todo | Self::Missing => "○",
            _ => "✘",
        }
    }
}

/// Une ligne des résultats : un exercice d'une copie.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Row {
    who: String,
    file: String,
    /// « 01_my_sigmoid » ; vide si la copie entière est en cause.
    pub exercise: String,
    title: String,
    mark: Mark,
    message: String,
    seconds: f64,
    /// Ce qui l'enfermait.
    held: String,
}

impl Row {
    /// L'exercice d'une copie ; `None` si la copie entière est en cause.
    pub fn new(
        submission: &Submission,
        exercise: Option<&Exercise>,
        mark: Mark,
        message: String,
        seconds: f64,
        held: &str,
    ) -> Self {
        Self {
            who: submission.who.clone(),
            file: submission.file.to_string_lossy().into_owned(),
            exercise: exercise.map(|e| e.id.clone()).unwrap_or_default(),
            title: exercise.map(|e| e.title.clone()).unwrap_or_default(),
            mark,
            message,
            seconds,
            held: held.to_string(),
        }
    }
}

/// Le CSV, tel que les tableurs français l'ouvrent : UTF-8 marqué, points-virgules.
pub fn csv(rows: &[Row]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record([
        "etudiant",
        "fichier",
        "exercice",
        "titre",
        "reussi",
        "verdict",
        "message",
        "secondes",
        "isolement",
    ])?;
    for row in rows {
        writer.write_record([
            harmless(&row.who),
            harmless(&row.file),
            row.exercise.clone(),
            row.title.clone(),
            u8::from(row.mark == Mark::Success).to_string(),
            row.mark.words().to_string(),
            harmless(&row.message),
            format!("{:.1}", row.seconds).replace('.', ","),
            row.held.clone(),
        ])?;
    }
    Ok(writer.into_inner()?)
}

/// Un tableur prendrait pour une formule un texte qui commence ainsi.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_string(),
    }
}

/// La page : un tableau par chapitre, ce qui bloque la classe, puis le détail de chacun.
pub fn html(rows: &[Row]) -> String {
    let mut body = String::from("<h1>Notes</h1>\n");
    body += &format!("<p>{}</p>\n", isolation_in_words(rows));
    let mut chapters: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.exercise.is_empty()) {
        chapters.entry(&row.exercise[..2]).or_default().push(row);
    }
    for (chapter, rows) in &chapters {
        body += &table(chapter, rows);
    }
    let lost: Vec<&Row> = rows.iter().filter(|row| row.exercise.is_empty()).collect();
    if !lost.is_empty() {
        body += "<h2>Copies que l'on n'a pas pu noter</h2>\n<ul>\n";
        for row in lost {
            body += &format!(
                "<li><strong>{}</strong> ({})\u{a0}: {}. {}</li>\n",
                escape(&row.who),
                escape(&row.file),
                row.mark.words(),
                escape(&row.message)
            );
        }
        body += "</ul>\n";
    }
    body += &obstacles(rows);
    body += &details(rows);
    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Notes</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         </body>\n</html>\n"
    )
}

const STYLE: &str = "\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1.5rem; }
.large { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; padding: .4rem 0; }
th, td { border: 1px solid; padding: .3rem .6rem; text-align: left; vertical-align: top; }
pre { white-space: pre-wrap; margin: .2rem 0; }
";

/// Ce qui enfermait les copies, et combien ; presque toujours une seule phrase.
fn isolation_in_words(rows: &[Row]) -> String {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        all.entry(&row.held).or_default().insert(&row.file);
    }
    let say = |(held, files): (&&str, &BTreeSet<&str>)| {
        format!("Isolement de {} copies\u{a0}: {}.", files.len(), escape(held))
    };
    all.iter().map(say).collect::<Vec<_>>().join(" ")
}

fn table(chapter: &str, rows: &[&Row]) -> String {
    let number: u32 = chapter.parse().unwrap_or(0);
    let mut exercises: Vec<(&str, &str)> = Vec::new();
    let mut copies: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if !exercises.iter().any(|(id, _)| *id == row.exercise) {
            exercises.push((&row.exercise, &row.title));
        }
        copies.entry((&row.who, &row.file)).or_default().push(row);
    }
    let head: String = exercises
        .iter()
        .map(|(_, title)| format!("<th scope=\"col\">{}</th>", escape(title)))
        .collect();
    let mut lines = String::new();
    for ((who, _), rows) in &copies {
        let cells: String = exercises
            .iter()
            .map(|(id, _)| match rows.iter().find(|row| row.exercise == *id) {
                Some(row) => format!("<td>{} {}</td>", row.mark.sign(), row.mark.words()),
                None => "<td></td>".to_string(),
            })
            .collect();
        let right = rows.iter().filter(|row| row.mark == Mark::Success).count();
        lines += &format!(
            "<tr><th scope=\"row\">{}</th>{cells}<td>{right} sur {}</td></tr>\n",
            escape(who),
            exercises.len()
        );
    }
    format!(
        "<h2>Chapitre {number}</h2>\n<div class=\"large\" role=\"region\" tabindex=\"0\" \
         aria-label=\"Chapitre {number}\"><table>\n<caption>{} copies</caption>\n<thead><tr>\
         <th scope=\"col\">étudiant</th>{head}<th scope=\"col\">réussis</th></tr></thead>\n\
         <tbody>\n{lines}</tbody>\n</table></div>\n",
        copies.len()
    )
}

/// Ce qui revient le plus souvent, d'abord.
fn obstacles(rows: &[Row]) -> String {
    let mut groups: BTreeMap<(&str, Mark, &str), Vec<&str>> = BTreeMap::new();
    for row in rows {
        if row.exercise.is_empty() || matches!(row.mark, Mark::Success | Mark::Todo) {
            continue;
        }
        let message = if row.mark == Mark::Mistake { row.message.as_str() } else { "" };
        groups.entry((&row.title, row.mark, message)).or_default().push(&row.who);
    }
    if groups.is_empty() {
        return String::new();
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, who)| std::cmp::Reverse(who.len()));
    let items: String = groups
        .iter()
        .map(|((title, mark, message), who)| {
            format!(
                "<li>{}\u{a0}: {}, {} fois ({}). {}</li>\n",
                escape(title),
                mark.words(),
                who.len(),
                escape(&who.join(", ")),
                escape(message)
            )
        })
        .collect();
    format!("<h2>Ce qui bloque</h2>\n<ol>\n{items}</ol>\n")
}

fn details(rows: &[Row]) -> String {
    let mut people: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.exercise.is_empty()) {
        people.entry(&row.who).or_default().push(row);
    }
    let mut out = String::from("<h2>Chacun</h2>\n");
    for (who, rows) in people {
        let items: String = rows
            .iter()
            .map(|row| {
                let message = match row.message.trim() {
                    "" => String::new(),
                    said if said.contains('\n') => format!("<pre>{}</pre>", escape(said)),
                    said => escape(said),
                };
                format!(
                    "<li>{} {}\u{a0}: {}. {message}</li>\n",
                    row.mark.sign(),
                    escape(&row.title),
                    row.mark.words()
                )
            })
            .collect();
        out += &format!(
            "<details>\n<summary>{}</summary>\n<ul>\n{items}</ul>\n</details>\n",
            escape(who)
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(who: &str, mark: Mark, message: &str) -> Row {
        Row {
            who: who.into(),
            file: "c/x.ipynb".into(),
            exercise: "01_f".into(),
            title: "Exercice 1.1".into(),
            mark,
            message: message.into(),
            seconds: 0.53,
            held: "réseau".into(),
        }
    }

    #[test]
    fn le_csv_s_ouvre_dans_un_tableur_sans_formule() {
        let rows = [row("=cmd()", Mark::Success, ""), row("Zoé; B", Mark::Value, "a\nb")];
        let text = String::from_utf8(csv(&rows).unwrap()).unwrap();
        assert!(text.starts_with("\u{feff}etudiant;fichier;exercice;"), "{text}");
        assert!(
            text.contains("'=cmd();c/x.ipynb;01_f;Exercice 1.1;1;juste;;0,5;réseau"),
            "{text}"
        );
        assert!(
            text.contains("\"Zoé; B\"") && text.contains(";0;valeurs fausses;\"a\nb\";")
        );
    }

    #[test]
    fn la_page_montre_qui_quoi_et_ce_qui_revient() {
        let rows = [
            row("<b>Zoé", Mark::Success, ""),
            row("Ali", Mark::Mistake, "[biais-oublie] Le biais n'y est pas."),
            row("Léa", Mark::Mistake, "[biais-oublie] Le biais n'y est pas."),
        ];
        let page = html(&rows);
        assert!(page.contains("&lt;b&gt;Zoé") && !page.contains("<b>Zoé"));
        assert!(page.contains("erreur connue, 2 fois (Ali, Léa)"), "{page}");
        assert!(page.contains("Isolement de 1 copies\u{a0}: réseau."), "{page}");
        assert!(page.contains("<td>✔ juste</td><td>1 sur 1</td>"), "{page}");
    }
}
