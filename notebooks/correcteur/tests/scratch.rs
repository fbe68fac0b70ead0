use correcteur::*;
use nn_core::ndarray::*;
use nn_core::*;
type M = Array2<f64>;
type V = Array1<f64>;
fn sl(a: f64) -> f64 {
    a * (1.0 - a)
}
#[test]
fn t() {
    let mut all: Vec<(&str, Verdict)> = vec![];
    let mut j = |n: &'static str, v: Verdict| all.push((n, v));
    j("moyenne a+b/2", chapitre_00::moyenne(|a, b| a + b / 2.0));
    j("moyenne geo", chapitre_00::moyenne(|a, b| (a * b).sqrt()));
    j("somme inclus", chapitre_00::somme(|n| (0..=n).sum()));
    j("somme n(n+1)/2 - ", chapitre_00::somme(|n| n * (n - 1)));
    j(
        "somme reset",
        chapitre_00::somme(|n| {
            let mut t = 0;
            for i in 0..n {
                t = i;
            }
            t
        }),
    );
    j("cubes 1..=n", chapitre_00::cubes(|n| (1..=n).map(|i| i * i * i).collect()));
    j("cubes carres", chapitre_00::cubes(|n| (0..=n).map(|i| i * i).collect()));
    j("cubes 3i", chapitre_00::cubes(|n| (0..=n).map(|i| i * 3).collect()));
    j("sig f32", chapitre_01::my_sigmoid(|z| (1.0 / (1.0 + (-(z as f32)).exp())) as f64));
    j("sig relu", chapitre_01::my_sigmoid(|z| z.max(0.0)));
    j("sig step", chapitre_01::my_sigmoid(|z| if z > 0.0 { 1.0 } else { 0.0 }));
    j("sig -z.exp", chapitre_01::my_sigmoid(|z| 1.0 / (1.0 + -z.exp())));
    j("sig tanh/2", chapitre_01::my_sigmoid(|z| (1.0 + z.tanh()) / 2.0));
    j("sig const", chapitre_01::my_sigmoid(|_| 0.5));
    j("sig eps", chapitre_01::my_sigmoid(|z| 1.0 / (1.0 + (-z).exp() + 1e-8)));
    j(
        "ws skip first",
        chapitre_01::weighted_sum(|x, w, b| {
            let mut z = b;
            for i in 1..x.len() {
                z += x[i] * w[i];
            }
            z
        }),
    );
    j(
        "ws return early",
        chapitre_01::weighted_sum(|x, w, b| {
            let mut z = b;
            for i in 0..x.len() {
                z += x[i] * w[i];
                return z;
            }
            z
        }),
    );
    j(
        "ws shadow",
        chapitre_01::weighted_sum(|x, w, b| {
            let z = b;
            for i in 0..x.len() {
                let z = z + x[i] * w[i];
                let _ = z;
            }
            z
        }),
    );
    j(
        "ws - b",
        chapitre_01::weighted_sum(|x, w, b| {
            x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() - b
        }),
    );
    j(
        "ws sigmoid",
        chapitre_01::weighted_sum(|x, w, b| {
            sigmoid(x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + b)
        }),
    );
    j(
        "ws mean",
        chapitre_01::weighted_sum(|x, w, b| {
            x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() / x.len() as f64 + b
        }),
    );
    j(
        "ws mean all",
        chapitre_01::weighted_sum(|x, w, b| {
            (x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + b) / x.len() as f64
        }),
    );
    j("slope a(1+a)", chapitre_01::slope_from_output(|a| a * (1.0 + a)));
    j("slope a-1 only", chapitre_01::slope_from_output(|a| a - a * a * a));
    j("count no b no k", chapitre_02::count_parameters(|n, h, k| n * h * k));
    j("count", chapitre_02::count_parameters(|n, h, k| (n + h) * h + (h + k) * k));
    j("linear no bias", chapitre_03::linear(|x, w, _| x.dot(w)));
    j("linear minus", chapitre_03::linear(|x, w, b| x.dot(w) - b));
    j("linear sigmoid", chapitre_03::linear(|x, w, b| (x.dot(w) + b).mapv(sigmoid)));
    j(
        "linear bias 1st row",
        chapitre_03::linear(|x, w, b| {
            let mut z = x.dot(w);
            z.row_mut(0).scaled_add(1.0, b);
            z
        }),
    );
    j(
        "linear last row only",
        chapitre_03::linear(|x, w, b| {
            let mut z = M::zeros((x.nrows(), w.ncols()));
            let i = x.nrows() - 1;
            z.row_mut(i).assign(&(x.row(i).dot(w) + b));
            z
        }),
    );
    j("layer tanh", chapitre_03::my_layer(|x, w, b| (x.dot(w) + b).mapv(f64::tanh)));
    j("layer relu", chapitre_03::my_layer(|x, w, b| (x.dot(w) + b).mapv(|v| v.max(0.0))));
    j("layer no bias", chapitre_03::my_layer(|x, w, _| x.dot(w).mapv(sigmoid)));
    j(
        "ff no b2",
        chapitre_03::my_feedforward(|n| {
            n.layer1 = (n.input.dot(&n.weights1) + &n.biases1).mapv(sigmoid);
            n.output = n.layer1.dot(&n.weights2).mapv(sigmoid);
        }),
    );
    j(
        "ff no b",
        chapitre_03::my_feedforward(|n| {
            n.layer1 = n.input.dot(&n.weights1).mapv(sigmoid);
            n.output = n.layer1.dot(&n.weights2).mapv(sigmoid);
        }),
    );
    j(
        "ff output raw + no b1",
        chapitre_03::my_feedforward(|n| {
            n.layer1 = n.input.dot(&n.weights1).mapv(sigmoid);
            n.output = n.layer1.dot(&n.weights2) + &n.biases2;
        }),
    );
    j(
        "ff clone",
        chapitre_03::my_feedforward(|n| {
            let mut m = n.clone();
            m.feedforward();
        }),
    );
    j(
        "ff y changed",
        chapitre_03::my_feedforward(|n| {
            n.feedforward();
            n.y = n.output.clone();
        }),
    );
    j("loss mean", chapitre_04::my_loss(|y, a| (y - a).mapv(|e| e * e).mean().unwrap()));
    j("loss half", chapitre_04::my_loss(|y, a| (y - a).mapv(|e| e * e).sum() / 2.0));
    j("loss abs", chapitre_04::my_loss(|y, a| (y - a).mapv(|e| e.abs()).sum()));
    j(
        "loss rmse",
        chapitre_04::my_loss(|y, a| (y - a).mapv(|e| e * e).mean().unwrap().sqrt()),
    );
    j("loss rse", chapitre_04::my_loss(|y, a| (y - a).mapv(|e| e * e).sum().sqrt()));
    j("loss ce", chapitre_04::my_loss(|y, a| -(y * &a.mapv(f64::ln)).sum()));
    j("loss sumsq", chapitre_04::my_loss(|y, a| (y - a).sum().powi(2)));
    j("loss nosq", chapitre_04::my_loss(|y, a| (y - a).sum()));
    j("delta2 half sign", chapitre_06::output_delta(|y, a| (y - a) * a.mapv(sl)));
    j("delta2 no slope no 2", chapitre_06::output_delta(|y, a| a - y));
    j("delta2 no slope no 2 no sign", chapitre_06::output_delta(|y, a| y - a));
    j(
        "delta2 tanh slope",
        chapitre_06::output_delta(|y, a| -2.0 * (y - a) * a.mapv(|a| 1.0 - a * a)),
    );
    j("delta2 dot?", chapitre_06::output_delta(|y, a| -2.0 * (y - a) * a));
    j(
        "wg mean-sign",
        chapitre_06::weights_gradient(|a, d| -a.t().dot(d) / a.nrows() as f64),
    );
    j(
        "wg last",
        chapitre_06::weights_gradient(|a, d| {
            let i = a.nrows() - 1;
            a.slice(s![i.., ..]).t().dot(&d.slice(s![i.., ..]))
        }),
    );
    j(
        "wg loop =",
        chapitre_06::weights_gradient(|a, d| {
            let mut g = M::zeros((a.ncols(), d.ncols()));
            for i in 0..a.nrows() {
                for j in 0..a.ncols() {
                    for k in 0..d.ncols() {
                        g[[j, k]] = a[[i, j]] * d[[i, k]];
                    }
                }
            }
            g
        }),
    );
    j(
        "wg skip first",
        chapitre_06::weights_gradient(|a, d| {
            let mut g = M::zeros((a.ncols(), d.ncols()));
            for i in 1..a.nrows() {
                for j in 0..a.ncols() {
                    for k in 0..d.ncols() {
                        g[[j, k]] += a[[i, j]] * d[[i, k]];
                    }
                }
            }
            g
        }),
    );
    j("hd no t", chapitre_06::hidden_delta(|d, w, a| d.dot(w) * a.mapv(sl)));
    j(
        "hd tanh",
        chapitre_06::hidden_delta(|d, w, a| d.dot(&w.t()) * a.mapv(|a| 1.0 - a * a)),
    );
    j("hd no slope sign", chapitre_06::hidden_delta(|d, w, _| -d.dot(&w.t())));
    j("bg last", chapitre_06::biases_gradient(|d| d.row(d.nrows() - 1).to_owned()));
    j("bg skip1", chapitre_06::biases_gradient(|d| d.slice(s![1.., ..]).sum_axis(Axis(0))));
    j("bg neg mean", chapitre_06::biases_gradient(|d| -d.mean_axis(Axis(0)).unwrap()));
    j("bg zeros", chapitre_06::biases_gradient(|d| V::zeros(d.ncols())));
    j(
        "step +/m",
        chapitre_07::gradient_step(|n, g, r| {
            let m = n.input.nrows() as f64;
            n.weights1 += &(r / m * &g.weights1);
            n.biases1 += &(r / m * &g.biases1);
            n.weights2 += &(r / m * &g.weights2);
            n.biases2 += &(r / m * &g.biases2);
        }),
    );
    j(
        "step = ",
        chapitre_07::gradient_step(|n, g, r| {
            n.weights1 = r * &g.weights1;
            n.biases1 = r * &g.biases1;
            n.weights2 = r * &g.weights2;
            n.biases2 = r * &g.biases2;
        }),
    );
    j(
        "step 0.1",
        chapitre_07::gradient_step(|n, g, _| {
            n.weights1 -= &(0.1 * &g.weights1);
            n.biases1 -= &(0.1 * &g.biases1);
            n.weights2 -= &(0.1 * &g.weights2);
            n.biases2 -= &(0.1 * &g.biases2);
        }),
    );
    j(
        "step 2r",
        chapitre_07::gradient_step(|n, g, r| {
            n.weights1 -= &(2.0 * r * &g.weights1);
            n.biases1 -= &(2.0 * r * &g.biases1);
            n.weights2 -= &(2.0 * r * &g.weights2);
            n.biases2 -= &(2.0 * r * &g.biases2);
        }),
    );
    j(
        "step no b1 & + W2",
        chapitre_07::gradient_step(|n, g, r| {
            n.weights1 -= &(r * &g.weights1);
            n.weights2 += &(r * &g.weights2);
            n.biases2 -= &(r * &g.biases2);
        }),
    );
    j(
        "acc %",
        chapitre_08::accuracy(|y, a| {
            100.0
                * y.iter().zip(a).filter(|(y, a)| (**y > 0.5) == (**a > 0.5)).count() as f64
                / y.len() as f64
        }),
    );
    j(
        "acc round",
        chapitre_08::accuracy(|y, a| 1.0 - (y - a).mapv(f64::abs).mean().unwrap()),
    );
    j("relerr abs", chapitre_09::my_relative_error(|a, b| (a - b).abs()));
    j("softmax no norm", chapitre_10::my_softmax(|z| z.mapv(f64::exp)));
    j(
        "ns 2*0.5",
        chapitre_05::neuron_slopes(|x, w, b, y| {
            let a = sigmoid(w * x + b);
            let s = (y - a) * sl(a);
            (s, s)
        }),
    );
    for (n, v) in all {
        println!(
            "## {n} [{}] {} {:?}\n   {}",
            v.exercise,
            v.status.code(),
            v.mistake,
            v.message.join("\n   ")
        );
    }
}
