//! Trois graphiques : la perte, la sigmoïde, les prédictions.

use ndarray::Array2;
use nn_core::error::Error as NetworkError;
use nn_core::{sigmoid, sigmoid_derivative_at};

use crate::chart::{Chart, Mark, Series};
use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{Axis, Power, counted, fixed, number};
use crate::palette::{BLUE, Color, GREEN, INK, ORANGE, PALE, PURPLE, VERMILLION};
use crate::sheet::{Point, short};
use crate::table::{LINES, Table, selection};

/// Le plus grand nombre de tranches d'une courbe : au-delà, l'œil ne verrait rien de plus.
const SLICES: usize = 700;
/// Le plus grand nombre de sorties, et de points en tout, d'une figure de prédictions.
const OUTPUTS: usize = 10;
const DOTS: usize = 160;

/// La perte à chaque pas : les nombres que rend [`train`](nn_core::NeuralNetwork::train).
///
/// Dix millions de pas se dessinent aussi : de chaque tranche, la courbe garde le plus haut et le plus bas.
///
/// # Refus
/// Aucune perte, ou une perte qui n'est pas un nombre fini.
pub fn loss_curve(losses: &[f64]) -> Figure {
    draw_loss_curve(losses).unwrap_or_else(Figure::refused)
}

fn draw_loss_curve(losses: &[f64]) -> Result<Figure, Error> {
    let (first, last) = check_losses("`losses`", losses)?;

    let extreme = |better: fn(f64, f64) -> bool| {
        (1..losses.len())
            .fold(0, |best, i| if better(losses[i], losses[best]) { i } else { best })
    };
    let (lowest, highest) = (extreme(|a, b| a < b), extreme(|a, b| a > b));
    let steps = fixed(losses.len() as f64, 0);
    let summary = if losses.len() == 1 {
        number(first)
    } else {
        format!("{} au premier, {} au dernier", number(first), number(last))
    };
    let story = if losses.len() == 1 {
        format!("un seul point, {}", number(first))
    } else if lowest == highest {
        format!("sur {steps} pas, elle ne change pas et vaut {}", number(first))
    } else if losses.windows(2).all(|pair| pair[1] < pair[0]) {
        // Le pas où neuf dixièmes de la descente sont faits : là où la courbe se couche.
        let nearly = losses.partition_point(|&loss| loss > first - 0.9 * (first - last));
        format!(
            "elle descend de {} à {} en {steps} pas, sans jamais remonter ; les neuf dixièmes de la \
             descente sont faits au pas {}",
            number(first),
            number(last),
            fixed(nearly as f64 + 1.0, 0)
        )
    } else {
        let at =
            |i: usize| format!("{} au pas {}", number(losses[i]), fixed(i as f64 + 1.0, 0));
        format!(
            "elle va de {} à {} en {steps} pas, au plus bas {}, au plus haut {}",
            number(first),
            number(last),
            at(lowest),
            at(highest)
        )
    };
    let alt = format!("Courbe de la perte : {story}.");

    let (mut chart, mut drawn) =
        loss_chart("La perte au fil de l’entraînement", &[losses], &STEPS);
    let points = drawn.remove(0);
    let dots = if losses.len() <= 30 { points.clone() } else { Vec::new() };
    chart.subtitle = format!("{steps} pas : {summary}");
    chart.series = vec![
        Series::new("", points, Mark::Line, BLUE),
        Series::new("", dots, Mark::Dot, BLUE),
    ];
    Ok(chart.figure(alt, loss_table(&[("perte", losses)], &STEPS)))
}

/// Ce que compte l'axe des abscisses d'une courbe de perte, et ce que mesure l'autre.
struct Pace {
    title: &'static str,
    /// « de perte », « de justesse ».
    of: &'static str,
    one: &'static str,
    many: &'static str,
    one_of: &'static str,
    loss: &'static str,
}

