//! Une figure de chaque sorte, celles des chapitres et de plus difficiles.
#![allow(dead_code)]

use nn_core::ndarray::{Array2, arr2, s};
use nn_core::{NeuralNetwork, NumpyRng, sigmoid, sigmoid_derivative_at};
use nn_data::datasets::{moons, spirals};
use nn_data::metrics::ConfusionMatrix;
use nn_plot::{
    Figure, GraphNode, accuracy_curves, activations, computation_graph, confusion,
    decision_boundary, descent, histogram, images, loss_curve, loss_curves, matrix_product,
    network_diagram, predictions, sigmoid_curve, tangent, weights,
};

pub fn trained() -> (NeuralNetwork, Vec<f64>) {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]);
    let y = arr2(&[[0.], [1.], [1.], [0.]]);
    let mut network =
        NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap().without_biases();
    let losses = network.train(1500);
    (network, losses)
}

pub fn first_figures() -> [Figure; 5] {
    let (network, losses) = trained();
    [
        loss_curve(&losses),
        sigmoid_curve(),
        network_diagram(3, 4, 1),
        weights(&network),
        predictions(&network.y, &network.output),
    ]
}

/// Un neurone : z = x · w + b, a = σ(z), L = (y − a)².
pub fn neuron() -> [GraphNode; 8] {
    let node = GraphNode::new;
    [
        node("x", 1.0, None, &[]),
        node("w", 0.5, Some(-0.1164), &[]),
        node("x · w", 0.5, Some(-0.1164), &[0, 1]),
        node("b", 0.1, Some(-0.1164), &[]),
        node("z", 0.6, Some(-0.1164), &[2, 3]),
        node("a = σ(z)", 0.6457, Some(-0.5087), &[4]),
        node("y", 0.9, None, &[]),
        node("L = (y − a)²", 0.0647, Some(1.0), &[5, 6]),
    ]
}

/// Une cuvette de fond (0, 0), et une descente vers ce fond.
pub fn bowl() -> Figure {
    let loss = Array2::from_shape_fn((21, 31), |(i, j)| {
        (j as f64 / 7.5 - 2.0).powi(2) + 3.0 * (i as f64 / 10.0 - 1.0).powi(2)
    });
    let path: Vec<_> =
        (0..12).map(|k| (1.5 * 0.7f64.powi(k), -0.8 * 0.6f64.powi(k))).collect();
    descent(&loss, (-2.0, 2.0), (-1.0, 1.0), &path, ("w1", "w2"))
}

pub fn slope_of_sigmoid() -> Figure {
    let points: Vec<_> =
        (-60..=60).map(|i| f64::from(i) / 10.0).map(|z| (z, sigmoid(z))).collect();
    tangent(&points, (1.0, sigmoid(1.0)), sigmoid_derivative_at(1.0), ("z", "σ(z)"))
}

pub fn hidden_layers() -> Figure {
    let (before, after) = (Array2::from_elem((4, 4), 0.75), trained().0.layer1);
    let rows = ["0 0 1", "0 1 1", "1 0 1", "1 1 1"];
    activations(&rows, &[("avant", &before), ("après", &after)])
}

/// Des images de 8 × 8 pixels, aux 17 gris tirés au hasard ; `scale` négatif en fait des poids.
pub fn digits(count: usize, scale: f64) -> Figure {
    let pixels = Array2::from_shape_fn((count, 64), |(i, j)| {
        let level = ((31 * i + 5 * j * j + 7 * j) % 17) as f64;
        if scale < 0.0 { level - 8.0 } else { level * scale }
    });
    let captions: Vec<_> =
        (0..count).map(|i| format!("{} lu {}", i % 10, (i + 3) % 10)).collect();
    images(&pixels, 8, &captions)
}

/// Une matrice de confusion de `classes` classes, où chacune est parfois prise pour la suivante.
pub fn confused(classes: usize) -> Figure {
    let expected: Vec<_> = (0..100 * classes).map(|i| i % classes).collect();
    let predicted: Vec<_> = (0..100 * classes)
        .map(|i| if i % 37 == 0 { (i + 1) % classes } else { i % classes })
        .collect();
    let matrix = ConfusionMatrix::new(&expected, &predicted, classes).unwrap();
    let names: Vec<_> = (0..classes).map(|class| class.to_string()).collect();
    confusion(matrix.counts(), &names)
}

