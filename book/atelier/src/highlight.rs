//! La coloration du code, au moment de construire : la page n'emporte aucun script pour cela.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::Result;
use syntect::easy::ScopeRegionIterator;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Du plus précis au plus général : le nom d'une portée de Sublime, et la classe CSS, d'une lettre.
static CLASSES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    [
        ("comment", "c"),
        ("string", "s"),
        ("constant.character", "s"),
        ("constant.numeric", "n"),
        ("constant.language", "k"),
        ("support.macro", "f"),
        ("entity.name.function", "f"),
        ("support.function", "f"),
        ("variable.function", "f"),
        ("entity.name", "t"),
        ("support.type", "t"),
        ("storage.type", "k"),
        ("storage", "k"),
        ("keyword.operator", ""),
        ("keyword", "k"),
        ("variable.language", "k"),
    ]
    .into_iter()
    .map(|(scope, class)| (Scope::new(scope).expect("une portée bien formée"), class))
    .collect()
});

/// Ce qui est déjà coloré : un livre que l'on refait sans cesse change de peu de codes.
static KNOWN: LazyLock<Mutex<Colored>> = LazyLock::new(Mutex::default);
/// Les lignes colorées d'un code, selon sa langue.
type Colored = HashMap<(String, String), Vec<String>>;

/// Le HTML de chaque ligne de `code` ; sans couleur pour une langue inconnue.
pub fn lines(code: &str, language: &str) -> Result<Vec<String>> {
    let key = (code.to_string(), language.to_string());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(lines) = known().get(&key) {
        return Ok(lines.clone());
    }
    let lines = color(code, language)?;
    known().insert(key, lines.clone());
    Ok(lines)
}

fn color(code: &str, language: &str) -> Result<Vec<String>> {
    let Some(syntax) = syntax(language) else {
        return Ok(code.lines().map(escape).collect());
    };
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut out = Vec::new();
    for line in code.lines() {
        let line = format!("{line}\n");
        let operations = state.parse_line(&line, &SYNTAXES)?;
        let mut html = String::new();
        let mut open = "";
        for (text, operation) in ScopeRegionIterator::new(&operations, &line) {
            stack.apply(operation)?;
            let text = text.trim_end_matches('\n');
            if text.is_empty() {
                continue;
            }
            // Une espace n'a pas de couleur : deux mots de même classe n'en font qu'un.
            let class = if text.trim().is_empty() { open } else { class_of(&stack) };
            if class != open {
                html += if open.is_empty() { "" } else { "</span>" };
                if !class.is_empty() {
                    html += &format!("<span class=\"{class}\">");
                }
                open = class;
            }
            html += &escape(text);
        }
        html += if open.is_empty() { "" } else { "</span>" };
        out.push(html);
    }
    Ok(out)
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let name = match language {
        "rust" | "python" => language,
        "toml" | "text" | "" => return None,
        "console" | "sh" => "bash",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(name)
}

fn class_of(stack: &ScopeStack) -> &'static str {
    for scope in stack.as_slice().iter().rev() {
        if let Some((_, class)) =
            CLASSES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope))
        {
            return class;
        }
    }
    ""
}

/// Le texte `text`, sans rien que HTML prendrait pour le sien.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_sorte_de_mot_a_sa_classe_et_le_texte_reste() {
        let code =
            "/// La pente.\npub fn slope(a: f64) -> f64 {\n    a * (1.0 - a) // « <1 »\n}";
        let html = lines(code, "rust").unwrap();
        assert_eq!(html.len(), 4);
        assert!(
            html[0].starts_with("<span class=\"c\">/// La pente.</span>"),
            "{}",
            html[0]
        );
        assert!(html[1].contains("<span class=\"k\">pub fn"), "{}", html[1]);
        assert!(html[1].contains("<span class=\"f\">slope</span>"), "{}", html[1]);
        assert!(html[2].contains("<span class=\"n\">1.0"), "{}", html[2]);
        assert!(html[2].contains("« &lt;1 »"), "{}", html[2]);
        let text = regex::Regex::new("<[^>]+>").unwrap();
        let back: Vec<String> = html
            .iter()
            .map(|line| {
                text.replace_all(line, "").replace("&lt;", "<").replace("&gt;", ">")
            })
            .collect();
        assert_eq!(back.join("\n"), code);
    }

    #[test]
    fn python_se_colore_et_une_langue_inconnue_reste_du_texte() {
        let html = lines("def f(x):\n    return \"a\"", "python").unwrap();
        assert!(html[0].contains("<span class=\"f\">f</span>"), "{}", html[0]);
        assert!(html[1].contains("<span class=\"s\">"), "{}", html[1]);
        assert_eq!(lines("a < b", "text").unwrap(), ["a &lt; b"]);
    }

    #[test]
    fn un_commentaire_de_plusieurs_lignes_se_ferme_a_chaque_ligne() {
        for line in lines("/* un\ndeux */ let x = 1;", "rust").unwrap() {
            assert_eq!(line.matches("<span").count(), line.matches("</span>").count());
        }
    }
}
