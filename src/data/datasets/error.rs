//! Ce qui peut manquer à un jeu de données, et comment y remédier.

use std::fmt;

use super::limits::{MAX_CLASSES, MAX_DISTORTION, MAX_EXAMPLES, MAX_NOISE};

/// Pourquoi des données sont refusées. Les lignes et les colonnes d'un fichier se comptent
/// depuis 1, comme dans un éditeur ; celles d'un tableau, depuis 0.
///
/// `Debug` montre la même phrase que `Display` : c'est elle qu'un notebook affiche après `?`.
#[derive(Clone, PartialEq, thiserror::Error)]
pub enum DataError {
    /// Le fichier ne s'ouvre pas ou ne se lit pas.
    #[error("`{file}` ne peut pas être lu : {reason}. Vérifiez le chemin et les droits.")]
    Unreadable {
        /// Le fichier.
        file: String,
        /// Pourquoi.
        reason: String,
    },

    /// Un fichier, ou son contenu décomprimé, plus grand que permis.
    #[error(
        "`{file}` dépasse {limit} octets, bien plus que ces données n'en demandent. Vérifiez que \
         c'est le bon fichier."
    )]
    TooLarge {
        /// Le fichier.
        file: String,
        /// La limite, en octets.
        limit: usize,
    },

    /// La fin d'un fichier comprimé manque.
    #[error(
        "`{file}` est tronqué : la fin du fichier comprimé manque. Copiez-le de nouveau, en entier."
    )]
    Truncated {
        /// Le fichier.
        file: String,
    },

    /// Un fichier comprimé qui ne se décomprime pas.
    #[error(
        "`{file}` est abîmé : il commence comme un fichier gzip et ne se décomprime pas. Copiez-le \
         de nouveau."
    )]
    Damaged {
        /// Le fichier.
        file: String,
    },

    /// Le contenu n'a pas l'empreinte de l'original.
    #[error(
        "`{file}` n'est pas l'original : son empreinte SHA-256 devrait être {expected}, et c'est \
         {found}. Reprenez le fichier à sa source, ou lisez-le par une fonction `read_…`, qui ne \
         demande que le bon format."
    )]
    Altered {
        /// Le fichier.
        file: String,
        /// L'empreinte de l'original.
        expected: String,
        /// Celle de ce fichier.
        found: String,
    },

    /// Des octets qui ne sont pas du texte.
    #[error(
        "`{file}` n'est pas un fichier de texte (UTF-8), ni un tel fichier comprimé par gzip. \
         Vérifiez que c'est le bon fichier."
    )]
    NotText {
        /// Le fichier.
        file: String,
    },

    /// Un fichier sans aucun exemple.
    #[error("`{file}` ne contient aucun exemple. Vérifiez que c'est le bon fichier.")]
    NoRows {
        /// Le fichier.
        file: String,
    },

    /// La première ligne ne nomme pas les colonnes attendues.
    #[error(
        "`{file}` doit commencer par la ligne « {expected} », et commence par « {found} »."
    )]
    Header {
        /// Le fichier.
        file: String,
        /// La première ligne attendue.
        expected: String,
        /// Celle qui est venue.
        found: String,
    },

    /// Une ligne trop courte ou trop longue.
    #[error(
        "`{file}`, ligne {line} : {expected} valeurs séparées par des virgules étaient attendues, \
         et il y en a {found}. Cette ligne est coupée, ou ce n'est pas le bon fichier."
    )]
    Columns {
        /// Le fichier.
        file: String,
        /// La ligne, comptée depuis 1.
        line: usize,
        /// Le nombre de valeurs attendu.
        expected: usize,
        /// Celui qui est venu.
        found: usize,
    },

    /// Une valeur qui n'est pas de celles que la colonne accepte.
    #[error(
        "`{file}`, ligne {line}, valeur {column} : il faut {expected}, et c'est « {found} ». \
         Corrigez cette valeur, ou retirez la ligne."
    )]
    Value {
        /// Le fichier.
        file: String,
        /// La ligne, comptée depuis 1.
        line: usize,
        /// La colonne, comptée depuis 1.
        column: usize,
        /// Ce que la colonne accepte.
        expected: &'static str,
        /// La valeur trouvée.
        found: String,
    },

    /// Une classe hors de 0 à k − 1.
    #[error(
        "la classe de l'exemple {row} (compté depuis 0) est {label}, et il n'y a que {classes} \
         classe(s), numérotée(s) depuis 0. Corrigez cette classe, ou le nombre de classes."
    )]
    Label {
        /// L'exemple, compté depuis 0.
        row: usize,
        /// Sa classe.
        label: usize,
        /// k, le nombre de classes.
        classes: usize,
    },

    /// Aucune classe, ou trop.
    #[error("il faut de 1 à {MAX_CLASSES} classes, et il y en a {classes}.")]
    Classes {
        /// Le nombre de classes demandé.
        classes: usize,
    },

    /// `x` et `labels` ne comptent pas le même nombre d'exemples.
    #[error(
        "`x` et `labels` doivent compter autant d'exemples : `x` en a {x}, `labels` en a {labels}. \
         Complétez le plus court."
    )]
    Rows {
        /// Le nombre de lignes de `x`.
        x: usize,
        /// Le nombre d'éléments de `labels`.
        labels: usize,
    },

    /// Une ligne qui n'existe pas.
    #[error("il n'y a pas d'exemple {row} : ils sont {len}, comptés depuis 0.")]
    NoSuchRow {
        /// La ligne demandée.
        row: usize,
        /// Le nombre d'exemples.
        len: usize,
    },

    /// Un partage dont une part serait vide.
    #[error(
        "mettre de côté une fraction {aside} de {len} exemple(s) laisserait une part vide. Il faut \
         un nombre entre 0 et 1, comme `0.2` pour un exemple sur cinq."
    )]
    Split {
        /// La fraction demandée.
        aside: f64,
        /// Le nombre d'exemples.
        len: usize,
    },

    /// Une largeur d'image qui ne partage pas les pixels en lignes entières.
    #[error(
        "une image de {pixels} pixels ne se partage pas en lignes de {width}. Donnez la largeur des \
         images : `8` pour des images de 8 × 8."
    )]
    ImageWidth {
        /// La largeur demandée.
        width: usize,
        /// Le nombre de pixels d'une image.
        pixels: usize,
    },

    /// Une déformation négative, trop forte, ou qui n'est pas un nombre.
    #[error(
        "la déformation vaut {amount} : il faut un nombre de 0 à {MAX_DISTORTION}, comme `0.5` pour \
         un demi-pixel de décalage au plus."
    )]
    Distortion {
        /// La déformation demandée.
        amount: f64,
    },

    /// Trop ou trop peu d'exemples à dessiner.
    #[error("il faut de {least} à {MAX_EXAMPLES} exemples, et {examples} sont demandés.")]
    Examples {
        /// Le nombre demandé.
        examples: usize,
        /// Le plus petit nombre possible.
        least: usize,
    },

    /// Un bruit négatif, démesuré ou qui n'est pas un nombre.
    #[error("le bruit est un écart-type, de 0 à {MAX_NOISE}, et c'est {noise}.")]
    Noise {
        /// Le bruit demandé.
        noise: f64,
    },
}

impl fmt::Debug for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
