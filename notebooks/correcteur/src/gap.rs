//! De quelle sorte est l'écart entre deux suites de résultats, sur toutes les sondes à la fois.
//!
//! [`relation`] cherche ce qui mène de l'une à l'autre : un signe, un facteur, une transposée. De la
//! référence à la réponse, c'est une sorte d'erreur ; d'une erreur connue à la réponse, c'est une
//! seconde erreur, qui s'ajoute à la première. [`kind`] dit le reste : ce qui est juste et ce qui ne
//! l'est pas.

use nn_core::sigmoid;

use crate::compare::compare;
use crate::run::Outcome;
use crate::tensor::{Tensor, in_words};

/// Un même tableau, pour une même sonde : ce que reçoit la fonction, et deux résultats.
#[derive(Clone, Debug)]
pub(crate) struct Pair<'a> {
    pub inputs: &'a [Tensor],
    pub from: Tensor,
    pub to: Tensor,
}

impl Pair<'_> {
    fn aligned(&self) -> bool {
        self.from.shape == self.to.shape
    }

    fn values(&self) -> impl Iterator<Item = (f64, f64)> {
        self.from.values.iter().copied().zip(self.to.values.iter().copied())
    }

    pub fn right(&self) -> bool {
        self.aligned() && compare(&self.from, &self.to).approximate
    }
}

/// Les couples de deux suites de résultats, un tableau après l'autre, sur toutes les sondes qui ont
/// rendu deux réponses.
pub(crate) fn finished<'a>(
    inputs: &'a [Vec<Tensor>],
    from: &[Outcome],
    to: &[Outcome],
) -> Vec<Vec<Pair<'a>>> {
    let mut arrays: Vec<Vec<Pair>> = Vec::new();
    for ((inputs, from), to) in inputs.iter().zip(from).zip(to) {
        let (Outcome::Values(from), Outcome::Values(to)) = (from, to) else { continue };
        for (from, to) in from.iter().zip(to) {
            let pair = Pair { inputs, from: from.clone(), to: to.clone() };
            // Toutes les sondes ne rendent pas les mêmes tableaux.
            match arrays.iter_mut().find(|array| array[0].from.name == from.name) {
                Some(array) => array.push(pair),
                None => arrays.push(vec![pair]),
            }
        }
    }
    arrays
}

/// Les mêmes ; rien si une sonde manque à un tableau.
pub(crate) fn pairs<'a>(
    inputs: &'a [Vec<Tensor>],
    from: &[Outcome],
    to: &[Outcome],
) -> Option<Vec<Vec<Pair<'a>>>> {
    let whole = from.iter().zip(to).all(|(from, to)| match (from, to) {
        (Outcome::Values(from), Outcome::Values(to)) => from.len() <= to.len(),
        _ => false,
    });
    let arrays = finished(inputs, from, to);
    (!arrays.is_empty() && whole).then_some(arrays)
}

pub(crate) fn near(a: f64, b: f64) -> bool {
    a == b
        || (a.is_nan() && b.is_nan())
        || (a - b).abs() <= 1e-8 * a.abs().max(b.abs()).max(0.01)
}

