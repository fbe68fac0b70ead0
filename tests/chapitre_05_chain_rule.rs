//! Ce que dit le chapitre 05 de la règle de la chaîne, et ce que vaut son moteur :
//! `cargo test --test chapitre_05_chain_rule`.

mod commun;

use commun::{
    assert_close_number, assert_close_parameters, hand_network, torch_oracle, tutorial_data,
};
use nn_core::chain_rule::Graph;
use nn_core::ndarray::{Array1, Array2};
use nn_core::{Gradients, NeuralNetwork, NumpyRng, sigmoid};

/// La pente mesurée de `f` en `at`, des deux côtés.
fn measured(f: impl Fn(f64) -> f64, at: f64) -> f64 {
    let eps = 1e-5;
    (f(at + eps) - f(at - eps)) / (2.0 * eps)
}

#[test]
fn deux_operations_de_suite_multiplient_leurs_pentes() {
    // « z = 3x = 6 », « L = z² = 36 », pentes locales 3 et 12, pente 36.
    let mut graph = Graph::default();
    let x = graph.input(2.0);
    let three = graph.input(3.0);
    let z = graph.multiply(three, x);
    let loss = graph.square(z);
    assert_eq!((graph.nodes[z].value, graph.nodes[loss].value), (6.0, 36.0));
    assert_eq!(graph.nodes[z].inputs, [(three, 2.0), (x, 3.0)]);
    assert_eq!(graph.nodes[loss].inputs, [(z, 12.0)]);
    graph.backward(loss);
    assert_eq!(graph.nodes[x].gradient, 36.0);
    // « quand x augmente de 0,001, z augmente de 0,003, L d'environ 0,036 »
    let grown = (3.0 * 2.001f64).powi(2) - 36.0;
    assert_close_number(grown, 0.036, 0.00005, "ce que gagne L");
    assert_close_number(measured(|x| (3.0 * x).powi(2), 2.0), 36.0, 5e-5, "mesurée");
}

/// Le neurone du chapitre : (graphe, [w, b, z, a, u, L]).
fn neuron() -> (Graph, [usize; 6]) {
    let mut graph = Graph::default();
    let w = graph.input(0.5);
    let x = graph.input(2.0);
    let product = graph.multiply(w, x);
    let b = graph.input(3f64.ln() - 1.0);
    let z = graph.add(product, b);
    let a = graph.sigmoid(z);
    let y = graph.input(1.0);
    let gap = graph.subtract(y, a);
    let loss = graph.square(gap);
    (graph, [w, b, z, a, gap, loss])
}

#[test]
fn le_neurone_calcule_a_la_main() {
    // « b = ln 3 − 1 ≈ 0,0986 », « z = ln 3 », « a = 0,75 », « u = 0,25 », « L = 0,0625 ».
    let (mut graph, [w, b, z, a, gap, loss]) = neuron();
    assert_eq!(graph.nodes.len(), 9);
    let value = |rank: usize| graph.nodes[rank].value;
    assert_close_number(value(b), 0.0986, 0.00005, "b");
    assert_close_number(value(z), 3f64.ln(), 1e-15, "z");
    assert_close_number(value(a), 0.75, 1e-15, "a");
    assert_close_number(value(gap), 0.25, 1e-15, "u");
    assert_close_number(value(loss), 0.0625, 1e-15, "L");
    graph.backward(loss);
    let slope = |rank: usize| graph.nodes[rank].gradient;
    assert_close_number(slope(gap), 0.5, 1e-15, "∂L/∂u");
    assert_close_number(slope(a), -0.5, 1e-15, "∂L/∂a");
    assert_close_number(slope(z), -0.09375, 1e-15, "∂L/∂z");
    assert_close_number(slope(b), -0.09375, 1e-15, "∂L/∂b");
    assert_close_number(slope(w), -0.1875, 1e-15, "∂L/∂w");
    // « augmenter la réponse fait baisser la perte », et w de 0,01 la baisse d'environ 0,001875.
    let loss_of = |w: f64| (1.0 - sigmoid(w * 2.0 + 3f64.ln() - 1.0)).powi(2);
    assert_close_number(measured(loss_of, 0.5), -0.1875, 1e-9, "∂L/∂w mesurée");
    assert_close_number(loss_of(0.51) - loss_of(0.5), -0.001875, 3e-5, "w + 0,01");
}

#[test]
fn l_ebauche_note_ses_deux_pentes() {
    // « le nœud de rang 2 vaut 4 ; il vient du nœud 0, avec la pente 1, et du nœud 1, avec la pente −1 »
    let mut sketch = Graph::default();
    let first = sketch.input(5.0);
    let second = sketch.input(1.0);
    let difference = sketch.subtract(first, second);
    assert_eq!((first, second, difference), (0, 1, 2));
    assert_eq!(sketch.nodes[2].value, 4.0);
    assert_eq!(sketch.nodes[2].inputs, [(0, 1.0), (1, -1.0)]);
    assert_eq!(sketch.nodes[2].gradient, 0.0);
}

