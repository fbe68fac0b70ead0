//! Le paysage du chapitre 4 : la perte du réseau du tutoriel selon deux de ses poids.
//!
//! Ce sont les deux premiers poids de W2, nommés ici a et b ; les quatorze autres restent ceux de
//! la graine 0.

use nn_core::ndarray::{Array1, Array2};
use nn_core::{Error, NeuralNetwork, layer};

use crate::{give, square, tutorial};

/// Le réseau du chapitre, après une propagation avant.
fn chapter() -> Result<NeuralNetwork, Error> {
    let mut network = tutorial(0)?;
    network.feedforward();
    Ok(network)
}

/// La perte et ses deux pentes, quand ces deux poids sont `a` et `b`.
fn at(a: f64, b: f64) -> Result<[f64; 3], Error> {
    let mut network = chapter()?;
    network.weights2[[0, 0]] = a;
    network.weights2[[1, 0]] = b;
    network.feedforward();
    let slopes = network.gradients().weights2; // (4, 1)
    Ok([network.loss(), slopes[[0, 0]], slopes[[1, 0]]])
}

/// Les deux poids du chapitre.
#[unsafe(no_mangle)]
pub extern "C" fn landscape_start() -> i32 {
    give(chapter().map(|network| vec![network.weights2[[0, 0]], network.weights2[[1, 0]]]))
}

/// La perte en (a, b), puis sa pente selon a, et selon b.
#[unsafe(no_mangle)]
pub extern "C" fn landscape_at(a: f64, b: f64) -> i32 {
    give(at(a, b).map(|found| found.to_vec()))
}

/// Un pas de descente au taux `rate` : a, b, la perte et les pentes où il mène ; puis le cosinus de
/// l'angle entre les pentes d'avant et celles d'après, qui est négatif si la bille a enjambé le creux.
#[unsafe(no_mangle)]
pub extern "C" fn landscape_step(a: f64, b: f64, rate: f64) -> i32 {
    give(step(a, b, rate))
}

fn step(a: f64, b: f64, rate: f64) -> Result<Vec<f64>, Error> {
    let [_, slope_a, slope_b] = at(a, b)?;
    let (a, b) = (a - rate * slope_a, b - rate * slope_b);
    let [loss, then_a, then_b] = at(a, b)?;
    let lengths = slope_a.hypot(slope_b) * then_a.hypot(then_b);
    let dot = slope_a * then_a + slope_b * then_b;
    let cosine = if lengths > 0.0 { dot / lengths } else { 0.0 };
    Ok(vec![a, b, loss, then_a, then_b, cosine])
}

/// La perte en chaque point du carré, où a va vers la droite et b vers le haut.
#[unsafe(no_mangle)]
pub extern "C" fn landscape(low: f64, high: f64, size: u32) -> i32 {
    give(losses(low, high, size))
}

/// Une seule couche, dont chaque colonne est un réseau : les réponses cachées, elles, ne changent pas.
fn losses(low: f64, high: f64, size: u32) -> Result<Vec<f64>, Error> {
    let network = chapter()?;
    let places: Vec<_> = square(low, high, size).collect();
    let weights2 = Array2::from_shape_fn((4, places.len()), |(unit, place)| match unit {
        0 | 1 => places[place][unit],
        _ => network.weights2[[unit, 0]],
    }); // (4, p)
    let output = layer(&network.layer1, &weights2, &Array1::zeros(places.len()))?; // (4, p)
    let loss = |place| {
        (0..4).map(|row| (network.y[[row, 0]] - output[[row, place]]).powi(2)).sum()
    };
    Ok((0..places.len()).map(loss).collect()) // (p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

    #[test]
    fn le_depart_est_celui_du_chapitre() {
        let start = given(landscape_start());
        let network = chapter().unwrap();
        assert_eq!(start, [network.weights2[[0, 0]], network.weights2[[1, 0]]]);
        let slopes = network.gradients().weights2;
        let found = given(landscape_at(start[0], start[1]));
        assert_eq!(found, [network.loss(), slopes[[0, 0]], slopes[[1, 0]]]);
    }

    #[test]
    fn le_paysage_est_la_perte_en_chaque_point() {
        let seen = given(landscape(-8.0, 8.0, 4));
        let places: Vec<_> = square(-8.0, 8.0, 4).collect();
        assert_eq!(seen.len(), 16);
        for (loss, [a, b]) in seen.iter().zip(places) {
            assert!((loss - at(a, b).unwrap()[0]).abs() < 1e-12, "{a} {b}");
        }
    }

    #[test]
    fn la_pente_est_celle_que_l_on_mesure() {
        let eps = 1e-5;
        for (a, b) in [(0.9, 0.4), (-5.0, 3.0), (7.0, -8.0)] {
            let [_, slope_a, slope_b] = at(a, b).unwrap();
            let loss = |a, b| at(a, b).unwrap()[0];
            let measured_a = (loss(a + eps, b) - loss(a - eps, b)) / (2.0 * eps);
            let measured_b = (loss(a, b + eps) - loss(a, b - eps)) / (2.0 * eps);
            assert!((slope_a - measured_a).abs() < 1e-8, "{slope_a} {measured_a}");
            assert!((slope_b - measured_b).abs() < 1e-8, "{slope_b} {measured_b}");
        }
    }

    #[test]
    fn un_pas_va_a_l_oppose_des_pentes_et_dit_s_il_a_enjambe_le_creux() {
        let [loss, slope_a, slope_b] = at(5.0, 5.0).unwrap();
        let small = given(landscape_step(5.0, 5.0, 0.5));
        assert_eq!(small[..2], [5.0 - 0.5 * slope_a, 5.0 - 0.5 * slope_b]);
        assert_eq!(small[2..5], at(small[0], small[1]).unwrap());
        assert!(small[2] < loss && small[5] > 0.0, "{small:?}");
        let start = given(landscape_start());
        let long = given(landscape_step(start[0], start[1], 100.0));
        assert!(long[5] < 0.0, "{long:?}");
    }

    #[test]
    fn au_plus_grand_taux_la_bille_reste_un_nombre() {
        let (mut a, mut b) = (8.0, 8.0);
        for _ in 0..100 {
            let found = given(landscape_step(a, b, 1000.0));
            (a, b) = (found[0], found[1]);
            assert!(found.iter().all(|value| value.is_finite() && value.abs() < 1e6));
        }
    }
}
