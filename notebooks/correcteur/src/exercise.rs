//! Un exercice : une référence, des sondes, des erreurs connues, et ce que l'on en dit.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::compare::{compare, lead, same};
use crate::panique;
use crate::run::{Observe, Outcome, observe};
use crate::tensor::{Tensor, short};
use crate::verdict::{Failure, Section, Status, Verdict};

/// Le temps laissé à la fonction de l'apprenant, pour toutes les sondes : elles en demandent
/// normalement moins d'un centième de seconde.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Ce que le chapitre écrit de l'exercice, et lui seul.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// « 01_my_sigmoid ».
    pub id: &'static str,
    /// Le titre de la section.
    pub title: &'static str,
    /// L'énoncé, en Markdown.
    pub statement: &'static str,
    /// La ou les signatures, une par ligne.
    pub signature: &'static str,
    /// La cellule que reçoit l'apprenant.
    pub stub: &'static str,
    /// La cellule résolue.
    pub solution: &'static str,
    /// La cellule du correcteur.
    pub call: &'static str,
}

const TEXTS: &[Text] = &include!(concat!(env!("OUT_DIR"), "/textes.rs"));

/// Une sonde : des entrées, et la façon d'appeler la fonction dessus.
struct Probe<F> {
    inputs: Vec<Tensor>,
    observe: Observe<F>,
}

/// Une erreur connue : le code faux, ce qu'il faut en comprendre, et où c'est expliqué.
pub struct Mistake<F> {
    name: &'static str,
    wrong: F,
    diagnosis: &'static str,
    hints: [&'static str; 3],
    section: Section,
}

/// Un exercice dont la fonction est de type `F`.
pub struct Exercise<F> {
    id: &'static str,
    reference: F,
    probes: Vec<Probe<F>>,
    mistakes: Vec<Mistake<F>>,
    hints: [&'static str; 3],
    section: Section,
    explanation: &'static str,
    variation: &'static str,
}

impl<F: Clone + Send + 'static> Exercise<F> {
    /// Un exercice sans sonde : `id` est « NN_nom », `section` celle du livre qui l'enseigne.
    pub fn new(id: &'static str, section: Section, reference: F) -> Self {
        Self {
            id,
            reference,
            probes: Vec::new(),
            mistakes: Vec::new(),
            hints: [""; 3],
            section,
            explanation: "",
            variation: "",
        }
    }

    /// Une sonde par élément de `data` : `inputs` les décrit, `call` appelle la fonction.
    pub fn probes<P: Send + Sync + 'static>(
        mut self,
        data: impl IntoIterator<Item = P>,
        inputs: fn(&P) -> Vec<Tensor>,
        call: fn(F, &P) -> Vec<Tensor>,
    ) -> Self {
        for given in data {
            let inputs = inputs(&given);
            self.probes.push(Probe { inputs, observe: Arc::new(move |f| call(f, &given)) });
        }
        self
    }

