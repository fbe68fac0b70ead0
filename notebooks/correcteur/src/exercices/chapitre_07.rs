//! Chapitre 07 : l'entraînement, du gradient entier à la boucle.

use nn_core::ndarray::{Axis, arr2};
use nn_core::{
    Gradients, NeuralNetwork, NumpyRng, sigmoid_derivative_at,
    sigmoid_derivative_from_output,
};

use super::{
    EXAMPLES, HIDDEN, INPUTS, OUTPUTS, answered_network, gradients, network_inputs,
    parameters, random_network, see, spoiled_data,
};
use crate::exercise::Exercise;
use crate::tensor::{Tensor, count, list, matrix, number};
use crate::verdict::Section;

const BACKPROP: Section = see("07_training", "Étape 5 : la rétropropagation");
const TRAINING: Section = see("07_training", "Étape 6 : l'entraînement");
const CODE: Section = see("06_backprop", "Le code");
const MATRICES: Section = see("06_backprop", "Avec des matrices");
const STEP: Section = see("06_backprop", "Le pas");

pub type AllGradients = fn(&NeuralNetwork) -> Gradients;

/// Les gradients, avec le facteur de la perte et les deux pentes que l'on donne.
fn gradients_with(
    n: &NeuralNetwork,
    factor: f64,
    output_slope: fn(f64) -> f64,
    hidden_slope: fn(f64) -> f64,
) -> Gradients {
    let delta2 = factor * (&n.y - &n.output) * n.output.mapv(output_slope);
    let delta1 = delta2.dot(&n.weights2.t()) * n.layer1.mapv(hidden_slope);
    Gradients {
        weights1: n.input.t().dot(&delta1),
        biases1: delta1.sum_axis(Axis(0)),
        weights2: n.layer1.t().dot(&delta2),
        biases2: delta2.sum_axis(Axis(0)),
    }
}

