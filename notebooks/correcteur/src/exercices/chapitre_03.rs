//! Chapitre 03 : la propagation avant, d'une somme à deux couches.

use nn_core::ndarray::{Array1, Array2, Axis};
use nn_core::{NeuralNetwork, sigmoid, sigmoid_derivative_at};

use super::{
    EXAMPLES, HIDDEN, INPUTS, OUTPUTS, network_inputs, random_matrix, random_network,
    random_vector, see, spoiled_data, spoiled_parameters,
};
use crate::exercise::Exercise;
use crate::tensor::{Tensor, matrix, vector};
use crate::verdict::Section;

const NEURON: Section = see("03_feedforward", "Un neurone, à la main");
const LAYER: Section = see("03_feedforward", "Une couche : plusieurs neurones à la fois");
const ORDER: Section = see("03_feedforward", "L'ordre du wiki et le nôtre");
const STAR: Section = see("03_feedforward", "`*` n'est pas le produit de matrices");
const TWO: Section = see("03_feedforward", "Deux couches : le réseau du tutoriel");
const NEW_ROW: Section = see("03_feedforward", "Une ligne nouvelle");

/// Une couche : x (m, n), W (n, h) et b (h).
type LayerData = (Array2<f64>, Array2<f64>, Array1<f64>);

fn layer_data([m, n, h]: [usize; 3]) -> LayerData {
    (random_matrix(1, m, n), random_matrix(2, n, h), random_vector(3, h))
}

fn layer_inputs((x, w, b): &LayerData) -> Vec<Tensor> {
    vec![
        matrix("x", [EXAMPLES, INPUTS], x),
        matrix("W", [INPUTS, HIDDEN], w),
        vector("b", HIDDEN, b),
    ]
}

pub type Linear = fn(&Array2<f64>, &Array2<f64>, &Array1<f64>) -> Array2<f64>;

