//! Des poids enregistrés puis relus : les mêmes au dernier bit, ou une erreur qui dit pourquoi.
//! `cargo test --test weights`.

mod commun;

use std::fs;
use std::path::PathBuf;

use commun::sklearn::sklearn_oracle;
use commun::{assert_close, hand_network, tutorial_data};
use nn_core::ndarray::{Array1, Array2, Ix1, Ix2, arr0, arr1, arr2};
use nn_core::{NeuralNetwork, NumpyRng};
use nn_data::weights::{
    Dtype, MAX_FILE_BYTES, MAX_HEADER_BYTES, Module, StateDict, WeightsError,
};
use proptest::prelude::*;

/// Un dossier à ce test, vidé s'il a déjà servi.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("poids").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn trained() -> NeuralNetwork {
    let (x, y) = tutorial_data();
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap();
    network.train(200);
    network
}

/// Un fichier fait à la main : cet en-tête, puis ces octets.
fn file(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

fn refusal(bytes: &[u8]) -> WeightsError {
    StateDict::from_bytes(bytes).unwrap_err()
}

/// La phrase exacte, et la même dans un notebook (`Debug`) que dans un programme (`Display`).
#[track_caller]
fn assert_says(error: &WeightsError, sentence: &str) {
    assert_eq!(error.to_string(), sentence);
    assert_eq!(format!("{error:?}"), sentence);
}

/// Les bits de chaque nombre, que l'égalité de −0 et de 0 ne cache pas.
fn bits(state: &StateDict) -> Vec<(String, Vec<u64>)> {
    let of = |name| state.tensor(name).unwrap().values().iter().map(|v| v.to_bits());
    state.names().map(|name| (name.to_string(), of(name).collect())).collect()
}

#[test]
fn un_reseau_relu_repond_comme_avant_au_dernier_bit() {
    let path = folder("reseau").join("reseau.safetensors");
    let network = trained();
    network.state_dict().unwrap().save(&path).unwrap();

    let (x, y) = tutorial_data();
    let mut other = NeuralNetwork::new(x.clone(), y, &mut NumpyRng::seed(9)).unwrap();
    assert_ne!(other.predict(&x).unwrap(), network.predict(&x).unwrap());
    other.load_state_dict(&StateDict::load(&path).unwrap()).unwrap();
    assert_eq!(other.predict(&x).unwrap(), network.predict(&x).unwrap());
    other.feedforward();
    let mut network = network;
    network.feedforward();
    assert_eq!(other, network);
}

#[test]
fn les_noms_et_les_formes_sont_ceux_de_pytorch() {
    let network = trained(); // 3 entrées, 4 neurones cachés, 1 sortie
    let state = network.state_dict().unwrap();
    let shapes: Vec<_> =
        state.names().map(|name| (name, state.tensor(name).unwrap().shape())).collect();
    // `nn.Linear(in_features, out_features).weight` est de forme (out_features, in_features).
    assert_eq!(
        shapes,
        [
            ("0.bias", &[4][..]),
            ("0.weight", &[4, 3][..]),
            ("2.bias", &[1][..]),
            ("2.weight", &[1, 4][..])
        ]
    );
    let weight: Array2<f64> = state.get("0.weight", (4, 3)).unwrap();
    assert_eq!(weight, network.weights1.t());
    assert_eq!(weight[[3, 1]], network.weights1[[1, 3]]);
}

#[test]
fn un_fichier_de_la_bibliotheque_de_python_se_lit_et_donne_ses_reponses() {
    let oracle = sklearn_oracle();
    assert_eq!(oracle.weights.len(), 2);
    for case in &oracle.weights {
        let what = oracle.made_by.cite(&case.dtype);
        for bytes in [case.plain(), case.with_checksum()] {
            let state = StateDict::from_bytes(&bytes).unwrap();
            let (x, y) = (case.x.matrix(), Array2::zeros((5, 2)));
            let mut network =
                NeuralNetwork::with_hidden(x.clone(), y, 4, &mut NumpyRng::seed(0))
                    .unwrap();
            network.load_state_dict(&state).unwrap();
            assert_close(&network.weights1, &case.weights1.matrix(), 1e-15, &what);
            let output = network.predict(&x).unwrap();
            assert_close(&output, &case.output.matrix(), 1e-14, &what);
        }
    }
}

#[test]
fn nos_fichiers_sont_ceux_de_la_bibliotheque_de_python_octet_pour_octet() {
    let oracle = sklearn_oracle();
    for case in &oracle.weights {
        let state = StateDict::from_bytes(&case.plain()).unwrap();
        let what = oracle.made_by.cite(&case.dtype);
        assert_eq!(state.to_bytes().unwrap(), case.with_checksum(), "{what}");
    }
}

#[test]
fn les_deux_types_se_relisent_au_dernier_bit() {
    let doubles = arr1(&[0.1, -0.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1.0 / 3.0]);
    let singles = arr2(&[[0.1f32, -0.0], [f32::MAX, 1e-45]]);
    let mut state = StateDict::new();
    state.insert("doubles", &doubles).unwrap();
    state.insert("simples", &singles).unwrap();
    state.insert("nombre", &arr0(7.0)).unwrap();
    state.insert("vide", &Array2::<f32>::zeros((0, 3))).unwrap();

    let again = StateDict::from_bytes(&state.to_bytes().unwrap()).unwrap();
    assert_eq!(again, state);
    assert_eq!(bits(&again), bits(&state));
    let found: Array1<f64> = again.get("doubles", 6).unwrap();
    assert!(found.iter().zip(&doubles).all(|(a, b)| a.to_bits() == b.to_bits()));
    let found: Array2<f32> = again.get("simples", (2, 2)).unwrap();
    assert!(found.iter().zip(&singles).all(|(a, b)| a.to_bits() == b.to_bits()));
    assert_eq!(again.tensor("vide").unwrap().shape(), [0, 3]);
    assert_eq!(again.tensor("simples").unwrap().dtype(), Dtype::F32);
}

#[test]
fn des_f32_se_lisent_en_f64_et_jamais_l_inverse_sans_le_demander() {
    let mut state = StateDict::new();
    state.insert("w", &arr1(&[0.1f64])).unwrap();
    assert_says(
        &state.get::<f32, _>("w", 1).unwrap_err(),
        "`w` est de type F64, et des F32 sont demandés : ils perdraient des chiffres. Demandez \
         des F64, ou convertissez d'abord avec `to_dtype`.",
    );
    let single = state.to_dtype(Dtype::F32).unwrap();
    assert_eq!(single.get::<f32, _>("w", 1).unwrap(), arr1(&[0.1f32]));
    assert_eq!(single.get::<f64, _>("w", 1).unwrap(), arr1(&[f64::from(0.1f32)]));
    let size = |state: &StateDict| state.to_bytes().unwrap().len();
    assert_eq!(size(&state) - size(&single), 4);
    state.insert("grand", &arr1(&[1.0, 1e300])).unwrap();
    assert_says(
        &state.to_dtype(Dtype::F32).unwrap_err(),
        &format!(
            "`grand` contient {} à la place 1 (comptée depuis 0, ligne par ligne), qui n'est pas un \
             nombre fini de type F32. Un entraînement a pu diverger : baissez le taux \
             d'apprentissage.",
            1e300
        ),
    );
}

#[test]
fn un_tableau_absent_de_trop_ou_d_une_autre_forme_est_nomme() {
    let mut network = trained();
    let before = network.clone();
    let state = network.state_dict().unwrap();

    let mut deeper = state.clone();
    deeper.insert("4.bias", &arr1(&[0.0])).unwrap();
    assert_says(
        &network.load_state_dict(&deeper).unwrap_err(),
        "le tableau `4.bias` n'a pas de place dans ce réseau, qui attend : `0.weight`, `0.bias`, \
         `2.weight`, `2.bias`. Ces poids sont ceux d'un autre réseau, peut-être plus profond.",
    );
    let mut partial = StateDict::new();
    partial.insert_linear("0", &network.weights1, &network.biases1).unwrap();
    assert_says(
        &network.load_state_dict(&partial).unwrap_err(),
        "il n'y a pas de tableau `2.weight`. Il y a : `0.bias`, `0.weight`. Vérifiez que ces poids \
         sont ceux de ce réseau.",
    );
    let mut transposed = state.clone();
    transposed.insert("0.weight", &network.weights1).unwrap();
    assert_says(
        &network.load_state_dict(&transposed).unwrap_err(),
        "`0.weight` devrait être de forme [4, 3], et il est de forme [3, 4]. Un `weight` de PyTorch \
         a une ligne par neurone et une colonne par entrée. Vérifiez que ces poids sont ceux d'un \
         réseau de la même taille.",
    );
    let other_size = hand_network().state_dict().unwrap();
    let error = network.load_state_dict(&other_size).unwrap_err();
    assert!(matches!(error, WeightsError::Shape { .. }), "{error}");
    assert_eq!(network, before, "une erreur a changé le réseau");
    assert!(state.get::<f64, Ix1>("0.bias", Ix1(5)).is_err());
    assert!(state.get::<f64, Ix2>("0.bias", Ix2(4, 1)).is_err());
}

#[test]
fn un_nan_ne_s_enregistre_ni_ne_se_lit() {
    let mut network = trained();
    network.weights2[[2, 0]] = f64::NAN;
    assert_says(
        &network.state_dict().unwrap_err(),
        "`2.weight` contient NaN à la place 2 (comptée depuis 0, ligne par ligne), qui n'est pas un \
         nombre fini de type F64. Un entraînement a pu diverger : baissez le taux d'apprentissage.",
    );
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let header = r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
        let error = refusal(&file(header, &value.to_le_bytes()));
        assert!(matches!(error, WeightsError::NotFinite { place: 0, .. }), "{error}");
    }
}

