//! Les figures : lisibles, les mêmes à chaque fois, et qui refusent clairement l'impossible.

#[path = "commun/figures.rs"]
mod figures;

use figures::{
    bowl, first_figures, hidden_layers, neuron, slope_of_sigmoid, trained, usual_figures,
};
use image::RgbImage;
use nn_core::Error::{Empty, NoHiddenUnits, NotFinite};
use nn_core::ndarray::{Array2, arr2};
use nn_core::{NeuralNetwork, NumpyRng};
use nn_plot::{
    Error, Figure, GraphNode, activations, computation_graph, descent, epoch_curves,
    gradient_errors, histogram, loss_curve, loss_curves, matrix_product, network_diagram,
    predictions, sigmoid_curve, tangent, weights,
};

const NBSP: char = '\u{a0}';

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

/// Le SVG porte chacun de ces textes, d'un seul tenant.
fn assert_labels(figure: &Figure, labels: &[&str]) {
    let svg = figure.svg().unwrap();
    for label in labels {
        assert!(svg.contains(&format!(">{label}</text>")), "« {label} » manque");
    }
}

fn message(figure: Figure) -> String {
    figure
        .refusal()
        .expect("une entrée impossible a été acceptée")
        .to_string()
        .replace(NBSP, " ")
}

#[test]
fn la_courbe_de_perte_porte_ses_axes() {
    let figure = loss_curve(&trained().1);
    assert_labels(
        &figure,
        &["La perte au fil de l’entraînement", "perte Σ (y − ŷ)²", "pas"],
    );
    assert_labels(&figure, &["0", "500", "1000", "1500", "0,0", "0,5", "1,0", "1,5"]);
}

#[test]
fn le_texte_de_remplacement_donne_les_nombres_qui_comptent() {
    let [loss, sigmoid, network, weights, predictions] = first_figures();
    // Les pertes sont celles de la classe Python du wiki, graine 0 : 1,2981 puis 0,0028.
    assert!(loss.alt().contains("de 1,2981 à 0,0028 en 1500 pas"), "{}", loss.alt());
    assert!(loss.alt().contains("sans jamais remonter"), "{}", loss.alt());
    assert!(sigmoid.alt().contains("0,5 en z = 0"));
    assert!(
        network.alt().contains("W1 (3, 4)") && network.alt().contains("4\u{a0}neurones")
    );
    assert!(weights.alt().contains("W2 (4, 1), de −6,8166 à 11,5600"), "{}", weights.alt());
    assert!(predictions.alt().contains("4 sur 4"), "{}", predictions.alt());
}

#[test]
fn le_texte_de_remplacement_dit_les_remontees() {
    let alt = loss_curve(&[1.0, 3.0, 0.5, 2.0]).alt().replace(NBSP, " ");
    assert!(alt.contains("au plus bas 0,5000 au pas 3, au plus haut 3 au pas 2"), "{alt}");
    assert!(loss_curve(&[2.0; 9]).alt().contains("elle ne change pas"));
}

#[test]
fn la_sigmoide_et_sa_pente_se_distinguent_sans_la_couleur() {
    let figure = sigmoid_curve();
    assert_labels(
        &figure,
        &["σ(z) = 1 / (1 + e⁻ᶻ)", "σ′(z) = σ(z) · (1 − σ(z))", "−6", "0,25"],
    );
    // Un trait plein et des tirets, chacun deux fois : la courbe et son échantillon.
    let svg = figure.svg().unwrap();
    let dashed = svg.matches("stroke-dasharray").count();
    assert!(svg.matches("stroke=\"#0072B2\"").count() == 2 && dashed == 2, "{svg}");
}

