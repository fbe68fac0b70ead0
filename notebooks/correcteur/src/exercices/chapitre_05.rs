//! Chapitre 05 : les pentes locales, et le retour qui les compose.

use nn_core::ndarray::Array2;
use nn_core::{sigmoid, sigmoid_derivative_at, sigmoid_derivative_from_output};

use super::see;
use crate::exercise::Exercise;
use crate::tensor::{Tensor, count, list, matrix, number};
use crate::verdict::Section;

const CHAIN: Section = see("05_chain_rule", "Deux opérations de suite");
const NEURON: Section = see("05_chain_rule", "Un neurone, opération par opération");
const OPERATIONS: Section = see("05_chain_rule", "Les opérations d'un neurone");
const PATHS: Section =
    see("05_chain_rule", "Plusieurs chemins : les effets s'additionnent");
const BACK: Section = see("05_chain_rule", "Le retour");

pub type ProductSlopes = fn(f64, f64) -> (f64, f64);

pub fn product_slopes() -> Exercise<ProductSlopes> {
    Exercise::<ProductSlopes>::new("05_product_slopes", NEURON, |a, b| (b, a))
        .probes(
            [(4.0, 5.0), (-0.5, 3.0), (0.0, 2.0), (4.0, 3.0)],
            |(a, b)| vec![number("a", *a), number("b", *b)],
            |f, (a, b)| {
                let (by_a, by_b) = f(*a, *b);
                vec![number("par rapport à a", by_a), number("par rapport à b", by_b)]
            },
        )
        .mistake(
            "pentes-echangees",
            |a, b| (a, b),
            "Vos deux pentes sont échangées. La pente de a × b par rapport à a est b.",
            [
                "Avec a = 4 et b = 5, augmentez a de 0,001 : de combien augmente le produit ?",
                "4,001 × 5 − 4 × 5 = 0,005, cinq fois plus que l'augmentation.",
                "Échangez les deux nombres du couple.",
            ],
            NEURON,
        )
        .mistake(
            "celles-de-l-addition",
            |_, _| (1.0, 1.0),
            "Ce sont les pentes de l'addition. Dans un produit, le changement d'un facteur est \
             multiplié par l'autre.",
            [
                "Quand a augmente de 0,001, a + b augmente de 0,001. Et a × b ?",
                "Dérivez a × b en tenant b pour une constante.",
                "La pente par rapport à a est la valeur de b.",
            ],
            NEURON,
        )
        .mistake(
            "le-produit-lui-meme",
            |a, b| (a * b, a * b),
            "Vous rendez la valeur du produit. La pente dit de combien le produit change quand un \
             facteur augmente d'un.",
            [
                "Quand a passe de 4 à 5, de combien augmente 4 × 5 ?",
                "La dérivée de k × a par rapport à a est k.",
                "La pente par rapport à a est la valeur de b.",
            ],
            CHAIN,
        )
        .hints([
            "Prenez a = 4 et b = 5, et augmentez a de 0,001.",
            "Le produit augmente de b fois cela.",
            "`(b, a)`.",
        ])
        .success(
            "Chaque facteur change le produit d'autant plus que l'autre est grand. C'est pourquoi un \
             poids dont l'entrée vaut 0 n'est pas corrigé : sa pente locale est nulle.",
            "quelles seraient les pentes de a × a par rapport à a ?",
        )
}

pub type GradientsOf = fn(&[Vec<(usize, f64)>], usize) -> Vec<f64>;

type Inputs = Vec<Vec<(usize, f64)>>;

/// Les pentes locales en tableau : une ligne par nœud, une colonne par entrée possible.
fn local_slopes(inputs: &Inputs) -> Tensor {
    let mut slopes = Array2::zeros((inputs.len(), inputs.len()));
    for (rank, from) in inputs.iter().enumerate() {
        for &(input, slope) in from {
            slopes[[rank, input]] += slope;
        }
    }
    matrix("pentes locales", ["nœuds", "entrées"], &slopes)
}

