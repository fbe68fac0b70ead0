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

/// Le réseau du chapitre : graine 0, sans biais.
fn tutorial_network() -> NeuralNetwork {
    let (x, y) = tutorial_data();
    let mut network =
        NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap().without_biases();
    network.feedforward();
    network
}

/// La perte quand les premiers poids de W2 valent `weights`, les autres restant ce qu'ils sont.
fn loss_at(network: &NeuralNetwork, weights: &[f64]) -> f64 {
    let mut copy = network.clone();
    for (place, &w) in weights.iter().enumerate() {
        copy.weights2[[place, 0]] = w;
    }
    copy.feedforward();
    copy.loss()
}

/// La pente de la perte le long du premier poids de W2, mesurée comme dans le chapitre.
fn slope_at(network: &NeuralNetwork, w: f64) -> f64 {
    let h = 1e-5;
    (loss_at(network, &[w + h]) - loss_at(network, &[w - h])) / (2.0 * h)
}

/// Les valeurs successives du premier poids de W2, à ce taux.
fn descent(network: &NeuralNetwork, rate: f64, steps: usize) -> Vec<f64> {
    let mut weights = vec![network.weights2[[0, 0]]];
    for _ in 0..steps {
        let w = weights[weights.len() - 1];
        weights.push(w - rate * slope_at(network, w));
    }
    weights
}

#[test]
fn l_ecart_quatre_fois_plus_grand_coute_seize_fois_plus() {
    // « (1 − 0,8)² = 0,04 », « (0 − 0,8)² = 0,64 » : « quatre fois […] seize fois ».
    let small = answering(arr2(&[[1.0]]), arr2(&[[0.8]])).loss();
    let large = answering(arr2(&[[0.0]]), arr2(&[[0.8]])).loss();
    assert_close_number(small, 0.04, 1e-15, "on attend 1");
    assert_close_number(large, 0.64, 1e-15, "on attend 0");
    assert_close_number(large / small, 16.0, 1e-12, "le rapport des pertes");
}

#[test]
fn les_reponses_du_reseau_sont_a_peu_pres_huit_dixiemes_partout() {
    let network = tutorial_network();
    assert!(network.output.iter().all(|a| (a - 0.8).abs() < 0.06), "{}", network.output);
}

#[test]
fn la_perte_estimee_n_est_pas_loin_de_la_vraie() {
    // « 0,64 + 0,64 + 0,04 + 0,04 = 1,36. La vraie valeur n'en est pas loin. »
    let (_, y) = tutorial_data();
    let estimated = answering(y, Array2::from_elem((4, 1), 0.8)).loss();
    assert_close_number(estimated, 1.36, 1e-14, "quatre réponses de 0,8");
    let true_loss = tutorial_network().loss();
    assert_close_number(true_loss, 1.2981, 0.00005, "la vraie perte");
    assert_close_number(true_loss, estimated, 0.07, "l'estimation");
}

#[test]
fn la_moyenne_ne_grandit_pas_avec_le_nombre_d_exemples_et_la_somme_si() {
    // L'erreur quadratique moyenne est « la même somme divisée par le nombre d'exemples ».
    let mean = |copies: usize| {
        let (y, output) = (Array2::ones((copies, 1)), Array2::from_elem((copies, 1), 0.5));
        let sum = answering(y, output).loss();
        (sum, sum / copies as f64)
    };
    assert_eq!((mean(1), mean(8)), ((0.25, 0.25), (2.0, 0.25)));
}

#[test]
fn augmenter_le_premier_poids_de_w2_augmente_la_perte() {
    // La cellule : « ce poids vaut 0.5680 », « pente : 0.3044 ». « La pente est positive. »
    let network = tutorial_network();
    let w = network.weights2[[0, 0]];
    assert_close_number(w, 0.5680, 0.00005, "le premier poids de W2");
    let slope = slope_at(&network, w);
    assert_close_number(slope, 0.3044, 0.00005, "la pente");
    assert_close_number(network.gradients().weights2[[0, 0]], slope, 1e-9, "le gradient");
    assert!(loss_at(&network, &[w + 0.1]) > network.loss());
    assert!(loss_at(&network, &[w - 0.1]) < network.loss());
}

#[test]
fn au_taux_un_les_pas_rapetissent_pres_du_creux() {
    // « Là où la pente est forte, le pas est grand. Près du creux, […] les pas rapetissent. »
    let network = tutorial_network();
    let weights = descent(&network, 1.0, 5);
    for (w, shown) in
        weights.iter().zip([0.5680, 0.2636, -0.0251, -0.2778, -0.4811, -0.6337])
    {
        assert_close_number(*w, shown, 0.00005, "le poids que la cellule affiche");
    }
    let steps: Vec<f64> = weights.windows(2).map(|w| (w[1] - w[0]).abs()).collect();
    assert!(steps.windows(2).all(|s| s[1] < s[0]), "{steps:?}");
}

#[test]
fn au_taux_d_un_dixieme_la_perte_baisse_a_chaque_pas_mais_lentement() {
    // « Avec 0,1, la perte baisse à chaque pas, mais très lentement. » : en six pas, comme dans la
    // cellule, elle ne fait pas le cinquième du chemin que fait le taux 1.
    let network = tutorial_network();
    let losses = |rate| -> Vec<f64> {
        descent(&network, rate, 5).iter().map(|&w| loss_at(&network, &[w])).collect()
    };
    let (slow, fast) = (losses(0.1), losses(1.0));
    assert!(slow.windows(2).all(|l| l[1] < l[0]), "{slow:?}");
    assert!(slow[0] - slow[5] < (fast[0] - fast[5]) / 5.0, "{slow:?}, {fast:?}");
}

