//! La ligne de commande : ce qui peut être demandé, et l'aide.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::gate;
use crate::grade;
use crate::skeleton;

/// L'aide, telle que « cargo atelier --aide » la montre.
pub fn help() -> String {
    format!("{HELP}\nVérifications :\n{}", gate::list())
}

const HELP: &str = "\
cargo atelier : le livre, les notebooks et tout ce qu'il leur faut.

Usage : cargo atelier [COMMANDE] [OPTIONS]

Sans commande : prépare ce qui manque, construit le livre, le sert, ouvre JupyterLab
sur le premier chapitre et affiche les deux adresses. Ctrl-C arrête tout.

Commandes :
  preparer              installe ce qui manque (Python, JupyterLab, noyau Rust) dans .atelier/
  notebooks [NN…]       rend et exécute les notebooks des chapitres NN (tous, sans NN)
  notebooks --verifier  les exécute ailleurs et compare avec ceux qui sont enregistrés
  notebooks --enseignant [NN…]
                        les mêmes, exercices résolus, exécutés dans travail/
  noter DOSSIER…        exécute les copies (.ipynb) d'une classe, et écrit les verdicts
                        dans travail/notes.csv et travail/notes.html
  livre                 construit le livre : book/html/index.html
  livre --servir        le construit, puis le sert sur cette machine
  pdf                   le même livre en un fichier : book/html/livre.pdf
  lab                   ouvre JupyterLab sur vos copies, dans travail/
  nouveau chapitre NN_nom TITRE
                        commence un chapitre : sa page, son test, sa place au sommaire
  nouveau exercice NN_nom TITRE
                        commence un exercice du chapitre NN, que le correcteur juge déjà
  mdbook ÉTAPE          ce que `mdbook build book` demande de lui-même à l'atelier
  verifier              tout ce qui doit tenir : langue, code, tests, notebooks, livre
  verifier NOM…         seulement ces vérifications (la liste est plus bas)
  verifier --complet    un outil qui manque y est une erreur
  verifier --sauf NOM   toutes les vérifications, sauf celle-ci
  nettoyer              efface .atelier/ et le livre construit (cela se refait),
                        jamais travail/
  nettoyer --arreter    le même, après avoir arrêté un JupyterLab qui tourne encore

