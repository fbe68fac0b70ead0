//! Une surface de `plotters` : la feuille s'y dessine, à la plus grande taille qui y tient.

use ab_glyph::{Font, FontRef, ScaleFont, point};
use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, IntoFont, ShapeStyle, TextStyle, WHITE};

use crate::error::Error;
use crate::palette::Color;
use crate::sheet::{Align, BASELINE, FONT, Point, Shape, WIDTH};

/// Ce qui reçoit le dessin : chaque surface a sa façon de compter la taille d'un texte.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Medium {
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

/// Une surface de `plotters`, vue comme une feuille.
pub(crate) struct Canvas<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    medium: Medium,
    scale: f64,
    margin: Point,
}

impl<'a, DB: DrawingBackend> Canvas<'a, DB> {
    /// Une feuille blanche haute de `tall` points, au milieu de la surface.
    pub fn new(
        area: &'a DrawingArea<DB, Shift>,
        medium: Medium,
        tall: f64,
    ) -> Result<Self, Error> {
        let (width, height) = area.dim_in_pixel();
        if width == 0 || height == 0 {
            return Err(Error::Plot(format!(
                "la surface de dessin mesure {width} × {height} pixels. Donnez-lui une largeur et une hauteur."
            )));
        }
        #[cfg(not(target_arch = "wasm32"))]
        register_font()?;
        let (width, height) = (f64::from(width), f64::from(height));
        let scale = (width / WIDTH).min(height / tall);
        let margin = ((width - scale * WIDTH) / 2.0, (height - scale * tall) / 2.0);
        check(area.fill(&WHITE))?;
        Ok(Self { area, medium, scale, margin })
    }

    /// Dessine un trait noté sur la feuille.
    pub fn draw(&self, shape: &Shape) -> Result<(), Error> {
        let filled = |color: &Color| ShapeStyle::from(&color.rgb()).filled();
        let pixels =
            |points: &[Point]| points.iter().map(|&p| self.pixel(p)).collect::<Vec<_>>();
        match shape {
            Shape::Line { points, color, width, dash: None } => {
                self.line(pixels(points), *color, *width)
            }
            Shape::Line { points, color, width, dash: Some(dash) } => dashes(points, *dash)
                .iter()
                .try_for_each(|dash| self.line(pixels(dash), *color, *width)),
            Shape::Disc { center, radius, color } => {
                let (center, radius) = (self.pixel(*center), self.length(*radius));
                check(self.area.draw(&Circle::new(center, radius, filled(color))))
            }
            Shape::Polygon { points, color } => {
                check(self.area.draw(&Polygon::new(pixels(points), filled(color))))
            }
            Shape::Rectangle { corners, color, round } if *round == 0.0 => {
                let corners = corners.map(|p| self.pixel(p));
                check(self.area.draw(&Rectangle::new(corners, filled(color))))
            }
            Shape::Rectangle { corners, color, round } => {
                let points = pixels(&rounded(*corners, *round));
                check(self.area.draw(&Polygon::new(points, filled(color))))
            }
            Shape::Pixels { corners: [(x0, y0), (x1, y1)], cells } => {
                let (rows, columns) = cells.dim();
                let place = |i: usize, j: usize| {
                    let (v, u) = (i as f64 / rows as f64, j as f64 / columns as f64);
                    self.pixel((x0 + u * (x1 - x0), y0 + v * (y1 - y0)))
                };
                cells.indexed_iter().try_for_each(|((i, j), color)| {
                    let corners = [place(i, j), place(i + 1, j + 1)];
                    check(self.area.draw(&Rectangle::new(corners, color.filled())))
                })
            }
            Shape::Text { text, at, size, color, align } => {
                self.text(text, *at, *size, *color, *align)
            }
        }
    }

    /// Une ligne brisée.
    fn line(&self, points: Vec<(i32, i32)>, color: Color, width: f64) -> Result<(), Error> {
        let style = ShapeStyle::from(&color.rgb()).stroke_width(self.length(width));
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
        color: Color,
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
        let ink = color.rgb();
        let style = TextStyle::from(("sans-serif", size).into_font()).color(&ink);
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
        color: Color,
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
        let baseline = y as f32 + BASELINE as f32 * em;
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
                    drawn = check(
                        self.area.draw_pixel(pixel, &color.rgb().mix(f64::from(ink))),
                    );
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

/// Les tirets d'une ligne brisée, de longueur `dash`, aussi longs que les blancs qui les séparent.
fn dashes(points: &[Point], dash: f64) -> Vec<Vec<Point>> {
    let (mut all, mut drawn, mut along) = (Vec::new(), Vec::new(), 0.0);
    for ends in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (ends[0], ends[1]);
        let length = (x1 - x0).hypot(y1 - y0);
        let steps = length.ceil().max(1.0);
        for step in 0..steps as usize {
            let t = step as f64 / steps;
            if (along / dash) % 2.0 < 1.0 {
                drawn.push((x0 + t * (x1 - x0), y0 + t * (y1 - y0)));
            } else if !drawn.is_empty() {
                all.push(std::mem::take(&mut drawn));
            }
            along += length / steps;
        }
    }
    if drawn.len() > 1 {
        all.push(drawn);
    }
    all
}

/// Le contour d'un rectangle aux coins ronds.
fn rounded([(x0, y0), (x1, y1)]: [Point; 2], radius: f64) -> Vec<Point> {
    let centers = [
        (x1 - radius, y0 + radius),
        (x1 - radius, y1 - radius),
        (x0 + radius, y1 - radius),
        (x0 + radius, y0 + radius),
    ];
    let mut points = Vec::new();
    for (corner, (x, y)) in centers.into_iter().enumerate() {
        for k in 0..=6 {
            let angle =
                std::f64::consts::FRAC_PI_2 * (corner as f64 - 1.0 + f64::from(k) / 6.0);
            points.push((x + radius * angle.cos(), y + radius * angle.sin()));
        }
    }
    points
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