pub fn linear() -> Exercise<Linear> {
    Exercise::<Linear>::new("03_linear", LAYER, |x, w, b| x.dot(w) + b)
        .probes(
            [[1, 2, 2], [2, 2, 2], [2, 3, 2], [4, 3, 2]].map(layer_data),
            layer_inputs,
            |f, (x, w, b)| vec![matrix("z", [EXAMPLES, HIDDEN], &f(x, w, b))],
        )
        .mistake(
            "biais-oublie",
            |x, w, _| x.dot(w),
            "Le produit est juste ; il manque le biais.",
            [
                "Comparez l'attendu et le reçu : la différence est la même à chaque ligne.",
                "z = x·W + b.",
                "Ajoutez `+ b` après le produit.",
            ],
            NEURON,
        )
        .mistake(
            "produit-case-par-case",
            |x, w, b| x * w + b,
            "`*` multiplie case par case. Le produit de matrices s'écrit `dot`.",
            [
                "Quand les deux tableaux sont carrés, `*` ne proteste pas : il répond autre chose.",
                "Chaque case de x·W réunit une ligne entière et une colonne entière.",
                "Remplacez `x * w` par `x.dot(w)`.",
            ],
            STAR,
        )
        .mistake(
            "produit-inverse",
            |x, w, b| w.dot(x) + b,
            "Vous calculez W·x : c'est l'ordre des équations du wiki, où un exemple est une \
             colonne. Ici, un exemple est une ligne : x·W.",
            [
                "Écrivez les formes des deux tableaux, dans l'ordre de votre produit.",
                "Ce qui se touche doit être égal : (m, n) · (n, h).",
                "Écrivez `x.dot(w)`.",
            ],
            ORDER,
        )
        .mistake(
            "w-transposee",
            |x, w, b| x.dot(&w.t()) + b,
            "Vous transposez W. Il est déjà dans le bon sens : une ligne par entrée, une colonne \
             par neurone.",
            [
                "Quelle est la forme de W ? Et de sa transposée ?",
                "Quand n = h, la transposée ne change pas la forme, mais elle change les nombres.",
                "Retirez `.t()`.",
            ],
            LAYER,
        )
        .mistake(
            "biais-par-exemple",
            |x, w, b| x.dot(w) + b.clone().insert_axis(Axis(1)),
            "Vous ajoutez un biais à chaque ligne, c'est-à-dire à chaque exemple. Un biais \
             appartient à un neurone, donc à une colonne.",
            [
                "b a autant d'éléments que de neurones, non que d'exemples.",
                "Quand m = h, les deux axes acceptent b : seuls les nombres disent l'erreur.",
                "`+ b` ajoute déjà la ligne des biais à chaque ligne : rien à insérer.",
            ],
            LAYER,
        )
        .mistake(
            "biais-a-chaque-terme",
            |x, w, b| x.dot(w) + &(x.ncols() as f64 * b),
            "Vous ajoutez le biais à chaque produit : avec trois entrées, il compte trois fois.",
            [
                "Avec une seule entrée, serait-ce juste ?",
                "Combien de biais chaque neurone a-t-il ?",
                "Ajoutez `b[j]` une fois, hors de la boucle sur les entrées.",
            ],
            LAYER,
        )
        .mistake(
            "biais-soustrait",
            |x, w, b| x.dot(w) - b,
            "Vous soustrayez le biais. Il s'ajoute ; c'est à lui d'être négatif s'il le faut.",
            [
                "Comparez l'attendu et le reçu, colonne par colonne.",
                "z = x·W + b.",
                "Remplacez `- b` par `+ b`.",
            ],
            NEURON,
        )
        .hints([
            "Deux gestes : le produit de matrices, puis le biais.",
            "`x.dot(w)` est le produit ; (m, n) · (n, h) → (m, h).",
            "`+ b` ajoute la ligne de biais à chaque ligne.",
        ])
        .success(
            "(m, n) · (n, h) donne (m, h), puis la ligne de biais s'ajoute à chaque exemple. \
             Une seule ligne traite un exemple ou mille.",
            "écrivez le produit avec trois boucles `for`. Le correcteur doit l'accepter aussi.",
        )
}

pub type MyLayer = Linear;

pub fn my_layer() -> Exercise<MyLayer> {
    Exercise::<MyLayer>::new("03_my_layer", LAYER, |x, w, b| (x.dot(w) + b).mapv(sigmoid))
        .probes(
            [[1, 2, 2], [2, 2, 3], [4, 3, 2]].map(layer_data),
            layer_inputs,
            |f, (x, w, b)| vec![matrix("a", [EXAMPLES, HIDDEN], &f(x, w, b))],
        )
        .mistake(
            "sigma-oubliee",
            |x, w, b| x.dot(w) + b,
            "Vous rendez la somme z. Il reste à la passer par σ.",
            [
                "Vos réponses sont-elles entre 0 et 1 ?",
                "Une couche : une somme, un biais, une courbe.",
                "`z.mapv(sigmoid)` applique σ à chaque case.",
            ],
            LAYER,
        )
        .mistake(
            "biais-apres-sigma",
            |x, w, b| x.dot(w).mapv(sigmoid) + b,
            "Vous ajoutez le biais après σ. Il fait partie de la somme que σ reçoit.",
            [
                "Avec un biais de 3, vos réponses peuvent-elles dépasser 1 ?",
                "σ(x·W + b), et non σ(x·W) + b.",
                "Mettez le produit et le biais ensemble entre parenthèses, avant `.mapv`.",
            ],
            NEURON,
        )
        .mistake(
            "sigma-sur-l-entree",
            |x, w, b| x.mapv(sigmoid).dot(w) + b,
            "Vous passez l'entrée par σ, au lieu de la somme.",
            [
                "Dans quel ordre un neurone fait-il ses trois gestes ?",
                "σ vient en dernier.",
                "Calculez d'abord z = x·W + b, puis `z.mapv(sigmoid)`.",
            ],
            LAYER,
        )
        .mistake(
            "deux-fois-sigma",
            |x, w, b| (x.dot(w) + b).mapv(sigmoid).mapv(sigmoid),
            "Vous appliquez σ deux fois : toutes vos réponses sont entre 0,5 et 0,73.",
            [
                "Comptez les `sigmoid` sur le chemin de x à la réponse.",
                "σ d'un nombre entre 0 et 1 est entre 0,5 et 0,73.",
                "Un seul `.mapv(sigmoid)`.",
            ],
            LAYER,
        )
        .mistake(
            "pente-au-lieu-de-sigma",
            |x, w, b| (x.dot(w) + b).mapv(sigmoid_derivative_at),
            "Vous appliquez la pente σ′ au lieu de σ : vos réponses ne dépassent pas 0,25.",
            [
                "Quelle est la plus grande valeur possible de vos réponses ?",
                "La pente sert au retour, au chapitre 6. À l'aller, c'est σ.",
                "Remplacez la dérivée par `sigmoid`.",
            ],
            LAYER,
        )
        .hints([
            "La somme est donnée : il reste un geste.",
            "`mapv` applique une fonction à chaque case.",
            "`z.mapv(sigmoid)`.",
        ])
        .success(
            "σ s'applique case par case, une fois la somme complète, biais compris. La forme ne \
             change pas.",
            "remplacez `sigmoid` par `f64::tanh`. Entre quelles valeurs vont les réponses ?",
        )
}

