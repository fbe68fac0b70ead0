//! Ce que dit le chapitre 08 de ses expériences :
//! `cargo test --test chapitre_08_experiments`.

mod commun;

use commun::{
    assert_close, assert_close_number, network_without_biases, numpy_oracle, tutorial_data,
};
use nn_core::ndarray::{Array2, arr2};
use nn_core::{
    NeuralNetwork, NumpyRng, sigmoid_derivative_at, sigmoid_derivative_from_output,
};

/// Réussir : les quatre réponses du bon côté de 0,5.
fn is_right(network: &NeuralNetwork) -> bool {
    network.output.iter().zip(&network.y).all(|(output, y)| (*output > 0.5) == (*y > 0.5))
}

/// Le réseau du tutoriel, sur d'autres questions et avec `hidden` neurones cachés.
fn network_with(x: &Array2<f64>, hidden: usize, seed: u32) -> NeuralNetwork {
    let (_, y) = tutorial_data();
    NeuralNetwork::with_hidden(x.clone(), y, hidden, &mut NumpyRng::seed(seed))
        .unwrap()
        .without_biases()
}

/// Combien des premières graines réussissent en 1500 pas.
///
/// Une perte sous 0,1 met chaque réponse à moins de 0,32 de la bonne : inutile d'aller plus loin.
fn successes(seeds: u32, x: &Array2<f64>, hidden: usize) -> usize {
    let succeeds = |seed: &u32| {
        let mut network = network_with(x, hidden, *seed);
        for _ in 0..30 {
            network.train(50);
            if network.loss() < 0.1 {
                break;
            }
        }
        is_right(&network)
    };
    (0..seeds).filter(succeeds).count()
}

/// Un pas à ce taux ; la sortie n'est à jour qu'au pas suivant.
fn step_at(network: &mut NeuralNetwork, rate: f64) {
    network.feedforward();
    let gradients = network.gradients();
    for (w, slope) in network.weights1.iter_mut().zip(&gradients.weights1) {
        *w -= rate * slope;
    }
    for (w, slope) in network.weights2.iter_mut().zip(&gradients.weights2) {
        *w -= rate * slope;
    }
}

/// Des pas à ce taux, puis une sortie à jour.
fn train_at(network: &mut NeuralNetwork, rate: f64, steps: usize) {
    for _ in 0..steps {
        step_at(network, rate);
    }
    network.feedforward();
}

/// La racine de la somme des carrés de toutes les pentes.
fn slope_size(network: &NeuralNetwork) -> f64 {
    let gradients = network.gradients();
    gradients.weights1.iter().chain(&gradients.weights2).map(|g| g * g).sum::<f64>().sqrt()
}

#[test]
fn au_moins_cent_quatre_vingt_dix_graines_sur_deux_cents_apprennent() {
    // Apprendre : les quatre réponses du bon côté de 0,5, en 1500 pas au plus, ce que l'on
    // regarde tous les 50 pas pour s'arrêter dès que c'est acquis.
    let learns = |seed: &u32| {
        let mut network = network_without_biases(*seed);
        (0..30).any(|_| {
            network.train(50);
            is_right(&network)
        })
    };
    let learned = (0..200).filter(learns).count();
    let oracle = numpy_oracle();
    let what = oracle.made_by.cite("NumPy");
    let reference = oracle.learned_of_first_200_seeds;
    assert!(
        learned >= 190,
        "{learned} graines sur 200 ont appris, au lieu de {reference} : {what}"
    );
}

#[test]
fn avant_l_entrainement_les_neurones_caches_se_ressemblent_et_apres_ils_se_partagent_le_travail()
 {
    let mut network = network_without_biases(0);
    network.train(0);
    // « Avant, les quatre colonnes se ressemblent. » : à chaque question, à moins de 0,15 près.
    for row in network.layer1.rows() {
        let (low, high) =
            row.iter().fold((1.0, 0.0), |(l, h), &a| (f64::min(l, a), f64::max(h, a)));
        assert!(high - low < 0.15, "{row}");
    }
    network.train(1500);
    let answers = |j: usize| network.layer1.column(j).mapv(|a| a > 0.5).to_vec();
    // Le deuxième « s'allume dès qu'un des deux nombres vaut 1 », le premier « quand les deux
    // valent 1 » ; les deux derniers s'éteignent chacun pour une seule des questions 0 1 et 1 0.
    assert_eq!(answers(1), [false, true, true, true]);
    assert_eq!(answers(0), [false, false, false, true]);
    assert_eq!(answers(2)[1..], [false, true, true]);
    assert_eq!(answers(3)[1..], [true, false, true]);
    // « Aucun ne sait le ou exclusif. »
    for j in 0..4 {
        let (yes, no) = (vec![false, true, true, false], vec![true, false, false, true]);
        assert!(answers(j) != yes && answers(j) != no, "neurone {j}");
    }
    // « La sortie n'a plus qu'à soustraire. » : le deuxième compte en plus, les autres en moins.
    let signs: Vec<bool> = network.weights2.iter().map(|&w| w > 0.0).collect();
    assert_eq!(signs, [false, true, false, false]);
}

