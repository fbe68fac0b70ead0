//! Les essais du livre construit : dans un vrai navigateur, et par les vérificateurs de pages.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::paths::Paths;
use crate::process;
use crate::progress::Progress;

/// Un essai de `tests/navigateur` : ce qu'il vérifie, et la commande npm qui le lance.
fn trial(paths: &Paths, what: &str, script: &str) -> Result<Vec<String>> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let known = Command::new(npm).arg("--version").output();
    if !known.is_ok_and(|output| output.status.success()) {
        return Ok(vec![format!(
            "{what} : il y faut Node.js 20 ou plus récent (Debian, Ubuntu : `apt install nodejs npm`)"
        )]);
    }
    if script != "html" && chromium().is_none() {
        return Ok(vec![format!(
            "{what} : il y faut Chromium ou Chrome (Debian : `apt install chromium`), ou son chemin \
             dans la variable `CHROMIUM`"
        )]);
    }
    let folder = paths.root.join("tests/navigateur");
    let progress = Progress::start(what);
    if !folder.join("node_modules/.package-lock.json").is_file() {
        progress.detail("npm ci");
        let mut install = Command::new(npm);
        install.args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&folder);
        process::run(install, "npm ci", |_| {})?;
    }
    let mut command = Command::new(npm);
    command.args(["run", "--silent", script]).current_dir(&folder);
    let (mut said, mut counts) = (Vec::new(), Vec::new());
    let (code, _) = process::run_to_end(command, |line| {
        let line = line.trim_end();
        progress.detail(line.trim());
        if line.starts_with("ℹ pass") || line.starts_with("ℹ fail") {
            counts.push(line.trim_start_matches("ℹ ").to_string());
        }
        said.push(line.to_string());
    })?;
    if code != 0 {
        bail!("{what} : l'essai a échoué.\n{}", failures(&said));
    }
    progress.done(&counts.join(", "));
    for line in said.iter().filter(|line| line.contains("octets,")) {
        println!("  {}", line.trim());
    }
    Ok(vec![])
}

/// Ce qu'un essai reproche : la fin de son compte rendu, où chaque échec est repris.
fn failures(said: &[String]) -> String {
    let start = said.iter().position(|line| line.contains("failing tests:")).unwrap_or(0);
    said[start..].iter().take(80).cloned().collect::<Vec<_>>().join("\n")
}

/// Chromium ou Chrome, là où on les trouve d'habitude, ou là où `CHROMIUM` le dit.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];
    named.into_iter().chain(usual.map(PathBuf::from)).find(|path| path.is_file())
}

/// Chaque page est du HTML valide.
pub fn html(paths: &Paths) -> Result<Vec<String>> {
    trial(paths, "HTML valide", "html")
}

/// Chaque page, dans chaque thème, sans un reproche d'axe ; et tout s'atteint au clavier.
pub fn accessibility(paths: &Paths) -> Result<Vec<String>> {
    trial(paths, "Accessibilité", "accessibilite")
}

/// Rien n'est demandé hors du livre, les pages sont légères et se replient.
pub fn network(paths: &Paths) -> Result<Vec<String>> {
    trial(paths, "Demandes, poids et repli des pages", "reseau")
}

/// Les questions de fin de chapitre se répondent au clavier, et chaque erreur a son explication.
pub fn questions(paths: &Paths) -> Result<Vec<String>> {
    trial(paths, "Questions", "questions")
}

/// Les démonstrations se conduisent de toutes les façons, et calculent comme nn_core.
pub fn demos(paths: &Paths) -> Result<Vec<String>> {
    trial(paths, "Démonstrations", "demonstrations")
}

/// Chaque question française trouve sa page.
pub fn search(paths: &Paths) -> Result<Vec<String>> {
    trial(paths, "Recherche", "recherche")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_echec_est_cite_et_le_reste_non() {
        let said = ["✔ bien", "✖ failing tests:", "✖ faute", "attendu a, obtenu b"]
            .map(String::from);
        assert_eq!(failures(&said), "✖ failing tests:\n✖ faute\nattendu a, obtenu b");
    }
}
