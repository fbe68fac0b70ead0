//! Ce que dit le chapitre 01 de la sigmoïde et de sa pente :
//! `cargo test --test chapitre_01_activation`.

mod commun;

use commun::{assert_close_number, compiler_refusal};
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

/// La fonction du chapitre.
fn parapluie(nuages: f64, vent: f64) -> f64 {
    4.0 * nuages - 2.0 * vent - 1.0
}

/// Les quatre questions que le chapitre pose à un neurone.
const QUESTIONS: [[f64; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];

/// Les sommes z d'un neurone à deux entrées, question par question.
fn sums(w: [f64; 2], b: f64) -> [f64; 4] {
    QUESTIONS.map(|x| x[0] * w[0] + x[1] * w[1] + b)
}

#[test]
fn le_parapluie_repond_trois_et_moins_trois() {
    // « sa réponse, 3 ou −3 »
    assert_eq!(parapluie(1.0, 0.0), 3.0);
    assert_eq!(parapluie(0.0, 1.0), -3.0);
}

#[test]
fn sigma_change_les_reponses_du_parapluie_en_oui_et_en_non() {
    // « σ(3) ≈ 0,95, un oui ; σ(−3) ≈ 0,05, un non »
    assert_close_number(sigmoid(3.0), 0.95, 0.005, "σ(3)");
    assert_close_number(sigmoid(-3.0), 0.05, 0.005, "σ(−3)");
}

#[test]
fn le_quatrieme_nombre_de_la_cellule_est_l_arrondi_de_ln_3() {
    // « Le quatrième nombre, 1,0986, est ln 3 » : sa réponse s'affiche 0.7500.
    assert_close_number(3f64.ln(), 1.0986, 0.00005, "ln 3");
    assert_eq!(format!("{:.4}", sigmoid(1.0986)), "0.7500");
}

#[test]
fn les_bouts_de_la_cellule_s_arrondissent_a_zero_et_un_sans_l_etre() {
    // « σ(z) s'approche de 1, sans l'atteindre » : la cellule, qui arrondit, affiche 1.0000.
    assert_eq!(format!("{:.4} {:.4}", sigmoid(-10.0), sigmoid(10.0)), "0.0000 1.0000");
    assert!(0.0 < sigmoid(-10.0) && sigmoid(10.0) < 1.0);
}

#[test]
fn avec_un_biais_de_moins_deux_le_neurone_repond_ou() {
    // « une somme négative pour (0, 0) et positive ailleurs », avec w1 = w2 = 4 et b = −2.
    let z = sums([4.0, 4.0], -2.0);
    assert_eq!(z.map(|z| z > 0.0), [false, true, true, true]);
    assert_eq!(z.map(|z| sigmoid(z) > 0.5), [false, true, true, true]);
}

#[test]
fn avec_un_biais_de_moins_six_le_neurone_repond_et() {
    // « Pour « et », prenez b = −6 : la somme vaut −6, −2, −2, puis 2. »
    let z = sums([4.0, 4.0], -6.0);
    assert_eq!(z, [-6.0, -2.0, -2.0, 2.0]);
    assert_eq!(z.map(|z| sigmoid(z) > 0.5), [false, false, false, true]);
}

#[test]
fn pour_le_ou_exclusif_aucun_reglage_ne_convient() {
    // La démonstration est au chapitre 3 ; ici, toute une grille de réglages, par demis.
    let grid = || (-20..=20).map(|i| f64::from(i) / 2.0);
    for (w1, w2) in grid().flat_map(|w1| grid().map(move |w2| (w1, w2))) {
        for b in grid() {
            let answers = sums([w1, w2], b).map(|z| sigmoid(z) > 0.5);
            assert_ne!(answers, [false, true, true, false], "w = ({w1}, {w2}), b = {b}");
        }
    }
}

#[test]
fn la_longueur_d_un_tableau_fait_partie_de_son_type() {
    // « donner trois nombres serait refusé avant même d'exécuter »
    let call =
        |x: &str| format!("fn neuron(_: [f64; 2]) {{}} pub fn f() {{ neuron({x}); }}");
    assert_eq!(compiler_refusal(&call("[0.0, 1.0]")), None);
    let refusal =
        compiler_refusal(&call("[0.0, 1.0, 1.0]")).expect("trois nombres acceptés");
    assert!(
        refusal.contains("expected an array with a size of 2, found one with a size of 3")
    );
}

#[test]
fn deux_sommes_qui_s_enchainent_n_en_font_qu_une() {
    // « 2 × (3x + 1) + 5 = 6x + 7 », et en tout point : des entiers se calculent sans arrondi.
    for x in -100..=100 {
        assert_eq!(2 * (3 * x + 1) + 5, 6 * x + 7);
    }
}

#[test]
fn les_trois_ecritures_de_la_pente_sont_la_meme() {
    // e⁻ᶻ / (1 + e⁻ᶻ)², puis σ(z) (1 − σ(z)), et 1 − 1 / (1 + e⁻ᶻ) = e⁻ᶻ / (1 + e⁻ᶻ).
    for z in points() {
        let e = (-z).exp();
        let second_line = e / ((1.0 + e) * (1.0 + e));
        assert_close_number(
            sigmoid_derivative_at(z),
            second_line,
            1e-15,
            &format!("σ′({z})"),
        );
        assert_close_number(e / (1.0 + e), 1.0 - sigmoid(z), 1e-15, &format!("1 − σ({z})"));
    }
}

#[test]
fn mesurer_la_pente_en_deux_la_retrouve_et_donner_z_la_fausse() {
    // Les trois lignes de la dernière cellule : mesurée et retrouvée, 0,1050 ; fausse, −2.
    let (z, h) = (2.0, 0.001);
    let measured = (sigmoid(z + h) - sigmoid(z - h)) / (2.0 * h);
    assert_eq!(format!("{measured:.4}"), "0.1050");
    assert_eq!(format!("{:.4}", sigmoid_derivative_from_output(sigmoid(z))), "0.1050");
    // « une pente négative, pour une courbe qui ne fait que monter »
    assert_eq!(sigmoid_derivative_from_output(z), -2.0);
}
