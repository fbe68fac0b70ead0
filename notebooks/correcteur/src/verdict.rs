//! Le verdict : ce que le correcteur répond, à la personne et aux machines.

use std::fmt;
use std::io::Write;

use serde_json::{Value, json};

use crate::card::{self, Block};
use crate::compare::{Comparison, TOLERANCE};
use crate::run::Outcome;
use crate::tensor::{Tensor, short};

/// Le type MIME du verdict pour les machines, dans la même sortie que la carte.
pub const MIME: &str = "application/vnd.correcteur+json";
/// La version de la forme du JSON ; elle change si un champ change de sens ou disparaît.
pub const SCHEMA: u32 = 1;

/// Ce qu'un verdict peut être.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Juste sur toutes les sondes.
    Success,
    /// Il reste un `todo!()`.
    Todo,
    /// Les résultats sont ceux d'une erreur connue.
    Mistake,
    /// Une forme n'est pas celle attendue.
    Shape,
    /// Un NaN ou un infini, là où l'on attendait un nombre.
    NonFinite,
    /// Des nombres faux.
    Value,
    /// La fonction s'est arrêtée.
    Panic,
    /// La fonction n'a pas fini à temps.
    TooSlow,
}

impl Status {
    /// Le mot du JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Todo => "todo",
            Self::Mistake => "mistake",
            Self::Shape => "shape",
            Self::NonFinite => "non_finite",
            Self::Value => "value",
            Self::Panic => "panic",
            Self::TooSlow => "too_slow",
        }
    }

    /// Un signe et quelques mots : l'un sans l'autre se comprend encore.
    fn headline(self) -> (&'static str, &'static str) {
        match self {
            Self::Success => ("✔", "Juste."),
            Self::Todo => ("○", "À écrire."),
            Self::Mistake => ("✘", "Pas encore : c'est une erreur connue."),
            Self::Shape => ("✘", "Pas encore : la forme n'est pas la bonne."),
            Self::NonFinite => ("✘", "Pas encore : le résultat n'est pas un nombre fini."),
            Self::Value => ("✘", "Pas encore : les nombres ne sont pas les bons."),
            Self::Panic => ("✘", "Pas encore : votre fonction s'est arrêtée en chemin."),
            Self::TooSlow => ("✘", "Pas encore : votre fonction ne finit pas."),
        }
    }
}

/// Une section du livre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Le nom commun au chapitre et au notebook : « 06_backprop ».
    pub chapter: &'static str,
    /// Le titre de la section, tel qu'il est écrit.
    pub heading: &'static str,
}

impl Section {
    fn name(&self) -> String {
        let number: u32 = self.chapter[..2].parse().unwrap_or(0);
        format!("chapitre {number}, « {} »", self.heading)
    }

    /// Dans JupyterLab, l'ancre d'un titre est son texte, un trait d'union pour chaque espace.
    fn address(&self) -> String {
        format!("{}.ipynb#{}", self.chapter, self.heading.replace([' ', '\u{a0}'], "-"))
    }
}

/// La plus petite sonde qui échoue.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Ce que la fonction a reçu.
    pub inputs: Vec<Tensor>,
    /// Ce qu'elle aurait dû rendre.
    pub expected: Vec<Tensor>,
    /// Ce qu'elle a rendu ; rien si elle s'est arrêtée.
    pub received: Vec<Tensor>,
    /// Les deux, comparés tableau par tableau, quand les formes le permettent.
    pub comparisons: Vec<Comparison>,
}

/// La réponse du correcteur.
///
/// Dans un notebook, elle s'affiche d'elle-même. [`indice`](Verdict::indice) donne un indice à la
/// fois.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// L'exercice : « 01_my_sigmoid ».
    pub exercise: &'static str,
    /// Son titre dans le livre.
    pub title: &'static str,
    /// Ce qu'il en est.
    pub status: Status,
    /// L'erreur reconnue, par son nom.
    pub mistake: Option<&'static str>,
    /// Ce qu'il faut comprendre, un paragraphe par élément.
    pub message: Vec<String>,
    /// Où le livre l'explique.
    pub section: Option<Section>,
    /// Trois indices, du plus discret au plus clair ; vides une fois l'exercice réussi.
    pub hints: [&'static str; 3],
    /// Le nombre de sondes, et de sondes réussies.
    pub probes: usize,
    /// Les sondes réussies.
    pub passed: usize,
    /// La plus petite sonde qui échoue.
    pub failure: Option<Failure>,
    /// Ce que la fonction a donné à chaque sonde.
    pub(crate) answers: Vec<Outcome>,
}

impl Verdict {
    /// L'exercice est-il réussi ?
    pub fn is_success(&self) -> bool {
        self.status == Status::Success
    }

