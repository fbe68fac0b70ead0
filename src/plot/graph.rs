//! Le graphe d'un calcul : les valeurs vont vers la droite, les gradients reviennent vers la gauche.

use crate::error::Error;
use crate::figure::Figure;
use crate::numbers::{brief, counted, fixed, number};
use crate::palette::{BLUES, GREY, INK, PAPER, VERMILLIONS};
use crate::sheet::{Align, BODY, Point, Sheet, WIDTH, fitting, short, width};
use crate::table::Table;

/// Le plus grand nombre de colonnes sur une rangée, et de rangées.
const COLUMNS: usize = 6;
// La place des rangées sur la feuille.
const TOP: f64 = 78.0;
const BOTTOM: f64 = 408.0;
const MARGIN: f64 = 26.0;

/// Une étape du calcul : son nom, sa valeur, son gradient s'il est connu, et d'où elle vient.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphNode {
    /// Le nom écrit dans la boîte : « z », « σ(z) ».
    pub name: String,
    /// La valeur, calculée vers l'avant.
    pub value: f64,
    /// La dérivée du dernier nœud par rapport à celui-ci, calculée vers l'arrière.
    pub gradient: Option<f64>,
    /// Les rangs, comptés depuis 0, des nœuds dont celui-ci est calculé.
    pub inputs: Vec<usize>,
}

impl GraphNode {
    /// Un nœud ; une entrée du calcul n'a pas de prédécesseur, et ses `inputs` sont `&[]`.
    pub fn new(name: &str, value: f64, gradient: Option<f64>, inputs: &[usize]) -> Self {
        Self { name: name.into(), value, gradient, inputs: inputs.to_vec() }
    }
}

/// Une boîte posée sur la feuille ; sans nœud, le passage d'une longue flèche.
struct Placed {
    /// Le nœud, ou celui d'où vient la flèche.
    node: usize,
    passing: bool,
    column: usize,
    y: f64,
    high: f64,
}

/// Le graphe d'un calcul, entrées à gauche, résultat à droite.
///
/// Chaque boîte porte son nom, sa valeur en bleu et, précédé de « ← », son gradient en orange.
/// Une longue suite d'étapes se plie sur deux rangées.
///
/// # Refus
/// Aucun nœud, un nœud qui vient d'un nœud suivant, un infini ou un NaN, un graphe trop grand.
pub fn computation_graph(nodes: &[GraphNode]) -> Figure {
    draw_computation_graph(nodes).unwrap_or_else(Figure::refused)
}

