//! Les questions de fin de chapitre : une seule source, deux formes.
//!
//! ```text
//! <!-- question unique -->
//!
//! Pourquoi les poids sont-ils tirés au hasard ?
//!
//! - [x] Pour que les neurones diffèrent.
//!   > Égaux, ils recevraient la même correction.
//! - [ ] Pour aller plus vite.
//!   > …
//!
//! <!-- fin -->
//! ```
//!
//! Les sortes : `unique`, `multiple`, `nombre` (`- [x] 0,25 ± 0,01`, et `- [ ] autre` pour tout ce
//! qui n'est pas prévu) et `ordre` (`1. …`, dans le bon ordre). Une question qui revient sur un
//! autre chapitre dit lequel : `<!-- question unique, rappel=02_network.md#ancre -->`.
//!
//! La page en fait un formulaire, le notebook un texte suivi de la réponse repliée.

use std::ops::Range;
use std::sync::LazyLock;

use anyhow::{Result, bail};
use regex::{Captures, Regex};

static QUESTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?s)<!-- question ([^\n]*?) -->\n(.*?)<!-- fin -->").unwrap()
});
static CHOICE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:- \[([ x])\]|\d+\.) (.+)$").unwrap());

/// Ce que l'on attend de qui répond.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Single,
    Multiple,
    Number,
    Order,
}

/// Une réponse possible, et ce qu'elle fait comprendre.
#[derive(Debug)]
struct Choice {
    text: String,
    right: bool,
    explanation: String,
}

/// Une question.
#[derive(Debug)]
struct Question {
    kind: Kind,
    /// La section d'un chapitre précédent, `NN_nom.md#ancre`.
    recall: Option<String>,
    text: String,
    choices: Vec<Choice>,
}

/// Où sont les réponses proposées, dans le texte d'un chapitre : non leurs explications.
pub fn answers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for question in QUESTION.find_iter(text) {
        let mut at = question.start();
        for line in question.as_str().split_inclusive('\n') {
            if CHOICE.is_match(line.trim_end()) {
                found.push(at..at + line.len());
            }
            at += line.len();
        }
    }
    found
}

/// Le commentaire qui ouvre une question, ou celui qui la ferme.
pub fn is_mark(html: &str) -> bool {
    let html = html.trim();
    html.starts_with("<!-- question") || html == "<!-- fin -->"
}

/// Lit les questions d'un chapitre, sans rien en faire.
///
/// # Erreurs
/// Celles de [`to_page`], à la ligne du chapitre.
pub fn validate(chapter: &str, text: &str) -> Result<()> {
    replace(chapter, text, |_, _, _| String::new()).map(|_| ())
}

/// Le Markdown de la page : chaque question devient un formulaire.
///
/// # Erreurs
/// Une question mal écrite, avec sa ligne et ce qu'il fallait.
pub fn to_page(chapter: &str, text: &str) -> Result<String> {
    replace(chapter, text, page)
}

/// Le Markdown du notebook : la question, les réponses, et la bonne, repliée.
pub fn to_notebook(chapter: &str, text: &str) -> Result<String> {
    replace(chapter, text, notebook)
}

fn replace(
    chapter: &str,
    text: &str,
    render: fn(&Question, &str, usize) -> String,
) -> Result<String> {
    let number = chapter.get(..2).unwrap_or_default();
    let mut problem = None;
    let mut rank = 0;
    let out = QUESTION.replace_all(text, |found: &Captures| {
        rank += 1;
        let line = text[..found.get(0).map_or(0, |m| m.start())].matches('\n').count() + 1;
        match parse(&found[1], &found[2]) {
            Ok(question) => render(&question, number, rank),
            Err(error) => {
                problem.get_or_insert(format!(
                    "book/src/{chapter}.md:{line} : question {rank} : {error}"
                ));
                String::new()
            }
        }
    });
    if let Some(problem) = problem {
        bail!("{problem}");
    }
    if let Some(at) = out.find("<!-- question") {
        let what = out[at..].lines().next().unwrap_or_default();
        let line = text[..text.find(what).unwrap_or(0)].matches('\n').count() + 1;
        bail!(
            "book/src/{chapter}.md:{line} : « {what} » n'est pas suivi de « <!-- fin --> »."
        );
    }
    Ok(out.into_owned())
}

