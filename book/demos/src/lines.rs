//! Deux neurones, donc deux droites, et un troisième qui les réunit : le ou exclusif à la main.

use std::cell::Cell;

use nn_core::ndarray::{Array2, arr1, arr2};
use nn_core::{Error, layer};

use crate::{give, plane};

thread_local! {
    /// De chaque neurone, ses deux poids et son biais ; le troisième lit les réponses des deux autres.
    static NEURONS: Cell<[[f64; 3]; 3]> = const { Cell::new([[0.0; 3]; 3]) };
}

/// Règle un des trois neurones.
#[unsafe(no_mangle)]
pub extern "C" fn line(rank: usize, w1: f64, w2: f64, b: f64) -> i32 {
    let mut neurons = NEURONS.get();
    neurons[rank] = [w1, w2, b];
    NEURONS.set(neurons);
    give(Ok(vec![]))
}

/// Les réponses des deux premiers, de forme (m, 2), et celle du troisième, de forme (m, 1).
fn answers(x: &Array2<f64>) -> Result<[Array2<f64>; 2], Error> {
    let [u, v, o] = NEURONS.get();
    let hidden = layer(x, &arr2(&[[u[0], v[0]], [u[1], v[1]]]), &arr1(&[u[2], v[2]]))?;
    let output = layer(&hidden, &arr2(&[[o[0]], [o[1]]]), &arr1(&[o[2]]))?;
    Ok([hidden, output])
}

/// Ce que répondent aux quatre coins du carré le premier neurone, puis le deuxième, puis le troisième.
#[unsafe(no_mangle)]
pub extern "C" fn lines() -> i32 {
    let corners = arr2(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]]); // (4, 2)
    give(answers(&corners).map(|[hidden, output]| {
        [hidden.column(0), hidden.column(1), output.column(0)]
            .into_iter()
            .flatten()
            .copied()
            .collect()
    }))
}

/// La réponse du troisième en chaque point du plan, `size` par côté.
#[unsafe(no_mangle)]
pub extern "C" fn lines_plane(low: f64, high: f64, size: u32) -> i32 {
    give(
        answers(&plane(low, high, size))
            .map(|[_, output]| output.into_raw_vec_and_offset().0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{given, refused};

    #[test]
    fn les_neurones_du_chapitre_repondent_au_ou_exclusif() {
        for (rank, [w1, w2, b]) in
            [[20., 20., -10.], [20., 20., -30.], [20., -20., -10.]].into_iter().enumerate()
        {
            given(line(rank, w1, w2, b));
        }
        let seen = given(lines());
        let yes: Vec<bool> = seen.iter().map(|answer| *answer > 0.5).collect();
        let (or, and) = ([false, true, true, true], [false, false, false, true]);
        assert_eq!(yes, [or, and, [false, true, true, false]].concat());
        let corners = given(lines_plane(-0.5, 1.5, 2));
        assert_eq!(corners, [seen[9], seen[11], seen[8], seen[10]]);
    }

    #[test]
    fn un_nombre_infini_est_refuse_en_francais() {
        given(line(0, f64::NAN, 0., 0.));
        let said = refused(lines());
        assert!(said.contains("NaN"), "{said}");
    }
}
