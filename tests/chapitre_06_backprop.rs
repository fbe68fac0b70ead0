//! Ce que dit le chapitre 06 de la rétropropagation, et ce que valent ses erreurs connues :
//! `cargo test --test chapitre_06_backprop`.

mod commun;

use commun::{
    assert_close, assert_close_number, assert_close_parameters, hand_network,
    measured_gradients, parameters, torch_oracle, tutorial_data,
};
use nn_core::ndarray::{Array, Array2, Axis, Dimension, Zip, arr1, arr2};
use nn_core::{
    Gradients, NeuralNetwork, NumpyRng, sigmoid, sigmoid_derivative_at,
    sigmoid_derivative_from_output,
};

fn tutorial_network(seed: u32) -> NeuralNetwork {
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed)).unwrap();
    network.feedforward();
    network
}

/// Un pas de longueur `rate` contre la pente, biais compris.
fn stepped(network: &NeuralNetwork, gradients: &Gradients, rate: f64) -> NeuralNetwork {
    let mut network = network.clone();
    network.weights1.scaled_add(-rate, &gradients.weights1);
    network.biases1.scaled_add(-rate, &gradients.biases1);
    network.weights2.scaled_add(-rate, &gradients.weights2);
    network.biases2.scaled_add(-rate, &gradients.biases2);
    network.feedforward();
    network
}

/// Le plus grand écart entre deux tableaux, rapporté au plus grand nombre du second.
fn relative_gap<D: Dimension>(a: &Array<f64, D>, b: &Array<f64, D>) -> f64 {
    let gap = Zip::from(a).and(b).fold(0f64, |gap, a, b| gap.max((a - b).abs()));
    gap / b.fold(0f64, |largest, b| largest.max(b.abs()))
}

#[test]
fn chaque_gradient_a_la_forme_de_son_tableau() {
    for case in &torch_oracle().cases {
        let [_, n, h, k] = case.shape;
        let gradients = case.network().gradients();
        assert_eq!(gradients.weights1.dim(), (n, h));
        assert_eq!(gradients.biases1.dim(), h);
        assert_eq!(gradients.weights2.dim(), (h, k));
        assert_eq!(gradients.biases2.dim(), k);
    }
}

#[test]
fn le_gradient_est_celui_que_l_on_mesure_en_bougeant_chaque_poids() {
    for seed in 0..5 {
        let network = tutorial_network(seed);
        let what = format!("différences finies, graine {seed}");
        assert_close_parameters(
            &network.gradients(),
            &measured_gradients(&network),
            1e-9,
            &what,
        );
    }
}

#[test]
fn le_gradient_est_celui_de_pytorch_sur_toutes_les_formes() {
    let oracle = torch_oracle();
    for case in &oracle.cases {
        let network = case.network();
        let what = oracle.made_by.cite(&format!("(m, n, h, k) = {:?}", case.shape));
        assert_close(
            &network.output,
            &case.output.matrix(),
            1e-12,
            &format!("sortie, {what}"),
        );
        assert_close_number(network.loss(), case.loss, 1e-12, &format!("perte, {what}"));
        let expected = case.gradients.arrays();
        assert_close_parameters(&network.gradients(), &expected, 1e-10, &what);
    }
}

#[test]
fn un_petit_pas_contre_la_pente_fait_baisser_la_perte_de_ce_que_le_gradient_annonce() {
    for seed in 0..20 {
        let network = tutorial_network(seed);
        let gradients = network.gradients();
        let rate = 1e-6;
        let drop = network.loss() - stepped(&network, &gradients, rate).loss();
        // Au premier ordre, la perte baisse de rate × ‖∇L‖².
        let squared_norm = [&gradients.weights1, &gradients.weights2]
            .map(|g| g.mapv(|g| g * g).sum())
            .iter()
            .chain(
                &[&gradients.biases1, &gradients.biases2].map(|g| g.mapv(|g| g * g).sum()),
            )
            .sum::<f64>();
        assert!(drop > 0.0, "graine {seed} : la perte monte de {}", -drop);
        let what = format!("baisse de la perte, graine {seed}");
        assert_close_number(drop / rate, squared_norm, 1e-4 * squared_norm, &what);
    }
}

#[test]
fn le_gradient_pointe_vers_la_hausse() {
    for seed in 0..20 {
        let network = tutorial_network(seed);
        let uphill = stepped(&network, &network.gradients(), -1e-3);
        assert!(uphill.loss() > network.loss(), "graine {seed}");
    }
}

