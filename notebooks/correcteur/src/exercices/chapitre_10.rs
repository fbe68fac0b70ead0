//! Chapitre 10 : une boucle sur les couches, softmax, l'élan.

use nn_core::ndarray::{Array1, Array2};
use nn_core::sigmoid;

use super::{EXAMPLES, HIDDEN, INPUTS, OUTPUTS, random_matrix, random_vector, see};
use crate::exercise::Exercise;
use crate::tensor::{count, list, matrix, number, vector};
use crate::verdict::Section;

const COPY: Section = see("10_mlp", "La copie");
const FORWARD: Section = see("10_mlp", "La boucle, vers l'avant");
const CLASSES: Section = see("10_mlp", "Choisir parmi plusieurs classes");
const DESCENTS: Section = see("10_mlp", "Trois façons de descendre");

pub type CountSettings = fn(&[usize]) -> usize;

pub fn count_settings() -> Exercise<CountSettings> {
    Exercise::<CountSettings>::new("10_count_settings", COPY, |sizes| {
        sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
    })
    .probes(
        [vec![3, 4, 1], vec![2, 3], vec![64, 30, 10], vec![5, 2, 7, 3, 2]],
        |sizes: &Vec<usize>| {
            let all: Vec<f64> = sizes.iter().map(|&size| size as f64).collect();
            vec![list("sizes", "couches", &all)]
        },
        |f, sizes| vec![count("réglages", f(sizes))],
    )
    .mistake(
        "biais-oublies",
        |sizes| sizes.windows(2).map(|pair| pair[0] * pair[1]).sum(),
        "Vous comptez les poids, pas les biais : chaque neurone en a un.",
        [
            "Comptez à la main les réglages de (2, 3) : deux entrées, trois neurones.",
            "Combien de nombres `biases` a-t-il, pour h neurones ?",
            "Ajoutez h à chaque couche : `pair[0] * pair[1] + pair[1]`.",
        ],
        COPY,
    )
    .mistake(
        "biais-de-l-entree",
        |sizes| {
            let weights: usize = sizes.windows(2).map(|pair| pair[0] * pair[1]).sum();
            weights + sizes.iter().sum::<usize>()
        },
        "Vous donnez aussi des biais à l'entrée. Elle ne calcule rien : elle n'a pas de réglage.",
        [
            "De combien votre compte dépasse-t-il le bon ? Où trouvez-vous ce nombre dans `sizes` ?",
            "Les biais appartiennent aux couches : le premier nombre de `sizes` n'en est pas une.",
            "Additionnez les biais à partir de `sizes[1]`.",
        ],
        COPY,
    )
    .mistake(
        "biais-du-mauvais-cote",
        |sizes| sizes.windows(2).map(|pair| pair[0] * pair[1] + pair[0]).sum(),
        "Vos biais comptent les entrées de la couche : il y en a un par neurone, c'est-à-dire un \
         par sortie.",
        [
            "Dans une paire (n, h), combien de neurones la couche a-t-elle ?",
            "n entrées, h neurones : `biases` est de forme (h).",
            "Remplacez `pair[0]` par `pair[1]` dans le compte des biais.",
        ],
        COPY,
    )
    .mistake(
        "produit-de-tout",
        |sizes| sizes.iter().product(),
        "Vous multipliez toutes les tailles. Chaque couche n'est reliée qu'à la précédente : ses \
         poids s'additionnent à ceux des autres couches.",
        [
            "Quelles sont les formes des matrices de poids, de (3, 4, 1) ?",
            "(3, 4) et (4, 1) : 12 et 4 poids.",
            "Une somme sur `sizes.windows(2)`.",
        ],
        COPY,
    )
    .hints([
        "Prenez les tailles deux par deux : chaque paire est une couche.",
        "Une couche de n entrées et h neurones a n × h poids et h biais.",
        "`sizes.windows(2)`, `.map(…)`, `.sum()`.",
    ])
    .success(
        "Les poids d'une couche sont le produit de deux tailles voisines : c'est la plus large qui \
         coûte.",
        "combien en a un réseau (784, 128, 10) ? Et dans quelle couche sont-ils presque tous ?",
    )
}

pub type Answer = fn(&[(Array2<f64>, Array1<f64>)], &Array2<f64>) -> Array2<f64>;

