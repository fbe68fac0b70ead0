//! Chapitre 00 : une fonction, une boucle, un prêt, une réponse qui peut manquer, une fermeture.

use std::num::ParseIntError;

use super::see;
use crate::exercise::Exercise;
use crate::tensor::{Tensor, count, list, number};
use crate::verdict::Section;

const FUNCTIONS: Section = see("00_rust", "Des fonctions");
const LOOPS: Section = see("00_rust", "Des boucles");
const OWNERSHIP: Section = see("00_rust", "À qui sont les valeurs");
const ANSWER: Section = see("00_rust", "Quand une réponse peut manquer");
const CLOSURE: Section = see("00_rust", "Une fonction sans nom");

pub type Moyenne = fn(f64, f64) -> f64;

pub fn moyenne() -> Exercise<Moyenne> {
    Exercise::<Moyenne>::new("00_moyenne", FUNCTIONS, |a, b| (a + b) / 2.0)
        .probes(
            [(1.0, 3.0), (-2.0, 5.0), (0.5, 0.25), (-2.0, 3.0)],
            |(a, b)| vec![number("a", *a), number("b", *b)],
            |f, (a, b)| vec![number("moyenne", f(*a, *b))],
        )
        .mistake(
            "parentheses-oubliees",
            |a, b| a + b / 2.0,
            "Seul b est divisé : la division passe avant l'addition, comme en Python.",
            [
                "Pour 1 et 3, vous trouvez 2,5. Qu'est-ce qui a été divisé ?",
                "Il faut diviser la somme entière.",
                "Mettez la somme entre parenthèses : `(a + b) / 2.0`.",
            ],
            FUNCTIONS,
        )
        .mistake(
            "somme",
            |a, b| a + b,
            "Vous rendez la somme. La moyenne en est la moitié.",
            [
                "La moyenne de 1 et de 3 est entre les deux.",
                "Il manque une division.",
                "`(a + b) / 2.0`.",
            ],
            FUNCTIONS,
        )
        .mistake(
            "difference",
            |a, b| (b - a) / 2.0,
            "Vous rendez la moitié de l'écart, non le milieu.",
            [
                "Pour deux nombres égaux, que vaut la moyenne ? Et votre résultat ?",
                "On additionne les deux nombres, puis on divise par 2.",
                "Remplacez la soustraction par une addition.",
            ],
            FUNCTIONS,
        )
        .hints([
            "Additionnez, puis divisez par 2.",
            "`2.0`, et non `2` : Rust ne mélange pas les réels et les entiers.",
            "`(a + b) / 2.0`, sans point-virgule.",
        ])
        .success(
            "La dernière expression, sans point-virgule, est ce que la fonction rend.",
            "ajoutez un point-virgule à la fin : que dit Rust ?",
        )
}

pub type Somme = fn(i64) -> i64;

pub fn somme() -> Exercise<Somme> {
    Exercise::<Somme>::new("00_somme", LOOPS, |n| (0..n).sum())
        .probes(
            [1, 4, 10],
            |n| vec![number("n", *n as f64)],
            |f, n| vec![number("somme", f(*n) as f64)],
        )
        .mistake(
            "un-de-trop",
            |n| (0..=n).sum(),
            "Vous comptez aussi n. Les n premiers entiers, à partir de 0, s'arrêtent à n − 1.",
            [
                "Pour n = 4, la somme est 0 + 1 + 2 + 3.",
                "`0..n` s'arrête avant n ; `0..=n` l'atteint.",
                "Écrivez `for i in 0..n`.",
            ],
            LOOPS,
        )
        .mistake(
            "dernier-seulement",
            |n| n - 1,
            "Il ne reste que le dernier nombre : `=` remplace, `+=` ajoute.",
            [
                "Que vaut votre total après deux tours ?",
                "À chaque tour, le total doit grandir.",
                "Écrivez `total += i;`.",
            ],
            LOOPS,
        )
        .mistake(
            "compte",
            |n| n,
            "Vous comptez les tours. Il faut additionner les nombres.",
            [
                "Pour n = 4, il y a quatre tours ; leur somme est 6.",
                "À chaque tour, on ajoute i, et non 1.",
                "Écrivez `total += i;`.",
            ],
            LOOPS,
        )
        .mistake(
            "produit",
            |n| (0..n).product(),
            "Votre total reste nul. Vous multipliez, peut-être : dès le premier tour, le total est 0, et \
             il le reste. Ou bien un `return`, dans la boucle, l'arrête au premier tour.",
            [
                "Que vaut 0 × 1 × 2 × 3 ?",
                "Une somme se fait avec `+=`.",
                "Partez de 0, et écrivez `total += i;`.",
            ],
            LOOPS,
        )
        .hints([
            "Un total qui commence à 0, et une boucle.",
            "Le total change : déclarez-le par `let mut`.",
            "`for i in 0..n { total += i; }`, puis `total`.",
        ])
        .success(
            "`let mut`, une boucle, `+=` : c'est la forme de presque toutes les boucles de ce livre.",
            "comparez votre résultat à n × (n − 1) / 2.",
        )
}

