//! Les sondes, jugées par mutation : chaque solution du livre, changée d'un seul mot, doit être
//! refusée dès que ce changement change ce qu'elle calcule.
//!
//! Les mutants sont écrits dans un seul programme. Ceux qui ne se compilent pas s'en vont ; les autres
//! sont corrigés comme la réponse d'un apprenant. Ceux qui passent quand même sont dans
//! `survivants.txt`, chacun avec sa raison : ils calculent la même chose.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use correcteur::exercises;
use serde_json::Value;

const CELLS: &str = include_str!(concat!(env!("OUT_DIR"), "/cellules.rs"));
const SURVIVORS: &str = include_str!("survivants.txt");

struct Mutant {
    exercise: &'static str,
    /// « ligne : avant → après », sans espaces de trop.
    change: String,
    module: String,
}

#[test]
fn chaque_mutant_est_refuse() {
    let mut mutants = every_mutant();
    let written = mutants.len();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mutants");
    std::fs::create_dir_all(&folder).expect("le dossier s'écrit");
    let program = compile(&mut mutants, &folder);
    let output = Command::new(&program).output().expect("il se lance");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("du texte");
    let accepted: BTreeSet<String> = said
        .lines()
        .filter_map(|line| line.strip_prefix("accepté "))
        .map(|rank| &mutants[rank.parse::<usize>().expect("un rang")])
        .map(|m| format!("{} | {}", m.exercise, m.change))
        .collect();
    for exercise in exercises() {
        let id = exercise.sheet().id;
        let judged = mutants.iter().filter(|m| m.exercise == id).count();
        println!("{id} : {judged}");
        assert!(judged > 0, "{id} : aucun mutant ne se compile");
    }
    println!(
        "{written} mutants, {} qui se compilent, {} acceptés",
        mutants.len(),
        accepted.len()
    );
    let excused: BTreeMap<String, &str> = SURVIVORS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.rsplit_once(" | ").expect("exercice | changement | raison"))
        .map(|(mutant, reason)| (mutant.trim().to_string(), reason))
        .collect();
    let unknown: Vec<&String> =
        accepted.iter().filter(|m| !excused.contains_key(*m)).collect();
    let gone: Vec<&String> = excused.keys().filter(|m| !accepted.contains(*m)).collect();
    assert!(
        unknown.is_empty() && gone.is_empty(),
        "Acceptés, sans raison dans survivants.txt :\n{unknown:#?}\nÀ retirer de survivants.txt :\n{gone:#?}"
    );
}

fn every_mutant() -> Vec<Mutant> {
    let mut all = Vec::new();
    for exercise in exercises() {
        let id = exercise.sheet().id;
        let solution = exercise.text().expect("il est dans le livre").solution;
        let start = format!("pub mod resolue_{id} {{");
        let module = CELLS.split_once(&start).expect("la cellule").1;
        let module = module.split("\npub mod ").next().expect("un morceau");
        let (imports, rest) =
            module.split_once(solution).expect("la solution telle quelle");
        let rest = rest.split("\npub const ").next().expect("un morceau");
        for (code, change) in mutations(solution) {
            all.push(Mutant {
                exercise: id,
                change,
                module: format!("{imports}{code}{rest}"),
            });
        }
    }
    all
}

/// Compile tous les mutants, sans ceux que le compilateur refuse.
fn compile(mutants: &mut Vec<Mutant>, folder: &Path) -> PathBuf {
    let (source, program) = (folder.join("mutants.rs"), folder.join("mutants"));
    let libraries = libraries();
    loop {
        let mut text = String::from(
            "#![allow(warnings)]\nextern crate correcteur;\nfn main() {\n    \
             let all: &[fn() -> correcteur::Verdict] = &[\n",
        );
        for rank in 0..mutants.len() {
            let _ = writeln!(text, "m{rank}::verdict,");
        }
        text.push_str(
            "];\n    let next = std::sync::atomic::AtomicUsize::new(0);\n    \
             std::thread::scope(|scope| for _ in 0..6 { scope.spawn(|| loop {\n        \
             let i = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);\n        \
             let Some(verdict) = all.get(i) else { break };\n        \
             let start = std::time::Instant::now();\n        let verdict = verdict();\n        \
             if verdict.is_success() { println!(\"accepté {i}\"); }\n        \
             eprintln!(\"{i} {:?} {:?}\", start.elapsed(), verdict.status);\n    }); });\n}\n",
        );
        let mut starts = Vec::new();
        for (rank, mutant) in mutants.iter().enumerate() {
            starts.push(text.lines().count() + 1);
            let _ = writeln!(text, "pub mod m{rank} {{\n{}", mutant.module);
        }
        std::fs::write(&source, text).expect("le fichier s'écrit");
        let output = Command::new("rustc")
            .args(["--edition", "2024", "--error-format=json", "--cap-lints=allow"])
            .args(["-C", "debuginfo=0", "-C", "codegen-units=16"])
            .args(&libraries)
            .arg("-o")
            .args([&program, &source])
            .output()
            .expect("rustc");
        if output.status.success() {
            return program;
        }
        let mut refused = BTreeSet::new();
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            let said: Value = serde_json::from_str(line).unwrap_or_default();
            if said["level"] != "error" {
                continue;
            }
            for span in said["spans"].as_array().into_iter().flatten() {
                let line = span["line_start"].as_u64().unwrap_or(0) as usize;
                let rank = starts.partition_point(|start| *start <= line);
                if span["is_primary"] == true && rank > 0 {
                    refused.insert(rank - 1);
                }
            }
        }
        assert!(!refused.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut rank = 0;
        mutants.retain(|_| {
            rank += 1;
            !refused.contains(&(rank - 1))
        });
    }
}

