//! De la copie au programme : les fonctions que l'étudiant a écrites, et un appel par exercice.
//!
//! Une fonction ne peut dépendre que de ce qui est écrit au premier niveau (fonctions, types,
//! `use`…) : c'est tout ce que l'on garde d'une copie. Comme dans le notebook, la dernière
//! définition d'un nom l'emporte, et ce qui ne se compile pas laisse la précédente.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;

use anyhow::{Context, Result};
use regex::Regex;
use serde_json::Value;
use syn::spanned::Spanned;
use syn::{Item, Stmt, UseTree};

use super::sandbox::Sandbox;
use super::submission::Exercise;

/// Une commande du noyau (`:dep`…), même après des espaces ; `::std` n'en est pas une.
static COMMAND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^[ \t]*:[^:\s].*$").unwrap());
/// Une commande du système (`!ls`) ; `!a` peut aussi être la fin d'une expression.
static SHELL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?m)^[ \t]*!.*$").unwrap());

/// Le plus long nombre qui se lise : le plus grand `f64` a 309 chiffres.
const MOST_DIGITS: usize = 400;
/// Les mots et les signes d'une cellule, au plus : cinq fois la plus longue du livre.
const MOST_TOKENS: usize = 8000;
/// La pile que le lecteur de Rust prend pour chacun, au plus : 58 Ko mesurés, sans optimisation, pour
/// un type dans un type.
const STACK_PER_TOKEN: usize = 64 * 1024;
/// Ce que l'on dit d'une cellule où le lecteur de Rust lui-même se trompe.
pub(crate) const READER_STOPPED: &str = "le lecteur de Rust s'y est arrêté";

/// Ce que le système laisse au compilateur, en secondes.
const COMPILATION_LIMIT: u64 = 60;
/// Au-delà, ce qui se compile encore ne dépend plus de ce qui a été refusé.
const MOST_ROUNDS: usize = 12;

/// Un morceau de code du premier niveau.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Le rang de sa cellule dans la copie ; rien s'il vient du chapitre.
    pub cell: Option<usize>,
    /// Ce qu'il définit : un autre morceau qui le définit aussi le remplace.
    names: Vec<Name>,
    text: String,
}

#[derive(Clone, Debug, PartialEq)]
enum Name {
    /// Une fonction, une constante.
    Value(String),
    /// Un type, un trait, un module.
    Type(String),
    Macro(String),
    /// Ce qu'un `use` rend disponible, dont on ne sait pas ce que c'est.
    Import(String),
    /// Une méthode, et l'en-tête de son `impl`.
    Method(String, String),
}

impl Name {
    fn clashes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Import(a), Self::Import(b) | Self::Value(b) | Self::Type(b))
            | (Self::Value(a) | Self::Type(a), Self::Import(b)) => a == b,
            _ => self == other,
        }
    }
}

impl Piece {
    /// Définit-il cette fonction ou ce type ?
    pub fn defines(&self, name: &str) -> bool {
        self.names.iter().any(|n| matches!(n, Name::Value(n) | Name::Type(n) if n == name))
    }
}

/// Les morceaux d'une cellule.
///
/// # Erreurs
/// Ce n'est pas du Rust, et la phrase dit où ; ou la cellule est trop longue.
pub fn pieces(source: &str, cell: Option<usize>) -> Result<Vec<Piece>, String> {
    let signs = source.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace());
    let words =
        source.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    // `syn` lit un nombre en un temps qui croît comme le carré de sa longueur.
    let digit = |c: char| c.is_ascii_digit();
    let number =
        words.clone().find(|word| word.len() > MOST_DIGITS && word.starts_with(digit));
    if let Some(number) = number {
        return Err(format!(
            "Un nombre a {} chiffres, et {MOST_DIGITS} au plus se lisent. Écrivez-le autrement",
            number.len()
        ));
    }
    let tokens = signs.count() + words.count();
    if tokens > MOST_TOKENS {
        return Err(format!(
            "La cellule est trop longue : {tokens} mots et signes, et {MOST_TOKENS} au plus. \
             Partagez-la en plusieurs"
        ));
    }
    // Ce qui s'emboîte se lit en descendant : sans une pile à la mesure de la cellule, cent
    // parenthèses de suite arrêteraient l'atelier, et la correction de toute la classe.
    let said = |why: &str| format!("La cellule ne se lit pas : {why}");
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new()
            .stack_size((tokens + 32) * STACK_PER_TOKEN)
            .spawn_scoped(scope, || read(source, cell));
        match reader.map(|reader| reader.join()) {
            Ok(Ok(read)) => read,
            Ok(Err(_)) => Err(said(READER_STOPPED)),
            Err(error) => Err(said(&error.to_string())),
        }
    })
}

