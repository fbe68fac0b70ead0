//! Étape 10 : voir. Cinq figures, que l'on affiche dans un notebook ou que l'on enregistre.
//!
//! | figure | ce qu'elle montre |
//! |---|---|
//! | [`loss_curve`] | la perte à chaque pas de l'entraînement |
//! | [`sigmoid_curve`] | σ et sa pente σ′ |
//! | [`network_diagram`] | les trois colonnes du réseau, et la forme de chaque tableau |
//! | [`weights`] | les poids et les biais, en couleurs |
//! | [`predictions`] | les réponses attendues et les réponses prédites |
//!
//! Chacune donne une [`Figure`] : du SVG, du PNG, et un texte qui dit ce qu'on y voit.
//! Dans un notebook, une cellule qui finit par une figure l'affiche.
//!
//! ```
//! let figure = nn_core::plot::loss_curve(&[1.2981, 0.4, 0.0028])?;
//! assert!(figure.svg()?.starts_with("<svg"));
//! assert!(figure.alt().contains("1,2981 au premier"));
//! # Ok::<(), nn_core::Error>(())
//! ```

mod canvas;
mod chart;
mod curves;
mod diagram;
mod figure;
mod heatmap;
mod numbers;

pub use curves::{loss_curve, predictions, sigmoid_curve};
pub use diagram::network_diagram;
pub use figure::Figure;
pub use heatmap::weights;
