//! Chapitre 09 : mesurer un gradient, et le comparer à celui de la formule.

use nn_core::ndarray::{Array2, Zip};
use nn_core::{Gradients, NeuralNetwork, gradient_check, sigmoid};

use super::{
    HIDDEN, INPUTS, answered_network, gradients, network_inputs, random_matrix, see,
};
use crate::exercise::Exercise;
use crate::tensor::{matrix, number};
use crate::verdict::Section;

const RELATIVE: Section = see("09_gradient_check", "Un écart qui se compare");
const BOTH: Section = see("09_gradient_check", "D'un côté, ou des deux");
const EVERY: Section = see("09_gradient_check", "Tous les réglages");
const FALSE: Section = see("09_gradient_check", "Une vérification qui ne vérifie rien");

pub type MyRelativeError = fn(f64, f64) -> f64;

pub fn my_relative_error() -> Exercise<MyRelativeError> {
    Exercise::<MyRelativeError>::new("09_my_relative_error", RELATIVE, |a, b| {
        let largest = a.abs().max(b.abs());
        if largest == 0.0 { 0.0 } else { (a - b).abs() / largest }
    })
    .probes(
        [(1.0, 1.0), (2.0, 1.0), (0.25, 0.5), (-3.0, 1.0), (-1.0, -4.0), (1e-6, 3e-6), (0.0, 3.0), (-2.0, 0.0), (0.0, 0.0)],
        |(a, b)| vec![number("a", *a), number("b", *b)],
        |f, (a, b)| vec![number("écart relatif", f(*a, *b))],
    )
    .mistake(
        "ecart-absolu",
        |a, b| (a - b).abs(),
        "C'est l'écart tel quel. Rapporté à rien, on ne sait pas s'il est grand : un millionième \
         est beaucoup pour une pente d'un millionième.",
        [
            "Comparez 1e-6 et 3e-6 : l'un est le triple de l'autre.",
            "Divisez par quelque chose de la taille des deux nombres.",
            "Divisez par `a.abs().max(b.abs())`.",
        ],
        RELATIVE,
    )
    .mistake(
        "zero-sur-zero",
        |a, b| (a - b).abs() / a.abs().max(b.abs()),
        "Quand les deux pentes sont nulles, vous calculez 0/0, qui donne NaN. Elles sont \
         pourtant égales.",
        [
            "Appelez votre fonction avec 0 et 0.",
            "Un poids peut très bien avoir une pente nulle, mesurée et calculée.",
            "Rendez 0 quand le plus grand des deux est nul.",
        ],
        RELATIVE,
    )
    .mistake(
        "divise-par-le-premier",
        |a, b| if a == b { 0.0 } else { (a - b).abs() / a.abs() },
        "Vous divisez toujours par le premier. Échanger a et b changerait le résultat.",
        [
            "Comparez (2, 1) et (1, 2).",
            "Il faut un diviseur qui ne préfère ni l'un ni l'autre.",
            "Prenez le plus grand des deux, en valeur absolue.",
        ],
        RELATIVE,
    )
    .mistake(
        "somme-au-denominateur",
        |a, b| if a == b { 0.0 } else { (a - b).abs() / (a.abs() + b.abs()) },
        "Vous divisez par la somme des deux. C'est une autre convention : la nôtre divise par le \
         plus grand, et un facteur 2 y donne exactement 0,5.",
        [
            "Que donne votre fonction pour (2, 1) ? On attend 0,5.",
            "Un seul des deux nombres doit rester au dénominateur.",
            "Remplacez `+` par `max`.",
        ],
        RELATIVE,
    )
    .mistake(
        "valeurs-absolues-oubliees",
        |a, b| if a == b { 0.0 } else { (a - b) / a.max(b) },
        "Il manque des valeurs absolues : avec des nombres négatifs, ou si b est le plus grand, \
         votre écart devient négatif.",
        [
            "Un écart peut-il être négatif ?",
            "Une pente négative n'est pas plus petite qu'une pente nulle.",
            "`.abs()` sur la différence, et sur chacun des deux nombres du dénominateur.",
        ],
        RELATIVE,
    )
    .hints([
        "Un écart, rapporté à la taille des nombres comparés.",
        "Au-dessus, |a − b| ; au-dessous, le plus grand de |a| et |b|.",
        "Mettez à part le cas où les deux sont nuls.",
    ])
    .success(
        "Rapporté au plus grand, l'écart dit combien de chiffres les deux nombres ont en commun. \
         Un facteur 2 oublié donne 0,5 ; deux signes contraires dépassent 1.",
        "quelles paires donnent exactement 2 ?",
    )
}

