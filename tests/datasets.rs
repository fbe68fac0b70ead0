//! Les jeux de données : les bons exemples, et une phrase pour chaque fichier abîmé.
//! `cargo test --test datasets`.

mod commun;

use std::io::Write;

use commun::assert_close;
use commun::sklearn::{Described, sklearn_oracle};
use nn_core::NumpyRng;
use nn_core::ndarray::{Array2, Axis, arr1, arr2};
use nn_data::Standardizer;
use nn_data::datasets::{
    DataError, Dataset, MAX_EXAMPLES, MAX_FILE_BYTES, OPTDIGITS_TEST, OPTDIGITS_TRAIN,
    PENGUINS, Penguins, moons, one_hot, optdigits, parse_optdigits, parse_penguins,
    penguins, read_optdigits, read_penguins, spirals,
};
use proptest::prelude::*;

const TEST_GZ: &[u8] = include_bytes!("../src/data/datasets/optdigits.tes.gz");
const PENGUINS_CSV: &[u8] = include_bytes!("../src/data/datasets/penguins.csv");

/// Le texte des chiffres de test, tel que l'UCI le distribue.
fn test_text() -> String {
    OPTDIGITS_TEST.verified(TEST_GZ).unwrap()
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// La phrase exacte, et la même dans un notebook (`Debug`) que dans un programme (`Display`).
#[track_caller]
fn assert_says(error: &DataError, sentence: &str) {
    assert_eq!(error.to_string(), sentence);
    assert_eq!(format!("{error:?}"), sentence);
}

#[track_caller]
fn assert_described(data: &Dataset, expected: &Described, what: &str) {
    assert_eq!([data.x.nrows(), data.x.ncols()], expected.shape, "{what}");
    assert_eq!(data.counts().unwrap(), expected.class_counts, "{what}");
    assert_eq!(data.x.sum_axis(Axis(0)).to_vec(), expected.column_sums, "{what}");
    assert_eq!(data.x.row(data.len() - 1).to_vec(), expected.last_row, "{what}");
    assert_eq!(data.labels[..20], expected.first_labels, "{what}");
}

#[test]
fn les_chiffres_sont_ceux_de_scikit_learn() {
    let (digits, oracle) = (optdigits().unwrap(), sklearn_oracle());
    assert_described(&digits.train, &oracle.train, &oracle.made_by.cite("entraînement"));
    assert_described(&digits.test, &oracle.test, &oracle.made_by.cite("test"));
    assert_eq!(digits.test.columns[63], "ligne 7, colonne 7");
    assert_eq!(digits.test.classes[9], "9");
}

#[test]
fn les_chiffres_tiennent_en_moins_de_200_ko() {
    let train = include_bytes!("../src/data/datasets/optdigits.tra.gz");
    assert!(train.len() + TEST_GZ.len() < 200_000);
}

#[test]
fn aucune_image_n_est_des_deux_cotes_du_partage_officiel() {
    let digits = optdigits().unwrap();
    let images = |data: &Dataset| -> std::collections::BTreeSet<Vec<u64>> {
        data.x.outer_iter().map(|row| row.iter().map(|&ink| ink as u64).collect()).collect()
    };
    assert!(images(&digits.train).is_disjoint(&images(&digits.test)));
}

#[test]
fn le_partage_melange_garde_les_tailles_et_chaque_image() {
    let digits = optdigits().unwrap();
    let mixed = digits.mixed(&mut NumpyRng::seed(0)).unwrap();
    assert_eq!((mixed.train.len(), mixed.test.len()), (3823, 1797));
    let ink = |data: &Dataset| data.x.sum();
    assert_eq!(
        ink(&mixed.train) + ink(&mixed.test),
        ink(&digits.train) + ink(&digits.test)
    );
    // Une part des exemples de test vient bien de l'entraînement.
    assert_ne!(mixed.test.counts().unwrap(), digits.test.counts().unwrap());
    assert_eq!(mixed, digits.mixed(&mut NumpyRng::seed(0)).unwrap());
    assert_ne!(mixed, digits.mixed(&mut NumpyRng::seed(1)).unwrap());
}

#[test]
fn les_manchots_sans_mesure_sont_comptes() {
    let Penguins { data, dropped } = penguins().unwrap();
    assert_eq!(data.x.dim(), (342, 4));
    assert_eq!(dropped, [5, 273]);
    // Comptés dans le fichier : « cut -d, -f1 penguins.csv | sort | uniq -c », moins les deux lignes.
    assert_eq!(data.counts().unwrap(), [151, 68, 123]);
    assert_eq!(data.classes, ["Adelie", "Chinstrap", "Gentoo"]);
    assert_eq!(
        data.columns,
        ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    );
    assert_eq!(data.x.row(0).to_vec(), [39.1, 18.7, 181.0, 3750.0]);
}

#[test]
fn la_provenance_cite_les_auteurs_la_source_et_la_licence() {
    assert_eq!(
        OPTDIGITS_TRAIN.to_string(),
        "E. Alpaydin et C. Kaynak, « Optical Recognition of Handwritten Digits », 1998, \
         https://doi.org/10.24432/C50P49 (licence CC BY 4.0)"
    );
    assert!(PENGUINS.to_string().ends_with("(licence CC0)"));
}

#[test]
fn un_seul_caractere_change_se_voit_a_l_empreinte() {
    let altered = test_text().replacen("16", "15", 1);
    let error = OPTDIGITS_TEST.verified(altered.as_bytes()).unwrap_err();
    let DataError::Altered { file, expected, found } = &error else {
        panic!("{error}");
    };
    assert_eq!(file, "optdigits.tes.gz");
    assert_eq!(expected, OPTDIGITS_TEST.sha256);
    assert_eq!(found.len(), 64);
    assert!(error.to_string().starts_with(
        "`optdigits.tes.gz` n'est pas l'original : son empreinte SHA-256 devrait être 6ebb3d2f"
    ));
    // Le format, lui, est resté bon.
    assert_eq!(parse_optdigits("chiffres", altered.as_bytes()).unwrap().len(), 1797);
}

#[test]
fn un_fichier_comprime_tronque_ou_abime_le_dit() {
    for end in [2, 9, 17, 1000, TEST_GZ.len() - 1] {
        assert_says(
            &parse_optdigits("essai.gz", &TEST_GZ[..end]).unwrap_err(),
            "`essai.gz` est tronqué : la fin du fichier comprimé manque. Copiez-le de nouveau, en \
             entier.",
        );
    }
    let mut damaged = TEST_GZ.to_vec();
    damaged[TEST_GZ.len() - 6] ^= 1; // dans la somme de contrôle
    assert_says(
        &parse_optdigits("essai.gz", &damaged).unwrap_err(),
        "`essai.gz` est abîmé : il commence comme un fichier gzip et ne se décomprime pas. \
         Copiez-le de nouveau.",
    );
}

#[test]
fn un_fichier_qui_se_decomprime_sans_fin_est_arrete() {
    let bomb = compressed(&vec![b'0'; MAX_FILE_BYTES + 1]);
    assert!(bomb.len() < MAX_FILE_BYTES / 100);
    assert_eq!(
        parse_optdigits("bombe.gz", &bomb),
        Err(DataError::TooLarge { file: "bombe.gz".to_string(), limit: MAX_FILE_BYTES })
    );
}

#[test]
fn une_ligne_courte_ou_une_valeur_impossible_sont_situees() {
    let text = test_text();
    let third = text.lines().nth(2).unwrap();
    let with_third = |line: &str| {
        let text = text.replacen(third, line, 1);
        parse_optdigits("chiffres", text.as_bytes()).unwrap_err()
    };
    assert_says(
        &with_third("1,2,3"),
        "`chiffres`, ligne 3 : 65 valeurs séparées par des virgules étaient attendues, et il y en \
         a 3. Cette ligne est coupée, ou ce n'est pas le bon fichier.",
    );
    assert_says(
        &with_third(&third.replacen("0,", "17,", 1)),
        "`chiffres`, ligne 3, valeur 1 : il faut un pixel entier, de 0 à 16, et c'est « 17 ». \
         Corrigez cette valeur, ou retirez la ligne.",
    );
    for (value, place) in [("-1,", 1), ("1.5,", 1), (",", 1), ("NaN,", 1)] {
        let error = with_third(&third.replacen("0,", value, 1));
        assert!(
            matches!(error, DataError::Value { line: 3, column, .. } if column == place),
            "{error}"
        );
    }
    let no_such_digit = format!("{},10", third.rsplit_once(',').unwrap().0);
    assert_says(
        &with_third(&no_such_digit),
        "`chiffres`, ligne 3, valeur 65 : il faut un chiffre, de 0 à 9, et c'est « 10 ». \
         Corrigez cette valeur, ou retirez la ligne.",
    );
}

#[test]
fn un_fichier_vide_ou_d_une_autre_sorte_le_dit() {
    assert_says(
        &parse_optdigits("vide", b"").unwrap_err(),
        "`vide` ne contient aucun exemple. Vérifiez que c'est le bon fichier.",
    );
    assert_says(
        &parse_optdigits("image.png", b"\x89PNG\r\n\x1a\n").unwrap_err(),
        "`image.png` n'est pas un fichier de texte (UTF-8), ni un tel fichier comprimé par gzip. \
         Vérifiez que c'est le bon fichier.",
    );
    let error = parse_optdigits("penguins.csv", PENGUINS_CSV).unwrap_err();
    assert!(
        matches!(error, DataError::Columns { line: 1, expected: 65, found: 8, .. }),
        "{error}"
    );
    let error = parse_penguins("optdigits.tes.gz", TEST_GZ).unwrap_err();
    assert!(matches!(error, DataError::Header { .. }), "{error}");
    assert_says(
        &read_optdigits("nulle/part.gz").unwrap_err(),
        "`nulle/part.gz` ne peut pas être lu : il n'existe pas. Vérifiez le chemin et les droits.",
    );
}

#[test]
fn un_fichier_de_l_utilisateur_se_lit_comprime_ou_non_avec_les_fins_de_ligne_de_windows() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/data/datasets");
    let digits = optdigits().unwrap();
    assert_eq!(read_optdigits(folder.join("optdigits.tes.gz")).unwrap(), digits.test);
    assert_eq!(read_penguins(folder.join("penguins.csv")), penguins());
    let windows = format!("\u{feff}{}", test_text().replace('\n', "\r\n"));
    assert_eq!(OPTDIGITS_TEST.verified(windows.as_bytes()).unwrap(), test_text());
    assert_eq!(parse_optdigits("windows", windows.as_bytes()).unwrap(), digits.test);
    assert_eq!(
        parse_optdigits("gz", &compressed(windows.as_bytes())).unwrap(),
        digits.test
    );
}

