//! « nouveau » : un chapitre ou un exercice qui passe déjà les vérifications, à remplacer peu à peu.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::chapter;
use crate::files;
use crate::paths::Paths;

/// Ce qui peut être commencé.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Un chapitre, son test, sa place dans le sommaire et dans les tableaux.
    Chapter,
    /// Un exercice dans un chapitre qui existe, sa référence, ses erreurs et ses réponses justes.
    Exercise,
}

/// Les fichiers à écrire, et leur texte.
type Written = Vec<(PathBuf, String)>;

/// Commence le chapitre ou l'exercice `name` (« NN_nom »), et dit ce qui a été écrit et ce qui suit.
///
/// # Erreurs
/// Un nom qui n'est pas de cette forme ou qui est déjà pris, un titre que le sommaire ne peut pas
/// écrire, un chapitre qui n'existe pas. Rien n'est alors écrit.
pub fn start(paths: &Paths, kind: Kind, name: &str, title: &str) -> Result<()> {
    let (number, step) = split(name)?;
    if title.trim().is_empty() || title.contains(['|', '[', ']', '\n']) {
        bail!("« {title} » : un titre est une ligne, sans « | » ni crochets.");
    }
    let fill = |model: &str| {
        files::plain(model)
            .replace("NUMERO", number)
            .replace("CHAPITRE", number.trim_start_matches('0'))
            .replace("NOM", step)
            .replace("TITRE", title)
    };
    let written = match kind {
        Kind::Chapter => new_chapter(paths, name, title, &fill)?,
        Kind::Exercise => new_exercise(paths, (number, step), &fill)?,
    };
    for (file, text) in &written {
        files::write_atomically(file, text.as_bytes())?;
        println!("{}", paths.display(file));
    }
    let test = match kind {
        Kind::Chapter => format!("cargo test --test chapitre_{name}"),
        Kind::Exercise => "cargo test --package correcteur".to_string(),
    };
    println!(
        "\nCe qui est écrit passe déjà. Remplacez-le par ce que vous voulez enseigner, puis lancez \
         « {test} », « cargo atelier notebooks {number} » et « cargo atelier livre --servir » : \
         CONTRIBUTING.md dit le reste."
    );
    Ok(())
}

/// « 12_attention » donne « 12 » et « attention ».
fn split(name: &str) -> Result<(&str, &str)> {
    let parts = name.split_once('_').filter(|(number, step)| {
        let is_number = number.len() == 2 && number.chars().all(|c| c.is_ascii_digit());
        let is_word =
            step.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        is_number && is_word && syn::parse_str::<syn::Ident>(step).is_ok()
    });
    parts.with_context(|| {
        format!(
            "« {name} » n'est pas un nom de la forme NN_nom : deux chiffres, un trait bas, puis un \
             nom de fonction Rust, en minuscules sans accent. Par exemple, 12_attention."
        )
    })
}

fn new_chapter(
    paths: &Paths,
    name: &str,
    title: &str,
    fill: &dyn Fn(&str) -> String,
) -> Result<Written> {
    let (number, _) = split(name)?;
    if let Some(taken) = chapter_file(paths, number)? {
        bail!("le chapitre {number} existe déjà : {}.", paths.display(&taken));
    }
    let link = format!("[{}. {title}]({name}.md)", number.trim_start_matches('0'));
    let line = |file: &str, start: &str, line: String| -> Result<(PathBuf, String)> {
        let path = paths.chapters().join(file);
        let text = files::read_text(&path)?;
        let text = after_last(
            &text,
            |line| line.starts_with(start) && before(line, number),
            &line,
        )
        .with_context(|| format!("« {file} » n'a aucun chapitre avant le {number}"))?;
        Ok((path, text))
    };
    Ok(vec![
        (paths.chapters().join(format!("{name}.md")), fill(CHAPTER)),
        line("SUMMARY.md", "- [", format!("- {link}"))?,
        line(
            "accueil.md",
            "| [",
            format!("| {link} | Quelle question ? | 20\u{a0}minutes |"),
        )?,
        line(
            "enseignant.md",
            "| [",
            format!("| {link} | 20\u{a0}min | ce que l'étudiant fait |"),
        )?,
        (paths.root.join(format!("tests/chapitre_{name}.rs")), fill(TEST)),
    ])
}

