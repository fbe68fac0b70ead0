//! Le produit de matrices en trois blocs de cases : ce qui se touche doit être égal, et disparaît.

use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::number;
use crate::palette::{BLUES, GREENS, GREY, Hue, INK, PAPER, PURPLES, VERMILLIONS};
use crate::sheet::{Align, BODY, Point, Sheet, WIDTH, short, width};
use crate::table::Table;

/// Une dimension plus longue est abrégée par des points.
const LONGEST: usize = 7;
/// Le haut du bloc le plus haut, sous le sous-titre et l'accolade.
const TOP: f64 = 116.0;
/// La largeur d'un signe entre deux blocs.
const SIGN: f64 = 44.0;

/// Un bloc de cases, et ce qu'il faut y montrer.
struct Block {
    name: String,
    rows: usize,
    columns: usize,
    /// La ligne et la colonne mises en avant, s'il y en a.
    row: Option<usize>,
    column: Option<usize>,
    hue: Hue,
    /// L'accolade des lignes et celle des colonnes : laquelle porte la dimension commune.
    common: [bool; 2],
}

/// Le produit `left` · `right`, chacun donné par son nom, ses lignes et ses colonnes.
///
/// La dimension commune est en vert ; une ligne de gauche et une colonne de droite donnent la case
/// mise en avant. Au-delà de 7 lignes ou colonnes, des points remplacent celles du milieu.
///
/// # Refus
/// Une dimension nulle, ou un nombre de colonnes à gauche qui n'est pas celui des lignes à droite.
pub fn matrix_product(left: (&str, usize, usize), right: (&str, usize, usize)) -> Figure {
    draw_matrix_product(left, right).unwrap_or_else(Figure::refused)
}

fn draw_matrix_product(
    left: (&str, usize, usize),
    right: (&str, usize, usize),
) -> Result<Figure, Error> {
    let ((a, m, n), (b, inner, h)) =
        ((short(left.0, 12), left.1, left.2), (short(right.0, 12), right.1, right.2));
    if m == 0 || n == 0 || inner == 0 || h == 0 {
        return Err(Error::Plot(format!(
            "`{a}` est de forme ({m}, {n}) et `{b}` de forme ({inner}, {h}) : il faut au moins une ligne et une \
             colonne à chacun."
        )));
    }
    if n != inner {
        return Err(Error::Plot(format!(
            "`{a}` est de forme ({m}, {n}) et `{b}` de forme ({inner}, {h}) : le produit demande autant de colonnes \
             à gauche ({n}) que de lignes à droite ({inner}). Transposez l'un des deux, ou vérifiez leur ordre."
        )));
    }
    let (row, column) = (Some(1.min(m - 1)), Some(2.min(h - 1)));
    let block = |name: String, (rows, columns), (row, column), hue, common| Block {
        name: match format!("{name} ({}, {})", written(rows), written(columns)) {
            shape if width(&shape) < 230.0 => shape,
            _ => name,
        },
        rows,
        columns,
        row,
        column,
        hue,
        common,
    };
    let result = format!("{a} · {b}");
    let blocks = [
        block(a.clone(), (m, n), (row, None), BLUES, [false, true]),
        block(b.clone(), (n, h), (None, column), VERMILLIONS, [true, false]),
        block(result.clone(), (m, h), (row, column), PURPLES, [false, false]),
    ];

    let mut sheet = Sheet::titled(&format!("Le produit {result}, et ses formes"));
    sheet.subtitle(&format!(
        "une case = une ligne de {a} fois une colonne de {b}, terme à terme"
    ));
    // Les cases les plus grandes qui laissent place à tout.
    let rows = slots(m).len().max(slots(n).len()) as f64;
    let total =
        |cell: f64| blocks.iter().map(|block| block.width(cell)).sum::<f64>() + 2.0 * SIGN;
    let sizes = (10..=46).rev().map(f64::from).filter(|cell| rows * cell <= 200.0);
    let cell = sizes.into_iter().find(|&cell| total(cell) <= WIDTH - 48.0).unwrap_or(10.0);
    let (mut x, middle) = ((WIDTH - total(cell)) / 2.0, TOP + rows * cell / 2.0);
    for (rank, block) in blocks.iter().enumerate() {
        block.draw(&mut sheet, (x, middle), cell);
        x += block.width(cell) + SIGN;
        match rank {
            0 => sheet.disc((x - SIGN / 2.0, middle), 3.5, INK),
            1 => sheet.text("=", (x - SIGN / 2.0, middle), 26.0, INK, Align::Center),
            _ => {}
        }
    }
    let (m, n, h) = (written(m), written(n), written(h));
    let green = GREENS.ink;
    let shapes = [
        format!("({m}, "),
        format!(", {h}) → ({m}, {h})"),
        format!(" : le {n} commun disparaît"),
    ];
    let parts = [
        (&*shapes[0], INK),
        (&n, green),
        (") · (", INK),
        (&n, green),
        (&shapes[1], INK),
        (&shapes[2], green),
    ];
    let shown = if shapes.concat().len() < 72 { 6 } else { 5 };
    sheet.sentence(&parts[..shown], (WIDTH / 2.0, TOP + rows * cell + 58.0));
    let alt = format!(
        "Produit de matrices en trois blocs de cases : {a} de forme ({m}, {n}), fois {b} de forme ({n}, {h}), donne \
         {result} de forme ({m}, {h}). La dimension commune, {n}, est marquée des deux côtés et disparaît. Une ligne \
         de {a} et une colonne de {b} sont mises en avant, avec la case du résultat qu’elles donnent."
    );
    let header = ["bloc", "lignes", "colonnes"];
    let mut table = Table::new("Les formes du produit", &header);
    for block in [(a, &m, &n), (b, &n, &h), (result, &m, &h)] {
        table.row(vec![block.0, block.1.clone(), block.2.clone()]);
    }
    Ok(Figure::new(sheet, alt, table))
}

