//! Un graphique : deux axes gradués, et des séries de points entre eux.

use crate::figure::Figure;
use crate::numbers::Axis;
use crate::palette::{Color, GREY, GRID, HALO_ON_MAP, INK, PAPER};
use crate::sheet::{Align, BODY, Point, Sheet, WIDTH, width};
use crate::table::Table;

// Le cadre des axes sur la feuille ; une légende de plusieurs lignes en abaisse le haut.
pub(crate) const LEFT: f64 = 84.0;
pub(crate) const RIGHT: f64 = 680.0;
pub(crate) const TOP: f64 = 102.0;
pub(crate) const BOTTOM: f64 = 346.0;
/// La hauteur d'une ligne de légende.
const ROW: f64 = 24.0;

/// Un graphique complet, prêt à être dessiné.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    pub title: String,
    /// Une ligne sous le titre ; vide, la légende prend sa place.
    pub subtitle: String,
    pub x: Axis,
    pub y: Axis,
    pub x_name: String,
    pub y_name: String,
    pub series: Vec<Series>,
    /// Le bord droit du cadre.
    pub right: f64,
}

/// Des points tracés de la même façon.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// Le nom dans la légende ; vide, la série n'y figure pas.
    pub name: String,
    pub points: Vec<Point>,
    pub mark: Mark,
    pub color: Color,
}

/// Une façon de tracer ; chacune se reconnaît aussi sans la couleur.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mark {
    Line,
    /// Des tirets de cette longueur.
    Dashes(f64),
    /// Une ligne ponctuée de disques.
    Beads,
    /// Une ligne ponctuée de losanges.
    Gems,
    /// Des traits fins entre les points, pris deux par deux.
    Links,
    /// Des barres, données chacune par deux coins opposés.
    Bars,
    Dot,
    Ring(f64),
    /// Un cercle posé sur une carte en couleurs.
    MapRing,
    Diamond(f64),
    Square(f64),
    Triangle(f64),
    Star(f64),
}

impl Series {
    pub fn new(name: &str, points: Vec<Point>, mark: Mark, color: Color) -> Self {
        Self { name: name.into(), points, mark, color }
    }
}

impl Chart {
    /// Un graphique sans série, aux axes nommés.
    pub fn new(title: &str, (x, x_name): (Axis, &str), (y, y_name): (Axis, &str)) -> Self {
        let (title, x_name, y_name) = (title.into(), x_name.into(), y_name.into());
        Self {
            title,
            subtitle: String::new(),
            x,
            y,
            x_name,
            y_name,
            series: vec![],
            right: RIGHT,
        }
    }

    /// La figure du graphique.
    pub fn figure(self, alt: String, table: Table) -> Figure {
        let mut sheet = Sheet::titled(&self.title);
        self.axes(&mut sheet);
        self.marks(&mut sheet);
        Figure::new(sheet, alt, table)
    }

    pub fn axes(&self, sheet: &mut Sheet) {
        let (right, top) = (self.right, self.top());
        let across = |value: f64| self.place((value, self.y.low)).0;
        let up = |value: f64| self.place((self.x.low, value)).1;
        let (columns, rows) = (self.x.ticks(), self.y.ticks());
        for &(value, _) in &rows {
            sheet.line(&[(LEFT, up(value)), (right, up(value))], GRID, 1.0);
        }
        for &(value, _) in &columns {
            let x = across(value);
            sheet.line(&[(x, BOTTOM), (x, BOTTOM + 6.0)], GREY, 1.25);
        }
        sheet.line(&[(LEFT, top), (LEFT, BOTTOM), (right, BOTTOM)], GREY, 1.25);
        for (value, label) in &rows {
            sheet.text(label, (LEFT - 10.0, up(*value)), BODY, INK, Align::Right);
        }
        for (value, label) in &columns {
            sheet.text(label, (across(*value), BOTTOM + 20.0), BODY, INK, Align::Center);
        }
        sheet.text(&self.y_name, (20.0, top - 24.0), BODY, INK, Align::Left);
        sheet.text(
            &self.x_name,
            ((LEFT + right) / 2.0, BOTTOM + 48.0),
            BODY,
            INK,
            Align::Center,
        );
    }

    /// Le sous-titre ou la légende, et les séries.
    pub fn marks(&self, sheet: &mut Sheet) {
        if self.subtitle.is_empty() {
            self.legend(sheet);
        } else {
            sheet.subtitle(&self.subtitle);
        }
        for series in &self.series {
            let points: Vec<_> = series.points.iter().map(|&p| self.place(p)).collect();
            series.mark.draw(sheet, &points, series.color);
        }
    }

