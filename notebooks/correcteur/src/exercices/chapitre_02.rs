//! Chapitre 02 : les tableaux du réseau, leur tirage, et la classe Python devenue Rust.

use std::sync::Arc;

use nn_core::ndarray::Array2;
use nn_core::rand::RngExt;
use nn_core::{NeuralNetwork, NumpyRng};

use super::{EXAMPLES, HIDDEN, INPUTS, OUTPUTS, random_matrix, see};
use crate::exercise::Exercise;
use crate::tensor::{Tensor, count, list, matrix, number};
use crate::verdict::Section;

const SHAPES: Section = see("02_network", "Les formes se déduisent");
const NEW: Section = see("02_network", "Le constructeur");
const NETWORK: Section = see("02_network", "Un réseau");
const SEED: Section = see("02_network", "Le même hasard qu'en Python");
const RANDOM: Section = see("02_network", "Pourquoi le hasard ?");
const CLASS: Section = see("00_rust", "Une classe");
const OWNERSHIP: Section = see("00_rust", "À qui sont les valeurs");

fn sizes([n, h, k]: &[usize; 3]) -> Vec<Tensor> {
    vec![count("n", *n), count("h", *h), count("k", *k)]
}

pub type Shapes = fn(usize, usize, usize) -> ((usize, usize), usize, (usize, usize), usize);

pub fn shapes() -> Exercise<Shapes> {
    Exercise::<Shapes>::new("02_shapes", SHAPES, |n, h, k| ((n, h), h, (h, k), k))
        .probes([[3, 4, 1], [2, 5, 3], [7, 1, 2]], sizes, |f, [n, h, k]| {
            let (w1, b1, w2, b2) = f(*n, *h, *k);
            let pair = |name: &str, (rows, columns): (usize, usize)| {
                list(name, "dimensions", &[rows as f64, columns as f64])
            };
            vec![
                pair("forme de W1", w1),
                count("longueur de b1", b1),
                pair("forme de W2", w2),
                count("longueur de b2", b2),
            ]
        })
        .mistake(
            "w1-transposee",
            |n, h, k| ((h, n), h, (h, k), k),
            "W1 est couché : vous mettez une ligne par neurone. Dans ce livre, une ligne par \
             entrée et une colonne par neurone.",
            [
                "Dans x·W1, les colonnes de x rencontrent les lignes de W1.",
                "x est de forme (m, n) : W1 doit commencer par n.",
                "Échangez les deux nombres de la première forme.",
            ],
            SHAPES,
        )
        .mistake(
            "w2-transposee",
            |n, h, k| ((n, h), h, (k, h), k),
            "W2 est couché : ses lignes partent des neurones cachés, ses colonnes arrivent aux \
             sorties.",
            [
                "Une ligne par départ, une colonne par arrivée.",
                "La couche cachée est de forme (m, h) : W2 doit commencer par h.",
                "Échangez les deux nombres de la seconde forme.",
            ],
            SHAPES,
        )
        .mistake(
            "tout-transpose",
            |n, h, k| ((h, n), h, (k, h), k),
            "Vos deux matrices sont couchées : c'est la convention W·x, celle des équations du \
             wiki. Le livre écrit x·W, un exemple par ligne.",
            [
                "Essayez x·W1 avec vos formes : ce qui se touche est-il égal ?",
                "Une ligne par départ, une colonne par arrivée.",
                "Échangez les deux nombres de chaque matrice.",
            ],
            see("03_feedforward", "L'ordre du wiki et le nôtre"),
        )
        .mistake(
            "biais-decales",
            |n, h, k| ((n, h), n, (h, k), h),
            "Vos biais sont ceux de la couche d'avant : un biais appartient au neurone qui \
             reçoit la somme, non à celui qui l'envoie.",
            [
                "L'entrée ne calcule rien : a-t-elle besoin de biais ?",
                "Un biais par rond du dessin, sauf à l'entrée.",
                "b1 a un nombre par neurone caché, b2 un nombre par sortie.",
            ],
            SHAPES,
        )
        .mistake(
            "toujours-quatre",
            |n, _, k| ((n, 4), 4, (4, k), k),
            "Le 4 du tutoriel est resté dans votre code : h peut valoir autre chose.",
            [
                "Quel argument de la fonction n'employez-vous pas ?",
                "Le tutoriel a 4 neurones cachés ; ici, il y en a h.",
                "Remplacez chaque `4` par `h`.",
            ],
            SHAPES,
        )
        .hints([
            "Dessinez le réseau : une colonne de ronds pour n, une pour h, une pour k.",
            "Une matrice a une ligne par départ et une colonne par arrivée.",
            "Un biais par neurone caché, puis un biais par sortie.",
        ])
        .success(
            "Les formes se déduisent du dessin, sans rien retenir : une ligne par départ, une \
             colonne par arrivée, un biais par rond qui calcule.",
            "ajoutez une seconde couche cachée de g neurones. Quelles formes changent ?",
        )
}

