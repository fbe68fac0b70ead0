//! Chapitre 06 : la rétropropagation, un terme à la fois, puis l'ordre des corrections.

use nn_core::ndarray::{Array1, Array2, Axis, s};
use nn_core::{
    Gradients, NeuralNetwork, sigmoid, sigmoid_derivative_at,
    sigmoid_derivative_from_output,
};

use super::{
    EXAMPLES, HIDDEN, OUTPUTS, answered_network, network_inputs, parameters, random_matrix,
    see, spoiled_data,
};
use crate::exercise::Exercise;
use crate::tensor::{matrix, vector};
use crate::verdict::Section;

const NUMBERS: Section = see("05_chain_rule", "Un neurone, opération par opération");
const TWO: Section = see("06_backprop", "Deux couches, avec des nombres");
const MATRICES: Section = see("06_backprop", "Avec des matrices");
const CODE: Section = see("06_backprop", "Le code");
const STEP: Section = see("06_backprop", "Le pas");

/// Des réponses entre 0 et 1, toujours les mêmes pour la même graine.
fn answers(seed: u32, rows: usize, columns: usize) -> Array2<f64> {
    random_matrix(seed, rows, columns).mapv(|v| sigmoid(2.0 * v))
}

/// Des exemples à additionner, dont il ne reste que le dernier.
const LAST_ONLY: (&str, [&str; 3]) = (
    "Il ne reste que le dernier exemple : dans la boucle, `=` remplace, `+=` ajoute.",
    [
        "Changez la première ligne : votre résultat change-t-il ?",
        "Chaque exemple doit ajouter sa part à celle des autres.",
        "Écrivez `+=` dans la boucle.",
    ],
);

/// Des exemples à additionner, dont le premier manque.
const FIRST_MISSING: (&str, [&str; 3]) = (
    "Le premier exemple n'est pas compté : la boucle commence un tour trop tard.",
    [
        "Changez la première ligne : votre résultat change-t-il ?",
        "Les lignes se comptent depuis 0.",
        "Partez de 0 : `0..` et non `1..`.",
    ],
);

pub type OutputDelta = fn(&Array2<f64>, &Array2<f64>) -> Array2<f64>;