/// Ce qui mène d'un résultat à l'autre, le même sur toutes les sondes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Relation {
    Same,
    /// Un facteur, et parfois une grandeur qui multiplie ou qui divise.
    Times(f64, Option<(String, bool)>),
    /// Un facteur différent d'une sonde à l'autre.
    TimesEach(Vec<f64>),
    /// Une autre fonction à la place de la sigmoïde.
    Instead(&'static str),
    /// Un décalage, et parfois la grandeur qui s'ajoute, une fois ou −1 fois.
    Plus(f64, Option<String>),
    /// Une fonction de chaque nombre : son nom, qui suit « ce sont ».
    Through(&'static str),
    /// Le même tableau, lu autrement.
    Moved(&'static str),
}

impl Relation {
    /// Une phrase ; `whose` est « ceux attendus » ou « ceux de cette erreur ».
    pub fn words(&self, subject: &str, whose: &str) -> String {
        let said = match self {
            Self::Same => format!("sont {whose}"),
            Self::Times(by, None) if near(*by, -1.0) => {
                format!("sont les opposés de {whose}\u{a0}: cherchez un signe")
            }
            Self::Times(by, None) => {
                let amount = match by.abs() {
                    b if near(b, 2.0) => " (le double)",
                    b if near(b, 0.5) => " (la moitié)",
                    b if near(b, 100.0) => " (un pourcentage)",
                    b if near(b, 0.01) => " (un centième)",
                    _ => "",
                };
                let sign = if *by < 0.0 { " et un signe" } else { "" };
                format!(
                    "valent tous {} fois {whose}{amount}\u{a0}: cherchez un facteur{sign}",
                    in_words(*by)
                )
            }
            Self::Times(by, Some((size, multiplied))) => {
                let verb = if *multiplied { "multipliés" } else { "divisés" };
                let too = match by {
                    b if near(*b, 1.0) => String::new(),
                    b if near(*b, -1.0) => ", et leur signe est changé".into(),
                    b => format!(", et multipliés par {}", in_words(*b)),
                };
                format!("sont {whose}, {verb} par {size}{too}")
            }
            Self::Plus(by, None) => format!(
                "sont tous décalés de {}, par rapport à {whose}\u{a0}: cherchez ce qui s'ajoute partout",
                in_words(*by)
            ),
            Self::Plus(by, Some(size)) if *by > 0.0 => {
                format!("sont {whose}, plus {size}\u{a0}: ce terme est en trop")
            }
            Self::Plus(_, Some(size)) => {
                format!("sont {whose}, moins {size}\u{a0}: ce terme manque")
            }
            Self::TimesEach(factors) => {
                let factors: Vec<String> = factors.iter().map(|f| in_words(*f)).collect();
                format!(
                    "valent, d'un essai à l'autre, {} fois {whose}\u{a0}: cherchez un facteur qui \
                     manque, ou qui est en trop, et qui change avec l'essai",
                    factors.join(", ")
                )
            }
            Self::Instead(what) => {
                format!("sont {whose}, si {what} prend la place de la sigmoïde")
            }
            Self::Through(what) => format!("sont {what} {whose}"),
            Self::Moved(how) => format!("sont {whose}, {how}"),
        };
        format!("{subject} {said}.")
    }

    /// Une seconde erreur se dit d'un facteur simple ; d'un autre, c'est un hasard.
    pub fn is_plain(&self) -> bool {
        match self {
            Self::Times(by, None) => [1.0, 2.0, 4.0, 0.5, 0.25, 100.0, 0.01]
                .iter()
                .any(|plain| near(by.abs(), *plain)),
            Self::Plus(by, None) => near(by.abs(), 1.0),
            Self::Through(what) => {
                !["les parties entières de", "les inverses de"].contains(what)
            }
            Self::TimesEach(_) | Self::Moved("dans un autre ordre") => false,
            _ => true,
        }
    }

    pub fn agrees(&self, other: &Relation) -> bool {
        match (self, other) {
            (Self::Times(a, x), Self::Times(b, y)) => near(*a, *b) && x == y,
            (Self::Plus(a, x), Self::Plus(b, y)) => near(*a, *b) && x == y,
            _ => self == other,
        }
    }
}

/// Ce qui mène de `from` à `to`, si c'est une seule et même chose sur toutes les sondes, dont deux au
/// moins en apportent la preuve.
pub(crate) fn relation(pairs: &[&Pair]) -> Option<Relation> {
    if pairs.iter().all(|p| p.right()) {
        return Some(Relation::Same);
    }
    if pairs.iter().all(|p| p.aligned()) {
        scaled(pairs)
            .or_else(|| through(pairs))
            .or_else(|| instead(pairs))
            .or_else(|| moved(pairs))
            .or_else(|| scaled_each(pairs))
    } else {
        moved(pairs)
    }
}

/// Deux sondes au moins ont des nombres qui prouvent quelque chose, et ils ne sont pas tous les mêmes.
fn proves(pairs: &[&Pair], telling: fn(f64) -> bool) -> bool {
    let rich = |p: &&&Pair| p.from.values.iter().any(|v| telling(*v));
    let mut seen: Vec<f64> = pairs
        .iter()
        .flat_map(|p| &p.from.values)
        .copied()
        .filter(|v| telling(*v))
        .collect();
    seen.sort_by(f64::total_cmp);
    seen.dedup_by(|a, b| near(*a, *b));
    pairs.iter().filter(rich).count() >= 2 && seen.len() >= 2
}

fn scaled(pairs: &[&Pair]) -> Option<Relation> {
    if !proves(pairs, |v| v.is_finite() && v.abs() > 1e-6) {
        return None;
    }
    let all = || pairs.iter().flat_map(|p| p.values());
    let ratio_of = |p: &Pair| p.values().find(|(a, _)| a.abs() > 1e-6).map(|(a, b)| b / a);
    let ratio = pairs.iter().find_map(|p| ratio_of(p))?;
    if ratio != 0.0 && ratio.is_finite() && all().all(|(a, b)| near(a * ratio, b)) {
        return Some(Relation::Times(ratio, None));
    }
    let shift = all().next().map(|(a, b)| b - a)?;
    if shift.is_finite() && all().all(|(a, b)| near(a + shift, b)) {
        return Some(Relation::Plus(shift, None));
    }
    // Le facteur, ou ce qui s'ajoute, change d'une sonde à l'autre, comme une grandeur donnée.
    for (label, _) in sizes(pairs[0].inputs) {
        let of = |p: &Pair| {
            sizes(p.inputs)
                .into_iter()
                .find(|(l, _)| *l == label)
                .map_or(f64::NAN, |(_, v)| v)
        };
        let first = of(pairs[0]);
        let varies = pairs.iter().any(|p| !near(of(p), first));
        if !varies {
            continue;
        }
        for multiplied in [false, true] {
            for by in [1.0, -1.0, 2.0, -2.0, 0.5, -0.5] {
                let factor = |p: &Pair| if multiplied { by * of(p) } else { by / of(p) };
                if pairs.iter().all(|p| p.values().all(|(a, b)| near(a * factor(p), b))) {
                    return Some(Relation::Times(by, Some((label, multiplied))));
                }
            }
        }
        for by in [1.0, -1.0] {
            if pairs.iter().all(|p| p.values().all(|(a, b)| near(a + by * of(p), b))) {
                return Some(Relation::Plus(by, Some(label)));
            }
        }
    }
    None
}

/// Les grandeurs d'une sonde : ses nombres seuls, et les longueurs de ses tableaux.
fn sizes(inputs: &[Tensor]) -> Vec<(String, f64)> {
    let mut all: Vec<(String, f64)> = Vec::new();
    for t in inputs {
        let found = match t.shape.is_empty() {
            true => vec![(t.name.clone(), t.values[0])],
            false => {
                let of = |axis: &str| match axis.starts_with(['a', 'e', 'é', 'i', 'o', 'u'])
                {
                    true => format!("le nombre d'{axis}"),
                    false => format!("le nombre de {axis}"),
                };
                let axes = t.axes.iter().zip(&t.shape);
                axes.map(|(axis, n)| (of(axis), *n as f64)).collect()
            }
        };
        for (label, value) in found {
            if !all.iter().any(|(l, _)| *l == label) {
                all.push((label, value));
            }
        }
    }
    all
}

type Function = (&'static str, fn(f64) -> f64);

fn through(pairs: &[&Pair]) -> Option<Relation> {
    let known: [Function; 9] = [
        ("les carrés de", |v| v * v),
        ("les racines carrées de", f64::sqrt),
        ("les valeurs absolues de", f64::abs),
        ("les compléments à 1 de", |v| 1.0 - v),
        ("les inverses de", |v| 1.0 / v),
        ("les exponentielles de", f64::exp),
        ("les logarithmes de", f64::ln),
        ("les sigmoïdes de", sigmoid),
        ("les parties entières de", f64::trunc),
    ];
    if !proves(pairs, |v| v.is_finite() && v != 0.0 && v.abs() != 1.0) {
        return None;
    }
    let fits =
        |(_, f): &&Function| pairs.iter().all(|p| p.values().all(|(a, b)| near(f(a), b)));
    known.iter().find(fits).map(|(name, _)| Relation::Through(name))
}

/// Une autre activation : la somme se retrouve à partir de la réponse attendue.
fn instead(pairs: &[&Pair]) -> Option<Relation> {
    let known: [Function; 6] = [
        ("la tangente hyperbolique", f64::tanh),
        ("ReLU", |z| z.max(0.0)),
        ("une marche (0 ou 1)", |z| f64::from(z > 0.0)),
        ("rien (la somme z seule)", |z| z),
        ("l'exponentielle", f64::exp),
        ("la sigmoïde de −z", |z| sigmoid(-z)),
    ];
    let inside =
        pairs.iter().flat_map(|p| &p.from.values).all(|v| *v > 1e-6 && *v < 1.0 - 1e-6);
    if !inside || !proves(pairs, |v| v != 0.5) {
        return None;
    }
    let fits = |(_, f): &&Function| {
        pairs.iter().all(|p| p.values().all(|(e, r)| near(f((e / (1.0 - e)).ln()), r)))
    };
    known.iter().find(fits).map(|(name, _)| Relation::Instead(name))
}

/// Un facteur par sonde : chacune doit le prouver par deux nombres au moins.
fn scaled_each(pairs: &[&Pair]) -> Option<Relation> {
    let factor = |p: &&Pair| {
        let (a, b) = p.values().find(|(a, _)| a.abs() > 1e-6)?;
        let enough = p.from.values.iter().filter(|v| v.abs() > 1e-6).count() >= 2;
        let by = b / a;
        (enough && by != 0.0 && p.values().all(|(a, b)| near(a * by, b))).then_some(by)
    };
    let factors = pairs.iter().map(factor).collect::<Option<Vec<f64>>>()?;
    (factors.len() >= 2).then_some(Relation::TimesEach(factors))
}

fn moved(pairs: &[&Pair]) -> Option<Relation> {
    type Place = fn(&[usize], usize) -> usize;
    let known: [(&str, bool, Place); 4] = [
        ("lignes et colonnes échangées\u{a0}: cherchez une transposée", true, |s, i| {
            match *s {
                [_, columns] => (i % columns) * s[0] + i / columns,
                _ => i,
            }
        }),
        ("dans l'ordre inverse", false, |s, i| s.iter().product::<usize>() - 1 - i),
        ("lignes dans l'ordre inverse", false, |s, i| match *s {
            [rows, columns] => (rows - 1 - i / columns) * columns + i % columns,
            _ => i,
        }),
        ("colonnes dans l'ordre inverse", false, |s, i| match *s {
            [_, columns] => i / columns * columns + columns - 1 - i % columns,
            _ => i,
        }),
    ];
    let fits = |(_, turned, place): &&(&str, bool, Place)| {
        pairs.iter().all(|p| {
            let shape: Vec<usize> = match turned {
                true => p.from.shape.iter().rev().copied().collect(),
                false => p.from.shape.clone(),
            };
            shape == p.to.shape
                && p.from
                    .values
                    .iter()
                    .enumerate()
                    .all(|(i, v)| near(*v, p.to.values[place(&p.from.shape, i)]))
        })
    };
    if let Some((how, ..)) = known.iter().find(fits) {
        return Some(Relation::Moved(how));
    }
    let sorted = |t: &Tensor| {
        let mut values = t.values.clone();
        values.sort_by(f64::total_cmp);
        values
    };
    let shuffled = pairs.iter().all(|p| {
        let (a, b) = (sorted(&p.from), sorted(&p.to));
        p.aligned() && a.iter().zip(&b).all(|(a, b)| near(*a, *b))
    });
    shuffled.then_some(Relation::Moved("dans un autre ordre"))
}

/// Ce que la fonction change, dans chaque tableau qu'elle reçoit et qu'elle rend ; rien si l'un n'a
/// pas d'origine.
pub(crate) fn steps<'a>(pairs: &[&Pair<'a>]) -> Option<Vec<Pair<'a>>> {
    let step = |p: &&Pair<'a>| {
        let start = p.inputs.iter().find(|t| t.name == p.from.name)?;
        if start.shape != p.from.shape || start.shape != p.to.shape {
            return None;
        }
        let less = |t: &Tensor| {
            t.with_values(t.values.iter().zip(&start.values).map(|(v, s)| v - s).collect())
        };
        Some(Pair { inputs: p.inputs, from: less(&p.from), to: less(&p.to) })
    };
    pairs.iter().map(step).collect()
}

