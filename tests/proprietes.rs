//! Ce qui vaut pour toute entrée, bonne ou mauvaise, et pas seulement pour les données du
//! tutoriel : `cargo test --test proprietes`.
//!
//! Une panique fait échouer le test : rien ici ne la rattrape.

mod commun;

use commun::{
    assert_close, assert_close_number, assert_close_parameters, measured_gradients,
};
use nn_core::error::MAX_VALUE;
use nn_core::ndarray::{Array1, Array2, Axis};
use nn_core::rand::{Rng, RngExt};
use nn_core::{
    Error, NeuralNetwork, NumpyRng, layer, sigmoid, sigmoid_derivative_at,
    sigmoid_derivative_from_output,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Assez de cas pour trouver, assez peu pour ne pas attendre ; aucun fichier n'est écrit.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Un nombre quelconque : le plus souvent banal, parfois extrême, parfois pas un nombre.
fn any_number() -> impl Strategy<Value = f64> {
    const EXTREMES: [f64; 9] = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        -0.0,
        1e300,
    ];
    prop_oneof![20 => -10.0..10.0, 1 => proptest::sample::select(&EXTREMES[..])]
}

/// Une matrice de cette forme, remplie de tels nombres.
fn matrix(
    rows: usize,
    columns: usize,
    number: impl Strategy<Value = f64>,
) -> impl Strategy<Value = Array2<f64>> {
    vec(number, rows * columns)
        .prop_map(move |values| Array2::from_shape_vec((rows, columns), values).unwrap())
}

/// Une matrice quelconque, vide parfois.
fn any_matrix() -> impl Strategy<Value = Array2<f64>> {
    (0..4usize, 0..4usize)
        .prop_flat_map(|(rows, columns)| matrix(rows, columns, any_number()))
}

/// Deux matrices, le plus souvent de formes qui s'accordent : les refus n'y sont pas seuls.
fn any_examples() -> impl Strategy<Value = (Array2<f64>, Array2<f64>)> {
    let agreeing = (1..5usize, 1..4usize, 1..3usize).prop_flat_map(|(m, n, k)| {
        (matrix(m, n, any_number()), matrix(m, k, any_number()))
    });
    prop_oneof![3 => agreeing, 1 => (any_matrix(), any_matrix())]
}

/// De quoi faire une couche, le plus souvent avec des formes qui s'accordent.
fn any_layer() -> impl Strategy<Value = (Array2<f64>, Array2<f64>, Vec<f64>)> {
    let agreeing = (1..4usize, 1..4usize, 1..4usize).prop_flat_map(|(m, n, h)| {
        (matrix(m, n, any_number()), matrix(n, h, any_number()), vec(any_number(), h))
    });
    prop_oneof![1 => agreeing, 1 => (any_matrix(), any_matrix(), vec(any_number(), 0..4))]
}

/// Un nombre de neurones cachés quelconque : nul, raisonnable ou démesuré.
fn any_hidden() -> impl Strategy<Value = usize> {
    prop_oneof![1 => Just(0), 6 => 1..6usize, 1 => usize::MAX / 8..=usize::MAX]
}

/// Un réseau de forme quelconque, de poids positifs et négatifs, après une propagation avant.
fn any_network() -> impl Strategy<Value = NeuralNetwork> {
    (1..6usize, 1..5usize, 1..6usize, 1..4usize).prop_flat_map(|(m, n, h, k)| {
        let arrays = (matrix(m, n, -2.0..2.0), matrix(m, k, 0.0..1.0));
        let weights = (matrix(n, h, -2.0..2.0), matrix(h, k, -2.0..2.0));
        let biases = (vec(-2.0..2.0, h), vec(-2.0..2.0, k));
        (arrays, weights, biases).prop_map(move |((x, y), weights, biases)| {
            let mut network =
                NeuralNetwork::with_hidden(x, y, h, &mut NumpyRng::seed(0)).unwrap();
            (network.weights1, network.weights2) = weights;
            network.biases1 = Array1::from_vec(biases.0);
            network.biases2 = Array1::from_vec(biases.1);
            network.feedforward();
            network
        })
    })
}

/// Un réseau, et ses exemples dans un autre ordre.
fn network_and_order() -> impl Strategy<Value = (NeuralNetwork, Vec<usize>)> {
    any_network().prop_flat_map(|network| {
        let order: Vec<usize> = (0..network.input.nrows()).collect();
        (Just(network), Just(order).prop_shuffle())
    })
}

fn is_sound(a: &Array2<f64>) -> bool {
    !a.is_empty() && a.iter().all(|value| value.abs() <= MAX_VALUE)
}

