//! Au moins trois réponses justes, écrites autrement que la référence, pour chaque exercice : des
//! boucles, un autre ordre, une autre identité. Aucune ne doit être refusée.

use correcteur::{
    Verdict, chapitre_00, chapitre_01, chapitre_02, chapitre_03, chapitre_04, chapitre_05,
    chapitre_06, chapitre_07, chapitre_08, chapitre_09, chapitre_10, chapitre_11,
    chapitre_12, chapitre_13, exercises,
};
use nn_core::chain_rule::Graph;
use nn_core::ndarray::{Array, Array1, Array2, Axis, Dimension, Zip};
use nn_core::rand::RngExt;
use nn_core::{Gradients, NeuralNetwork, NumpyRng, sigmoid, sigmoid_derivative_at};

type Matrix = Array2<f64>;
type Vector = Array1<f64>;

/// L'exercice, et les verdicts de ses réponses.
type Answers = (&'static str, Vec<Verdict>);

/// Corrige chaque réponse ; la liste fixe le type de la fonction.
macro_rules! judge {
    ($id:literal, $entry:path, [$($answer:expr),+ $(,)?]) => {
        ($id, vec![$($entry($answer)),+])
    };
}

#[test]
fn aucune_reponse_juste_n_est_refusee() {
    for (id, verdicts) in every_answer() {
        assert!(verdicts.len() >= 3, "{id} : {} réponses", verdicts.len());
        for (rank, verdict) in verdicts.iter().enumerate() {
            assert!(verdict.is_success(), "{id}, réponse {rank} :\n{verdict}");
            assert_eq!(verdict.exercise, id);
        }
    }
}

#[test]
fn chaque_exercice_a_ses_reponses() {
    let answered: Vec<_> = every_answer().into_iter().map(|(id, _)| id).collect();
    for exercise in exercises() {
        assert!(
            answered.contains(&exercise.sheet().id),
            "{} n'a pas de réponse",
            exercise.sheet().id
        );
    }
}

fn every_answer() -> Vec<Answers> {
    [
        chapter_0(),
        chapter_1(),
        chapter_2(),
        chapter_3(),
        chapter_4(),
        chapter_5(),
        chapter_6(),
        chapter_7(),
        chapter_8(),
        chapter_9(),
        chapter_10(),
        chapter_11(),
    ]
    .concat()
}

fn chapter_0() -> Vec<Answers> {
    vec![
        judge!(
            "00_moyenne",
            chapitre_00::moyenne,
            [
                |a, b| 0.5 * a + 0.5 * b,
                |a, b| a + (b - a) / 2.0,
                |a, b| [a, b].iter().sum::<f64>() / 2.0
            ]
        ),
        judge!(
            "00_somme",
            chapitre_00::somme,
            [
                |n| {
                    let mut total = 0;
                    for i in 0..n {
                        total += i;
                    }
                    total
                },
                |n| n * (n - 1) / 2,
                |n| {
                    let (mut total, mut i) = (0, 0);
                    while i < n {
                        total += i;
                        i += 1;
                    }
                    total
                },
            ]
        ),
        judge!(
            "00_longueur_totale",
            chapitre_00::longueur_totale,
            [
                |a, b| b.len() + a.len(),
                |a, b| format!("{a}{b}").len(),
                |a, b| a.bytes().chain(b.bytes()).count(),
            ]
        ),
        judge!(
            "00_somme_lue",
            chapitre_00::somme_lue,
            [
                |a, b| Ok(a.parse::<i64>()? + b.parse::<i64>()?),
                |a, b| match (a.parse::<i64>(), b.parse::<i64>()) {
                    (Ok(a), Ok(b)) => Ok(a + b),
                    (Err(error), _) | (_, Err(error)) => Err(error),
                },
                |a, b| a.parse::<i64>().and_then(|a| b.parse::<i64>().map(|b| a + b)),
            ]
        ),
        judge!(
            "00_cubes",
            chapitre_00::cubes,
            [
                |n| {
                    let mut cubes = Vec::new();
                    for i in 0..=n {
                        cubes.push(i * i * i);
                    }
                    cubes
                },
                |n| (0..n + 1).map(|i: i64| i.pow(3)).collect(),
                |n| {
                    let mut cubes = vec![0; n as usize + 1];
                    for (i, cube) in cubes.iter_mut().enumerate() {
                        *cube = (i as i64).pow(3);
                    }
                    cubes
                },
            ]
        ),
    ]
}

fn chapter_1() -> Vec<Answers> {
    vec![
        judge!(
            "01_weighted_sum",
            chapitre_01::weighted_sum,
            [
                |x, w, b| {
                    let mut z = b;
                    for i in 0..x.len() {
                        z += w[i] * x[i];
                    }
                    z
                },
                |x, w, b| x.iter().zip(w).rev().fold(b, |z, (x, w)| x.mul_add(*w, z)),
                |x, w, b| Vector::from(x.to_vec()).dot(&Vector::from(w.to_vec())) + b,
            ]
        ),
        judge!(
            "01_my_sigmoid",
            chapitre_01::my_sigmoid,
            [
                |z| 0.5 * (1.0 + (z / 2.0).tanh()),
                |z| if z >= 0.0 {
                    1.0 / (1.0 + (-z).exp())
                } else {
                    z.exp() / (1.0 + z.exp())
                },
                |z| (1.0 + std::f64::consts::E.powf(-z)).recip(),
                |z: f64| 1.0 - 1.0 / (1.0 + z.exp()),
            ]
        ),
        judge!(
            "01_slope_from_output",
            chapitre_01::slope_from_output,
            [|a| a - a * a, |a| (1.0 - a) * a, |a| 0.25 - (a - 0.5).powi(2),]
        ),
        judge!(
            "01_and_neuron",
            chapitre_01::and_neuron,
            [|| ([1.0, 1.0], -1.5), || ([10.0, 12.0], -15.0), || ([0.5, 0.75], -1.0),]
        ),
    ]
}

/// Les nombres du générateur, un par un, ligne par ligne.
fn filled(rows: usize, columns: usize, rng: &mut NumpyRng) -> Matrix {
    let mut a = Array2::zeros((rows, columns));
    for i in 0..rows {
        for j in 0..columns {
            a[[i, j]] = rng.random();
        }
    }
    a
}

/// Le neurone, tel qu'on le traduit d'ordinaire.
struct Plain {
    w: f64,
    b: f64,
}

impl Plain {
    fn new(w: f64, b: f64) -> Self {
        Self { w, b }
    }
    fn answer(&self, x: f64) -> f64 {
        self.w * x + self.b
    }
    fn correct(&mut self, x: f64, error: f64) {
        let step = 0.1 * error;
        self.w -= x * step;
        self.b -= step;
    }
}

/// Le même, qui range ses réglages dans une liste.
struct Packed(Vec<f64>);

/// Le même, qui se remplace lui-même.
#[derive(Clone)]
struct Replaced {
    settings: [f64; 2],
}

fn chapter_2() -> Vec<Answers> {
    vec![
        judge!(
            "02_shapes",
            chapitre_02::shapes,
            [
                |n, h, k| {
                    let hidden = (n, h);
                    let output = (hidden.1, k);
                    (hidden, hidden.1, output, output.1)
                },
                |n, h, k| {
                    let w1 = Matrix::zeros((n, h));
                    let w2 = Matrix::zeros((h, k));
                    (w1.dim(), w1.ncols(), w2.dim(), w2.ncols())
                },
                |n, h, k| {
                    let sizes = [n, h, k];
                    ((sizes[0], sizes[1]), sizes[1], (sizes[1], sizes[2]), sizes[2])
                },
            ]
        ),
        judge!(
            "02_count_parameters",
            chapitre_02::count_parameters,
            [
                |n, h, k| (n + 1) * h + (h + 1) * k,
                |n, h, k| [(n, h), (h, k)].iter().map(|(a, b)| a * b + b).sum(),
                |n, h, k| h * (n + k + 1) + k,
            ]
        ),
        judge!(
            "02_draw_weights",
            chapitre_02::draw_weights,
            [
                |n, h, k, rng| (filled(n, h, rng), filled(h, k, rng)),
                |n, h, k, rng| {
                    let mut draw = |size: usize| (0..size).map(|_| rng.random()).collect();
                    let (w1, w2): (Vec<f64>, Vec<f64>) = (draw(n * h), draw(h * k));
                    (
                        Array2::from_shape_vec((n, h), w1).unwrap(),
                        Array2::from_shape_vec((h, k), w2).unwrap(),
                    )
                },
                |n, h, k, rng| {
                    let mut w1 = Matrix::zeros((n, h));
                    w1.mapv_inplace(|_| rng.random());
                    let w2 = Matrix::from_shape_fn((h, k), |_| rng.random());
                    (w1, w2)
                },
            ]
        ),
        judge!(
            "02_two_networks",
            chapitre_02::two_networks,
            [
                |x, y| {
                    let mut first = NumpyRng::seed(0);
                    let mut second = NumpyRng::seed(1);
                    let a = NeuralNetwork::new(x.clone(), y.clone(), &mut first).unwrap();
                    (a, NeuralNetwork::new(x, y, &mut second).unwrap())
                },
                |x, y| {
                    let make = |seed| {
                        NeuralNetwork::new(x.clone(), y.clone(), &mut NumpyRng::seed(seed))
                            .unwrap()
                    };
                    (make(0), make(1))
                },
                |x, y| {
                    let b = NeuralNetwork::new(
                        x.to_owned(),
                        y.to_owned(),
                        &mut NumpyRng::seed(1),
                    );
                    let a = NeuralNetwork::with_hidden(x, y, 4, &mut NumpyRng::seed(0));
                    (a.unwrap(), b.unwrap())
                },
            ]
        ),
        (
            "02_neuron_class",
            vec![
                chapitre_02::neuron_class(Plain::new, Plain::answer, Plain::correct),
                chapitre_02::neuron_class::<Packed>(
                    |w, b| Packed(vec![w, b]),
                    |n, x| [x, 1.0].iter().zip(&n.0).map(|(a, b)| a * b).sum(),
                    |n, x, error| {
                        for (setting, input) in n.0.iter_mut().zip([x, 1.0]) {
                            *setting -= 0.1 * error * input;
                        }
                    },
                ),
                chapitre_02::neuron_class::<Replaced>(
                    |w, b| Replaced { settings: [w, b] },
                    |n, x| n.settings[1] + x * n.settings[0],
                    |n, x, error| {
                        let [w, b] = n.settings;
                        *n = Replaced { settings: [w - error * x * 0.1, b - error * 0.1] };
                    },
                ),
            ],
        ),
    ]
}

/// Le produit de matrices, avec trois boucles.
fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let mut out = Array2::zeros((a.nrows(), b.ncols()));
    for i in 0..a.nrows() {
        for j in 0..b.ncols() {
            for l in (0..a.ncols()).rev() {
                out[[i, j]] += a[[i, l]] * b[[l, j]];
            }
        }
    }
    out
}

