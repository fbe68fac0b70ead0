//! La feuille large de 720 points où une figure note ses traits, dessinés plus tard.

use ab_glyph::{Font, FontRef, ScaleFont};
use ndarray::Array2;
use plotters::style::RGBColor;

use crate::palette::{Color, GREY, INK};

/// Largeur de la feuille.
pub(crate) const WIDTH: f64 = 720.0;
/// La plus grande hauteur de la feuille.
pub(crate) const HEIGHT: f64 = 420.0;
/// Le blanc sous le dernier trait.
const FOOT: f64 = 12.0;

/// La police des images, livrée avec le code : aucune police du système n'est nécessaire.
pub(crate) const FONT: &[u8] = include_bytes!("fonts/DejaVuSans-subset.ttf");

/// Corps des titres, en points.
pub(crate) const TITLE: f64 = 19.0;
/// Corps du reste du texte : le plus petit de toute la figure.
pub(crate) const BODY: f64 = 15.5;
/// La ligne de base d'un texte est sous son milieu, de cette part du corps.
pub(crate) const BASELINE: f64 = 0.33;
/// Un titre plus long est abrégé : il tient sur la largeur de la feuille.
const LONGEST_TITLE: usize = 62;

/// Un point de la feuille.
pub(crate) type Point = (f64, f64);

/// Le bout d'un texte qui se pose au point demandé.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

/// Un trait noté sur la feuille.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// `dash` est la longueur des tirets, et celle des blancs entre eux.
    Line {
        points: Vec<Point>,
        color: Color,
        width: f64,
        dash: Option<f64>,
    },
    Disc {
        center: Point,
        radius: f64,
        color: Color,
    },
    Polygon {
        points: Vec<Point>,
        color: Color,
    },
    /// Un rectangle aux coins ronds, ou vifs si `round` vaut 0.
    Rectangle {
        corners: [Point; 2],
        color: Color,
        round: f64,
    },
    /// Des cases qui se touchent, ligne par ligne.
    Pixels {
        corners: [Point; 2],
        cells: Array2<RGBColor>,
    },
    Text {
        text: String,
        at: Point,
        size: f64,
        color: Color,
        align: Align,
    },
}

/// Une feuille blanche ; ce qui vient ensuite recouvre ce qui est venu avant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    title: String,
    pub shapes: Vec<Shape>,
}

impl Sheet {
    /// Une feuille et son titre.
    pub fn titled(title: &str) -> Self {
        let mut sheet = Self::default();
        sheet.set_title(title);
        sheet
    }

    pub fn set_title(&mut self, title: &str) {
        self.title = short(title, LONGEST_TITLE);
    }

    /// Le titre, qui se dessine avant tout le reste.
    pub fn title(&self) -> Shape {
        Shape::Text {
            text: self.title.clone(),
            at: (WIDTH / 2.0, 24.0),
            size: TITLE,
            color: INK,
            align: Align::Center,
        }
    }

    /// La hauteur de la feuille : jusque sous le dernier trait.
    pub fn height(&self) -> f64 {
        let low = |points: &[Point]| points.iter().map(|p| p.1).fold(0.0, f64::max);
        let bottom = self.shapes.iter().map(|shape| match shape {
            Shape::Line { points, width, .. } => low(points) + width / 2.0,
            Shape::Disc { center, radius, .. } => center.1 + radius,
            Shape::Polygon { points, .. } => low(points),
            Shape::Rectangle { corners, .. } | Shape::Pixels { corners, .. } => {
                low(corners)
            }
            Shape::Text { at, size, .. } => at.1 + 0.6 * size,
        });
        (bottom.fold(0.0, f64::max) + FOOT).ceil().clamp(120.0, HEIGHT)
    }

    /// Une ligne d'explication sous le titre.
    pub fn subtitle(&mut self, text: &str) {
        self.text(text, (WIDTH / 2.0, 52.0), BODY, GREY, Align::Center);
    }

    /// Une ligne brisée.
    pub fn line(&mut self, points: &[Point], color: Color, width: f64) {
        self.shapes.push(Shape::Line { points: points.to_vec(), color, width, dash: None });
    }

    /// Une ligne brisée en tirets de longueur `dash`, aussi longs que les blancs qui les séparent.
    pub fn dashes(&mut self, points: &[Point], color: Color, width: f64, dash: f64) {
        let (points, dash) = (points.to_vec(), Some(dash));
        self.shapes.push(Shape::Line { points, color, width, dash });
    }

