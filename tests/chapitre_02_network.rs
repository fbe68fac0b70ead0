//! Ce que dit le chapitre 02 de la classe et de ce qu'elle refuse :
//! `cargo test --test chapitre_02_network`.

mod commun;

use commun::{
    assert_close, assert_close_parameters, notebook_errors, numpy_oracle, parameters,
    tutorial_data,
};
use nn_core::error::MAX_WEIGHTS;
use nn_core::ndarray::{Array1, Array2, arr2};
use nn_core::rand::RngExt;
use nn_core::{Error, NeuralNetwork, NumpyRng, layer};

fn tutorial_network(seed: u32) -> NeuralNetwork {
    let (x, y) = tutorial_data();
    NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed)).unwrap()
}

/// Ce que le réseau répond à de mauvaises données.
fn refusal(x: Array2<f64>, y: Array2<f64>, hidden: usize) -> Error {
    NeuralNetwork::with_hidden(x, y, hidden, &mut NumpyRng::seed(0)).unwrap_err()
}

/// La phrase exacte, et la même dans un notebook (`Debug`) que dans un programme (`Display`).
#[track_caller]
fn assert_says(error: &impl std::error::Error, sentence: &str) {
    assert_eq!(error.to_string(), sentence);
    assert_eq!(format!("{error:?}"), sentence);
}

#[test]
fn le_tutoriel_a_quatre_neurones_caches() {
    let network = tutorial_network(0);
    assert_eq!(network.input.dim(), (4, 3));
    assert_eq!(network.weights1.dim(), (3, 4));
    assert_eq!(network.biases1.dim(), 4);
    assert_eq!(network.weights2.dim(), (4, 1));
    assert_eq!(network.biases2.dim(), 1);
    assert_eq!(network.y.dim(), (4, 1));
    assert_eq!(network.layer1.dim(), (4, 4));
    assert_eq!(network.output.dim(), (4, 1));
}

#[test]
fn les_formes_suivent_les_donnees_et_le_nombre_de_neurones_caches() {
    let (m, n, h, k) = (5, 2, 7, 3);
    let (x, y) = (Array2::ones((m, n)), Array2::ones((m, k)));
    let network = NeuralNetwork::with_hidden(x, y, h, &mut NumpyRng::seed(0)).unwrap();
    assert_eq!(network.weights1.dim(), (n, h));
    assert_eq!(network.biases1.dim(), h);
    assert_eq!(network.weights2.dim(), (h, k));
    assert_eq!(network.biases2.dim(), k);
    assert_eq!(network.layer1.dim(), (m, h));
    assert_eq!(network.output.dim(), (m, k));
}

#[test]
fn le_reseau_garde_les_exemples_tels_quels() {
    let (x, y) = tutorial_data();
    let network = tutorial_network(0);
    assert_eq!(network.input, x);
    assert_eq!(network.y, y);
}

#[test]
fn les_biais_partent_de_zero_et_seront_entraines() {
    let network = tutorial_network(0);
    assert_eq!(network.biases1, Array1::<f64>::zeros(4));
    assert_eq!(network.biases2, Array1::<f64>::zeros(1));
    assert!(network.trains_biases);
}

#[test]
fn avant_toute_propagation_la_sortie_est_nulle() {
    let network = tutorial_network(0);
    assert_eq!(network.layer1, Array2::<f64>::zeros((4, 4)));
    assert_eq!(network.output, Array2::<f64>::zeros((4, 1)));
}

#[test]
fn les_poids_sont_tous_dans_l_intervalle_de_zero_a_un_exclu() {
    for seed in 0..50 {
        let network = tutorial_network(seed);
        for &w in network.weights1.iter().chain(&network.weights2) {
            assert!((0.0..1.0).contains(&w), "graine {seed} : poids {w}");
        }
    }
}

#[test]
fn les_poids_ne_sont_pas_tous_les_memes() {
    // Des poids égaux laisseraient les neurones cachés égaux pour toujours.
    let network = tutorial_network(0);
    assert!(network.weights1.iter().any(|&w| w != network.weights1[[0, 0]]));
}

#[test]
fn les_nombres_tires_sont_ceux_de_numpy_au_dernier_bit() {
    let oracle = numpy_oracle();
    assert!(oracle.draws.iter().any(|draws| draws.seed == u32::MAX));
    for draws in &oracle.draws {
        let mut rng = NumpyRng::seed(draws.seed);
        for (place, expected) in draws.values().iter().enumerate() {
            let actual: f64 = rng.random();
            let what = format!("graine {}, tirage {place}", draws.seed);
            assert_eq!(
                actual.to_bits(),
                expected.to_bits(),
                "{}",
                oracle.made_by.cite(&what)
            );
        }
    }
}