#[test]
fn le_schema_nomme_chaque_tableau_et_sa_forme() {
    let figure = network_diagram(3, 4, 1);
    assert_labels(&figure, &["entrée", "couche cachée", "sortie", "x₁", "x₃"]);
    assert_labels(&figure, &["x (m, 3)", "layer1 (m, 4)", "ŷ (m, 1)"]);
    assert_labels(&figure, &["W1 (3, 4)", "b1 (4)", "W2 (4, 1)", "b2 (1)"]);
    // 3 · 4 + 4 · 1 liens, un par poids.
    let svg = figure.svg().unwrap();
    assert_eq!(
        svg.matches(">σ<").count(),
        5,
        "chaque neurone applique σ, celui de la sortie aussi"
    );
    let links = svg.split("stroke=\"#8A8A8A\"").skip(1);
    let drawn = links.map(|link| link.split("/>").next().unwrap().matches('M').count());
    assert_eq!(drawn.sum::<usize>(), 16);
}

#[test]
fn une_longue_colonne_est_abregee() {
    assert_labels(&network_diagram(784, 128, 10), &["x₁", "⋮", "x₇₈₄", "ŷ (m, 10)"]);
    assert!(!network_diagram(8, 8, 8).svg().unwrap().contains('⋮'));
    network_diagram(usize::MAX, usize::MAX, usize::MAX).png().unwrap();
}

#[test]
fn les_poids_sont_ecrits_dans_leurs_cases() {
    let labels = ["W1 (3, 4)", "b1 (4)", "W2 (4, 1)", "b2 (1)", "11,56", "−6,82", "0,00"];
    assert_labels(&weights(&trained().0), &labels);
}

#[test]
fn de_grands_poids_se_dessinent_sans_nombres() {
    let mut rng = NumpyRng::seed(1);
    let (x, y) = (Array2::ones((1, 784)), Array2::zeros((1, 10)));
    let network = NeuralNetwork::with_hidden(x, y, 300, &mut rng).unwrap();
    let svg = weights(&network).svg().unwrap();
    assert!(svg.contains("W1 (784, 300)") && svg.len() < 12_000, "{} octets", svg.len());
    assert!(svg.matches("<text").count() < 12);
}

#[test]
fn les_predictions_ont_leur_legende_et_leur_limite() {
    let network = trained().0;
    let figure = predictions(&network.y, &network.output);
    assert_labels(&figure, &["attendue y", "prédite ŷ", "limite 0,5", "exemple", "1", "4"]);
    let many = Array2::from_elem((50_000, 12), 0.5);
    let svg = predictions(&many, &many).svg().unwrap();
    assert!(svg.contains("10 premières sorties sur 12") && svg.len() < 16_000);
}

#[test]
fn plusieurs_pertes_ont_chacune_leur_nom_et_leur_trait() {
    let (falling, stuck) = (trained().1, vec![1.0; 700]);
    let curves = [("taux 1", &falling[..]), ("bloquée", &stuck)];
    let figure = loss_curves(&curves);
    assert_labels(&figure, &["taux 1", "bloquée", "perte Σ (y − ŷ)²", "pas", "1500"]);
    let alt = figure.alt().replace(NBSP, " ");
    assert!(alt.contains("« taux 1 », 1500 pas, de 1,2981 à 0,0028"), "{alt}");
    assert!(alt.contains("« bloquée », 700 pas, de 1 à 1"), "{alt}");

    let long = "une étiquette bien trop longue pour une légende";
    let six = loss_curves(&[(long, &stuck[..]); 6]);
    let svg = six.svg().unwrap();
    assert_eq!(svg.matches(">une étiquette bien trop longu…<").count(), 6);
    loss_curves(&[("un <texte> & un\nretour\0", &[0.5][..])]).png().unwrap();
}

#[test]
fn un_histogramme_choisit_son_echelle() {
    let spread: Vec<f64> =
        (0..1000).map(|i| 10f64.powf(f64::from(i) / 333.0 - 3.0)).collect();
    let figure = histogram(&spread, "perte finale");
    let axis = "perte finale (échelle logarithmique)";
    assert_labels(&figure, &[axis, "0,001", "0,01", "0,1", "1", "nombre"]);
    let alt = figure.alt().replace(NBSP, " ");
    assert!(alt.contains("1000 valeurs (perte finale), échelle logarithmique"), "{alt}");
    assert!(alt.contains("minimum 0,001, médiane 0,0316, maximum 1"), "{alt}");

    let close = histogram(&[1.0, 2.0, 4.0, 3.0], "note");
    assert_labels(&close, &["note", "médiane 2,5"]);
    assert!(!close.svg().unwrap().contains("logarithmique"));
}

