//! Le réseau du tutoriel, qui apprend le ou exclusif.

use std::cell::RefCell;

use nn_core::NeuralNetwork;

use crate::{give, rows, tutorial};

thread_local! {
    static NETWORK: RefCell<Option<NeuralNetwork>> = const { RefCell::new(None) };
}

/// Le réseau du tutoriel, devant son tableau du ou exclusif : ce que [`train`] rend sans un pas.
#[unsafe(no_mangle)]
pub extern "C" fn network(seed: u32) -> i32 {
    match tutorial(seed) {
        Ok(network) => NETWORK.set(Some(network)),
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
    let x = rows(low, high, size); // (p, 3)
    NETWORK.with_borrow(|network| {
        let network = network.as_ref().expect("`network` s'appelle d'abord");
        give(network.predict(&x).map(|y_hat| y_hat.into_raw_vec_and_offset().0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::given;

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