/// Les poids et les biais de chaque couche, de l'entrée à la sortie.
fn layers(sizes: &[usize]) -> Vec<(Array2<f64>, Array1<f64>)> {
    let pairs = sizes.windows(2).zip(20..);
    pairs
        .map(|(pair, seed)| {
            (
                2.0 * random_matrix(seed, pair[0], pair[1]),
                random_vector(seed + 100, pair[1]),
            )
        })
        .collect()
}

pub fn answer() -> Exercise<Answer> {
    Exercise::<Answer>::new("10_answer", FORWARD, |layers, x| {
        layers.iter().fold(x.clone(), |a, (w, b)| (a.dot(w) + b).mapv(sigmoid))
    })
    .probes(
        [vec![2, 2], vec![2, 2, 2], vec![3, 2, 4, 1]].map(|sizes| (layers(&sizes), sizes[0])),
        |(layers, n)| {
            let mut all = vec![matrix("x", [EXAMPLES, INPUTS], &random_matrix(30, 3, *n))];
            for (i, (w, b)) in layers.iter().enumerate() {
                all.push(matrix(&format!("W{}", i + 1), [INPUTS, HIDDEN], w));
                all.push(vector(&format!("b{}", i + 1), HIDDEN, b));
            }
            all
        },
        |f, (layers, n)| {
            vec![matrix("ŷ", [EXAMPLES, OUTPUTS], &f(layers, &random_matrix(30, 3, *n)))]
        },
    )
    .mistake(
        "biais-oublies",
        |layers, x| layers.iter().fold(x.clone(), |a, (w, _)| a.dot(w).mapv(sigmoid)),
        "Les biais manquent : chaque couche calcule σ(a · W + b), et la vôtre σ(a · W).",
        [
            "Quels nombres de `layers` n'emploie-t-on pas ?",
            "Le biais s'ajoute après le produit, avant la sigmoïde.",
            "`a.dot(weights) + biases`.",
        ],
        FORWARD,
    )
    .mistake(
        "derniere-sans-activation",
        |layers, x| {
            let last = layers.len() - 1;
            layers.iter().enumerate().fold(x.clone(), |a, (i, (w, b))| {
                let z = a.dot(w) + b;
                if i == last { z } else { z.mapv(sigmoid) }
            })
        },
        "Votre dernière couche n'a pas d'activation : ses réponses sortent de l'intervalle de 0 à 1.",
        [
            "Regardez vos réponses : sont-elles toutes entre 0 et 1 ?",
            "La sigmoïde s'applique à chaque couche, la dernière comprise.",
            "Mettez `.mapv(sigmoid)` dans la boucle, pour toutes les couches.",
        ],
        FORWARD,
    )
    .mistake(
        "sans-activation",
        |layers, x| layers.iter().fold(x.clone(), |a, (w, b)| a.dot(w) + b),
        "La sigmoïde manque partout : sans elle, dix couches n'en valent qu'une.",
        [
            "Que calcule un neurone après sa somme pondérée ?",
            "z = a · W + b, puis a = σ(z).",
            "`.mapv(sigmoid)` à la fin de chaque couche.",
        ],
        FORWARD,
    )
    .mistake(
        "activation-a-la-fin",
        |layers, x| {
            layers.iter().fold(x.clone(), |a, (w, b)| a.dot(w) + b).mapv(sigmoid)
        },
        "Vous n'appliquez la sigmoïde qu'une fois, après la boucle. Entre les couches, elle manque.",
        [
            "Avec une seule couche, votre réponse est juste. Avec deux, non : pourquoi ?",
            "La sortie d'une couche est déjà passée par la sigmoïde quand la suivante la reçoit.",
            "Faites entrer `.mapv(sigmoid)` dans la boucle.",
        ],
        FORWARD,
    )
    .hints([
        "Une variable `a`, qui part de x et que chaque couche remplace.",
        "Pour chaque couche : un produit, les biais, la sigmoïde.",
        "`for (weights, biases) in layers { a = … }`, puis rendez `a`.",
    ])
    .success(
        "Une boucle de trois lignes, et le nombre de couches ne compte plus.",
        "gardez les sorties de toutes les couches : la rétropropagation en aura besoin.",
    )
}

