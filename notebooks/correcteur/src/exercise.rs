//! Un exercice : une référence, des sondes, des erreurs connues, et ce que l'on en dit.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::compare::{compare, same};
use crate::compose::{Causes, causes};
use crate::gap::{self, Pair, Said};
use crate::panique;
use crate::run::{ABANDONED, Call, Outcome, observe, observe_apart};
use crate::slips::{slips, summary, tells};
use crate::tensor::{Tensor, in_words, short};
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

/// Une erreur connue : ce qu'il faut en comprendre, et où c'est expliqué.
#[derive(Clone, Copy, Debug)]
pub struct Mistake {
    /// Son nom, unique dans l'exercice.
    pub name: &'static str,
    /// Ce qu'il faut comprendre.
    pub diagnosis: &'static str,
    /// Les trois indices, du plus discret au plus clair.
    pub hints: [&'static str; 3],
    /// Où le livre l'explique.
    pub section: Section,
}

/// Ce que l'on sait d'un exercice sans connaître le type de sa fonction.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// « 01_my_sigmoid ».
    pub id: &'static str,
    /// La section qui l'enseigne.
    pub section: Section,
    /// Les indices pour une erreur inconnue.
    pub hints: [&'static str; 3],
    /// Pourquoi une réponse juste l'est.
    pub explanation: &'static str,
    /// Ce que l'on peut changer ensuite.
    pub variation: &'static str,
    /// Les erreurs connues.
    pub mistakes: Vec<Mistake>,
    /// Le rang de l'erreur que l'énoncé donne à chercher, s'il en donne une.
    pub given: Option<usize>,
    /// Les entrées de chaque sonde.
    inputs: Vec<Vec<Tensor>>,
}

/// Ce qu'une sonde fait d'une fonction.
type Observe<F> = Arc<dyn Fn(F) -> Vec<Tensor> + Send + Sync>;

/// Un exercice dont la fonction est de type `F`. Le compilateur traduit ce qui suit une fois pour
/// chaque exercice ; ce qui peut se passer de `F` est donc dans [`AnyExercise`].
pub struct Exercise<F> {
    sheet: Sheet,
    reference: F,
    probes: Vec<Observe<F>>,
    /// Le code faux de chaque erreur connue, dans l'ordre de la feuille.
    wrong: Vec<F>,
}

impl<F: Clone + Send + 'static> Exercise<F> {
    /// Un exercice sans sonde : `id` est « NN_nom », `section` celle du livre qui l'enseigne.
    pub fn new(id: &'static str, section: Section, reference: F) -> Self {
        let sheet = Sheet {
            id,
            section,
            hints: [""; 3],
            explanation: "",
            variation: "",
            mistakes: Vec::new(),
            given: None,
            inputs: Vec::new(),
        };
        Self { sheet, reference, probes: Vec::new(), wrong: Vec::new() }
    }

    /// Une sonde par élément de `data` : `inputs` les décrit, `call` appelle la fonction.
    pub fn probes<P: Send + Sync + 'static>(
        mut self,
        data: impl IntoIterator<Item = P>,
        inputs: fn(&P) -> Vec<Tensor>,
        call: fn(F, &P) -> Vec<Tensor>,
    ) -> Self {
        for given in data {
            self.sheet.inputs.push(inputs(&given));
            self.probes.push(Arc::new(move |f| call(f, &given)));
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
        self.sheet.mistakes.push(Mistake { name, diagnosis, hints, section });
        self.wrong.push(wrong);
        self
    }

    /// La dernière erreur est celle de la fonction de l'énoncé : la nommer donnerait la réponse.
    pub fn given(mut self) -> Self {
        self.sheet.given = self.sheet.mistakes.len().checked_sub(1);
        self
    }

    /// Les indices pour qui fait une erreur que l'on ne connaît pas.
    pub fn hints(mut self, hints: [&'static str; 3]) -> Self {
        self.sheet.hints = hints;
        self
    }

    /// Ce que dit une réponse juste : pourquoi elle l'est, et que changer ensuite.
    pub fn success(mut self, explanation: &'static str, variation: &'static str) -> Self {
        (self.sheet.explanation, self.sheet.variation) = (explanation, variation);
        self
    }

    /// Corrige une réponse.
    pub fn judge(&self, yours: F) -> Verdict {
        self.judge_within(yours, TIME_LIMIT)
    }

    /// Corrige une réponse, qui a `limit` pour finir.
    pub fn judge_within(&self, yours: F, limit: Duration) -> Verdict {
        let this: &dyn AnyExercise = self;
        let expected = this.outcomes(None);
        let received = observe_apart(self.calls_of(yours), limit, &expected);
        this.verdict(expected, received)
    }

    fn calls_of(&self, candidate: F) -> Vec<Call> {
        let call = |probe: &Observe<F>| -> Call {
            let (probe, candidate) = (probe.clone(), candidate.clone());
            Box::new(move || probe(candidate))
        };
        self.probes.iter().map(call).collect()
    }
}

impl<F: Clone + Send + 'static> AnyExercise for Exercise<F> {
    fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    fn calls(&self, mistake: Option<usize>) -> Vec<Call> {
        self.calls_of(mistake.map_or(&self.reference, |index| &self.wrong[index]).clone())
    }
}