/// Une perte par pas, la somme des carrés : le tutoriel.
const STEPS: Pace = Pace {
    title: "Les pertes au fil de l’entraînement",
    of: "perte",
    one: "pas",
    many: "pas",
    one_of: "un pas",
    loss: "perte Σ (y − ŷ)²",
};
/// Une perte par époque, celle que le réseau a choisie.
const EPOCHS: Pace = Pace {
    title: STEPS.title,
    of: "perte",
    one: "époque",
    many: "époques",
    one_of: "une époque",
    loss: "perte",
};
/// Une justesse par époque.
const ACCURACIES: Pace = Pace {
    title: "La justesse au fil de l’entraînement",
    of: "justesse",
    loss: "justesse",
    ..EPOCHS
};

/// Plusieurs pertes sur un même graphique, chacune avec son nom : six au plus.
///
/// Elles peuvent compter des nombres de pas différents.
///
/// # Refus
/// Aucune courbe ou plus de six, une courbe vide, une perte qui n'est pas un nombre fini.
pub fn loss_curves(curves: &[(&str, &[f64])]) -> Figure {
    curves_by(curves, &STEPS).unwrap_or_else(Figure::refused)
}

/// Les pertes de chaque époque, chacune avec son nom : six au plus.
///
/// Comme [`loss_curves`], pour n'importe quelle perte d'un `Mlp`.
///
/// # Refus
/// Celles de [`loss_curves`].
pub fn epoch_curves(curves: &[(&str, &[f64])]) -> Figure {
    curves_by(curves, &EPOCHS).unwrap_or_else(Figure::refused)
}

/// La justesse de chaque époque, chacune avec son nom : six courbes au plus.
///
/// L'axe part près de la plus basse : des justesses de 0,95 et de 0,97 se distinguent.
///
/// # Refus
/// Celles de [`loss_curves`].
pub fn accuracy_curves(curves: &[(&str, &[f64])]) -> Figure {
    curves_by(curves, &ACCURACIES).unwrap_or_else(Figure::refused)
}

fn curves_by(curves: &[(&str, &[f64])], pace: &Pace) -> Result<Figure, Error> {
    // Traits pleins, tirets et marques : six courbes se distinguent aussi en gris.
    const STYLES: [(Mark, Color); 6] = [
        (Mark::Line, BLUE),
        (Mark::Dashes(7.0), VERMILLION),
        (Mark::Beads, GREEN),
        (Mark::Dashes(12.0), INK),
        (Mark::Gems, PURPLE),
        (Mark::Dashes(3.0), ORANGE),
    ];
    if curves.is_empty() || curves.len() > STYLES.len() {
        return Err(Error::Plot(format!(
            "`curves` compte {} : il en faut de 1 à {}, pour que l'œil les distingue.",
            counted(curves.len(), "courbe"),
            STYLES.len()
        )));
    }
    let mut parts = Vec::new();
    for (name, losses) in curves {
        let name = short(name, 30);
        let (first, last) = check_losses(&format!("la courbe « {name} »"), losses)?;
        let lowest = losses.iter().fold(first, |low, &loss| low.min(loss));
        let steps = losses.len();
        let word = if steps == 1 { pace.one } else { pace.many };
        let steps = format!("{} {word}", fixed(steps as f64, 0));
        let mut part =
            format!("« {name} », {steps}, de {} à {}", number(first), number(last));
        if lowest < last && pace.of == "perte" {
            part += &format!(", au plus bas {}", number(lowest));
        }
        parts.push(part);
    }
    let all: Vec<_> = curves.iter().map(|(_, losses)| *losses).collect();
    let (mut chart, drawn) = loss_chart(pace.title, &all, pace);
    for ((points, (name, _)), (mark, color)) in drawn.into_iter().zip(curves).zip(STYLES) {
        chart.series.push(Series::new(&short(name, 30), points, mark, color));
    }
    let count = counted(curves.len(), "courbe");
    let alt = format!("{count} de {} : {}.", pace.of, parts.join(" ; "));
    Ok(chart.figure(alt, loss_table(curves, pace)))
}