pub type TwoLayers = fn(&Array2<f64>, &Array2<f64>, &Array2<f64>) -> Array2<f64>;

pub fn two_layers() -> Exercise<TwoLayers> {
    Exercise::<TwoLayers>::new("03_two_layers", TWO, |x, w1, w2| {
        x.dot(w1).mapv(sigmoid).dot(w2).mapv(sigmoid)
    })
    .probes(
        [[1, 2, 2, 1], [2, 2, 2, 2], [4, 3, 4, 1], [3, 2, 5, 2]].map(|[m, n, h, k]| {
            (random_matrix(1, m, n), random_matrix(2, n, h), random_matrix(3, h, k))
        }),
        |(x, w1, w2)| {
            vec![
                matrix("x", [EXAMPLES, INPUTS], x),
                matrix("W1", [INPUTS, HIDDEN], w1),
                matrix("W2", [HIDDEN, OUTPUTS], w2),
            ]
        },
        |f, (x, w1, w2)| vec![matrix("ŷ", [EXAMPLES, OUTPUTS], &f(x, w1, w2))],
    )
    .mistake(
        "sigma-cachee-oubliee",
        |x, w1, w2| x.dot(w1).dot(w2).mapv(sigmoid),
        "La couche cachée n'a pas de courbe. Deux sommes à la suite n'en font qu'une : votre \
         réseau ne vaut pas mieux qu'une seule couche.",
        [
            "Combien de fois σ apparaît-elle dans l'équation à deux couches ?",
            "ŷ = σ(σ(x·W1)·W2).",
            "Ajoutez `.mapv(sigmoid)` entre les deux produits.",
        ],
        see("01_activation", "Pourquoi une courbe ?"),
    )
    .mistake(
        "sigma-de-sortie-oubliee",
        |x, w1, w2| x.dot(w1).mapv(sigmoid).dot(w2),
        "La sortie n'a pas de courbe : ses réponses ne sont pas entre 0 et 1.",
        [
            "La sortie est un neurone comme un autre.",
            "ŷ = σ(σ(x·W1)·W2) : deux σ.",
            "Terminez par `.mapv(sigmoid)`.",
        ],
        TWO,
    )
    .mistake(
        "aucune-sigma",
        |x, w1, w2| x.dot(w1).dot(w2),
        "Il n'y a aucune courbe : votre réseau est une seule somme déguisée.",
        [
            "Relisez l'équation : qu'y a-t-il autour de chaque produit ?",
            "Après chaque produit, σ.",
            "Un `.mapv(sigmoid)` après chaque `.dot`.",
        ],
        see("01_activation", "Pourquoi une courbe ?"),
    )
    .mistake(
        "couche-cachee-rendue",
        |x, w1, _| x.dot(w1).mapv(sigmoid),
        "Vous rendez la réponse de la couche cachée : W2 n'a pas servi.",
        [
            "Quel argument n'employez-vous pas ?",
            "La réponse de la couche cachée est l'entrée de la sortie.",
            "Refaites le même geste avec W2.",
        ],
        TWO,
    )
    .mistake(
        "x-donne-a-la-sortie",
        |x, _, w2| x.dot(w2).mapv(sigmoid),
        "La sortie reçoit x au lieu de la réponse de la couche cachée.",
        [
            "D'où partent les traits qui arrivent à la sortie ?",
            "Gardez la réponse de la couche cachée dans un `let`, et servez-vous-en.",
            "`layer1.dot(w2)`, où `layer1` est σ(x·W1).",
        ],
        TWO,
    )
    .hints([
        "Deux fois le même geste : un produit, puis σ.",
        "La réponse de la première couche est l'entrée de la seconde.",
        "`let layer1 = x.dot(w1).mapv(sigmoid);`, puis la même ligne avec `layer1` et `w2`.",
    ])
    .success(
        "L'indice caché disparaît : (m, n) · (n, h) · (h, k) donne (m, k). La courbe du milieu \
         est ce qui rend la seconde couche utile.",
        "ajoutez une troisième couche. Combien de lignes faut-il écrire de plus ?",
    )
}