#[test]
fn repondre_trop_bas_appelle_des_poids_de_sortie_plus_grands() {
    // Les neurones cachés sont positifs : si ŷ < y partout, monter W2 et b2 fait baisser
    // la perte, et ∂L/∂W2 comme ∂L/∂b2 sont négatifs. Et l'inverse si ŷ > y partout.
    let (x, _) = tutorial_data();
    for (y, sign) in [(1.0, -1.0), (0.0, 1.0)] {
        let y = Array2::from_elem((4, 1), y);
        let mut network = NeuralNetwork::new(x.clone(), y, &mut NumpyRng::seed(0)).unwrap();
        network.feedforward();
        let gradients = network.gradients();
        assert!(
            gradients.weights2.iter().all(|g| g * sign > 0.0),
            "{}",
            gradients.weights2
        );
        assert!(gradients.biases2.iter().all(|g| g * sign > 0.0), "{}", gradients.biases2);
    }
}

#[test]
fn des_reponses_parfaites_ont_un_gradient_nul() {
    let mut network = tutorial_network(0);
    network.y = network.output.clone();
    let before = parameters(&network);
    let gradients = network.gradients();
    assert!(gradients.weights1.iter().chain(&gradients.weights2).all(|&g| g == 0.0));
    assert!(gradients.biases1.iter().chain(&gradients.biases2).all(|&g| g == 0.0));
    network.backprop();
    assert_eq!(parameters(&network), before);
}

#[test]
fn les_gradients_de_tous_les_exemples_sont_la_somme_de_ceux_de_chacun() {
    let (x, y) = tutorial_data();
    let whole = tutorial_network(0).gradients();
    let mut sum = tutorial_network(0).gradients();
    sum.weights1.fill(0.0);
    sum.biases1.fill(0.0);
    sum.weights2.fill(0.0);
    sum.biases2.fill(0.0);
    for row in 0..4 {
        let (x, y) = (x.select(Axis(0), &[row]), y.select(Axis(0), &[row]));
        let mut alone = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
        alone.feedforward();
        let gradients = alone.gradients();
        sum.weights1 += &gradients.weights1;
        sum.biases1 += &gradients.biases1;
        sum.weights2 += &gradients.weights2;
        sum.biases2 += &gradients.biases2;
    }
    assert_close_parameters(&whole, &sum, 1e-14, "somme des quatre exemples");
}

#[test]
fn deux_exemples_et_deux_sorties_sont_des_chemins_dont_les_effets_s_additionnent() {
    let hand = hand_network();
    let (x, y) = (arr2(&[[1., 2.], [0., 0.]]), arr2(&[[1.], [0.]]));
    let mut rng = NumpyRng::seed(0);
    let mut network = NeuralNetwork::with_hidden(x, y, 2, &mut rng).unwrap();
    network.weights1 = hand.weights1.clone();
    network.biases1 = hand.biases1.clone();
    network.weights2 = hand.weights2.clone();
    network.biases2 = hand.biases2.clone();
    network.feedforward();
    assert_close(&network.layer1, &arr2(&[[0.75, 0.5], [0.75, 0.5]]), 1e-15, "cachés");
    assert_close(&network.output, &arr2(&[[0.8], [0.8]]), 1e-15, "réponses");
    let gradients = network.gradients();
    assert_close_number(gradients.weights2[[0, 0]], -0.048 + 0.192, 1e-15, "W2");
    assert_close_number(gradients.biases2[0], -0.064 + 0.256, 1e-15, "b2");
    // « la pente de la perte par rapport à sa réponse est −0,064 × 4 + 0,05 × 2 = −0,156 »
    let (delta, weights) = (arr2(&[[-0.064, 0.05]]), arr2(&[[4., 2.]]));
    assert_close(&delta.dot(&weights.t()), &arr2(&[[-0.156]]), 1e-15, "deux sorties");
}