    /// Une flèche : un trait, et une pointe au dernier point.
    pub fn arrow(&mut self, points: &[Point], color: Color, width: f64) {
        let &[.., (x0, y0), (x1, y1)] = points else { return };
        let length = (x1 - x0).hypot(y1 - y0).max(1e-9);
        let (ux, uy) = ((x1 - x0) / length, (y1 - y0) / length);
        let (long, wide) = (4.0 + 3.2 * width, 2.0 + 1.6 * width);
        let neck = (x1 - long * ux, y1 - long * uy);
        let mut shaft = points.to_vec();
        *shaft.last_mut().expect("deux points au moins") = neck;
        self.line(&shaft, color, width);
        let side = |s: f64| (neck.0 - s * wide * uy, neck.1 + s * wide * ux);
        self.polygon(&[(x1, y1), side(1.0), side(-1.0)], color);
    }

    /// Un disque.
    pub fn disc(&mut self, center: Point, radius: f64, color: Color) {
        self.shapes.push(Shape::Disc { center, radius, color });
    }

    /// Un disque au bord marqué.
    pub fn ring(&mut self, center: Point, radius: f64, edge: Color, fill: Color) {
        self.disc(center, radius, edge);
        self.disc(center, radius - 2.2, fill);
    }

    /// Un polygone plein.
    pub fn polygon(&mut self, points: &[Point], color: Color) {
        self.shapes.push(Shape::Polygon { points: points.to_vec(), color });
    }

    /// Une étoile pleine à cinq branches.
    pub fn star(&mut self, (x, y): Point, radius: f64, color: Color) {
        let tip = |i: usize| {
            let r = if i.is_multiple_of(2) { radius } else { 0.45 * radius };
            let (sin, cos) = (std::f64::consts::PI * i as f64 / 5.0).sin_cos();
            (x + r * sin, y - r * cos)
        };
        self.polygon(&(0..10).map(tip).collect::<Vec<_>>(), color);
    }

    /// Un rectangle plein, donné par deux coins opposés.
    pub fn rectangle(&mut self, corners: [Point; 2], color: Color) {
        self.shapes.push(Shape::Rectangle { corners, color, round: 0.0 });
    }

    /// Un rectangle plein aux coins ronds.
    pub fn rounded(&mut self, corners: [Point; 2], round: f64, color: Color) {
        self.shapes.push(Shape::Rectangle { corners, color, round });
    }

    /// Des cases qui se touchent, chacune de sa couleur.
    pub fn pixels(&mut self, corners: [Point; 2], cells: Array2<RGBColor>) {
        self.shapes.push(Shape::Pixels { corners, cells });
    }

    /// Un texte centré en hauteur sur le point ; `align` dit quel bout du texte s'y trouve.
    pub fn text(&mut self, text: &str, at: Point, size: f64, color: Color, align: Align) {
        if !text.is_empty() {
            self.shapes.push(Shape::Text { text: text.into(), at, size, color, align });
        }
    }

    /// Des textes de couleurs diverses l'un après l'autre, le tout centré sur le point.
    pub fn sentence(&mut self, parts: &[(&str, Color)], (x, y): Point) {
        let total: f64 = parts.iter().map(|(part, _)| width(part)).sum();
        let mut left = x - total / 2.0;
        for (part, color) in parts {
            let blank = width(part) - width(part.trim_start());
            let middle = left + blank + width(part.trim()) / 2.0;
            // Chaque morceau est centré à sa place : une autre police ne décale pas la suite.
            self.text(part.trim(), (middle, y), BODY, *color, Align::Center);
            left += width(part);
        }
    }
}

/// La largeur d'un texte de corps [`BODY`] dans la police des images, plus large que la plupart.
pub(crate) fn width(text: &str) -> f64 {
    let Ok(font) = FontRef::try_from_slice(FONT) else { return 0.0 };
    let em = font.units_per_em().unwrap_or(2048.0);
    let font = font.as_scaled(font.height_unscaled() / em * BODY as f32);
    text.chars().map(|c| f64::from(font.h_advance(font.glyph_id(c)))).sum()
}

/// Un nom qui se dessine : sans retour à la ligne ni signe invisible, abrégé au-delà de `most` lettres.
pub(crate) fn short(name: &str, most: usize) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let name: String = name.trim().chars().map(clean).collect();
    if name.chars().count() <= most {
        return name;
    }
    name.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Le nom abrégé jusqu'à tenir dans cette largeur.
pub(crate) fn fitting(name: &str, room: f64) -> String {
    let mut most = name.chars().count().min(80);
    while most > 2 && width(&short(name, most)) > room {
        most -= 1;
    }
    short(name, most.max(2))
}
