//! Une panique, dite en français dans la sortie de la cellule, au lieu d'une trace d'exécution en
//! anglais.
//!
//! Rien n'est à appeler : evcxr compile chaque cellule en une bibliothèque dynamique, et le système
//! lance [`install`] quand il la charge, même après la mort du programme qui exécutait les
//! précédentes. Il suffit que la cellule contienne le correcteur, donc qu'une cellule d'avant ait
//! écrit `use correcteur;` : « :dep » seul ne le lie pas.

use std::io::Write;
use std::panic::{self, PanicHookInfo};
use std::thread;

use serde_json::json;

/// Le type qui rend une panique visible aux machines (execute.py, noter.py).
const MIME: &str = "application/vnd.nn-core.panique+json";

ctor::declarative::ctor! {
    #[ctor(unsafe)]
    fn install() {
        // Cette variable est celle du programme où evcxr exécute les cellules. Partout ailleurs,
        // une panique reste ce qu'elle est.
        if std::env::var_os("EVCXR_IS_RUNTIME").is_some() {
            panic::set_hook(Box::new(speak));
        }
    }
}

/// Montre la panique, sauf celle d'une sonde du correcteur : le verdict la dira.
fn speak(info: &PanicHookInfo) {
    if thread::current().name() == Some(crate::run::THREAD) {
        return;
    }
    let text = show(info.payload_as_str().unwrap_or("panique sans message"));
    // D'un seul tenant : `print!` paniquerait à son tour si plus personne n'écoute.
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

const PAST_THE_END: &str =
    "Un indice dépasse la fin du tableau : les indices vont de 0 à la longueur moins un.";
const SLICE: &str = "Une tranche sort de la liste : `a..b` va de a à b − 1, a ne dépasse pas b, et b vaut au plus la longueur.";
const SHAPES: &str =
    "Les formes ne s'accordent pas pour cette opération. Affichez-les avec `.dim()`.";
const NO_SIZE: &str = "Un pas ou un morceau de longueur 0 : la taille donnée à `chunks`, `windows` ou `step_by` vaut 1 au moins.";

/// Un morceau de message, et ce qui aide à le comprendre ; le premier qui convient est le bon.
const KNOWN: [(&str, &str); 33] = [
    ("not yet implemented", "Il reste un `todo!()` : remplacez-le par votre code."),
    (
        "stack overflow",
        "Votre fonction s'appelle elle-même sans fin : chaque appel prend un peu de mémoire, jusqu'à ce qu'il n'y en ait plus. Cherchez ce qui devrait arrêter la récursion, ou un appel qui devait viser une autre fonction.",
    ),
    (
        "(exit)",
        "Votre code quitte le programme entier, par `exit` peut-être. Une fonction rend sa réponse, et laisse le programme continuer.",
    ),
    (
        "(abort)",
        "Votre code interrompt le programme entier : par `abort`, ou faute de mémoire (une liste qui grandit sans fin ?).",
    ),
    ("out of bounds", PAST_THE_END),
    ("out-of-bounds", PAST_THE_END),
    ("must be less than axis length", PAST_THE_END),
    ("index (is ", PAST_THE_END),
    ("is past end of axis", SLICE),
    ("range end index", SLICE),
    ("range start index", SLICE),
    ("slice index starts at", SLICE),
    ("mid > len", SLICE),
    (
        "is not a char boundary",
        "Une lettre accentuée occupe plusieurs octets, et la tranche la coupe en deux.",
    ),
    ("size must be non-zero", NO_SIZE),
    ("step != 0", NO_SIZE),
    (
        "source slice length",
        "Pour copier une liste dans une autre, il faut deux listes de la même longueur.",
    ),
    (
        "axis < self.ndim()",
        "Cet axe n'existe pas ici : `Axis(0)` compte les lignes, `Axis(1)` les colonnes ; une liste n'a que l'axe 0.",
    ),
    (
        "not compatible for matrix multiplication",
        "Les formes ne s'accordent pas pour le produit de matrices : (m, n) · (n, h) demande le même n des deux côtés. Affichez les formes avec `.dim()`.",
    ),
    ("ShapeError", SHAPES),
    ("dimension mismatch", SHAPES),
    (
        "could not broadcast",
        "Les formes ne s'accordent pas pour cette opération terme à terme. Affichez-les avec `.dim()`.",
    ),
    (
        "on a `None` value",
        "`unwrap()` a trouvé `None` : il n'y avait pas de valeur à prendre (ou, d'une comparaison, un NaN).",
    ),
    (
        "on an `Err` value",
        "`unwrap()` a trouvé une erreur ; elle est citée à la fin du message.",
    ),
    ("divide by zero", "Une division entière par zéro."),
    ("divisor of zero", "Le reste d'une division entière par zéro."),
    (
        "with overflow",
        "Le résultat ne tient pas dans ce type d'entier (une soustraction qui passe sous zéro, par exemple).",
    ),
    (
        "capacity overflow",
        "La liste demandée est trop grande pour la mémoire : vérifiez sa longueur.",
    ),
    (
        "min > max",
        "`clamp(min, max)` demande un minimum plus petit que le maximum, et aucun NaN.",
    ),
    (
        "assertion `left == right` failed",
        "Deux choses devaient être égales, et ne le sont pas : deux longueurs, par exemple. Le message les cite.",
    ),
    ("assertion", "Un `assert!` n'est pas vérifié : ce que le code affirme est faux ici."),
    (
        "entered unreachable code",
        "Le programme est passé par un chemin que `unreachable!()` disait impossible.",
    ),
    ("already borrowed", "Cette valeur est déjà empruntée ailleurs."),
];

/// Ce qui aide à comprendre un message de panique, s'il est d'une sorte connue.
pub(crate) fn explain(message: &str) -> &'static str {
    KNOWN.iter().find(|(pattern, _)| message.contains(pattern)).map_or("", |(_, help)| help)
}