#[test]
fn un_pas_calcule_a_la_main() {
    // Le réseau répond 0,8 au lieu de 1 ; ses neurones cachés valent 0,75 et 0,5.
    //   ∂L/∂ŷ = −2 (1 − 0,8) = −0,4 ; σ′ = 0,8 × 0,2 = 0,16 ; δ2 = −0,4 × 0,16 = −0,064
    //   ∂L/∂W2 = (0,75 ; 0,5) × δ2 = (−0,048 ; −0,032) ; ∂L/∂b2 = −0,064
    //   δ2 · W2ᵀ = −0,064 × (4 ; −6) = (−0,256 ; 0,384)
    //   σ′ des cachés = (0,75 × 0,25 ; 0,5 × 0,5) = (0,1875 ; 0,25)
    //   δ1 = (−0,256 × 0,1875 ; 0,384 × 0,25) = (−0,048 ; 0,096) = ∂L/∂b1
    //   ∂L/∂W1 = xᵀ · δ1, avec x = (1, 2) : la ligne (−0,048 ; 0,096), puis son double
    let expected = Gradients {
        weights1: arr2(&[[-0.048, 0.096], [-0.096, 0.192]]),
        biases1: arr1(&[-0.048, 0.096]),
        weights2: arr2(&[[-0.048], [-0.032]]),
        biases2: arr1(&[-0.064]),
    };
    let mut network = hand_network();
    assert_close_parameters(&network.gradients(), &expected, 1e-15, "gradients à la main");

    // Le pas soustrait chaque gradient, au taux 1.
    network.backprop();
    let after = Gradients {
        weights1: arr2(&[[0.548, 1.904], [-0.154, -1.192]]),
        biases1: arr1(&[3f64.ln() + 0.048, -0.096]),
        weights2: arr2(&[[4.048], [-5.968]]),
        biases2: arr1(&[4f64.ln() + 0.064]),
    };
    assert_close_parameters(&parameters(&network), &after, 1e-14, "un pas à la main");
}

#[test]
fn un_pas_soustrait_les_gradients_au_taux_un() {
    let mut network = tutorial_network(0);
    let expected = stepped(&network, &network.gradients(), 1.0);
    network.backprop();
    assert_close_parameters(&parameters(&network), &parameters(&expected), 1e-15, "un pas");
}

#[test]
fn les_biais_ne_bougent_que_s_ils_sont_entraines() {
    let mut trained = tutorial_network(0);
    let mut untrained = trained.clone().without_biases();
    trained.backprop();
    untrained.backprop();
    assert!(trained.biases1.iter().chain(&trained.biases2).all(|&b| b != 0.0));
    assert!(untrained.biases1.iter().chain(&untrained.biases2).all(|&b| b == 0.0));
    // Depuis des biais nuls, les poids, eux, font le même premier pas.
    assert_eq!(trained.weights1, untrained.weights1);
    assert_eq!(trained.weights2, untrained.weights2);
}

#[test]
fn un_pas_ne_touche_ni_aux_exemples_ni_aux_reponses_deja_calculees() {
    let mut network = tutorial_network(0);
    let before = network.clone();
    network.backprop();
    assert_eq!(network.input, before.input);
    assert_eq!(network.y, before.y);
    assert_eq!(network.layer1, before.layer1);
    assert_eq!(network.output, before.output);
}

#[test]
fn erreur_connue_changer_w2_avant_de_calculer_le_gradient_de_w1() {
    // À la main, avec W2 déjà changé en (4,048 ; −5,968) : δ1 devient
    // −0,064 × (4,048 ; −5,968) × (0,1875 ; 0,25) = (−0,048576 ; 0,095488).
    let network = hand_network();
    let mut hasty = network.clone();
    hasty.weights2 -= &network.gradients().weights2;
    let wrong = hasty.gradients().biases1; // layer1 et output n'ont pas été recalculés
    assert_close(&wrong, &arr1(&[-0.048576, 0.095488]), 1e-15, "gradient pressé");

    // Un vrai pas ne fait pas cela : W1 y bouge d'après l'ancien W2.
    let mut right = network.clone();
    right.backprop();
    let mut late = network.clone();
    late.weights1 -= &hasty.gradients().weights1;
    assert!(relative_gap(&late.weights1, &right.weights1) > 1e-4);
    assert_close(
        &right.weights1,
        &(&network.weights1 - &network.gradients().weights1),
        1e-15,
        "W1",
    );
}

#[test]
fn erreur_connue_oublier_le_facteur_deux_donne_exactement_la_moitie() {
    // Sans le 2 : δ2 = −(y − ŷ) σ′. La mesure, elle, garde le 2.
    let network = tutorial_network(0);
    let delta2 = (&network.output - &network.y)
        * network.output.mapv(sigmoid_derivative_from_output);
    let forgotten = network.layer1.t().dot(&delta2);
    let measured = measured_gradients(&network).weights2;
    assert_close(
        &(2.0 * &forgotten),
        &measured,
        1e-9,
        "deux fois le gradient sans facteur",
    );
    assert_close(&(2.0 * &forgotten), &network.gradients().weights2, 1e-15, "le gradient");
}

