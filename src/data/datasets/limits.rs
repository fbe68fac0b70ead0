//! Les limites des jeux de données, que leurs erreurs citent.

/// Le plus grand nombre de classes accepté par [`one_hot`](crate::datasets::one_hot).
pub const MAX_CLASSES: usize = 1000;

/// La plus forte déformation de [`distort`](crate::datasets::distort).
pub const MAX_DISTORTION: f64 = 2.0;

/// Le plus grand nombre d'exemples dessinés à la fois.
pub const MAX_EXAMPLES: usize = 1_000_000;

/// Le plus grand bruit : mille fois la taille du dessin, qui n'y est plus visible depuis longtemps.
pub const MAX_NOISE: f64 = 1000.0;
