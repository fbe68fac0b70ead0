//! Chapitre 13 : la longueur d'un en-tête, l'ordre des poids dans un fichier, des gradients mis en
//! commun.

use nn_core::ndarray::{Array1, Array2};

use super::{HIDDEN, INPUTS, random_matrix, random_vector, see};
use crate::exercise::Exercise;
use crate::tensor::{Tensor, count, list, matrix, number, vector};
use crate::verdict::Section;

const FILE: Section = see("13_weights", "Ce qu'il y a dans le fichier");
const DAMAGED: Section = see("13_weights", "Un fichier abîmé");
const ROWS: Section = see("13_weights", "Lignes et colonnes");
const SHARING: Section = see("13_weights", "Un entraînement trop grand pour une machine");

const SETTINGS: &str = "réglages";

pub type HeaderLength = fn(&[u8]) -> Option<usize>;

/// La longueur que `read` tire des huit premiers octets, si `fits` l'accepte, ce qui reste connu.
fn announced(
    bytes: &[u8],
    read: fn([u8; 8]) -> u64,
    fits: fn(length: u64, rest: u64) -> bool,
) -> Option<usize> {
    let length = read(bytes.get(..8)?.try_into().ok()?);
    fits(length, bytes.len() as u64 - 8).then_some(length as usize)
}

/// Un fichier dont l'en-tête annonce `length` octets, suivi de `rest` octets.
fn file(length: u64, rest: usize) -> Vec<u8> {
    [&length.to_le_bytes()[..], &vec![b' '; rest]].concat()
}

pub fn header_length() -> Exercise<HeaderLength> {
    Exercise::<HeaderLength>::new("13_header_length", FILE, |bytes| {
        announced(bytes, u64::from_le_bytes, |length, rest| length <= rest)
    })
    .probes(
        [
            file(20, 50),
            file(300, 400), // deux octets non nuls
            file(16, 16),   // un en-tête, et aucun nombre
            file(17, 16),   // trop long d'un octet
            file(0, 0),
            vec![7, 0, 0, 0, 0],
            file(1 << 40, 30),
            file(u64::MAX - 3, 30), // plus 8, ce nombre déborde
        ],
        |bytes: &Vec<u8>| {
            let values: Vec<f64> = bytes.iter().map(|&byte| byte.into()).collect();
            vec![list("bytes", "octets", &values)]
        },
        |f, bytes| {
            let found = f(bytes);
            vec![
                count("`Some` (1) ou `None` (0)", found.iter().count()),
                number("longueur", found.map_or(0.0, |length| length as f64)),
            ]
        },
    )
    .mistake(
        "gros-boutiste",
        |bytes| announced(bytes, u64::from_be_bytes, |length, rest| length <= rest),
        "Vous lisez l'entier dans l'autre sens : dans un fichier safetensors, l'octet des unités \
         vient en premier.",
        [
            "Que valent les octets 14 00 00 00 00 00 00 00, en base seize ?",
            "L'ordre est petit-boutiste : « little-endian ».",
            "`u64::from_le_bytes`, au lieu de `from_be_bytes`.",
        ],
        FILE,
    )
    .mistake(
        "crue-sur-parole",
        |bytes| announced(bytes, u64::from_le_bytes, |_, _| true),
        "Vous croyez la longueur annoncée, même quand le fichier est bien plus court. Un fichier \
         abîmé ferait lire hors de ses limites, ou demander une mémoire immense.",
        [
            "Combien d'octets reste-t-il après les huit premiers ?",
            "L'en-tête doit tenir dans ce reste.",
            "Rendez `None` si `length > (bytes.len() - 8) as u64`.",
        ],
        DAMAGED,
    )
    .mistake(
        "huit-octets-oublies",
        |bytes| announced(bytes, u64::from_le_bytes, |length, rest| length <= rest + 8),
        "Vous comparez à la taille de tout le fichier. Les huit premiers octets sont déjà pris : \
         l'en-tête doit tenir dans le reste.",
        [
            "Essayez à la main : 24 octets en tout, un en-tête de 19.",
            "Où commence l'en-tête ?",
            "Comparez à `bytes.len() - 8`.",
        ],
        FILE,
    )
    .mistake(
        "place-des-nombres",
        |bytes| {
            let length = announced(bytes, u64::from_le_bytes, |length, rest| length <= rest);
            length.map(|length| length + 8)
        },
        "Vous rendez la place où commencent les nombres. On demande la longueur de l'en-tête seul, \
         sans les huit octets qui l'annoncent.",
        [
            "De combien votre réponse dépasse-t-elle la bonne ?",
            "La longueur annoncée ne compte pas les huit premiers octets.",
            "N'ajoutez pas 8.",
        ],
        FILE,
    )
    .mistake(
        "premier-octet",
        |bytes| announced(bytes, |first| first[0].into(), |length, rest| length <= rest),
        "Vous ne lisez que le premier octet, qui ne dépasse pas 255. L'entier en occupe huit.",
        [
            "Quelle est la plus grande longueur que votre fonction peut rendre ?",
            "Un `u64` occupe huit octets.",
            "`u64::from_le_bytes(first.try_into().ok()?)`, où `first` a huit octets.",
        ],
        FILE,
    )
    .mistake(
        "inegalite-stricte",
        |bytes| announced(bytes, u64::from_le_bytes, |length, rest| length < rest),
        "Vous refusez un en-tête qui finit juste à la fin du fichier. C'est permis : le fichier ne \
         contient alors aucun tableau.",
        [
            "Que doit répondre votre fonction s'il reste 16 octets et que l'en-tête en compte 16 ?",
            "Seul un en-tête qui **dépasse** est impossible.",
            "`>` au lieu de `>=` dans le refus.",
        ],
        FILE,
    )
    .hints([
        "Prenez les huit premiers octets, faites-en un entier, comparez-le à ce qui reste.",
        "`bytes.get(..8)?` ne panique jamais ; `try_into()` en fait un tableau de huit octets.",
        "`let length = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);` puis comparez \
         `length` à `(bytes.len() - 8) as u64`, sans rien lui ajouter.",
    ])
    .success(
        "La comparaison se fait avant toute lecture, et du côté qui ne déborde pas : soustraire 8 à \
         une taille connue est sûr, ajouter 8 à un nombre venu d'ailleurs ne l'est pas.",
        "que vérifieriez-vous ensuite, dans le texte de l'en-tête ?",
    )
}