/// Le retour depuis `result`, où `give` dit ce qu'une entrée, qui avait `had`, garde du gradient et de
/// la pente locale qu'elle reçoit.
fn way_back(
    inputs: &[Vec<(usize, f64)>],
    result: usize,
    give: fn(had: f64, gradient: f64, slope: f64) -> f64,
) -> Vec<f64> {
    let mut gradients = vec![0.0; inputs.len()];
    gradients[result] = 1.0;
    for rank in (0..=result).rev() {
        for &(input, slope) in &inputs[rank] {
            gradients[input] = give(gradients[input], gradients[rank], slope);
        }
    }
    gradients
}

pub fn gradients_of() -> Exercise<GradientsOf> {
    Exercise::<GradientsOf>::new("05_gradients_of", BACK, |inputs, result| {
        way_back(inputs, result, |had, gradient, slope| had + gradient * slope)
    })
    .probes(
        [
            // z = 3x, L = z² en x = 2.
            (vec![vec![], vec![(0, 3.0)], vec![(1, 12.0)]], 2),
            // L = x² + 3x en x = 2.
            (
                vec![vec![], vec![(0, 4.0)], vec![], vec![(2, 2.0), (0, 3.0)], vec![
                    (1, 1.0),
                    (3, 1.0),
                ]],
                4,
            ),
            // Un produit d'un nœud par lui-même, et un nœud calculé après le résultat.
            (
                vec![
                    vec![],
                    vec![(0, 0.5), (0, 0.5)],
                    vec![(1, -2.0), (0, 0.25)],
                    vec![(2, 7.0)],
                ],
                2,
            ),
        ],
        |(inputs, result)| vec![local_slopes(inputs), count("rang du résultat", *result)],
        |f, (inputs, result)| vec![list("gradients", "nœuds", &f(inputs, *result))],
    )
    .mistake(
        "remplacer-au-lieu-d-ajouter",
        |inputs, result| way_back(inputs, result, |_, gradient, slope| gradient * slope),
        "Un nœud qui sert deux fois ne garde que ce qu'il reçoit en dernier. Ce que les chemins \
         apportent s'additionne.",
        [
            "Dans L = x² + 3x, x reçoit 3, puis 4. Que lui reste-t-il ?",
            "L'entrée ajoute ce qu'elle reçoit à ce qu'elle a déjà.",
            "Écrivez `+=` au lieu de `=`.",
        ],
        PATHS,
    )
    .mistake(
        "du-debut-vers-la-fin",
        |inputs, result| {
            let mut gradients = vec![0.0; inputs.len()];
            gradients[result] = 1.0;
            for rank in 0..=result {
                for &(input, slope) in &inputs[rank] {
                    gradients[input] += gradients[rank] * slope;
                }
            }
            gradients
        },
        "Seules les entrées du résultat ont reçu quelque chose. Vous parcourez les nœuds du début vers \
         la fin, peut-être : la plupart donnent avant d'avoir reçu, et donnent donc 0. Ou bien un \
         `return`, dans la boucle, l'arrête au premier tour.",
        [
            "Quel est le gradient du premier nœud quand la boucle commence ?",
            "Le seul nœud dont on connaisse le gradient au départ est le résultat.",
            "Comptez à l'envers : `(0..=result).rev()`.",
        ],
        BACK,
    )
    .mistake(
        "sans-depart",
        |inputs, _| vec![0.0; inputs.len()],
        "Tous vos gradients sont nuls : rien ne part du résultat.",
        [
            "De combien le résultat change-t-il quand le résultat augmente de 0,001 ?",
            "Le gradient du résultat est 1.",
            "Avant la boucle : `gradients[result] = 1.0;`.",
        ],
        BACK,
    )
    .mistake(
        "pentes-additionnees",
        |inputs, result| way_back(inputs, result, |had, gradient, slope| had + (gradient + slope)),
        "Vous additionnez le gradient et la pente locale. Le long d'un chemin, ils se multiplient.",
        [
            "Pour z = 3x puis L = z², la pente est 36, et non 15.",
            "Un changement est multiplié par chaque opération qu'il traverse.",
            "Écrivez `gradients[rank] * slope`.",
        ],
        CHAIN,
    )
    .mistake(
        "pente-locale-seule",
        |inputs, result| way_back(inputs, result, |had, _, slope| had + slope),
        "Vous ne transmettez que la pente locale : ce que le nœud a reçu se perd.",
        [
            "Pour z = 3x puis L = z², x reçoit chez vous 3, au lieu de 36.",
            "Chaque nœud donne son gradient, multiplié par la pente locale.",
            "Écrivez `gradients[rank] * slope`.",
        ],
        CHAIN,
    )
    .mistake(
        "resultat-seul",
        |inputs, result| {
            let mut gradients = vec![0.0; inputs.len()];
            gradients[result] = 1.0;
            gradients
        },
        "Seul le résultat a un gradient : rien n'en est redescendu. Votre boucle saute le nœud du \
         résultat, ou ne donne rien à ses entrées.",
        [
            "Quel est le premier nœud que votre boucle visite ?",
            "Le résultat donne le premier : il est le seul à avoir reçu quelque chose.",
            "`for rank in (0..=result).rev()`, où le `=` compte.",
        ],
        BACK,
    )
    .mistake(
        "depuis-le-dernier-noeud",
        |inputs, _| {
            way_back(inputs, inputs.len() - 1, |had, gradient, slope| had + gradient * slope)
        },
        "Vous partez du dernier nœud. Le résultat est celui de rang `result`, et d'autres nœuds \
         peuvent le suivre.",
        [
            "Tant que le résultat est le dernier nœud, c'est juste.",
            "Le gradient vaut 1 au rang `result`.",
            "Remplacez le dernier rang par `result`, au départ et dans la boucle.",
        ],
        BACK,
    )
    .hints([
        "Le gradient du résultat est 1 ; les autres attendent de recevoir.",
        "À l'envers : chaque nœud donne à ses entrées son gradient fois la pente locale.",
        "`for &(input, slope) in &inputs[rank] { gradients[input] += gradients[rank] * slope; }`",
    ])
    .success(
        "Quatre lignes, et elles conviennent à tous les calculs : le retour ne sait pas ce que les \
         opérations ont fait, il ne connaît que leurs pentes.",
        "que devient le résultat si l'on oublie de remettre les gradients à 0 avant un second retour ?",
    )
}

