//! Ce que les tests partagent : les références venues de Python, et la comparaison qui les cite.

// Chaque fichier de test compile ce module et n'en prend que ce qu'il lui faut.
#![allow(dead_code)]

pub mod sklearn;

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use nn_core::ndarray::{Array, Array1, Array2, Dimension, arr1, arr2};
use nn_core::rand::RngExt;
use nn_core::{Gradients, NeuralNetwork, NumpyRng};
use serde::Deserialize;
use serde_json::Value;

/// Les données du tutoriel : quatre exemples, et pour réponse « l'un ou l'autre, pas les deux ».
pub fn tutorial_data() -> (Array2<f64>, Array2<f64>) {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]); // (4, 3)
    let y = arr2(&[[0.], [1.], [1.], [0.]]); // (4, 1)
    (x, y)
}

/// Les lignes d'une matrice, comme le JSON les porte.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Rows(Vec<Vec<f64>>);

impl Rows {
    pub fn matrix(&self) -> Array2<f64> {
        let columns = self.0.first().map_or(0, Vec::len);
        let values = self.0.concat();
        Array2::from_shape_vec((self.0.len(), columns), values)
            .expect("des lignes d'égale longueur")
    }
}

/// Les quatre tableaux qu'un réseau apprend, ou leurs gradients.
#[derive(Deserialize)]
pub struct Parameters {
    weights1: Rows,
    biases1: Vec<f64>,
    weights2: Rows,
    biases2: Vec<f64>,
}

impl Parameters {
    pub fn arrays(&self) -> Gradients {
        Gradients {
            weights1: self.weights1.matrix(),
            biases1: Array1::from_vec(self.biases1.clone()),
            weights2: self.weights2.matrix(),
            biases2: Array1::from_vec(self.biases2.clone()),
        }
    }
}

/// Avec quoi un fichier de référence a été fait, et comment le refaire.
#[derive(Deserialize)]
pub struct MadeBy {
    command: String,
    versions: BTreeMap<String, String>,
}

impl MadeBy {
    /// La provenance d'un nombre, pour le message d'un test qui échoue.
    pub fn cite(&self, what: &str) -> String {
        let versions: Vec<_> =
            self.versions.iter().map(|(name, v)| format!("{name} {v}")).collect();
        format!(
            "{what} (référence faite avec {} ; pour la refaire : « {} »)",
            versions.join(", "),
            self.command
        )
    }
}

/// `tests/oracles/numpy.json` : la classe du tutoriel, en NumPy.
#[derive(Deserialize)]
pub struct NumpyOracle {
    pub made_by: MadeBy,
    pub draws: Vec<Draws>,
    pub trainings: Vec<Training>,
    /// Des graines 0 à 199, sans biais, combien donnent les quatre bonnes réponses.
    pub learned_of_first_200_seeds: usize,
}

/// Les premiers nombres de `np.random.seed(seed); np.random.rand(…)`.
#[derive(Deserialize)]
pub struct Draws {
    pub seed: u32,
    /// Des textes, lus ici au dernier bit : `serde_json` peut arrondir d'un bit un nombre JSON.
    values: Vec<String>,
}

impl Draws {
    pub fn values(&self) -> Vec<f64> {
        self.values
            .iter()
            .map(|text| text.parse().expect("un nombre écrit par `repr`"))
            .collect()
    }
}

/// Un entraînement entier, tel que NumPy l'a mené.
#[derive(Deserialize)]
pub struct Training {
    pub name: String,
    pub seed: u32,
    pub hidden: usize,
    pub with_biases: bool,
    pub steps: usize,
    pub x: Rows,
    pub y: Rows,
    pub initial: Parameters,
    /// Les pas, comptés depuis 0, dont la perte est gardée dans `losses`.
    pub loss_steps: Vec<usize>,
    pub losses: Vec<f64>,
    pub trained: Parameters,
    pub output: Rows,
    pub final_loss: f64,
}

