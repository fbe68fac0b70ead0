//! Ce que répond le correcteur à tout ce qui peut arriver : la carte, le texte, le JSON, le temps.

use std::time::{Duration, Instant};

use correcteur::verdict::SCHEMA;
use correcteur::{
    Exercise, Section, Status, Verdict, chapitre_01, chapitre_03, chapitre_04, chapitre_07,
    chapitre_10, chapitre_12, chapitre_13,
};
use nn_core::ndarray::{Array1, Array2, Axis};
use serde_json::{Value, json};

fn wrong_sign(z: f64) -> f64 {
    1.0 / (1.0 + z.exp())
}

/// Le texte contient-il ceci, aux espaces insécables près ?
fn says(text: &str, part: &str) -> bool {
    plain(text).contains(&plain(part))
}

/// Les espaces insécables redevenus ordinaires.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', "\u{20}")
}

#[test]
fn une_erreur_connue_dit_pourquoi_et_ou_le_livre_l_explique() {
    let verdict = chapitre_01::my_sigmoid(wrong_sign);
    assert_eq!(verdict.status, Status::Mistake);
    assert_eq!(verdict.mistake, Some("signe-de-l-exposant"));
    let text = plain(&verdict.text());
    for part in [
        "✘ Exercice 1.2 : la sigmoïde. Pas encore : c'est une erreur connue.",
        "L'exposant a perdu son signe moins",
        "chapitre 1, « La sigmoïde »",
        "Le plus petit essai qui échoue :\n  z : valeur 1",
        "σ(z) : attendu 0.731059 ; reçu 0.268941 ; différence -0.462117",
        "égal au dernier bit non ; égal à 1e-9 près non ; plus grand écart 0.462117",
        "Essais réussis : 1 sur 6.",
        "`.indice(1)`",
    ] {
        assert!(says(&text, part), "« {part} » manque dans :\n{text}");
    }
}

#[test]
fn la_carte_se_lit_sans_style_ni_script_ni_couleur() {
    let html = chapitre_01::my_sigmoid(wrong_sign).html();
    for forbidden in ["style", "<script", "color", "class=", "<svg", "onclick", "<input"] {
        assert!(!html.contains(forbidden), "{forbidden} dans :\n{html}");
    }
    for needed in
        ["<caption>", "<th scope=\"col\">", "<details>", "<summary>Indice 1</summary>"]
    {
        assert!(html.contains(needed), "{needed} manque dans :\n{html}");
    }
    assert!(html.contains("<a href=\"01_activation.ipynb#La-sigmoïde\">"), "{html}");
    // Chaque balise ouverte est fermée.
    for tag in ["section", "p", "table", "tr", "td", "th", "details", "a", "code", "pre"] {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let opened =
            html.matches(&open).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, html.matches(&close).count(), "{tag} : {html}");
    }
}

#[test]
fn le_json_a_toujours_les_memes_champs() {
    let names = |value: &Value| -> Vec<String> {
        value.as_object().expect("un objet").keys().cloned().collect()
    };
    let success = chapitre_01::my_sigmoid(|z| 1.0 / (1.0 + (-z).exp())).json();
    let mistake = chapitre_01::my_sigmoid(wrong_sign).json();
    let fields = [
        "exercise", "failure", "hint", "message", "mistake", "passed", "probes", "schema",
        "section", "status", "title",
    ];
    assert_eq!(names(&success), fields);
    assert_eq!(names(&mistake), fields);
    assert_eq!(success["schema"], SCHEMA);
    assert_eq!(success["status"], "success");
    assert_eq!(success["failure"], Value::Null);
    assert_eq!(mistake["exercise"], "01_my_sigmoid");
    assert_eq!(mistake["section"]["chapter"], "01_activation");
    assert_eq!(mistake["failure"]["inputs"][0]["values"][0], 1.0);
    assert_eq!(
        names(&mistake["failure"]),
        ["comparisons", "expected", "inputs", "received"]
    );
    assert_eq!(mistake["hint"], Value::Null);
    assert_eq!(chapitre_01::my_sigmoid(wrong_sign).indice(2).json()["hint"], 2);
}