pub type MyGradient = fn(fn(&Array2<f64>) -> f64, &Array2<f64>, f64) -> Array2<f64>;

/// Une fonction de toutes les cases d'une matrice.
type Function = fn(&Array2<f64>) -> f64;

/// Des fonctions dont la courbure n'est pas nulle, et qui mêlent les cases.
const FUNCTIONS: [(&str, Function); 2] = [
    ("f(W) = Σ w³", |w| w.mapv(|v| v * v * v).sum()),
    ("f(W) = σ(Σ w)² + Σ w²", |w| {
        let s = sigmoid(w.sum());
        s * s + w.mapv(|v| v * v).sum()
    }),
];

/// Le gradient dont chaque case est calculée par `slope`, à qui l'on donne f décalée.
fn each(
    w: &Array2<f64>,
    f: fn(&Array2<f64>) -> f64,
    slope: impl Fn(&dyn Fn(f64) -> f64, f64) -> f64,
) -> Array2<f64> {
    Array2::from_shape_fn(w.dim(), |place| {
        let shifted = |by: f64| {
            let mut copy = w.clone();
            copy[place] += by;
            f(&copy)
        };
        slope(&shifted, w[place])
    })
}

pub fn my_gradient() -> Exercise<MyGradient> {
    Exercise::<MyGradient>::new("09_my_gradient", EVERY, |f, w, h| {
        each(w, f, |at, _| (at(h) - at(-h)) / (2.0 * h))
    })
    .probes(
        [(0, 1, 1, 0.1), (0, 2, 2, 0.01), (0, 2, 2, 0.5), (1, 2, 3, 0.01)],
        |(i, rows, columns, h)| {
            let w = random_matrix(16, *rows, *columns);
            let value = FUNCTIONS[*i].1(&w);
            vec![
                number(FUNCTIONS[*i].0, value),
                matrix("W", [INPUTS, HIDDEN], &w),
                number("h", *h),
            ]
        },
        |f, (i, rows, columns, h)| {
            let w = random_matrix(16, *rows, *columns);
            vec![matrix("pentes", [INPUTS, HIDDEN], &f(FUNCTIONS[*i].1, &w, *h))]
        },
    )
    .mistake(
        "un-seul-cote",
        |f, w, h| each(w, f, |at, _| (at(h) - at(0.0)) / h),
        "Vous n'avancez que d'un côté : l'erreur de mesure est de l'ordre de h, au lieu de h².",
        [
            "Comptez vos deux points : sont-ils de part et d'autre du poids ?",
            "Avancez de h, reculez de h.",
            "`(plus - minus) / (2.0 * h)`.",
        ],
        BOTH,
    )
    .mistake(
        "facteur-deux-oublie",
        |f, w, h| each(w, f, |at, _| (at(h) - at(-h)) / h),
        "Entre W − h et W + h, il y a 2h. Vous divisez par h : vos pentes sont doublées.",
        [
            "Quelle distance sépare vos deux mesures ?",
            "Une montée, divisée par la distance parcourue.",
            "Divisez par `2.0 * h`.",
        ],
        BOTH,
    )
    .mistake(
        "h-multiplie-le-poids",
        |f, w, h| each(w, f, |at, v| (at(v * h) - at(-v * h)) / (2.0 * h)),
        "Le h n'est pas à sa place : vous multipliez le poids par 1 + h, au lieu de lui ajouter h.",
        [
            "De combien le poids bouge-t-il vraiment ?",
            "Un poids nul ne bougerait pas du tout.",
            "`w[[i, j]] + h`, puis `w[[i, j]] - h`.",
        ],
        EVERY,
    )
    .mistake(
        "poids-non-remis",
        |f, w, h| {
            let mut copy = w.clone();
            let mut out = Array2::zeros(w.dim());
            for i in 0..w.nrows() {
                for j in 0..w.ncols() {
                    copy[[i, j]] += h;
                    let plus = f(&copy);
                    copy[[i, j]] -= 2.0 * h;
                    out[[i, j]] = (plus - f(&copy)) / (2.0 * h);
                }
            }
            out
        },
        "La première pente est juste, les suivantes non : après chaque mesure, le poids reste \
         décalé de h.",
        [
            "Quelle est la première case fausse ? Qu'y avait-il avant elle ?",
            "Avant de passer au poids suivant, tout doit être comme au départ.",
            "Rajoutez h, ou repartez d'une copie de W à chaque case.",
        ],
        EVERY,
    )
    .mistake(
        "tous-a-la-fois",
        |f, w, h| {
            let (plus, minus) = (f(&(w + h)), f(&(w - h)));
            Array2::from_elem(w.dim(), (plus - minus) / (2.0 * h))
        },
        "Vous bougez tous les poids ensemble : il n'en sort qu'un nombre, la somme des pentes.",
        [
            "Vos pentes sont toutes égales. Pourquoi ?",
            "Une dérivée partielle : un poids bouge, les autres restent.",
            "Ne changez que la case `[[i, j]]` d'une copie.",
        ],
        EVERY,
    )
    .hints([
        "Une boucle sur les cases ; dans chacune, deux appels de f.",
        "Copiez W, changez une seule case, appelez f.",
        "`Array2::from_shape_fn(w.dim(), |(i, j)| …)` remplit un tableau case par case.",
    ])
    .success(
        "Deux appels de f par poids, et aucune règle de dérivation : c'est lent, et c'est ce qui \
         en fait un bon juge.",
        "combien d'appels faut-il pour un réseau de cent mille poids ?",
    )
}

