//! Ce qu'une fonction reçoit ou rend, ramené à une seule forme : des nombres rangés, avec un nom.

use std::fmt::Write;

use nn_core::ndarray::{Array1, Array2};

/// Un nombre, une liste ou une matrice, et ce que chaque axe compte.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Son nom dans les équations : « W1 », « δ2 », « perte ».
    pub name: String,
    /// Ce que compte chaque axe, au pluriel : « exemples », « neurones ».
    pub axes: Vec<&'static str>,
    /// Sa forme ; vide pour un nombre seul.
    pub shape: Vec<usize>,
    /// Ses valeurs, ligne par ligne.
    pub values: Vec<f64>,
}

/// Un nombre réel.
pub fn number(name: &str, value: f64) -> Tensor {
    Tensor { name: name.into(), axes: vec![], shape: vec![], values: vec![value] }
}

/// Un nombre entier : une longueur, un compte.
pub fn count(name: &str, value: usize) -> Tensor {
    number(name, value as f64)
}

/// Une liste de nombres ; `axis` dit ce qu'elle énumère.
pub fn list(name: &str, axis: &'static str, values: &[f64]) -> Tensor {
    let (axes, shape) = (vec![axis], vec![values.len()]);
    Tensor { name: name.into(), axes, shape, values: values.to_vec() }
}

/// Un tableau à une dimension.
pub fn vector(name: &str, axis: &'static str, values: &Array1<f64>) -> Tensor {
    list(name, axis, &values.to_vec())
}

/// Un tableau à deux dimensions ; `axes` dit ce que comptent les lignes, puis les colonnes.
pub fn matrix(name: &str, axes: [&'static str; 2], values: &Array2<f64>) -> Tensor {
    Tensor {
        name: name.into(),
        axes: axes.to_vec(),
        shape: values.shape().to_vec(),
        values: values.iter().copied().collect(),
    }
}

impl Tensor {
    /// La forme en mots : « 4 lignes (exemples), 1 colonne (sorties) ».
    pub fn shape_in_words(&self) -> String {
        self.sizes(|axis| format!(" ({axis})"))
    }

    /// La même, sans dire ce que les lignes comptent : d'une forme fausse, on ne le sait pas.
    pub fn size_in_words(&self) -> String {
        self.sizes(|_| String::new())
    }

    fn sizes(&self, named: fn(&str) -> String) -> String {
        let part = |n: usize, thing: &str, axis: &str| {
            format!("{n} {thing}{}{}", if n > 1 { "s" } else { "" }, named(axis))
        };
        match (&self.shape[..], &self.axes[..]) {
            ([n], [axis]) => part(*n, "élément", axis),
            ([rows, columns], [row_axis, column_axis]) => {
                format!(
                    "{}, {}",
                    part(*rows, "ligne", row_axis),
                    part(*columns, "colonne", column_axis)
                )
            }
            _ => "un nombre seul".into(),
        }
    }

    /// La place d'une valeur en mots : « à la ligne 0, colonne 2 » ; rien pour un nombre seul.
    pub fn place_in_words(&self, index: usize) -> String {
        match self.shape[..] {
            [_] => format!(" au rang {index}"),
            [_, columns] if columns > 0 => {
                format!(" à la ligne {}, colonne {}", index / columns, index % columns)
            }
            _ => String::new(),
        }
    }

    /// Les valeurs, alignées ; les grands tableaux sont coupés.
    pub fn grid(&self) -> String {
        const MOST: usize = 6;
        let columns = *self.shape.last().unwrap_or(&1);
        if self.values.is_empty() {
            return "(vide)".into();
        }
        let rows: Vec<&[f64]> = self.values.chunks(columns).collect();
        let cells: Vec<Vec<String>> = rows
            .iter()
            .take(MOST)
            .map(|row| row.iter().take(MOST).map(|v| short(*v)).collect())
            .collect();
        let width = cells.iter().flatten().map(|c| c.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for row in &cells {
            let line: Vec<_> = row.iter().map(|cell| format!("{cell:>width$}")).collect();
            let more = if columns > MOST { "  …" } else { "" };
            let _ = writeln!(text, "{}{more}", line.join("  "));
        }
        if rows.len() > MOST {
            text.push_str("…\n");
        }
        text.trim_end().to_string()
    }

    /// Le même tableau, aux valeurs changées.
    pub(crate) fn with_values(&self, values: Vec<f64>) -> Self {
        Self { values, ..self.clone() }
    }
}

/// Un nombre court : six décimales au plus, sans zéro de trop, et une puissance aux extrêmes.
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN".into()
        } else if value > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Le même, dans une phrase.
pub fn in_words(value: f64) -> String {
    short(value).replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn la_forme_se_dit_en_mots() {
        let m = matrix("ŷ", ["exemples", "sorties"], &Array2::zeros((4, 1)));
        assert_eq!(m.shape_in_words(), "4 lignes (exemples), 1 colonne (sorties)");
        assert_eq!(m.size_in_words(), "4 lignes, 1 colonne");
        assert_eq!(m.place_in_words(2), " à la ligne 2, colonne 0");
        let v = list("b", "neurones", &[1.0]);
        assert_eq!(v.shape_in_words(), "1 élément (neurones)");
        assert_eq!(number("L", 0.0).shape_in_words(), "un nombre seul");
    }

    #[test]
    fn les_nombres_restent_courts() {
        assert_eq!(short(0.25), "0.25");
        assert_eq!(short(-0.0), "0");
        assert_eq!(short(3.0), "3");
        assert_eq!(short(1e-9), "1.000e-9");
        assert_eq!(short(f64::NEG_INFINITY), "-inf");
        let grid = list("x", "pas", &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]).grid();
        assert!(grid.ends_with('…'), "{grid}");
    }
}
