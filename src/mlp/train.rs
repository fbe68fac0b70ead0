//! La boucle d'entraînement : une époque après l'autre, et ce que l'on en sait aussitôt.

use std::fmt;
use std::time::Duration;

use ndarray::{Array2, Axis};
use nn_core::NumpyRng;
use nn_core::error::Error as NetworkError;
use rand::seq::SliceRandom;
use web_time::Instant;

use crate::accuracy::Score;
use crate::batches::Batches;
use crate::buffers::Buffers;
use crate::error::Error;
use crate::layer::Layer;
use crate::loss::Reduction;
use crate::network::Mlp;
use crate::optimizer::Optimizer;
use crate::real::Real;
use crate::{check, forward};

/// Comment entraîner : l'optimiseur, les lots, les époques, la validation.
///
/// ```
/// use nn_core::ndarray::arr2;
/// use nn_core::NumpyRng;
/// use nn_mlp::{Activation, Loss, Mlp, Optimizer, Trainer};
///
/// let x = arr2(&[[0., 0.], [0., 1.], [1., 0.], [1., 1.]]); // (4, 2)
/// let y = arr2(&[[0.], [1.], [1.], [1.]]); // (4, 1) : l'un ou l'autre
/// let mut mlp = Mlp::<f64>::builder(2)
///     .layer(1, Activation::Sigmoid)
///     .loss(Loss::BinaryCrossEntropy)
///     .build(&mut NumpyRng::seed(1))?;
/// let trainer = Trainer::new(Optimizer::adam(0.1)?).epochs(100).batch_size(2);
/// let mut training = trainer.start(&mlp, x, y)?;
/// for epoch in training.epochs(&mut mlp) {
///     println!("{}", epoch?); // « époque 1 : perte 0,7214, justesse 0,50, … »
/// }
/// # Ok::<(), nn_mlp::Error>(())
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

impl<F: Real> Trainer<F> {
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

    /// Le nombre d'exemples d'un lot ; plus grand que leur nombre, il n'y a qu'un lot.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// La graine du partage et du mélange : la même donne le même entraînement.
    pub fn seed(mut self, seed: u32) -> Self {
        self.seed = seed;
        self
    }

    /// Met de côté cette part des exemples, tirés au hasard, entre 0 et 1 exclus : le réseau
    /// n'apprend pas sur eux, et sa perte y est mesurée à chaque époque.
    pub fn validation(mut self, fraction: f64) -> Self {
        self.validation = Some(fraction);
        self
    }

    /// L'arrêt anticipé : s'arrête après `patience` époques sans que la perte de validation
    /// baisse. À la fin, arrêté ou non, le réseau reprend les poids de sa meilleure époque.
    ///
    /// Source : L. Prechelt, « <i lang="en">Early Stopping — But When?</i> », 1998.
    pub fn patience(mut self, patience: usize) -> Self {
        self.patience = Some(patience);
        self
    }