#[test]
fn la_marche_vue_d_en_haut_suit_la_plus_forte_pente_jusqu_a_des_pas_minuscules() {
    let start = network_without_biases(0);
    let mut walker = network_without_biases(0);
    walker.train(1500);
    for place in [[0, 0], [1, 0]] {
        walker.weights2[place] = start.weights2[place];
    }
    walker.feedforward();
    let (mut steps, mut losses) = (Vec::new(), Vec::new());
    for _ in 0..1500 {
        let slopes = walker.gradients().weights2;
        walker.weights2[[0, 0]] -= slopes[[0, 0]];
        walker.weights2[[1, 0]] -= slopes[[1, 0]];
        losses.push(walker.loss());
        steps.push(slopes[[0, 0]].hypot(slopes[[1, 0]]));
        walker.feedforward();
    }
    // « Le chemin descend toujours. »
    assert!(losses.windows(2).all(|l| l[1] < l[0]));
    // Il part d'un plateau (perte 1,99), où les pas sont courts ; le plus long vient ensuite,
    // quand la pente se creuse, et « les derniers [sont] minuscules ».
    let longest = (0..1500).max_by(|&i, &j| steps[i].total_cmp(&steps[j])).unwrap();
    assert!(losses[0] > 1.9 && steps[0] < 0.02, "premier pas {}", steps[0]);
    assert!((50..200).contains(&longest) && steps[longest] > 0.3, "pas {longest}");
    assert!(steps[1499] < 0.01 * steps[longest], "dernier pas {}", steps[1499]);
    // « la perte est encore d'environ 0,005, près du double de celle du réseau entraîné, 0,0028 »
    assert_eq!(format!("{:.3}", losses[1499]), "0.005");
    let mut trained = network_without_biases(0);
    trained.train(1500);
    assert!((1.7..2.0).contains(&(losses[1499] / trained.loss())));
    assert_eq!(format!("{:.4}", trained.loss()), "0.0028");
}

#[test]
fn la_graine_soixante_sept_n_est_pas_perdue_mais_lente() {
    // « Une seule reste en arrière. […] Laissons-lui 10 000 pas. […] elle était lente. »
    let mut network = network_without_biases(67);
    network.train(1500);
    assert!(!is_right(&network));
    assert_close_number(network.loss(), 0.5046, 0.00005, "perte après 1500 pas");
    // « deux exemples sont appris, les deux autres reçoivent presque la même réponse »
    let output = network.output.column(0);
    assert!(output[0] < 0.05 && output[1] > 0.95, "{output}");
    assert!((output[2] - output[3]).abs() < 0.01, "{output}");
    // « Les pentes y sont si faibles que chaque pas ne change presque rien. »
    assert!(slope_size(&network) < 0.005, "{}", slope_size(&network));
    let plateau = network.train(1000);
    assert!(plateau[0] - plateau[999] < 0.005, "la perte reste sur son plateau");
    // « Puis les neurones cachés finissent par se séparer, et la descente reprend. »
    network.train(7500);
    assert!(is_right(&network) && network.loss() < 0.001, "perte {}", network.loss());
}

#[test]
fn un_seul_neurone_cache_n_y_arrive_jamais() {
    // Sans biais, la sortie vaut σ(w·a) avec a > 0 : les quatre réponses sont du même côté.
    for seed in 0..10 {
        let mut network = network_with(&tutorial_data().0, 1, seed);
        for _ in 0..15 {
            network.train(100);
            let above = network.output.iter().filter(|a| **a > 0.5).count();
            assert!(above == 0 || above == 4, "graine {seed} : {}", network.output);
        }
    }
}

