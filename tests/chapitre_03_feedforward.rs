//! Ce que dit le chapitre 03 de la propagation avant, calculs à la main compris :
//! `cargo test --test chapitre_03_feedforward`.

mod commun;

use commun::{
    assert_close, assert_close_number, hand_network, notebook_errors, tutorial_data,
};
use nn_core::ndarray::{Array1, Array2, Axis, arr1, arr2, concatenate};
use nn_core::rand::RngExt;
use nn_core::{Error, NeuralNetwork, NumpyRng, layer, sigmoid};

fn trained_network() -> NeuralNetwork {
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.train(50);
    network
}

#[test]
fn un_neurone_calcule_a_la_main() {
    // z = 1 × 0,5 + 2 × (−0,25) + ln 3 = ln 3, et σ(ln 3) = 1 / (1 + 1/3) = 0,75.
    let x = arr2(&[[1.0, 2.0]]);
    let weights = arr2(&[[0.5], [-0.25]]);
    let biases = arr1(&[3f64.ln()]);
    let answer = layer(&x, &weights, &biases).unwrap();
    assert_close(&answer, &arr2(&[[0.75]]), 1e-15, "σ(ln 3)");
}

#[test]
fn deux_couches_calculees_a_la_main() {
    // Premier neurone caché : z = 1 × 0,5 + 2 × (−0,25) + ln 3 = ln 3, σ = 0,75.
    // Second neurone caché  : z = 1 × 2   + 2 × (−1)    + 0    = 0,    σ = 0,5.
    // Sortie : z = 0,75 × 4 + 0,5 × (−6) + ln 4 = ln 4, σ = 1 / (1 + 1/4) = 0,8.
    let network = hand_network();
    assert_close(&network.layer1, &arr2(&[[0.75, 0.5]]), 1e-15, "la couche cachée");
    assert_close(&network.output, &arr2(&[[0.8]]), 1e-15, "la sortie");
}