#[test]
fn tout_fichier_tronque_est_refuse() {
    let bytes = trained().state_dict().unwrap().to_bytes().unwrap();
    for end in 0..bytes.len() {
        let error = refusal(&bytes[..end]);
        let is_named =
            matches!(error, WeightsError::Truncated { .. } | WeightsError::Damaged { .. });
        assert!(is_named, "{end} octets : {error}");
    }
    assert_says(
        &refusal(&bytes[..100]),
        "le fichier de poids est tronqué : il devrait compter au moins 360 octets, et il en compte \
         100. Copiez-le de nouveau, en entier.",
    );
    let longer = [&bytes[..], &[0]].concat();
    assert_says(
        &refusal(&longer),
        "le fichier de poids est tronqué ou abîmé : les nombres n'occupent pas toute la place qui \
         suit l'en-tête, ou la dépassent. Reprenez l'original, ou enregistrez de nouveau le réseau.",
    );
}

#[test]
fn un_seul_bit_change_n_echappe_jamais() {
    let state = trained().state_dict().unwrap();
    let bytes = state.to_bytes().unwrap();
    let mut altered = 0;
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            match StateDict::from_bytes(&changed) {
                // Dans le nom de l'empreinte ou l'espace de l'en-tête : les poids, eux, sont intacts.
                Ok(found) => {
                    assert_eq!(bits(&found), bits(&state), "octet {place}, bit {bit}")
                }
                Err(WeightsError::Altered) => altered += 1,
                Err(_) => {}
            }
        }
    }
    // Presque tous les bits des 21 nombres : quelques-uns font un infini ou un NaN, refusés avant.
    assert!(altered > 8 * 8 * 20, "{altered}");
    let mut changed = bytes;
    *changed.last_mut().unwrap() ^= 0b1000_0000; // le signe du dernier poids
    assert_says(
        &refusal(&changed),
        "le fichier de poids a changé depuis son écriture : l'empreinte SHA-256 de son contenu \
         n'est plus celle qu'il porte. Reprenez l'original, ou enregistrez de nouveau le réseau.",
    );
}