    /// Une erreur connue ; les trois indices vont du plus discret au plus clair.
    pub fn mistake(
        mut self,
        name: &'static str,
        wrong: F,
        diagnosis: &'static str,
        hints: [&'static str; 3],
        section: Section,
    ) -> Self {
        self.mistakes.push(Mistake { name, wrong, diagnosis, hints, section });
        self
    }

    /// Les indices pour qui fait une erreur que l'on ne connaît pas.
    pub fn hints(mut self, hints: [&'static str; 3]) -> Self {
        self.hints = hints;
        self
    }

    /// Ce que dit une réponse juste : pourquoi elle l'est, et que changer ensuite.
    pub fn success(mut self, explanation: &'static str, variation: &'static str) -> Self {
        (self.explanation, self.variation) = (explanation, variation);
        self
    }

    /// Corrige une réponse.
    pub fn judge(&self, yours: F) -> Verdict {
        self.judge_within(yours, TIME_LIMIT)
    }

    /// Corrige une réponse, qui a `limit` pour finir.
    pub fn judge_within(&self, yours: F, limit: Duration) -> Verdict {
        self.verdict(self.outcomes(yours, limit))
    }

    fn verdict(&self, received: Vec<Outcome>) -> Verdict {
        let expected = self.outcomes(self.reference.clone(), TIME_LIMIT);
        let right: Vec<bool> =
            expected.iter().zip(&received).map(|(e, r)| same(e, r)).collect();
        let verdict = Verdict {
            exercise: self.id,
            title: self.text().map_or("", |text| text.title),
            status: Status::Success,
            mistake: None,
            message: vec![
                self.explanation.into(),
                format!("Pour aller plus loin : {}", self.variation),
            ],
            section: None,
            hints: [""; 3],
            probes: received.len(),
            passed: right.iter().filter(|right| **right).count(),
            failure: None,
            answers: received.clone(),
        };
        // La plus petite sonde qui échoue est celle qui donne le moins de nombres.
        let size = |i: &usize| -> usize {
            self.probes[*i].inputs.iter().map(|t| t.values.len()).sum()
        };
        let Some(worst) = (0..right.len()).filter(|i| !right[*i]).min_by_key(size) else {
            return verdict;
        };
        let failure =
            failure(&self.probes[worst].inputs, &expected[worst], &received[worst]);
        let verdict = Verdict {
            section: Some(self.section),
            hints: self.hints,
            failure: Some(failure),
            ..verdict
        };
        if let Some(words) = self.todo(&received, &verdict) {
            return Verdict { status: Status::Todo, message: words, ..verdict };
        }
        let known = self.mistakes.iter().find(|mistake| {
            let theirs = self.outcomes(mistake.wrong.clone(), TIME_LIMIT);
            theirs.iter().zip(&received).all(|(a, b)| same(a, b))
        });
        if let Some(mistake) = known {
            return Verdict {
                status: Status::Mistake,
                mistake: Some(mistake.name),
                message: vec![mistake.diagnosis.into()],
                section: Some(mistake.section),
                hints: mistake.hints,
                ..verdict
            };
        }
        let (status, message) = unknown(worst, &expected, &received);
        Verdict { status, message, ..verdict }
    }

    fn outcomes(&self, candidate: F, limit: Duration) -> Vec<Outcome> {
        observe(self.probes.iter().map(|p| p.observe.clone()).collect(), candidate, limit)
    }

    /// Ce que dit le correcteur s'il rencontre un `todo!()`.
    fn todo(&self, received: &[Outcome], verdict: &Verdict) -> Option<Vec<String>> {
        let is_todo = |outcome: &&Outcome| match outcome {
            Outcome::Panic(said) => {
                said.starts_with("not yet implemented")
                    || said.starts_with("not implemented")
            }
            _ => false,
        };
        let met = received.iter().filter(is_todo).count();
        if met == 0 {
            return None;
        }
        let first = if met == received.len() {
            "Votre fonction contient encore `todo!()`, la façon qu'a Rust de dire « il reste à \
             écrire ». Remplacez-le par votre code, exécutez votre cellule, puis celle-ci."
        } else {
            "Il reste un `todo!()` sur l'un des chemins de votre fonction : une branche d'un \
             `if`, peut-être."
        };
        let expected =
            verdict.failure.as_ref().map(|f| f.expected.as_slice()).unwrap_or(&[]);
        let wanted: Vec<String> = expected
            .iter()
            .map(|t| match t.shape[..] {
                [] => format!("{} = {}", t.name, short(t.values[0])),
                _ => format!("{}, {}", t.name, t.shape_in_words()),
            })
            .collect();
        let wanted = wanted.join(" ; ");
        Some(vec![first.into(), format!("Pour l'essai ci-dessous, on attend : {wanted}.")])
    }
}

/// Ce que dit le correcteur d'une erreur qu'il ne connaît pas, d'après la sonde de rang `worst`.
fn unknown(
    worst: usize,
    all_expected: &[Outcome],
    all_received: &[Outcome],
) -> (Status, Vec<String>) {
    let (Outcome::Values(expected), Outcome::Values(received)) =
        (&all_expected[worst], &all_received[worst])
    else {
        return match &all_received[worst] {
            Outcome::Panic(said) => {
                let help = panique::explain(said);
                let said = format!("Le message de Rust : `{}`.", said.trim());
                let help = (!help.is_empty()).then(|| help.to_string());
                (Status::Panic, help.into_iter().chain([said]).collect())
            }
            _ => (
                Status::TooSlow,
                vec![
                    format!(
                        "Elle n'avait pas fini après {} secondes, alors que le calcul en demande \
                         une fraction. Cherchez une boucle `while` ou `loop` dont rien ne sort.",
                        TIME_LIMIT.as_secs()
                    ),
                    "Vous pouvez continuer à travailler, mais cette boucle tourne toujours et \
                     occupe un cœur du processeur. Pour l'arrêter : menu Noyau, Redémarrer le \
                     noyau."
                        .into(),
                ],
            ),
        };
    };
    let pairs = || expected.iter().zip(received);
    if let Some((e, r)) = pairs().find(|(e, r)| e.shape != r.shape) {
        let mut words = vec![format!(
            "Pour {}, on attend {} ; on reçoit {}.",
            e.name,
            e.shape_in_words(),
            r.shape_in_words()
        )];
        if e.shape.iter().rev().eq(&r.shape) {
            words.push(
                "Les deux axes sont échangés : il y a une transposée de trop, ou un \
                        produit écrit dans l'autre ordre."
                    .into(),
            );
        }
        return (Status::Shape, words);
    }
    let bad = |t: &Tensor| t.values.iter().position(|v| !v.is_finite());
    if let Some((e, r, at)) = pairs()
        .find_map(|(e, r)| bad(r).filter(|i| e.values[*i].is_finite()).map(|at| (e, r, at)))
    {
        let value = short(r.values[at]);
        let cause = match r.values[at].is_nan() {
            true => {
                "NaN vient d'un calcul sans réponse : 0/0, ∞ − ∞, ∞/∞, la racine d'un \
                     négatif."
            }
            false => {
                "Un infini vient d'une division par zéro, ou d'une exponentielle trop \
                      grande."
            }
        };
        return (
            Status::NonFinite,
            vec![format!("{} vaut {value}{}.", e.name, e.place_in_words(at)), cause.into()],
        );
    }
    let wrong: Vec<_> = pairs().filter(|(e, r)| !compare(e, r).approximate).collect();
    let names = |list: Vec<&str>| list.join(", ");
    let mut words = Vec::new();
    if wrong.len() < expected.len() {
        let right = pairs().filter(|(e, r)| compare(e, r).approximate);
        words.push(format!(
            "Juste : {}. Faux : {}.",
            names(right.map(|(e, _)| e.name.as_str()).collect()),
            names(wrong.iter().map(|(e, _)| e.name.as_str()).collect())
        ));
    }
    if let Some((e, r)) = wrong.first() {
        let all = pairs_of(&e.name, all_expected, all_received);
        words.push(format!("Une piste. {}", lead(e, r, &all)));
    }
    (Status::Value, words)
}

/// Les couples (attendu, reçu) d'un même tableau, sur toutes les sondes où les formes s'accordent.
fn pairs_of(name: &str, expected: &[Outcome], received: &[Outcome]) -> Vec<(f64, f64)> {
    let of = |outcome: &Outcome| match outcome {
        Outcome::Values(values) => values.iter().find(|t| t.name == name).cloned(),
        _ => None,
    };
    let mut all = Vec::new();
    for (e, r) in expected.iter().zip(received) {
        if let (Some(e), Some(r)) = (of(e), of(r))
            && e.shape == r.shape
        {
            all.extend(e.values.into_iter().zip(r.values));
        }
    }
    all
}

fn failure(inputs: &[Tensor], expected: &Outcome, received: &Outcome) -> Failure {
    let values = |outcome: &Outcome| match outcome {
        Outcome::Values(values) => values.clone(),
        _ => Vec::new(),
    };
    let (expected, received) = (values(expected), values(received));
    let comparisons = expected
        .iter()
        .zip(&received)
        .filter(|(e, r)| e.shape == r.shape)
        .map(|(e, r)| compare(e, r))
        .collect();
    Failure { inputs: inputs.to_vec(), expected, received, comparisons }
}

/// Une erreur connue, telle qu'on l'énumère.
#[derive(Clone, Copy, Debug)]
pub struct MistakeCard {
    /// Son nom, unique dans l'exercice.
    pub name: &'static str,
    /// Ce qu'il faut comprendre.
    pub diagnosis: &'static str,
    /// Les trois indices.
    pub hints: [&'static str; 3],
    /// Où le livre l'explique.
    pub section: Section,
}

/// Un exercice dont on a oublié le type de la fonction : de quoi les énumérer tous.
pub trait AnyExercise {
    /// « 01_my_sigmoid ».
    fn id(&self) -> &'static str;
    /// Ce que le chapitre en écrit ; rien si le chapitre ne le contient pas.
    fn text(&self) -> Option<&'static Text>;
    /// La section qui l'enseigne.
    fn section(&self) -> Section;
    /// Les indices pour une erreur inconnue.
    fn general_hints(&self) -> [&'static str; 3];
    /// Pourquoi une réponse juste l'est.
    fn explanation(&self) -> &'static str;
    /// Ce que l'on peut changer ensuite.
    fn variation(&self) -> &'static str;
    /// Les erreurs connues.
    fn mistakes(&self) -> Vec<MistakeCard>;
    /// Les noms de toutes les erreurs qui donnent les mêmes résultats que celle de rang `index`.
    fn same_as_mistake(&self, index: usize) -> Vec<&'static str>;
    /// Le plus grand écart relatif entre l'erreur de rang `index` et la référence ; infini si une
    /// forme diffère ou si l'une s'arrête.
    fn distance_of_mistake(&self, index: usize) -> f64;
    /// Le verdict de la référence.
    fn judge_reference(&self) -> Verdict;
    /// Le verdict de l'erreur de rang `index`.
    fn judge_mistake(&self, index: usize) -> Verdict;
    /// Le verdict de réponses données ailleurs, telles que [`Verdict::answers`] les écrit ; rien si ce
    /// n'en sont pas.
    fn judge_answers(&self, answers: &Value) -> Option<Verdict>;
}

impl<F: Clone + Send + 'static> AnyExercise for Exercise<F> {
    fn id(&self) -> &'static str {
        self.id
    }

    fn text(&self) -> Option<&'static Text> {
        TEXTS.iter().find(|text| text.id == self.id)
    }

    fn section(&self) -> Section {
        self.section
    }

    fn general_hints(&self) -> [&'static str; 3] {
        self.hints
    }

    fn explanation(&self) -> &'static str {
        self.explanation
    }