#[test]
fn weights1_est_tire_d_abord_ligne_par_ligne_puis_weights2() {
    // Les 16 premiers nombres de np.random.seed(0) : 3 × 4 pour weights1, 4 × 1 pour weights2.
    let oracle = numpy_oracle();
    let draws = oracle.draws.iter().find(|draws| draws.seed == 0).unwrap();
    let values = draws.values();
    let network = tutorial_network(0);
    let weights: Vec<f64> =
        network.weights1.iter().chain(&network.weights2).copied().collect();
    assert_eq!(weights, values[..16], "{}", oracle.made_by.cite("poids, graine 0"));
    assert_eq!(network.weights1[[0, 1]], values[1], "la première ligne se remplit d'abord");
}

#[test]
fn le_reseau_de_depart_est_celui_de_la_classe_python() {
    // À 10⁻¹⁵ près, ce que la lecture du JSON peut perdre ; le dernier bit est vérifié plus haut.
    let oracle = numpy_oracle();
    for case in &oracle.trainings {
        let network = case.network();
        let what = oracle.made_by.cite(&format!("départ, {}", case.title()));
        assert_close(&network.input, &case.x.matrix(), 1e-15, &format!("x, {what}"));
        assert_close(&network.y, &case.y.matrix(), 1e-15, &format!("y, {what}"));
        assert_close_parameters(
            &parameters(&network),
            &case.initial.arrays(),
            1e-15,
            &what,
        );
    }
}

#[test]
fn la_meme_graine_donne_le_meme_reseau_et_une_autre_un_autre() {
    assert_eq!(tutorial_network(7), tutorial_network(7));
    assert_ne!(tutorial_network(7).weights1, tutorial_network(8).weights1);
}

#[test]
fn sans_biais_ils_reviennent_a_zero_et_rien_d_autre_ne_change() {
    let mut network = tutorial_network(0);
    network.biases1.fill(0.3);
    network.biases2.fill(-2.0);
    let without = network.clone().without_biases();
    assert!(!without.trains_biases);
    network.biases1.fill(0.0);
    network.biases2.fill(0.0);
    network.trains_biases = false;
    assert_eq!(without, network);
}

#[test]
fn un_tableau_sans_ligne_est_refuse() {
    let error = refusal(Array2::zeros((0, 3)), Array2::zeros((0, 1)), 4);
    assert_eq!(error, Error::Empty { array: "x", rows: 0, columns: 3 });
    assert_says(
        &error,
        "`x` est vide : il faut au moins une ligne et une colonne, et sa forme est (0, 3). \
         Donnez au moins un exemple, un par ligne.",
    );
}

#[test]
fn un_tableau_sans_colonne_est_refuse() {
    let error = refusal(Array2::zeros((4, 3)), Array2::zeros((4, 0)), 4);
    assert_eq!(error, Error::Empty { array: "y", rows: 4, columns: 0 });
}

#[test]
fn un_nan_est_refuse_et_montre_du_doigt() {
    let (mut x, y) = tutorial_data();
    x[[2, 1]] = f64::NAN;
    let error = refusal(x, y, 4);
    assert!(
        matches!(error, Error::NotFinite { array: "x", row: 2, column: 1, value } if value.is_nan())
    );
    assert_says(
        &error,
        "`x` contient NaN à la ligne 2, colonne 1 (comptées depuis 0) : il faut des nombres \
         finis, de 1e100 au plus. Remplacez ou retirez cette valeur.",
    );
}

#[test]
fn un_infini_est_refuse_dans_les_reponses_aussi() {
    for value in [f64::INFINITY, f64::NEG_INFINITY] {
        let (x, mut y) = tutorial_data();
        y[[3, 0]] = value;
        assert_eq!(
            refusal(x, y, 4),
            Error::NotFinite { array: "y", row: 3, column: 0, value }
        );
    }
}

#[test]
fn x_et_y_doivent_compter_autant_d_exemples() {
    let error = refusal(Array2::zeros((4, 3)), Array2::zeros((5, 1)), 4);
    assert_eq!(error, Error::RowMismatch { x: 4, y: 5 });
    assert_says(
        &error,
        "`x` et `y` doivent avoir autant de lignes, une par exemple : `x` en a 4, `y` en a 5. \
         Complétez le plus court, ou retirez les lignes de trop.",
    );
}