pub fn output_delta() -> Exercise<OutputDelta> {
    Exercise::<OutputDelta>::new("06_output_delta", MATRICES, |y, y_hat| {
        -2.0 * (y - y_hat) * y_hat.mapv(sigmoid_derivative_from_output)
    })
    .probes(
        [(1, 1), (2, 1), (3, 2)].map(|(m, k)| {
            let y = Array2::from_shape_fn((m, k), |(i, j)| ((i + j + 1) % 2) as f64);
            (y, answers(6, m, k))
        }),
        |(y, y_hat)| {
            vec![
                matrix("y", [EXAMPLES, OUTPUTS], y),
                matrix("ŷ", [EXAMPLES, OUTPUTS], y_hat),
            ]
        },
        |f, (y, y_hat)| vec![matrix("δ2", [EXAMPLES, OUTPUTS], &f(y, y_hat))],
    )
    .mistake(
        "signe",
        |y, y_hat| 2.0 * (y - y_hat) * y_hat.mapv(sigmoid_derivative_from_output),
        "Vous calculez l'opposé de la dérivée : c'est ce que le Python ajoute. Ici, on veut la \
         dérivée elle-même, que l'on soustraira.",
        [
            "Quand la réponse est trop petite, l'augmenter fait baisser la perte. De quel signe \
             est la pente ?",
            "Dans y − ŷ, la réponse est soustraite : d'où un signe moins.",
            "Commencez par `-2.0 *`.",
        ],
        NUMBERS,
    )
    .mistake(
        "facteur-deux-oublie",
        |y, y_hat| -(y - y_hat) * y_hat.mapv(sigmoid_derivative_from_output),
        "Il manque le facteur 2, qui vient du carré : la dérivée de u² est 2u·u′.",
        [
            "Vos nombres valent la moitié de ceux attendus.",
            "Que vaut la dérivée d'un carré ?",
            "Multipliez par 2.",
        ],
        NUMBERS,
    )
    .mistake(
        "pente-oubliee",
        |y, y_hat| -2.0 * (y - y_hat),
        "Vous vous arrêtez à ∂L/∂ŷ. Pour arriver à la somme z2, il faut traverser σ : \
         multiplier par sa pente.",
        [
            "δ2 est la pente par rapport à z2, pas par rapport à ŷ.",
            "En revenant sur ses pas, on multiplie par la pente de ce que l'on traverse.",
            "Multipliez, case par case, par ŷ(1 − ŷ).",
        ],
        NUMBERS,
    )
    .mistake(
        "sigma-une-fois-de-trop",
        |y, y_hat| -2.0 * (y - y_hat) * y_hat.mapv(sigmoid_derivative_at),
        "La pente passe une seconde fois par σ : ŷ est déjà une réponse, non une somme.",
        [
            "ŷ = σ(z2) : combien de fois σ a-t-elle déjà été appliquée ?",
            "`sigmoid_derivative_at` attend z ; `sigmoid_derivative_from_output` attend a.",
            "La pente est ŷ(1 − ŷ), sans exponentielle.",
        ],
        CODE,
    )
    .mistake(
        "pente-de-y",
        |y, y_hat| -2.0 * (y - y_hat) * y.mapv(sigmoid_derivative_from_output),
        "Vous prenez la pente en y, la réponse attendue. La pente est celle de la réponse donnée, \
         ŷ.",
        [
            "y vaut 0 ou 1 : que vaut y(1 − y) ?",
            "C'est ŷ qui est sorti de σ, pas y.",
            "Remplacez y par ŷ dans la pente.",
        ],
        MATRICES,
    )
    .mistake(
        "moyenne",
        |y, y_hat| {
            let m = y.nrows() as f64;
            -2.0 / m * (y - y_hat) * y_hat.mapv(sigmoid_derivative_from_output)
        },
        "Vous divisez par le nombre d'exemples : c'est la dérivée d'une moyenne. La perte du \
         tutoriel est une somme.",
        [
            "Avec un seul exemple, c'est juste. Et avec deux ?",
            "L = Σ (y − ŷ)², sans division.",
            "Retirez la division par m.",
        ],
        see("04_loss", "Somme ou moyenne ?"),
    )
    .mistake(
        "pente-de-tanh",
        |y, y_hat| -2.0 * (y - y_hat) * y_hat.mapv(|a| 1.0 - a * a),
        "1 − a² est la pente de la tangente hyperbolique. Celle de la sigmoïde est a(1 − a).",
        [
            "La plus forte pente de la sigmoïde vaut 0,25. La vôtre ?",
            "Quelle courbe les neurones de ce réseau emploient-ils ?",
            "Remplacez `1 - a * a` par `a * (1 - a)`.",
        ],
        MATRICES,
    )
    .mistake(
        "reponse-au-lieu-de-pente",
        |y, y_hat| -2.0 * (y - y_hat) * y_hat,
        "Vous multipliez par ŷ au lieu de sa pente, ŷ(1 − ŷ).",
        [
            "Un neurone qui répond presque 1 ne change presque plus. Que dit votre facteur ?",
            "On multiplie par la pente de ce que l'on traverse.",
            "Remplacez `y_hat` par `y_hat.mapv(sigmoid_derivative_from_output)`.",
        ],
        MATRICES,
    )
    .hints([
        "Deux facteurs : la pente de la perte en ŷ, puis celle de σ.",
        "∂L/∂ŷ = −2(y − ŷ), et la pente de σ est ŷ(1 − ŷ).",
        "`-2.0 * (y - y_hat) * y_hat.mapv(sigmoid_derivative_from_output)`.",
    ])
    .success(
        "Le 2 vient du carré, le moins de la soustraction, ŷ(1 − ŷ) de la sigmoïde. Quand la \
         réponse est presque 0 ou presque 1, cette pente s'éteint : un neurone très sûr de lui \
         apprend lentement, même quand il se trompe.",
        "calculez δ2 pour y = 1 et ŷ = 0,01, puis ŷ = 0,5. Lequel est le plus grand ?",
    )
}

pub type WeightsGradient = fn(&Array2<f64>, &Array2<f64>) -> Array2<f64>;

