//! Les figures : lisibles, les mêmes à chaque fois, et qui refusent clairement l'impossible.
#![cfg(feature = "plot")]

use image::RgbImage;
use nn_core::ndarray::{Array2, arr2};
use nn_core::plot::{Figure, loss_curve, network_diagram, predictions, sigmoid_curve, weights};
use nn_core::{Error, NeuralNetwork, NumpyRng};

const NBSP: char = '\u{a0}';

fn trained() -> (NeuralNetwork, Vec<f64>) {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]);
    let y = arr2(&[[0.], [1.], [1.], [0.]]);
    let mut network = NeuralNetwork::new(x, y, &mut NumpyRng::seed(0)).unwrap().without_biases();
    let losses = network.train(1500);
    (network, losses)
}

fn every_figure() -> [Figure; 5] {
    let (network, losses) = trained();
    [
        loss_curve(&losses).unwrap(),
        sigmoid_curve(),
        network_diagram(3, 4, 1).unwrap(),
        weights(&network).unwrap(),
        predictions(&network.y, &network.output).unwrap(),
    ]
}

fn decoded(figure: &Figure) -> RgbImage {
    image::load_from_memory(&figure.png().unwrap()).unwrap().to_rgb8()
}

/// Le nombre de pixels sombres entre deux hauteurs de la feuille de 420 points.
fn dark_pixels(image: &RgbImage, rows: std::ops::Range<u32>) -> usize {
    let is_dark = |y: u32, x: u32| image.get_pixel(x, y).0.iter().all(|&c| c < 0x60);
    (rows.start * 2..rows.end * 2)
        .map(|y| (0..image.width()).filter(|&x| is_dark(y, x)).count())
        .sum()
}

/// Le SVG porte chacun de ces textes, seul sur sa ligne comme plotters l'écrit.
fn assert_labels(figure: &Figure, labels: &[&str]) {
    let svg = figure.svg().unwrap();
    for label in labels {
        assert!(svg.lines().any(|line| line == *label), "« {label} » manque");
    }
}

fn message<T>(refused: Result<T, Error>) -> String {
    refused.err().expect("une entrée impossible a été acceptée").to_string().replace(NBSP, " ")
}

#[test]
fn la_courbe_de_perte_porte_ses_axes() {
    let figure = loss_curve(&trained().1).unwrap();
    assert_labels(&figure, &["La perte au fil de l’entraînement", "perte Σ (y − ŷ)²", "pas"]);
    assert_labels(&figure, &["0", "500", "1000", "1500", "0,0", "0,5", "1,0", "1,5"]);
}

#[test]
fn le_texte_de_remplacement_donne_les_nombres_qui_comptent() {
    let [loss, sigmoid, network, weights, predictions] = every_figure();
    // Les pertes sont celles de la classe Python du wiki, graine 0 : 1,2981 puis 0,0028.
    assert!(loss.alt().contains("1,2981 au premier, 0,0028 au dernier"), "{}", loss.alt());
    assert!(loss.alt().contains("elle descend à chaque pas"), "{}", loss.alt());
    assert!(sigmoid.alt().contains("0,5 en z = 0"));
    assert!(network.alt().contains("W1 (3, 4)") && network.alt().contains("4\u{a0}neurones"));
    assert!(weights.alt().contains("W2 (4, 1), de −6,8166 à 11,5600"), "{}", weights.alt());
    assert!(predictions.alt().contains("4 sur 4"), "{}", predictions.alt());
}

#[test]
fn le_texte_de_remplacement_dit_les_remontees() {
    let alt = loss_curve(&[1.0, 3.0, 0.5, 2.0]).unwrap().alt().replace(NBSP, " ");
    assert!(alt.contains("au plus bas 0,5000 au pas 3, au plus haut 3 au pas 2"), "{alt}");
    assert!(loss_curve(&[2.0; 9]).unwrap().alt().contains("elle ne change pas"));
}

#[test]
fn la_sigmoide_et_sa_pente_se_distinguent_sans_la_couleur() {
    let figure = sigmoid_curve();
    assert_labels(&figure, &["σ(z) = 1 / (1 + e⁻ᶻ)", "σ′(z) = σ(z) · (1 − σ(z))", "−6", "0,25"]);
    // Un trait plein d'un seul tenant, et de nombreux tirets.
    let svg = figure.svg().unwrap();
    let lines_of = |color: &str| svg.matches(&format!("stroke=\"{color}\"")).count();
    assert!(lines_of("#0072B2") == 2 && lines_of("#D55E00") > 20);
}