impl Training {
    /// Le même réseau, tiré ici de la même graine : pour un « tirage », x et y en sortent d'abord.
    pub fn network(&self) -> NeuralNetwork {
        let mut rng = NumpyRng::seed(self.seed);
        let (mut x, mut y) = (self.x.matrix(), self.y.matrix());
        if self.name == "tirage" {
            x.mapv_inplace(|_| rng.random());
            y.mapv_inplace(|_| rng.random());
        }
        let network = NeuralNetwork::with_hidden(x, y, self.hidden, &mut rng).unwrap();
        if self.with_biases { network } else { network.without_biases() }
    }

    /// Le cas, en quelques mots, pour le message d'un test qui échoue.
    pub fn title(&self) -> String {
        let biases = if self.with_biases { "avec biais" } else { "sans biais" };
        format!("{}, graine {}, {biases}", self.name, self.seed)
    }
}

/// `tests/oracles/torch.json` : les gradients, par la dérivation automatique de PyTorch.
#[derive(Deserialize)]
pub struct TorchOracle {
    pub made_by: MadeBy,
    pub cases: Vec<TorchCase>,
}

/// Un réseau tiré au hasard, sa perte et ses gradients.
#[derive(Deserialize)]
pub struct TorchCase {
    /// (m, n, h, k).
    pub shape: [usize; 4],
    pub x: Rows,
    pub y: Rows,
    pub parameters: Parameters,
    pub output: Rows,
    pub loss: f64,
    pub gradients: Parameters,
}

impl TorchCase {
    /// Le réseau tiré par PyTorch, dont les champs publics reçoivent les paramètres.
    pub fn network(&self) -> NeuralNetwork {
        let (x, y) = (self.x.matrix(), self.y.matrix());
        let hidden = self.shape[2];
        let mut network =
            NeuralNetwork::with_hidden(x, y, hidden, &mut NumpyRng::seed(0)).unwrap();
        let given = self.parameters.arrays();
        network.weights1 = given.weights1;
        network.biases1 = given.biases1;
        network.weights2 = given.weights2;
        network.biases2 = given.biases2;
        network.feedforward();
        network
    }
}

pub fn numpy_oracle() -> NumpyOracle {
    serde_json::from_str(include_str!("../oracles/numpy.json"))
        .expect("numpy.json bien formé")
}

pub fn torch_oracle() -> TorchOracle {
    serde_json::from_str(include_str!("../oracles/torch.json"))
        .expect("torch.json bien formé")
}