    /// Les noms des séries, chacun après un échantillon de son tracé.
    fn legend(&self, sheet: &mut Sheet) {
        for (row, entries) in self.rows().into_iter().enumerate() {
            let total: f64 = entries.iter().map(|entry| entry.1).sum::<f64>() - GAP;
            let (mut x, y) = ((WIDTH - total) / 2.0, 54.0 + ROW * row as f64);
            for (series, width) in entries {
                let sample: &[Point] = match series.mark {
                    Mark::Dot
                    | Mark::Ring(_)
                    | Mark::MapRing
                    | Mark::Diamond(_)
                    | Mark::Square(_)
                    | Mark::Triangle(_)
                    | Mark::Star(_) => &[(x + 26.0, y)],
                    Mark::Bars => &[(x + 8.0, y - 6.0), (x + 35.0, y + 6.0)],
                    _ => &[(x, y), (x + 35.0, y)],
                };
                series.mark.draw(sheet, sample, series.color);
                sheet.text(&series.name, (x + 44.0, y), BODY, INK, Align::Left);
                x += width;
            }
        }
    }

    /// Les lignes de la légende : les séries nommées, et la largeur que chacune y prend.
    fn rows(&self) -> Vec<Vec<(&Series, f64)>> {
        let mut rows = vec![Vec::new()];
        let mut room = WIDTH - 24.0;
        for series in self.series.iter().filter(|series| !series.name.is_empty()) {
            let entry = 44.0 + width(&series.name) + GAP;
            if entry > room {
                rows.push(Vec::new());
                room = WIDTH - 24.0;
            }
            room -= entry;
            rows.last_mut().expect("une ligne au moins").push((series, entry));
        }
        rows
    }

    /// Le bord haut du cadre.
    pub fn top(&self) -> f64 {
        TOP + ROW * (self.rows().len() - 1) as f64
    }

    /// La place d'un point sur la feuille.
    pub fn place(&self, (x, y): Point) -> Point {
        (
            LEFT + self.x.place(x) * (self.right - LEFT),
            BOTTOM - self.y.place(y) * (BOTTOM - self.top()),
        )
    }
}

/// Le blanc entre deux noms de la légende.
const GAP: f64 = 28.0;

impl Mark {
    fn draw(self, sheet: &mut Sheet, points: &[Point], color: Color) {
        match self {
            Self::Line => return sheet.line(points, color, 2.75),
            Self::Dashes(length) => return sheet.dashes(points, color, 2.25, length),
            Self::Beads | Self::Gems => {
                let mark = if self == Self::Beads { Self::Dot } else { Self::Diamond(6.5) };
                sheet.line(points, color, 1.75);
                // Les losanges tombent entre les disques.
                let shift = if self == Self::Beads || points.len() < 3 { 0.5 } else { 0.1 };
                return mark.draw(sheet, &evenly(points, shift), color);
            }
            _ => {}
        }
        if let Self::Ring(r) = self {
            // Tous les bords, puis tous les cœurs : deux tracés suffisent.
            points.iter().for_each(|&at| sheet.disc(at, r, color));
            return points.iter().for_each(|&at| sheet.disc(at, r - 2.2, PAPER));
        }
        for (i, &(x, y)) in points.iter().enumerate() {
            match self {
                Self::Links if i % 2 == 1 => sheet.line(&points[i - 1..=i], color, 1.5),
                Self::Bars if i % 2 == 1 => sheet.rectangle([points[i - 1], (x, y)], color),
                Self::Dot => sheet.disc((x, y), 4.5, color),
                Self::MapRing => {
                    sheet.disc((x, y), 8.5, HALO_ON_MAP);
                    sheet.ring((x, y), 7.0, color, HALO_ON_MAP);
                }
                Self::Diamond(r) => {
                    sheet.polygon(&[(x - r, y), (x, y - r), (x + r, y), (x, y + r)], color);
                }
                Self::Square(r) => sheet.rectangle([(x - r, y - r), (x + r, y + r)], color),
                Self::Triangle(r) => {
                    sheet.polygon(&[(x - r, y + r), (x, y - r), (x + r, y + r)], color);
                }
                Self::Star(r) => {
                    sheet.star((x, y), r + 3.5, HALO_ON_MAP);
                    sheet.star((x, y), r, color);
                }
                _ => {}
            }
        }
    }
}

/// Des points d'une ligne qui va de gauche à droite, un tous les 70 points de la feuille.
fn evenly(points: &[Point], shift: f64) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let count = ((last.0 - first.0) / 70.0).round().max(1.0);
    (0..count as usize)
        .filter_map(|k| {
            let x = first.0 + (k as f64 + shift) / count * (last.0 - first.0);
            let i = points.partition_point(|p| p.0 < x);
            let (&(x0, y0), &(x1, y1)) = (points.get(i.max(1) - 1)?, points.get(i)?);
            Some((x, if x1 > x0 { y0 + (x - x0) / (x1 - x0) * (y1 - y0) } else { y0 }))
        })
        .collect()
}