/// Écrit la panique comme une sortie de cellule : HTML, texte, et JSON pour les machines.
fn show(message: &str) -> String {
    let help = explain(message);
    let html =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // Dans l'aide, `ceci` est du code : un morceau sur deux.
    let help_html: String = html(help)
        .split('`')
        .enumerate()
        .map(|(rank, text)| match rank % 2 {
            1 => format!("<code>{text}</code>"),
            _ => text.to_string(),
        })
        .collect();
    let start = "La cellule s'est arrêtée en chemin (panique).";
    let page = format!(
        "<div role=\"alert\" style=\"border-left:4px solid #b00020;padding:.4em .8em\">\
         <p><strong>{start}</strong> {help_html}</p>\
         <pre style=\"white-space:pre-wrap\">{}</pre></div>",
        html(message)
    );
    let plain = format!("{start} {help}\n{message}");
    [
        (MIME, json!({ "message": message }).to_string().as_str()),
        ("text/html", &page),
        ("text/plain", plain.trim_end()),
    ]
    .map(|(mime, content)| {
        format!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT\n")
    })
    .concat()
}

#[cfg(test)]
mod tests {
    use nn_core::ndarray::{Array1, Array2, Axis, Zip, s};

    use super::*;

    #[test]
    fn une_panique_connue_est_expliquee_en_francais() {
        let shown = show("index out of bounds: the len is 3 but the index is 3");
        assert!(shown.contains("Un indice dépasse la fin du tableau"));
        assert!(shown.contains("EVCXR_BEGIN_CONTENT text/html\n"));
    }

    /// Les paniques de Rust et de ndarray, telles qu'ils les disent aujourd'hui.
    #[test]
    fn les_paniques_de_ndarray_ont_leur_aide() {
        fn used<T>(_: T) {}
        type Act = fn(&Array2<f64>, &Array1<f64>, &[f64]);
        let known: [(Act, &str); 15] = [
            (|a, _, _| used(a[[5, 0]]), PAST_THE_END),
            (|_, b, _| used(b[9]), PAST_THE_END),
            (|a, _, _| used(a.row(9).sum()), PAST_THE_END),
            (|_, _, v| used(v.to_vec().remove(9)), PAST_THE_END),
            (|_, b, _| used(b.slice(s![..9]).sum()), SLICE),
            (|_, _, v| used(v[..9].to_vec()), SLICE),
            (|_, _, v| used(v[9..].to_vec()), SLICE),
            (|_, _, v| used(v.split_at(9)), SLICE),
            (|_, _, v| used(v.chunks(v.len() - 2).count()), NO_SIZE),
            (|a, _, _| used(a.sum_axis(Axis(2))), "Cet axe n'existe pas"),
            (|a, b, _| used(a.clone() - b), "ne s'accordent pas"),
            (|a, b, _| used(a.dot(b)), "produit de matrices"),
            (|_, b, _| used(b.dot(&Array1::<f64>::zeros(3))), "deux longueurs"),
            (|a, _, _| Zip::from(a).and(&a.t()).for_each(|_, _| ()), SHAPES),
            (
                |_, _, v| used(Array2::from_shape_vec((7, 7), v.to_vec()).unwrap()),
                PAST_THE_END,
            ),
        ];
        for (rank, (act, help)) in known.into_iter().enumerate() {
            let call: crate::Call = Box::new(move || {
                act(&Array2::zeros((2, 3)), &Array1::zeros(4), &[1.0, 2.0]);
                Vec::new()
            });
            let limit = std::time::Duration::from_secs(5);
            let said = match crate::run::observe(vec![call], limit).remove(0) {
                crate::run::Outcome::Panic(said) => said,
                other => panic!("{rank} : {other:?}"),
            };
            assert!(
                explain(&said).contains(help),
                "{rank}, « {said} » : {}",
                explain(&said)
            );
        }
    }

    #[test]
    fn le_message_ne_casse_ni_le_html_ni_le_json() {
        let message = "a \"b\" <c> \\ d\ne\tf & É";
        let shown = show(message);
        let json =
            shown.split("panique+json\n").nth(1).unwrap().split('\n').next().unwrap();
        let read: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(read["message"], message);
        assert!(shown.contains("&lt;c&gt;") && shown.contains("&amp; É"));
    }
}