pub type MySoftmax = fn(&Array1<f64>) -> Array1<f64>;

pub fn my_softmax() -> Exercise<MySoftmax> {
    Exercise::<MySoftmax>::new("10_my_softmax", CLASSES, |z| {
        let largest = z.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        let e = z.mapv(|v| (v - largest).exp());
        let sum = e.sum();
        e / sum
    })
    .probes(
        [
            vec![0.0, 0.0],
            vec![1.0, 2.0, 3.0],
            vec![-1.0, 0.5, 0.0, 2.0],
            vec![1000.0, 999.0],
            vec![-1000.0, -1001.0, -1002.0],
            // Le plus petit ne convient pas : seul le plus grand borne toutes les exponentielles.
            vec![800.0, 0.0, -800.0],
        ]
        .map(Array1::from),
        |z| vec![vector("z", OUTPUTS, z)],
        |f, z| vec![vector("ŷ", OUTPUTS, &f(z))],
    )
    .mistake(
        "trop-grandes-exponentielles",
        |z| {
            let e = z.mapv(f64::exp);
            let sum = e.sum();
            e / sum
        },
        "La formule est juste, et elle déborde : e¹⁰⁰⁰ est infini, et l'infini divisé par l'infini \
         donne NaN. De même, e⁻¹⁰⁰⁰ vaut 0, et 0/0 aussi.",
        [
            "Que donne `1000.0_f64.exp()` ?",
            "Retirer le même nombre à tous les z ne change pas le quotient.",
            "Retirez d'abord le plus grand : `z.mapv(|v| (v - largest).exp())`.",
        ],
        CLASSES,
    )
    .mistake(
        "sans-diviser",
        |z| {
            let largest = z.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
            z.mapv(|v| (v - largest).exp())
        },
        "Vos nombres ne font pas 1 à eux tous : il reste à diviser par leur somme.",
        [
            "Additionnez vos réponses.",
            "Des probabilités ont pour somme 1.",
            "Divisez par `e.sum()`.",
        ],
        CLASSES,
    )
    .mistake(
        "divise-par-le-plus-grand-z",
        |z| {
            let largest = z.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
            let e = z.mapv(|v| if largest == 0.0 { 1.0 } else { (v / largest).exp() });
            let sum = e.sum();
            e / sum
        },
        "Vous divisez par le plus grand z. Cela change les rapports entre les probabilités ; le \
         retirer ne les change pas.",
        [
            "Comparez e³ / e² et e^(3−1) / e^(2−1).",
            "Une même soustraction en haut et en bas se simplifie ; une division, non.",
            "Remplacez `/` par `-`.",
        ],
        CLASSES,
    )
    .mistake(
        "sans-exponentielle",
        |z| {
            let sum = z.sum();
            if sum == 0.0 { z.mapv(|_| 1.0 / z.len() as f64) } else { z / sum }
        },
        "Vous divisez les z par leur somme, sans exponentielle : un z négatif donne une \
         probabilité négative.",
        [
            "Que devient un z négatif ?",
            "L'exponentielle rend tout nombre positif.",
            "Calculez d'abord `z.mapv(|v| (v - largest).exp())`.",
        ],
        CLASSES,
    )
    .mistake(
        "sigmoide",
        |z| z.mapv(sigmoid),
        "C'est la sigmoïde de chaque nombre. Avec softmax, chaque réponse dépend de toutes les \
         autres, et leur somme vaut 1.",
        [
            "Additionnez vos réponses.",
            "La sigmoïde répond à plusieurs questions à la fois ; softmax choisit une réponse.",
            "Au dénominateur : la somme des exponentielles.",
        ],
        CLASSES,
    )
    .hints([
        "Des exponentielles, et leur somme.",
        "Retirez d'abord le plus grand z : le quotient ne change pas.",
        "`let e = z.mapv(|v| (v - largest).exp());`, puis `&e / e.sum()`.",
    ])
    .success(
        "Le plus grand z devient 0, dont l'exponentielle vaut 1 : rien ne peut déborder, et la \
         somme vaut au moins 1.",
        "ajoutez 5 à tous les z : que deviennent les probabilités ?",
    )
}

pub type MomentumSteps = fn(f64, &[f64], f64, f64) -> f64;

