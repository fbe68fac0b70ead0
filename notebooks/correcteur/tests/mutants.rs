//! Les sondes, jugées par mutation : chaque solution du livre, changée d'un seul mot, doit être
//! refusée dès que ce changement change ce qu'elle calcule.
//!
//! Les mutants sont écrits dans un seul programme. Ceux qui ne se compilent pas s'en vont ; les autres
//! sont corrigés comme la réponse d'un apprenant. Ceux qui passent quand même sont dans
//! `survivants.txt`, chacun avec sa raison : ils calculent la même chose.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use correcteur::exercises;
use serde_json::Value;

const CELLS: &str = include_str!(concat!(env!("OUT_DIR"), "/cellules.rs"));
const WRITINGS: &str = include_str!("ecritures.txt");
const SURVIVORS: &str = include_str!("survivants.txt");

struct Mutant {
    exercise: &'static str,
    /// « ligne : avant → après », sans espaces de trop.
    change: String,
    /// Ce que l'on en dit : « `=` remplace `+=` ».
    words: String,
    module: String,
    /// Un mutant de la solution du livre ; les autres n'éprouvent pas les sondes.
    from_book: bool,
}

/// Le début du changement, s'il y en a deux.
const TWO: &str = "deux | ";

/// Ce que l'on dit d'un code que rien ne change.
const RIGHT: &str = "rien";

