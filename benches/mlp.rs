//! Combien dure un entraînement : `cargo bench --bench mlp`.
//!
//! Les temps d'une machine occupée ne veulent rien dire seuls : tout est mesuré dans la même
//! exécution, en alternant, et chaque temps est le plus court de ses essais. Avec `--json`, les
//! mêmes temps en secondes, pour `benches/peers.py`, qui mesure NumPy, PyTorch et scikit-learn à côté.

use std::hint::black_box;
use std::time::{Duration, Instant};

use nn_core::ndarray::{Array2, arr2};
use nn_core::rand::RngExt;
use nn_core::{NeuralNetwork, NumpyRng};
use nn_data::datasets::{one_hot, optdigits};
use nn_mlp::product::{Matrix, add_product};
use nn_mlp::{Activation, Float, Init, Loss, Mlp, Optimizer, Reduction, Trainer};

/// Un travail, et ce qu'il fait d'un essai.
struct Work {
    name: String,
    /// Ce que compte un essai : des pas, des exponentielles…
    count: usize,
    run: Box<dyn FnMut()>,
    best: Duration,
}

impl Work {
    fn new(name: impl Into<String>, count: usize, run: impl FnMut() + 'static) -> Self {
        Self { name: name.into(), count, run: Box::new(run), best: Duration::MAX }
    }

    fn measure(&mut self) {
        let start = Instant::now();
        (self.run)();
        self.best = self.best.min(start.elapsed());
    }

    /// Les secondes d'un seul pas.
    fn seconds(&self) -> f64 {
        self.best.as_secs_f64() / self.count as f64
    }
}

const STEPS: usize = 1500;
const EXPONENTIALS: &str = "tutorial exponentials";

fn tutorial() -> (Array2<f64>, Array2<f64>) {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]);
    (x, arr2(&[[0.], [1.], [1.], [0.]]))
}

/// Les 1500 pas du tutoriel, par le réseau lisible, puis par `Mlp` ; et leurs exponentielles.
fn tutorial_works() -> [Work; 3] {
    let (x, y) = tutorial();
    let network = NeuralNetwork::new(x.clone(), y.clone(), &mut NumpyRng::seed(0)).unwrap();
    let mlp = Mlp::<f64>::builder(3)
        .layer(4, Activation::Sigmoid)
        .layer(1, Activation::Sigmoid)
        .reduction(Reduction::Sum)
        .init(Init::TUTORIAL)
        .build(&mut NumpyRng::seed(0))
        .unwrap();
    let values: Vec<f64> = (0..20 * STEPS).map(|i| (i % 97) as f64 / 20.0 - 2.5).collect();
    [
        Work::new("tutorial NeuralNetwork", 1, move || {
            black_box(network.clone().train(STEPS));
        }),
        Work::new("tutorial Mlp", 1, move || {
            let (mut mlp, mut sgd) = (mlp.clone(), Optimizer::sgd(1.0).unwrap());
            for _ in 0..STEPS {
                black_box(mlp.train_step(&x, &y, &mut sgd).unwrap());
            }
        }),
        Work::new(EXPONENTIALS, 1, move || {
            for &value in &values {
                black_box(black_box(value).exp());
            }
        }),
    ]
}

