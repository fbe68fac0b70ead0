//! Les optimiseurs : comment un gradient devient un pas.
//!
//! Les formules et les réglages d'office sont ceux de PyTorch (`torch.optim.SGD` et
//! `torch.optim.Adam`, documentation de PyTorch 2). g est ∂L/∂w, η le taux d'apprentissage.

use crate::error::Error;
use crate::layer::Layer;
use crate::real::Real;

/// La règle, et ses réglages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// La descente de gradient : w ← w − η g.
    Sgd,
    /// Avec élan : v ← μ v + g, puis w ← w − η v.
    ///
    /// Source : B. Polyak, 1964 ; `torch.optim.SGD(momentum=μ)`, sans amortissement.
    Momentum {
        /// μ, la part du pas précédent qui reste, de 0 inclus à 1 exclu.
        momentum: f64,
    },
    /// Adam : m ← β₁ m + (1 − β₁) g et v ← β₂ v + (1 − β₂) g², puis, au pas t,
    /// `w ← w − η m̂ / (√v̂ + ε)`, où `m̂ = m / (1 − β₁ᵗ)` et `v̂ = v / (1 − β₂ᵗ)`.
    ///
    /// Source : D. Kingma et J. Ba, 2015 ; `torch.optim.Adam`.
    Adam {
        /// β₁, la mémoire du gradient moyen.
        beta1: f64,
        /// β₂, la mémoire du carré moyen.
        beta2: f64,
        /// ε, qui évite de diviser par 0.
        epsilon: f64,
    },
}

/// Une règle, son taux d'apprentissage, et ce qu'elle retient d'un pas à l'autre.
///
/// Un optimiseur sert à un seul réseau : il prend sa taille au premier pas.
///
/// ```
/// use nn_mlp::Optimizer;
/// let adam = Optimizer::<f64>::adam(Optimizer::<f64>::LEARNING_RATE)?;
/// assert_eq!(adam.learning_rate(), 0.001);
/// assert!(Optimizer::<f64>::sgd(-1.0).is_err());
/// # Ok::<(), nn_mlp::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer<F> {
    rule: Rule,
    learning_rate: f64,
    steps: u32,
    /// Pour chaque tableau : v de l'élan, ou m d'Adam.
    first: Vec<Vec<F>>,
    /// Pour chaque tableau : v d'Adam.
    second: Vec<Vec<F>>,
}

impl<F: Real> Optimizer<F> {
    /// Le taux d'apprentissage que PyTorch prend d'office, pour SGD et pour Adam.
    pub const LEARNING_RATE: f64 = 1e-3;

    /// La descente de gradient.
    ///
    /// # Erreurs
    /// Un taux d'apprentissage qui n'est pas un nombre entre 0 exclu et 1e6.
    pub fn sgd(learning_rate: f64) -> Result<Self, Error> {
        Self::with_rule(Rule::Sgd, learning_rate)
    }

    /// La descente de gradient avec élan ; 0,9 est courant (PyTorch prend d'office 0 : SGD).
    ///
    /// # Erreurs
    /// Celle de [`sgd`](Self::sgd) ; un élan qui n'est pas entre 0 inclus et 1 exclu.
    pub fn momentum(learning_rate: f64, momentum: f64) -> Result<Self, Error> {
        Self::with_rule(Rule::Momentum { momentum }, learning_rate)
    }

    /// Adam, avec β₁ = 0,9, β₂ = 0,999 et ε = 10⁻⁸ : ce que PyTorch prend d'office.
    ///
    /// # Erreurs
    /// Celle de [`sgd`](Self::sgd).
    pub fn adam(learning_rate: f64) -> Result<Self, Error> {
        Self::with_rule(
            Rule::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
            learning_rate,
        )
    }