#[test]
fn deux_chemins_additionnent_leurs_pentes() {
    // L = x² + 3x en x = 2 : 4 + 3 = 7.
    let mut graph = Graph::default();
    let x = graph.input(2.0);
    let square = graph.square(x);
    let three = graph.input(3.0);
    let product = graph.multiply(three, x);
    let sum = graph.add(square, product);
    graph.backward(sum);
    assert_eq!(graph.nodes[sum].value, 10.0);
    assert_eq!(graph.nodes[x].gradient, 7.0);
    // « Dans quel ordre x reçoit-il 3 et 4 ? » : le produit, plus récent, donne d'abord.
    assert!(product > square);
    assert_close_number(measured(|x| x * x + 3.0 * x, 2.0), 7.0, 1e-8, "mesurée");
}

#[test]
fn deux_exemples_s_accordent_sur_w_et_se_contredisent_sur_b() {
    // w = ln 3 / 2 ≈ 0,5493, b = 0 ; (2, 1) et (−2, 0) : −0,375 pour w, 0 pour b.
    let here = 3f64.ln() / 2.0;
    assert_close_number(here, 0.5493, 0.00005, "w");
    let mut graph = Graph::default();
    let w = graph.input(here);
    let b = graph.input(0.0);
    let mut loss = graph.input(0.0);
    let mut answers = Vec::new();
    for (given, expected) in [(2.0, 1.0), (-2.0, 0.0)] {
        let x = graph.input(given);
        let product = graph.multiply(w, x);
        let z = graph.add(product, b);
        let a = graph.sigmoid(z);
        answers.push((z, a));
        let y = graph.input(expected);
        let gap = graph.subtract(y, a);
        let square = graph.square(gap);
        loss = graph.add(loss, square);
    }
    graph.backward(loss);
    for (&(z, a), (sum, answer)) in answers.iter().zip([(1.0, 0.75), (-1.0, 0.25)]) {
        assert_close_number(graph.nodes[z].value, sum * 3f64.ln(), 1e-15, "somme");
        assert_close_number(graph.nodes[a].value, answer, 1e-15, "réponse");
        assert_close_number(graph.nodes[z].gradient, -0.09375 * sum, 1e-15, "∂L/∂z");
    }
    assert_close_number(graph.nodes[w].gradient, -0.375, 1e-15, "∂L/∂w");
    assert_close_number(graph.nodes[b].gradient, 0.0, 1e-15, "∂L/∂b");
    let loss_of = |w: f64, b: f64| {
        (1.0 - sigmoid(2.0 * w + b)).powi(2) + sigmoid(-2.0 * w + b).powi(2)
    };
    assert_close_number(measured(|w| loss_of(w, 0.0), here), -0.375, 1e-8, "mesurée");
    assert!(measured(|b| loss_of(here, b), 0.0).abs() < 1e-9);
}

#[test]
fn chaque_operation_a_la_pente_que_l_on_mesure() {
    type Operation = fn(&mut Graph, usize, usize) -> usize;
    let operations: [(&str, Operation); 5] = [
        ("a + b", Graph::add),
        ("a − b", Graph::subtract),
        ("a × b", Graph::multiply),
        ("a²", |graph, a, _| graph.square(a)),
        ("σ(a)", |graph, a, _| graph.sigmoid(a)),
    ];
    for (name, operation) in operations {
        for (a, b) in [(0.0, 1.5), (-2.0, 0.5), (3.0, -4.0)] {
            let result = |a: f64, b: f64| {
                let mut graph = Graph::default();
                let (a, b) = (graph.input(a), graph.input(b));
                let rank = operation(&mut graph, a, b);
                graph.backward(rank);
                graph
            };
            let value = |a: f64, b: f64| result(a, b).nodes.last().unwrap().value;
            let graph = result(a, b);
            let by_a = measured(|a| value(a, b), a);
            let by_b = measured(|b| value(a, b), b);
            assert_close_number(graph.nodes[0].gradient, by_a, 1e-8, name);
            assert_close_number(graph.nodes[1].gradient, by_b, 1e-8, name);
        }
    }
}

#[test]
fn un_second_retour_efface_le_premier() {
    let (mut graph, [w, .., a, _, loss]) = neuron();
    graph.backward(loss);
    let first = graph.clone();
    graph.backward(loss);
    assert_eq!(graph, first);
    // Le retour peut partir de n'importe quel nœud : ce qui vient après n'y est pour rien.
    graph.backward(a);
    assert_eq!(graph.nodes[loss].gradient, 0.0);
    assert_close_number(graph.nodes[w].gradient, 0.1875 * 2.0, 1e-15, "∂a/∂w");
}

