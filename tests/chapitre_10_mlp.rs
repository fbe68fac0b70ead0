//! Ce que dit le chapitre 10 des couches, des lots et des optimiseurs :
//! `cargo test --test chapitre_10_mlp`. L'égalité avec le réseau du tutoriel est dans `mlp`.

mod commun;

use commun::{assert_close_number, tutorial_data};
use nn_core::ndarray::{Array1, Array2, Axis, arr2};
use nn_core::rand::RngExt;
use nn_core::{NumpyRng, relative_error};
use nn_data::datasets::{Dataset, moons, one_hot};
use nn_mlp::{Activation, Batches, Init, Loss, Mlp, Optimizer, Reduction, Trainer};

/// La taille moyenne du gradient des poids de chaque couche, sur huit couches cachées de 20.
fn gradient_sizes(activation: Activation, seed: u32) -> Vec<f64> {
    let mut rng = NumpyRng::seed(seed);
    let mlp = (0..8)
        .fold(Mlp::<f64>::builder(20), |builder, _| builder.layer(20, activation))
        .layer(1, Activation::Identity)
        .build(&mut rng)
        .unwrap();
    let x = Array2::from_shape_fn((50, 20), |_| 2.0 * rng.random::<f64>() - 1.0);
    let y = Array2::from_shape_fn((50, 1), |_| rng.random());
    let mean = |g: &Array2<f64>| g.mapv(f64::abs).mean().unwrap();
    mlp.gradients(&x, &y).unwrap().iter().map(|layer| mean(&layer.weights)).collect()
}

#[test]
fn la_sigmoide_etouffe_le_gradient_et_relu_le_laisse_passer() {
    for seed in 0..10 {
        let ratio = |activation| {
            let sizes = gradient_sizes(activation, seed);
            sizes[0] / sizes[7]
        };
        let [sigmoid, tanh, relu] =
            [Activation::Sigmoid, Activation::Tanh, Activation::Relu].map(ratio);
        assert!(sigmoid < 1e-4, "graine {seed} : sigmoïde {sigmoid:e}");
        assert!(tanh > 0.1 && relu > 0.1, "graine {seed} : {tanh}, {relu}");
        // À chaque couche qui recule, le gradient de la sigmoïde est plus petit.
        let sizes = gradient_sizes(Activation::Sigmoid, seed);
        assert!(
            sizes.windows(2).all(|pair| pair[0] < pair[1]),
            "graine {seed} : {sizes:?}"
        );
    }
}

#[test]
fn huit_couches_de_sigmoides_repondent_un_demi_a_tout() {
    let (x, y) = tutorial_data();
    let mut mlp = [4, 4, 4, 4, 4, 4, 4, 1]
        .iter()
        .fold(Mlp::<f64>::builder(3), |b, &h| b.layer(h, Activation::Sigmoid))
        .reduction(Reduction::Sum)
        .init(Init::TUTORIAL)
        .build(&mut NumpyRng::seed(0))
        .unwrap();
    // Avant le premier pas : quatre réponses presque égales, et un gradient « des milliers de fois
    // plus petit » dans la première couche que dans l'avant-dernière.
    let answers = mlp.predict(&x).unwrap();
    let gap = answers.fold(0.0, |most, a| f64::max(most, (a - answers[[0, 0]]).abs()));
    assert!(gap < 3e-5, "{gap:e}");
    let gradients = mlp.gradients(&x, &y).unwrap();
    let size = |l: usize| gradients[l].weights.mapv(f64::abs).mean().unwrap();
    assert!(size(6) > 2000.0 * size(0), "{:e} et {:e}", size(0), size(6));
    let mut sgd = Optimizer::sgd(1.0).unwrap();
    for _ in 0..1500 {
        mlp.train_step(&x, &y, &mut sgd).unwrap();
    }
    for answer in &mlp.predict(&x).unwrap() {
        assert_close_number(*answer, 0.5, 0.01, "une réponse");
    }
}

/// Sur dix graines, combien de réseaux de huit couches apprennent le tableau du tutoriel.
fn learned(activation: Activation, width: usize, rate: f64) -> usize {
    let (x, y) = tutorial_data();
    let learns = |seed: &u32| {
        let mut mlp = (0..7)
            .fold(Mlp::<f64>::builder(3), |builder, _| builder.layer(width, activation))
            .layer(1, Activation::Sigmoid)
            .reduction(Reduction::Sum)
            .build(&mut NumpyRng::seed(*seed))
            .unwrap();
        let mut sgd = Optimizer::sgd(rate).unwrap();
        for _ in 0..1500 {
            mlp.train_step(&x, &y, &mut sgd).unwrap();
        }
        mlp.loss(&x, &y).unwrap() < 0.1
    };
    (0..10).filter(learns).count()
}

#[test]
fn relu_apprend_a_huit_couches_si_elles_sont_larges_et_le_taux_petit() {
    for (width, rate) in [(4, 1.0), (4, 0.1), (16, 0.1)] {
        assert_eq!(learned(Activation::Sigmoid, width, rate), 0, "{width}, taux {rate}");
    }
    let [tanh, relu] = [Activation::Tanh, Activation::Relu];
    assert_eq!([learned(tanh, 4, 1.0), learned(relu, 4, 1.0)], [0, 0]);
    assert_eq!([learned(tanh, 16, 0.1), learned(relu, 16, 0.1)], [10, 10]);
    // « ReLU échoue encore neuf fois sur dix » : une graine douteuse peut changer de camp.
    assert!(learned(relu, 4, 0.1) <= 2, "{}", learned(relu, 4, 0.1));
    assert!(learned(tanh, 4, 0.1) >= 8, "{}", learned(tanh, 4, 0.1));
}