    /// L'indice numéro `step`, de 1 à 3 : ajoutez `.indice(1)` à la fin de la cellule.
    pub fn indice(self, step: usize) -> Hint {
        Hint { verdict: self, step }
    }

    /// La carte, sans style ni script.
    pub fn html(&self) -> String {
        card::html(&self.blocks())
    }

    /// La carte en texte seul.
    pub fn text(&self) -> String {
        card::text(&self.blocks())
    }

    /// Le verdict pour les machines. Les champs sont dans la documentation de la bibliothèque.
    pub fn json(&self) -> Value {
        json!({
            "schema": SCHEMA,
            "exercise": self.exercise,
            "title": self.title,
            "status": self.status.code(),
            "mistake": self.mistake,
            "message": self.message,
            "section": self.section.map(|s| json!({
                "chapter": s.chapter,
                "heading": s.heading,
            })),
            "hint": null,
            "probes": self.probes,
            "passed": self.passed,
            "failure": self.failure.as_ref().map(failure_json),
        })
    }

    /// Affiche le verdict dans un notebook ; le noyau evcxr appelle lui-même cette fonction.
    pub fn evcxr_display(&self) {
        show(&self.blocks(), &self.json());
    }

    /// Ce que la fonction a donné à chaque sonde, et rien de ce qui en a été jugé : de quoi juger
    /// ailleurs, avec `AnyExercise::judge_answers`, qui n'a pas à croire ce
    /// programme-ci.
    pub fn answers(&self) -> Value {
        self.answers.iter().map(Outcome::write).collect()
    }

