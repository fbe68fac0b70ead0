//! La feuille : des points de 720 × 420 où une figure note ses traits, dessinés plus tard.

use ab_glyph::{Font, FontRef, ScaleFont};
use plotters::style::RGBColor;

/// Largeur de la feuille.
pub(super) const WIDTH: f64 = 720.0;
/// Hauteur de la feuille.
pub(super) const HEIGHT: f64 = 420.0;

/// La police des images, livrée avec le code : aucune police du système n'est nécessaire.
pub(super) const FONT: &[u8] = include_bytes!("fonts/DejaVuSans-subset.ttf");

/// Encre du texte.
pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Gris du texte second.
pub(super) const GREY: RGBColor = RGBColor(0x55, 0x55, 0x55);
/// Gris des traits qui relient.
pub(super) const PALE: RGBColor = RGBColor(0xA6, 0xA6, 0xA6);
/// Gris des lignes de repère.
pub(super) const GRID: RGBColor = RGBColor(0xE2, 0xE2, 0xE2);
/// Blanc.
pub(super) const WHITE: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
// Palette d'Okabe et Ito, que distinguent aussi les yeux daltoniens.
/// Bleu.
pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
/// Vermillon.
pub(super) const VERMILLION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
/// Vert.
pub(super) const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);
/// Pourpre.
pub(super) const PURPLE: RGBColor = RGBColor(0xCC, 0x79, 0xA7);
/// Orange.
pub(super) const ORANGE: RGBColor = RGBColor(0xE6, 0x9F, 0x00);

/// Corps des titres, en points.
pub(super) const TITLE: f64 = 19.0;
/// Corps du reste du texte : le plus petit de toute la figure.
pub(super) const BODY: f64 = 15.5;

/// Un point de la feuille.
pub(super) type Point = (f64, f64);

/// Le bout d'un texte qui se pose au point demandé.
#[derive(Clone, Copy, Debug)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

/// Un trait noté sur la feuille.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Line { points: Vec<Point>, color: RGBColor, width: f64 },
    Disc { center: Point, radius: f64, color: RGBColor },
    Polygon { points: Vec<Point>, color: RGBColor },
    Rectangle { corners: [Point; 2], color: RGBColor },
    Text { text: String, at: Point, size: f64, color: RGBColor, align: Align },
}

/// Une feuille blanche ; ce qui vient ensuite recouvre ce qui est venu avant.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub shapes: Vec<Shape>,
}

impl Sheet {
    /// Une feuille et son titre.
    pub fn titled(title: &str) -> Self {
        let mut sheet = Self::default();
        sheet.text(title, (WIDTH / 2.0, 24.0), TITLE, INK, Align::Center);
        sheet
    }

    /// Une ligne d'explication sous le titre.
    pub fn subtitle(&mut self, text: &str) {
        self.text(text, (WIDTH / 2.0, 52.0), BODY, GREY, Align::Center);
    }

    /// Une ligne brisée.
    pub fn line(&mut self, points: &[Point], color: RGBColor, width: f64) {
        self.shapes.push(Shape::Line { points: points.to_vec(), color, width });
    }

    /// Une ligne brisée en tirets de longueur `dash`, aussi longs que les blancs qui les séparent.
    pub fn dashes(&mut self, points: &[Point], color: RGBColor, width: f64, dash: f64) {
        let (mut drawn, mut along) = (Vec::new(), 0.0);
        for ends in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (ends[0], ends[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            let steps = length.ceil().max(1.0);
            for step in 0..steps as usize {
                let t = step as f64 / steps;
                if (along / dash) % 2.0 < 1.0 {
                    drawn.push((x0 + t * (x1 - x0), y0 + t * (y1 - y0)));
                } else if !drawn.is_empty() {
                    self.line(&std::mem::take(&mut drawn), color, width);
                }
                along += length / steps;
            }
        }
        if drawn.len() > 1 {
            self.line(&drawn, color, width);
        }
    }

    /// Une flèche : un trait, et une pointe au dernier point.
    pub fn arrow(&mut self, points: &[Point], color: RGBColor, width: f64) {
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
    pub fn disc(&mut self, center: Point, radius: f64, color: RGBColor) {
        self.shapes.push(Shape::Disc { center, radius, color });
    }

    /// Un disque au bord marqué.
    pub fn ring(&mut self, center: Point, radius: f64, edge: RGBColor, fill: RGBColor) {
        self.disc(center, radius, edge);
        self.disc(center, radius - 2.2, fill);
    }

    /// Un polygone plein.
    pub fn polygon(&mut self, points: &[Point], color: RGBColor) {
        self.shapes.push(Shape::Polygon { points: points.to_vec(), color });
    }

    /// Une étoile pleine à cinq branches.
    pub fn star(&mut self, (x, y): Point, radius: f64, color: RGBColor) {
        let tip = |i: usize| {
            let r = if i.is_multiple_of(2) { radius } else { 0.45 * radius };
            let (sin, cos) = (std::f64::consts::PI * i as f64 / 5.0).sin_cos();
            (x + r * sin, y - r * cos)
        };
        self.polygon(&(0..10).map(tip).collect::<Vec<_>>(), color);
    }

    /// Un rectangle plein, donné par deux coins opposés.
    pub fn rectangle(&mut self, corners: [Point; 2], color: RGBColor) {
        self.shapes.push(Shape::Rectangle { corners, color });
    }

    /// Un texte centré en hauteur sur le point ; `align` dit quel bout du texte s'y trouve.
    pub fn text(
        &mut self,
        text: &str,
        at: Point,
        size: f64,
        color: RGBColor,
        align: Align,
    ) {
        self.shapes.push(Shape::Text { text: text.into(), at, size, color, align });
    }

    /// Des textes de couleurs diverses l'un après l'autre, le tout centré sur le point.
    pub fn sentence(&mut self, parts: &[(&str, RGBColor)], (x, y): Point) {
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
pub(super) fn width(text: &str) -> f64 {
    let Ok(font) = FontRef::try_from_slice(FONT) else { return 0.0 };
    let em = font.units_per_em().unwrap_or(2048.0);
    let font = font.as_scaled(font.height_unscaled() / em * BODY as f32);
    text.chars().map(|c| f64::from(font.h_advance(font.glyph_id(c)))).sum()
}

/// Un nom qui se dessine : sans retour à la ligne ni signe invisible, abrégé au-delà de `most` lettres.
pub(super) fn short(name: &str, most: usize) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let name: String = name.trim().chars().map(clean).collect();
    if name.chars().count() <= most {
        return name;
    }
    name.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Le mélange de deux couleurs : `share` vaut 0 pour la première, 1 pour la seconde.
pub(super) fn mix(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let mix = |from: u8, to: u8| {
        (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// Une couleur, assez foncée pour du texte.
pub(super) fn ink(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let dark = |c: u8| (f64::from(c) * 0.8) as u8;
    RGBColor(dark(r), dark(g), dark(b))
}

/// Noir ou blanc, selon ce qui se lit le mieux sur ce fond (contraste de WCAG 2).
pub(super) fn text_on(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let linear = |c: u8| ((f64::from(c) / 255.0 + 0.055) / 1.055).powf(2.4);
    let luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    if luminance > 0.179 { RGBColor(0, 0, 0) } else { WHITE }
}
