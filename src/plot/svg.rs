//! Une feuille en SVG, écrite court : une page qui porte dix figures doit rester légère.
//!
//! Ce qui se suit et se dessine de même ne dit sa couleur qu'une fois ; une courbe perd les points
//! que l'œil ne verrait pas ; une coordonnée a une décimale, comptée depuis la précédente.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::Error;
use crate::palette::{Color, INK, PAPER};
use crate::png;
use crate::sheet::{Align, BASELINE, BODY, Point, Shape, Sheet, WIDTH};

/// L'écart, en points, en deçà duquel deux tracés se confondent.
const UNSEEN: f64 = 0.2;

/// Un élément : ce qu'il partage avec ses voisins, et ce qui lui est propre.
enum Piece {
    /// Un tracé ; deux tracés de même style qui se suivent n'en font qu'un.
    Path { style: String, data: String },
    /// Tout autre élément : sa balise et ses attributs, et son texte.
    Element { style: String, open: String, close: String },
}

/// La feuille en SVG, sur fond blanc, avec son texte de remplacement.
///
/// La classe `fond` marque le fond et la classe `titre` le titre : une page qui a les siens les retire.
pub(crate) fn write(sheet: &Sheet, alt: &str) -> Result<String, Error> {
    let height = sheet.height();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\" \
         font-family=\"'DejaVu Sans',Verdana,sans-serif\" font-size=\"{BODY}\" fill=\"{}\" \
         stroke-linejoin=\"round\">\n\
         <rect class=\"fond\" width=\"{WIDTH}\" height=\"{height}\" fill=\"{}\"/>\n",
        escaped(alt),
        INK.svg(),
        PAPER.svg()
    );
    if let Piece::Element { style, open, close } = piece(&sheet.title())? {
        let open = open.replacen("<text", "<text class=\"titre\"", 1);
        svg += &format!("{open}{style}{close}\n");
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for shape in &sheet.shapes {
        match (pieces.last_mut(), piece(shape)?) {
            (
                Some(Piece::Path { style, data }),
                Piece::Path { style: same, data: more },
            ) if *style == same => data.push_str(&more),
            (_, next) => pieces.push(next),
        }
    }
    let style = |piece: &Piece| match piece {
        Piece::Path { style, .. } | Piece::Element { style, .. } => style.clone(),
    };
    for group in pieces.chunk_by(|a, b| style(a) == style(b)) {
        let (shared, grouped) =
            (style(&group[0]), group.len() > 1 && !style(&group[0]).is_empty());
        if grouped {
            let _ = writeln!(svg, "<g{shared}>");
        }
        for piece in group {
            let own = if grouped { "" } else { &shared };
            let _ = match piece {
                Piece::Path { data, .. } => writeln!(svg, "<path{own} d=\"{data}\"/>"),
                Piece::Element { open, close, .. } => writeln!(svg, "{open}{own}{close}"),
            };
        }
        if grouped {
            svg += "</g>\n";
        }
    }
    Ok(svg + "</svg>\n")
}

/// Le double de l'aire d'un contour, positif s'il tourne comme une aiguille (les y descendent).
fn clockwise(points: &[Point]) -> f64 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(p, q)| p.0 * q.1 - q.0 * p.1).sum()
}