pub type CountParameters = fn(usize, usize, usize) -> usize;

pub fn count_parameters() -> Exercise<CountParameters> {
    Exercise::<CountParameters>::new("02_count_parameters", SHAPES, |n, h, k| {
        n * h + h + h * k + k
    })
    .probes([[3, 4, 1], [2, 5, 3], [7, 1, 2]], sizes, |f, [n, h, k]| {
        vec![count("réglages", f(*n, *h, *k))]
    })
    .mistake(
        "biais-oublies",
        |n, h, k| n * h + h * k,
        "Vous comptez les poids, pas les biais. C'est l'oubli de la classe du tutoriel.",
        [
            "Pour (3, 4, 1), le chapitre compte 21 réglages ; combien en trouvez-vous ?",
            "Chaque trait du dessin est un réglage. Et chaque rond qui calcule ?",
            "Ajoutez h biais cachés et k biais de sortie.",
        ],
        SHAPES,
    )
    .mistake(
        "biais-de-sortie-oublies",
        |n, h, k| n * h + h + h * k,
        "Il manque les biais de la sortie : elle fait une somme, elle aussi.",
        [
            "Combien de tableaux de biais le réseau a-t-il ?",
            "b2 a un nombre par sortie.",
            "Ajoutez `k`.",
        ],
        SHAPES,
    )
    .mistake(
        "biais-d-entree",
        |n, h, k| n + n * h + h + h * k + k,
        "Vous donnez des biais à l'entrée. Elle ne calcule rien : elle n'en a pas.",
        [
            "Combien de biais comptez-vous en tout ? Où sont-ils sur le dessin ?",
            "Un biais par rond, sauf à l'entrée.",
            "Retirez `n` de votre somme.",
        ],
        SHAPES,
    )
    .mistake(
        "neurones-comptes",
        |n, h, k| n + h + k,
        "Vous comptez les ronds du dessin. Les réglages sont surtout les traits.",
        [
            "Combien de traits partent d'une entrée ?",
            "Entre n ronds et h ronds, il y a n × h traits.",
            "n·h et h·k pour les poids, puis h et k pour les biais.",
        ],
        SHAPES,
    )
    .mistake(
        "couche-cachee-sautee",
        |n, _, k| n * k + k,
        "Vous reliez directement l'entrée à la sortie : la couche cachée a disparu.",
        [
            "Quel argument n'employez-vous pas ?",
            "Les traits vont de n à h, puis de h à k.",
            "Comptez chaque couche séparément, puis additionnez.",
        ],
        SHAPES,
    )
    .hints([
        "Un réglage par trait, un par rond qui calcule.",
        "Comptez la première couche (poids et biais), puis la seconde.",
        "Une couche de n vers h a n·h poids et h biais.",
    ])
    .success(
        "Chaque couche a autant de poids que de traits, et un biais par neurone. Pour une \
         image de 784 points et 128 neurones, la première couche en a déjà plus de cent mille.",
        "combien de réglages pour (784, 128, 10) ?",
    )
}