#[test]
fn deux_neurones_caches_y_arrivent_une_fois_sur_quatre_environ() {
    // La cellule en compte 15 sur 50 ; 500 graines en donnent 134, un peu plus du quart.
    let learned = successes(50, &tutorial_data().0, 2);
    assert!((10..=18).contains(&learned), "{learned} sur 50");
}

#[test]
fn a_partir_de_trois_neurones_caches_presque_toutes_les_graines_reussissent() {
    for hidden in [3, 4, 16] {
        let learned = successes(20, &tutorial_data().0, hidden);
        assert!(learned >= 19, "{hidden} neurones cachés : {learned} sur 20");
    }
}

#[test]
fn un_taux_trop_petit_n_a_pas_le_temps_d_arriver() {
    // « Trop petit, le réseau n'a pas le temps d'arriver en 1500 pas. » : avec plus de temps, si.
    let networks = (0..10).map(|seed| {
        let mut network = network_without_biases(seed);
        train_at(&mut network, 0.1, 1500);
        network
    });
    let late: Vec<_> = networks.filter(|network| !is_right(network)).collect();
    assert!(late.len() > 5, "{} en retard sur 10", late.len());
    for mut network in late.into_iter().take(3) {
        train_at(&mut network, 0.1, 3500);
        assert!(is_right(&network), "{}", network.output);
    }
}

#[test]
fn un_taux_trop_grand_se_perd_la_ou_la_sigmoide_est_plate() {
    for seed in 0..10 {
        let mut network = network_without_biases(seed);
        train_at(&mut network, 20.0, 1500);
        assert!(!is_right(&network), "graine {seed}");
        assert!(
            slope_size(&network) < 1e-3,
            "graine {seed} : pentes {}",
            slope_size(&network)
        );
    }
}

#[test]
fn des_poids_tous_egaux_n_apprennent_jamais() {
    // « Les neurones cachés, identiques, reçoivent la même correction : ils restent identiques. »
    for start in [0.0, 0.5] {
        let mut network = network_without_biases(0);
        network.weights1.fill(start);
        network.weights2.fill(start);
        for _ in 0..15 {
            network.train(100);
            assert!(!is_right(&network), "partis de {start}");
            for row in network.weights1.rows() {
                assert!(row.iter().all(|w| (w - row[0]).abs() < 1e-9), "{row}");
            }
        }
    }
}

#[test]
fn sans_biais_ni_colonne_de_un_quatre_neurones_caches_y_arrivent_toujours() {
    // « Avec quatre neurones cachés, il y arrive toujours. »
    let pairs = arr2(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]]);
    assert_eq!(successes(50, &pairs, 4), 50);
    // « Pour (0, 0), chaque neurone caché répond bien 0,5 ; […] des poids dont la somme peut être
    // négative. Elle répond alors moins de 0,5. »
    let mut network = network_with(&pairs, 4, 0);
    network.train(1500);
    assert!(network.layer1.row(0).iter().all(|&a| a == 0.5));
    assert!(network.weights2.sum() < 0.0 && network.output[[0, 0]] < 0.5);
}

#[test]
fn sans_biais_ni_colonne_de_un_deux_neurones_caches_y_arrivent_souvent() {
    let pairs = arr2(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]]);
    let learned = successes(25, &pairs, 2);
    assert!(
        (17..=24).contains(&learned),
        "{learned} sur 25, et la cellule en compte 44 sur 50"
    );
}

#[test]
fn les_biais_ne_changent_que_peu_de_chose() {
    // La cellule : « sans biais : 0.002798 », « avec biais : 0.001695 ».
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.train(1500);
    assert!(is_right(&network));
    assert_close_number(network.loss(), 0.001695, 0.0000005, "avec biais");
    // « le poids qui la multiplie s'ajoute tel quel à la somme, comme un biais » : un même nombre
    // ajouté à l'un ou à l'autre donne les mêmes neurones cachés.
    let (mut by_weight, mut by_bias) =
        (network_without_biases(0), network_without_biases(0));
    for j in 0..4 {
        by_weight.weights1[[2, j]] += 0.5;
        by_bias.biases1[j] += 0.5;
    }
    by_weight.feedforward();
    by_bias.feedforward();
    assert_close(&by_weight.layer1, &by_bias.layer1, 1e-15, "les neurones cachés");
}

