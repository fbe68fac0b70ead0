//! Une erreur connue, suivie d'une autre faute simple : le correcteur nomme la première, ou la cite.

use correcteur::{AnyExercise, Status, Verdict, exercises};
use serde_json::Value;

/// Les réponses d'une erreur connue (de la référence, sans elle), chaque nombre changé par `f`.
fn changed(
    exercise: &dyn AnyExercise,
    mistake: Option<usize>,
    f: impl Fn(f64) -> f64,
) -> Option<Value> {
    let verdict = match mistake {
        Some(index) => exercise.judge_mistake(index),
        None => exercise.judge_reference(),
    };
    let mut answers = verdict.answers();
    for probe in answers.as_array_mut()? {
        for tensor in probe.get_mut("values")?.as_array_mut()? {
            for bits in tensor["bits"].as_array_mut()? {
                *bits = f(f64::from_bits(bits.as_u64()?)).to_bits().into();
            }
        }
    }
    Some(answers)
}

fn cites(verdict: &Verdict, exercise: &dyn AnyExercise, mistake: usize) -> bool {
    let diagnosis = exercise.sheet().mistakes[mistake].diagnosis;
    verdict.message.iter().any(|words| words.contains(diagnosis))
}

#[test]
fn une_erreur_connue_puis_un_facteur_se_reconnaissent() {
    let (mut named, mut listed, mut kinds, mut misled) = (0, 0, 0, Vec::new());
    for exercise in exercises() {
        let exercise = exercise.as_ref();
        for index in 0..exercise.sheet().mistakes.len() {
            for by in [-1.0, 2.0, 0.5, 100.0] {
                let Some(answers) = changed(exercise, Some(index), |v| v * by) else {
                    continue;
                };
                let verdict = exercise.judge_answers(&answers).expect("des réponses");
                let cited = cites(&verdict, exercise, index);
                match verdict.status {
                    Status::Mistake if cited => named += 1,
                    // La réponse peut être, au facteur près, la référence ou une autre erreur.
                    Status::Mistake => misled.push(format!(
                        "{}, {by} fois « {} » : {}",
                        exercise.sheet().id,
                        exercise.sheet().mistakes[index].name,
                        verdict.message.join(" / ")
                    )),
                    _ if cited => listed += 1,
                    _ => kinds += 1,
                }
            }
        }
    }
    println!(
        "nommées {named}, citées {listed}, sorte d'écart {kinds}, autre erreur {}",
        misled.len()
    );
    println!("{}", misled.join("\n"));
}