    /// Une règle, avec tous ses réglages.
    ///
    /// # Erreurs
    /// Un réglage hors de ses limites, infini ou NaN.
    pub fn with_rule(rule: Rule, learning_rate: f64) -> Result<Self, Error> {
        let check = |setting, value| {
            Error::check_range(setting, value, 0.0..1.0, "un nombre de 0 inclus à 1 exclu")
        };
        match rule {
            Rule::Sgd => {}
            Rule::Momentum { momentum } => check("momentum", momentum)?,
            Rule::Adam { beta1, beta2, epsilon } => {
                check("beta1", beta1)?;
                check("beta2", beta2)?;
                Error::check_range(
                    "epsilon",
                    epsilon,
                    1e-30..=1.0,
                    "un nombre entre 1e-30 et 1",
                )?;
            }
        }
        check_learning_rate(learning_rate)?;
        let (first, second) = (Vec::new(), Vec::new());
        Ok(Self { rule, learning_rate, steps: 0, first, second })
    }

    /// La règle et ses réglages.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// η, le taux d'apprentissage.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Change le taux d'apprentissage en cours de route.
    ///
    /// # Erreurs
    /// Celle de [`sgd`](Self::sgd).
    pub fn set_learning_rate(&mut self, learning_rate: f64) -> Result<(), Error> {
        check_learning_rate(learning_rate)?;
        self.learning_rate = learning_rate;
        Ok(())
    }

    /// Le nombre de pas faits.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Refuse un réseau d'une autre forme que celui du premier pas.
    pub(crate) fn check(&self, layers: &[Layer<F>]) -> Result<(), Error> {
        let sizes = layers.iter().flat_map(|l| [l.weights().len(), l.biases().len()]);
        let same = self.first.iter().map(Vec::len).eq(sizes);
        if self.first.is_empty() || same { Ok(()) } else { Err(Error::UsedOptimizer) }
    }

    /// Commence un pas : chaque tableau du réseau passera ensuite par [`update`](Self::update).
    #[inline(always)]
    pub(crate) fn begin_step(&mut self) {
        self.steps = self.steps.saturating_add(1);
    }

    /// Le pas d'un tableau, à plat, le `place`-ième du réseau, compté depuis 0.
    #[inline(always)]
    pub(crate) fn update(&mut self, place: usize, weights: &mut [F], gradient: &[F]) {
        if self.rule != Rule::Sgd && self.first.len() == place {
            self.first.push(vec![F::zero(); weights.len()]);
            self.second.push(vec![F::zero(); weights.len()]);
        }
        let rate = F::nearest(self.learning_rate);
        let pairs = weights.iter_mut().zip(gradient);
        match self.rule {
            Rule::Sgd => {
                for (w, &g) in pairs {
                    *w -= rate * g;
                }
            }
            Rule::Momentum { momentum } => {
                let momentum = F::nearest(momentum);
                for ((w, &g), v) in pairs.zip(&mut self.first[place]) {
                    *v = momentum * *v + g;
                    *w -= rate * *v;
                }
            }
            Rule::Adam { beta1, beta2, epsilon } => {
                let steps = f64::from(self.steps);
                let rate = self.learning_rate / (1.0 - beta1.powf(steps));
                let spread = 1.0 / (1.0 - beta2.powf(steps)).sqrt();
                let [rate, spread, epsilon] = [rate, spread, epsilon].map(F::nearest);
                let [new1, new2] = [1.0 - beta1, 1.0 - beta2].map(F::nearest);
                let [beta1, beta2] = [beta1, beta2].map(F::nearest);
                let averages = self.first[place].iter_mut().zip(&mut self.second[place]);
                for ((w, &g), (m, v)) in pairs.zip(averages) {
                    *m = beta1 * *m + new1 * g;
                    *v = beta2 * *v + new2 * g * g;
                    *w -= rate * *m / (v.sqrt() * spread + epsilon);
                }
            }
        }
    }
}

/// Un taux d'apprentissage entre 0 exclu et 1e6 ; NaN n'en est pas un.
fn check_learning_rate(learning_rate: f64) -> Result<(), Error> {
    Error::check_range(
        "learning_rate",
        learning_rate,
        f64::MIN_POSITIVE..=1e6,
        "un nombre entre 0 exclu et 1e6",
    )
}
