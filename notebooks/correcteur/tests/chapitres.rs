//! Les cellules des chapitres, telles qu'elles y sont écrites, compilées et corrigées.

use correcteur::{Status, Verdict, exercises};

/// Les cellules, telles que `build.rs` les a prises dans le livre.
#[allow(unused_imports, unused_variables, unused_mut, dead_code, clippy::all)]
mod cellules {
    include!(concat!(env!("OUT_DIR"), "/cellules.rs"));
}

#[test]
fn chaque_exercice_est_dans_son_chapitre_et_rien_d_autre() {
    let mut known: Vec<_> = exercises().iter().map(|e| e.sheet().id).collect();
    let mut written: Vec<_> = cellules::RESOLUE.iter().map(|(id, _)| *id).collect();
    known.sort_unstable();
    written.sort_unstable();
    assert_eq!(known, written);
    for e in exercises() {
        let text = e.text().unwrap_or_else(|| panic!("{} n'a pas d'énoncé", e.sheet().id));
        assert!(text.title.starts_with("Exercice "), "{} : {}", e.sheet().id, text.title);
        assert!(text.statement.len() > 30, "{} : {}", e.sheet().id, text.statement);
        assert!(text.signature.starts_with("fn "), "{} : {}", e.sheet().id, text.signature);
        assert!(
            text.solution != text.stub && !text.solution.contains("###"),
            "{}",
            e.sheet().id
        );
        for line in text.solution.lines().chain(text.stub.lines()) {
            assert!(
                line.chars().count() <= 92,
                "{} : « {line} » dépasse la page",
                e.sheet().id
            );
        }
    }
}

#[test]
fn chaque_solution_du_livre_est_juste() {
    for (id, verdict) in cellules::RESOLUE {
        let verdict = verdict();
        assert!(verdict.is_success(), "{id} : {verdict}");
        assert_eq!(verdict.exercise, *id);
    }
}

#[test]
fn chaque_cellule_donnee_echoue_avec_les_mots_de_todo_ou_avec_son_erreur() {
    let stubs: Vec<_> = exercises().iter().filter_map(|e| e.text()).collect();
    for (id, verdict) in cellules::DONNEE {
        let verdict: Verdict = verdict();
        let text = stubs.iter().find(|text| text.id == *id).expect("vérifié plus haut");
        if text.stub.contains("todo!()") {
            assert_eq!(verdict.status, Status::Todo, "{id} : {verdict}");
            assert!(verdict.text().contains("`todo!()`"), "{id} : {verdict}");
            assert!(verdict.text().contains("on attend"), "{id} : {verdict}");
        } else {
            // « Cherchez l'erreur » : le programme donné tourne, et l'erreur qu'il contient n'est
            // pas nommée à qui ne l'a pas encore cherchée.
            assert!(id.contains("_broken_"), "{id} n'a pas de `todo!()`");
            assert_eq!(verdict.status, Status::Todo, "{id} : {verdict}");
            let exercises = exercises();
            let mut known = exercises.iter().flat_map(|e| &e.sheet().mistakes);
            let given =
                known.find(|m| Some(m.name) == verdict.mistake).expect("une erreur connue");
            assert!(!verdict.text().contains(given.diagnosis), "{id} : {verdict}");
        }
        assert!(verdict.hints.iter().all(|hint| !hint.is_empty()), "{id}");
    }
}
