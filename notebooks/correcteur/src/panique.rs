//! Une panique, dite en français dans la sortie de la cellule, au lieu d'une trace d'exécution en
//! anglais.
//!
//! Rien n'est à appeler : evcxr compile chaque cellule en une bibliothèque dynamique, et le système
//! lance [`install`] quand il la charge, même après la mort du programme qui exécutait les
//! précédentes. Il suffit que la cellule contienne le correcteur, donc qu'une cellule d'avant ait
//! écrit `use correcteur;` : « :dep » seul ne le lie pas.

use std::io::Write;
use std::panic::{self, PanicHookInfo};
use std::thread;

use serde_json::json;

/// Le type qui rend une panique visible aux machines (execute.py, noter.py).
const MIME: &str = "application/vnd.nn-core.panique+json";

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn install() {
        // Cette variable est celle du programme où evcxr exécute les cellules. Partout ailleurs,
        // une panique reste ce qu'elle est.
        if std::env::var_os("EVCXR_IS_RUNTIME").is_some() {
            panic::set_hook(Box::new(speak));
        }
    }
}

/// Montre la panique, sauf celle d'une sonde du correcteur : le verdict la dira.
fn speak(info: &PanicHookInfo) {
    if thread::current().name() == Some(crate::run::THREAD) {
        return;
    }
    let text = show(info.payload_as_str().unwrap_or("panique sans message"));
    // D'un seul tenant : `print!` paniquerait à son tour si plus personne n'écoute.
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// Ce qui aide à comprendre un message de panique, s'il est d'une sorte connue.
pub(crate) fn explain(message: &str) -> &'static str {
    let known: [(&str, &str); 13] = [
        (
            "index out of bounds",
            "Un indice dépasse la fin du tableau : les indices vont de 0 à la longueur moins un.",
        ),
        (
            "array out of bounds",
            "Un indice dépasse la fin du tableau : les indices vont de 0 à la longueur moins un.",
        ),
        (
            "out-of-bounds",
            "Un indice dépasse la fin du tableau : les indices vont de 0 à la longueur moins un.",
        ),
        (
            "not compatible for matrix multiplication",
            "Les formes ne s'accordent pas pour le produit de matrices : (m, n) · (n, h) demande le même n des deux côtés. Affichez les formes avec `.dim()`.",
        ),
        (
            "ShapeError",
            "Les formes ne s'accordent pas pour cette opération. Affichez-les avec `.dim()`.",
        ),
        (
            "could not broadcast",
            "Les formes ne s'accordent pas pour cette opération terme à terme. Affichez-les avec `.dim()`.",
        ),
        ("not yet implemented", "Il reste un `todo!()` : remplacez-le par votre code."),
        (
            "on a `None` value",
            "`unwrap()` a trouvé `None` : il n'y avait pas de valeur à prendre.",
        ),
        (
            "on an `Err` value",
            "`unwrap()` a trouvé une erreur ; elle est citée à la fin du message.",
        ),
        ("divide by zero", "Une division entière par zéro."),
        (
            "with overflow",
            "Le résultat ne tient pas dans ce type d'entier (une soustraction qui passe sous zéro, par exemple).",
        ),
        (
            "assertion",
            "Un `assert!` n'est pas vérifié : ce que le code affirme est faux ici.",
        ),
        ("already borrowed", "Cette valeur est déjà empruntée ailleurs."),
    ];
    known.iter().find(|(pattern, _)| message.contains(pattern)).map_or("", |(_, help)| help)
}

/// Écrit la panique comme une sortie de cellule : HTML, texte, et JSON pour les machines.
fn show(message: &str) -> String {
    let help = explain(message);
    let html =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // Dans l'aide, `ceci` est du code : un morceau sur deux.
    let help_html: String = html(help)
        .split('`')
        .enumerate()
        .map(|(rank, text)| match rank % 2 {
            1 => format!("<code>{text}</code>"),
            _ => text.to_string(),
        })
        .collect();
    let start = "La cellule s'est arrêtée en chemin (panique).";
    let page = format!(
        "<div role=\"alert\" style=\"border-left:4px solid #b00020;padding:.4em .8em\">\
         <p><strong>{start}</strong> {help_html}</p>\
         <pre style=\"white-space:pre-wrap\">{}</pre></div>",
        html(message)
    );
    let plain = format!("{start} {help}\n{message}");
    [
        (MIME, json!({ "message": message }).to_string().as_str()),
        ("text/html", &page),
        ("text/plain", plain.trim_end()),
    ]
    .map(|(mime, content)| {
        format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n")
    })
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_panique_connue_est_expliquee_en_francais() {
        let shown = show("index out of bounds: the len is 3 but the index is 3");
        assert!(shown.contains("Un indice dépasse la fin du tableau"));
        assert!(shown.contains("EVCXR_BEGIN_CONTENT text/html\n"));
    }

    #[test]
    fn le_message_ne_casse_ni_le_html_ni_le_json() {
        let message = "a \"b\" <c> \\ d\ne\tf & É";
        let shown = show(message);
        let json =
            shown.split("panique+json\n").nth(1).unwrap().split('\n').next().unwrap();
        let read: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(read["message"], message);
        assert!(shown.contains("&lt;c&gt;") && shown.contains("&amp; É"));
    }
}