#[test]
fn le_biais_s_ajoute_a_chaque_exemple() {
    // Poids nuls : il ne reste que les biais, ln 3 et 0, les mêmes à chaque ligne.
    let x = arr2(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    let answer = layer(&x, &Array2::zeros((2, 2)), &arr1(&[3f64.ln(), 0.0])).unwrap();
    let expected = arr2(&[[0.75, 0.5], [0.75, 0.5], [0.75, 0.5]]);
    assert_close(&answer, &expected, 1e-15, "les biais seuls");
}

#[test]
fn une_ligne_de_x_donne_une_ligne_de_reponse_sans_regarder_les_autres() {
    let network = trained_network();
    for row in 0..4 {
        let alone = network.predict(&network.input.select(Axis(0), &[row])).unwrap();
        let among = network.output.select(Axis(0), &[row]);
        assert_close(&alone, &among, 1e-15, &format!("exemple {row}"));
    }
}

#[test]
fn la_ligne_de_x_multiplie_les_colonnes_de_w() {
    // La convention des lignes : la somme court sur les lignes de W. Calcul case par case.
    let network = trained_network();
    let answer = layer(&network.input, &network.weights1, &network.biases1).unwrap();
    let by_hand = Array2::from_shape_fn((4, 4), |(i, j)| {
        let z: f64 = (0..3).map(|l| network.input[[i, l]] * network.weights1[[l, j]]).sum();
        sigmoid(z + network.biases1[j])
    });
    assert_close(&answer, &by_hand, 1e-15, "σ(Σ x W + b)");
}

#[test]
fn la_propagation_avant_est_la_composition_de_deux_couches() {
    let mut network = trained_network();
    network.feedforward();
    let layer1 = layer(&network.input, &network.weights1, &network.biases1).unwrap();
    let output = layer(&layer1, &network.weights2, &network.biases2).unwrap();
    assert_eq!(network.layer1, layer1);
    assert_eq!(network.output, output);
}

#[test]
fn la_propagation_avant_ne_change_ni_les_poids_ni_les_exemples() {
    let mut network = trained_network();
    let before = network.clone();
    network.feedforward();
    network.feedforward();
    assert_eq!(network, before);
}

#[test]
fn predire_les_lignes_de_l_entrainement_redonne_la_sortie() {
    let network = trained_network();
    assert_eq!(network.predict(&network.input).unwrap(), network.output);
}

#[test]
fn predire_une_ligne_nouvelle_applique_les_memes_poids() {
    // Le réseau du calcul à la main, interrogé ailleurs : (0, 0) laisse les biais seuls.
    // Cachés : σ(ln 3) = 0,75 et σ(0) = 0,5 ; sortie : 0,75 × 4 + 0,5 × (−6) = 0, σ = 0,5.
    let (x, y) = (arr2(&[[1.0, 2.0]]), arr2(&[[1.0]]));
    let mut network = NeuralNetwork::with_hidden(x, y, 2, &mut NumpyRng::seed(0)).unwrap();
    network.biases1 = arr1(&[3f64.ln(), 0.0]);
    network.weights2 = arr2(&[[4.0], [-6.0]]);
    let answer = network.predict(&arr2(&[[0.0, 0.0]])).unwrap();
    assert_close(&answer, &arr2(&[[0.5]]), 1e-15, "la ligne (0, 0)");
}

#[test]
fn predire_ne_change_pas_le_reseau() {
    let network = trained_network();
    let before = network.clone();
    network.predict(&arr2(&[[0.3, 0.7, 1.0]])).unwrap();
    network.predict(&arr2(&[[0.3, 0.7]])).unwrap_err();
    assert_eq!(network, before);
}

#[test]
fn on_predit_autant_de_lignes_que_l_on_veut() {
    let network = trained_network();
    let x = concatenate![Axis(0), network.input, network.input, network.input];
    assert_eq!(network.predict(&x).unwrap().dim(), (12, 1));
}

#[test]
fn une_matrice_rangee_par_colonnes_en_memoire_donne_la_meme_reponse() {
    // Une transposée garde ses nombres à leur place et ne change que l'ordre de lecture.
    let network = trained_network();
    let transposed = network.input.t().as_standard_layout().into_owned().reversed_axes();
    assert_eq!(transposed, network.input);
    assert!(!transposed.is_standard_layout());
    assert_close(
        &network.predict(&transposed).unwrap(),
        &network.output,
        1e-15,
        "transposée",
    );
}

#[test]
fn une_ligne_d_une_autre_largeur_est_refusee() {
    let network = trained_network();
    for found in [1, 2, 4, 10] {
        let error = network.predict(&Array2::zeros((2, found))).unwrap_err();
        assert_eq!(error, Error::Width { expected: 3, found });
    }
}

#[test]
fn predire_refuse_le_vide_et_ce_qui_n_est_pas_un_nombre() {
    let network = trained_network();
    assert_eq!(
        network.predict(&Array2::zeros((0, 3))).unwrap_err(),
        Error::Empty { array: "x", rows: 0, columns: 3 }
    );
    assert_eq!(
        network.predict(&arr2(&[[0.0, 1.0, 1.0], [0.0, f64::INFINITY, 1.0]])).unwrap_err(),
        Error::NotFinite { array: "x", row: 1, column: 1, value: f64::INFINITY }
    );
}

#[test]
fn trop_d_exemples_a_la_fois_pour_la_couche_sont_refuses_sans_toucher_a_la_memoire() {
    // 3 millions de lignes et 3 millions de neurones : 9 × 10¹² nombres, 72 To.
    let size = 3_000_000;
    let (x, weights) = (Array2::zeros((size, 1)), Array2::zeros((1, size)));
    assert_eq!(
        layer(&x, &weights, &Array1::zeros(size)).unwrap_err(),
        Error::LayerTooLarge { examples: size, units: size }
    );
}

#[test]
fn une_seule_couche_ne_peut_pas_apprendre_le_tutoriel() {
    // Pour répondre 0, 1, 1, 0 avec un seul neurone, il faudrait à la fois b < 0, b + w1 > 0,
    // b + w2 > 0 et b + w1 + w2 < 0. Or les deux du milieu, ajoutées, disent
    // b + (b + w1 + w2) > 0 : c'est impossible. Le test le constate sur une grille.
    let (x, y) = tutorial_data();
    let grid = || (-10..=10).map(f64::from);
    for (w1, w2) in grid().flat_map(|w1| grid().map(move |w2| (w1, w2))) {
        for b in grid() {
            let answer = layer(&x, &arr2(&[[w1], [w2], [b]]), &arr1(&[0.0])).unwrap();
            let right =
                answer.iter().zip(&y).filter(|&(&a, &y)| (a > 0.5) == (y > 0.5)).count();
            assert!(right < 4, "w1 = {w1}, w2 = {w2}, b = {b} répond juste aux quatre");
        }
    }
}

#[test]
fn un_nombre_demesure_est_refuse_avant_de_donner_une_reponse_qui_n_en_est_pas_une() {
    // 1e308 × 10 + 1e308 × (−10) : ∞ − ∞, bien que chaque nombre donné soit fini.
    let x = arr2(&[[1e308, 1e308]]);
    let weights = arr2(&[[10.0], [-10.0]]);
    let refused = layer(&x, &weights, &arr1(&[0.0])).unwrap_err();
    assert_eq!(refused, Error::NotFinite { array: "x", row: 0, column: 0, value: 1e308 });
    let x = arr2(&[[1e100, 1e100]]);
    let weights = arr2(&[[1e100], [-1e100]]);
    assert!(layer(&x, &weights, &arr1(&[0.0])).unwrap()[[0, 0]].is_finite());
}

#[test]
fn le_biais_du_neurone_a_la_main_est_l_arrondi_de_ln_3() {
    // « b = 1,0986 », « z = 1 × 0,5 + 2 × (−0,25) + 1,0986 = 1,0986 »
    assert_close_number(3f64.ln(), 1.0986, 0.00005, "ln 3");
    assert_eq!(1.0 * 0.5 + 2.0 * (-0.25) + 1.0986, 1.0986);
}

#[test]
fn sans_biais_un_neurone_qui_ne_recoit_que_des_zeros_repond_un_demi() {
    // « … toujours 0,5, quels que soient ses poids. »
    let mut rng = NumpyRng::seed(0);
    for _ in 0..100 {
        let weights =
            Array2::from_shape_simple_fn((3, 1), || rng.random_range(-10.0..10.0));
        let answer = layer(&Array2::zeros((1, 3)), &weights, &arr1(&[0.0])).unwrap();
        assert_eq!(answer, arr2(&[[0.5]]));
    }
}

#[test]
fn les_deux_neurones_du_chapitre_ont_pour_sommes_ln_3_et_zero() {
    // x · W + b = (ln 3, 0), puis « notre 0,75 » et « σ(0) = 0,5 ».
    let (x, weights) = (arr2(&[[1.0, 2.0]]), arr2(&[[0.5, 2.0], [-0.25, -1.0]]));
    let biases = arr1(&[3f64.ln(), 0.0]);
    let z = x.dot(&weights) + &biases;
    assert_eq!(z, arr2(&[[3f64.ln(), 0.0]]));
    let answer = layer(&x, &weights, &biases).unwrap();
    assert_close(&answer, &arr2(&[[0.75, 0.5]]), 1e-15, "les deux réponses");
    // Deux exemples d'un coup : « La première ligne n'a pas changé. »
    let two = layer(&arr2(&[[1.0, 2.0], [0.0, 1.0]]), &weights, &biases).unwrap();
    assert_eq!(two.row(0), answer.row(0));
}

#[test]
fn ce_qui_se_touche_doit_etre_egal_et_disparait() {
    // « Un tableau (m, n) multiplié par un tableau (n, h) donne un tableau (m, h). »
    for (m, n, h) in [(1, 2, 2), (4, 3, 4), (1, 2, 3), (5, 1, 7)] {
        let product = Array2::<f64>::ones((m, n)).dot(&Array2::ones((n, h)));
        assert_eq!(product.dim(), (m, h));
        assert_eq!(product[[0, 0]], n as f64, "chaque case additionne n produits");
    }
}

#[test]
fn l_ordre_du_wiki_donne_les_memes_nombres_transposes() {
    // W x + b, un exemple par colonne, contre x · W + b, un exemple par ligne.
    let network = trained_network();
    let ours = network.input.dot(&network.weights1) + &network.biases1; // (m, n) · (n, h) + (h)
    let wikis = network.weights1.t().dot(&network.input.t()) // (h, n) · (n, m)
        + network.biases1.view().insert_axis(Axis(1)); // (h, 1)
    assert_close(&wikis.t().to_owned(), &ours, 1e-14, "W x + b, transposé");
}

/// Les quatre coins du carré, et la réponse attendue à chacun.
fn corners() -> (Array2<f64>, [bool; 4]) {
    (arr2(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]]), [false, true, true, false])
}

