//! Chapitre 11 : la justesse, la matrice de confusion, le plus proche voisin.

use nn_core::ndarray::{Array2, arr2};

use super::{CLASSES, EXAMPLES, INPUTS, random_matrix, see};
use crate::exercise::Exercise;
use crate::tensor::{Tensor, count, list, matrix, number};
use crate::verdict::Section;

const REFERENCE: Section = see("11_digits", "Une référence d'abord");
const ERRORS: Section = see("11_digits", "Voir ses erreurs");

/// Une liste de classes.
fn labels(name: &str, labels: &[usize]) -> Tensor {
    let values: Vec<f64> = labels.iter().map(|&label| label as f64).collect();
    list(name, EXAMPLES, &values)
}

pub type ShareOfRight = fn(&[usize], &[usize]) -> f64;

pub fn share_of_right() -> Exercise<ShareOfRight> {
    Exercise::<ShareOfRight>::new("11_share_of_right", REFERENCE, |expected, predicted| {
        let right = expected.iter().zip(predicted).filter(|(a, b)| a == b).count();
        right as f64 / expected.len() as f64
    })
    .probes(
        [
            (vec![0, 1, 2, 1], vec![0, 1, 1, 1]),
            (vec![3], vec![3]),
            (vec![1, 2, 0, 4, 5], vec![2, 1, 3, 0, 0]),
            (vec![7, 7, 2, 0, 0, 2, 2, 7], vec![7, 2, 2, 0, 7, 0, 2, 7]),
        ],
        |(expected, predicted): &(Vec<usize>, Vec<usize>)| {
            vec![labels("expected", expected), labels("predicted", predicted)]
        },
        |f, (expected, predicted)| vec![number("justesse", f(expected, predicted))],
    )
    .mistake(
        "compte-sans-diviser",
        |expected, predicted| {
            expected.iter().zip(predicted).filter(|(a, b)| a == b).count() as f64
        },
        "C'est le nombre de bonnes réponses. La justesse en est la part : divisez par le nombre \
         d'exemples.",
        [
            "Votre réponse dépasse-t-elle 1 ?",
            "3 bonnes réponses sur 4 font 0,75.",
            "Divisez par `expected.len() as f64`.",
        ],
        REFERENCE,
    )
    .mistake(
        "part-des-fautes",
        |expected, predicted| {
            let wrong = expected.iter().zip(predicted).filter(|(a, b)| a != b).count();
            wrong as f64 / expected.len() as f64
        },
        "C'est la part des fautes : comptez les réponses égales.",
        [
            "Que donne votre fonction si tout est juste ?",
            "Justesse et part des fautes font 1 à elles deux.",
            "`a == b`, au lieu de `a != b`.",
        ],
        REFERENCE,
    )
    .mistake(
        "en-pour-cent",
        |expected, predicted| {
            let right = expected.iter().zip(predicted).filter(|(a, b)| a == b).count();
            100.0 * right as f64 / expected.len() as f64
        },
        "Votre justesse est en pour cent ; on la demande entre 0 et 1.",
        [
            "Que donne votre fonction si tout est juste ?",
            "On demande 1, et non 100.",
            "Ne multipliez pas par 100.",
        ],
        REFERENCE,
    )
    .mistake(
        "division-entiere",
        |expected, predicted| {
            let right = expected.iter().zip(predicted).filter(|(a, b)| a == b).count();
            (right / expected.len()) as f64
        },
        "Vous divisez deux entiers : le quotient est arrondi vers le bas, et 3 / 4 vaut 0.",
        [
            "Que vaut `3 / 4` en Rust ?",
            "Passez aux nombres à virgule avant de diviser.",
            "`right as f64 / expected.len() as f64`.",
        ],
        REFERENCE,
    )
    .hints([
        "Comptez les places où les deux listes sont d'accord.",
        "`expected.iter().zip(predicted)` donne les couples.",
        "`.filter(|(a, b)| a == b).count()`, puis une division en `f64`.",
    ])
    .success(
        "Une part de 0 à 1, qui ne dit pas **quelles** réponses sont fausses : c'est le travail de \
         la matrice de confusion.",
        "que vaut la justesse d'un réseau qui répond toujours la classe la plus fréquente ?",
    )
}

