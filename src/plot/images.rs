//! Des images côte à côte : ce qu'un réseau lit, ce qu'il confond, ce que ses neurones regardent.

use ndarray::{Array2, ArrayView1};
use plotters::style::RGBColor;

use crate::curves::check;
use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{counted, number};
use crate::palette::{Color, GREY, INK, MAP_BLUE, MAP_VERMILLION, MAP_ZERO, mix};
use crate::sheet::{Align, BODY, Sheet, WIDTH, fitting, short};
use crate::table::Table;

/// Le plus grand nombre d'images d'une figure.
pub const MAX_IMAGES: usize = 20;
/// Le plus grand côté d'une image, en pixels.
pub const MAX_IMAGE_SIDE: usize = 32;
/// L'encre des images sans nombre négatif.
const BLACK: RGBColor = RGBColor(0x22, 0x22, 0x22);
const TOP: f64 = 48.0;

/// Des images en niveaux de gris, une par ligne de `pixels`, et la légende de chacune.
///
/// `pixels` est de forme (m, h × w), où w est `width` : chaque ligne est lue pixel après pixel, de
/// gauche à droite et de haut en bas. Sans nombre négatif, le blanc vaut 0 et l'encre le plus grand
/// nombre ; sinon, comme pour [`weights`](super::weights()), l'orange est positif, le bleu négatif.
/// L'échelle est la même pour toutes.
///
/// ```
/// use nn_core::ndarray::arr2;
/// let pixels = arr2(&[[1., 0., 0., 1.], [0., 1., 1., 0.]]); // (2, 4) : deux images de 2 × 2
/// let figure = nn_plot::images(&pixels, 2, &["descente", "montée"]);
/// assert!(figure.alt().contains("« montée »"));
/// ```
///
/// # Refus
/// Tableau vide, nombre infini ou NaN ; plus de [`MAX_IMAGES`] images, ou autant de légendes que
/// d'images ne sont pas données ; une largeur qui ne partage pas les pixels en lignes entières, un
/// côté de plus de [`MAX_IMAGE_SIDE`] pixels.
pub fn images<S: AsRef<str>>(pixels: &Array2<f64>, width: usize, captions: &[S]) -> Figure {
    let names: Vec<&str> = captions.iter().map(AsRef::as_ref).collect();
    drawn(pixels, width, &names).unwrap_or_else(Figure::refused)
}