#[test]
fn un_fichier_d_une_autre_sorte_est_reconnu() {
    assert_says(
        &refusal(b"PK\x03\x04\x00\x00\x08\x08archive/data.pkl"),
        "ce n'est pas un fichier safetensors : c'est une archive zip, comme `torch.save` et \
         `np.savez` en écrivent. En Python, \
         `safetensors.torch.save_file(model.state_dict(), \"reseau.safetensors\")` en écrit un.",
    );
    for bytes in [
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
        b"\x93NUMPY\x01\0v\0{'descr'",
        b"{\"cells\": []}",
    ] {
        let error = refusal(bytes);
        assert!(matches!(error, WeightsError::HeaderTooLarge { .. }), "{error}");
    }
    let error = refusal(&file("[1, 2, 3]", &[]));
    assert!(matches!(error, WeightsError::Foreign { .. }), "{error}");
    let error = refusal(&file("{\"\u{fffd}", &[]).replaced(10, 0xff));
    assert!(matches!(error, WeightsError::Foreign { .. }), "{error}");
    assert!(matches!(refusal(&[0; 64]), WeightsError::Foreign { .. }));
}

trait Replaced {
    fn replaced(self, place: usize, byte: u8) -> Self;
}

impl Replaced for Vec<u8> {
    fn replaced(mut self, place: usize, byte: u8) -> Self {
        self[place] = byte;
        self
    }
}