pub fn all_gradients() -> Exercise<AllGradients> {
    const SLOPE: fn(f64) -> f64 = sigmoid_derivative_from_output;
    Exercise::<AllGradients>::new("07_all_gradients", BACKPROP, |n| n.gradients())
        .probes(
            [[1, 2, 2, 1], [4, 3, 4, 1], [3, 2, 5, 2]],
            |sizes| {
                let network = answered_network(*sizes);
                let mut all = network_inputs(&network);
                all.push(matrix("layer1", [EXAMPLES, HIDDEN], &network.layer1));
                all.push(matrix("output", [EXAMPLES, OUTPUTS], &network.output));
                all
            },
            |f, sizes| gradients(&f(&answered_network(*sizes))),
        )
        .mistake(
            "signe",
            |n| gradients_with(n, 2.0, SLOPE, SLOPE),
            "Vos quatre gradients sont les opposés des vrais : le signe moins de la perte \
             manque.",
            [
                "Les quatre tableaux ont-ils la même erreur ? Elle est donc avant eux.",
                "∂L/∂ŷ = −2(y − ŷ).",
                "Commencez `delta2` par `-2.0 *`.",
            ],
            CODE,
        )
        .mistake(
            "facteur-deux-oublie",
            |n| gradients_with(n, -1.0, SLOPE, SLOPE),
            "Vos gradients valent la moitié des vrais : il manque le 2 de la dérivée du carré.",
            [
                "Divisez une case attendue par la vôtre.",
                "La dérivée de u² est 2u·u′.",
                "Commencez `delta2` par `-2.0 *`.",
            ],
            CODE,
        )
        .mistake(
            "derivee-cachee-oubliee",
            |n| gradients_with(n, -2.0, SLOPE, |_| 1.0),
            "La seconde couche est juste. Pour la première, l'erreur n'a pas traversé la \
             sigmoïde des neurones cachés.",
            [
                "Quels tableaux sont faux ? Lequel des deux δ servent-ils ?",
                "δ1 a deux facteurs.",
                "Multipliez par `self.layer1.mapv(sigmoid_derivative_from_output)`.",
            ],
            CODE,
        )
        .mistake(
            "pente-de-sortie-oubliee",
            |n| gradients_with(n, -2.0, |_| 1.0, SLOPE),
            "L'erreur n'a pas traversé la sigmoïde de la sortie : il manque un facteur à δ2, et tout \
             le reste en dépend.",
            [
                "Combien de facteurs δ2 a-t-il ?",
                "δ2 = −2 (y − ŷ) ⊙ ŷ ⊙ (1 − ŷ).",
                "Multipliez par `network.output.mapv(nn_core::sigmoid_derivative_from_output)`.",
            ],
            CODE,
        )
        .mistake(
            "erreur-au-lieu-de-delta2",
            |n| {
                let error = -2.0 * (&n.y - &n.output);
                let delta1 = error.dot(&n.weights2.t()) * n.layer1.mapv(SLOPE);
                Gradients {
                    weights1: n.input.t().dot(&delta1),
                    biases1: delta1.sum_axis(Axis(0)),
                    ..n.gradients()
                }
            },
            "La seconde couche est juste. Pour la première, vous faites revenir l'erreur, et non \
             δ2 : elle n'a pas traversé la sigmoïde de la sortie.",
            [
                "Quels tableaux sont faux ? Lequel des deux δ servent-ils ?",
                "δ1 part de δ2.",
                "`delta2.dot(&network.weights2.t())`.",
            ],
            CODE,
        )
        .mistake(
            "sigma-appliquee-deux-fois",
            |n| gradients_with(n, -2.0, sigmoid_derivative_at, sigmoid_derivative_at),
            "Vos pentes repassent par σ : `layer1` et `output` sont déjà activées.",
            [
                "Quelle fonction donne la pente à partir de la sortie ?",
                "`sigmoid_derivative_at` attend la somme z.",
                "Employez `sigmoid_derivative_from_output` dans les deux couches.",
            ],
            CODE,
        )
        .mistake(
            "couche-echangee",
            |n| {
                let mut g = n.gradients();
                let delta2 = -2.0 * (&n.y - &n.output) * n.output.mapv(SLOPE);
                let delta1 = delta2.dot(&n.weights2.t()) * n.layer1.mapv(SLOPE);
                g.weights1 = n.layer1.t().dot(&delta1);
                g
            },
            "Le gradient de W1 emploie `layer1` : c'est ce que reçoit W2. W1 reçoit l'entrée.",
            [
                "La forme de ∂L/∂W1 est-elle celle de W1 ?",
                "Un poids est multiplié par ce qu'il reçoit à l'aller.",
                "`network.input.t().dot(&delta1)`.",
            ],
            BACKPROP,
        )
        .mistake(
            "biais-en-moyenne",
            |n| {
                let mut g = n.gradients();
                let m = n.y.nrows() as f64;
                g.biases1 /= m;
                g.biases2 /= m;
                g
            },
            "Les poids sont justes ; les gradients des biais sont des moyennes. Il faut la \
             somme sur les exemples.",
            [
                "De quel facteur vos biais sont-ils trop petits ?",
                "Le biais s'ajoute à chaque exemple : ses pentes s'additionnent.",
                "`sum_axis(Axis(0))`, et non `mean_axis`.",
            ],
            MATRICES,
        )
        .hints([
            "Commencez par δ2, puis δ1 ; les quatre gradients en découlent.",
            "Vérifiez chaque forme : un gradient a celle de son tableau.",
            "Reprenez vos réponses du chapitre 6 : output_delta, hidden_delta, weights_gradient, \
             biases_gradient.",
        ])
        .success(
            "Deux δ, quatre gradients : tout le chapitre 6 en six lignes. Les formes des quatre \
             tableaux sont celles des réglages.",
            "vérifiez-les avec une pente mesurée : c'est le chapitre 9.",
        )
}

pub type GradientStep = fn(&mut NeuralNetwork, &Gradients, f64);

/// Un pas de longueur différente pour les deux couches.
fn move_by(n: &mut NeuralNetwork, g: &Gradients, rate1: f64, rate2: f64) {
    n.weights1.scaled_add(-rate1, &g.weights1);
    n.biases1.scaled_add(-rate1, &g.biases1);
    n.weights2.scaled_add(-rate2, &g.weights2);
    n.biases2.scaled_add(-rate2, &g.biases2);
}

