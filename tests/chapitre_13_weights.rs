//! Ce que le chapitre 13 affirme de ses fichiers : `cargo test --test chapitre_13_weights`.

use std::ops::Range;
use std::path::PathBuf;

use nn_core::ndarray::{Array1, Array2, Axis, arr2};
use nn_core::{NeuralNetwork, NumpyRng};
use nn_data::datasets::{one_hot, optdigits};
use nn_data::metrics::argmax;
use nn_data::weights::{Module, StateDict, WeightsError};
use nn_mlp::{Activation, Float, Loss, Mlp};

/// Ce que les autres bibliothèques ont répondu, refait par tests/passerelles/verifier.sh et par le
/// programme de notebooks/burn.
mod pytorch {
    include!("passerelles/resultats/pytorch.rs");
    pub const RESULTS: ([f64; 40], f64) = (PYTORCH, PYTORCH_DEVIATION);
}
mod onnx {
    include!("passerelles/resultats/vers_onnx.rs");
    pub const RESULTS: ([f64; 40], f64) = (ONNX, ONNX_DEVIATION);
}
mod burn {
    include!("passerelles/resultats/burn.rs");
    pub const RESULTS: ([f64; 40], f64) = (BURN, BURN_DEVIATION);
    pub const GRADIENTS: f64 = BURN_GRADIENTS;
}
mod torchrun {
    include!("passerelles/resultats/parallele.rs");
    pub const OUTPUT_BIASES: [f64; 10] = TORCHRUN;
    pub const RIGHT: [f64; 2] = [WEIGHTED_UNEQUAL, MEAN_HALVES];
    pub const WRONG: f64 = MEAN_UNEQUAL;
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/passerelles").join(name)
}

fn digits_network<F: Float>(state: &StateDict) -> Mlp<F> {
    let mut mlp = Mlp::builder(64)
        .layer(32, Activation::Relu)
        .layer(10, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .build(&mut NumpyRng::seed(0))
        .unwrap();
    mlp.load_state_dict(state).unwrap();
    mlp
}

/// Les poids, et ce qui s'échange : les images, nos réponses, nos gradients.
fn exchange() -> (StateDict, StateDict) {
    let load = |name| StateDict::load(file(name)).unwrap();
    (load("chiffres.safetensors"), load("attendu.safetensors"))
}

fn images(exchange: &StateDict) -> (Array2<f32>, Vec<usize>) {
    let labels = exchange.get::<f32, _>("labels", 48).unwrap();
    (exchange.get("x", (48, 64)).unwrap(), labels.iter().map(|&l| l as usize).collect())
}

fn largest<'a>(
    a: impl IntoIterator<Item = &'a f64>,
    b: impl IntoIterator<Item = &'a f64>,
) -> f64 {
    a.into_iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Tous les gradients du réseau sur ces images : W1, b1, W2, b2.
fn gradient_on(
    mlp: &Mlp<f64>,
    (x, y): (&Array2<f64>, &Array2<f64>),
    rows: Range<usize>,
) -> Array1<f64> {
    let rows: Vec<usize> = rows.collect();
    let layers =
        mlp.gradients(&x.select(Axis(0), &rows), &y.select(Axis(0), &rows)).unwrap();
    layers
        .iter()
        .flat_map(|layer| layer.weights.iter().chain(&layer.biases))
        .copied()
        .collect()
}

#[test]
fn le_fichier_du_tutoriel_a_trois_parties() {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]);
    let y = arr2(&[[0.], [1.], [1.], [0.]]);
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.train(1500);
    let bytes = network.state_dict().unwrap().to_bytes().unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    assert_eq!(length, 352);
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    assert_eq!(
        header["0.weight"]["shape"],
        serde_json::json!([4, 3]),
        "(h, n), comme PyTorch"
    );
    assert_eq!(header["0.bias"]["data_offsets"], serde_json::json!([0, 32]));
    let numbers = &bytes[8 + length..];
    assert_eq!(numbers.len(), 21 * 8);
    let first = f64::from_le_bytes(numbers[..8].try_into().unwrap());
    assert_eq!(first.to_bits(), network.biases1[0].to_bits());
}