pub type LongueurTotale = fn(&str, &str) -> usize;

/// Des mots pour les sondes, et leur description : le correcteur ne montre que des nombres.
fn words((a, b): &(&'static str, &'static str)) -> Vec<Tensor> {
    vec![
        count(&format!("longueur de a (« {a} »)"), a.len()),
        count(&format!("longueur de b (« {b} »)"), b.len()),
    ]
}

pub fn longueur_totale() -> Exercise<LongueurTotale> {
    Exercise::<LongueurTotale>::new("00_longueur_totale", OWNERSHIP, |a, b| {
        a.len() + b.len()
    })
    .probes([("Ada", "Grace"), ("un", ""), ("couche", "couche")], words, |f, (a, b)| {
        vec![count("longueur", f(a, b))]
    })
    .mistake(
        "premier-seulement",
        |a, _| a.len(),
        "Vous ne comptez que le premier mot.",
        [
            "Changez le second mot : votre résultat change-t-il ?",
            "Il y a deux longueurs à additionner.",
            "`a.len() + b.len()`.",
        ],
        OWNERSHIP,
    )
    .mistake(
        "second-seulement",
        |_, b| b.len(),
        "Vous ne comptez que le second mot.",
        [
            "Changez le premier mot : votre résultat change-t-il ?",
            "Il y a deux longueurs à additionner.",
            "`a.len() + b.len()`.",
        ],
        OWNERSHIP,
    )
    .mistake(
        "produit",
        |a, b| a.len() * b.len(),
        "Vous multipliez les deux longueurs.",
        [
            "Si l'un des mots est vide, que reste-t-il ?",
            "On met les deux mots bout à bout.",
            "`a.len() + b.len()`.",
        ],
        OWNERSHIP,
    )
    .hints([
        "`len` se demande au texte lui-même : `a.len()`.",
        "Les deux textes sont prêtés : on peut les lire, l'un après l'autre.",
        "`a.len() + b.len()`.",
    ])
    .success(
        "Les textes sont prêtés par `&str` : la fonction les lit, et ceux qui les ont prêtés les ont \
         toujours.",
        "écrivez la même fonction avec des `String` : peut-on encore s'en servir après l'appel ?",
    )
}

pub type SommeLue = fn(&str, &str) -> Result<i64, ParseIntError>;

