//! Ce que le chapitre 13 affirme de Burn :
//! `cargo test --locked --manifest-path notebooks/burn/Cargo.toml --target-dir target/burn`.

use burn::tensor::Device;
use nn_core::ndarray::Array2;
use nn_data::weights::{StateDict, WeightsError};
use passerelle_burn::{Computed, DigitsNetwork, Expected, compute, deviation, exchange};

/// La promesse du chapitre.
const PROMISE: f64 = 1e-6;

fn computed() -> (Expected, Computed) {
    let expected = Expected::load().unwrap();
    let computed = compute(&expected).unwrap();
    (expected, computed)
}

#[test]
fn burn_repond_comme_nn_core() {
    let (expected, computed) = computed();
    assert_eq!(computed.output.dim(), expected.output.dim());
    let found = deviation(&computed.output, &expected.output);
    assert!(found < PROMISE, "{found:e}");
    // La comparaison n'est pas vide : les réponses ne sont ni nulles ni toutes égales.
    assert!(expected.output.iter().any(|&share| share > 0.9));
    assert!(expected.output.iter().any(|&share| share < 0.1));
}

#[test]
fn burn_calcule_les_memes_gradients() {
    let (expected, computed) = computed();
    for (found, ours) in computed.gradients.iter().zip(&expected.gradients) {
        assert_eq!(found.dim(), ours.dim());
        let largest = ours.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        assert!(
            largest > 0.01,
            "des gradients trop petits ne prouveraient rien : {largest:e}"
        );
        let gap = deviation(found, ours);
        assert!(gap < PROMISE, "{gap:e}");
    }
}

#[test]
fn les_resultats_gardes_sont_ceux_de_burn() {
    let (_, computed) = computed();
    let text = std::fs::read_to_string(exchange("resultats/burn.rs")).unwrap();
    let (_, text) = text.split_once("const BURN: [f64; 40] = [").unwrap();
    let (text, _) = text.split_once("];").unwrap();
    let kept: Vec<f64> = (text.split(','))
        .map(str::trim)
        .filter(|number| !number.is_empty())
        .map(|number| number.parse().unwrap())
        .collect();
    assert_eq!(kept.len(), 40);
    let gap = deviation(&kept, computed.output.iter().take(40));
    assert!(gap < PROMISE, "relancez le programme : {gap:e}");
}

#[test]
fn des_poids_d_une_autre_forme_sont_refuses() {
    let mut state = StateDict::load(exchange("chiffres.safetensors")).unwrap();
    state.insert("0.weight", &Array2::<f32>::zeros((64, 32))).unwrap(); // non transposés
    let error = DigitsNetwork::load(&state, &Device::default()).unwrap_err();
    assert!(matches!(error, WeightsError::Shape { .. }), "{error}");
}
