//! provisoire
#![cfg(feature = "plot")]
use nn_core::ndarray::{Array2, arr2};
use nn_core::plot::*;
use nn_core::{NeuralNetwork, NumpyRng};

#[test]
fn dump() {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]);
    let y = arr2(&[[0.], [1.], [1.], [0.]]);
    let mut n = NeuralNetwork::new(x, y.clone(), &mut NumpyRng::seed(0)).unwrap().without_biases();
    let l = n.train(1500);
    let noisy: Vec<f64> = (0..5000)
        .map(|i| 2.0 / (1.0 + i as f64 / 500.0) + 0.3 * ((i * 7919 % 1000) as f64 / 1000.0))
        .collect();
    let mut big = NeuralNetwork::with_hidden(
        Array2::from_elem((3, 784), 1.),
        Array2::zeros((3, 10)),
        128,
        &mut NumpyRng::seed(1),
    )
    .unwrap();
    big.weights1.mapv_inplace(|v| v - 0.5);
    let mut mid = NeuralNetwork::with_hidden(
        Array2::from_elem((3, 7), 1.),
        Array2::zeros((3, 3)),
        5,
        &mut NumpyRng::seed(1),
    )
    .unwrap();
    mid.weights2.mapv_inplace(|v| 1e6 * (v - 0.5));
    let my = Array2::from_shape_fn((60, 3), |(i, j)| f64::from(i % 3 == j));
    let mp = Array2::from_shape_fn((60, 3), |(i, j)| {
        0.8 * f64::from(i % 3 == j) + 0.05 * ((i * j) % 4) as f64
    });
    let figs = [
        ("loss", loss_curve(&l)),
        ("loss_noisy", loss_curve(&noisy)),
        ("loss_one", loss_curve(&[1.2])),
        ("loss_few", loss_curve(&[3.0, 1.5, 1.0, 0.8])),
        ("loss_huge", loss_curve(&[1e300, 2e299, 1e3])),
        ("loss_tiny", loss_curve(&[1e-300, 5e-301])),
        ("loss_const", loss_curve(&[0.5; 100])),
        (
            "loss_millions",
            loss_curve(&(0..10_000_000).map(|i| 1e4 / (1.0 + i as f64 / 1e6)).collect::<Vec<_>>()),
        ),
        ("sigmoid", Ok(sigmoid_curve())),
        ("net", network_diagram(3, 4, 1)),
        ("net_big", network_diagram(784, 128, 10)),
        ("net_8", network_diagram(8, 8, 3)),
        ("net_1", network_diagram(1, 1, 1)),
        ("net_max", network_diagram(1000000, 1000000, 1000000)),
        ("weights", weights(&n)),
        ("weights_big", weights(&big)),
        ("weights_mid", weights(&mid)),
        ("pred", predictions(&y, &n.output)),
        ("pred_multi", predictions(&my, &mp)),
        ("pred_huge", predictions(&arr2(&[[1e300], [0.0]]), &arr2(&[[-1e300], [1e-300]]))),
    ];
    for (name, f) in figs {
        let f = f.unwrap();
        println!("{name}: {}", f.alt());
        let t = std::time::Instant::now();
        let p = f.png().unwrap();
        let s = f.svg().unwrap();
        println!("   png {} svg {} {:?}", p.len(), s.len(), t.elapsed());
        std::fs::write(format!("/tmp/plots/{name}.png"), p).unwrap();
        std::fs::write(format!("/tmp/plots/{name}.svg"), s).unwrap();
    }
}