#[test]
fn le_schema_nomme_chaque_tableau_et_sa_forme() {
    let figure = network_diagram(3, 4, 1).unwrap();
    assert_labels(&figure, &["entrée", "couche cachée", "sortie", "x₁", "x₃", "σ", "ŷ"]);
    assert_labels(&figure, &["x (m, 3)", "layer1 (m, 4)", "ŷ (m, 1)"]);
    assert_labels(&figure, &["W1 (3, 4)", "b1 (4)", "W2 (4, 1)", "b2 (1)"]);
    // 3 · 4 + 4 · 1 liens, un par poids.
    assert_eq!(figure.svg().unwrap().matches("<polyline").count(), 16);
}

#[test]
fn une_longue_colonne_est_abregee() {
    assert_labels(&network_diagram(784, 128, 10).unwrap(), &["x₁", "⋮", "x₇₈₄", "ŷ₁₀"]);
    assert!(!network_diagram(8, 8, 8).unwrap().svg().unwrap().contains('⋮'));
    network_diagram(usize::MAX, usize::MAX, usize::MAX).unwrap().png().unwrap();
}

#[test]
fn les_poids_sont_ecrits_dans_leurs_cases() {
    let labels = ["W1 (3, 4)", "b1 (4)", "W2 (4, 1)", "b2 (1)", "11,56", "−6,82", "0,00"];
    assert_labels(&weights(&trained().0).unwrap(), &labels);
}

#[test]
fn de_grands_poids_se_dessinent_sans_nombres() {
    let mut rng = NumpyRng::seed(1);
    let (x, y) = (Array2::ones((1, 784)), Array2::zeros((1, 10)));
    let network = NeuralNetwork::with_hidden(x, y, 300, &mut rng).unwrap();
    let svg = weights(&network).unwrap().svg().unwrap();
    assert!(svg.contains("W1 (784, 300)") && svg.len() < 500_000, "{} octets", svg.len());
    assert!(svg.matches("<text").count() < 12);
}

#[test]
fn les_predictions_ont_leur_legende_et_leur_limite() {
    let network = trained().0;
    let figure = predictions(&network.y, &network.output).unwrap();
    assert_labels(&figure, &["attendue y", "prédite ŷ", "limite 0,5", "exemple", "1", "4"]);
    let many = Array2::from_elem((50_000, 12), 0.5);
    let svg = predictions(&many, &many).unwrap().svg().unwrap();
    assert!(svg.contains("10 premières sorties sur 12") && svg.len() < 300_000);
}

#[test]
fn le_svg_est_bien_forme() {
    for svg in every_figure().map(|figure| figure.svg().unwrap()) {
        assert!(svg.starts_with("<svg width=\"720\" height=\"420\" role=\"img\" aria-label=\""));
        assert!(svg.trim_end().ends_with("</svg>") && svg.contains("viewBox=\"0 0 2880 1680\""));
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
        let markup: String = svg.split('<').skip(1).collect();
        assert!(svg.matches('<').count() == svg.matches('>').count() && !markup.contains('&'));
    }
}

#[test]
fn aucun_texte_n_est_plus_petit_que_quinze_points() {
    for svg in every_figure().map(|figure| figure.svg().unwrap()) {
        for size in svg.split("font-size=\"").skip(1) {
            let size: f64 = size.split('"').next().unwrap().parse().unwrap();
            assert!(size / 4.0 >= 15.0, "{size}");
        }
    }
}

#[test]
fn le_png_montre_des_traits_et_du_texte() {
    for figure in every_figure() {
        let image = decoded(&figure);
        assert_eq!(image.dimensions(), (1440, 840));
        let mut colors: Vec<_> = image.pixels().map(|pixel| pixel.0).collect();
        colors.sort_unstable();
        colors.dedup();
        assert!(colors.len() > 50, "{} couleurs", colors.len());
        // Le titre est entre 14 et 34 points ; au-dessus, il n'y a rien.
        assert!(dark_pixels(&image, 14..34) > 800, "{}", dark_pixels(&image, 14..34));
        assert_eq!(dark_pixels(&image, 0..8), 0);
        // Rien ne touche le bord.
        let edges = image.enumerate_pixels().filter(|(x, y, _)| {
            *x < 6 || *y < 6 || *x >= image.width() - 6 || *y >= image.height() - 6
        });
        assert!(edges.into_iter().all(|(_, _, pixel)| pixel.0 == [255; 3]));
    }
}