pub type LargestError = fn(&Gradients, &Gradients) -> f64;

/// Deux gradients qui diffèrent par le premier ou le dernier nombre d'un tableau, choisi par `field`
/// (par tous ceux de W1, s'il ne faut pas le premier), et un peu partout dans W1.
fn pair(
    (sizes, field, first, factor): ([usize; 4], usize, bool, f64),
) -> (Gradients, Gradients) {
    let a = answered_network(sizes).gradients();
    let mut b = a.clone();
    b.weights1 *= 1.01;
    let change = |numbers: Vec<&mut f64>| {
        let rank = if first { 0 } else { numbers.len() - 1 };
        for number in numbers.into_iter().skip(rank).take(1) {
            *number *= factor;
        }
    };
    match field {
        0 if !first => b.weights1 *= factor,
        0 => change(b.weights1.iter_mut().collect()),
        1 => change(b.biases1.iter_mut().collect()),
        2 => change(b.weights2.iter_mut().collect()),
        _ => change(b.biases2.iter_mut().collect()),
    }
    (a, b)
}

/// Les plus grands écarts relatifs des quatre tableaux, case par case.
fn errors(a: &Gradients, b: &Gradients) -> [f64; 4] {
    fn of<D: nn_core::ndarray::Dimension>(
        a: &nn_core::ndarray::Array<f64, D>,
        b: &nn_core::ndarray::Array<f64, D>,
    ) -> f64 {
        Zip::from(a).and(b).fold(0.0, |worst, a, b| {
            f64::max(worst, gradient_check::relative_error(*a, *b))
        })
    }
    [
        of(&a.weights1, &b.weights1),
        of(&a.biases1, &b.biases1),
        of(&a.weights2, &b.weights2),
        of(&a.biases2, &b.biases2),
    ]
}

