//! Les renvois : `[](#figure-05-2)` devient « figure 5.2 », dans la page et dans le notebook.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Ce qui porte un numéro : le mot de l'ancre, et le mot de la phrase.
const KINDS: [(&str, &str); 1] = [("figure", "figure")];

static ANCHOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([a-z]+)-(\d+)-(\d+)$").expect("une expression juste"));
static EMPTY_LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\[\]\(([^()\s]*#([^()\s]+))\)").unwrap());

/// « figure 5.2 » pour l'ancre « figure-05-2 » ; rien pour une ancre d'une autre sorte.
pub fn text(anchor: &str) -> Option<String> {
    let found = ANCHOR.captures(anchor)?;
    let (_, word) = KINDS.iter().find(|(kind, _)| *kind == &found[1])?;
    Some(format!(
        "{word}\u{a0}{}.{}",
        found[2].parse::<u32>().ok()?,
        found[3].parse::<u32>().ok()?
    ))
}

/// Le même mot en tête de phrase.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Le texte d'un lien Markdown écrit vide, s'il renvoie à ce qui porte un numéro.
pub fn filled(link: &str) -> Option<String> {
    let found = EMPTY_LINK.captures(link).filter(|found| found[0].len() == link.len())?;
    Some(format!("[{}]({})", text(&found[2])?, &found[1]))
}

/// La prose d'un notebook, où un renvoi n'est que du texte : ses figures n'ont pas d'ancre.
pub fn spelled(prose: &str) -> String {
    EMPTY_LINK
        .replace_all(prose, |found: &Captures| {
            text(&found[2]).unwrap_or_else(|| found[0].to_string())
        })
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_lien_vide_prend_le_numero_de_ce_qu_il_montre() {
        let filled = |link| filled(link).unwrap_or_default();
        assert_eq!(filled("[](#figure-05-2)"), "[figure\u{a0}5.2](#figure-05-2)");
        assert_eq!(
            filled("[](06_training.md#figure-06-12)"),
            "[figure\u{a0}6.12](06_training.md#figure-06-12)"
        );
        assert_eq!(filled("[](#une-section)"), "");
        assert_eq!(filled("[vu](#figure-05-2)"), "");
        assert_eq!(spelled("Voir la [](#figure-05-2)."), "Voir la figure\u{a0}5.2.");
        assert_eq!(capitalized("étape 1"), "Étape 1");
    }
}