#[test]
fn erreur_connue_appliquer_sigma_prime_a_une_couche_deja_activee() {
    let network = tutorial_network(0);
    let delta2 = -2.0 * (&network.y - &network.output);
    let wrong =
        network.layer1.t().dot(&(&delta2 * &network.output.mapv(sigmoid_derivative_at)));
    let right = delta2 * network.output.mapv(sigmoid_derivative_from_output);
    let right = network.layer1.t().dot(&right);
    let measured = measured_gradients(&network).weights2;
    assert!(relative_gap(&right, &measured) < 1e-8);
    assert!(relative_gap(&wrong, &measured) > 0.1, "{}", relative_gap(&wrong, &measured));
    assert_close(&network.gradients().weights2, &right, 1e-15, "le gradient");
}

#[test]
fn erreur_connue_oublier_sigma_prime_de_la_couche_cachee() {
    let network = tutorial_network(0);
    let delta2 = -2.0
        * (&network.y - &network.output)
        * network.output.mapv(sigmoid_derivative_from_output);
    let wrong = network.input.t().dot(&delta2.dot(&network.weights2.t()));
    let measured = measured_gradients(&network).weights1;
    assert!(relative_gap(&wrong, &measured) > 0.5, "{}", relative_gap(&wrong, &measured));
    assert!(relative_gap(&network.gradients().weights1, &measured) < 1e-8);
}

#[test]
fn le_neurone_du_chapitre_5_est_aussi_la_sortie_d_un_reseau() {
    // Les mêmes pentes, par `nn_core` : un neurone caché qui répond 1 exactement (biais de 1000)
    // et un poids de sortie w·x = 1 laissent la sortie faire tout le travail.
    let (x, y) = (arr2(&[[2.0]]), arr2(&[[1.0]]));
    let mut network = NeuralNetwork::with_hidden(x, y, 1, &mut NumpyRng::seed(0)).unwrap();
    network.biases1 = arr1(&[1000.0]);
    network.weights2 = arr2(&[[1.0]]);
    network.biases2 = arr1(&[3f64.ln() - 1.0]);
    network.feedforward();
    assert_close_number(network.loss(), 0.0625, 1e-15, "L");
    assert_close_number(network.gradients().biases2[0], -0.09375, 1e-15, "∂L/∂b");
}

#[test]
fn augmenter_un_peu_la_somme_change_la_reponse_puis_la_perte() {
    // « Si z augmente de 0,001, a augmente de 0,0001875, et la perte change de −0,5 fois cela. » :
    // au premier ordre, soit à 1 pour mille près.
    let (z, dz) = (3f64.ln(), 0.001);
    let da = sigmoid(z + dz) - sigmoid(z);
    assert_close_number(da, 0.0001875, 0.0001875 * 1e-3, "ce que gagne a");
    let dl = (1.0 - sigmoid(z + dz)).powi(2) - (1.0 - sigmoid(z)).powi(2);
    assert_close_number(dl, -0.5 * 0.0001875, 0.0001875 * 1e-3, "ce que perd L");
}

#[test]
fn chaque_gradient_a_la_forme_du_tableau_qu_il_concerne() {
    // « un gradient a toujours la forme du tableau qu'il concerne », pour toutes les formes.
    for case in &torch_oracle().cases {
        let network = case.network();
        let gradients = network.gradients();
        assert_eq!(gradients.weights1.dim(), network.weights1.dim());
        assert_eq!(gradients.biases1.dim(), network.biases1.dim());
        assert_eq!(gradients.weights2.dim(), network.weights2.dim());
        assert_eq!(gradients.biases2.dim(), network.biases2.dim());
    }
}

#[test]
fn la_transposee_est_une_vue_qui_ne_copie_rien() {
    // « `.t()` […] ne copie rien : c'est une **vue**. »
    let network = tutorial_network(0);
    assert_eq!(network.layer1.t().as_ptr(), network.layer1.as_ptr());
    assert_eq!(network.input.t().dim(), (3, 4));
}

#[test]
fn l_axe_zero_additionne_les_exemples() {
    // « `sum_axis(Axis(0))` additionne le long des lignes » : (m, h) → (h).
    let delta1 = arr2(&[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]]);
    assert_eq!(delta1.sum_axis(Axis(0)), arr1(&[6.0, 60.0]));
}

