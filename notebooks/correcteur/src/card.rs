//! Une carte : la même réponse en HTML et en texte.
//!
//! Le HTML n'emploie ni style, ni script, ni couleur : JupyterLab les retire d'un notebook auquel
//! on n'a pas encore fait confiance, et tout doit se lire dans un thème clair, sombre, ou à voix
//! haute.

/// Un morceau de la carte.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// Une phrase mise en avant.
    Strong(String),
    /// Un paragraphe ; `ceci` y est du code.
    Paragraph(String),
    /// Un paragraphe suivi d'un lien : (texte, adresse dans les notebooks, nom du lien).
    Link(String, String, String),
    /// Un tableau : titre, noms des colonnes, lignes.
    Table(String, Vec<String>, Vec<Vec<String>>),
    /// Des morceaux repliés : titre, contenu. Le texte seul ne les montre pas.
    Folded(String, Vec<Block>),
    /// Ce que seul le texte dit : comment obtenir ce qui est replié ailleurs.
    TextOnly(String),
}

pub(crate) fn html(blocks: &[Block]) -> String {
    let body: Vec<_> = blocks.iter().map(Block::html).collect();
    format!("<section>\n{}</section>", body.concat())
}

pub(crate) fn text(blocks: &[Block]) -> String {
    let parts: Vec<_> = blocks.iter().filter_map(Block::text).collect();
    parts.join("\n")
}

impl Block {
    fn html(&self) -> String {
        match self {
            Self::Strong(text) => format!("<p><strong>{}</strong></p>\n", inline(text)),
            Self::Paragraph(text) => format!("<p>{}</p>\n", inline(text)),
            Self::Link(text, address, name) => {
                format!(
                    "<p>{} <a href=\"{}\">{}</a>.</p>\n",
                    inline(text),
                    escape(address),
                    inline(name)
                )
            }
            Self::Table(caption, header, rows) => {
                let header: String = header
                    .iter()
                    .map(|name| format!("<th scope=\"col\">{}</th>", inline(name)))
                    .collect();
                let rows: String = rows
                    .iter()
                    .map(|row| {
                        let cells: String = row
                            .iter()
                            .enumerate()
                            .map(|(i, cell)| match i {
                                0 => format!("<th scope=\"row\">{}</th>", inline(cell)),
                                _ if cell.contains('\n') => {
                                    format!("<td><pre>{}</pre></td>", escape(cell))
                                }
                                _ => format!("<td>{}</td>", inline(cell)),
                            })
                            .collect();
                        format!("<tr>{cells}</tr>\n")
                    })
                    .collect();
                format!(
                    "<table>\n<caption>{}</caption>\n<thead><tr>{header}</tr></thead>\n\
                     <tbody>\n{rows}</tbody>\n</table>\n",
                    // Insécables : sinon le titre d'un tableau étroit se coupe à chaque mot.
                    inline(caption).replace(' ', "\u{a0}")
                )
            }
            Self::Folded(title, blocks) => {
                let inner: String = blocks.iter().map(Block::html).collect();
                format!(
                    "<details>\n<summary>{}</summary>\n{inner}</details>\n",
                    inline(title)
                )
            }
            Self::TextOnly(_) => String::new(),
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Strong(text) | Self::Paragraph(text) | Self::TextOnly(text) => {
                Some(text.clone())
            }
            Self::Link(text, _, name) => Some(format!("{text} {name}.")),
            Self::Table(caption, header, rows) => {
                let rows = rows.iter().map(|row| format!("\n  {}", row_text(header, row)));
                Some(format!("{caption}\u{a0}:{}", rows.collect::<String>()))
            }
            Self::Folded(..) => None,
        }
    }
}

/// Une ligne de tableau : « nom : colonne valeur ; colonne valeur », les grands contenus dessous.
fn row_text(header: &[String], row: &[String]) -> String {
    let (name, cells) = row.split_first().map_or(("", row), |(n, rest)| (n.as_str(), rest));
    let named = || header.iter().skip(1).zip(cells).filter(|(_, cell)| !cell.is_empty());
    if !cells.iter().any(|cell| cell.contains('\n')) {
        let parts: Vec<_> =
            named().map(|(column, cell)| format!("{column} {cell}")).collect();
        return format!("{name}\u{a0}: {}", parts.join("\u{a0}; "));
    }
    let parts = named().map(|(column, cell)| match cell.contains('\n') {
        true => format!("\n    {column}\n      {}", cell.replace('\n', "\n      ")),
        false => format!("\n    {column} {cell}"),
    });
    format!("{name}{}", parts.collect::<String>())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Le texte, où `ceci` devient du code : un morceau sur deux.
fn inline(text: &str) -> String {
    escape(text)
        .split('`')
        .enumerate()
        .map(|(i, part)| match i % 2 {
            1 => format!("<code>{part}</code>"),
            _ => part.into(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ni_balise_ni_style_ne_viennent_du_texte() {
        let blocks = [Block::Paragraph("`a < b` & « c »".into())];
        assert_eq!(
            html(&blocks),
            "<section>\n<p><code>a &lt; b</code> &amp; « c »</p>\n</section>"
        );
        assert_eq!(text(&blocks), "`a < b` & « c »");
    }

    #[test]
    fn le_texte_ne_montre_pas_ce_qui_est_replie() {
        let inner = vec![Block::Paragraph("un indice".into())];
        let blocks = [
            Block::Folded("Un indice ?".into(), inner),
            Block::TextOnly("Pour un indice : …".into()),
        ];
        assert_eq!(text(&blocks), "Pour un indice : …");
        assert!(html(&blocks).contains("<details>") && !html(&blocks).contains("Pour un"));
    }
}
