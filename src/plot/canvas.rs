//! Une surface de `plotters` : la feuille s'y dessine, à la plus grande taille qui y tient.

use ab_glyph::{Font, FontRef, ScaleFont, point};
use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor, ShapeStyle, TextStyle, WHITE};

use super::sheet::{Align, FONT, HEIGHT, Point, Shape, WIDTH};
use crate::Error;

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
        let scale = (width / WIDTH).min(height / HEIGHT);
        let margin = ((width - scale * WIDTH) / 2.0, (height - scale * HEIGHT) / 2.0);
        check(area.fill(&WHITE))?;
        Ok(Self { area, medium, scale, margin })
    }

    /// Dessine un trait noté sur la feuille.
    pub fn draw(&self, shape: &Shape) -> Result<(), Error> {
        let filled = |color: &RGBColor| ShapeStyle::from(color).filled();
        let pixels =
            |points: &[Point]| points.iter().map(|&p| self.pixel(p)).collect::<Vec<_>>();
        match shape {
            Shape::Line { points, color, width } => {
                self.line(pixels(points), *color, *width)
            }
            Shape::Disc { center, radius, color } => {
                let (center, radius) = (self.pixel(*center), self.length(*radius));
                check(self.area.draw(&Circle::new(center, radius, filled(color))))
            }
            Shape::Polygon { points, color } => {
                check(self.area.draw(&Polygon::new(pixels(points), filled(color))))
            }
            Shape::Rectangle { corners, color } => {
                let corners = corners.map(|p| self.pixel(p));
                check(self.area.draw(&Rectangle::new(corners, filled(color))))
            }
            Shape::Text { text, at, size, color, align } => {
                self.text(text, *at, *size, *color, *align)
            }
        }
    }

    /// Une ligne brisée.
    fn line(
        &self,
        points: Vec<(i32, i32)>,
        color: RGBColor,
        width: f64,
    ) -> Result<(), Error> {
        let style = ShapeStyle::from(&color).stroke_width(self.length(width));
        if self.medium != Medium::Bitmap || points.len() < 3 {
            return check(self.area.draw(&PathElement::new(points, style)));
        }
        // L'image joint mal les segments d'un trait épais : on les trace un à un, joints par un disque.
        for ends in points.windows(2) {
            check(self.area.draw(&PathElement::new(ends.to_vec(), style)))?;
        }
        for &joint in &points[1..points.len() - 1] {
            check(self.area.draw(&Circle::new(
                joint,
                self.length(width) / 2,
                style.filled(),
            )))?;
        }
        Ok(())
    }

    /// Un texte centré en hauteur sur le point ; `align` dit quel bout du texte s'y trouve.
    fn text(
        &self,
        text: &str,
        at: Point,
        size: f64,
        color: RGBColor,
        align: Align,
    ) -> Result<(), Error> {
        // Le SVG de plotters divise la taille par 1,24.
        let size = match self.medium {
            Medium::Bitmap => return self.letters(text, at, size, color, align),
            Medium::Svg => size * self.scale * 1.24,
            Medium::Page => size * self.scale,
        };
        let align = match align {
            Align::Left => HPos::Left,
            Align::Center => HPos::Center,
            Align::Right => HPos::Right,
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
        align: Align,
    ) -> Result<(), Error> {
        let font = check(FontRef::try_from_slice(FONT))?;
        let em = (size * self.scale) as f32;
        let font = font
            .as_scaled(em * font.height_unscaled() / font.units_per_em().unwrap_or(2048.0));
        let width: f32 = text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum();
        let (x, y) = self.pixel(at);
        let mut x = x as f32
            - match align {
                Align::Left => 0.0,
                Align::Center => width / 2.0,
                Align::Right => width,
            };
        // La ligne de base est une demi-hauteur d'« x » sous le milieu, comme en SVG.
        let baseline = y as f32 + 0.27 * em;
        for c in text.chars() {
            let glyph =
                font.glyph_id(c).with_scale_and_position(font.scale(), point(x, baseline));
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
        plotters::style::register_font(
            "sans-serif",
            plotters::style::FontStyle::Normal,
            FONT,
        )
        .is_ok()
    });
    if *REGISTERED {
        Ok(())
    } else {
        Err(Error::Plot("la police livrée est illisible".into()))
    }
}

fn check<T, E: std::fmt::Display>(drawn: Result<T, E>) -> Result<T, Error> {
    drawn.map_err(|error| Error::Plot(error.to_string()))
}
