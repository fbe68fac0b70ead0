//! Des fichiers vrais, abîmés au hasard : rien de ce qui les lit ne panique, ne s'arrête en route
//! ni ne remplit la mémoire. `HASARD=1000000 cargo test --profile hasard --package atelier --test hasard`
//! fait autant de cas par cible.
//!
//! Le cas en cours est gardé dans `target/tmp` : s'il arrête tout, `cargo +nightly fuzz run CIBLE
//! FICHIER` le refait seul.

#[path = "../../../fuzz/lecteurs.rs"]
mod lecteurs;

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lecteurs::Reader;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

/// Les cas de chaque cible, quand `HASARD` n'en demande pas plus.
const CASES: u64 = 300;
/// Un cas plus long est un blocage ; il en prend mille fois moins, même sans optimisation.
const HANG: Duration = Duration::from_secs(20);
/// Ce qu'abîmer un fichier peut lui ajouter, en octets.
const ADDED: usize = 1 << 14;

/// Ce qui s'emboîte : ce qui ouvre, et ce qui ferme.
#[rustfmt::skip]
const NESTED: &[(&str, &str)] = &[
    ("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("&", ""), ("!", ""), ("> ", ""), ("- ", ""),
    ("*", "*"), ("[", "](a)"), ("![", "](a)"), ("\\frac{", "}{1}"), ("\\left(", "\\right)"),
    ("^{", "}"), ("_", ""), ("{\"a\":", "}"), ("|a| ", ""), ("A<", ">"), ("dyn A<", ">"),
    ("mod a {", "}"), ("use a::{", "};"), ("/*", "*/"),
];

/// Ce que des fichiers abîmés contiennent.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "\0", "\u{feff}", "\u{a0}", "\r\n", "\n", "é", "\u{1f600}", "\"", "\\", "\\u0000", "\\ud800",
    "```", "```rust\n", "```rust,limite=99999999999999999999\n", "~~~", "{{#include x}}",
    "{{#include ../../src/loss.rs:loss}}", "$", "$$", "\\label{a}", "[](#eq-a)", "\\frac{",
    "\\left(", "\\begin{matrix}", "\\sqrt", "^", "_", "& \\\\", "> ", "- ", "1. ", "# ",
    "### A\n", "|", "| --- |\n", "*", "**", "[", "](", "![", "<", "<!--", "-->",
    "<!-- notes\na :: b\n-->", "<!-- question unique -->\n", "<!-- fin -->\n", "- [x] ", "  > ",
    "±", "(", ")", "{", "}", "]", "!", "&", "'", "r#\"", "/*", "*/", "//", "fn f() {", "|x| ",
    "if a {} else ", "a.b", "::", "<T", "#[a]", "use a::{", ":dep", "-", "99999999999999999999",
    "18446744073709551615", "1e999", "-1", "NaN", "NA", ",", "\"cells\":[", "{\"a\":", "null",
    "\"dtype\":\"F32\"", "\"shape\":[18446744073709551615,2]", "\"data_offsets\":[0,8]",
    "__metadata__",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str, extension: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Les cellules des notebooks enregistrés, images comprises.
fn cells() -> Vec<Value> {
    let read = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).unwrap();
    let all = files("notebooks", "ipynb").into_iter().map(read);
    all.flat_map(|notebook| notebook["cells"].as_array().unwrap().clone()).collect()
}