/// Les autres écritures des solutions : l'exercice, le code.
fn other_writings() -> Vec<(&'static str, &'static str)> {
    let parts = WRITINGS.split("### ").skip(1);
    let parts = parts.filter_map(|part| part.trim().split_once('\n'));
    // Windows finit ses lignes par deux signes.
    parts.map(|(exercise, code)| (exercise.trim_end(), code)).collect()
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
    let passed: Vec<&Mutant> = said
        .lines()
        .filter_map(|line| line.strip_prefix("accepté "))
        .map(|rank| &mutants[rank.parse::<usize>().expect("un rang")])
        .collect();
    let right = passed.iter().filter(|m| m.change == RIGHT).count();
    assert_eq!(right, other_writings().len(), "une écriture juste est refusée");
    let accepted: BTreeSet<String> = passed
        .iter()
        .filter(|m| m.from_book)
        .map(|m| format!("{} | {}", m.exercise, m.change))
        .collect();
    check_slips(&said, &mutants);
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

/// `src/slips.txt` dit-il ce que ces mutants rendent ? Sous `ECRIRE=1`, l'écrit.
fn check_slips(said: &str, mutants: &[Mutant]) {
    let mut summaries: Vec<(usize, &str)> = said
        .lines()
        .filter_map(|line| line.strip_prefix("résumé ")?.split_once(' '))
        .map(|(rank, summary)| (rank.parse::<usize>().expect("un rang"), summary))
        .filter(|(rank, _)| !mutants[*rank].words.is_empty())
        .collect();
    // Une faute avant deux : deux ne se disent que si aucune ne suffit.
    let is_two = |rank: usize| mutants[rank].change.starts_with(TWO);
    summaries.sort_unstable_by_key(|(rank, _)| (is_two(*rank), *rank));
    // Dans l'ordre des mutants : les causes de chaque résumé.
    let mut slips: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    let mut alone = 0;
    for (rank, summary) in summaries {
        let mutant = &mutants[rank];
        let at = slips
            .iter()
            .position(|(e, s, _)| *e == mutant.exercise && *s == summary)
            .unwrap_or(slips.len());
        match slips.get_mut(at) {
            Some((.., words)) if words.contains(&mutant.words.as_str()) => {}
            Some(_) if is_two(rank) && at < alone => {}
            Some((.., words)) => words.push(&mutant.words),
            None => slips.push((mutant.exercise, summary, vec![&mutant.words])),
        }
        if !is_two(rank) {
            alone = slips.len();
        }
    }
    // Trop de causes pour les mêmes nombres n'en disent aucune.
    slips.retain(|(.., words)| words.len() <= 3);
    slips.sort_by_key(|(exercise, ..)| *exercise);
    let text: String = slips
        .iter()
        .map(|(exercise, summary, words)| {
            format!("{exercise}\t{summary}\t{}\n", words.join("\t"))
        })
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/slips.txt");
    if std::env::var_os("ECRIRE").is_some() {
        std::fs::write(&path, &text).expect("slips.txt s'écrit");
    }
    // Le dernier chiffre peut changer d'un système à l'autre ; les deux premiers, non.
    let rough = |text: &str| -> Vec<String> {
        let number = |n: &str| match n.split_once('#') {
            Some((sum, count)) => {
                format!("{:.1e}#{count}", sum.parse::<f64>().expect("un nombre"))
            }
            None => n.to_string(),
        };
        let line = |line: &str| {
            let mut fields: Vec<String> = line.split('\t').map(String::from).collect();
            fields[1] = fields[1].split(' ').map(number).collect::<Vec<_>>().join(" ");
            fields.join("\t")
        };
        text.lines().map(line).collect()
    };
    let written = std::fs::read_to_string(&path).expect("slips.txt se lit");
    let exercise = |line: &str| line.split('\t').next().unwrap_or_default().to_string();
    // Un exercice qui vient d'être commencé n'y est pas encore.
    let known: BTreeSet<String> = written.lines().map(exercise).collect();
    let text: Vec<&str> =
        text.lines().filter(|line| known.contains(&exercise(line))).collect();
    assert!(
        rough(&written) == rough(&text.join("\n")),
        "src/slips.txt n'est plus à jour : ECRIRE=1 cargo test -p correcteur --test mutants"
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
        let mut add = |code: &str, change: String, words: String, from_book: bool| {
            let module = format!("{imports}{code}{rest}");
            // Deux fautes qui s'annulent n'éprouvent pas les sondes.
            let from_book = from_book && !change.starts_with(TWO);
            all.push(Mutant { exercise: id, change, words, module, from_book });
        };
        for (code, change, words) in mutations(solution) {
            add(&code, change, words, true);
        }
        for (_, code) in other_writings().iter().filter(|(other, _)| *other == id) {
            add(code, RIGHT.into(), String::new(), false);
            for (code, change, words) in mutations(code) {
                add(&code, change, words, false);
            }
        }
    }
    all
}

/// Compile tous les mutants, sans ceux que le compilateur refuse.
fn compile(mutants: &mut Vec<Mutant>, folder: &Path) -> PathBuf {
    let (source, program) = (folder.join("mutants.rs"), folder.join("mutants"));
    let libraries = libraries();
    // Ce que le compilateur a déjà refusé ne lui est pas redemandé.
    let cache = folder.join("refus.txt");
    let before = std::fs::read_to_string(&cache).unwrap_or_default();
    let mut refusals: BTreeSet<u64> =
        before.lines().filter_map(|h| h.parse().ok()).collect();
    mutants.retain(|m| !refusals.contains(&key(m)));
    loop {
        // Tout s'écrit à la fin : une copie du programme faite pendant un affichage l'attendrait.
        let mut text = String::from(
            "#![allow(warnings)]\nextern crate correcteur;\nfn main() {\n    \
             let all: &[fn() -> correcteur::Verdict] = &[\n",
        );
        for rank in 0..mutants.len() {
            let _ = writeln!(text, "m{rank}::verdict,");
        }
        text.push_str(
            "];\n    let next = std::sync::atomic::AtomicUsize::new(0);\n    \
             let said = std::sync::Mutex::new(String::new());\n    \
             std::thread::scope(|scope| for _ in 0..6 { scope.spawn(|| {\n        \
             let exercises = correcteur::exercises();\n        \
             loop {\n        \
             let i = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);\n        \
             let Some(verdict) = all.get(i) else { break };\n        \
             let verdict = verdict();\n        \
             let mut line = String::new();\n        \
             if verdict.is_success() { line += &format!(\"accepté {i}\\n\"); }\n        \
             let exercise = exercises.iter().find(|e| e.sheet().id == verdict.exercise);\n        \
             let summary = exercise.and_then(|e| e.summary(&verdict));\n        \
             if let Some(summary) = summary { line += &format!(\"résumé {i} {summary}\\n\"); }\n        \
             said.lock().unwrap().push_str(&line);\n    \
             }}); });\n    \
             print!(\"{}\", said.into_inner().unwrap());\n}\n",
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
            .current_dir(folder)
            .args(&libraries)
            .arg("-o")
            .args([&program, &source])
            .output()
            .expect("rustc");
        // Les types trop longs à citer, que rustc range à côté.
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().contains("long-type") {
                let _ = std::fs::remove_file(entry.path());
            }
        }
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
        refusals.extend(refused.iter().map(|rank| key(&mutants[*rank])));
        mutants.retain(|m| !refusals.contains(&key(m)));
        let lines: Vec<String> = refusals.iter().map(u64::to_string).collect();
        std::fs::write(&cache, lines.join("\n")).expect("le fichier s'écrit");
    }
}

fn key(mutant: &Mutant) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    mutant.module.hash(&mut hasher);
    hasher.finish()
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
    ("+", &["-", "*"]),
    ("-", &["+"]),
    ("*", &["/", "+"]),
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
    ("-=", &["+=", "=", "= -"]),
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
    ("windows", &["chunks", "chunks_exact"]),
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

/// Les nombres par lesquels un nombre se remplace.
fn other_numbers(text: &str) -> Vec<String> {
    if let Ok(number) = text.replace('_', "").parse::<u64>() {
        return (number.saturating_sub(1)..=number + 1)
            .filter(|other| *other != number)
            .map(|other| other.to_string())
            .collect();
    }
    let Some(number) =
        text.parse::<f64>().ok().filter(|_| text.starts_with(|c: char| c.is_ascii_digit()))
    else {
        return Vec::new();
    };
    [0.0, 1.0, 2.0, number + 1.0, number / 2.0 + 0.125, number / 10.0]
        .into_iter()
        .filter(|other| *other != number)
        .map(|other| format!("{other:?}"))
        .collect()
}

/// L'opérande qui suit un opérateur : jusqu'à l'opérateur suivant, ou à la fin de ce qui l'entoure.
fn operand(code: &str, operator: Token<'_>, all: &[Token<'_>]) -> usize {
    let weak = ["+", "-"].contains(&operator.text);
    let mut depth = 0;
    for token in all.iter().filter(|t| t.at > operator.at) {
        match token.text {
            "(" | "[" | "{" if token.text != "{" => depth += 1,
            ")" | "]" if depth > 0 => depth -= 1,
            ")" | "]" | ";" | "," | "{" | "}" | "==" | "<" | ">" | "<=" | ">=" | "&&"
            | "||" | ".." | "as"
                if depth == 0 =>
            {
                return token.at;
            }
            "+" | "-" if depth == 0 && token.at > operator.at + 2 => return token.at,
            "*" | "/" if depth == 0 && !weak && token.at > operator.at + 2 => {
                return token.at;
            }
            _ => {}
        }
    }
    code.len()
}