pub fn largest_error() -> Exercise<LargestError> {
    Exercise::<LargestError>::new("09_largest_error", EVERY, |a, b| {
        errors(a, b).into_iter().fold(0.0, f64::max)
    })
    .probes(
        [
            ([1, 1, 2, 1], 0, false, 2.0),
            ([2, 2, 2, 1], 1, false, 0.25),
            ([2, 2, 2, 1], 2, false, -1.0),
            ([3, 2, 2, 2], 3, false, 1.03),
            ([2, 2, 2, 1], 0, true, 1.5),
            ([2, 2, 2, 1], 1, true, 0.5),
            ([2, 2, 2, 1], 2, true, 1.25),
            ([3, 2, 2, 2], 3, true, -0.5),
        ]
        .map(pair),
        |(a, b)| {
            let named = |who: &str, g: &Gradients| {
                gradients(g).into_iter().map(move |mut t| {
                    t.name = format!("{} {who}", t.name);
                    t
                })
                .collect::<Vec<_>>()
            };
            [named("calculé", a), named("mesuré", b)].concat()
        },
        |f, (a, b)| vec![number("plus grand écart relatif", f(a, b))],
    )
    .mistake(
        "biais-oublies",
        |a, b| {
            let all = errors(a, b);
            f64::max(all[0], all[2])
        },
        "Vous vérifiez les poids, pas les biais : une erreur dans ∂L/∂b passerait.",
        [
            "Combien de tableaux comparez-vous ?",
            "`Gradients` en contient quatre.",
            "Comparez aussi `biases1` et `biases2`.",
        ],
        EVERY,
    )
    .mistake(
        "premier-tableau-seulement",
        |a, b| errors(a, b)[0],
        "Vous ne regardez que W1 : les trois autres tableaux ne sont pas vérifiés.",
        [
            "Combien de tableaux comparez-vous ?",
            "`Gradients` en contient quatre.",
            "Gardez le plus grand des quatre écarts.",
        ],
        EVERY,
    )
    .mistake(
        "dernier-couple-seulement",
        |a, b| match (a.biases2.last(), b.biases2.last()) {
            (Some(a), Some(b)) => gradient_check::relative_error(*a, *b),
            _ => 0.0,
        },
        "Votre résultat est celui des deux derniers nombres comparés : à chaque fois, vous oubliez \
         les précédents.",
        [
            "Gardez-vous la trace du plus grand écart déjà vu ?",
            "`=` remplace ; `f64::max(a, b)` garde le plus grand.",
            "`largest = f64::max(largest, …)`.",
        ],
        EVERY,
    )
    .mistake(
        "ecart-absolu",
        |a, b| {
            let pairs = gradients(a).into_iter().zip(gradients(b));
            let cells = pairs.flat_map(|(a, b)| a.values.into_iter().zip(b.values));
            cells.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
        },
        "Vous gardez le plus grand écart, sans le rapporter aux deux nombres : un écart de 0,001 est \
         petit à côté de 1, et énorme à côté de 0,001.",
        [
            "L'énoncé demande un écart relatif.",
            "Une fonction de la bibliothèque le calcule pour deux nombres.",
            "`nn_core::relative_error(*a, *b)`.",
        ],
        RELATIVE,
    )
    .mistake(
        "moyenne",
        |a, b| errors(a, b).iter().sum::<f64>() / 4.0,
        "Vous prenez une moyenne : une case très fausse se noie parmi les justes.",
        [
            "Un seul poids faux suffit-il à rendre un gradient faux ?",
            "On cherche le pire, non l'ordinaire.",
            "Remplacez la moyenne par le plus grand.",
        ],
        EVERY,
    )
    .mistake(
        "somme",
        |a, b| errors(a, b).iter().sum::<f64>(),
        "Vous additionnez les écarts des tableaux. On cherche le plus grand.",
        [
            "Votre résultat grandirait avec le nombre de tableaux.",
            "Le pire des quatre suffit.",
            "Remplacez l'addition par `f64::max`.",
        ],
        EVERY,
    )
    .hints([
        "Quatre tableaux ; dans chacun, toutes les cases ; on garde le pire.",
        "`a.weights1.iter().zip(&b.weights1)` donne les couples de cases.",
        "Une variable `largest`, et `largest = f64::max(largest, relative_error(a, b))`.",
    ])
    .success(
        "Le pire écart de tous les réglages : un seul nombre, et aucune case n'y échappe.",
        "rendez aussi le nom du tableau où il se trouve.",
    )
}

