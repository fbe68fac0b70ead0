//! Chapitre 04 : la perte, sa pente mesurée, et la descente sur un seul poids.

use nn_core::ndarray::Array2;
use nn_core::sigmoid;

use super::{EXAMPLES, OUTPUTS, random_matrix, see};
use crate::exercise::Exercise;
use crate::tensor::{Tensor, count, list, matrix, number};
use crate::verdict::Section;

const ONE: Section = see("04_loss", "Un exemple, à la main");
const SUM: Section = see("04_loss", "La somme des carrés");
const MEAN: Section = see("04_loss", "Somme ou moyenne ?");
const SLOPE: Section = see("04_loss", "La perte dépend des poids");
const DESCENT: Section = see("04_loss", "Descendre, à la main");

pub type MyLoss = fn(&Array2<f64>, &Array2<f64>) -> f64;

pub fn my_loss() -> Exercise<MyLoss> {
    Exercise::<MyLoss>::new("04_my_loss", SUM, |y, y_hat| {
        (y - y_hat).mapv(|e| e * e).sum()
    })
    .probes(
        [(1, 1), (2, 1), (4, 1), (3, 2)].map(|(m, k)| {
            // Des 0 et des 1, puis d'autres nombres : le carré de 1 est 1, et cacherait des erreurs.
            let y = Array2::from_shape_fn((m, k), |(i, j)| ((i + j) % 2 * (1 + k)) as f64 / 2.0);
            (y, random_matrix(5, m, k).mapv(|v| sigmoid(2.0 * v)))
        }),
        |(y, y_hat)| {
            vec![
                matrix("y", [EXAMPLES, OUTPUTS], y),
                matrix("ŷ", [EXAMPLES, OUTPUTS], y_hat),
            ]
        },
        |f, (y, y_hat)| vec![number("perte", f(y, y_hat))],
    )
    .mistake(
        "moyenne",
        |y, y_hat| (y - y_hat).mapv(|e| e * e).mean().unwrap_or(0.0),
        "Vous calculez la moyenne des carrés. Le tutoriel prend leur somme : les gradients du \
         chapitre 6 en dépendent.",
        [
            "Avec un seul exemple, c'est juste. Et avec deux ?",
            "L'erreur quadratique moyenne divise par le nombre de cases.",
            "Remplacez `mean` par `sum`, ou retirez la division.",
        ],
        MEAN,
    )
    .mistake(
        "sans-carre",
        |y, y_hat| (y - y_hat).sum(),
        "Il manque le carré : un écart positif et un écart négatif s'annulent.",
        [
            "Votre perte peut-elle être négative ?",
            "Un excès et un défaut sont deux erreurs, qui doivent s'ajouter.",
            "Mettez chaque écart au carré avant d'additionner : `.mapv(|e| e * e)`.",
        ],
        ONE,
    )
    .mistake(
        "valeur-absolue",
        |y, y_hat| (y - y_hat).mapv(f64::abs).sum(),
        "Vous additionnez les valeurs absolues. C'est une autre perte ; celle du tutoriel prend \
         les carrés, qui punissent davantage les grosses erreurs.",
        [
            "Pour un écart de 0,2, on attend 0,04.",
            "Remplacez la valeur absolue par le carré.",
            "`.mapv(|e| e * e)`.",
        ],
        ONE,
    )
    .mistake(
        "moitie",
        |y, y_hat| 0.5 * (y - y_hat).mapv(|e| e * e).sum(),
        "Vous prenez la moitié de la somme. Certains livres le font, pour que le 2 de la dérivée \
         disparaisse ; celui-ci garde la somme entière.",
        [
            "Votre résultat est la moitié de celui qui est attendu.",
            "La formule du chapitre n'a pas de facteur.",
            "Retirez le `0.5`.",
        ],
        SUM,
    )
    .mistake(
        "racine",
        |y, y_hat| (y - y_hat).mapv(|e| e * e).sum().sqrt(),
        "Vous prenez la racine de la somme : c'est une distance. La perte est son carré.",
        [
            "Élevez votre résultat au carré.",
            "L = Σ (y − ŷ)², sans racine.",
            "Retirez `.sqrt()`.",
        ],
        SUM,
    )
    .mistake(
        "carre-de-la-somme",
        |y, y_hat| (y - y_hat).sum().powi(2),
        "Vous additionnez d'abord, et mettez au carré ensuite : les écarts ont eu le temps de \
         s'annuler.",
        [
            "Avec un seul exemple, c'est juste. Refaites à la main le cas à deux.",
            "(a + b)² n'est pas a² + b².",
            "Le carré se fait case par case, avant la somme.",
        ],
        SUM,
    )
    .mistake(
        "difference-des-carres",
        |y, y_hat| (y * y - y_hat * y_hat).sum(),
        "Vous soustrayez les carrés. Il faut le carré de la différence : (y − ŷ)², et non y² − ŷ².",
        [
            "Votre perte peut-elle être négative ?",
            "(5 − 3)² vaut 4 ; 5² − 3² vaut 16.",
            "Soustrayez d'abord, puis mettez chaque écart au carré.",
        ],
        ONE,
    )
    .mistake(
        "entropie-croisee",
        |y, y_hat| {
            let cross = |y: f64, a: f64| -(y * a.ln() + (1.0 - y) * (1.0 - a).ln());
            y.iter().zip(y_hat).map(|(y, a)| cross(*y, *a)).sum()
        },
        "C'est l'entropie croisée, une autre perte. Celle du tutoriel additionne les carrés des écarts.",
        [
            "Y a-t-il un logarithme dans la formule du chapitre ?",
            "L = Σ (y − ŷ)².",
            "`(y - y_hat).mapv(|e| e * e).sum()`.",
        ],
        ONE,
    )
    .hints([
        "Trois gestes, dans l'ordre : soustraire, mettre au carré, additionner.",
        "`y - y_hat` soustrait case par case ; `mapv` agit sur chaque case.",
        "`(y - y_hat).mapv(|e| e * e).sum()`.",
    ])
    .success(
        "Un carré par case, une somme sur toutes les cases : exemples et sorties. Une erreur \
         quatre fois plus grande coûte seize fois plus.",
        "que devient la perte si l'on donne deux fois les mêmes exemples ?",
    )
}