/// Le produit, dans l'ordre du wiki : (Wᵀ·xᵀ)ᵀ.
fn wiki(a: &Matrix, b: &Matrix) -> Matrix {
    b.t().dot(&a.t()).reversed_axes()
}

/// Une couche, case par case.
fn layer(x: &Matrix, w: &Matrix, b: &Vector) -> Matrix {
    Array2::from_shape_fn((x.nrows(), w.ncols()), |(i, j)| {
        sigmoid(x.row(i).dot(&w.column(j)) + b[j])
    })
}

fn chapter_3() -> Vec<Answers> {
    vec![
        judge!(
            "03_linear",
            chapitre_03::linear,
            [
                |x, w, b| {
                    let mut z = product(x, w);
                    for mut row in z.rows_mut() {
                        row += b;
                    }
                    z
                },
                |x, w, b| wiki(x, w) + b,
                |x, w, b| {
                    Array2::from_shape_fn((x.nrows(), w.ncols()), |(i, j)| {
                        b[j] + x
                            .row(i)
                            .iter()
                            .zip(w.column(j))
                            .map(|(x, w)| x * w)
                            .sum::<f64>()
                    })
                },
                |x, w, b| &b.broadcast((x.nrows(), b.len())).unwrap() + &x.dot(w),
            ]
        ),
        judge!(
            "03_my_layer",
            chapitre_03::my_layer,
            [
                layer,
                |x, w, b| (wiki(x, w) + b).map(|z| (1.0 + (-z).exp()).recip()),
                |x, w, b| nn_core::layer(x, w, b).unwrap(),
            ]
        ),
        judge!(
            "03_two_layers",
            chapitre_03::two_layers,
            [
                |x, w1, w2| {
                    let layer1 = product(x, w1).mapv(sigmoid);
                    product(&layer1, w2).mapv(sigmoid)
                },
                |x, w1, w2| {
                    let mut a = wiki(x, w1);
                    a.mapv_inplace(sigmoid);
                    a = a.dot(w2);
                    a.mapv_inplace(sigmoid);
                    a
                },
                |x, w1, w2| {
                    [w1, w2].into_iter().fold(x.clone(), |a, w| a.dot(w).mapv(sigmoid))
                },
            ]
        ),
        judge!(
            "03_my_feedforward",
            chapitre_03::my_feedforward,
            [
                |n| {
                    n.layer1 = layer(&n.input, &n.weights1, &n.biases1);
                    n.output = layer(&n.layer1, &n.weights2, &n.biases2);
                },
                |n| {
                    let z1 = product(&n.input, &n.weights1) + &n.biases1;
                    n.layer1.assign(&z1.mapv(sigmoid));
                    let z2 = wiki(&n.layer1, &n.weights2) + &n.biases2;
                    n.output.assign(&z2.mapv(sigmoid));
                },
                |n| {
                    let copy = n.clone();
                    let layer1 =
                        nn_core::layer(&copy.input, &copy.weights1, &copy.biases1).unwrap();
                    n.output =
                        nn_core::layer(&layer1, &copy.weights2, &copy.biases2).unwrap();
                    n.layer1 = layer1;
                },
            ]
        ),
        judge!(
            "03_broken_predict",
            chapitre_03::broken_predict,
            [
                |n, x| n.predict(x).unwrap(),
                |n, x| layer(&layer(x, &n.weights1, &n.biases1), &n.weights2, &n.biases2),
                |n, x| {
                    let mut copy = n.clone();
                    copy.input = x.clone();
                    copy.feedforward();
                    copy.output
                },
            ]
        ),
    ]
}

