//! Les fautes d'un mot : ce que donne la solution du livre si l'on en change un seul.
//!
//! Les compiler ici coûterait cher à chaque notebook. `tests/mutants.rs` les compile, et n'écrit dans
//! `slips.txt` que ce qu'elles rendent, résumé par un nombre par sonde.

use crate::compare::same;
use crate::run::Outcome;

/// Une ligne par résumé : l'exercice, les nombres, et les fautes qui les donnent.
const SLIPS: &str = include_str!("slips.txt");

/// Le résumé d'une suite de résultats : un nombre par sonde, ou un mot si elle n'en donne pas.
pub(crate) fn summary(outcomes: &[Outcome]) -> Vec<String> {
    let one = |outcome: &Outcome| match outcome {
        Outcome::Values(tensors) => {
            let values = tensors.iter().flat_map(|t| &t.values);
            // Des poids tous différents : deux nombres échangés changent la somme.
            let weight = |rank: usize| 1.0 + ((rank + 1) as f64 * 0.618_033_988_75).fract();
            let sum: f64 = values.enumerate().map(|(i, v)| v * weight(i)).sum();
            let count: usize = tensors.iter().map(|t| t.values.len()).sum();
            format!("{sum:.5e}#{count}")
        }
        Outcome::Panic(_) => "panique".into(),
        Outcome::TooSlow => "sans fin".into(),
    };
    outcomes.iter().map(one).collect()
}

/// Deux résumés de la même chose, aux arrondis près.
fn agree(a: &str, b: &str) -> bool {
    let parts = |text: &str| -> Option<(f64, usize)> {
        let (sum, count) = text.split_once('#')?;
        Some((sum.parse().ok()?, count.parse().ok()?))
    };
    match (parts(a), parts(b)) {
        (Some((a, m)), Some((b, n))) => {
            let near = (a - b).abs() <= 2e-5 * a.abs().max(b.abs()).max(1e-6);
            m == n && (near || a == b || (a.is_nan() && b.is_nan()))
        }
        _ => a == b,
    }
}

/// Les fautes d'un mot qui donnent ces résultats ; deux sondes au moins diffèrent de la référence, et
/// tout n'est pas égal.
pub(crate) fn slips(
    exercise: &str,
    expected: &[Outcome],
    received: &[Outcome],
) -> Vec<&'static str> {
    if !tells(expected, received) {
        return Vec::new();
    }
    let yours = summary(received);
    let of = |line: &'static str| {
        let mut fields = line.split('\t');
        (fields.next() == Some(exercise)).then(|| {
            let numbers: Vec<&str> = fields.next().unwrap_or_default().split(' ').collect();
            (numbers, fields)
        })
    };
    SLIPS
        .lines()
        .filter_map(of)
        .find(|(numbers, _)| {
            numbers.len() == yours.len()
                && numbers.iter().zip(&yours).all(|(a, b)| agree(a, b))
        })
        .map_or(Vec::new(), |(_, slips)| slips.collect())
}

/// Ces résultats suffisent-ils à reconnaître une faute ?
pub(crate) fn tells(expected: &[Outcome], received: &[Outcome]) -> bool {
    let numbers = |outcome: &Outcome| match outcome {
        Outcome::Values(tensors) => tensors.iter().flat_map(|t| t.values.clone()).collect(),
        _ => Vec::new(),
    };
    let all: Vec<f64> = received.iter().flat_map(numbers).collect();
    let wrong = expected.iter().zip(received).filter(|(e, r)| {
        !same(e, r) && numbers(r).iter().any(|v| v.is_finite() && *v != 0.0)
    });
    wrong.count() >= 2 && all.iter().any(|v| *v != all[0])
}
