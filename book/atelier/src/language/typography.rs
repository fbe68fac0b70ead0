//! La typographie française, vérifiée sur la source : peu de règles, et jamais d'alerte pour rien.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::prose::{OBJECT, Passage};

/// L'espace insécable, et sa variante fine.
const NBSP: [char; 2] = ['\u{a0}', '\u{202f}'];

/// Une faute : où, dans le texte du passage, ce qui s'y trouve, et ce qu'il faut écrire.
#[derive(Debug, PartialEq)]
pub struct Fault {
    /// L'étendue dans le texte du passage.
    pub range: Range<usize>,
    /// La règle et le remède, en français.
    pub what: String,
}

/// Les noms après lesquels un nombre à point est une version, non un nombre décimal.
const VERSIONED: &str = "[Ee]xercice|Python|Rust|NumPy|PyTorch|Jupyter|JupyterLab|Debian|Ubuntu|mdBook|BY|version";

static DECIMAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?:(?P<version>\b(?:{VERSIONED})[ \u{{a0}}])|^|[^\w.-])(?P<number>\d+\.\d+)(?:$|[^\w.]|\.(?:\W|$))"
    ))
    .unwrap()
});
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d(?P<gap>[ \n]?%|[ \n](?:€|°C|ns|µs|ms|s|min|h|Mo|Go|ko|Ko|mm|cm|m|km|kg)(?:$|[^\w’'-]))")
        .unwrap()
});
static THOUSANDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d,.])\d{1,3}(?P<gap>[ \n])\d{3}(?:$|[^\d])").unwrap()
});
static SPACES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[ \u{a0}\u{202f}]{2,}").unwrap());
static STOP: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?P<gap>[ \n\u{a0}\u{202f}]+)(?:,|\.(?:\s|$))").unwrap());
static DOTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\.{3,}").unwrap());

/// Les fautes d'un passage, dans l'ordre.
///
/// Le texte d'une figure (`drawn`) peut prendre l'apostrophe courbe : un SVG échappe la droite.
pub fn check(passage: &Passage, drawn: bool) -> Vec<Fault> {
    let text = passage.text.as_str();
    let mut faults = Vec::new();
    let mut fault = |range: Range<usize>, what: String| faults.push(Fault { range, what });

    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for (rank, &(at, letter)) in letters.iter().enumerate() {
        let before = rank.checked_sub(1).map(|rank| letters[rank].1);
        let after = letters.get(rank + 1).map(|next| next.1);
        let end = at + letter.len_utf8();
        match letter {
            ';' | ':' | '!' | '?' | '»' => {
                let Some(before) = before else { continue };
                if NBSP.contains(&before) {
                    continue;
                }
                if before == ' ' || before == '\n' {
                    fault(
                        at - 1..end,
                        format!(
                            "« {letter} » suit une espace ordinaire. Mettez une espace insécable (U+00A0)."
                        ),
                    );
                } else if ends_a_phrase(letter, before, after) {
                    fault(
                        at..end,
                        format!(
                            "« {letter} » colle au mot. Mettez une espace insécable (U+00A0) avant."
                        ),
                    );
                }
            }
            '«' if !after.is_some_and(|after| NBSP.contains(&after)) => {
                fault(at..end, "« n'est pas suivi d'une espace insécable (U+00A0).".into());
            }
            '"' => fault(
                at..end,
                "guillemet droit. Écrivez « … », ou mettez le code entre accents graves."
                    .into(),
            ),
            '’' if !drawn => fault(
                at..end,
                "apostrophe courbe. Le projet écrit l'apostrophe droite, '.".into(),
            ),
            _ => {}
        }
    }
    for found in DECIMAL.captures_iter(text) {
        if found.name("version").is_none() {
            let number = found.name("number").expect("le motif la contient");
            fault(
                number.range(),
                format!(
                    "« {} » : écrivez la virgule décimale, {}. Une version se met en code.",
                    number.as_str(),
                    number.as_str().replace('.', ",")
                ),
            );
        }
    }
    for (rule, what) in [
        (&UNIT, "il manque une espace insécable (U+00A0) entre le nombre et son unité."),
        (&THOUSANDS, "mettez une espace insécable (U+00A0) entre les milliers."),
        (&STOP, "pas d'espace avant la virgule ni avant le point."),
    ] {
        for found in rule.captures_iter(text) {
            fault(found.name("gap").expect("le motif la contient").range(), what.into());
        }
    }
    for found in SPACES.find_iter(text).filter(|found| found.start() > 0) {
        fault(found.range(), "deux espaces de suite. Laissez-en un.".into());
    }
    for found in DOTS.find_iter(text) {
        fault(found.range(), "trois points. Écrivez « … », un seul signe.".into());
    }
    faults.sort_by_key(|fault| fault.range.start);
    faults
}