fn piece(shape: &Shape) -> Result<Piece, Error> {
    let fill = |color: Color| {
        if color == INK { String::new() } else { format!(" fill=\"{}\"", color.svg()) }
    };
    Ok(match shape {
        Shape::Line { points, color, width, dash } => {
            let mut style = format!(" fill=\"none\" stroke=\"{}\"", color.svg());
            if *width != 1.0 {
                let _ = write!(style, " stroke-width=\"{width}\"");
            }
            if let Some(dash) = dash {
                let _ = write!(style, " stroke-dasharray=\"{dash}\"");
            }
            Piece::Path { style, data: path(&simplified(points), false) }
        }
        Shape::Polygon { points, color } => {
            // Deux formes d'une couleur font un seul tracé : du même sens, elles s'ajoutent là où elles
            // se couvrent ; de sens contraires, elles y feraient un trou.
            let mut points = simplified(points);
            if clockwise(&points) < 0.0 {
                points.reverse();
            }
            Piece::Path { style: fill(*color), data: path(&points, true) }
        }
        Shape::Rectangle { corners, color, round } if *round == 0.0 => {
            let [(x0, y0), (x1, y1)] = corners.map(|(x, y)| (tenths(x), tenths(y)));
            let (x, y) = (decimal(x0.min(x1)), decimal(y0.min(y1)));
            let (wide, high) = ((x1 - x0).abs(), (y1 - y0).abs());
            let (right, down, left) = (decimal(wide), decimal(high), decimal(-wide));
            Piece::Path {
                style: fill(*color),
                data: format!("M{x} {y}h{right}v{down}h{left}z"),
            }
        }
        Shape::Rectangle { corners, color, round } => {
            let [(x0, y0), (x1, y1)] = corners.map(|(x, y)| (tenths(x), tenths(y)));
            let open = format!(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{round}\"",
                decimal(x0),
                decimal(y0),
                decimal(x1 - x0),
                decimal(y1 - y0)
            );
            Piece::Element { style: fill(*color), open, close: "/>".into() }
        }
        Shape::Disc { center, radius, color } => {
            // Un trait sans longueur, au bout rond : cent disques font un seul tracé.
            let (x, y) = (decimal(tenths(center.0)), decimal(tenths(center.1)));
            let style = format!(
                " stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\"",
                color.svg(),
                decimal(tenths(2.0 * radius))
            );
            Piece::Path { style, data: format!("M{x} {y}h0") }
        }
        Shape::Pixels { corners: [(x0, y0), (x1, y1)], cells } => {
            let pixels: Vec<_> =
                cells.iter().map(|color| [color.0, color.1, color.2]).collect();
            let open = format!(
                "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" \
                 preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" \
                 href=\"data:image/png;base64,{}\"",
                decimal(tenths(*x0)),
                decimal(tenths(*y0)),
                decimal(tenths(x1 - x0)),
                decimal(tenths(y1 - y0)),
                STANDARD.encode(png::encode(&pixels, cells.ncols())?)
            );
            Piece::Element { style: String::new(), open, close: "/>".into() }
        }
        Shape::Text { text, at, size, color, align } => {
            let mut style = fill(*color);
            if *size != BODY {
                let _ = write!(style, " font-size=\"{size}\"");
            }
            match align {
                Align::Left => {}
                Align::Center => style += " text-anchor=\"middle\"",
                Align::Right => style += " text-anchor=\"end\"",
            }

            let (x, y) = (decimal(tenths(at.0)), decimal(tenths(at.1 + BASELINE * size)));
            Piece::Element {
                style,
                open: format!("<text x=\"{x}\" y=\"{y}\""),
                close: format!(">{}</text>", escaped(text)),
            }
        }
    })
}

/// Un tracé, chaque point compté depuis le précédent.
fn path(points: &[Point], closed: bool) -> String {
    let mut data = String::new();
    let mut last = None;
    for point in points {
        let (x, y) = (tenths(point.0), tenths(point.1));
        match last {
            None => {
                let _ = write!(data, "M{} {}", decimal(x), decimal(y));
            }
            Some(same) if same == (x, y) => continue,
            Some((_, y0)) if y == y0 => {
                let _ = write!(data, "h{}", decimal(x - last.map_or(0, |p| p.0)));
            }
            Some((x0, y0)) if x == x0 => {
                let _ = write!(data, "v{}", decimal(y - y0));
            }
            Some((x0, y0)) => {
                let (right, down) = (decimal(x - x0), decimal(y - y0));
                // Un signe moins sépare aussi bien qu'un blanc.
                let blank = if down.starts_with('-') { "" } else { " " };
                let _ = write!(data, "l{right}{blank}{down}");
            }
        }
        last = Some((x, y));
    }
    if closed { data + "z" } else { data }
}

fn tenths(value: f64) -> i64 {
    (10.0 * value).round() as i64
}

/// Un nombre de dixièmes, sans zéro de trop : « -12.5 », « .3 », « 4 ».
fn decimal(tenths: i64) -> String {
    let (sign, size) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    match (size / 10, size % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (0, tenth) => format!("{sign}.{tenth}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

/// Les points qui suffisent à dessiner la ligne, à [`UNSEEN`] près (Douglas et Peucker).
fn simplified(points: &[Point]) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut kept = vec![false; points.len()];
    (kept[0], kept[points.len() - 1]) = (true, true);
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let ((x0, y0), (x1, y1)) = (points[first], points[last]);
        let length = (x1 - x0).hypot(y1 - y0);
        let gap = |&(x, y): &Point| {
            let along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / (length * length);
            // Hors du segment, ou sans segment, la distance est celle du bout.
            let t = if along.is_finite() { along.clamp(0.0, 1.0) } else { 0.0 };
            (x - x0 - t * (x1 - x0)).hypot(y - y0 - t * (y1 - y0))
        };
        let farthest = (first + 1..last)
            .map(|i| (i, gap(&points[i])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((middle, gap)) = farthest
            && gap > UNSEEN
        {
            kept[middle] = true;
            spans.extend([(first, middle), (middle, last)]);
        }
    }
    points.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deux_formes_d_une_couleur_tournent_dans_le_meme_sens() {
        let corners = [(0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0)];
        assert!(clockwise(&corners) > 0.0, "le sens d'un rectangle de la feuille");
        let drawn = |points: Vec<Point>| match piece(&Shape::Polygon { points, color: INK })
        {
            Ok(Piece::Path { data, .. }) => data,
            _ => String::new(),
        };
        let data = drawn(corners.to_vec());
        assert!(data.starts_with("M0 0h4") && data.ends_with('z'), "{data}");
        assert_eq!(drawn(corners.into_iter().rev().collect()), data);
    }
}
