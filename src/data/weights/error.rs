//! Ce qui peut empêcher d'écrire ou de lire des poids, et comment y remédier.

use std::fmt;

use nn_mlp::Dtype;

use super::limits::{MAX_FILE_BYTES, MAX_HEADER_BYTES};

/// Pourquoi des poids sont refusés.
///
/// `Debug` montre la même phrase que `Display` : c'est elle qu'un notebook affiche après `?`.
#[derive(Clone, PartialEq, thiserror::Error)]
pub enum WeightsError {
    /// Le fichier ne s'ouvre pas ou ne se lit pas.
    #[error("`{file}` ne peut pas être lu : {reason}. Vérifiez le chemin et les droits.")]
    Unreadable {
        /// Le fichier.
        file: String,
        /// Pourquoi.
        reason: String,
    },

    /// Le fichier ne peut pas être écrit ; celui qui était là est intact.
    #[error(
        "`{file}` ne peut pas être écrit : {reason}. Vérifiez que le dossier existe et les droits. \
         S'il existait, il n'a pas changé."
    )]
    Unwritable {
        /// Le fichier.
        file: String,
        /// Pourquoi.
        reason: String,
    },

    /// Un fichier plus grand que [`MAX_FILE_BYTES`].
    #[error(
        "ces poids dépassent {MAX_FILE_BYTES} octets, la limite de cette bibliothèque."
    )]
    TooLarge,

    /// La fin du fichier manque.
    #[error(
        "le fichier de poids est tronqué : il devrait compter au moins {expected} octets, et il en \
         compte {found}. Copiez-le de nouveau, en entier."
    )]
    Truncated {
        /// La plus petite taille possible, d'après le début du fichier.
        expected: usize,
        /// La taille trouvée.
        found: usize,
    },

    /// Un fichier d'une autre sorte.
    #[error(
        "ce n'est pas un fichier safetensors : {why}. En Python, \
         `safetensors.torch.save_file(model.state_dict(), \"reseau.safetensors\")` en écrit un."
    )]
    Foreign {
        /// À quoi on le voit.
        why: String,
    },

    /// Un en-tête plus grand que [`MAX_HEADER_BYTES`].
    #[error(
        "l'en-tête annonce {bytes} octets, et la limite est de {MAX_HEADER_BYTES} : ce n'est pas un \
         fichier safetensors, ou il porte trop de tableaux."
    )]
    HeaderTooLarge {
        /// La taille annoncée, en octets.
        bytes: u64,
    },

    /// Un en-tête qui ne s'accorde pas avec les nombres qui le suivent.
    #[error(
        "le fichier de poids est tronqué ou abîmé : {why}. Reprenez l'original, ou enregistrez de \
         nouveau le réseau."
    )]
    Damaged {
        /// Ce qui ne va pas.
        why: String,
    },

    /// Le contenu n'a pas l'empreinte que le fichier porte.
    #[error(
        "le fichier de poids a changé depuis son écriture : l'empreinte SHA-256 de son contenu \
         n'est plus celle qu'il porte. Reprenez l'original, ou enregistrez de nouveau le réseau."
    )]
    Altered,

    /// Un type de nombres qui n'est ni F32 ni F64.
    #[error(
        "`{name}` est de type {dtype}, et seuls F32 et F64 se lisent ici. En PyTorch, \
         `model.float()` avant d'enregistrer donne du F32."
    )]
    UnsupportedDtype {
        /// Le tableau.
        name: String,
        /// Son type dans le fichier.
        dtype: String,
    },

    /// Des nombres qui perdraient des chiffres.
    #[error(
        "`{name}` est de type {found}, et des {expected} sont demandés : ils perdraient des \
         chiffres. Demandez des {found}, ou convertissez d'abord avec `to_dtype`."
    )]
    WrongDtype {
        /// Le tableau.
        name: String,
        /// Le type demandé.
        expected: Dtype,
        /// Celui du tableau.
        found: Dtype,
    },

    /// Un tableau qui n'est pas là.
    #[error(
        "il n'y a pas de tableau `{name}`. Il y a : {present}. Vérifiez que ces poids sont ceux de \
         ce réseau."
    )]
    Missing {
        /// Le tableau cherché.
        name: String,
        /// Ceux qui sont là.
        present: String,
    },

    /// Un tableau dont ce réseau n'a que faire.
    #[error(
        "le tableau `{name}` n'a pas de place dans ce réseau, qui attend : {expected}. Ces poids \
         sont ceux d'un autre réseau, peut-être plus profond."
    )]
    Unexpected {
        /// Le tableau de trop.
        name: String,
        /// Ceux que le réseau attend.
        expected: String,
    },

    /// Un tableau d'une autre forme.
    #[error(
        "`{name}` devrait être de forme {expected:?}, et il est de forme {found:?}. Un `weight` de \
         PyTorch a une ligne par neurone et une colonne par entrée. Vérifiez que ces poids sont \
         ceux d'un réseau de la même taille."
    )]
    Shape {
        /// Le tableau.
        name: String,
        /// La forme attendue.
        expected: Vec<usize>,
        /// La forme trouvée.
        found: Vec<usize>,
    },

    /// Un NaN ou un infini, ou un nombre trop grand pour le type demandé.
    #[error(
        "`{name}` contient {value} à la place {place} (comptée depuis 0, ligne par ligne), qui \
         n'est pas un nombre fini de type {dtype}. Un entraînement a pu diverger : baissez le taux \
         d'apprentissage."
    )]
    NotFinite {
        /// Le tableau.
        name: String,
        /// La place, comptée depuis 0.
        place: usize,
        /// Le nombre.
        value: f64,
        /// Le type qui ne le contient pas.
        dtype: Dtype,
    },

    /// Un nom que le format garde pour lui.
    #[error(
        "`__metadata__` est un nom que le format garde pour lui. Choisissez-en un autre."
    )]
    ReservedName,
}

impl fmt::Debug for WeightsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Quelques noms, pour un message : un fichier hostile peut en porter des milliers, et de longs.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let mut names = names.peekable();
    if names.peek().is_none() {
        return "aucun tableau".to_string();
    }
    let mut shown: Vec<String> =
        names.by_ref().take(MOST).map(|name| format!("`{}`", short(name))).collect();
    let more = names.count();
    if more > 0 {
        shown.push(format!("et {more} de plus"));
    }
    shown.join(", ")
}

/// Un nom, coupé s'il est long.
pub(super) fn short(name: &str) -> String {
    const MOST: usize = 40;
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_string(),
    }
}
