//! La perte vue d'en haut, comme une carte, et le chemin de la descente.

use std::collections::BTreeMap;

use ndarray::Array2;
use plotters::style::RGBColor;

use crate::chart::{BOTTOM, Chart, LEFT, Mark, Series};
use crate::curves::check;
use crate::error::Error;
use crate::figure::Figure;
use crate::heatmap::scale;
use crate::numbers::{Axis, Power, brief, fixed, number};
use crate::palette::{Color, GREY, HALO_ON_MAP, INK, INK_ON_MAP, MAP_BLUE, ON_MAP, mix};
use crate::sheet::{Align, BODY, Point, Sheet, short};
use crate::table::{Table, selection};
use crate::tangent::check_points;

/// La carte est lue en tant de colonnes et de lignes, quelle que soit la grille donnée.
const ACROSS: usize = 97;
const UP: usize = 65;

/// La perte selon deux poids, en couleurs (clair : faible), et le chemin `path` de la descente.
///
/// `loss[[i, j]]` est la perte à la i-ième valeur de `y_range` et à la j-ième de `x_range`, prises
/// à intervalles réguliers, bornes comprises. `labels` nomme l'axe des x puis celui des y. Ce qui
/// sort de la carte n'est pas dessiné.
///
/// # Refus
/// Une grille de moins de 2 × 2, une étendue vide, un chemin vide, un infini ou un NaN.
pub fn descent(
    loss: &Array2<f64>,
    x_range: (f64, f64),
    y_range: (f64, f64),
    path: &[(f64, f64)],
    labels: (&str, &str),
) -> Figure {
    draw_descent(loss, x_range, y_range, path, labels).unwrap_or_else(Figure::refused)
}