#[test]
fn il_faut_au_moins_un_neurone_cache() {
    let (x, y) = tutorial_data();
    let error = refusal(x, y, 0);
    assert_eq!(error, Error::NoHiddenUnits);
    assert_says(
        &error,
        "il faut au moins un neurone caché, et `hidden` vaut 0. Le tutoriel en prend 4 : \
         `NeuralNetwork::new` les met d'office.",
    );
}

#[test]
fn un_nombre_de_neurones_demesure_est_refuse_sans_toucher_a_la_memoire() {
    // 3 entrées et 1 sortie : 4 poids par neurone caché, et la limite est à 100 millions.
    let just_above = MAX_WEIGHTS / 4 + 1;
    // Quatre fois `round` déborde d'un entier et retombe sur 0 : le piège est là.
    let round = 1 << (usize::BITS - 2);
    for hidden in [just_above, round, usize::MAX] {
        let (x, y) = tutorial_data();
        let error = refusal(x, y, hidden);
        assert_eq!(error, Error::TooManyWeights { inputs: 3, hidden, outputs: 1 });
    }
    let (x, y) = tutorial_data();
    assert_says(
        &refusal(x, y, just_above),
        "un réseau de 3 entrée(s), 25000001 neurones cachés et 1 sortie(s) dépasse 100000000 poids, \
         la limite de ce réseau. Réduisez `hidden`.",
    );
}

#[test]
fn une_couche_cachee_demesuree_est_refusee_sans_toucher_a_la_memoire() {
    // Peu de poids, mais un million d'exemples : `layer1` tiendrait 10¹³ nombres, 80 To.
    let (examples, hidden) = (1_000_000, 10_000_000);
    let error = refusal(Array2::zeros((examples, 1)), Array2::zeros((examples, 1)), hidden);
    assert_eq!(error, Error::LayerTooLarge { examples, units: hidden });
    assert_says(
        &error,
        "une couche de 10000000 neurones pour 1000000 exemples tiendrait plus de 100000000 \
         nombres, la limite de ce réseau. Donnez moins d'exemples à la fois, ou moins de neurones.",
    );
}

#[test]
fn predict_veut_la_largeur_de_l_entrainement() {
    let error = tutorial_network(0).predict(&Array2::zeros((1, 2))).unwrap_err();
    assert_eq!(error, Error::Width { expected: 3, found: 2 });
    assert_says(
        &error,
        "chaque ligne de `x` doit avoir 3 colonne(s), comme à l'entraînement, et elle en a 2. \
         Donnez les mêmes grandeurs, dans le même ordre (sans oublier la colonne de 1, s'il y en \
         avait une).",
    );
}

#[test]
fn une_couche_veut_autant_de_lignes_de_poids_que_x_a_de_colonnes() {
    let error = layer(&Array2::zeros((4, 3)), &Array2::zeros((2, 5)), &Array1::zeros(5))
        .unwrap_err();
    assert!(matches!(error, Error::Shape { array: "weights", expected: 3, found: 2, .. }));
    assert_says(
        &error,
        "dans σ(x·W + b), `weights` devrait avoir 3 ligne(s), autant que `x` a de colonnes, \
         et il en a 2. Vérifiez la forme de l'un et de l'autre avec `.dim()`.",
    );
}

#[test]
fn une_couche_veut_un_biais_par_neurone() {
    let error = layer(&Array2::zeros((4, 3)), &Array2::zeros((3, 5)), &Array1::zeros(1))
        .unwrap_err();
    assert!(matches!(error, Error::Shape { array: "biases", expected: 5, found: 1, .. }));
    assert_says(
        &error,
        "dans σ(x·W + b), `biases` devrait avoir 5 élément(s), autant que `weights` a de \
         colonnes, et il en a 1. Vérifiez la forme de l'un et de l'autre avec `.dim()`.",
    );
}

#[test]
fn une_couche_refuse_un_poids_ou_un_biais_qui_n_est_pas_un_nombre() {
    let x = arr2(&[[1.0, 2.0]]);
    let weights = arr2(&[[0.5], [f64::INFINITY]]);
    assert_eq!(
        layer(&x, &weights, &Array1::zeros(1)).unwrap_err(),
        Error::NotFinite { array: "weights", row: 1, column: 0, value: f64::INFINITY }
    );
    let biases = Array1::from_vec(vec![0.0, f64::NEG_INFINITY]);
    assert_eq!(
        layer(&x, &Array2::zeros((2, 2)), &biases).unwrap_err(),
        Error::NotFinite { array: "biases", row: 0, column: 1, value: f64::NEG_INFINITY }
    );
}

