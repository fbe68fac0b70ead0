//! Deux erreurs à la fois : quand aucune erreur connue n'explique seule la réponse, deux le peuvent.
//!
//! Rien n'est exécuté de plus : tout se calcule sur ce que la référence et chaque erreur connue ont
//! rendu. Une même explication vaut pour toutes les sondes, jamais une par sonde.

use crate::gap::{
    Pair, Relation, constant, ignored, near, pairs, relation_or_steps, returned, steps,
};
use crate::run::Outcome;
use crate::tensor::Tensor;

/// Des erreurs connues, par leur rang, et ce qui s'y ajoute si cela n'a pas de nom.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Causes {
    pub mistakes: Vec<usize>,
    pub also: Option<String>,
    /// Un signe ou un facteur simple, et non une grandeur ou une fonction que d'autres calculs
    /// donneraient aussi.
    pub sure: bool,
}

/// Toutes les explications qui donnent exactement `received`, sur toutes les sondes.
pub(crate) fn causes(
    inputs: &[Vec<Tensor>],
    expected: &[Outcome],
    received: &[Outcome],
    mistakes: &[Vec<Outcome>],
) -> Vec<Causes> {
    let Some(wrong) = pairs(inputs, expected, received) else { return Vec::new() };
    // Des nombres tous égaux, ou ceux d'une donnée, conviennent à trop d'explications.
    let all: Vec<&Pair> = wrong.iter().flatten().collect();
    if constant(&all).is_some() || (wrong.len() == 1 && returned(&all).is_some()) {
        return Vec::new();
    }
    let from: Vec<_> = mistakes.iter().map(|m| pairs(inputs, m, received)).collect();
    let to: Vec<_> = mistakes.iter().map(|m| pairs(inputs, expected, m)).collect();
    let whole = |arrays: &Option<Vec<Vec<Pair>>>| {
        let all: Vec<&Pair> = arrays.as_ref()?.iter().flatten().collect();
        relation_or_steps(&all)
    };
    // Entre des comptes, trop de sommes tombent juste par hasard.
    let counts = expected.iter().all(|outcome| match outcome {
        Outcome::Values(tensors) => {
            tensors.iter().flat_map(|t| &t.values).all(|v| v.fract() == 0.0)
        }
        _ => true,
    });
    // Ce qui mène de la référence à chaque erreur, et de chaque erreur à la réponse.
    let made_by: Vec<_> = to.iter().map(whole).collect();
    let left: Vec<_> = from.iter().map(whole).collect();
    let mut found: Vec<Causes> = Vec::new();
    let mut add = |mut mistakes: Vec<usize>, also: Option<String>, sure: bool| {
        mistakes.sort_unstable();
        let causes = Causes { mistakes, also, sure };
        if !found.contains(&causes) {
            found.push(causes);
        }
    };
    for (index, relation) in left.iter().enumerate() {
        let Some((relation, subject)) = relation else { continue };
        let named = made_by.iter().position(|made| {
            made.as_ref().is_some_and(|(made, on)| made.agrees(relation) && on == subject)
        });
        // Un facteur fait de deux erreurs connues : un signe et un 2, par exemple.
        let factor = |made: &Option<(Relation, &str)>| match made {
            Some((Relation::Times(by, None), on)) if on == subject => Some(*by),
            _ => None,
        };
        let product = || {
            let Relation::Times(by, None) = relation else { return None };
            let all =
                || made_by.iter().enumerate().filter_map(|(i, m)| Some((i, factor(m)?)));
            all().flat_map(|a| all().map(move |b| (a, b))).find_map(|((i, a), (j, b))| {
                (i < j && i != index && j != index && near(a * b, *by))
                    .then_some(vec![i, j])
            })
        };
        match named {
            Some(other) if other != index => add(vec![index, other], None, true),
            Some(_) => {}
            None => {
                if let Some(two) = product() {
                    add([vec![index], two].concat(), None, true);
                } else if relation.is_plain()
                    && (matches!(relation, Relation::Times(_, None)) || !counts)
                {
                    let words = relation.words(subject, "ceux que donne cette erreur");
                    add(
                        vec![index],
                        Some(words),
                        matches!(relation, Relation::Times(_, None)),
                    );
                }
            }
        }
    }
    // Si la réponse est à un signe ou à un facteur de la référence, rien d'autre n'est à chercher.
    let direct = wrong.iter().flatten().collect::<Vec<_>>();
    if let Some((relation, _)) = relation_or_steps(&direct) {
        // Une seule lecture des nombres vaut mieux que deux erreurs qui la feraient par hasard.
        let plain = matches!(relation, Relation::Through(_) | Relation::Instead(_))
            || matches!(relation, Relation::Moved(_)) && relation.is_plain();
        if plain {
            return Vec::new();
        }
        found.retain(|causes| causes.also.is_none());
        return found;
    }
    // Une donnée qui ne sert pas fait un facteur, sans seconde erreur.
    if ignored(&wrong).is_some() {
        found.retain(|causes| causes.also.is_none());
    }
    if found.is_empty() {
        for (a, one) in to.iter().enumerate() {
            for (b, two) in to.iter().enumerate().skip(a + 1) {
                if let (Some(one), Some(two)) = (one, two)
                    && both(&wrong, one, two)
                {
                    found.push(Causes { mistakes: vec![a, b], also: None, sure: true });
                }
            }
        }
    }
    if found.is_empty() && wrong.len() > 1 {
        found = by_array(&wrong, &from);
    }
    found
}

