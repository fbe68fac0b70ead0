//! Qui est pris pour qui : la matrice de confusion, et tout ce qui s'y lit.

use std::fmt;

use ndarray::{Array2, Axis};

use super::error::MetricsError;
use super::estimate::{Estimate, proportion};
use crate::datasets::MAX_CLASSES;

// ANCHOR: confusion
/// Combien d'exemples de la classe i ont reçu la réponse j : ligne i, colonne j.
///
/// La diagonale compte les bonnes réponses. C'est la convention de
/// `sklearn.metrics.confusion_matrix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfusionMatrix {
    counts: Array2<usize>,
}

impl ConfusionMatrix {
    /// Les classes attendues et les classes données, une par exemple, pour k = `classes` classes.
    ///
    /// # Erreurs
    /// [`MetricsError::Lengths`], [`MetricsError::NoExample`], [`MetricsError::Classes`],
    /// [`MetricsError::Label`].
    pub fn new(
        expected: &[usize],
        predicted: &[usize],
        classes: usize,
    ) -> Result<Self, MetricsError> {
        if expected.len() != predicted.len() {
            let (expected, predicted) = (expected.len(), predicted.len());
            return Err(MetricsError::Lengths { expected, predicted });
        }
        if expected.is_empty() {
            return Err(MetricsError::NoExample);
        }
        if !(1..=MAX_CLASSES).contains(&classes) {
            return Err(MetricsError::Classes { classes });
        }
        check_labels("les classes attendues", expected, classes)?;
        check_labels("les réponses", predicted, classes)?;
        let mut counts = Array2::zeros((classes, classes)); // (k, k)
        for (&i, &j) in expected.iter().zip(predicted) {
            counts[[i, j]] += 1;
        }
        Ok(Self { counts })
    }
}
// ANCHOR_END: confusion

fn check_labels(
    list: &'static str,
    labels: &[usize],
    classes: usize,
) -> Result<(), MetricsError> {
    match labels.iter().enumerate().find(|&(_, &label)| label >= classes) {
        Some((row, &label)) => Err(MetricsError::Label { list, row, label, classes }),
        None => Ok(()),
    }
}

/// Ce que vaut le réseau sur une seule classe.
///
/// Une valeur est NaN quand rien ne permet de la mesurer : le rappel d'une classe sans exemple, la
/// précision d'une réponse jamais donnée.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassFigures {
    /// La classe, comptée depuis 0.
    pub class: usize,
    /// Combien d'exemples sont de cette classe.
    pub support: usize,
    /// Quand le réseau répond cette classe, a-t-il raison ? VP / (VP + FP).
    pub precision: Estimate,
    /// Les exemples de cette classe, les retrouve-t-il ? VP / (VP + FN).
    pub recall: Estimate,
    /// Les deux à la fois, par leur moyenne harmonique : F₁ = 2 VP / (2 VP + FP + FN).
    ///
    /// F₁ n'est pas une proportion, mais q = VP / (VP + FP + FN) en est une, et F₁ = 2q / (1 + q)
    /// croît avec elle : l'intervalle de Wilson de q donne celui de F₁. Source : K. Lam, V. Gopal
    /// et J. Qian (<i lang="en">Wilson indirect</i>), 2023, <https://arxiv.org/abs/2309.14621>.
    pub f1: Estimate,
}

impl ConfusionMatrix {
    /// Les nombres de la matrice, de forme (k, k).
    pub fn counts(&self) -> &Array2<usize> {
        &self.counts
    }

    // ANCHOR: accuracy
    /// La justesse : la part des bonnes réponses, et son intervalle de Wilson.
    pub fn accuracy(&self) -> Estimate {
        proportion(self.counts.diag().sum(), self.counts.sum())
    }
    // ANCHOR_END: accuracy

    // ANCHOR: per_class
    /// Ce que vaut le réseau sur chaque classe, dans leur ordre : k bilans.
    pub fn per_class(&self) -> Vec<ClassFigures> {
        let expected = self.counts.sum_axis(Axis(1)); // VP + FN de chaque classe
        let predicted = self.counts.sum_axis(Axis(0)); // VP + FP de chaque classe
        let hits = self.counts.diag(); // VP
        (0..hits.len())
            .map(|class| {
                let (hit, support) = (hits[class], expected[class]);
                let union = support + predicted[class] - hit; // VP + FP + FN
                ClassFigures {
                    class,
                    support,
                    precision: proportion(hit, predicted[class]),
                    recall: proportion(hit, support),
                    f1: f1_from(proportion(hit, union)),
                }
            })
            .collect()
    }
    // ANCHOR_END: per_class
}

/// F₁ = 2q / (1 + q), sur la valeur et sur les deux bornes.
fn f1_from(q: Estimate) -> Estimate {
    let f1 = |q: f64| 2.0 * q / (1.0 + q);
    Estimate { value: f1(q.value), low: f1(q.low), high: f1(q.high) }
}

/// Un tableau à lire : une ligne par classe attendue, une colonne par réponse.
impl fmt::Display for ConfusionMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widest = self.counts.iter().fold(self.counts.nrows(), |a, &b| a.max(b));
        let width = widest.to_string().len() + 1;
        let row = |values: &mut dyn Iterator<Item = usize>| -> String {
            values.map(|value| format!("{value:>width$}")).collect()
        };
        let heading = "attendu \\ répondu";
        write!(f, "{heading} │{}", row(&mut (0..self.counts.ncols())))?;
        for (class, counts) in self.counts.outer_iter().enumerate() {
            let name_width = heading.chars().count();
            write!(f, "\n{class:>name_width$} │{}", row(&mut counts.iter().copied()))?;
        }
        Ok(())
    }
}