pub type MyConfusion = fn(&[usize], &[usize], usize) -> Array2<f64>;

/// Compte les couples, chacun à la place que donne `place`.
fn counted(
    expected: &[usize],
    predicted: &[usize],
    k: usize,
    place: fn(usize, usize) -> [usize; 2],
) -> Array2<f64> {
    let mut counts = Array2::zeros((k, k));
    for (&i, &j) in expected.iter().zip(predicted) {
        counts[place(i, j)] += 1.0;
    }
    counts
}

pub fn my_confusion() -> Exercise<MyConfusion> {
    Exercise::<MyConfusion>::new("11_my_confusion", ERRORS, |expected, predicted, k| {
        counted(expected, predicted, k, |i, j| [i, j])
    })
    .probes(
        [
            (vec![0, 1, 0], vec![0, 0, 0], 2),
            (vec![0, 1, 2, 1, 2, 2], vec![0, 2, 2, 1, 2, 0], 3),
            (vec![3, 3, 3, 0], vec![1, 1, 3, 0], 4),
        ],
        |(expected, predicted, k): &(Vec<usize>, Vec<usize>, usize)| {
            vec![
                labels("expected", expected),
                labels("predicted", predicted),
                count("classes", *k),
            ]
        },
        |f, (expected, predicted, k)| {
            vec![matrix("matrice", [CLASSES, CLASSES], &f(expected, predicted, *k))]
        },
    )
    .mistake(
        "transposee",
        |expected, predicted, k| counted(expected, predicted, k, |i, j| [j, i]),
        "Lignes et colonnes sont échangées : la ligne est la classe attendue, la colonne la \
         réponse.",
        [
            "Que doit valoir la somme de la première ligne ?",
            "La ligne i compte tous les exemples de la classe i.",
            "`counts[[i, j]]`, où i vient de `expected`.",
        ],
        ERRORS,
    )
    .mistake(
        "presence",
        |expected, predicted, k| {
            counted(expected, predicted, k, |i, j| [i, j]).mapv(|v| v.min(1.0))
        },
        "Vous notez qu'une confusion existe, sans la compter : chaque exemple ajoute 1.",
        [
            "La somme de toutes les cases devrait être le nombre d'exemples.",
            "`= 1.0` remplace ; il faut ajouter.",
            "`counts[[i, j]] += 1.0`.",
        ],
        ERRORS,
    )
    .mistake(
        "diagonale-seulement",
        |expected, predicted, k| {
            let all = counted(expected, predicted, k, |i, j| [i, j]);
            Array2::from_diag(&all.diag())
        },
        "Vous ne comptez que les bonnes réponses. Les confusions sont hors de la diagonale.",
        [
            "Où va un exemple de la classe 1 à qui l'on répond 0 ?",
            "Tous les exemples comptent, justes ou faux.",
            "Retirez la condition `i == j`.",
        ],
        ERRORS,
    )
    .mistake(
        "en-parts",
        |expected, predicted, k| {
            counted(expected, predicted, k, |i, j| [i, j]) / expected.len() as f64
        },
        "Vous rendez des parts ; on demande des comptes.",
        [
            "La somme de toutes les cases devrait être le nombre d'exemples.",
            "Ne divisez pas.",
            "Rendez `counts` tel quel.",
        ],
        ERRORS,
    )
    .hints([
        "Une matrice de zéros, et une boucle sur les couples.",
        "Le couple (attendu, répondu) donne la ligne et la colonne.",
        "`for (&i, &j) in expected.iter().zip(predicted) { counts[[i, j]] += 1.0; }`",
    ])
    .success(
        "La diagonale compte les bonnes réponses ; chaque ligne fait le tour d'une classe.",
        "comment en tirer la justesse ? et le rappel d'une classe ?",
    )
}

pub type MyNearest = fn(&Array2<f64>, &[usize], &Array2<f64>) -> usize;

/// La classe de la ligne que `distance` dit la plus proche.
fn nearest_by(
    known: &Array2<f64>,
    labels: &[usize],
    asked: &Array2<f64>,
    distance: fn(f64) -> f64,
) -> usize {
    let mut best = (f64::INFINITY, 0);
    for (row, &label) in known.outer_iter().zip(labels) {
        let sum = row.iter().zip(asked.row(0)).map(|(a, b)| distance(a - b)).sum::<f64>();
        best = if sum < best.0 { (sum, label) } else { best };
    }
    best.1
}