pub type BrokenCheck = fn(&NeuralNetwork, f64) -> Array2<f64>;

/// Les pentes de W1, où `loss_at` dit la perte quand la case reçoit un décalage.
fn slopes(n: &NeuralNetwork, slope: impl Fn(&dyn Fn(f64) -> f64) -> f64) -> Array2<f64> {
    Array2::from_shape_fn(n.weights1.dim(), |place| {
        slope(&|by| {
            let mut copy = n.clone();
            copy.weights1[place] += by;
            copy.feedforward();
            copy.loss()
        })
    })
}

pub fn broken_check() -> Exercise<BrokenCheck> {
    Exercise::<BrokenCheck>::new("09_broken_check", FALSE, |n, h| {
        slopes(n, |at| (at(h) - at(-h)) / (2.0 * h))
    })
    .probes(
        [
            ([1, 1, 2, 1], 0.5),
            ([2, 2, 2, 1], 0.5),
            ([2, 2, 2, 1], 2.0),
            ([4, 3, 4, 1], 1e-2),
        ],
        |(sizes, h)| {
            let mut all = network_inputs(&answered_network(*sizes));
            all.push(number("h", *h));
            all
        },
        |f, (sizes, h)| {
            let network = answered_network(*sizes);
            vec![matrix("pentes de W1", [INPUTS, HIDDEN], &f(&network, *h))]
        },
    )
    .mistake(
        "propagation-oubliee",
        |n, _| Array2::zeros(n.weights1.dim()),
        "Vos pentes sont nulles : le poids bouge, mais la réponse n'est pas recalculée. `loss` lit \
         `output`, qui n'a pas changé.",
        [
            "Affichez les deux pertes que vous soustrayez.",
            "Que faut-il appeler pour que `output` suive les poids ?",
            "Appelez `feedforward` sur chaque copie, avant `loss`.",
        ],
        see("04_loss", "La perte dépend des poids"),
    )
    .given()
    .mistake(
        "formule-au-lieu-de-mesure",
        |n, _| n.gradients().weights1,
        "Vous rendez le gradient de la formule. Le comparer à lui-même dirait toujours « égal ».",
        [
            "D'où viennent vos nombres : d'une mesure, ou d'une formule ?",
            "Une vérification n'emploie rien de ce qu'elle vérifie.",
            "N'appelez pas `gradients` : seulement `feedforward` et `loss`.",
        ],
        FALSE,
    )
    .mistake(
        "un-seul-recalcul",
        |n, h| slopes(n, |at| (at(h) - at(0.0)) / (2.0 * h)),
        "Une seule des deux copies est recalculée : l'autre garde la perte du départ.",
        [
            "Comparez les lignes de la copie avancée et de la copie reculée.",
            "Vos pentes valent à peu près la moitié des bonnes.",
            "Appelez aussi `feedforward` sur la copie reculée.",
        ],
        FALSE,
    )
    .mistake(
        "signe",
        |n, h| slopes(n, |at| (at(-h) - at(h)) / (2.0 * h)),
        "Le signe est inversé : c'est ce qui est devant, moins ce qui est derrière.",
        [
            "Vos pentes sont les opposées de celles attendues.",
            "Laquelle des deux copies a reçu + h ?",
            "La perte de la copie avancée vient en premier.",
        ],
        BOTH,
    )
    .mistake(
        "facteur-deux-oublie",
        |n, h| slopes(n, |at| (at(h) - at(-h)) / h),
        "Entre les deux copies, le poids a changé de 2h : vous divisez par h.",
        [
            "Vos pentes valent le double de celles attendues.",
            "Avancer de h et reculer de h : quelle distance ?",
            "Divisez par `2.0 * h`.",
        ],
        BOTH,
    )
    .hints([
        "Une vérification fausse peut accuser un code juste. Regardez d'abord les nombres.",
        "Que lit `loss` ? Et qui le met à jour ?",
        "Après avoir changé un poids, il faut un `feedforward`.",
    ])
    .success(
        "Une vérification se vérifie : donnez-lui un gradient que vous savez faux, et voyez si \
         elle le refuse.",
        "faites la même mesure pour W2, puis pour les biais.",
    )
}