/// Ce qui mène d'un résultat à l'autre, ou d'un pas à l'autre : la relation, et ce dont elle parle.
pub(crate) fn relation_or_steps(pairs: &[&Pair]) -> Option<(Relation, &'static str)> {
    relation(pairs).map(|r| (r, "Vos nombres")).or_else(|| {
        let steps = steps(pairs)?;
        let steps: Vec<&Pair> = steps.iter().collect();
        if steps.iter().all(|p| p.to.values.iter().all(|v| *v == 0.0)) {
            return None;
        }
        relation(&steps).map(|r| (r, "Vos pas (ce qui change dans chaque tableau)"))
    })
}

/// Une phrase de la carte.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// Ce que les nombres montrent.
    Fact(String),
    /// Une piste, qu'une cause connue rend inutile.
    Lead(String),
    /// Ce que l'on dit quand on n'a rien d'autre à dire.
    Filler(String),
}

impl Said {
    pub fn text(self) -> String {
        match self {
            Self::Fact(text) | Self::Lead(text) | Self::Filler(text) => text,
        }
    }

    pub fn is_fact(&self) -> bool {
        matches!(self, Self::Fact(_))
    }
}

/// Ce que l'on dit de nombres faux : la sorte d'écart d'abord, puis les tableaux justes et faux.
pub(crate) fn words(arrays: &[Vec<Pair>]) -> Vec<Said> {
    let is_right = |pairs: &&Vec<Pair>| pairs.iter().all(|p| p.right());
    let names = |wanted: bool| {
        let of =
            arrays.iter().filter(|pairs| is_right(pairs) == wanted && !pairs.is_empty());
        of.map(|pairs| pairs[0].from.name.as_str()).collect::<Vec<_>>()
    };
    let wrong: Vec<&Vec<Pair>> = arrays.iter().filter(|pairs| !is_right(pairs)).collect();
    // Un arrondi les touche tous : un petit écart, à côté d'un grand, n'en est pas un.
    let all_rounded =
        wrong.iter().all(|pairs| rounded(&pairs.iter().collect::<Vec<_>>()).is_some());
    let mut kinds: Vec<(Said, Vec<&str>)> = Vec::new();
    for pairs in &wrong {
        let (said, name) = (kind(pairs, all_rounded), pairs[0].from.name.as_str());
        match kinds.iter_mut().find(|(other, _)| *other == said) {
            Some((_, names)) => names.push(name),
            None => kinds.push((said, vec![name])),
        }
    }
    // Un tableau dont on sait quelque chose suffit.
    let several = kinds.len() > 1;
    if kinds.iter().any(|(said, _)| !matches!(said, Said::Filler(_))) {
        kinds.retain(|(said, _)| !matches!(said, Said::Filler(_)));
    } else {
        kinds.truncate(1);
    }
    let of = |said: Said, names: &[&str]| match said {
        Said::Filler(_) => said,
        _ if !several => said,
        Said::Fact(text) => Said::Fact(format!("{}\u{a0}: {text}", names.join(", "))),
        Said::Lead(text) => Said::Lead(format!("{}\u{a0}: {text}", names.join(", "))),
    };
    let plain = |pairs: &&Vec<Pair>| {
        let pairs: Vec<&Pair> = pairs.iter().collect();
        constant(&pairs).is_none() && returned(&pairs).is_none()
    };
    let idle = ignored(arrays).filter(|_| wrong.iter().all(plain));
    if idle.is_some() {
        kinds.retain(|(said, _)| said.is_fact());
    }
    let mut words: Vec<Said> = idle.into_iter().map(Said::Lead).collect();
    words.extend(kinds.into_iter().map(|(said, names)| of(said, &names)));
    if !names(true).is_empty() && !names(false).is_empty() {
        let (right, wrong) = (names(true).join(", "), names(false).join(", "));
        words.push(Said::Fact(format!("Juste\u{a0}: {right}. Faux\u{a0}: {wrong}.")));
    }
    words
}