#[test]
fn la_formule_de_softmax_deborde_et_mlp_non() {
    let naive = 1000.0_f64.exp() / (1000.0_f64.exp() + 999.0_f64.exp());
    assert!(naive.is_nan());
    let mlp = Mlp::<f64>::builder(1)
        .layer(2, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .with_weights(vec![(arr2(&[[1000.0, 999.0]]), Array1::zeros(2))])
        .unwrap();
    let answer = mlp.predict(&arr2(&[[1.0]])).unwrap();
    let expected = 1.0 / (1.0 + (-1.0_f64).exp()); // e¹⁰⁰⁰ / (e¹⁰⁰⁰ + e⁹⁹⁹)
    assert_close_number(answer[[0, 0]], expected, 1e-12, "la première classe");
    assert_close_number(answer.sum(), 1.0, 1e-12, "la somme");
}

/// Les deux lunes du chapitre, et leurs réponses.
fn two_moons() -> (Dataset, Array2<f64>) {
    let data = moons(400, 0.15, &mut NumpyRng::seed(0)).unwrap();
    let y = one_hot(&data.labels, 2).unwrap();
    (data, y)
}

/// Le réseau que le chapitre entraîne sur les lunes.
fn fresh(seed: u32) -> Mlp<f64> {
    Mlp::builder(2)
        .layer(16, Activation::Relu)
        .layer(16, Activation::Relu)
        .layer(2, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .build(&mut NumpyRng::seed(seed))
        .unwrap()
}

#[test]
fn le_gradient_de_relu_et_de_softmax_est_la_pente_mesuree() {
    let (data, y) = two_moons();
    let rows: Vec<usize> = (0..400).step_by(20).collect();
    let (x, y) = (data.x.select(Axis(0), &rows), y.select(Axis(0), &rows));
    for seed in 0..5 {
        let mut mlp = fresh(seed);
        let computed = mlp.gradients(&x, &y).unwrap();
        let settings: Vec<_> = mlp
            .layers()
            .iter()
            .map(|layer| (layer.weights().clone(), layer.biases().clone()))
            .collect();
        for (l, gradients) in computed.iter().enumerate() {
            for (place, gradient) in gradients.weights.indexed_iter() {
                let [after, before] = [1e-4, -1e-4].map(|shift| {
                    let mut moved = settings.clone();
                    moved[l].0[place] += shift;
                    mlp.set_parameters(moved).unwrap();
                    mlp.loss(&x, &y).unwrap()
                });
                let error = relative_error(*gradient, (after - before) / 2e-4);
                assert!(error < 1e-5, "graine {seed}, couche {l}, {place:?} : {error:e}");
            }
        }
    }
}

/// La perte de la dernière époque, sur les lunes.
fn last_loss(trainer: &Trainer<f64>, seed: u32) -> f64 {
    let (data, y) = two_moons();
    let mut mlp = fresh(seed);
    let mut training = trainer.start(&mlp, data.x, y).unwrap();
    training.epochs(&mut mlp).last().unwrap().unwrap().loss
}

#[test]
fn a_nombre_d_epoques_egal_les_petits_lots_descendent_plus() {
    let trainer = Trainer::new(Optimizer::sgd(0.1).unwrap()).epochs(60);
    for seed in 0..5 {
        let [whole, hundred, ten] =
            [400, 100, 10].map(|size| last_loss(&trainer.clone().batch_size(size), seed));
        assert!(ten < hundred && hundred < whole, "{seed} : {ten}, {hundred}, {whole}");
        // Le lot entier supporte un taux dix fois plus grand, sans rejoindre les lots de 10.
        let faster = Trainer::new(Optimizer::sgd(1.0).unwrap()).epochs(60).batch_size(400);
        let faster = last_loss(&faster, seed);
        assert!(ten < faster && faster < hundred, "{seed} : {ten}, {faster}, {hundred}");
    }
}

#[test]
fn l_elan_et_adam_vont_plus_vite_que_la_descente_simple() {
    for seed in 0..5 {
        let [plain, momentum, adam] =
            [Optimizer::sgd(0.05), Optimizer::momentum(0.05, 0.9), Optimizer::adam(0.01)]
                .map(|optimizer| {
                    let trainer =
                        Trainer::new(optimizer.unwrap()).epochs(60).batch_size(32);
                    last_loss(&trainer, seed)
                });
        assert!(momentum < plain && adam < plain, "{seed} : {plain}, {momentum}, {adam}");
    }
}

#[test]
fn quatre_cents_exemples_font_treize_lots_de_32_et_chacun_passe_une_fois() {
    let mut batches = Batches::new(400, 32, 7).unwrap();
    for _ in 0..3 {
        batches.shuffle();
        let sizes: Vec<usize> = batches.iter().map(<[usize]>::len).collect();
        assert_eq!((sizes.len(), sizes[12]), (13, 16));
        let mut seen: Vec<usize> = batches.iter().flatten().copied().collect();
        assert_ne!(seen, (0..400).collect::<Vec<_>>(), "mélangés");
        seen.sort_unstable();
        assert_eq!(seen, (0..400).collect::<Vec<_>>());
    }
}