/// Deux lunes, coupées par une courbe qui n'est pas une droite.
pub fn two_moons() -> Figure {
    let data = moons(400, 0.15, &mut NumpyRng::seed(0)).unwrap();
    decision_boundary(&data.x, &data.labels, &data.classes, |points| {
        let z = |row: nn_core::ndarray::ArrayView1<f64>| {
            3.0 * (row[0] * 3.0).cos() - 4.0 * row[1]
        };
        Ok::<_, nn_plot::Error>(
            points
                .map_axis(nn_core::ndarray::Axis(1), z)
                .mapv(sigmoid)
                .insert_axis(nn_core::ndarray::Axis(1)),
        )
    })
}

/// Trois bras de spirale, et un réseau qui ne distingue que des secteurs.
pub fn three_arms() -> Figure {
    let data = spirals(300, 3, 0.1, &mut NumpyRng::seed(0)).unwrap();
    decision_boundary(
        &data.x,
        &data.labels,
        &["la première de toutes les classes", "b", "c"],
        |points| {
            Ok::<_, nn_plot::Error>(Array2::from_shape_fn((points.nrows(), 3), |(i, j)| {
                let angle = points[[i, 1]].atan2(points[[i, 0]]) + 2.1 * j as f64;
                0.5 + 0.5 * angle.cos()
            }))
        },
    )
}

/// Une figure de chaque sorte, telle qu'un chapitre la montre.
pub fn usual_figures() -> Vec<Figure> {
    let losses = trained().1;
    let finals: Vec<f64> = losses.iter().map(|loss| loss * loss * loss).collect();
    let curves =
        [("taux 1", &losses[..]), ("bloquée", &[1.0; 900]), ("court", &losses[..9])];
    let mut figures = first_figures().to_vec();
    figures.extend([
        loss_curves(&curves),
        histogram(&finals, "perte finale"),
        matrix_product(("x", 4, 3), ("W1", 3, 4)),
        slope_of_sigmoid(),
        computation_graph(&neuron()),
        bowl(),
        hidden_layers(),
        accuracy_curves(&[
            ("entraînement", &[0.91, 0.97, 0.99][..]),
            ("validation", &[0.9, 0.95, 0.96]),
        ]),
        digits(20, 1.0),
        confused(10),
        two_moons(),
    ]);
    figures
}

/// Les mêmes, et d'autres : de longs noms, de grands tableaux, des nombres extrêmes.
pub fn every_figure() -> Vec<Figure> {
    let losses = trained().1;
    let six: Vec<Vec<f64>> = (0..6)
        .map(|k| losses.iter().map(|loss| loss + f64::from(k) / 10.0).collect())
        .collect();
    let names = ["un", "deux", "trois", "quatre", "cinq", "six"];
    let six: Vec<_> =
        names.iter().zip(&six).map(|(&name, loss)| (name, &loss[..])).collect();
    let many = Array2::from_shape_fn((200, 2), |(i, j)| ((7 * i + j) % 13) as f64 / 13.0);
    let (x, y) = (Array2::ones((1, 784)), Array2::zeros((1, 10)));
    let large = NeuralNetwork::with_hidden(x, y, 300, &mut NumpyRng::seed(1)).unwrap();
    let long = "une étiquette bien trop longue pour une figure de cette largeur, vraiment";
    let map = Array2::from_shape_fn((9, 9), |(i, j)| (i * j) as f64);
    let mut figures = usual_figures();
    figures.extend([
        loss_curves(&six),
        loss_curves(&[(long, &losses[..]); 6]),
        network_diagram(784, 128, 10),
        weights(&large),
        predictions(&many, &many.mapv(|v| 1.0 - v)),
        matrix_product(("x", 60_000, 784), ("W1", 784, 128)),
        matrix_product(("x", 1, 2), ("W", 2, 2)),
        histogram(&[1.0, 2.0, 4.0, 3.0], long),
        tangent(&[(0.0, 1e9), (1.0, 3e9)], (0.0, 1e9), 2e9, (long, long)),
        descent(&map, (-1e6, 1e6), (0.0, 1e-6), &[(0.0, 0.0)], (long, long)),
        loss_curve(&[1e300, 1.0]).titled(long),
        digits(1, 1.0),
        digits(7, -1.0),
        digits(12, -1.0),
        confused(2),
        confused(20),
        three_arms(),
        activations(&[long; 4], &[(long, &many.slice(s![..4, ..]).to_owned())]),
    ]);
    figures
}