pub type DrawWeights = fn(usize, usize, usize, &mut NumpyRng) -> (Array2<f64>, Array2<f64>);

fn draw(rows: usize, columns: usize, rng: &mut NumpyRng) -> Array2<f64> {
    Array2::from_shape_simple_fn((rows, columns), || rng.random())
}

pub fn draw_weights() -> Exercise<DrawWeights> {
    Exercise::<DrawWeights>::new("02_draw_weights", NEW, |n, h, k, rng| {
        (draw(n, h, rng), draw(h, k, rng))
    })
    .probes([[2, 2, 1], [3, 4, 1], [2, 2, 2]], sizes, |f, [n, h, k]| {
        let (w1, w2) = f(*n, *h, *k, &mut NumpyRng::seed((n + k - 3) as u32));
        vec![matrix("W1", [INPUTS, HIDDEN], &w1), matrix("W2", [HIDDEN, OUTPUTS], &w2)]
    })
    .mistake(
        "w2-tire-d-abord",
        |n, h, k, rng| {
            let w2 = draw(h, k, rng);
            (draw(n, h, rng), w2)
        },
        "Vous tirez W2 avant W1. Les nombres sont les mêmes, mais distribués autrement : la \
         comparaison avec Python ne tient plus.",
        [
            "Le générateur donne une suite : qui se sert le premier change tout.",
            "Dans la classe Python, quelle ligne vient d'abord ?",
            "Tirez W1, gardez-le dans un `let`, puis tirez W2.",
        ],
        SEED,
    )
    .mistake(
        "tous-egaux",
        |n, h, k, _| (Array2::from_elem((n, h), 0.5), Array2::from_elem((h, k), 0.5)),
        "Vos poids sont tous égaux : les neurones cachés resteraient jumeaux pour toujours.",
        [
            "Employez-vous le générateur `rng` ?",
            "Il faut un tirage différent pour chaque case.",
            "`Array2::from_shape_simple_fn((n, h), || rng.random())`.",
        ],
        RANDOM,
    )
    .mistake(
        "entre-moins-un-et-un",
        |n, h, k, rng| {
            let centered = |a: Array2<f64>| a.mapv(|v| 2.0 * v - 1.0);
            (centered(draw(n, h, rng)), centered(draw(h, k, rng)))
        },
        "Vos poids vont de −1 à 1. C'est un bon choix, mais ce n'est pas celui du tutoriel : \
         `np.random.rand` va de 0 à 1.",
        [
            "Quel est le plus petit nombre que rende `np.random.rand` ?",
            "`rng.random()` donne déjà un réel entre 0 et 1.",
            "Rangez le nombre tiré tel quel.",
        ],
        NEW,
    )
    .mistake(
        "colonne-par-colonne",
        |n, h, k, rng| {
            let by_column = |a: Array2<f64>| a.reversed_axes();
            (by_column(draw(h, n, rng)), by_column(draw(k, h, rng)))
        },
        "Vous remplissez les tableaux colonne par colonne. NumPy les remplit ligne par ligne.",
        [
            "Les formes sont bonnes. Comparez la première ligne attendue et la vôtre.",
            "Le deuxième nombre tiré va à droite du premier, non au-dessous.",
            "La boucle sur les lignes doit être celle du dehors.",
        ],
        SEED,
    )
    .mistake(
        "meme-suite-deux-fois",
        |n, h, k, rng| {
            let mut again = rng.clone();
            (draw(n, h, rng), draw(h, k, &mut again))
        },
        "W2 reprend les premiers nombres de W1 : vous avez copié le générateur, ou remis la \
         graine. Il faut que le même continue.",
        [
            "Comparez le début de vos deux tableaux.",
            "`clone` copie un générateur dans son état : la copie tire la même suite.",
            "Passez le même `rng` aux deux tirages, l'un après l'autre.",
        ],
        SEED,
    )
    .hints([
        "Deux tableaux, tirés l'un après l'autre, avec le même générateur.",
        "`Array2::from_shape_simple_fn(forme, || …)` appelle la fermeture pour chaque case.",
        "W1 est de forme (n, h), W2 de forme (h, k) ; chaque case est `rng.random()`.",
    ])
    .success(
        "Même graine, même ordre, mêmes nombres : c'est ce qui permet de refaire une expérience \
         et de comparer deux langages au dernier bit.",
        "tirez les poids entre −1 et 1. Le réseau du chapitre 7 apprend-il plus vite ?",
    )
}

