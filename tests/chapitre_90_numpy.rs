//! Ce que dit l'annexe « NumPy et ndarray, côte à côte » : `cargo test --test chapitre_90_numpy`.

mod commun;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use commun::{assert_close, notebook_errors, plain};
use nn_core::NumpyRng;
use nn_core::ndarray::{Array1, Array2, Axis, arr1, arr2, concatenate, stack};
use nn_core::rand::RngExt;

static PAGE: LazyLock<String> =
    LazyLock::new(|| plain(include_str!("../book/src/90_numpy.md")));
const NOTEBOOK: &str = include_str!("../notebooks/90_numpy.ipynb");

fn table() -> Array2<f64> {
    arr2(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]) // (2, 3)
}

/// Une section de la page : son ancre, son Python et son Rust.
struct Pair {
    anchor: String,
    python: String,
    rust: String,
}

/// Les paires de la page, dans l'ordre : une section de niveau 3 chacune.
fn pairs() -> Vec<Pair> {
    let sections = PAGE.split("\n### ").skip(1).map(|section| {
        let section = section.split("\n## ").next().unwrap();
        let title = section.lines().next().unwrap();
        let kept = |c: &char| c.is_alphanumeric() || *c == ' ';
        let anchor = title.to_lowercase().chars().filter(kept).collect::<String>();
        Pair {
            anchor: anchor.replace(' ', "-"),
            python: chapitre::code(section, "python"),
            rust: chapitre::code(section, "rust"),
        }
    });
    sections.collect()
}

/// Les lignes du tableau du haut : l'ancre, les codes de NumPy, ceux de ndarray.
fn rows() -> Vec<(String, Vec<String>, Vec<String>)> {
    let lines = PAGE.lines().filter(|line| line.starts_with("| ["));
    lines
        .map(|line| {
            let line = line.replace("\\|", "¦");
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            let anchor = cells[0].split("(#").nth(1).unwrap().trim_end_matches([' ', ')']);
            let codes = |cell: &str| -> Vec<String> {
                cell.split('`')
                    .skip(1)
                    .step_by(2)
                    .map(|code| code.replace('¦', "|"))
                    .collect()
            };
            (anchor.to_string(), codes(cells[1]), codes(cells[2]))
        })
        .collect()
}

#[test]
fn chaque_code_du_tableau_est_celui_de_sa_paire() {
    let (pairs, rows) = (pairs(), rows());
    assert!(rows.len() >= 25, "{} lignes", rows.len());
    for (anchor, python, rust) in &rows {
        let pair = pairs.iter().find(|pair| pair.anchor == *anchor);
        let pair = pair.unwrap_or_else(|| panic!("aucune section « {anchor} »"));
        assert!(!python.is_empty() && !rust.is_empty(), "{anchor}");
        for code in python {
            assert!(
                pair.python.contains(code),
                "{anchor} : « {code} » n'y est pas exécuté"
            );
        }
        for code in rust {
            assert!(pair.rust.contains(code), "{anchor} : « {code} » n'y est pas exécuté");
        }
    }
    let listed: Vec<&String> = rows.iter().map(|row| &row.0).collect();
    let written: Vec<&String> = pairs.iter().map(|pair| &pair.anchor).collect();
    assert_eq!(listed, written, "le tableau et la page vont dans le même ordre");
}

#[test]
fn chaque_cellule_inclut_le_resultat_de_son_python_et_le_compare() {
    for pair in pairs() {
        let included = pair.rust.split("resultats.rs:90_numpy_").nth(1);
        let name = included.and_then(|rest| rest.split("}}").next()).unwrap_or_default();
        assert!(!name.is_empty(), "{} n'inclut aucun résultat", pair.anchor);
        let opening = format!("```python,resultat={name}\n");
        assert!(PAGE.contains(&opening), "{} : aucun Python ne donne {name}", pair.anchor);
        assert!(pair.rust.contains(", &PYTHON);"), "{} ne compare rien", pair.anchor);
    }
}

#[test]
fn le_notebook_a_trouve_chaque_paire_egale() {
    let equal = NOTEBOOK.matches("égal, à 1e-12 près : true").count();
    assert_eq!(equal, pairs().len());
    assert!(!NOTEBOOK.contains("égal, à 1e-12 près : false"));
    assert_eq!(notebook_errors("90_numpy"), [""; 0]);
}

#[test]
fn les_noms_des_resultats_sont_tous_differents() {
    let names: BTreeSet<&str> = PAGE
        .split("```python,resultat=")
        .skip(1)
        .map(|rest| rest.lines().next().unwrap())
        .collect();
    assert_eq!(names.len(), pairs().len());
}

