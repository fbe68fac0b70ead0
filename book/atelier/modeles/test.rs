//! Ce que le chapitre NUMERO affirme : `cargo test --test chapitre_NUMERO_NOM`.

use nn_core::sigmoid;

#[test]
fn la_sigmoide_vaut_un_demi_en_zero() {
    assert_eq!(sigmoid(0.0), 0.5);
}