fn chapter_4() -> Vec<Answers> {
    vec![
        judge!(
            "04_my_loss",
            chapitre_04::my_loss,
            [
                |y, y_hat| {
                    let mut total = 0.0;
                    for (y, a) in y.iter().zip(y_hat) {
                        total += (a - y).powi(2);
                    }
                    total
                },
                |y, y_hat| {
                    let e = y_hat - y;
                    (&e * &e).sum_axis(Axis(0)).sum()
                },
                |y, y_hat| Zip::from(y)
                    .and(y_hat)
                    .fold(0.0, |l, y, a| l + (y - a) * (y - a)),
                |y, y_hat| {
                    let e: Vector = (y - y_hat).iter().copied().collect();
                    e.dot(&e)
                },
            ]
        ),
        judge!(
            "04_measured_slope",
            chapitre_04::measured_slope,
            [
                |f, w, eps| {
                    let (right, left) = (f(w + eps), f(w - eps));
                    0.5 * (right - left) / eps
                },
                |f, w, eps| ((f(w + eps) - f(w)) / eps + (f(w) - f(w - eps)) / eps) / 2.0,
                |f, w, eps| {
                    let (before, after) = (w - eps, w + eps);
                    f(after) / (2.0 * eps) - f(before) / (2.0 * eps)
                },
            ]
        ),
        judge!(
            "04_descend",
            chapitre_04::descend,
            [
                |slope, start, rate, steps| {
                    let mut w = start;
                    for _ in 0..steps {
                        w -= rate * slope(w);
                    }
                    w
                },
                |slope, start, rate, steps| {
                    let (mut w, mut done) = (start, 0);
                    while done < steps {
                        w += -(slope(w) * rate);
                        done += 1;
                    }
                    w
                },
                |slope, start, rate, steps| {
                    std::iter::successors(Some(start), |w| Some(w - slope(*w) * rate))
                        .nth(steps)
                        .unwrap()
                },
            ]
        ),
    ]
}

/// δ2, case par case.
fn delta2(y: &Matrix, y_hat: &Matrix) -> Matrix {
    Array2::from_shape_fn(y.dim(), |at| {
        let a = y_hat[at];
        2.0 * (a - y[at]) * a * (1.0 - a)
    })
}

/// Un pas de taux 1.
fn step(n: &mut NeuralNetwork, g: &Gradients, rate: f64) {
    n.weights1 = &n.weights1 - rate * &g.weights1;
    n.biases1 = &n.biases1 - rate * &g.biases1;
    n.weights2 = &n.weights2 - rate * &g.weights2;
    n.biases2 = &n.biases2 - rate * &g.biases2;
}