#[test]
fn une_espece_ou_une_mesure_impossible_sont_situees() {
    let text = String::from_utf8(PENGUINS_CSV.to_vec()).unwrap();
    let refusal = |from: &str, to: &str| {
        parse_penguins("manchots", text.replacen(from, to, 1).as_bytes()).unwrap_err()
    };
    assert_says(
        &refusal("Adelie", "Dodo"),
        "`manchots`, ligne 2, valeur 1 : il faut Adelie, Chinstrap ou Gentoo, et c'est « Dodo ». \
         Corrigez cette valeur, ou retirez la ligne.",
    );
    for wrong in ["-39.1", "NaN", "inf", "1e300", "long"] {
        let error = refusal("39.1", wrong);
        assert!(matches!(error, DataError::Value { line: 2, column: 3, .. }), "{error}");
    }
    let error = refusal("island", "isle");
    assert!(matches!(error, DataError::Header { .. }), "{error}");
}

#[test]
fn chaque_classe_devient_une_ligne_de_zeros_et_un_seul_un() {
    let digits = optdigits().unwrap();
    let y = digits.test.y().unwrap();
    assert_eq!(y.dim(), (1797, 10));
    assert!(y.sum_axis(Axis(1)).iter().all(|&sum| sum == 1.0));
    assert_eq!(y.sum_axis(Axis(0))[3], 183.0);
    assert_says(
        &one_hot(&[0, 3], 3).unwrap_err(),
        "la classe de l'exemple 1 (compté depuis 0) est 3, et il n'y a que 3 classe(s), \
         numérotée(s) depuis 0. Corrigez cette classe, ou le nombre de classes.",
    );
    assert_eq!(one_hot(&[], 0), Err(DataError::Classes { classes: 0 }));
    assert_eq!(one_hot(&[], usize::MAX), Err(DataError::Classes { classes: usize::MAX }));
}