/// La sorte d'écart d'un tableau, où `from` est attendu et `to` reçu : une phrase.
fn kind(pairs: &[Pair], may_be_rounded: bool) -> Said {
    let pairs: Vec<&Pair> = pairs.iter().collect();
    let related = || {
        let (relation, what) = relation_or_steps(&pairs)?;
        let words = relation.words(what, "ceux attendus");
        Some(match relation {
            // Bien d'autres causes donnent ce terme, ou ces facteurs.
            Relation::Plus(_, Some(_)) | Relation::TimesEach(_) => Said::Lead(words),
            _ => Said::Fact(words),
        })
    };
    constant(&pairs)
        .or_else(|| returned(&pairs))
        .or_else(|| rounded(&pairs).filter(|_| may_be_rounded))
        .map(Said::Fact)
        .or_else(related)
        .or_else(|| lost_start(&pairs).map(Said::Fact))
        .or_else(|| signs(&pairs).map(Said::Fact))
        .or_else(|| shifted(&pairs).map(Said::Fact))
        .or_else(|| probes_right(&pairs))
        .unwrap_or_else(|| places(&pairs))
}

/// Ce qui entre ressort tel quel, ou changé par une seule fonction connue.
pub(crate) fn returned(pairs: &[&Pair]) -> Option<String> {
    unchanged(pairs).or_else(|| of_an_input(pairs))
}