pub type TwoNetworks = fn(Array2<f64>, Array2<f64>) -> (NeuralNetwork, NeuralNetwork);

fn network(x: Array2<f64>, y: Array2<f64>, rng: &mut NumpyRng) -> NeuralNetwork {
    NeuralNetwork::new(x, y, rng).expect("des exemples que le réseau accepte")
}

pub fn two_networks() -> Exercise<TwoNetworks> {
    Exercise::<TwoNetworks>::new("02_two_networks", NETWORK, |x, y| {
        let first = network(x.clone(), y.clone(), &mut NumpyRng::seed(0));
        (first, network(x, y, &mut NumpyRng::seed(1)))
    })
    .probes(
        [(1, 2, 1), (4, 3, 1), (3, 2, 2)],
        |(m, n, k)| {
            let (x, y) = (random_matrix(1, *m, *n), random_matrix(2, *m, *k));
            vec![matrix("x", [EXAMPLES, INPUTS], &x), matrix("y", [EXAMPLES, OUTPUTS], &y)]
        },
        |f, (m, n, k)| {
            let (first, second) = f(random_matrix(1, *m, *n), random_matrix(2, *m, *k));
            let of = |name: &str, network: &NeuralNetwork| {
                [
                    matrix(&format!("x du {name}"), [EXAMPLES, INPUTS], &network.input),
                    matrix(&format!("y du {name}"), [EXAMPLES, OUTPUTS], &network.y),
                    matrix(&format!("W1 du {name}"), [INPUTS, HIDDEN], &network.weights1),
                ]
            };
            [of("premier", &first), of("second", &second)].concat()
        },
    )
    .mistake(
        "meme-graine",
        |x, y| {
            let first = network(x.clone(), y.clone(), &mut NumpyRng::seed(0));
            (first.clone(), first)
        },
        "Vos deux réseaux ont les mêmes poids : le second est une copie du premier, ou part de \
         la même graine.",
        [
            "Quelle graine donnez-vous au second ?",
            "Copier un réseau copie aussi ses poids ; ici, on veut copier les exemples.",
            "Le second est un `NeuralNetwork::new` de plus, avec `NumpyRng::seed(1)`.",
        ],
        SEED,
    )
    .mistake(
        "un-seul-generateur",
        |x, y| {
            let mut rng = NumpyRng::seed(0);
            let first = network(x.clone(), y.clone(), &mut rng);
            (first, network(x, y, &mut rng))
        },
        "Le second réseau continue la suite du premier, au lieu de partir de la graine 1.",
        [
            "Combien de générateurs créez-vous ?",
            "Un générateur prêté deux fois avance deux fois.",
            "Donnez au second son propre générateur, `NumpyRng::seed(1)`.",
        ],
        SEED,
    )
    .mistake(
        "ordre-echange",
        |x, y| {
            let first = network(x.clone(), y.clone(), &mut NumpyRng::seed(1));
            (first, network(x, y, &mut NumpyRng::seed(0)))
        },
        "Les deux graines sont échangées : le premier réseau part de la graine 0.",
        [
            "Relisez l'énoncé : quelle graine pour le premier ?",
            "Le couple rendu est (graine 0, graine 1).",
            "Échangez les deux graines.",
        ],
        NETWORK,
    )
    .mistake(
        "x-et-y-echanges",
        |x, y| {
            let first = network(y.clone(), x.clone(), &mut NumpyRng::seed(0));
            (first, network(y, x, &mut NumpyRng::seed(1)))
        },
        "Vous donnez les réponses à la place des exemples : `new` prend x, puis y.",
        [
            "Regardez la forme de « x du premier ».",
            "L'ordre des arguments compte, et les deux sont du même type : Rust ne peut pas \
             vous prévenir.",
            "Écrivez `NeuralNetwork::new(x…, y…, …)`.",
        ],
        NEW,
    )
    .mistake(
        "exemples-vides",
        |x, y| {
            let first = network(x.clone(), y.clone(), &mut NumpyRng::seed(0));
            let (x, y) = (Array2::zeros(x.dim()), Array2::zeros(y.dim()));
            (first, network(x, y, &mut NumpyRng::seed(1)))
        },
        "Le second réseau reçoit des tableaux de zéros : les vrais sont partis dans le premier.",
        [
            "`new` prend possession de ce qu'on lui donne.",
            "Pour garder une valeur que l'on donne, on donne une copie.",
            "`x.clone()` pour le premier, `x` pour le second ; de même pour `y`.",
        ],
        OWNERSHIP,
    )
    .hints([
        "`NeuralNetwork::new` prend possession de x et de y : il en faut deux exemplaires.",
        "Copiez avant de donner : `x.clone()`.",
        "`new` rend un `Result` : `.unwrap()` en prend le réseau.",
    ])
    .success(
        "Le premier reçoit une copie, le second l'original : après cela, personne n'en a plus \
         besoin. En Python, les deux réseaux auraient partagé le même tableau, et changer l'un \
         aurait changé l'autre.",
        "copiez aussi pour le second. Qu'est-ce que cela coûte, et que gagne-t-on ?",
    )
}

