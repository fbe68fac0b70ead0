//! Les méthodes publiques qui calculent : chacune appelle ce que `kernels` a compilé.

use ndarray::{Array1, Array2};
use rand::Rng;

use crate::builder::MlpBuilder;
use crate::error::Error;
use crate::kernels::Float;
use crate::layer::LayerGradients;
use crate::network::Mlp;
use crate::optimizer::Optimizer;
use crate::train::{Epoch, Trainer, Training};

impl<F: Float> Mlp<F> {
    /// Commence la description d'un réseau qui reçoit `inputs` nombres par exemple.
    pub fn builder(inputs: usize) -> MlpBuilder<F> {
        MlpBuilder::new(inputs)
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

    /// La justesse sur ces exemples, entre 0 et 1 : x (m, n), y (m, k).
    ///
    /// Pour une sortie `Softmax`, la part des exemples dont la classe est la bonne ; pour
    /// `Sigmoid`, la part des réponses du bon côté de 0,5 ; rien pour les autres, qui
    /// prédisent des grandeurs.
    ///
    /// # Erreurs
    /// Celles de [`predict`](Self::predict), et un `y` que le réseau ne peut pas apprendre.
    pub fn accuracy(&self, x: &Array2<F>, y: &Array2<F>) -> Result<Option<f64>, Error> {
        F::accuracy(self, x, y)
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
    /// [`Error::Diverged`] si la perte n'est plus finie (le pas n'est alors pas fait).
    pub fn train_step(
        &mut self,
        x: &Array2<F>,
        y: &Array2<F>,
        optimizer: &mut Optimizer<F>,
    ) -> Result<f64, Error> {
        F::train_step(self, x, y, optimizer)
    }

    /// Remplace les poids (n, h) et les biais (h), un couple par couche ; refusés, rien ne change.
    ///
    /// # Erreurs
    /// Des tableaux d'un autre nombre, d'une autre forme, ou qui ne sont pas finis.
    pub fn set_parameters(
        &mut self,
        parameters: Vec<(Array2<F>, Array1<F>)>,
    ) -> Result<(), Error> {
        F::set_parameters(self, parameters)
    }
}

impl<F: Float> MlpBuilder<F> {
    /// Tire les poids, une couche après l'autre, ligne par ligne ; les biais sont nuls.
    ///
    /// # Erreurs
    /// Aucune couche, une taille nulle ou démesurée, un réglage hors de ses limites, un
    /// `dropout` mal placé, une perte qui demande une autre activation de sortie.
    pub fn build(self, rng: &mut dyn Rng) -> Result<Mlp<F>, Error> {
        F::build(self, rng)
    }

    /// Le réseau, avec ces poids (n, h) et ces biais (h), un couple par couche.
    ///
    /// # Erreurs
    /// Celles de [`build`](Self::build), et des tableaux d'un autre nombre, d'une autre forme,
    /// ou qui ne sont pas finis.
    pub fn with_weights(
        self,
        parameters: Vec<(Array2<F>, Array1<F>)>,
    ) -> Result<Mlp<F>, Error> {
        F::with_weights(self, parameters)
    }
}

impl<F: Float> Trainer<F> {
    /// Partage les exemples, x (m, n) et y (m, k), et rend l'entraînement prêt à commencer.
    ///
    /// # Erreurs
    /// Des exemples que `mlp` ne peut pas apprendre ; un réglage nul ou hors de ses limites ;
    /// une validation qui ne laisse rien d'un côté ; une patience sans validation.
    pub fn start(
        &self,
        mlp: &Mlp<F>,
        x: Array2<F>,
        y: Array2<F>,
    ) -> Result<Training<F>, Error> {
        F::start(self, mlp, x, y)
    }
}

impl<F: Float> Training<F> {
    /// Les époques qui restent, l'une après l'autre ; après une erreur, il n'y en a plus.
    pub fn epochs<'a>(
        &'a mut self,
        mlp: &'a mut Mlp<F>,
    ) -> impl Iterator<Item = Result<Epoch, Error>> + 'a {
        std::iter::from_fn(move || self.next_epoch(mlp).transpose())
    }

    /// Fait une époque ; rien si l'entraînement est fini ou s'est arrêté.
    ///
    /// # Erreurs
    /// Un réseau d'une autre forme que celui du départ ; [`Error::Diverged`].
    pub fn next_epoch(&mut self, mlp: &mut Mlp<F>) -> Result<Option<Epoch>, Error> {
        F::next_epoch(self, mlp)
    }
}
