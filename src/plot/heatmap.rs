//! Les poids en couleurs : orange au-dessus de 0, bleu au-dessous, blanc à 0.

use ndarray::{Array2, ArrayView2, Axis as Side};
use nn_core::NeuralNetwork;
use plotters::style::RGBColor;

use crate::curves::check;
use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{Power, counted, fixed, number};
use crate::palette::{Color, GREY, INK, MAP_BLUE, MAP_VERMILLION, MAP_ZERO, mix, text_on};
use crate::sheet::{self, Align, BODY, Point, Sheet, short};
use crate::table::{LINES, Table};

/// Le plus grand nombre de cases d'un côté ; au-delà, une case vaut pour un bloc.
const SIDE: usize = 48;
/// Le plus grand nombre de colonnes de nombres d'un tableau.
const WIDEST: usize = 8;
// La place des cases sur la feuille.
const TOP: f64 = 106.0;
const WIDTH: f64 = 552.0;
const SCALE: f64 = 84.0;
const GAP: f64 = 40.0;

/// Les poids et les biais d'un réseau : W1, b1, W2 et b2, une case par nombre.
///
/// La valeur est écrite dans la case quand il y a la place. Au-delà de 48 lignes ou colonnes,
/// une case montre, de tout un bloc, le poids le plus grand en valeur absolue.
///
/// # Refus
/// Tableau vide, nombre infini ou NaN.
pub fn weights(network: &NeuralNetwork) -> Figure {
    draw_weights(network).unwrap_or_else(Figure::refused)
}

fn draw_weights(network: &NeuralNetwork) -> Result<Figure, Error> {
    let row = |biases: &ndarray::Array1<f64>| biases.clone().insert_axis(Side(0));
    let (biases1, biases2) = (row(&network.biases1), row(&network.biases2));
    let arrays = [
        ("weights1", "W1", &network.weights1),
        ("biases1", "b1", &biases1),
        ("weights2", "W2", &network.weights2),
        ("biases2", "b2", &biases2),
    ];
    let (mut largest, mut parts) = (0.0_f64, Vec::new());
    for (field, name, array) in arrays {
        check(field, array)?;
        let (low, high) =
            array.iter().fold((array[(0, 0)], array[(0, 0)]), |(low, high), &v| {
                (low.min(v), high.max(v))
            });
        largest = largest.max(low.abs()).max(high.abs());
        let name = named(name, array);
        parts.push(if low == high {
            format!("{name}, partout {}", number(low))
        } else {
            format!("{name}, de {} à {}", number(low), number(high))
        });
    }
    let alt = format!(
        "Poids du réseau en couleurs, du bleu (négatif) à l’orange (positif) : {}.",
        parts.join(" ; ")
    );

    let power = Power::of(largest);
    let blocks = arrays.map(|(_, name, array)| {
        (named(name, array), shrink(array).mapv(|value| power.reduce(value)))
    });
    // Des poids tous nuls sont blancs.
    let largest = if largest > 0.0 { power.reduce(largest) } else { 1.0 };
    let color = |value: f64| {
        let end = if value > 0.0 { MAP_VERMILLION } else { MAP_BLUE };
        mix(MAP_ZERO, end, (value.abs() / largest).min(1.0))
    };
    // Les nombres s'écrivent si le plus long tient dans une case.
    let longest = fixed(-largest, 2).chars().count();

    let mut sheet = Sheet::titled("Les poids et les biais du réseau");
    let whole = arrays.iter().all(|(_, _, array)| array.nrows().max(array.ncols()) <= SIDE);
    sheet.subtitle(if whole {
        "une ligne par unité de départ, une colonne par neurone d’arrivée"
    } else {
        "grands tableaux : chaque case montre le poids le plus fort de son bloc"
    });
    let [w1, b1, w2, b2] = &blocks;
    let columns = [w1, w2].map(|(_, cells)| cells.ncols() as f64);
    let rows = w1.1.nrows().max(w2.1.nrows()) as f64;
    // Sous chaque matrice, une ligne pour le biais et l'équivalent d'une autre pour son nom.
    let height = ((398.0 - TOP - 38.0) / (rows + 1.0)).min(42.0);
    let room = WIDTH - GAP;
    let width = (room / (columns[0] + columns[1]))
        .min((room - 100.0) / columns[0].max(columns[1]))
        .min(84.0);
    // Le tout, échelle comprise, au milieu de la feuille.
    let [first, second] = columns.map(|count| (count * width).max(100.0));
    let left = (sheet::WIDTH - first - second - 2.0 * GAP - SCALE) / 2.0;
    let right = left + first + GAP;
    for (x, matrix, biases) in [(left, w1, b1), (right, w2, b2)] {
        let below = TOP + matrix.1.nrows() as f64 * height + 38.0;
        for ((name, cells), y) in [(matrix, TOP), (biases, below)] {
            sheet.text(name, (x, y - 14.0), BODY, INK, Align::Left);
            tiles(&mut sheet, cells, (x, y), (width, height), longest, color);
        }
    }
    let x = right + second + GAP;
    scale(&mut sheet, (x, TOP, 370.0), |share| color(largest * (2.0 * share - 1.0)));
    let decimals = if largest < 100.0 { 2 } else { 0 };
    let (top, bottom) = (TOP + 8.0, 362.0);
    for (label, y) in [
        (fixed(largest, decimals), top),
        ("0".into(), (top + bottom) / 2.0),
        (fixed(-largest, decimals), bottom),
        (power.label().trim().into(), 392.0),
    ] {
        let x = if y > 370.0 { x } else { x + 26.0 };
        sheet.text(&label, (x, y), BODY, INK, Align::Left);
    }
    Ok(Figure::new(sheet, alt, weights_table(&arrays)))
}

