//! Les poids en couleurs : orange au-dessus de 0, bleu au-dessous, blanc à 0.

use ndarray::{Array2, ArrayView2, Axis as Side};
use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::HPos;
use plotters::style::{RGBColor, WHITE};

use super::canvas::{self, BLUE, BODY, Canvas, GREY, INK, Point, VERMILLION};
use super::curves::check;
use super::figure::{Figure, Picture};
use super::numbers::{Power, fixed, number};
use crate::{Error, NeuralNetwork};

/// Le plus grand nombre de cases d'un côté ; au-delà, une case vaut pour un bloc.
const SIDE: usize = 48;
// La place des cases sur la feuille.
const TOP: f64 = 106.0;
const WIDTH: f64 = 552.0;
const SCALE: f64 = 84.0;
const GAP: f64 = 40.0;

/// W1 et b1 à gauche, W2 et b2 à droite, et une seule échelle de couleurs.
#[derive(Clone, Debug)]
pub(super) struct Heatmaps {
    blocks: [Block; 4],
    largest: f64,
    power: Power,
}

/// Un tableau de poids, réduit à ce que l'on peut voir.
#[derive(Clone, Debug)]
struct Block {
    name: String,
    cells: Array2<f64>,
    whole: bool,
}

/// Les poids et les biais d'un réseau : W1, b1, W2 et b2, une case par nombre.
///
/// La valeur est écrite dans la case quand il y a la place. Au-delà de 48 lignes ou colonnes,
/// une case montre, de tout un bloc, le poids le plus grand en valeur absolue.
///
/// # Erreurs
/// Tableau vide, nombre infini ou NaN.
pub fn weights(network: &NeuralNetwork) -> Result<Figure, Error> {
    let row = |biases: &ndarray::Array1<f64>| biases.clone().insert_axis(Side(0));
    let (biases1, biases2) = (row(&network.biases1), row(&network.biases2));
    let arrays = [
        ("weights1", "W1", &network.weights1),
        ("biases1", "b1", &biases1),
        ("weights2", "W2", &network.weights2),
        ("biases2", "b2", &biases2),
    ];
    let (mut largest, mut parts) = (0.0_f64, Vec::new());
    for (field, name, array) in arrays {
        check(field, array)?;
        let (low, high) = array
            .iter()
            .fold((array[(0, 0)], array[(0, 0)]), |(low, high), &v| (low.min(v), high.max(v)));
        largest = largest.max(low.abs()).max(high.abs());
        let name = named(name, array);
        parts.push(if low == high {
            format!("{name}, partout {}", number(low))
        } else {
            format!("{name}, de {} à {}", number(low), number(high))
        });
    }
    let alt = format!(
        "Poids du réseau en couleurs, du bleu (négatif) à l’orange (positif) : {}.",
        parts.join(" ; ")
    );

    let power = Power::of(largest);
    let blocks = arrays.map(|(_, name, array)| Block {
        name: named(name, array),
        cells: shrink(array).mapv(|value| power.reduce(value)),
        whole: array.nrows().max(array.ncols()) <= SIDE,
    });
    // Des poids tous nuls sont blancs.
    let largest = if largest > 0.0 { power.reduce(largest) } else { 1.0 };
    Ok(Figure::new(Picture::Heatmaps(Box::new(Heatmaps { blocks, largest, power })), alt))
}

/// « W1 (3, 4) » ; un biais n'a qu'une dimension.
fn named(name: &str, array: &Array2<f64>) -> String {
    match array.dim() {
        (_, columns) if name.starts_with('b') => format!("{name} ({columns})"),
        (rows, columns) => format!("{name} ({rows}, {columns})"),
    }
}

/// Au plus [`SIDE`] lignes et colonnes : de chaque bloc, la valeur la plus éloignée de 0.
fn shrink(array: &Array2<f64>) -> Array2<f64> {
    let (rows, columns) = array.dim();
    let (r, c) = (rows.min(SIDE), columns.min(SIDE));
    let furthest = |block: ArrayView2<f64>| {
        block.fold(0.0, |best: f64, &v| if v.abs() > best.abs() { v } else { best })
    };
    let slice =
        |i: usize, whole: usize, parts: usize| (i * whole / parts..(i + 1) * whole / parts).into();
    Array2::from_shape_fn((r, c), |(i, j)| {
        furthest(
            array.slice_axis(Side(0), slice(i, rows, r)).slice_axis(Side(1), slice(j, columns, c)),
        )
    })
}

