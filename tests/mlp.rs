//! `Mlp` contre le réseau du tutoriel, contre PyTorch, et contre les pentes mesurées.
//! `cargo test --test mlp`.

mod commun;

use commun::{MadeBy, Rows, assert_close, assert_close_number, tutorial_data};
use nn_core::ndarray::{Array1, Array2};
use nn_core::rand::RngExt;
use nn_core::{NeuralNetwork, NumpyRng};
use nn_mlp::{
    Activation, Error, Init, LayerGradients, Loss, Mlp, Optimizer, Reduction, Rule, Trainer,
};
use proptest::prelude::*;
use serde::Deserialize;

const ACTIVATIONS: [Activation; 5] = [
    Activation::Identity,
    Activation::Sigmoid,
    Activation::Tanh,
    Activation::Relu,
    Activation::Softmax,
];

/// Toutes les pertes, avec toutes les activations de sortie qu'elles permettent.
const OUTPUTS: [(Loss, Activation); 7] = [
    (Loss::SquaredError, Activation::Identity),
    (Loss::SquaredError, Activation::Sigmoid),
    (Loss::SquaredError, Activation::Tanh),
    (Loss::SquaredError, Activation::Relu),
    (Loss::SquaredError, Activation::Softmax),
    (Loss::BinaryCrossEntropy, Activation::Sigmoid),
    (Loss::CrossEntropy, Activation::Softmax),
];

fn activation(name: &str) -> Activation {
    *ACTIVATIONS.iter().find(|a| a.name() == name).expect("une activation connue")
}

/// Le réseau du tutoriel, en `Mlp` : deux couches, la sigmoïde, la somme des carrés.
fn tutorial_mlp(network: &NeuralNetwork) -> Mlp<f64> {
    Mlp::builder(network.weights1.nrows())
        .layer(network.weights1.ncols(), Activation::Sigmoid)
        .layer(network.weights2.ncols(), Activation::Sigmoid)
        .reduction(Reduction::Sum)
        .with_weights(vec![
            (network.weights1.clone(), network.biases1.clone()),
            (network.weights2.clone(), network.biases2.clone()),
        ])
        .unwrap()
}

#[test]
fn deux_couches_et_la_sigmoide_redonnent_le_reseau_du_tutoriel() {
    let (x, y) = tutorial_data();
    for seed in 0..10 {
        let mut network =
            NeuralNetwork::new(x.clone(), y.clone(), &mut NumpyRng::seed(seed)).unwrap();
        let mut mlp = tutorial_mlp(&network);
        let drawn = Mlp::<f64>::builder(3)
            .layer(4, Activation::Sigmoid)
            .layer(1, Activation::Sigmoid)
            .init(Init::TUTORIAL)
            .build(&mut NumpyRng::seed(seed))
            .unwrap();
        assert_eq!(drawn.layers(), mlp.layers(), "mêmes tirages, graine {seed}");

        let mut optimizer = Optimizer::sgd(1.0).unwrap();
        let losses = network.train(1500);
        for (step, loss) in losses.iter().enumerate() {
            let own = mlp.train_step(&x, &y, &mut optimizer).unwrap();
            assert!(
                (own - loss).abs() < 1e-12,
                "graine {seed}, pas {step} : {own}, {loss}"
            );
        }
        let [first, second] = mlp.layers() else { panic!("deux couches") };
        for (own, expected) in
            [(first.weights(), &network.weights1), (second.weights(), &network.weights2)]
        {
            let gap = (own - expected).iter().fold(0.0_f64, |gap, d| gap.max(d.abs()));
            assert!(gap < 1e-12, "graine {seed} : écart des poids {gap:e}");
        }
        let gap = (mlp.predict(&x).unwrap() - network.predict(&x).unwrap())
            .iter()
            .fold(0.0_f64, |gap, d| gap.max(d.abs()));
        assert!(gap < 1e-12, "graine {seed} : écart des réponses {gap:e}");
    }
}

#[derive(Deserialize)]
struct TorchOracle {
    made_by: MadeBy,
    cases: Vec<TorchCase>,
}

#[derive(Deserialize)]
struct TorchCase {
    sizes: Vec<usize>,
    hidden: String,
    loss: String,
    last: String,
    reduction: String,
    l2: f64,
    x: Rows,
    y: Rows,
    parameters: Vec<(Rows, Vec<f64>)>,
    output: Rows,
    value: f64,
    gradients: Vec<(Rows, Vec<f64>)>,
    optimizer: Option<String>,
    after: Option<Vec<(Rows, Vec<f64>)>>,
}