/// Un exercice dont on a oublié le type de la fonction : de quoi les énumérer tous, et les corriger.
pub trait AnyExercise {
    /// Ce qu'il dit.
    fn sheet(&self) -> &Sheet;
    /// Ses sondes, sur l'erreur connue de ce rang ; sur la référence, s'il n'y en a pas.
    fn calls(&self, mistake: Option<usize>) -> Vec<Call>;
}

impl dyn AnyExercise + '_ {
    /// Ce que le chapitre en écrit ; rien si le chapitre ne le contient pas.
    pub fn text(&self) -> Option<&'static Text> {
        TEXTS.iter().find(|text| text.id == self.sheet().id)
    }

    /// Les noms de toutes les erreurs qui donnent les mêmes résultats que celle de rang `index`.
    pub fn same_as_mistake(&self, index: usize) -> Vec<&'static str> {
        let these = self.outcomes(Some(index));
        let is_same = |other: &usize| {
            self.outcomes(Some(*other)).iter().zip(&these).all(|(a, b)| same(a, b))
        };
        let mistakes = &self.sheet().mistakes;
        (0..mistakes.len()).filter(is_same).map(|other| mistakes[other].name).collect()
    }

    /// Le plus grand écart relatif entre l'erreur de rang `index` et la référence ; infini si une
    /// forme diffère ou si l'une s'arrête.
    pub fn distance_of_mistake(&self, index: usize) -> f64 {
        let (wrong, right) = (self.outcomes(Some(index)), self.outcomes(None));
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

    /// Le verdict de la référence.
    pub fn judge_reference(&self) -> Verdict {
        self.verdict(self.outcomes(None), self.outcomes(None))
    }

    /// Le verdict de l'erreur de rang `index`.
    pub fn judge_mistake(&self, index: usize) -> Verdict {
        self.verdict(self.outcomes(None), self.outcomes(Some(index)))
    }

    /// Le verdict de réponses données ailleurs, telles que [`Verdict::answers`] les écrit ; rien si ce
    /// n'en sont pas.
    pub fn judge_answers(&self, answers: &Value) -> Option<Verdict> {
        let expected = self.outcomes(None);
        let answers = answers.as_array().filter(|all| all.len() == expected.len())?;
        let received = answers.iter().zip(&expected).map(|(a, e)| Outcome::read(a, e));
        let received = received.collect::<Option<_>>()?;
        Some(self.verdict(expected, received))
    }

    /// Le résumé d'une réponse, tel que `slips.txt` l'écrit ; rien si elle n'apprend rien.
    #[doc(hidden)]
    pub fn summary(&self, verdict: &Verdict) -> Option<String> {
        let is_known = |index: usize| {
            self.outcomes(Some(index)).iter().zip(&verdict.answers).all(|(a, b)| same(a, b))
        };
        let known = verdict.is_success() || (0..self.sheet().mistakes.len()).any(is_known);
        (!known && tells(&self.outcomes(None), &verdict.answers))
            .then(|| summary(&verdict.answers).join(" "))
    }

    /// Ce que rend l'erreur de ce rang, ou la référence ; calculé une seule fois.
    fn outcomes(&self, mistake: Option<usize>) -> Vec<Outcome> {
        type Known = BTreeMap<(&'static str, Option<usize>), Vec<Outcome>>;
        static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
        let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (self.sheet().id, mistake);
        if let Some(outcomes) = known().get(&key) {
            return outcomes.clone();
        }
        let outcomes = observe(self.calls(mistake), TIME_LIMIT);
        known().insert(key, outcomes.clone());
        outcomes
    }

    fn verdict(&self, expected: Vec<Outcome>, received: Vec<Outcome>) -> Verdict {
        let sheet = self.sheet();
        let right: Vec<bool> =
            expected.iter().zip(&received).map(|(e, r)| same(e, r)).collect();
        let verdict = Verdict {
            exercise: sheet.id,
            title: self.text().map_or("", |text| text.title),
            status: Status::Success,
            mistake: None,
            message: vec![
                sheet.explanation.into(),
                format!("Pour aller plus loin : {}", sheet.variation),
            ],
            section: None,
            hints: [""; 3],
            probes: received.len(),
            passed: right.iter().filter(|right| **right).count(),
            failure: None,
            answers: received.clone(),
        };
        // La plus petite sonde qui échoue est celle qui donne le moins de nombres.
        let size =
            |i: &usize| -> usize { sheet.inputs[*i].iter().map(|t| t.values.len()).sum() };
        let Some(worst) = (0..right.len()).filter(|i| !right[*i]).min_by_key(size) else {
            return verdict;
        };
        let failure = failure(&sheet.inputs[worst], &expected[worst], &received[worst]);
        let verdict = Verdict {
            section: Some(sheet.section),
            hints: sheet.hints,
            failure: Some(failure),
            ..verdict
        };
        if let Some(words) = todo(&received, &verdict) {
            return Verdict { status: Status::Todo, message: words, ..verdict };
        }
        let theirs: Vec<_> =
            (0..sheet.mistakes.len()).map(|index| self.outcomes(Some(index))).collect();
        let is_yours =
            |index: &usize| theirs[*index].iter().zip(&received).all(|(a, b)| same(a, b));
        let named = |mistakes: Vec<usize>, message: Vec<String>| {
            let first = sheet.mistakes[mistakes[0]];
            Verdict {
                status: Status::Mistake,
                mistake: Some(first.name),
                message,
                section: Some(first.section),
                hints: first.hints,
                ..verdict.clone()
            }
        };
        if let Some(known) = (0..theirs.len()).find(is_yours) {
            if sheet.given == Some(known) {
                let words = "Ce sont encore les nombres que donne la fonction de l'énoncé. Voici un \
                             essai où elle se trompe\u{a0}: cherchez pourquoi, puis réparez-la."
                    .to_string();
                return Verdict { status: Status::Todo, ..named(vec![known], vec![words]) };
            }
            let arrays = gap::pairs(&sheet.inputs, &expected, &received);
            let all: Vec<Pair> = arrays.into_iter().flatten().flatten().collect();
            // Des nombres tous égaux peuvent venir de bien d'autres causes.
            let doubt = gap::constant(&all.iter().collect::<Vec<_>>());
            let doubt = doubt.map(|kind| {
                format!(
                    "{kind} Une erreur connue donne ces nombres, mais d'autres aussi\u{a0}:"
                )
            });
            let diagnosis = sheet.mistakes[known].diagnosis.to_string();
            return named(vec![known], doubt.into_iter().chain([diagnosis]).collect());
        }
        let (status, said) = unknown(worst, &sheet.inputs, &expected, &received);
        let message: Vec<String> = said.iter().cloned().map(Said::text).collect();
        let causes = causes(&sheet.inputs, &expected, &received, &theirs);
        let diagnoses = |cause: &Causes| -> Vec<String> {
            let known =
                cause.mistakes.iter().map(|i| sheet.mistakes[*i].diagnosis.to_string());
            known.chain(cause.also.clone()).collect()
        };
        // Deux erreurs nommées valent mieux qu'une faute d'un mot ; une seule, et un signe ou un
        // facteur, valent moins qu'une seule faute possible.
        let slips = slips(sheet.id, &expected, &received);
        let slips = match causes.iter().find(|cause| cause.sure) {
            Some(cause) if cause.also.is_none() || slips.len() > 1 => Vec::new(),
            _ => slips,
        };
        match &causes[..] {
            // Une seconde erreur sans nom n'est qu'une façon de décrire ces nombres.
            [one] if !one.sure && slips.is_empty() => {
                let start = "Une explication donne exactement vos nombres\u{a0}: une erreur connue, \
                             puis une seconde."
                    .to_string();
                Verdict {
                    status,
                    message: [vec![start], diagnoses(one)].concat(),
                    ..verdict
                }
            }
            [one] if slips.is_empty() => {
                let start = match one.mistakes.len() + usize::from(one.also.is_some()) {
                    1 => "Une erreur connue, mais dans une partie des tableaux seulement.",
                    2 => "Deux erreurs à la fois.",
                    _ => "Trois erreurs à la fois.",
                };
                // Les tableaux justes et les faux, s'il y en a des deux.
                let arrays =
                    message.into_iter().filter(|words| words.starts_with("Juste\u{a0}:"));
                let words =
                    [vec![start.to_string()], diagnoses(one), arrays.collect()].concat();
                named(one.mistakes.clone(), words)
            }
            [_, _] | [_, _, _] if slips.is_empty() => {
                let mut words = vec![
                    "Plusieurs causes donnent exactement vos nombres\u{a0}: c'est l'une de ces causes."
                        .to_string(),
                ];
                words.extend(
                    causes.iter().map(|cause| format!("– {}", diagnoses(cause).join(" "))),
                );
                Verdict { status, message: [words, message].concat(), ..verdict }
            }
            _ => {
                let cause = match &slips[..] {
                    [] => None,
                    [one] => Some(format!(
                        "Vos nombres sont exactement ceux que donne une bonne réponse où {one}."
                    )),
                    several => Some(format!(
                        "Vos nombres sont exactement ceux que donne une bonne réponse, à un détail près, \
                         l'une de ces causes\u{a0}: celle où {}.",
                        several.join("\u{a0}; celle où ")
                    )),
                };
                // Une fois la cause dite, une piste égarerait.
                let more =
                    said.into_iter().filter(|said| cause.is_none() || said.is_fact());
                let message = cause.iter().cloned().chain(more.map(Said::text)).collect();
                Verdict { status, message, ..verdict }
            }
        }
    }
}

/// Ce que dit le correcteur s'il rencontre un `todo!()`.
fn todo(received: &[Outcome], verdict: &Verdict) -> Option<Vec<String>> {
    let is_todo = |outcome: &&Outcome| match outcome {
        Outcome::Panic(said) => {
            said.starts_with("not yet implemented") || said.starts_with("not implemented")
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
    let expected = verdict.failure.as_ref().map(|f| f.expected.as_slice()).unwrap_or(&[]);
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

/// Ce que dit le correcteur d'une erreur qu'il ne connaît pas, d'après la sonde de rang `worst`.
fn unknown(
    worst: usize,
    inputs: &[Vec<Tensor>],
    all_expected: &[Outcome],
    all_received: &[Outcome],
) -> (Status, Vec<Said>) {
    let facts =
        |words: Vec<String>| -> Vec<Said> { words.into_iter().map(Said::Fact).collect() };
    let (Outcome::Values(expected), Outcome::Values(received)) =
        (&all_expected[worst], &all_received[worst])
    else {
        return match &all_received[worst] {
            Outcome::Panic(said) => {
                let help = panique::explain(said);
                let said = format!("Le message de Rust : `{}`.", said.trim());
                let help = (!help.is_empty()).then(|| help.to_string());
                (Status::Panic, facts(help.into_iter().chain([said]).collect()))
            }
            _ => (
                Status::TooSlow,
                facts(vec![
                    format!(
                        "Elle n'avait pas fini après {} secondes, alors que le calcul en demande \
                         une fraction. Cherchez une boucle `while` ou `loop` dont rien ne sort.",
                        TIME_LIMIT.as_secs()
                    ),
                    ABANDONED.into(),
                ]),
            ),
        };
    };
    // Les tableaux où une sonde au moins est fausse, sur toutes celles qui ont rendu une réponse.
    let arrays: Vec<Vec<Pair>> = gap::finished(inputs, all_expected, all_received);
    let wrong: Vec<&Vec<Pair>> =
        arrays.iter().filter(|pairs| !pairs.iter().all(|p| p.right())).collect();
    let pairs = || expected.iter().zip(received);
    if let Some(more) = received.get(expected.len()..).filter(|more| !more.is_empty()) {
        let names: Vec<&str> = more.iter().map(|t| t.name.as_str()).collect();
        let said = format!(
            "Votre fonction change aussi {}, qui devait rester tel quel.",
            names.join(", ")
        );
        return (Status::Value, [facts(vec![said]), gap::words(&arrays)].concat());
    }
    if let Some((e, r)) = pairs().find(|(e, r)| e.shape != r.shape) {
        let shapes = format!(
            "Pour {}, on attend {} ; on reçoit {}.",
            e.name,
            e.shape_in_words(),
            r.size_in_words()
        );
        let turned = e.shape.len() == 2 && e.shape.iter().rev().eq(&r.shape);
        let kind = turned.then(|| {
            "Les deux axes sont échangés\u{a0}: il y a une transposée de trop, ou un produit écrit \
             dans l'autre ordre."
                .to_string()
        });
        return (Status::Shape, facts([shapes].into_iter().chain(kind).collect()));
    }
    let bad = |t: &Tensor| t.values.iter().position(|v| !v.is_finite());
    if let Some((e, r, at)) = pairs()
        .find_map(|(e, r)| bad(r).filter(|i| e.values[*i].is_finite()).map(|at| (e, r, at)))
    {
        let value = in_words(r.values[at]);
        let cause = match r.values[at].is_nan() {
            true => {
                "NaN vient d'un calcul sans réponse : 0/0, ∞ − ∞, ∞/∞, la racine d'un \
                     négatif."
            }
            false => {
                "Un infini vient d'une division par zéro, ou d'une exponentielle trop \
                      grande."
            }
        };
        let when = wrong.iter().find_map(|pairs| gap::birth_of_non_finite(pairs));
        let words =
            [format!("{} vaut {value}{}.", e.name, e.place_in_words(at)), cause.into()];
        return (
            Status::NonFinite,
            facts(words.into_iter().chain(when.map(str::to_string)).collect()),
        );
    }
    (Status::Value, gap::words(&arrays))
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
