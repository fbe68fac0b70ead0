// Inséré dans le prélude du noyau (evcxr.toml) par l'atelier, qui le teste aussi.
// Une panique s'affiche en français, dans la sortie de la cellule, au lieu d'une trace
// d'exécution en anglais ; le type « vnd.nn-core.panique » la rend visible aux machines.

/// Ce qui aide à comprendre un message de panique, s'il est d'une sorte connue.
fn expliquer_panique(message: &str) -> &'static str {
    let connus: [(&str, &str); 13] = [
        ("index out of bounds", "Un indice dépasse la fin du tableau : les indices vont de 0 à la longueur moins un."),
        ("array out of bounds", "Un indice dépasse la fin du tableau : les indices vont de 0 à la longueur moins un."),
        ("out-of-bounds", "Un indice dépasse la fin du tableau : les indices vont de 0 à la longueur moins un."),
        ("not compatible for matrix multiplication", "Les formes ne s'accordent pas pour le produit de matrices : (m, n) · (n, h) demande le même n des deux côtés. Affichez les formes avec `.dim()`."),
        ("ShapeError", "Les formes ne s'accordent pas pour cette opération. Affichez-les avec `.dim()`."),
        ("could not broadcast", "Les formes ne s'accordent pas pour cette opération terme à terme. Affichez-les avec `.dim()`."),
        ("not yet implemented", "Il reste un `todo!()` : remplacez-le par votre code."),
        ("on a `None` value", "`unwrap()` a trouvé `None` : il n'y avait pas de valeur à prendre."),
        ("on an `Err` value", "`unwrap()` a trouvé une erreur ; elle est citée à la fin du message."),
        ("divide by zero", "Une division entière par zéro."),
        ("with overflow", "Le résultat ne tient pas dans ce type d'entier (une soustraction qui passe sous zéro, par exemple)."),
        ("assertion", "Un `assert!` n'est pas vérifié : ce que le code affirme est faux ici."),
        ("already borrowed", "Cette valeur est déjà empruntée ailleurs."),
    ];
    connus.iter().find(|(motif, _)| message.contains(motif)).map_or("", |(_, aide)| aide)
}

/// Écrit la panique comme une sortie de cellule : HTML, texte, et JSON pour les machines.
fn montrer_panique(message: &str) -> String {
    let aide = expliquer_panique(message);
    let html = |texte: &str| texte.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // Dans l'aide, `ceci` est du code : un morceau sur deux.
    let aide_html: String = html(aide)
        .split('`')
        .enumerate()
        .map(|(rang, texte)| if rang % 2 == 1 { format!("<code>{texte}</code>") } else { texte.into() })
        .collect();
    let json = message
        .chars()
        .flat_map(|c| match c {
            '"' => "\\\"".chars().collect::<Vec<_>>(),
            '\\' => "\\\\".chars().collect(),
            c if (c as u32) < 0x20 => format!("\\u{:04x}", c as u32).chars().collect(),
            c => vec![c],
        })
        .collect::<String>();
    let bloc = |mime: &str, contenu: &str| format!("EVCXR_BEGIN_CONTENT {mime}\n{contenu}\nEVCXR_END_CONTENT\n");
    let debut = "La cellule s'est arrêtée en chemin (panique).";
    bloc("application/vnd.nn-core.panique+json", &format!("{{\"message\": \"{json}\"}}"))
        + &bloc(
            "text/html",
            &format!(
                "<div role=\"alert\" style=\"border-left:4px solid #b00020;padding:.4em .8em\">\
                 <p><strong>{debut}</strong> {aide_html}</p>\
                 <pre style=\"white-space:pre-wrap\">{}</pre></div>",
                html(message)
            ),
        )
        + &bloc("text/plain", format!("{debut} {aide}\n{message}").trim_end())
}