/// Un texte du projet sans la marque d'ordre des octets, ses lignes finies par `\n`.
pub fn plain(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

/// Deux nombres égaux à `tolerance` près ; un NaN n'est proche de rien.
#[track_caller]
pub fn assert_close_number(actual: f64, expected: f64, tolerance: f64, what: &str) {
    let gap = (actual - expected).abs();
    assert!(
        gap <= tolerance,
        "{what} : {actual} au lieu de {expected}, soit un écart de {gap:e}, et il en est permis \
         {tolerance:e}."
    );
}

/// Deux tableaux de même forme, égaux case par case à `tolerance` près.
#[track_caller]
pub fn assert_close<D: Dimension>(
    actual: &Array<f64, D>,
    expected: &Array<f64, D>,
    tolerance: f64,
    what: &str,
) {
    assert_eq!(actual.shape(), expected.shape(), "{what} : les formes diffèrent.");
    for (place, (&a, &e)) in actual.iter().zip(expected).enumerate() {
        assert_close_number(
            a,
            e,
            tolerance,
            &format!("{what}, case {place} (comptée depuis 0)"),
        );
    }
}

/// Les quatre tableaux l'un après l'autre.
#[track_caller]
pub fn assert_close_parameters(
    actual: &Gradients,
    expected: &Gradients,
    tolerance: f64,
    what: &str,
) {
    assert_close(&actual.weights1, &expected.weights1, tolerance, &format!("W1, {what}"));
    assert_close(&actual.biases1, &expected.biases1, tolerance, &format!("b1, {what}"));
    assert_close(&actual.weights2, &expected.weights2, tolerance, &format!("W2, {what}"));
    assert_close(&actual.biases2, &expected.biases2, tolerance, &format!("b2, {what}"));
}

/// Ce que le réseau a appris, rangé comme les gradients pour s'y comparer.
pub fn parameters(network: &NeuralNetwork) -> Gradients {
    Gradients {
        weights1: network.weights1.clone(),
        biases1: network.biases1.clone(),
        weights2: network.weights2.clone(),
        biases2: network.biases2.clone(),
    }
}

/// Le gradient mesuré sans aucune formule : (L(p + h) − L(p − h)) / 2h, paramètre par paramètre.
///
/// Le pas h = 10⁻⁵ est celui où l'écart est le plus petit : plus grand, la courbure
/// se voit ; plus petit, c'est l'arrondi.
pub fn measured_gradients(network: &NeuralNetwork) -> Gradients {
    let mut probe = network.clone();
    macro_rules! measure {
        ($field:ident) => {{
            let mut slope = network.$field.clone();
            for place in 0..slope.len() {
                let original = *network.$field.iter().nth(place).unwrap();
                let mut loss_at = |value: f64| {
                    *probe.$field.iter_mut().nth(place).unwrap() = value;
                    probe.feedforward();
                    probe.loss()
                };
                let h = 1e-5;
                let rise = loss_at(original + h) - loss_at(original - h);
                loss_at(original);
                *slope.iter_mut().nth(place).unwrap() = rise / (2.0 * h);
            }
            slope
        }};
    }
    Gradients {
        weights1: measure!(weights1),
        biases1: measure!(biases1),
        weights2: measure!(weights2),
        biases2: measure!(biases2),
    }
}

/// Ce que le compilateur dit d'abord de ce code, s'il le refuse.
pub fn compiler_refusal(code: &str) -> Option<String> {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut process = Command::new(compiler)
        // Sous Windows, rustc y laisse ce qu'il a écrit.
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .args([
            "--edition=2024",
            "--crate-type=lib",
            "--emit=metadata=-",
            "--cap-lints=allow",
        ])
        .args(["--error-format=short", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rustc se lance");
    let mut input = process.stdin.take().expect("une entrée");
    input.write_all(code.as_bytes()).expect("rustc lit le code");
    drop(input);
    let answer = process.wait_with_output().expect("rustc répond");
    let said = String::from_utf8_lossy(&answer.stderr);
    (!answer.status.success()).then(|| said.lines().next().unwrap_or_default().to_string())
}

/// Les erreurs que montre un notebook, dans l'ordre : celles du compilateur, puis celles que `?`
/// affiche.
pub fn notebook_errors(name: &str) -> Vec<String> {
    let path = format!("{}/notebooks/{name}.ipynb", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path} : {e}"));
    let notebook: Value =
        serde_json::from_str(&plain(&text)).expect("un notebook bien formé");
    let cells = notebook["cells"].as_array().expect("des cellules");
    let outputs = cells.iter().filter_map(|cell| cell["outputs"].as_array()).flatten();
    outputs
        .filter_map(|output| match output["output_type"].as_str()? {
            "error" => Some(joined(&output["evalue"])),
            "stream" if output["name"] == "stderr" => Some(joined(&output["text"])),
            _ => None,
        })
        .map(|said| said.trim_end().to_string())
        .collect()
}

/// Un texte de notebook, en un morceau ou en lignes.
pub fn joined(text: &Value) -> String {
    match text {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().unwrap_or_default().to_string(),
    }
}

/// La classe Python du tutoriel : sans biais.
pub fn network_without_biases(seed: u32) -> NeuralNetwork {
    let (x, y) = tutorial_data();
    NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed)).unwrap().without_biases()
}

/// Le réseau du calcul à la main du chapitre 03 : x = (1, 2), y = 1, et il répond 0,8.
pub fn hand_network() -> NeuralNetwork {
    let (x, y) = (arr2(&[[1.0, 2.0]]), arr2(&[[1.0]]));
    let mut network = NeuralNetwork::with_hidden(x, y, 2, &mut NumpyRng::seed(0)).unwrap();
    network.weights1 = arr2(&[[0.5, 2.0], [-0.25, -1.0]]);
    network.biases1 = arr1(&[3f64.ln(), 0.0]);
    network.weights2 = arr2(&[[4.0], [-6.0]]);
    network.biases2 = arr1(&[4f64.ln()]);
    network.feedforward();
    network
}
