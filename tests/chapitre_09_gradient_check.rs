//! Ce que dit le chapitre 09 de la mesure d'un gradient :
//! `cargo test --test chapitre_09_gradient_check`.

mod commun;

use commun::{
    assert_close_number, assert_close_parameters, measured_gradients, tutorial_data,
};
use nn_core::ndarray::{Array2, Axis};
use nn_core::{
    Gradients, NeuralNetwork, NumpyRng, gradient_error, numerical_gradients,
    relative_error, sigmoid, sigmoid_derivative_at, sigmoid_derivative_from_output,
};

fn network(seed: u32) -> NeuralNetwork {
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed)).unwrap();
    network.feedforward();
    network
}

#[test]
fn des_deux_cotes_l_erreur_est_divisee_par_cent_d_un_cote_par_dix() {
    let (z, exact) = (1.0, sigmoid_derivative_at(1.0));
    let one = |h: f64| ((sigmoid(z + h) - sigmoid(z)) / h - exact).abs();
    let two = |h: f64| ((sigmoid(z + h) - sigmoid(z - h)) / (2.0 * h) - exact).abs();
    for h in [0.1, 0.01] {
        assert_close_number(one(h) / one(h / 10.0), 10.0, 0.5, "un côté");
        assert_close_number(two(h) / two(h / 10.0), 100.0, 1.0, "deux côtés");
    }
}

#[test]
fn l_ecart_relatif_denonce_un_facteur_deux_et_un_signe() {
    assert_eq!(relative_error(0.25, 0.5), 0.5);
    assert_eq!(relative_error(0.5, 0.25), 0.5);
    assert_eq!(relative_error(0.3, -0.3), 2.0);
    assert_eq!(relative_error(0.0, 0.0), 0.0);
    assert_close_number(relative_error(0.0302, 0.0301), 0.0033, 0.00005, "presque égaux");
    assert_close_number(relative_error(1.0, 1.000001), 1e-6, 1e-9, "six chiffres communs");
    assert!(relative_error(f64::NAN, 1.0).is_nan());
}

#[test]
fn la_mesure_de_la_bibliotheque_est_celle_des_tests() {
    for seed in 0..3 {
        let network = network(seed);
        let (ours, theirs) =
            (numerical_gradients(&network, 1e-5), measured_gradients(&network));
        assert_close_parameters(&ours, &theirs, 1e-10, &format!("graine {seed}"));
    }
}

#[test]
fn mesurer_ne_change_pas_le_reseau() {
    let before = network(0);
    numerical_gradients(&before, 1e-4);
    assert_eq!(before, network(0));
}

#[test]
fn le_gradient_du_livre_passe_sur_toutes_les_graines_et_des_tailles_differentes() {
    for seed in 0..20 {
        let network = network(seed);
        let error =
            gradient_error(&network.gradients(), &numerical_gradients(&network, 1e-5));
        // Une pente presque nulle se mesure moins bien : 2e-7 pour la graine 12, la pire.
        assert!(error < if seed == 0 { 1e-7 } else { 5e-7 }, "graine {seed} : {error:e}");
    }
    let x = Array2::from_shape_fn((5, 3), |(i, j)| (i as f64 - 2.0 * j as f64) / 4.0);
    let y = Array2::from_shape_fn((5, 2), |(i, j)| ((i + j) % 2) as f64);
    let mut wide = NeuralNetwork::with_hidden(x, y, 4, &mut NumpyRng::seed(1)).unwrap();
    wide.feedforward();
    let error = gradient_error(&wide.gradients(), &numerical_gradients(&wide, 1e-5));
    assert!(error < 1e-7, "(5, 3, 4, 2) : {error:e}");
}

/// Le pire écart sur W1, comme dans le chapitre.
fn error_on_w1(network: &NeuralNetwork, h: f64, back: f64) -> f64 {
    let computed = network.gradients().weights1;
    computed.indexed_iter().fold(0.0, |largest, (place, slope)| {
        let loss_at = |shift: f64| {
            let mut copy = network.clone();
            copy.weights1[place] += shift;
            copy.feedforward();
            copy.loss()
        };
        let measured = (loss_at(h) - loss_at(-back * h)) / (h + back * h);
        f64::max(largest, relative_error(*slope, measured))
    })
}

