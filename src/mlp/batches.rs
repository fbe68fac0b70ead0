//! Les lots : chaque exemple une fois par époque, dans un ordre tiré d'une graine.

use nn_core::NumpyRng;
use rand::seq::SliceRandom;

use crate::error::Error;

/// L'ordre des exemples, mélangé à chaque époque, coupé en lots de `size` numéros.
///
/// Le dernier lot est plus court si `size` ne divise pas leur nombre. Un lot de tous les
/// exemples n'est pas mélangé : leur ordre n'y change rien.
///
/// ```
/// let mut batches = nn_mlp::Batches::new(10, 4, 42)?;
/// batches.shuffle();
/// let sizes: Vec<usize> = batches.iter().map(<[usize]>::len).collect();
/// assert_eq!(sizes, [4, 4, 2]);
/// # Ok::<(), nn_mlp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batches {
    order: Vec<usize>,
    size: usize,
    rng: NumpyRng,
}

impl Batches {
    /// Les lots de `examples` exemples, numérotés depuis 0 ; `size` plus grand n'en fait qu'un.
    ///
    /// # Erreurs
    /// Aucun exemple, ou des lots de 0 exemple.
    pub fn new(examples: usize, size: usize, seed: u32) -> Result<Self, Error> {
        Error::check_not_zero("examples", examples, "Donnez au moins un exemple.")?;
        Error::check_not_zero(
            "batch_size",
            size,
            "C'est le nombre d'exemples d'un lot : 32 est courant.",
        )?;
        Ok(Self { order: (0..examples).collect(), size, rng: NumpyRng::seed(seed) })
    }

    /// Mélange les exemples, pour une nouvelle époque.
    ///
    /// Source : le mélange de Fisher et Yates, par `rand`.
    pub fn shuffle(&mut self) {
        if self.size < self.order.len() {
            self.order.shuffle(&mut self.rng);
        }
    }

    /// Les lots de cette époque : les numéros de leurs exemples.
    pub fn iter(&self) -> impl Iterator<Item = &[usize]> {
        self.order.chunks(self.size)
    }
}