impl TorchCase {
    fn mlp(&self) -> Mlp<f64> {
        let loss = OUTPUTS.iter().map(|(loss, _)| *loss).find(|l| l.name() == self.loss);
        let last = self.sizes.len() - 2;
        let layers = self.sizes[1..].iter().enumerate();
        layers
            .fold(Mlp::builder(self.sizes[0]), |builder, (l, &units)| {
                let name = if l == last { &self.last } else { &self.hidden };
                builder.layer(units, activation(name))
            })
            .loss(loss.expect("une perte connue"))
            .reduction(if self.reduction == "sum" {
                Reduction::Sum
            } else {
                Reduction::Mean
            })
            .l2(self.l2)
            .with_weights(
                self.parameters
                    .iter()
                    .map(|(w, b)| (w.matrix(), Array1::from_vec(b.clone())))
                    .collect(),
            )
            .unwrap()
    }
}

/// Mêmes poids et mêmes biais, à 1e-9 près.
fn assert_same(what: &str, own: &[LayerGradients<f64>], expected: &[(Rows, Vec<f64>)]) {
    assert_eq!(own.len(), expected.len(), "{what}");
    for (l, (own, (weights, biases))) in own.iter().zip(expected).enumerate() {
        let place = format!("{what}, poids de la couche {l}");
        assert_close(&own.weights, &weights.matrix(), 1e-9, &place);
        let biases = Array1::from_vec(biases.clone());
        let place = format!("{what}, biais de la couche {l}");
        assert_close(&own.biases, &biases, 1e-9, &place);
    }
}

#[test]
fn pytorch_repond_perd_et_corrige_de_meme() {
    let oracle: TorchOracle =
        serde_json::from_str(include_str!("oracles/torch_mlp.json")).unwrap();
    let (mut plain, mut stepped) = (0, 0);
    for case in &oracle.cases {
        let what = oracle.made_by.cite(&format!(
            "{} puis {}, {}, {}, λ = {}, {:?}",
            case.hidden, case.last, case.loss, case.reduction, case.l2, case.optimizer
        ));
        let mut mlp = case.mlp();
        let (x, y) = (case.x.matrix(), case.y.matrix());
        assert_close(&mlp.predict(&x).unwrap(), &case.output.matrix(), 1e-9, &what);
        assert_close_number(mlp.loss(&x, &y).unwrap(), case.value, 1e-9, &what);
        assert_same(&what, &mlp.gradients(&x, &y).unwrap(), &case.gradients);
        plain += 1;
        let (Some(name), Some(after)) = (&case.optimizer, &case.after) else { continue };
        let mut optimizer = match name.as_str() {
            "sgd" => Optimizer::sgd(0.1),
            "momentum" => Optimizer::momentum(0.1, 0.9),
            "adam" => Optimizer::adam(0.1),
            other => panic!("optimiseur inconnu : {other}"),
        }
        .unwrap();
        for _ in 0..3 {
            mlp.train_step(&x, &y, &mut optimizer).unwrap();
        }
        let own: Vec<_> = mlp
            .layers()
            .iter()
            .map(|layer| LayerGradients {
                weights: layer.weights().clone(),
                biases: layer.biases().clone(),
            })
            .collect();
        assert_same(&format!("{what}, après trois pas"), &own, after);
        stepped += 1;
    }
    assert!(plain >= 100 && stepped >= 30, "{plain} cas, {stepped} avec des pas");
}

/// Des réponses que la perte comprend, (m, k).
fn answers(loss: Loss, m: usize, k: usize, rng: &mut NumpyRng) -> Array2<f64> {
    let classes: Vec<usize> = (0..m).map(|_| rng.random_range(0..k)).collect();
    Array2::from_shape_fn((m, k), |(row, column)| match loss {
        Loss::CrossEntropy => f64::from(u8::from(classes[row] == column)),
        _ => rng.random(),
    })
}