/// Des pas d'un réseau de classement, ReLU puis softmax, par SGD.
fn steps<F: Float>(
    sizes: &'static [usize],
    batch: usize,
    count: usize,
    threads: usize,
) -> Work {
    let mut rng = NumpyRng::seed(0);
    let (k, hidden) = (sizes[sizes.len() - 1], &sizes[1..sizes.len() - 1]);
    let mut mlp = hidden
        .iter()
        .fold(Mlp::<F>::builder(sizes[0]), |b, &h| b.layer(h, Activation::Relu))
        .layer(k, Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .threads(threads)
        .build(&mut rng)
        .unwrap();
    let x = Array2::from_shape_fn((batch, sizes[0]), |_| F::nearest(rng.random::<f64>()));
    let y = Array2::from_shape_fn((batch, k), |(row, class)| {
        if row % k == class { F::one() } else { F::zero() }
    });
    let mut sgd = Optimizer::sgd(0.01).unwrap();
    let shape = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    let name = format!("{shape} {batch} f{}", 8 * size_of::<F>());
    Work::new(name, count, move || {
        for _ in 0..count {
            black_box(mlp.train_step(&x, &y, &mut sgd).unwrap());
        }
    })
}

/// Les produits d'un pas de 784-512-256-10 sur un lot de 128, (m, k) · (k, n) : propager, les
/// gradients des poids, et l'erreur des couches cachées.
const STEP_PRODUCTS: [(usize, usize, usize); 8] = [
    (128, 784, 512),
    (128, 512, 256),
    (128, 256, 10),
    (784, 128, 512),
    (512, 128, 256),
    (256, 128, 10),
    (128, 10, 256),
    (128, 256, 512),
];

/// Des produits seuls, par la bibliothèque que `Mlp` emploie, rangés comme les siens.
fn products(name: &str, sizes: &'static [(usize, usize, usize)]) -> Work {
    let largest = 1024 * 1024;
    let (a, b) = (vec![0.5_f32; largest], vec![0.25_f32; largest]);
    let mut c = vec![0.0_f32; largest];
    Work::new(name, 1, move || {
        for &(m, k, n) in sizes {
            // Les gradients lisent x en transposé, l'erreur lit W en transposé.
            let a = match k == 128 {
                true => Matrix::new(&a[..m * k], k, m).t(),
                false => Matrix::new(&a[..m * k], m, k),
            };
            let b = match (k, n) == (10, 256) || (k, n) == (256, 512) {
                true => Matrix::new(&b[..k * n], n, k).t(),
                false => Matrix::new(&b[..k * n], k, n),
            };
            add_product(a, b, &mut c[..m * n], 1);
        }
        black_box(&c);
    })
}

/// Trente époques sur les chiffres manuscrits, comme `MLPClassifier` : 64-30-10, Adam, lots de 200.
fn digits() -> Work {
    let train = optdigits().unwrap().train;
    let x = train.x.mapv(|v| (v / 16.0) as f32);
    let y = one_hot(&train.labels, 10).unwrap().mapv(|v| v as f32);
    Work::new("optdigits 30", 1, move || {
        let mut mlp = Mlp::<f32>::builder(64)
            .layer(30, Activation::Relu)
            .layer(10, Activation::Softmax)
            .loss(Loss::CrossEntropy)
            .l2(1e-4)
            .build(&mut NumpyRng::seed(0))
            .unwrap();
        let trainer =
            Trainer::new(Optimizer::adam(1e-3).unwrap()).epochs(30).batch_size(200);
        let mut training = trainer.start(&mlp, x.clone(), y.clone()).unwrap();
        for epoch in training.epochs(&mut mlp) {
            black_box(epoch.unwrap());
        }
    })
}

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    let threads = std::env::args()
        .find_map(|argument| argument.strip_prefix("--fils=")?.parse().ok())
        .unwrap_or(1);
    let mut works = Vec::new();
    if threads == 1 {
        works.extend(tutorial_works());
        for batch in [32, 128] {
            works.push(steps::<f32>(&[64, 32, 10], batch, 400, 1));
            works.push(steps::<f64>(&[64, 32, 10], batch, 400, 1));
        }
        works.push(digits());
        works.push(products("pic f32", &[(1024, 1024, 1024)]));
        works.push(products("produits 784-512-256-10 128 f32", &STEP_PRODUCTS));
    }
    for batch in [32, 128] {
        works.push(steps::<f32>(&[784, 128, 10], batch, 40, threads));
    }
    works.push(steps::<f32>(&[784, 512, 256, 10], 128, 4, threads));
    // Ce qui n'est pas une option choisit les travaux dont le nom le contient.
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let is_wanted = |work: &Work| wanted.iter().any(|part| work.name.contains(part));
    works.retain(|work| wanted.is_empty() || is_wanted(work));
    for _ in 0..if json { 5 } else { 20 } {
        works.iter_mut().for_each(Work::measure);
    }
    if json {
        let pairs: Vec<String> =
            works.iter().map(|w| format!("\"{}\": {:e}", w.name, w.seconds())).collect();
        println!("{{{}}}", pairs.join(", "));
        return;
    }
    let exponentials = works.iter().find(|work| work.name == EXPONENTIALS);
    println!("{:28} {:>12} {:>24}", "travail", "µs", "fois les exponentielles");
    for work in &works {
        let seconds = work.seconds();
        let ratio = exponentials.map_or(String::new(), |reference| {
            format!("{:.2}", seconds / reference.seconds())
        });
        println!("{:28} {:12.2} {ratio:>24}", work.name, 1e6 * seconds);
    }
}
