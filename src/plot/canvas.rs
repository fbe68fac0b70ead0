//! La feuille : des points de 720 × 420, quelle que soit la surface dessous, et quelques traits.

use ab_glyph::{Font, FontRef, ScaleFont, point};
use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor, ShapeStyle, TextStyle, WHITE};

use crate::Error;

/// Largeur de la feuille.
pub(super) const WIDTH: u32 = 720;
/// Hauteur de la feuille.
pub(super) const HEIGHT: u32 = 420;

/// La police des images, livrée avec le code : aucune police du système n'est nécessaire.
const FONT: &[u8] = include_bytes!("fonts/DejaVuSans-subset.ttf");

/// Encre du texte.
pub(super) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Gris du texte second.
pub(super) const GREY: RGBColor = RGBColor(0x55, 0x55, 0x55);
/// Gris des traits qui relient.
pub(super) const PALE: RGBColor = RGBColor(0xA6, 0xA6, 0xA6);
/// Gris des lignes de repère.
pub(super) const GRID: RGBColor = RGBColor(0xE2, 0xE2, 0xE2);
// Palette d'Okabe et Ito, que distinguent aussi les yeux daltoniens.
/// Bleu.
pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
/// Vermillon.
pub(super) const VERMILLION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
/// Vert.
pub(super) const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);

/// Corps des titres, en points.
pub(super) const TITLE: f64 = 19.0;
/// Corps du reste du texte : le plus petit de toute la figure.
pub(super) const BODY: f64 = 15.5;

/// Un point de la feuille.
pub(super) type Point = (f64, f64);

/// Ce qui reçoit le dessin : chaque surface a sa façon de compter la taille d'un texte.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Medium {
    Svg,
    Bitmap,
    /// Le canevas d'une page, qui prend la taille demandée telle quelle.
    Page,
}

impl Default for Medium {
    fn default() -> Self {
        if cfg!(target_arch = "wasm32") { Self::Page } else { Self::Svg }
    }
}

