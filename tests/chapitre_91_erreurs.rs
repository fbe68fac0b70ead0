//! Ce que dit l'annexe « Quand Rust refuse » : `cargo test --test chapitre_91_erreurs`.

mod commun;

use std::sync::LazyLock;

use commun::{joined, plain};
use serde_json::Value;

static PAGE: LazyLock<String> =
    LazyLock::new(|| plain(include_str!("../book/src/91_erreurs.md")));
static NOTEBOOK: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../notebooks/91_erreurs.ipynb"))
        .expect("un notebook bien formé")
});

/// Une erreur de l'annexe : son titre, ce que Rust en dit, son code s'il en a un, et deux cellules.
struct Refusal {
    title: String,
    says: String,
    code: Option<String>,
    wrong: String,
    right: String,
}

/// Ce qui est entre `before` et `after`, à sa première apparition.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest =
        text.split_once(before).unwrap_or_else(|| panic!("« {before} » dans {text}")).1;
    rest.split_once(after).unwrap_or_else(|| panic!("« {after} » dans {text}")).0
}

fn refusals() -> Vec<Refusal> {
    let sections = PAGE.split("\n### ").skip(1);
    let read = |section: &str| {
        let told = between(section, "</i>", ". ");
        Refusal {
            title: section.lines().next().unwrap_or_default().into(),
            says: between(section, "<i lang=\"en\">", "</i>").into(),
            code: told.contains('`').then(|| between(told, "`", "`").into()),
            wrong: between(section, "```rust,echec\n", "\n```").into(),
            right: between(section, "```rust\n", "\n```").into(),
        }
    };
    sections.map(read).collect()
}

/// Ce que le notebook a montré sous la cellule de ce code : les erreurs, sans leurs couleurs.
fn errors_under(code: &str) -> Vec<String> {
    let cells = NOTEBOOK["cells"].as_array().unwrap();
    let cell = cells
        .iter()
        .find(|cell| cell["cell_type"] == "code" && joined(&cell["source"]).trim() == code)
        .unwrap_or_else(|| panic!("aucune cellule ne contient\n{code}"));
    let shown = cell["outputs"].as_array().unwrap();
    let colours = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    shown
        .iter()
        .filter(|output| output["output_type"] == "error")
        .map(|output| {
            let trace = joined(&output["traceback"]);
            format!("{}\n{}", joined(&output["evalue"]), colours.replace_all(&trace, ""))
        })
        .collect()
}

#[test]
fn chaque_refus_est_celui_que_l_annexe_annonce() {
    let refusals = refusals();
    assert!(refusals.len() >= 30, "{} refus", refusals.len());
    for refusal in refusals {
        let Refusal { title, says, code, wrong, .. } = refusal;
        let errors = errors_under(&wrong);
        let announced = |error: &&String| {
            error.contains(&says)
                && code.as_ref().is_none_or(|code| error.contains(&format!("[{code}]")))
        };
        assert!(
            errors.iter().any(|e| announced(&e)),
            "{title} :\n{}",
            errors.join("\n---\n")
        );
    }
}

#[test]
fn chaque_remede_est_accepte() {
    for refusal in refusals() {
        let errors = errors_under(&refusal.right);
        assert!(errors.is_empty(), "{} :\n{}", refusal.title, errors.join("\n"));
    }
}

#[test]
fn la_liste_a_une_ligne_par_refus_dans_le_meme_ordre() {
    let rows: Vec<_> = PAGE.lines().filter(|line| line.starts_with("| <i lang")).collect();
    let refusals = refusals();
    assert_eq!(rows.len(), refusals.len());
    for (row, refusal) in rows.iter().zip(&refusals) {
        assert_eq!(
            between(row, "<i lang=\"en\">", "</i>"),
            refusal.says,
            "{}",
            refusal.title
        );
        assert_eq!(between(row, "| [", "](#"), refusal.title);
        let code = between(row, "</i> | ", "|").trim().trim_matches('`');
        assert_eq!(code, refusal.code.as_deref().unwrap_or_default(), "{}", refusal.title);
    }
}

#[test]
fn ce_que_rust_accepte_et_qui_surprend() {
    // « ou exclusif, bit par bit » : 10 et 11 en binaire ; la division entière perd le reste.
    assert_eq!(2 ^ 3, 1);
    assert_eq!((7 / 2, -7 / 2), (3, -3));
    assert_eq!(7.0 / 2.0, 3.5);
}