#[test]
fn ou_et_pas_et_repond_le_ou_exclusif_avec_des_poids_choisis_a_la_main() {
    let (x, xor) = corners();
    let (w1, b1) = (arr2(&[[20., 20.], [20., 20.]]), arr1(&[-10., -30.]));
    let (w2, b2) = (arr2(&[[20.], [-20.]]), arr1(&[-10.]));
    // Le tableau : les sommes du OU et du ET, puis celle de la sortie, à un millième près.
    let sums = x.dot(&w1) + &b1;
    assert_eq!(sums, arr2(&[[-10., -30.], [10., -10.], [10., -10.], [30., 10.]]));
    let hidden = layer(&x, &w1, &b1).unwrap();
    let last = hidden.dot(&w2) + &b2;
    for (sum, wanted) in last.iter().zip([-10., 10., 10., -10.]) {
        assert!((sum - wanted).abs() < 0.002, "{last}");
    }
    // Vus par la sortie, les deux « attendu 1 » « sont tombés au même endroit ».
    assert_eq!(hidden.row(1), hidden.row(2));
    // « l'écart est ici de moins d'un dix-millième »
    let answers = layer(&hidden, &w2, &b2).unwrap();
    for (answer, yes) in answers.iter().zip(xor) {
        assert!((answer - f64::from(u8::from(yes))).abs() < 1e-4, "{answers}");
    }
    // « Trois coins sont du bon côté ; (1, 1) est du mauvais. »
    let or = layer(&x, &arr2(&[[20.], [20.]]), &arr1(&[-10.])).unwrap();
    let right: Vec<bool> = or.iter().zip(xor).map(|(a, yes)| (*a > 0.5) == yes).collect();
    assert_eq!(right, [true, true, true, false]);
}