fn draw_computation_graph(nodes: &[GraphNode]) -> Result<Figure, Error> {
    check(nodes)?;
    let columns = columns(nodes);
    let count = columns.iter().max().map_or(0, |last| last + 1);
    let bands = count.div_ceil(COLUMNS);
    if bands > 2 {
        return Err(too_large(nodes));
    }
    let per_band = count.div_ceil(bands);
    let pitch = ((WIDTH - 2.0 * MARGIN) / per_band as f64).min(150.0);
    let wide = (pitch - 26.0).min(112.0);
    let left = (WIDTH - pitch * per_band as f64) / 2.0;
    let center = |column: usize| left + pitch * ((column % per_band) as f64 + 0.5);
    let height = (BOTTOM - TOP - 16.0 * (bands - 1) as f64) / bands as f64;
    let middle =
        |column: usize| TOP + height / 2.0 + (column / per_band) as f64 * (height + 16.0);

    let mut placed: Vec<Placed> = Vec::new();
    for column in 0..count {
        let items = stack(nodes, &columns, column, &placed);
        // Une colonne trop haute se serre : le nom et la valeur sur la même ligne.
        let tall = |tight: bool| {
            let high =
                |&(node, passing): &(usize, bool)| match (passing, nodes[node].gradient) {
                    (true, _) => 10.0,
                    (false, gradient) => {
                        let lines = if gradient.is_some() { 1.0 } else { 0.0 };
                        if tight { 24.0 + 20.0 * lines } else { 46.0 + 22.0 * lines }
                    }
                };
            let gap = if tight { 8.0 } else { 12.0 };
            let highs: Vec<f64> = items.iter().map(high).collect();
            let total = highs.iter().sum::<f64>() + gap * (items.len().max(1) - 1) as f64;
            // Une colonne à l'aise s'aère.
            let spare = (height - total) / highs.len().max(1) as f64;
            let more = if tight { 0.0 } else { spare.clamp(0.0, 12.0) };
            let total = total + more * (highs.len().max(1) - 1) as f64;
            (highs, gap + more, total)
        };
        let (highs, gap, total) = [tall(false), tall(true)]
            .into_iter()
            .find(|stacked| stacked.2 <= height)
            .ok_or_else(|| too_large(nodes))?;
        let mut y = middle(column) - total / 2.0;
        for (&(node, passing), high) in items.iter().zip(highs) {
            placed.push(Placed { node, passing, column, y: y + high / 2.0, high });
            y += high + gap;
        }
    }

    // Une seule rangée remonte sous la légende.
    if bands == 1 {
        let top =
            placed.iter().map(|at| at.y - at.high / 2.0).fold(f64::INFINITY, f64::min);
        placed.iter_mut().for_each(|at| at.y -= top - TOP);
    }

    let mut sheet = Sheet::titled("Le graphe de calcul");
    let gradients = nodes.iter().any(|node| node.gradient.is_some());
    let goal = short(nodes[nodes.len() - 1].name.split('=').next().unwrap_or(""), 12);
    let backward = format!("      ← dérivée de {goal}, vers l’arrière");
    let parts = [("valeur, vers l’avant →", BLUES.ink), (&*backward, VERMILLIONS.ink)];
    sheet.sentence(&parts[..1 + usize::from(gradients)], (WIDTH / 2.0, 54.0));

    for to in &placed {
        let from = |from: &&Placed| {
            let (source, next) = (from.node, from.column + 1 == to.column);
            next && if to.passing {
                source == to.node
            } else {
                nodes[to.node].inputs.contains(&source)
            }
        };
        let mut sources: Vec<&Placed> = placed.iter().filter(from).collect();
        sources.sort_by(|a, b| a.y.total_cmp(&b.y));
        for (k, from) in sources.iter().enumerate() {
            // Plusieurs flèches arrivent l'une sous l'autre.
            let spread = 14.0 * (k as f64 - (sources.len() - 1) as f64 / 2.0);
            let side = |p: &Placed| if p.passing { pitch / 2.0 - 13.0 } else { wide / 2.0 };
            let start = (center(from.column) + side(from), from.y);
            let end = (
                center(to.column) - side(to),
                to.y + spread.clamp(-to.high / 3.0, to.high / 3.0),
            );
            let mut path = vec![start, end];
            if to.column % per_band == 0 {
                // D'une rangée à l'autre, la flèche passe entre les deux.
                let (turn, gutter) = (10.0 + 5.0 * k as f64, TOP + height + 8.0);
                let (out, back) = (start.0 + turn, end.0 - turn);
                path = vec![
                    start,
                    (out, start.1),
                    (out, gutter),
                    (back, gutter),
                    (back, end.1),
                    end,
                ];
            }
            if to.passing {
                path.push((center(to.column) + side(to), to.y));
                sheet.line(&path, GREY, 1.75);
            } else {
                sheet.arrow(&path, GREY, 1.75);
            }
        }
    }
    for at in placed.iter().filter(|at| !at.passing) {
        draw(&mut sheet, &nodes[at.node], (center(at.column), at.y), (wide, at.high));
    }
    Ok(Figure::new(sheet, describe(nodes), values(nodes)))
}

/// Les nœuds en tableau, dans l'ordre du calcul.
fn values(nodes: &[GraphNode]) -> Table {
    let last = short(nodes[nodes.len() - 1].name.split('=').next().unwrap_or(""), 24);
    let slope = format!("dérivée de {last}");
    let gradients = nodes.iter().any(|node| node.gradient.is_some());
    let header = ["nœud", "calculé de", "valeur", &slope];
    let header = &header[..3 + usize::from(gradients)];
    let mut table = Table::new("Les nœuds, dans l’ordre du calcul", header);
    for node in nodes {
        let inputs: Vec<_> =
            node.inputs.iter().map(|&input| short(&nodes[input].name, 24)).collect();
        let mut cells = vec![short(&node.name, 40), inputs.join(", "), number(node.value)];
        cells.extend(gradients.then(|| node.gradient.map_or(String::new(), number)));
        table.row(cells);
    }
    table
}

fn check(nodes: &[GraphNode]) -> Result<(), Error> {
    if nodes.is_empty() {
        return Err(Error::Plot("`nodes` est vide : il faut au moins un nœud.".into()));
    }
    if nodes.len() > 24 {
        return Err(too_large(nodes));
    }
    for (rank, node) in nodes.iter().enumerate() {
        let name = short(&node.name, 24);
        if let Some(input) = node.inputs.iter().find(|&&input| input >= rank) {
            return Err(Error::Plot(format!(
                "le nœud « {name} », de rang {rank} (compté depuis 0), vient du nœud de rang {input} : un nœud ne peut \
                 venir que de nœuds qui le précèdent. Rangez-les dans l'ordre du calcul."
            )));
        }
        if let Some(value) =
            [Some(node.value), node.gradient].into_iter().flatten().find(|v| !v.is_finite())
        {
            return Err(Error::Plot(format!(
                "le nœud « {name} », de rang {rank} (compté depuis 0), porte {value} : il faut des nombres finis."
            )));
        }
    }
    Ok(())
}

fn too_large(nodes: &[GraphNode]) -> Error {
    Error::Plot(format!(
        "ce graphe de {} ne tiendrait pas lisiblement sur une figure. Montrez-en une partie : une douzaine de nœuds \
         se lit bien.",
        counted(nodes.len(), "nœud")
    ))
}