#[test]
fn un_noeud_qui_sert_deux_fois_a_une_operation_compte_deux_fois() {
    let mut graph = Graph::default();
    let x = graph.input(3.0);
    let square = graph.multiply(x, x);
    graph.backward(square);
    assert_eq!(graph.nodes[x].gradient, 6.0); // comme graph.square
}

#[test]
fn une_operation_de_plus_s_ajoute_sans_toucher_au_retour() {
    // Exercice 5.4 : tanh, de pente 1 − a².
    let slope_at = |z: f64| {
        let mut graph = Graph::default();
        let input = graph.input(z);
        let value = z.tanh();
        let rank = graph.push(value, vec![(input, 1.0 - value * value)]);
        graph.backward(rank);
        graph.nodes[input].gradient
    };
    for z in [-2.0, 0.0, 0.5] {
        assert_close_number(slope_at(z), measured(f64::tanh, z), 1e-9, "tanh");
    }
}

/// Les rangs des réglages d'un réseau dans son graphe.
struct Settings {
    weights1: Array2<usize>,
    biases1: Array1<usize>,
    weights2: Array2<usize>,
    biases2: Array1<usize>,
}

/// Le réseau et sa perte, un nœud par nombre : le graphe, les réglages, la perte.
fn engine_network(network: &NeuralNetwork) -> (Graph, Settings, usize) {
    let mut graph = Graph::default();
    let settings = Settings {
        weights1: network.weights1.map(|&value| graph.input(value)),
        biases1: network.biases1.map(|&value| graph.input(value)),
        weights2: network.weights2.map(|&value| graph.input(value)),
        biases2: network.biases2.map(|&value| graph.input(value)),
    };
    let layer =
        |graph: &mut Graph, inputs: &[usize], w: &Array2<usize>, b: &Array1<usize>| {
            let mut answers = Vec::new();
            for (column, &bias) in w.columns().into_iter().zip(b) {
                let mut sum = bias;
                for (&input, &weight) in inputs.iter().zip(column) {
                    let product = graph.multiply(weight, input);
                    sum = graph.add(sum, product);
                }
                answers.push(graph.sigmoid(sum));
            }
            answers
        };
    let mut loss = None;
    for (x, y) in network.input.rows().into_iter().zip(network.y.rows()) {
        let x: Vec<usize> = x.iter().map(|&value| graph.input(value)).collect();
        let hidden = layer(&mut graph, &x, &settings.weights1, &settings.biases1);
        let output = layer(&mut graph, &hidden, &settings.weights2, &settings.biases2);
        for (&y, answer) in y.iter().zip(output) {
            let y = graph.input(y);
            let gap = graph.subtract(y, answer);
            let square = graph.square(gap);
            loss = Some(match loss {
                None => square,
                Some(sum) => graph.add(sum, square),
            });
        }
    }
    (graph, settings, loss.unwrap())
}

/// Les gradients que le moteur donne aux réglages d'un réseau, rangés en tableaux.
fn engine_gradients(network: &NeuralNetwork) -> Gradients {
    let (mut graph, settings, loss) = engine_network(network);
    graph.backward(loss);
    let slope = |&rank: &usize| graph.nodes[rank].gradient;
    Gradients {
        weights1: settings.weights1.map(slope),
        biases1: settings.biases1.map(slope),
        weights2: settings.weights2.map(slope),
        biases2: settings.biases2.map(slope),
    }
}

#[test]
fn le_moteur_donne_les_gradients_de_pytorch_et_de_nn_core() {
    // Les gradients enregistrés sont ceux de l'autograd de PyTorch (tests/oracles).
    let oracle = torch_oracle();
    for case in &oracle.cases {
        let network = case.network();
        let what = oracle.made_by.cite(&format!("(m, n, h, k) = {:?}", case.shape));
        let engine = engine_gradients(&network);
        assert_close_parameters(&engine, &case.gradients.arrays(), 1e-10, &what);
        assert_close_parameters(&engine, &network.gradients(), 1e-12, "nn_core");
    }
    let (x, y) = tutorial_data();
    for seed in 0..20 {
        let mut rng = NumpyRng::seed(seed);
        let mut network = NeuralNetwork::new(x.clone(), y.clone(), &mut rng).unwrap();
        network.feedforward();
        let what = format!("graine {seed}");
        assert_close_parameters(
            &engine_gradients(&network),
            &network.gradients(),
            1e-12,
            &what,
        );
    }
    let hand = hand_network();
    assert_close_parameters(
        &engine_gradients(&hand),
        &hand.gradients(),
        1e-12,
        "à la main",
    );
}

#[test]
fn le_moteur_fait_un_noeud_par_nombre() {
    // Chapitre 6 : « près de deux cents nœuds », et 29 pour le petit réseau.
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.feedforward();
    let nodes = engine_network(&network).0.nodes.len();
    assert!((190..=200).contains(&nodes), "{nodes}");
    let hand = hand_network();
    assert!((28..=31).contains(&engine_network(&hand).0.nodes.len()));
}
