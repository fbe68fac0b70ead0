//! Chapitre 12 : standardiser sans fuite, éteindre des neurones, s'arrêter à temps.

use nn_core::ndarray::{Array1, Array2, Axis, arr2, concatenate};

use super::{EXAMPLES, HIDDEN, INPUTS, random_matrix, see};
use crate::exercise::Exercise;
use crate::tensor::{count, list, matrix, number};
use crate::verdict::Section;

const UNITS: Section = see("12_regularize", "Des manchots, et des unités");
const LEAK: Section = see("12_regularize", "Sur la part d'apprentissage seule");
const CURES: Section = see("12_regularize", "Les remèdes");
const EPOCHS: &str = "époques";

pub type StandardizeLike = fn(&Array2<f64>, &Array2<f64>) -> Array2<f64>;

/// La moyenne et l'écart-type de chaque colonne ; `less` est retiré du nombre d'exemples.
fn measured(x: &Array2<f64>, less: f64) -> (Array1<f64>, Array1<f64>) {
    let sum = |a: &Array2<f64>| a.sum_axis(Axis(0));
    let mean = sum(x) / x.nrows() as f64;
    let variance = sum(&(x - &mean).mapv(|v| v * v)) / (x.nrows() as f64 - less);
    (mean, variance.mapv(f64::sqrt))
}

fn scaled(x: &Array2<f64>, (mean, deviation): (Array1<f64>, Array1<f64>)) -> Array2<f64> {
    (x - &mean) / &deviation
}

pub fn standardize_like() -> Exercise<StandardizeLike> {
    Exercise::<StandardizeLike>::new("12_standardize_like", UNITS, |train, other| {
        scaled(other, measured(train, 0.0))
    })
    .probes(
        [
            (arr2(&[[1.0], [5.0]]), arr2(&[[7.0], [3.0], [0.0]])),
            (
                arr2(&[[40.0, 4000.0], [44.0, 3000.0], [48.0, 5000.0]]),
                arr2(&[[42.0, 6000.0], [50.0, 3500.0]]),
            ),
            (random_matrix(50, 5, 3), random_matrix(51, 4, 3) * 2.0 + 1.0),
            (random_matrix(52, 7, 2) - 3.0, random_matrix(53, 2, 2)),
        ],
        |(train, other): &(Array2<f64>, Array2<f64>)| {
            vec![
                matrix("train", [EXAMPLES, INPUTS], train),
                matrix("other", [EXAMPLES, INPUTS], other),
            ]
        },
        |f, (train, other)| vec![matrix("z", [EXAMPLES, INPUTS], &f(train, other))],
    )
    .mistake(
        "mesure-sur-other",
        |_, other| scaled(other, measured(other, 0.0)),
        "Vous mesurez la moyenne et l'écart-type sur `other`. Le réseau a appris dans l'échelle de \
         `train` : un même manchot doit y garder les mêmes nombres.",
        [
            "À quoi sert l'argument `train` ?",
            "Que deviendrait un manchot tout seul dans `other` ?",
            "`train.mean_axis(Axis(0))`, `train.std_axis(Axis(0), 0.0)`.",
        ],
        LEAK,
    )
    .mistake(
        "mesure-sur-tout",
        |train, other| {
            let all = concatenate(Axis(0), &[train.view(), other.view()])
                .unwrap_or_else(|_| train.clone());
            scaled(other, measured(&all, 0.0))
        },
        "Vous mesurez sur les deux parts réunies : c'est une fuite. L'apprentissage ne doit rien \
         savoir de `other`.",
        [
            "Quels exemples ont le droit de compter dans la moyenne ?",
            "Un seul nombre aberrant dans `other` changerait toute l'échelle.",
            "Mesurez sur `train` seul.",
        ],
        LEAK,
    )
    .mistake(
        "divise-par-la-variance",
        |train, other| {
            let (mean, deviation) = measured(train, 0.0);
            scaled(other, (mean, deviation.mapv(|d| d * d)))
        },
        "Vous divisez par la variance, qui est le carré de l'écart-type.",
        [
            "La variance de millimètres est en millimètres carrés.",
            "L'écart-type est la racine de la variance.",
            "`train.std_axis(Axis(0), 0.0)`, et non `var_axis`.",
        ],
        UNITS,
    )
    .mistake(
        "moyenne-oubliee",
        |train, other| {
            let (mean, deviation) = measured(train, 0.0);
            scaled(other, (0.0 * mean, deviation))
        },
        "Vous divisez bien par l'écart-type, et vous ne retirez pas la moyenne.",
        [
            "Que doit donner un exemple égal à la moyenne de `train` ?",
            "Il doit donner 0 dans chaque colonne.",
            "`(other - &mean) / &deviation`.",
        ],
        UNITS,
    )
    .mistake(
        "une-moyenne-pour-tout",
        |train, other| {
            let values = Array2::from_shape_vec((train.len(), 1), train.iter().copied().collect())
                .unwrap_or_else(|_| train.clone());
            let (mean, deviation) = measured(&values, 0.0);
            (other - mean[0]) / deviation[0]
        },
        "Vous prenez une seule moyenne pour tout le tableau. Chaque colonne a son unité, donc sa \
         moyenne et son écart-type.",
        [
            "Peut-on faire la moyenne de grammes et de millimètres ?",
            "`mean()` prend tout ; `mean_axis(Axis(0))`, colonne par colonne.",
            "`train.mean_axis(Axis(0))`, `train.std_axis(Axis(0), 0.0)`.",
        ],
        UNITS,
    )
    .mistake(
        "divise-par-m-moins-1",
        |train, other| scaled(other, measured(train, 1.0)),
        "Votre écart-type divise par m − 1 : c'est l'habitude des sondages. On demande celui qui \
         divise par m.",
        [
            "Regardez le second argument de `std_axis`.",
            "Avec 1 et 3, on attend un écart-type de 1.",
            "`train.std_axis(Axis(0), 0.0)`.",
        ],
        UNITS,
    )
    .hints([
        "Deux mesures sur `train`, une par colonne ; puis un calcul sur `other`.",
        "`train.mean_axis(Axis(0)).expect(\"au moins un exemple\")` donne les moyennes.",
        "`(other - &mean) / &deviation`, où les deux viennent de `train`.",
    ])
    .success(
        "L'échelle est apprise, comme les poids : sur l'apprentissage, et une seule fois.",
        "que feriez-vous d'une colonne constante, dont l'écart-type est 0 ?",
    )
}