/// Ce que la classe écrite par l'apprenant fait d'un scénario.
pub type NeuronClass = Arc<dyn Fn(&Scenario) -> Vec<Tensor> + Send + Sync>;

/// Un neurone créé avec (w, b), corrigé plusieurs fois, et interrogé après chaque fois.
pub struct Scenario {
    w: f64,
    b: f64,
    corrections: Vec<(f64, f64)>,
}

/// Le scénario, joué avec les trois fonctions d'une classe.
fn class<T: 'static>(
    new: fn(f64, f64) -> T,
    answer: fn(&T, f64) -> f64,
    correct: fn(&mut T, f64, f64),
) -> NeuronClass {
    Arc::new(move |scenario| {
        let mut neuron = new(scenario.w, scenario.b);
        let mut answers = vec![answer(&neuron, 2.0)];
        for (x, error) in &scenario.corrections {
            correct(&mut neuron, *x, *error);
            answers.push(answer(&neuron, 2.0));
        }
        vec![list("réponses à x = 2", "étapes", &answers)]
    })
}

/// Les exercices dont la réponse n'est pas une seule fonction.
pub mod entry {
    /// Corrige l'exercice `neuron_class` : une classe, par ses trois fonctions.
    pub fn neuron_class<T: 'static>(
        new: fn(f64, f64) -> T,
        answer: fn(&T, f64) -> f64,
        correct: fn(&mut T, f64, f64),
    ) -> crate::Verdict {
        super::neuron_class().judge(super::class(new, answer, correct))
    }
}

