//! Une cellule d'exercice, telle que le chapitre l'écrit : ce qui est donné, et la solution.
//!
//! Ce fichier ne dépend de rien : `build.rs` le prend tel quel, et l'atelier peut en faire autant.
//!
//! ```text
//! fn my_sigmoid(z: f64) -> f64 {
//!     // ### BEGIN SOLUTION
//!     1.0 / (1.0 + (-z).exp())
//!     // ### END SOLUTION
//! }
//! ```
//!
//! L'apprenant reçoit `todo!()` à la place de la solution. Si elle contient une partie
//! `// ### BEGIN STUB`, c'est cette partie, sans ses `//`, qu'il reçoit : une ligne à compléter,
//! ou un programme faux à réparer.

/// La première ligne d'une solution.
pub const BEGIN: &str = "// ### BEGIN SOLUTION";
/// À partir d'ici, ce que l'apprenant reçoit, en commentaire.
pub const STUB: &str = "// ### BEGIN STUB";
/// La dernière ligne d'une solution.
pub const END: &str = "// ### END SOLUTION";

/// Une cellule qui contient une solution est une cellule d'exercice.
pub fn is_exercise(cell: &str) -> bool {
    cell.contains(BEGIN)
}

/// La cellule que reçoit l'apprenant.
pub fn stub(cell: &str) -> String {
    rewrite(cell, |indent, _, given| match given {
        None => vec![format!("{indent}todo!()")],
        Some(given) => given.iter().map(|line| uncomment(line)).collect(),
    })
}

/// La cellule résolue, sans les marques.
pub fn solution(cell: &str) -> String {
    rewrite(cell, |_, solved, _| solved.iter().map(|line| line.to_string()).collect())
}

/// Les signatures de la cellule : chaque ligne `fn`, sans son corps.
pub fn signature(cell: &str) -> String {
    let mut found = Vec::new();
    let mut current: Option<String> = None;
    for line in solution(cell).lines() {
        let line = line.trim();
        if current.is_none() && line.starts_with("fn ") {
            current = Some(String::new());
        }
        if let Some(text) = current.as_mut() {
            if !text.is_empty() && !text.ends_with('(') && !line.starts_with(')') {
                text.push(' ');
            }
            text.push_str(line);
            if let Some(end) = text.find('{') {
                found.push(text[..end].trim().replace(",)", ")"));
                current = None;
            }
        }
    }
    found.join("\n")
}

/// Remplace chaque solution par ce que `choose` fait de (marge, solution, partie donnée s'il y en a).
fn rewrite(
    cell: &str,
    choose: impl Fn(&str, &[&str], Option<&[&str]>) -> Vec<String>,
) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut lines = cell.lines();
    while let Some(line) = lines.next() {
        if line.trim() != BEGIN {
            out.push(line.to_string());
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let (mut solved, mut given) = (Vec::new(), None);
        for line in lines.by_ref() {
            match line.trim() {
                END => break,
                STUB => given = Some(Vec::new()),
                _ => given.as_mut().unwrap_or(&mut solved).push(line),
            }
        }
        out.extend(choose(indent, &solved, given.as_deref()));
    }
    out.join("\n")
}

/// « //     code » redevient « code », à sa marge.
fn uncomment(line: &str) -> String {
    let code = line.trim_start();
    let indent = &line[..line.len() - code.len()];
    let code = code.strip_prefix("// ").or_else(|| code.strip_prefix("//")).unwrap_or(code);
    format!("{indent}{code}").trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: &str = "fn f(\n    x: f64,\n    y: f64,\n) -> f64 {\n    // ### BEGIN SOLUTION\n    x + y\n    // ### END SOLUTION\n}";

    #[test]
    fn la_solution_devient_un_todo() {
        assert!(is_exercise(CELL) && !is_exercise("fn f() {}"));
        assert!(stub(CELL).ends_with("{\n    todo!()\n}"));
        assert!(solution(CELL).ends_with("{\n    x + y\n}"));
        assert_eq!(signature(CELL), "fn f(x: f64, y: f64) -> f64");
    }

    #[test]
    fn une_partie_donnee_remplace_le_todo_meme_vide() {
        let given = CELL.replace(
            "    // ### END",
            "    // ### BEGIN STUB\n    // if x > y {\n    //     x\n    // }\n    // ### END",
        );
        assert!(
            stub(&given).ends_with("{\n    if x > y {\n        x\n    }\n}"),
            "{}",
            stub(&given)
        );
        assert_eq!(solution(&given), solution(CELL));
        let nothing =
            CELL.replace("    // ### END", "    // ### BEGIN STUB\n    // ### END");
        assert!(stub(&nothing).ends_with("-> f64 {\n}"));
    }
}
