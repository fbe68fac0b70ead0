//! Une figure est une image décrite, que l'on dessine ensuite sous la forme voulue.

use std::fmt;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_bitmap::BitMapBackend;

use crate::canvas::{Canvas, Medium};
use crate::error::Error;
use crate::png;
use crate::sheet::{Sheet, WIDTH};
use crate::svg;
use crate::table::Table;

/// L'image PNG compte deux pixels par point, pour les écrans fins, et le tracé se fait sur une
/// grille deux fois plus fine encore : les traits restent lisses.
const FINE: u32 = 4;

/// Le type de ce qui dit, dans la sortie d'une cellule, pourquoi une figure n'a pas pu être faite.
pub const REFUSAL: &str = "application/vnd.nn-core.refus";

/// Une image large de 720 points, haute de 420 au plus, avec le texte qui la remplace pour qui ne
/// la voit pas, et ses nombres en tableau.
///
/// La même figure donne toujours les mêmes octets.
#[derive(Clone)]
pub struct Figure {
    sheet: Sheet,
    alt: String,
    table: Table,
    refusal: Option<Error>,
}

impl Figure {
    pub(crate) fn new(sheet: Sheet, alt: String, table: Table) -> Self {
        Self { sheet, alt, table, refusal: None }
    }

    /// Ce qui se montre à la place d'une figure impossible : la raison, et que faire.
    pub(crate) fn refused(error: Error) -> Self {
        let alt = error.to_string();
        let table = Table::new(alt.clone(), &[]);
        Self { sheet: Sheet::default(), alt, table, refusal: Some(error) }
    }

    /// Pourquoi la figure n'a pas pu être faite, si c'est le cas.
    pub fn refusal(&self) -> Option<&Error> {
        self.refusal.as_ref()
    }

    /// La feuille, si la figure a pu être faite.
    fn drawable(&self) -> Result<&Sheet, Error> {
        self.refusal.clone().map_or(Ok(&self.sheet), Err)
    }

    /// La même figure sous un autre titre : dans le livre, ce sera sa légende.
    ///
    /// Un titre de plus de 62 lettres est abrégé.
    ///
    /// ```
    /// let figure = nn_plot::network_diagram(3, 4, 1).titled("Notre réseau");
    /// assert!(figure.svg()?.contains(">Notre réseau<"));
    /// # Ok::<(), nn_plot::Error>(())
    /// ```
    pub fn titled(mut self, title: &str) -> Self {
        self.sheet.set_title(title);
        self
    }

    /// Ce que la figure montre, en une phrase et quelques nombres : son texte de remplacement.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Les nombres de la figure. D'une longue suite, une partie, et le titre du tableau le dit.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Dessine la figure sur une surface de `plotters`, à la plus grande taille qui y tient.
    ///
    /// # Erreurs
    /// Celle de [`refusal`](Self::refusal), surface sans étendue, ou tracé refusé par la surface.
    pub fn draw<DB: DrawingBackend>(
        &self,
        area: &DrawingArea<DB, Shift>,
    ) -> Result<(), Error> {
        self.draw_as(area, Medium::default())
    }

    /// La figure en SVG, large de 720 points, texte de remplacement compris.
    ///
    /// Une couleur écrite `#RRGGBB` est un rôle, qu'une page sombre peut remplacer ; une couleur
    /// écrite `rgb(…)` vaut par elle-même.
    ///
    /// # Erreurs
    /// Celle de [`refusal`](Self::refusal) : le tracé se fait en mémoire.
    pub fn svg(&self) -> Result<String, Error> {
        svg::write(self.drawable()?, &self.alt)
    }

    /// La figure en PNG, de 1440 × 840 pixels : nette aussi sur les écrans fins.
    ///
    /// # Erreurs
    /// Celle de [`refusal`](Self::refusal) : le tracé se fait en mémoire.
    pub fn png(&self) -> Result<Vec<u8>, Error> {
        let (width, height) = (WIDTH as u32 * FINE, self.sheet.height() as u32 * FINE);
        let mut fine = vec![[255; 3]; (width * height) as usize];
        let backend = BitMapBackend::with_buffer(fine.as_flattened_mut(), (width, height));
        self.draw_as(&backend.into_drawing_area(), Medium::Bitmap)?;
        png::encode(&png::halve(&fine, width as usize), width as usize / 2)
    }

    /// Affiche la figure dans un notebook ; le noyau evcxr appelle lui-même cette fonction.
    ///
    /// Une seule sortie, sous quatre formes : PNG, SVG, texte de remplacement et nombres. D'une
    /// figure impossible, le texte dit pourquoi ; le type [`REFUSAL`] le répète pour les machines.
    pub fn evcxr_display(&self) {
        let output = match (self.png(), self.svg()) {
            (Ok(png), Ok(svg)) => {
                block("image/png", &STANDARD.encode(png))
                    + &block("image/svg+xml", &svg)
                    + &block("text/plain", &self.alt)
                    + &block("text/csv", self.table.csv().trim_end())
            }
            (Err(error), _) | (_, Err(error)) => {
                block("text/plain", &error.to_string())
                    + &block(REFUSAL, &error.to_string())
            }
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
        let sheet = self.drawable()?;
        let canvas = Canvas::new(area, medium, sheet.height())?;
        canvas.draw(&sheet.title())?;
        sheet.shapes.iter().try_for_each(|shape| canvas.draw(shape))?;
        area.present().map_err(|error| Error::Plot(error.to_string()))
    }
}

/// Ce qu'un notebook montre d'une figure que sa cellule a consommée, faute de pouvoir l'afficher.
impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Figure : {}\n(Vous attendiez une image ? Finissez la cellule par l'expression \
             entière qui fait la figure, sans passer par un nom.)",
            self.alt
        )
    }
}

/// Un contenu typé, tel que le noyau evcxr le lit sur la sortie standard.
fn block(mime: &str, content: &str) -> String {
    format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n")
}