/// Les gradients, exemple par exemple, avec des boucles.
fn gradients_by_loops(n: &NeuralNetwork) -> Gradients {
    let (h, k) = n.weights2.dim();
    let mut g = Gradients {
        weights1: Array2::zeros(n.weights1.dim()),
        biases1: Array1::zeros(h),
        weights2: Array2::zeros((h, k)),
        biases2: Array1::zeros(k),
    };
    for i in 0..n.input.nrows() {
        for c in 0..k {
            let a = n.output[[i, c]];
            let d2 = -2.0 * (n.y[[i, c]] - a) * a * (1.0 - a);
            g.biases2[c] += d2;
            for j in 0..h {
                let a1 = n.layer1[[i, j]];
                g.weights2[[j, c]] += a1 * d2;
                let d1 = d2 * n.weights2[[j, c]] * a1 * (1.0 - a1);
                g.biases1[j] += d1;
                for p in 0..n.input.ncols() {
                    g.weights1[[p, j]] += n.input[[i, p]] * d1;
                }
            }
        }
    }
    g
}

/// Les gradients à la manière de la suite Python : leurs opposés, que l'on retourne à la fin.
fn gradients_like_python(n: &NeuralNetwork) -> Gradients {
    let slope = |a: &Matrix| a * &(1.0 - a);
    let error = 2.0 * (&n.y - &n.output) * slope(&n.output);
    let hidden = error.dot(&n.weights2.t()) * slope(&n.layer1);
    let ones = Array1::ones(n.y.nrows());
    Gradients {
        weights1: -n.input.t().dot(&hidden),
        biases1: -ones.dot(&hidden),
        weights2: -n.layer1.t().dot(&error),
        biases2: -ones.dot(&error),
    }
}

/// Les gradients par les sommes z, que l'on retrouve : σ′(z) avec σ⁻¹(a).
fn gradients_from_sums(n: &NeuralNetwork) -> Gradients {
    let z = |a: f64| (a / (1.0 - a)).ln();
    let slope = |a: f64| sigmoid_derivative_at(z(a));
    let d2 = 2.0 * (&n.output - &n.y) * n.output.mapv(slope);
    let d1 = wiki(&d2, &n.weights2.t().to_owned()) * n.layer1.mapv(slope);
    Gradients {
        weights1: product(&n.input.t().to_owned(), &d1),
        biases1: d1.sum_axis(Axis(0)),
        weights2: product(&n.layer1.t().to_owned(), &d2),
        biases2: d2.sum_axis(Axis(0)),
    }
}

/// La boucle du retour, qui recopie les nœuds dans une pile.
fn by_reversed_list(inputs: &[Vec<(usize, f64)>], result: usize) -> Vec<f64> {
    let mut gradients = vec![0.0; inputs.len()];
    gradients[result] += 1.0;
    for (rank, from) in inputs.iter().enumerate().take(result + 1).rev() {
        let gradient = gradients[rank];
        from.iter().for_each(|(input, slope)| gradients[*input] += slope * gradient);
    }
    gradients
}

/// Le même nombre, demandé à chaque nœud : la somme sur ceux qui l'utilisent.
fn by_asking_the_users(inputs: &[Vec<(usize, f64)>], result: usize) -> Vec<f64> {
    let mut gradients = vec![0.0; inputs.len()];
    for rank in (0..=result).rev() {
        let mut total = if rank == result { 1.0 } else { 0.0 };
        for user in rank + 1..=result {
            for &(input, slope) in &inputs[user] {
                if input == rank {
                    total += gradients[user] * slope;
                }
            }
        }
        gradients[rank] = total;
    }
    gradients
}

/// De l'entrée vers le résultat, une fois par nœud : lent, et juste.
fn by_going_forward(inputs: &[Vec<(usize, f64)>], result: usize) -> Vec<f64> {
    let slope_from = |start: usize| {
        let mut slopes = vec![0.0; inputs.len()];
        slopes[start] = 1.0;
        for rank in start + 1..inputs.len() {
            slopes[rank] = inputs[rank].iter().map(|&(i, slope)| slopes[i] * slope).sum();
        }
        slopes[result]
    };
    (0..inputs.len()).map(slope_from).collect()
}

fn chapter_5() -> Vec<Answers> {
    vec![
        judge!(
            "05_product_slopes",
            chapitre_05::product_slopes,
            [
                |a, b| (b, a),
                |a, b| ((a + 1.0) * b - a * b, a * (b + 1.0) - a * b),
                |a, b| {
                    let slopes = [b, a];
                    (slopes[0], slopes[1])
                },
            ]
        ),
        judge!(
            "05_gradients_of",
            chapitre_05::gradients_of,
            [by_reversed_list, by_asking_the_users, by_going_forward]
        ),
        judge!(
            "05_neuron_slopes",
            chapitre_05::neuron_slopes,
            [
                |x, w, b, y| {
                    let a = sigmoid(w * x + b);
                    let slope = 2.0 * (a - y) * a * (1.0 - a);
                    (x * slope, slope)
                },
                |x, w, b, y| {
                    let z = w * x + b;
                    let by_z = -2.0 * (y - sigmoid(z)) * sigmoid_derivative_at(z);
                    (by_z * x, by_z)
                },
                |x, w, b, y| {
                    let mut graph = Graph::default();
                    let [w, x, b, y] = [w, x, b, y].map(|value| graph.input(value));
                    let product = graph.multiply(w, x);
                    let z = graph.add(product, b);
                    let a = graph.sigmoid(z);
                    let gap = graph.subtract(a, y);
                    let loss = graph.multiply(gap, gap);
                    graph.backward(loss);
                    (graph.nodes[w].gradient, graph.nodes[b].gradient)
                },
            ]
        ),
        judge!(
            "05_tanh_node",
            chapitre_05::tanh_node,
            [
                |rank, z: f64| (z.tanh(), vec![(rank, 1.0 - z.tanh().powi(2))]),
                |rank, z: f64| (z.tanh(), vec![(rank, 1.0 / z.cosh().powi(2))]),
                |rank, z| {
                    let a = 2.0 * sigmoid(2.0 * z) - 1.0;
                    (a, Vec::from([(rank, (1.0 - a) * (1.0 + a))]))
                },
            ]
        ),
    ]
}