pub fn weights_gradient() -> Exercise<WeightsGradient> {
    Exercise::<WeightsGradient>::new("06_weights_gradient", MATRICES, |a1, delta2| {
        a1.t().dot(delta2)
    })
    .probes(
        [[2, 2, 1], [4, 4, 1], [3, 2, 2], [2, 2, 2]]
            .map(|[m, h, k]| (answers(7, m, h), random_matrix(8, m, k))),
        |(a1, delta2)| {
            vec![
                matrix("a1", [EXAMPLES, HIDDEN], a1),
                matrix("δ2", [EXAMPLES, OUTPUTS], delta2),
            ]
        },
        |f, (a1, delta2)| vec![matrix("∂L/∂W2", [HIDDEN, OUTPUTS], &f(a1, delta2))],
    )
    .mistake(
        "transposee-oubliee",
        |a1, delta2| a1.dot(delta2),
        "Il manque la transposée de a1. Avec autant d'exemples que de neurones, la forme est \
         bonne quand même ; les nombres, non.",
        [
            "Essayez avec trois exemples et deux neurones.",
            "On additionne sur les exemples : ils doivent se toucher dans le produit.",
            "(h, m) · (m, k) : écrivez `a1.t().dot(delta2)`.",
        ],
        MATRICES,
    )
    .mistake(
        "produit-inverse",
        |a1, delta2| delta2.t().dot(a1),
        "Votre résultat est la transposée de celui qui est attendu : les deux facteurs sont \
         échangés.",
        [
            "Un gradient a la forme du tableau qu'il concerne.",
            "W2 est de forme (h, k) : h doit venir en premier.",
            "C'est a1 qui se transpose, et qui vient à gauche.",
        ],
        MATRICES,
    )
    .mistake(
        "moyenne",
        |a1, delta2| a1.t().dot(delta2) / a1.nrows() as f64,
        "Vous divisez par le nombre d'exemples. La perte est une somme : les poussées des \
         exemples s'additionnent.",
        [
            "De quel facteur vos nombres sont-ils trop petits ?",
            "∂L/∂W2 = Σ sur les exemples, sans division.",
            "Retirez la division.",
        ],
        see("04_loss", "Somme ou moyenne ?"),
    )
    .mistake(
        "premier-exemple-seulement",
        |a1, delta2| {
            let first = |a: &Array2<f64>| a.row(0).to_owned().insert_axis(Axis(0));
            first(a1).t().dot(&first(delta2))
        },
        "Vous ne comptez que le premier exemple. Chaque poids sert à tous.",
        [
            "Changez la dernière ligne de a1 : votre résultat change-t-il ?",
            "La somme se fait sur tous les i.",
            "Le produit de matrices fait cette somme pour vous.",
        ],
        MATRICES,
    )
    .mistake(
        "signe",
        |a1, delta2| -a1.t().dot(delta2),
        "Le signe est en trop : il est déjà dans δ2.",
        [
            "Vos nombres sont les opposés de ceux attendus.",
            "Le moins vient de la perte, et δ2 le contient.",
            "Retirez le `-`.",
        ],
        MATRICES,
    )
    .mistake(
        "remplacer-au-lieu-d-ajouter",
        |a1, delta2| {
            let last = |a: &Array2<f64>| a.slice(s![a.nrows() - 1.., ..]).to_owned();
            last(a1).t().dot(&last(delta2))
        },
        LAST_ONLY.0,
        LAST_ONLY.1,
        MATRICES,
    )
    .mistake(
        "premier-exemple-saute",
        |a1, delta2| {
            let rest = |a: &Array2<f64>| a.slice(s![1.., ..]).to_owned();
            rest(a1).t().dot(&rest(delta2))
        },
        FIRST_MISSING.0,
        FIRST_MISSING.1,
        MATRICES,
    )
    .hints([
        "Un gradient a la forme de son tableau : ici (h, k).",
        "Vous avez (m, h) et (m, k), et m doit disparaître.",
        "`.t()` retourne un tableau, `.dot` multiplie : `a1.t().dot(delta2)`.",
    ])
    .success(
        "Chaque poids reçoit, de chaque exemple, la réponse de son départ fois le δ de son \
         arrivée. Le produit de matrices fait toutes ces sommes d'un coup.",
        "calculez un seul coefficient avec une boucle sur les exemples, et comparez.",
    )
}

pub type HiddenDelta = fn(&Array2<f64>, &Array2<f64>, &Array2<f64>) -> Array2<f64>;