#[test]
fn au_taux_cent_le_poids_saute_le_creux_et_n_en_revient_plus() {
    // « … saute par-dessus le creux et s'en va si loin que la courbe y est plate. »
    let network = tutorial_network();
    let weights = descent(&network, 100.0, 1000);
    assert!(
        weights[1] < -29.0,
        "le creux est vers −1, et le poids arrive en {}",
        weights[1]
    );
    assert!(slope_at(&network, weights[1]).abs() < 1e-8);
    assert!((weights[1000] - weights[1]).abs() < 0.01, "{}", weights[1000]);
    assert!(
        loss_at(&network, &weights[1000..]) > network.loss(),
        "la perte est pire qu'au départ"
    );
}

#[test]
fn un_seul_poids_ne_mene_pas_plus_bas_qu_environ_un() {
    // « la perte s'arrête au fond de cette courbe, autour de 1 », et un seul creux de −6 à 6.
    let network = tutorial_network();
    let curve: Vec<f64> =
        (-600..=600).map(|i| loss_at(&network, &[f64::from(i) / 100.0])).collect();
    let lowest = curve.iter().copied().fold(f64::INFINITY, f64::min);
    assert_close_number(lowest, 0.995, 0.0005, "le fond de la courbe");
    assert_eq!(curve.windows(3).filter(|l| l[1] < l[0] && l[1] < l[2]).count(), 1);
    let end = descent(&network, 1.0, 60)[60];
    assert_close_number(loss_at(&network, &[end]), lowest, 1e-4, "où la descente s'arrête");
    // « Pour aller plus bas, il faut bouger les 16 poids ensemble. »
    let mut whole = network;
    whole.train(1500);
    assert!(whole.loss() < 0.01);
}

#[test]
fn au_fond_de_la_vallee_les_deux_poids_se_compensent() {
    // « l'un positif, l'autre négatif », sur le carré de −8 à 8 que la cellule dessine.
    let network = tutorial_network();
    let grid = |i: i32| -8.0 + 16.0 * f64::from(i) / 60.0;
    let places = (0..61).flat_map(|i| (0..61).map(move |j| [grid(j), grid(i)]));
    let bottom: Vec<_> = places.filter(|w| loss_at(&network, w) < 1.0).collect();
    assert!(bottom.len() > 10);
    assert!(bottom.iter().all(|w| w[0] * w[1] < 0.0), "{bottom:?}");
    // « Nous sommes sur un versant » : plus haut que le fond, et la pente n'y est pas nulle.
    let gradients = network.gradients().weights2;
    assert!(network.loss() > 1.2 && gradients[[0, 0]] > 0.1 && gradients[[1, 0]] > 0.1);
}

#[test]
fn la_perte_est_une_fonction_des_seize_reglages() {
    // « C'est une fonction des 16 réglages » : chacun d'eux, changé seul, la change.
    let network = tutorial_network();
    for place in 0..12 {
        let mut changed = network.clone();
        *changed.weights1.iter_mut().nth(place).unwrap() += 0.1;
        changed.feedforward();
        assert_ne!(changed.loss(), network.loss(), "W1, case {place}");
    }
    for place in 0..4 {
        let mut changed = network.clone();
        changed.weights2[[place, 0]] += 0.1;
        changed.feedforward();
        assert_ne!(changed.loss(), network.loss(), "W2, case {place}");
    }
}

#[test]
fn quarante_pas_selon_deux_poids_font_ce_que_le_chapitre_en_dit() {
    for (rate, said) in [
        (0.1, "descend tout le temps, sans arriver au fond"),
        (1.0, "au fond en quelques pas"),
        (3.0, "enjambe le creux, et descend"),
        (5.0, "saute d'un versant à l'autre"),
        (100.0, "emportée sur le plateau"),
    ] {
        let mut network = commun::network_without_biases(0);
        network.feedforward();
        let slopes = |network: &NeuralNetwork| {
            let slopes = network.gradients().weights2;
            [slopes[[0, 0]], slopes[[1, 0]]]
        };
        let mut losses = vec![network.loss()];
        let mut found = vec![slopes(&network)];
        for _ in 0..40 {
            let [first, second] = found[found.len() - 1];
            network.weights2[[0, 0]] -= rate * first;
            network.weights2[[1, 0]] -= rate * second;
            network.feedforward();
            losses.push(network.loss());
            found.push(slopes(&network));
        }
        let length = |[first, second]: [f64; 2]| first.hypot(second);
        let crossed =
            found.windows(2).filter(|s| s[0][0] * s[1][0] + s[0][1] * s[1][1] < 0.0);
        let crossed = crossed.count();
        let always_down = losses.is_sorted_by(|a, b| a > b);
        let end = length(found[40]);
        let right = match rate {
            0.1 => always_down && crossed == 0 && end > 0.05,
            1.0 => {
                always_down && crossed == 0 && losses[5] - losses[40] < 0.002 && end < 0.01
            }
            3.0 => always_down && crossed > 10 && end < 0.01,
            5.0 => !always_down && crossed > 30 && losses[40] > 1.2,
            _ => losses[1] > 1.99 && length(found[1]) < 1e-4 && losses[40] > 1.99,
        };
        assert!(right, "taux {rate}, « {said} » : {crossed} fois, {end}, {losses:?}");
    }
}
