//! Ce que nn_core répond hors de la page, pour que `tests/navigateur/demo_….mjs` compare :
//!
//! ```sh
//! cargo run --package demos --example natif -- neurone 4 4 -2 1 0 # z et a, pour chaque groupe de cinq
//! cargo run --package demos --example natif -- droites 20 20 -10 20 20 -30 # A, B, puis la sortie, aux quatre coins
//! cargo run --package demos --example natif -- avant               # par ligne : sommes et réponses cachées, somme, ŷ
//! cargo run --package demos --example natif -- reseau 0 1500      # les pertes, puis les réponses
//! # neurones cachés, graine, pas, taux, puis les exemples : la perte, les réponses, les poids
//! cargo run --package demos --example natif -- entrainement 4 0 1500 1 0 0 0 0 1 1
//! # taux, pas, et la place de la bille si ce n'est pas celle du chapitre : la place, la perte, ses pentes
//! cargo run --package demos --example natif -- perte 1 40 0.5 -3
//! cargo run --package demos --example natif -- chiffre 9 5 1 9 50 0 # l'image et les probabilités d'un dessin : x, y, et 1 où un trait commence
//! cargo run --package demos --example natif -- chaine 0 0.5 2 0.1 1 # la valeur et le gradient de chaque nœud
//! cargo run --package demos --example natif -- vitesse            # les pas d'entraînement par seconde
//! ```

use std::time::Instant;

use demos::chain::graph;
use demos::tutorial;
use nn_core::ndarray::Array2;
use nn_core::{NeuralNetwork, NumpyRng, sigmoid};

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
        ("droites", &[u1, u2, ub, v1, v2, vb]) => {
            let corners = [[0., 0.], [0., 1.], [1., 0.], [1., 1.]];
            let a = corners.map(|[x1, x2]| sigmoid(u1 * x1 + u2 * x2 + ub));
            let b = corners.map(|[x1, x2]| sigmoid(v1 * x1 + v2 * x2 + vb));
            found.extend(a.iter().chain(&b));
            found.extend(a.iter().zip(&b).map(|(a, b)| sigmoid(20. * a - 20. * b - 10.)));
        }
        ("avant", []) => {
            let mut network = tutorial(0)?;
            network.feedforward();
            for row in 0..4 {
                let sum = |x: &[f64], weights: &[f64]| -> f64 {
                    x.iter().zip(weights).map(|(x, w)| x * w).sum()
                };
                let x = network.input.row(row).to_vec();
                let columns = network.weights1.columns().into_iter();
                found.extend(columns.map(|weights| sum(&x, &weights.to_vec())));
                let hidden = network.layer1.row(row).to_vec();
                found.extend(&hidden);
                found.push(sum(&hidden, &network.weights2.column(0).to_vec()));
                found.push(network.output[[row, 0]]);
            }
            found.extend(network.weights1.iter().chain(&network.weights2));
        }
        ("reseau", &[seed, steps]) => {
            let mut network = tutorial(seed as u32)?;
            found = network.train(steps as usize);
            found.push(network.loss());
            found.extend(&network.output);
        }
        ("entrainement", &[hidden, seed, steps, rate, ref points @ ..]) => {
            let points = points.as_chunks::<3>().0;
            let x = Array2::from_shape_fn((points.len(), 3), |(i, j)| {
                if j < 2 { points[i][j] } else { 1.0 }
            });
            let y = Array2::from_shape_fn((points.len(), 1), |(i, _)| points[i][2]);
            let mut rng = NumpyRng::seed(seed as u32);
            let mut network = NeuralNetwork::with_hidden(x, y, hidden as usize, &mut rng)?;
            for _ in 0..steps as usize {
                network.feedforward();
                let gradients = network.gradients();
                network.weights1 -= &(rate * &gradients.weights1);
                network.weights2 -= &(rate * &gradients.weights2);
            }
            network.feedforward();
            found.push(network.loss());
            found.extend(
                network.output.iter().chain(&network.weights1).chain(&network.weights2),
            );
        }
        ("perte", &[rate, steps, ref place @ ..]) => {
            let mut network = tutorial(0)?;
            for (unit, weight) in place.iter().enumerate() {
                network.weights2[[unit, 0]] = *weight;
            }
            network.feedforward();
            for _ in 0..steps as usize {
                let slopes = network.gradients().weights2;
                for unit in 0..2 {
                    network.weights2[[unit, 0]] -= rate * slopes[[unit, 0]];
                }
                network.feedforward();
            }
            let slopes = network.gradients().weights2;
            found.extend(network.weights2.iter().take(2));
            found.push(network.loss());
            found.extend(slopes.iter().take(2));
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
            let graph = graph(paths as u32, [p, q, r, s]);
            found.extend(graph.nodes.iter().flat_map(|node| [node.value, node.gradient]));
        }
        ("vitesse", []) => {
            let (mut network, start) = (tutorial(0)?, Instant::now());
            for _ in 0..100 {
                network.train(1500);
            }
            found.push(150_000.0 / start.elapsed().as_secs_f64());
        }
        _ => return Err("calcul inconnu : voir l'en-tête de natif.rs".into()),
    }
    println!("{found:?}");
    Ok(())
}