    fn blocks(&self) -> Vec<Block> {
        let title = if self.title.is_empty() { self.exercise } else { self.title };
        let (sign, words) = self.status.headline();
        let mut blocks = vec![Block::Strong(format!("{sign} {title}. {words}"))];
        blocks.extend(self.message.iter().cloned().map(Block::Paragraph));
        if let Some(section) = self.section {
            blocks.push(Block::Link(
                "C'est expliqué au".into(),
                section.address(),
                section.name(),
            ));
        }
        if let Some(failure) = &self.failure {
            blocks.extend(failure_blocks(failure, self.status));
            if self.probes > 1 {
                blocks.push(Block::Paragraph(format!(
                    "Essais réussis : {} sur {}.",
                    self.passed, self.probes
                )));
            }
        }
        if !self.hints[0].is_empty() {
            let fold = |i: usize, inner: Vec<Block>| {
                let mut content = vec![Block::Paragraph(self.hints[i].into())];
                content.extend(inner);
                vec![Block::Folded(format!("Indice {}", i + 1), content)]
            };
            blocks.extend(fold(0, fold(1, fold(2, vec![]))));
            blocks.push(Block::TextOnly(
                "Pour un indice, ajoutez `.indice(1)` à la fin de la cellule, et exécutez-la."
                    .into(),
            ));
        }
        blocks
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// Un indice, et le verdict qu'il accompagne.
#[derive(Clone, Debug)]
pub struct Hint {
    verdict: Verdict,
    step: usize,
}

impl Hint {
    /// L'indice, en texte seul.
    pub fn text(&self) -> String {
        card::text(&self.blocks())
    }

    /// Le verdict pour les machines, avec le numéro de l'indice.
    pub fn json(&self) -> Value {
        let mut json = self.verdict.json();
        json["hint"] = self.step.into();
        json
    }

    /// Affiche l'indice dans un notebook ; le noyau evcxr appelle lui-même cette fonction.
    pub fn evcxr_display(&self) {
        show(&self.blocks(), &self.json());
    }

    fn blocks(&self) -> Vec<Block> {
        if self.verdict.is_success() {
            let mut blocks = vec![Block::Paragraph(
                "L'exercice est réussi : plus besoin d'indice.".into(),
            )];
            blocks.extend(self.verdict.blocks());
            return blocks;
        }
        let Some(hint) = self.step.checked_sub(1).and_then(|i| self.verdict.hints.get(i))
        else {
            return vec![Block::Paragraph(
                "Les indices se demandent un par un : `.indice(1)`, puis `.indice(2)`, puis \
                 `.indice(3)`."
                    .into(),
            )];
        };
        let next = match self.step {
            3 => "C'était le dernier. Corrigez votre cellule, puis exécutez de nouveau \
                  celle-ci."
                .into(),
            step => format!("S'il ne suffit pas : `.indice({})`.", step + 1),
        };
        vec![
            Block::Strong(format!("Indice {} sur 3", self.step)),
            Block::Paragraph(hint.to_string()),
            Block::Paragraph(next),
        ]
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// Une seule sortie de cellule, sous trois formes.
fn show(blocks: &[Block], json: &Value) {
    let output = [
        ("text/html", card::html(blocks)),
        ("text/plain", card::text(blocks)),
        (MIME, json.to_string()),
    ]
    .map(|(mime, content)| {
        format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n")
    })
    .concat();
    // Une sortie déjà fermée n'a plus de lecteur : il n'y a rien à signaler.
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(output.as_bytes()).and_then(|()| stdout.flush());
}

/// L'essai qui échoue : ce qui entre, puis attendu, reçu et différence.
fn failure_blocks(failure: &Failure, status: Status) -> Vec<Block> {
    let mut blocks = Vec::new();
    let header = |names: &[&str]| names.iter().map(|n| n.to_string()).collect();
    // Des nombres seuls n'ont pas de forme à montrer.
    let values = |caption: &str, tensors: &[Tensor]| {
        let shaped = tensors.iter().any(|t| !t.shape.is_empty());
        let rows = tensors.iter().map(|t| match (shaped, t.shape.is_empty()) {
            (false, _) => vec![t.name.clone(), t.grid()],
            (true, true) => vec![t.name.clone(), String::new(), t.grid()],
            (true, false) => vec![t.name.clone(), t.shape_in_words(), t.grid()],
        });
        let names: &[&str] =
            if shaped { &["", "forme", "valeur"] } else { &["", "valeur"] };
        Block::Table(caption.into(), header(names), rows.collect())
    };
    let caption = match status {
        Status::Todo => "Un essai",
        _ => "Le plus petit essai qui échoue",
    };
    blocks.push(values(caption, &failure.inputs));
    if failure.received.len() != failure.expected.len() {
        if status != Status::Todo {
            blocks.push(values("Ce qui était attendu", &failure.expected));
        }
        return blocks;
    }
    let shapes: Vec<_> = failure
        .expected
        .iter()
        .zip(&failure.received)
        .filter(|(e, r)| e.shape != r.shape)
        .map(|(e, r)| vec![e.name.clone(), e.shape_in_words(), r.size_in_words()])
        .collect();
    if !shapes.is_empty() {
        blocks.push(Block::Table(
            "Les formes".into(),
            header(&["", "forme attendue", "forme reçue"]),
            shapes,
        ));
    }
    let mut rows = Vec::new();
    let mut summary = Vec::new();
    for comparison in &failure.comparisons {
        let pair =
            |list: &[Tensor]| list.iter().find(|t| t.name == comparison.name).cloned();
        let (Some(e), Some(r)) = (pair(&failure.expected), pair(&failure.received)) else {
            continue;
        };
        let yes = |b: bool| if b { "oui" } else { "non" }.to_string();
        summary.push(vec![
            e.name.clone(),
            yes(comparison.exact),
            yes(comparison.approximate),
            match comparison.largest_gap {
                0.0 => "0".into(),
                gap => format!("{}{}", short(gap), e.place_in_words(comparison.at)),
            },
        ]);
        if !comparison.approximate {
            let gaps = e.values.iter().zip(&r.values).map(|(e, r)| r - e).collect();
            rows.push(vec![e.name.clone(), e.grid(), r.grid(), e.with_values(gaps).grid()]);
        }
    }
    if !rows.is_empty() {
        blocks.push(Block::Table(
            "Attendu et reçu".into(),
            header(&["", "attendu", "reçu", "différence"]),
            rows,
        ));
    }
    if !summary.is_empty() {
        let near = format!("égal à {TOLERANCE:e} près");
        let columns = header(&["", "égal au dernier bit", &near, "plus grand écart"]);
        blocks.push(Block::Table("Comparaison".into(), columns, summary));
    }
    blocks
}

fn failure_json(failure: &Failure) -> Value {
    let tensors = |list: &[Tensor]| -> Vec<Value> {
        list.iter()
            .map(|t| {
                json!({
                    "name": t.name,
                    "axes": t.axes,
                    "shape": t.shape,
                    "values": t.values.iter().map(|v| real(*v)).collect::<Vec<_>>(),
                })
            })
            .collect()
    };
    let comparisons: Vec<_> = failure
        .comparisons
        .iter()
        .map(|c| {
            json!({
                "name": c.name,
                "exact": c.exact,
                "approximate": c.approximate,
                "largest_gap": real(c.largest_gap),
            })
        })
        .collect();
    json!({
        "inputs": tensors(&failure.inputs),
        "expected": tensors(&failure.expected),
        "received": tensors(&failure.received),
        "comparisons": comparisons,
    })
}

/// JSON n'a ni NaN ni infini : ils s'y écrivent en toutes lettres.
fn real(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { json!(short(value)) }
}