#[test]
fn un_partage_ne_perd_ni_ne_repete_aucun_exemple() {
    let mut data = moons(50, 0.0, &mut NumpyRng::seed(0)).unwrap();
    data.x = Array2::from_shape_fn((50, 1), |(i, _)| i as f64);
    let (kept, aside) = data.split(0.3, &mut NumpyRng::seed(1)).unwrap();
    assert_eq!((kept.len(), aside.len()), (35, 15));
    let mut seen: Vec<f64> = kept.x.iter().chain(&aside.x).copied().collect();
    assert_ne!(seen, data.x.iter().copied().collect::<Vec<_>>(), "rien n'est mélangé");
    seen.sort_by(f64::total_cmp);
    assert_eq!(seen, data.x.iter().copied().collect::<Vec<_>>());
    for part in [kept, aside] {
        for (x, label) in part.x.iter().zip(&part.labels) {
            assert_eq!(data.labels[*x as usize], *label, "la classe ne suit pas l'exemple");
        }
    }
}

#[test]
fn un_partage_impossible_est_refuse() {
    let data = moons(4, 0.0, &mut NumpyRng::seed(0)).unwrap();
    for aside in [0.0, 1.0, 0.1, 0.9, -0.5, 2.0, 20.0, f64::NAN, f64::INFINITY] {
        let error = data.split(aside, &mut NumpyRng::seed(0)).unwrap_err();
        assert!(matches!(error, DataError::Split { len: 4, .. }), "{aside} : {error}");
    }
    assert_eq!(data.select(&[4]), Err(DataError::NoSuchRow { row: 4, len: 4 }));
    let lame = Dataset { labels: vec![0], ..data };
    assert_eq!(lame.select(&[0]), Err(DataError::Rows { x: 4, labels: 1 }));
}

