//! Chapitre 01 : un neurone, sa courbe, et la pente de cette courbe.

use nn_core::sigmoid;

use super::see;
use crate::exercise::Exercise;
use crate::tensor::{list, number};
use crate::verdict::Section;

const NEURON: Section = see("01_activation", "Un neurone");
const SIGMOID: Section = see("01_activation", "La sigmoïde");
const BY_HAND: Section = see("01_activation", "Régler un neurone à la main");
const SLOPE: Section = see("01_activation", "La pente de la sigmoïde");

pub type WeightedSum = fn(&[f64], &[f64], f64) -> f64;

pub fn weighted_sum() -> Exercise<WeightedSum> {
    Exercise::<WeightedSum>::new("01_weighted_sum", NEURON, |x, w, b| {
        x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + b
    })
    .probes(
        [
            (vec![2.0], vec![0.5], 1.0),
            (vec![1.0, 2.0], vec![0.5, -0.25], 1.0986),
            (vec![1.0, 2.0], vec![0.5, -0.25], -2.0),
            (vec![0.0, 1.0, -1.0], vec![3.0, 4.0, 0.5], -2.0),
            (vec![0.5, 0.25, 2.0, -1.0, 3.0], vec![1.0, -2.0, 0.75, 0.5, -0.125], 0.375),
        ],
        |(x, w, b)| vec![list("x", "entrées", x), list("w", "poids", w), number("b", *b)],
        |f, (x, w, b)| vec![number("z", f(x, w, *b))],
    )
    .mistake(
        "biais-oublie",
        |x, w, _| x.iter().zip(w).map(|(x, w)| x * w).sum(),
        "Votre somme s'arrête aux poids : le biais n'y est pas.",
        [
            "Comptez les arguments de la fonction, puis ceux que votre code emploie.",
            "Dans z = w1·x1 + w2·x2 + b, quel terme ne dépend d'aucune entrée ?",
            "Ajoutez `b` une fois, après la boucle.",
        ],
        NEURON,
    )
    .mistake(
        "biais-a-chaque-terme",
        |x, w, b| x.iter().zip(w).map(|(x, w)| x * w + b).sum(),
        "Vous ajoutez le biais à chaque produit : avec trois entrées, il compte trois fois.",
        [
            "Essayez avec une seule entrée, puis avec deux : quand le résultat devient-il faux ?",
            "Un neurone a un biais, et non un biais par entrée.",
            "Sortez `b` de la boucle : additionnez d'abord les produits, puis ajoutez-le.",
        ],
        NEURON,
    )
    .mistake(
        "produit-des-sommes",
        |x, w, b| x.iter().sum::<f64>() * w.iter().sum::<f64>() + b,
        "Vous multipliez la somme des entrées par la somme des poids. Chaque entrée doit être \
         multipliée par son propre poids.",
        [
            "Avec une entrée, c'est juste. Refaites à la main le cas à deux entrées.",
            "(a + b)·(c + d) contient a·d, qui mélange la première entrée et le second poids.",
            "Parcourez les deux listes ensemble : `x.iter().zip(w)`.",
        ],
        NEURON,
    )
    .mistake(
        "biais-multiplie",
        |x, w, b| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() * b,
        "Vous multipliez par le biais. Il s'ajoute.",
        [
            "Que devrait valoir z quand toutes les entrées sont nulles ?",
            "Le biais décale la somme : il ne l'agrandit pas.",
            "Remplacez le `*` qui précède `b` par un `+`.",
        ],
        NEURON,
    )
    .mistake(
        "dernier-terme-oublie",
        |x, w, b| (0..x.len() - 1).map(|i| x[i] * w[i]).sum::<f64>() + b,
        "La dernière entrée n'est pas comptée : votre boucle s'arrête un tour trop tôt.",
        [
            "Combien de tours votre boucle fait-elle pour une seule entrée ?",
            "`0..n` va déjà de 0 à n − 1 : il n'y a pas à retirer 1 de plus.",
            "Écrivez `0..x.len()`.",
        ],
        NEURON,
    )
    .mistake(
        "moyenne",
        |x, w, b| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() / x.len() as f64 + b,
        "Vous prenez la moyenne des produits. Le neurone les additionne, sans diviser.",
        [
            "Avec une seule entrée, c'est juste. Et avec deux ?",
            "z = w1·x1 + w2·x2 + b : y a-t-il une division ?",
            "Retirez la division par le nombre d'entrées.",
        ],
        NEURON,
    )
    .mistake(
        "biais-retire",
        |x, w, b| x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() - b,
        "Vous retirez le biais. Il s'ajoute ; c'est à lui d'être négatif s'il le faut.",
        [
            "Que devrait valoir z quand toutes les entrées sont nulles ?",
            "Dans z = w1·x1 + w2·x2 + b, quel signe précède b ?",
            "Écrivez `+ b`.",
        ],
        NEURON,
    )
    .mistake(
        "entrees-plus-poids",
        |x, w, b| x.iter().zip(w).map(|(x, w)| x + w).sum::<f64>() + b,
        "Vous additionnez chaque entrée et son poids, au lieu de les multiplier.",
        [
            "Une entrée nulle ne devrait rien apporter à la somme.",
            "Le poids dit combien l'entrée compte : il la multiplie.",
            "À l'intérieur de la somme, écrivez `x * w`.",
        ],
        NEURON,
    )
    .hints([
        "Trois gestes : multiplier chaque entrée par son poids, additionner, ajouter le biais.",
        "`x.iter().zip(w)` donne les couples (entrée, poids), l'un après l'autre.",
        "Partez d'une variable égale à `b`, et ajoutez-lui `x * w` à chaque tour.",
    ])
    .success(
        "Chaque entrée compte selon son poids, et le biais décale le tout. C'est un produit \
         scalaire : au chapitre 3, une couche entière en fera un par neurone, d'un seul coup.",
        "donnez à votre fonction des entrées toutes nulles. Que reste-t-il ?",
    )
}