impl Block {
    /// La place à gauche des cases, pour leur accolade et son nombre ; à droite, pour leur nom.
    fn margins(&self, cell: f64) -> (f64, f64) {
        let beyond = (width(&self.name) - slots(self.columns).len() as f64 * cell) / 2.0;
        ((20.0 + width(&written(self.rows))).max(beyond), beyond.max(0.0))
    }

    fn width(&self, cell: f64) -> f64 {
        let (left, right) = self.margins(cell);
        left + slots(self.columns).len() as f64 * cell + right
    }

    fn draw(&self, sheet: &mut Sheet, (x, middle): Point, cell: f64) {
        let (rows, columns) = (slots(self.rows), slots(self.columns));
        let (wide, high) = (columns.len() as f64 * cell, rows.len() as f64 * cell);
        let (x, y) = (x + self.margins(cell).0, middle - high / 2.0);
        // Un fond gris : ce qui en paraît entre les cases fait les filets.
        sheet.rectangle([(x - 1.0, y - 1.0), (x + wide + 1.0, y + high + 1.0)], GREY);
        let lit = |row: &Option<usize>, column: &Option<usize>| {
            (self.row.is_none() || self.row == *row)
                && (self.column.is_none() || self.column == *column)
        };
        let mut cells = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            for (j, column) in columns.iter().enumerate() {
                cells.push((row, column, (x + j as f64 * cell, y + i as f64 * cell)));
            }
        }
        for fill in [PAPER, self.hue.lit] {
            for &(row, column, (left, top)) in &cells {
                if lit(row, column) == (fill != PAPER) {
                    let far = (left + cell - 0.5, top + cell - 0.5);
                    sheet.rectangle([(left + 0.5, top + 0.5), far], fill);
                }
            }
        }
        for &(row, column, (left, top)) in &cells {
            let dots = match (row, column) {
                (None, Some(_)) => "⋮",
                (Some(_), None) => "⋯",
                _ => continue,
            };
            let center = (left + cell / 2.0, top + cell / 2.0);
            sheet.text(dots, center, BODY, INK, Align::Center);
        }
        for (k, count) in [self.rows, self.columns].into_iter().enumerate() {
            // L'accolade des lignes se tient à gauche, celle des colonnes en haut.
            let turn = |(along, out): Point| {
                if k == 0 { (x - out, y + along) } else { (x + along, y - out) }
            };
            let length = [high, wide][k];
            let (color, ink, bold) = if self.common[k] {
                (GREENS.line, GREENS.ink, 3.0)
            } else {
                (GREY, GREY, 1.5)
            };
            let bracket =
                [(1.0, 6.0), (1.0, 11.0), (length - 1.0, 11.0), (length - 1.0, 6.0)];
            sheet.line(&bracket.map(turn), color, bold);
            let align = if k == 0 { Align::Right } else { Align::Center };
            let out = if k == 0 { 16.0 } else { 24.0 };
            sheet.text(&written(count), turn((length / 2.0, out)), BODY, ink, align);
        }
        sheet.text(
            &self.name,
            (x + wide / 2.0, y + high + 20.0),
            BODY,
            self.hue.ink,
            Align::Center,
        );
    }
}

/// Une dimension en chiffres ; en puissance de dix si elle en compte trop.
fn written(count: usize) -> String {
    if count < 10_000_000 { count.to_string() } else { number(count as f64) }
}

/// Les rangs dessinés ; au milieu d'une longue suite, des points.
fn slots(count: usize) -> Vec<Option<usize>> {
    if count <= LONGEST {
        return (0..count).map(Some).collect();
    }
    (0..4).map(Some).chain([None, Some(count - 1)]).collect()
}