/// Deux erreurs indépendantes : chacune change un facteur, ou un terme, sans toucher à l'autre.
fn both(wrong: &[Vec<Pair>], one: &[Vec<Pair>], two: &[Vec<Pair>]) -> bool {
    let mut told = false;
    for ((wrong, one), two) in wrong.iter().zip(one).zip(two) {
        let untouched = |list: &[Pair]| list.iter().all(|p| p.right());
        // Un tableau que l'une des erreurs ne touche pas est celui de l'autre.
        let fits = match (untouched(one), untouched(two)) {
            (true, true) => untouched(wrong),
            (true, false) => same(wrong, two),
            (false, true) => same(wrong, one),
            (false, false) => {
                let [w, a, b] =
                    [wrong, one, two].map(|list| list.iter().collect::<Vec<_>>());
                let in_steps = || -> Option<bool> {
                    let [w, a, b] = [steps(&w)?, steps(&a)?, steps(&b)?];
                    Some(combined(&w, &a, &b))
                };
                told = true;
                combined(wrong, one, two) || in_steps() == Some(true)
            }
        };
        if !fits {
            return false;
        }
    }
    told
}

fn same(list: &[Pair], other: &[Pair]) -> bool {
    list.iter().zip(other).all(|(a, b)| {
        let mut values = a.to.values.iter().zip(&b.to.values);
        a.to.shape == b.to.shape && values.all(|(a, b)| near(*a, *b))
    })
}

/// Les effets de `one` et de `two` s'additionnent, ou se multiplient, dans `wrong` ; deux sondes au
/// moins le montrent.
fn combined(wrong: &[Pair], one: &[Pair], two: &[Pair]) -> bool {
    if wrong.iter().chain(one).chain(two).any(|p| p.from.shape != p.to.shape) {
        return false;
    }
    // Pour chaque sonde, ce qui est attendu, reçu, et ce que donne chaque erreur.
    let probes: Vec<Vec<[f64; 4]>> = (0..wrong.len())
        .map(|i| {
            let of = |k: usize| {
                [
                    wrong[i].from.values[k],
                    wrong[i].to.values[k],
                    one[i].to.values[k],
                    two[i].to.values[k],
                ]
            };
            (0..wrong[i].to.values.len()).map(of).collect()
        })
        .collect();
    let telling = |[e, r, a, b]: &[f64; 4]| {
        e.abs() > 1e-6
            && [e, a, b].iter().all(|v| !near(**v, *r))
            && !near(*a, *e)
            && !near(*b, *e)
    };
    probes.iter().filter(|values| values.iter().any(telling)).count() >= 2
        && [(|[e, r, a, b]| near(a + b - e, r)) as fn([f64; 4]) -> bool, |[e, r, a, b]| {
            near(a * b, e * r) && (e != 0.0 || r == 0.0)
        }]
        .iter()
        .any(|fits| probes.iter().flatten().all(|values| fits(*values)))
}

/// Des erreurs différentes d'un tableau à l'autre : deux, qui à elles seules expliquent tous ceux qui
/// sont faux.
fn by_array(wrong: &[Vec<Pair>], from: &[Option<Vec<Vec<Pair>>>]) -> Vec<Causes> {
    let explains = |mistake: usize, array: usize| {
        let telling = wrong[array]
            .iter()
            .filter(|p| !p.right() && p.to.values.iter().any(|v| *v != 0.0));
        telling.count() >= 2
            && from[mistake]
                .as_ref()
                .is_some_and(|arrays| arrays[array].iter().all(|p| p.right()))
    };
    let faulty: Vec<usize> =
        (0..wrong.len()).filter(|i| !wrong[*i].iter().all(|p| p.right())).collect();
    let covers = |set: &[usize]| {
        faulty.iter().all(|array| set.iter().any(|mistake| explains(*mistake, *array)))
    };
    let one = (0..from.len()).map(|a| vec![a]).filter(|set| covers(set));
    let mut found: Vec<Vec<usize>> = one.collect();
    if found.is_empty() {
        let two =
            (0..from.len()).flat_map(|a| (a + 1..from.len()).map(move |b| vec![a, b]));
        found.extend(two.filter(|set| covers(set)));
    }
    // Plusieurs explications d'un seul tableau n'en font aucune de sûre.
    match &found[..] {
        [mistakes] => vec![Causes { mistakes: mistakes.clone(), also: None, sure: true }],
        _ => Vec::new(),
    }
}