#[test]
fn une_suite_reguliere_comprend_sa_borne_et_range_non() {
    assert_eq!(Array1::linspace(0.0, 1.0, 5), arr1(&[0.0, 0.25, 0.5, 0.75, 1.0]));
    assert_eq!(Array1::range(0.0, 1.0, 0.25), arr1(&[0.0, 0.25, 0.5, 0.75]));
}

#[test]
fn la_meme_graine_donne_les_memes_nombres() {
    let draws = || {
        let mut rng = NumpyRng::seed(7);
        Array2::<f64>::from_shape_simple_fn((2, 3), || rng.random())
    };
    assert_eq!(draws(), draws());
}

#[test]
fn la_forme_est_un_n_uplet_ou_une_liste() {
    let t = table();
    assert_eq!((t.dim(), t.shape()), ((2, 3), &[2, 3][..]));
    assert_eq!((t.len(), t.nrows(), t.ncols()), (6, 2, 3));
}

#[test]
fn une_case_qui_n_existe_pas_panique_et_get_rend_none() {
    let t = table();
    assert_eq!(t[[t.nrows() - 1, t.ncols() - 1]], 6.0);
    assert_eq!(t.get((5, 0)), None);
    assert!(std::panic::catch_unwind(|| t[[5, 0]]).is_err());
}

#[test]
fn la_diffusion_etend_l_un_ou_l_autre_mais_jamais_celui_de_gauche_sur_place() {
    let (t, row) = (table(), arr1(&[10.0, 20.0, 30.0]));
    let expected = arr2(&[[11.0, 22.0, 33.0], [14.0, 25.0, 36.0]]);
    assert_eq!(&t + &row, expected);
    assert_eq!(&row + &t, expected);
    let (column, line) = (arr2(&[[1.0], [2.0]]), arr2(&[[10.0, 20.0]]));
    assert_eq!(&column + &line, arr2(&[[11.0, 21.0], [12.0, 22.0]]));
    let grown = std::panic::catch_unwind(|| {
        let mut row = arr1(&[10.0, 20.0, 30.0]).insert_axis(Axis(0));
        row += &table();
    });
    assert!(grown.is_err(), "« += n'étend que celui de droite »");
}

#[test]
fn les_fonctions_courantes_s_ecrivent_aussi_directement() {
    let t = table();
    assert_close(&t.exp(), &t.mapv(f64::exp), 1e-15, "exp");
    assert_close(&t.ln(), &t.mapv(f64::ln), 1e-15, "ln");
    assert_eq!((-&t).abs(), t);
}

#[test]
fn l_axe_est_celui_qui_disparait() {
    let t = table();
    assert_eq!(t.sum_axis(Axis(0)), arr1(&[5.0, 7.0, 9.0]));
    assert_eq!(t.sum_axis(Axis(1)), arr1(&[6.0, 15.0]));
}

#[test]
fn la_moyenne_d_un_tableau_vide_manque() {
    assert_eq!(table().mean(), Some(3.5));
    assert_eq!(Array1::<f64>::zeros(0).mean(), None);
}

#[test]
fn le_maximum_ignore_nan_et_la_derniere_place_l_emporte() {
    let v = arr1(&[1.0, f64::NAN, 3.0, 3.0]);
    assert_eq!(v.iter().copied().fold(f64::NEG_INFINITY, f64::max), 3.0);
    let tie: [f64; 3] = [0.5, 0.7, 0.7];
    let last = tie.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    assert_eq!(last.unwrap().0, 2);
}

#[test]
fn changer_la_forme_garde_l_ordre_et_refuse_un_mauvais_compte() {
    let tall = table().to_shape((3, 2)).unwrap().to_owned();
    assert_eq!(tall, arr2(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]));
    assert!(table().to_shape((4, 2)).is_err());
}

#[test]
fn concatenate_garde_le_nombre_de_dimensions_et_stack_en_ajoute_une() {
    let (t, v) = (table(), arr1(&[0.1, 0.7, 0.2]));
    assert_eq!(concatenate(Axis(0), &[t.view(), t.view()]).unwrap().dim(), (4, 3));
    assert_eq!(stack(Axis(0), &[v.view(), v.view()]).unwrap().dim(), (2, 3));
}

#[test]
fn changer_sur_place_des_deux_facons() {
    let (t, mut u, mut same) = (table(), table(), table());
    u.scaled_add(-0.5, &t);
    same -= &(0.5 * &t);
    assert_eq!(u, same);
}

#[test]
fn un_reel_ecrit_se_relit_au_dernier_bit() {
    let mut rng = NumpyRng::seed(7);
    for _ in 0..1000 {
        let v: f64 = rng.random();
        assert_eq!(v.to_string().parse::<f64>().unwrap(), v);
    }
}
