//! Ce que le réseau répond partout dans le plan, et les exemples posés dessus.

use std::fmt::Display;

use ndarray::{Array2, ArrayView1};
use plotters::style::RGBColor;

use crate::chart::{BOTTOM, Chart, LEFT, Mark, Series};
use crate::curves::check;
use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{Axis, counted, fixed};
use crate::palette::{Color, MAP_BLUE, MAP_VERMILLION, MAP_ZERO, mix};
use crate::sheet::{Point, Sheet, short};
use crate::table::Table;

/// Les cases de la carte, en largeur et en hauteur.
const CELLS: (usize, usize) = (120, 50);
/// Le plus grand nombre d'exemples dessinés.
const DOTS: usize = 200;
/// La teinte et la forme de chaque classe.
const STYLES: [(RGBColor, Mark); 4] = [
    (MAP_BLUE, Mark::Dot),
    (MAP_VERMILLION, Mark::Diamond(5.5)),
    (RGBColor(0x00, 0x73, 0x5A), Mark::Square(4.0)),
    (RGBColor(0x95, 0x4F, 0x78), Mark::Triangle(4.5)),
];

/// Le plan coloré par la réponse du réseau, et les exemples à leur place.
///
/// `x` est de forme (m, 2) ; `labels` donne la classe de chaque exemple, et `classes` leurs noms,
/// de deux à quatre. `predict` reçoit des points (p, 2) et rend une probabilité par classe, (p, k),
/// ou celle de la seconde classe seule, (p, 1). La couleur est d'autant plus franche que la réponse
/// est sûre. Au-delà de 200 exemples, une partie seulement est dessinée, et la figure le dit.
///
/// # Refus
/// Un tableau vide ou d'une autre forme, un nombre qui n'est pas fini, une classe sans nom ; celles
/// de `predict`.
pub fn decision_boundary<S: AsRef<str>, E: Display>(
    x: &Array2<f64>,
    labels: &[usize],
    classes: &[S],
    predict: impl FnOnce(&Array2<f64>) -> Result<Array2<f64>, E>,
) -> Figure {
    let names: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
    let predict =
        |x: &Array2<f64>| predict(x).map_err(|error| Error::Prediction(error.to_string()));
    drawn(x, labels, &names, Box::new(predict)).unwrap_or_else(Figure::refused)
}

/// Ce que le réseau répond en ces points.
type Predict<'a> = Box<dyn FnOnce(&Array2<f64>) -> Result<Array2<f64>, Error> + 'a>;

/// La même, sans type à choisir : compilée ici une fois, et non dans chaque cellule qui dessine.
fn drawn(
    x: &Array2<f64>,
    labels: &[usize],
    classes: &[&str],
    predict: Predict,
) -> Result<Figure, Error> {
    check("x", x)?;
    let (m, k) = (x.nrows(), classes.len());
    if x.ncols() != 2 || labels.len() != m {
        return Err(Error::Plot(format!(
            "`x` est de forme {:?} et `labels` compte {} : il faut deux nombres et une classe par \
             exemple.",
            x.dim(),
            counted(labels.len(), "classe"),
        )));
    }
    let unnamed = labels.iter().find(|&&label| label >= k);
    if !(2..=STYLES.len()).contains(&k) || unnamed.is_some() {
        return Err(Error::Plot(format!(
            "`classes` compte {}{} : il faut de deux à quatre classes, et un nom pour chacune.",
            counted(k, "nom"),
            unnamed.map_or(String::new(), |label| format!(" et `labels` contient {label}")),
        )));
    }

    let [across, up] = [0, 1].map(|column| {
        let values = x.column(column);
        let low = values.fold(f64::INFINITY, |a, &b| a.min(b));
        let high = values.fold(f64::NEG_INFINITY, |a, &b| a.max(b));
        let blank = 0.08 * (high - low).max(1e-6);
        Axis::exact(low - blank, high + blank, 0.0)
    });
    let center = |axis: &Axis, i: usize, count: usize| {
        axis.low + (i as f64 + 0.5) / count as f64 * (axis.high - axis.low)
    };
    let (wide, high) = CELLS;
    let points = Array2::from_shape_fn((wide * high, 2), |(p, column)| match column {
        0 => center(&across, p % wide, wide),
        _ => center(&up, high - 1 - p / wide, high),
    });
    let answers = predict(&points)?;
    let outputs = if k == 2 { "1 ou 2".into() } else { k.to_string() };
    let fits = answers.ncols() == k || (k == 2 && answers.ncols() == 1);
    if answers.nrows() != wide * high || !fits {
        return Err(Error::Plot(format!(
            "`predict` a reçu {:?} et rendu {:?} : il faut une ligne par point, et {outputs} \
             colonnes.",
            points.dim(),
            answers.dim(),
        )));
    }
    check("predict", &answers)?;
    let regions: Vec<(usize, f64)> = answers.outer_iter().map(answer).collect();
    let cells = Array2::from_shape_fn((high, wide), |(i, j)| {
        let (class, sure) = regions[i * wide + j];
        // De « à peine plus probable » à « certain », en quatre teintes.
        let least = 1.0 / k.max(2) as f64;
        let band = (4.0 * (sure - least) / (1.0 - least)).clamp(0.0, 3.0).floor();
        mix(MAP_ZERO, STYLES[class].0, 0.12 + 0.09 * band)
    });

    let every = m.div_ceil(DOTS);
    let mut chart = Chart::new("Ce que le réseau répond", (across, "x1"), (up, "x2"));
    let mut parts = Vec::new();
    for (class, name) in classes.iter().enumerate() {
        let name = short(name, 24);
        let (color, mark) = STYLES[class];
        let places: Vec<Point> = (0..m)
            .step_by(every)
            .filter(|&i| labels[i] == class)
            .map(|i| (x[[i, 0]], x[[i, 1]]))
            .collect();
        chart.series.push(Series::new(&name, places, mark, Color::Fixed(color)));
        let share = regions.iter().filter(|region| region.0 == class).count() as f64;
        let count = labels.iter().filter(|&&label| label == class).count();
        parts.push((name, count, 100.0 * share / regions.len() as f64));
    }
    if every > 1 {
        chart.x_name += &format!(" (un exemple sur {every} est dessiné)");
    }
    let told: Vec<_> = parts
        .iter()
        .map(|(name, count, share)| {
            format!(
                "« {name} », {} et {} % du plan",
                counted(*count, "exemple"),
                fixed(*share, 0)
            )
        })
        .collect();
    let alt = format!(
        "Le plan coloré par la classe que le réseau répond, et les exemples : {}.",
        told.join(" ; ")
    );
    let mut table = Table::new(
        "La part du plan que le réseau donne à chaque classe",
        &["classe", "exemples", "part du plan (%)"],
    );
    for (name, count, share) in parts {
        table.row(vec![name, fixed(count as f64, 0), fixed(share, 1)]);
    }

    let mut sheet = Sheet::titled(&chart.title);
    chart.axes(&mut sheet);
    sheet.pixels([(LEFT, chart.top()), (chart.right, BOTTOM)], cells);
    chart.marks(&mut sheet);
    Ok(Figure::new(sheet, alt, table))
}

/// La classe répondue, et sa probabilité.
fn answer(row: ArrayView1<f64>) -> (usize, f64) {
    if row.len() == 1 {
        return if row[0] > 0.5 { (1, row[0]) } else { (0, 1.0 - row[0]) };
    }
    row.iter()
        .enumerate()
        .fold((0, row[0]), |best, (j, &p)| if p > best.1 { (j, p) } else { best })
}