#[test]
fn un_en_tete_hostile_est_refuse() {
    let max = u64::MAX;
    let tensor = |info: &str| file(&format!(r#"{{"w":{{{info}}}}}"#), &[0; 8]);
    for (bytes, what) in [
        (tensor(r#""dtype":"F64","shape":[1],"data_offsets":[0,16]"#), "au-delà de la fin"),
        (tensor(r#""dtype":"F64","shape":[2],"data_offsets":[0,8]"#), "forme trop grande"),
        (tensor(r#""dtype":"F64","shape":[1],"data_offsets":[8,0]"#), "à l'envers"),
        (tensor(r#""dtype":"F64","shape":[-1],"data_offsets":[0,8]"#), "forme négative"),
        (tensor(r#""dtype":"F64","shape":[1],"data_offsets":[0]"#), "une seule place"),
        (tensor(r#""dtype":"F128","shape":[1],"data_offsets":[0,8]"#), "type inconnu"),
        (tensor(r#""shape":[1],"data_offsets":[0,8]"#), "type absent"),
        (
            tensor(&format!(r#""dtype":"F64","shape":[{max},{max}],"data_offsets":[0,8]"#)),
            "débordement",
        ),
        (
            tensor(&format!(r#""dtype":"F64","shape":[1],"data_offsets":[{max},{max}]"#)),
            "places démesurées",
        ),
        (file(&format!("{{{}", r#""a":{"#.repeat(5000)), &[]), "imbriqué 5000 fois"),
        (file("{}", &[0; 8]), "des octets à personne"),
        (file("{", &[]), "JSON inachevé"),
    ] {
        let error = refusal(&bytes);
        assert!(matches!(error, WeightsError::Damaged { .. }), "{what} : {error}");
    }
    let two = r#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#;
    let error = refusal(&file(two, &[0; 8]));
    assert!(
        matches!(error, WeightsError::Damaged { .. }),
        "deux au même endroit : {error}"
    );
    assert_says(
        &refusal(&tensor(r#""dtype":"I64","shape":[1],"data_offsets":[0,8]"#)),
        "`w` est de type I64, et seuls F32 et F64 se lisent ici. En PyTorch, `model.float()` avant \
         d'enregistrer donne du F32.",
    );
    assert_eq!(StateDict::from_bytes(&file("{}", &[])), Ok(StateDict::new()));
}

#[test]
fn un_en_tete_demesure_est_refuse_d_apres_sa_seule_taille() {
    for length in [MAX_HEADER_BYTES as u64 + 1, 100_000_001, 1 << 40, u64::MAX] {
        let bytes = [&length.to_le_bytes()[..], b"{"].concat();
        assert_eq!(refusal(&bytes), WeightsError::HeaderTooLarge { bytes: length });
        let path = folder(&format!("en-tete-{length}")).join("hostile.safetensors");
        fs::write(&path, bytes).unwrap();
        assert_eq!(
            StateDict::load(&path),
            Err(WeightsError::HeaderTooLarge { bytes: length })
        );
    }
}

#[test]
fn un_fichier_demesure_est_refuse_sans_etre_lu() {
    let path = folder("demesure").join("creux.safetensors");
    // Un fichier creux : une taille, et presque rien sur le disque.
    let hollow = fs::File::create(&path).unwrap();
    hollow.set_len(MAX_FILE_BYTES as u64 + 1).unwrap();
    drop(hollow);
    assert_eq!(StateDict::load(&path), Err(WeightsError::TooLarge));
    fs::remove_file(path).unwrap();
}

#[test]
fn des_noms_sans_fin_ne_font_pas_un_message_sans_fin() {
    let mut state = StateDict::new();
    for rank in 0..100 {
        state.insert(&format!("{}{rank}", "é".repeat(500)), &arr1(&[0.0])).unwrap();
    }
    let error = state.tensor(&"w".repeat(10_000)).unwrap_err().to_string();
    assert!(error.len() < 2000, "{} octets", error.len());
    assert!(error.contains("et 88 de plus"), "{error}");
    state = StateDict::new();
    let error = state.tensor("w").unwrap_err();
    assert!(error.to_string().contains("Il y a : aucun tableau."), "{error}");
    assert_eq!(
        state.insert("__metadata__", &arr1(&[0.0])),
        Err(WeightsError::ReservedName)
    );
    state.insert(&"x".repeat(MAX_HEADER_BYTES), &arr1(&[0.0])).unwrap();
    let error = state.to_bytes().unwrap_err();
    assert!(matches!(error, WeightsError::HeaderTooLarge { .. }), "{error}");
}

#[test]
fn une_ecriture_qui_echoue_laisse_l_ancien_fichier() {
    let folder = folder("ecriture");
    let path = folder.join("reseau.safetensors");
    let state = trained().state_dict().unwrap();
    state.save(&path).unwrap();
    let before = fs::read(&path).unwrap();

    let mut diverged = StateDict::new();
    diverged.insert(&"x".repeat(MAX_HEADER_BYTES), &arr1(&[0.0])).unwrap();
    assert!(diverged.save(&path).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);

    state.to_dtype(Dtype::F32).unwrap().save(&path).unwrap();
    assert_ne!(fs::read(&path).unwrap(), before, "l'ancien n'a pas été remplacé");

    // Un dossier porte déjà ce nom : rien n'est écrit, et aucun brouillon ne reste.
    let taken = folder.join("dossier");
    fs::create_dir_all(taken.join("plein")).unwrap();
    let error = state.save(&taken).unwrap_err();
    assert!(matches!(error, WeightsError::Unwritable { .. }), "{error}");
    let mut left: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["dossier", "reseau.safetensors"]);

    let nowhere = folder.join("nulle").join("part.safetensors");
    let error = state.save(&nowhere).unwrap_err();
    assert!(
        error.to_string().contains("ne peut pas être écrit : il n'existe pas"),
        "{error}"
    );
    let error = StateDict::load(&nowhere).unwrap_err();
    assert!(error.to_string().contains("ne peut pas être lu : il n'existe pas"), "{error}");
    assert!(StateDict::load(&folder).is_err());
    assert!(state.save("").is_err());
}

#[test]
fn deux_ecritures_a_la_fois_laissent_un_fichier_entier() {
    let path = folder("a-la-fois").join("reseau.safetensors");
    let state = trained().state_dict().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| state.save(&path).unwrap()));
        }
    });
    assert_eq!(StateDict::load(&path), Ok(state));
}

/// Un fichier, et ce que l'on y change : des octets remplacés, retirés ou ajoutés.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..4u8, any::<u8>());
    prop::collection::vec(change, 1..8).prop_map(|changes| {
        let mut bytes = trained_bytes();
        for (place, kind, byte) in changes {
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => bytes.truncate(place.max(1)),
                2 => bytes.insert(place, byte),
                _ => drop(bytes.remove(place)),
            }
            if bytes.is_empty() {
                bytes.push(byte);
            }
        }
        bytes
    })
}

/// Les octets d'un réseau entraîné, une fois pour toutes.
fn trained_bytes() -> Vec<u8> {
    static BYTES: std::sync::LazyLock<Vec<u8>> =
        std::sync::LazyLock::new(|| trained().state_dict().unwrap().to_bytes().unwrap());
    BYTES.clone()
}

/// Un en-tête du bon format, et des nombres au hasard à toutes les places.
fn plausible() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![0..40u64, any::<u64>()];
    let dtype =
        prop::sample::select(&["F64", "F32", "F16", "BF16", "I8", "BOOL", "F4"][..]);
    let shape = prop::collection::vec(number.clone(), 0..4);
    let tensor = ("[a-c]{0,2}", dtype, shape, number.clone(), number);
    let tensors = prop::collection::vec(tensor, 0..4);
    (tensors, prop::collection::vec(any::<u8>(), 0..64)).prop_map(|(tensors, data)| {
        let infos: Vec<String> = tensors
            .iter()
            .map(|(name, dtype, shape, start, end)| {
                format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{start},{end}]}}"#)
            })
            .collect();
        file(&format!("{{{}}}", infos.join(",")), &data)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn un_fichier_signe_et_change_au_hasard_est_refuse_ou_rend_les_memes_poids(bytes in mutated()) {
        // Sans le nom de l'empreinte, c'est le fichier d'une autre bibliothèque : rien à comparer.
        let is_signed = bytes.windows(10).any(|window| window == br#""sha256":""#);
        match StateDict::from_bytes(&bytes) {
            Ok(found) if is_signed => {
                let expected = StateDict::from_bytes(&trained_bytes()).unwrap();
                prop_assert_eq!(bits(&found), bits(&expected));
            }
            _ => {}
        }
    }

    #[test]
    fn des_octets_quelconques_ne_font_jamais_paniquer(
        length in prop_oneof![0..64u64, any::<u64>()], mut bytes: Vec<u8>,
    ) {
        let _ = StateDict::from_bytes(&bytes);
        bytes.insert(0, b'{');
        let _ = StateDict::from_bytes(&[&length.to_le_bytes()[..], &bytes].concat());
    }

    #[test]
    fn un_en_tete_quelconque_ne_fait_jamais_paniquer(bytes in plausible()) {
        if let Ok(state) = StateDict::from_bytes(&bytes) {
            // Ce qui se lit se récrit et se relit.
            let again = StateDict::from_bytes(&state.to_bytes().unwrap()).unwrap();
            prop_assert_eq!(bits(&again), bits(&state));
        }
    }

    #[test]
    fn tous_les_nombres_finis_se_relisent_au_dernier_bit(
        values in prop::collection::vec(any::<f64>(), 0..20), name: String,
    ) {
        let finite: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        let singles: Vec<f32> =
            finite.iter().map(|&v| v as f32).filter(|value| value.is_finite()).collect();
        let mut state = StateDict::new();
        state.insert(&format!("{name}0"), &arr1(&finite)).unwrap();
        state.insert(&format!("{name}1"), &arr1(&singles)).unwrap();
        let again = StateDict::from_bytes(&state.to_bytes().unwrap()).unwrap();
        prop_assert_eq!(bits(&again), bits(&state));
        prop_assert_eq!(again, state);
    }
}