/// La première et la dernière perte d'une suite que l'on peut dessiner.
fn check_losses(name: &str, losses: &[f64]) -> Result<(f64, f64), Error> {
    let (Some(&first), Some(&last)) = (losses.first(), losses.last()) else {
        return Err(Error::Plot(format!(
            "{name} est vide : il faut au moins une perte. Donnez ce que rend `train`, avec au moins un pas."
        )));
    };
    if let Some(step) = losses.iter().position(|loss| !loss.is_finite()) {
        return Err(Error::Plot(format!(
            "{name} contient {} au rang {step} (compté depuis 0) : il faut des nombres finis. L'entraînement a \
             sans doute divergé : essayez un taux d'apprentissage plus petit.",
            losses[step]
        )));
    }
    Ok((first, last))
}

/// Les pertes en tableau : une ligne par pas, ou un pas sur tant.
fn loss_table(curves: &[(&str, &[f64])], pace: &Pace) -> Table {
    let longest = curves.iter().map(|(_, losses)| losses.len()).max().unwrap_or(0);
    let (ranks, every) = selection(longest);
    let names: Vec<_> = curves.iter().map(|(name, _)| short(name, 30)).collect();
    let header: Vec<_> = [pace.one].into_iter().chain(names.iter().map(|n| &**n)).collect();
    let caption = match every {
        1 => format!("La {} à chaque {}", pace.of, pace.one),
        _ => format!("La {}, {} sur {}", pace.of, pace.one_of, fixed(every as f64, 0)),
    };
    let mut table = Table::new(caption, &header);
    for rank in ranks {
        let at = |losses: &[f64]| losses.get(rank).map_or(String::new(), |&v| number(v));
        let values = curves.iter().map(|(_, losses)| at(losses));
        table.row([fixed(rank as f64 + 1.0, 0)].into_iter().chain(values).collect());
    }
    table
}

/// Un graphique assez grand pour toutes ces pertes, et les points à tracer pour chacune.
fn loss_chart(title: &str, curves: &[&[f64]], pace: &Pace) -> (Chart, Vec<Vec<Point>>) {
    let longest = curves.iter().map(|losses| losses.len()).max().unwrap_or(0);
    // Au-delà d'un million de pas, leur nombre s'écrit en millions.
    let (unit, x_name) = if longest > 1_000_000 {
        (1e6, format!("{} (en millions)", pace.many))
    } else {
        (1.0, pace.many.to_string())
    };
    let count = longest as f64 / unit;
    let values = || curves.iter().copied().flatten().copied();
    let power = Power::of(values().fold(0.0, |a: f64, loss| a.max(loss.abs())));
    // Une perte se lit depuis 0 ; une justesse, depuis la plus basse.
    let floor = if pace.of == "perte" { 0.0 } else { f64::INFINITY };
    let low = power.reduce(values().fold(floor, f64::min));
    let high = power.reduce(values().fold(0.0, f64::max));
    let points = |losses: &&[f64]| {
        let point = |i: usize| ((i as f64 + 1.0) / unit, power.reduce(losses[i]));
        thin(losses).into_iter().map(point).collect()
    };
    // Un peu de blanc à gauche : les premiers pas se détachent de l'axe.
    let x = Axis::exact(-0.02 * count, count.max(2.0), if unit > 1.0 { 0.0 } else { 1.0 });
    let y_name = format!("{}{}", pace.loss, power.label());
    let chart = Chart::new(title, (x, &x_name), (Axis::rounded(low, high), &y_name));
    (chart, curves.iter().map(points).collect())
}

/// Les rangs à dessiner : tous, ou les deux extrêmes de chaque tranche, du premier au dernier.
fn thin(values: &[f64]) -> Vec<usize> {
    if values.len() <= 2 * SLICES {
        return (0..values.len()).collect();
    }
    let mut kept = vec![0];
    for slice in 0..SLICES {
        let (start, end) =
            (slice * values.len() / SLICES, (slice + 1) * values.len() / SLICES);
        let (mut low, mut high) = (start, start);
        for i in start..end {
            low = if values[i] < values[low] { i } else { low };
            high = if values[i] > values[high] { i } else { high };
        }
        kept.extend([low.min(high), low.max(high)]);
    }
    kept.push(values.len() - 1);
    kept.dedup();
    kept
}