pub type InFileOrder = fn(&Array2<f64>) -> Vec<f64>;

pub fn in_file_order() -> Exercise<InFileOrder> {
    Exercise::<InFileOrder>::new("13_in_file_order", ROWS, |weights| {
        weights.t().iter().copied().collect()
    })
    .probes(
        [
            random_matrix(60, 2, 3),
            random_matrix(61, 1, 4),
            random_matrix(62, 5, 1),
            random_matrix(63, 3, 3),
            random_matrix(64, 4, 2),
        ],
        |weights: &Array2<f64>| vec![matrix("weights", [INPUTS, HIDDEN], weights)],
        |f, weights| vec![list("nombres", "poids", &f(weights))],
    )
    .mistake(
        "sans-transposer",
        |weights| weights.iter().copied().collect(),
        "Ce sont les nombres ligne par ligne de **votre** matrice, (n, h). Le fichier attend ceux \
         de sa transposée, (h, n). Changer la forme sans déplacer les nombres ne transpose pas.",
        [
            "Quels sont les n premiers nombres du fichier : ceux d'une entrée, ou ceux d'un neurone ?",
            "Dans le fichier, une ligne est un neurone : chez vous, une colonne.",
            "`weights.t().iter()` parcourt la transposée ligne par ligne.",
        ],
        ROWS,
    )
    .mistake(
        "un-quart-de-tour",
        |weights| weights.columns().into_iter().rev().flatten().copied().collect(),
        "Vous avez tourné la matrice d'un quart de tour : les neurones viennent du dernier au \
         premier.",
        [
            "Quel neurone vient en premier dans votre liste ?",
            "Transposer n'est pas tourner : la première colonne devient la première ligne.",
            "Parcourez les colonnes dans l'ordre.",
        ],
        ROWS,
    )
    .mistake(
        "entrees-a-l-envers",
        |weights| {
            weights.columns().into_iter().flat_map(|column| column.to_vec().into_iter().rev()).collect()
        },
        "Les neurones sont dans l'ordre, mais les poids de chacun sont à l'envers : le premier \
         nombre d'une ligne est celui de la première entrée.",
        [
            "Comparez votre premier nombre à `weights[[0, 0]]`.",
            "Chaque colonne se lit de haut en bas.",
            "Retirez le `rev()`.",
        ],
        ROWS,
    )
    .mistake(
        "un-seul-neurone",
        |weights| weights.column(0).to_vec(),
        "Vous ne rendez que les poids du premier neurone. Le fichier contient ceux de tous.",
        [
            "Combien de nombres votre liste a-t-elle, et combien la matrice ?",
            "Il faut une colonne après l'autre.",
            "Une boucle sur `weights.columns()`, ou `weights.t().iter()`.",
        ],
        ROWS,
    )
    .mistake(
        "forme-en-tete",
        |weights| {
            let shape = [weights.ncols() as f64, weights.nrows() as f64];
            shape.into_iter().chain(weights.t().iter().copied()).collect()
        },
        "L'ordre est le bon, mais vous commencez par la forme. Elle est dans l'en-tête ; ici, il n'y \
         a que les poids.",
        [
            "Combien de nombres votre liste a-t-elle, et combien la matrice ?",
            "Relisez l'en-tête du fichier : la forme y est écrite.",
            "Ne rendez que les nombres de `weights.t()`.",
        ],
        FILE,
    )
    .hints([
        "Écrivez à la main une matrice (2, 3), puis sa transposée, puis ses nombres.",
        "Le fichier contient d'abord tous les poids du premier neurone, donc la première colonne.",
        "`weights.t()` transpose, `.iter()` va ligne par ligne, `.copied().collect()` fait la liste.",
    ])
    .success(
        "Une colonne après l'autre : les mêmes nombres, dans l'ordre où PyTorch les attend.",
        "que faut-il faire pour revenir, du fichier à notre matrice (n, h) ?",
    )
}