/// Un nombre donné qui ne sert pas : des essais ne diffèrent que par lui, et la réponse y est la même.
/// D'une liste à une autre, ou d'un compte à un autre, elle peut l'être par hasard.
pub(crate) fn ignored(arrays: &[Vec<Pair>]) -> Option<String> {
    let probes = arrays.first()?.len();
    if arrays.iter().any(|pairs| pairs.len() != probes) {
        return None;
    }
    let equal = |a: &Tensor, b: &Tensor| {
        a.name == b.name && a.shape == b.shape && a.values == b.values
    };
    // Ce qui change seul de l'essai i à l'essai j.
    let alone = |i: usize, j: usize| {
        let (a, b) = (arrays[0][i].inputs, arrays[0][j].inputs);
        let mut changed = a.iter().zip(b).filter(|(a, b)| !equal(a, b));
        let (first, other) = changed.next()?;
        let one = a.len() == b.len() && changed.next().is_none();
        (one && first.name == other.name && first.shape.is_empty()).then_some(first)
    };
    let all = |i: usize, j: usize| arrays.iter().map(move |pairs| (&pairs[i], &pairs[j]));
    let told = |(i, j): &(usize, usize)| {
        all(*i, *j).any(|(a, b)| !(Pair { to: b.from.clone(), ..a.clone() }).right())
    };
    let same = |(i, j): &(usize, usize)| {
        all(*i, *j).all(|(a, b)| a.to.shape == b.to.shape && a.to.values == b.to.values)
            && all(*i, *j)
                .any(|(a, _)| a.to.values.iter().any(|v| v.is_finite() && *v != 0.0))
    };
    let counts =
        arrays.iter().flatten().flat_map(|p| &p.from.values).all(|v| v.fract() == 0.0);
    let couples = || (0..probes).flat_map(|i| (i + 1..probes).map(move |j| (i, j)));
    let input = couples().find_map(|(i, j)| {
        let input = alone(i, j)?;
        let of_it = |(i, j): &(usize, usize)| {
            alone(*i, *j).is_some_and(|other| other.name == input.name) && told(&(*i, *j))
        };
        let shown = couples().filter(of_it).count();
        let enough = if counts { 2 } else { 1 };
        (shown >= enough && couples().filter(of_it).all(|pair| same(&pair)))
            .then_some(input)
    })?;
    Some(format!(
        "Quand seule change la donnée «\u{a0}{name}\u{a0}», votre réponse reste la même\u{a0}: regardez \
         où elle devait servir, et si un nombre écrit en dur a pris sa place.",
        name = input.name
    ))
}

/// Presque juste partout : un arrondi, et non une erreur de calcul.
fn rounded(pairs: &[&Pair]) -> Option<String> {
    let all: Vec<(f64, f64)> = pairs.iter().flat_map(|p| p.values()).collect();
    if !pairs.iter().all(|p| p.aligned()) || all.iter().any(|(_, r)| !r.is_finite()) {
        return None;
    }
    let single = |r: f64| f64::from(r as f32) == r;
    let scale = all.iter().fold(0.0, |a: f64, (e, _)| a.max(e.abs()));
    let gap = |(e, r): &(f64, f64)| (e - r).abs() / scale;
    let largest = all.iter().map(gap).fold(0.0, f64::max);
    if largest <= 3e-7 && all.iter().all(|(_, r)| single(*r)) {
        return Some(format!(
            "Vos nombres sont justes à {} près\u{a0}: ils sont arrondis en `f32`, qui garde sept \
             chiffres. Calculez en `f64` d'un bout à l'autre.",
            in_words(largest)
        ));
    }
    if largest <= 1e-5 {
        return Some(format!(
            "Vos nombres sont justes à {} près, alors que l'ordre des opérations ne change que le \
             seizième chiffre\u{a0}: cherchez un calcul en `f32`, un petit ε ajouté, ou une constante \
             écrite avec trop peu de chiffres.",
            in_words(largest)
        ));
    }
    for digits in 0..4 {
        let unit = 10f64.powi(digits);
        let cuts: [Function; 2] = [("arrondis", f64::round), ("coupés", f64::trunc)];
        for (how, cut) in cuts {
            let fits = |(e, r): &(f64, f64)| near(cut(e * unit) / unit, *r);
            let seen = all.iter().filter(|(_, r)| *r != 0.0).count();
            if seen >= 2 && all.iter().all(fits) {
                let steps = all.iter().all(|(_, r)| *r == 0.0 || *r == 1.0);
                return Some(match digits {
                    0 if steps => format!(
                        "Vos nombres sont ceux attendus, {how} à 0 ou à 1\u{a0}: cherchez un seuil, une \
                         marche à la place d'une courbe, ou une conversion en entier."
                    ),
                    0 => format!(
                        "Vos nombres sont ceux attendus, {how} à l'entier\u{a0}: cherchez une \
                         division entre entiers, ou une conversion trop tôt."
                    ),
                    _ => format!(
                        "Vos nombres sont ceux attendus, {how} à {digits} chiffre{} après la \
                         virgule\u{a0}: rendez-les tels que le calcul les donne.",
                        if digits > 1 { "s" } else { "" }
                    ),
                });
            }
        }
    }
    None
}

/// Une même réponse, juste pour quelques essais.
const BY_CHANCE: &str =
    "cette réponse est-elle écrite en dur, ou une donnée comparée à elle-même\u{a0}?";

/// La même réponse quoi que l'on donne.
pub(crate) fn constant(pairs: &[&Pair]) -> Option<String> {
    let all: Vec<f64> = pairs.iter().flat_map(|p| &p.to.values).copied().collect();
    let first = *all.first()?;
    if pairs.len() < 2 || all.len() < 2 {
        return None;
    }
    let right = pairs.iter().filter(|p| p.right()).count();
    if all.iter().all(|v| *v == first) {
        if first == 0.0 {
            return Some(
                "Vos nombres sont tous nuls, quel que soit l'essai\u{a0}: regardez si le résultat est \
                 bien rangé là où on l'attend, et si rien ne l'annule."
                    .into(),
            );
        }
        let said = format!(
            "Vos nombres sont tous égaux à {}, quel que soit l'essai",
            in_words(first)
        );
        return Some(match right {
            0 => format!("{said}\u{a0}: regardez si chacun est calculé pour lui-même."),
            _ => {
                format!("{said}, et {}\u{a0}: {BY_CHANCE}", only_right(right, pairs.len()))
            }
        });
    }
    let same =
        |p: &&Pair| p.to.shape == pairs[0].to.shape && p.to.values == pairs[0].to.values;
    pairs.iter().all(same).then(|| match right {
        0 => "Votre réponse est la même à tous les essais\u{a0}: elle ne dépend pas de ce que la \
              fonction reçoit."
            .into(),
        _ => format!(
            "Votre réponse est la même à tous les essais, et {}\u{a0}: {BY_CHANCE}",
            only_right(right, pairs.len())
        ),
    })
}