pub type MeasuredSlope = fn(fn(f64) -> f64, f64, f64) -> f64;

/// Une fonction d'un seul nombre.
type Curve = fn(f64) -> f64;

/// Des fonctions dont la pente change : la courbure trahit une mesure d'un seul côté.
const CURVES: [(&str, Curve); 3] = [
    ("f(w) = w²", |w| w * w),
    ("f(w) = (1 − σ(w))²", |w| (1.0 - sigmoid(w)).powi(2)),
    ("f(w) = w³ − w", |w| w * w * w - w),
];

pub fn measured_slope() -> Exercise<MeasuredSlope> {
    Exercise::<MeasuredSlope>::new("04_measured_slope", SLOPE, |f, w, eps| {
        (f(w + eps) - f(w - eps)) / (2.0 * eps)
    })
    .probes(
        [(0, 3.0, 0.1), (1, 0.5, 0.1), (2, -1.5, 0.01), (2, -1.5, 0.5)],
        |(i, w, eps)| vec![number(CURVES[*i].0, CURVES[*i].1(*w)), number("w", *w), number("ε", *eps)],
        |f, (i, w, eps)| vec![number("pente", f(CURVES[*i].1, *w, *eps))],
    )
    .mistake(
        "en-avant-seulement",
        |f, w, eps| (f(w + eps) - f(w)) / eps,
        "Vous n'avancez que d'un côté. La pente est alors celle d'un point un peu plus loin : \
         l'erreur est de l'ordre de ε, au lieu de ε².",
        [
            "Comptez vos deux points : sont-ils de part et d'autre de w ?",
            "Il faut avancer de ε et reculer de ε.",
            "`(f(w + eps) - f(w - eps)) / (2.0 * eps)`.",
        ],
        SLOPE,
    )
    .mistake(
        "en-arriere-seulement",
        |f, w, eps| (f(w) - f(w - eps)) / eps,
        "Vous ne faites que reculer : il manque le point d'en face.",
        [
            "Comptez vos deux points : sont-ils de part et d'autre de w ?",
            "Il faut avancer de ε et reculer de ε.",
            "Remplacez `f(w)` par `f(w + eps)`, et divisez par `2.0 * eps`.",
        ],
        SLOPE,
    )
    .mistake(
        "facteur-deux-oublie",
        |f, w, eps| (f(w + eps) - f(w - eps)) / eps,
        "De w − ε à w + ε, il y a 2ε. En divisant par ε seul, vous doublez la pente.",
        [
            "Quelle distance sépare vos deux points ?",
            "Une pente est une montée divisée par la distance parcourue.",
            "Divisez par `2.0 * eps`.",
        ],
        SLOPE,
    )
    .mistake(
        "parentheses-oubliees",
        |f, w, eps| (f(w + eps) - f(w - eps)) / 2.0 * eps,
        "Sans parenthèses, `/ 2.0 * eps` divise par 2, puis multiplie par ε.",
        [
            "Votre pente est minuscule : de combien ?",
            "Division et multiplication se font de gauche à droite.",
            "Écrivez `/ (2.0 * eps)`.",
        ],
        SLOPE,
    )
    .mistake(
        "division-oubliee",
        |f, w, eps| f(w + eps) - f(w - eps),
        "Vous rendez la montée. La pente est la montée divisée par la distance.",
        [
            "Prenez un ε deux fois plus petit : votre résultat devrait presque ne pas changer.",
            "La distance entre vos deux points est 2ε.",
            "Divisez par `2.0 * eps`.",
        ],
        SLOPE,
    )
    .mistake(
        "signe",
        |f, w, eps| (f(w - eps) - f(w + eps)) / (2.0 * eps),
        "Le signe est inversé : vous retranchez ce qui est devant de ce qui est derrière.",
        [
            "w² monte quand w = 3. De quel signe est votre pente ?",
            "Ce qui est devant, moins ce qui est derrière.",
            "Échangez `f(w + eps)` et `f(w - eps)`.",
        ],
        SLOPE,
    )
    .hints([
        "Deux points : l'un un peu après w, l'autre un peu avant.",
        "La pente est la différence des deux valeurs, divisée par la distance des deux points.",
        "La distance est 2ε, entre parenthèses.",
    ])
    .success(
        "Des deux côtés, les courbures se compensent : l'erreur est de l'ordre de ε², et non de \
         ε. Le chapitre 9 la mesure.",
        "mesurez la pente de w² en 3 avec ε = 0,1 puis 0,01, d'un seul côté et des deux.",
    )
}