/// La même, sans type à choisir : compilée ici une fois, et non dans chaque cellule qui dessine.
fn drawn(pixels: &Array2<f64>, width: usize, captions: &[&str]) -> Result<Figure, Error> {
    check("pixels", pixels)?;
    let (count, size) = pixels.dim();
    if count > MAX_IMAGES || captions.len() != count {
        return Err(Error::Plot(format!(
            "`pixels` a {} et `captions` {} : il faut une légende par image, et {MAX_IMAGES} \
             images au plus.",
            counted(count, "image"),
            counted(captions.len(), "légende"),
        )));
    }
    let height = size.checked_div(width).unwrap_or(0);
    if height * width != size || height.max(width) > MAX_IMAGE_SIDE {
        return Err(Error::Plot(format!(
            "`width` vaut {width} et chaque image a {} : il faut un diviseur de {size}, et des \
             côtés de {MAX_IMAGE_SIDE} pixels au plus. Une image de 8 × 8 a 64 pixels.",
            counted(size, "pixel"),
        )));
    }

    let largest = pixels.fold(0.0, |a: f64, v| a.max(v.abs()));
    let signed = pixels.iter().any(|&v| v < 0.0);
    let color = |value: f64| {
        let share = if largest > 0.0 { value.abs() / largest } else { 0.0 };
        match (signed, value > 0.0) {
            (false, _) => mix(RGBColor(0xFF, 0xFF, 0xFF), BLACK, share),
            (true, true) => mix(MAP_ZERO, MAP_VERMILLION, share),
            (true, false) => mix(MAP_ZERO, MAP_BLUE, share),
        }
    };

    // Une rangée jusqu'à dix images, deux ensuite.
    let rows = if count > 10 { 2 } else { 1 };
    let across = count.div_ceil(rows);
    let slot = (680.0 / across as f64).min(150.0);
    let ratio = height as f64 / width as f64;
    let room = 330.0 / rows as f64 - 30.0;
    let wide = (slot - 12.0).min(room / ratio);
    let high = wide * ratio;
    let mut sheet = Sheet::titled(if count == 1 { "Une image" } else { "Des images" });
    for (i, (row, caption)) in pixels.outer_iter().zip(captions).enumerate() {
        let (line, column) = (i / across, i % across);
        let here = across.min(count - line * across) as f64;
        let center = WIDTH / 2.0 + (column as f64 + 0.5 - here / 2.0) * slot;
        let top = TOP + line as f64 * (high + 40.0);
        let (left, right) = (center - wide / 2.0, center + wide / 2.0);
        sheet.rectangle([(left - 1.0, top - 1.0), (right + 1.0, top + high + 1.0)], GREY);
        let cells =
            Array2::from_shape_fn((height, width), |(i, j)| color(row[i * width + j]));
        sheet.pixels([(left, top), (right, top + high)], cells);
        let caption = fitting(caption, slot - 4.0);
        sheet.text(&caption, (center, top + high + 16.0), BODY, INK, Align::Center);
    }
    if signed {
        let y = TOP + rows as f64 * (high + 40.0) + 4.0;
        let parts = [
            ("orange : positif", Color::Fixed(MAP_VERMILLION)),
            ("bleu : négatif", Color::Fixed(MAP_BLUE)),
        ];
        for (k, (text, mark)) in parts.into_iter().enumerate() {
            let x = WIDTH / 2.0 - 170.0 + 190.0 * k as f64;
            sheet.rectangle([(x, y - 7.0), (x + 14.0, y + 7.0)], mark);
            sheet.text(text, (x + 22.0, y), BODY, INK, Align::Left);
        }
    }
    let names: Vec<_> = captions.iter().map(|c| format!("« {} »", short(c, 30))).collect();
    let scale = if signed {
        "de l’orange (positif) au bleu (négatif)"
    } else {
        "en niveaux de gris, l’encre sombre sur le blanc"
    };
    let alt = format!(
        "{} de {height} × {width} pixels, {scale} : {}.",
        counted(count, "image"),
        names.join(", ")
    );
    Ok(Figure::new(sheet, alt, table(pixels, width, captions)))
}

/// Une ou deux petites images, pixel par pixel ; d'autres, en résumé.
fn table(pixels: &Array2<f64>, width: usize, captions: &[&str]) -> Table {
    let name = |i: usize| short(captions[i], 30);
    if pixels.len() <= 128 && width <= 8 {
        let columns: Vec<_> = (1..=width).map(|j| format!("colonne {j}")).collect();
        let header: Vec<_> =
            ["image et ligne"].into_iter().chain(columns.iter().map(|c| &**c)).collect();
        let mut table = Table::new("Les pixels", &header);
        for (i, image) in pixels.outer_iter().enumerate() {
            for line in 0..image.len() / width {
                let label = format!("{}, ligne {}", name(i), line + 1);
                let values = (0..width).map(|j| number(image[line * width + j]));
                table.row([label].into_iter().chain(values).collect());
            }
        }
        return table;
    }
    let header = ["image", "le plus petit pixel", "le plus grand", "la moyenne"];
    let mut table = Table::new("Les images, en résumé", &header);
    let ends = |row: ArrayView1<f64>| {
        row.iter()
            .fold((row[0], row[0]), |(low, high): (f64, f64), &v| (low.min(v), high.max(v)))
    };
    for (i, row) in pixels.outer_iter().enumerate() {
        let (low, high) = ends(row);
        let mean = row.iter().map(|v| v / row.len() as f64).sum::<f64>();
        let label = if name(i).is_empty() { (i + 1).to_string() } else { name(i) };
        table.row(vec![label, number(low), number(high), number(mean)]);
    }
    table
}
