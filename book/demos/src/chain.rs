//! La règle de la chaîne, du chapitre 5 : un aller, un retour, et une réponse à juger.

use nn_core::chain_rule::Graph;

use crate::give;

/// L'écart permis, rapporté à la valeur attendue ou à 1 : celui du correcteur.
const TOLERANCE: f64 = 1e-9;
/// Ce que change un arrondi à la quatrième décimale.
const ROUNDING: f64 = 5e-5;

/// Le graphe du neurone (w, x, b, y), ou, si `paths` n'est pas nul, celui de x² + c·x (x, c), aller
/// et retour faits ; le résultat est le dernier nœud.
pub fn graph(paths: u32, [p, q, r, s]: [f64; 4]) -> Graph {
    let mut graph = Graph::default();
    let result = if paths == 0 {
        let (w, x) = (graph.input(p), graph.input(q));
        let product = graph.multiply(w, x);
        let b = graph.input(r);
        let z = graph.add(product, b);
        let a = graph.sigmoid(z);
        let y = graph.input(s);
        let gap = graph.subtract(y, a);
        graph.square(gap)
    } else {
        let x = graph.input(p);
        let square = graph.square(x);
        let c = graph.input(q);
        let product = graph.multiply(c, x);
        graph.add(square, product)
    };
    graph.backward(result);
    graph
}

/// Ce que chaque nœud donne à `rank` au retour : son rang, son gradient, la pente locale.
fn received(graph: &Graph, rank: usize) -> Vec<(usize, f64, f64)> {
    let nodes = graph.nodes.iter().enumerate();
    nodes
        .flat_map(|(from, node)| {
            let used = node.inputs.iter().filter(move |(input, _)| *input == rank);
            used.map(move |&(_, slope)| (from, node.gradient, slope))
        })
        .collect()
}

/// La valeur et le gradient de chaque nœud.
#[unsafe(no_mangle)]
pub extern "C" fn chain(paths: u32, p: f64, q: f64, r: f64, s: f64) -> i32 {
    let graph = graph(paths, [p, q, r, s]);
    give(Ok(graph.nodes.iter().flat_map(|node| [node.value, node.gradient]).collect()))
}

/// Les produits dont la somme est le gradient du nœud `rank` : un rang, un gradient, une pente.
#[unsafe(no_mangle)]
pub extern "C" fn chain_products(
    paths: u32,
    p: f64,
    q: f64,
    r: f64,
    s: f64,
    rank: u32,
) -> i32 {
    let received = received(&graph(paths, [p, q, r, s]), rank as usize);
    give(Ok(received
        .into_iter()
        .flat_map(|(from, gradient, slope)| [from as f64, gradient, slope])
        .collect()))
}

/// De quelle sorte est l'écart d'une réponse au gradient du nœud `rank` : 0 juste, 1 juste à
/// l'arrondi près, 2 le signe, 3 un seul chemin, 4 la pente locale oubliée, 5 le gradient reçu
/// oublié, 6 un facteur 2, 7 autre chose.
#[unsafe(no_mangle)]
pub extern "C" fn chain_judge(
    paths: u32,
    p: f64,
    q: f64,
    r: f64,
    s: f64,
    rank: u32,
    answer: f64,
) -> i32 {
    let graph = graph(paths, [p, q, r, s]);
    let expected = graph.nodes[rank as usize].gradient;
    let received = received(&graph, rank as usize);
    let near = |value: f64| (answer - value).abs() <= ROUNDING * value.abs().max(1.0);
    let several = received.len() > 1;
    let kind = if (answer - expected).abs() <= TOLERANCE * expected.abs().max(1.0) {
        0.0
    } else if (answer - expected).abs() <= ROUNDING {
        1.0
    } else if near(-expected) {
        2.0
    } else if several && received.iter().any(|(_, gradient, slope)| near(gradient * slope))
    {
        3.0
    } else if received.iter().any(|&(_, gradient, _)| near(gradient)) {
        4.0
    } else if received.iter().any(|&(_, _, slope)| near(slope)) {
        5.0
    } else if near(2.0 * expected) || near(expected / 2.0) {
        6.0
    } else {
        7.0
    };
    give(Ok(vec![kind]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

    const NEURON: [f64; 4] = [0.5, 2.0, 0.09861228866810969, 1.0];

    fn judged(paths: u32, [p, q, r, s]: [f64; 4], rank: u32, answer: f64) -> f64 {
        given(chain_judge(paths, p, q, r, s, rank, answer))[0]
    }

    #[test]
    fn les_gradients_sont_ceux_de_la_feuille() {
        let [w, x, b, y] = NEURON;
        let seen = given(chain(0, w, x, b, y));
        for (rank, gradient) in
            [(8, 1.0), (7, 0.5), (5, -0.5), (4, -0.09375), (3, -0.09375), (0, -0.1875)]
        {
            assert!((seen[2 * rank + 1] - gradient).abs() < 1e-12, "{rank} : {seen:?}");
        }
        assert_eq!(given(chain(1, 2.0, 3.0, 0.0, 0.0))[1], 7.0);
        assert_eq!(
            given(chain_products(1, 2.0, 3.0, 0.0, 0.0, 0)),
            [1., 1., 4., 3., 1., 3.]
        );
    }

    #[test]
    fn chaque_ecart_a_sa_sorte() {
        for (answer, kind) in
            [(-0.1875, 0.0), (-0.18752, 1.0), (0.1875, 2.0), (-0.09375, 4.0), (2.0, 5.0)]
        {
            assert_eq!(judged(0, NEURON, 0, answer), kind, "{answer}");
        }
        for (answer, kind) in [(-0.375, 6.0), (12.0, 7.0)] {
            assert_eq!(judged(0, NEURON, 0, answer), kind, "{answer}");
        }
        for (answer, kind) in [(7.0, 0.0), (4.0, 3.0), (3.0, 3.0), (-7.0, 2.0), (14.0, 6.0)]
        {
            assert_eq!(judged(1, [2.0, 3.0, 0.0, 0.0], 0, answer), kind, "{answer}");
        }
    }
}