pub type MySigmoid = fn(f64) -> f64;

pub fn my_sigmoid() -> Exercise<MySigmoid> {
    Exercise::<MySigmoid>::new("01_my_sigmoid", SIGMOID, |z| 1.0 / (1.0 + (-z).exp()))
        .probes(
            [0.0, 1.0, -2.0, 0.5, 800.0, -800.0],
            |z| vec![number("z", *z)],
            |f, z| vec![number("σ(z)", f(*z))],
        )
        .mistake(
            "signe-de-l-exposant",
            |z| 1.0 / (1.0 + z.exp()),
            "L'exposant a perdu son signe moins : vous calculez σ(−z), une courbe qui descend.",
            [
                "Une grande somme doit donner presque 1. Que donne votre fonction ?",
                "La formule contient e⁻ᶻ, et non eᶻ.",
                "Écrivez `(-z).exp()`, avec ses parenthèses.",
            ],
            SIGMOID,
        )
        .mistake(
            "parentheses-oubliees",
            |z| 1.0 / 1.0 + (-z).exp(),
            "La division ne porte que sur le premier 1 : vous calculez 1 + e⁻ᶻ.",
            [
                "En 0, la sigmoïde vaut 0,5. La vôtre vaut 2.",
                "En Rust comme en Python, la division passe avant l'addition.",
                "Entourez le dénominateur de parenthèses : `1.0 / (…)`.",
            ],
            SIGMOID,
        )
        .mistake(
            "moins-au-denominateur",
            |z| 1.0 / (1.0 - (-z).exp()),
            "Le dénominateur est 1 + e⁻ᶻ ; vous avez écrit 1 − e⁻ᶻ, qui s'annule en 0.",
            [
                "Combien vaut votre dénominateur pour z = 0 ?",
                "Un dénominateur plus grand que 1 garde le résultat entre 0 et 1.",
                "Remplacez le `-` du dénominateur par un `+` ; celui de l'exposant reste.",
            ],
            SIGMOID,
        )
        .mistake(
            "moins-hors-de-l-exposant",
            |z| 1.0 / (1.0 + -(z.exp())),
            "Vous calculez 1 − eᶻ au dénominateur. Sans parenthèses, `-z.exp()` veut dire −(eᶻ) : \
             l'appel passe avant le signe moins.",
            [
                "En 0, votre dénominateur s'annule. Que vaut `-z.exp()` pour z = 0 ?",
                "En Rust, `.exp()` s'applique avant le signe moins qui précède.",
                "Écrivez `(-z).exp()`, avec ses parenthèses.",
            ],
            SIGMOID,
        )
        .mistake(
            "tangente-hyperbolique",
            |z| z.tanh(),
            "C'est la tangente hyperbolique : une autre courbe en S, de −1 à 1. La sigmoïde va \
             de 0 à 1.",
            [
                "En 0, la sigmoïde est au milieu de 0 et de 1.",
                "Les deux courbes se ressemblent : σ(z) = (1 + tanh(z/2)) / 2.",
                "Revenez à la définition : 1 / (1 + e⁻ᶻ).",
            ],
            SIGMOID,
        )
        .mistake(
            "debordement",
            |z| z.exp() / (1.0 + z.exp()),
            "La formule eᶻ / (1 + eᶻ) est juste sur le papier. Mais pour z = 800, eᶻ dépasse le \
             plus grand nombre de l'ordinateur : ∞ / ∞ donne NaN.",
            [
                "Appelez votre fonction avec 10, puis 100, puis 800.",
                "Divisez le haut et le bas de votre fraction par eᶻ.",
                "Avec 1 / (1 + e⁻ᶻ), un e⁻ᶻ infini donne 0, ce qui est juste.",
            ],
            SIGMOID,
        )
        .hints([
            "Traduisez la formule de gauche à droite : 1, divisé par, 1 plus…",
            "L'exponentielle s'écrit après le nombre : `x.exp()`.",
            "Pour e⁻ᶻ : `(-z).exp()`.",
        ])
        .success(
            "Le dénominateur est toujours plus grand que 1 : le résultat reste entre 0 et 1. En \
             0 il vaut 2, d'où 0,5.",
            "écrivez la même courbe avec `tanh` : (1 + tanh(z/2)) / 2.",
        )
}

