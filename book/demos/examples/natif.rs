//! Ce que nn_core répond hors de la page, pour que `tests/navigateur/demonstrations.mjs` compare :
//!
//! ```sh
//! cargo run --package demos --example natif -- neurone 4 4 -2 1 0 # z et a, pour chaque groupe de cinq
//! cargo run --package demos --example natif -- droites 20 20 -10 20 20 -30 # A, B, puis la sortie, aux quatre coins
//! cargo run --package demos --example natif -- reseau 0 1500      # les pertes, puis les réponses
//! cargo run --package demos --example natif -- vitesse            # les pas d'entraînement par seconde
//! ```

use std::time::Instant;

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
        ("droites", &[u1, u2, ub, v1, v2, vb]) => {
            let corners = [[0., 0.], [0., 1.], [1., 0.], [1., 1.]];
            let a = corners.map(|[x1, x2]| sigmoid(u1 * x1 + u2 * x2 + ub));
            let b = corners.map(|[x1, x2]| sigmoid(v1 * x1 + v2 * x2 + vb));
            found.extend(a.iter().chain(&b));
            found.extend(a.iter().zip(&b).map(|(a, b)| sigmoid(20. * a - 20. * b - 10.)));
        }
        ("reseau", &[seed, steps]) => {
            let mut network = network(seed as u32)?;
            found = network.train(steps as usize);
            found.push(network.loss());
            found.extend(&network.output);
        }
        ("vitesse", []) => {
            let (mut network, start) = (network(0)?, Instant::now());
            for _ in 0..100 {
                network.train(1500);
            }
            found.push(150_000.0 / start.elapsed().as_secs_f64());
        }
        _ => return Err("neurone, droites, reseau ou vitesse".into()),
    }
    println!("{found:?}");
    Ok(())
}
