//! Les formules : du TeX des chapitres au MathML des pages, à la construction du livre.

use std::sync::LazyLock;

use anyhow::{Result, bail};
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};
use regex::Regex;

/// « 0{,}5 » : la virgule décimale, que MathML veut dans le nombre même.
static DECIMAL: LazyLock<Regex> = LazyLock::new(|| {
    let comma = r"(?:<mrow>)?<mo[^>]*>,</mo>(?:</mrow>)?";
    Regex::new(&format!(r"<mn>(\d+)</mn>({comma})(<msup>)?<mn>(\d+)</mn>")).unwrap()
});

static WORDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("<mtext>[^<]*</mtext>").unwrap());
static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new("<[^>]+>").unwrap());

/// Les signes de la police, tels que le script qui la fabrique les nomme.
static FONT: LazyLock<Vec<std::ops::RangeInclusive<u32>>> = LazyLock::new(|| {
    let script = include_str!("../../theme/police.sh");
    let hex = |text: &str| u32::from_str_radix(text, 16).unwrap();
    Regex::new("U\\+([0-9A-F]+)(?:-([0-9A-F]+))?")
        .unwrap()
        .captures_iter(script)
        .map(|found| {
            hex(&found[1])..=hex(found.get(2).map_or(&found[1], |end| end.as_str()))
        })
        .collect()
});

/// Un groupe d'un seul signe, que la page peut se passer d'envelopper.
static ALONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<mrow>(<m[ino](?: [^>]*)?>[^<]*</m[ino]>)</mrow>").unwrap()
});

/// « \\big( » et ses pareils, vus disparaître à l'écran alors qu'ils sont dans le MathML.
static BIG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\\[bB]igg?[lrm]?\s*[()\[\]{}|.\\]").unwrap());

/// Le MathML de la formule `tex`, sur une ligne, prêt à être posé dans du Markdown.
///
/// # Erreurs
/// Une formule que le convertisseur ne comprend pas.
pub fn to_mathml(tex: &str, display: bool) -> Result<String> {
    if BIG.is_match(tex) {
        bail!(
            "la formule « {} » emploie \\big, dont les délimiteurs ne s'affichent pas dans \
             Chromium. Écrivez \\left et \\right",
            tex.trim()
        );
    }
    let storage = Storage::new();
    let events: Vec<_> = Parser::new(tex, &storage).collect();
    if let Some(Err(error)) = events.iter().find(|event| event.is_err()) {
        let text = error.to_string();
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        bail!("la formule « {} » ne se lit pas : {}", tex.trim(), first.trim());
    }
    let config = RenderConfig {
        display_mode: if display { DisplayMode::Block } else { DisplayMode::Inline },
        // Le TeX d'une équation se recopie ; celui d'un signe dans une phrase ne ferait que peser.
        annotation: display.then_some(tex.trim()),
        ..RenderConfig::default()
    };
    let mut mathml = String::new();
    push_mathml(&mut mathml, events.into_iter(), config)?;
    let mathml = mathml.replace("&amp;nbsp;", "\u{a0}").replace("&nbsp;", "\u{a0}");
    let mathml = DECIMAL.replace_all(&mathml, "$3<mn>$1,$4</mn>");
    let mathml = mathml.replace(" symmetric=\"false\"", "").replace(" />", "/>");
    let mathml = ALONE.replace_all(&mathml, "$1");
    if let Some(sign) = missing_sign(&mathml) {
        bail!(
            "la formule « {} » emploie « {sign} » (U+{:04X}), que la police des formules n'a pas. \
             Ajoutez-le à la liste de `book/theme/police.sh`, puis refaites la police",
            tex.trim(),
            sign as u32
        );
    }
    Ok(protect(&mathml))
}

/// Le premier signe de la formule que la police des formules n'a pas.
fn missing_sign(mathml: &str) -> Option<char> {
    let shown = mathml.split("<annotation").next().unwrap_or_default();
    let shown = WORDS.replace_all(shown, ""); // des mots : la police du texte y pourvoit
    let text = TAG.replace_all(&shown, "").replace("&lt;", "<").replace("&gt;", ">");
    let known = |sign: char| FONT.iter().any(|range| range.contains(&(sign as u32)));
    text.replace("&amp;", "&").chars().find(|sign| !known(*sign))
}

/// Met à l'abri ce que Markdown prendrait pour les siens dans le texte des balises.
fn protect(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => {
                in_tag = true;
                out.push(c);
            }
            '>' if in_tag => {
                in_tag = false;
                out.push(c);
            }
            '\n' | '\r' => out.push(' '),
            '*' | '_' | '[' | ']' | '`' | '\\' | '|' | '~' | '$' | '!' | '#' | '^'
            | '{' | '}'
                if !in_tag =>
            {
                out.push_str(&format!("&#{};", c as u32));
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_formule_devient_du_mathml_avec_sa_source() {
        let mathml = to_mathml(r"\hat{y} = \sigma(W_2\,x + b)", true).unwrap();
        assert!(mathml.starts_with("<math") && mathml.ends_with("</math>"), "{mathml}");
        assert!(mathml.contains("σ") && mathml.contains("annotation"), "{mathml}");
        assert!(!mathml.contains('\n') && !mathml.contains('*'));
    }

    #[test]
    fn la_virgule_decimale_reste_dans_le_nombre() {
        let mathml = to_mathml("0{,}5 + 12{,}25", false).unwrap();
        assert!(
            mathml.contains("<mn>0,5</mn>") && mathml.contains("<mn>12,25</mn>"),
            "{mathml}"
        );
        let mathml = to_mathml("0{,}25^2", false).unwrap();
        assert!(mathml.contains("<msup><mn>0,25</mn><mn>2</mn></msup>"), "{mathml}");
    }

    #[test]
    fn l_espace_de_tex_reste_une_espace() {
        let mathml = to_mathml(r"(1,\ 2)", false).unwrap();
        assert!(!mathml.contains("nbsp") && mathml.contains("\u{a0}"), "{mathml}");
    }

    #[test]
    fn une_formule_cassee_est_une_erreur_qui_la_cite() {
        let error = to_mathml(r"\frac{1}{", false).unwrap_err().to_string();
        assert!(error.contains(r"\frac{1}{"), "{error}");
        assert!(to_mathml(r"\inconnu{x}", false).is_err());
        let error = to_mathml(r"a \ltimes b", false).unwrap_err().to_string();
        assert!(error.contains("U+22C9") && error.contains("police.sh"), "{error}");
        assert!(
            to_mathml(r"\big(1 - \sigma(z)\big)", false).is_err(),
            "les parenthèses se perdent"
        );
        assert!(to_mathml(r"\left(1 - \sigma(z)\right)", false).is_ok());
    }
}