#[test]
fn le_produit_montre_les_formes_et_ce_qui_disparait() {
    let figure = matrix_product(("x", 4, 3), ("W1", 3, 4));
    assert_labels(
        &figure,
        &["x (4, 3)", "W1 (3, 4)", "x · W1 (4, 4)", "Le produit x · W1, et ses formes"],
    );
    assert!(figure.alt().contains("donne x · W1 de forme (4, 4)"), "{}", figure.alt());
    let large = matrix_product(("x", 60_000, 784), ("W1", 784, 128));
    assert_labels(&large, &["x (60000, 784)", "⋮", "⋯", "x · W1 (60000, 128)"]);
    matrix_product(("x", usize::MAX, usize::MAX), ("W", usize::MAX, 1)).png().unwrap();
}

#[test]
fn le_v_se_lit_sur_deux_echelles_logarithmiques() {
    let v: Vec<_> =
        (1..=15).map(|k| 10f64.powi(-k)).map(|h| (h, h * h + 1e-16 / h)).collect();
    let figure = gradient_errors(&[("des deux côtés", &v)]);
    assert!(figure.alt().contains("au plus bas 1,01\u{a0}× 10⁻¹⁰"), "{}", figure.alt());
    let svg = figure.svg().unwrap();
    assert!(svg.contains("10⁻¹⁵") && svg.contains("des deux côtés"));
    // Une erreur nulle n'a pas de logarithme : elle se dessine tout en bas.
    assert!(gradient_errors(&[("nulle", &[(0.1, 0.0)])]).refusal().is_none());
}

#[test]
fn une_courbe_d_erreurs_impossible_est_refusee() {
    let refused = |curves: &[(&str, &[(f64, f64)])]| {
        gradient_errors(curves).refusal().unwrap().to_string()
    };
    assert!(refused(&[]).contains("de 1 à 3"));
    assert!(refused(&[("a", &[])]).contains("« a » est vide"));
    assert!(refused(&[("a", &[(1.0, 0.5), (0.0, 0.5)])]).contains("au rang 1"));
    assert!(refused(&[("a", &[(1.0, f64::NAN)])]).contains("NaN"));
}

#[test]
fn la_tangente_ecrit_sa_pente() {
    let figure = slope_of_sigmoid();
    assert_labels(
        &figure,
        &["pente 0,2", "z", "σ(z)", "quand on avance de 1, la tangente monte de 0,2"],
    );
    assert!(
        figure
            .alt()
            .replace(NBSP, " ")
            .contains("au point (1 ; 0,7311) : pente 0,2, donc elle monte")
    );
    let falling = tangent(&[(0.0, 1.0), (1.0, 0.5)], (0.2, 0.9), -0.424, ("w", "L"));
    assert_labels(&falling, &["pente −0,42"]);
    for slope in [0.0, 1e14, -1e14, 1e-200] {
        let figure = tangent(&[(0.0, 0.0), (1.0, 0.0)], (5.0, -3.0), slope, ("w", "L"));
        assert!(!figure.svg().unwrap().contains("NaN"));
    }
    let large = tangent(&[(0.0, 0.0), (1.0, 3e9)], (0.0, 0.0), 3e9, ("w", "L"));
    assert_labels(&large, &["L (×\u{a0}10⁹)", "3"]);
}

#[test]
fn le_graphe_porte_valeurs_et_gradients() {
    let figure = computation_graph(&neuron());
    assert_labels(&figure, &["x · w", "0,6457", "← −0,5087", "L = (y − a)²", "← 1", "0,9"]);
    let alt = figure.alt().replace(NBSP, " ");
    assert!(
        alt.contains("8 nœuds")
            && alt.contains("z = 0,6, calculé de x · w et b, gradient −0,1164"),
        "{alt}"
    );
    let chain = |n: usize| -> Vec<GraphNode> {
        let before = |i: usize| if i == 0 { vec![] } else { vec![i - 1] };
        (0..n).map(|i| GraphNode::new("étape", 1e300, Some(-1e-300), &before(i))).collect()
    };
    computation_graph(&chain(12)).png().unwrap();
    assert!(message(computation_graph(&chain(13))).contains("13 nœuds"));
    let wide: Vec<_> = (0..12).map(|_| GraphNode::new("x", 1.0, Some(1.0), &[])).collect();
    assert!(message(computation_graph(&wide)).contains("ne tiendrait pas lisiblement"));
}

