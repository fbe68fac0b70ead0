//! Ce que nn_core répond hors de la page, pour que `tests/navigateur/demonstrations.mjs` compare :
//!
//! ```sh
//! cargo run --package demos --example natif -- neurone 4 4 -2 1 0 # z et a, pour chaque groupe de cinq
//! cargo run --package demos --example natif -- reseau 0 1500      # les pertes, puis les réponses
//! cargo run --package demos --example natif -- chiffre 9 5 1 9 50 0 # l'image et les probabilités d'un dessin : x, y, et 1 où un trait commence
//! cargo run --package demos --example natif -- chaine 0 0.5 2 0.1 1 # la valeur et le gradient de chaque nœud
//! cargo run --package demos --example natif -- vitesse            # les pas d'entraînement par seconde
//! ```

use std::time::Instant;

use nn_core::chain_rule::Graph;
use nn_core::ndarray::arr2;
use nn_core::{Error, NeuralNetwork, NumpyRng, sigmoid};

fn network(seed: u32) -> Result<NeuralNetwork, Error> {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]);
    let y = arr2(&[[0.], [1.], [1.], [0.]]);
    Ok(NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed))?.without_biases())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let what = words.next().unwrap_or_default();
    let given: Vec<f64> = words.map(|word| word.parse()).collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    match (what.as_str(), given.as_slice()) {
        ("neurone", all) => {
            for values in all.chunks_exact(5) {
                let z = values[0] * values[3] + values[1] * values[4] + values[2];
                found.extend([z, sigmoid(z)]);
            }
        }
        ("reseau", &[seed, steps]) => {
            let mut network = network(seed as u32)?;
            found = network.train(steps as usize);
            found.push(network.loss());
            found.extend(&network.output);
        }
        ("chiffre", all) => {
            let mut strokes: Vec<Vec<[f64; 2]>> = Vec::new();
            for &[x, y, starts] in all.as_chunks().0 {
                if starts != 0.0 {
                    strokes.push(Vec::new());
                }
                strokes.last_mut().ok_or("un trait commence par 1")?.push([x, y]);
            }
            found = demos::digit::read(&strokes).unwrap_or_default();
        }
        ("chaine", &[paths, p, q, r, s]) => {
            let mut graph = Graph::default();
            let first = graph.input(p);
            let result = if paths == 0.0 {
                let x = graph.input(q);
                let product = graph.multiply(first, x);
                let b = graph.input(r);
                let z = graph.add(product, b);
                let a = graph.sigmoid(z);
                let y = graph.input(s);
                let gap = graph.subtract(y, a);
                graph.square(gap)
            } else {
                let square = graph.square(first);
                let c = graph.input(q);
                let product = graph.multiply(c, first);
                graph.add(square, product)
            };
            graph.backward(result);
            found.extend(graph.nodes.iter().flat_map(|node| [node.value, node.gradient]));
        }
        ("vitesse", []) => {
            let (mut network, start) = (network(0)?, Instant::now());
            for _ in 0..100 {
                network.train(1500);
            }
            found.push(150_000.0 / start.elapsed().as_secs_f64());
        }
        _ => return Err("neurone, reseau, chiffre, chaine ou vitesse".into()),
    }
    println!("{found:?}");
    Ok(())
}
