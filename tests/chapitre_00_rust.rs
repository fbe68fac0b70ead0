//! Ce que dit le chapitre 00 de Rust lui-même, refus du compilateur compris :
//! `cargo test --test chapitre_00_rust`.

mod commun;

use commun::{compiler_refusal, notebook_errors};

/// La fonction du chapitre.
fn carre(x: f64) -> f64 {
    x * x
}

/// La classe du chapitre.
struct Compteur {
    valeur: i64,
}

impl Compteur {
    fn new() -> Self {
        Self { valeur: 0 }
    }

    fn avancer(&mut self, pas: i64) {
        self.valeur += pas;
    }

    fn lire(&self) -> i64 {
        self.valeur
    }
}

/// Le premier message du compilateur contient `message`.
#[track_caller]
fn assert_refused(code: &str, message: &str) {
    let refusal = compiler_refusal(code).unwrap_or_else(|| panic!("accepté :\n{code}"));
    assert!(refusal.contains(message), "{refusal}\nau lieu de : {message}\npour :\n{code}");
}

#[track_caller]
fn assert_accepted(code: &str) {
    assert_eq!(compiler_refusal(code), None, "pour :\n{code}");
}

#[test]
fn println_insere_les_valeurs_entre_accolades() {
    // « Entre accolades, `println!` insère une valeur » : la cellule affiche « a = 3, b = 0.5 ».
    let a = 3;
    let b: f64 = 0.5;
    assert_eq!(format!("a = {a}, b = {b}"), "a = 3, b = 0.5");
}

#[test]
fn un_entier_et_un_reel_ne_s_additionnent_pas() {
    // « `1.0 + b` convient, `1 + b` non », et « cannot add `f64` to `{integer}` ».
    assert_accepted("pub fn f(b: f64) -> f64 { 1.0 + b }");
    assert_refused(
        "pub fn f() { let b: f64 = 0.5; let somme = 1 + b; }",
        "cannot add `f64` to `{integer}`",
    );
}

#[test]
fn sans_mut_un_nom_ne_change_pas() {
    // « Sans `mut`, cette cellule serait refusée. »
    assert_accepted("pub fn f() -> i32 { let mut pas = 0; pas += 1; pas += 1; pas }");
    assert_refused(
        "pub fn f() -> i32 { let pas = 0; pas += 1; pas += 1; pas }",
        "cannot assign twice to immutable variable `pas`",
    );
}

#[test]
fn la_derniere_expression_sans_point_virgule_est_la_valeur_rendue() {
    assert_eq!(carre(3.0), 9.0);
    assert_refused("pub fn carre(x: f64) -> f64 { x * x; }", "mismatched types");
}

#[test]
fn les_types_des_arguments_et_du_resultat_s_ecrivent() {
    assert_accepted("pub fn carre(x: f64) -> f64 { x * x }");
    assert_refused("pub fn carre(x) -> f64 { 1.0 }", "expected one of");
    assert_refused("pub fn carre(x: f64) { x * x }", "mismatched types");
}

#[test]
fn zero_a_trois_compte_zero_un_deux() {
    // « `0..3` compte 0, 1, 2 », et 1 + 4 + 9 = 14.
    assert_eq!((0..3).collect::<Vec<_>>(), [0, 1, 2]);
    let mut total = 0.0;
    for x in [1.0, 2.0, 3.0] {
        total += carre(x);
    }
    assert_eq!(format!("{total}"), "14");
}

#[test]
fn le_compteur_part_de_zero_et_additionne_ses_pas() {
    let mut compteur = Compteur::new();
    assert_eq!(compteur.lire(), 0);
    compteur.avancer(2);
    compteur.avancer(3);
    assert_eq!(compteur.lire(), 5);
}

