//! Au-delà du tutoriel : des couches de toute taille, d'autres activations, d'autres pertes.
//!
//! Deux couches, la sigmoïde et l'erreur quadratique redonnent
//! [`NeuralNetwork`](crate::NeuralNetwork), au millionième de millionième près : rien d'autre
//! n'a été ajouté.
//!
//! | fichier | contenu |
//! |---|---|
//! | `mod` | [`Mlp`] : prédire, mesurer, faire un pas |
//! | `builder` | [`MlpBuilder`] : décrire un réseau, tirer ses poids |
//! | `layer`, [`activation`], [`loss`], [`init`] | de quoi il est fait |
//! | `forward`, `backward` | les deux propagations |
//! | [`batches`], [`train`] | les lots, les époques, l'arrêt anticipé |
//! | `accuracy` | la justesse |
//! | `kernels`, `product`, `gemm`, `exp`, `buffers`, `float`, `check`, [`error`] | dessous |
//!
//! ```
//! use nn_core::ndarray::arr2;
//! use nn_core::{Activation, Init, Mlp, NumpyRng, Optimizer, Reduction};
//!
//! let x = arr2(&[[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]]); // (4, 3)
//! let y = arr2(&[[0.], [1.], [1.], [0.]]); // (4, 1)
//! let mut mlp = Mlp::<f64>::builder(3)
//!     .layer(4, Activation::Sigmoid)
//!     .layer(1, Activation::Sigmoid)
//!     .reduction(Reduction::Sum)
//!     .init(Init::TUTORIAL)
//!     .build(&mut NumpyRng::seed(0))?;
//! let mut optimizer = Optimizer::sgd(1.0)?;
//! let first = mlp.train_step(&x, &y, &mut optimizer)?;
//! for _ in 1..1500 {
//!     mlp.train_step(&x, &y, &mut optimizer)?;
//! }
//! assert!(mlp.loss(&x, &y)? < 0.01 * first);
//! # Ok::<(), nn_core::Error>(())
//! ```

mod accuracy;
pub mod activation;
mod backward;
pub mod batches;
mod buffers;
mod builder;
mod check;
pub mod error;
mod exp;
mod float;
mod forward;
mod gemm;
pub mod init;
mod kernels;
mod layer;
pub mod loss;
#[doc(hidden)] // pour benches/mlp.rs
pub mod product;
pub mod train;

use ndarray::{Array1, Array2, CowArray, Ix2};

pub use activation::Activation;
pub use builder::MlpBuilder;
pub use error::MlpError;
pub use float::Float;
pub use init::Init;
pub use layer::{Layer, LayerGradients};
pub use loss::{Loss, Reduction};

use crate::error::Error;
use crate::numpy_rng::NumpyRng;
use crate::optimizer::Optimizer;
use buffers::Buffers;
use loss::Objective;

/// Un perceptron multicouche (<i lang="en">multilayer perceptron</i>) : des couches l'une après l'autre.
///
/// Il garde ses tableaux de travail d'un pas au suivant : après le premier pas, un pas
/// d'entraînement de la même taille n'alloue rien.
#[derive(Clone, Debug)]
pub struct Mlp<F> {
    layers: Vec<Layer<F>>,
    objective: Objective,
    dropout_rng: NumpyRng,
    buffers: Buffers<F>,
}

impl<F: Float> Mlp<F> {
    /// Commence la description d'un réseau qui reçoit `inputs` nombres par exemple.
    pub fn builder(inputs: usize) -> MlpBuilder<F> {
        MlpBuilder::new(inputs)
    }

    /// Les couches, de la première cachée à la sortie.
    pub fn layers(&self) -> &[Layer<F>] {
        &self.layers
    }

    /// n, le nombre d'entrées.
    pub fn inputs(&self) -> usize {
        self.layers.first().map_or(0, Layer::inputs)
    }

    /// k, le nombre de sorties.
    pub fn outputs(&self) -> usize {
        self.layers.last().map_or(0, Layer::units)
    }

    /// La perte choisie.
    pub fn loss_function(&self) -> Loss {
        self.objective.loss
    }

