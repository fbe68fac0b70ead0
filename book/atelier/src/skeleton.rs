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
    let mut title = title.trim().to_string();
    for sign in ["?", "!", ":", ";"] {
        title = title.replace(&format!(" {sign}"), &format!("\u{a0}{sign}"));
    }
    if title.is_empty()
        || title.contains(|c: char| c.is_control() || r"|[]<>\#".contains(c))
    {
        bail!(
            r"« {title} » : un titre est une ligne, sans aucun de ces signes : | [ ] < > \ #."
        );
    }
    let read = number.strip_prefix('0').unwrap_or(number);
    let fill = |model: &str| {
        files::plain(model)
            .replace("NUMERO", number)
            .replace("CHAPITRE", read)
            .replace("NOM", step)
            .replace("TITRE", &title)
    };
    let written = match kind {
        Kind::Chapter => new_chapter(paths, name, &title, &fill)?,
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
        "\nCes fichiers sont valides. Remplacez leur contenu par ce que vous voulez enseigner, puis \
         lancez « {test} », « cargo atelier notebooks {number} » et « cargo atelier livre --servir ». \
         La suite est dans CONTRIBUTING.md."
    );
    Ok(())
}

/// « 14_attention » donne « 12 » et « attention ».
fn split(name: &str) -> Result<(&str, &str)> {
    let parts = name.split_once('_').filter(|(number, step)| {
        let is_number = number.len() == 2 && number.chars().all(|c| c.is_ascii_digit());
        let is_word =
            step.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let is_name = syn::parse_str::<syn::Ident>(step).is_ok()
            && !step.starts_with('_')
            && !step.ends_with('_')
            && !step.contains("__");
        is_number && is_word && is_name
    });
    parts.with_context(|| {
        format!(
            "« {name} » n'est pas un nom de la forme NN_nom : deux chiffres, un trait bas, puis un \
             nom de fonction Rust, en minuscules sans accent, qui commence par une lettre. Par \
             exemple, 14_attention."
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
    let last = chapter_numbers(paths)?.into_iter().max().unwrap_or(0);
    if number.parse() != Ok(last + 1) {
        bail!("le prochain chapitre porte le numéro {:02}, et non {number}.", last + 1);
    }
    let test = paths.root.join(format!("tests/chapitre_{name}.rs"));
    if test.exists() {
        bail!("{} existe déjà, sans son chapitre.", paths.display(&test));
    }
    let link = format!("[{}. {title}]({name}.md)", last + 1);
    let line = |file: &str, start: &str, line: String| -> Result<(PathBuf, String)> {
        let path = paths.chapters().join(file);
        let text = files::read_text(&path)?;
        let is_last =
            |line: &str| line.starts_with(start) && line.contains(&format!("]({last:02}_"));
        let text = after_last(&text, is_last, &line)
            .with_context(|| format!("« {file} » n'a pas le chapitre {last:02}"))?;
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
        (test, fill(TEST)),
    ])
}

fn new_exercise(
    paths: &Paths,
    (number, step): (&str, &str),
    fill: &dyn Fn(&str) -> String,
) -> Result<Written> {
    let Some(page) = chapter::find(&paths.chapters(), number)? else {
        bail!(
            "il n'y a pas de chapitre {number}. Commencez par lui : « cargo atelier nouveau chapitre \
             {number}_nom TITRE »."
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
    let rank = text.lines().filter_map(|line| {
        let number = line.strip_prefix("### Exercice ")?.split_once('.')?.1;
        number.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok()
    });
    let rank = 1 + rank.max().unwrap_or(0);
    let section = fill(&EXERCISE_TEXT.replace("RANG", &rank.to_string()));
    let heading_of_exercises =
        if text.contains("\n## Exercices\n") { "" } else { "## Exercices\n\n" };
    let Some(at) = text.find("\n## Questions\n") else {
        bail!(
            "{} n'a pas de section « ## Questions », devant laquelle l'exercice se place : écrivez-la.",
            paths.display(&page)
        );
    };
    let imports: String = text.lines().filter(|line| line.starts_with("use ")).collect();
    let text =
        format!("{}\n{heading_of_exercises}{section}{}", &text[..at], &text[at + 1..]);

    let judge = paths.notebooks().join("correcteur");
    let exercises = judge.join("src/exercices");
    let module = format!("chapitre_{number}");
    let code = exercises.join(format!("{module}.rs"));
    let type_name: String = step.split('_').map(capitalized).collect();
    let exercise = fill(EXERCISE)
        .replace("TYPE", &type_name)
        .replace("FICHIER", &file_name)
        .replace("\"RUBRIQUE\"", &format!("{heading:?}"));
    let mut written = vec![(page, text)];
    let (table, modules) = (judge.join("src/table.rs"), exercises.join("mod.rs"));
    let (mut rows, entry) =
        (files::read_text(&table)?, format!("        {step}: {type_name},"));
    let is_new = !code.exists();
    let before = if is_new { fill(EXERCISES) } else { files::read_text(&code)? };
    let shared = files::read_text(&modules)?;
    for word in [step, &type_name] {
        let known = [before.as_str(), &shared, &imports, TAKEN];
        if known.iter().any(|text| words(text).any(|known| known == word)) {
            bail!(
                "le nom « {word} » sert déjà, dans {}, à côté de lui ou dans le chapitre : choisissez-en \
                 un autre.",
                paths.display(&code)
            );
        }
    }
    written.push((code, format!("{before}{exercise}")));
    if is_new {
        let line = format!("pub mod {module};");
        let is_before =
            |found: &str| found.starts_with("pub mod chapitre_") && found < line.as_str();
        let first = || shared.replacen("pub mod", &format!("{line}\npub mod"), 1);
        let text = after_last(&shared, is_before, &line).unwrap_or_else(first);
        written.push((modules, text));
        let end = rows.trim_end().strip_suffix('}').context(MOVED)?.len();
        let block =
            format!("    /// Chapitre CHAPITRE.\n    {module} {{\n{entry}\n    }}\n");
        rows.insert_str(end, &fill(&block));
    } else {
        let start = rows.find(&format!("    {module} ")).context(MOVED)?;
        let end = start + rows[start..].find("\n    }").context(MOVED)?;
        rows.insert_str(end, &format!("\n{entry}"));
    }
    written.push((table, rows));
    let answers = judge.join("tests/reponses_justes.rs");
    let mut text = files::read_text(&answers)?;
    let call = format!("chapter_{}()", number.trim_start_matches('0'));
    let function = format!("fn {call} ");
    if !text.contains(&function) {
        let end = text.find("    ]\n    .concat()").context(MOVED)?;
        text.insert_str(end, &format!("        {call},\n"));
        text += &format!(
            "\n{function}-> Vec<Answers> {{\n    vec![\n{ANSWERS_HEAD}    ]\n}}\n"
        );
    }
    let start = text.find(&function).context(MOVED)?;
    let end = start + text[start..].find("    ]\n}").context(MOVED)?;
    text.insert_str(end, &fill(ANSWERS));
    written.push((answers, text));
    Ok(written)
}

const CHAPTER: &str = include_str!("../modeles/chapitre.md");
const TEST: &str = include_str!("../modeles/test.rs");
const EXERCISE_TEXT: &str = include_str!("../modeles/exercice.md");
const EXERCISES: &str = include_str!("../modeles/exercices.rs");
const EXERCISE: &str = include_str!("../modeles/exercice.rs");
/// La première ligne des réponses d'un chapitre.
const ANSWERS_HEAD: &str =
    "        // Pour chaque exercice, trois façons justes de répondre, ou plus.\n";
const ANSWERS: &str = include_str!("../modeles/reponses.rs");
/// Ce que l'on dit si un fichier à compléter n'a plus la forme attendue.
const MOVED: &str =
    "un fichier du correcteur a changé de forme : adaptez book/atelier/src/skeleton.rs";

/// Des noms qui ont déjà un sens là où l'exercice se compile.
const TAKEN: &str = "verdict Box Err None Ok Option Result Some String Vec";

/// Les numéros des chapitres, sans les annexes.
fn chapter_numbers(paths: &Paths) -> Result<Vec<u32>> {
    let number = |file: PathBuf| {
        file.file_name()?
            .to_string_lossy()
            .get(..2)?
            .parse()
            .ok()
            .filter(|number| *number < 90)
    };
    Ok(chapter::files(&paths.chapters())?.into_iter().filter_map(number).collect())
}

/// Les mots d'un texte, au sens de Rust.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Ce que la commande lit et complète, copié ailleurs.
    fn project() -> (tempfile::TempDir, Paths) {
        let root = Paths::find().unwrap().root;
        let dir = tempfile::tempdir().unwrap();
        let judge = ["src", "src/exercices", "tests"]
            .map(|folder| format!("notebooks/correcteur/{folder}"));
        for folder in judge.iter().map(String::as_str).chain(["book/src"]) {
            let target = dir.path().join(folder);
            std::fs::create_dir_all(&target).unwrap();
            for entry in std::fs::read_dir(root.join(folder)).unwrap().flatten() {
                if entry.path().is_file() {
                    files::copy(&entry.path(), &target.join(entry.file_name())).unwrap();
                }
            }
        }
        let paths = Paths { root: dir.path().to_path_buf() };
        (dir, paths)
    }

    #[test]
    fn un_exercice_se_place_devant_les_questions_et_prend_le_rang_suivant() {
        let (_dir, paths) = project();
        start(&paths, Kind::Chapter, "14_essai", "Un essai").unwrap();
        start(&paths, Kind::Exercise, "14_triple", "Le RANG").unwrap();
        start(&paths, Kind::Exercise, "00_moitie", "La moitié").unwrap();
        start(&paths, Kind::Exercise, "14_quart", "Et le quart ?").unwrap();
        let text = files::read_text(&paths.chapters().join("14_essai.md")).unwrap();
        let places =
            ["## Exercices", "### Exercice 14.1", "### Exercice 14.2", "\n## Questions"]
                .map(|found| text.find(found).unwrap());
        assert!(places.is_sorted(), "{text}");
        assert_eq!(text.matches("## Exercices").count(), 1);
        assert!(text.contains("Le RANG") && text.contains("quart\u{a0}?\n"), "{text}");
        let modules = paths.notebooks().join("correcteur/src/exercices/mod.rs");
        let modules = files::read_text(&modules).unwrap();
        assert!(modules.contains("pub mod chapitre_00;\npub mod chapitre_01;"));
        assert!(modules.contains("pub mod chapitre_13;\npub mod chapitre_14;"));
        let table =
            files::read_text(&paths.notebooks().join("correcteur/src/table.rs")).unwrap();
        assert!(table.contains(
            "chapitre_14 {\n        triple: Triple,\n        quart: Quart,\n    }"
        ));
    }

    #[test]
    fn ce_qui_ne_se_commence_pas_est_refuse_et_rien_n_est_ecrit() {
        let (_dir, paths) = project();
        let (chapter, exercise) = (Kind::Chapter, Kind::Exercise);
        for (kind, name, title, word) in [
            (chapter, "3_essai", "Un essai", "NN_nom"),
            (chapter, "13_Été", "Un essai", "NN_nom"),
            (chapter, "13__a", "Un essai", "NN_nom"),
            (chapter, "13_fn", "Un essai", "NN_nom"),
            (chapter, "13_2d", "Un essai", "une lettre"),
            (chapter, "14_essai", "Un | essai", "un titre"),
            (chapter, "14_essai", " ", "un titre"),
            (chapter, "15_essai", "Un essai", "le numéro 14"),
            (chapter, "03_essai", "Un essai", "le numéro 14"),
            (exercise, "14_essai", "Un essai", "pas de chapitre 14"),
            (exercise, "90_essai", "Un essai", "## Questions"),
            (exercise, "01_my_sigmoid", "Un essai", "sert déjà"),
            (exercise, "01_number", "Un essai", "sert déjà"),
            (exercise, "01_exercise", "Un essai", "sert déjà"),
            (exercise, "12_vec", "Un essai", "sert déjà"),
            (exercise, "12_verdict", "Un essai", "sert déjà"),
        ] {
            let error = format!("{:#}", start(&paths, kind, name, title).unwrap_err());
            assert!(error.contains(word), "{name} : {error}");
        }
        assert!(!paths.chapters().join("14_essai.md").exists());
    }
}