fn only_right(right: usize, probes: usize) -> String {
    let times = if right > 1 { "essais" } else { "essai" };
    format!("juste pour {right} {times} sur {probes}")
}

/// Ce qui entre ressort tel quel.
fn unchanged(pairs: &[&Pair]) -> Option<String> {
    let candidates = pairs[0].inputs.iter().filter(|t| !t.values.is_empty());
    let same = |p: &Pair, name: &str| {
        let given = p.inputs.iter().find(|t| t.name == name);
        given.is_some_and(|t| t.shape == p.to.shape && t.values == p.to.values)
    };
    let name = candidates
        .map(|t| t.name.as_str())
        .find(|name| pairs.len() > 1 && pairs.iter().all(|p| same(p, name)))?;
    Some(match pairs[0].to.name == name {
        true => format!(
            "{name} ressort tel qu'il est entré\u{a0}: votre code ne le change pas."
        ),
        false => format!("Votre fonction rend {name}, tel qu'elle l'a reçu."),
    })
}

/// Une fonction connue de ce qui entre, mais pas celle demandée.
fn of_an_input(pairs: &[&Pair]) -> Option<String> {
    let known: [Function; 9] = [
        ("ReLU de", |z| z.max(0.0)),
        ("une marche (0 ou 1) selon le signe de", |z| f64::from(z > 0.0)),
        ("une marche (0 ou 1) selon le signe de", |z| f64::from(z >= 0.0)),
        ("la tangente hyperbolique de", f64::tanh),
        ("la sigmoïde de", sigmoid),
        ("l'opposé de", |z| -z),
        ("l'exponentielle de", f64::exp),
        ("le carré de", |z| z * z),
        ("la valeur absolue de", f64::abs),
    ];
    if pairs.len() < 2 {
        return None;
    }
    for input in pairs[0].inputs {
        let fits = |(_, f): &&Function| {
            pairs.iter().all(|p| {
                let given = p.inputs.iter().find(|t| t.name == input.name);
                given.is_some_and(|t| {
                    t.shape == p.to.shape
                        && t.values.iter().zip(&p.to.values).all(|(z, r)| near(f(*z), *r))
                })
            })
        };
        if let Some((what, _)) = known.iter().find(fits) {
            return Some(format!("Votre fonction rend {what} {}.", input.name));
        }
    }
    None
}

/// Le pas a pris la place du tableau, au lieu de s'y ajouter.
fn lost_start(pairs: &[&Pair]) -> Option<String> {
    let steps = steps(pairs)?;
    let alone: Vec<Pair> = steps
        .into_iter()
        .zip(pairs)
        .map(|(step, p)| Pair { to: p.to.clone(), ..step })
        .collect();
    let alone: Vec<&Pair> = alone.iter().collect();
    match relation(&alone)? {
        Relation::Same | Relation::Times(_, None) => Some(
            "Votre pas a pris la place du tableau, au lieu de s'y ajouter ou de s'en retirer\u{a0}: \
             cherchez un `=` là où il faut `-=` ou `+=`."
                .into(),
        ),
        _ => None,
    }
}

/// Les bonnes grandeurs, des signes faux.
fn signs(pairs: &[&Pair]) -> Option<String> {
    let fits = pairs.iter().all(|p| p.aligned())
        && pairs.iter().flat_map(|p| p.values()).all(|(e, r)| near(e.abs(), r.abs()));
    (fits && proves(pairs, |v| v != 0.0)).then(|| {
        "Chaque nombre est juste à son signe près, mais seuls certains signes sont faux\u{a0}: regardez \
         lesquels."
            .into()
    })
}

/// Les nombres d'une liste, une place plus loin ou plus tôt.
fn shifted(pairs: &[&Pair]) -> Option<String> {
    let fits = |later: bool| {
        let moved = |p: &&&Pair| {
            let (e, r) = (&p.from.values, &p.to.values);
            let (e, r) = if later { (e, &r[1..]) } else { (&e[1..].to_vec(), &r[..]) };
            e.iter().zip(r).all(|(e, r)| near(*e, *r))
        };
        let long = |p: &&&Pair| p.from.values.len() > 2 && !p.right();
        let lists = pairs.iter().all(|p| p.aligned() && p.from.shape.len() == 1);
        lists
            && pairs.iter().filter(|p| !p.from.values.is_empty()).all(|p| moved(&p))
            && pairs.iter().filter(long).count() >= 2
    };
    let how = if fits(true) {
        "une place plus loin\u{a0}: le premier est en trop, et le dernier manque"
    } else if fits(false) {
        "une place plus tôt\u{a0}: le premier manque, et le dernier est en trop"
    } else {
        return None;
    };
    Some(format!("Vos nombres sont ceux attendus, {how}."))
}