pub type SlopeFromOutput = fn(f64) -> f64;

pub fn slope_from_output() -> Exercise<SlopeFromOutput> {
    Exercise::<SlopeFromOutput>::new("01_slope_from_output", SLOPE, |a| a * (1.0 - a))
        .probes(
            [0.5, 0.75, 0.1, 0.98],
            |a| vec![number("a", *a)],
            |f, a| vec![number("σ′", f(*a))],
        )
        .mistake(
            "sigma-une-fois-de-trop",
            |a| sigmoid(a) * (1.0 - sigmoid(a)),
            "Vous appliquez σ à a. Or a est déjà passé par σ : c'est la réponse du neurone, et \
             non sa somme.",
            [
                "Que veut dire la lettre a, dans ce chapitre ? Et la lettre z ?",
                "a = σ(z) : l'exponentielle est déjà faite.",
                "Il ne reste qu'une multiplication et une soustraction, sans `exp`.",
            ],
            SLOPE,
        )
        .mistake(
            "signe",
            |a| a * (a - 1.0),
            "La parenthèse est à l'envers : vous obtenez une pente négative, pour une courbe \
             qui ne fait que monter.",
            [
                "La sigmoïde monte partout. De quel signe est sa pente ?",
                "a est entre 0 et 1 : a − 1 est négatif.",
                "Écrivez 1 − a, et non a − 1.",
            ],
            SLOPE,
        )
        .mistake(
            "parentheses-oubliees",
            |a| a * 1.0 - a,
            "Sans parenthèses, `a * 1.0 - a` multiplie d'abord, et donne toujours 0.",
            [
                "Combien vaut votre fonction, quel que soit a ?",
                "La multiplication passe avant la soustraction.",
                "Entourez `1.0 - a` de parenthèses.",
            ],
            SLOPE,
        )
        .mistake(
            "pente-de-tanh",
            |a| 1.0 - a * a,
            "1 − a² est la pente de la tangente hyperbolique. Celle de la sigmoïde est a(1 − a).",
            [
                "La plus forte pente de la sigmoïde vaut 0,25. La vôtre ?",
                "Reprenez la dernière ligne du calcul du chapitre.",
                "a − a², c'est-à-dire a(1 − a).",
            ],
            SLOPE,
        )
        .mistake(
            "facteur-oublie",
            |a| 1.0 - a,
            "Il manque un facteur : la pente est le produit de a et de 1 − a.",
            [
                "Loin à gauche, a est presque nul et la courbe presque plate. Votre pente ?",
                "σ′ = σ · (1 − σ) : deux facteurs.",
                "Multipliez votre résultat par `a`.",
            ],
            SLOPE,
        )
        .hints([
            "La pente s'écrit avec a seul, sans exponentielle.",
            "σ′(z) = σ(z) · (1 − σ(z)), et a = σ(z).",
            "Remplacez σ(z) par a dans cette formule.",
        ])
        .success(
            "La réponse a contient déjà l'exponentielle : sa pente ne coûte qu'une \
             multiplication. C'est pour cela que le réseau garde ses réponses.",
            "pour quelle valeur de a la pente est-elle la plus grande ? Et que vaut z alors ?",
        )
}