/// Ce qu'entoure la parenthèse ouverte en `at`, si elle ne fait que grouper un calcul.
fn grouped<'a>(code: &'a str, at: usize, rest: &[Token<'_>]) -> Option<&'a str> {
    let mut depth = 1;
    for token in rest {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "," if depth == 1 => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(&code[at + 1..token.at]);
        }
    }
    None
}

/// Les codes changés d'un mot, ce changement, et ce que l'on en dit.
fn mutations(code: &str) -> Vec<(String, String, String)> {
    let all = tokens(code);
    let body = code.find('{').unwrap_or(0);
    let parameters: Vec<&str> = all
        .windows(2)
        .take_while(|pair| pair[0].at < body)
        .filter(|pair| pair[1].text == ":")
        .map(|pair| pair[0].text)
        .collect();
    let mut edits: Vec<Edit> = Vec::new();
    let mut change = |at: usize, old: &str, new: &str, words: String| {
        edits.push(Edit { at, old: old.into(), new: new.into(), words });
    };
    let replaces = |old: &str, new: &str| match (old, new) {
        ("sigmoid", "f64::tanh") => "la tangente hyperbolique remplace la sigmoïde".into(),
        ("sigmoid", "f64::exp") => "l'exponentielle remplace la sigmoïde".into(),
        ("sigmoid", "") => "la sigmoïde manque".into(),
        _ => format!("`{new}` remplace `{old}`"),
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
            "*" if !binary => {}
            "-" if !binary => change(token.at, "-", "", "un signe `-` manque".into()),
            "!" if !ends_a_value(before) && after != "=" => {
                change(token.at, "!", "", "une négation, `!`, manque".into());
            }
            "(" if !ends_a_value(before) && before != "!" => {
                if let Some(inside) = grouped(code, token.at, &all[i + 1..]) {
                    let old = format!("({inside})");
                    change(
                        token.at,
                        &old,
                        inside,
                        "une paire de parenthèses manque".into(),
                    );
                }
            }
            text if !sign || binary => {
                for new in
                    SWAPS.iter().filter(|(old, _)| *old == text).flat_map(|(_, new)| *new)
                {
                    change(token.at, text, new, replaces(text, new));
                }
            }
            _ => {}
        }
        if binary && ["+", "-", "*", "/"].contains(&token.text) {
            let end = operand(code, *token, &all);
            let dropped = code[token.at..end].trim_end();
            let operand = dropped[1..].trim();
            let simple = operand.chars().all(|c| c.is_alphanumeric() || "_.&".contains(c));
            let shown = if simple { format!(", `{operand}`,") } else { String::new() };
            let words = match token.text {
                "+" => format!("un terme{shown} n'est pas ajouté"),
                "-" => format!("un terme{shown} n'est pas retiré"),
                "*" => format!("un facteur{shown} manque"),
                _ => format!(
                    "une division{} manque",
                    shown.replace(", `", " par `").trim_end_matches(',')
                ),
            };
            change(token.at, dropped, "", words);
        }
        for new in other_numbers(token.text) {
            // Un nombre que personne n'écrirait éprouve les sondes, sans rien dire à personne.
            let words = match (token.text, after) {
                ("0", "..") => "le premier tour de boucle est sauté".into(),
                _ if new.len() > 3 => String::new(),
                _ => replaces(token.text, &new),
            };
            change(token.at, token.text, &new, words);
        }
        if parameters.contains(&token.text) && before != "." {
            let words = format!("le signe de `{}` est changé", token.text);
            change(token.at, token.text, &format!("(-{})", token.text), words);
            for other in parameters.iter().filter(|other| **other != token.text) {
                change(token.at, token.text, other, replaces(token.text, other));
            }
            for constant in ["0", "1", "2", "0.0", "0.5", "1.0", "&mut NumpyRng::seed(0)"] {
                let words = format!("`{}` vaut toujours {constant}", token.text);
                let words = match constant.contains("seed") {
                    true => "le générateur prêté ne sert pas".to_string(),
                    false => words,
                };
                change(token.at, token.text, constant, words);
            }
        }
        let rest = &code[token.at..];
        if token.text == "." && rest.starts_with(".iter()") {
            for (new, words) in [
                (".iter().skip(1)", "le premier élément est sauté"),
                (".iter().take(1)", "seul le premier élément compte"),
                (".iter().rev()", "l'ordre est inversé"),
            ] {
                change(token.at, ".iter()", new, words.into());
            }
        }
        if token.text == "."
            && let Some((name, _)) =
                rest.strip_prefix(".mapv(").and_then(|r| r.split_once(')'))
            && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        {
            let words = match name {
                "sigmoid" => "la sigmoïde manque".to_string(),
                _ => "la pente n'est pas appliquée".into(),
            };
            change(token.at, &format!(".mapv({name})"), "", words);
        }
        if token.text == "sigmoid_derivative_from_output" {
            let tanh = "(|a: f64| 1.0 - a * a)";
            let words =
                "la pente de la tangente hyperbolique remplace celle de la sigmoïde";
            change(token.at, token.text, tanh, words.into());
            change(token.at, token.text, "(|_: f64| 1.0)", "la pente manque".into());
        }
        if token.text == "." && rest.starts_with(".sum_axis(Axis(0))") {
            let mean = ".mean_axis(Axis(0)).unwrap()";
            change(
                token.at,
                ".sum_axis(Axis(0))",
                mean,
                "une moyenne remplace une somme".into(),
            );
        }
        if token.text == "zip"
            && before == "."
            && let Some(inside) = grouped(code, token.at + 3, &all[i + 2..])
        {
            let call = format!("zip({inside})");
            let words = "le premier élément est sauté".to_string();
            change(token.at, &call, &format!("{call}.skip(1)"), words);
        }
        if token.text == "in"
            && parameters.contains(&after)
            && all.get(i + 2).is_some_and(|t| t.text == "{")
        {
            for (call, words) in [
                ("skip", "le premier élément est sauté"),
                ("take", "seul le premier élément compte"),
            ] {
                let new = format!("in {after}.iter().{call}(1)");
                change(token.at, &format!("in {after}"), &new, words.into());
            }
        }
        if token.text == "." && rest.starts_with(".mapv(sigmoid)") {
            let twice = ".mapv(sigmoid).mapv(sigmoid)";
            change(
                token.at,
                ".mapv(sigmoid)",
                twice,
                "la sigmoïde est appliquée deux fois".into(),
            );
            let relu = ".mapv(|v: f64| v.max(0.0))";
            change(token.at, ".mapv(sigmoid)", relu, "ReLU remplace la sigmoïde".into());
        }
        if rest.starts_with("(-")
            && let Some((inside, after)) = rest[2..].split_once(").")
            && inside.chars().all(char::is_alphanumeric)
        {
            let method = after.split('(').next().unwrap_or_default();
            let words = format!(
                "le signe `-` ne s'applique qu'après `.{method}()`, faute de parenthèses"
            );
            change(
                token.at,
                &rest[..inside.len() + 3],
                &format!("(-{inside}.abs())"),
                "le signe du nombre est perdu".into(),
            );
            let call = format!("(-{inside}).{method}()");
            change(token.at, &call, &format!("(-({inside}.{method}()))"), words);
        }
        if token.text == ".."
            && after != "]"
            && after != ")"
            && let Some(end) = rest.find(['{', ')']).filter(|_| rest.contains('{'))
        {
            let bound = rest[2..end].trim();
            let bound = if rest[end..].starts_with(')') && bound.contains('(') {
                &rest[2..=end]
            } else {
                bound
            };
            let old = format!("..{bound}");
            if rest.starts_with(&old) {
                change(
                    token.at,
                    &old,
                    &format!("..({bound}) - 1"),
                    "le dernier tour de boucle manque".into(),
                );
            }
        }
        if ["=", "+=", "-="].contains(&token.text)
            && ["let", "mut"].iter().all(|word| all[i.saturating_sub(2)].text != *word)
        {
            let words = format!(
                "`let {before}` crée une variable de plus, au lieu de changer `{before}`"
            );
            change(all[i - 1].at, before, &format!("let {before}"), words);
        }
        for call in DROPPED {
            if token.text == "." && rest.starts_with(call) {
                change(token.at, call, "", format!("`{call}` manque"));
            }
        }
        // Une boucle qui s'arrête après son premier tour.
        if ["for", "while"].contains(&token.text)
            && let Some(start) = rest.find('{')
        {
            let mut depth = 0;
            let end = rest[start..].find(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                depth == 0
            });
            if let Some(end) = end {
                let at = token.at + start + end;
                change(
                    at,
                    "}",
                    " ; break; }",
                    "la boucle s'arrête après son premier tour".into(),
                );
            }
        }
    }
    // Un générateur fait ici, à la place de celui qui est prêté.
    if parameters.contains(&"rng") {
        let own = "{\n    let rng = &mut NumpyRng::seed(0);";
        change(body, "{", own, "le générateur prêté ne sert pas".into());
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
            change(body + 1, inside, &spoiled, format!("`{field}` est changé à la fin"));
        }
        let spoiled =
            format!(" let out = {{{inside}}}; {name}.trains_biases = false; out ");
        change(body + 1, inside, &spoiled, "`trains_biases` est changé à la fin".into());
    }
    // Une ligne en moins.
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        if at > body && line.trim_end().ends_with(';') {
            let target = [" += ", " -= ", " = "].iter().find_map(|o| line.split_once(o));
            let words = match target {
                Some((target, _)) => {
                    format!("la ligne qui change `{}` manque", target.trim())
                }
                None => {
                    match line.split('(').next().and_then(|call| call.rsplit('.').next()) {
                        Some(call) if line.contains('.') => {
                            format!("un appel à `{}` manque", call.trim())
                        }
                        _ => "une ligne manque".into(),
                    }
                }
            };
            change(at, line.trim_end(), "", words);
        }
        at += line.len();
    }
    let single = edits.iter().map(|edit| {
        let (at, words) = (edit.at, &edit.words);
        let line_start = code[..at].rfind('\n').map_or(0, |i| i + 1);
        let line_end = code[at..].find('\n').map_or(code.len(), |i| at + i);
        let line = code[line_start..line_end].trim();
        let place = code[line_start..at].trim_start().chars().count();
        let change = match edit.new.contains('\n') {
            true => format!("{line} | {place} : {words}"),
            false => format!("{line} | {place} : {} → {}", edit.old, edit.new),
        };
        (edited(code, &[edit]), change, words.clone())
    });
    // La même faute partout où elle peut se faire : les deux biais oubliés, les deux couches.
    let mut kinds: BTreeMap<String, Vec<&Edit>> = BTreeMap::new();
    for edit in edits.iter().filter(|edit| !edit.words.is_empty()) {
        // « un facteur, `x`, manque » : la même faute, quel que soit x.
        let kind = match edit.words.split_once(", `") {
            Some((start, end)) => start.to_string() + end.rsplit("`,").next().unwrap_or(""),
            // Ce qui devait s'ajouter et ce qui devait se retirer.
            None if ["`=` remplace `+=`", "`= -` remplace `-=`"]
                .contains(&edit.words.as_str()) =>
            {
                "`=` remplace `+=` ou `-=`".into()
            }
            None => edit.words.clone(),
        };
        let group = kinds.entry(kind).or_default();
        if group.last().is_none_or(|last| last.at + last.old.len() <= edit.at) {
            group.push(edit);
        }
    }
    let everywhere =
        kinds.iter().filter(|(_, group)| group.len() > 1).map(|(kind, group)| {
            (
                edited(code, group),
                format!("partout | 0 : {kind}"),
                format!("{kind}, partout"),
            )
        });
    let two = pairs_of(&edits).into_iter().map(|(a, b)| {
        let (first, second) = (&a.words, &b.words);
        let words = match first == second {
            true => format!("{first}, deux fois"),
            false => format!("{first}, et {second}"),
        };
        let change = format!(
            "{TWO}{}, {} : {} → {}, {} → {}",
            a.at, b.at, a.old, a.new, b.old, b.new
        );
        (edited(code, &[a, b]), change.replace('\n', " "), words)
    });
    single.chain(everywhere).chain(two).collect()
}