pub fn momentum_steps() -> Exercise<MomentumSteps> {
    Exercise::<MomentumSteps>::new("10_momentum_steps", DESCENTS, |w, gradients, rate, beta| {
        let (mut w, mut v) = (w, 0.0);
        for g in gradients {
            v = beta * v + g;
            w -= rate * v;
        }
        w
    })
    .probes(
        [
            (1.0, vec![2.0], 0.5, 0.9),
            (1.0, vec![1.0, 1.0], 0.5, 0.5),
            (0.0, vec![1.0, -1.0, 1.0], 0.25, 0.75),
            (0.0, vec![1.0, -1.0, 1.0], 0.5, 0.75),
            (0.0, vec![1.0, -1.0, 1.0], 0.25, 0.5),
            (-2.0, vec![3.0, 2.0, 1.0, 0.5], 0.1, 0.9),
        ],
        |(w, gradients, rate, beta)| {
            vec![
                number("w", *w),
                list("gradients", "pas", gradients),
                number("rate", *rate),
                number("beta", *beta),
            ]
        },
        |f, (w, gradients, rate, beta)| vec![number("w", f(*w, gradients, *rate, *beta))],
    )
    .mistake(
        "sans-elan",
        |w, gradients, rate, _| w - rate * gradients.iter().sum::<f64>(),
        "C'est la descente simple : `beta` ne sert pas, et chaque pas oublie le précédent.",
        [
            "Quel argument de votre fonction n'emploie-t-on pas ?",
            "Il faut une variable v, gardée d'un pas à l'autre.",
            "`v = beta * v + g`, puis `w -= rate * v`.",
        ],
        DESCENTS,
    )
    .mistake(
        "moyenne",
        |w, gradients, rate, beta| {
            let (mut w, mut v) = (w, 0.0);
            for g in gradients {
                v = beta * v + (1.0 - beta) * g;
                w -= rate * v;
            }
            w
        },
        "Vous faites une moyenne : le gradient est multiplié par 1 − β. C'est ce que fait Adam ; \
         ici, il s'ajoute tel quel.",
        [
            "Au premier pas, v doit valoir le gradient, tout entier.",
            "Relisez la formule de v : qu'est-ce qui multiplie g ?",
            "`v = beta * v + g`.",
        ],
        DESCENTS,
    )
    .mistake(
        "elan-apres",
        |w, gradients, rate, beta| {
            let (mut w, mut v) = (w, 0.0);
            for g in gradients {
                w -= rate * v;
                v = beta * v + g;
            }
            w
        },
        "Vous bougez le poids avant de mettre v à jour : le premier pas ne fait rien, et le dernier \
         gradient ne sert pas.",
        [
            "Avec un seul gradient, votre poids bouge-t-il ?",
            "D'abord v, puis w.",
            "Échangez les deux lignes de la boucle.",
        ],
        DESCENTS,
    )
    .mistake(
        "taux-dans-l-elan",
        |w, gradients, rate, beta| {
            let (mut w, mut v) = (w, 0.0);
            for g in gradients {
                v = beta * v + rate * g;
                w -= rate * v;
            }
            w
        },
        "Le taux d'apprentissage compte deux fois : dans v, puis dans w.",
        [
            "Au premier pas, le poids doit bouger de rate × g.",
            "Le taux n'apparaît que dans la seconde formule.",
            "`v = beta * v + g`.",
        ],
        DESCENTS,
    )
    .mistake(
        "monte",
        |w, gradients, rate, beta| {
            let (mut w, mut v) = (w, 0.0);
            for g in gradients {
                v = beta * v + g;
                w += rate * v;
            }
            w
        },
        "Le signe est inversé : vous remontez la pente.",
        [
            "Un gradient positif dit que la perte monte quand w augmente. Où aller ?",
            "On retire le pas.",
            "`w -= rate * v`.",
        ],
        DESCENTS,
    )
    .hints([
        "Deux variables gardées d'un pas à l'autre : v et w.",
        "À chaque gradient, v d'abord, puis w.",
        "`v = beta * v + g; w -= rate * v;` dans une boucle.",
    ])
    .success(
        "Avec β = 0, c'est la descente simple ; avec β proche de 1, les pas s'accumulent.",
        "si tous les gradients valent 1, vers quelle valeur v tend-il ?",
    )
}