pub fn gradient_step() -> Exercise<GradientStep> {
    Exercise::<GradientStep>::new("07_gradient_step", STEP, |n, g, rate| {
        move_by(n, g, rate, rate)
    })
    .probes(
        [
            ([1, 1, 2, 1], 0.5),
            ([1, 1, 2, 1], 2.0),
            ([4, 3, 4, 1], 0.1),
            ([3, 2, 5, 2], 2.0),
        ],
        |(sizes, rate)| -> Vec<Tensor> {
            let network = answered_network(*sizes);
            let mut all = parameters(&network);
            all.extend(gradients(&network.gradients()));
            all.push(number("taux", *rate));
            all
        },
        |f, (sizes, rate)| {
            let given = answered_network(*sizes);
            let mut network = given.clone();
            f(&mut network, &given.gradients(), *rate);
            [parameters(&network), spoiled_data(&given, &network)].concat()
        },
    )
    .mistake(
        "taux-ignore",
        |n, g, _| move_by(n, g, 1.0, 1.0),
        "Le taux d'apprentissage n'est pas employé : votre pas est le gradient entier.",
        [
            "Quel argument n'employez-vous pas ?",
            "W ← W − η · ∂L/∂W.",
            "Multipliez chaque gradient par `rate` : `rate * &gradients.weights1`.",
        ],
        STEP,
    )
    .mistake(
        "montee",
        |n, g, rate| move_by(n, g, -rate, -rate),
        "Vous ajoutez le gradient : la perte va monter.",
        [
            "Le gradient pointe vers la montée.",
            "On le soustrait.",
            "`-=`, et non `+=`.",
        ],
        STEP,
    )
    .mistake(
        "biais-oublies",
        |n, g, rate| {
            n.weights1.scaled_add(-rate, &g.weights1);
            n.weights2.scaled_add(-rate, &g.weights2);
        },
        "Les poids sont corrigés, mais les biais n'ont pas bougé.",
        [
            "Combien de tableaux `Gradients` contient-il ?",
            "Quatre tableaux, quatre corrections.",
            "Corrigez aussi `biases1` et `biases2`.",
        ],
        STEP,
    )
    .mistake(
        "taux-pour-une-couche",
        |n, g, rate| move_by(n, g, rate, 1.0),
        "Le taux n'est employé que pour la première couche.",
        [
            "Comparez vos quatre lignes.",
            "Le même taux vaut pour tous les réglages.",
            "Multipliez aussi les gradients de la seconde couche par `rate`.",
        ],
        STEP,
    )
    .mistake(
        "division-par-le-taux",
        |n, g, rate| move_by(n, g, 1.0 / rate, 1.0 / rate),
        "Vous divisez par le taux : plus il est petit, plus votre pas est grand.",
        [
            "Un taux de 0,1 doit donner un petit pas.",
            "Le taux multiplie le gradient.",
            "Remplacez la division par une multiplication.",
        ],
        STEP,
    )
    .hints([
        "Quatre lignes qui se ressemblent, une par tableau.",
        "W ← W − taux × gradient.",
        "`network.weights1 -= &(rate * &gradients.weights1);`.",
    ])
    .success(
        "Quatre tableaux, un seul taux. Le gradient donne la direction, le taux la longueur.",
        "donnez un taux plus petit aux biais. Est-ce encore une descente de gradient ?",
    )
}

/// Le réseau du tutoriel, graine 0, biais compris.
fn tutorial_network() -> NeuralNetwork {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]); // (4, 3)
    let y = arr2(&[[0.], [1.], [1.], [0.]]); // (4, 1)
    let network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0));
    network.expect("les exemples du tutoriel")
}

pub type MyTrain = fn(&mut NeuralNetwork, usize) -> Vec<f64>;

/// Ce que laisse un entraînement : l'histoire de la perte, les réponses, et les poids.
fn trained(network: &NeuralNetwork, losses: &[f64]) -> Vec<Tensor> {
    vec![
        list("pertes", "pas", losses),
        matrix("W1", [INPUTS, HIDDEN], &network.weights1),
        matrix("output", [EXAMPLES, OUTPUTS], &network.output),
    ]
}