/// Ce signe ponctue-t-il une phrase, alors que rien ne le sépare de ce qui précède ?
/// Non dans `fichier:ligne`, dans `(?)` ni dans `?!`.
fn ends_a_phrase(letter: char, before: char, after: Option<char>) -> bool {
    let closes = after.is_none_or(|after| after.is_whitespace() || ")».…".contains(after));
    let word = before.is_alphanumeric() || before == OBJECT || ")»%]'".contains(before);
    match letter {
        '»' => true,
        '?' | '!' => word && (closes || after.is_some_and(|after| "?!".contains(after))),
        _ => word && closes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::prose;

    fn faults(text: &str) -> Vec<(String, String)> {
        let passages = prose::markdown(text).unwrap();
        let faults = passages.iter().flat_map(|passage| {
            check(passage, false)
                .into_iter()
                .map(|fault| (passage.text[fault.range].to_string(), fault.what))
        });
        faults.collect()
    }

    #[test]
    fn chaque_faute_est_vue_une_fois() {
        for (text, found, word) in [
            ("Oui ; non", " ;", "insécable"),
            ("Oui; non", ";", "colle"),
            ("Oui :", " :", "insécable"),
            ("`x` ?", " ?", "insécable"),
            ("$x$: oui", ":", "colle"),
            ("Quoi?!", "?", "colle"),
            ("Un\n: deux", "\n:", "insécable"),
            ("Un « mot\u{a0}»", "«", "n'est pas suivi"),
            ("Un «\u{a0}mot »", " »", "insécable"),
            ("Un «\u{a0}mot»", "»", "colle"),
            ("Un \"mot", "\"", "guillemet droit"),
            ("L’un", "’", "apostrophe"),
            ("Il vaut 0.5 environ.", "0.5", "0,5"),
            ("Il vaut 0.5.", "0.5", "virgule décimale"),
            ("Il reste 30 min.", " min.", "unité"),
            ("Il reste 30%.", "%", "unité"),
            ("Il reste 30 %.", " %", "unité"),
            ("Il y a 100 000 cas", " ", "milliers"),
            ("Un  mot", "  ", "deux espaces"),
            ("Un mot , deux", " ", "virgule"),
            ("Un mot .", " ", "point"),
            ("Un mot...", "...", "trois points"),
        ] {
            let all = faults(text);
            assert_eq!(all.len(), 1, "{text} : {all:?}");
            assert!(all[0].0 == found && all[0].1.contains(word), "{text} : {all:?}");
        }
    }

    #[test]
    fn ce_qui_est_juste_ne_dit_rien() {
        for text in [
            "Oui\u{a0}; non\u{a0}: «\u{a0}peut-être\u{a0}»\u{a0}? Ah\u{202f}!",
            "(?) ou (!), quoi\u{a0}?!",
            "Voir fichier:ligne, `a ; b : c ?`, $a : b$ et https://a.b/c?d.",
            "0,5 et 1\u{a0}500 pas, 30\u{a0}min, 12\u{a0}%.",
            "Python 3.10 ou plus, CC BY 4.0, mdBook 0.5.4, Apache-2.0.",
            "| 0 0 1 | ? |\n|---|---|\n| 1 | oui |\n",
            "Un dossier .atelier, un fichier a.rs\u{a0}; etc.",
            "Fin de ligne,  \nretour. … et la suite…",
            "1500 pas, 100 fois, en 2026 300 fois, la lettre «\u{a0}é\u{a0}».",
        ] {
            assert_eq!(faults(text), [], "{text}");
        }
    }
}
