//! Les premiers poids : tirés au hasard, pour que deux neurones n'apprennent pas la même chose.

use rand::{Rng, RngExt};

use crate::activation::Activation;
use crate::error::Error;
use crate::real::Real;

/// Comment tirer les poids d'une couche de n entrées et h neurones. Les biais,
/// eux, sont nuls.
///
/// Trop grands, les poids saturent la sigmoïde ; trop petits, le signal s'éteint de couche en
/// couche. `Xavier` et `He` choisissent l'étendue qui le garde de la même taille.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Uniforme entre `low` inclus et `high` exclu. Le tutoriel prend 0 et 1.
    Uniform {
        /// La borne basse.
        low: f64,
        /// La borne haute.
        high: f64,
    },
    /// Uniforme entre −r et r, r = √(6 / (n + h)), pour `Sigmoid`, `Tanh`, `Softmax`.
    ///
    /// Source : X. Glorot et Y. Bengio, 2010 ; `torch.nn.init.xavier_uniform_`.
    Xavier,
    /// Uniforme entre −r et r, r = √(6 / n), pour `Relu`, qui annule la moitié des signaux.
    ///
    /// Source : K. He et coll., 2015 ; `torch.nn.init.kaiming_uniform_`, `nonlinearity="relu"`.
    He,
}

impl Init {
    /// Les poids du tutoriel : uniformes dans [0, 1).
    pub const TUTORIAL: Self = Self::Uniform { low: 0.0, high: 1.0 };

    /// `He` pour `Relu`, `Xavier` pour les autres.
    pub(crate) fn suited_to(activation: Activation) -> Self {
        if activation == Activation::Relu { Self::He } else { Self::Xavier }
    }

    /// Des bornes finies, dans l'ordre, et raisonnables.
    pub(crate) fn check(self) -> Result<(), Error> {
        let Self::Uniform { low, high } = self else { return Ok(()) };
        for (setting, value) in [("low", low), ("high", high)] {
            Error::check_range(setting, value, -1e6..=1e6, "un nombre entre −1e6 et 1e6")?;
        }
        Error::check_range("high", high, low..=1e6, "un nombre au moins égal à `low`")
    }

    /// Les bornes du tirage.
    pub(crate) fn range(self, inputs: usize, units: usize) -> (f64, f64) {
        let spread = match self {
            Self::Uniform { low, high } => return (low, high),
            Self::Xavier => (6.0 / (inputs as f64 + units as f64)).sqrt(),
            Self::He => (6.0 / inputs as f64).sqrt(),
        };
        (-spread, spread)
    }

    /// Remplit `weights` ; chaque nombre vient d'un tirage de [0, 1) en `f64`, donc d'une même
    /// graine viennent les mêmes poids, en `f32` et en `f64`.
    pub(crate) fn draw<F: Real>(
        self,
        inputs: usize,
        units: usize,
        rng: &mut dyn Rng,
    ) -> Vec<F> {
        let (low, high) = self.range(inputs, units);
        let mut draw = || F::nearest(low + (high - low) * rng.random::<f64>());
        (0..inputs * units).map(|_| draw()).collect()
    }
}