pub fn somme_lue() -> Exercise<SommeLue> {
    /// Un nombre, ou 0 si le texte n'en est pas un.
    fn or_zero(text: &str) -> i64 {
        text.parse().unwrap_or(0)
    }
    Exercise::<SommeLue>::new("00_somme_lue", ANSWER, |a, b| {
        let a: i64 = a.parse()?;
        let b: i64 = b.parse()?;
        Ok(a + b)
    })
    .probes(
        [("40", "2"), ("-7", "3"), ("douze", "2"), ("12", "deux")],
        words,
        |f, (a, b)| match f(a, b) {
            Ok(sum) => vec![count("Ok", 1), number("somme", sum as f64)],
            Err(_) => vec![count("Ok", 0), number("somme", 0.0)],
        },
    )
    .mistake(
        "zero-a-la-place-de-l-erreur",
        |a, b| Ok(or_zero(a) + or_zero(b)),
        "Un texte qui n'est pas un nombre devient 0, sans que personne le sache. L'erreur doit être \
         rendue à qui a appelé.",
        [
            "Que rend votre fonction pour « douze » et « 2 » ?",
            "`?` prend la réponse, ou rend l'erreur.",
            "`let a: i64 = a.parse()?;`.",
        ],
        ANSWER,
    )
    .mistake(
        "premier-seulement",
        |a, b| Ok(a.parse::<i64>()? + or_zero(b)),
        "L'erreur du premier texte est rendue, celle du second ne l'est pas.",
        [
            "Que rend votre fonction pour « 12 » et « deux » ?",
            "Chaque `parse` peut échouer : il faut un `?` à chacun.",
            "`let b: i64 = b.parse()?;`.",
        ],
        ANSWER,
    )
    .mistake(
        "difference",
        |a, b| Ok(a.parse::<i64>()? - b.parse::<i64>()?),
        "Vous soustrayez au lieu d'additionner.",
        [
            "40 et 2 doivent donner 42.",
            "Regardez le signe entre les deux nombres.",
            "`Ok(a + b)`.",
        ],
        ANSWER,
    )
    .hints([
        "`a.parse()?` lit un nombre ; le type dit lequel : `let a: i64 = a.parse()?;`.",
        "De même pour b ; puis additionnez.",
        "La dernière ligne est `Ok(a + b)`.",
    ])
    .success(
        "Dans une fonction, `?` rend l'erreur à qui l'a appelée : c'est à lui de décider qu'en faire.",
        "appelez votre fonction avec « douze », et ajoutez `?` à la fin : que montre le notebook ?",
    )
}

pub type Cubes = fn(i64) -> Vec<i64>;

pub fn cubes() -> Exercise<Cubes> {
    Exercise::<Cubes>::new("00_cubes", CLOSURE, |n| (0..=n).map(|i| i * i * i).collect())
        .probes(
            [1, 3, 5],
            |n| vec![number("n", *n as f64)],
            |f, n| {
                let cubes: Vec<f64> = f(*n).into_iter().map(|cube| cube as f64).collect();
                vec![list("cubes", "nombres", &cubes)]
            },
        )
        .mistake(
            "sans-le-dernier",
            |n| (0..n).map(|i| i * i * i).collect(),
            "Il manque le dernier : `0..n` s'arrête avant n.",
            [
                "Combien de nombres y a-t-il de 0 à 3 compris ?",
                "Il existe une écriture qui compte le dernier aussi.",
                "`(0..=n)`.",
            ],
            CLOSURE,
        )
        .mistake(
            "sans-le-premier",
            |n| (1..=n).map(|i| i * i * i).collect(),
            "Il manque le premier : la liste commence par le cube de 0.",
            [
                "Quel est le premier nombre attendu ?",
                "On compte depuis 0.",
                "`(0..=n)`.",
            ],
            CLOSURE,
        )
        .mistake(
            "carres",
            |n| (0..=n).map(|i| i * i).collect(),
            "Ce sont les carrés. Le cube multiplie le nombre trois fois.",
            [
                "Le cube de 2 est 8.",
                "i × i × i.",
                "`|i| i * i * i`.",
            ],
            CLOSURE,
        )
        .mistake(
            "triples",
            |n| (0..=n).map(|i| 3 * i).collect(),
            "Vous multipliez par 3. Le cube multiplie le nombre par lui-même, trois fois.",
            [
                "Le cube de 2 est 8, son triple est 6.",
                "i × i × i.",
                "`|i| i * i * i`.",
            ],
            CLOSURE,
        )
        .hints([
            "C'est la ligne des carrés, à une multiplication près.",
            "`(0..=n)`, puis `map`, puis `collect`.",
            "`(0..=n).map(|i| i * i * i).collect()`.",
        ])
        .success(
            "`map` applique la fermeture à chaque nombre, et `collect` range : le type du résultat, \
             `Vec<i64>`, lui dit où.",
            "ne gardez que les cubes pairs, avec `filter(|c| c % 2 == 0)` avant `collect`.",
        )
}
