//! Ce que le chapitre 12 affirme : les frontières, les neurones, les remèdes, les manchots.
//! `cargo test --test chapitre_12_regularize`.
//!
//! Les marges laissent la place aux machines dont les produits s'arrondissent autrement.

use nn_core::NumpyRng;
use nn_core::ndarray::{Array2, Axis, concatenate};
use nn_data::Standardizer;
use nn_data::datasets::{Dataset, moons, optdigits, penguins, spirals};
use nn_data::metrics::argmax;
use nn_mlp::{Activation, Layer, Loss, Mlp, Optimizer, Trainer};
use nn_plot as plot;

const BIG: &[usize] = &[2, 64, 64, 2];
const NOISE: f64 = 0.3;

fn network(sizes: &[usize], dropout: f64, l2: f64, seed: u32) -> Mlp<f64> {
    let last = sizes.len() - 1;
    let mut builder = Mlp::builder(sizes[0]);
    for &units in &sizes[1..last] {
        builder = builder.layer(units, Activation::Relu).dropout(dropout);
    }
    builder
        .layer(sizes[last], Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .l2(l2)
        .dropout_seed(seed)
        .build(&mut NumpyRng::seed(seed))
        .unwrap()
}

fn fit(mlp: &mut Mlp<f64>, data: &Dataset, trainer: &Trainer<f64>) {
    let mut training = trainer.start(mlp, data.x.clone(), data.y().unwrap()).unwrap();
    while training.next_epoch(mlp).unwrap().is_some() {}
}

fn accuracy(mlp: &Mlp<f64>, data: &Dataset) -> f64 {
    mlp.accuracy(&data.x, &data.y().unwrap()).unwrap().unwrap()
}

fn loss(mlp: &Mlp<f64>, data: &Dataset) -> f64 {
    mlp.loss(&data.x, &data.y().unwrap()).unwrap()
}

fn adam(rate: f64, epochs: usize) -> Trainer<f64> {
    Trainer::new(Optimizer::adam(rate).unwrap()).epochs(epochs)
}

fn sgd(rate: f64, seed: u32) -> Trainer<f64> {
    Trainer::new(Optimizer::sgd(rate).unwrap()).epochs(60).seed(seed)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Les neurones cachés qui ne répondent à aucun exemple, comptés depuis 0.
fn silent(mlp: &Mlp<f64>, data: &Dataset) -> Vec<usize> {
    let z = data.x.dot(mlp.layers()[0].weights()) + mlp.layers()[0].biases();
    (0..z.ncols()).filter(|&j| z.column(j).iter().all(|&v| v <= 0.0)).collect()
}

#[test]
fn plus_de_neurones_font_une_frontiere_plus_souple() {
    let crescents = moons(400, 0.15, &mut NumpyRng::seed(0)).unwrap();
    let scores = |sizes: &[usize]| -> Vec<f64> {
        let score = |seed| {
            let mut mlp = network(sizes, 0.0, 0.0, seed);
            fit(&mut mlp, &crescents, &adam(0.01, 100));
            accuracy(&mlp, &crescents)
        };
        (0..5).map(score).collect()
    };
    for sizes in [&[2, 2][..], &[2, 2, 2]] {
        let found = scores(sizes);
        assert!(found.iter().all(|score| (0.85..0.9).contains(score)), "{found:?}");
    }
    // Trois peuvent suffire, et ne suffisent pas toujours.
    let three = scores(&[2, 3, 2]);
    assert!(
        three.iter().any(|&s| s > 0.98) && three.iter().any(|&s| s < 0.95),
        "{three:?}"
    );
    let many = scores(&[2, 32, 2]);
    assert!(many.iter().all(|&score| score > 0.98), "{many:?}");
}

#[test]
fn huit_neurones_suffisent_aux_spirales_et_le_reseau_est_sur_loin_d_elles() {
    let arms = spirals(100, 3, 0.03, &mut NumpyRng::seed(0)).unwrap();
    let trained = |hidden: usize, seed: u32| {
        let mut mlp = network(&[2, hidden, 3], 0.0, 0.0, seed);
        fit(&mut mlp, &arms, &adam(0.01, 300));
        mlp
    };
    for seed in 0..5 {
        let scores = [2, 4, 8, 64].map(|hidden| accuracy(&trained(hidden, seed), &arms));
        let [two, four, eight, many] = scores;
        assert!(two.max(four) < 0.9, "graine {seed} : {scores:?}");
        assert!(eight > 0.93 && (many - eight).abs() < 0.03, "graine {seed} : {scores:?}");
    }
    let mlp = trained(64, 0);
    // Loin de tout exemple, une classe a presque toute la probabilité.
    let far = Array2::from_shape_vec((3, 2), vec![9., 9., -9., 9., 9., -9.]).unwrap();
    let answers = mlp.predict(&far).unwrap();
    for row in answers.rows() {
        assert!(row.iter().any(|&p| p > 0.95), "{row}");
    }
    let figure =
        plot::decision_boundary(&arms.x, &arms.labels, &arms.classes, |x| mlp.predict(x));
    let alt = figure.alt().replace('\u{a0}', " ");
    assert!(alt.contains("« bras 2 », 100 exemples"), "{alt}");
}

/// Les chiffres du chapitre, entre 0 et 1 : apprentissage et validation.
fn digits() -> (Dataset, Dataset) {
    let mut digits = optdigits().unwrap().train;
    digits.x /= 16.0;
    digits.split(0.2, &mut NumpyRng::seed(0)).unwrap()
}

fn reader(train: &Dataset, l2: f64, seed: u32) -> Mlp<f64> {
    let mut mlp = network(&[64, 16, 10], 0.0, l2, seed);
    fit(&mut mlp, train, &adam(0.005, 40));
    mlp
}

/// Le même réseau, un neurone débranché.
fn without_unit(mlp: &Mlp<f64>, unit: usize) -> Mlp<f64> {
    let copy = |layer: &Layer<f64>| (layer.weights().clone(), layer.biases().clone());
    let (first, mut second) = (copy(&mlp.layers()[0]), copy(&mlp.layers()[1]));
    second.0.row_mut(unit).fill(0.0);
    Mlp::builder(mlp.inputs())
        .layer(mlp.layers()[0].units(), Activation::Relu)
        .layer(mlp.outputs(), Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .with_weights(vec![first, second])
        .unwrap()
}

#[test]
fn un_pixel_toujours_blanc_garde_les_poids_de_son_tirage_sauf_avec_l2() {
    let (train, held) = digits();
    let ink = train.x.sum_axis(Axis(0));
    let blank: Vec<usize> = (0..64).filter(|&pixel| ink[pixel] == 0.0).collect();
    assert_eq!(blank, [0, 39]);
    let (fresh, plain) = (network(&[64, 16, 10], 0.0, 0.0, 0), reader(&train, 0.0, 0));
    let clean = reader(&train, 0.001, 0);
    let row = |mlp: &Mlp<f64>, pixel| mlp.layers()[0].weights().row(pixel).to_owned();
    for &pixel in &blank {
        assert_eq!(row(&plain, pixel), row(&fresh, pixel));
        let faded = row(&clean, pixel).mapv(f64::abs).mean().unwrap();
        assert!(faded < 1e-3, "pixel {pixel} : {faded}");
    }
    let (before, after) = (accuracy(&plain, &held), accuracy(&clean, &held));
    assert!((before - after).abs() < 0.015, "{before} et {after}");
    assert!(before > 0.95 && after > 0.95, "{before} et {after}");
    // Un neurone mort garde, lui aussi, son tirage ; L2 l'efface.
    let dead = silent(&clean, &train);
    assert!(!dead.is_empty());
    for unit in dead {
        let column = clean.layers()[0].weights().column(unit).mapv(f64::abs);
        assert!(column.mean().unwrap() < 1e-3, "neurone {unit}");
        assert_eq!(accuracy(&without_unit(&clean, unit), &held), after);
    }
}

#[test]
fn le_neurone_le_plus_cher_repond_aux_7_et_son_absence_coute_aussi_des_9() {
    let (train, held) = digits();
    let clean = reader(&train, 0.001, 0);
    let right = |unit: usize| accuracy(&without_unit(&clean, unit), &held);
    let unit = (0..16).min_by(|&a, &b| right(a).total_cmp(&right(b))).unwrap();
    let sums = held.x.dot(clean.layers()[0].weights()) + clean.layers()[0].biases();
    let mut rows: Vec<usize> = (0..held.len()).collect();
    rows.sort_by(|&a, &b| sums[[b, unit]].total_cmp(&sums[[a, unit]]));
    let top = |digit| rows[..10].iter().filter(|&&i| held.labels[i] == digit).count();
    assert!(top(7) >= 5 && top(3) >= 1 && top(9) == 0, "neurone {unit}");
    let cut = without_unit(&clean, unit).predict(&held.x).unwrap();
    let (full, cut) =
        (argmax(&clean.predict(&held.x).unwrap()).unwrap(), argmax(&cut).unwrap());
    let mut lost = [0; 10];
    for (i, &digit) in held.labels.iter().enumerate() {
        lost[digit] += usize::from(full[i] == digit && cut[i] != digit);
    }
    assert!([3, 7, 9].iter().all(|&digit| lost[digit] > 20), "{lost:?}");
    assert!([0, 1, 2, 4, 5, 6, 8].iter().all(|&digit| lost[digit] <= 20), "{lost:?}");
}

#[test]
fn debrancher_un_neurone_coute_et_une_autre_graine_en_donne_d_autres() {
    let (train, held) = digits();
    let [clean, other] = [0, 1].map(|seed| reader(&train, 0.001, seed));
    let whole = accuracy(&clean, &held);
    let dearest = (0..16)
        .map(|unit| whole - accuracy(&without_unit(&clean, unit), &held))
        .fold(0.0, f64::max);
    assert!(dearest > 0.1, "{dearest}");
    assert!((whole - accuracy(&other, &held)).abs() < 0.015);
    let alive = |mlp: &Mlp<f64>| {
        let dead = silent(mlp, &train);
        let columns = (0..16).filter(|unit| !dead.contains(unit));
        columns.map(|j| mlp.layers()[0].weights().column(j).to_owned()).collect::<Vec<_>>()
    };
    for u in alive(&clean) {
        let closest = alive(&other)
            .iter()
            .map(|v| u.dot(v) / (u.dot(&u) * v.dot(v)).sqrt())
            .fold(-1.0, f64::max);
        assert!(closest < 0.95, "{closest}");
    }
}

#[test]
fn un_grand_reseau_apprend_soixante_points_par_coeur() {
    let held = moons(2000, NOISE, &mut NumpyRng::seed(1000)).unwrap();
    let data = moons(60, NOISE, &mut NumpyRng::seed(0)).unwrap();
    let mut mlp = network(BIG, 0.0, 0.0, 0);
    let mut training =
        adam(0.01, 400).start(&mlp, data.x.clone(), data.y().unwrap()).unwrap();
    let mut lowest = f64::INFINITY;
    while training.next_epoch(&mut mlp).unwrap().is_some() {
        lowest = lowest.min(loss(&mlp, &held));
    }
    assert_eq!(accuracy(&mlp, &data), 1.0);
    assert!(loss(&mlp, &data) < 0.01, "{}", loss(&mlp, &data));
    let (last, right) = (loss(&mlp, &held), accuracy(&mlp, &held));
    assert!(last > 4.0 * lowest && lowest > 0.2, "{lowest} puis {last}");
    assert!((0.75..0.88).contains(&right), "{right}");
    let settings: usize = BIG.windows(2).map(|pair| pair[0] * pair[1] + pair[1]).sum();
    assert_eq!(settings, 4482);
}

/// Un essai du chapitre.
#[derive(Clone, Copy)]
struct Cure {
    sizes: &'static [usize],
    dropout: f64,
    l2: f64,
    early: bool,
    more: usize,
}

const NOTHING: Cure = Cure { sizes: BIG, dropout: 0.0, l2: 0.0, early: false, more: 1 };

/// La perte apprise, la perte et la justesse sur `held`, pour chaque graine.
fn measure(cure: Cure, held: &Dataset, seeds: std::ops::Range<u32>) -> [Vec<f64>; 3] {
    let mut columns = [Vec::new(), Vec::new(), Vec::new()];
    for seed in seeds {
        let data = moons(60 * cure.more, NOISE, &mut NumpyRng::seed(seed)).unwrap();
        let mut trainer = adam(0.01, 400 / cure.more).seed(seed);
        if cure.early {
            trainer = trainer.validation(0.25).patience(20);
        }
        let mut mlp = network(cure.sizes, cure.dropout, cure.l2, seed);
        fit(&mut mlp, &data, &trainer);
        columns[0].push(loss(&mlp, &data));
        columns[1].push(loss(&mlp, held));
        columns[2].push(accuracy(&mlp, held));
    }
    columns
}

#[test]
fn chaque_remede_fait_ce_qu_en_dit_le_chapitre() {
    let held = moons(2000, NOISE, &mut NumpyRng::seed(1000)).unwrap();
    // Quatre des dix graines du chapitre : le même classement, deux fois plus vite.
    let means = |cure| measure(cure, &held, 0..4).map(|column| mean(&column));
    let nothing = means(NOTHING);
    let more = means(Cure { more: 10, ..NOTHING });
    let small = means(Cure { sizes: &[2, 8, 2], ..NOTHING });
    let straight = means(Cure { sizes: &[2, 2], ..NOTHING });
    let [weak, right, strong] = [0.001, 0.01, 0.1].map(|l2| means(Cure { l2, ..NOTHING }));
    let dropout = means(Cure { dropout: 0.5, ..NOTHING });
    let early = means(Cure { early: true, ..NOTHING });
    assert!(nothing[0] < 0.03 && nothing[1] > 1.0, "{nothing:?}");
    // Dix fois plus d'exemples, puis L2 bien réglé : les deux premiers.
    let others = [nothing, small, straight, weak, strong, dropout, early];
    assert!(others.iter().all(|other| other[2] < right[2]), "{right:?} {others:?}");
    assert!((more[2] - right[2]).abs() < 0.03, "{more:?} {right:?}");
    for better in [more, small, right, dropout] {
        assert!(better[2] > nothing[2], "{better:?} contre {nothing:?}");
    }
    // Trop fort, L2 répond mal même à ce qu'il a appris.
    assert!(strong[2] < right[2] - 0.04 && strong[0] > 0.35, "{strong:?}");
    assert!(weak[2] < right[2] - 0.01, "{weak:?}");
    // L'arrêt anticipé divise la perte, sans gain de justesse.
    assert!(early[1] < nothing[1] / 2.5, "{early:?} {nothing:?}");
    assert!((early[2] - nothing[2]).abs() < 0.04, "{early:?} {nothing:?}");
}

#[test]
fn juge_sur_du_neuf_l2_aide_encore() {
    let test = moons(2000, NOISE, &mut NumpyRng::seed(2000)).unwrap();
    let chosen = measure(Cure { l2: 0.01, ..NOTHING }, &test, 100..110);
    let nothing = measure(NOTHING, &test, 100..110);
    let gain = mean(&chosen[2]) - mean(&nothing[2]);
    assert!((0.01..0.045).contains(&gain), "{gain}");
    assert!(mean(&chosen[1]) < mean(&nothing[1]) / 2.0);
    // « plus d'exemples reste devant, et L2 vient ensuite ; huit neurones et le dropout suivent »
    let right = |cure| mean(&measure(cure, &test, 100..110)[2]);
    let more = right(Cure { more: 10, ..NOTHING });
    let small = right(Cure { sizes: &[2, 8, 2], ..NOTHING });
    let dropout = right(Cure { dropout: 0.5, ..NOTHING });
    let chosen = mean(&chosen[2]);
    assert!(
        more > chosen && chosen > small.max(dropout),
        "{more} {chosen} {small} {dropout}"
    );
    assert!((small - dropout).abs() < 0.01, "{small} {dropout}");
    // « les deux tiers du chemin (0,887, entre 0,860 sans rien et 0,899) »
    let share = gain / (more - mean(&nothing[2]));
    assert!((0.5..0.85).contains(&share), "{share}");
}

/// Ce que devient un poids de 0,3 que seule la régularisation change, en quarante pas d'Adam au taux
/// 0,005 : λ w entre dans le gradient avant la division.
#[test]
fn sous_adam_lambda_ne_regle_pas_la_vitesse_d_un_poids_que_rien_ne_tire() {
    let ends = [1e-4, 1e-3, 1e-2].map(|l2: f64| {
        let (mut w, mut first, mut second) = (0.3f64, 0.0, 0.0);
        for step in 1..=40 {
            let g = l2 * w;
            first = 0.9 * first + 0.1 * g;
            second = 0.999 * second + 0.001 * g * g;
            let (m, v) =
                (first / (1.0 - 0.9f64.powi(step)), second / (1.0 - 0.999f64.powi(step)));
            w -= 0.005 * m / (v.sqrt() + 1e-8);
        }
        w
    });
    assert!(ends.iter().all(|end| (end - ends[0]).abs() < 0.001), "{ends:?}");
    assert!((0.1..0.15).contains(&ends[0]), "{ends:?}");
}

/// Les manchots partagés par cette graine.
fn parts(seed: u32) -> (Dataset, Dataset) {
    penguins().unwrap().data.split(0.3, &mut NumpyRng::seed(seed)).unwrap()
}

fn scaled(standardizer: &Standardizer, part: &Dataset) -> Dataset {
    Dataset { x: standardizer.transform(&part.x).unwrap(), ..part.clone() }
}

#[test]
fn tels_quels_les_manchots_tuent_tous_les_neurones() {
    let birds = penguins().unwrap();
    assert_eq!(birds.dropped, [5, 273]);
    assert_eq!(birds.data.counts().unwrap(), [151, 68, 123]);
    let (train, held) = parts(0);
    let mut raw = network(&[4, 16, 3], 0.0, 0.0, 0);
    fit(&mut raw, &train, &sgd(0.1, 0));
    assert_eq!(silent(&raw, &train).len(), 16);
    // Une seule réponse pour tous : la justesse est la part de cette espèce.
    let answers = raw.predict(&held.x).unwrap();
    assert!(answers.rows().into_iter().all(|row| row == answers.row(0)));
    let standardizer = Standardizer::fit(&train.x).unwrap();
    let (train, held) = (scaled(&standardizer, &train), scaled(&standardizer, &held));
    let mut mlp = network(&[4, 16, 3], 0.0, 0.0, 0);
    fit(&mut mlp, &train, &sgd(0.1, 0));
    assert!(silent(&mlp, &train).is_empty());
    assert!(accuracy(&mlp, &held) > 0.96);
}

#[test]
fn aucun_taux_ne_sauve_les_manchots_tels_quels() {
    for rate in [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1] {
        let mut scores = [Vec::new(), Vec::new()];
        for seed in 0..5 {
            let (train, held) = parts(seed);
            let standardizer = Standardizer::fit(&train.x).unwrap();
            let same = [scaled(&standardizer, &train), scaled(&standardizer, &held)];
            for (column, [train, held]) in scores.iter_mut().zip([[train, held], same]) {
                let mut mlp = network(&[4, 16, 3], 0.0, 0.0, seed);
                fit(&mut mlp, &train, &sgd(rate, seed));
                column.push(accuracy(&mlp, &held));
            }
        }
        let [raw, standardized] = scores.map(|column| mean(&column));
        assert!(raw < 0.75, "taux {rate} : {raw}");
        if rate >= 0.01 {
            assert!(standardized > 0.94, "taux {rate} : {standardized}");
        }
    }
}

#[test]
fn la_fuite_ne_se_voit_pas_et_mesurer_a_part_ruine_tout() {
    let score = |train: &Dataset, held: &Dataset, scales: [&Standardizer; 2], seed| {
        let mut mlp = network(&[4, 16, 3], 0.0, 0.0, seed);
        fit(&mut mlp, &scaled(scales[0], train), &sgd(0.1, seed));
        accuracy(&mlp, &scaled(scales[1], held))
    };
    let (mut whole, mut gentoo) = ([0.0; 3], [0.0; 3]);
    for seed in 0..5 {
        let (train, held) = parts(seed);
        let rows: Vec<usize> = (0..held.len()).filter(|&i| held.labels[i] == 2).collect();
        let only = held.select(&rows).unwrap();
        for (sums, held) in [(&mut whole, &held), (&mut gentoo, &only)] {
            let all = concatenate(Axis(0), &[train.x.view(), held.x.view()]).unwrap();
            let [right, leak, apart] =
                [&train.x, &all, &held.x].map(|x| Standardizer::fit(x).unwrap());
            let pairs = [[&right, &right], [&leak, &leak], [&right, &apart]];
            for (sum, pair) in sums.iter_mut().zip(pairs) {
                *sum += score(&train, held, pair, seed) / 5.0;
            }
        }
    }
    assert!(whole[0] > 0.97 && (whole[0] - whole[1]).abs() < 0.015, "{whole:?}");
    assert!((whole[0] - whole[2]).abs() < 0.02, "{whole:?}");
    assert!(gentoo[0] > 0.97 && gentoo[2] < 0.5, "{gentoo:?}");
    // Un manchot seul, mesuré sur lui-même, vaut 0 partout.
    let one = parts(0).1.select(&[0]).unwrap();
    let alone = Standardizer::fit(&one.x).unwrap().transform(&one.x).unwrap();
    assert_eq!(alone, Array2::<f64>::zeros((1, 4)));
}
