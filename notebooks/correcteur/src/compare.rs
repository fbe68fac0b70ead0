//! Comparer ce qui est attendu et ce qui est reçu.

use crate::run::Outcome;
use crate::tensor::Tensor;

/// L'écart permis, rapporté à la plus grande valeur attendue (ou à 1 si elle est plus petite).
///
/// Écrire les mêmes opérations dans un autre ordre change les derniers chiffres : sur les sondes,
/// de 10⁻¹⁵ à 10⁻¹¹ (la pente mesurée, qui divise par un petit écart). Une vraie erreur, elle,
/// change les premiers : un test vérifie que chaque erreur connue s'écarte d'au moins 10⁻⁴.
pub const TOLERANCE: f64 = 1e-9;

/// Deux tableaux de même forme, comparés comme le fait la fonction `cmp` de Karpathy.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Le nom du tableau.
    pub name: String,
    /// Les deux sont égaux au dernier bit.
    pub exact: bool,
    /// Les deux sont égaux à [`TOLERANCE`] près.
    pub approximate: bool,
    /// Le plus grand écart, et la place où il se trouve.
    pub largest_gap: f64,
    /// Cette place, comptée depuis 0, ligne par ligne.
    pub at: usize,
}

/// Compare deux tableaux de même forme.
pub(crate) fn compare(expected: &Tensor, received: &Tensor) -> Comparison {
    let scale = expected.values.iter().fold(1.0, |a: f64, v| a.max(v.abs()));
    let (mut largest_gap, mut at) = (0.0, 0);
    for (index, (e, r)) in expected.values.iter().zip(&received.values).enumerate() {
        let gap = if same_bits(*e, *r) { 0.0 } else { (e - r).abs() };
        // Un NaN d'un seul côté est le plus grand écart possible.
        let gap = if gap.is_nan() { f64::INFINITY } else { gap };
        if gap > largest_gap {
            (largest_gap, at) = (gap, index);
        }
    }
    Comparison {
        name: expected.name.clone(),
        exact: expected.values.iter().zip(&received.values).all(|(e, r)| same_bits(*e, *r)),
        approximate: largest_gap <= TOLERANCE * scale,
        largest_gap,
        at,
    }
}

fn same_bits(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Les mêmes résultats, aux arrondis près ; deux paniques sont les mêmes si leur message l'est.
pub(crate) fn same(a: &Outcome, b: &Outcome) -> bool {
    match (a, b) {
        (Outcome::Values(a), Outcome::Values(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| a.shape == b.shape && compare(a, b).approximate)
        }
        (Outcome::Panic(a), Outcome::Panic(b)) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::list;

    #[test]
    fn l_ordre_des_operations_ne_compte_pas_mais_un_dix_millieme_compte() {
        let e = list("x", "pas", &[0.1 + 0.2 + 0.3]);
        let c = compare(&e, &list("x", "pas", &[0.3 + 0.2 + 0.1]));
        assert!(c.approximate && !c.exact);
        assert!(!compare(&e, &list("x", "pas", &[0.6001])).approximate);
        assert!(!compare(&e, &list("x", "pas", &[f64::NAN])).approximate);
    }
}