#[test]
fn la_meme_figure_donne_les_memes_octets() {
    for (first, second) in every_figure().iter().zip(&every_figure()) {
        assert_eq!(first.svg().unwrap(), second.svg().unwrap());
        assert!(first.png().unwrap() == second.png().unwrap());
    }
}

#[test]
fn une_figure_se_dessine_sur_toute_surface() {
    use plotters::drawing::IntoDrawingArea;
    use plotters_bitmap::BitMapBackend;
    let figure = network_diagram(3, 4, 1).unwrap();
    for (width, height) in [(1, 1), (300, 900), (720, 420)] {
        let mut pixels = vec![0; (width * height * 3) as usize];
        let backend = BitMapBackend::<plotters_bitmap::bitmap_pixel::RGBPixel>::with_buffer(
            &mut pixels,
            (width, height),
        );
        figure.draw(&backend.into_drawing_area()).unwrap();
        assert!(pixels.iter().any(|&byte| byte > 0));
    }
}

#[test]
fn une_entree_impossible_est_refusee_en_francais() {
    assert!(message(loss_curve(&[])).contains("`losses` est vide"));
    let diverged = message(loss_curve(&[1.0, f64::NAN]));
    assert!(diverged.contains("NaN au rang 1") && diverged.contains("divergé"), "{diverged}");
    assert!(message(loss_curve(&[f64::INFINITY])).contains("inf au rang 0"));

    assert!(message(network_diagram(0, 4, 1)).contains("`inputs` vaut 0"));
    assert!(matches!(network_diagram(3, 0, 1), Err(Error::NoHiddenUnits)));
    assert!(message(network_diagram(3, 4, 0)).contains("`outputs` vaut 0"));

    let y = arr2(&[[0.0], [1.0]]);
    let other = predictions(&y, &arr2(&[[0.0]]));
    assert!(message(other).contains("`y` est de forme (2, 1) et `y_hat` de forme (1, 1)"));
    let empty = Array2::zeros((0, 1));
    assert!(matches!(predictions(&empty, &empty), Err(Error::Empty { array: "y", .. })));
    let nan = arr2(&[[0.0], [f64::NAN]]);
    assert!(matches!(predictions(&y, &nan), Err(Error::NotFinite { row: 1, .. })));

    let mut network = trained().0;
    network.biases1[2] = f64::NEG_INFINITY;
    assert!(matches!(
        weights(&network),
        Err(Error::NotFinite { array: "biases1", row: 0, column: 2, .. })
    ));
    network.weights2 = Array2::zeros((0, 0));
    network.biases1[2] = 0.0;
    assert!(matches!(weights(&network), Err(Error::Empty { array: "weights2", .. })));
}

#[test]
fn des_pertes_extremes_se_dessinent() {
    let decay = |i: u32| 1e4 / (1.0 + f64::from(i) / 1e6);
    let millions: Vec<f64> = (0..10_000_000).map(decay).collect();
    let svg = loss_curve(&millions).unwrap().svg().unwrap();
    assert!(svg.contains("pas (en millions)") && svg.len() < 100_000, "{} octets", svg.len());

    let max = f64::MAX;
    let tiny = f64::from_bits(1); // le plus petit nombre strictement positif
    for losses in [
        &[0.7][..],
        &[0.0],
        &[5.0; 1000],
        &[1e300, 1.0],
        &[1e-300, 0.0],
        &[max, -max],
        &[tiny, 0.0],
    ] {
        let figure = loss_curve(losses).unwrap();
        let svg = figure.svg().unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{losses:?}");
        assert!(dark_pixels(&decoded(&figure), 340..380) > 100);
    }
    assert_labels(&loss_curve(&[1e300, 1.0]).unwrap(), &["perte Σ (y − ŷ)² (×\u{a0}10³⁰⁰)"]);
}

#[test]
fn des_predictions_et_des_poids_extremes_se_dessinent() {
    let y = arr2(&[[f64::MAX], [0.0]]);
    let figure = predictions(&y, &-&y).unwrap();
    assert!(!figure.svg().unwrap().contains("NaN"));
    figure.png().unwrap();
    let mut network = trained().0;
    for value in [0.0, 1e-300, f64::MAX] {
        network.weights1.fill(value);
        network.weights2.fill(-value);
        assert!(!weights(&network).unwrap().svg().unwrap().contains("NaN"));
    }
}