#[test]
fn les_quatre_fichiers_abimes_du_chapitre_sont_refuses_chacun_a_sa_facon() {
    let (state, _) = exchange();
    let bytes = state.to_bytes().unwrap();
    let refusal = |bytes: &[u8]| StateDict::from_bytes(bytes).unwrap_err();
    assert!(matches!(refusal(&bytes[..300]), WeightsError::Truncated { found: 300, .. }));
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 0b1000_0000;
    assert_eq!(refusal(&flipped), WeightsError::Altered);
    let mut huge = bytes;
    huge[5] = 0xff;
    assert!(matches!(refusal(&huge), WeightsError::HeaderTooLarge { .. }));
    let foreign = refusal(b"PK\x03\x04 comme dans un fichier de torch.save");
    assert!(matches!(foreign, WeightsError::Foreign { .. }), "{foreign}");
}

#[test]
fn les_poids_enregistres_redonnent_les_reponses_enregistrees() {
    let (state, exchange) = exchange();
    let (x, labels) = images(&exchange);
    let expected: Array2<f32> = exchange.get("output", (48, 10)).unwrap();
    let found = digits_network::<f32>(&state).predict(&x).unwrap();
    let gap = largest(&found.mapv(f64::from), &expected.mapv(f64::from));
    assert!(gap < 1e-6, "{gap:e}");
    // Les images sont celles du test : rien n'a été choisi.
    let test = optdigits().unwrap().test;
    assert_eq!(labels, test.labels[..48]);
    let rows: Vec<usize> = (0..48).collect();
    assert_eq!(x.mapv(f64::from) * 16.0, test.x.select(Axis(0), &rows));
}

#[test]
fn le_reseau_qui_voyage_a_appris_a_lire() {
    let (state, _) = exchange();
    let test = optdigits().unwrap().test;
    let x = test.x.mapv(|pixel| (pixel / 16.0) as f32);
    let output = digits_network::<f32>(&state).predict(&x).unwrap();
    let answers = argmax(&output.mapv(f64::from)).unwrap();
    let right = answers.iter().zip(&test.labels).filter(|(a, b)| a == b).count();
    // 1712 sur 1797 quand il a été enregistré ; une image douteuse peut changer de camp.
    assert!(right.abs_diff(1712) <= 2, "{right}");
}

#[test]
fn pytorch_burn_et_onnx_repondent_comme_nous() {
    let (state, exchange) = exchange();
    let output = digits_network::<f32>(&state).predict(&images(&exchange).0).unwrap();
    let ours = output.mapv(f64::from);
    for (name, (theirs, deviation)) in
        [("PyTorch", pytorch::RESULTS), ("ONNX", onnx::RESULTS), ("Burn", burn::RESULTS)]
    {
        let gap = largest(&ours, &theirs);
        assert!(gap < 1e-6, "{name} : {gap:e}");
        assert!(deviation < 1e-6, "{name}, d'après son script : {deviation:e}");
        // La comparaison porte sur de vraies probabilités : chaque image en a dix, de somme 1.
        for row in theirs.chunks(10) {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-6, "{name} : {row:?}");
        }
    }
    assert!(std::hint::black_box(burn::GRADIENTS) < 1e-6, "{}", burn::GRADIENTS);
}

#[test]
fn lus_dans_le_mauvais_sens_les_poids_ne_lisent_plus() {
    let (state, exchange) = exchange();
    let (x, labels) = images(&exchange);
    let right = |state: &StateDict| {
        let output = digits_network::<f32>(state).predict(&x).unwrap();
        let answers = argmax(&output.mapv(f64::from)).unwrap();
        answers.iter().zip(&labels).filter(|(a, b)| a == b).count()
    };
    let numbers = state.tensor("0.weight").unwrap().values().to_vec();
    let misread = Array2::from_shape_vec((64, 32), numbers).unwrap();
    let mut wrong = state.clone();
    wrong.insert("0.weight", &misread.t().mapv(|w| w as f32)).unwrap();
    assert!(right(&state) >= 44, "{}", right(&state));
    assert!(right(&wrong) <= 16, "{}", right(&wrong));
}

