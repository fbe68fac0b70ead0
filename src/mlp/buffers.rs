//! Les tableaux de travail d'un pas : alloués une fois, repris à chaque pas.

use fearless_simd::Level;

use crate::layer::Layer;
use crate::real::Real;

/// Ce qu'une couche calcule pour un lot de m exemples ; tout est à plat, ligne par ligne.
#[derive(Clone, Debug, Default)]
pub struct LayerBuffers<F> {
    /// a, la sortie : (m, h).
    pub(crate) output: Vec<F>,
    /// Le masque du dropout, 0 ou 1 / (1 − p) : (m, h), ou vide s'il n'y en a pas.
    pub(crate) mask: Vec<F>,
    /// a, une fois des neurones éteints : (m, h), ou vide.
    pub(crate) dropped: Vec<F>,
    /// ∂L/∂z : (m, h).
    pub(crate) delta: Vec<F>,
    /// ∂L/∂W : (n, h).
    pub(crate) weights_gradient: Vec<F>,
    /// ∂L/∂b : (h).
    pub(crate) biases_gradient: Vec<F>,
}

impl<F> LayerBuffers<F> {
    /// Ce que la couche suivante reçoit.
    pub(crate) fn passed_on(&self) -> &[F] {
        if self.dropped.is_empty() { &self.output } else { &self.dropped }
    }
}

/// Les tableaux de toutes les couches.
#[derive(Clone, Debug)]
pub struct Buffers<F> {
    pub(crate) layers: Vec<LayerBuffers<F>>,
    /// Les instructions vectorielles de cette machine.
    pub(crate) level: Level,
    /// Les fils d'exécution d'un grand produit, au plus.
    pub(crate) threads: usize,
}

impl<F: Real> Buffers<F> {
    /// Des tableaux vides pour ces couches : ils prennent leur taille au premier lot.
    pub(crate) fn new(layers: &[Layer<F>], threads: usize) -> Self {
        Self {
            layers: layers.iter().map(|_| LayerBuffers::default()).collect(),
            level: Level::new(),
            threads,
        }
    }
}
