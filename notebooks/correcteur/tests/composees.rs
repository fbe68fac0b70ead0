//! Une erreur connue, suivie d'une autre faute simple : le correcteur nomme la première, ou la cite.

use correcteur::{
    AnyExercise, Status, Verdict, chapitre_01, chapitre_05, chapitre_06, exercises,
};
use nn_core::{sigmoid, sigmoid_derivative_at};
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
        "nommées {named}, citées {listed}, sorte d'écart {kinds}, autre {}",
        misled.len()
    );
    assert!(misled.is_empty(), "{}", misled.join("\n"));
    assert!(named + listed > 800, "{named} nommées, {listed} citées");
}

/// Des réponses où deux erreurs se combinent, écrites comme un apprenant les écrit, et les erreurs que
/// la carte doit citer, toutes les deux.
#[test]
fn deux_erreurs_a_la_fois_se_nomment_toutes_les_deux() {
    let all: Vec<(Verdict, [&str; 2])> = vec![
        (
            chapitre_06::output_delta(|y, a| (y - a) * a.mapv(slope_of)),
            ["signe", "facteur-deux-oublie"],
        ),
        (chapitre_06::output_delta(|y, a| 2.0 * (y - a)), ["signe", "pente-oubliee"]),
        (
            chapitre_06::output_delta(|y, a| -2.0 * (y - a) / y.nrows() as f64),
            ["moyenne", "pente-oubliee"],
        ),
        (
            chapitre_06::output_delta(|y, a| -(y - a) * a.mapv(sigmoid_derivative_at)),
            ["sigma-une-fois-de-trop", "facteur-deux-oublie"],
        ),
        (
            chapitre_06::weights_gradient(|a1, delta| {
                -a1.t().dot(delta) / a1.nrows() as f64
            }),
            ["signe", "moyenne"],
        ),
        (
            chapitre_05::neuron_slopes(|x, w, b, y| {
                let a = sigmoid(w * x + b);
                let slope = (y - a) * slope_of(a);
                (slope * x, slope)
            }),
            ["signe", "facteur-deux-oublie"],
        ),
        (
            chapitre_05::neuron_slopes(|x, w, b, y| {
                let slope = 2.0 * (y - sigmoid(w * x + b));
                (slope * x, slope)
            }),
            ["signe", "pente-de-sigma-oubliee"],
        ),
        (
            chapitre_01::weighted_sum(|x, w, _| {
                (1..x.len()).map(|i| x[i - 1] * w[i - 1]).sum()
            }),
            ["biais-oublie", "dernier-terme-oublie"],
        ),
    ];
    for (verdict, names) in all {
        let exercises = exercises();
        let exercise = exercises.iter().find(|e| e.sheet().id == verdict.exercise).unwrap();
        for name in names {
            let index = exercise.sheet().mistakes.iter().position(|m| m.name == name);
            let index = index.unwrap_or_else(|| panic!("{name} n'est pas connue"));
            assert!(cites(&verdict, exercise.as_ref(), index), "{names:?} :\n{verdict}");
        }
        assert_eq!(verdict.status, Status::Mistake, "{verdict}");
    }
}

fn slope_of(a: f64) -> f64 {
    a * (1.0 - a)
}
