//! La ligne de commande : ce qui peut être demandé, et l'aide.

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::gate;

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
  livre                 construit le livre : book/html/index.html
  livre --servir        le construit, puis le sert sur cette machine
  pdf                   le même livre en un fichier : book/html/livre.pdf
  lab                   ouvre JupyterLab sur vos copies, dans travail/
  verifier              tout ce qui doit tenir : langue, code, tests, notebooks, livre
  verifier NOM…         seulement ces vérifications (la liste est plus bas)
  verifier --complet    un outil qui manque y est une erreur
  nettoyer              efface .atelier/ et le livre construit (cela se refait),
                        jamais travail/

Options :
  --sans-navigateur     n'ouvre pas le navigateur, affiche seulement les adresses
  -h, --aide            cette aide
";

/// Ce qui est demandé.
#[derive(Debug, PartialEq)]
pub enum Request {
    /// Sans sous-commande : tout préparer et tout ouvrir.
    All { browser: bool },
    /// `preparer`.
    Prepare,
    /// `notebooks`, pour ces chapitres ou pour tous.
    Notebooks { verify: bool, chapters: Vec<String> },
    /// `livre`.
    Book { serve: bool, browser: bool },
    /// `lab`.
    Lab { browser: bool },
    /// `verifier`, toutes les vérifications ou celles-ci.
    Verify { gates: Vec<String>, complete: bool },
    /// `pdf`.
    Pdf,
    /// `nettoyer`.
    Clean,
    /// `--aide`.
    Help,
}

/// Lit les arguments (sans le nom du programme).
///
/// # Erreurs
/// Une commande, une option ou un argument inconnus, avec ce qui existe.
pub fn parse(
    arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString>>,
) -> Result<Request> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let (mut command, mut names) = (None::<String>, Vec::new());
    let (mut browser, mut verify, mut serve) = (true, false, false);
    let mut complete = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("aide" | "help") => return Ok(Request::Help),
            Long("sans-navigateur") => browser = false,
            Long("verifier") => verify = true,
            Long("servir") => serve = true,
            Long("complet") => complete = true,
            Value(value) => {
                let value = value.to_string_lossy().into_owned();
                match command {
                    None => command = Some(value),
                    Some(_) => names.push(value),
                }
            }
            Long(other) => bail!("l'option « --{other} » n'existe pas.\n\n{}", help()),
            Short(other) => bail!("l'option « -{other} » n'existe pas.\n\n{}", help()),
        }
    }
    let command = command.as_deref();
    if !matches!(command, Some("notebooks" | "verifier")) && !names.is_empty() {
        bail!("« {} » : argument en trop.\n\n{}", names.join(" "), help());
    }
    if verify && command != Some("notebooks") {
        bail!(
            "« --verifier » va avec « notebooks » ; pour tout vérifier : « cargo atelier verifier »."
        );
    }
    if complete && command != Some("verifier") {
        bail!("« --complet » va avec « cargo atelier verifier ».");
    }
    if serve && command != Some("livre") {
        bail!("« --servir » va avec « livre ».");
    }
    if !browser && !matches!(command, None | Some("lab" | "livre")) {
        bail!("« --sans-navigateur » ne change rien à cette commande : retirez-le.");
    }
    Ok(match command {
        None => Request::All { browser },
        Some("preparer") => Request::Prepare,
        Some("notebooks") => Request::Notebooks { verify, chapters: names },
        Some("livre") => Request::Book { serve, browser },
        Some("lab") => Request::Lab { browser },
        Some("verifier") => {
            gate::select(&names)?;
            Request::Verify { gates: names, complete }
        }
        Some("pdf") => Request::Pdf,
        Some("nettoyer") => Request::Clean,
        Some("aide") => Request::Help,
        Some(other) => bail!("la commande « {other} » n'existe pas.\n\n{}", help()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_commande_de_l_aide_se_lit() {
        assert_eq!(parse([] as [&str; 0]).unwrap(), Request::All { browser: true });
        assert_eq!(parse(["--sans-navigateur"]).unwrap(), Request::All { browser: false });
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
            Request::Lab { browser: false }
        );
        assert_eq!(
            parse(["verifier"]).unwrap(),
            Request::Verify { gates: vec![], complete: false }
        );
        assert_eq!(
            parse(["verifier", "--complet", "langue"]).unwrap(),
            Request::Verify { gates: vec!["langue".into()], complete: true }
        );
        assert_eq!(parse(["pdf"]).unwrap(), Request::Pdf);
        assert_eq!(parse(["nettoyer"]).unwrap(), Request::Clean);
        assert_eq!(parse(["--aide"]).unwrap(), Request::Help);
    }

    #[test]
    fn ce_qui_n_existe_pas_est_nomme() {
        for (arguments, word) in [
            (vec!["livres"], "« livres »"),
            (vec!["--vite"], "« --vite »"),
            (vec!["livre", "03"], "« 03 »"),
            (vec!["livre", "--verifier"], "« --verifier »"),
            (vec!["preparer", "--sans-navigateur"], "« --sans-navigateur »"),
        ] {
            let error = parse(arguments).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