#[test]
fn preter_un_tableau_le_garde_et_l_operation_sur_place_le_change() {
    let mut a = arr1(&[3.0, 4.0]);
    let b = arr1(&[1.0, 1.0]);
    assert_eq!((&a - &b, 2.0 * &a), (arr1(&[2.0, 3.0]), arr1(&[6.0, 8.0])));
    a -= &b;
    assert_eq!((a.dot(&b), a), (5.0, arr1(&[2.0, 3.0])));
}

#[test]
fn l_etoile_multiplie_case_par_case_et_panique_quand_elle_ne_peut_pas() {
    // Les formes (1, 2) et (2, 3) : « Le produit de matrices donnerait (1, 3) », l'étoile panique.
    let (x, wide) = (arr2(&[[1.0, 2.0]]), arr2(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    assert_eq!(x.dot(&wide).dim(), (1, 3));
    assert!(std::panic::catch_unwind(|| &x * &wide).is_err());
    // « Plus sournois : quand les formes s'y prêtent, `*` répond sans se plaindre. »
    let square = arr2(&[[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(&square * &square, arr2(&[[1.0, 4.0], [9.0, 16.0]]));
    assert_eq!(square.dot(&square), arr2(&[[7.0, 10.0], [15.0, 22.0]]));
}

#[test]
fn l_erreur_que_le_chapitre_commente_est_celle_du_notebook() {
    // « L'erreur le dit en français, au lieu d'une panique. »
    let (narrow, weights) = (arr2(&[[1.0], [2.0]]), arr2(&[[0.5, 2.0], [-0.25, -1.0]]));
    let refused =
        layer(&narrow, &weights, &arr1(&[3f64.ln(), 0.0])).unwrap_err().to_string();
    assert_eq!(notebook_errors("03_feedforward"), [refused]);
}

#[test]
fn les_sommes_d_une_seule_couche_se_croisent_toujours() {
    // « z00 + z11 = z01 + z10 », d'où l'impossibilité : réponses > 0,5 si et seulement si z > 0.
    let (x, _) = tutorial_data();
    let mut rng = NumpyRng::seed(0);
    let mut best = 0;
    for _ in 0..10_000 {
        let weights =
            Array2::from_shape_simple_fn((3, 1), || rng.random_range(-10.0..10.0));
        let biases = Array1::from_elem(1, rng.random_range(-10.0..10.0));
        let z = x.dot(&weights) + &biases;
        let crossed = z[[1, 0]] + z[[2, 0]];
        assert_close_number(z[[0, 0]] + z[[3, 0]], crossed, 1e-13, "z00 + z11");
        let answer = layer(&x, &weights, &biases).unwrap();
        assert!(z.iter().zip(&answer).all(|(z, a)| (*z > 0.0) == (*a > 0.5)));
        let right = answer
            .iter()
            .zip([false, true, true, false])
            .filter(|(a, y)| (**a > 0.5) == *y);
        best = best.max(right.count());
    }
    // Le meilleur de la cellule répond juste à 3 exemples sur 4 ; dix mille tirages suffisent.
    assert_eq!(best, 3);
}

#[test]
fn avant_l_entrainement_toutes_les_reponses_depassent_un_demi() {
    // « Chaque neurone caché répond au moins 0,5 […] et σ d'un nombre positif dépasse 0,5. »
    for seed in 0..200 {
        let (x, y) = tutorial_data();
        let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed)).unwrap();
        network.feedforward();
        assert!(
            network.layer1.iter().all(|&a| a >= 0.5),
            "graine {seed} : {}",
            network.layer1
        );
        assert!(
            network.output.iter().all(|&a| a > 0.5),
            "graine {seed} : {}",
            network.output
        );
    }
}

#[test]
fn avant_l_entrainement_les_reponses_de_la_graine_zero_sont_hautes_et_presque_egales() {
    // « Les quatre réponses sont hautes, et presque égales. »
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.feedforward();
    let expected = arr2(&[[0.7437], [0.7793], [0.7827], [0.8057]]);
    assert_close(&network.output, &expected, 0.00005, "réponses, graine 0");
    // La ligne nouvelle de la cellule, à mi-chemin des quatre, répond entre elles.
    let answer = network.predict(&arr2(&[[0.5, 0.5, 1.0]])).unwrap();
    assert_close(&answer, &arr2(&[[0.7811]]), 0.00005, "la ligne nouvelle");
}

#[test]
fn le_tableau_pas_a_pas_est_celui_du_reseau() {
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.feedforward();
    let z1 = network.input.dot(&network.weights1) + &network.biases1;
    let z2 = network.layer1.dot(&network.weights2) + &network.biases2;
    let chapter = include_str!("../book/src/03_feedforward.md");
    let french = |value: &f64| format!("{value:.2}").replace('.', ",");
    let list = |row: Vec<String>| row.join("\u{a0}; ");
    for m in 0..4 {
        let row = format!(
            "| {} | {} | {} | {} | {} |\n",
            network.input.row(m).iter().map(f64::to_string).collect::<Vec<_>>().join(" "),
            list(z1.row(m).iter().map(french).collect()),
            list(network.layer1.row(m).iter().map(french).collect()),
            french(&z2[[m, 0]]),
            french(&network.output[[m, 0]]),
        );
        assert!(chapter.contains(&row), "{row}");
    }
    // « Chaque somme cachée est l'un d'eux » : à la ligne 1, les poids de la troisième entrée.
    assert_eq!(z1.row(0), network.weights1.row(2));
    // « Chaque entrée qui passe de 0 à 1 augmente toutes les sommes. »
    for (less, more) in [(0, 1), (0, 2), (1, 3), (2, 3)] {
        assert!((0..4).all(|j| z1[[less, j]] < z1[[more, j]]));
        assert!(network.output[[less, 0]] < network.output[[more, 0]]);
    }
}
