//! Ce que vaut une réponse : compter juste, et dire avec quelle incertitude.
//! `cargo test --test metrics`.

mod commun;

use commun::MadeBy;
use commun::assert_close_number;
use commun::sklearn::sklearn_oracle;
use nn_core::NumpyRng;
use nn_core::ndarray::{Array2, Axis, arr2};
use nn_core::rand::RngExt;
use nn_data::datasets::{Digits, optdigits};
use nn_data::metrics::{
    ClassFigures, ConfusionMatrix, Estimate, MetricsError, argmax, wilson,
};
use proptest::prelude::*;

fn matrix(rows: &[Vec<usize>]) -> Array2<usize> {
    Array2::from_shape_vec((rows.len(), rows.len()), rows.concat()).unwrap()
}

/// Le plus proche voisin de chaque image de test, parmi celles de l'entraînement.
///
/// ‖a − b‖² = ‖a‖² − 2a·b + ‖b‖² : à a donné, le plus proche est celui dont 2a·b − ‖b‖² est le plus
/// grand.
fn nearest_neighbours(digits: &Digits) -> Vec<usize> {
    let (train, test) = (&digits.train, &digits.test);
    let lengths = train.x.mapv(|ink| ink * ink).sum_axis(Axis(1)); // (3823)
    let closeness = 2.0 * test.x.dot(&train.x.t()) - &lengths; // (1797, 3823)
    let nearest = argmax(&closeness).unwrap(); // (1797)
    nearest.iter().map(|&row| train.labels[row]).collect()
}

#[track_caller]
fn assert_values(
    actual: impl Iterator<Item = Estimate>,
    expected: &[Option<f64>],
    made_by: &MadeBy,
    what: &str,
) {
    let actual: Vec<Estimate> = actual.collect();
    assert_eq!(actual.len(), expected.len());
    for (class, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let what = made_by.cite(&format!("{what}, classe {class}"));
        match expected {
            Some(expected) => assert_close_number(actual.value, *expected, 1e-15, &what),
            None => assert!(actual.value.is_nan(), "{what} : {actual:?}"),
        }
    }
}

#[test]
fn la_matrice_et_ses_mesures_sont_celles_de_scikit_learn() {
    let oracle = sklearn_oracle();
    let made_by = &oracle.made_by;
    assert_eq!(oracle.classifications.len(), 3);
    for case in &oracle.classifications {
        let confusion =
            ConfusionMatrix::new(&case.expected, &case.predicted, case.classes).unwrap();
        assert_eq!(confusion.counts(), matrix(&case.confusion));
        assert_close_number(
            confusion.accuracy().value,
            case.accuracy,
            1e-15,
            &made_by.cite("justesse"),
        );
        let figures = confusion.per_class();
        let of = |pick: fn(&ClassFigures) -> Estimate| figures.iter().map(pick);
        assert_values(of(|f| f.precision), &case.precision, made_by, "précision");
        assert_values(of(|f| f.recall), &case.recall, made_by, "rappel");
        assert_values(of(|f| f.f1), &case.f1, made_by, "F1");
        let support: Vec<usize> = figures.iter().map(|f| f.support).collect();
        assert_eq!(support, case.support);
    }
}

#[test]
fn les_intervalles_de_wilson_sont_ceux_de_scipy() {
    let oracle = sklearn_oracle();
    assert_eq!(oracle.wilson.len(), 8);
    for case in &oracle.wilson {
        let Estimate { value, low, high } = wilson(case.hits, case.total).unwrap();
        let what = oracle.made_by.cite(&format!("{} sur {}", case.hits, case.total));
        assert_close_number(value, case.hits as f64 / case.total as f64, 0.0, &what);
        assert_close_number(low, case.low, 1e-12, &what);
        assert_close_number(high, case.high, 1e-12, &what);
    }
}

