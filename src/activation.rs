//! Étape 01 : un neurone additionne ce qu'il reçoit, puis σ ramène la somme entre 0 et 1.

// ANCHOR: sigmoid
/// La sigmoïde, σ(z) = 1 / (1 + e⁻ᶻ), toujours entre 0 et 1.
///
/// ```
/// use nn_core::sigmoid;
/// assert_eq!(sigmoid(0.0), 0.5);
/// assert!(sigmoid(4.0) > 0.98 && sigmoid(-4.0) < 0.02);
/// ```
pub fn sigmoid(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}
// ANCHOR_END: sigmoid

/// La pente de σ **au point z**, *avant* activation : σ′(z) = σ(z) · (1 − σ(z)).
///
/// Pour qui tient déjà `a = σ(z)`, voir [`sigmoid_derivative_from_output`] :
/// il n'existe pas de fonction « dérivée » qui laisse deviner ce qu'elle attend.
///
/// ```
/// use nn_core::sigmoid_derivative_at;
/// assert_eq!(sigmoid_derivative_at(0.0), 0.25); // σ est la plus raide en 0
/// ```
pub fn sigmoid_derivative_at(z: f64) -> f64 {
    sigmoid_derivative_from_output(sigmoid(z))
}

// ANCHOR: sigmoid_derivative
/// La pente de σ **à partir de sa sortie** `a = σ(z)`, *après* activation : a · (1 − a).
///
/// Le réseau garde ses couches déjà activées : c'est donc cette forme que la
/// rétropropagation emploie, sans recalculer σ.
///
/// ```
/// use nn_core::{sigmoid, sigmoid_derivative_at, sigmoid_derivative_from_output};
/// let z = 1.3;
/// assert_eq!(sigmoid_derivative_from_output(sigmoid(z)), sigmoid_derivative_at(z));
/// ```
pub fn sigmoid_derivative_from_output(a: f64) -> f64 {
    a * (1.0 - a)
}
// ANCHOR_END: sigmoid_derivative
