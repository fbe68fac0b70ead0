//! Les démonstrations du livre : nn_core, compilé en WebAssembly, dans la page.
//!
//! La page appelle une fonction avec des nombres. Si le nombre rendu est positif, c'est combien de
//! réels l'attendent à l'adresse [`results`] ; s'il est négatif, c'est, au signe près, combien
//! d'octets de français l'attendent à l'adresse [`refusal`]. Rien d'autre ne passe d'un côté à
//! l'autre, donc rien d'autre n'est à installer. Une panique arrête le module, et la page en reprend
//! un neuf.

use std::cell::RefCell;

use nn_core::ndarray::{Array2, arr2};
use nn_core::{Error, NeuralNetwork, NumpyRng};

pub mod chain;
pub mod digit;
mod forward;
mod landscape;
mod lines;
mod neuron;
mod training;
mod xor;

thread_local! {
    static RESULTS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    static REFUSAL: RefCell<String> = const { RefCell::new(String::new()) };
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

/// Les mêmes points, de forme (p, 2).
fn plane(low: f64, high: f64, size: u32) -> Array2<f64> {
    Array2::from(square(low, high, size).collect::<Vec<_>>())
}

/// Les mêmes points, et la troisième entrée du tutoriel, qui vaut toujours 1 : (p, 3).
fn rows(low: f64, high: f64, size: u32) -> Array2<f64> {
    let x = square(low, high, size).map(|[x1, x2]| [x1, x2, 1.0]);
    Array2::from(x.collect::<Vec<_>>())
}

/// Le réseau du tutoriel, sans biais, devant son tableau du ou exclusif.
///
/// # Erreurs
/// Celles de [`NeuralNetwork::new`], que ces tableaux ne demandent pas.
pub fn tutorial(seed: u32) -> Result<NeuralNetwork, Error> {
    let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]); // (4, 3)
    let y = arr2(&[[0.], [1.], [1.], [0.]]); // (4, 1)
    Ok(NeuralNetwork::new(x, y, &mut NumpyRng::seed(seed))?.without_biases())
}

/// Ce que le dernier appel, qui a rendu `length`, a donné.
#[cfg(test)]
fn given(length: i32) -> Vec<f64> {
    let values = RESULTS.with_borrow(Vec::clone);
    assert_eq!(usize::try_from(length), Ok(values.len()), "un refus");
    values
}

/// La phrase par laquelle le dernier appel, qui a rendu `length`, a refusé.
#[cfg(test)]
fn refused(length: i32) -> String {
    assert!(length < 0, "pas de refus");
    REFUSAL.with_borrow(String::clone)
}