fn chapter_6() -> Vec<Answers> {
    vec![
        judge!(
            "06_output_delta",
            chapitre_06::output_delta,
            [
                delta2,
                |y, y_hat| (y_hat - y) * y_hat * (1.0 - y_hat) * 2.0,
                |y, y_hat| {
                    let mut d = y_hat - y;
                    d *= &y_hat.mapv(|a| 2.0 * (a - a * a));
                    d
                },
            ]
        ),
        judge!(
            "06_weights_gradient",
            chapitre_06::weights_gradient,
            [
                |a1, d2| product(&a1.t().to_owned(), d2),
                |a1, d2| d2.t().dot(a1).reversed_axes(),
                |a1, d2| {
                    let mut g = Array2::zeros((a1.ncols(), d2.ncols()));
                    for (a, d) in a1.rows().into_iter().zip(d2.rows()) {
                        let column = a.insert_axis(Axis(1));
                        g += &column.dot(&d.insert_axis(Axis(0)));
                    }
                    g
                },
            ]
        ),
        judge!(
            "06_hidden_delta",
            chapitre_06::hidden_delta,
            [
                |d2, w2, a1| w2.dot(&d2.t()).reversed_axes() * a1 * (1.0 - a1),
                |d2, w2, a1| product(d2, &w2.t().to_owned()) * a1.mapv(|a| a - a * a),
                |d2, w2, a1| {
                    Array2::from_shape_fn(a1.dim(), |(i, j)| {
                        let shared: f64 =
                            (0..d2.ncols()).map(|c| d2[[i, c]] * w2[[j, c]]).sum();
                        a1[[i, j]] * (1.0 - a1[[i, j]]) * shared
                    })
                },
            ]
        ),
        judge!(
            "06_biases_gradient",
            chapitre_06::biases_gradient,
            [
                |d| Array1::ones(d.nrows()).dot(d),
                |d| d.columns().into_iter().map(|column| column.sum()).collect(),
                |d| {
                    let mut total = Array1::zeros(d.ncols());
                    for row in d.rows() {
                        total += &row;
                    }
                    total
                },
            ]
        ),
        judge!(
            "06_broken_step",
            chapitre_06::broken_step,
            [
                |n| {
                    let g = n.gradients();
                    step(n, &g, 1.0);
                },
                |n| {
                    let g = gradients_by_loops(n);
                    step(n, &g, 1.0);
                },
                |n| {
                    let old = n.weights2.clone();
                    let d2 = delta2(&n.y, &n.output);
                    n.weights2 -= &n.layer1.t().dot(&d2);
                    n.biases2 -= &d2.sum_axis(Axis(0));
                    let d1 = d2.dot(&old.t()) * &n.layer1 * (1.0 - &n.layer1);
                    n.biases1 -= &d1.sum_axis(Axis(0));
                    n.weights1 -= &n.input.t().dot(&d1);
                },
            ]
        ),
    ]
}

fn chapter_7() -> Vec<Answers> {
    vec![
        judge!(
            "07_all_gradients",
            chapitre_07::all_gradients,
            [gradients_by_loops, gradients_like_python, gradients_from_sums,]
        ),
        judge!(
            "07_gradient_step",
            chapitre_07::gradient_step,
            [
                step,
                |n, g, rate| {
                    n.weights1.scaled_add(-rate, &g.weights1);
                    n.weights2.scaled_add(-rate, &g.weights2);
                    n.biases1.scaled_add(-rate, &g.biases1);
                    n.biases2.scaled_add(-rate, &g.biases2);
                },
                |n, g, rate| {
                    fn lower<D: Dimension>(
                        w: &mut Array<f64, D>,
                        g: &Array<f64, D>,
                        rate: f64,
                    ) {
                        Zip::from(w).and(g).for_each(|w, g| *w -= g * rate);
                    }
                    lower(&mut n.biases2, &g.biases2, rate);
                    lower(&mut n.weights2, &g.weights2, rate);
                    lower(&mut n.biases1, &g.biases1, rate);
                    lower(&mut n.weights1, &g.weights1, rate);
                },
            ]
        ),
        judge!(
            "07_my_train",
            chapitre_07::my_train,
            [
                |n, steps| {
                    let mut losses = Vec::with_capacity(steps);
                    while losses.len() < steps {
                        n.feedforward();
                        losses.push(n.loss());
                        n.backprop();
                    }
                    n.feedforward();
                    losses
                },
                |n, steps| {
                    n.feedforward();
                    (0..steps)
                        .map(|_| {
                            let loss = n.loss();
                            n.backprop();
                            n.feedforward();
                            loss
                        })
                        .collect()
                },
                |n, steps| {
                    let mut losses = vec![0.0; steps];
                    for loss in losses.iter_mut() {
                        n.feedforward();
                        let g = gradients_by_loops(n);
                        step(n, &g, 1.0);
                        *loss = n.loss(); // `output` date encore d'avant le pas
                    }
                    n.feedforward();
                    losses
                },
            ]
        ),
        judge!(
            "08_accuracy",
            chapitre_08::accuracy,
            [
                |y, y_hat| {
                    let mut right = 0;
                    for (y, a) in y.iter().zip(y_hat) {
                        if (a - 0.5) * (y - 0.5) > 0.0 {
                            right += 1;
                        }
                    }
                    f64::from(right) / y.nrows() as f64
                },
                |y, y_hat| {
                    let side = |a: &Matrix| a.mapv(|v| if v > 0.5 { 1.0 } else { 0.0 });
                    1.0 - (side(y) - side(y_hat)).mapv(f64::abs).mean().unwrap()
                },
                |y, y_hat| {
                    let right = |(y, a): (&f64, &f64)| f64::from(u8::from(a.round() == *y));
                    y.iter().zip(y_hat).map(right).sum::<f64>() / y.len() as f64
                },
            ]
        ),
        judge!(
            "07_broken_training",
            chapitre_07::broken_training,
            [
                |n, steps| {
                    for _ in 0..steps {
                        n.feedforward();
                        n.backprop();
                    }
                    n.feedforward();
                    n.loss()
                },
                |n, steps| {
                    n.train(steps);
                    (&n.y - &n.output).mapv(|e| e * e).sum()
                },
                |n, steps| {
                    let mut copy = n.clone();
                    copy.train(steps);
                    *n = copy;
                    n.loss()
                },
            ]
        ),
    ]
}