#[test]
fn sans_l_echelle_le_reseau_lit_encore_mais_ne_doute_plus() {
    let (state, exchange) = exchange();
    let (x, labels) = images(&exchange);
    let mlp = digits_network::<f32>(&state);
    let read = |x: &Array2<f32>| {
        let output = mlp.predict(x).unwrap().mapv(f64::from);
        let answers = argmax(&output).unwrap();
        let right = answers.iter().zip(&labels).filter(|(a, b)| a == b).count();
        (right, output[[2, 1]])
    };
    let ((right, sure), (right_unscaled, sure_unscaled)) = (read(&x), read(&(&x * 16.0)));
    assert_eq!((right, right_unscaled), (45, 44));
    assert_eq!(labels[2], 2, "l'image 2 est un 2, pris pour un 1");
    assert!((sure - 0.665).abs() < 0.001 && sure_unscaled > 0.9995, "{sure_unscaled}");
}

#[test]
fn deux_parts_ponderees_donnent_le_gradient_du_lot_entier() {
    let (state, exchange) = exchange();
    let (x, labels) = images(&exchange);
    let (x, y) = (x.mapv(f64::from), one_hot(&labels, 10).unwrap());
    let mlp = digits_network::<f64>(&state);
    let whole = gradient_on(&mlp, (&x, &y), 0..48);
    assert_eq!(whole.len(), 2410);
    // Le gradient enregistré, dont le script de torchrun est parti.
    for (module, layer) in ["0", "2"].iter().zip(mlp.gradients(&x, &y).unwrap()) {
        let (n, h) = layer.weights.dim();
        let (weights, biases) =
            exchange.linear(&format!("gradient.{module}"), n, h).unwrap();
        assert!(largest(&layer.weights, &weights) < 1e-12);
        assert!(largest(&layer.biases, &biases) < 1e-12);
    }
    for (m1, m2) in [(24, 24), (12, 36)] {
        let (g1, g2) =
            (gradient_on(&mlp, (&x, &y), 0..m1), gradient_on(&mlp, (&x, &y), m1..48));
        let weighted = (m1 as f64 * &g1 + m2 as f64 * &g2) / 48.0;
        assert!(largest(&weighted, &whole) < 1e-12, "{m1} et {m2}");
        let gap = largest(&((&g1 + &g2) / 2.0), &whole);
        if m1 == m2 {
            assert!(gap < 1e-12, "{gap:e}");
        } else {
            // DistributedDataParallel fait la même erreur, au chiffre près.
            assert!((gap - torchrun::WRONG).abs() < 1e-12, "{gap} et {}", torchrun::WRONG);
            assert!(gap > 0.05, "{gap:e}");
        }
    }
    assert!(largest(whole.iter().skip(2400), &torchrun::OUTPUT_BIASES) < 1e-12);
    assert!(torchrun::RIGHT.iter().all(|&gap| gap < 1e-12), "{:?}", torchrun::RIGHT);
}

#[test]
fn les_images_disent_comment_elles_ont_ete_faites() {
    let x = optdigits().unwrap().train.x;
    let blank = |pixels: [usize; 8]| {
        x.outer_iter().filter(|image| pixels.iter().all(|&i| image[i] == 0.0)).count()
    };
    let row = |i: usize| blank(std::array::from_fn(|j| 8 * i + j));
    let column = |j: usize| blank(std::array::from_fn(|i| 8 * i + j));
    assert_eq!((x.nrows(), row(0), row(7)), (3823, 0, 0));
    let share = |count: usize| (100.0 * count as f64 / 3823.0).round();
    assert_eq!((share(column(0)), share(column(7))), (98.0, 87.0));
    let ink = x.sum_axis(Axis(1));
    assert_eq!((ink.mean().unwrap().round(), ink.std(1.0).round()), (315.0, 36.0));
}

#[test]
fn sous_la_moitie_le_reseau_se_trompe_plus_souvent() {
    let (state, _) = exchange();
    let test = optdigits().unwrap().test;
    let y_hat = digits_network::<f64>(&state).predict(&(&test.x / 16.0)).unwrap();
    let right = argmax(&y_hat).unwrap();
    let (mut unsure, mut saved, mut wrong) = (0, 0, 0);
    for (i, answers) in y_hat.outer_iter().enumerate() {
        let mistaken = right[i] != test.labels[i];
        wrong += usize::from(mistaken);
        if answers.iter().all(|&p| p < 0.5) {
            unsure += 1;
            saved += usize::from(mistaken);
        }
    }
    assert_eq!((test.len(), wrong, unsure, saved), (1797, 85, 13, 7));
}