/// Abîme ces octets, d'une façon ou d'une autre.
fn damage(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut SmallRng) {
    let length = bytes.len();
    let at = rng.random_range(0..=length);
    let end = (at + rng.random_range(0..=64)).min(length);
    let piece = PIECES.choose(rng).unwrap().as_bytes();
    match rng.random_range(0..11) {
        0 if at < length => bytes[at] ^= 1 << rng.random_range(0..8),
        1 if at < length => bytes[at] = rng.random(),
        2 => drop(bytes.drain(at..end)),
        3 => bytes.truncate(at),
        4 => {
            let again = bytes[at..end].to_vec();
            bytes.splice(at..at, again);
        }
        5 => {
            let other = seeds.choose(rng).unwrap();
            let from = rng.random_range(0..=other.len());
            let to = rng.random_range(from..=other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        6 => {
            let mut lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
            if !lines.is_empty() {
                let (a, b) =
                    (rng.random_range(0..lines.len()), rng.random_range(0..lines.len()));
                lines.swap(a, b);
            }
            *bytes = lines.concat();
        }
        7 => drop(bytes.splice(at..at, piece.repeat(1 << rng.random_range(0..13)))),
        8 => {
            let (open, close) = NESTED.choose(rng).unwrap();
            let depth = 1 << rng.random_range(0..13);
            bytes.splice(end..end, close.repeat(depth).bytes());
            bytes.splice(at..at, open.repeat(depth).bytes());
        }
        _ => drop(bytes.splice(at..at, piece.iter().copied())),
    }
}

/// Jette à `read` des fichiers abîmés, `slower` fois moins s'il est plus lent ; chaque cas ne dépend
/// que de son numéro.
fn throw(target: &str, read: Reader, seeds: &[Vec<u8>], slower: u64) {
    let asked =
        std::env::var("HASARD").map(|cases| cases.parse().expect("HASARD est un nombre"));
    let name = format!("hasard_{target}");
    let mut kept = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)).unwrap();
    let mut longest = Duration::ZERO;
    let cases = asked.unwrap_or(CASES) / slower;
    for case in 0..cases {
        let mut rng = SmallRng::seed_from_u64(case);
        let mut bytes = seeds.choose(&mut rng).unwrap().clone();
        let most = bytes.len() + ADDED;
        for _ in 0..rng.random_range(1..6) {
            damage(&mut bytes, seeds, &mut rng);
            bytes.truncate(most);
        }
        kept.rewind().unwrap();
        kept.write_all(&bytes).unwrap();
        kept.set_len(bytes.len() as u64).unwrap();
        let start = Instant::now();
        read(&bytes);
        longest = longest.max(start.elapsed());
        assert!(longest < HANG, "{target}, cas {case} : {longest:?}");
    }
    println!("{target} : {cases} cas, le plus long en {longest:?}");
}

/// Un chapitre, section par section.
#[test]
fn un_chapitre_abime_se_refuse_ou_se_lit() {
    let chapters = files("book/src", "md").into_iter();
    let seeds: Vec<Vec<u8>> = chapters
        .flat_map(|bytes| {
            let text = String::from_utf8(bytes).unwrap();
            text.split("\n##")
                .map(|part| format!("##{part}").into_bytes())
                .collect::<Vec<_>>()
        })
        .collect();
    throw("chapitre", lecteurs::chapitre, &seeds, 10);
}

#[test]
fn un_notebook_abime_se_refuse_ou_se_lit() {
    let seeds: Vec<Vec<u8>> = cells()
        .into_iter()
        .flat_map(|cell| {
            [json!({"cells": [cell]}), json!({"worksheets": [{"cells": [cell]}]})]
        })
        .map(|notebook| notebook.to_string().into_bytes())
        .filter(|bytes| bytes.len() < ADDED)
        .collect();
    throw("notebook", lecteurs::notebook, &seeds, 1);
}

#[test]
fn une_cellule_abimee_se_refuse_ou_se_lit() {
    let code = cells().into_iter().filter(|cell| cell["cell_type"] == "code");
    let seeds: Vec<Vec<u8>> = code
        .map(|cell| {
            let lines = cell["source"].as_array().unwrap();
            lines.iter().filter_map(Value::as_str).collect::<String>().into_bytes()
        })
        .collect();
    throw("cellule", lecteurs::cellule, &seeds, 1);
}

#[test]
fn des_poids_abimes_se_refusent_ou_se_lisent() {
    throw("poids", lecteurs::poids, &files("tests/passerelles", "safetensors"), 1);
}

#[test]
fn des_donnees_abimees_se_refusent_ou_se_lisent() {
    let whole = files("src/data/datasets", "csv").remove(0);
    let start: Vec<u8> =
        whole.split_inclusive(|byte| *byte == b'\n').take(20).flatten().copied().collect();
    let mut seeds = files("src/data/datasets", "gz");
    seeds.push(whole);
    seeds.extend(std::iter::repeat_n(start, 20)); // le plus souvent, court et donc vite lu
    throw("donnees", lecteurs::donnees, &seeds, 1);
}