pub fn my_train() -> Exercise<MyTrain> {
    Exercise::<MyTrain>::new("07_my_train", TRAINING, |n, steps| n.train(steps))
        .probes(
            [([2, 1, 2, 1], 1), ([2, 2, 2, 1], 3), ([4, 3, 4, 1], 5)],
            |(sizes, steps)| {
                let mut all = network_inputs(&random_network(*sizes));
                all.push(count("pas", *steps));
                all
            },
            |f, (sizes, steps)| {
                let given = random_network(*sizes);
                let mut network = given.clone();
                let losses = f(&mut network, *steps);
                [trained(&network, &losses), spoiled_data(&given, &network)].concat()
            },
        )
        // Le réseau du tutoriel, jusqu'au bout.
        .probes(
            [1500],
            |steps| {
                let mut all = network_inputs(&tutorial_network());
                all.push(count("pas", *steps));
                all
            },
            |f, steps| {
                let mut network = tutorial_network();
                let losses = f(&mut network, *steps);
                vec![
                    count("nombre de pertes", losses.len()),
                    number("perte à la fin", network.loss()),
                ]
            },
        )
        .mistake(
            "perte-apres-le-pas",
            |n, steps| {
                let mut losses = Vec::new();
                n.feedforward();
                for _ in 0..steps {
                    n.backprop();
                    n.feedforward();
                    losses.push(n.loss());
                }
                losses
            },
            "Votre histoire est décalée d'un rang : vous notez la perte après chaque pas. La \
             première, celle du réseau qui n'a rien appris, manque.",
            [
                "Combien vaut la perte avant tout entraînement ? Est-elle dans votre liste ?",
                "Répondre, mesurer, corriger : dans cet ordre.",
                "Notez la perte avant d'appeler `backprop`.",
            ],
            TRAINING,
        )
        .mistake(
            "propagation-hors-de-la-boucle",
            |n, steps| {
                let mut losses = Vec::new();
                n.feedforward();
                for _ in 0..steps {
                    losses.push(n.loss());
                    n.backprop();
                }
                n.feedforward();
                losses
            },
            "Le réseau répond une seule fois, avant la boucle : la perte notée est toujours la \
             même, et les gradients sont ceux du départ.",
            [
                "Vos pertes changent-elles d'un pas à l'autre ?",
                "`loss` et `gradients` lisent `output`, que seul `feedforward` remet à jour.",
                "Appelez `feedforward` au début de chaque tour.",
            ],
            TRAINING,
        )
        .mistake(
            "derniere-propagation-oubliee",
            |n, steps| {
                let mut losses = Vec::new();
                for _ in 0..steps {
                    n.feedforward();
                    losses.push(n.loss());
                    n.backprop();
                }
                losses
            },
            "L'histoire est juste, mais `output` date d'avant le dernier pas.",
            [
                "Avec quels poids `output` a-t-il été calculé ?",
                "Après le dernier `backprop`, les poids ont changé.",
                "Ajoutez un `feedforward` après la boucle.",
            ],
            TRAINING,
        )
        .mistake(
            "un-pas-de-trop",
            |n, steps| n.train(steps + 1),
            "Vous faites un pas de trop : votre boucle fait un tour de plus que demandé.",
            [
                "Combien de pertes rendez-vous pour un pas demandé ?",
                "`0..=n` fait n + 1 tours.",
                "Écrivez `for _ in 0..steps`.",
            ],
            TRAINING,
        )
        .mistake(
            "perte-finale-ajoutee",
            |n, steps| {
                let mut losses = n.train(steps);
                losses.push(n.loss());
                losses
            },
            "Vous ajoutez la perte finale à la liste : il y en a une de plus que de pas.",
            [
                "Combien de nombres faut-il rendre pour un seul pas ?",
                "La liste contient la perte avant chaque pas, et rien d'autre.",
                "Retirez le dernier `push`.",
            ],
            TRAINING,
        )
        .mistake(
            "aucune-correction",
            |n, steps| {
                let mut losses = Vec::new();
                for _ in 0..steps {
                    n.feedforward();
                    losses.push(n.loss());
                }
                n.feedforward();
                losses
            },
            "Le réseau répond et mesure, mais ne corrige rien : ses poids n'ont pas bougé.",
            [
                "Vos pertes changent-elles d'un pas à l'autre ?",
                "Répondre, mesurer, et… ?",
                "Appelez `backprop` à la fin de chaque tour.",
            ],
            TRAINING,
        )
        .hints([
            "Trois gestes à chaque tour : répondre, mesurer, corriger.",
            "La perte se note avant la correction.",
            "Après la boucle, un dernier `feedforward` remet `output` à jour.",
        ])
        .success(
            "Répondre, mesurer, corriger, et recommencer. La dernière sonde était le réseau du \
             tutoriel, avec ses biais : votre boucle y a mené la perte de 1,2981 à 0,0017 en 1500 \
             pas.",
            "arrêtez-vous dès que la perte passe sous un seuil. Combien de pas faut-il ?",
        )
}

