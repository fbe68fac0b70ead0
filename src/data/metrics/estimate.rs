//! Une proportion mesurée, et l'intervalle où la vraie se trouve sans doute.

use std::fmt;

use super::error::MetricsError;

/// Le quantile à 97,5 % de la loi normale : 95 % de ses tirages tombent entre −z et z.
const Z: f64 = 1.959_963_984_540_054;

/// Une valeur entre 0 et 1, et son intervalle de confiance à 95 %.
///
/// Si l'on refaisait l'expérience avec d'autres exemples tirés de même, 95 % environ des intervalles
/// contiendraient la vraie valeur. Deux réseaux dont les intervalles se recouvrent largement ne se
/// départagent pas avec si peu d'exemples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// La valeur mesurée ; NaN quand il n'y a rien à mesurer (aucun essai).
    pub value: f64,
    /// Le bas de l'intervalle.
    pub low: f64,
    /// Le haut de l'intervalle.
    pub high: f64,
}

// ANCHOR: wilson
/// La proportion `hits` / `total` et son intervalle de Wilson à 95 %.
///
/// Avec p = `hits` / n et z ≈ 1,96, ses bornes sont
/// (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n). Contrairement à p ± z √(p(1 − p)/n), elles
/// restent entre 0 et 1, et 100 % de bonnes réponses n'y donnent pas une certitude. Sans aucun
/// essai, la proportion est NaN et l'intervalle va de 0 à 1.
///
/// ```
/// use nn_data::metrics::wilson;
/// assert_eq!(wilson(1761, 1797)?.to_string(), "98,0 % (de 97,2 % à 98,5 %)");
/// assert_eq!(wilson(10, 10)?.to_string(), "100,0 % (de 72,2 % à 100,0 %)");
/// # Ok::<(), nn_data::metrics::MetricsError>(())
/// ```
///
/// Sources : E. B. Wilson, <i lang="en">Probable inference, the law of succession, and statistical
/// inference</i>, 1927 ; L. Brown, T. Cai et A. DasGupta, 2001, qui le recommandent.
///
/// # Erreurs
/// [`MetricsError::MoreHitsThanTrials`].
pub fn wilson(hits: usize, total: usize) -> Result<Estimate, MetricsError> {
    if hits > total {
        return Err(MetricsError::MoreHitsThanTrials { hits, total });
    }
    Ok(proportion(hits, total))
}

/// La même, quand on sait que `hits` ne dépasse pas `total`.
pub(super) fn proportion(hits: usize, total: usize) -> Estimate {
    if total == 0 {
        return Estimate { value: f64::NAN, low: 0.0, high: 1.0 };
    }
    let (n, p) = (total as f64, hits as f64 / total as f64);
    let middle = p + Z * Z / (2.0 * n);
    let half_width = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // Aux deux bouts, la formule vaut exactement 0 ou 1, à l'arrondi près : on le retire.
    Estimate {
        value: p,
        low: if hits == 0 { 0.0 } else { (middle - half_width) / scale },
        high: if hits == total { 1.0 } else { (middle + half_width) / scale },
    }
}
// ANCHOR_END: wilson

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.value.is_nan() {
            return f.pad("indéfini");
        }
        let percent = |value: f64| format!("{:.1} %", 100.0 * value).replace('.', ",");
        let (value, low, high) =
            (percent(self.value), percent(self.low), percent(self.high));
        f.pad(&format!("{value} (de {low} à {high})"))
    }
}
