//! Les limites d'un fichier de poids, que ses erreurs citent.

use nn_core::error::MAX_WEIGHTS;

/// Le plus grand en-tête accepté : plusieurs milliers de tableaux.
pub const MAX_HEADER_BYTES: usize = 1 << 20;

/// Le plus grand fichier accepté : [`MAX_WEIGHTS`] nombres de 64 bits, et l'en-tête.
pub const MAX_FILE_BYTES: usize = 8 * MAX_WEIGHTS + MAX_HEADER_BYTES + LENGTH_BYTES;

/// La taille de l'en-tête est un entier de 64 bits.
pub(super) const LENGTH_BYTES: usize = 8;
