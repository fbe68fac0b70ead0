//! Les nombres au hasard de NumPy, pour comparer Rust et Python chiffre par chiffre.

use std::convert::Infallible;

use rand::TryRng;
use rand_mt::Mt;

/// Le générateur que `np.random.seed(s)` installe : Mersenne Twister, réels sur 53 bits.
///
/// `rng.random::<f64>()` donne, au dernier bit, ce que donne `np.random.rand()`.
/// Pour les réels de [0, 1) seulement : les entiers, eux, suivent les règles de `rand`.
///
/// Source : M. Matsumoto et T. Nishimura, « Mersenne Twister », 1998 (`genrand_res53`).
///
/// ```
/// use nn_core::rand::RngExt;
/// let mut rng = nn_core::NumpyRng::seed(42);
/// assert_eq!(rng.random::<f64>(), 0.3745401188473625); // np.random.seed(42); np.random.rand()
/// ```
#[derive(Clone, Debug)]
pub struct NumpyRng(Mt);

impl NumpyRng {
    /// Le générateur dans l'état où le met `np.random.seed(seed)`.
    pub fn seed(seed: u32) -> Self {
        Self(Mt::new(seed))
    }
}

impl TryRng for NumpyRng {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next_u32())
    }

    /// Les 53 bits du réel de NumPy en tête : `rand` garde les 53 premiers bits
    /// pour faire un `f64`, et retrouve donc ce réel exactement.
    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let a = u64::from(self.0.next_u32() >> 5); // 27 bits
        let b = u64::from(self.0.next_u32() >> 6); // 26 bits
        Ok(((a << 26) | b) << 11)
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill_bytes(dst);
        Ok(())
    }
}