pub fn hidden_delta() -> Exercise<HiddenDelta> {
    Exercise::<HiddenDelta>::new("06_hidden_delta", MATRICES, |delta2, w2, a1| {
        delta2.dot(&w2.t()) * a1.mapv(sigmoid_derivative_from_output)
    })
    .probes(
        [[1, 2, 1], [4, 4, 1], [3, 2, 2], [2, 4, 3]].map(|[m, h, k]| {
            (random_matrix(8, m, k), random_matrix(9, h, k), answers(7, m, h))
        }),
        |(delta2, w2, a1)| {
            vec![
                matrix("δ2", [EXAMPLES, OUTPUTS], delta2),
                matrix("W2", [HIDDEN, OUTPUTS], w2),
                matrix("a1", [EXAMPLES, HIDDEN], a1),
            ]
        },
        |f, (delta2, w2, a1)| {
            vec![matrix("δ1", [EXAMPLES, HIDDEN], &f(delta2, w2, a1))]
        },
    )
    .mistake(
        "derivee-cachee-oubliee",
        |delta2, w2, _| delta2.dot(&w2.t()),
        "L'erreur est bien répartie, mais elle n'a pas traversé la sigmoïde de la couche \
         cachée. Au chapitre 8, un réseau avec cette erreur n'apprend jamais.",
        [
            "Quel argument n'employez-vous pas ?",
            "δ1 est la pente par rapport à z1 : il reste à traverser σ.",
            "Multipliez, case par case, par a1(1 − a1).",
        ],
        TWO,
    )
    .mistake(
        "w2-non-transposee",
        |delta2, w2, a1| delta2.dot(w2) * a1.mapv(sigmoid_derivative_from_output),
        "Il faut la transposée de W2 : à l'aller on va des neurones aux sorties, au retour des \
         sorties aux neurones.",
        [
            "Écrivez les formes : (m, k) · (h, k). Ce qui se touche est-il égal ?",
            "Quand h = k, rien ne proteste ; ailleurs, les formes refusent.",
            "`delta2.dot(&w2.t())`.",
        ],
        MATRICES,
    )
    .mistake(
        "sigma-une-fois-de-trop",
        |delta2, w2, a1| delta2.dot(&w2.t()) * a1.mapv(sigmoid_derivative_at),
        "La pente passe une seconde fois par σ : a1 est déjà une réponse.",
        [
            "a1 = σ(z1) : combien de fois σ a-t-elle déjà été appliquée ?",
            "`sigmoid_derivative_at` attend z, et vous lui donnez a.",
            "La pente est a1(1 − a1) : `sigmoid_derivative_from_output`.",
        ],
        CODE,
    )
    .mistake(
        "reponse-au-lieu-de-pente",
        |delta2, w2, a1| delta2.dot(&w2.t()) * a1,
        "Vous multipliez par a1 au lieu de sa pente, a1(1 − a1).",
        [
            "Un neurone qui répond presque 1 ne change presque plus. Que dit votre facteur ?",
            "On multiplie par la pente de ce que l'on traverse.",
            "Remplacez `a1` par `a1.mapv(sigmoid_derivative_from_output)`.",
        ],
        TWO,
    )
    .mistake(
        "produit-pour-une-sortie",
        |delta2, w2, a1| delta2 * &w2.t() * a1.mapv(sigmoid_derivative_from_output),
        "Vous multipliez case par case. Avec une seule sortie, c'est la même chose ; avec \
         plusieurs, leurs parts doivent s'additionner.",
        [
            "Essayez avec deux sorties.",
            "Un neurone caché agit sur toutes les sorties : ses parts s'additionnent.",
            "Remplacez `*` par `dot` entre δ2 et la transposée de W2.",
        ],
        MATRICES,
    )
    .mistake(
        "pente-de-tanh",
        |delta2, w2, a1| delta2.dot(&w2.t()) * a1.mapv(|a| 1.0 - a * a),
        "1 − a² est la pente de la tangente hyperbolique. Celle de la sigmoïde est a(1 − a).",
        [
            "La plus forte pente de la sigmoïde vaut 0,25. La vôtre ?",
            "Quelle courbe les neurones de ce réseau emploient-ils ?",
            "Remplacez `1 - a * a` par `a * (1 - a)`.",
        ],
        MATRICES,
    )
    .hints([
        "D'abord répartir l'erreur sur les neurones, puis traverser leur σ.",
        "(m, k) · (k, h) → (m, h) : c'est W2 qui se transpose.",
        "Le second facteur est `a1.mapv(sigmoid_derivative_from_output)`, case par case.",
    ])
    .success(
        "L'erreur revient par les mêmes traits qu'à l'aller, multipliée par les mêmes poids, \
         puis par la pente de chaque neurone. C'est la règle de la chaîne, et c'est tout \
         l'algorithme.",
        "que devient δ1 si un neurone caché a un poids nul vers la sortie ?",
    )
}

