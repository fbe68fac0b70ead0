//! La boucle d'entraînement : une époque après l'autre, et ce que l'on en sait aussitôt.

use std::fmt;
use std::time::Duration;

use ndarray::{Array2, Axis};
use rand::seq::SliceRandom;
use web_time::Instant;

use super::accuracy::Score;
use super::batches::Batches;
use super::buffers::Buffers;
use super::error::MlpError;
use super::float::Float;
use super::layer::Layer;
use super::loss::Reduction;
use super::{Mlp, check, forward, slice};
use crate::error::Error;
use crate::numpy_rng::NumpyRng;
use crate::optimizer::Optimizer;

/// Comment entraîner : l'optimiseur, les lots, les époques, la validation.
///
/// ```
/// use nn_core::ndarray::arr2;
/// use nn_core::{Activation, Loss, Mlp, NumpyRng, Optimizer, Trainer};
///
/// let x = arr2(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]]); // (4, 2)
/// let y = arr2(&[[0.], [1.], [1.], [1.]]); // (4, 1) : l'un ou l'autre
/// let mut mlp = Mlp::<f64>::builder(2)
///     .layer(1, Activation::Sigmoid)
///     .loss(Loss::BinaryCrossEntropy)
///     .build(&mut NumpyRng::seed(1))?;
/// let trainer = Trainer::new(Optimizer::adam(0.1)?).epochs(100).batch_size(2);
/// let mut training = trainer.start(&mlp, x, y)?;
/// for epoch in training.epochs(&mut mlp) {
///     println!("{}", epoch?); // « époque 1 : perte 0,7214, justesse 0,50, … »
/// }
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trainer<F> {
    optimizer: Optimizer<F>,
    epochs: usize,
    batch_size: usize,
    seed: u32,
    validation: Option<f64>,
    patience: Option<usize>,
}

impl<F: Float> Trainer<F> {
    /// Avec cet optimiseur, 10 époques, des lots de 32, la graine 0, sans validation.
    pub fn new(optimizer: Optimizer<F>) -> Self {
        let (epochs, batch_size, seed) = (10, 32, 0);
        Self { optimizer, epochs, batch_size, seed, validation: None, patience: None }
    }

    /// Le nombre d'époques, c'est-à-dire de passages sur tous les exemples.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.epochs = epochs;
        self
    }

    /// Le nombre d'exemples d'un lot ; plus grand que leur nombre, il n'y a qu'un lot.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// La graine du partage et du mélange : la même donne le même entraînement.
    pub fn seed(mut self, seed: u32) -> Self {
        self.seed = seed;
        self
    }

    /// Met de côté cette part des exemples, tirés au hasard, entre 0 et 1 exclus : le réseau
    /// n'apprend pas sur eux, et sa perte y est mesurée à chaque époque.
    pub fn validation(mut self, fraction: f64) -> Self {
        self.validation = Some(fraction);
        self
    }

    /// L'arrêt anticipé : s'arrête après `patience` époques sans que la perte de validation
    /// baisse. À la fin, arrêté ou non, le réseau reprend les poids de sa meilleure époque.
    ///
    /// Source : L. Prechelt, « Early Stopping — But When? », 1998.
    pub fn patience(mut self, patience: usize) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Partage les exemples, x (m, n) et y (m, k), et rend l'entraînement prêt à commencer.
    ///
    /// # Erreurs
    /// Des exemples que `mlp` ne peut pas apprendre ; un réglage nul ou hors de ses limites ;
    /// une validation qui ne laisse rien d'un côté ; une patience sans validation.
    pub fn start(
        &self,
        mlp: &Mlp<F>,
        x: Array2<F>,
        y: Array2<F>,
    ) -> Result<Training<F>, Error> {
        check::examples(&mlp.layers, mlp.objective.loss, &x, &y)?;
        MlpError::check_not_zero("epochs", self.epochs, "Dix, pour commencer.")?;
        if let Some(patience) = self.patience {
            MlpError::check_not_zero(
                "patience",
                patience,
                "C'est le nombre d'époques sans progrès.",
            )?;
            self.validation.ok_or(MlpError::PatienceWithoutValidation)?;
        }
        let (train, validation) = self.split(x, y)?;
        let batches = Batches::new(train.x.nrows(), self.batch_size, self.seed)?;
        let batch_size = self.batch_size.min(train.x.nrows());
        check::activations(&mlp.layers, batch_size)?;
        Ok(Training {
            optimizer: self.optimizer.clone(),
            epochs_left: self.epochs,
            patience: self.patience,
            train,
            validation,
            batches,
            batch_size,
            batch: (Vec::new(), Vec::new()),
            buffers: Buffers::new(&mlp.layers),
            epoch: 0,
            best: None,
        })
    }

    /// Les exemples d'entraînement, puis ceux de validation.
    fn split(
        &self,
        x: Array2<F>,
        y: Array2<F>,
    ) -> Result<(Examples<F>, Option<Examples<F>>), Error> {
        let Some(fraction) = self.validation else {
            return Ok((Examples::new(x, y), None));
        };
        let examples = x.nrows();
        MlpError::check_range("validation", fraction, 0.0..1.0, "une part entre 0 et 1")?;
        let apart = (fraction * examples as f64).round() as usize;
        if apart == 0 || apart >= examples {
            Err(MlpError::EmptySplit { examples, fraction })?;
        }
        let mut order: Vec<usize> = (0..examples).collect();
        order.shuffle(&mut NumpyRng::seed(self.seed));
        let (validation, train) = order.split_at(apart);
        let select = |rows| Examples::new(x.select(Axis(0), rows), y.select(Axis(0), rows));
        Ok((select(train), Some(select(validation))))
    }
}

/// Des exemples, rangés ligne par ligne.
#[derive(Clone, Debug)]
struct Examples<F> {
    x: Array2<F>,
    y: Array2<F>,
}

impl<F: Float> Examples<F> {
    fn new(x: Array2<F>, y: Array2<F>) -> Self {
        let owned = |a: Array2<F>| {
            if a.is_standard_layout() { a } else { a.as_standard_layout().into_owned() }
        };
        Self { x: owned(x), y: owned(y) }
    }

    /// x et y, à plat.
    fn flat(&self) -> (&[F], &[F]) {
        (self.x.as_slice().unwrap_or_default(), self.y.as_slice().unwrap_or_default())
    }
}