#[test]
fn un_dessin_manque_dit_pourquoi() {
    assert_says(
        &nn_plot::Error::Plot("disque plein".to_string()),
        "le dessin n'a pas pu être fait : disque plein",
    );
}

#[test]
fn le_reseau_du_tutoriel_a_vingt_et_un_reglages_et_seize_sans_les_biais() {
    // « 3 × 4 + 4 + 4 × 1 + 1 = 21. Le tutoriel, qui oublie les biais dans sa classe, en a 16. »
    let network = tutorial_network(0);
    let weights = network.weights1.len() + network.weights2.len();
    let biases = network.biases1.len() + network.biases2.len();
    assert_eq!(network.weights1.len(), 12); // « il y a 12 traits »
    assert_eq!((weights, weights + biases), (16, 21));
    // Ce qui bouge à l'entraînement le confirme : 21 nombres avec les biais, 16 sans.
    for (mut trained, expected) in [(network.clone(), 21), (network.without_biases(), 16)] {
        let start = parameters(&trained);
        trained.train(1);
        let end = parameters(&trained);
        let before = [start.weights1.iter(), start.weights2.iter()].into_iter().flatten();
        let before = before.chain(&start.biases1).chain(&start.biases2);
        let after = [end.weights1.iter(), end.weights2.iter()].into_iter().flatten();
        let after = after.chain(&end.biases1).chain(&end.biases2);
        assert_eq!(before.zip(after).filter(|(b, a)| b != a).count(), expected);
    }
}

#[test]
fn une_ligne_de_w1_par_entree_et_une_colonne_par_neurone() {
    // Changer la colonne j ne change que le neurone caché j ; changer la ligne i ne change rien
    // pour un exemple dont l'entrée i vaut 0.
    let mut network = tutorial_network(0);
    network.feedforward();
    let before = network.layer1.clone();
    network.weights1.column_mut(2).fill(-1.0);
    network.feedforward();
    for (j, (new, old)) in
        network.layer1.columns().into_iter().zip(before.columns()).enumerate()
    {
        assert_eq!(new != old, j == 2, "neurone {j}");
    }
    let mut network = tutorial_network(0);
    network.weights1.row_mut(0).fill(-1.0);
    network.feedforward();
    for (i, (new, old)) in network.layer1.rows().into_iter().zip(before.rows()).enumerate()
    {
        assert_eq!(new != old, network.input[[i, 0]] != 0.0, "exemple {i}");
    }
}

#[test]
fn une_copie_est_egale_et_change_sans_l_original() {
    // « `#[derive(Clone, …)]` demande à Rust d'écrire pour nous la copie, l'affichage et la
    // comparaison. »
    let network = tutorial_network(0);
    let mut copy = network.clone();
    assert_eq!(copy, network);
    assert!(format!("{network:?}").starts_with("NeuralNetwork { input: [["));
    copy.weights1[[0, 0]] = -1.0;
    assert_ne!(copy, network);
    assert_eq!(network, tutorial_network(0));
}

#[test]
fn les_poids_de_la_cellule_sont_ceux_que_le_chapitre_compare_a_python() {
    // « Les mêmes, au dernier bit. » : la première ligne de W1, telle que la cellule l'affiche.
    let network = tutorial_network(0);
    assert_eq!(
        format!("{:.4}", network.weights1.row(0)),
        "[0.5488, 0.7152, 0.6028, 0.5449]"
    );
}

#[test]
fn les_erreurs_que_le_chapitre_commente_sont_celles_du_notebook() {
    // « *borrow of moved value: `a`* », puis « L'erreur est en français, et dit quoi faire. »
    let (x, _) = tutorial_data();
    let refused = refusal(x, Array2::zeros((3, 1)), 4).to_string();
    assert_eq!(notebook_errors("02_network"), ["borrow of moved value: `a`", &refused]);
}

#[test]
fn partis_egaux_les_quatre_neurones_caches_le_restent() {
    // « Les quatre répondraient la même chose, recevraient la même correction, et resteraient
    // identiques pour toujours. »
    let mut network = tutorial_network(0);
    network.weights1.fill(0.5);
    network.weights2.fill(0.5);
    network.train(1500);
    let first = network.weights1.column(0).to_owned();
    assert_ne!(first, Array1::from_elem(3, 0.5), "l'entraînement a bien changé les poids");
    for j in 1..4 {
        let what = format!("neurone {j}");
        assert_close(&network.weights1.column(j).to_owned(), &first, 1e-9, &what);
        assert_close(
            &network.layer1.column(j).to_owned(),
            &network.layer1.column(0).to_owned(),
            1e-9,
            &what,
        );
    }
}
