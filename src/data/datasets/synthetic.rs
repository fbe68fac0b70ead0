//! Des points du plan que l'on dessine soi-même : on en connaît la loi, et l'on en fait autant
//! qu'on veut.

use std::f64::consts::{PI, TAU};

use ndarray::Array2;
use rand::{Rng, RngExt};

use super::dataset::Dataset;
use super::error::DataError;
use super::limits::{MAX_CLASSES, MAX_EXAMPLES, MAX_NOISE};

// ANCHOR: moons
/// Deux lunes qui se croisent sans se toucher : aucune droite ne les sépare.
///
/// Pour un angle t qui va de 0 à π, la première est le demi-cercle (cos t, sin t), la seconde
/// (1 − cos t, ½ − sin t). À chaque coordonnée s'ajoute un bruit normal d'écart-type `noise`. Les
/// `examples` / 2 premiers points sont ceux de la première lune, les autres ceux de la seconde, sans
/// mélange : [`Dataset::split`] mélange.
///
/// Source : `sklearn.datasets.make_moons`, les mêmes points quand le bruit est nul.
///
/// # Erreurs
/// [`DataError::Examples`] hors de 2 à [`MAX_EXAMPLES`], [`DataError::Noise`] hors de 0 à
/// [`MAX_NOISE`].
pub fn moons(examples: usize, noise: f64, rng: &mut dyn Rng) -> Result<Dataset, DataError> {
    check(examples, 2, noise)?;
    let (outer, inner) = (examples / 2, examples - examples / 2);
    let first = (0..outer).map(|i| {
        let t = PI * progress(i, outer);
        (t.cos(), t.sin(), 0)
    });
    let second = (0..inner).map(|i| {
        let t = PI * progress(i, inner);
        (1.0 - t.cos(), 0.5 - t.sin(), 1)
    });
    Ok(drawn(first.chain(second), "lune", 2, noise, rng))
}
// ANCHOR_END: moons

// ANCHOR: spirals
/// Des spirales enroulées l'une dans l'autre, une par classe : `arms` bras de `per_arm` points.
///
/// Sur le bras numéro c, le rayon r va de 0 à 1 et l'angle vaut 2πc / `arms` + 4r ; le point est
/// (r cos θ, r sin θ). À chaque coordonnée s'ajoute un bruit normal d'écart-type `noise`. Les
/// points se suivent, sans mélange : [`Dataset::split`] mélange.
///
/// Source : les spirales du cours CS231n (A. Karpathy, Stanford), aux bras régulièrement espacés.
///
/// # Erreurs
/// [`DataError::Classes`] hors de 1 à [`MAX_CLASSES`] bras, [`DataError::Examples`] sans point ou
/// au-delà de [`MAX_EXAMPLES`], [`DataError::Noise`] hors de 0 à [`MAX_NOISE`].
pub fn spirals(
    per_arm: usize,
    arms: usize,
    noise: f64,
    rng: &mut dyn Rng,
) -> Result<Dataset, DataError> {
    if !(1..=MAX_CLASSES).contains(&arms) {
        return Err(DataError::Classes { classes: arms });
    }
    check(per_arm.saturating_mul(arms), 1, noise)?;
    let points = (0..arms).flat_map(|arm| {
        (0..per_arm).map(move |i| {
            let radius = progress(i, per_arm);
            let angle = TAU * arm as f64 / arms as f64 + 4.0 * radius;
            (radius * angle.cos(), radius * angle.sin(), arm)
        })
    });
    Ok(drawn(points, "bras", arms, noise, rng))
}
// ANCHOR_END: spirals

/// De 0 pour le premier point à 1 pour le dernier, comme `np.linspace(0, 1, count)`.
fn progress(i: usize, count: usize) -> f64 {
    if count < 2 { 0.0 } else { i as f64 / (count - 1) as f64 }
}

fn check(examples: usize, least: usize, noise: f64) -> Result<(), DataError> {
    if !(least..=MAX_EXAMPLES).contains(&examples) {
        return Err(DataError::Examples { examples, least });
    }
    if !(0.0..=MAX_NOISE).contains(&noise) {
        return Err(DataError::Noise { noise });
    }
    Ok(())
}

/// Les points et leur bruit : deux tirages par point, l'un après l'autre, même quand il est nul.
fn drawn(
    points: impl Iterator<Item = (f64, f64, usize)>,
    class: &str,
    classes: usize,
    noise: f64,
    rng: &mut dyn Rng,
) -> Dataset {
    let (mut coordinates, mut labels) = (Vec::new(), Vec::new());
    for (x, y, label) in points {
        let (dx, dy) = normal_pair(rng);
        coordinates.push([x + noise * dx, y + noise * dy]);
        labels.push(label);
    }
    Dataset {
        x: Array2::from(coordinates), // (m, 2)
        labels,
        columns: vec!["x".to_string(), "y".to_string()],
        classes: (0..classes).map(|number| format!("{class} {number}")).collect(),
    }
}

/// Deux nombres indépendants de loi normale, de moyenne 0 et d'écart-type 1.
///
/// Source : G. Box et M. Muller, 1958. 1 − u n'est jamais 0, et son logarithme existe.
fn normal_pair(rng: &mut dyn Rng) -> (f64, f64) {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    let radius = (-2.0 * (1.0 - u).ln()).sqrt();
    ((TAU * v).cos() * radius, (TAU * v).sin() * radius)
}