/// Le rang de cette ligne, et non sa classe.
fn rank(known: &Array2<f64>, asked: &Array2<f64>) -> usize {
    let ranks: Vec<usize> = (0..known.nrows()).collect();
    nearest_by(known, &ranks, asked, |d| d * d)
}

pub fn my_nearest() -> Exercise<MyNearest> {
    Exercise::<MyNearest>::new("11_my_nearest", REFERENCE, |known, labels, asked| {
        nearest_by(known, labels, asked, |d| d * d)
    })
    .probes(
        [
            (arr2(&[[0.0], [4.0]]), vec![7, 3], arr2(&[[3.0]])),
            (
                arr2(&[[0.0, 0.0], [3.0, 3.0], [5.0, 0.0], [-1.0, 9.0]]),
                vec![4, 9, 2, 6],
                arr2(&[[0.5, 0.0]]),
            ),
            // La somme des écarts et la distance ne choisissent pas la même.
            (
                arr2(&[[3.0, 3.0], [5.0, 0.0], [-9.0, 0.0]]),
                vec![5, 8, 1],
                arr2(&[[0.0, 0.0]]),
            ),
            (random_matrix(40, 6, 3), vec![2, 5, 0, 9, 3, 7], random_matrix(41, 1, 3)),
            (arr2(&[[1.0, 0.0], [0.0, 1.0]]), vec![6, 8], arr2(&[[0.0, 0.0]])),
        ],
        |(known, known_labels, asked): &(Array2<f64>, Vec<usize>, Array2<f64>)| {
            vec![
                matrix("known", [EXAMPLES, INPUTS], known),
                labels("labels", known_labels),
                matrix("asked", [EXAMPLES, INPUTS], asked),
            ]
        },
        |f, (known, labels, asked)| vec![count("classe", f(known, labels, asked))],
    )
    .mistake(
        "rang-au-lieu-de-la-classe",
        |known, _, asked| rank(known, asked),
        "Vous rendez le rang de la ligne la plus proche. On demande sa classe.",
        [
            "À quoi sert l'argument `labels` ?",
            "Le rang trouvé désigne une case de `labels`.",
            "Rendez `labels[best]`.",
        ],
        REFERENCE,
    )
    .mistake(
        "ecarts-qui-s-annulent",
        |known, labels, asked| nearest_by(known, labels, asked, |d| d),
        "Vous additionnez les écarts avec leur signe : ils peuvent s'annuler, ou devenir très \
         négatifs.",
        [
            "Une distance peut-elle être négative ?",
            "Un écart de −3 est aussi loin qu'un écart de 3.",
            "Additionnez leurs carrés.",
        ],
        REFERENCE,
    )
    .mistake(
        "valeurs-absolues",
        |known, labels, asked| nearest_by(known, labels, asked, f64::abs),
        "Vous additionnez les valeurs absolues. C'est une autre distance : celle du chapitre \
         additionne les carrés.",
        [
            "Comparez (3, 3) et (5, 0), vus de (0, 0).",
            "Par les carrés, 18 est plus petit que 25 ; par les valeurs absolues, 6 est plus grand \
             que 5.",
            "`difference.dot(&difference)`.",
        ],
        REFERENCE,
    )
    .mistake(
        "le-plus-lointain",
        |known, labels, asked| nearest_by(known, labels, asked, |d| -d * d),
        "C'est le voisin le plus lointain.",
        [
            "Dans quel sens va votre comparaison ?",
            "On garde la plus petite distance.",
            "`if distance < least`, en partant de `f64::INFINITY`.",
        ],
        REFERENCE,
    )
    .hints([
        "Une boucle sur les lignes de `known`, qui garde la meilleure.",
        "La distance au carré est la somme des carrés des écarts.",
        "`let difference = &row - &asked.row(0);`, puis `difference.dot(&difference)`.",
    ])
    .success(
        "Rien à apprendre, et une référence difficile à battre ; mais il faut garder toutes les \
         images, et les regarder toutes.",
        "regardez les trois plus proches, et prenez la réponse la plus fréquente.",
    )
}