#[test]
fn les_lunes_sans_bruit_sont_celles_de_scikit_learn() {
    let oracle = sklearn_oracle();
    for case in &oracle.moons {
        let data = moons(case.examples, 0.0, &mut NumpyRng::seed(0)).unwrap();
        let what = oracle.made_by.cite(&format!("{} points", case.examples));
        assert_close(&data.x, &case.x.matrix(), 1e-15, &what);
        assert_eq!(data.labels, case.labels, "{what}");
    }
}

#[test]
fn une_spirale_part_du_centre_et_finit_a_un_rayon_de_un() {
    let data = spirals(3, 2, 0.0, &mut NumpyRng::seed(0)).unwrap();
    let (half, four) = (2f64, 4f64); // 4r, pour r = ½ puis 1
    let arm = [[0.0, 0.0], [0.5 * half.cos(), 0.5 * half.sin()], [four.cos(), four.sin()]];
    let opposite = arm.map(|[x, y]| [-x, -y]); // un demi-tour plus loin
    let expected: Vec<[f64; 2]> = arm.into_iter().chain(opposite).collect();
    assert_close(&data.x, &Array2::from(expected), 1e-15, "deux bras de trois points");
    assert_eq!(data.labels, [0, 0, 0, 1, 1, 1]);
    assert_eq!(data.counts().unwrap(), [3, 3]);
}

#[test]
fn le_bruit_est_normal_et_sort_de_la_graine() {
    let (quiet, noisy) = (
        moons(20_000, 0.0, &mut NumpyRng::seed(5)).unwrap(),
        moons(20_000, 0.25, &mut NumpyRng::seed(5)).unwrap(),
    );
    let noise = (&noisy.x - &quiet.x) / 0.25; // (20 000, 2), de loi normale centrée réduite
    let m = noise.len() as f64;
    assert!(noise.mean().unwrap().abs() < 4.0 / m.sqrt());
    assert!((noise.std(0.0) - 1.0).abs() < 0.02);
    let beyond = noise.iter().filter(|gap| gap.abs() > 1.96).count() as f64 / m;
    assert!((beyond - 0.05).abs() < 0.005, "{beyond} au-delà de 1,96 écart-type");
    let (x, y) = (noise.column(0), noise.column(1));
    assert!((&x * &y).mean().unwrap().abs() < 0.03, "les deux coordonnées sont liées");
    assert_eq!(noisy, moons(20_000, 0.25, &mut NumpyRng::seed(5)).unwrap());
    assert_ne!(noisy, moons(20_000, 0.25, &mut NumpyRng::seed(6)).unwrap());
}

#[test]
fn des_dessins_impossibles_sont_refuses() {
    let mut rng = NumpyRng::seed(0);
    for examples in [0, 1, MAX_EXAMPLES + 1, usize::MAX] {
        let error = moons(examples, 0.0, &mut rng).unwrap_err();
        assert_eq!(error, DataError::Examples { examples, least: 2 });
    }
    for noise in [-1.0, f64::INFINITY, f64::NAN, 1e300] {
        let error = moons(2, noise, &mut rng).unwrap_err();
        assert!(matches!(error, DataError::Noise { .. }), "{error}");
    }
    assert_eq!(spirals(5, 0, 0.0, &mut rng), Err(DataError::Classes { classes: 0 }));
    let error = spirals(usize::MAX, 3, 0.0, &mut rng).unwrap_err();
    assert!(matches!(error, DataError::Examples { .. }), "{error}");
}

