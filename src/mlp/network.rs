//! Un réseau : ses couches, et ce qu'il en fait. `api` l'ouvre au public.

use fearless_simd::dispatch;
use ndarray::{Array1, Array2, CowArray, Ix2};
use nn_core::NumpyRng;

use crate::accuracy::Score;
use crate::activation::Activation;
use crate::buffers::Buffers;
use crate::error::Error;
use crate::layer::{Layer, LayerGradients};
use crate::loss::{Loss, Objective, Reduction};
use crate::optimizer::Optimizer;
use crate::real::Real;
use crate::{backward, check, forward};

/// Un perceptron multicouche (<i lang="en">multilayer perceptron</i>) : des couches l'une après l'autre.
///
/// Il garde ses tableaux de travail d'un pas au suivant : après le premier pas, un pas
/// d'entraînement de la même taille n'alloue rien. Seul un grand produit de matrices demande un
/// tableau de travail, que la bibliothèque qui le fait rend aussitôt.
#[derive(Clone, Debug)]
pub struct Mlp<F> {
    pub(crate) layers: Vec<Layer<F>>,
    pub(crate) objective: Objective,
    pub(crate) dropout_rng: NumpyRng,
    pub(crate) buffers: Buffers<F>,
}

impl<F: Real> Mlp<F> {
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

    /// λ/2 · Σ w², sur les poids de toutes les couches, non sur les biais.
    pub fn penalty(&self) -> f64 {
        let squares = self.layers.iter().flat_map(|layer| &layer.weights);
        0.5 * self.objective.l2 * squares.map(|w| w.as_f64() * w.as_f64()).sum::<f64>()
    }

    pub(crate) fn output_activation(&self) -> Activation {
        self.layers.last().map_or(Activation::Identity, |layer| layer.activation)
    }

    pub(crate) fn generic_set_parameters(
        &mut self,
        parameters: Vec<(Array2<F>, Array1<F>)>,
    ) -> Result<(), Error> {
        let shapes: Vec<_> = self.layers.iter().map(|layer| layer.weights.dim()).collect();
        check::parameters(&shapes, &parameters)?;
        for (layer, (weights, biases)) in self.layers.iter_mut().zip(parameters) {
            layer.weights.assign(&weights);
            layer.biases.assign(&biases);
        }
        Ok(())
    }

    pub(crate) fn generic_predict(&self, x: &Array2<F>) -> Result<Array2<F>, Error> {
        check::inputs(&self.layers, x)?;
        check::activations(&self.layers, x.nrows())?;
        let mut buffers = Buffers::new(&self.layers, self.buffers.threads);
        let flat = x.as_standard_layout(); // rangé ligne par ligne, sans copie s'il l'est déjà
        forward::answer(&self.layers, slice(&flat), x.nrows(), &mut buffers);
        let mut output = buffers.layers.pop().unwrap_or_default().output;
        self.output_activation().apply(&mut output, self.outputs());
        check::outputs(&output, self.outputs())?;
        Ok(Array2::from_shape_vec((x.nrows(), self.outputs()), output)
            .expect("une réponse par exemple et par sortie"))
    }

    pub(crate) fn generic_loss(&self, x: &Array2<F>, y: &Array2<F>) -> Result<f64, Error> {
        let (x, y) = self.check_examples(x, y)?;
        let mut buffers = Buffers::new(&self.layers, self.buffers.threads);
        let Objective { loss, reduction, .. } = self.objective;
        let examples = (slice(&x), slice(&y));
        let m = x.nrows();
        let sum = forward::loss(&self.layers, loss, examples, m, &mut buffers);
        check::finite(sum * reduction.scale(m), None)
    }

    pub(crate) fn generic_accuracy(
        &self,
        x: &Array2<F>,
        y: &Array2<F>,
    ) -> Result<Option<f64>, Error> {
        check::examples(&self.layers, self.objective.loss, x, y)?;
        let (output, y) = (self.generic_predict(x)?, y.as_standard_layout());
        let (mut score, output) = (Score::default(), output.as_standard_layout());
        let [output, y] = [&output, &y].map(slice);
        score.add(self.buffers.level, self.output_activation(), output, y, self.outputs());
        Ok(score.accuracy())
    }

    pub(crate) fn generic_gradients(
        &self,
        x: &Array2<F>,
        y: &Array2<F>,
    ) -> Result<Vec<LayerGradients<F>>, Error> {
        let (x, y) = self.check_examples(x, y)?;
        let mut buffers = Buffers::new(&self.layers, self.buffers.threads);
        let examples = (slice(&x), slice(&y));
        let (layers, m) = (&self.layers, x.nrows());
        let (level, objective) = (buffers.level, self.objective);
        let loss = dispatch!(level, _simd => {
            backward::backprop(layers, objective, examples, m, &mut buffers, None)
        });
        check::finite(loss, None)?;
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

    pub(crate) fn generic_train_step(
        &mut self,
        x: &Array2<F>,
        y: &Array2<F>,
        optimizer: &mut Optimizer<F>,
    ) -> Result<f64, Error> {
        let (x, y) = self.check_examples(x, y)?;
        self.step((slice(&x), slice(&y)), x.nrows(), optimizer)
    }

    /// Un pas, d'exemples déjà vérifiés, à plat.
    #[inline(never)]
    pub(crate) fn step(
        &mut self,
        examples: (&[F], &[F]),
        count: usize,
        optimizer: &mut Optimizer<F>,
    ) -> Result<f64, Error> {
        let level = self.buffers.level;
        dispatch!(level, _simd => self.vector_step(examples, count, optimizer))
    }

    #[inline(always)]
    fn vector_step(
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
        check::finite(loss, Some(optimizer.learning_rate()))?;
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