/// La sigmoïde et sa pente, pour z de −6 à 6.
pub fn sigmoid_curve() -> Figure {
    let curve = |f: fn(f64) -> f64| {
        (-120..=120).map(|i| f64::from(i) / 20.0).map(|z| (z, f(z))).collect()
    };
    let mut chart = Chart::new(
        "La sigmoïde et sa pente",
        (Axis::ticked(-6.0, 6.0, 2.0), "z, la somme que reçoit le neurone"),
        (Axis::ticked(0.0, 1.0, 0.25), "valeur"),
    );
    let slope = curve(sigmoid_derivative_at);
    chart.series = vec![
        Series::new("σ(z) = 1 / (1 + e⁻ᶻ)", curve(sigmoid), Mark::Line, BLUE),
        Series::new("σ′(z) = σ(z) · (1 − σ(z))", slope, Mark::Dashes(7.0), VERMILLION),
    ];
    let alt = "Courbe de la sigmoïde pour z de −6 à 6 : un S qui monte de 0,0025 à 0,9975 et passe par 0,5 en z = 0. \
               En tirets, sa pente σ′ : une cloche, au plus haut 0,25 en z = 0, presque nulle aux deux bouts.";
    let mut table = Table::new("La sigmoïde et sa pente", &["z", "σ(z)", "σ′(z)"]);
    for z in (-6..=6).map(f64::from) {
        let values = [sigmoid(z), sigmoid_derivative_at(z)].map(|v| fixed(v, 4));
        table.row([vec![fixed(z, 0)], values.to_vec()].concat());
    }
    chart.figure(alt.into(), table)
}

/// Pour chaque exemple, la réponse attendue `y` et la réponse prédite `y_hat`, toutes deux (m, k).
///
/// Un trait joint l'une à l'autre : plus il est court, meilleure est la réponse. Au-delà de
/// 10 sorties ou de 160 points, une partie seulement est dessinée, et la figure le dit.
///
/// # Refus
/// Tableau vide, nombre infini ou NaN, formes différentes.
pub fn predictions(y: &Array2<f64>, y_hat: &Array2<f64>) -> Figure {
    draw_predictions(y, y_hat).unwrap_or_else(Figure::refused)
}

fn draw_predictions(y: &Array2<f64>, y_hat: &Array2<f64>) -> Result<Figure, Error> {
    check("y", y)?;
    check("y_hat", y_hat)?;
    if y.dim() != y_hat.dim() {
        return Err(Error::Plot(format!(
            "`y` est de forme {:?} et `y_hat` de forme {:?} : il faut la même. Donnez les réponses attendues et \
             prédites des mêmes exemples.",
            y.dim(),
            y_hat.dim()
        )));
    }

    let (m, k) = y.dim();
    let outputs = k.min(OUTPUTS);
    let every = (m * outputs).div_ceil(DOTS);
    let largest = y.iter().chain(y_hat).fold(1.0, |a: f64, b| a.max(b.abs()));
    let power = Power::of(largest);
    let (mut expected, mut predicted, mut links) = (Vec::new(), Vec::new(), Vec::new());
    let (mut low, mut high) = (0.0_f64, power.reduce(1.0));
    for i in (0..m).step_by(every) {
        for j in 0..outputs {
            // Les sorties d'un même exemple se rangent côte à côte autour de son numéro.
            let x = i as f64
                + 1.0
                + (j as f64 - (outputs - 1) as f64 / 2.0) * 0.7 / outputs as f64;
            let (wanted, found) = (power.reduce(y[(i, j)]), power.reduce(y_hat[(i, j)]));
            expected.push((x, wanted));
            predicted.push((x, found));
            links.extend([(x, wanted), (x, found)]);
            (low, high) = (low.min(wanted.min(found)), high.max(wanted.max(found)));
        }
    }

    // Les marques rapetissent quand elles se serrent.
    let size = (280.0 / expected.len() as f64).clamp(2.8, 7.5);
    let (left, right) = (0.4, m as f64 + 0.6);
    let mut x = Axis::exact(left, right, 1.0);
    x.step = if m <= 12 { 1.0 } else { x.step };
    let half = power.reduce(0.5);
    let x_name = match (every, k > outputs) {
        (1, false) => "exemple".into(),
        (1, true) => format!("exemple ({outputs} premières sorties sur {k})"),
        (_, false) => format!("exemple (un sur {every} est dessiné)"),
        (_, true) => {
            format!("exemple (un sur {every}, {outputs} premières sorties sur {k})")
        }
    };
    let y_name = format!("réponse{}", power.label());
    let title = "Réponses attendues et réponses prédites";
    let mut chart = Chart::new(title, (x, &x_name), (Axis::rounded(low, high), &y_name));
    let limit = vec![(left, half), (right, half)];
    chart.series = vec![
        Series::new("limite 0,5", limit, Mark::Dashes(7.0), GREEN),
        Series::new("", links, Mark::Links, PALE),
        Series::new("attendue y", expected, Mark::Ring(size + 2.0), BLUE),
        Series::new("prédite ŷ", predicted, Mark::Diamond(size), VERMILLION),
    ];
    Ok(chart.figure(describe(y, y_hat), answers(y, y_hat)))
}