#[test]
fn l_intervalle_de_wilson_est_celui_de_l_article() {
    // L. Brown, T. Cai et A. DasGupta, 2001 : les bornes résolvent (p̂ − p)² = z² p(1 − p)/n.
    for (hits, total) in [(3, 10), (81, 263), (1761, 1797)] {
        let Estimate { value, low, high } = wilson(hits, total).unwrap();
        for bound in [low, high] {
            let z = (value - bound).abs() / (bound * (1.0 - bound) / total as f64).sqrt();
            assert_close_number(z, 1.959963984540054, 1e-10, &format!("{hits}/{total}"));
        }
    }
}

#[test]
fn l_intervalle_contient_la_vraie_valeur_dix_neuf_fois_sur_vingt() {
    let mut rng = NumpyRng::seed(0);
    let covered = (0..4000).filter(|_| {
        let hits = (0..100).filter(|_| rng.random::<f64>() < 0.9).count();
        let Estimate { low, high, .. } = wilson(hits, 100).unwrap();
        (low..=high).contains(&0.9)
    });
    let rate = covered.count() as f64 / 4000.0;
    assert!((0.92..0.97).contains(&rate), "{rate}");
}

#[test]
fn l_intervalle_de_f1_est_celui_de_la_proportion_dont_il_vient() {
    // Classe 0 : VP = 3, FP = 1, FN = 2, donc q = 3/6 et F1 = 6/9.
    let confusion =
        ConfusionMatrix::new(&[0, 0, 0, 0, 0, 1, 1], &[0, 0, 0, 1, 1, 0, 1], 2).unwrap();
    let f1 = confusion.per_class()[0].f1;
    let q = wilson(3, 6).unwrap();
    assert_close_number(f1.value, 6.0 / 9.0, 1e-15, "F1");
    assert_close_number(f1.low, 2.0 * q.low / (1.0 + q.low), 1e-15, "bas");
    assert_close_number(f1.high, 2.0 * q.high / (1.0 + q.high), 1e-15, "haut");
}

#[test]
fn le_plus_proche_voisin_lit_98_pour_cent_des_chiffres() {
    let (digits, oracle) = (optdigits().unwrap(), sklearn_oracle());
    let predicted = nearest_neighbours(&digits);
    let confusion = ConfusionMatrix::new(&digits.test.labels, &predicted, 10).unwrap();
    assert_eq!(confusion.counts(), matrix(&oracle.nearest_neighbour));
    assert_eq!(confusion.counts().diag().sum(), 1761);
    assert_eq!(confusion.accuracy().to_string(), "98,0 % (de 97,2 % à 98,5 %)");
}

#[test]
fn melanger_les_personnes_donne_une_justesse_trop_belle() {
    let digits = optdigits().unwrap();
    let accuracies: Vec<f64> = (0..3)
        .map(|seed| {
            let mixed = digits.mixed(&mut NumpyRng::seed(seed)).unwrap();
            let predicted = nearest_neighbours(&mixed);
            let confusion =
                ConfusionMatrix::new(&mixed.test.labels, &predicted, 10).unwrap();
            confusion.accuracy().value
        })
        .collect();
    // 98,0 % pour des écritures jamais vues ; un demi-point de plus, en moyenne, sinon.
    let mean = accuracies.iter().sum::<f64>() / accuracies.len() as f64;
    assert!(
        accuracies.iter().all(|&accuracy| accuracy > 1761.0 / 1797.0),
        "{accuracies:?}"
    );
    assert!((0.983..0.987).contains(&mean), "{mean}");
}

#[test]
fn la_matrice_se_lit_une_ligne_par_classe_attendue() {
    let confusion = ConfusionMatrix::new(&[0, 1, 1, 2], &[0, 1, 2, 2], 3).unwrap();
    assert_eq!(
        confusion.to_string(),
        "attendu \\ répondu │ 0 1 2\n                0 │ 1 0 0\n                1 │ 0 1 1\n                \
         2 │ 0 0 1"
    );
}