pub type MyFeedforward = fn(&mut NeuralNetwork);

pub fn my_feedforward() -> Exercise<MyFeedforward> {
    fn activate(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array2<f64> {
        (x.dot(w) + b).mapv(sigmoid)
    }
    Exercise::<MyFeedforward>::new("03_my_feedforward", TWO, |n| n.feedforward())
        .probes(
            [[1, 2, 2, 1], [4, 3, 4, 1], [3, 2, 5, 2]],
            |sizes| network_inputs(&random_network(*sizes)),
            |f, sizes| {
                let given = random_network(*sizes);
                let mut network = given.clone();
                f(&mut network);
                let answers = vec![
                    matrix("layer1", [EXAMPLES, HIDDEN], &network.layer1),
                    matrix("output", [EXAMPLES, OUTPUTS], &network.output),
                ];
                [answers, spoiled_data(&given, &network), spoiled_parameters(&given, &network)]
                    .concat()
            },
        )
        .mistake(
            "biais-cache-oublie",
            |n| {
                n.layer1 = n.input.dot(&n.weights1).mapv(sigmoid);
                n.output = activate(&n.layer1, &n.weights2, &n.biases2);
            },
            "Le biais de la couche cachée, `biases1`, n'est pas ajouté.",
            [
                "Quel champ du réseau votre code n'emploie-t-il pas ?",
                "Chaque couche a le sien : b1 pour la cachée, b2 pour la sortie.",
                "`network.input.dot(&network.weights1) + &network.biases1`.",
            ],
            TWO,
        )
        .mistake(
            "biais-de-sortie-oublie",
            |n| {
                n.layer1 = activate(&n.input, &n.weights1, &n.biases1);
                n.output = n.layer1.dot(&n.weights2).mapv(sigmoid);
            },
            "Le biais de la sortie, `biases2`, n'est pas ajouté.",
            [
                "La couche cachée est juste. Comparez vos deux lignes.",
                "La sortie fait les mêmes gestes que la couche cachée.",
                "Ajoutez `+ &network.biases2` à la somme.",
            ],
            TWO,
        )
        .mistake(
            "couche-cachee-non-rangee",
            |n| {
                let layer1 = activate(&n.input, &n.weights1, &n.biases1);
                n.output = activate(&layer1, &n.weights2, &n.biases2);
            },
            "La réponse est juste, mais `layer1` n'a pas changé : vous l'avez gardée dans une \
             variable. La rétropropagation en aura besoin.",
            [
                "Une variable `let` disparaît à la fin de la fonction.",
                "Pour changer un champ : `network.layer1 = …`, sans `let`.",
                "Rangez la première ligne dans `network.layer1`.",
            ],
            TWO,
        )
        .mistake(
            "ordre-inverse",
            |n| {
                n.output = activate(&n.layer1, &n.weights2, &n.biases2);
                n.layer1 = activate(&n.input, &n.weights1, &n.biases1);
            },
            "Vous calculez la sortie avant la couche cachée : elle se sert de l'ancienne.",
            [
                "Que contient `layer1` au moment où vous calculez `output` ?",
                "L'information va de l'entrée vers la sortie.",
                "Échangez les deux lignes.",
            ],
            TWO,
        )
        .mistake(
            "somme-rangee",
            |n| {
                n.layer1 = n.input.dot(&n.weights1) + &n.biases1;
                n.output = activate(&n.layer1.mapv(sigmoid), &n.weights2, &n.biases2);
            },
            "Vous rangez dans `layer1` la somme z1. Le champ garde la réponse de la couche, \
             après σ.",
            [
                "Les nombres de `layer1` sont-ils entre 0 et 1 ?",
                "`layer1` est σ(x·W1 + b1), et non x·W1 + b1.",
                "Appliquez σ avant de ranger, pas après.",
            ],
            TWO,
        )
        .mistake(
            "sigma-de-sortie-oubliee",
            |n| {
                n.layer1 = activate(&n.input, &n.weights1, &n.biases1);
                n.output = n.layer1.dot(&n.weights2) + &n.biases2;
            },
            "La sortie n'est pas passée par σ.",
            [
                "Les réponses sont-elles entre 0 et 1 ?",
                "La sortie est une couche comme l'autre.",
                "Terminez la seconde ligne par `.mapv(sigmoid)`.",
            ],
            TWO,
        )
        .mistake(
            "biais-oublies",
            |n| {
                n.layer1 = n.input.dot(&n.weights1).mapv(sigmoid);
                n.output = n.layer1.dot(&n.weights2).mapv(sigmoid);
            },
            "Les deux biais manquent : c'est l'oubli de la classe du tutoriel.",
            [
                "Quels tableaux du réseau votre code n'emploie-t-il pas ?",
                "Une couche : le produit, plus le biais, puis σ.",
                "Ajoutez `&network.biases1`, puis `&network.biases2`, avant `mapv`.",
            ],
            TWO,
        )
    .hints([
            "Deux lignes : la couche cachée dans `layer1`, puis la sortie dans `output`.",
            "`&mut` permet de changer un champ : `network.layer1 = …`.",
            "`(network.input.dot(&network.weights1) + &network.biases1).mapv(sigmoid)`.",
        ])
        .success(
            "Une ligne par couche, et chaque champ rangé à sa place. `&mut` annonce que la \
             fonction change le réseau.",
            "écrivez-la avec `&network` sans `mut` : que dit le compilateur, et pourquoi ?",
        )
}

pub type BrokenPredict = fn(&NeuralNetwork, &Array2<f64>) -> Array2<f64>;

pub fn broken_predict() -> Exercise<BrokenPredict> {
    fn output(n: &NeuralNetwork, layer1: &Array2<f64>) -> Array2<f64> {
        (layer1.dot(&n.weights2) + &n.biases2).mapv(sigmoid)
    }
    fn hidden(n: &NeuralNetwork, x: &Array2<f64>) -> Array2<f64> {
        (x.dot(&n.weights1) + &n.biases1).mapv(sigmoid)
    }
    Exercise::<BrokenPredict>::new("03_broken_predict", NEW_ROW, |n, x| {
        output(n, &hidden(n, x))
    })
    .probes(
        [(1, [2, 3, 3, 1]), (2, [2, 3, 4, 1]), (3, [2, 2, 2, 2])]
            .map(|(rows, sizes)| (random_network(sizes), random_matrix(20, rows, sizes[1]))),
        |(network, x)| {
            let mut all = vec![matrix("x nouveau", [EXAMPLES, INPUTS], x)];
            all.extend(super::parameters(network));
            all
        },
        |f, (network, x)| vec![matrix("ŷ", [EXAMPLES, OUTPUTS], &f(network, x))],
    )
    .mistake(
        "w1-transposee",
        |n, x| output(n, &(x.dot(&n.weights1.t()) + &n.biases1).mapv(sigmoid)),
        "W1 est transposée. Quand il y a autant d'entrées que de neurones, la forme ne change \
         pas : le programme répond, et répond faux.",
        [
            "Comparez les formes de `weights1` et de sa transposée, pour 3 entrées et 4 neurones.",
            "W1 est de forme (n, h) : c'est déjà ce que demande x·W1.",
            "Retirez `.t()` de la première ligne.",
        ],
        LAYER,
    )
    .given()
    .mistake(
        "w2-transposee",
        |n, x| output_t(n, &hidden(n, x)),
        "La première couche est réparée ; c'est maintenant W2 qui est transposée.",
        [
            "Quelle est la forme de `weights2` ?",
            "(m, h) · (h, k) : W2 est déjà dans le bon sens.",
            "Retirez `.t()` de la seconde ligne.",
        ],
        LAYER,
    )
    .mistake(
        "ancienne-couche",
        |n, _| output(n, &n.layer1),
        "Vous répondez avec `network.layer1`, la couche cachée des exemples d'entraînement : les \
         lignes nouvelles ne servent à rien.",
        [
            "Changez x : votre réponse change-t-elle ?",
            "`predict` ne touche pas aux champs du réseau : elle calcule sa propre couche.",
            "Employez la variable que vous venez de calculer avec x.",
        ],
        NEW_ROW,
    )
    .mistake(
        "entree-du-reseau",
        |n, _| output(n, &hidden(n, &n.input)),
        "Vous répondez aux exemples d'entraînement, `network.input`, et non aux lignes nouvelles.",
        [
            "Combien de lignes la réponse a-t-elle, et combien x ?",
            "`network.input` sont les exemples appris.",
            "Partez de `x`.",
        ],
        NEW_ROW,
    )
    .mistake(
        "sigma-cachee-perdue",
        |n, x| output(n, &(x.dot(&n.weights1) + &n.biases1)),
        "En réparant le produit, vous avez perdu la σ de la couche cachée.",
        [
            "Comptez les `mapv(sigmoid)` : il y en avait deux.",
            "Chaque couche finit par sa courbe.",
            "Remettez `.mapv(sigmoid)` à la fin de la première ligne.",
        ],
        TWO,
    )
    .hints([
        "Écrivez la forme de chaque tableau au bout de chaque ligne.",
        "Ce qui se touche doit être égal : (m′, n) · (n, h), puis (m′, h) · (h, k).",
        "Une des deux lignes contient un `.t()` de trop.",
    ])
    .success(
        "Un réseau carré cache les transposées. C'est pourquoi le correcteur essaie des \
         tailles toutes différentes, et pourquoi les commentaires de forme valent la peine.",
        "retirez plutôt `+ &network.biases1`. L'erreur se verrait-elle aux formes ?",
    )
}

/// La sortie d'un réseau dont on a transposé W2.
fn output_t(n: &NeuralNetwork, layer1: &Array2<f64>) -> Array2<f64> {
    (layer1.dot(&n.weights2.t()) + &n.biases2).mapv(sigmoid)
}
