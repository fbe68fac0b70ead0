//! Ce que dit le chapitre 07 de l'entraînement, comparé à NumPy nombre par nombre :
//! `cargo test --test chapitre_07_training`.

mod commun;

use commun::{
    assert_close, assert_close_number, assert_close_parameters, network_without_biases,
    numpy_oracle, parameters, tutorial_data,
};
use nn_core::ndarray::arr2;
use nn_core::{NeuralNetwork, NumpyRng};

#[test]
fn quinze_cents_pas_suivent_numpy_perte_par_perte_et_poids_par_poids() {
    // Tolérance : 10⁻⁹ laisse aux exponentielles et aux sommes de chaque machine leur dernier bit.
    let oracle = numpy_oracle();
    for with_biases in [true, false] {
        assert!(oracle.trainings.iter().any(|case| case.with_biases == with_biases));
    }
    for case in &oracle.trainings {
        let mut network = case.network();
        let losses = network.train(case.steps);
        let what = oracle.made_by.cite(&case.title());
        assert_eq!(losses.len(), 1500, "{what}");
        for (&step, &expected) in case.loss_steps.iter().zip(&case.losses) {
            let what = format!("perte du pas {step}, {what}");
            assert_close_number(losses[step], expected, 1e-9, &what);
        }
        assert_close_parameters(&parameters(&network), &case.trained.arrays(), 1e-9, &what);
        assert_close(
            &network.output,
            &case.output.matrix(),
            1e-9,
            &format!("sortie, {what}"),
        );
        assert_close_number(network.loss(), case.final_loss, 1e-9, &format!("fin, {what}"));
    }
}

#[test]
fn la_graine_zero_donne_les_nombres_du_chapitre() {
    // Arrondis de tests/oracles/numpy.json, cas « tutoriel », graine 0, sans biais
    // (`python tests/oracles/numpy_oracle.py`).
    let mut network = network_without_biases(0);
    let losses = network.train(1500);
    let predictions = arr2(&[[0.0101], [0.9716], [0.9717], [0.0330]]);
    assert_close(&network.output, &predictions, 0.00005, "prédictions, graine 0");
    // 1,2981 : la perte avant le premier pas, poids tels que tirés.
    assert_close_number(losses[0], 1.2981, 0.00005, "première perte, graine 0");
    // 0,002800 : la dernière de la courbe, avant le 1500ᵉ pas.
    assert_close_number(losses[1499], 0.002800, 0.0000005, "dernière perte de la courbe");
    // 0,002798 : la perte après le 1500ᵉ pas, que la courbe ne contient pas.
    assert_close_number(network.loss(), 0.002798, 0.0000005, "perte après le dernier pas");
}

#[test]
fn entrainer_rend_la_perte_avant_chaque_pas() {
    let mut network = network_without_biases(0);
    let mut by_hand = network.clone();
    let losses = network.train(20);
    assert_eq!(losses.len(), 20);
    for (step, &loss) in losses.iter().enumerate() {
        by_hand.feedforward();
        assert_eq!(by_hand.loss(), loss, "pas {step}");
        by_hand.backprop();
    }
    // Et un dernier feedforward : la sortie est celle des derniers poids.
    by_hand.feedforward();
    assert_eq!(network, by_hand);
}

#[test]
fn zero_pas_ne_change_rien() {
    let mut network = network_without_biases(0);
    let drawn = parameters(&network);
    assert!(network.train(0).is_empty());
    assert_eq!(parameters(&network), drawn);
    // La sortie, elle, est à jour ; recommencer ne change plus rien du tout.
    let before = network.clone();
    assert_eq!(network.output, network.predict(&network.input).unwrap());
    assert!(network.train(0).is_empty());
    assert_eq!(network, before);
}

#[test]
fn s_arreter_puis_reprendre_revient_a_ne_pas_s_arreter() {
    for (first, second) in [(1, 1), (30, 70), (0, 100), (100, 0)] {
        let (mut whole, mut parts) = (network_without_biases(1), network_without_biases(1));
        let at_once = whole.train(first + second);
        let mut in_two = parts.train(first);
        in_two.extend(parts.train(second));
        assert_eq!(in_two, at_once);
        assert_eq!(parts, whole);
    }
}

#[test]
fn la_perte_decroit_a_chaque_pas_de_gradient() {
    // Constat sur la graine 0, pas une loi : le pas de 1 est grand. C'est ce que dit le texte
    // de remplacement de la courbe du chapitre, « elle descend à chaque pas ».
    let losses = network_without_biases(0).train(1500);
    for step in 0..1499 {
        assert!(losses[step + 1] < losses[step], "la perte remonte après le pas {step}");
    }
}