#[test]
fn les_colonnes_standardisees_sont_celles_de_scikit_learn() {
    let (digits, oracle) = (optdigits().unwrap(), sklearn_oracle());
    let standardizer = Standardizer::fit(&digits.train.x).unwrap();
    let what = |name: &str| oracle.made_by.cite(name);
    assert_close(
        standardizer.mean(),
        &arr1(&oracle.scaler.mean),
        1e-12,
        &what("la moyenne"),
    );
    assert_close(
        standardizer.scale(),
        &arr1(&oracle.scaler.scale),
        1e-12,
        &what("l'écart-type"),
    );
    let test = standardizer.transform(&digits.test.x).unwrap();
    let first = test.select(Axis(0), &[0, 1]);
    assert_close(&first, &oracle.scaler.first_of_test.matrix(), 1e-12, &what("le test"));
    let back = standardizer.inverse(&test).unwrap();
    assert_close(&back, &digits.test.x, 1e-12, "l'aller et le retour");
}

#[test]
fn le_test_ne_change_rien_a_ce_qui_est_mesure_sur_l_entrainement() {
    let data = penguins().unwrap().data;
    let (train, test) = data.split(0.25, &mut NumpyRng::seed(0)).unwrap();
    let standardizer = Standardizer::fit(&train.x).unwrap();
    let z = standardizer.transform(&train.x).unwrap();
    for column in z.columns() {
        assert!(
            column.mean().unwrap().abs() < 1e-12 && (column.std(0.0) - 1.0).abs() < 1e-12
        );
    }
    let of_test = standardizer.transform(&test.x).unwrap();
    assert!(
        of_test.columns().into_iter().any(|column| column.mean().unwrap().abs() > 0.01)
    );
}

#[test]
fn une_colonne_constante_est_seulement_centree() {
    // 0,1 dix fois : la somme n'est pas 1, et une moyenne arrondie laisserait une poussière.
    let train = Array2::from_elem((10, 1), 0.1);
    let standardizer = Standardizer::fit(&train).unwrap();
    assert_eq!(standardizer.transform(&train).unwrap(), Array2::<f64>::zeros((10, 1)));
    assert_eq!(standardizer.transform(&arr2(&[[2.1]])).unwrap(), arr2(&[[2.0]]));
    let tiny = Standardizer::fit(&arr2(&[[0.0], [1e-200]])).unwrap();
    assert_eq!(tiny.transform(&arr2(&[[1e100]])).unwrap(), arr2(&[[1e100]]));
}

#[test]
fn la_standardisation_refuse_un_tableau_vide_un_nan_ou_une_autre_largeur() {
    let fitted = Standardizer::fit(&arr2(&[[1.0, 2.0], [3.0, 5.0]])).unwrap();
    let width = fitted.transform(&arr2(&[[1.0]])).unwrap_err();
    assert!(width.to_string().contains("2 colonne(s)"), "{width}");
    assert!(fitted.inverse(&arr2(&[[1.0, f64::NAN]])).is_err());
    assert!(Standardizer::fit(&arr2(&[[f64::INFINITY]])).is_err());
    assert!(Standardizer::fit(&Array2::zeros((0, 3))).is_err());
    assert!(Standardizer::fit(&Array2::zeros((3, 0))).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn des_octets_quelconques_ne_font_jamais_paniquer(bytes: Vec<u8>) {
        let _ = parse_optdigits("octets", &bytes);
        let _ = parse_penguins("octets", &bytes);
        let _ = parse_optdigits("octets", &[&[0x1f, 0x8b, 8, 0], &bytes[..]].concat());
    }

    #[test]
    fn un_octet_change_dans_le_fichier_comprime_n_echappe_jamais_a_l_empreinte(
        place in 0..TEST_GZ.len(), flip in 1..=255u8,
    ) {
        let mut bytes = TEST_GZ.to_vec();
        bytes[place] ^= flip;
        // L'en-tête de gzip (date, nom) ne touche pas au texte : là, le contenu doit être intact.
        if let Ok(text) = OPTDIGITS_TEST.verified(&bytes) {
            prop_assert_eq!(text, test_text());
            prop_assert!(place < 24, "octet {}", place);
        }
    }

    #[test]
    fn tout_tableau_fini_se_standardise_et_revient(
        values in prop::collection::vec(-1e100..1e100, 6),
    ) {
        let x = Array2::from_shape_vec((3, 2), values).unwrap();
        let standardizer = Standardizer::fit(&x).unwrap();
        let z = standardizer.transform(&x).unwrap();
        prop_assert!(z.iter().all(|value| value.abs() < 10.0));
        let largest = x.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        let back = standardizer.inverse(&z).unwrap();
        prop_assert!((back - &x).iter().all(|gap| gap.abs() <= 1e-14 * largest));
    }
}