/// Les poids en tableau, une ligne par ligne de matrice ; de grands tableaux, leurs extrêmes.
fn weights_table(arrays: &[(&str, &str, &Array2<f64>)]) -> Table {
    let lines: usize = arrays.iter().map(|(_, _, array)| array.nrows()).sum();
    let widest = arrays.iter().map(|(_, _, array)| array.ncols()).max().unwrap_or(0);
    if lines > LINES || widest > WIDEST {
        let header = ["tableau", "forme", "le plus petit", "le plus grand"];
        let mut table = Table::new("Les poids et les biais, en résumé", &header);
        for (_, name, array) in arrays {
            let whole = named(name, array);
            let (name, shape) = whole.split_once(' ').unwrap_or((name, ""));
            let low = array.iter().fold(f64::INFINITY, |low, &v| low.min(v));
            let high = array.iter().fold(f64::NEG_INFINITY, |high, &v| high.max(v));
            table.row(vec![name.into(), shape.into(), number(low), number(high)]);
        }
        return table;
    }
    let neurons: Vec<_> = (1..=widest).map(|j| format!("neurone {j}")).collect();
    let header: Vec<_> =
        ["tableau"].into_iter().chain(neurons.iter().map(|n| &**n)).collect();
    let mut table = Table::new("Les poids et les biais", &header);
    for (_, name, array) in arrays {
        for (i, row) in array.rows().into_iter().enumerate() {
            let label = if name.starts_with('b') {
                name.to_string()
            } else {
                format!("{name}, ligne {}", i + 1)
            };
            table.row([label].into_iter().chain(row.iter().map(|&v| number(v))).collect());
        }
    }
    table
}

/// « W1 (3, 4) » ; un biais n'a qu'une dimension.
fn named(name: &str, array: &Array2<f64>) -> String {
    match array.dim() {
        (_, columns) if name.starts_with('b') => format!("{name} ({columns})"),
        (rows, columns) => format!("{name} ({rows}, {columns})"),
    }
}

/// Au plus [`SIDE`] lignes et colonnes : de chaque bloc, la valeur la plus éloignée de 0.
fn shrink(array: &Array2<f64>) -> Array2<f64> {
    let (rows, columns) = array.dim();
    let (r, c) = (rows.min(SIDE), columns.min(SIDE));
    let furthest = |block: ArrayView2<f64>| {
        block.fold(0.0, |best: f64, &v| if v.abs() > best.abs() { v } else { best })
    };
    let slice = |i: usize, whole: usize, parts: usize| {
        (i * whole / parts..(i + 1) * whole / parts).into()
    };
    Array2::from_shape_fn((r, c), |(i, j)| {
        furthest(
            array
                .slice_axis(Side(0), slice(i, rows, r))
                .slice_axis(Side(1), slice(j, columns, c)),
        )
    })
}