fn read(source: &str, cell: Option<usize>) -> Result<Vec<Piece>, String> {
    // Les commandes ne s'ôtent que s'il le faut : ce qui se lit sans cela est du Rust.
    let commands = COMMAND.replace_all(source, "");
    let attempts =
        [source.to_string(), commands.to_string(), SHELL.replace_all(&commands, "").into()];
    let mut parsed = None;
    for attempt in attempts {
        let text = format!("{{\n{attempt}\n}}");
        let block = syn::parse_str::<syn::Block>(&text);
        let done = block.is_ok();
        parsed = Some((text, block));
        if done {
            break;
        }
    }
    let (text, parsed) = parsed.expect("il y a au moins un essai");
    let block = parsed.map_err(|error| {
        let line = error.span().start().line.saturating_sub(1);
        format!("Ce n'est pas encore du Rust : {error} (ligne {line} de la cellule)")
    })?;
    let mut found = Vec::new();
    for statement in block.stmts {
        let Stmt::Item(item) = statement else { continue };
        if let Item::Use(item) = &item {
            let root = if item.leading_colon.is_some() { "::" } else { "" };
            imports(&item.tree, root, &mut |text, name| {
                found.push(Piece { cell, names: vec![Name::Import(name)], text });
            });
            continue;
        }
        let text = text[item.span().byte_range()].to_string();
        found.push(Piece { cell, names: names(&item), text });
    }
    Ok(found)
}

/// Chaque nom d'un `use`, séparément.
fn imports(tree: &UseTree, path: &str, found: &mut impl FnMut(String, String)) {
    match tree {
        UseTree::Path(inner) => {
            imports(&inner.tree, &format!("{path}{}::", inner.ident), found);
        }
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| imports(tree, path, found));
        }
        UseTree::Glob(_) => found(format!("use {path}*;"), format!("{path}*")),
        UseTree::Name(name) if name.ident == "self" => {
            let last = path.trim_end_matches("::").rsplit("::").next().unwrap_or_default();
            found(format!("use {path}{{self}};"), last.to_string());
        }
        UseTree::Name(name) => {
            found(format!("use {path}{};", name.ident), name.ident.to_string())
        }
        UseTree::Rename(name) if name.ident == "self" => found(
            format!("use {path}{{self as {}}};", name.rename),
            name.rename.to_string(),
        ),
        UseTree::Rename(name) => found(
            format!("use {path}{} as {};", name.ident, name.rename),
            name.rename.to_string(),
        ),
    }
}

fn names(item: &Item) -> Vec<Name> {
    let value = |ident: &syn::Ident| vec![Name::Value(ident.to_string())];
    let kind = |ident: &syn::Ident| vec![Name::Type(ident.to_string())];
    match item {
        Item::Fn(item) => value(&item.sig.ident),
        Item::Const(item) => value(&item.ident),
        Item::Static(item) => value(&item.ident),
        Item::Struct(item) => kind(&item.ident),
        Item::Enum(item) => kind(&item.ident),
        Item::Union(item) => kind(&item.ident),
        Item::Trait(item) => kind(&item.ident),
        Item::Type(item) => kind(&item.ident),
        Item::Mod(item) => kind(&item.ident),
        Item::Macro(item) => {
            item.ident.iter().map(|i| Name::Macro(i.to_string())).collect()
        }
        Item::Impl(item) => {
            let of = item
                .trait_
                .as_ref()
                .map(|part| format!("{:?}", part.1.span().source_text()));
            let header = format!("{of:?} {:?}", item.self_ty.span().source_text());
            let method = |inner: &syn::ImplItem| match inner {
                syn::ImplItem::Fn(inner) => {
                    Some(Name::Method(header.clone(), inner.sig.ident.to_string()))
                }
                _ => None,
            };
            item.items.iter().filter_map(method).collect()
        }
        _ => Vec::new(),
    }
}

/// Le programme d'une copie.
pub struct Program {
    /// Le fichier, s'il reste un appel à faire.
    pub file: Option<PathBuf>,
    /// Ce que le compilateur dit de chaque exercice refusé, par rang.
    pub refused: HashMap<usize, String>,
    /// Ce qu'il dit des morceaux refusés.
    pub broken: Vec<(Piece, String)>,
}

