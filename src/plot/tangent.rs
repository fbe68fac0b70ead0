//! La pente d'une courbe en un point : celle de la droite qui la touche.

use crate::chart::{BOTTOM, Chart, LEFT, Mark, RIGHT, Series};
use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{Axis, Power, brief, fixed};
use crate::palette::{BLUE, GREY, PAPER, VERMILLION, VERMILLIONS};
use crate::sheet::{Align, BODY, Point, Sheet, WIDTH, short, width};
use crate::table::{Table, selection};

/// La demi-longueur de la tangente sur la feuille.
const REACH: f64 = 150.0;

/// Une courbe, un de ses points, et la tangente de pente `slope` en ce point.
///
/// `labels` nomme l'axe des x puis celui des y. La pente est celle que l'on donne, avec ou sans
/// l'aide de la courbe : si elle est fausse, cela se voit.
///
/// # Refus
/// Moins de deux points, un infini ou un NaN, des nombres trop grands pour un axe.
pub fn tangent(
    points: &[(f64, f64)],
    at: (f64, f64),
    slope: f64,
    labels: (&str, &str),
) -> Figure {
    draw_tangent(points, at, slope, labels).unwrap_or_else(Figure::refused)
}

fn draw_tangent(
    points: &[(f64, f64)],
    at: (f64, f64),
    slope: f64,
    labels: (&str, &str),
) -> Result<Figure, Error> {
    if points.len() < 2 {
        return Err(Error::Plot(format!(
            "`points` en compte {} : il en faut au moins deux pour une courbe.",
            points.len()
        )));
    }
    check_points("points", points)?;
    check_points("at", &[at])?;
    check_points("slope", &[(0.0, slope)])?;
    let range = |pick: fn(&Point) -> f64| {
        points
            .iter()
            .chain([&at])
            .map(pick)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
    };
    let (x, y) = (range(|p| p.0), range(|p| p.1));
    let power = |(low, high): Point| Power::of(low.abs().max(high.abs()));
    let (across, up) = (power(x), power(y));
    let scaled = |p: &Point| (across.reduce(p.0), up.reduce(p.1));
    let names = [short(labels.0, 48), short(labels.1, 60)];
    let mut chart = Chart::new(
        "La pente en un point",
        (
            Axis::exact(across.reduce(x.0), across.reduce(x.1), 0.0),
            &(names[0].clone() + &across.label()),
        ),
        (Axis::rounded(up.reduce(y.0), up.reduce(y.1)), &(names[1].clone() + &up.label())),
    );
    let rounded = (slope * 100.0).round() / 100.0;
    let written = brief(if slope.abs() < 0.1 { slope } else { rounded });
    let label = format!("pente {written}");
    let verb = if slope < 0.0 { "descend" } else { "monte" };
    chart.subtitle = match slope {
        0.0 => "en ce point, la tangente ne monte ni ne descend".into(),
        _ => format!(
            "quand on avance de 1, la tangente {verb} de {}",
            written.trim_start_matches('−')
        ),
    };

    let curve = Series::new("", points.iter().map(scaled).collect(), Mark::Line, BLUE);
    let center = chart.place(scaled(&at));
    // Un centième de l'axe des x, et ce que la tangente monte pendant ce temps, sur la feuille.
    let run = (RIGHT - LEFT) / 100.0;
    let climb = up.reduce(slope * (x.1 - x.0)) / 100.0 / (chart.y.high - chart.y.low);
    let angle = (-climb * (BOTTOM - chart.top())).atan2(run);
    let (ux, uy) = (angle.cos(), angle.sin());
    // La droite s'arrête au cadre.
    let end = |sign: f64| {
        let room = |v: f64, u: f64, low: f64, high: f64| match u * sign {
            u if u > 1e-9 => (high - v) / u,
            u if u < -1e-9 => (low - v) / u,
            _ => REACH,
        };
        let reach = REACH.min(room(center.0, ux, LEFT, RIGHT)).min(room(
            center.1,
            uy,
            chart.top(),
            BOTTOM,
        ));
        (center.0 + sign * reach * ux, center.1 + sign * reach * uy)
    };
    let line = [end(-1.0), end(1.0)];
    let guide = [(center.0, BOTTOM), center, (LEFT, center.1)];
    let drawn: Vec<Point> = curve.points.iter().map(|&p| chart.place(p)).collect();
    let spot = beside(&[&line, &drawn, &guide], center, (ux, uy), width(&label));
    chart.series = vec![curve];

    let mut sheet = Sheet::titled(&chart.title);
    chart.axes(&mut sheet);
    sheet.dashes(&guide, GREY, 1.0, 4.0);
    chart.marks(&mut sheet);
    sheet.line(&line, VERMILLION, 2.25);
    sheet.ring(center, 7.0, VERMILLIONS.ink, PAPER);
    sheet.text(&label, spot, BODY, VERMILLIONS.ink, Align::Center);

    let alt = format!(
        "Courbe de {} selon {}, de {} à {}, et sa tangente au point ({} ; {}) : {label}, donc elle {}.",
        names[1],
        names[0],
        brief(x.0),
        brief(x.1),
        brief(at.0),
        brief(at.1),
        if slope == 0.0 { "est horizontale" } else { verb }
    );
    let (ranks, every) = selection(points.len());
    let caption = match every {
        1 => "La courbe et sa tangente".into(),
        _ => format!("La courbe et sa tangente, un point sur {}", fixed(every as f64, 0)),
    };
    let mut table = Table::new(caption, &[&names[0], &names[1], "tangente"]);
    for (x, y) in ranks.into_iter().map(|rank| points[rank]) {
        table.row([x, y, at.1 + slope * (x - at.0)].map(brief).to_vec());
    }
    Ok(Figure::new(sheet, alt, table))
}