Options :
  --sans-navigateur     n'ouvre pas le navigateur, affiche seulement les adresses
  --sans-avance         ne garde pas de noyau prêt d'avance pour le prochain notebook
                        (il prend environ 600 Mo, et ne démarre que s'il en reste 3)
  --sortie DOSSIER      (noter) où écrire les résultats
  --temps SECONDES      (noter) le temps laissé à une copie, 120 d'office
  --memoire MO          (noter) la mémoire laissée à une copie, 4096 d'office
  --sans-isolement      (noter) exécuter les copies même si rien ne les enferme
  -h, --aide            cette aide
";

/// Ce qui est demandé.
#[derive(Debug, PartialEq)]
pub enum Request {
    /// Sans sous-commande : tout préparer et tout ouvrir.
    All { browser: bool, spare: bool },
    /// `preparer`.
    Prepare,
    /// `notebooks`, pour ces chapitres ou pour tous.
    Notebooks { verify: bool, chapters: Vec<String> },
    /// `notebooks --enseignant`, pour ces chapitres ou pour tous.
    Solved { chapters: Vec<String> },
    /// `noter`.
    Grade(grade::Options),
    /// `livre`.
    Book { serve: bool, browser: bool },
    /// `lab`.
    Lab { browser: bool, spare: bool },
    /// `verifier`, toutes les vérifications ou celles-ci.
    Verify { gates: Vec<String>, complete: bool },
    /// `nouveau`.
    New { kind: skeleton::Kind, name: String, title: String },
    /// `mdbook chapitres` : préparer les chapitres que mdBook envoie.
    Preprocess,
    /// `mdbook pages` : finir les pages que mdBook vient d'écrire.
    Postprocess,
    /// `pdf`.
    Pdf,
    /// `nettoyer`.
    Clean { stop: bool },
    /// `--aide`.
    Help,
}

/// Les options : leur nom, si une valeur les suit, et ce avec quoi elles vont.
const OPTIONS: [(&str, bool, &str); 12] = [
    ("sans-navigateur", false, "`lab`, `livre`, ou sans commande"),
    ("sans-avance", false, "`lab`, ou sans commande"),
    (
        "verifier",
        false,
        "`notebooks`, sans « --enseignant » ; pour tout vérifier : « cargo atelier verifier »",
    ),
    ("enseignant", false, "`notebooks`, sans « --verifier »"),
    ("servir", false, "`livre`"),
    ("complet", false, "`verifier`"),
    ("sauf", true, "`verifier`, sans autre nom"),
    ("arreter", false, "`nettoyer`"),
    ("sortie", true, "`noter`"),
    ("temps", true, "`noter`"),
    ("memoire", true, "`noter`"),
    ("sans-isolement", false, "`noter`"),
];

/// Ce qui est écrit après « cargo atelier », et que la commande n'a pas encore pris.
#[derive(Default)]
struct Given {
    command: Option<String>,
    names: Vec<String>,
    options: Vec<(&'static str, OsString)>,
}

impl Given {
    /// Range les arguments ; « -h » et « --help » disent « aide ».
    fn read(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Self> {
        let mut parser = lexopt::Parser::from_args(arguments);
        let mut given = Self::default();
        while let Some(argument) = parser.next()? {
            let (known, wanted) = match argument {
                Short('h') | Long("aide" | "help") => {
                    return Ok(Self { command: Some("aide".into()), ..Self::default() });
                }
                Value(value) => {
                    let value = value.to_string_lossy().into_owned();
                    match given.command {
                        None => given.command = Some(value),
                        Some(_) => given.names.push(value),
                    }
                    continue;
                }
                Long(name) => {
                    (OPTIONS.iter().find(|known| known.0 == name), format!("--{name}"))
                }
                Short(name) => (None, format!("-{name}")),
            };
            let Some(&(name, valued, _)) = known else {
                bail!("{}", unknown("l'option", &wanted, &words("-")));
            };
            let value = if valued { parser.value()? } else { OsString::new() };
            given.options.push((name, value));
        }
        Ok(given)
    }

    /// Prend l'option `name`, si elle est là.
    fn has(&mut self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Prend la valeur de l'option `name`, si elle est là.
    fn value(&mut self, name: &str) -> Option<OsString> {
        let at = self.options.iter().position(|(known, _)| *known == name)?;
        Some(self.options.remove(at).1)
    }

    /// Prend l'option `name`, un nombre entier, au moins 1.
    fn whole(&mut self, name: &str) -> Result<Option<u64>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = value.to_string_lossy();
        match text.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => bail!(
                "« --{name} » attend un nombre entier, au moins 1 ; « {text} » n'en est pas un."
            ),
        }
    }

    /// Prend tous les noms.
    fn names(&mut self) -> Vec<String> {
        std::mem::take(&mut self.names)
    }

    /// La commande a pris ce qui la concerne : il ne doit rien rester.
    fn end(self) -> Result<()> {
        if let Some((name, _)) = self.options.first() {
            let with =
                OPTIONS.iter().find(|known| known.0 == *name).map_or("", |known| known.2);
            bail!("« --{name} » va avec {with}.");
        }
        if !self.names.is_empty() {
            bail!("« {} » : argument en trop.\n\n{}", self.names.join(" "), help());
        }
        Ok(())
    }
}

/// Lit les arguments (sans le nom du programme) : la commande d'abord, puis ce qui va avec elle.
///
/// # Erreurs
/// Une commande, une option ou un argument inconnus, avec ce qui existe.
pub fn parse(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Request> {
    let mut given = Given::read(arguments)?;
    let command = given.command.take();
    let request = match command.as_deref() {
        None => Request::All {
            browser: !given.has("sans-navigateur"),
            spare: !given.has("sans-avance"),
        },
        Some("preparer") => Request::Prepare,
        Some("noter") => grading(&mut given)?,
        Some("notebooks") if given.has("verifier") => {
            Request::Notebooks { verify: true, chapters: given.names() }
        }
        Some("notebooks") if given.has("enseignant") => {
            Request::Solved { chapters: given.names() }
        }
        Some("notebooks") => Request::Notebooks { verify: false, chapters: given.names() },
        Some("livre") => Request::Book {
            serve: given.has("servir"),
            browser: !given.has("sans-navigateur"),
        },
        Some("lab") => Request::Lab {
            browser: !given.has("sans-navigateur"),
            spare: !given.has("sans-avance"),
        },
        Some("verifier") => verification(&mut given)?,
        Some("nouveau") => beginning(&given.names())?,
        Some("mdbook") => match given.names().as_slice() {
            [stage] if stage == "chapitres" => Request::Preprocess,
            [stage] if stage == "pages" => Request::Postprocess,
            _ => bail!(
                "`mdbook` est pour mdBook, qui l'appelle avec `chapitres` ou `pages`. Pour \
                 construire le livre : « cargo atelier livre »."
            ),
        },
        Some("pdf") => Request::Pdf,
        Some("nettoyer") => Request::Clean { stop: given.has("arreter") },
        Some("aide") => Request::Help,
        Some(other) => bail!("{}", unknown("la commande", other, &commands())),
    };
    given.end()?;
    Ok(request)
}

fn grading(given: &mut Given) -> Result<Request> {
    let options = grade::Options {
        sources: given.names().into_iter().map(PathBuf::from).collect(),
        output: given.value("sortie").map(PathBuf::from),
        time: given.whole("temps")?.unwrap_or(grade::TIME),
        memory: given.whole("memoire")?.unwrap_or(grade::MEMORY),
        open: given.has("sans-isolement"),
    };
    if options.sources.is_empty() {
        bail!("« noter » attend un dossier de copies : « cargo atelier noter DOSSIER ».");
    }
    Ok(Request::Grade(options))
}

fn verification(given: &mut Given) -> Result<Request> {
    let complete = given.has("complet");
    let gates = given.names();
    gate::select(&gates)?;
    let mut except = Vec::new();
    while gates.is_empty()
        && let Some(name) = given.value("sauf")
    {
        except.push(name.to_string_lossy().into_owned());
    }
    let gates = if except.is_empty() { gates } else { gate::all_but(&except)? };
    Ok(Request::Verify { gates, complete })
}

fn beginning(names: &[String]) -> Result<Request> {
    let [kind, name, title @ ..] = names else {
        bail!("{INCOMPLETE}");
    };
    let kind = match kind.as_str() {
        "chapitre" => skeleton::Kind::Chapter,
        "exercice" => skeleton::Kind::Exercise,
        other => bail!(
            "« nouveau » commence un `chapitre` ou un `exercice`, et non « {other} »."
        ),
    };
    if title.is_empty() {
        bail!("{INCOMPLETE}");
    }
    Ok(Request::New { kind, name: name.clone(), title: title.join(" ") })
}

/// Ce que l'on dit à qui ne donne pas tout à « nouveau ».
const INCOMPLETE: &str = "« nouveau » attend ce qu'il commence, son nom et son titre : « cargo atelier \
                          nouveau chapitre 14_attention \"Regarder ailleurs\" ».";

/// Les mots de l'aide qui commencent par `start`.
fn words(start: &str) -> Vec<&'static str> {
    let all = HELP.split_whitespace().map(|word| word.trim_end_matches(','));
    all.filter(|word| word.starts_with(start)).collect()
}

/// Les commandes de l'aide : les mots des lignes en retrait qui ne sont pas des options.
fn commands() -> Vec<&'static str> {
    let indented =
        HELP.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let first = indented.filter_map(|line| line.split_whitespace().next());
    first.filter(|word| word.chars().all(char::is_alphabetic)).collect()
}

/// Ce qui n'existe pas, et ce qui lui ressemble le plus.
fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let near =
        known.iter().map(|known| (strsim::damerau_levenshtein(word, known), known)).min();
    let near = near.filter(|(distance, _)| *distance <= 1 + word.chars().count() / 4);
    let hint = near.map(|(_, known)| format!(" Vouliez-vous écrire « {known} » ?"));
    format!(
        "{what} « {word} » n'existe pas.{} L'aide les dit toutes : « cargo atelier aide ».",
        hint.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_commande_de_l_aide_se_lit() {
        let all = |browser, spare| Request::All { browser, spare };
        assert_eq!(parse([] as [&str; 0]).unwrap(), all(true, true));
        assert_eq!(parse(["--sans-navigateur"]).unwrap(), all(false, true));
        assert_eq!(parse(["--sans-avance"]).unwrap(), all(true, false));
        assert_eq!(parse(["preparer"]).unwrap(), Request::Prepare);
        assert_eq!(
            parse(["notebooks", "--verifier", "03", "06"]).unwrap(),
            Request::Notebooks { verify: true, chapters: vec!["03".into(), "06".into()] }
        );
        assert_eq!(
            parse(["livre", "--servir"]).unwrap(),
            Request::Book { serve: true, browser: true }
        );
        assert_eq!(
            parse(["lab", "--sans-navigateur"]).unwrap(),
            Request::Lab { browser: false, spare: true }
        );
        assert_eq!(
            parse(["verifier"]).unwrap(),
            Request::Verify { gates: vec![], complete: false }
        );
        assert_eq!(
            parse(["verifier", "--complet", "langue"]).unwrap(),
            Request::Verify { gates: vec!["langue".into()], complete: true }
        );
        let Request::Verify { gates, complete: true } =
            parse(["verifier", "--complet", "--sauf", "tests", "--sauf", "html"]).unwrap()
        else {
            panic!("une vérification complète")
        };
        assert_eq!(gates.len(), gate::GATES.len() - 2);
        assert!(gates.iter().all(|name| name != "tests" && name != "html"));
        assert_eq!(
            parse(["notebooks", "--enseignant", "05"]).unwrap(),
            Request::Solved { chapters: vec!["05".into()] }
        );
        assert_eq!(
            parse(["noter", "copies", "--temps", "60", "--sortie", "ici"]).unwrap(),
            Request::Grade(grade::Options {
                sources: vec!["copies".into()],
                output: Some("ici".into()),
                time: 60,
                memory: grade::MEMORY,
                open: false,
            })
        );
        assert_eq!(
            parse(["nouveau", "chapitre", "14_essai", "Un", "essai"]).unwrap(),
            Request::New {
                kind: skeleton::Kind::Chapter,
                name: "14_essai".into(),
                title: "Un essai".into()
            }
        );
        assert_eq!(parse(["mdbook", "chapitres"]).unwrap(), Request::Preprocess);
        assert_eq!(parse(["mdbook", "pages"]).unwrap(), Request::Postprocess);
        assert_eq!(parse(["pdf"]).unwrap(), Request::Pdf);
        assert_eq!(parse(["nettoyer"]).unwrap(), Request::Clean { stop: false });
        assert_eq!(parse(["--aide"]).unwrap(), Request::Help);
        assert!(OPTIONS.iter().all(|(name, ..)| HELP.contains(&format!("--{name}"))));
    }

    #[test]
    fn ce_qui_n_existe_pas_est_nomme() {
        for (arguments, word) in [
            (vec!["livres"], "« livres »"),
            (vec!["livre", "--arreter"], "« --arreter »"),
            (vec!["notebok"], "« notebooks »"),
            (vec!["--sans-avnce"], "« --sans-avance »"),
            (vec!["xyz"], "cargo atelier aide"),
            (vec!["--vite"], "« --vite »"),
            (vec!["livre", "03"], "« 03 »"),
            (vec!["livre", "--verifier"], "« --verifier »"),
            (vec!["noter"], "un dossier"),
            (vec!["mdbook", "build"], "cargo atelier livre"),
            (vec!["nouveau", "chapitre", "14_essai"], "son titre"),
            (vec!["nouveau", "roman", "14_essai", "Un"], "« roman »"),
            (vec!["noter", "x", "--temps", "0"], "« 0 »"),
            (vec!["livre", "--memoire", "9"], "va avec `noter`"),
            (vec!["notebooks", "--verifier", "--enseignant"], "sans « --verifier »"),
            (vec!["verifier", "--sauf", "test"], "« test »"),
            (vec!["verifier", "langue", "--sauf", "tests"], "« --sauf »"),
            (vec!["preparer", "--sans-navigateur"], "« --sans-navigateur »"),
        ] {
            let error = parse(arguments).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