pub type NeuronSlopes = fn(f64, f64, f64, f64) -> (f64, f64);

/// La pente de la perte par rapport à la somme, avec le facteur du carré et la pente de σ que l'on donne.
fn sum_slope([x, w, b, y]: [f64; 4], factor: f64, sigma_slope: fn(f64) -> f64) -> f64 {
    let a = sigmoid(w * x + b);
    factor * (y - a) * sigma_slope(a)
}

pub fn neuron_slopes() -> Exercise<NeuronSlopes> {
    const SLOPE: fn(f64) -> f64 = sigmoid_derivative_from_output;
    Exercise::<NeuronSlopes>::new("05_neuron_slopes", NEURON, |x, w, b, y| {
        let slope = sum_slope([x, w, b, y], -2.0, SLOPE);
        (slope * x, slope)
    })
    .probes(
        [
            (2.0, 0.5, 3f64.ln() - 1.0, 1.0),
            (-1.5, 0.8, 0.2, 0.0),
            (-1.5, 0.8, 0.2, 1.0),
            (-1.5, 0.8, -1.0, 0.0),
            (0.0, 1.0, -1.0, 1.0),
        ],
        |(x, w, b, y)| {
            vec![number("x", *x), number("w", *w), number("b", *b), number("y", *y)]
        },
        |f, (x, w, b, y)| {
            let (by_w, by_b) = f(*x, *w, *b, *y);
            vec![number("∂L/∂w", by_w), number("∂L/∂b", by_b)]
        },
    )
    .mistake(
        "signe",
        |x, w, b, y| {
            let slope = sum_slope([x, w, b, y], 2.0, SLOPE);
            (slope * x, slope)
        },
        "Vos pentes sont les opposées de celles attendues : la soustraction y − a a été traversée \
         sans son signe moins.",
        [
            "Quand a augmente, y − a augmente-t-il ou diminue-t-il ?",
            "La pente de y − a par rapport à a est −1.",
            "Commencez par `-2.0 *`.",
        ],
        NEURON,
    )
    .mistake(
        "facteur-deux-oublie",
        |x, w, b, y| {
            let slope = sum_slope([x, w, b, y], -1.0, SLOPE);
            (slope * x, slope)
        },
        "Il manque le facteur 2 : la pente de u² est 2u.",
        [
            "Vos nombres valent la moitié de ceux attendus.",
            "Quelle opération a une pente qui contient un 2 ?",
            "Multipliez par 2.",
        ],
        NEURON,
    )
    .mistake(
        "pente-de-sigma-oubliee",
        |x, w, b, y| {
            let slope = sum_slope([x, w, b, y], -2.0, |_| 1.0);
            (slope * x, slope)
        },
        "Vous passez de a à w sans traverser σ. Chaque opération du chemin multiplie par sa pente.",
        [
            "Entre z et a, il y a une opération : laquelle ?",
            "Sa pente est a(1 − a).",
            "Multipliez par `sigmoid_derivative_from_output(a)`.",
        ],
        NEURON,
    )
    .mistake(
        "sigma-une-fois-de-trop",
        |x, w, b, y| {
            let slope = sum_slope([x, w, b, y], -2.0, sigmoid_derivative_at);
            (slope * x, slope)
        },
        "La pente passe une seconde fois par σ : a est déjà une réponse, non une somme.",
        [
            "a = σ(z) : combien de fois σ a-t-elle déjà été appliquée ?",
            "La pente est a(1 − a), sans exponentielle.",
            "Utilisez `sigmoid_derivative_from_output(a)`.",
        ],
        NEURON,
    )
    .mistake(
        "entree-oubliee",
        |x, w, b, y| {
            let slope = sum_slope([x, w, b, y], -2.0, SLOPE);
            (slope, slope)
        },
        "La pente de w est celle de z : il reste à traverser le produit w × x.",
        [
            "Quand w augmente de 0,001, de combien augmente w × x ?",
            "La pente du produit par rapport à w est x.",
            "Multipliez la première pente par x.",
        ],
        NEURON,
    )
    .mistake(
        "poids-au-lieu-de-l-entree",
        |x, w, b, y| {
            let slope = sum_slope([x, w, b, y], -2.0, SLOPE);
            (slope * w, slope)
        },
        "Vous multipliez par w : c'est la pente de la perte par rapport à x. Par rapport à w, \
         l'autre facteur est x.",
        [
            "Dans w × x, la pente par rapport à un facteur est l'autre.",
            "On cherche l'effet de w : on multiplie par x.",
            "Remplacez `* w` par `* x`.",
        ],
        NEURON,
    )
    .mistake(
        "pentes-echangees",
        |x, w, b, y| {
            let slope = sum_slope([x, w, b, y], -2.0, SLOPE);
            (slope, slope * x)
        },
        "Vos deux pentes sont échangées : celle de w vient en premier.",
        [
            "Laquelle des deux dépend de x par un produit ?",
            "La pente de b ne contient pas x.",
            "Échangez les deux nombres du couple.",
        ],
        NEURON,
    )
    .hints([
        "Quatre facteurs : le carré, la soustraction, σ, le produit.",
        "La pente par rapport à z est −2(y − a) · a(1 − a) ; c'est aussi celle de b.",
        "`let slope_z = -2.0 * (y - a) * sigmoid_derivative_from_output(a);`, puis \
         `(slope_z * x, slope_z)`.",
    ])
    .success(
        "C'est toute la rétropropagation d'un neurone. Avec une couche, chaque nombre devient un \
         tableau, et rien d'autre ne change.",
        "pour x = 0, quelle est la pente de w ? Et pourquoi ?",
    )
}

