//! Une figure dans la page : numérotée, légendée, aux couleurs du thème, avec ses nombres.

use std::collections::HashSet;
use std::sync::LazyLock;

use anyhow::{Result, bail};
use regex::{Captures, Regex};

use crate::highlight::escape;

/// Les valeurs que les thèmes donnent aux couleurs des figures.
const CSS: &str = include_str!("../../theme/figures.css");

static THEMED: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let name = Regex::new(r"--figure-([0-9A-F]{6}):").expect("une expression juste");
    name.captures_iter(CSS).map(|found| found.extract::<1>().1[0]).collect()
});
static COLOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r##""#([0-9A-F]{6})""##).unwrap());
static GROUND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<rect class="fond"[^>]*/>\s*"#).unwrap());
static TITLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"<text class="titre"[^>]*>([^<]*)</text>\s*"#).unwrap());
static SIZE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"width="(\d+)" height="(\d+)" viewBox="0 0 (\d+) (\d+)""#).unwrap()
});
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[−-]?\d[\d\u{202f}]*(,\d+)?(\u{a0}× 10[⁻⁰¹²³⁴-⁹]+)?$").unwrap()
});
/// La bande que le titre occupe en haut d'une figure : la page a une légende à la place.
const TITLE_BAND: u32 = 36;

/// L'ancre et le numéro d'une figure : (`figure-05-2`, `5.2`).
#[derive(Clone, Copy)]
pub struct Figure<'a> {
    /// Son ancre dans la page.
    pub id: &'a str,
    /// Son numéro, celui du code qui l'a tracée.
    pub number: &'a str,
}

impl Figure<'_> {
    /// La figure : son image (SVG ou `<img>`), et ses nombres en CSV s'ils sont connus.
    ///
    /// Le titre dessiné dans un SVG de `nn_core` devient la légende.
    pub fn to_html(self, picture: &str, csv: Option<&str>) -> Result<String> {
        let label = format!("Figure\u{a0}{}", self.number);
        let (title, picture) = themed(picture);
        let title = title.map(|title| format!(" {title}")).unwrap_or_default();
        let table = csv.map(|csv| table(csv, &label)).transpose()?.unwrap_or_default();
        Ok(format!(
            "<figure class=\"sortie-image\" id=\"{}\">\
             <div class=\"figure-cadre\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\">{picture}</div>\
             <figcaption><span class=\"figure-numero\">{label}.</span>{title}</figcaption></figure>{table}",
            self.id
        ))
    }
}

/// Le titre d'une image de `nn_core`, et l'image sans titre ni fond, aux couleurs du thème.
fn themed(picture: &str) -> (Option<String>, String) {
    let picture = GROUND.replace(picture, "");
    let Some(title) = TITLE.captures(&picture).map(|found| found[1].to_string()) else {
        return (None, picture.into_owned());
    };
    let picture = TITLE.replace(&picture, "");
    let picture = SIZE.replace(&picture, |size: &Captures| {
        let height = size[2].parse::<u32>().unwrap_or(0).saturating_sub(TITLE_BAND);
        format!(
            "width=\"{0}\" height=\"{height}\" viewBox=\"0 {TITLE_BAND} {0} {height}\"",
            &size[1]
        )
    });
    let picture = COLOR.replace_all(&picture, |color: &Captures| match &color[1] {
        role if THEMED.contains(role) => format!("\"var(--figure-{role},#{role})\""),
        other => format!("\"#{other}\""),
    });
    let picture = picture.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
    (Some(title), picture)
}