pub type BiasesGradient = fn(&Array2<f64>) -> Array1<f64>;

pub fn biases_gradient() -> Exercise<BiasesGradient> {
    Exercise::<BiasesGradient>::new("06_biases_gradient", MATRICES, |delta| {
        delta.sum_axis(Axis(0))
    })
    .probes(
        [(2, 2), (4, 3), (3, 1)].map(|(m, h)| random_matrix(8, m, h)),
        |delta| vec![matrix("δ", [EXAMPLES, HIDDEN], delta)],
        |f, delta| vec![vector("∂L/∂b", HIDDEN, &f(delta))],
    )
    .mistake(
        "mauvais-axe",
        |delta| delta.sum_axis(Axis(1)),
        "Vous additionnez les colonnes entre elles : il reste un nombre par exemple. Il en \
         faut un par neurone.",
        [
            "Quelle est la longueur de b ? Et celle de votre résultat ?",
            "On additionne sur les exemples, qui sont les lignes.",
            "`Axis(0)` additionne les lignes entre elles.",
        ],
        MATRICES,
    )
    .mistake(
        "moyenne",
        |delta| delta.sum_axis(Axis(0)) / delta.nrows() as f64,
        "Vous prenez la moyenne sur les exemples. La perte est une somme : son gradient aussi.",
        [
            "De quel facteur vos nombres sont-ils trop petits ?",
            "Le biais s'ajoute à chaque exemple : les poussées s'additionnent.",
            "Remplacez la moyenne par la somme.",
        ],
        see("04_loss", "Somme ou moyenne ?"),
    )
    .mistake(
        "premier-exemple-seulement",
        |delta| delta.row(0).to_owned(),
        "Le gradient n'est pas additionné sur les exemples : vous ne gardez que le premier.",
        [
            "Changez la dernière ligne de δ : votre résultat change-t-il ?",
            "Le même biais sert à tous les exemples.",
            "Additionnez les lignes : `sum_axis(Axis(0))`.",
        ],
        MATRICES,
    )
    .mistake(
        "somme-totale",
        |delta| Array1::from_elem(delta.ncols(), delta.sum()),
        "Vous additionnez toutes les cases, et donnez le même nombre à chaque biais.",
        [
            "Deux neurones reçoivent-ils la même correction ?",
            "Chaque colonne est un neurone : on additionne chaque colonne à part.",
            "`sum_axis(Axis(0))`, et non `sum()`.",
        ],
        MATRICES,
    )
    .mistake(
        "remplacer-au-lieu-d-ajouter",
        |delta| delta.row(delta.nrows() - 1).to_owned(),
        LAST_ONLY.0,
        LAST_ONLY.1,
        MATRICES,
    )
    .mistake(
        "premier-exemple-saute",
        |delta| delta.slice(s![1.., ..]).sum_axis(Axis(0)),
        FIRST_MISSING.0,
        FIRST_MISSING.1,
        MATRICES,
    )
    .hints([
        "Un nombre par neurone : la forme de b.",
        "Les exemples disparaissent en s'additionnant.",
        "`delta.sum_axis(Axis(0))`.",
    ])
    .success(
        "Un biais est un poids dont l'entrée vaut toujours 1 : sa pente est celle d'un poids, \
         avec 1 à la place de la réponse reçue.",
        "écrivez-le comme un produit : une ligne de 1, fois δ.",
    )
}

pub type BrokenStep = fn(&mut NeuralNetwork);

/// Les δ des deux couches, avec le W2 que l'on donne.
fn deltas(n: &NeuralNetwork, w2: &Array2<f64>) -> (Array2<f64>, Array2<f64>) {
    let slope = sigmoid_derivative_from_output;
    let delta2 = -2.0 * (&n.y - &n.output) * n.output.mapv(slope);
    let delta1 = delta2.dot(&w2.t()) * n.layer1.mapv(slope);
    (delta2, delta1)
}

