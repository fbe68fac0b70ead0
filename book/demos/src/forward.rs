//! La propagation avant du réseau du tutoriel, un nombre à la fois.

use nn_core::ndarray::{Array2, Axis};

use crate::{give, tutorial};

/// Les produits que chaque somme additionne : pour chaque ligne de `x`, ceux des poids, dans leur ordre.
fn products(x: &Array2<f64>, weights: &Array2<f64>) -> Vec<f64> {
    let of_row = |row| x.row(row).insert_axis(Axis(1)).to_owned() * weights;
    (0..x.nrows()).flat_map(|row| of_row(row).into_raw_vec_and_offset().0).collect()
}

/// Le réseau du chapitre et sa propagation avant : x, y ; W1, b1, W2, b2 ; les sommes cachées, `layer1`,
/// les sommes de la sortie, `output` ; puis les produits de la première couche, et ceux de la seconde.
#[unsafe(no_mangle)]
pub extern "C" fn forward() -> i32 {
    give(tutorial(0).map(|mut network| {
        network.feedforward();
        let z1 = network.input.dot(&network.weights1) + &network.biases1; // (4, 4)
        let z2 = network.layer1.dot(&network.weights2) + &network.biases2; // (4, 1)
        let products1 = products(&network.input, &network.weights1);
        let products2 = products(&network.layer1, &network.weights2);
        network
            .input
            .iter()
            .chain(&network.y)
            .chain(&network.weights1)
            .chain(&network.biases1)
            .chain(&network.weights2)
            .chain(&network.biases2)
            .chain(&z1)
            .chain(&network.layer1)
            .chain(&z2)
            .chain(&network.output)
            .chain(&products1)
            .chain(&products2)
            .copied()
            .collect()
    }))
}

#[cfg(test)]
mod tests {
    use nn_core::sigmoid;

    use super::*;
    use crate::given;

    #[test]
    fn chaque_nombre_est_celui_d_un_calcul_fait_case_par_case() {
        let all = given(forward());
        let mut rest = all.as_slice();
        let mut take = |n: usize| {
            let (taken, after) = rest.split_at(n);
            rest = after;
            taken
        };
        let (x, y, w1, b1) = (take(12), take(4), take(12), take(4));
        let (w2, b2, z1, layer1) = (take(4), take(1), take(16), take(16));
        let (z2, output, products1, products2) = (take(4), take(4), take(48), take(16));
        assert!(rest.is_empty());
        assert_eq!((y, b1, b2), (&[0., 1., 1., 0.][..], &[0.; 4][..], &[0.][..]));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} et {b}");
        for m in 0..4 {
            let mut sum2 = b2[0];
            for j in 0..4 {
                let mut sum1 = b1[j];
                for i in 0..3 {
                    near(products1[12 * m + 4 * i + j], x[3 * m + i] * w1[4 * i + j]);
                    sum1 += x[3 * m + i] * w1[4 * i + j];
                }
                near(z1[4 * m + j], sum1);
                near(layer1[4 * m + j], sigmoid(sum1));
                near(products2[4 * m + j], sigmoid(sum1) * w2[j]);
                sum2 += sigmoid(sum1) * w2[j];
            }
            near(z2[m], sum2);
            near(output[m], sigmoid(sum2));
        }
        // Les réponses du chapitre.
        for (answer, said) in output.iter().zip([0.7437, 0.7793, 0.7827, 0.8057]) {
            assert!((answer - said).abs() < 5e-5, "{answer} et {said}");
        }
    }

    #[test]
    fn les_lignes_montrees_sont_celles_de_la_bibliotheque_et_du_chapitre() {
        let lines = |text: &'static str| text.lines().map(str::trim).collect::<Vec<_>>();
        let source = lines(include_str!("../../../src/feedforward.rs"));
        let script = include_str!("../feedforward.js");
        let (_, code) = script.split_once("const CODE = [\n").expect("le code montré");
        let (code, _) = code.split_once("\n    ];").expect("la fin du code montré");
        let shown: Vec<&str> =
            lines(code).iter().map(|line| line.trim_matches([',', '\''])).collect();
        // Deux extraits, chacun d'une traite.
        for extract in [&shown[..4], &shown[4..]] {
            let found = source.windows(extract.len()).any(|part| part == extract);
            assert!(found, "{extract:?} n'est pas dans src/feedforward.rs");
        }
        let chapter = include_str!("../../src/03_feedforward.md");
        for anchor in ["layer", "feedforward"] {
            assert!(
                chapter.contains(&format!("src/feedforward.rs:{anchor}}}}}")),
                "{anchor}"
            );
        }
    }
}