fn parse(head: &str, body: &str) -> Result<Question> {
    let mut words = head.split(',').map(str::trim);
    let kind = match words.next().unwrap_or_default() {
        "unique" => Kind::Single,
        "multiple" => Kind::Multiple,
        "nombre" => Kind::Number,
        "ordre" => Kind::Order,
        other => bail!(
            "la sorte « {other} » n'existe pas. Écrivez `unique`, `multiple`, `nombre` ou `ordre`."
        ),
    };
    let mut recall = None;
    for word in words {
        match word.strip_prefix("rappel=") {
            Some(target) => recall = Some(target.to_string()),
            None => bail!(
                "l'attribut « {word} » n'existe pas. Seul `rappel=NN_nom.md#ancre` en est un."
            ),
        }
    }
    let mut question = Question { kind, recall, text: String::new(), choices: Vec::new() };
    for line in body.lines().map(str::trim_end) {
        if let Some(found) = CHOICE.captures(line) {
            let ticked = found.get(1).map(|m| m.as_str());
            if ticked.is_none() != (kind == Kind::Order) {
                bail!(
                    "« {line} » : les réponses s'écrivent `- [ ] …` ou `- [x] …`, et celles d'un \
                     ordre `1. …`."
                );
            }
            question.choices.push(Choice {
                text: found[2].to_string(),
                right: ticked != Some(" "),
                explanation: String::new(),
            });
        } else if let Some(more) = line.trim_start().strip_prefix("> ") {
            let Some(choice) = question.choices.last_mut() else {
                bail!("« {line} » explique une réponse qui n'est pas encore écrite.");
            };
            choice.explanation += if choice.explanation.is_empty() { "" } else { " " };
            choice.explanation += more;
        } else if question.choices.is_empty() {
            question.text += line;
            question.text.push('\n');
        } else if !line.is_empty() {
            bail!("« {line} » n'est ni une réponse ni son explication (`  > …`).");
        }
    }
    question.text = question.text.trim().to_string();
    check(&question)?;
    Ok(question)
}