fn draw_descent(
    loss: &Array2<f64>,
    x_range: (f64, f64),
    y_range: (f64, f64),
    path: &[(f64, f64)],
    labels: (&str, &str),
) -> Result<Figure, Error> {
    check("loss", loss)?;
    if loss.nrows() < 2 || loss.ncols() < 2 {
        return Err(Error::Plot(format!(
            "`loss` est de forme {:?} : il faut au moins deux lignes et deux colonnes pour une carte.",
            loss.dim()
        )));
    }
    check_points("x_range", &[x_range])?;
    check_points("y_range", &[y_range])?;
    check_points("path", path)?;
    for (name, (low, high)) in [("x_range", x_range), ("y_range", y_range)] {
        if high - low < 1e-9 {
            return Err(Error::Plot(format!(
                "`{name}` va de {low} à {high} : la seconde borne doit dépasser la première."
            )));
        }
    }
    let (Some(&start), Some(&end)) = (path.first(), path.last()) else {
        return Err(Error::Plot(
            "`path` est vide : il faut au moins le point de départ.".into(),
        ));
    };

    let names = [short(labels.0, 44), short(labels.1, 60)];
    let [across, up] =
        [x_range, y_range].map(|(low, high)| Power::of(low.abs().max(high.abs())));
    let scaled = |p: Point| (across.reduce(p.0), up.reduce(p.1));
    let axis =
        |(low, high), power: Power| Axis::exact(power.reduce(low), power.reduce(high), 0.0);
    let mut chart = Chart::new(
        if path.len() > 1 { "La descente de gradient" } else { "Le paysage de la perte" },
        (axis(x_range, across), &(names[0].clone() + &across.label())),
        (axis(y_range, up), &(names[1].clone() + &up.label())),
    );
    chart.right = 582.0;
    // Un seul point n'est pas un chemin : c'est là où l'on se trouve.
    chart.series = if path.len() > 1 {
        let steps = format!("{}\u{a0}pas", fixed((path.len() - 1) as f64, 0));
        vec![
            Series::new(&steps, vec![], Mark::Beads, ON_MAP),
            Series::new("départ", vec![], Mark::MapRing, ON_MAP),
            Series::new("arrivée", vec![], Mark::Star(10.0), INK_ON_MAP),
        ]
    } else {
        vec![Series::new("vous êtes ici", vec![], Mark::MapRing, ON_MAP)]
    };

    let power = Power::of(loss.iter().fold(0.0, |a: f64, v| a.max(v.abs())));
    let field = resample(loss, power);
    let (low, high) = field
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), &v| (a.min(v), b.max(v)));
    let levels = Axis::rounded(low, high);
    // Deux teintes par graduation de l'échelle.
    let steps = (2.0 * (levels.high - levels.low) / levels.step).round().max(1.0);
    let color =
        |band: f64| Color::Fixed(shade((band.clamp(0.0, steps - 1.0) + 0.5) / steps));
    let level = |k: usize| levels.low + k as f64 * (levels.high - levels.low) / steps;

    let mut sheet = Sheet::titled(&chart.title);
    chart.axes(&mut sheet);
    let (left, right, top) = (LEFT, chart.right, chart.top());
    // Du plus grand contour au plus petit : chacun peint ce qu'il entoure, et recouvre le précédent.
    let mut contours = Vec::new();
    for k in (1..steps as usize).rev() {
        for points in contour(&field, level(k)) {
            let area: f64 = (0..points.len())
                .map(|i| (points[i], points[(i + 1) % points.len()]))
                .map(|(p, q)| p.0 * q.1 - q.0 * p.1)
                .sum();
            let band = if area > 0.0 { k - 1 } else { k };
            contours.push((area.abs(), band, points));
        }
    }
    contours.sort_by(|a, b| b.0.total_cmp(&a.0));
    let highest = ((high - levels.low) / (levels.high - levels.low) * steps - 1e-9).floor();
    sheet.rectangle([(left, top), (right, BOTTOM)], color(highest));
    for (_, band, points) in &contours {
        let place = |&(x, y): &Point| {
            let (x, y) = (x / (ACROSS - 1) as f64, y / (UP - 1) as f64);
            (left + x * (right - left), BOTTOM - y * (BOTTOM - top))
        };
        let mut points: Vec<Point> = points.iter().map(place).collect();
        sheet.polygon(&points, color(*band as f64));
        points.push(points[0]);
        let edge = mix(color(*band as f64).rgb(), INK_ON_MAP.rgb(), 0.3);
        sheet.line(&points, Color::Fixed(edge), 0.5);
    }
    let frame = [(left, top), (right, top), (right, BOTTOM), (left, BOTTOM), (left, top)];
    sheet.line(&frame, GREY, 1.25);

    chart.marks(&mut sheet);
    let spots: Vec<Point> = path.iter().map(|&p| chart.place(scaled(p))).collect();
    let inside = |p: &Point| (left..=right).contains(&p.0) && (top..=BOTTOM).contains(&p.1);
    let drawn = pieces(&spots, [(left, top), (right, BOTTOM)]);
    for (color, width) in [(HALO_ON_MAP, 5.0), (ON_MAP, 2.25)] {
        drawn.iter().for_each(|piece| sheet.line(piece, color, width));
    }
    let mut last = spots[0];
    for &spot in spots.iter().filter(|spot| inside(spot)) {
        // Plus proches, les points se toucheraient.
        if (spot.0 - last.0).hypot(spot.1 - last.1) > 10.0 {
            sheet.disc(spot, 3.5, ON_MAP);
            last = spot;
        }
    }
    if inside(&spots[0]) {
        sheet.disc(spots[0], 9.5, HALO_ON_MAP);
        sheet.ring(spots[0], 8.0, ON_MAP, HALO_ON_MAP);
    }
    let last = spots[spots.len() - 1];
    if path.len() > 1 && inside(&last) {
        sheet.star(last, 15.0, HALO_ON_MAP);
        sheet.star(last, 11.0, INK_ON_MAP);
    }

    let (x, label) = (right + 30.0, format!("perte{}", power.label()));
    sheet.text(&label, (x - 2.0, top - 24.0), BODY, INK, Align::Left);
    scale(&mut sheet, (x, top, BOTTOM), |share| color((share * steps).floor()).rgb());
    for (value, label) in levels.ticks() {
        let y = BOTTOM - levels.place(value) * (BOTTOM - top);
        sheet.text(&label, (x + 26.0, y), BODY, INK, Align::Left);
    }

    let ((i, j), _) =
        loss.indexed_iter().fold(((0, 0), f64::INFINITY), |best, (at, &v)| {
            if v < best.1 { (at, v) } else { best }
        });
    let along = |(low, high): Point, k: usize, n: usize| {
        low + (high - low) * k as f64 / (n - 1) as f64
    };
    let lowest = (along(x_range, j, loss.ncols()), along(y_range, i, loss.nrows()));
    let point = |(x, y): Point| format!("({} ; {})", brief(x), brief(y));
    let about = |p: Point| {
        let (x, y) = (chart.x.place(across.reduce(p.0)), chart.y.place(up.reduce(p.1)));
        let known = (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
        let value = || brief(read(loss, x, y));
        if known { format!("perte {} environ", value()) } else { "hors de la carte".into() }
    };
    let extreme =
        loss.iter().fold((loss[(i, j)], loss[(i, j)]), |(a, b), &v| (a.min(v), b.max(v)));
    let mut alt = format!(
        "Carte de la perte selon {} et {} : de {}, au plus bas en {}, à {}.",
        names[0],
        names[1],
        brief(extreme.0),
        point(lowest),
        brief(extreme.1),
    );
    alt += &if path.len() > 1 {
        format!(
            " La descente part de {} ({}) et arrive en {} ({}), en {}\u{a0}pas.",
            point(start),
            about(start),
            point(end),
            about(end),
            path.len() - 1
        )
    } else {
        format!(" Un point marque la place actuelle, {} ({}).", point(start), about(start))
    };
    if !spots.iter().all(inside) {
        alt += " Une partie du chemin sort de la carte.";
    }
    let table = if path.len() > 1 {
        steps_table(path, &names, |p| about(p).trim_start_matches("perte ").into())
    } else {
        grid_table(loss, x_range, y_range, &names)
    };
    Ok(Figure::new(sheet, alt, table))
}