#[test]
fn argmax_prend_la_premiere_des_plus_grandes() {
    let output = arr2(&[[0.1, 0.9, 0.0], [0.4, 0.2, 0.4], [-3.0, -1.0, -1.0]]);
    assert_eq!(argmax(&output).unwrap(), [1, 0, 1]);
    assert_eq!(argmax(&arr2(&[[f64::NEG_INFINITY, f64::INFINITY]])).unwrap(), [1]);
    assert_eq!(argmax(&Array2::zeros((0, 3))).unwrap(), [0; 0]);
    assert_eq!(argmax(&Array2::zeros((3, 0))), Err(MetricsError::NoColumn));
    let error = argmax(&arr2(&[[0.0, 1.0], [0.0, f64::NAN]])).unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "la réponse contient un NaN à la ligne 1, colonne 1 (comptées depuis 0) : aucune classe ne \
         s'en déduit. Cherchez d'où vient ce NaN."
    );
}

#[test]
fn ce_qui_ne_se_compte_pas_est_refuse() {
    let refusal = |expected: &[usize], predicted: &[usize], classes| {
        ConfusionMatrix::new(expected, predicted, classes).unwrap_err()
    };
    assert_eq!(refusal(&[], &[], 3), MetricsError::NoExample);
    assert_eq!(
        refusal(&[0], &[0, 1], 2),
        MetricsError::Lengths { expected: 1, predicted: 2 }
    );
    assert_eq!(refusal(&[0], &[0], 0), MetricsError::Classes { classes: 0 });
    assert_eq!(
        refusal(&[0], &[0], usize::MAX),
        MetricsError::Classes { classes: usize::MAX }
    );
    assert_eq!(
        refusal(&[0, 1], &[0, 2], 2).to_string(),
        "dans les réponses, la classe de l'exemple 1 (compté depuis 0) est 2, et il n'y a que 2 \
         classe(s), numérotée(s) depuis 0."
    );
    assert!(refusal(&[9], &[0], 2).to_string().starts_with("dans les classes attendues,"));
    assert_eq!(wilson(2, 1), Err(MetricsError::MoreHitsThanTrials { hits: 2, total: 1 }));
    let nothing = wilson(0, 0).unwrap();
    assert_eq!((nothing.low, nothing.high), (0.0, 1.0));
    assert_eq!(nothing.to_string(), "indéfini");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn un_intervalle_entoure_sa_valeur_et_reste_entre_0_et_1(
        total in 1..=usize::MAX, part in 0.0..=1.0f64,
    ) {
        let hits = ((total as f64 * part) as usize).min(total);
        let Estimate { value, low, high } = wilson(hits, total).unwrap();
        prop_assert!(0.0 <= low && low <= value && value <= high && high <= 1.0);
    }

    #[test]
    fn les_mesures_de_chaque_classe_s_accordent_avec_la_matrice(
        pairs in prop::collection::vec((0..4usize, 0..4usize), 1..50),
    ) {
        let (expected, predicted): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
        let confusion = ConfusionMatrix::new(&expected, &predicted, 4).unwrap();
        prop_assert_eq!(confusion.counts().sum(), pairs.len());
        for figures in confusion.per_class() {
            let (precision, recall) = (figures.precision.value, figures.recall.value);
            let harmonic = 2.0 * precision * recall / (precision + recall);
            // La moyenne harmonique n'existe que si les deux existent et ne sont pas nuls.
            if harmonic.is_finite() {
                prop_assert!((figures.f1.value - harmonic).abs() < 1e-12);
            }
            for estimate in [figures.precision, figures.recall, figures.f1] {
                prop_assert!(estimate.low <= estimate.high);
                prop_assert!(
                    estimate.value.is_nan()
                        || (estimate.low..=estimate.high).contains(&estimate.value)
                );
            }
        }
    }
}
