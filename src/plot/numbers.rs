//! Les nombres comme on les écrit en français, et les graduations d'un axe.

/// L'espace fine insécable, entre les milliers.
const THIN_SPACE: char = '\u{202f}';

/// Un nombre à `decimals` décimales : « −1 234 567,8 ».
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        text.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        // Quatre chiffres se lisent d'un coup d'œil : les milliers ne se séparent qu'à partir de cinq.
        if i > 0 && whole.len() > 4 && (whole.len() - i).is_multiple_of(3) {
            text.push(THIN_SPACE);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

/// Un nombre à quatre chiffres utiles, avec une puissance de dix s'il est très grand ou très petit.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 {
        return fixed(value, 0);
    }
    let magnitude = value.abs();
    if (1e-3..1e7).contains(&magnitude) {
        let decimals = if magnitude < 1000.0 { 4 } else { 1 };
        return fixed(value, if value.fract() == 0.0 { 0 } else { decimals });
    }
    let scientific = format!("{value:.2e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = digits.replace('.', ",").replace('-', "−");
    format!("{digits}\u{a0}× 10{}", superscript(exponent))
}

/// Un nombre court, pour une case ou une étiquette : quatre décimales au plus, sans zéro de trop.
pub(crate) fn brief(value: f64) -> String {
    let text = number(value);
    match text.split_once(',') {
        Some((whole, fraction)) if !text.contains('×') => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.into() } else { format!("{whole},{fraction}") }
        }
        _ => text,
    }
}

/// « 1 exemple », « 4 exemples ».
pub(crate) fn counted(n: usize, thing: &str) -> String {
    format!("{n}\u{a0}{thing}{}", if n > 1 { "s" } else { "" })
}

/// « 12 » devient « ₁₂ ».
pub(crate) fn subscript(n: usize) -> String {
    n.to_string()
        .bytes()
        .filter_map(|d| char::from_u32(0x2080 + u32::from(d - b'0')))
        .collect()
}

fn superscript(n: &str) -> String {
    n.chars()
        .filter_map(|c| "-⁻0⁰1¹2²3³4⁴5⁵6⁶7⁷8⁸9⁹".split_once(c)?.1.chars().next())
        .collect()
}

/// Une puissance de dix mise en facteur, pour que des nombres extrêmes se lisent et se calculent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Power(i32);

impl Power {
    /// La puissance qui ramène `largest`, la plus grande valeur absolue, près de 1 ;
    /// aucune quand les nombres se lisent déjà bien.
    pub fn of(largest: f64) -> Self {
        if largest == 0.0 || (1e-2..1e5).contains(&largest) {
            return Self(0);
        }
        // 10³⁰⁸ et 10⁻³⁰⁰ se représentent encore sans perte.
        Self((largest.log10().floor() as i32).clamp(-300, 308))
    }

    /// La valeur, une fois la puissance mise en facteur.
    pub fn reduce(self, value: f64) -> f64 {
        if self.0 == 0 { value } else { value / 10f64.powi(self.0) }
    }

    /// « (× 10³) », ou rien.
    pub fn label(self) -> String {
        if self.0 == 0 {
            return String::new();
        }
        format!(" (×\u{a0}10{})", superscript(&self.0.to_string()))
    }
}

/// Un axe gradué en nombres ronds, qui contient toutes les valeurs données.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    pub low: f64,
    pub high: f64,
    pub step: f64,
    /// Les valeurs sont des logarithmes : leurs graduations s'écrivent en puissances de dix.
    pub decades: bool,
}

impl Axis {
    /// De `low` à `high`, élargis jusqu'à une graduation s'il le faut ; cinq graduations environ.
    pub fn rounded(low: f64, high: f64) -> Self {
        let exact = Self::exact(low, high, 0.0);
        let round = |v: f64, up: bool| {
            let ticks = v / exact.step;
            // Une valeur posée sur une graduation, aux erreurs d'arrondi près, y reste.
            let ticks = if (ticks - ticks.round()).abs() < 1e-9 {
                ticks.round()
            } else if up {
                ticks.ceil()
            } else {
                ticks.floor()
            };
            ticks * exact.step
        };
        Self::ticked(round(exact.low, false), round(exact.high, true), exact.step)
    }

    /// De `low` à `high` exactement, par pas ronds d'au moins `smallest`.
    pub fn exact(low: f64, high: f64, smallest: f64) -> Self {
        // Un intervalle vide n'a pas de graduation : on lui donne une étendue.
        let high = if high - low > 1e-12 { high } else { low + 1.0 };
        let rough = (high - low) / 5.5;
        let power = 10f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|k| k * power)
            .into_iter()
            .find(|&s| s >= rough * 0.999);
        Self::ticked(low, high, step.unwrap_or(rough).max(smallest))
    }

    /// De `low` à `high`, gradué tous les `step`.
    pub fn ticked(low: f64, high: f64, step: f64) -> Self {
        Self { low, high, step, decades: false }
    }

    /// La place d'une valeur, de 0 (début de l'axe) à 1 (fin).
    pub fn place(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// Les graduations et leur texte.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        // Autant de décimales qu'il en faut pour écrire le pas : deux pour 0,25.
        let whole = |d: &usize| {
            let shifted = self.step * 10f64.powi(*d as i32);
            (shifted - shifted.round()).abs() < 1e-6 * shifted
        };
        let decimals = (0..12).find(whole).unwrap_or(12);
        let first = (self.low / self.step - 1e-9).ceil() as i64;
        let last = (self.high / self.step + 1e-9).floor() as i64;
        let label = |v: f64| match v as i32 {
            _ if !self.decades => fixed(v, decimals),
            power @ -4..=4 => fixed(10f64.powi(power), (-power).max(0) as usize),
            power => format!("10{}", superscript(&power.to_string())),
        };
        (first..=last).map(|k| k as f64 * self.step).map(|v| (v, label(v))).collect()
    }
}