/// Des essais entiers justes, les autres faux : ce qui les distingue.
fn probes_right(pairs: &[&Pair]) -> Option<Said> {
    let right: Vec<bool> = pairs.iter().map(|p| p.right()).collect();
    let count = right.iter().filter(|r| **r).count();
    if count == 0 || count == right.len() {
        return None;
    }
    let matrices = |p: &Pair| p.inputs.iter().filter(|t| t.shape.len() == 2).count();
    let square = |p: &Pair| {
        p.inputs.iter().filter(|t| t.shape.len() == 2).all(|t| t.shape[0] == t.shape[1])
    };
    let length = |p: &Pair, axis: &str| {
        let of = |t: &Tensor| Some(t.shape[t.axes.iter().position(|a| *a == axis)?]);
        p.inputs.iter().find_map(of)
    };
    let splits = |test: &dyn Fn(&Pair) -> bool| {
        pairs.iter().zip(&right).all(|(p, right)| test(p) == *right)
    };
    // Un tableau d'une seule case est carré, et n'apprend rien.
    let large = |p: &&Pair| p.inputs.iter().any(|t| t.shape.len() == 2 && t.shape[0] > 1);
    if matrices(pairs[0]) > 0
        && splits(&square)
        && pairs.iter().any(|p| large(p) && p.right())
    {
        return Some(Said::Lead(
            "Seuls les essais aux tableaux carrés sont justes\u{a0}: cherchez une transposée, ou deux \
             dimensions échangées."
                .into(),
        ));
    }
    let axes = pairs[0].inputs.iter().flat_map(|t| &t.axes);
    for axis in axes {
        if splits(&|p| length(p, axis) == Some(1)) {
            return Some(Said::Lead(format!(
                "C'est juste quand il n'y en a qu'un ({axis}), faux dès qu'il y en a plusieurs\u{a0}: \
                 regardez comment ils se combinent."
            )));
        }
    }
    let zero = |p: &Pair| p.inputs.iter().any(|t| t.shape.is_empty() && t.values[0] == 0.0);
    if splits(&zero) {
        return Some(Said::Lead(
            "C'est juste quand l'une des données vaut 0, faux sinon.".into(),
        ));
    }
    if splits(&|p| !zero(p)) {
        return Some(Said::Lead(
            "C'est faux quand l'une des données vaut 0, juste sinon.".into(),
        ));
    }
    None
}

/// Les places justes et les places fausses, d'un tableau à l'autre.
fn places(pairs: &[&Pair]) -> Said {
    const LOOP: &str = "\u{a0}: regardez où commence et où finit votre boucle";
    type Area = (&'static str, &'static str, fn(&[usize], usize) -> bool);
    let areas: [Area; 7] = [
        ("la première ligne", LOOP, |s, i| s.len() == 2 && i / s[1] == 0),
        ("la dernière ligne", LOOP, |s, i| s.len() == 2 && i / s[1] == s[0] - 1),
        ("la première colonne", LOOP, |s, i| s.len() == 2 && i % s[1] == 0),
        ("la dernière colonne", LOOP, |s, i| s.len() == 2 && i % s[1] == s[1] - 1),
        ("le premier nombre", LOOP, |_, i| i == 0),
        ("le dernier nombre", LOOP, |s, i| i + 1 == s.iter().product::<usize>()),
        ("la diagonale (ligne et colonne de même rang)", "", |s, i| {
            s.len() == 2 && s[0] == s[1] && i / s[1] == i % s[1]
        }),
    ];
    let wrong: Vec<&&Pair> = pairs.iter().filter(|p| !p.right()).collect();
    if wrong.iter().all(|p| p.aligned()) {
        // Un nombre que rien ne distingue de 0 peut être juste par hasard.
        let fits = |area: &Area, inside: bool| {
            let place = |p: &Pair, i: usize| (area.2)(&p.from.shape, i);
            let told = |p: &Pair| {
                let within = (0..p.from.values.len()).filter(|i| place(p, *i)).count();
                within > 0 && p.from.values.len() - within > 1
            };
            wrong.iter().any(|p| told(p))
                && wrong.iter().all(|p| {
                    let mut values = p.values().enumerate();
                    values.all(|(i, (e, r))| {
                        let right = near(e, r);
                        right == (place(p, i) == inside) || (!inside && right && e == 0.0)
                    })
                })
        };
        for area in &areas {
            if fits(area, true) {
                return Said::Lead(
                    format!("Dans votre réponse, seule est juste {}.", area.0)
                        .replace("seule est juste le", "seul est juste le"),
                );
            }
            if fits(area, false) {
                return Said::Lead(format!("Tout est juste, sauf {}{}.", area.0, area.1));
            }
        }
    }
    let smallest = wrong.iter().min_by_key(|p| p.from.values.len());
    let Some(p) = smallest else { return Said::Filler(String::new()) };
    let count = p.from.values.len();
    match p.values().position(|(e, r)| !near(e, r)) {
        Some(first) if p.values().any(|(e, r)| near(e, r)) => Said::Lead(format!(
            "Une partie des nombres est juste. Regardez ce qui distingue le premier faux,{}.",
            p.from.place_in_words(first)
        )),
        _ if count == 1 && wrong.len() * 2 < pairs.len() => Said::Lead(format!(
            "C'est juste pour {} essais sur {}\u{a0}: cherchez ce que l'essai montré plus bas a de \
             particulier.",
            pairs.len() - wrong.len(),
            pairs.len()
        )),
        _ if count > 1 => Said::Filler(format!(
            "Aucun nombre n'est juste{}\u{a0}: refaites à la main la première case.",
            side(&wrong)
        )),
        _ => Said::Filler(format!(
            "Refaites ce calcul à la main, et comparez à chaque ligne de votre code{}.",
            side(&wrong).replace(", et", "\u{a0}: les nombres faux sont")
        )),
    }
}