pub type DropUnits = fn(&Array2<f64>, &Array2<f64>, f64) -> Array2<f64>;

/// Des 1 et des 0 tirés au hasard, avec au moins un de chaque : 0 avec la probabilité `rate`.
fn mask(seed: u32, rows: usize, columns: usize, rate: f64) -> Array2<f64> {
    let draw = random_matrix(seed, rows, columns);
    let mut mask = draw.mapv(|v| if 0.5 * (v + 1.0) < rate { 0.0 } else { 1.0 });
    mask[[0, 0]] = 0.0;
    mask[[rows - 1, columns - 1]] = 1.0;
    mask
}

pub fn drop_units() -> Exercise<DropUnits> {
    Exercise::<DropUnits>::new("12_drop_units", CURES, |a, mask, rate| a * mask / (1.0 - rate))
        .probes(
            [
                (arr2(&[[3.0, 2.0, 4.0, 1.0]]), arr2(&[[1.0, 0.0, 1.0, 1.0]]), 0.2),
                (arr2(&[[3.0, 2.0, 4.0, 1.0]]), arr2(&[[1.0, 0.0, 1.0, 1.0]]), 0.5),
                (random_matrix(60, 3, 5), mask(61, 3, 5, 0.25), 0.25),
                (random_matrix(62, 4, 2) + 2.0, mask(63, 4, 2, 0.6), 0.6),
                // Rien à éteindre : tout passe tel quel.
                (random_matrix(64, 2, 3), Array2::ones((2, 3)), 0.0),
            ],
            |(a, mask, rate): &(Array2<f64>, Array2<f64>, f64)| {
                vec![
                    matrix("a", [EXAMPLES, HIDDEN], a),
                    matrix("mask", [EXAMPLES, HIDDEN], mask),
                    number("rate", *rate),
                ]
            },
            |f, (a, mask, rate)| vec![matrix("reçu", [EXAMPLES, HIDDEN], &f(a, mask, *rate))],
        )
        .mistake(
            "echelle-oubliee",
            |a, mask, _| a * mask,
            "Les neurones éteints le sont, mais les autres ne compensent pas : à l'entraînement, la \
             couche suivante recevrait moins qu'à la prédiction.",
            [
                "À quoi sert l'argument `rate` ?",
                "Si l'on éteint la moitié des neurones, les autres doivent compter double.",
                "Divisez par `1.0 - rate`.",
            ],
            CURES,
        )
        .mistake(
            "multiplie-au-lieu-de-diviser",
            |a, mask, rate| a * mask * (1.0 - rate),
            "Vous multipliez par la part gardée : la somme diminue deux fois. Il faut diviser.",
            [
                "Les neurones gardés doivent-ils répondre plus fort, ou moins fort ?",
                "Pour garder la même somme en moyenne, ils répondent plus fort.",
                "`/ (1.0 - rate)`.",
            ],
            CURES,
        )
        .mistake(
            "divise-par-rate",
            |a, mask, rate| a * mask / rate,
            "Vous divisez par la probabilité d'éteindre ; il faut la part gardée.",
            [
                "Avec `rate` = 0,2, quelle part des neurones reste ?",
                "Il en reste 0,8.",
                "`1.0 - rate`.",
            ],
            CURES,
        )
        .mistake(
            "masque-inverse",
            |a, mask, rate| a * &(1.0 - mask) / (1.0 - rate),
            "Vous éteignez les neurones à garder, et gardez ceux à éteindre : dans `mask`, 1 veut \
             dire gardé.",
            [
                "Relisez ce que veut dire 1 dans `mask`.",
                "Un neurone dont le masque vaut 0 doit donner 0.",
                "`a * mask`, et non `a * (1.0 - mask)`.",
            ],
            CURES,
        )
        .mistake(
            "part-observee",
            |a, mask, _| a * mask / (mask.sum() / mask.len() as f64),
            "Vous divisez par la part gardée cette fois-ci. C'est la probabilité qui compte : la \
             somme n'est la même qu'en moyenne, sur tous les tirages.",
            [
                "Que ferait votre fonction si le masque éteignait tout ?",
                "On connaît la part gardée en moyenne, sans regarder le masque.",
                "Divisez par `1.0 - rate`.",
            ],
            CURES,
        )
        .hints([
            "Case par case : la réponse, ou 0.",
            "`a * mask` garde les neurones dont le masque vaut 1.",
            "Divisez le tout par la part gardée, `1.0 - rate`.",
        ])
        .success(
            "En moyenne sur tous les masques, la couche suivante reçoit ce qu'elle recevra à la \
             prédiction, où rien n'est éteint : il n'y a donc rien à changer pour prédire.",
            "par quoi le gradient de `a` doit-il être multiplié, au retour ?",
        )
}