#[test]
fn avec_leurs_biais_deux_neurones_caches_reussissent_le_plus_souvent() {
    // « Cette fois, ils décident » : sans biais, environ une fois sur quatre (plus haut).
    let learned = (0..50).filter(|seed| {
        let (x, y) = tutorial_data();
        let mut rng = NumpyRng::seed(*seed);
        let mut network = NeuralNetwork::with_hidden(x, y, 2, &mut rng).unwrap();
        network.train(1500);
        is_right(&network)
    });
    let learned = learned.count();
    assert!((46..=50).contains(&learned), "{learned} sur 50, et la cellule en compte 48");
}

/// Les erreurs du chapitre.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mistake {
    HastyWeights2,
    NoFactorTwo,
    SigmoidTwice,
    NoHiddenSlope,
    WrongSign,
}

/// Un pas fautif, comme l'écrit la dernière cellule du chapitre.
fn wrong_step(n: &mut NeuralNetwork, mistake: Mistake) {
    let slope = if mistake == Mistake::SigmoidTwice {
        sigmoid_derivative_at
    } else {
        sigmoid_derivative_from_output
    };
    let factor = match mistake {
        Mistake::NoFactorTwo => -1.0,
        Mistake::WrongSign => 2.0,
        _ => -2.0,
    };
    let delta2 = factor * (&n.y - &n.output) * n.output.mapv(slope); // (4, 1)
    let d_weights2 = n.layer1.t().dot(&delta2); // (4, 1)
    let seen = if mistake == Mistake::HastyWeights2 {
        &n.weights2 - &d_weights2
    } else {
        n.weights2.clone()
    };
    let mut delta1 = delta2.dot(&seen.t()); // (4, 4)
    if mistake != Mistake::NoHiddenSlope {
        delta1 *= &n.layer1.mapv(slope);
    }
    n.weights1 -= &n.input.t().dot(&delta1); // (3, 4)
    n.weights2 -= &d_weights2; // (4, 1)
}

/// Les pertes finales des premières graines, et combien réussissent.
fn wrong_trainings(mistake: Mistake, seeds: u32) -> (Vec<f64>, usize) {
    let networks: Vec<_> = (0..seeds)
        .map(|seed| {
            let mut network = network_without_biases(seed);
            network.feedforward();
            for _ in 0..1500 {
                wrong_step(&mut network, mistake);
                network.feedforward();
            }
            network
        })
        .collect();
    let losses = networks.iter().map(NeuralNetwork::loss).collect();
    (losses, networks.iter().filter(|network| is_right(network)).count())
}

#[test]
fn w2_corrige_trop_tot_ne_se_voit_pas_a_la_perte() {
    // « … ne se voient pas : le réseau apprend, la courbe est belle, et le gradient est faux. »
    let (losses, learned) = wrong_trainings(Mistake::HastyWeights2, 10);
    assert_eq!(learned, 10);
    assert!(losses.iter().all(|&loss| loss < 0.01), "{losses:?}");
}

#[test]
fn le_facteur_deux_oublie_ne_se_voit_pas_a_la_perte_mais_ralentit() {
    let (losses, learned) = wrong_trainings(Mistake::NoFactorTwo, 10);
    assert_eq!(learned, 10);
    assert!(losses.iter().all(|&loss| loss < 0.05), "{losses:?}");
    // Chapitre 6 : « Le réseau apprend, plus lentement. »
    for (seed, wrong) in (0..).zip(&losses) {
        let mut right = network_without_biases(seed);
        right.train(1500);
        assert!(right.loss() < *wrong, "graine {seed}");
    }
}

#[test]
fn les_trois_autres_erreurs_se_voient() {
    // « Laquelle se verrait sur la courbe de perte ? » : dans l'ordre de la cellule, sur 50
    // graines, 25, 1 et 0 réussites.
    for (mistake, most) in [(Mistake::SigmoidTwice, 8), (Mistake::NoHiddenSlope, 2)] {
        let (_, learned) = wrong_trainings(mistake, 10);
        assert!(learned <= most, "{mistake:?} : {learned} réussites sur 10");
    }
    // Le signe oublié monte, au lieu de descendre.
    let (losses, learned) = wrong_trainings(Mistake::WrongSign, 5);
    assert_eq!(learned, 0);
    assert!(losses.iter().all(|&loss| loss > 1.9), "{losses:?}");
}