/// De quel côté sont des nombres faux, s'ils sont tous du même.
fn side(wrong: &[&&Pair]) -> &'static str {
    let all = || wrong.iter().flat_map(|p| p.values()).filter(|(e, r)| !near(*e, *r));
    match all().count() {
        0..=2 => "",
        _ if all().all(|(e, r)| r > e) => ", et tous trop grands",
        _ if all().all(|(e, r)| r < e) => ", et tous trop petits",
        _ => "",
    }
}

/// Ce que partagent les sondes où naît un nombre qui n'est pas fini, et elles seules.
pub(crate) fn birth_of_non_finite(pairs: &[Pair]) -> Option<&'static str> {
    let born =
        |p: &Pair| p.aligned() && p.values().any(|(e, r)| e.is_finite() && !r.is_finite());
    let given = |p: &Pair, test: fn(f64) -> bool| {
        p.inputs.iter().flat_map(|t| &t.values).any(|v| test(*v))
    };
    type Test = fn(f64) -> bool;
    let known: [(Test, &str); 3] = [
        (
            |v| v.abs() > 100.0,
            "Cela n'arrive que pour de grandes données\u{a0}: au-delà de 709, l'exponentielle est \
             infinie, et ∞/∞ n'est pas un nombre.",
        ),
        (
            |v| v == 0.0,
            "Cela n'arrive que si l'une des données vaut 0\u{a0}: cherchez une division par zéro, ou le \
             logarithme de 0.",
        ),
        (
            |v| v < 0.0,
            "Cela n'arrive que si l'une des données est négative\u{a0}: cherchez une racine, un \
             logarithme ou une puissance non entière.",
        ),
    ];
    if pairs.iter().all(born) {
        return None;
    }
    let splits = |test: fn(f64) -> bool| pairs.iter().all(|p| born(p) == given(p, test));
    known.iter().find(|(test, _)| splits(*test)).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{list, number};

    const EXPECTED: [&[f64]; 3] = [&[1.0, -2.0], &[3.0, 0.5, 0.25], &[-4.0, 7.0, 2.0, 6.0]];

    /// La sorte d'écart de trois listes, si chaque nombre devient `f(essai, rang, nombre)`.
    fn kind_of(f: fn(usize, usize, f64) -> f64) -> String {
        let inputs: Vec<Vec<Tensor>> = (1..4)
            .map(|n| {
                vec![list("x", "exemples", &vec![0.3; n]), number("η", n as f64 * 0.5)]
            })
            .collect();
        let pair = |(probe, values): (usize, &&[f64])| {
            let to: Vec<f64> =
                values.iter().enumerate().map(|(i, v)| f(probe, i, *v)).collect();
            Pair {
                inputs: &inputs[probe],
                from: list("z", "pas", values),
                to: list("z", "pas", &to),
            }
        };
        let pairs: Vec<Pair> = EXPECTED.iter().enumerate().map(pair).collect();
        kind(&pairs, true).text().replace('\u{a0}', "\u{20}")
    }

    #[test]
    fn chaque_sorte_d_ecart_a_sa_phrase() {
        type Change = fn(usize, usize, f64) -> f64;
        let known: [(Change, &str); 21] = [
            (|_, _, v| -v, "les opposés de ceux attendus"),
            (|_, _, v| 2.0 * v, "le double"),
            (|_, _, v| -0.5 * v, "cherchez un facteur et un signe"),
            (|_, _, v| v + 0.25, "décalés de 0,25"),
            (|p, _, v| v / (p + 1) as f64, "divisés par le nombre d'exemples"),
            (|p, _, v| v * 2.0 * (p + 1) as f64, "multipliés par le nombre d'exemples"),
            (|_, _, v| v * v, "les carrés de"),
            (|_, _, v| 1.0 - v, "les compléments à 1"),
            (|_, _, _| 0.0, "tous nuls"),
            (|_, _, _| 0.7, "tous égaux à 0,7"),
            (|_, _, v| f64::from(v as f32 + 1e-7), "en `f32`"),
            (|_, _, v| v + 1e-7, "un petit ε"),
            (|_, _, v| v.trunc(), "coupés à l'entier"),
            (
                |_, i, v| if i == 0 { v } else { v - 9.0 },
                "seul est juste le premier nombre",
            ),
            (|_, i, v| if i == 0 { v - 9.0 } else { v }, "sauf le premier nombre"),
            (
                |p, i, v| if i == p + 1 { v } else { 3.3 },
                "seul est juste le dernier nombre",
            ),
            (
                |p, _, v| if p == 0 { v } else { v * v - 0.1 },
                "faux dès qu'il y en a plusieurs",
            ),
            (|_, i, v| if i == 1 { -v } else { v }, "seuls certains signes"),
            (|_, _, v| v.sin(), "Aucun nombre n'est juste"),
            (|_, _, v| v.abs().ceil() * 7.0 + 1.0, "et tous trop grands"),
            (
                |p, i, _| if i == 0 { 9.0 } else { EXPECTED[p][i - 1] },
                "une place plus loin",
            ),
        ];
        for (f, words) in known {
            let said = kind_of(f);
            assert!(said.contains(words), "« {words} » manque dans « {said} »");
        }
        let said = kind_of(|p, i, v| [v, 9.0 - v, v][i % 3] + p as f64 * 0.01);
        assert!(!said.is_empty());
    }

    #[test]
    fn un_facteur_qu_une_seule_sonde_montre_n_est_pas_un_facteur() {
        let inputs = [];
        let of = |from: f64, to: f64| Pair {
            inputs: &inputs,
            from: number("z", from),
            to: number("z", to),
        };
        let (a, b, c) = (of(0.0, 0.0), of(2.0, 6.0), of(3.0, 9.0));
        assert_eq!(relation(&[&a, &b]), None);
        assert_eq!(relation(&[&a, &b, &c]), Some(Relation::Times(3.0, None)));
    }
}