/// Une erreur se dit en une phrase, la même partout.
fn assert_speaks(error: &Error) {
    let sentence = error.to_string();
    assert!(sentence.len() > 20, "message trop court : « {sentence} »");
    assert_eq!(format!("{error:?}"), sentence);
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn sigma_d_un_nombre_quelconque_est_entre_zero_et_un(z in proptest::num::f64::ANY) {
        let a = sigmoid(z);
        prop_assert_eq!(a.is_nan(), z.is_nan());
        prop_assert!(z.is_nan() || (0.0..=1.0).contains(&a), "σ({}) = {}", z, a);
        let slope = sigmoid_derivative_at(z);
        prop_assert!(z.is_nan() || (0.0..=0.25).contains(&slope), "σ′({}) = {}", z, slope);
        prop_assert_eq!(slope.to_bits(), sigmoid_derivative_from_output(a).to_bits());
        sigmoid_derivative_from_output(z); // une mauvaise entrée donne un nombre, pas une panique
    }

    #[test]
    fn sigma_ne_descend_jamais(a in -800.0..800.0, b in -800.0..800.0) {
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        prop_assert!(sigmoid(low) <= sigmoid(high));
    }

    #[test]
    fn un_reseau_nait_si_et_seulement_si_ses_donnees_ont_un_sens(
        (x, y) in any_examples(), hidden in any_hidden(), seed: u32,
    ) {
        let sound = is_sound(&x) && is_sound(&y) && x.nrows() == y.nrows();
        let rng = &mut NumpyRng::seed(seed);
        let built = NeuralNetwork::with_hidden(x.clone(), y.clone(), hidden, rng);
        prop_assert_eq!(built.is_ok(), sound && (1..6).contains(&hidden), "{:?}", built);
        if let Err(error) = &built {
            assert_speaks(error);
        }
        prop_assert_eq!(NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed)).is_ok(), sound);
    }

    #[test]
    fn un_reseau_ne_panique_sur_aucunes_donnees(
        (x, y) in any_examples(), other in any_matrix(), hidden in 1..6usize, biases: bool,
    ) {
        let built = NeuralNetwork::with_hidden(x, y, hidden, &mut NumpyRng::seed(0));
        if let Ok(mut network) = built {
            if !biases {
                network = network.without_biases();
            }
            network.loss();
            network.gradients();
            network.feedforward();
            network.loss();
            network.gradients();
            network.backprop();
            prop_assert_eq!(network.train(3).len(), 3);
            if let Err(error) = network.predict(&other) {
                assert_speaks(&error);
            }
        }
    }

    #[test]
    fn un_reseau_devenu_fou_ne_panique_pas(
        mut network in any_network(), values in vec(any_number(), 4), other in any_matrix(),
    ) {
        // Les champs sont publics : on peut y écrire un NaN ou un infini.
        network.weights1[[0, 0]] = values[0];
        network.biases1[0] = values[1];
        network.weights2[[0, 0]] = values[2];
        network.input[[0, 0]] = values[3];
        network.train(2);
        network.loss();
        if let Err(error) = network.predict(&other) {
            assert_speaks(&error);
        }
    }

    #[test]
    fn predict_repond_si_et_seulement_si_les_lignes_ont_un_sens(
        network in any_network(), x in any_matrix(),
    ) {
        let sensible = is_sound(&x) && x.ncols() == network.weights1.nrows();
        match network.predict(&x) {
            Ok(answer) => {
                prop_assert!(sensible);
                prop_assert_eq!(answer.dim(), (x.nrows(), network.y.ncols()));
                prop_assert!(answer.iter().all(|a| (0.0..=1.0).contains(a)), "{}", answer);
            }
            Err(error) => {
                prop_assert!(!sensible, "{}", error);
                assert_speaks(&error);
            }
        }
    }

    #[test]
    fn une_couche_repond_si_et_seulement_si_les_formes_s_accordent(
        (x, weights, biases) in any_layer(),
    ) {
        let sensible = is_sound(&x)
            && is_sound(&weights)
            && biases.iter().all(|b| b.abs() <= MAX_VALUE)
            && x.ncols() == weights.nrows()
            && biases.len() == weights.ncols();
        match layer(&x, &weights, &Array1::from_vec(biases)) {
            Ok(answer) => {
                prop_assert!(sensible);
                prop_assert_eq!(answer.dim(), (x.nrows(), weights.ncols()));
            }
            Err(error) => {
                prop_assert!(!sensible, "{}", error);
                assert_speaks(&error);
            }
        }
    }

    #[test]
    fn la_meme_graine_donne_le_meme_reseau_et_le_meme_entrainement(
        (x, y) in (1..5usize, 1..4usize, 1..3usize)
            .prop_flat_map(|(m, n, k)| (matrix(m, n, -3.0..3.0), matrix(m, k, 0.0..1.0))),
        hidden in 1..6usize,
        seed: u32,
    ) {
        let build = || {
            let rng = &mut NumpyRng::seed(seed);
            NeuralNetwork::with_hidden(x.clone(), y.clone(), hidden, rng).unwrap()
        };
        let (mut one, mut other) = (build(), build());
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.train(5), other.train(5));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn un_generateur_reprend_la_meme_suite_depuis_la_meme_graine(
        seed: u32, skipped in 0..700usize,
    ) {
        // 700 réels font 1400 mots : l'état interne, de 624 mots, y est refait deux fois.
        let (mut one, mut other) = (NumpyRng::seed(seed), NumpyRng::seed(seed));
        for _ in 0..skipped {
            let value: f64 = one.random();
            prop_assert_eq!(value.to_bits(), other.random::<f64>().to_bits());
            prop_assert!((0.0..1.0).contains(&value));
        }
        let mut copy = one.clone();
        prop_assert_eq!(one.random::<f64>(), copy.random::<f64>());
        prop_assert_eq!(one.random::<u32>(), copy.random::<u32>());
        let (mut bytes, mut same) = ([0; 13], [0; 13]);
        one.fill_bytes(&mut bytes);
        copy.fill_bytes(&mut same);
        prop_assert_eq!(bytes, same);
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn le_gradient_est_celui_que_l_on_mesure_sur_toute_forme(network in any_network()) {
        assert_close_parameters(
            &network.gradients(), &measured_gradients(&network), 1e-7, "différences finies",
        );
    }

    #[test]
    fn predire_des_lignes_permutees_permute_les_predictions(
        (network, order) in network_and_order(),
    ) {
        let permuted = network.predict(&network.input.select(Axis(0), &order)).unwrap();
        let expected = network.output.select(Axis(0), &order);
        assert_close(&permuted, &expected, 1e-15, "prédictions permutées");
    }

    #[test]
    fn l_ordre_des_exemples_ne_change_ni_la_perte_ni_le_gradient(
        (network, order) in network_and_order(),
    ) {
        let mut permuted = network.clone();
        permuted.input = network.input.select(Axis(0), &order);
        permuted.y = network.y.select(Axis(0), &order);
        permuted.feedforward();
        assert_close_number(permuted.loss(), network.loss(), 1e-13, "perte permutée");
        assert_close_parameters(
            &permuted.gradients(), &network.gradients(), 1e-13, "gradient permuté",
        );
    }

    #[test]
    fn la_perte_est_positive_et_plus_petite_que_le_nombre_de_reponses(network in any_network()) {
        prop_assert!(network.loss() > 0.0);
        // Chaque erreur est plus petite que 1 : la perte reste sous le nombre de réponses.
        prop_assert!(network.loss() < network.y.len() as f64);
    }

    #[test]
    fn des_grandeurs_moderees_ne_donnent_jamais_de_nan(
        (x, y) in (1..6usize, 1..5usize, 1..4usize)
            .prop_flat_map(|(m, n, k)| (matrix(m, n, -1e3..1e3), matrix(m, k, -1e3..1e3))),
        hidden in 1..8usize,
        seed: u32,
        biases: bool,
    ) {
        let mut network =
            NeuralNetwork::with_hidden(x, y, hidden, &mut NumpyRng::seed(seed)).unwrap();
        if !biases {
            network = network.without_biases();
        }
        let losses = network.train(50);
        prop_assert!(losses.iter().all(|loss| loss.is_finite()), "{:?}", losses);
        prop_assert!(network.output.iter().all(|a| (0.0..=1.0).contains(a)), "{}", network.output);
        prop_assert!(network.weights1.iter().chain(&network.weights2).all(|w| w.is_finite()));
        if !biases {
            prop_assert!(network.biases1.iter().chain(&network.biases2).all(|&b| b == 0.0));
        }
    }

    #[test]
    fn un_pas_assez_petit_contre_la_pente_ne_fait_jamais_monter_la_perte(network in any_network()) {
        let gradients = network.gradients();
        let mut next = network.clone();
        let rate = 1e-4;
        next.weights1.scaled_add(-rate, &gradients.weights1);
        next.biases1.scaled_add(-rate, &gradients.biases1);
        next.weights2.scaled_add(-rate, &gradients.weights2);
        next.biases2.scaled_add(-rate, &gradients.biases2);
        next.feedforward();
        prop_assert!(next.loss() < network.loss(), "{} puis {}", network.loss(), next.loss());
    }
}
