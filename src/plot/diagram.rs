//! Le réseau en trois colonnes, avec la forme de chaque tableau à sa place.

use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{counted, fixed, subscript};
use crate::palette::{BLUES, GREENS, GREY, Hue, INK, PALE, VERMILLIONS};
use crate::sheet::{Align, BODY, Point, Sheet};
use crate::table::Table;

/// Une colonne plus haute est abrégée par « ⋮ ».
const TALLEST: usize = 8;
// Les neurones se partagent cette hauteur de la feuille.
const TOP: f64 = 118.0;
const BOTTOM: f64 = 342.0;

/// Une couche du réseau.
#[derive(Clone, Debug)]
struct Column {
    x: f64,
    name: &'static str,
    array: &'static str,
    units: usize,
    hue: Hue,
}

/// Le schéma d'un réseau : ses trois couches, leurs liens, le nom et la forme de chaque tableau.
///
/// Une couche de plus de 8 unités est abrégée : « ⋮ » remplace celles du milieu.
///
/// # Refus
/// Une couche sans unité.
pub fn network_diagram(inputs: usize, hidden: usize, outputs: usize) -> Figure {
    draw_network_diagram(inputs, hidden, outputs).unwrap_or_else(Figure::refused)
}

fn draw_network_diagram(
    inputs: usize,
    hidden: usize,
    outputs: usize,
) -> Result<Figure, Error> {
    if hidden == 0 {
        return Err(nn_core::Error::NoHiddenUnits.into());
    }
    for (name, count) in [("inputs", inputs), ("outputs", outputs)] {
        if count == 0 {
            return Err(Error::Plot(format!(
                "`{name}` vaut 0 : chaque couche du réseau a au moins une unité. Donnez 1 ou davantage."
            )));
        }
    }
    let column = |x, name, array, units, hue| Column { x, name, array, units, hue };
    let columns = [
        column(124.0, "entrée", "x", inputs, GREENS),
        column(360.0, "couche cachée", "layer1", hidden, BLUES),
        column(596.0, "sortie", "ŷ", outputs, VERMILLIONS),
    ];
    let alt = format!(
        "Schéma d’un réseau en trois colonnes : entrée x de forme (m, {inputs}), couche cachée de {}, sortie ŷ \
         de forme (m, {outputs}). Chaque unité est reliée à toutes celles de la colonne suivante : W1 ({inputs}, \
         {hidden}) et b1 ({hidden}) mènent à la couche cachée, W2 ({hidden}, {outputs}) et b2 ({outputs}) à la \
         sortie.",
        counted(hidden, "neurone")
    );
    let mut sheet = Sheet::titled("Le réseau, et la forme de ses tableaux");
    for (layer, pair) in columns.windows(2).enumerate() {
        links(&mut sheet, layer + 1, &pair[0], &pair[1]);
    }
    columns.iter().for_each(|column| column.draw(&mut sheet));
    Ok(Figure::new(sheet, alt, shapes([inputs, hidden, outputs])))
}

/// Les tableaux du réseau, leur forme, et combien de nombres chacun porte.
fn shapes([inputs, hidden, outputs]: [usize; 3]) -> Table {
    let header = ["tableau", "rôle", "forme", "nombres"];
    let mut table = Table::new("Les tableaux du réseau, pour m exemples", &header);
    let mut row = |name: &str, role: &str, shape: String, count: String| {
        table.row(vec![name.into(), role.into(), shape, count]);
    };
    // « m » exemples : le compte dépend de leur nombre.
    let per = |units: usize| if units == 1 { "m".into() } else { format!("{units} m") };
    let product = |a: usize, b: usize| fixed(a as f64 * b as f64, 0);
    row("x", "entrée", format!("(m, {inputs})"), per(inputs));
    row("W1", "poids", format!("({inputs}, {hidden})"), product(inputs, hidden));
    row("b1", "biais", format!("({hidden})"), product(hidden, 1));
    row("layer1", "couche cachée", format!("(m, {hidden})"), per(hidden));
    row("W2", "poids", format!("({hidden}, {outputs})"), product(hidden, outputs));
    row("b2", "biais", format!("({outputs})"), product(outputs, 1));
    row("ŷ", "sortie", format!("(m, {outputs})"), per(outputs));
    table
}

/// Les poids d'une colonne à la suivante : un trait chacun, leur nom et leur forme dessous.
fn links(sheet: &mut Sheet, layer: usize, from: &Column, to: &Column) {
    let (starts, ends) = (from.places(), to.places());
    // De nombreux traits se font plus fins, pour que l'œil les suive encore.
    let width = if starts.len() * ends.len() > 24 { 0.75 } else { 1.25 };
    for &(a, _) in &starts {
        for &(b, _) in &ends {
            sheet.line(&[a, b], PALE, width);
        }
    }
    let x = (from.x + to.x) / 2.0;
    let weights = format!("W{layer} ({}, {})", from.units, to.units);
    sheet.text(&weights, (x, 372.0), BODY, to.hue.ink, Align::Center);
    sheet.text(
        &format!("b{layer} ({})", to.units),
        (x, 397.0),
        BODY,
        to.hue.ink,
        Align::Center,
    );
}

impl Column {
    fn draw(&self, sheet: &mut Sheet) {
        sheet.text(self.name, (self.x, 62.0), BODY + 1.5, self.hue.ink, Align::Center);
        let shape = format!("{} (m, {})", self.array, self.units);
        sheet.text(&shape, (self.x, 87.0), BODY, INK, Align::Center);

        let (radius, places) = (self.radius(), self.places());
        let outside = radius < 11.0 + 4.0 * self.units.to_string().len() as f64;
        for (radius, color) in [(radius, self.hue.line), (radius - 2.2, self.hue.fill)] {
            places.iter().for_each(|&(at, _)| sheet.disc(at, radius, color));
        }
        for &((x, y), unit) in &places {
            let label = match self.array {
                "x" if self.units == 1 => "x".into(),
                "x" => format!("x{}", subscript(unit + 1)),
                _ => "σ".into(),
            };
            // Un nom trop long pour le cercle se pose à côté, vers le bord de la feuille.
            let (x, align) = match self.array {
                "x" if outside => (x - radius - 8.0, Align::Right),
                _ => (x, Align::Center),
            };
            sheet.text(&label, (x, y), BODY, INK, align);
        }
        if self.units > TALLEST {
            sheet.text("⋮", (self.x, self.height(5)), BODY + 6.0, GREY, Align::Center);
        }
    }

    /// Les unités dessinées : leur place et leur rang. Le milieu d'une longue colonne manque.
    fn places(&self) -> Vec<(Point, usize)> {
        let place = |row: usize, unit: usize| ((self.x, self.height(row)), unit);
        if self.units <= TALLEST {
            return (0..self.units).map(|unit| place(unit, unit)).collect();
        }
        (0..5).map(|unit| place(unit, unit)).chain([place(6, self.units - 1)]).collect()
    }

    /// La hauteur d'un rang sur la feuille, la colonne étant centrée.
    fn height(&self, row: usize) -> f64 {
        let spacing = self.spacing();
        (TOP + BOTTOM) / 2.0 + spacing * (row as f64 - (self.rows() - 1) as f64 / 2.0)
    }

    fn rows(&self) -> usize {
        if self.units > TALLEST { 7 } else { self.units }
    }

    fn spacing(&self) -> f64 {
        ((BOTTOM - TOP) / self.rows() as f64).min(66.0)
    }

    fn radius(&self) -> f64 {
        (self.spacing() * 0.43).min(24.0)
    }
}