/// La colonne de chaque nœud : après toutes ses entrées ; une entrée du calcul, juste avant son usage.
fn columns(nodes: &[GraphNode]) -> Vec<usize> {
    let mut columns: Vec<usize> = Vec::new();
    for node in nodes {
        columns
            .push(node.inputs.iter().map(|&input| columns[input] + 1).max().unwrap_or(0));
    }
    for leaf in (0..nodes.len()).filter(|&i| nodes[i].inputs.is_empty()) {
        let users = (0..nodes.len()).filter(|&i| nodes[i].inputs.contains(&leaf));
        columns[leaf] = users.map(|user| columns[user] - 1).min().unwrap_or(0);
    }
    columns
}

/// Ce que contient une colonne, de haut en bas : des nœuds, et les longues flèches qui la traversent.
fn stack(
    nodes: &[GraphNode],
    columns: &[usize],
    column: usize,
    placed: &[Placed],
) -> Vec<(usize, bool)> {
    let height = |node: usize| {
        let last = placed.iter().rev().find(|at| at.node == node && at.column < column);
        last.map_or(f64::INFINITY, |at| at.y)
    };
    let user = |node: usize| nodes.iter().position(|user| user.inputs.contains(&node));
    let mut items = Vec::new();
    for (node, GraphNode { inputs, .. }) in nodes.iter().enumerate() {
        let mut farthest = (0..nodes.len()).filter(|&i| nodes[i].inputs.contains(&node));
        if columns[node] == column {
            // Près de ses entrées ; sans entrée, en bas, près de qui s'en sert.
            let mean = inputs.iter().map(|&i| height(i)).sum::<f64>() / inputs.len() as f64;
            items.push((
                if inputs.is_empty() { f64::INFINITY } else { mean },
                user(node),
                node,
                false,
            ));
        } else if columns[node] < column && farthest.any(|i| columns[i] > column) {
            items.push((height(node), None, node, true));
        }
    }
    items.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    items.into_iter().map(|(_, _, node, passing)| (node, passing)).collect()
}

/// La boîte d'un nœud, centrée sur le point.
fn draw(sheet: &mut Sheet, node: &GraphNode, (x, y): Point, (wide, high): Point) {
    let (left, right, top, bottom) =
        (x - wide / 2.0, x + wide / 2.0, y - high / 2.0, y + high / 2.0);
    sheet.rounded([(left, top), (right, bottom)], 9.0, GREY);
    sheet.rounded([(left + 1.5, top + 1.5), (right - 1.5, bottom - 1.5)], 7.5, PAPER);
    let room = wide - 8.0;
    let tight = high < 46.0;
    let mut line = top + if tight { 13.0 } else { 14.0 };
    if let Some(gradient) = node.gradient {
        // Le bas de la boîte, teinté, est au gradient.
        let from = bottom - 22.0;
        let tinted = [(left + 1.5, from - 8.0), (right - 1.5, bottom - 1.5)];
        sheet.rounded(tinted, 7.5, VERMILLIONS.fill);
        sheet.rectangle([(left + 1.5, from - 8.0), (right - 1.5, from)], PAPER);
        let text = format!("← {}", fit(gradient, room - width("← ")));
        sheet.text(&text, (x, bottom - 12.0), BODY, VERMILLIONS.ink, Align::Center);
    }
    if tight {
        let value = fit(node.value, room - width("nn = "));
        let name = fitting(&node.name, room - width(&format!(" = {value}")));
        let parts = [(&*format!("{name} = "), INK), (&*value, BLUES.ink)];
        return sheet.sentence(&parts, (x, line));
    }
    sheet.text(&fitting(&node.name, room), (x, line), BODY, INK, Align::Center);
    line += 20.0;
    sheet.text(&fit(node.value, room), (x, line), BODY, BLUES.ink, Align::Center);
}

/// Un nombre aussi précis que la place le permet.
fn fit(value: f64, room: f64) -> String {
    let written = [brief(value), brief((value * 1e3).round() / 1e3), fixed(value, 2)];
    let small = value.abs() < 1e5 && (value == 0.0 || value.abs() >= 0.005);
    let mut fitting = written.into_iter().enumerate().filter(|(i, _)| *i == 0 || small);
    let short = || format!("{value:.0e}").replace('-', "−");
    fitting.find(|(_, text)| width(text) <= room).map_or_else(short, |(_, text)| text)
}

fn describe(nodes: &[GraphNode]) -> String {
    let name = |i: usize| short(&nodes[i].name, 24);
    let parts: Vec<_> = (0..nodes.len())
        .map(|i| {
            let mut text = format!("{} = {}", name(i), brief(nodes[i].value));
            let inputs: Vec<_> = nodes[i].inputs.iter().map(|&input| name(input)).collect();
            if !inputs.is_empty() {
                text += &format!(", calculé de {}", inputs.join(" et "));
            }
            match nodes[i].gradient {
                Some(gradient) => text + &format!(", gradient {}", brief(gradient)),
                None => text,
            }
        })
        .collect();
    format!("Graphe de calcul de {} : {}.", counted(nodes.len(), "nœud"), parts.join(" ; "))
}