/// Un pas, multiplié par `rate`.
fn apply(n: &mut NeuralNetwork, g: &Gradients, rate: f64) {
    n.weights1.scaled_add(-rate, &g.weights1);
    n.biases1.scaled_add(-rate, &g.biases1);
    n.weights2.scaled_add(-rate, &g.weights2);
    n.biases2.scaled_add(-rate, &g.biases2);
}

pub fn broken_step() -> Exercise<BrokenStep> {
    Exercise::<BrokenStep>::new("06_broken_step", STEP, |n| n.backprop())
        .probes(
            [[1, 2, 2, 1], [4, 3, 4, 1], [3, 2, 5, 2]],
            |sizes| network_inputs(&answered_network(*sizes)),
            |f, sizes| {
                let given = answered_network(*sizes);
                let mut network = given.clone();
                f(&mut network);
                [parameters(&network), spoiled_data(&given, &network)].concat()
            },
        )
        .mistake(
            "w2-corrige-trop-tot",
            |n| {
                let (delta2, _) = deltas(n, &n.weights2);
                n.weights2 -= &n.layer1.t().dot(&delta2);
                n.biases2 -= &delta2.sum_axis(Axis(0));
                let (_, delta1) = deltas(n, &n.weights2);
                n.weights1 -= &n.input.t().dot(&delta1);
                n.biases1 -= &delta1.sum_axis(Axis(0));
            },
            "W2 est corrigé avant d'avoir servi à δ1 : la première couche est corrigée avec un \
             réseau à moitié changé. La perte baisse quand même, et rien ne le signale.",
            [
                "Quels tableaux sont justes, et lesquels sont faux ?",
                "Suivez W2 : à quelle ligne change-t-il, à quelle ligne sert-il ?",
                "Calculez `delta1` avant de toucher à `weights2`.",
            ],
            STEP,
        )
        .given()
        .mistake(
            "montee",
            |n| {
                let g = n.gradients();
                apply(n, &g, -1.0);
            },
            "Vous ajoutez le gradient. Il pointe vers la montée : il se soustrait.",
            [
                "La perte monte-t-elle ou descend-elle après votre pas ?",
                "Le signe moins est déjà dans le −2 : c'est une vraie dérivée.",
                "Employez `-=` partout.",
            ],
            STEP,
        )
        .mistake(
            "biais-oublies",
            |n| {
                let g = n.gradients();
                n.weights1 -= &g.weights1;
                n.weights2 -= &g.weights2;
            },
            "Les poids sont corrigés ; les biais n'ont pas bougé.",
            [
                "Combien de tableaux le réseau apprend-il ?",
                "En déplaçant des lignes, vous en avez perdu deux.",
                "Corrigez aussi `biases1` et `biases2`.",
            ],
            STEP,
        )
        .mistake(
            "premiere-couche-oubliee",
            |n| {
                let g = n.gradients();
                n.weights2 -= &g.weights2;
                n.biases2 -= &g.biases2;
            },
            "Seule la seconde couche est corrigée.",
            [
                "`weights1` a-t-il changé ?",
                "La première couche apprend aussi, par δ1.",
                "Il manque les corrections de `weights1` et de `biases1`.",
            ],
            STEP,
        )
        .mistake(
            "reponse-recalculee-en-route",
            |n| {
                let g = n.gradients();
                n.weights2 -= &g.weights2;
                n.biases2 -= &g.biases2;
                n.feedforward();
                let g = n.gradients();
                n.weights1 -= &g.weights1;
                n.biases1 -= &g.biases1;
            },
            "Vous recalculez les réponses ou les gradients au milieu du pas : les deux couches \
             ne sont plus corrigées au même endroit.",
            [
                "Combien de fois calculez-vous les gradients, dans un seul pas ?",
                "Tous les gradients se calculent au même point.",
                "Calculez d'abord, corrigez ensuite, sans `feedforward` entre les deux.",
            ],
            STEP,
        )
        .hints([
            "Séparez deux temps : calculer, puis corriger.",
            "Ni W1 ni W2 ne doit changer avant que δ1 et δ2 soient connus.",
            "Remontez la ligne de `delta1` au-dessus de la première correction.",
        ])
        .success(
            "Les quatre gradients au même point, puis les quatre corrections. C'est pour cela \
             que `nn_core` les rend ensemble, dans une structure `Gradients`.",
            "remettez l'erreur et entraînez le réseau du chapitre 7 : la voyez-vous sur la perte ?",
        )
}
