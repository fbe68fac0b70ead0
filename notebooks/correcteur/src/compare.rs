//! Comparer ce qui est attendu et ce qui est reçu, et dire ce que la différence laisse deviner.

use crate::run::Outcome;
use crate::tensor::{Tensor, short};

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

/// La première chose à regarder, d'après la différence elle-même.
///
/// `expected` et `received` sont ceux de la plus petite sonde qui échoue ; `all` réunit les couples
/// (attendu, reçu) de toutes les sondes, pour reconnaître ce qui est partout le même.
pub(crate) fn lead(expected: &Tensor, received: &Tensor, all: &[(f64, f64)]) -> String {
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-7 * a.abs().max(b.abs()).max(1e-3);
    if all.len() > 1 {
        if all.iter().all(|(_, r)| *r == 0.0) {
            return "Vos nombres sont tous nuls : regardez si le résultat est bien rangé là où \
                    on l'attend."
                .into();
        }
        if all.iter().all(|(_, r)| *r == all[0].1) {
            return "Vos nombres sont tous égaux : regardez si chacun est calculé pour \
                    lui-même."
                .into();
        }
        let ratio = all.iter().find(|(e, _)| e.abs() > 1e-6).map_or(0.0, |(e, r)| r / e);
        if ratio != 0.0 && all.iter().all(|(e, r)| near(e * ratio, *r)) {
            if near(ratio, -1.0) {
                return "Vos nombres sont les opposés de ceux attendus : cherchez un signe."
                    .into();
            }
            return format!(
                "Vos nombres valent tous {} fois ceux attendus : cherchez un facteur.",
                short(ratio)
            );
        }
        let shift = all[0].1 - all[0].0;
        if all.iter().all(|(e, r)| near(e + shift, *r)) {
            return format!(
                "Vos nombres sont tous décalés de {} : cherchez ce qui s'ajoute partout.",
                short(shift)
            );
        }
    }
    let count = expected.values.len();
    if let [rows, columns] = expected.shape[..]
        && rows == columns
        && rows > 1
        && (0..count).all(|i| {
            let mirror = (i % columns) * columns + i / columns;
            near(expected.values[i], received.values[mirror])
        })
    {
        return "Vos nombres sont ceux attendus, lignes et colonnes échangées : cherchez une \
                transposée."
            .into();
    }
    let wrong: Vec<usize> =
        (0..count).filter(|&i| !near(expected.values[i], received.values[i])).collect();
    match wrong.first() {
        Some(first) if wrong.len() < count => format!(
            "Une partie des nombres est juste. Regardez ce qui distingue le premier faux,{}.",
            expected.place_in_words(*first)
        ),
        _ if count > 1 => {
            "Aucun nombre n'est juste : refaites à la main la première case.".into()
        }
        _ => {
            "Refaites ce calcul à la main, et comparez à chaque ligne de votre code.".into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::list;

    fn lead_of(expected: &[f64], received: &[f64]) -> String {
        let all: Vec<_> = expected.iter().copied().zip(received.iter().copied()).collect();
        lead(&list("x", "pas", expected), &list("x", "pas", received), &all)
    }

    #[test]
    fn la_difference_dit_ou_regarder() {
        let e = [1.0, -2.0, 3.0];
        assert!(lead_of(&e, &[-1.0, 2.0, -3.0]).contains("signe"));
        assert!(lead_of(&e, &[0.5, -1.0, 1.5]).contains("0.5 fois"));
        assert!(lead_of(&e, &[1.25, -1.75, 3.25]).contains("décalés de 0.25"));
        assert!(lead_of(&e, &[0.0; 3]).contains("nuls"));
        assert!(lead_of(&e, &[7.0; 3]).contains("égaux"));
        assert!(lead_of(&e, &[1.0, 5.0, 3.0]).contains("au rang 1"));
        assert!(lead_of(&e, &[9.0, 5.0, 4.5]).contains("Aucun"));
    }

    #[test]
    fn l_ordre_des_operations_ne_compte_pas_mais_un_dix_millieme_compte() {
        let e = list("x", "pas", &[0.1 + 0.2 + 0.3]);
        let c = compare(&e, &list("x", "pas", &[0.3 + 0.2 + 0.1]));
        assert!(c.approximate && !c.exact);
        assert!(!compare(&e, &list("x", "pas", &[0.6001])).approximate);
        assert!(!compare(&e, &list("x", "pas", &[f64::NAN])).approximate);
    }
}