pub type TanhNode = fn(usize, f64) -> (f64, Vec<(usize, f64)>);

pub fn tanh_node() -> Exercise<TanhNode> {
    Exercise::<TanhNode>::new("05_tanh_node", OPERATIONS, |rank, z| {
        let value = z.tanh();
        (value, vec![(rank, 1.0 - value * value)])
    })
    .probes(
        [(0, 0.0), (1, 0.5), (3, -2.0), (2, -2.0)],
        |(rank, z)| vec![count("rang de l'entrée", *rank), number("z", *z)],
        |f, (rank, z)| {
            let (value, inputs) = f(*rank, *z);
            let ranks: Vec<f64> = inputs.iter().map(|&(rank, _)| rank as f64).collect();
            let slopes: Vec<f64> = inputs.iter().map(|&(_, slope)| slope).collect();
            vec![
                number("valeur", value),
                list("rangs", "entrées", &ranks),
                list("pentes", "entrées", &slopes),
            ]
        },
    )
    .mistake(
        "celle-de-sigma",
        |rank, z| {
            let value = z.tanh();
            (value, vec![(rank, value * (1.0 - value))])
        },
        "Vous prenez la pente de σ. Celle de la tangente hyperbolique est 1 − a².",
        [
            "En z = 0, la courbe est la plus raide. Que vaut votre pente ?",
            "a(1 − a) est la pente de σ, et de σ seulement.",
            "`1.0 - value * value`.",
        ],
        OPERATIONS,
    )
    .mistake(
        "pente-a-partir-de-z",
        |rank, z| (z.tanh(), vec![(rank, 1.0 - z * z)]),
        "La pente est 1 − a², où a est la sortie, tanh z. Vous la calculez avec z.",
        [
            "Pour z = −2, votre pente est négative, et pourtant la courbe monte.",
            "Le a de 1 − a² est la valeur du nœud.",
            "`1.0 - value * value`, avec `let value = z.tanh();`.",
        ],
        OPERATIONS,
    )
    .mistake(
        "sans-entree",
        |_, z| (z.tanh(), vec![]),
        "La liste des entrées est vide : au retour, ce nœud ne donnera rien à personne.",
        [
            "De quel nœud celui-ci est-il calculé ?",
            "Une entrée : un couple (rang, pente locale).",
            "`vec![(rank, 1.0 - value * value)]`.",
        ],
        OPERATIONS,
    )
    .mistake(
        "pente-un",
        |rank, z| (z.tanh(), vec![(rank, 1.0)]),
        "La pente 1 est celle de l'addition. Celle de tanh dépend de l'endroit : 1 − a².",
        [
            "Loin de 0, la courbe est presque plate.",
            "La pente est 1 − a², où a est la valeur du nœud.",
            "`1.0 - value * value`.",
        ],
        OPERATIONS,
    )
    .mistake(
        "rang-zero",
        |_, z| {
            let value = z.tanh();
            (value, vec![(0, 1.0 - value * value)])
        },
        "L'entrée est toujours le nœud de rang 0 chez vous. Son rang est donné : `rank`.",
        [
            "Le nœud peut se trouver n'importe où dans le graphe.",
            "Le couple commence par le rang de l'entrée.",
            "`vec![(rank, …)]`.",
        ],
        OPERATIONS,
    )
    .hints([
        "La valeur d'abord : `let value = z.tanh();`.",
        "Une seule entrée : le couple (rang, pente locale).",
        "`(value, vec![(rank, 1.0 - value * value)])`.",
    ])
    .success(
        "Il n'a pas fallu toucher au retour : il suffit de dire une valeur et une pente. C'est ainsi \
         que l'on ajoute une opération à PyTorch.",
        "ajoutez ReLU : z s'il est positif, 0 sinon. Quelle est sa pente ?",
    )
}