pub type EpochKept = fn(&[f64], usize) -> usize;

/// La meilleure époque et la dernière faite ; `better` dit si une perte en bat une autre.
fn stopped(
    losses: &[f64],
    patience: usize,
    better: fn(f64, f64) -> bool,
) -> (usize, usize) {
    let (mut best, mut least) = (1, f64::INFINITY);
    for (i, &loss) in losses.iter().enumerate() {
        let epoch = i + 1;
        if epoch == 1 || better(loss, least) {
            (best, least) = (epoch, loss);
        }
        if epoch - best >= patience {
            return (best, epoch);
        }
    }
    (best, losses.len())
}

pub fn epoch_kept() -> Exercise<EpochKept> {
    Exercise::<EpochKept>::new("12_epoch_kept", CURES, |losses, patience| {
        stopped(losses, patience, |a, b| a < b).0
    })
    .probes(
        [
            (vec![0.9, 0.6, 0.5, 0.7, 0.8, 0.9], 2),
            // Le creux le plus bas vient après l'arrêt.
            (vec![0.9, 0.5, 0.6, 0.7, 0.4, 0.3], 2),
            (vec![0.9, 0.5, 0.6, 0.7, 0.4, 0.3], 3),
            // Une remontée que la patience laisse passer.
            (vec![0.9, 0.5, 0.6, 0.6, 0.4, 0.7, 0.8, 0.9, 0.2], 3),
            // Une époque de plus, et le creux suivant serait atteint.
            (vec![0.8, 0.6, 0.7, 0.7, 0.5, 0.9], 2),
            // Même une époque de plus ne l'atteindrait pas.
            (vec![0.9, 0.5, 0.6, 0.7, 0.8, 0.3], 2),
            // Aussi bien n'est pas mieux.
            (vec![0.7, 0.5, 0.5, 0.6, 0.5, 0.4], 3),
            // Mieux que l'époque d'avant n'est pas mieux que la meilleure.
            (vec![0.9, 0.5, 0.7, 0.6, 0.65, 0.3], 3),
            // Un progrès remet le compte à zéro.
            (vec![0.9, 1.0, 0.8, 0.85, 0.5], 2),
            (vec![0.4], 1),
            (vec![0.9, 0.8, 0.7], 5),
        ],
        |(losses, patience): &(Vec<f64>, usize)| {
            vec![list("losses", EPOCHS, losses), count("patience", *patience)]
        },
        |f, (losses, patience)| vec![count("époque", f(losses, *patience))],
    )
    .mistake(
        "epoque-de-l-arret",
        |losses, patience| stopped(losses, patience, |a, b| a < b).1,
        "C'est l'époque où l'entraînement s'arrête. Le réseau reprend les poids de la meilleure, \
         qui est plus ancienne.",
        [
            "À la fin, le réseau est-il à son meilleur ?",
            "L'arrêt vient `patience` époques après la meilleure.",
            "Rendez `best`, et non l'époque en cours.",
        ],
        CURES,
    )
    .mistake(
        "patience-oubliee",
        |losses, _| stopped(losses, usize::MAX, |a, b| a < b).0,
        "C'est la meilleure époque de toute la liste. L'entraînement s'est arrêté avant : les pertes \
         suivantes n'ont jamais été mesurées.",
        [
            "À quoi sert l'argument `patience` ?",
            "La boucle doit pouvoir s'arrêter avant la fin.",
            "`if epoch - best >= patience { break; }`",
        ],
        CURES,
    )
    .mistake(
        "compte-depuis-zero",
        |losses, patience| stopped(losses, patience, |a, b| a < b).0 - 1,
        "C'est le rang dans la liste, compté depuis 0. Les époques se comptent depuis 1.",
        [
            "Quel est le numéro de la première époque ?",
            "La perte de l'époque 1 est `losses[0]`.",
            "Ajoutez 1.",
        ],
        CURES,
    )
    .mistake(
        "premiere-remontee",
        |losses, _| stopped(losses, 1, |a, b| a < b).0,
        "Vous vous arrêtez à la première perte qui ne baisse pas. La patience laisse passer des \
         remontées.",
        [
            "À quoi sert l'argument `patience` ?",
            "Une perte de validation tremble : une remontée ne suffit pas.",
            "Comptez les époques depuis la meilleure, et comparez à `patience`.",
        ],
        CURES,
    )
    .mistake(
        "une-epoque-de-trop",
        |losses, patience| stopped(losses, patience + 1, |a, b| a < b).0,
        "Vous attendez une époque de trop : après `patience` époques sans progrès, c'est fini.",
        [
            "Avec une patience de 2, combien d'époques après la meilleure ?",
            "`>` ou `>=` ?",
            "`if epoch - best >= patience { break; }`",
        ],
        CURES,
    )
    .mistake(
        "aussi-bien-est-mieux",
        |losses, patience| stopped(losses, patience, |a, b| a <= b).0,
        "Une perte égale à la meilleure relance votre compte. Faire aussi bien n'est pas faire \
         mieux : un réseau qui n'avance plus ne s'arrêterait jamais.",
        [
            "Que se passe-t-il si toutes les pertes sont égales ?",
            "`<=` ou `<` ?",
            "`if loss < least { … }`",
        ],
        CURES,
    )
    .hints([
        "Une boucle sur les pertes, qui retient la meilleure et son époque.",
        "Si la perte est plus petite que la meilleure, l'époque devient la meilleure.",
        "Puis, si `epoch - best >= patience`, on s'arrête, et l'on rend `best`.",
    ])
    .success(
        "C'est ce que fait `Trainer::patience`, qui garde en plus une copie des poids de cette \
         époque.",
        "que coûte une patience trop grande ? et une trop petite ?",
    )
}