pub type BrokenTraining = fn(&mut NeuralNetwork, usize) -> f64;

pub fn broken_training() -> Exercise<BrokenTraining> {
    Exercise::<BrokenTraining>::new("07_broken_training", TRAINING, |n, steps| {
        n.train(steps);
        n.loss()
    })
    .probes(
        [([2, 1, 2, 1], 1), ([2, 2, 2, 1], 3), ([4, 3, 4, 1], 20)],
        |(sizes, steps)| {
            let mut all = network_inputs(&random_network(*sizes));
            all.push(count("pas", *steps));
            all
        },
        |f, (sizes, steps)| {
            let given = random_network(*sizes);
            let mut network = given.clone();
            let last = f(&mut network, *steps);
            let answers = vec![
                number("perte à la fin", last),
                matrix("W1", [INPUTS, HIDDEN], &network.weights1),
            ];
            [answers, spoiled_data(&given, &network)].concat()
        },
    )
    .mistake(
        "entrainement-d-une-copie",
        |n, steps| {
            for _ in 0..steps {
                let mut copy = n.clone();
                copy.feedforward();
                copy.backprop();
            }
            n.feedforward();
            n.loss()
        },
        "La boucle entraîne une copie, refaite et jetée à chaque tour : le réseau lui-même ne \
         change pas.",
        [
            "Affichez un poids du réseau avant et après : a-t-il bougé ?",
            "`clone` fait un autre réseau. Que devient-il à la fin du tour ?",
            "Retirez la copie : appelez `feedforward` et `backprop` sur `network`.",
        ],
        see("00_rust", "À qui sont les valeurs"),
    )
    .given()
    .mistake(
        "propagation-hors-de-la-boucle",
        |n, steps| {
            n.feedforward();
            for _ in 0..steps {
                n.backprop();
            }
            n.feedforward();
            n.loss()
        },
        "Le réseau ne répond qu'avant la boucle : tous les pas suivent le gradient du départ.",
        [
            "Avec un seul pas, c'est juste. Et avec trois ?",
            "`backprop` lit `layer1` et `output`, que seul `feedforward` remet à jour.",
            "Mettez `feedforward` dans la boucle.",
        ],
        TRAINING,
    )
    .mistake(
        "perte-perimee",
        |n, steps| {
            for _ in 0..steps {
                n.feedforward();
                n.backprop();
            }
            n.loss()
        },
        "Le réseau est bien entraîné, mais la perte rendue date d'avant le dernier pas.",
        [
            "Sur quel champ `loss` lit-elle la réponse ?",
            "Après le dernier `backprop`, `output` n'est plus à jour.",
            "Ajoutez `feedforward` avant `loss`.",
        ],
        TRAINING,
    )
    .mistake(
        "ordre-inverse",
        |n, steps| {
            for _ in 0..steps {
                n.backprop();
                n.feedforward();
            }
            n.loss()
        },
        "Vous corrigez avant de répondre : le premier pas se fait sur des réponses qui n'existent \
         pas encore.",
        [
            "Que contient `output` avant le premier `feedforward` ?",
            "Répondre, puis corriger.",
            "Échangez les deux lignes de la boucle.",
        ],
        TRAINING,
    )
    .hints([
        "Suivez le réseau : qui change, et qui reste ?",
        "Chaque tour doit répondre, puis corriger, sur le même réseau.",
        "Il ne doit rester aucun `clone`.",
    ])
    .success(
        "En Python, la même faute s'écrirait avec `copy.deepcopy`. En Rust, une copie ne se fait \
         jamais sans `clone` : quand rien n'apprend, c'est le premier mot à chercher.",
        "que dirait la courbe de perte de ce programme faux ?",
    )
}