#[test]
fn les_indices_viennent_un_par_un() {
    let hint = |step| plain(&chapitre_01::my_sigmoid(wrong_sign).indice(step).text());
    assert!(hint(1).contains("Indice 1 sur 3") && hint(1).contains("`.indice(2)`"));
    assert!(hint(1).contains("presque 1") && !hint(1).contains("(-z).exp()"));
    assert!(hint(3).contains("(-z).exp()") && hint(3).contains("C'était le dernier"));
    for step in [0, 4, 99] {
        assert!(hint(step).contains("un par un"), "{}", hint(step));
    }
    let done = chapitre_01::my_sigmoid(|z| 1.0 / (1.0 + (-z).exp())).indice(1);
    assert!(plain(&done.text()).contains("plus besoin d'indice"), "{}", done.text());
}

#[test]
fn une_forme_fausse_se_dit_axe_par_axe() {
    // Un exemple de moins : aucune erreur connue ne fait cela.
    fn short(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array2<f64> {
        (x.dot(w) + b).slice_move(nn_core::ndarray::s![..x.nrows() - 1, ..])
    }
    let verdict = chapitre_03::linear(short);
    assert_eq!(verdict.status, Status::Shape);
    let text = plain(&verdict.text());
    assert!(
        says(
            &text,
            "on attend 1 ligne (exemples), 2 colonnes (neurones) ; \
             on reçoit 0 ligne, 2 colonnes"
        ),
        "{text}"
    );
    fn turned(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> Array2<f64> {
        (x.dot(w) + b).reversed_axes()
    }
    let verdict = chapitre_03::linear(turned);
    assert_eq!(verdict.status, Status::Shape);
    assert!(verdict.text().contains("Les deux axes sont échangés"), "{verdict}");
}

#[test]
fn une_panique_se_dit_avec_des_mots_et_ce_qui_etait_attendu() {
    fn misaligned(x: &Array2<f64>, w: &Array2<f64>, _: &Array1<f64>) -> Array2<f64> {
        w.t().dot(x)
    }
    let verdict = chapitre_03::linear(misaligned);
    assert_eq!(verdict.status, Status::Panic);
    let text = plain(&verdict.text());
    for part in
        ["Les formes ne s'accordent pas", "`ndarray: inputs", "Ce qui était attendu"]
    {
        assert!(says(&text, part), "« {part} » manque dans :\n{text}");
    }
    let verdict = chapitre_01::weighted_sum(|x, w, b| x[0] * w[0] + x[1] * w[1] + b);
    assert_eq!(verdict.status, Status::Panic);
    assert!(plain(&verdict.text()).contains("Un indice dépasse la fin du tableau"));
}

#[test]
fn un_todo_sur_un_seul_chemin_se_dit_autrement() {
    let verdict = chapitre_01::my_sigmoid(|z| {
        if z > 100.0 { unimplemented!() } else { 1.0 / (1.0 + (-z).exp()) }
    });
    assert_eq!(verdict.status, Status::Todo);
    assert!(verdict.text().contains("l'un des chemins"), "{verdict}");
}

#[test]
fn un_resultat_infini_ou_nan_se_dit() {
    let verdict = chapitre_01::slope_from_output(|a| (a - 0.6).sqrt());
    assert_eq!(verdict.status, Status::NonFinite);
    assert!(plain(&verdict.text()).contains("NaN vient d'un calcul sans réponse"));
    assert_eq!(verdict.json()["failure"]["received"][0]["values"][0], "NaN");
    let verdict = chapitre_04::my_loss(|y, a| (y - a).mapv(|e| 1.0 / (e - e)).sum());
    assert_eq!(verdict.status, Status::NonFinite);
    assert!(verdict.text().contains("division par zéro"), "{verdict}");
}

#[test]
fn une_erreur_inconnue_montre_la_plus_petite_sonde_et_une_piste() {
    let piste = |verdict: Verdict| {
        assert_eq!(verdict.status, Status::Value, "{verdict}");
        plain(&verdict.text())
    };
    let text = piste(chapitre_04::my_loss(|y, a| 3.0 * (y - a).mapv(|e| e * e).sum()));
    assert!(says(&text, "valent tous 3 fois ceux attendus"), "{text}");
    assert!(says(&text, "y : forme 1 ligne (exemples), 1 colonne (sorties)"), "{text}");
    let text = piste(chapitre_04::my_loss(|y, a| (y - a).mapv(|e| e * e).sum() + 0.25));
    assert!(says(&text, "tous décalés de 0,25"), "{text}");
    let text = piste(chapitre_04::my_loss(|_, _| 1.0));
    assert!(says(&text, "tous égaux"), "{text}");
    // Juste pour un exemple, faux au-delà : le plus petit essai qui échoue en a deux.
    let text = piste(chapitre_04::my_loss(|y, a| {
        (y - a).mapv(|e| e * e).fold_axis(Axis(0), 0.0, |w, e| f64::max(*w, *e)).sum()
    }));
    assert!(says(&text, "y : 2 lignes") || says(&text, "forme 2 lignes"), "{text}");
    assert!(says(&text, "Essais réussis : 1 sur 4."), "{text}");
}

#[test]
fn une_boucle_sans_fin_ne_bloque_pas() {
    // Un exercice fait ici : la limite y est courte, et la boucle dort au lieu de brûler un cœur.
    let section = Section { chapter: "01_activation", heading: "La sigmoïde" };
    let exercise = Exercise::<fn(f64) -> f64>::new("99_endless", section, |z| z).probes(
        [1.0],
        |_| vec![],
        |f, z| vec![correcteur::tensor::number("y", f(*z))],
    );
    let start = Instant::now();
    let verdict = exercise.judge_within(
        |_| loop {
            std::thread::sleep(Duration::from_millis(5));
        },
        Duration::from_millis(100),
    );
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(verdict.status, Status::TooSlow);
    let text = plain(&verdict.text());
    let after = if cfg!(unix) { "Elle a été arrêtée" } else { "Redémarrer le noyau" };
    assert!(says(&text, after), "{text}");
}

#[test]
fn des_reponses_ecrites_se_jugent_ailleurs_comme_ici() {
    let mut judged = 0;
    for exercise in correcteur::exercises() {
        let here = (0..exercise.sheet().mistakes.len()).map(|i| exercise.judge_mistake(i));
        for verdict in here.chain([exercise.judge_reference()]) {
            // Par le texte, comme d'un programme à l'autre.
            let answers = serde_json::from_str(&verdict.answers().to_string()).unwrap();
            let elsewhere = exercise.judge_answers(&answers).unwrap();
            assert_eq!(elsewhere.json(), verdict.json(), "{}", exercise.sheet().id);
            judged += 1;
        }
    }
    assert!(judged > 150, "{judged}");
}

#[test]
fn ce_qui_n_est_pas_une_suite_de_reponses_n_est_pas_juge() {
    let all = correcteur::exercises();
    let exercise = all.iter().find(|e| e.sheet().id == "03_my_layer").unwrap();
    let right = exercise.judge_reference().answers();
    assert!(exercise.judge_answers(&right).is_some());
    let first = &right[0]["values"][0];
    let (shape, bits) = (&first["shape"], &first["bits"]);
    for wrong in [
        json!({"status": "success"}),
        json!({"values": []}),
        json!({"values": [{"shape": shape}]}),
        json!({"values": [{"shape": [1, 1], "bits": [1, 2]}]}),
        json!({"values": [{"shape": [usize::MAX, 2], "bits": bits}]}),
        json!({"values": [{"shape": [4], "bits": bits}]}),
        json!({"values": [{"shape": shape, "bits": ["1.0"]}]}),
        json!({"panic": 3}),
        json!("success"),
    ] {
        let mut answers = right.clone();
        answers[0] = wrong.clone();
        assert!(exercise.judge_answers(&answers).is_none(), "{wrong}");
    }
    let mut short = right.as_array().unwrap().clone();
    short.pop();
    assert!(exercise.judge_answers(&json!(short)).is_none());
}

#[test]
#[cfg(unix)]
fn une_recursion_sans_fin_et_une_sortie_se_disent() {
    fn endless(z: f64) -> f64 {
        if z.is_nan() { z } else { 1.0 / (1.0 + endless(std::hint::black_box(-z))) }
    }
    let said = |verdict: Verdict| {
        assert_eq!(verdict.status, Status::Panic, "{verdict}");
        plain(&verdict.text())
    };
    let text = said(chapitre_01::my_sigmoid(endless));
    assert!(says(&text, "Votre fonction s'appelle elle-même sans fin"), "{text}");
    let text = said(chapitre_01::my_sigmoid(|_| std::process::exit(0)));
    assert!(says(&text, "quitte le programme entier"), "{text}");
    let text = said(chapitre_01::my_sigmoid(|_| std::process::abort()));
    assert!(says(&text, "interrompt le programme entier"), "{text}");
}

#[test]
fn une_faute_d_un_mot_se_dit_sans_montrer_la_solution() {
    let verdict = chapitre_01::weighted_sum(|x, w, b| {
        let mut z = b;
        for i in 1..x.len() {
            z += x[i] * w[i];
        }
        z
    });
    assert_eq!((verdict.status, verdict.mistake), (Status::Value, None));
    assert!(says(&verdict.text(), "où le premier tour de boucle est sauté"), "{verdict}");
}

#[test]
fn ce_qui_ne_devait_pas_changer_se_nomme() {
    let verdict = chapitre_03::my_feedforward(|network| {
        network.feedforward();
        network.y = network.output.clone();
    });
    assert_eq!(verdict.status, Status::Value);
    assert!(says(&verdict.text(), "change aussi y, qui devait rester"), "{verdict}");
    // Ailleurs aussi : le tableau de plus s'écrit et se relit.
    let all = correcteur::exercises();
    let exercise = all.iter().find(|e| e.sheet().id == verdict.exercise).unwrap();
    let elsewhere = exercise.judge_answers(&verdict.answers()).expect("des réponses");
    assert_eq!(elsewhere.message, verdict.message);
}

#[test]
fn une_donnee_qui_ne_sert_pas_se_nomme() {
    let fixed = chapitre_04::measured_slope(|f, w, _| (f(w + 1e-3) - f(w - 1e-3)) / 2e-3);
    assert!(says(&fixed.text(), "Quand seule change la donnée « ε »"), "{fixed}");
    // Deux listes différentes peuvent donner le même compte.
    let lowest = chapitre_12::epoch_kept(|losses, patience| {
        let (mut best, mut waited) = (0, 0);
        for i in 1..losses.len() {
            if losses[i] < losses[best] {
                best = i;
            } else {
                waited += 1; // jamais remis à 0
                if waited >= patience {
                    break;
                }
            }
        }
        best + 1
    });
    assert!(!lowest.is_success() && !lowest.text().contains("Quand seule"), "{lowest}");
}

#[test]
fn un_petit_ecart_a_cote_d_un_grand_n_est_pas_un_arrondi() {
    let verdict = chapitre_07::my_train(|network, steps| {
        let mut losses = Vec::new();
        for _ in 0..steps {
            losses.push(network.loss());
            network.feedforward();
            network.backprop();
        }
        losses
    });
    assert!(!verdict.text().contains("f32"), "{verdict}");
    assert!(says(&verdict.text(), "une place plus loin"), "{verdict}");
}

#[test]
fn le_plus_petit_z_ne_borne_pas_les_exponentielles() {
    let verdict = chapitre_10::my_softmax(|z| {
        let least = z.fold(f64::INFINITY, |a, &b| a.min(b));
        let e = z.mapv(|v| (v - least).exp());
        &e / e.sum()
    });
    assert!(!verdict.is_success(), "{verdict}");
}

#[test]
fn une_seule_lecture_des_nombres_l_emporte_sur_deux_erreurs() {
    let reversed = chapitre_13::in_file_order(|weights| {
        let mut numbers: Vec<f64> = weights.t().iter().copied().collect();
        numbers.reverse();
        numbers
    });
    assert!(says(&reversed.text(), "dans l'ordre inverse"), "{reversed}");
    assert!(!reversed.text().contains("Plusieurs causes"), "{reversed}");
    let subtracted = chapitre_01::weighted_sum(|x, w, b| {
        let mut z = b;
        for i in 0..x.len() {
            z -= x[i] * w[i];
        }
        z
    });
    assert!(says(&subtracted.text(), "où `-=` remplace `+=`"), "{subtracted}");
}