/// Ce que le gradient dérive : la perte et sa pénalité.
fn objective(mlp: &Mlp<f64>, x: &Array2<f64>, y: &Array2<f64>) -> f64 {
    mlp.loss(x, y).unwrap() + mlp.penalty()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// À chaque cas, les 35 couples d'une activation cachée et d'une sortie, avec et sans L2.
    #[test]
    fn chaque_gradient_est_la_pente_mesuree(
        seed in 0..u32::MAX,
        m in 1..6usize,
        sizes in proptest::collection::vec(1..6usize, 2..5),
        sum in any::<bool>(),
        lambda in 0.01..1.0,
    ) {
        for hidden in ACTIVATIONS {
            for (loss, last) in OUTPUTS {
                for l2 in [0.0, lambda] {
                    let mut rng = NumpyRng::seed(seed);
                    let builder = || {
                        let depth = sizes.len() - 2;
                        let layers = sizes[1..].iter().enumerate();
                        layers
                            .fold(Mlp::<f64>::builder(sizes[0]), |b, (l, &units)| {
                                b.layer(units, if l == depth { last } else { hidden })
                            })
                            .loss(loss)
                            .reduction(if sum { Reduction::Sum } else { Reduction::Mean })
                            .l2(l2)
                    };
                    let mut draw = || 2.0 * rng.random::<f64>() - 1.0;
                    // Des biais aussi : nuls, ils mettraient des neurones au pli de ReLU.
                    let parameters: Vec<_> = sizes
                        .windows(2)
                        .map(|pair| {
                            let (n, h) = (pair[0], pair[1]);
                            let weights = Array2::from_shape_fn((n, h), |_| draw());
                            (weights, Array1::from_shape_fn(h, |_| draw()))
                        })
                        .collect();
                    let mlp = builder().with_weights(parameters.clone()).unwrap();
                    let x = Array2::from_shape_fn((m, sizes[0]), |_| rng.random::<f64>() - 0.5);
                    let y = answers(loss, m, sizes[sizes.len() - 1], &mut rng);
                    let gradients = mlp.gradients(&x, &y).unwrap();
                    // Un poids et un biais de chaque couche, au hasard : la mesure est chère.
                    for (l, gradient) in gradients.iter().enumerate() {
                        let (n, h) = parameters[l].0.dim();
                        let (i, j) = (rng.random_range(0..n), rng.random_range(0..h));
                        let slope = |step: f64, bias: bool| {
                            let at = |step: f64| {
                                let mut moved = parameters.clone();
                                if bias { moved[l].1[j] += step } else { moved[l].0[[i, j]] += step }
                                objective(&builder().with_weights(moved).unwrap(), &x, &y)
                            };
                            (at(step) - at(-step)) / (2.0 * step)
                        };
                        for (bias, own) in
                            [(false, gradient.weights[[i, j]]), (true, gradient.biases[j])]
                        {
                            // Au pli de ReLU, la pente dépend du pas : on ne juge que là où elle n'en dépend pas.
                            let (near, nearer) = (slope(1e-5, bias), slope(1e-6, bias));
                            let scale = 1.0 + own.abs();
                            if (near - nearer).abs() < 1e-6 * scale {
                                prop_assert!(
                                    (own - near).abs() < 1e-6 * scale,
                                    "{hidden} puis {last}, {loss}, λ = {l2}, couche {l}, biais \
                                     {bias} : {own} contre {near}"
                                );
                            } else {
                                let folded = hidden == Activation::Relu || last == Activation::Relu;
                                prop_assert!(folded, "{hidden}, {last} : {near}, {nearer}");
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Deux nuages séparés, en deux classes : x (m, 2), y (m, 2).
fn clouds(m: usize, seed: u32) -> (Array2<f64>, Array2<f64>) {
    let mut rng = NumpyRng::seed(seed);
    let x = Array2::from_shape_fn((m, 2), |(row, _)| {
        rng.random::<f64>() + if row % 2 == 0 { 0.0 } else { 0.7 }
    });
    let y =
        Array2::from_shape_fn((m, 2), |(row, class)| f64::from(u8::from(row % 2 == class)));
    (x, y)
}

fn classifier(dropout: f64, seed: u32) -> Mlp<f64> {
    Mlp::builder(2)
        .layer(16, Activation::Relu)
        .dropout(dropout)
        .layer(2, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .build(&mut NumpyRng::seed(seed))
        .unwrap()
}

#[test]
fn un_entrainement_apprend_et_la_meme_graine_le_refait() {
    let (x, y) = clouds(200, 1);
    let trainer = Trainer::new(Optimizer::adam(0.01).unwrap())
        .epochs(30)
        .batch_size(16)
        .seed(3)
        .validation(0.25);
    let run = |dropout| {
        let mut mlp = classifier(dropout, 0);
        let mut training = trainer.start(&mlp, x.clone(), y.clone()).unwrap();
        assert_eq!(training.examples(), (150, 50));
        let epochs: Vec<_> = training.epochs(&mut mlp).map(Result::unwrap).collect();
        (mlp, epochs)
    };
    let (mlp, epochs) = run(0.0);
    assert_eq!(
        epochs.iter().map(|e| e.number).collect::<Vec<_>>(),
        (1..=30).collect::<Vec<_>>()
    );
    let (first, last) = (epochs[0], epochs[29]);
    assert!(last.loss < 0.6 * first.loss, "{first} ; {last}");
    assert!(last.validation_accuracy.unwrap() > 0.85, "{last}");
    assert!(mlp.accuracy(&x, &y).unwrap().unwrap() > 0.85);
    let (again, other) = run(0.0);
    assert_eq!(again.layers(), mlp.layers());
    let figures = |e: &nn_mlp::Epoch| (e.loss, e.accuracy, e.validation_loss);
    assert!(epochs.iter().map(figures).eq(other.iter().map(figures)));
    // Le dropout change l'entraînement, jamais la réponse.
    let (dropped, _) = run(0.5);
    assert_ne!(dropped.layers(), mlp.layers());
    assert_eq!(dropped.predict(&x).unwrap(), dropped.predict(&x).unwrap());
}

#[test]
fn la_perte_d_une_epoque_d_un_seul_lot_est_celle_du_reseau_avant_le_pas() {
    let (x, y) = clouds(40, 2);
    let mut mlp = classifier(0.0, 5);
    let before = (mlp.loss(&x, &y).unwrap(), mlp.accuracy(&x, &y).unwrap());
    let trainer = Trainer::new(Optimizer::sgd(0.1).unwrap()).batch_size(40).epochs(1);
    let mut training = trainer.start(&mlp, x.clone(), y.clone()).unwrap();
    let epoch = training.next_epoch(&mut mlp).unwrap().unwrap();
    assert_close_number(epoch.loss, before.0, 1e-12, "la perte de l'époque");
    assert_eq!(epoch.accuracy, before.1);
    assert!(mlp.loss(&x, &y).unwrap() < before.0);
    assert_eq!(training.next_epoch(&mut mlp).unwrap(), None);
}

#[test]
fn l_arret_anticipe_rend_les_poids_de_la_meilleure_epoque() {
    // Des réponses au hasard : rien à apprendre, la validation finit par monter.
    let mut rng = NumpyRng::seed(9);
    let x = Array2::from_shape_fn((60, 4), |_| rng.random::<f64>());
    let y =
        Array2::from_shape_fn((60, 1), |_| f64::from(u8::from(rng.random::<f64>() < 0.5)));
    let start = || {
        Mlp::<f64>::builder(4)
            .layer(32, Activation::Tanh)
            .layer(1, Activation::Sigmoid)
            .loss(Loss::BinaryCrossEntropy)
            .build(&mut NumpyRng::seed(1))
            .unwrap()
    };
    let trainer = Trainer::new(Optimizer::adam(0.02).unwrap()).epochs(500).validation(0.3);
    let mut mlp = start();
    let mut training =
        trainer.clone().patience(8).start(&mlp, x.clone(), y.clone()).unwrap();
    let epochs: Vec<_> = training.epochs(&mut mlp).map(Result::unwrap).collect();
    let losses: Vec<f64> = epochs.iter().map(|e| e.validation_loss.unwrap()).collect();
    let best = (0..losses.len()).min_by(|a, b| losses[*a].total_cmp(&losses[*b])).unwrap();
    assert!(epochs.len() < 500, "{} époques", epochs.len());
    assert_eq!(epochs.len() - (best + 1), 8);
    assert_eq!(training.best_epoch(), Some(best + 1));
    // Le même entraînement, arrêté à la main à cette époque : les mêmes poids.
    let mut other = start();
    let mut training = trainer.start(&other, x, y).unwrap();
    training.epochs(&mut other).take(best + 1).for_each(|epoch| {
        epoch.unwrap();
    });
    assert_eq!(other.layers(), mlp.layers());
}

#[test]
fn des_sommes_extremes_ne_donnent_ni_infini_ni_nan() {
    for (loss, last) in [
        (Loss::BinaryCrossEntropy, Activation::Sigmoid),
        (Loss::CrossEntropy, Activation::Softmax),
    ] {
        let mlp = Mlp::<f64>::builder(1)
            .layer(2, last)
            .loss(loss)
            .with_weights(vec![(
                Array2::from_shape_vec((1, 2), vec![1000.0, -1000.0]).unwrap(),
                Array1::zeros(2),
            )])
            .unwrap();
        let x = Array2::from_elem((1, 1), 1.0);
        let wrong = Array2::from_shape_vec((1, 2), vec![0.0, 1.0]).unwrap();
        let expected = 2000.0; // chaque sortie se trompe de 1000, ou la seule classe de 2000
        assert_close_number(mlp.loss(&x, &wrong).unwrap(), expected, 1e-9, "perte extrême");
        assert!(
            mlp.gradients(&x, &wrong).unwrap()[0].weights.iter().all(|g| g.is_finite())
        );
    }
}

#[test]
fn f32_suit_f64_a_sa_precision() {
    let (x, y) = clouds(30, 4);
    let mut double = classifier(0.0, 2);
    let mut single = Mlp::<f32>::builder(2)
        .layer(16, Activation::Relu)
        .layer(2, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .build(&mut NumpyRng::seed(2))
        .unwrap();
    let (x32, y32) = (x.mapv(|v| v as f32), y.mapv(|v| v as f32));
    let mut wide = Optimizer::adam(0.01).unwrap();
    let mut narrow = Optimizer::adam(0.01).unwrap();
    for _ in 0..20 {
        let a = double.train_step(&x, &y, &mut wide).unwrap();
        let b = single.train_step(&x32, &y32, &mut narrow).unwrap();
        assert!((a - b).abs() < 1e-4, "{a} contre {b}");
    }
}

#[test]
fn ce_qui_ne_va_pas_est_refuse_en_clair() {
    let builder = || Mlp::<f64>::builder(2).layer(3, Activation::Relu);
    let build = |b: nn_mlp::MlpBuilder<f64>| b.build(&mut NumpyRng::seed(0)).unwrap_err();
    let message = |e: Error| e.to_string();
    for (error, words) in [
        (build(Mlp::builder(2)), "au moins une couche"),
        (build(Mlp::builder(0).layer(1, Activation::Relu)), "`inputs` vaut 0"),
        (build(builder().layer(0, Activation::Relu)), "`units` vaut 0"),
        (build(builder().layer(usize::MAX, Activation::Relu)), "dépasse"),
        (build(builder().dropout(0.5)), "`dropout` éteint des neurones cachés"),
        (build(builder().dropout(1.0).layer(1, Activation::Relu)), "`dropout` vaut 1"),
        (
            build(builder().dropout(f64::NAN).layer(1, Activation::Relu)),
            "`dropout` vaut NaN",
        ),
        (build(builder().l2(-1.0)), "`l2` vaut -1"),
        (build(builder().loss(Loss::CrossEntropy)), "softmax"),
        (
            build(builder().init(Init::Uniform { low: 1.0, high: 0.0 })),
            "au moins égal à `low`",
        ),
    ] {
        assert!(message(error.clone()).contains(words), "{error} ; attendu : {words}");
    }

    let mut mlp = classifier(0.0, 0);
    let (x, y) = clouds(4, 0);
    let mut optimizer = Optimizer::sgd(0.1).unwrap();
    let before = mlp.layers().to_vec();
    let mut nan = x.clone();
    nan[[2, 1]] = f64::NAN;
    let wide = Array2::zeros((4, 3));
    for (x, y, words) in [
        (&nan, &y, "ligne 2"),
        (&wide, &y, "colonne"),
        (&x, &wide, "3"),
        (&x, &Array2::zeros((4, 2)), "un seul 1"),
        (&x, &Array2::zeros((3, 2)), "3"),
    ] {
        let error = mlp.train_step(x, y, &mut optimizer).unwrap_err();
        assert!(message(error.clone()).contains(words), "{error} ; attendu : {words}");
    }
    assert_eq!(mlp.layers(), before, "un refus ne change rien");

    let trainer = Trainer::new(Optimizer::sgd(0.1).unwrap());
    for (trainer, words) in [
        (trainer.clone().epochs(0), "`epochs` vaut 0"),
        (trainer.clone().batch_size(0), "`batch_size` vaut 0"),
        (trainer.clone().patience(2), "validation"),
        (trainer.clone().validation(0.01), "ne laisse rien"),
        (trainer.clone().validation(f64::NAN), "NaN"),
        (trainer.clone().validation(0.5).patience(0), "`patience` vaut 0"),
    ] {
        let error = trainer.start(&mlp, x.clone(), y.clone()).map(drop).unwrap_err();
        assert!(message(error.clone()).contains(words), "{error} ; attendu : {words}");
    }
    let mut training = trainer.start(&mlp, x.clone(), y.clone()).unwrap();
    let mut other =
        Mlp::builder(3).layer(2, Activation::Identity).build(&mut NumpyRng::seed(0));
    assert!(training.next_epoch(other.as_mut().unwrap()).is_err());

    for error in [
        Optimizer::<f64>::sgd(0.0).unwrap_err(),
        Optimizer::<f64>::momentum(0.1, 1.0).unwrap_err(),
        Optimizer::<f64>::with_rule(
            Rule::Adam { beta1: 0.9, beta2: 0.9, epsilon: 0.0 },
            0.1,
        )
        .unwrap_err(),
    ] {
        assert!(matches!(error, Error::OutOfRange { .. }), "{error}");
    }
}

#[test]
fn un_entrainement_qui_diverge_le_dit_et_un_optimiseur_ne_sert_qu_un_reseau() {
    let x = Array2::from_elem((4, 2), 1e50);
    let y = Array2::zeros((4, 1));
    let start = |hidden| {
        Mlp::<f64>::builder(2)
            .layer(hidden, Activation::Relu)
            .layer(1, Activation::Identity)
            .build(&mut NumpyRng::seed(0))
            .unwrap()
    };
    let mut mlp = start(3);
    let mut optimizer = Optimizer::momentum(1.0, 0.9).unwrap();
    let error = (0..20).find_map(|_| mlp.train_step(&x, &y, &mut optimizer).err()).unwrap();
    assert!(matches!(error, Error::Diverged { .. }), "{error}");
    let error =
        start(5).train_step(&Array2::zeros((4, 2)), &y, &mut optimizer).unwrap_err();
    assert!(matches!(error, Error::UsedOptimizer), "{error}");
}

#[test]
fn deux_fils_calculent_ce_qu_un_seul_calcule() {
    let mut rng = NumpyRng::seed(2);
    let x = Array2::from_shape_fn((96, 300), |_| rng.random::<f64>() - 0.5);
    let y = answers(Loss::CrossEntropy, 96, 10, &mut rng);
    let gradients = |threads| {
        let mlp = Mlp::<f64>::builder(300)
            .layer(200, Activation::Relu)
            .layer(10, Activation::Softmax)
            .loss(Loss::CrossEntropy)
            .threads(threads)
            .build(&mut NumpyRng::seed(3))
            .unwrap();
        (mlp.predict(&x).unwrap(), mlp.gradients(&x, &y).unwrap())
    };
    let ((alone, one), (shared, two)) = (gradients(1), gradients(2));
    assert_close(&shared, &alone, 1e-12, "les réponses");
    for (one, two) in one.iter().zip(&two) {
        assert_close(&two.weights, &one.weights, 1e-12, "un gradient");
    }
    let refused = Mlp::<f64>::builder(3)
        .layer(1, Activation::Identity)
        .threads(0)
        .build(&mut NumpyRng::seed(0));
    let error = refused.map(drop).unwrap_err();
    assert!(error.to_string().contains("`threads` vaut 0"), "{error}");
}

#[test]
fn a_egalite_la_justesse_compte_la_premiere_des_plus_grandes() {
    // Des poids nuls : toutes les sorties sont égales, et la réponse est la classe 0.
    let mlp = Mlp::<f64>::builder(1)
        .layer(3, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .with_weights(vec![(Array2::zeros((1, 3)), Array1::zeros(3))])
        .unwrap();
    let x = Array2::zeros((4, 1));
    let y = Array2::from_shape_fn((4, 3), |(row, class)| f64::from(row % 3 == class));
    assert_eq!(mlp.accuracy(&x, &y).unwrap(), Some(0.5));
}
