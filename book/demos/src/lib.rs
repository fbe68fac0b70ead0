//! Les démonstrations du livre : nn_core, compilé en WebAssembly, dans la page.
//!
//! La page appelle une fonction avec des nombres. Si le nombre rendu est positif, c'est combien de
//! réels l'attendent à l'adresse [`results`] ; s'il est négatif, c'est, au signe près, combien
//! d'octets de français l'attendent à l'adresse [`refusal`]. Rien d'autre ne passe d'un côté à
//! l'autre, donc rien d'autre n'est à installer. Une panique arrête le module, et la page en reprend
//! un neuf.

use std::cell::RefCell;

use nn_core::ndarray::{Array2, arr1, arr2};
use nn_core::{Error, NeuralNetwork, NumpyRng, layer};

thread_local! {
    static RESULTS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    static REFUSAL: RefCell<String> = const { RefCell::new(String::new()) };
    static NETWORK: RefCell<Option<NeuralNetwork>> = const { RefCell::new(None) };
}

/// Où sont les réels que le dernier appel a rendus.
#[unsafe(no_mangle)]
pub extern "C" fn results() -> *const f64 {
    RESULTS.with_borrow(|values| values.as_ptr())
}

/// Où est la phrase par laquelle le dernier appel a refusé.
#[unsafe(no_mangle)]
pub extern "C" fn refusal() -> *const u8 {
    REFUSAL.with_borrow(|sentence| sentence.as_ptr())
}

/// Garde les réels ou le refus, et rend ce que la page en attend.
fn give(found: Result<Vec<f64>, Error>) -> i32 {
    let length =
        |n: usize| i32::try_from(n).expect("un résultat tient dans la mémoire de la page");
    match found {
        Ok(values) => RESULTS.with_borrow_mut(|kept| {
            *kept = values;
            length(kept.len())
        }),
        Err(error) => REFUSAL.with_borrow_mut(|kept| {
            *kept = error.to_string();
            -length(kept.len())
        }),
    }
}

/// Les points d'un carré du plan, de `low` à `high`, ligne par ligne, comme une image : x2 y descend.
fn square(low: f64, high: f64, size: u32) -> impl Iterator<Item = [f64; 2]> {
    let at = move |i: u32| low + (high - low) * (f64::from(i) + 0.5) / f64::from(size);
    (0..size)
        .flat_map(move |row| (0..size).map(move |column| [at(column), at(size - 1 - row)]))
}

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
    let x = Array2::from(square(low, high, size).collect::<Vec<_>>()); // (p, 2)
    give(
        layer(&x, &arr2(&[[w1], [w2]]), &arr1(&[b])).map(|a| a.into_raw_vec_and_offset().0),
    )
}

/// Le réseau du tutoriel, devant son tableau du ou exclusif : ce que [`train`] rend sans un pas.
#[unsafe(no_mangle)]
pub extern "C" fn network(seed: u32) -> i32 {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]); // (4, 3)
    let y = arr2(&[[0.], [1.], [1.], [0.]]); // (4, 1)
    match NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed)) {
        Ok(network) => NETWORK.set(Some(network.without_biases())),
        Err(error) => return give(Err(error)),
    }
    train(0)
}

/// Entraîne le réseau : la perte avant chaque pas, puis la dernière, puis les quatre réponses.
#[unsafe(no_mangle)]
pub extern "C" fn train(steps: u32) -> i32 {
    NETWORK.with_borrow_mut(|network| {
        let network = network.as_mut().expect("`network` s'appelle d'abord");
        let mut given = network.train(steps as usize);
        given.push(network.loss());
        given.extend(&network.output);
        give(Ok(given))
    })
}

/// La réponse du réseau aux mêmes points ; sa troisième entrée vaut toujours 1.
#[unsafe(no_mangle)]
pub extern "C" fn network_plane(low: f64, high: f64, size: u32) -> i32 {
    let x = square(low, high, size).map(|[x1, x2]| [x1, x2, 1.0]);
    let x = Array2::from(x.collect::<Vec<_>>()); // (p, 3)
    NETWORK.with_borrow(|network| {
        let network = network.as_ref().expect("`network` s'appelle d'abord");
        give(network.predict(&x).map(|y_hat| y_hat.into_raw_vec_and_offset().0))
    })
}

#[cfg(test)]
mod tests {
    use nn_core::sigmoid;

    use super::*;

    fn given(length: i32) -> Vec<f64> {
        let values = RESULTS.with_borrow(Vec::clone);
        assert_eq!(usize::try_from(length), Ok(values.len()), "un refus");
        values
    }

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
        assert!(neuron(f64::NAN, 0., 0., 0., 0.) < 0);
        REFUSAL.with_borrow(|said| assert!(said.contains("NaN"), "{said}"));
    }

    #[test]
    fn entrainer_par_tranches_donne_les_memes_nombres_que_d_un_coup() {
        network(0);
        let whole = given(train(1500));
        let mut sliced = given(network(0))[..0].to_vec();
        for steps in [1, 499, 0, 1000] {
            let slice = given(train(steps));
            sliced.truncate(sliced.len().saturating_sub(5));
            sliced.extend(slice);
        }
        assert_eq!(whole, sliced);
        // Les réponses aux quatre lignes, puis celles du plan aux mêmes points.
        let corners = given(network_plane(-0.5, 1.5, 2));
        let rows = &whole[1501..];
        assert_eq!(corners, [rows[1], rows[3], rows[0], rows[2]]);
    }
}
