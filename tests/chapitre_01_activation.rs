//! Ce que dit le chapitre 01 de la sigmoïde et de sa pente :
//! `cargo test --test chapitre_01_activation`.

mod commun;

use commun::assert_close_number;
use nn_core::{sigmoid, sigmoid_derivative_at, sigmoid_derivative_from_output};

/// De −30 à 30, par quarts : là où σ se distingue encore de 0 et de 1.
fn points() -> impl Iterator<Item = f64> {
    (-120..=120).map(|i| f64::from(i) / 4.0)
}

#[test]
fn sigma_vaut_un_demi_en_zero() {
    assert_eq!(sigmoid(0.0), 0.5);
    assert_eq!(sigmoid(-0.0), 0.5);
}

#[test]
fn sigma_vaut_trois_quarts_en_logarithme_de_trois() {
    // e^(−ln 3) = 1/3, et 1 / (1 + 1/3) = 3/4.
    assert_close_number(sigmoid(3f64.ln()), 0.75, 1e-15, "σ(ln 3)");
}

#[test]
fn sigma_reste_entre_zero_et_un_et_monte_toujours() {
    for z in points() {
        assert!(0.0 < sigmoid(z) && sigmoid(z) < 1.0, "σ({z}) = {}", sigmoid(z));
        assert!(sigmoid(z) < sigmoid(z + 0.25), "σ ne monte pas après {z}");
    }
}

#[test]
fn sigma_est_symetrique_autour_d_un_demi() {
    for z in points() {
        assert_close_number(sigmoid(-z), 1.0 - sigmoid(z), 1e-15, &format!("σ(−{z})"));
    }
}

#[test]
fn les_sommes_extremes_donnent_exactement_zero_ou_un() {
    for z in [1000.0, f64::MAX, f64::INFINITY] {
        assert_eq!(sigmoid(z), 1.0, "σ({z})");
        assert_eq!(sigmoid(-z), 0.0, "σ(−{z})");
        assert_eq!(sigmoid_derivative_at(z), 0.0, "σ′({z})");
        assert_eq!(sigmoid_derivative_at(-z), 0.0, "σ′(−{z})");
    }
}

#[test]
fn un_nan_reste_un_nan() {
    assert!(sigmoid(f64::NAN).is_nan());
    assert!(sigmoid_derivative_at(f64::NAN).is_nan());
    assert!(sigmoid_derivative_from_output(f64::NAN).is_nan());
}

#[test]
fn la_pente_annoncee_est_celle_que_l_on_mesure() {
    let h = 1e-5;
    for z in points() {
        let measured = (sigmoid(z + h) - sigmoid(z - h)) / (2.0 * h);
        assert_close_number(sigmoid_derivative_at(z), measured, 1e-10, &format!("σ′({z})"));
    }
}

#[test]
fn la_pente_est_la_plus_forte_en_zero_ou_elle_vaut_un_quart() {
    assert_eq!(sigmoid_derivative_at(0.0), 0.25);
    for z in points().filter(|&z| z != 0.0) {
        assert!(sigmoid_derivative_at(z) < 0.25, "σ′({z}) = {}", sigmoid_derivative_at(z));
    }
}

#[test]
fn les_deux_pentes_s_accordent_quand_chacune_recoit_ce_qu_elle_attend() {
    for z in points() {
        assert_eq!(
            sigmoid_derivative_from_output(sigmoid(z)),
            sigmoid_derivative_at(z),
            "z = {z}"
        );
    }
}

#[test]
fn passer_la_sortie_a_la_place_de_la_somme_donne_une_autre_pente() {
    // L'erreur la plus fréquente, σ appliquée deux fois. À la main, en z = 2 : a = σ(2) = 0,880797
    // et la vraie pente vaut 0,880797 × 0,119203 = 0,104994. L'erreur en donne près du double :
    // σ(0,880797) = 0,706988, puis 0,706988 × 0,293012 = 0,207156.
    let a = sigmoid(2.0);
    assert_close_number(
        sigmoid_derivative_from_output(a),
        0.104994,
        5e-7,
        "la vraie pente",
    );
    assert_close_number(sigmoid_derivative_at(a), 0.207156, 5e-7, "la pente confondue");
    // Et la somme à la place de la sortie : 2 · (1 − 2) = −2, quand σ ne descend jamais.
    assert_eq!(sigmoid_derivative_from_output(2.0), -2.0);
}