fn check(question: &Question) -> Result<()> {
    let choices = &question.choices;
    if question.text.is_empty() || question.text.contains("\n\n") {
        bail!("la question tient en un paragraphe, avant les réponses.");
    }
    if let Some(mute) = choices.iter().find(|choice| choice.explanation.is_empty()) {
        bail!(
            "la réponse « {} » n'a pas d'explication : ajoutez-la dessous, `  > …`.",
            mute.text
        );
    }
    let right = choices.iter().filter(|choice| choice.right).count();
    match question.kind {
        Kind::Single if right != 1 || choices.len() < 2 => bail!(
            "un choix unique a une seule bonne réponse parmi deux ou plus ; ici {right} sur {}.",
            choices.len()
        ),
        Kind::Multiple if right < 2 || right == choices.len() => bail!(
            "un choix multiple a deux bonnes réponses ou plus, et une mauvaise ; ici {right} sur {}.",
            choices.len()
        ),
        Kind::Order if choices.len() < 3 => bail!("un ordre a au moins trois étapes."),
        Kind::Number => {
            if right != 1 {
                bail!("une question à nombre a une seule bonne réponse ; ici {right}.");
            }
            if choices.last().is_none_or(|last| last.right || last.text != "autre") {
                bail!("la dernière réponse d'une question à nombre est `- [ ] autre`.");
            }
            for choice in &choices[..choices.len() - 1] {
                if number(&choice.text).is_none() {
                    bail!(
                        "« {} » n'est pas un nombre, comme 21 ou 0,25 ± 0,01.",
                        choice.text
                    );
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// « 0,25 ± 0,01 » : la valeur et la tolérance.
fn number(text: &str) -> Option<(f64, f64)> {
    let read = |part: &str| part.trim().replace(',', ".").replace('−', "-").parse().ok();
    match text.split_once('±') {
        Some((value, near)) => Some((read(value)?, read(near)?)),
        None => Some((read(text)?, 0.0)),
    }
}

fn letter(rank: usize) -> char {
    char::from(b'a' + u8::try_from(rank % 26).unwrap_or(0))
}

/// L'ordre où montrer les étapes : mélangé, toujours de la même façon, jamais le bon.
fn shuffled(count: usize) -> Vec<usize> {
    let step = (2..count).find(|step| gcd(*step, count) == 1).unwrap_or(1);
    (0..count).map(|rank| ((rank + 1) * step) % count).collect()
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Question {
    fn how(&self) -> &'static str {
        match self.kind {
            Kind::Single => "Une seule réponse.",
            Kind::Multiple => "Plusieurs réponses.",
            Kind::Number => "Un nombre.",
            Kind::Order => "À remettre dans l'ordre.",
        }
    }

    /// Le titre « Question » et son numéro, et d'où elle vient si c'est d'un autre chapitre.
    fn title(&self, chapter: &str, rank: usize) -> String {
        let number = chapter.trim_start_matches('0');
        let number = if number.is_empty() { "0" } else { number };
        let recall = self.recall.as_ref().map_or(String::new(), |target| {
            let from = target.get(..2).unwrap_or_default().trim_start_matches('0');
            let from = if from.is_empty() { "0" } else { from };
            format!(" Elle revient sur le [chapitre {from}]({target}).")
        });
        format!("**Question {number}.{rank}.** {}{recall}", self.how())
    }

    /// Ce qu'il faut comprendre de chaque réponse, la bonne d'abord dite telle.
    fn answers(&self) -> Vec<String> {
        let explain = |(rank, choice): (usize, &Choice)| match self.kind {
            Kind::Order => {
                format!("**{}. {}** {}", rank + 1, choice.text, choice.explanation)
            }
            Kind::Number if choice.right => {
                format!("**{}\u{a0}: juste.** {}", choice.text, choice.explanation)
            }
            Kind::Number => {
                format!("**{}\u{a0}: non.** {}", choice.text, choice.explanation)
            }
            _ => {
                let verdict = if choice.right { "juste" } else { "non" };
                format!("**{}\u{a0}: {verdict}.** {}", letter(rank), choice.explanation)
            }
        };
        self.choices.iter().enumerate().map(explain).collect()
    }
}

fn notebook(question: &Question, chapter: &str, rank: usize) -> String {
    let list: Vec<String> = match question.kind {
        Kind::Number => Vec::new(),
        Kind::Order => shuffled(question.choices.len())
            .into_iter()
            .map(|i| format!("- {}", question.choices[i].text))
            .collect(),
        _ => question
            .choices
            .iter()
            .enumerate()
            .map(|(i, choice)| format!("- **{}** {}", letter(i), choice.text))
            .collect(),
    };
    let list = if list.is_empty() { String::new() } else { list.join("\n") + "\n\n" };
    format!(
        "{}\n\n{}\n\n{list}<details>\n<summary>Réponse</summary>\n\n{}\n\n</details>",
        question.title(chapter, rank),
        question.text,
        question.answers().join("\n\n")
    )
}

fn page(question: &Question, chapter: &str, rank: usize) -> String {
    let id = format!("question-{chapter}-{rank}");
    let kind = match question.kind {
        Kind::Single => "unique",
        Kind::Multiple => "multiple",
        Kind::Number => "nombre",
        Kind::Order => "ordre",
    };
    let field = match question.kind {
        Kind::Number => format!(
            "<label>Votre réponse <input type=\"text\" name=\"{id}\" inputmode=\"decimal\" \
             autocomplete=\"off\" size=\"8\"></label>\n"
        ),
        Kind::Order => shuffled(question.choices.len())
            .into_iter()
            .map(|i| format!("- <span data-place=\"{i}\">{}</span>\n", question.choices[i].text))
            .collect(),
        _ => question
            .choices
            .iter()
            .enumerate()
            .map(|(i, choice)| {
                let (input, name) = match question.kind {
                    Kind::Single => ("radio", id.clone()),
                    _ => ("checkbox", format!("{id}-{}", letter(i))),
                };
                format!(
                    "<label><input type=\"{input}\" name=\"{name}\" value=\"{i}\"> {}. {}</label>\n\n",
                    letter(i),
                    choice.text
                )
            })
            .collect(),
    };
    let role = if question.kind == Kind::Single { "radiogroup" } else { "group" };
    let answers: String = question
        .answers()
        .iter()
        .zip(&question.choices)
        .enumerate()
        .map(|(i, (answer, choice))| {
            let right = if choice.right { " data-juste=\"oui\"" } else { "" };
            let near = match (question.kind, number(&choice.text)) {
                (Kind::Number, Some((value, near))) => {
                    format!(" data-nombre=\"{value}\" data-pres=\"{near}\"")
                }
                _ => String::new(),
            };
            format!("<div data-choix=\"{i}\"{right}{near}>\n\n{answer}\n\n</div>\n\n")
        })
        .collect();
    format!(
        "<form class=\"question\" id=\"{id}\" data-sorte=\"{kind}\">\n\n\
         <div id=\"{id}-texte\">\n\n{}\n\n{}\n\n</div>\n\n\
         <div class=\"question-choix\" role=\"{role}\" aria-labelledby=\"{id}-texte\">\n\n\
         {field}\n</div>\n\n\
         <p class=\"question-gestes\"><button type=\"submit\">Vérifier</button></p>\n\
         <div class=\"question-verdict\" role=\"status\"></div>\n\n\
         <details>\n<summary>Réponse à la question {rank}</summary>\n\n{answers}</details>\n\n\
         </form>",
        question.title(chapter, rank),
        question.text,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(head: &str, body: &str) -> String {
        format!("avant\n\n<!-- question {head} -->\n\n{body}\n\n<!-- fin -->\n\naprès\n")
    }

    const SINGLE: &str = "Pourquoi ?\n\n- [ ] Ceci.\n  > Non, car $a$.\n- [x] Cela.\n  > Oui,\n  > bien sûr.";

    #[test]
    fn la_page_a_un_formulaire_et_le_notebook_une_reponse_repliee() {
        let text = question("unique, rappel=02_network.md#formes", SINGLE);
        let page = to_page("06_backprop", &text).unwrap();
        assert!(
            page.contains(
                "<input type=\"radio\" name=\"question-06-1\" value=\"1\"> b. Cela."
            ),
            "{page}"
        );
        assert!(page.contains("<div data-choix=\"1\" data-juste=\"oui\">\n\n**b\u{a0}: juste.** Oui, bien sûr."), "{page}");
        assert!(page.contains("[chapitre 2](02_network.md#formes)"), "{page}");
        assert!(page.starts_with("avant") && page.ends_with("après\n"));
        let notebook = to_notebook("06_backprop", &text).unwrap();
        assert!(
            notebook.contains("- **a** Ceci.\n- **b** Cela.\n\n<details>"),
            "{notebook}"
        );
        assert!(
            !notebook.contains("[x]") && !notebook.contains("question unique"),
            "{notebook}"
        );
    }

    #[test]
    fn un_nombre_a_sa_tolerance_et_un_ordre_est_melange() {
        let body = "Combien ?\n\n- [x] 0,25 ± 0,01\n  > Oui.\n- [ ] 1\n  > Trop.\n- [ ] autre\n  > Non.";
        let page = to_page("01_x", &question("nombre", body)).unwrap();
        assert!(page.contains("data-nombre=\"0.25\" data-pres=\"0.01\""), "{page}");
        for count in 3..12 {
            let order = shuffled(count);
            assert_ne!(order, (0..count).collect::<Vec<_>>());
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn une_question_mal_ecrite_arrete_tout_et_dit_pourquoi() {
        let refused = |head: &str, body: &str| {
            to_page("06_backprop", &question(head, body)).unwrap_err().to_string()
        };
        let mute = SINGLE.replace("  > Non, car $a$.\n", "");
        let cases = [
            ("unique", mute.as_str(), "« Ceci. » n'a pas d'explication"),
            ("unique", "Pourquoi ?\n\n- [ ] A.\n  > a\n- [ ] B.\n  > b", "ici 0 sur 2"),
            ("multiple", SINGLE, "deux bonnes réponses ou plus"),
            ("ordre", SINGLE, "celles d'un ordre"),
            ("ordre", "Quoi ?\n\n1. A\n  > a\n2. B\n  > b", "au moins trois"),
            ("nombre", SINGLE, "`- [ ] autre`"),
            ("vrai-faux", SINGLE, "« vrai-faux » n'existe pas"),
            ("unique, niveau=2", SINGLE, "« niveau=2 » n'existe pas"),
            ("unique", "- [x] A.\n  > a\n- [ ] B.\n  > b", "en un paragraphe"),
            ("unique", &format!("{SINGLE}\n\nEt puis."), "« Et puis. »"),
        ];
        for (head, body, words) in cases {
            let said = refused(head, body);
            assert!(said.contains(words), "{said}");
            assert!(said.starts_with("book/src/06_backprop.md:3 "), "{said}");
        }
        let open = question("unique", SINGLE).replace("<!-- fin -->", "");
        assert!(to_page("05_x", &open).unwrap_err().to_string().contains("<!-- fin -->"));
    }
}