/// Les réponses de neurones, entre 0 (blanc) et 1 (bleu) : un ou deux tableaux côte à côte.
///
/// Chaque tableau porte son nom, par exemple « avant » et « après » ; une ligne par exemple, nommée
/// par `rows`, une colonne par neurone. Une valeur hors de [0 ; 1] prend la couleur du bout.
///
/// # Refus
/// Aucun tableau ou plus de deux, un nombre de lignes qui n'est pas celui des noms, un infini ou un NaN.
pub fn activations(rows: &[&str], panels: &[(&str, &Array2<f64>)]) -> Figure {
    draw_activations(rows, panels).unwrap_or_else(Figure::refused)
}

fn draw_activations(
    rows: &[&str],
    panels: &[(&str, &Array2<f64>)],
) -> Result<Figure, Error> {
    if panels.is_empty() || panels.len() > 2 {
        return Err(Error::Plot(format!(
            "`panels` en compte {} : il en faut un ou deux, par exemple « avant » et « après ».",
            panels.len()
        )));
    }
    let mut parts = Vec::new();
    for (name, array) in panels {
        check("panels", array)?;
        if array.nrows() != rows.len() {
            return Err(Error::Plot(format!(
                "`rows` compte {} et « {} » {} : il faut un nom par ligne.",
                counted(rows.len(), "nom"),
                short(name, 24),
                counted(array.nrows(), "ligne")
            )));
        }
        let low = array.iter().fold(f64::INFINITY, |low, &v| low.min(v));
        let high = array.iter().fold(f64::NEG_INFINITY, |high, &v| high.max(v));
        let (neurons, name) = (counted(array.ncols(), "neurone"), short(name, 24));
        parts.push(format!("{name}, {neurons}, de {} à {}", number(low), number(high)));
    }
    let mut alt = format!(
        "Réponses de neurones pour {}, du blanc (0) au bleu (1) : {}.",
        counted(rows.len(), "exemple"),
        parts.join(" ; ")
    );
    if rows.len() * panels[0].1.ncols() <= 24 {
        for (name, array) in panels {
            let row = |(label, row): (&&str, ndarray::ArrayView1<f64>)| {
                let values: Vec<_> = row.iter().map(|&v| fixed(v, 2)).collect();
                format!("{} : {}", short(label, 16), values.join(" "))
            };
            let lines: Vec<_> = rows.iter().zip(array.rows()).map(row).collect();
            alt += &format!(" {} ({}).", short(name, 24), lines.join(" ; "));
        }
    }

    let mut sheet = Sheet::titled("Les réponses des neurones");
    let cells: Vec<_> = panels.iter().map(|(_, array)| shrink(array)).collect();
    let whole = rows.len() <= SIDE && panels.iter().all(|(_, array)| array.ncols() <= SIDE);
    sheet.subtitle(if whole {
        "une ligne par exemple, une colonne par neurone"
    } else {
        "grands tableaux : chaque case montre la réponse la plus forte de son bloc"
    });
    let height = (234.0 / cells[0].nrows() as f64).min(56.0);
    // Les noms des lignes s'écrivent s'ils ont la place et désignent chacun une ligne.
    let named = height >= 19.0 && whole;
    let names: Vec<_> = rows.iter().map(|name| short(name, 14)).collect();
    let names_width = names.iter().map(|name| sheet::width(name)).fold(0.0, f64::max);
    let margin = if named { names_width + 12.0 } else { 0.0 };
    let total: f64 = cells.iter().map(|cells| cells.ncols() as f64).sum();
    let gaps = GAP * (cells.len() - 1) as f64;
    let width = ((WIDTH - margin - gaps) / total).min(72.0);
    let mut x = (sheet::WIDTH - margin - gaps - total * width - GAP - SCALE) / 2.0 + margin;
    let bottom = TOP + cells[0].nrows() as f64 * height;
    let color = |value: f64| mix(MAP_ZERO, MAP_BLUE, value.clamp(0.0, 1.0));
    for (i, name) in names.iter().enumerate().filter(|_| named) {
        let y = TOP + (i as f64 + 0.5) * height;
        sheet.text(name, (x - 12.0, y), BODY, INK, Align::Right);
    }
    for ((name, _), cells) in panels.iter().zip(&cells) {
        let wide = cells.ncols() as f64 * width;
        let longest = cells.iter().map(|&v| fixed(v, 2).chars().count()).max().unwrap_or(0);
        let most = ((wide + GAP - 12.0) / 10.0).max(2.0) as usize;
        sheet.text(
            &short(name, most),
            (x + wide / 2.0, TOP - 18.0),
            BODY + 1.5,
            INK,
            Align::Center,
        );
        tiles(&mut sheet, cells, (x, TOP), (width, height), longest, color);
        for j in (0..cells.ncols()).filter(|_| width >= 24.0) {
            let at = (x + (j as f64 + 0.5) * width, bottom + 16.0);
            sheet.text(&(j + 1).to_string(), at, BODY, GREY, Align::Center);
        }
        let below = bottom + if width >= 24.0 { 40.0 } else { 18.0 };
        sheet.text("neurone", (x + wide / 2.0, below), BODY, GREY, Align::Center);
        x += wide + GAP;
    }
    scale(&mut sheet, (x, TOP, bottom), color);
    for (label, share) in [("1", 0.0), ("0,5", 0.5), ("0", 1.0)] {
        let y = TOP + 8.0 + share * (bottom - TOP - 16.0);
        sheet.text(label, (x + 26.0, y), BODY, INK, Align::Left);
    }
    Ok(Figure::new(sheet, alt, answers_table(rows, panels)))
}