    pub(crate) fn generic_start(
        &self,
        mlp: &Mlp<F>,
        x: Array2<F>,
        y: Array2<F>,
    ) -> Result<Training<F>, Error> {
        check::examples(&mlp.layers, mlp.objective.loss, &x, &y)?;
        Error::check_not_zero("epochs", self.epochs, "Dix, pour commencer.")?;
        if let Some(patience) = self.patience {
            Error::check_not_zero(
                "patience",
                patience,
                "C'est le nombre d'époques sans progrès.",
            )?;
            self.validation.ok_or(Error::PatienceWithoutValidation)?;
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
            buffers: Buffers::new(&mlp.layers, mlp.buffers.threads),
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
        Error::check_range("validation", fraction, 0.0..1.0, "une part entre 0 et 1")?;
        let apart = (fraction * examples as f64).round() as usize;
        if apart == 0 || apart >= examples {
            return Err(Error::EmptySplit { examples, fraction });
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

impl<F: Real> Examples<F> {
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

/// Ce que l'on sait à la fin d'une époque.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// Son numéro, compté depuis 1.
    pub number: usize,
    /// La perte sur les exemples d'entraînement, mesurée lot après lot, **avant** chaque pas,
    /// dropout compris ; leur moyenne, ou leur somme si le réseau en est réglé ainsi.
    pub loss: f64,
    /// La justesse de ces mêmes réponses, entre 0 et 1 ; rien pour une régression.
    pub accuracy: Option<f64>,
    /// La perte sur les exemples de validation, **après** le dernier pas.
    pub validation_loss: Option<f64>,
    /// La justesse sur les exemples de validation.
    pub validation_accuracy: Option<f64>,
    /// Le temps de cette époque, validation comprise.
    pub duration: Duration,
}

impl fmt::Display for Epoch {
    /// « époque 3 : perte 0,2146, justesse 0,935 ; validation : perte 0,2301, justesse 0,928 ».
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimal =
            |value: f64, digits: usize| format!("{value:.digits$}").replace('.', ",");
        let figures = |loss: f64, accuracy: Option<f64>| {
            let accuracy =
                accuracy.map(|share| format!(", justesse {}", decimal(share, 3)));
            format!("perte {}{}", decimal(loss, 4), accuracy.unwrap_or_default())
        };
        write!(f, "époque {}\u{a0}: {}", self.number, figures(self.loss, self.accuracy))?;
        self.validation_loss.map_or(Ok(()), |loss| {
            let figures = figures(loss, self.validation_accuracy);
            write!(f, "\u{a0}; validation\u{a0}: {figures}")
        })
    }
}

/// Un entraînement en cours : il avance d'une époque quand on le lui demande.
#[derive(Clone, Debug)]
pub struct Training<F> {
    optimizer: Optimizer<F>,
    epochs_left: usize,
    patience: Option<usize>,
    train: Examples<F>,
    validation: Option<Examples<F>>,
    batches: Batches,
    batch_size: usize,
    /// Les nombres du lot du moment, ceux de x puis ceux de y.
    batch: (Vec<F>, Vec<F>),
    /// Pour mesurer sur la validation sans déranger les tableaux du réseau.
    buffers: Buffers<F>,
    epoch: usize,
    best: Option<Best<F>>,
}

/// La meilleure époque d'un entraînement, et les couches qu'avait le réseau.
#[derive(Clone, Debug)]
struct Best<F> {
    epoch: usize,
    loss: f64,
    layers: Vec<Layer<F>>,
}

impl<F: Real> Training<F> {
    pub(crate) fn generic_next_epoch(
        &mut self,
        mlp: &mut Mlp<F>,
    ) -> Result<Option<Epoch>, Error> {
        if self.epochs_left == 0 {
            return Ok(None);
        }
        let epoch = self.run_epoch(mlp).inspect_err(|_| self.epochs_left = 0)?;
        self.epochs_left -= 1;
        if let (Some(patience), Some(loss)) = (self.patience, epoch.validation_loss) {
            self.keep_best(mlp, loss, patience);
        }
        Ok(Some(epoch))
    }

    /// Le numéro de la meilleure époque, celle dont le réseau reprend les poids à la fin ; rien
    /// sans `patience`.
    pub fn best_epoch(&self) -> Option<usize> {
        self.best.as_ref().map(|best| best.epoch)
    }

    /// Le nombre d'exemples d'entraînement, puis celui de validation.
    pub fn examples(&self) -> (usize, usize) {
        (self.train.x.nrows(), self.validation.as_ref().map_or(0, |part| part.x.nrows()))
    }

    /// Chaque lot une fois, puis la validation.
    fn run_epoch(&mut self, mlp: &mut Mlp<F>) -> Result<Epoch, Error> {
        let started = Instant::now();
        let (n, k) = (self.train.x.ncols(), self.train.y.ncols());
        if mlp.inputs() != n {
            return Err(NetworkError::Width { expected: mlp.inputs(), found: n }.into());
        }
        if mlp.outputs() != k {
            return Err(Error::OutputWidth { expected: mlp.outputs(), found: k });
        }
        self.batches.shuffle();
        let (x, y) = self.train.flat();
        let (batch_x, batch_y) = &mut self.batch;
        let (mut sum, mut score) = (0.0, Score::default());
        for rows in self.batches.iter() {
            batch_x.clear();
            batch_y.clear();
            for &row in rows {
                batch_x.extend_from_slice(&x[row * n..][..n]);
                batch_y.extend_from_slice(&y[row * k..][..k]);
            }
            let loss = mlp.step((batch_x, batch_y), rows.len(), &mut self.optimizer)?;
            sum += match mlp.reduction() {
                Reduction::Mean => loss * rows.len() as f64,
                Reduction::Sum => loss,
            };
            let output = mlp.buffers.layers.last().map_or(&[][..], |last| &last.output);
            score.add(mlp.buffers.level, mlp.output_activation(), output, batch_y, k);
        }
        self.check_weights(mlp)?;
        self.epoch += 1;
        let validation = self.validate(mlp)?;
        Ok(Epoch {
            number: self.epoch,
            loss: sum * mlp.reduction().scale(self.train.x.nrows()),
            accuracy: score.accuracy(),
            validation_loss: validation.map(|(loss, _)| loss),
            validation_accuracy: validation.and_then(|(_, score)| score.accuracy()),
            duration: started.elapsed(),
        })
    }

    /// La perte et les bonnes réponses sur les exemples mis de côté, un lot après l'autre.
    fn validate(&mut self, mlp: &Mlp<F>) -> Result<Option<(f64, Score)>, Error> {
        let Some(part) = &self.validation else { return Ok(None) };
        let ((x, y), m) = (part.flat(), part.x.nrows());
        let (n, k) = (part.x.ncols(), part.y.ncols());
        let (mut sum, mut score) = (0.0, Score::default());
        let batches = x.chunks(n * self.batch_size).zip(y.chunks(k * self.batch_size));
        for (x, y) in batches {
            let (layers, loss, count) = (&mlp.layers, mlp.objective.loss, x.len() / n);
            sum += forward::loss(layers, loss, (x, y), count, &mut self.buffers);
            let output = self.buffers.layers.last().map_or(&[][..], |last| &last.output);
            score.add(mlp.buffers.level, mlp.output_activation(), output, y, k);
        }
        let loss = sum * mlp.reduction().scale(m);
        check::finite(loss, Some(self.optimizer.learning_rate()))?;
        Ok(Some((loss, score)))
    }

    /// Retient le réseau s'il n'a jamais été meilleur ; le rend à la fin, ou à bout de patience.
    fn keep_best(&mut self, mlp: &mut Mlp<F>, loss: f64, patience: usize) {
        if self.best.as_ref().is_none_or(|best| loss < best.loss) {
            let (epoch, layers) = (self.epoch, mlp.layers.clone());
            self.best = Some(Best { epoch, loss, layers });
        }
        let Some(best) = &self.best else { return };
        if self.epoch - best.epoch >= patience {
            self.epochs_left = 0;
        }
        if self.epochs_left == 0 {
            mlp.layers.clone_from(&best.layers);
        }
    }

    /// Des poids encore finis : le dernier pas a pu les perdre sans que la perte l'ait vu.
    fn check_weights(&self, mlp: &Mlp<F>) -> Result<(), Error> {
        let parameters = |layer: &Layer<F>| -> Option<F> {
            layer.weights.iter().chain(&layer.biases).copied().find(|w| !w.is_finite())
        };
        let learning_rate = self.optimizer.learning_rate();
        mlp.layers.iter().find_map(parameters).map_or(Ok(()), |wrong| {
            let (quantity, value) = ("un poids", wrong.as_f64());
            Err(Error::Diverged { quantity, value, learning_rate })
        })
    }
}