pub type AndNeuron = fn() -> ([f64; 2], f64);

pub fn and_neuron() -> Exercise<AndNeuron> {
    Exercise::<AndNeuron>::new("01_and_neuron", BY_HAND, || ([4.0, 4.0], -6.0))
        .probes(
            [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]],
            |x| vec![list("x", "entrées", x)],
            |f, x| {
                let (w, b) = f();
                let answer = sigmoid(x[0] * w[0] + x[1] * w[1] + b);
                let yes = if answer > 0.5 { 1.0 } else { 0.0 };
                vec![number("oui (1) ou non (0)", yes)]
            },
        )
        .mistake(
            "ou",
            || ([4.0, 4.0], -2.0),
            "Votre neurone sait « ou » : un seul 1 lui suffit pour dire oui. « Et » en demande \
             deux.",
            [
                "Regardez la somme pour (0, 1) : elle devrait être négative.",
                "Un seul poids ne doit pas suffire à passer au-dessus de zéro ; deux, si.",
                "Avec des poids de 4, choisissez un biais entre −8 et −4.",
            ],
            BY_HAND,
        )
        .mistake(
            "non-et",
            || ([-4.0, -4.0], 6.0),
            "Vos réponses sont toutes à l'envers : votre neurone dit non quand il faut dire oui.",
            [
                "Quand les deux entrées valent 1, la somme doit être positive.",
                "Des poids négatifs font baisser la somme quand une entrée s'allume.",
                "Changez le signe des trois nombres.",
            ],
            BY_HAND,
        )
        .mistake(
            "toujours-non",
            || ([1.0, 1.0], -6.0),
            "Votre neurone dit toujours non : même deux 1 ne compensent pas le biais.",
            [
                "Calculez la somme pour (1, 1) : est-elle positive ?",
                "Il faut w1 + w2 + b > 0.",
                "Augmentez les poids, ou rapprochez le biais de zéro.",
            ],
            BY_HAND,
        )
        .mistake(
            "toujours-oui",
            || ([4.0, 4.0], 1.0),
            "Votre neurone dit toujours oui, même à (0, 0).",
            [
                "Pour (0, 0), il ne reste qu'un nombre dans la somme. Lequel ?",
                "Ce nombre, le biais, doit être négatif.",
                "Prenez un biais plus négatif que chaque poids n'est grand.",
            ],
            BY_HAND,
        )
        .mistake(
            "une-seule-entree",
            || ([4.0, 0.0], -2.0),
            "Votre neurone ne regarde que la première entrée.",
            [
                "Comparez (1, 0) et (1, 1) : ils doivent donner des réponses différentes.",
                "Le second poids doit compter.",
                "Donnez le même poids aux deux entrées.",
            ],
            BY_HAND,
        )
        .hints([
            "Écrivez les quatre sommes : b, w2 + b, w1 + b, w1 + w2 + b.",
            "Les trois premières doivent être négatives, la dernière positive.",
            "Prenez deux poids égaux et positifs, et un biais entre −2 fois et −1 fois ce poids.",
        ])
        .success(
            "Il fallait un biais plus fort qu'un poids et plus faible que deux. Toute une \
             région de réglages convient : l'entraînement en trouvera un, pas forcément le vôtre.",
            "réglez-le pour « non et » : oui, sauf si les deux valent 1.",
        )
}