#[test]
fn lire_l_objet_ne_permet_pas_de_le_changer() {
    // « `&self` veut dire « je lis l'objet », `&mut self` « je le change » ; Rust l'exige. »
    let class = |receiver: &str| {
        format!(
            "pub struct C {{ v: i64 }} impl C {{ pub fn f({receiver}) {{ self.v += 1; }} }}"
        )
    };
    assert_accepted(&class("&mut self"));
    assert_refused(&class("&self"), "cannot assign to `self.v`");
}

#[test]
fn ce_que_l_on_a_donne_on_ne_l_a_plus() {
    // « *borrow of moved value* […] Rust refuse **avant** d'exécuter. »
    let start = "pub fn f() { let prenom = String::from(\"Grace\");";
    assert_refused(
        &format!("{start} let donne = prenom; println!(\"{{prenom}}\"); }}"),
        "borrow of moved value: `prenom`",
    );
    assert_accepted(&format!("{start} let donne = prenom; println!(\"{{donne}}\"); }}"));
    assert_accepted(&format!(
        "{start} let donne = prenom.clone(); println!(\"{{prenom}}\"); }}"
    ));
}

#[test]
fn deplacer_ne_copie_pas_et_clone_copie() {
    // « `let donne = prenom` ne copie pas la chaîne : il la **déplace**. »
    let prenom = String::from("Ada");
    let place = prenom.as_ptr();
    let copie = prenom.clone();
    let donne = prenom;
    assert_eq!(format!("{donne}, {copie}"), "Ada, Ada");
    assert_eq!(donne.as_ptr(), place, "déplacée, la chaîne garde sa place en mémoire");
    assert_ne!(copie.as_ptr(), place, "la copie a la sienne");
}

#[test]
fn donner_preter_preter_pour_changer_ou_donner_une_copie() {
    // Les quatre lignes du tableau, dans l'ordre.
    let functions =
        "fn prend(_: String) {} fn lit(_: &str) {} fn change(_: &mut String) {}";
    let after = |call: &str| {
        format!(
            "{functions} pub fn f(mut x: String) -> String {{ x.push('!'); {call}; x }}"
        )
    };
    assert_refused(&after("prend(x)"), "use of moved value: `x`");
    assert_accepted(&after("lit(&x)"));
    assert_accepted(&after("change(&mut x)"));
    assert_accepted(&after("prend(x.clone())"));
    // « … sauf si c'est un simple nombre. »
    assert_accepted("fn prend(_: f64) {} pub fn f(x: f64) -> f64 { prend(x); x }");
    // « Prêter pour changer : on a toujours `x`, peut-être changé. »
    let mut x = 1;
    let change = |x: &mut i32| *x += 1;
    change(&mut x);
    assert_eq!(x, 2);
}

#[test]
fn preter_laisse_la_chaine_a_qui_l_a() {
    fn longueur(texte: &str) -> usize {
        texte.len()
    }
    let prenom = String::from("Grace");
    let n = longueur(&prenom);
    assert_eq!(format!("{prenom} a {n} lettres"), "Grace a 5 lettres");
}

#[test]
fn un_texte_qui_n_est_pas_un_nombre_rend_une_erreur() {
    // « `Result`, soit la réponse, soit une erreur », et « invalid digit found in string ».
    assert_eq!("42".parse::<i64>(), Ok(42));
    let error = "quarante-deux".parse::<i64>().unwrap_err();
    assert_eq!(error.to_string(), "invalid digit found in string");
}

#[test]
fn le_point_d_interrogation_prend_la_reponse_ou_s_arrete() {
    fn double(texte: &str) -> Result<i64, std::num::ParseIntError> {
        let n: i64 = texte.parse()?;
        Ok(2 * n)
    }
    assert_eq!(double("42"), Ok(84));
    assert_eq!(double("quarante-deux"), "quarante-deux".parse::<i64>());
}

#[test]
fn les_erreurs_que_le_chapitre_commente_sont_celles_du_notebook() {
    assert_eq!(
        notebook_errors("00_rust"),
        [
            "cannot add `f64` to `{integer}`",
            "borrow of moved value: `prenom`",
            "invalid digit found in string",
        ]
    );
}