fn new_exercise(
    paths: &Paths,
    (number, step): (&str, &str),
    fill: &dyn Fn(&str) -> String,
) -> Result<Written> {
    let Some(page) = chapter_file(paths, number)? else {
        bail!(
            "il n'y a pas de chapitre {number}. Commencez par lui : « cargo atelier nouveau chapitre \
             {number}_nom Son titre »."
        );
    };
    let text = files::read_text(&page)?;
    let file_name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // La première section qui enseigne quelque chose.
    let heading = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .find(|heading| !heading.starts_with("Préparer"))
        .with_context(|| format!("{} n'a aucune section", paths.display(&page)))?
        .to_string();
    let rank = 1 + text.lines().filter(|line| line.starts_with("### Exercice ")).count();
    let section = fill(EXERCISE_TEXT).replace("RANG", &rank.to_string());
    let section = if text.contains("\n## Exercices") {
        section
    } else {
        format!("## Exercices\n\n{section}")
    };
    let at = text.find("## Questions").unwrap_or(text.len());
    let text = format!("{}{section}{}", &text[..at], &text[at..]);

    let judge = paths.notebooks().join("correcteur");
    let exercises = judge.join("src/exercices");
    let module = format!("chapitre_{number}");
    let code = exercises.join(format!("{module}.rs"));
    let type_name: String = step.split('_').map(capitalized).collect();
    let exercise = fill(EXERCISE)
        .replace("TYPE", &type_name)
        .replace("FICHIER", &file_name)
        .replace("RUBRIQUE", &heading);
    let mut written = vec![(page, text)];
    let (table, modules) = (judge.join("src/table.rs"), exercises.join("mod.rs"));
    let (mut rows, entry) =
        (files::read_text(&table)?, format!("        {step}: {type_name},"));
    if code.exists() {
        let text = files::read_text(&code)?;
        if text.contains(&format!("pub fn {step}(")) {
            bail!("l'exercice « {number}_{step} » existe déjà : {}.", paths.display(&code));
        }
        written.push((code, format!("{text}{exercise}")));
        let start = rows.find(&format!("    {module} ")).context(MOVED)?;
        let end = start + rows[start..].find("\n    }").context(MOVED)?;
        rows.insert_str(end, &format!("\n{entry}"));
    } else {
        written.push((code, format!("{}{exercise}", fill(EXERCISES))));
        let text = files::read_text(&modules)?;
        let line = format!("pub mod {module};");
        let text = after_last(&text, |line| line.starts_with("pub mod chapitre_"), &line);
        written.push((modules, text.context(MOVED)?));
        let end = rows.trim_end().strip_suffix('}').context(MOVED)?.len();
        rows.insert_str(
            end,
            &fill(&format!(
                "    /// Chapitre CHAPITRE.\n    {module} {{\n{entry}\n    }}\n"
            )),
        );
    }
    written.push((table, rows));
    let answers = judge.join("tests/reponses_justes.rs");
    let mut text = files::read_text(&answers)?;
    let end = text.rfind("    ]\n}").context(MOVED)?;
    text.insert_str(end, &fill(ANSWERS));
    written.push((answers, text));
    Ok(written)
}

const CHAPTER: &str = include_str!("../modeles/chapitre.md");
const TEST: &str = include_str!("../modeles/test.rs");
const EXERCISE_TEXT: &str = include_str!("../modeles/exercice.md");
const EXERCISES: &str = include_str!("../modeles/exercices.rs");
const EXERCISE: &str = include_str!("../modeles/exercice.rs");
const ANSWERS: &str = include_str!("../modeles/reponses.rs");
/// Ce que l'on dit si un fichier à compléter n'a plus la forme attendue.
const MOVED: &str =
    "un fichier du correcteur a changé de forme : adaptez book/atelier/src/skeleton.rs";

/// Le fichier du chapitre de ce numéro.
fn chapter_file(paths: &Paths, number: &str) -> Result<Option<PathBuf>> {
    let of_number = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&format!("{number}_"))
    };
    Ok(chapter::files(&paths.chapters())?.into_iter().find(of_number))
}

/// La ligne du sommaire ou d'un tableau est-elle celle d'un chapitre d'avant ?
fn before(line: &str, number: &str) -> bool {
    let link = line.split_once("](").map(|(_, link)| link);
    link.and_then(|link| link.get(..3)).is_some_and(|start| {
        start.ends_with('_')
            && start.starts_with(|c: char| c.is_ascii_digit())
            && &start[..2] < number
    })
}

/// Le texte, avec `new` après la dernière ligne qui convient ; rien si aucune ne convient.
fn after_last(text: &str, fits: impl Fn(&str) -> bool, new: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|line| fits(line))?;
    lines.insert(last + 1, new);
    Some(lines.join("\n") + "\n")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
}