/// Compile les morceaux et un appel pour chacun des exercices, jusqu'à ce que le reste convienne.
///
/// # Erreurs
/// Le compilateur ne se lance pas.
pub fn compile(
    sandbox: &Sandbox,
    folder: &Path,
    pieces: &[Piece],
    exercises: &[&Exercise],
    deadline: Instant,
) -> Result<Program> {
    let mut broken: Vec<(usize, String)> = Vec::new();
    let mut refused: HashMap<usize, String> = HashMap::new();
    let name = format!("programme{}", std::env::consts::EXE_SUFFIX);
    let program = folder.join(&name);
    let mut file = None;
    for _ in 0..MOST_ROUNDS {
        let kept = last_of_each(pieces, &broken);
        let (text, owners) = source(pieces, &kept, exercises, &refused);
        std::fs::write(folder.join("copie.rs"), text).context("la copie ne s'écrit pas")?;
        let left = deadline.saturating_duration_since(Instant::now()).as_secs();
        let said = sandbox.compile(folder, &name, left.min(COMPILATION_LIMIT))?;
        if said.ended_well() && program.is_file() {
            file = Some(program);
            break;
        }
        let mut news = false;
        for (line, message) in errors(&said.errors) {
            match line.and_then(|line| owners.get(line)).copied().flatten() {
                Some(Owner::Piece(rank)) if !broken.iter().any(|(r, _)| *r == rank) => {
                    broken.push((rank, message));
                    news = true;
                }
                Some(Owner::Call(rank)) if !refused.contains_key(&rank) => {
                    refused.insert(rank, message);
                    news = true;
                }
                _ => {}
            }
        }
        if !news || refused.len() == exercises.len() {
            let why = match said.timed_out {
                true => "La compilation n'a pas fini à temps.".to_string(),
                false => errors(&said.errors)
                    .first()
                    .map_or_else(|| said.errors.clone(), |e| e.1.clone()),
            };
            for rank in 0..exercises.len() {
                refused.entry(rank).or_insert_with(|| why.clone());
            }
            break;
        }
    }
    let broken =
        broken.into_iter().map(|(rank, said)| (pieces[rank].clone(), said)).collect();
    Ok(Program { file, refused, broken })
}

/// Les rangs des morceaux qu'aucun autre, plus tard, ne remplace.
fn last_of_each(pieces: &[Piece], broken: &[(usize, String)]) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::new();
    for rank in (0..pieces.len()).rev() {
        let out = broken.iter().any(|(r, _)| *r == rank);
        let replaced = kept.iter().any(|later| {
            let clash = |a: &Name| pieces[*later].names.iter().any(|b| a.clashes(b));
            pieces[rank].names.iter().any(clash)
        });
        if !out && !replaced {
            kept.push(rank);
        }
    }
    kept.reverse();
    kept
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Owner {
    Piece(usize),
    Call(usize),
}

/// Le texte du programme, et de qui vient chaque ligne (comptées depuis 1).
///
/// La copie est dans un module, l'appel dans un module à l'intérieur : il en voit tous les noms, mais
/// le programme lui-même n'emploie que des chemins complets, qu'une copie ne peut pas détourner.
fn source(
    pieces: &[Piece],
    kept: &[usize],
    exercises: &[&Exercise],
    refused: &HashMap<usize, String>,
) -> (String, Vec<Option<Owner>>) {
    let (mut text, mut owners) = (String::new(), vec![None]);
    let mut push = |lines: &str, owner: Option<Owner>| {
        text.push_str(lines);
        text.push('\n');
        owners.extend(std::iter::repeat_n(owner, lines.split('\n').count()));
    };
    push("#![allow(warnings)]\nmod copie {", None);
    for rank in kept {
        push(&pieces[*rank].text, Some(Owner::Piece(*rank)));
    }
    push("pub mod __appels {\nuse super::*;", None);
    let mut arms = String::new();
    for (rank, exercise) in exercises.iter().enumerate() {
        if refused.contains_key(&rank) {
            continue;
        }
        let call = format!(
            "pub fn appel_{rank}() -> ::correcteur::Verdict {{ ::{} }}",
            exercise.call
        );
        push(&call, Some(Owner::Call(rank)));
        arms += &format!("\"{rank}\" => copie::__appels::appel_{rank}(),\n");
    }
    push("}\n}", None);
    push(
        &format!(
            "fn main() {{\nlet rank = ::std::env::args().nth(1).unwrap_or_default();\n\
             let verdict = match rank.as_str() {{\n{arms}_ => return,\n}};\n\
             let answers = verdict.answers().to_string();\n\
             use ::std::io::Write;\n\
             let mut out = ::std::io::stdout().lock();\n\
             let _ = out.write_all(b\"\\n\").and_then(|_| out.write_all(answers.as_bytes()))\
             .and_then(|_| out.flush());\n::std::process::exit(0)\n}}"
        ),
        None,
    );
    (text, owners)
}

