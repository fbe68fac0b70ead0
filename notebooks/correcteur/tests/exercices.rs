//! Ce que tout exercice doit être : chaque erreur connue reconnue, et elle seule ; rien de vide.

use std::collections::HashSet;
use std::path::Path;

use correcteur::{AnyExercise, Section, Status, exercises};

#[test]
fn il_y_a_assez_d_exercices_et_d_erreurs_connues() {
    let all = exercises();
    let mistakes: usize = all.iter().map(|e| e.sheet().mistakes.len()).sum();
    println!("{} exercices, {mistakes} erreurs connues", all.len());
    assert!(all.len() >= 24, "{} exercices", all.len());
    assert!(mistakes >= 80, "{mistakes} erreurs connues");
    for chapter in 1..=7 {
        let prefix = format!("{chapter:02}_");
        let count = all.iter().filter(|e| e.sheet().id.starts_with(&prefix)).count();
        assert!((2..=5).contains(&count), "chapitre {chapter} : {count} exercices");
    }
    let ids: HashSet<_> = all.iter().map(|e| e.sheet().id).collect();
    assert_eq!(ids.len(), all.len(), "deux exercices portent le même identifiant");
}

#[test]
fn chaque_reference_est_juste() {
    for e in exercises() {
        let verdict = e.judge_reference();
        assert_eq!(verdict.status, Status::Success, "{} : {verdict}", e.sheet().id);
        assert_eq!(verdict.passed, verdict.probes, "{}", e.sheet().id);
        assert!(
            verdict.message.iter().all(|m| m.len() > 30),
            "{} : {verdict}",
            e.sheet().id
        );
    }
}

#[test]
fn chaque_erreur_connue_recoit_son_diagnostic_et_aucun_autre() {
    let mut problems = Vec::new();
    for e in exercises() {
        for (index, mistake) in e.sheet().mistakes.iter().enumerate() {
            let verdict = e.judge_mistake(index);
            // Celle que l'énoncé donne à chercher est reconnue, sans être nommée.
            let given = e.sheet().given == Some(index);
            let status = if given { Status::Todo } else { Status::Mistake };
            if verdict.status != status || verdict.mistake != Some(mistake.name) {
                problems.push(format!(
                    "{} : le correcteur répond « {} » à l'erreur « {} » : une sonde doit la \
                     distinguer de la référence et des autres erreurs.",
                    e.sheet().id,
                    verdict.mistake.unwrap_or(verdict.status.code()),
                    mistake.name
                ));
            } else if verdict.message.iter().any(|m| m == mistake.diagnosis) == given {
                problems.push(format!(
                    "{} : « {} » perd son diagnostic",
                    e.sheet().id,
                    mistake.name
                ));
            }
            let same = e.same_as_mistake(index);
            if same != [mistake.name] {
                problems.push(format!("{} : mêmes résultats pour {same:?}", e.sheet().id));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn chaque_erreur_connue_est_loin_de_la_reference() {
    // La tolérance est 10⁻⁹ : il reste cinq ordres de grandeur entre un arrondi et une erreur.
    for e in exercises() {
        for (index, mistake) in e.sheet().mistakes.iter().enumerate() {
            let distance = e.distance_of_mistake(index);
            assert!(
                distance >= 1e-4,
                "{} : sur toutes les sondes, « {} » répond comme la référence, à {distance:e} près : \
                 ajoutez une sonde qui les distingue.",
                e.sheet().id,
                mistake.name
            );
        }
    }
}

#[test]
fn rien_n_est_vide_et_chaque_indice_est_different() {
    for e in exercises() {
        let mistakes = &e.sheet().mistakes;
        let names: HashSet<_> = mistakes.iter().map(|m| m.name).collect();
        assert_eq!(
            names.len(),
            mistakes.len(),
            "{} : deux erreurs du même nom",
            e.sheet().id
        );
        assert!(mistakes.len() >= 3, "{} : trop peu d'erreurs connues", e.sheet().id);
        let hints = mistakes.iter().map(|m| m.hints).chain([e.sheet().hints]);
        for hints in hints {
            assert!(
                hints.iter().all(|h| h.trim().len() > 5),
                "{} : {hints:?}",
                e.sheet().id
            );
            assert_eq!(HashSet::from(hints).len(), 3, "{} : {hints:?}", e.sheet().id);
        }
        for mistake in mistakes {
            assert!(mistake.diagnosis.len() > 20, "{} : {}", e.sheet().id, mistake.name);
        }
        assert!(
            e.sheet().explanation.len() > 30 && e.sheet().variation.len() > 15,
            "{}",
            e.sheet().id
        );
    }
}

#[test]
fn chaque_section_citee_existe_dans_le_livre() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src");
    let exists = |section: Section| {
        let path = book.join(format!("{}.md", section.chapter));
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|e| panic!("{} : {e}", path.display()));
        text.trim_start_matches('\u{feff}').lines().any(|line| {
            line.starts_with('#') && line.trim_start_matches('#').trim() == section.heading
        })
    };
    for e in exercises() {
        let sections =
            e.sheet().mistakes.iter().map(|m| m.section).chain([e.sheet().section]);
        for section in sections {
            assert!(exists(section), "{} : {section:?} n'existe pas", e.sheet().id);
        }
    }
}

#[test]
fn le_francais_garde_ses_espaces_insecables() {
    let check = |e: &dyn AnyExercise, text: &str| {
        for mark in ["\u{20};", "\u{20}:", "\u{20}!", "\u{20}?", "«\u{20}", "\u{20}»"] {
            // Du code entre accents graves n'est pas du français.
            let prose: String = text.split('`').step_by(2).collect();
            assert!(!prose.contains(mark), "{} : « {mark} » dans {text:?}", e.sheet().id);
        }
    };
    for e in exercises() {
        let e = e.as_ref();
        for m in &e.sheet().mistakes {
            check(e, m.diagnosis);
            m.hints.iter().for_each(|h| check(e, h));
        }
        e.sheet().hints.iter().for_each(|h| check(e, h));
        check(e, e.sheet().explanation);
        check(e, e.sheet().variation);
    }
}