/// Un changement : ce qui se remplace, par quoi, et ce que l'on en dit.
struct Edit {
    at: usize,
    old: String,
    new: String,
    words: String,
}

/// Deux fautes à la fois, parmi celles que l'on fait le plus souvent : jamais deux fois la même, que
/// « partout » dit déjà, sauf s'il y a plus de deux places où la faire.
fn pairs_of(edits: &[Edit]) -> Vec<(&Edit, &Edit)> {
    const COMMON: [&str; 11] = [
        "une paire de parenthèses manque",
        "un signe `-` manque",
        "un terme",
        "un facteur",
        "la sigmoïde manque",
        "la tangente hyperbolique remplace la sigmoïde",
        "ReLU remplace la sigmoïde",
        "`=` remplace `+=`",
        "`+=` remplace `-=`",
        "`..=` remplace `..`",
        "la ligne qui change",
    ];
    let family =
        |edit: &&Edit| COMMON.iter().position(|start| edit.words.starts_with(start));
    let common: Vec<&Edit> = edits.iter().filter(|edit| family(edit).is_some()).collect();
    let mut pairs = Vec::new();
    for (i, a) in common.iter().enumerate() {
        for b in &common[i + 1..] {
            let (first, second) = if a.at <= b.at { (*a, *b) } else { (*b, *a) };
            let same = family(a) == family(b);
            let places = common.iter().filter(|c| family(c) == family(a)).count();
            if first.at + first.old.len() <= second.at && (!same || places > 2) {
                pairs.push((first, second));
            }
        }
    }
    pairs
}

/// Le code après des changements qui ne se chevauchent pas, dans l'ordre.
fn edited(code: &str, edits: &[&Edit]) -> String {
    let mut text = code.to_string();
    for edit in edits.iter().rev() {
        text.replace_range(edit.at..edit.at + edit.old.len(), &edit.new);
    }
    text
}