    fn variation(&self) -> &'static str {
        self.variation
    }

    fn mistakes(&self) -> Vec<MistakeCard> {
        self.mistakes
            .iter()
            .map(|m| MistakeCard {
                name: m.name,
                diagnosis: m.diagnosis,
                hints: m.hints,
                section: m.section,
            })
            .collect()
    }

    fn same_as_mistake(&self, index: usize) -> Vec<&'static str> {
        let of = |m: &Mistake<F>| self.outcomes(m.wrong.clone(), TIME_LIMIT);
        let these = of(&self.mistakes[index]);
        self.mistakes
            .iter()
            .filter(|m| of(m).iter().zip(&these).all(|(a, b)| same(a, b)))
            .map(|m| m.name)
            .collect()
    }

    fn distance_of_mistake(&self, index: usize) -> f64 {
        let wrong = self.outcomes(self.mistakes[index].wrong.clone(), TIME_LIMIT);
        let right = self.outcomes(self.reference.clone(), TIME_LIMIT);
        let distance = |(w, r): (&Outcome, &Outcome)| match (w, r) {
            (Outcome::Values(w), Outcome::Values(r)) => {
                let gap = |(w, r): (&Tensor, &Tensor)| match w.shape == r.shape {
                    true => {
                        let scale = r.values.iter().fold(1.0, |a: f64, v| a.max(v.abs()));
                        compare(r, w).largest_gap / scale
                    }
                    false => f64::INFINITY,
                };
                w.iter().zip(r).map(gap).fold(0.0, f64::max)
            }
            _ => f64::INFINITY,
        };
        wrong.iter().zip(&right).map(distance).fold(0.0, f64::max)
    }

    fn judge_reference(&self) -> Verdict {
        self.judge(self.reference.clone())
    }

    fn judge_mistake(&self, index: usize) -> Verdict {
        self.judge(self.mistakes[index].wrong.clone())
    }

    fn judge_answers(&self, answers: &Value) -> Option<Verdict> {
        let expected = self.outcomes(self.reference.clone(), TIME_LIMIT);
        let answers = answers.as_array().filter(|all| all.len() == expected.len())?;
        let received = answers.iter().zip(&expected).map(|(a, e)| Outcome::read(a, e));
        Some(self.verdict(received.collect::<Option<_>>()?))
    }
}