/// Le chemin en tableau : ses points, et la perte lue sur la carte.
fn steps_table(
    path: &[Point],
    names: &[String; 2],
    loss: impl Fn(Point) -> String,
) -> Table {
    let (ranks, every) = selection(path.len());
    let caption = match every {
        1 => "Le chemin de la descente".into(),
        _ => format!("Le chemin de la descente, un point sur {}", fixed(every as f64, 0)),
    };
    let mut table = Table::new(caption, &["pas", &names[0], &names[1], "perte"]);
    for rank in ranks {
        let (x, y) = path[rank];
        let step = fixed(rank as f64, 0);
        table.row(vec![step, brief(x), brief(y), loss(path[rank])]);
    }
    table
}

/// La carte en tableau : neuf lignes et neuf colonnes au plus, à intervalles réguliers.
fn grid_table(
    loss: &Array2<f64>,
    x_range: Point,
    y_range: Point,
    names: &[String; 2],
) -> Table {
    const MOST: usize = 9;
    let shares = |count: usize| {
        let count = count.min(MOST);
        (0..count).map(move |k| k as f64 / (count - 1) as f64)
    };
    let along = |(low, high): Point, share: f64| brief(low + share * (high - low));
    let corner = format!("{} ↓, {} →", names[1], names[0]);
    let columns = shares(loss.ncols()).map(|share| along(x_range, share));
    let header: Vec<_> = [corner].into_iter().chain(columns).collect();
    let header: Vec<_> = header.iter().map(String::as_str).collect();
    let caption = if loss.nrows().max(loss.ncols()) > MOST {
        "La perte en quelques points de la carte"
    } else {
        "La perte en chaque point de la carte"
    };
    let mut table = Table::new(caption, &header);
    for up in shares(loss.nrows()) {
        let values = shares(loss.ncols()).map(|across| number(read(loss, across, up)));
        table.row([along(y_range, up)].into_iter().chain(values).collect());
    }
    table
}

/// La couleur d'une hauteur entre 0, presque blanc, et 1, bleu nuit.
fn shade(share: f64) -> RGBColor {
    let (light, dark) = (RGBColor(0xF5, 0xFA, 0xFD), RGBColor(0x00, 0x33, 0x5C));
    if share < 0.6 {
        mix(light, MAP_BLUE, share / 0.6)
    } else {
        mix(MAP_BLUE, dark, share / 0.4 - 1.5)
    }
}