/// Les réponses en mots : les premières une à une, puis le compte des bonnes et le plus grand écart.
fn describe(y: &Array2<f64>, y_hat: &Array2<f64>) -> String {
    let (m, k) = y.dim();
    let pairs =
        || y.indexed_iter().zip(y_hat).map(|((at, &wanted), &found)| (at, wanted, found));
    let output =
        |j: usize| if k > 1 { format!(", sortie {}", j + 1) } else { String::new() };
    let details: Vec<_> = pairs()
        .take(6)
        .map(|((i, j), wanted, found)| {
            format!(
                "exemple {}{} : {} attendu, {} prédit",
                i + 1,
                output(j),
                number(wanted),
                number(found)
            )
        })
        .collect();
    let details = details.join(" ; ").replacen("exemple", "Exemple", 1);
    let mut alt =
        format!("{}, réponses attendues et prédites. {details}", counted(m, "exemple"));
    alt.push_str(if m * k > 6 { " ; etc." } else { "." });
    if y.iter().all(|&wanted| wanted == 0.0 || wanted == 1.0) {
        let right = pairs()
            .filter(|&(_, wanted, found)| (wanted - 0.5) * (found - 0.5) > 0.0)
            .count();
        alt.push_str(&format!(" Du bon côté de 0,5 : {right} sur {}.", m * k));
    }
    let gap = |wanted: f64, found: f64| (wanted / 2.0 - found / 2.0).abs();
    let worst = pairs().reduce(|a, b| if gap(b.1, b.2) > gap(a.1, a.2) { b } else { a });
    if let Some(((i, j), wanted, found)) = worst {
        let size = number((wanted - found).abs());
        alt.push_str(&format!(
            " Plus grand écart : {size} (exemple {}{}).",
            i + 1,
            output(j)
        ));
    }
    alt
}

/// Les réponses en tableau : les premières, s'il y en a trop.
fn answers(y: &Array2<f64>, y_hat: &Array2<f64>) -> Table {
    let total = y.len();
    let caption = if total > LINES {
        format!("Les {LINES} premières réponses, sur {}", fixed(total as f64, 0))
    } else {
        "Les réponses attendues et prédites".into()
    };
    let one = y.ncols() == 1;
    let names = ["exemple", "sortie", "attendue y", "prédite ŷ", "écart ŷ − y"];
    let shown: Vec<_> =
        names.iter().copied().filter(|name| !one || *name != "sortie").collect();
    let mut table = Table::new(caption, &shown);
    for (((i, j), &wanted), &found) in y.indexed_iter().zip(y_hat).take(LINES) {
        let mut cells = vec![(i + 1).to_string()];
        cells.extend((!one).then(|| (j + 1).to_string()));
        cells.extend([wanted, found, found - wanted].map(number));
        table.row(cells);
    }
    table
}

/// Une matrice que l'on peut dessiner : non vide, et de nombres finis.
pub(crate) fn check(array: &'static str, a: &Array2<f64>) -> Result<(), Error> {
    if a.is_empty() {
        return Err(
            NetworkError::Empty { array, rows: a.nrows(), columns: a.ncols() }.into()
        );
    }
    match a.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, column), &value)) => {
            Err(NetworkError::NotFinite { array, row, column, value }.into())
        }
        None => Ok(()),
    }
}