/// Les réponses en tableau, une ligne par exemple ; de grands tableaux, leurs premiers nombres.
fn answers_table(rows: &[&str], panels: &[(&str, &Array2<f64>)]) -> Table {
    let most = WIDEST / panels.len();
    let mut header = vec!["exemple".to_string()];
    for (name, array) in panels {
        let name = short(name, 24);
        header
            .extend((1..=array.ncols().min(most)).map(|j| format!("{name}, neurone {j}")));
    }
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    let whole =
        rows.len() <= LINES && panels.iter().all(|(_, array)| array.ncols() <= most);
    let caption = if whole {
        "Les réponses des neurones"
    } else {
        "Les premières réponses seulement"
    };
    let mut table = Table::new(caption, &header);
    for (i, row) in rows.iter().enumerate().take(LINES) {
        let values =
            panels.iter().flat_map(|(_, array)| array.row(i).into_iter().take(most));
        table.row([short(row, 24)].into_iter().chain(values.map(|&v| number(v))).collect());
    }
    table
}

/// Les cases d'un tableau, le coin en haut à gauche, la taille d'une case, et le nombre de lettres
/// du plus long de leurs nombres.
fn tiles(
    sheet: &mut Sheet,
    cells: &Array2<f64>,
    (x, y): Point,
    (width, height): Point,
    longest: usize,
    color: impl Fn(f64) -> RGBColor,
) {
    let far = (x + cells.ncols() as f64 * width, y + cells.nrows() as f64 * height);
    sheet.rectangle([(x - 1.0, y - 1.0), (far.0 + 1.0, far.1 + 1.0)], GREY);
    // À 9,4 points par lettre.
    let readable = width >= longest as f64 * 9.4 + 4.0 && height >= 21.0;
    // Un filet sépare les cases assez grandes pour le porter ; les autres se touchent, en une image.
    if width.min(height) <= 12.0 {
        return sheet.pixels([(x, y), far], cells.mapv(color));
    }
    let place = |i: usize, j: usize| (x + j as f64 * width, y + i as f64 * height);
    for ((i, j), &value) in cells.indexed_iter() {
        let (left, top) = place(i, j);
        let corners = [(left + 0.5, top + 0.5), (left + width - 0.5, top + height - 0.5)];
        sheet.rectangle(corners, Color::Fixed(color(value)));
    }
    for ((i, j), &value) in cells.indexed_iter().filter(|_| readable) {
        let (left, top) = place(i, j);
        let (center, ink) =
            ((left + width / 2.0, top + height / 2.0), text_on(color(value)));
        sheet.text(&fixed(value, 2), center, BODY, ink, Align::Center);
    }
}

/// L'échelle des couleurs, large de 18 points : `color` va de 0 (en bas) à 1 (en haut).
pub(crate) fn scale(
    sheet: &mut Sheet,
    (x, top, bottom): (f64, f64, f64),
    color: impl Fn(f64) -> RGBColor,
) {
    sheet.rectangle([(x - 1.0, top - 1.0), (x + 19.0, bottom + 1.0)], GREY);
    let (slices, mut last) = (44, None);
    for i in 0..slices {
        let at = top + (bottom - top) * f64::from(i) / f64::from(slices);
        let shade = color(1.0 - (f64::from(i) + 0.5) / f64::from(slices));
        // Chaque bande descend jusqu'en bas, et la suivante la recouvre : aucun joint ne se voit.
        if last != Some(shade) {
            sheet.rectangle([(x, at), (x + 18.0, bottom)], Color::Fixed(shade));
        }
        last = Some(shade);
    }
}