#[test]
fn la_descente_montre_son_depart_son_arrivee_et_son_echelle() {
    let figure = bowl();
    assert_labels(
        &figure,
        &["w1", "w2", "perte", "11\u{a0}pas", "départ", "arrivée", "0", "6"],
    );
    let alt = figure.alt().replace(NBSP, " ");
    assert!(alt.contains("de 0, au plus bas en (0 ; 0), à 7"), "{alt}");
    assert!(alt.contains("part de (1,5 ; −0,8) (perte 4,1733 environ)"), "{alt}");

    // Un seul point : un paysage et une place, sans départ ni arrivée.
    let here = descent(
        &Array2::from_elem((2, 2), 0.3),
        (0.0, 1.0),
        (0.0, 1.0),
        &[(0.5, 0.5)],
        ("a", "b"),
    );
    assert_labels(&here, &["Le paysage de la perte", "vous êtes ici"]);
    assert!(
        !here.svg().unwrap().contains("arrivée") && here.alt().contains("place actuelle")
    );

    let flat = Array2::from_elem((1000, 2), 0.3);
    let far = [(0.5, 0.5), (9e14, -9e14), (0.1, 0.1)];
    let outside = descent(&flat, (0.0, 1.0), (0.0, 1.0), &far, ("a", "b"));
    assert!(outside.alt().contains("Une partie du chemin sort de la carte."));
    let rough =
        Array2::from_shape_fn(
            (2, 3),
            |(i, j)| if (i + j) % 2 == 0 { f64::MAX } else { -f64::MAX },
        );
    for loss in [flat, rough] {
        let figure = descent(&loss, (0.0, 1.0), (0.0, 1.0), &far[..1], ("a", "b"));
        assert!(!figure.svg().unwrap().contains("NaN"));
    }
}

#[test]
fn les_reponses_des_neurones_sont_ecrites() {
    let figure = hidden_layers();
    assert_labels(
        &figure,
        &["avant", "après", "0 0 1", "1 1 1", "neurone", "0,75", "1,00", "0,5"],
    );
    assert!(
        figure.alt().contains("avant, 4\u{a0}neurones, de 0,7500 à 0,7500"),
        "{}",
        figure.alt()
    );
    let many = Array2::from_elem((10_000, 300), -1e300);
    let svg = activations(&vec!["exemple"; 10_000], &[("couche", &many)]).svg().unwrap();
    assert!(
        svg.contains("la plus forte de son bloc") && svg.len() < 12_000,
        "{}",
        svg.len()
    );
}

#[test]
fn une_image_reste_legere() {
    for figure in usual_figures() {
        let png = figure.png().unwrap();
        assert!(png.len() < 40_000, "{} octets : {}", png.len(), figure.alt());
    }
}

