//! Les figures sont légères, bien formées, lisibles dans chaque thème du livre ; rien n'y est coupé.

#[path = "commun/figures.rs"]
mod figures;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, ScaleFont};
use figures::every_figure;
use nn_plot::{Figure, loss_curve, loss_curves, network_diagram, predictions};
use regex::Regex;
use roxmltree::{Document, Node};

const FONT: &[u8] = include_bytes!("../src/plot/fonts/DejaVuSans-subset.ttf");
const CSS: &str = include_str!("../book/theme/figures.css");
const BODY: f64 = 15.5;
/// La page donne au moins cette largeur à une figure ; plus étroite, son cadre défile.
const NARROWEST: f64 = 560.0;

static FIGURES: LazyLock<Vec<Figure>> = LazyLock::new(every_figure);

fn svgs() -> Vec<String> {
    FIGURES.iter().map(|figure| figure.svg().unwrap()).collect()
}

/// Un attribut, pris de l'élément ou de ce qui le contient.
fn inherited<'a>(node: Node<'a, 'a>, name: &str) -> Option<&'a str> {
    node.ancestors().find_map(|node| node.attribute(name))
}

fn length(node: Node, name: &str) -> f64 {
    node.attribute(name).map_or(0.0, |value| value.parse().unwrap())
}

/// Un texte dessiné : ses lettres, et la place qu'il prend dans la police des images.
struct Label {
    text: String,
    size: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn labels(document: &Document) -> Vec<Label> {
    let font = FontRef::try_from_slice(FONT).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts
        .map(|node| {
            let node = document.get_node(node.id()).unwrap();
            let text = node.text().unwrap_or_default().to_string();
            let size: f64 = node
                .ancestors()
                .find_map(|node| node.attribute("font-size"))
                .map_or(BODY, |size| size.parse().unwrap());
            let scale = size as f32 * font.height_unscaled() / font.units_per_em().unwrap();
            let font = font.as_scaled(scale);
            let width: f32 = text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum();
            let anchor = node.ancestors().find_map(|node| node.attribute("text-anchor"));
            let before = match anchor {
                Some("middle") => 0.5,
                Some("end") => 1.0,
                _ => 0.0,
            };
            let left = length(node, "x") - before * f64::from(width);
            let base = length(node, "y");
            let right = left + f64::from(width);
            // Des chiffres et des capitales ; les accents et les jambages débordent un peu.
            let (top, bottom) = (base - 0.73 * size, base + 0.05 * size);
            Label { text, size, left, right, top, bottom }
        })
        .collect()
}

#[test]
fn un_svg_est_bien_forme_et_leger() {
    for svg in svgs() {
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let alt = root.attribute("aria-label").unwrap();
        assert!(alt.chars().count() > 40 && alt.ends_with('.'), "{alt}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{alt}");
        assert!(svg.len() <= 12 * 1024 || alt.starts_with("200"), "{} : {alt}", svg.len());
        let alone = document.descendants().filter(|node| {
            node.attribute("class").is_some_and(|class| class == "titre" || class == "fond")
        });
        assert_eq!(alone.count(), 2);
    }
}

#[test]
fn aucun_texte_n_est_plus_petit_que_douze_points_sur_la_page() {
    let least = Regex::new(r"min-width: (\d+)px").unwrap();
    assert_eq!(least.captures(CSS).unwrap()[1].parse::<f64>().unwrap(), NARROWEST);
    for svg in svgs() {
        let document = Document::parse(&svg).unwrap();
        let wide = length(document.root_element(), "width");
        for label in labels(&document) {
            assert!(label.size * NARROWEST / wide >= 12.0, "{}", label.text);
        }
    }
}

#[test]
fn aucun_texte_n_est_coupe_ni_recouvert() {
    for svg in svgs() {
        let document = Document::parse(&svg).unwrap();
        let root = document.root_element();
        let alt = root.attribute("aria-label").unwrap();
        let (wide, high) = (length(root, "width"), length(root, "height"));
        let labels = labels(&document);
        for (i, a) in labels.iter().enumerate() {
            let inside =
                a.left >= 0.0 && a.right <= wide && a.top >= 0.0 && a.bottom + 2.0 <= high;
            assert!(inside, "« {} » sort de la figure : {alt}", a.text);
            for b in &labels[i + 1..] {
                // Les morceaux d'une même phrase se suivent, à un arrondi près.
                let apart = a.right <= b.left + 0.2
                    || b.right <= a.left + 0.2
                    || a.bottom <= b.top
                    || b.bottom <= a.top;
                assert!(apart, "« {} » touche « {} » : {alt}", a.text, b.text);
            }
        }
    }
}

/// Les valeurs que `figures.css` donne aux couleurs, pour chaque thème.
fn themes() -> BTreeMap<&'static str, BTreeMap<String, [f64; 3]>> {
    // Les fonds des cinq thèmes de mdBook (`--bg` de son `variables.css`).
    let grounds = [
        ("light", "#ffffff"),
        ("rust", "#e1e1db"),
        ("coal", "#131516"),
        ("navy", "#161923"),
        ("ayu", "#0f141a"),
    ];
    let screen = CSS.split("@media (forced-colors").next().unwrap();
    let block = Regex::new(r"((?:\.[a-z]+,?\s*)+)\{([^}]*)\}").unwrap();
    let value = Regex::new(r"--figure-([0-9A-F]{6}): ([^;]+);").unwrap();
    let roles: BTreeSet<_> =
        value.captures_iter(screen).map(|found| found[1].to_string()).collect();
    grounds
        .into_iter()
        .map(|(theme, ground)| {
            // Sans autre valeur, la couleur écrite dans le SVG.
            let mut colors: BTreeMap<_, _> =
                roles.iter().map(|role| (role.clone(), rgb(&format!("#{role}")))).collect();
            let name = format!(".{theme}");
            for found in block.captures_iter(screen) {
                if !found[1].split([',', ' ', '\n']).any(|selector| selector == name) {
                    continue;
                }
                for (_, [role, color]) in
                    value.captures_iter(&found[2]).map(|c| c.extract())
                {
                    let color = if color == "var(--bg)" { ground } else { color };
                    colors.insert(role.into(), rgb(color));
                }
            }
            assert_eq!(colors["FFFFFF"], rgb(ground), "{theme}");
            (theme, colors)
        })
        .collect()
}