/// Le tableau d'une figure, replié : la première ligne du CSV est son titre, la deuxième l'en-tête.
fn table(csv: &str, label: &str) -> Result<String> {
    let mut lines = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .from_reader(csv.as_bytes())
        .into_records()
        .collect::<Result<Vec<_>, _>>()?
        .into_iter();
    let (Some(caption), Some(header)) = (lines.next(), lines.next()) else {
        bail!("le tableau de la {label} n'a pas d'en-tête");
    };
    let rows: Vec<_> = lines.collect();
    // Une colonne de mots commence à gauche ; une colonne de nombres finit à droite.
    let words = |column: usize| {
        let cells =
            || rows.iter().filter_map(|row| row.get(column)).filter(|c| !c.is_empty());
        if cells().all(|cell| NUMBER.is_match(cell)) { "" } else { " class=\"mots\"" }
    };
    let words: Vec<_> = (0..header.len()).map(words).collect();
    let mut html = format!(
        "<details class=\"figure-donnees\"><summary>Les nombres de cette figure</summary>\
         <div class=\"table-wrapper\" tabindex=\"0\" role=\"group\" aria-label=\"Les nombres : {}\">\
         <table><caption>{}</caption><thead><tr>",
        label.to_lowercase(),
        escape(caption.get(0).unwrap_or_default())
    );
    for (name, words) in header.iter().zip(&words) {
        html += &format!("<th scope=\"col\"{words}>{}</th>", escape(name));
    }
    html += "</tr></thead><tbody>";
    for row in &rows {
        html += "<tr>";
        for (column, (cell, words)) in row.iter().zip(&words).enumerate() {
            let cell = escape(cell);
            html += &match column {
                0 => format!("<th scope=\"row\"{words}>{cell}</th>"),
                _ => format!("<td{words}>{cell}</td>"),
            };
        }
        html += "</tr>";
    }
    Ok(html + "</tbody></table></div></details>")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURE: Figure = Figure { id: "figure-05-2", number: "5.2" };
    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"420\" \
        viewBox=\"0 0 720 420\" role=\"img\" aria-label=\"Une courbe\" fill=\"#222222\">\n\
        <rect class=\"fond\" width=\"720\" height=\"420\" fill=\"#FFFFFF\"/>\n\
        <text class=\"titre\" x=\"360\" y=\"30\">La &lt;perte&gt;</text>\n\
        <path stroke=\"#0072B2\" fill=\"rgb(0,114,178)\" d=\"M0 0h9\"/><path fill=\"#ABCDEF\"/></svg>";

    #[test]
    fn une_figure_est_numerotee_et_son_titre_devient_sa_legende() {
        let html = FIGURE.to_html(SVG, None).unwrap();
        assert!(
            html.contains("<figure class=\"sortie-image\" id=\"figure-05-2\">"),
            "{html}"
        );
        assert!(
            html.contains("<span class=\"figure-numero\">Figure\u{a0}5.2.</span> La &lt;perte&gt;</figcaption>"),
            "{html}"
        );
        // Le titre n'est écrit qu'une fois, et sa place n'est pas laissée vide.
        assert_eq!(html.matches("La &lt;perte&gt;").count(), 1);
        assert!(html.contains("height=\"384\" viewBox=\"0 36 720 384\""), "{html}");
    }

    #[test]
    fn les_roles_suivent_le_theme_et_les_valeurs_d_une_carte_restent() {
        let html = FIGURE.to_html(SVG, None).unwrap();
        assert!(html.contains("stroke=\"var(--figure-0072B2,#0072B2)\""), "{html}");
        assert!(html.contains("fill=\"var(--figure-222222,#222222)\""), "{html}");
        assert!(html.contains("fill=\"rgb(0,114,178)\"") && html.contains("\"#ABCDEF\""));
        assert!(!html.contains("class=\"fond\""));
    }

    #[test]
    fn les_nombres_se_rangent_a_droite_et_les_mots_a_gauche() {
        let csv = "Un pas sur 100 ; « a »\npas;\"nom; court\";perte\n1;x < y;−1,2981\n10\u{202f}000;;5,37\u{a0}× 10⁻⁴\n";
        let csv = csv.replacen("Un pas sur 100 ; « a »", "\"Un pas sur 100 ; « a »\"", 1);
        let html = FIGURE.to_html(SVG, Some(&csv)).unwrap();
        assert!(html.contains("<caption>Un pas sur 100 ; « a »</caption>"), "{html}");
        assert!(
            html.contains(
                "<th scope=\"col\">pas</th><th scope=\"col\" class=\"mots\">nom; court</th>"
            ),
            "{html}"
        );
        assert!(
            html.contains("<td class=\"mots\">x &lt; y</td><td>−1,2981</td>"),
            "{html}"
        );
        assert!(html.contains("<td>5,37\u{a0}× 10⁻⁴</td>"), "{html}");
        assert!(FIGURE.to_html(SVG, Some("seul")).is_err());
    }

    #[test]
    fn une_image_venue_d_ailleurs_garde_ses_couleurs() {
        let html = FIGURE.to_html("<svg><path fill=\"#0072B2\"/></svg>", None).unwrap();
        assert!(
            html.contains("fill=\"#0072B2\"")
                && html.contains("Figure\u{a0}5.2.</span></figcap")
        );
    }
}