/// Les bibliothèques de ce test, telles que cargo vient de les compiler.
fn libraries() -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "test",
            "--no-run",
            "--offline",
            "--message-format=json",
            "--test",
            "mutants",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo");
    let said = String::from_utf8(output.stdout).expect("du texte");
    let mut arguments = Vec::new();
    for line in said.lines() {
        let artifact: Value = serde_json::from_str(line).unwrap_or_default();
        let name = artifact["target"]["name"].as_str().unwrap_or_default();
        let files = artifact["filenames"].as_array().into_iter().flatten();
        let mut files = files.filter_map(Value::as_str).filter(|f| f.ends_with(".rlib"));
        if let Some(file) = files.next() {
            let folder = Path::new(file).parent().expect("un dossier").display();
            if ["correcteur", "nn_core", "nn_mlp", "nn_data", "nn_plot"].contains(&name) {
                arguments.extend(["--extern".into(), format!("{name}={file}")]);
                arguments.extend(["-L".into(), format!("dependency={folder}")]);
            }
        }
    }
    assert!(!arguments.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    arguments
}

/// Un mot de Rust, et sa place.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    at: usize,
}

const OPERATORS: [&str; 22] = [
    "..=", "<<=", ">>=", "..", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=",
    "%=", "->", "=>", "::", "<<", ">>", "&", "|",
];

fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        } else if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |end| end + 2)
        } else if first.is_alphabetic() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else if first.is_ascii_digit() {
            let end =
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            match rest[end..].strip_prefix('.') {
                Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => {
                    let digits = after.find(|c: char| !c.is_alphanumeric() && c != '_');
                    end + 1 + digits.unwrap_or(after.len())
                }
                _ => end,
            }
        } else {
            let long = OPERATORS.iter().find(|o| rest.starts_with(**o));
            long.map_or(first.len_utf8(), |o| o.len())
        };
        all.push(Token { text: &code[at..at + length], at });
        at += length;
    }
    all
}

/// Ce par quoi un mot peut se remplacer.
const SWAPS: &[(&str, &[&str])] = &[
    ("+", &["-"]),
    ("-", &["+"]),
    ("*", &["/"]),
    ("/", &["*"]),
    ("%", &["*"]),
    ("<", &["<=", ">"]),
    (">", &[">=", "<"]),
    ("<=", &["<"]),
    (">=", &[">"]),
    ("==", &["!="]),
    ("!=", &["=="]),
    ("&&", &["||"]),
    ("||", &["&&"]),
    ("+=", &["-=", "="]),
    ("-=", &["+=", "="]),
    ("*=", &["/=", "="]),
    ("/=", &["*=", "="]),
    ("=", &["+="]),
    ("..", &["..="]),
    ("..=", &[".."]),
    ("true", &["false"]),
    ("false", &["true"]),
    ("break", &["continue"]),
    ("continue", &["break"]),
    ("sum", &["product"]),
    ("product", &["sum"]),
    ("min", &["max"]),
    ("max", &["min"]),
    ("nrows", &["ncols", "len"]),
    ("ncols", &["nrows", "len"]),
    ("len", &["nrows", "ncols"]),
    ("row", &["column"]),
    ("column", &["row"]),
    ("rows", &["columns"]),
    ("columns", &["rows"]),
    ("first", &["last"]),
    ("last", &["first"]),
    ("any", &["all"]),
    ("all", &["any"]),
    ("is_some", &["is_none"]),
    ("is_none", &["is_some"]),
    ("windows", &["chunks"]),
    ("chunks", &["windows", "chunks_exact"]),
    ("min_by", &["max_by"]),
    ("max_by", &["min_by"]),
    ("weights1", &["weights2"]),
    ("weights2", &["weights1"]),
    ("biases1", &["biases2"]),
    ("biases2", &["biases1"]),
    ("layer1", &["output"]),
    ("output", &["layer1", "y"]),
    ("y", &["output"]),
    ("sigmoid", &["f64::tanh", "f64::exp"]),
    ("exp", &["exp2", "exp_m1"]),
    ("tanh", &["sinh"]),
    ("sigmoid_derivative_from_output", &["sigmoid_derivative_at", "sigmoid"]),
    ("zip", &["chain"]),
    ("mean", &["sum"]),
    ("mean_axis", &["sum_axis"]),
    ("std_axis", &["var_axis"]),
    ("abs", &["sqrt"]),
    ("sqrt", &["abs"]),
    ("le", &["be"]),
    ("from_le_bytes", &["from_be_bytes"]),
];

