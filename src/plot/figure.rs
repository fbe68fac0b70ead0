//! Une figure est une image décrite, que l'on dessine ensuite sous la forme voulue.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{RgbImage, imageops};
use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_bitmap::BitMapBackend;
use plotters_svg::SVGBackend;

use super::canvas::{Canvas, Medium};
use super::png;
use super::sheet::{HEIGHT, Sheet, WIDTH};
use crate::Error;

/// Le tracé se fait sur une grille quatre fois plus fine que l'image : les traits restent lisses.
const FINE: u32 = 4;
/// L'image PNG compte deux pixels par point, pour les écrans fins.
const SHARP: u32 = 2;

/// Une image de 720 × 420 points, avec le texte qui la remplace pour qui ne la voit pas.
///
/// La même figure donne toujours les mêmes octets.
#[derive(Clone, Debug)]
pub struct Figure {
    sheet: Sheet,
    alt: String,
}

impl Figure {
    pub(super) fn new(sheet: Sheet, alt: String) -> Self {
        Self { sheet, alt }
    }

    /// Ce que la figure montre, en une phrase et quelques nombres : son texte de remplacement.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Dessine la figure sur une surface de `plotters`, à la plus grande taille qui y tient.
    ///
    /// # Erreurs
    /// Surface sans étendue, ou tracé refusé par la surface.
    pub fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
    ) -> Result<(), Error> {
        self.draw_as(area, Medium::default())
    }

    /// La figure en SVG, de taille 720 × 420, texte de remplacement compris.
    ///
    /// # Erreurs
    /// Aucune connue : le tracé se fait en mémoire.
    pub fn svg(&self) -> Result<String, Error> {
        let size = pixels(FINE);
        let mut svg = String::new();
        self.draw_as(
            &SVGBackend::with_string(&mut svg, size).into_drawing_area(),
            Medium::Svg,
        )?;
        let fine = format!("width=\"{}\" height=\"{}\"", size.0, size.1);
        let alt =
            self.alt.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        let real = format!(
            "width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{alt}\""
        );
        Ok(svg.replacen(&fine, &real, 1))
    }

    /// La figure en PNG, de 1440 × 840 pixels : nette aussi sur les écrans fins.
    ///
    /// # Erreurs
    /// Aucune connue : le tracé se fait en mémoire.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        let (width, height) = pixels(FINE);
        let mut buffer = vec![255; (width * height * 3) as usize];
        let backend = BitMapBackend::with_buffer(&mut buffer, (width, height));
        self.draw_as(&backend.into_drawing_area(), Medium::Bitmap)?;
        let fine = RgbImage::from_raw(width, height, buffer)
            .ok_or_else(|| Error::Plot("l'image n'a pas la taille prévue".into()))?;
        let (width, height) = pixels(SHARP);
        png::encode(&imageops::thumbnail(&fine, width, height))
    }

    /// Affiche la figure dans un notebook ; le noyau evcxr appelle lui-même cette fonction.
    ///
    /// Une seule sortie, sous trois formes : PNG, SVG et texte de remplacement.
    pub fn evcxr_display(&self) {
        let output = match (self.png(), self.svg()) {
            (Ok(png), Ok(svg)) => {
                block("image/png", &STANDARD.encode(png))
                    + &block("image/svg+xml", &svg)
                    + &block("text/plain", &self.alt)
            }
            (Err(error), _) | (_, Err(error)) => block("text/plain", &error.to_string()),
        };
        // Une sortie déjà fermée n'a plus de lecteur : il n'y a rien à signaler.
        let mut stdout = std::io::stdout().lock();
        let _ = stdout.write_all(output.as_bytes()).and_then(|()| stdout.flush());
    }

    fn draw_as<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
        medium: Medium,
    ) -> Result<(), Error> {
        let canvas = Canvas::new(area, medium)?;
        self.sheet.shapes.iter().try_for_each(|shape| canvas.draw(shape))?;
        area.present().map_err(|error| Error::Plot(error.to_string()))
    }
}

/// La taille de la feuille, à tant de pixels par point.
fn pixels(each: u32) -> (u32, u32) {
    (WIDTH as u32 * each, HEIGHT as u32 * each)
}

/// Un contenu typé, tel que le noyau evcxr le lit sur la sortie standard.
fn block(mime: &str, content: &str) -> String {
    format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n")
}