pub fn neuron_class() -> Exercise<NeuronClass> {
    type Pair = (f64, f64); // (w, b)
    let new: fn(f64, f64) -> Pair = |w, b| (w, b);
    let answer: fn(&Pair, f64) -> f64 = |n, x| n.0 * x + n.1;
    let right = class::<Pair>(new, answer, |n, x, error| {
        n.0 -= 0.1 * error * x;
        n.1 -= 0.1 * error;
    });
    Exercise::<NeuronClass>::new("02_neuron_class", CLASS, right)
        .probes(
            [
                (0.5, -0.25, vec![]),
                (0.5, 0.25, vec![(3.0, 1.0)]),
                (2.0, 0.25, vec![(3.0, 1.0)]),
                (0.5, -1.0, vec![(3.0, 1.0)]),
                (-1.0, 2.0, vec![(2.0, -0.5), (0.5, 1.5), (0.0, 1.0)]),
            ]
            .map(|(w, b, corrections)| Scenario { w, b, corrections }),
            |s| {
                let (x, error): (Vec<f64>, Vec<f64>) = s.corrections.iter().copied().unzip();
                vec![
                    number("w", s.w),
                    number("b", s.b),
                    list("x des corrections", "étapes", &x),
                    list("erreurs", "étapes", &error),
                ]
            },
            |f, s| f(s),
        )
        .mistake(
            "correction-sur-une-copie",
            class::<Pair>(new, answer, |_, _, _| {}),
            "La correction ne change rien : elle se fait sur une copie, perdue à la fin de la \
             fonction.",
            [
                "Affichez `self.w` avant et après la correction.",
                "`let mut w = self.w` copie le nombre : changer `w` ne change pas `self.w`.",
                "Écrivez `self.w -= …` directement.",
            ],
            see("00_rust", "Une classe"),
        )
        .mistake(
            "biais-non-corrige",
            class::<Pair>(new, answer, |n, x, error| n.0 -= 0.1 * error * x),
            "La correction change le poids, mais pas le biais.",
            [
                "La méthode Python change deux champs.",
                "Le biais se corrige aussi, sans être multiplié par x.",
                "Ajoutez `self.b -= 0.1 * error;`.",
            ],
            CLASS,
        )
        .mistake(
            "signe",
            class::<Pair>(new, answer, |n, x, error| {
                n.0 += 0.1 * error * x;
                n.1 += 0.1 * error;
            }),
            "La correction va dans le mauvais sens : le Python soustrait, vous ajoutez.",
            [
                "Si l'erreur est positive, la réponse était trop grande. Doit-elle monter ?",
                "`-=` en Python est aussi `-=` en Rust.",
                "Remplacez `+=` par `-=`.",
            ],
            CLASS,
        )
        .mistake(
            "x-oublie",
            class::<Pair>(new, answer, |n, _, error| {
                n.0 -= 0.1 * error;
                n.1 -= 0.1 * error;
            }),
            "Le poids se corrige comme le biais : il manque la multiplication par x.",
            [
                "Quel argument de `correct` n'employez-vous pas ?",
                "Une entrée nulle n'est pour rien dans l'erreur : son poids ne doit pas bouger.",
                "`self.w -= 0.1 * error * x;`.",
            ],
            CLASS,
        )
        .mistake(
            "champs-echanges",
            class::<Pair>(|w, b| (b, w), answer, |n, x, error| {
                n.0 -= 0.1 * error * x;
                n.1 -= 0.1 * error;
            }),
            "Le poids et le biais sont échangés dans le constructeur.",
            [
                "Que répond votre neurone avant toute correction ?",
                "`Self { w, b }` range par nom ; un n-uplet range par ordre.",
                "Vérifiez que `new` met `w` dans `w` et `b` dans `b`.",
            ],
            CLASS,
        )
        .hints([
            "Une `struct` pour les champs, un bloc `impl` pour les trois fonctions.",
            "`answer` ne fait que lire : `&self`. `correct` change : `&mut self`.",
            "`new` finit par `Self { w, b }`, sans point-virgule.",
        ])
        .success(
            "`&self` et `&mut self` disent à qui lit la signature ce que la méthode fait à \
             l'objet. Python laisse deviner ; Rust vérifie.",
            "écrivez `correct` avec `&self` : que dit le compilateur ?",
        )
}