#[test]
fn le_png_montre_des_traits_et_du_texte() {
    for figure in usual_figures() {
        let image = decoded(&figure);
        assert!(image.width() == 1440 && (240..=840).contains(&image.height()));
        let mut colors: Vec<_> = image.pixels().map(|pixel| pixel.0).collect();
        colors.sort_unstable();
        colors.dedup();
        assert!((30..=256).contains(&colors.len()), "{} couleurs", colors.len());
        // Le titre est entre 14 et 34 points ; au-dessus, il n'y a rien.
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
    for (first, second) in usual_figures().iter().zip(&usual_figures()) {
        assert_eq!(first.svg().unwrap(), second.svg().unwrap());
        assert!(first.png().unwrap() == second.png().unwrap());
    }
}

#[test]
fn une_figure_se_dessine_sur_toute_surface() {
    use plotters::drawing::IntoDrawingArea;
    use plotters_bitmap::BitMapBackend;
    let figure = network_diagram(3, 4, 1);
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
    assert!(
        diverged.contains("NaN au rang 1") && diverged.contains("divergé"),
        "{diverged}"
    );
    assert!(message(loss_curve(&[f64::INFINITY])).contains("inf au rang 0"));

    assert!(message(network_diagram(0, 4, 1)).contains("`inputs` vaut 0"));
    assert!(network_diagram(3, 0, 1).refusal() == Some(&Error::Network(NoHiddenUnits)));
    assert!(message(network_diagram(3, 4, 0)).contains("`outputs` vaut 0"));

    let y = arr2(&[[0.0], [1.0]]);
    let other = predictions(&y, &arr2(&[[0.0]]));
    assert!(message(other).contains("`y` est de forme (2, 1) et `y_hat` de forme (1, 1)"));
    let empty = Array2::zeros((0, 1));
    assert!(matches!(
        predictions(&empty, &empty).refusal(),
        Some(Error::Network(Empty { array: "y", .. }))
    ));
    let nan = arr2(&[[0.0], [f64::NAN]]);
    assert!(matches!(
        predictions(&y, &nan).refusal(),
        Some(Error::Network(NotFinite { row: 1, .. }))
    ));

    let mut network = trained().0;
    network.biases1[2] = f64::NEG_INFINITY;
    assert!(matches!(
        weights(&network).refusal(),
        Some(Error::Network(NotFinite { array: "biases1", row: 0, column: 2, .. }))
    ));
    network.weights2 = Array2::zeros((0, 0));
    network.biases1[2] = 0.0;
    assert!(matches!(
        weights(&network).refusal(),
        Some(Error::Network(Empty { array: "weights2", .. }))
    ));
}

#[test]
fn les_figures_des_chapitres_refusent_en_francais() {
    let nan = f64::NAN;
    assert!(
        message(loss_curves(&[]))
            .contains("`curves` compte 0 courbe : il en faut de 1 à 6")
    );
    assert!(message(loss_curves(&[("a", &[1.0][..]); 7])).contains("7 courbes"));
    assert!(message(loss_curves(&[("a", &[][..])])).contains("la courbe « a » est vide"));
    assert!(message(loss_curves(&[("a", &[nan][..])])).contains("NaN au rang 0"));

    assert!(message(histogram(&[], "perte")).contains("`values` est vide"));
    assert!(message(histogram(&[1.0, nan], "perte")).contains("NaN au rang 1"));

    let unequal = message(matrix_product(("x", 4, 3), ("W1", 4, 3)));
    assert!(
        unequal.contains("à gauche (3)") && unequal.contains("à droite (4)"),
        "{unequal}"
    );
    assert!(message(matrix_product(("x", 0, 3), ("W1", 3, 4))).contains("(0, 3)"));

    let curve = [(0.0, 0.0), (1.0, 1.0)];
    assert!(
        message(tangent(&curve[..1], (0.0, 0.0), 1.0, ("", ""))).contains("au moins deux")
    );
    assert!(
        message(tangent(&curve, (0.0, nan), 1.0, ("", "")))
            .contains("`at` contient (0, NaN)")
    );
    assert!(
        message(tangent(&curve, (0.0, 0.0), f64::INFINITY, ("", ""))).contains("`slope`")
    );

    assert!(message(computation_graph(&[])).contains("`nodes` est vide"));
    let ahead = [GraphNode::new("z", 1.0, None, &[0])];
    assert!(
        message(computation_graph(&ahead))
            .contains("ne peut venir que de nœuds qui le précèdent")
    );
    let bad = [GraphNode::new("z", 1.0, Some(nan), &[])];
    assert!(message(computation_graph(&bad)).contains("« z », de rang 0"));

    let (loss, unit, at) = (Array2::zeros((3, 3)), (0.0, 1.0), [(0.5, 0.5)]);
    let map = |loss: &Array2<f64>, x, path: &[(f64, f64)]| {
        message(descent(loss, x, unit, path, ("a", "b")))
    };
    assert!(map(&Array2::zeros((0, 3)), unit, &at).contains("`loss` est vide"));
    assert!(
        map(&Array2::zeros((1, 3)), unit, &at).contains("deux lignes et deux colonnes")
    );
    assert!(map(&Array2::from_elem((3, 3), nan), unit, &at).contains("NaN à la ligne 0"));
    assert!(map(&loss, (1.0, 0.0), &at).contains("`x_range` va de 1 à 0"));
    assert!(map(&loss, unit, &[]).contains("`path` est vide"));
    assert!(map(&loss, unit, &[(nan, 0.0)]).contains("`path` contient"));

    assert!(message(activations(&["a"], &[])).contains("`panels` en compte 0"));
    let short = message(activations(&["a"], &[("avant", &loss)]));
    assert!(short.contains("`rows` compte 1 nom et « avant » 3 lignes"), "{short}");
    assert!(
        message(activations(&[], &[("avant", &Array2::zeros((0, 0)))]))
            .contains("est vide")
    );
}

#[test]
fn des_pertes_extremes_se_dessinent() {
    let decay = |i: u32| 1e4 / (1.0 + f64::from(i) / 1e6);
    let millions: Vec<f64> = (0..10_000_000).map(decay).collect();
    let svg = loss_curve(&millions).svg().unwrap();
    assert!(
        svg.contains("pas (en millions)") && svg.len() < 12_000,
        "{} octets",
        svg.len()
    );

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
        let figure = loss_curve(losses);
        let svg = figure.svg().unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{losses:?}");
        assert!(dark_pixels(&decoded(&figure), 340..380) > 100);
    }
    assert_labels(&loss_curve(&[1e300, 1.0]), &["perte Σ (y − ŷ)² (×\u{a0}10³⁰⁰)"]);
}