#[test]
fn sans_biais_ils_valent_encore_zero_a_la_fin() {
    let mut network = network_without_biases(0);
    network.train(100);
    assert!(network.biases1.iter().chain(&network.biases2).all(|&b| b == 0.0));
}

#[test]
fn avec_deux_entrees_seulement_les_biais_remplacent_la_colonne_de_un() {
    let x = arr2(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]]);
    let (_, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.train(1500);
    assert!(network.loss() < 0.01, "perte {}", network.loss());
}

#[test]
fn la_courbe_de_perte_est_une_chute_puis_un_plateau_puis_une_descente() {
    // « D'abord une chute, […]. Puis un plateau, où les quatre réponses restent près de 0,5 : la
    // perte y est voisine de 1. Enfin la descente. »
    let mut network = network_without_biases(0);
    let near_half =
        |network: &NeuralNetwork| network.output.iter().all(|a| (a - 0.5).abs() < 0.1);
    network.train(0);
    assert!(
        network.output.iter().all(|&a| a > 0.7),
        "il répond trop haut : {}",
        network.output
    );
    let losses = network.train(2);
    assert!(losses[0] - network.loss() > 0.25, "la chute : {losses:?}");
    for step in 2..=60 {
        assert!(near_half(&network), "pas {step} : {}", network.output);
        assert_close_number(network.loss(), 1.0, 0.06, &format!("plateau, pas {step}"));
        network.train(1);
    }
    network.train(139);
    assert!(network.loss() < 0.2, "la descente : {} au pas 200", network.loss());
}

#[test]
fn apres_l_entrainement_chaque_reponse_est_a_moins_de_quatre_centiemes() {
    // « ses réponses sont proches de 0, 1, 1, 0 » ; le plus grand écart de la table est 0.0330.
    let mut network = network_without_biases(0);
    network.train(1500);
    let gaps = (&network.y - &network.output).mapv(f64::abs);
    let shown = arr2(&[[0.0101], [0.0284], [0.0283], [0.0330]]);
    assert_close(&gaps, &shown, 0.00005, "les écarts de la table");
}

#[test]
fn la_ligne_nouvelle_recoit_une_reponse_qui_n_est_ni_oui_ni_non() {
    // « Il répond quelque chose, toujours. » La cellule affiche 0.3068.
    let mut network = network_without_biases(0);
    network.train(1500);
    let answer = network.predict(&arr2(&[[0.5, 0.5, 1.0]])).unwrap();
    assert_close(&answer, &arr2(&[[0.3068]]), 0.00005, "la ligne nouvelle");
}

#[test]
fn l_entrainement_donne_aux_poids_des_signes_et_des_tailles() {
    // « Ils étaient entre 0 et 1 ; l'entraînement leur a donné des signes et des tailles. »
    let mut network = network_without_biases(0);
    network.train(1500);
    for weights in [&network.weights1, &network.weights2] {
        assert!(weights.iter().any(|&w| w < -1.0) && weights.iter().any(|&w| w > 1.0));
    }
}

#[test]
fn un_seul_neurone_un_petit_taux_un_grand_taux_font_ce_que_le_chapitre_en_dit() {
    let trained = |hidden: usize, rate: f64, steps: usize| {
        let (x, y) = tutorial_data();
        let mut network = NeuralNetwork::with_hidden(x, y, hidden, &mut NumpyRng::seed(0))
            .unwrap()
            .without_biases();
        for _ in 0..steps {
            network.feedforward();
            let gradients = network.gradients();
            network.weights1.scaled_add(-rate, &gradients.weights1);
            network.weights2.scaled_add(-rate, &gradients.weights2);
        }
        network.feedforward();
        network
    };
    // Un seul neurone caché : les quatre réponses sont du même côté de 0,5, à tout pas.
    for steps in [0, 1500, 15_000] {
        let output = trained(1, 1.0, steps).output;
        assert!(output.iter().all(|a| *a >= 0.5), "{steps} pas : {output}");
    }
    // Au taux 0,1, mille cinq cents pas font ce que cent cinquante font au taux 1.
    let (slow, usual) = (trained(4, 0.1, 1500).loss(), trained(4, 1.0, 150).loss());
    assert!((slow - usual).abs() < 0.02 && slow > 0.1, "{slow} et {usual}");
    // Au taux 100, le réseau n'apprend plus : sa perte reste haute, et ne bouge pas.
    let (early, late) = (trained(4, 100.0, 100).loss(), trained(4, 100.0, 1500).loss());
    assert!(late > 0.9 && (early - late).abs() < 0.01, "{early} puis {late}");
}
