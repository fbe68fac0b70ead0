//! Combien de valeurs ici, combien là : la répartition d'une grandeur.

use crate::chart::{Chart, Mark, Series};
use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{Axis, Power, brief, fixed};
use crate::palette::{BLUES, VERMILLION};
use crate::sheet::short;
use crate::table::Table;

/// L'histogramme de nombres, par exemple les pertes finales de mille entraînements.
///
/// `label` nomme la grandeur sous l'axe. Des nombres tous positifs, dont le plus grand dépasse
/// cent fois le plus petit, sont rangés sur un axe logarithmique.
///
/// # Refus
/// Aucun nombre, un infini ou un NaN.
pub fn histogram(values: &[f64], label: &str) -> Figure {
    draw_histogram(values, label).unwrap_or_else(Figure::refused)
}

fn draw_histogram(values: &[f64], label: &str) -> Result<Figure, Error> {
    if let Some(rank) = values.iter().position(|value| !value.is_finite()) {
        return Err(Error::Plot(format!(
            "`values` contient {} au rang {rank} (compté depuis 0) : il faut des nombres finis. Retirez cette valeur.",
            values[rank]
        )));
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
        return Err(Error::Plot("`values` est vide : il faut au moins un nombre.".into()));
    };
    let half = sorted.len() / 2;
    let median = sorted[half] / 2.0 + sorted[sorted.len().div_ceil(2) - 1] / 2.0;

    let logs = min > 0.0 && max / min > 100.0;
    let power = if logs { Power::of(0.0) } else { Power::of(min.abs().max(max.abs())) };
    let place = |value: f64| if logs { value.log10() } else { power.reduce(value) };
    let (low, high) = (place(min), place(max));
    let mut x = if logs { Axis::exact(low, high, 1.0) } else { Axis::rounded(low, high) };
    (x.decades, x.low, x.high) = match (logs, low == high) {
        (true, _) => (true, low.floor(), high.ceil()),
        (false, true) => (false, low - 0.5, low + 0.5),
        (false, false) => (false, x.low, x.high),
    };
    // Des barres qui tombent sur les graduations, d'autant plus fines qu'il y a de nombres.
    let sizes = if low == high { &[1.0][..] } else { &[10.0, 5.0, 4.0, 2.0] };
    let parts = sizes.iter().find(|&parts| {
        let bars = (x.high - x.low) / x.step * parts;
        bars <= 40.0 && bars <= 2.0 * (values.len() as f64).sqrt()
    });
    let bar = x.step / parts.unwrap_or(&1.0);
    let last = ((x.high - x.low) / bar - 1e-9).floor();
    let mut counts = vec![0_usize; last as usize + 1];
    for &value in &sorted {
        counts[((place(value) - x.low) / bar + 1e-9).clamp(0.0, last) as usize] += 1;
    }
    let left = |i: usize| x.low + i as f64 * bar;
    let (mut bars, mut edges) = (Vec::new(), Vec::new());
    // Un filet blanc sépare les barres.
    let rule = 0.0017 * (x.high - x.low);
    for (i, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let right = left(i + 1).min(x.high);
        bars.extend([(left(i) + rule, 0.0), (right - rule, count as f64)]);
        edges.push((count, i));
    }

    let total = fixed(values.len() as f64, 0);
    let fullest =
        edges.iter().fold((0, 0), |best, &edge| if edge.0 > best.0 { edge } else { best });
    let back = |v: f64| if logs { 10f64.powf(v) } else { v };
    let label = short(label, 48);
    let alt = format!(
        "Histogramme de {total} valeurs ({label}){} : minimum {}, médiane {}, maximum {}. La plus haute barre, \
         de {} à {}{}, en compte {}.",
        if logs { ", échelle logarithmique" } else { "" },
        brief(min),
        brief(median),
        brief(max),
        brief(back(left(fullest.1))),
        brief(back(left(fullest.1 + 1))),
        power.label(),
        fixed(fullest.0 as f64, 0)
    );
    let unit = power.label();
    let header = [&*format!("de{unit}"), &format!("à{unit}"), "nombre"];
    let caption = format!("Combien de valeurs par barre ({label})");
    let mut table = Table::new(caption, &header);
    for &(count, i) in &edges {
        let ends = [left(i), left(i + 1).min(x.high)].map(|end| brief(back(end)));
        table.row([ends.to_vec(), vec![fixed(count as f64, 0)]].concat());
    }
    let (title, scale) =
        (format!("La répartition de {total} valeurs"), "échelle logarithmique");
    let x_name = if logs { format!("{label} ({scale})") } else { label + &power.label() };
    let many = Power::of(fullest.0 as f64);
    bars.iter_mut().for_each(|corner: &mut (f64, f64)| corner.1 = many.reduce(corner.1));
    let tallest = many.reduce(fullest.0 as f64) * 1.05;
    let y = Axis::exact(0.0, tallest, if tallest > 2.0 { 1.0 } else { 0.0 });
    let middle = vec![(place(median), 0.0), (place(median), y.high)];
    let mut chart =
        Chart::new(&title, (x, &x_name), (y, &format!("nombre{}", many.label())));
    chart.series = vec![
        Series::new("valeurs", bars, Mark::Bars, BLUES.lit),
        Series::new(
            &format!("médiane {}", brief(median)),
            middle,
            Mark::Dashes(7.0),
            VERMILLION,
        ),
    ];
    Ok(chart.figure(alt, table))
}