    /// Moyenne ou somme des exemples.
    pub fn reduction(&self) -> Reduction {
        self.objective.reduction
    }

    /// λ, le réglage de [`penalty`](Self::penalty).
    pub fn l2(&self) -> f64 {
        self.objective.l2
    }

    /// La réponse ŷ à chaque ligne de x : (m, n) donne (m, k). Aucun neurone n'est éteint.
    ///
    /// # Erreurs
    /// `x` vide, d'une autre largeur, trop grand, ou qui n'est pas fini ; une réponse qui
    /// dépasse le plus grand nombre possible.
    pub fn predict(&self, x: &Array2<F>) -> Result<Array2<F>, Error> {
        F::predict(self, x)
    }

    /// La perte sur ces exemples, sans dropout et sans [`penalty`](Self::penalty) : x (m, n), y (m, k).
    ///
    /// # Erreurs
    /// Des exemples que le réseau ne peut pas apprendre ; une perte qui n'est pas finie.
    pub fn loss(&self, x: &Array2<F>, y: &Array2<F>) -> Result<f64, Error> {
        F::loss(self, x, y)
    }

    /// λ/2 · Σ w², sur les poids de toutes les couches, non sur les biais.
    pub fn penalty(&self) -> f64 {
        let squares = self.layers.iter().flat_map(|layer| &layer.weights);
        0.5 * self.objective.l2 * squares.map(|w| w.as_f64() * w.as_f64()).sum::<f64>()
    }

    /// Les gradients de `loss` + `penalty`, une couche après l'autre ; rien n'est éteint ni changé.
    ///
    /// # Erreurs
    /// Celles de [`loss`](Self::loss).
    pub fn gradients(
        &self,
        x: &Array2<F>,
        y: &Array2<F>,
    ) -> Result<Vec<LayerGradients<F>>, Error> {
        F::gradients(self, x, y)
    }

    /// Un pas : répondre, mesurer, corriger. Rend la perte **avant** la correction, dropout
    /// compris, `penalty` non comprise. Les exemples : x (m, n), y (m, k).
    ///
    /// # Erreurs
    /// Des exemples que le réseau ne peut pas apprendre ; un optimiseur d'un autre réseau ;
    /// [`MlpError::Diverged`] si la perte n'est plus finie (le pas n'est alors pas fait).
    pub fn train_step(
        &mut self,
        x: &Array2<F>,
        y: &Array2<F>,
        optimizer: &mut Optimizer<F>,
    ) -> Result<f64, Error> {
        F::train_step(self, x, y, optimizer)
    }

    /// Remplace les poids (n, h) et les biais (h) de chaque couche, déjà de la bonne forme.
    #[cfg(feature = "weights")]
    pub(crate) fn set_parameters(&mut self, parameters: Vec<(Array2<F>, Array1<F>)>) {
        for (layer, (weights, biases)) in self.layers.iter_mut().zip(parameters) {
            layer.weights.assign(&weights);
            layer.biases.assign(&biases);
        }
    }

    fn output_activation(&self) -> Activation {
        self.layers.last().map_or(Activation::Identity, |layer| layer.activation)
    }
}

/// Ce que font les méthodes ci-dessus : `kernels` le compile pour `f32` et pour `f64`.
impl<F: Float> Mlp<F> {
    fn generic_predict(&self, x: &Array2<F>) -> Result<Array2<F>, Error> {
        check::inputs(&self.layers, x)?;
        check::activations(&self.layers, x.nrows())?;
        let mut buffers = Buffers::new(&self.layers, self.buffers.threads);
        let flat = x.as_standard_layout(); // rangé ligne par ligne, sans copie s'il l'est déjà
        F::forward(&self.layers, slice(&flat), x.nrows(), &mut buffers);
        let mut output = buffers.layers.pop().unwrap_or_default().output;
        self.output_activation().apply(&mut output, self.outputs());
        check::outputs(&output, self.outputs())?;
        Ok(Array2::from_shape_vec((x.nrows(), self.outputs()), output)
            .expect("une réponse par exemple et par sortie"))
    }