#[test]
fn des_predictions_et_des_poids_extremes_se_dessinent() {
    let y = arr2(&[[f64::MAX], [0.0]]);
    let figure = predictions(&y, &-&y);
    assert!(!figure.svg().unwrap().contains("NaN"));
    figure.png().unwrap();
    let mut network = trained().0;
    for value in [0.0, 1e-300, f64::MAX] {
        network.weights1.fill(value);
        network.weights2.fill(-value);
        assert!(!weights(&network).svg().unwrap().contains("NaN"));
    }
}

#[test]
fn des_nombres_extremes_ont_leur_histogramme() {
    let (max, tiny) = (f64::MAX, f64::from_bits(1));
    let spread =
        [&[0.0][..], &[1e-300], &[max, -max], &[tiny, max], &[0.3; 9], &[1e9, 1e9 + 1.0]];
    for values in spread {
        let figure = histogram(values, "valeur");
        let svg = figure.svg().unwrap();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{values:?}");
        figure.png().unwrap();
    }
    let many: Vec<f64> = (0..3_000_000).map(|i| f64::from(i % 7)).collect();
    assert!(histogram(&many, "jour").svg().unwrap().contains("nombre (×\u{a0}10⁵)"));
}

#[test]
fn une_courbe_par_epoque_nomme_ses_axes() {
    let figure = epoch_curves(&[("lots de 10", &[0.5, 0.2, 0.1]), ("un", &[0.4])]);
    let alt = figure.alt();
    assert!(alt.contains("3 époques, de 0,5") && alt.contains("1 époque, de 0,4"), "{alt}");
    let svg = figure.svg().unwrap();
    assert!(svg.contains(">époques<") && !svg.contains("ŷ"), "{svg}");
}

#[test]
fn une_figure_que_le_noyau_montre_en_texte_dit_comment_la_voir() {
    let figure = nn_plot::network_diagram(3, 4, 1);
    let shown = format!("{figure:?}");
    // Le livre reconnaît ce début, et refuse la cellule (book/atelier/src/outputs.rs).
    assert!(shown.starts_with(&format!("Figure : {}", figure.alt())), "{shown}");
    assert!(shown.contains("sans passer par un nom"), "{shown}");
}