/// La place du texte près du point : la plus éloignée de tous les traits.
fn beside(lines: &[&[Point]], (x, y): Point, (ux, uy): Point, width: f64) -> Point {
    let clearance = |&(cx, cy): &Point| {
        let mut clear = f64::INFINITY;
        for pair in lines.iter().flat_map(|line| line.windows(2)) {
            for k in 0..=20 {
                let t = f64::from(k) / 20.0;
                let px = pair[0].0 + t * (pair[1].0 - pair[0].0);
                let py = pair[0].1 + t * (pair[1].1 - pair[0].1);
                let dx = ((px - cx).abs() - width / 2.0).max(0.0);
                clear = clear.min(dx.hypot(((py - cy).abs() - 9.0).max(0.0)));
            }
        }
        // Assez de blanc suffit ; ensuite, le plus près du point.
        clear.min(12.0) - 0.02 * (cx - x).hypot(cy - y)
    };
    // Partout dans le cadre, puis tout près du point.
    let (left, right) = (LEFT + 8.0 + width / 2.0, RIGHT - width / 2.0);
    let mut spots: Vec<Point> = (0..=8)
        .flat_map(|i| (0..=8).map(move |j| (f64::from(i) / 8.0, f64::from(j) / 8.0)))
        .map(|(u, v)| (left + u * (right - left), 116.0 + v * (BOTTOM - 132.0)))
        .collect();
    for along in [-90.0, -45.0, 0.0, 45.0, 90.0] {
        for across in [24.0, 44.0, 70.0, 100.0] {
            for (sx, sy) in [(-uy, ux), (uy, -ux)] {
                let spot = (x + along * ux + across * sx, y + along * uy + across * sy);
                let inside = (LEFT + 8.0 + width / 2.0..RIGHT.min(WIDTH) - width / 2.0)
                    .contains(&spot.0);
                if inside && (112.0..BOTTOM - 14.0).contains(&spot.1) {
                    spots.push(spot);
                }
            }
        }
    }
    let best = spots.into_iter().max_by(|a, b| clearance(a).total_cmp(&clearance(b)));
    best.unwrap_or(((LEFT + RIGHT) / 2.0, 84.0))
}

/// Des points finis, assez proches de 0 pour qu'un axe les porte.
pub(crate) fn check_points(name: &str, points: &[Point]) -> Result<(), Error> {
    match points.iter().position(|p| !(p.0.abs() < 1e15 && p.1.abs() < 1e15)) {
        Some(rank) => Err(Error::Plot(format!(
            "`{name}` contient ({}, {}) au rang {rank} (compté depuis 0) : il faut des nombres finis, plus petits \
             que 10¹⁵ en valeur absolue.",
            points[rank].0, points[rank].1
        ))),
        None => Ok(()),
    }
}
