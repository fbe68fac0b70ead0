//! Chapitre 08 : compter les réussites.

use nn_core::ndarray::Array2;

use super::{EXAMPLES, OUTPUTS, see};
use crate::exercise::Exercise;
use crate::tensor::{matrix, number};
use crate::verdict::Section;

const TABLE: Section = see("07_training", "La table des réponses");

pub type Accuracy = fn(&Array2<f64>, &Array2<f64>) -> f64;

/// Compte les cases qui conviennent.
fn matching(y: &Array2<f64>, y_hat: &Array2<f64>, fits: fn(f64, f64) -> bool) -> usize {
    y.iter().zip(y_hat).filter(|(y, a)| fits(**y, **a)).count()
}

pub fn accuracy() -> Exercise<Accuracy> {
    fn same_side(y: f64, a: f64) -> bool {
        (a > 0.5) == (y > 0.5)
    }
    Exercise::<Accuracy>::new("08_accuracy", TABLE, |y, y_hat| {
        matching(y, y_hat, same_side) as f64 / y.len() as f64
    })
    .probes(
        [
            (vec![1.0, 0.0], vec![0.7, 0.6]),
            (vec![0.0, 1.0], vec![0.2, 0.9]),
            (vec![0.0, 1.0, 1.0, 0.0], vec![0.1, 0.8, 0.3, 0.4]),
            (vec![1.0, 1.0, 0.0, 0.0, 1.0], vec![0.9, 0.51, 0.55, 0.0, 0.2]),
        ]
        .map(|(y, y_hat): (Vec<f64>, Vec<f64>)| {
            let column = |v: Vec<f64>| {
                Array2::from_shape_vec((v.len(), 1), v).expect("une colonne")
            };
            (column(y), column(y_hat))
        }),
        |(y, y_hat)| {
            vec![
                matrix("y", [EXAMPLES, OUTPUTS], y),
                matrix("ŷ", [EXAMPLES, OUTPUTS], y_hat),
            ]
        },
        |f, (y, y_hat)| vec![number("justesse", f(y, y_hat))],
    )
    .mistake(
        "compte-au-lieu-de-part",
        |y, y_hat| matching(y, y_hat, same_side) as f64,
        "Vous rendez le nombre de bonnes réponses. La justesse est leur part, entre 0 et 1.",
        [
            "Votre résultat peut-il dépasser 1 ?",
            "Une part se compare d'un jeu de données à l'autre ; un compte, non.",
            "Divisez par le nombre de réponses, `y.len() as f64`.",
        ],
        TABLE,
    )
    .mistake(
        "division-entiere",
        |y, y_hat| (matching(y, y_hat, same_side) / y.len()) as f64,
        "Vous divisez deux entiers : en Rust, 3 / 4 vaut 0. Il faut convertir avant de diviser.",
        [
            "Combien vaut votre justesse quand une seule réponse est fausse ?",
            "`/` entre deux `usize` jette le reste ; en Python, ce serait `//`.",
            "`right as f64 / y.len() as f64`.",
        ],
        see("00_rust", "Des valeurs"),
    )
    .mistake(
        "egalite",
        |y, y_hat| matching(y, y_hat, |y, a| y == a) as f64 / y.len() as f64,
        "Vous demandez l'égalité. Une sigmoïde n'atteint jamais 0 ni 1 : on regarde de quel côté \
         de 0,5 elle se trouve.",
        [
            "Le réseau répond 0,9 quand on attend 1 : est-ce juste ?",
            "« Oui » se lit au-dessus de 0,5.",
            "Comparez `(a > 0.5)` et `(y > 0.5)`.",
        ],
        TABLE,
    )
    .mistake(
        "part-d-erreurs",
        |y, y_hat| 1.0 - matching(y, y_hat, same_side) as f64 / y.len() as f64,
        "Vous comptez les erreurs. La justesse est la part de bonnes réponses.",
        [
            "Quand tout est juste, la justesse vaut 1.",
            "Votre résultat et celui qui est attendu font 1 à eux deux.",
            "Comptez quand les deux côtés sont égaux (`==`).",
        ],
        TABLE,
    )
    .mistake(
        "seuil-a-zero",
        |y, y_hat| {
            matching(y, y_hat, |y, a| (a > 0.0) == (y > 0.5)) as f64 / y.len() as f64
        },
        "Votre seuil est 0 : une sigmoïde est toujours au-dessus. La frontière est 0,5.",
        [
            "Pour quelles réponses votre programme dit-il « non » ?",
            "Le milieu de la sigmoïde est 0,5. (0 serait le seuil de la somme z.)",
            "Remplacez `0.0` par `0.5`.",
        ],
        see("01_activation", "La sigmoïde"),
    )
    .mistake(
        "toujours-oui",
        |y, _| y.iter().filter(|y| **y > 0.5).count() as f64 / y.len() as f64,
        "C'est la part des « oui » attendus : la justesse d'un programme qui dirait toujours oui.",
        [
            "Que devient votre résultat si le réseau change de réponses ?",
            "Une réponse « non » est juste quand on attend « non ».",
            "Comparez `(a > 0.5)` et `(y > 0.5)`, avec `==`.",
        ],
        TABLE,
    )
    .mistake(
        "part-des-oui",
        |_, y_hat| y_hat.iter().filter(|a| **a > 0.5).count() as f64 / y_hat.len() as f64,
        "C'est la part des « oui » que donne le réseau, qu'ils soient justes ou non.",
        [
            "À quoi vous sert `y` ?",
            "Une réponse est juste si elle est celle que l'on attend.",
            "Comparez `(a > 0.5)` et `(y > 0.5)`, avec `==`.",
        ],
        TABLE,
    )
    .mistake(
        "oui-justes-seulement",
        |y, y_hat| {
            matching(y, y_hat, |y, a| y > 0.5 && a > 0.5) as f64 / y.len() as f64
        },
        "Vous ne comptez que les « oui » justes. Un « non » à qui attend « non » est juste aussi.",
        [
            "Quelle est votre justesse quand il fallait toujours répondre non ?",
            "Il y a deux façons d'avoir raison.",
            "Comparez les deux côtés par `==`, et non par `&&`.",
        ],
        TABLE,
    )
    .hints([
        "Parcourez les deux tableaux ensemble, et comptez.",
        "Une réponse est bonne si elle est du même côté de 0,5 que l'attendue.",
        "`y.iter().zip(y_hat)` donne les couples ; divisez le compte par `y.len() as f64`.",
    ])
    .success(
        "La justesse compte des oui et des non ; la perte mesure des écarts. On entraîne sur la \
         perte, car la justesse ne bouge que par sauts : elle n'a pas de pente.",
        "trouvez des réponses dont la perte est plus basse et la justesse moins bonne.",
    )
}