/// La perte à une place de la carte, de 0 à 1 sur chaque axe, lue entre les quatre valeurs voisines.
fn read(loss: &Array2<f64>, x: f64, y: f64) -> f64 {
    let split = |share: f64, count: usize| {
        let at = share * (count - 1) as f64;
        let first = (at.floor() as usize).min(count - 2);
        (first, at - first as f64)
    };
    let ((j, u), (i, v)) = (split(x, loss.ncols()), split(y, loss.nrows()));
    let row = |i: usize| loss[(i, j)] * (1.0 - u) + loss[(i, j + 1)] * u;
    row(i) * (1.0 - v) + row(i + 1) * v
}

/// La carte sur une grille de taille fixe.
fn resample(loss: &Array2<f64>, power: Power) -> Array2<f64> {
    let share = |k: usize, count: usize| k as f64 / (count - 1) as f64;
    Array2::from_shape_fn((UP, ACROSS), |(i, j)| {
        power.reduce(read(loss, share(j, ACROSS), share(i, UP)))
    })
}

/// Les contours fermés d'un niveau. L'aire signée d'un contour est positive s'il entoure plus bas.
///
/// Chaque carré de quatre voisins est coupé là où le niveau est franchi
/// (« <i lang="en">marching squares</i> ») ; hors de la carte, tout est plus haut,
/// si bien que chaque contour se referme.
fn contour(field: &Array2<f64>, level: f64) -> Vec<Vec<Point>> {
    let (rows, columns) = field.dim();
    let value = |(i, j): (usize, usize)| match (i, j) {
        (1.., 1..) if i <= rows && j <= columns => field[(i - 1, j - 1)],
        _ => f64::INFINITY,
    };
    // Un franchissement est désigné par le voisin d'en bas et celui d'en haut.
    let mut next = BTreeMap::new();
    for (i, j) in (0..=rows).flat_map(|i| (0..=columns).map(move |j| (i, j))) {
        let corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)];
        let below = corners.map(|corner| value(corner) < level);
        for exit in (0..4).filter(|&k| below[k] && !below[(k + 1) % 4]) {
            let entry =
                (1..4).map(|s| (exit + s) % 4).find(|&k| !below[k] && below[(k + 1) % 4]);
            if let Some(entry) = entry {
                let (from, to) = (corners[exit], corners[(entry + 1) % 4]);
                next.insert((from, corners[(exit + 1) % 4]), (to, corners[entry]));
            }
        }
    }
    let place = |(low, high): ((usize, usize), (usize, usize))| {
        let share = (level - value(low)) / (value(high) - value(low));
        let between = |a: usize, b: usize| a as f64 + share * (b as f64 - a as f64) - 1.0;
        (between(low.1, high.1), between(low.0, high.0))
    };
    let mut loops = Vec::new();
    while let Some((first, mut at)) = next.pop_first() {
        let mut points = vec![place(first)];
        while at != first {
            points.push(place(at));
            let Some(following) = next.remove(&at) else { break };
            at = following;
        }
        loops.push(points);
    }
    loops
}

/// Un chemin sans ses pas trop petits pour être vus, coupé là où il sort d'un rectangle.
fn pieces(path: &[Point], bounds: [Point; 2]) -> Vec<Vec<Point>> {
    let mut seen = vec![path[0]];
    for (rank, &p) in path.iter().enumerate().skip(1) {
        let last = seen[seen.len() - 1];
        if (p.0 - last.0).hypot(p.1 - last.1) > 3.0 || rank + 1 == path.len() {
            seen.push(p);
        }
    }
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    for [from, to] in seen.windows(2).filter_map(|pair| clip([pair[0], pair[1]], bounds)) {
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces
}

/// La partie d'un segment qui tient dans un rectangle, s'il y en a une.
fn clip([(x0, y0), (x1, y1)]: [Point; 2], [low, high]: [Point; 2]) -> Option<[Point; 2]> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for (start, end, low, high) in [(x0, x1, low.0, high.0), (y0, y1, low.1, high.1)] {
        let run = end - start;
        if run.abs() < 1e-12 {
            if !(low..=high).contains(&start) {
                return None;
            }
            continue;
        }
        let (a, b) = ((low - start) / run, (high - start) / run);
        (from, to) = (from.max(a.min(b)), to.min(a.max(b)));
    }
    // Une extrémité qui n'est pas coupée reste exacte.
    let at =
        |t: f64| if t == 1.0 { (x1, y1) } else { (x0 + t * (x1 - x0), y0 + t * (y1 - y0)) };
    (from <= to).then(|| [at(from), at(to)])
}