impl Heatmaps {
    pub fn draw<DB: DrawingBackend>(&self, canvas: &Canvas<DB>) -> Result<(), Error> {
        canvas.title("Les poids et les biais du réseau")?;
        canvas.subtitle(if self.blocks.iter().all(|block| block.whole) {
            "une ligne par unité de départ, une colonne par neurone d’arrivée"
        } else {
            "grands tableaux : chaque case montre le poids le plus fort de son bloc"
        })?;

        let [w1, b1, w2, b2] = &self.blocks;
        let columns = [w1, w2].map(|block| block.cells.ncols() as f64);
        let rows = w1.cells.nrows().max(w2.cells.nrows()) as f64;
        // Sous chaque matrice, une ligne pour le biais et l'équivalent d'une autre pour son nom.
        let height = ((398.0 - TOP - 38.0) / (rows + 1.0)).min(42.0);
        let room = WIDTH - GAP;
        let width = (room / (columns[0] + columns[1]))
            .min((room - 100.0) / columns[0].max(columns[1]))
            .min(84.0);
        // Le tout, échelle comprise, au milieu de la feuille.
        let [first, second] = columns.map(|count| (count * width).max(100.0));
        let left = (f64::from(canvas::WIDTH) - first - second - 2.0 * GAP - SCALE) / 2.0;
        let right = left + first + GAP;
        for (x, matrix, biases) in [(left, w1, b1), (right, w2, b2)] {
            self.block(canvas, matrix, (x, TOP), (width, height))?;
            let below = TOP + matrix.cells.nrows() as f64 * height + 38.0;
            self.block(canvas, biases, (x, below), (width, height))?;
        }
        self.scale(canvas, right + second + GAP)
    }

    fn block<DB: DrawingBackend>(
        &self,
        canvas: &Canvas<DB>,
        block: &Block,
        (x, y): Point,
        (width, height): Point,
    ) -> Result<(), Error> {
        canvas.text(&block.name, (x, y - 14.0), BODY, INK, HPos::Left)?;
        let (rows, columns) = block.cells.dim();
        let far = (x + columns as f64 * width, y + rows as f64 * height);
        canvas.rectangle([(x - 1.0, y - 1.0), (far.0 + 1.0, far.1 + 1.0)], GREY)?;
        // Les nombres s'écrivent si le plus long tient dans une case, à 9,4 points par lettre.
        let longest = fixed(-self.largest, 2).chars().count() as f64 * 9.4 + 4.0;
        let readable = width >= longest && height >= 21.0;
        // Un filet sépare les cases assez grandes pour le porter ; les autres se touchent.
        let rule = if width.min(height) > 12.0 { 0.5 } else { -0.25 };
        for ((i, j), &value) in block.cells.indexed_iter() {
            let (left, top) = (x + j as f64 * width, y + i as f64 * height);
            let color = self.color(value);
            let corners = [(left + rule, top + rule), (left + width - rule, top + height - rule)];
            canvas.rectangle(corners, color)?;
            if readable {
                let center = (left + width / 2.0, top + height / 2.0);
                canvas.text(&fixed(value, 2), center, BODY, text_on(color), HPos::Center)?;
            }
        }
        Ok(())
    }

    /// L'échelle des couleurs, de la plus grande valeur (en haut) à son opposée.
    fn scale<DB: DrawingBackend>(&self, canvas: &Canvas<DB>, x: f64) -> Result<(), Error> {
        let (top, bottom) = (TOP, 370.0);
        canvas.rectangle([(x - 1.0, top - 1.0), (x + 19.0, bottom + 1.0)], GREY)?;
        let slices = 66;
        for i in 0..slices {
            let at = top + (bottom - top) * f64::from(i) / f64::from(slices);
            let value = self.largest * (1.0 - 2.0 * (f64::from(i) + 0.5) / f64::from(slices));
            // Chaque bande descend jusqu'en bas, et la suivante la recouvre : aucun joint ne se voit.
            canvas.rectangle([(x, at), (x + 18.0, bottom)], self.color(value))?;
        }
        let decimals = if self.largest < 100.0 { 2 } else { 0 };
        for (value, y) in
            [(self.largest, top + 8.0), (0.0, (top + bottom) / 2.0), (-self.largest, bottom - 8.0)]
        {
            let label = if value == 0.0 { "0".into() } else { fixed(value, decimals) };
            canvas.text(&label, (x + 26.0, y), BODY, INK, HPos::Left)?;
        }
        canvas.text(self.power.label().trim(), (x, bottom + 22.0), BODY, INK, HPos::Left)
    }

    fn color(&self, value: f64) -> RGBColor {
        let end = if value > 0.0 { VERMILLION } else { BLUE };
        let share = (value.abs() / self.largest).min(1.0);
        let mix = |from: u8, to: u8| {
            (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8
        };
        RGBColor(mix(WHITE.0, end.0), mix(WHITE.1, end.1), mix(WHITE.2, end.2))
    }
}

/// Noir ou blanc, selon ce qui se lit le mieux sur ce fond (contraste de WCAG 2).
fn text_on(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let linear = |c: u8| ((f64::from(c) / 255.0 + 0.055) / 1.055).powf(2.4);
    let luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    if luminance > 0.179 { RGBColor(0, 0, 0) } else { WHITE }
}