#[test]
fn les_seize_pentes_sont_celles_que_l_on_mesure_aux_arrondis_pres() {
    // « Un écart si petit est celui des arrondis » : la cellule affiche 2e-11. Une perte
    // voisine de 1 est connue à 10⁻¹⁶ près, et la mesure divise par h = 10⁻⁵.
    let network = tutorial_network(0).without_biases();
    let measured = measured_gradients(&network);
    assert_eq!(measured.weights1.len() + measured.weights2.len(), 16);
    assert_close(&network.gradients().weights1, &measured.weights1, 2e-10, "W1");
    assert_close(&network.gradients().weights2, &measured.weights2, 2e-10, "W2");
}

#[test]
fn un_pas_mene_la_perte_de_1_2981_a_1_0273() {
    // « La perte était de 1,2981. Que vaut-elle après un pas ? » La cellule répond 1.0273.
    let mut network = tutorial_network(0).without_biases();
    assert_close_number(network.loss(), 1.2981, 0.00005, "avant");
    network.backprop();
    network.feedforward();
    assert_close_number(network.loss(), 1.0273, 0.00005, "après");
}

#[test]
fn corriger_w2_trop_tot_fait_baisser_la_perte_quand_meme() {
    // « La perte baisserait quand même : rien ne le signalerait. » Un pas, sur vingt graines.
    for seed in 0..20 {
        let network = tutorial_network(seed).without_biases();
        let mut hasty = network.clone();
        hasty.weights2 -= &network.gradients().weights2;
        let late = hasty.gradients().weights1; // layer1 et output n'ont pas été recalculés
        assert!(relative_gap(&late, &network.gradients().weights1) > 1e-3, "graine {seed}");
        hasty.weights1 -= &late;
        hasty.feedforward();
        assert!(hasty.loss() < network.loss(), "graine {seed}");
    }
}

#[test]
fn oublier_le_facteur_deux_revient_a_un_taux_d_un_demi() {
    // « … deux fois trop petit, ce qui revient à un taux d'apprentissage de 0,5. »
    let network = tutorial_network(0).without_biases();
    let delta2 = (&network.output - &network.y)
        * network.output.mapv(sigmoid_derivative_from_output);
    let delta1 = delta2.dot(&network.weights2.t())
        * network.layer1.mapv(sigmoid_derivative_from_output);
    let mut forgetful = network.clone();
    forgetful.weights1 -= &network.input.t().dot(&delta1);
    forgetful.weights2 -= &network.layer1.t().dot(&delta2);
    let mut half = network.clone();
    half.weights1.scaled_add(-0.5, &network.gradients().weights1);
    half.weights2.scaled_add(-0.5, &network.gradients().weights2);
    assert_close_parameters(&parameters(&forgetful), &parameters(&half), 1e-15, "un pas");
}

#[test]
fn ajouter_l_oppose_comme_python_c_est_soustraire_le_gradient() {
    // « `2 * (y - output)` est **l'opposé** de la dérivée. » Les nombres sont ceux de la cellule.
    let network = tutorial_network(0).without_biases();
    let error = 2.0
        * (&network.y - &network.output)
        * network.output.mapv(sigmoid_derivative_from_output);
    let added = network.layer1.t().dot(&error);
    assert_close(&(-&added), &network.gradients().weights2, 1e-15, "l'opposé");
    let shown = arr2(&[[-0.304397], [-0.272005], [-0.294631], [-0.283455]]);
    assert_close(&added, &shown, 5e-7, "ce que Python ajoute");
}

#[test]
fn erreur_connue_oublier_de_transposer_une_couche_carree_ne_se_voit_pas_aux_formes() {
    // « Rust n'aurait rien dit, puisque les formes conviennent. » Quatre exemples et quatre neurones cachés font une
    // couche cachée carrée. Sans la transposée, la forme est bonne et les nombres sont faux.
    let network = tutorial_network(0);
    let delta2 = -2.0
        * (&network.y - &network.output)
        * network.output.mapv(sigmoid_derivative_from_output);
    let wrong = network.layer1.dot(&delta2);
    let measured = measured_gradients(&network).weights2;
    assert_eq!(wrong.dim(), measured.dim());
    assert_close_number(measured[[0, 0]], 0.3044, 5e-5, "avec la transposée");
    assert_close_number(wrong[[0, 0]], 0.2680, 5e-5, "sans la transposée");
    assert!(relative_gap(&wrong, &measured) > 0.1, "{}", relative_gap(&wrong, &measured));
}
