//! Un graphique : deux axes gradués, et des séries de points entre eux.

use plotters::backend::DrawingBackend;
use plotters::style::RGBColor;
use plotters::style::text_anchor::HPos;

use super::canvas::{BODY, Canvas, GREY, GRID, INK, Point, WIDTH};
use super::numbers::Axis;
use crate::Error;

// Le cadre des axes sur la feuille.
const LEFT: f64 = 84.0;
const RIGHT: f64 = 680.0;
const TOP: f64 = 102.0;
const BOTTOM: f64 = 346.0;

/// Un graphique complet, prêt à être dessiné.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    pub title: String,
    /// Une ligne sous le titre ; vide, la légende prend sa place.
    pub subtitle: String,
    pub x: Axis,
    pub y: Axis,
    pub x_name: String,
    pub y_name: String,
    pub series: Vec<Series>,
}

/// Des points tracés de la même façon.
#[derive(Clone, Debug)]
pub(super) struct Series {
    /// Le nom dans la légende ; vide, la série n'y figure pas.
    pub name: String,
    pub points: Vec<Point>,
    pub mark: Mark,
    pub color: RGBColor,
}

/// Une façon de tracer ; chacune se reconnaît aussi sans la couleur.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mark {
    Line,
    Dashes,
    /// Des traits fins entre les points, pris deux par deux.
    Links,
    Dot,
    Ring(f64),
    Diamond(f64),
}

impl Chart {
    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), Error> {
        canvas.title(&self.title)?;
        if self.subtitle.is_empty() {
            self.legend(canvas)?
        } else {
            canvas.subtitle(&self.subtitle)?
        }
        self.axes(canvas)?;
        for series in &self.series {
            let points: Vec<_> = series.points.iter().map(|&p| self.place(p)).collect();
            series.mark.draw(canvas, &points, series.color)?;
        }
        Ok(())
    }

    fn axes<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), Error> {
        for (value, label) in self.y.ticks() {
            let (_, y) = self.place((self.x.low, value));
            canvas.line(&[(LEFT, y), (RIGHT, y)], GRID, 1.0)?;
            canvas.text(&label, (LEFT - 10.0, y), BODY, INK, HPos::Right)?;
        }
        for (value, label) in self.x.ticks() {
            let (x, _) = self.place((value, self.y.low));
            canvas.line(&[(x, BOTTOM), (x, BOTTOM + 6.0)], GREY, 1.25)?;
            canvas.text(&label, (x, BOTTOM + 20.0), BODY, INK, HPos::Center)?;
        }
        canvas.line(&[(LEFT, TOP), (LEFT, BOTTOM)], GREY, 1.25)?;
        canvas.line(&[(LEFT, BOTTOM), (RIGHT, BOTTOM)], GREY, 1.25)?;
        canvas.text(&self.y_name, (20.0, TOP - 24.0), BODY, INK, HPos::Left)?;
        canvas.text(&self.x_name, ((LEFT + RIGHT) / 2.0, BOTTOM + 48.0), BODY, INK, HPos::Center)
    }

    /// Les noms des séries sur une ligne, chacun après un échantillon de son tracé.
    fn legend<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), Error> {
        // La largeur du texte dépend de la police du lecteur : 0,56 corps par lettre en moyenne.
        let width = |series: &Series| 44.0 + 0.56 * BODY * series.name.chars().count() as f64;
        let named: Vec<_> = self.series.iter().filter(|series| !series.name.is_empty()).collect();
        let gap = 28.0;
        let total: f64 = named.iter().map(|&series| width(series) + gap).sum::<f64>() - gap;
        let (mut x, y) = ((f64::from(WIDTH) - total) / 2.0, 54.0);
        for series in named {
            let sample: &[Point] = match series.mark {
                Mark::Line | Mark::Dashes | Mark::Links => &[(x, y), (x + 35.0, y)],
                Mark::Dot | Mark::Ring(_) | Mark::Diamond(_) => &[(x + 26.0, y)],
            };
            series.mark.draw(canvas, sample, series.color)?;
            canvas.text(&series.name, (x + 44.0, y), BODY, INK, HPos::Left)?;
            x += width(series) + gap;
        }
        Ok(())
    }

    /// La place d'un point sur la feuille.
    fn place(&self, (x, y): Point) -> Point {
        (LEFT + self.x.place(x) * (RIGHT - LEFT), BOTTOM - self.y.place(y) * (BOTTOM - TOP))
    }
}

impl Mark {
    fn draw<DB: DrawingBackend>(
        self,
        canvas: &Canvas<DB>,
        points: &[Point],
        color: RGBColor,
    ) -> Result<(), Error> {
        match self {
            Self::Line => return canvas.line(points, color, 2.75),
            Self::Dashes => return canvas.dashes(points, color, 2.25),
            _ => {}
        }
        for (i, &(x, y)) in points.iter().enumerate() {
            match self {
                Self::Links if i % 2 == 1 => canvas.line(&points[i - 1..=i], color, 1.5)?,
                Self::Dot => canvas.disc((x, y), 4.5, color)?,
                Self::Ring(r) => canvas.ring((x, y), r, color, plotters::style::WHITE)?,
                Self::Diamond(r) => {
                    canvas.polygon(&[(x - r, y), (x, y - r), (x + r, y), (x, y + r)], color)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
