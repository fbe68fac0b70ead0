//! Un neurone à deux entrées, du chapitre 1.

use nn_core::layer;
use nn_core::ndarray::{arr1, arr2};

use crate::{give, plane};

/// Un neurone à deux entrées : sa somme z, et sa réponse a = σ(z).
#[unsafe(no_mangle)]
pub extern "C" fn neuron(w1: f64, w2: f64, b: f64, x1: f64, x2: f64) -> i32 {
    let (x, w, b) = (arr2(&[[x1, x2]]), arr2(&[[w1], [w2]]), arr1(&[b])); // (1, 2), (2, 1), (1)
    give(layer(&x, &w, &b).map(|a| vec![(x.dot(&w) + &b)[[0, 0]], a[[0, 0]]]))
}

/// La réponse du même neurone en chaque point du plan, `size` par côté.
#[unsafe(no_mangle)]
pub extern "C" fn neuron_plane(
    w1: f64,
    w2: f64,
    b: f64,
    low: f64,
    high: f64,
    size: u32,
) -> i32 {
    let x = plane(low, high, size); // (p, 2)
    give(
        layer(&x, &arr2(&[[w1], [w2]]), &arr1(&[b])).map(|a| a.into_raw_vec_and_offset().0),
    )
}

#[cfg(test)]
mod tests {
    use nn_core::sigmoid;

    use super::*;
    use crate::{given, refused};

    #[test]
    fn le_neurone_est_celui_du_chapitre() {
        for x in [[0., 0.], [0., 1.], [1., 0.], [1., 1.]] {
            let z = 4. * x[0] + 4. * x[1] - 2.;
            assert_eq!(given(neuron(4., 4., -2., x[0], x[1])), [z, sigmoid(z)]);
        }
    }

    #[test]
    fn le_plan_se_lit_comme_une_image() {
        let plane = given(neuron_plane(1., 10., 0., 0., 2., 2));
        let seen = [[0.5, 1.5], [1.5, 1.5], [0.5, 0.5], [1.5, 0.5]];
        assert_eq!(plane, seen.map(|[x1, x2]| sigmoid(x1 + 10. * x2)));
    }

    #[test]
    fn un_nombre_infini_est_refuse_en_francais() {
        let said = refused(neuron(f64::NAN, 0., 0., 0., 0.));
        assert!(said.contains("NaN"), "{said}");
    }
}