    fn generic_loss(&self, x: &Array2<F>, y: &Array2<F>) -> Result<f64, Error> {
        let (x, y) = self.check_examples(x, y)?;
        let mut buffers = Buffers::new(&self.layers, self.buffers.threads);
        let Objective { loss, reduction, .. } = self.objective;
        let examples = (slice(&x), slice(&y));
        let m = x.nrows();
        let sum = F::measure(&self.layers, loss, examples, m, &mut buffers);
        check_finite(sum * reduction.scale(m), None)
    }

    #[inline(always)]
    fn generic_gradients(
        &self,
        x: &Array2<F>,
        y: &Array2<F>,
    ) -> Result<Vec<LayerGradients<F>>, Error> {
        let (x, y) = self.check_examples(x, y)?;
        let mut buffers = Buffers::new(&self.layers, self.buffers.threads);
        let examples = (slice(&x), slice(&y));
        let (layers, m) = (&self.layers, x.nrows());
        let loss =
            backward::backprop(layers, self.objective, examples, m, &mut buffers, None);
        check_finite(loss, None)?;
        let buffers = buffers.layers.into_iter().zip(layers);
        Ok(buffers
            .map(|(buffer, layer)| LayerGradients {
                weights: Array2::from_shape_vec(
                    layer.weights.dim(),
                    buffer.weights_gradient,
                )
                .expect("un gradient par poids"),
                biases: Array1::from_vec(buffer.biases_gradient),
            })
            .collect())
    }

    fn generic_train_step(
        &mut self,
        x: &Array2<F>,
        y: &Array2<F>,
        optimizer: &mut Optimizer<F>,
    ) -> Result<f64, Error> {
        let (x, y) = self.check_examples(x, y)?;
        F::step(self, (slice(&x), slice(&y)), x.nrows(), optimizer)
    }

    /// Le même pas, une fois les exemples vérifiés, à plat.
    #[inline(always)]
    fn generic_step(
        &mut self,
        examples: (&[F], &[F]),
        count: usize,
        optimizer: &mut Optimizer<F>,
    ) -> Result<f64, Error> {
        optimizer.check(&self.layers)?;
        let Self { layers, objective, dropout_rng, buffers } = self;
        let loss = backward::backprop(
            layers,
            *objective,
            examples,
            count,
            buffers,
            Some(dropout_rng),
        );
        check_finite(loss, Some(optimizer.learning_rate()))?;
        // Tous les gradients sont calculés avant que le premier poids ne change.
        optimizer.begin_step();
        let mut place = 0;
        for (layer, buffer) in layers.iter_mut().zip(&buffers.layers) {
            let (weights, biases) = layer.flat_mut();
            optimizer.update(place, weights, &buffer.weights_gradient);
            optimizer.update(place + 1, biases, &buffer.biases_gradient);
            place += 2;
        }
        Ok(loss)
    }

    /// Des exemples que ce réseau peut apprendre en un lot, rangés ligne par ligne : sans
    /// copie s'ils le sont déjà.
    fn check_examples<'a>(
        &self,
        x: &'a Array2<F>,
        y: &'a Array2<F>,
    ) -> Result<(Rows<'a, F>, Rows<'a, F>), Error> {
        check::examples(&self.layers, self.objective.loss, x, y)?;
        check::activations(&self.layers, x.nrows())?;
        Ok((x.as_standard_layout(), y.as_standard_layout()))
    }
}

/// Une matrice rangée ligne par ligne, empruntée ou copiée.
type Rows<'a, F> = CowArray<'a, F, Ix2>;

/// Ses nombres, à plat.
fn slice<'a, F>(rows: &'a Rows<'_, F>) -> &'a [F] {
    rows.as_slice().expect("une matrice rangée ligne par ligne")
}

/// La perte, si elle est finie ; avec un taux d'apprentissage, c'est l'entraînement qui diverge.
fn check_finite(loss: f64, learning_rate: Option<f64>) -> Result<f64, Error> {
    match learning_rate {
        _ if loss.is_finite() => Ok(loss),
        Some(learning_rate) => {
            let quantity = "la perte";
            Err(MlpError::Diverged { quantity, value: loss, learning_rate }.into())
        }
        None => Err(MlpError::NotFiniteLoss { value: loss }.into()),
    }
}
