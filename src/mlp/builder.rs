//! Décrire un réseau couche par couche, puis tirer ses poids.

use std::marker::PhantomData;

use ndarray::{Array1, Array2};
use nn_core::NumpyRng;
use nn_core::error::MAX_WEIGHTS;
use rand::Rng;

use crate::activation::Activation;
use crate::buffers::Buffers;
use crate::check;
use crate::error::Error;
use crate::init::Init;
use crate::layer::Layer;
use crate::loss::{Loss, Objective, Reduction};
use crate::network::Mlp;
use crate::real::Real;

/// La description d'un réseau. Rien n'est vérifié avant [`build`](MlpBuilder::build).
#[derive(Clone, Debug)]
pub struct MlpBuilder<F> {
    inputs: usize,
    layers: Vec<LayerPlan>,
    dropout_first: bool,
    loss: Loss,
    reduction: Reduction,
    init: Option<Init>,
    l2: f64,
    dropout_seed: u32,
    threads: usize,
    number: PhantomData<F>,
}

/// Une couche à faire.
#[derive(Clone, Debug)]
struct LayerPlan {
    units: usize,
    activation: Activation,
    dropout: f64,
}

impl<F: Real> MlpBuilder<F> {
    pub(crate) fn new(inputs: usize) -> Self {
        Self {
            inputs,
            layers: Vec::new(),
            dropout_first: false,
            loss: Loss::SquaredError,
            reduction: Reduction::Mean,
            init: None,
            l2: 0.0,
            dropout_seed: 0,
            threads: 1,
            number: PhantomData,
        }
    }

    /// Ajoute une couche de `units` neurones.
    pub fn layer(mut self, units: usize, activation: Activation) -> Self {
        self.layers.push(LayerPlan { units, activation, dropout: 0.0 });
        self
    }

    /// À chaque pas d'entraînement, éteint chaque neurone de la couche qui précède avec la
    /// probabilité `rate`, de 0 inclus à 1 exclu. Jamais quand le réseau prédit.
    pub fn dropout(mut self, rate: f64) -> Self {
        match self.layers.last_mut() {
            Some(layer) => layer.dropout = rate,
            None => self.dropout_first = true,
        }
        self
    }

    /// La graine des neurones éteints par `dropout` ; 0 sans rien dire.
    pub fn dropout_seed(mut self, seed: u32) -> Self {
        self.dropout_seed = seed;
        self
    }

    /// Au plus ce nombre de fils d'exécution pour un grand produit de matrices ; 1 sans rien dire.
    ///
    /// Deux fils vont presque deux fois plus vite sur de grandes couches, et ne servent à rien
    /// sur de petites. Les derniers chiffres des résultats peuvent en dépendre : les sommes ne
    /// se font pas dans le même ordre.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// La perte ; [`Loss::SquaredError`] sans rien dire.
    pub fn loss(mut self, loss: Loss) -> Self {
        self.loss = loss;
        self
    }

    /// Moyenne ou somme des exemples ; [`Reduction::Mean`] sans rien dire.
    pub fn reduction(mut self, reduction: Reduction) -> Self {
        self.reduction = reduction;
        self
    }

    /// Le tirage des poids ; sans rien dire, [`Init::He`] pour `Relu`, [`Init::Xavier`] sinon.
    pub fn init(mut self, init: Init) -> Self {
        self.init = Some(init);
        self
    }

    /// λ : ajoute à la perte λ/2 · Σ w², sur les poids, non sur les biais. Le gradient de chaque
    /// poids gagne λ w : c'est `weight_decay=λ` de `torch.optim.SGD` et `Adam` sur les poids
    /// seuls (et non celui de `AdamW`, qui ne passe pas par les moyennes d'Adam).
    pub fn l2(mut self, lambda: f64) -> Self {
        self.l2 = lambda;
        self
    }

    pub(crate) fn generic_build(self, rng: &mut dyn Rng) -> Result<Mlp<F>, Error> {
        self.check()?;
        let mut weights = Vec::new();
        for (plan, (inputs, units)) in self.layers.iter().zip(self.shapes()) {
            let init = self.init.unwrap_or(Init::suited_to(plan.activation));
            weights.push((init.draw(inputs, units, rng), vec![F::zero(); units]));
        }
        self.assemble(weights)
    }

    pub(crate) fn generic_with_weights(
        self,
        parameters: Vec<(Array2<F>, Array1<F>)>,
    ) -> Result<Mlp<F>, Error> {
        self.check()?;
        check::parameters(&self.shapes(), &parameters)?;
        // `iter` va ligne par ligne, quel que soit le rangement reçu.
        let flat = parameters
            .iter()
            .map(|(weights, biases)| (weights.iter().copied().collect(), biases.to_vec()))
            .collect();
        self.assemble(flat)
    }

    /// La forme (n, h) des poids de chaque couche.
    fn shapes(&self) -> Vec<(usize, usize)> {
        let units: Vec<usize> = self.layers.iter().map(|plan| plan.units).collect();
        std::iter::once(self.inputs).chain(units.clone()).zip(units).collect()
    }

    /// Le réseau, une fois ses tableaux prêts, à plat.
    fn assemble(self, parameters: Vec<(Vec<F>, Vec<F>)>) -> Result<Mlp<F>, Error> {
        let mut layers = Vec::new();
        let plans = self.layers.iter().zip(self.shapes());
        for ((plan, shape), (weights, biases)) in plans.zip(parameters) {
            let weights = Array2::from_shape_vec(shape, weights)
                .expect("autant de poids que la forme en compte");
            layers.push(Layer {
                weights,
                biases: Array1::from_vec(biases),
                activation: plan.activation,
                dropout: plan.dropout,
            });
        }
        let buffers = Buffers::new(&layers, self.threads);
        Ok(Mlp {
            layers,
            objective: Objective {
                loss: self.loss,
                reduction: self.reduction,
                l2: self.l2,
            },
            dropout_rng: NumpyRng::seed(self.dropout_seed),
            buffers,
        })
    }

    /// Un réseau qui peut exister.
    fn check(&self) -> Result<(), Error> {
        Error::check_not_zero(
            "inputs",
            self.inputs,
            "C'est le nombre de colonnes de `x`.",
        )?;
        let last = self.layers.last().ok_or(Error::NoLayer)?;
        let (mut inputs, mut total) = (self.inputs, 0usize);
        for (layer, &LayerPlan { units, dropout, .. }) in self.layers.iter().enumerate() {
            Error::check_not_zero(
                "units",
                units,
                "C'est le nombre de neurones d'une couche.",
            )?;
            total = inputs
                .checked_add(1)
                .and_then(|rows| rows.checked_mul(units))
                .and_then(|weights| weights.checked_add(total))
                .filter(|total| *total <= MAX_WEIGHTS)
                .ok_or(Error::TooManyWeights { layer, inputs, units })?;
            Error::check_range(
                "dropout",
                dropout,
                0.0..1.0,
                "une probabilité, de 0 inclus à 1 exclu",
            )?;
            inputs = units;
        }
        if self.dropout_first || last.dropout != 0.0 {
            return Err(Error::MisplacedDropout);
        }
        Error::check_not_zero("threads", self.threads, "Un seul, pour commencer.")?;
        if let Some(init) = self.init {
            init.check()?;
        }
        Error::check_range("l2", self.l2, 0.0..=1e6, "un nombre entre 0 et 1e6")?;
        match self.loss.required_activation() {
            Some(expected) if expected != last.activation => Err(Error::LossActivation {
                loss: self.loss.name(),
                expected: expected.name(),
                found: last.activation.name(),
            }),
            _ => Ok(()),
        }
    }
}