/// Une surface de `plotters`, vue comme une feuille de 720 × 420.
pub(super) struct Canvas<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    medium: Medium,
    scale: f64,
    margin: Point,
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    /// Une feuille blanche, au milieu de la surface.
    pub fn new(area: &'a DrawingArea<DB, Shift>, medium: Medium) -> Result<Self, Error> {
        let (width, height) = area.dim_in_pixel();
        if width == 0 || height == 0 {
            return Err(Error::Plot(format!(
                "la surface de dessin mesure {width} × {height} pixels. Donnez-lui une largeur et une hauteur."
            )));
        }
        #[cfg(not(target_arch = "wasm32"))]
        register_font()?;
        let (width, height) = (f64::from(width), f64::from(height));
        let scale = (width / f64::from(WIDTH)).min(height / f64::from(HEIGHT));
        let margin =
            ((width - scale * f64::from(WIDTH)) / 2.0, (height - scale * f64::from(HEIGHT)) / 2.0);
        check(area.fill(&WHITE))?;
        Ok(Self { area, medium, scale, margin })
    }

    /// Une ligne brisée.
    pub fn line(&self, points: &[Point], color: RGBColor, width: f64) -> Result<(), Error> {
        let points: Vec<_> = points.iter().map(|&p| self.pixel(p)).collect();
        let style = ShapeStyle::from(&color).stroke_width(self.length(width));
        if self.medium != Medium::Bitmap || points.len() < 3 {
            return check(self.area.draw(&PathElement::new(points, style)));
        }
        // L'image joint mal les segments d'un trait épais : on les trace un à un, joints par un disque.
        for ends in points.windows(2) {
            check(self.area.draw(&PathElement::new(ends.to_vec(), style)))?;
        }
        for &joint in &points[1..points.len() - 1] {
            check(self.area.draw(&Circle::new(joint, self.length(width) / 2, style.filled())))?;
        }
        Ok(())
    }

    /// Une ligne brisée en tirets, aussi longs que les blancs qui les séparent.
    pub fn dashes(&self, points: &[Point], color: RGBColor, width: f64) -> Result<(), Error> {
        const DASH: f64 = 7.0;
        let (mut dash, mut along) = (Vec::new(), 0.0);
        for ends in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (ends[0], ends[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            let steps = length.ceil().max(1.0);
            for step in 0..steps as usize {
                let t = step as f64 / steps;
                if (along / DASH) % 2.0 < 1.0 {
                    dash.push((x0 + t * (x1 - x0), y0 + t * (y1 - y0)));
                } else if !dash.is_empty() {
                    self.line(&std::mem::take(&mut dash), color, width)?;
                }
                along += length / steps;
            }
        }
        if dash.len() > 1 { self.line(&dash, color, width) } else { Ok(()) }
    }

    /// Un disque.
    pub fn disc(&self, center: Point, radius: f64, color: RGBColor) -> Result<(), Error> {
        let style = ShapeStyle::from(&color).filled();
        check(self.area.draw(&Circle::new(self.pixel(center), self.length(radius), style)))
    }

    /// Un disque au bord marqué.
    pub fn ring(
        &self,
        center: Point,
        radius: f64,
        edge: RGBColor,
        fill: RGBColor,
    ) -> Result<(), Error> {
        self.disc(center, radius, edge)?;
        self.disc(center, radius - 2.2, fill)
    }

    /// Un polygone plein.
    pub fn polygon(&self, points: &[Point], color: RGBColor) -> Result<(), Error> {
        let points: Vec<_> = points.iter().map(|&p| self.pixel(p)).collect();
        check(self.area.draw(&Polygon::new(points, ShapeStyle::from(&color).filled())))
    }

    /// Un rectangle plein, donné par deux coins opposés.
    pub fn rectangle(&self, corners: [Point; 2], color: RGBColor) -> Result<(), Error> {
        let corners = corners.map(|p| self.pixel(p));
        check(self.area.draw(&Rectangle::new(corners, ShapeStyle::from(&color).filled())))
    }

    /// Un texte centré en hauteur sur le point ; `align` dit quel bout du texte s'y trouve.
    pub fn text(
        &self,
        text: &str,
        at: Point,
        size: f64,
        color: RGBColor,
        align: HPos,
    ) -> Result<(), Error> {
        // Le SVG de plotters divise la taille par 1,24.
        let size = match self.medium {
            Medium::Bitmap => return self.letters(text, at, size, color, align),
            Medium::Svg => size * self.scale * 1.24,
            Medium::Page => size * self.scale,
        };
        let style = TextStyle::from(("sans-serif", size).into_font()).color(&color);
        let style = style.pos(Pos::new(align, VPos::Center));
        check(self.area.draw_text(text, &style, self.pixel(at)))
    }

    /// Le même texte dans une image, lettre à lettre : plotters oublie le blanc à gauche de
    /// chacune, et les accents s'en trouveraient déplacés (« î »).
    fn letters(
        &self,
        text: &str,
        at: Point,
        size: f64,
        color: RGBColor,
        align: HPos,
    ) -> Result<(), Error> {
        let font = check(FontRef::try_from_slice(FONT))?;
        let em = (size * self.scale) as f32;
        let font =
            font.as_scaled(em * font.height_unscaled() / font.units_per_em().unwrap_or(2048.0));
        let width: f32 = text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum();
        let (x, y) = self.pixel(at);
        let mut x = x as f32
            - match align {
                HPos::Left => 0.0,
                HPos::Center => width / 2.0,
                HPos::Right => width,
            };
        // La ligne de base est une demi-hauteur d'« x » sous le milieu, comme en SVG.
        let baseline = y as f32 + 0.27 * em;
        for c in text.chars() {
            let glyph = font.glyph_id(c).with_scale_and_position(font.scale(), point(x, baseline));
            x += font.h_advance(glyph.id);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            let mut drawn = Ok(());
            outline.draw(|dx, dy, ink| {
                let pixel = (corner.x as i32 + dx as i32, corner.y as i32 + dy as i32);
                if drawn.is_ok() && ink > 0.0 {
                    drawn = check(self.area.draw_pixel(pixel, &color.mix(f64::from(ink))));
                }
            });
            drawn?;
        }
        Ok(())
    }

    /// Le titre de la figure.
    pub fn title(&self, text: &str) -> Result<(), Error> {
        self.text(text, (f64::from(WIDTH) / 2.0, 24.0), TITLE, INK, HPos::Center)
    }

    /// Une ligne d'explication sous le titre.
    pub fn subtitle(&self, text: &str) -> Result<(), Error> {
        self.text(text, (f64::from(WIDTH) / 2.0, 52.0), BODY, GREY, HPos::Center)
    }

    fn pixel(&self, (x, y): Point) -> (i32, i32) {
        let place = |margin: f64, v: f64| (margin + self.scale * v).round() as i32;
        (place(self.margin.0, x), place(self.margin.1, y))
    }

    fn length(&self, points: f64) -> u32 {
        ((points * self.scale).round() as u32).max(1)
    }
}

/// Fait connaître la police à plotters, pour les images qu'un appelant de `draw` fait lui-même.
#[cfg(not(target_arch = "wasm32"))]
fn register_font() -> Result<(), Error> {
    static REGISTERED: std::sync::LazyLock<bool> = std::sync::LazyLock::new(|| {
        plotters::style::register_font("sans-serif", plotters::style::FontStyle::Normal, FONT)
            .is_ok()
    });
    if *REGISTERED { Ok(()) } else { Err(Error::Plot("la police livrée est illisible".into())) }
}

fn check<T, E: std::fmt::Display>(drawn: Result<T, E>) -> Result<T, Error> {
    drawn.map_err(|error| Error::Plot(error.to_string()))
}