/// La perte quand la case de rang `rank` de W1 reçoit un décalage.
fn loss_at(n: &NeuralNetwork, rank: usize, by: f64) -> f64 {
    let mut copy = n.clone();
    copy.weights1.as_slice_mut().unwrap()[rank] += by;
    copy.feedforward();
    copy.loss()
}

fn chapter_8() -> Vec<Answers> {
    vec![
        judge!(
            "09_my_relative_error",
            chapitre_09::my_relative_error,
            [
                |a, b| if a == b {
                    0.0
                } else {
                    (b - a).abs() / f64::max(a.abs(), b.abs())
                },
                |a, b| {
                    let largest = if a.abs() > b.abs() { a.abs() } else { b.abs() };
                    if largest > 0.0 { (a / largest - b / largest).abs() } else { 0.0 }
                },
                |a, b| match a.abs().max(b.abs()) {
                    0.0 => 0.0,
                    largest => (a - b).abs() * largest.recip(),
                },
            ]
        ),
        judge!(
            "09_my_gradient",
            chapitre_09::my_gradient,
            [
                |f, w, h| {
                    let mut copy = w.clone();
                    let mut out = Array2::zeros(w.dim());
                    for i in 0..w.nrows() {
                        for j in 0..w.ncols() {
                            copy[[i, j]] = w[[i, j]] + h;
                            let plus = f(&copy);
                            copy[[i, j]] = w[[i, j]] - h;
                            let minus = f(&copy);
                            copy[[i, j]] = w[[i, j]];
                            out[[i, j]] = (plus - minus) / h / 2.0;
                        }
                    }
                    out
                },
                |f, w, h| {
                    Array2::from_shape_fn(w.dim(), |(i, j)| {
                        let (mut a, mut b) = (w.clone(), w.clone());
                        a[[i, j]] += h;
                        b[[i, j]] -= h;
                        f(&a) / (2.0 * h) - f(&b) / (2.0 * h)
                    })
                },
                |f, w, h| {
                    let mut out = w.clone();
                    for (rank, slope) in out.iter_mut().enumerate() {
                        let mut bump = Array1::zeros(w.len());
                        bump[rank] = h;
                        let bump = bump.into_shape_with_order(w.dim()).unwrap();
                        *slope = (f(&(w + &bump)) - f(&(w - &bump))) / (2.0 * h);
                    }
                    out
                },
            ]
        ),
        judge!(
            "09_largest_error",
            chapitre_09::largest_error,
            [
                nn_core::gradient_error,
                |a, b| {
                    let flat = |g: &Gradients| -> Vec<f64> {
                        let weights = g.weights1.iter().chain(&g.weights2);
                        weights.chain(&g.biases1).chain(&g.biases2).copied().collect()
                    };
                    let mut largest: f64 = 0.0;
                    for (a, b) in flat(a).iter().zip(flat(b)) {
                        largest = largest.max(nn_core::relative_error(*a, b));
                    }
                    largest
                },
                |a, b| {
                    fn all<D: Dimension>(a: &Array<f64, D>, b: &Array<f64, D>) -> Vec<f64> {
                        a.iter()
                            .zip(b)
                            .map(|(a, b)| nn_core::relative_error(*a, *b))
                            .collect()
                    }
                    let mut errors = all(&a.biases2, &b.biases2);
                    errors.extend(all(&a.weights2, &b.weights2));
                    errors.extend(all(&a.biases1, &b.biases1));
                    errors.extend(all(&a.weights1, &b.weights1));
                    errors.sort_by(f64::total_cmp);
                    errors[errors.len() - 1]
                },
            ]
        ),
        judge!(
            "09_broken_check",
            chapitre_09::broken_check,
            [
                |n, h| nn_core::numerical_gradients(n, h).weights1,
                |n, h| {
                    let slope = |r| (loss_at(n, r, h) - loss_at(n, r, -h)) / (2.0 * h);
                    let slopes: Vec<f64> = (0..n.weights1.len()).map(slope).collect();
                    Array2::from_shape_vec(n.weights1.dim(), slopes).unwrap()
                },
                |n, h| {
                    Array2::from_shape_fn(n.weights1.dim(), |at| {
                        let loss = |by: f64| {
                            let mut w1 = n.weights1.clone();
                            w1[at] += by;
                            let a1 = layer(&n.input, &w1, &n.biases1);
                            let e = &n.y - &layer(&a1, &n.weights2, &n.biases2);
                            (&e * &e).sum()
                        };
                        0.5 * (loss(h) - loss(-h)) / h
                    })
                },
            ]
        ),
    ]
}