fn rgb(color: &str) -> [f64; 3] {
    let hex = color.strip_prefix('#').unwrap_or_else(|| panic!("{color}"));
    [0, 2, 4].map(|i| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0)
}

/// Le rapport de contraste de WCAG 2.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |color: [f64; 3]| {
        let [r, g, b] = color.map(|c| {
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Les couleurs de rôle d'une figure, et ce qu'elles y font.
fn roles(svg: &str) -> BTreeSet<(String, &'static str)> {
    let document = Document::parse(svg).unwrap();
    let mut found = BTreeSet::new();
    for node in document.descendants().filter(Node::is_element) {
        let node = document.get_node(node.id()).unwrap();
        for name in ["fill", "stroke"] {
            let drawn = ["text", "path", "rect"].contains(&node.tag_name().name());
            let Some(color) = inherited_owned(node, name).filter(|_| drawn) else {
                continue;
            };
            let Some(role) = color.strip_prefix('#') else { continue };
            let round = inherited_owned(node, "stroke-linecap").is_some();
            let part = match (node.tag_name().name(), name) {
                ("text", "fill") => "texte",
                (_, "stroke") if !round => "trait",
                _ => "aplat",
            };
            found.insert((role.to_string(), part));
        }
    }
    found
}

fn inherited_owned(node: Node, name: &str) -> Option<String> {
    node.ancestors().find_map(|node| node.attribute(name)).map(String::from)
}

#[test]
fn chaque_couleur_a_sa_valeur_dans_chaque_theme() {
    let used: BTreeSet<String> =
        svgs().iter().flat_map(|svg| roles(svg)).map(|(role, _)| role).collect();
    assert!(used.len() > 15, "{used:?}");
    let value = Regex::new(r"--figure-([0-9A-F]{6}): ").unwrap();
    // rust, puis les trois thèmes foncés, puis le contraste forcé.
    let blocks: Vec<BTreeSet<String>> = CSS
        .split('{')
        .map(|block| value.captures_iter(block).map(|c| c[1].to_string()).collect())
        .filter(|roles: &BTreeSet<String>| !roles.is_empty())
        .collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let missing: Vec<_> = used.difference(&block).collect();
        assert!(missing.is_empty(), "figures.css ne dit rien de {missing:?}");
    }
}

#[test]
fn textes_et_traits_contrastent_avec_le_fond_des_cinq_themes() {
    // Les lignes de repère sont un décor ; tout le reste doit se voir.
    let grid = "E2E2E2";
    let fills = ["DCEBF6", "DDF2EC", "FBE9DC"];
    let used: BTreeSet<_> = svgs().iter().flat_map(|svg| roles(svg)).collect();
    for (theme, colors) in themes() {
        let paper = colors["FFFFFF"];
        for (role, part) in &used {
            let least = match *part {
                "texte" => 4.5,
                "trait" if role != grid => 3.0,
                _ => continue,
            };
            let found = contrast(colors[role], paper);
            assert!(found >= least, "{theme} : {part} #{role}, {found:.2} sur le fond");
        }
        // L'encre des neurones, le gradient d'un nœud, sur leur aplat.
        for (ink, fill) in
            fills.map(|fill| ("222222", fill)).iter().chain(&[("A54800", "FBE9DC")])
        {
            let found = contrast(colors[*ink], colors[*fill]);
            assert!(found >= 4.5, "{theme} : #{ink} sur #{fill}, {found:.2}");
        }
    }
}

#[test]
fn six_courbes_se_distinguent_aussi_en_gris() {
    let six: Vec<Vec<f64>> = (1..=6).map(|k| vec![f64::from(k); 300]).collect();
    let curves: Vec<_> = six.iter().map(|losses| ("courbe", &losses[..])).collect();
    let svg = loss_curves(&curves).svg().unwrap();
    let document = Document::parse(&svg).unwrap();
    let colors = ["#0072B2", "#D55E00", "#009E73", "#222222", "#BF6496", "#B47D00"];
    let traced = colors.map(|color| {
        let drawn: Vec<_> = document
            .descendants()
            .filter(|node| {
                let node = document.get_node(node.id()).unwrap();
                node.has_tag_name("path")
                    && (inherited(node, "stroke") == Some(color)
                        || inherited(node, "fill") == Some(color))
            })
            .collect();
        let find = |name| {
            drawn.iter().find_map(|node| {
                inherited_owned(document.get_node(node.id()).unwrap(), name)
            })
        };
        let diamonds =
            drawn.iter().any(|node| node.attribute("d").is_some_and(|d| d.ends_with('z')));
        (find("stroke-dasharray"), find("stroke-linecap"), diamonds)
    });
    let distinct: BTreeSet<_> = traced.iter().cloned().collect();
    assert_eq!(distinct.len(), 6, "{traced:?}");
}

#[test]
fn les_nombres_sont_ecrits_a_la_francaise() {
    let point = Regex::new(r"\d\.\d|-\d").unwrap();
    for figure in FIGURES.iter() {
        let svg = figure.svg().unwrap();
        let document = Document::parse(&svg).unwrap();
        for label in labels(&document) {
            assert!(!point.is_match(&label.text), "{}", label.text);
        }
        let csv = figure.table().csv();
        assert!(!point.is_match(&csv) && !point.is_match(figure.alt()), "{csv}");
    }
}

#[test]
fn chaque_figure_donne_ses_nombres() {
    for figure in FIGURES.iter() {
        let table = figure.table();
        let (columns, rows) = (table.header().len(), table.rows().len());
        assert!(
            columns >= 2 && (1..=40).contains(&rows),
            "{columns} × {rows} : {}",
            figure.alt()
        );
        assert!(!table.caption().is_empty());
        assert!(table.rows().iter().all(|row| row.len() == columns && !row[0].is_empty()));
    }
}

fn lines(figure: &Figure) -> Vec<String> {
    figure.table().csv().replace('\u{202f}', " ").lines().map(String::from).collect()
}

#[test]
fn une_longue_suite_donne_un_point_sur_tant() {
    let losses: Vec<f64> = (1..=1500).map(|i| 1.0 / f64::from(i)).collect();
    let table = lines(&loss_curve(&losses));
    assert_eq!(table[0], "La perte, un pas sur 100");
    assert_eq!(table[1..4], ["pas;perte", "1;1", "100;0,0100"]);
    assert!(table.last().unwrap().starts_with("1500;") && table.len() == 18, "{table:?}");

    let short = [0.5, 0.25];
    let table = lines(&loss_curves(&[("a ; b", &losses[..30]), ("court", &short[..])]));
    assert_eq!(table[1], "pas;\"a ; b\";court");
    assert_eq!(table[2], "1;1;0,5000");
    assert!(table.last().unwrap().ends_with(';'), "{table:?}");
}

#[test]
fn un_schema_et_des_reponses_donnent_leurs_nombres() {
    let table = lines(&network_diagram(3, 4, 1));
    assert!(table.contains(&"W1;poids;(3, 4);12".into()), "{table:?}");
    let y = nn_core::ndarray::arr2(&[[0.0], [1.0]]);
    let table = lines(&predictions(&y, &y.mapv(|v| 0.25 + v / 2.0)));
    assert_eq!(table[1], "exemple;attendue y;prédite ŷ;écart ŷ − y");
    assert_eq!(table[2..], ["1;0;0,2500;0,2500", "2;1;0,7500;−0,2500"]);
}
