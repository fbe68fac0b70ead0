//! Chapitre CHAPITRE.

use super::see;
use crate::exercise::Exercise;
use crate::verdict::Section;