fn chapter_9() -> Vec<Answers> {
    vec![
        judge!(
            "10_count_settings",
            chapitre_10::count_settings,
            [
                |sizes| {
                    let mut all = 0;
                    for l in 1..sizes.len() {
                        all += sizes[l] * (sizes[l - 1] + 1);
                    }
                    all
                },
                |sizes| {
                    let weights: usize = sizes.windows(2).map(|p| p[0] * p[1]).sum();
                    weights + sizes[1..].iter().sum::<usize>()
                },
                |sizes| {
                    let layers = sizes.iter().zip(&sizes[1..]);
                    layers.fold(0, |all, (n, h)| all + n * h + h)
                },
            ]
        ),
        judge!(
            "10_answer",
            chapitre_10::answer,
            [
                |layers, x| {
                    let mut a = x.clone();
                    for (w, b) in layers {
                        a = layer(&a, w, b);
                    }
                    a
                },
                |layers, x| {
                    let mut all = vec![x.clone()];
                    for (l, (w, b)) in layers.iter().enumerate() {
                        let z = all[l].dot(w) + b;
                        all.push(z.mapv(|v| 1.0 / (1.0 + (-v).exp())));
                    }
                    all.pop().unwrap()
                },
                |layers, x| {
                    fn rest(layers: &[(Matrix, Vector)], a: Matrix) -> Matrix {
                        match layers {
                            [] => a,
                            [(w, b), after @ ..] => rest(
                                after,
                                (a.dot(w) + b).mapv(|z| 0.5 + 0.5 * (z / 2.0).tanh()),
                            ),
                        }
                    }
                    rest(layers, x.to_owned())
                },
            ]
        ),
        judge!(
            "10_my_softmax",
            chapitre_10::my_softmax,
            [
                |z| {
                    let m = z.iter().copied().fold(z[0], f64::max);
                    let sum: f64 = z.iter().map(|v| (v - m).exp()).sum();
                    z.mapv(|v| (v - m - sum.ln()).exp())
                },
                |z| z.mapv(|zj| 1.0 / z.mapv(|zi| (zi - zj).exp()).sum()),
                |z| {
                    let mut sorted = z.to_vec();
                    sorted.sort_by(f64::total_cmp);
                    let largest = sorted[sorted.len() - 1];
                    let mut e = Vector::zeros(z.len());
                    for j in 0..z.len() {
                        e[j] = (z[j] - largest).exp();
                    }
                    &e / e.sum()
                },
            ]
        ),
        judge!(
            "10_momentum_steps",
            chapitre_10::momentum_steps,
            [
                |w, gradients, rate, beta| {
                    let mut w = w;
                    let mut step = 0.0;
                    for g in gradients {
                        step = beta * step - rate * g;
                        w += step;
                    }
                    w
                },
                |w, gradients, rate, beta| {
                    let (w, _) = gradients.iter().fold((w, 0.0), |(w, v), g| {
                        let v = v * beta + g;
                        (w - rate * v, v)
                    });
                    w
                },
                |w, gradients, rate, beta| {
                    // Le gradient k compte 1 + β + β² + … autant de fois qu'il reste de pas.
                    let n = gradients.len();
                    let weight =
                        |k: usize| (0..n - k).map(|i| beta.powi(i as i32)).sum::<f64>();
                    let all = gradients.iter().enumerate().map(|(k, g)| g * weight(k));
                    w - rate * all.sum::<f64>()
                },
            ]
        ),
    ]
}

fn chapter_10() -> Vec<Answers> {
    vec![
        judge!(
            "11_share_of_right",
            chapitre_11::share_of_right,
            [
                |expected, predicted| {
                    let mut right = 0.0;
                    for i in 0..expected.len() {
                        if expected[i] == predicted[i] {
                            right += 1.0;
                        }
                    }
                    right / expected.len() as f64
                },
                |expected, predicted| {
                    let wrong = expected.iter().zip(predicted).filter(|(a, b)| a != b);
                    1.0 - wrong.count() as f64 / predicted.len() as f64
                },
                |expected, predicted| {
                    let marks: Vector = expected
                        .iter()
                        .zip(predicted)
                        .map(|(a, b)| f64::from(u8::from(a == b)))
                        .collect();
                    marks.mean().unwrap()
                },
            ]
        ),
        judge!(
            "11_my_confusion",
            chapitre_11::my_confusion,
            [
                |expected, predicted, k| {
                    Matrix::from_shape_fn((k, k), |(i, j)| {
                        let pairs = expected.iter().zip(predicted);
                        pairs.filter(|&(&a, &b)| (a, b) == (i, j)).count() as f64
                    })
                },
                |expected, predicted, k| {
                    let matrix =
                        nn_data::metrics::ConfusionMatrix::new(expected, predicted, k)
                            .unwrap();
                    matrix.counts().mapv(|count| count as f64)
                },
                |expected, predicted, k| {
                    let y = nn_data::datasets::one_hot(expected, k).unwrap();
                    y.t().dot(&nn_data::datasets::one_hot(predicted, k).unwrap())
                },
            ]
        ),
        judge!(
            "11_my_nearest",
            chapitre_11::my_nearest,
            [
                |known, labels, asked| {
                    let gaps = (known - asked).mapv(|d| d * d).sum_axis(Axis(1));
                    let mut best = 0;
                    for i in 1..gaps.len() {
                        if gaps[i] < gaps[best] {
                            best = i;
                        }
                    }
                    labels[best]
                },
                |known, labels, asked| {
                    let distance = |i: usize| {
                        let d = &known.row(i) - &asked.row(0);
                        d.dot(&d).sqrt()
                    };
                    let best = (0..labels.len())
                        .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
                        .unwrap();
                    labels[best]
                },
                |known, labels, asked| {
                    let squares = known.map_axis(Axis(1), |row| row.dot(&row));
                    let products = known.dot(&asked.row(0));
                    let gaps = squares - 2.0 * products;
                    let mut best = (f64::INFINITY, 0);
                    for (gap, label) in gaps.iter().zip(labels) {
                        if *gap < best.0 - 1e-12 {
                            best = (*gap, *label);
                        }
                    }
                    best.1
                },
            ]
        ),
        judge!(
            "13_header_length",
            chapitre_13::header_length,
            [
                |bytes| {
                    let (first, rest) = bytes.split_first_chunk::<8>()?;
                    let length = usize::try_from(u64::from_le_bytes(*first)).ok()?;
                    rest.get(..length).map(<[u8]>::len)
                },
                |bytes| {
                    if bytes.len() < 8 {
                        return None;
                    }
                    let mut length: u64 = 0;
                    for &byte in bytes[..8].iter().rev() {
                        length = length * 256 + u64::from(byte);
                    }
                    (length <= bytes.len() as u64 - 8).then_some(length as usize)
                },
                |bytes| {
                    let first: [u8; 8] = bytes.get(..8)?.try_into().ok()?;
                    let length = u64::from_le_bytes(first);
                    let end = length.checked_add(8)?;
                    if end > bytes.len() as u64 { None } else { Some(length as usize) }
                },
            ]
        ),
        judge!(
            "13_in_file_order",
            chapitre_13::in_file_order,
            [
                |weights| {
                    let mut numbers = Vec::new();
                    for column in weights.columns() {
                        numbers.extend(column);
                    }
                    numbers
                },
                |weights| {
                    let (n, h) = weights.dim();
                    (0..n * h).map(|place| weights[[place % n, place / n]]).collect()
                },
                |weights| {
                    let mut state = nn_data::weights::StateDict::new();
                    let biases = Vector::zeros(weights.ncols());
                    state.insert_linear("0", weights, &biases).unwrap();
                    state.tensor("0.weight").unwrap().values().to_vec()
                },
            ]
        ),
        judge!(
            "13_shared_gradient",
            chapitre_13::shared_gradient,
            [
                |parts| {
                    let m: usize = parts.iter().map(|part| part.1).sum();
                    let mut mean = Vector::zeros(parts[0].0.len());
                    for (gradient, count) in parts {
                        mean = mean + gradient * (*count as f64 / m as f64);
                    }
                    mean
                },
                |parts| {
                    let m: f64 = parts.iter().map(|(_, count)| *count as f64).sum();
                    let one = |i: usize| {
                        parts.iter().map(|(g, count)| g[i] * *count as f64).sum::<f64>() / m
                    };
                    (0..parts[0].0.len()).map(one).collect()
                },
                |parts| {
                    // Une machine après l'autre, comme si les images arrivaient à la suite.
                    let mut seen = 0.0;
                    let mut mean = Vector::zeros(parts[0].0.len());
                    for (gradient, count) in parts.iter().filter(|(_, count)| *count > 0) {
                        let share = *count as f64 / (seen + *count as f64);
                        mean = (1.0 - share) * mean + share * gradient;
                        seen += *count as f64;
                    }
                    mean
                },
            ]
        ),
    ]
}