#[test]
fn l_erreur_selon_h_dessine_un_v() {
    let network = network(0);
    let error = |k: i32| error_on_w1(&network, 10f64.powi(-k), 1.0);
    // À droite, deux crans par cran ; d'un seul côté, un cran.
    for k in 1..=2 {
        assert_close_number(error(k) / error(k + 1), 100.0, 2.0, "pente du V");
        let one = |k: i32| error_on_w1(&network, 10f64.powi(-k), 0.0);
        assert_close_number(one(k) / one(k + 1), 10.0, 0.5, "pente d'un seul côté");
    }
    // Le creux, entre 10⁻⁵ et 10⁻⁴ ; puis la remontée, jusqu'à une erreur voisine de 1.
    let best = (1..=15).min_by(|a, b| error(*a).total_cmp(&error(*b))).unwrap();
    assert!((4..=5).contains(&best), "creux en 10⁻{best}");
    assert!(error(best) < 1e-7);
    assert!(error(8) > 10.0 * error(best) && error(12) > 10.0 * error(8));
    assert!((0.1..=3.0).contains(&error(15)), "{}", error(15));
}

/// Les gradients, avec l'erreur choisie : le code du chapitre.
fn gradients_with(n: &NeuralNetwork, mistake: &str) -> Gradients {
    let slope = |a: f64| match mistake {
        "σ appliquée deux fois" => sigmoid_derivative_at(a),
        _ => sigmoid_derivative_from_output(a),
    };
    let factor = match mistake {
        "facteur 2 oublié" => -1.0,
        "signe oublié" => 2.0,
        _ => -2.0,
    };
    let delta2 = factor * (&n.y - &n.output) * n.output.mapv(slope);
    let mut weights2 = n.weights2.clone();
    if mistake == "W2 corrigé trop tôt" {
        weights2 -= &n.layer1.t().dot(&delta2);
    }
    let mut delta1 = delta2.dot(&weights2.t());
    if mistake != "σ′ cachée oubliée" {
        delta1 *= &n.layer1.mapv(slope);
    }
    Gradients {
        weights1: n.input.t().dot(&delta1),
        biases1: delta1.sum_axis(Axis(0)),
        weights2: n.layer1.t().dot(&delta2),
        biases2: delta2.sum_axis(Axis(0)),
    }
}

#[test]
fn la_mesure_voit_les_erreurs_que_la_perte_cache() {
    // Les nombres de la cellule, graine 0.
    let network = network(0);
    let measured = numerical_gradients(&network, 1e-5);
    let error = |mistake| gradient_error(&gradients_with(&network, mistake), &measured);
    assert_close_number(error("W2 corrigé trop tôt"), 1.44, 0.005, "W2 trop tôt");
    assert_close_number(error("facteur 2 oublié"), 0.5, 1e-7, "facteur 2");
    assert_close_number(error("σ appliquée deux fois"), 0.74, 0.005, "σ deux fois");
    assert_close_number(error("σ′ cachée oubliée"), 0.93, 0.005, "σ′ cachée");
    assert_close_number(error("signe oublié"), 2.0, 1e-7, "signe");
    assert!(error("aucune") < 1e-7);
    // « une fois le réseau entraîné, […] un écart inférieur à un millième »
    let mut trained = self::network(0);
    trained.train(1500);
    let measured = numerical_gradients(&trained, 1e-5);
    let error = |mistake| gradient_error(&gradients_with(&trained, mistake), &measured);
    assert!(error("W2 corrigé trop tôt") < 1e-3, "{}", error("W2 corrigé trop tôt"));
    assert!(error("facteur 2 oublié") > 0.49, "{}", error("facteur 2 oublié"));
}

#[test]
fn deux_cent_mille_propagations_pour_cent_mille_poids() {
    // Deux par réglage : 42 pour les 21 réglages du tutoriel.
    let network = network(0);
    let parameters = network.weights1.len()
        + network.biases1.len()
        + network.weights2.len()
        + network.biases2.len();
    assert_eq!(2 * parameters, 42);
}