/// Un appel sans argument, dont on peut se passer.
const DROPPED: [&str; 9] = [
    ".t()",
    ".abs()",
    ".sqrt()",
    ".rev()",
    ".exp()",
    ".enumerate()",
    ".clone()",
    ".ln()",
    ".sum()",
];

/// Les codes changés d'un mot, et ce changement.
fn mutations(code: &str) -> Vec<(String, String)> {
    let all = tokens(code);
    let body = code.find('{').unwrap_or(0);
    let parameters: Vec<&str> = all
        .windows(2)
        .take_while(|pair| pair[0].at < body)
        .filter(|pair| pair[1].text == ":")
        .map(|pair| pair[0].text)
        .collect();
    let mut found = Vec::new();
    let mut change = |at: usize, old: &str, new: &str| {
        let line_start = code[..at].rfind('\n').map_or(0, |i| i + 1);
        let line_end = code[at..].find('\n').map_or(code.len(), |i| at + i);
        let line = code[line_start..line_end].trim();
        let place = code[line_start..at].trim_start().chars().count();
        let code = format!("{}{new}{}", &code[..at], &code[at + old.len()..]);
        let said = |text: &str| match text.rsplit_once("; ") {
            Some(_) if text.contains('\n') => {
                text.rsplit(';').nth(1).unwrap_or("").trim().into()
            }
            _ => text.to_string(),
        };
        let old = if old.contains('\n') { "à la fin".into() } else { said(old) };
        found.push((code, format!("{line} | {place} : {old} → {}", said(new))));
    };
    for (i, token) in all.iter().enumerate().filter(|(_, token)| token.at >= body) {
        let before = all[i.saturating_sub(1)].text;
        let after = all.get(i + 1).map_or("", |t| t.text);
        let ends_a_value = |text: &str| {
            text == ")"
                || text == "]"
                || text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        };
        let binary =
            ends_a_value(before) && !["return", "in", "if", "match"].contains(&before);
        let sign = ["+", "-", "*", "/", "&", "|", "%"].contains(&token.text);
        match token.text {
            "-" | "*" if !binary && token.text == "*" => {}
            "-" if !binary => change(token.at, "-", ""),
            "!" if !ends_a_value(before) && after != "=" => change(token.at, "!", ""),
            text if !sign || binary => {
                for new in
                    SWAPS.iter().filter(|(old, _)| *old == text).flat_map(|(_, new)| *new)
                {
                    change(token.at, text, new);
                }
            }
            _ => {}
        }
        if let Ok(number) = token.text.replace('_', "").parse::<u64>() {
            change(token.at, token.text, &(number + 1).to_string());
            if number > 0 {
                change(token.at, token.text, &(number - 1).to_string());
            }
        } else if let Ok(number) = token.text.parse::<f64>()
            && token.text.starts_with(|c: char| c.is_ascii_digit())
        {
            change(token.at, token.text, &format!("{:?}", number + 1.0));
            change(token.at, token.text, &format!("{:?}", number / 2.0 + 0.125));
        }
        if parameters.contains(&token.text) && before != "." {
            let constants = ["0", "1", "2", "0.0", "0.5", "1.0", "&mut NumpyRng::seed(0)"];
            for other in
                parameters.iter().filter(|other| **other != token.text).chain(&constants)
            {
                change(token.at, token.text, other);
            }
        }
        if token.text == "." && code[token.at..].starts_with(".iter()") {
            change(token.at, ".iter()", ".iter().skip(1)");
            change(token.at, ".iter()", ".iter().take(1)");
        }
        if ["=", "+=", "-="].contains(&token.text)
            && ["let", "mut"].iter().all(|word| all[i.saturating_sub(2)].text != *word)
        {
            change(all[i - 1].at, before, &format!("let {before}"));
        }
        for call in DROPPED {
            if token.text == "." && code[token.at..].starts_with(call) {
                change(token.at, call, "");
            }
        }
    }
    // Un tableau du réseau que rien ne demande de toucher.
    if let Some(network) = code.split_once(": &mut nn_core::NeuralNetwork")
        && let Some(name) = network.0.rsplit(['(', ' ']).next()
    {
        let end = code.trim_end().len() - 1;
        let inside = &code[body + 1..end];
        for field in
            ["input", "y", "weights1", "weights2", "biases1", "biases2", "layer1", "output"]
        {
            let spoiled =
                format!(" let out = {{{inside}}}; {name}.{field}.fill(0.25); out ");
            change(body + 1, inside, &spoiled);
        }
        let spoiled =
            format!(" let out = {{{inside}}}; {name}.trains_biases = false; out ");
        change(body + 1, inside, &spoiled);
    }
    // Une ligne en moins.
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        if at > body && line.trim_end().ends_with(';') {
            change(at, line.trim_end(), "");
        }
        at += line.len();
    }
    found
}