fn chapter_11() -> Vec<Answers> {
    vec![
        judge!(
            "12_standardize_like",
            chapitre_12::standardize_like,
            [
                |train, other| {
                    let standardizer = nn_data::Standardizer::fit(train).unwrap();
                    standardizer.transform(other).unwrap()
                },
                |train, other| {
                    // La variance est la moyenne des carrés, moins le carré de la moyenne.
                    let mean = train.mean_axis(Axis(0)).unwrap();
                    let squares = (train * train).mean_axis(Axis(0)).unwrap();
                    (other - &mean) / (squares - &mean * &mean).mapv(f64::sqrt)
                },
                |train, other| {
                    let m = train.nrows() as f64;
                    let mut z = other.clone();
                    for j in 0..train.ncols() {
                        let mut mean = 0.0;
                        for i in 0..train.nrows() {
                            mean += train[[i, j]] / m;
                        }
                        let mut variance = 0.0;
                        for i in 0..train.nrows() {
                            variance += (train[[i, j]] - mean).powi(2) / m;
                        }
                        for i in 0..z.nrows() {
                            z[[i, j]] = (z[[i, j]] - mean) / variance.sqrt();
                        }
                    }
                    z
                },
            ]
        ),
        judge!(
            "12_drop_units",
            chapitre_12::drop_units,
            [
                |a, mask, rate| Zip::from(a)
                    .and(mask)
                    .map_collect(|a, m| a * m / (1.0 - rate)),
                |a, mask, rate| {
                    let kept = 1.0 / (1.0 - rate);
                    Matrix::from_shape_fn(a.dim(), |at| {
                        if mask[at] == 1.0 { kept * a[at] } else { 0.0 }
                    })
                },
                |a, mask, rate| {
                    let mut passed = a.clone();
                    for (value, &kept) in passed.iter_mut().zip(mask) {
                        *value *= kept;
                        *value /= 1.0 - rate;
                    }
                    passed
                },
            ]
        ),
        judge!(
            "12_epoch_kept",
            chapitre_12::epoch_kept,
            [
                |losses, patience| {
                    // Un compteur d'époques sans progrès.
                    let (mut best, mut waited) = (0, 0);
                    for i in 1..losses.len() {
                        if losses[i] < losses[best] {
                            (best, waited) = (i, 0);
                        } else {
                            waited += 1;
                        }
                        if waited == patience {
                            break;
                        }
                    }
                    best + 1
                },
                |losses, patience| {
                    // De creux en creux, tant que le suivant est à portée.
                    let mut best = 0;
                    while let Some(step) = losses[best + 1..]
                        .iter()
                        .take(patience)
                        .position(|&l| l < losses[best])
                    {
                        best += step + 1;
                    }
                    best + 1
                },
                |losses, patience| {
                    let mut least = f64::INFINITY;
                    let mut lows = Vec::new();
                    for (i, &loss) in losses.iter().enumerate() {
                        if loss < least {
                            least = loss;
                            lows.push(i + 1);
                        }
                    }
                    let far = lows.windows(2).find(|pair| pair[1] - pair[0] > patience);
                    far.map_or(*lows.last().unwrap(), |pair| pair[0])
                },
            ]
        ),
    ]
}
