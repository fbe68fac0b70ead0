//! Ce que dit le chapitre 04 de la perte, L = Σ (y − ŷ)² : `cargo test --test chapitre_04_loss`.

mod commun;

use commun::{assert_close_number, torch_oracle, tutorial_data};
use nn_core::ndarray::{Array2, Axis, arr2};
use nn_core::{NeuralNetwork, NumpyRng};

/// Un réseau dont on écrit soi-même les réponses : seule la perte est en jeu.
fn answering(y: Array2<f64>, output: Array2<f64>) -> NeuralNetwork {
    let x = Array2::zeros((y.nrows(), 1));
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.output = output;
    network
}

#[test]
fn une_perte_calculee_a_la_main() {
    // (1 − 0,8)² + (0 − 0,3)² = 0,04 + 0,09 = 0,13.
    let network = answering(arr2(&[[1.0], [0.0]]), arr2(&[[0.8], [0.3]]));
    assert_close_number(network.loss(), 0.13, 1e-15, "la perte");
}

#[test]
fn la_perte_est_une_somme_sur_les_exemples_et_sur_les_sorties() {
    // Deux exemples, deux sorties : 0,5² + 0,5² + 1² + 0² = 1,5. Ni moyenne, ni moitié.
    let network =
        answering(arr2(&[[1.0, 0.0], [1.0, 0.0]]), arr2(&[[0.5, 0.5], [0.0, 0.0]]));
    assert_eq!(network.loss(), 1.5);
}

#[test]
fn des_reponses_parfaites_ont_une_perte_nulle() {
    let (_, y) = tutorial_data();
    assert_eq!(answering(y.clone(), y).loss(), 0.0);
}

#[test]
fn la_moindre_erreur_se_voit() {
    let (_, y) = tutorial_data();
    for row in 0..4 {
        for error in [0.1, -0.1] {
            let mut output = y.clone();
            output[[row, 0]] += error;
            // Dans un sens ou dans l'autre, le carré vaut 0,01.
            assert_close_number(
                answering(y.clone(), output).loss(),
                0.01,
                1e-15,
                "une erreur",
            );
        }
    }
}

#[test]
fn se_tromper_de_trop_ou_de_trop_peu_coute_autant() {
    let y = arr2(&[[0.5], [0.5]]);
    let above = answering(y.clone(), arr2(&[[0.75], [0.5]]));
    let below = answering(y, arr2(&[[0.25], [0.5]]));
    assert_eq!(above.loss(), below.loss());
    assert_eq!(above.loss(), 0.0625); // 0,25²
}

#[test]
fn echanger_reponses_et_predictions_ne_change_pas_la_perte() {
    let (y, output) = (arr2(&[[1.0], [0.0], [0.3]]), arr2(&[[0.8], [0.3], [0.9]]));
    assert_eq!(answering(y.clone(), output.clone()).loss(), answering(output, y).loss());
}

#[test]
fn une_erreur_deux_fois_plus_grande_coute_quatre_fois_plus() {
    let small = answering(arr2(&[[0.0]]), arr2(&[[0.25]]));
    let large = answering(arr2(&[[0.0]]), arr2(&[[0.5]]));
    assert_eq!(large.loss(), 4.0 * small.loss());
}

#[test]
fn un_exemple_de_plus_ajoute_sa_propre_erreur() {
    let (x, y) = tutorial_data();
    let mut network =
        NeuralNetwork::new(x.clone(), y.clone(), &mut NumpyRng::seed(3)).unwrap();
    network.feedforward();
    let one_by_one: f64 = (0..4)
        .map(|row| {
            let (x, y) = (x.select(Axis(0), &[row]), y.select(Axis(0), &[row]));
            let mut alone = NeuralNetwork::new(x, y, &mut NumpyRng::seed(3)).unwrap();
            alone.feedforward();
            alone.loss()
        })
        .sum();
    assert_close_number(network.loss(), one_by_one, 1e-14, "la somme des pertes");
}

#[test]
fn avant_toute_propagation_la_perte_mesure_des_reponses_nulles() {
    // La sortie vaut 0 partout : deux des quatre réponses attendues valent 1, donc L = 2.
    let (x, y) = tutorial_data();
    let network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    assert_eq!(network.loss(), 2.0);
}

#[test]
fn la_perte_est_celle_de_pytorch() {
    let oracle = torch_oracle();
    for case in &oracle.cases {
        let network = answering(case.y.matrix(), case.output.matrix());
        let what = oracle.made_by.cite(&format!("perte, forme {:?}", case.shape));
        assert_close_number(network.loss(), case.loss, 1e-12, &what);
    }
}
