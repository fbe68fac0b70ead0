//! Voir : des figures que l'on affiche dans un notebook ou que l'on enregistre.
//!
//! | figure | ce qu'elle montre |
//! |---|---|
//! | [`loss_curve`] | la perte à chaque pas de l'entraînement |
//! | [`sigmoid_curve`] | σ et sa pente σ′ |
//! | [`network_diagram`] | les trois colonnes du réseau, et la forme de chaque tableau |
//! | [`weights`] | les poids et les biais, en couleurs |
//! | [`predictions`] | les réponses attendues et les réponses prédites |
//! | [`loss_curves`] | plusieurs pertes l'une avec l'autre |
//! | [`epoch_curves`] | les mêmes, époque par époque |
//! | [`accuracy_curves`] | la justesse, époque par époque |
//! | [`images`] | des images côte à côte, chacune avec sa légende |
//! | [`confusion`] | quelle classe est prise pour quelle autre |
//! | [`decision_boundary`] | ce que le réseau répond partout dans le plan |
//! | [`histogram`] | la répartition de nombres, comme mille pertes finales |
//! | [`matrix_product`] | trois blocs de cases, et la dimension qui disparaît |
//! | [`tangent`] | la pente d'une courbe en un point |
//! | [`computation_graph`] | un calcul, ses valeurs vers l'avant, ses gradients vers l'arrière |
//! | [`descent`] | la perte comme une carte, et le chemin vers le creux |
//! | [`gradient_errors`] | l'erreur d'un gradient mesuré, selon l'écart de la mesure |
//! | [`activations`] | les réponses des neurones, avant et après |
//!
//! Chacune donne une [`Figure`] : du SVG, du PNG, un texte qui dit ce qu'on y voit, et ses nombres en
//! [`Table`]. Dans un notebook, une cellule qui finit par une figure l'affiche ; ce qui ne peut pas se
//! dessiner dit pourquoi, à sa place.
//!
//! ```
//! let figure = nn_plot::loss_curve(&[1.2981, 0.4, 0.0028]);
//! assert!(figure.svg()?.starts_with("<svg"));
//! assert!(figure.alt().contains("de 1,2981 à 0,0028"));
//! assert_eq!(figure.table().rows().len(), 3);
//! # Ok::<(), nn_plot::Error>(())
//! ```

#![forbid(unsafe_code)]

mod boundary;
mod canvas;
mod chart;
mod confusion;
mod curves;
mod descent;
mod diagram;
mod error;
mod figure;
mod gradient_error;
mod graph;
mod heatmap;
mod histogram;
mod images;
mod numbers;
mod palette;
mod png;
mod product;
mod sheet;
mod svg;
mod table;
mod tangent;

pub use boundary::decision_boundary;
pub use confusion::confusion;
pub use curves::{
    accuracy_curves, epoch_curves, loss_curve, loss_curves, predictions, sigmoid_curve,
};
pub use descent::descent;
pub use diagram::network_diagram;
pub use error::Error;
pub use figure::{Figure, REFUSAL};
pub use gradient_error::gradient_errors;
pub use graph::{GraphNode, computation_graph};
pub use heatmap::{activations, weights};
pub use histogram::histogram;
pub use images::{MAX_IMAGE_SIDE, MAX_IMAGES, images};
pub use product::matrix_product;
pub use table::Table;
pub use tangent::tangent;
