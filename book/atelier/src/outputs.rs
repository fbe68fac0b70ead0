//! Les sorties d'une cellule, telles que le livre les montre.

use std::sync::LazyLock;

use anyhow::{Result, bail};
use correcteur::verdict::MIME as VERDICT;
use regex::Regex;
use serde_json::Value;

use crate::figure::Figure;
use crate::highlight::escape;
use crate::notebook::{self, text};

static ANSI: LazyLock<Regex> = LazyLock::new(|| Regex::new("\x1b\\[[0-9;]*m").unwrap());

/// Le HTML des sorties de `cell`, ou rien si elle n'en a pas ; sa figure porte le numéro `figure`.
///
/// # Erreurs
/// Une sortie d'une sorte que le livre ne sait pas montrer.
pub fn to_html(
    cell: &Value,
    rank: usize,
    must_fail: bool,
    figure: Figure,
) -> Result<String> {
    let mut parts = Vec::new();
    for output in notebook::outputs(cell) {
        parts.push(match output["output_type"].as_str().unwrap_or_default() {
            "stream" if output["name"] == "stderr" => {
                text_block(&text(&output["text"]), "sortie-erreur sortie-phrase")
            }
            "stream" => text_block(&text(&output["text"]), "sortie-texte"),
            "error" => text_block(&error_text(output), "sortie-erreur"),
            "execute_result" | "display_data" => data(&output["data"], figure)?,
            other => bail!("la sortie de sorte « {other} » n'est pas prévue"),
        });
    }
    if parts.is_empty() {
        return Ok(String::new());
    }
    let title = if must_fail { "Sortie (une erreur, voulue ici)" } else { "Sortie" };
    Ok(format!(
        "<div class=\"sortie\" role=\"group\" aria-label=\"Sortie de la cellule {rank}\">\
         <p class=\"sortie-titre\">{title}</p>{}</div>\n",
        parts.concat()
    ))
}

/// L'image que `cell` a tracée, ou rien si elle n'en trace pas.
///
/// # Erreurs
/// Une image qui ne se lit pas.
pub fn figure(cell: &Value, figure: Figure) -> Result<Option<String>> {
    let drawn = notebook::outputs(cell).map(|output| &output["data"]);
    let mut drawn = drawn.filter(|data| {
        ["image/svg+xml", "image/png"].iter().any(|k| data.get(k).is_some())
    });
    drawn.next().map(|output| data(output, figure)).transpose()
}

/// Le plus riche des formats d'une sortie ; le texte d'une image en est la description.
fn data(data: &Value, figure: Figure) -> Result<String> {
    let csv = data.get("text/csv").map(text);
    let plain = text(&data["text/plain"]);
    if let Some(svg) = data.get("image/svg+xml").map(text) {
        let Some(start) = svg.find("<svg") else { bail!("l'image n'est pas un SVG") };
        let mut picture = svg[start..].trim_end().to_string();
        if !picture.split('>').next().unwrap_or_default().contains("aria-label=") {
            let label = format!("<svg role=\"img\" aria-label=\"{}\"", escape(&plain));
            picture = picture.replacen("<svg", &label, 1);
        }
        return Ok(one_line(&figure.to_html(&picture, csv.as_deref())?));
    }
    if let Some(png) = data.get("image/png").map(text) {
        let picture = format!(
            "<img alt=\"{}\" src=\"data:image/png;base64,{}\">",
            escape(&plain),
            png.split_whitespace().collect::<String>()
        );
        return figure.to_html(&picture, csv.as_deref());
    }
    if let Some(html) = data.get("text/html").map(text) {
        let html = one_line(&html);
        return Ok(if data.get(VERDICT).is_some() { verdict(&html) } else { html });
    }
    if plain.starts_with("Figure\u{a0}: ") {
        bail!(
            "une figure s'y affiche en texte. Finissez la cellule par l'expression entière qui la \
             fait, sans passer par un nom"
        );
    }
    Ok(text_block(&plain, "sortie-texte"))
}

/// La carte d'un exercice pas encore fait : la page n'en garde que les indices, qui servent aussi
/// à qui lit sans Jupyter. Le reste répéterait l'énoncé.
fn verdict(card: &str) -> String {
    let hints = card.find("<details>").map_or("", |start| &card[start..]);
    hints.trim_end().trim_end_matches("</section>").replacen(
        "<details>",
        "<details class=\"correcteur\">",
        1,
    )
}

