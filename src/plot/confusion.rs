//! Qui est pris pour qui : la matrice de confusion, en couleurs.

use ndarray::{Array2, Axis};

use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{counted, fixed};
use crate::palette::{Color, GREY, INK, MAP_BLUE, MAP_VERMILLION, MAP_ZERO, mix, text_on};
use crate::sheet::{self, Align, BODY, Sheet, fitting, short};
use crate::table::Table;

/// Le plus grand nombre de classes d'une figure.
const CLASSES: usize = 20;
const TOP: f64 = 104.0;

/// La matrice de confusion : une ligne par classe attendue, une colonne par réponse.
///
/// `counts` est carré : (k, k) exemples, la ligne pour la classe attendue, la colonne pour la
/// réponse. La diagonale, en bleu, compte les bonnes réponses ; ailleurs, en orange, les confusions.
/// La couleur dit la part des exemples de la ligne, en racine carrée pour qu'une rare confusion se
/// voie.
///
/// # Refus
/// Autant de noms que de classes ne sont pas donnés, ou plus de vingt classes.
pub fn confusion<S: AsRef<str>>(counts: &Array2<usize>, classes: &[S]) -> Figure {
    let names: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
    drawn(counts, &names).unwrap_or_else(Figure::refused)
}

/// La même, sans type à choisir : compilée ici une fois, et non dans chaque cellule qui dessine.
fn drawn(counts: &Array2<usize>, classes: &[&str]) -> Result<Figure, Error> {
    let k = counts.nrows();
    if counts.ncols() != k {
        return Err(Error::Plot(format!(
            "la matrice de confusion est carrée, et celle-ci est de forme {:?}. Donnez celle de \
             `ConfusionMatrix::counts`.",
            counts.dim()
        )));
    }
    if classes.len() != k || k > CLASSES {
        return Err(Error::Plot(format!(
            "`classes` compte {} et la matrice {} : il faut un nom par classe, et {CLASSES} \
             classes au plus.",
            counted(classes.len(), "nom"),
            counted(k, "classe"),
        )));
    }
    let names: Vec<_> = classes.iter().map(|name| short(name, 24)).collect();
    let totals = counts.sum_axis(Axis(1));
    let mut errors: Vec<_> = counts
        .indexed_iter()
        .filter(|&((i, j), &count)| i != j && count > 0)
        .map(|((i, j), &count)| (count, i, j))
        .collect();
    errors.sort_by_key(|&(count, i, j)| (std::cmp::Reverse(count), i, j));

    let mut sheet = Sheet::titled("Qui est pris pour qui");
    sheet.subtitle("une ligne par classe attendue, une colonne par réponse");
    let margin = names.iter().map(|n| sheet::width(n)).fold(0.0, f64::max).min(120.0);
    let height = (280.0 / k as f64).min(48.0);
    let width = ((620.0 - margin) / k as f64).min(64.0);
    let left = (sheet::WIDTH - k as f64 * width + margin) / 2.0;
    let far = (left + k as f64 * width, TOP + k as f64 * height);
    sheet.rectangle([(left - 1.0, TOP - 1.0), (far.0 + 1.0, far.1 + 1.0)], GREY);
    let color = |i: usize, j: usize| {
        let share = counts[[i, j]] as f64 / (totals[i].max(1)) as f64;
        mix(MAP_ZERO, if i == j { MAP_BLUE } else { MAP_VERMILLION }, share.sqrt())
    };
    let place = |i: usize, j: usize| (left + j as f64 * width, TOP + i as f64 * height);
    if k > 12 {
        // De petites cases se touchent : une seule image, plus légère.
        let cells = Array2::from_shape_fn(counts.dim(), |(i, j)| color(i, j));
        sheet.pixels([(left, TOP), far], cells);
    } else {
        for (i, j) in ndarray::indices(counts.dim()) {
            let (x, y) = place(i, j);
            let corners = [(x + 0.5, y + 0.5), (x + width - 0.5, y + height - 0.5)];
            sheet.rectangle(corners, Color::Fixed(color(i, j)));
        }
    }
    for ((i, j), &count) in counts.indexed_iter().filter(|(_, count)| **count > 0) {
        let text = fixed(count as f64, 0);
        if sheet::width(&text) + 4.0 <= width && height >= 18.0 {
            let (x, y) = place(i, j);
            let at = (x + width / 2.0, y + height / 2.0);
            sheet.text(&text, at, BODY, text_on(color(i, j)), Align::Center);
        }
    }
    for (i, name) in names.iter().enumerate() {
        let (x, y) = place(i, i);
        if height >= 17.0 {
            let name = fitting(name, 120.0);
            sheet.text(&name, (left - 10.0, y + height / 2.0), BODY, INK, Align::Right);
        }
        let above = fitting(name, width - 3.0);
        sheet.text(&above, (x + width / 2.0, TOP - 14.0), BODY, INK, Align::Center);
    }

    let worst: Vec<_> = errors
        .iter()
        .take(5)
        .map(|&(count, i, j)| format!("{} pris pour {}, {count} fois", names[i], names[j]))
        .collect();
    let told = match worst.len() {
        0 => "aucune confusion".to_string(),
        _ => format!("les confusions les plus nombreuses : {}", worst.join(" ; ")),
    };
    let alt = format!(
        "Matrice de confusion de {} classes : {} exemples, dont {} bien classés ; {told}.",
        k,
        fixed(totals.sum() as f64, 0),
        fixed(counts.diag().sum() as f64, 0),
    );
    let header: Vec<_> =
        ["attendu"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut table =
        Table::new("Combien d’exemples de chaque ligne ont eu chaque réponse", &header);
    for (name, row) in names.iter().zip(counts.outer_iter()) {
        let values = row.iter().map(|&count| fixed(count as f64, 0));
        table.row([name.clone()].into_iter().chain(values).collect());
    }
    Ok(Figure::new(sheet, alt, table))
}
