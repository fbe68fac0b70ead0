//! Le V de la vérification du gradient : l'erreur de la mesure selon l'écart h.

use crate::chart::{Chart, Mark, Series};
use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{Axis, brief, counted};
use crate::palette::{BLUE, Color, GREEN, VERMILLION};
use crate::sheet::short;
use crate::table::Table;

/// En dessous, une erreur n'a plus de sens pour un nombre à 16 chiffres : elle se dessine ici.
const FLOOR: f64 = 1e-17;

/// L'erreur de chaque mesure selon l'écart h, sur deux axes logarithmiques : trois courbes au plus.
///
/// Chaque courbe a un nom et des couples (h, erreur). Le petit h est à gauche : les arrondis y
/// font monter l'erreur ; le grand h est à droite : la courbure l'y fait monter.
///
/// # Refus
/// Aucune courbe ou plus de trois, une courbe vide, un h qui n'est pas positif, une erreur négative,
/// un infini ou un NaN.
pub fn gradient_errors(curves: &[(&str, &[(f64, f64)])]) -> Figure {
    draw_gradient_errors(curves).unwrap_or_else(Figure::refused)
}

fn draw_gradient_errors(curves: &[(&str, &[(f64, f64)])]) -> Result<Figure, Error> {
    const STYLES: [(Mark, Color); 3] =
        [(Mark::Line, BLUE), (Mark::Dashes(7.0), VERMILLION), (Mark::Dashes(12.0), GREEN)];
    if curves.is_empty() || curves.len() > STYLES.len() {
        return Err(Error::Plot(format!(
            "`curves` compte {} : il en faut de 1 à {}, pour que l'œil les distingue.",
            counted(curves.len(), "courbe"),
            STYLES.len()
        )));
    }
    for (name, points) in curves {
        let name = short(name, 30);
        if points.is_empty() {
            return Err(Error::Plot(format!(
                "la courbe « {name} » est vide : il faut au moins un couple (h, erreur)."
            )));
        }
        let bad =
            |&(h, e): &(f64, f64)| !(h > 0.0 && e >= 0.0 && h.is_finite() && e.is_finite());
        if let Some(rank) = points.iter().position(bad) {
            return Err(Error::Plot(format!(
                "la courbe « {name} » contient ({}, {}) au rang {rank} (compté depuis 0) : il faut un h \
                 positif et une erreur positive ou nulle, tous deux finis. Retirez ce couple.",
                points[rank].0, points[rank].1
            )));
        }
    }

    let place = |&(h, e): &(f64, f64)| (h.log10(), e.max(FLOOR).log10());
    let all: Vec<_> =
        curves.iter().flat_map(|(_, points)| points.iter().map(place)).collect();
    let axis = |pick: fn(&(f64, f64)) -> f64| {
        let values = || all.iter().map(pick);
        let low = values().fold(f64::INFINITY, f64::min).floor();
        let high = values().fold(f64::NEG_INFINITY, f64::max).ceil().max(low + 1.0);
        let step = ((high - low) / 6.0).ceil().max(1.0);
        let mut axis = Axis::ticked(low, high, step);
        axis.decades = true;
        axis
    };
    let mut chart = Chart::new(
        "L’erreur de la mesure selon l’écart h",
        (axis(|p| p.0), "écart h (échelle logarithmique)"),
        (axis(|p| p.1), "erreur relative (échelle logarithmique)"),
    );
    let mut parts = Vec::new();
    for ((name, points), (mark, color)) in curves.iter().zip(STYLES) {
        let name = short(name, 30);
        let drawn: Vec<_> = points.iter().map(place).collect();
        chart.series.push(Series::new(&name, drawn.clone(), mark, color));
        chart.series.push(Series::new("", drawn, Mark::Dot, color));
        let best = points.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(&points[0]);
        parts.push(format!(
            "« {name} », au plus bas {} pour h = {}",
            brief(best.1),
            brief(best.0)
        ));
    }
    let mut table =
        Table::new("L'erreur de la mesure selon l'écart h", &["courbe", "h", "erreur"]);
    for (name, points) in curves {
        for (h, error) in points.iter() {
            table.row(vec![short(name, 30), brief(*h), brief(*error)]);
        }
    }
    let count = counted(curves.len(), "courbe");
    let alt = format!(
        "{count} de l'erreur selon h, échelles logarithmiques : {}.",
        parts.join(" ; ")
    );
    Ok(chart.figure(alt, table))
}
