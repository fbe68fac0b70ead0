//! Ce que dit le chapitre 10 des couches, des lots et des optimiseurs :
//! `cargo test --test chapitre_10_mlp`. L'égalité avec le réseau du tutoriel est dans `mlp`.

mod commun;

use commun::{assert_close_number, tutorial_data};
use nn_core::NumpyRng;
use nn_core::ndarray::{Array1, Array2, arr2};
use nn_core::rand::RngExt;
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
    let mut sgd = Optimizer::sgd(1.0).unwrap();
    for _ in 0..1500 {
        mlp.train_step(&x, &y, &mut sgd).unwrap();
    }
    for answer in &mlp.predict(&x).unwrap() {
        assert_close_number(*answer, 0.5, 0.01, "une réponse");
    }
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

/// La perte de la dernière époque, sur les lunes.
fn last_loss(trainer: &Trainer<f64>, seed: u32) -> f64 {
    let (data, y) = two_moons();
    let mut mlp = Mlp::builder(2)
        .layer(16, Activation::Relu)
        .layer(16, Activation::Relu)
        .layer(2, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .build(&mut NumpyRng::seed(seed))
        .unwrap();
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