pub type Descend = fn(fn(f64) -> f64, f64, f64, usize) -> f64;

const SLOPES: [(&str, Curve); 2] =
    [("pente(w) = 2(w − 3)", |w| 2.0 * (w - 3.0)), ("pente(w) = w³", |w| w * w * w)];

pub fn descend() -> Exercise<Descend> {
    fn walk(slope: fn(f64) -> f64, start: f64, rate: f64, steps: usize) -> f64 {
        (0..steps).fold(start, |w, _| w - rate * slope(w))
    }
    Exercise::<Descend>::new("04_descend", DESCENT, walk)
        .probes(
            [
                (0, 0.0, 0.1, 1),
                (0, 5.0, 0.25, 3),
                (0, 5.0, 0.25, 2),
                (0, 5.0, 0.1, 3),
                (1, 1.0, 0.5, 4),
                (0, -1.0, 0.1, 0),
            ],
            |(i, start, rate, steps)| -> Vec<Tensor> {
                let (name, slope) = SLOPES[*i];
                vec![
                    list(name, "au départ", &[slope(*start)]),
                    number("départ", *start),
                    number("taux", *rate),
                    count("pas", *steps),
                ]
            },
            |f, (i, start, rate, steps)| {
                vec![number("w à la fin", f(SLOPES[*i].1, *start, *rate, *steps))]
            },
        )
        .mistake(
            "montee",
            |slope, start, rate, steps| (0..steps).fold(start, |w, _| w + rate * slope(w)),
            "Vous ajoutez la pente : vous montez. Pour descendre, on va à l'opposé.",
            [
                "La pente est positive : en augmentant w, la perte augmente.",
                "Déplacez le poids à l'opposé de la pente.",
                "Remplacez `+=` par `-=`.",
            ],
            DESCENT,
        )
        .mistake(
            "taux-ignore",
            |slope, start, _, steps| (0..steps).fold(start, |w, _| w - slope(w)),
            "Le taux d'apprentissage n'est pas employé : chaque pas est la pente entière.",
            [
                "Quel argument n'employez-vous pas ?",
                "w ← w − taux × pente.",
                "Multipliez la pente par `rate`.",
            ],
            DESCENT,
        )
        .mistake(
            "pente-du-depart",
            |slope, start, rate, steps| {
                let first = slope(start);
                (0..steps).fold(start, |w, _| w - rate * first)
            },
            "Vous calculez la pente une seule fois, au départ. Elle change à chaque pas.",
            [
                "Avec un seul pas, c'est juste. Et avec trois ?",
                "La pente dépend de l'endroit où l'on se trouve.",
                "Appelez `slope(w)` dans la boucle, avec le w du moment.",
            ],
            DESCENT,
        )
        .mistake(
            "un-pas-de-trop",
            |slope, start, rate, steps| walk(slope, start, rate, steps + 1),
            "Vous faites un pas de trop : votre boucle fait un tour de plus que demandé.",
            [
                "Avec zéro pas, w ne devrait pas bouger.",
                "`0..=n` fait n + 1 tours, `0..n` en fait n.",
                "Écrivez `for _ in 0..steps`.",
            ],
            DESCENT,
        )
        .mistake(
            "un-pas-de-moins",
            |slope, start, rate, steps| walk(slope, start, rate, steps.saturating_sub(1)),
            "Il manque un pas : votre boucle fait un tour de moins que demandé.",
            [
                "Avec un seul pas demandé, w a-t-il bougé ?",
                "`1..n` fait n − 1 tours.",
                "Écrivez `for _ in 0..steps`.",
            ],
            DESCENT,
        )
        .hints([
            "Une variable `w`, qui part de `start` et change à chaque tour.",
            "À chaque tour, w ← w − taux × pente(w).",
            "`for _ in 0..steps { w -= rate * slope(w); }`, puis rendez `w`.",
        ])
        .success(
            "La pente se recalcule à chaque pas : près du creux elle s'annule, et les pas \
             rapetissent d'eux-mêmes.",
            "prenez un taux de 1,1 avec la première pente. Pourquoi w s'en va-t-il ?",
        )
}