/// Les erreurs de compilation d'une cellule, sans leurs couleurs de terminal.
fn error_text(output: &Value) -> String {
    let lines: Vec<String> = output["traceback"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|line| ANSI.replace_all(line, "").trim_end().to_string())
        .collect();
    if lines.is_empty() { text(&output["evalue"]) } else { lines.join("\n") }
}

fn text_block(text: &str, class: &str) -> String {
    let text = escape(text.trim_end()).replace('\n', "&#10;");
    format!("<pre class=\"{class}\" tabindex=\"0\">{text}</pre>")
}

fn one_line(html: &str) -> String {
    html.replace("\r\n", " ").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to_html(cell: &Value, rank: usize, must_fail: bool) -> Result<String> {
        super::to_html(cell, rank, must_fail, Figure { id: "figure-03-1", number: "3.1" })
    }
    use serde_json::json;

    #[test]
    fn la_page_ne_garde_de_la_carte_que_ses_indices() {
        let card = "<section><p>À écrire.</p><details><summary>Indice 1</summary>un\
            <details><summary>Indice 2</summary>deux</details></details></section>";
        let cell = json!({"outputs": [{"output_type": "display_data", "data": {
            "text/html": card, VERDICT: {"status": "todo"}, "text/plain": "À écrire."
        }}]});
        let html = to_html(&cell, 1, false).unwrap();
        assert!(
            html.contains(
                "<details class=\"correcteur\"><summary>Indice 1</summary>un\
                 <details><summary>Indice 2</summary>deux</details></details></div>"
            ),
            "{html}"
        );
        assert!(!html.contains("À écrire"), "{html}");
    }

    #[test]
    fn le_texte_imprime_est_echappe_et_tient_sur_une_ligne() {
        let cell = json!({"outputs": [{"output_type": "stream", "name": "stdout", "text": ["a<b\n", "\n", "c\n"]}]});
        let html = to_html(&cell, 3, false).unwrap();
        assert!(html.contains("a&lt;b&#10;&#10;c</pre>"), "{html}");
        assert!(html.contains("aria-label=\"Sortie de la cellule 3\""));
        assert_eq!(html.trim_end().lines().count(), 1);
    }

    #[test]
    fn une_image_porte_sa_description() {
        let cell = json!({"outputs": [{"output_type": "execute_result", "data": {
            "image/png": "AAAA", "image/svg+xml": "<svg width=\"1\">\n</svg>", "text/plain": "Une \"courbe\""}}]});
        let html = to_html(&cell, 1, false).unwrap();
        assert!(
            html.contains("<svg role=\"img\" aria-label=\"Une &quot;courbe&quot;\""),
            "{html}"
        );
        assert!(!html.contains("AAAA"));
        let cell = json!({"outputs": [{"output_type": "execute_result", "data": {
            "image/svg+xml": "<svg role=\"img\" aria-label=\"Sa description\"></svg>", "text/plain": "x"}}]});
        assert_eq!(to_html(&cell, 1, false).unwrap().matches("aria-label=\"Sa").count(), 1);
        assert_eq!(to_html(&cell, 1, false).unwrap().matches("role=\"img\"").count(), 1);
    }

    #[test]
    fn une_figure_affichee_en_texte_est_refusee() {
        let cell = json!({"outputs": [{"output_type": "execute_result", "data": {
            "text/plain": "Figure : Une courbe."}}]});
        let error = to_html(&cell, 1, false).unwrap_err().to_string();
        assert!(error.contains("sans passer par un nom"), "{error}");
    }

    #[test]
    fn une_erreur_voulue_se_lit_sans_couleurs() {
        let cell = json!({"outputs": [{"output_type": "error", "ename": "Error", "evalue": "x",
            "traceback": ["\u{1b}[31m[E0382]\u{1b}[0m borrow of moved value"]}]});
        let html = to_html(&cell, 1, true).unwrap();
        assert!(html.contains("[E0382] borrow of moved value"), "{html}");
        assert!(html.contains("voulue ici"));
    }

    #[test]
    fn une_cellule_sans_sortie_ne_montre_rien() {
        assert_eq!(to_html(&json!({"outputs": []}), 1, false).unwrap(), "");
    }
}