/// Les erreurs du compilateur : la ligne où chacune se trouve, et ce qu'elle dit.
fn errors(said: &str) -> Vec<(Option<usize>, String)> {
    static PLACE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^ *--> .*$\n?").unwrap());
    let mut found = Vec::new();
    for line in said.lines() {
        let Ok(error) = serde_json::from_str::<Value>(line) else { continue };
        if error["level"] != "error" {
            continue;
        }
        let spans = error["spans"].as_array();
        let at = spans.into_iter().flatten().find(|span| span["is_primary"] == true);
        let line = at.and_then(|span| outermost(span)["line_start"].as_u64());
        let rendered = error["rendered"].as_str().unwrap_or_default();
        let message: String =
            PLACE.replace_all(rendered, "").trim().chars().take(2000).collect();
        found.push((line.map(|line| line as usize), message));
    }
    found
}

/// La place écrite dans la copie, quand l'erreur est au fond d'une macro.
fn outermost(span: &Value) -> &Value {
    match &span["expansion"]["span"] {
        Value::Null => span,
        outer => outermost(outer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        pieces(source, Some(0)).unwrap().into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn on_ne_garde_que_le_premier_niveau_sans_les_commandes() {
        let cell = "  :dep correcteur = { path = \"x\" }\n!cp a b\n#[derive(Clone)]\nstruct É;\n\
                    let x = 1;\nfn f() -> bool {\n    true\n}\nprintln!(\"{x}\")";
        assert_eq!(
            texts(cell),
            ["#[derive(Clone)]\nstruct É;", "fn f() -> bool {\n    true\n}"]
        );
        let rust = "fn f() -> bool {\n    true &&\n    !false\n}\n::std::println!(\"a\");";
        assert_eq!(texts(rust), ["fn f() -> bool {\n    true &&\n    !false\n}"]);
        assert_eq!(
            texts("use a::{self, b::{C, D as E}, *};"),
            ["use a::{self};", "use a::b::C;", "use a::b::D as E;", "use a::*;"]
        );
        assert!(pieces("fn f( {", None).unwrap_err().contains("ligne 1"));
    }

    #[test]
    fn un_nombre_sans_fin_se_refuse_aussitot() {
        let long = |digits: usize| format!("fn f() -> f64 {{ {}.0 }}", "9".repeat(digits));
        assert!(pieces(&long(309), None).is_ok());
        let said = pieces(&long(1_000_000), None).unwrap_err();
        assert!(said.contains("1000000 chiffres"), "{said}");
    }

    #[test]
    fn ce_qui_s_emboite_sans_fin_se_lit_ou_se_refuse() {
        let nested = |(open, close): (&str, &str), count| {
            let inside = format!("{}A{}", open.repeat(count), close.repeat(count));
            let (kind, value) = if open.contains('&') || open.contains('<') {
                (inside.as_str(), "")
            } else {
                ("A", inside.as_str())
            };
            format!("fn f(a: {kind}) {{ {value} }}")
        };
        for pair in
            [("(", ")"), ("!", ""), ("|a| ", ""), ("{", "}"), ("&", ""), ("dyn A<", ">")]
        {
            assert!(pieces(&nested(pair, 1000), None).is_ok(), "{pair:?}");
            assert!(
                pieces(&nested(pair, 50_000), None).unwrap_err().contains("trop longue")
            );
        }
    }

    #[test]
    fn la_derniere_definition_qui_se_compile_l_emporte() {
        let all: Vec<Piece> = [
            "use a::f;",
            "fn f() { 1 }",
            "struct S; impl S { fn g() {} }",
            "fn f() { 2 }",
            "impl S { fn h() {} }",
            "impl S { fn g() { 2 } }",
        ]
        .iter()
        .enumerate()
        .flat_map(|(rank, cell)| pieces(cell, Some(rank)).unwrap())
        .collect();
        let kept = |broken: &[(usize, String)]| -> Vec<&str> {
            last_of_each(&all, broken).into_iter().map(|r| all[r].text.as_str()).collect()
        };
        assert_eq!(
            kept(&[]),
            [
                "struct S;",
                "fn f() { 2 }",
                "impl S { fn h() {} }",
                "impl S { fn g() { 2 } }"
            ]
        );
        assert!(kept(&[(4, String::new())]).contains(&"fn f() { 1 }"));
    }
}