pub type SharedGradient = fn(&[(Array1<f64>, usize)]) -> Array1<f64>;

/// La somme des gradients, chacun multiplié par ce que `weight` fait de son nombre d'images.
fn total(parts: &[(Array1<f64>, usize)], weight: fn(usize) -> f64) -> Array1<f64> {
    let length = parts.first().map_or(0, |(gradient, _)| gradient.len());
    parts.iter().fold(Array1::zeros(length), |sum, (gradient, count)| {
        sum + gradient * weight(*count)
    })
}

/// Le nombre d'images de toutes les parts.
fn images(parts: &[(Array1<f64>, usize)]) -> f64 {
    parts.iter().map(|(_, count)| *count as f64).sum()
}

pub fn shared_gradient() -> Exercise<SharedGradient> {
    let part = |seed, length, count| (random_vector(seed, length), count);
    Exercise::<SharedGradient>::new("13_shared_gradient", SHARING, |parts| {
        total(parts, |count| count as f64) / images(parts)
    })
    .probes(
        [
            vec![part(70, 3, 12), part(71, 3, 36)],
            vec![part(72, 4, 9)],
            vec![part(73, 2, 5), part(74, 2, 7), part(75, 2, 20)],
            vec![part(76, 5, 3), (Array1::zeros(5), 0), part(77, 5, 8)],
        ],
        |parts: &Vec<(Array1<f64>, usize)>| {
            let shown = |(rank, (gradient, count)): (usize, &(Array1<f64>, usize))| -> [Tensor; 2] {
                [
                    vector(&format!("gradient de la machine {rank}"), SETTINGS, gradient),
                    self::count(&format!("images de la machine {rank}"), *count),
                ]
            };
            parts.iter().enumerate().flat_map(shown).collect()
        },
        |f, parts| vec![vector("gradient du lot", SETTINGS, &f(parts))],
    )
    .mistake(
        "simple-moyenne",
        |parts| total(parts, |_| 1.0) / parts.len() as f64,
        "C'est la simple moyenne des gradients : une machine de 12 images y compte autant qu'une \
         machine de 36.",
        [
            "Que devrait donner une machine de 1 image, à côté d'une machine de 1000 ?",
            "Chaque gradient pèse ce que pèsent ses images.",
            "Multipliez chaque gradient par son nombre d'images, puis divisez par leur total.",
        ],
        SHARING,
    )
    .mistake(
        "moyenne-des-machines-actives",
        |parts| {
            let active = parts.iter().filter(|(_, count)| *count > 0).count();
            total(parts, |_| 1.0) / active as f64
        },
        "Vous avez mis de côté les machines sans image, et c'est bien ; mais les autres comptent \
         toutes autant, quel que soit leur nombre d'images.",
        [
            "Que devrait donner une machine de 1 image, à côté d'une machine de 1000 ?",
            "Un gradient multiplié par 0 image disparaît de lui-même.",
            "Multipliez chaque gradient par son nombre d'images, puis divisez par leur total.",
        ],
        SHARING,
    )
    .mistake(
        "somme",
        |parts| total(parts, |_| 1.0),
        "Vous additionnez les gradients. Chacun est déjà une moyenne : leur somme grandirait avec \
         le nombre de machines.",
        [
            "Que rend votre fonction pour deux machines qui ont le même gradient ?",
            "Le gradient du lot est une moyenne, lui aussi.",
            "Multipliez chaque gradient par son nombre d'images, puis divisez par leur total.",
        ],
        SHARING,
    )
    .mistake(
        "sans-diviser",
        |parts| total(parts, |count| count as f64),
        "La somme pondérée est juste ; il reste à la diviser par le nombre total d'images.",
        [
            "Que rend votre fonction pour une seule machine ?",
            "Une seule machine : son gradient, inchangé.",
            "Divisez par la somme des nombres d'images.",
        ],
        SHARING,
    )
    .mistake(
        "divise-par-les-machines",
        |parts| total(parts, |count| count as f64) / parts.len() as f64,
        "Les gradients sont bien pondérés par leurs images, mais vous divisez par le nombre de \
         machines.",
        [
            "Que rend votre fonction pour une seule machine ?",
            "La perte est une moyenne sur les images, non sur les machines.",
            "Divisez par la somme des nombres d'images.",
        ],
        SHARING,
    )
    .hints([
        "Commencez par deux machines, et la formule du chapitre.",
        "Deux sommes, dans une boucle sur `parts` : celle des gradients pondérés, celle des images.",
        "`sum += &(gradient * *count as f64);` puis `sum / m as f64`.",
    ])
    .success(
        "Pondéré, le gradient est le même que si une seule machine avait vu toutes les images : le \
         partage ne change rien à ce que le réseau apprend.",
        "que se passe-t-il si une machine est deux fois plus lente que les autres ?",
    )
}
