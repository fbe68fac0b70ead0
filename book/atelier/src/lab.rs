//! `lab` : les copies de l'apprenant dans `travail/`, et JupyterLab ouvert sur elles.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rand::TryRng;
use serde::Deserialize;

use crate::environment;
use crate::files;
use crate::notebook;
use crate::paths::Paths;
use crate::process::Running;
use crate::progress::Progress;
use crate::server;

/// Ce qu'il est advenu d'une copie.
#[derive(Debug, PartialEq)]
pub enum Copy {
    /// Elle n'existait pas : la voici.
    Created,
    /// L'apprenant n'y avait pas touché : elle suit la référence.
    Refreshed,
    /// Elle est déjà comme la référence.
    Same,
    /// L'apprenant y a travaillé : elle reste comme elle est.
    Kept,
}

/// JupyterLab, lancé et répondant.
pub struct Lab {
    /// L'adresse à ouvrir, jeton compris.
    pub address: String,
    running: Running,
}

impl Lab {
    /// Attend que JupyterLab s'arrête.
    pub fn wait(self) -> Result<()> {
        match self.running.wait()? {
            0 => Ok(()),
            code => bail!(
                "JupyterLab s'est arrêté (code {code}). Rien n'est perdu de ce qui était enregistré dans \
                 travail/ : relancez la même commande."
            ),
        }
    }
}

/// Met `travail/` à jour et dit ce qui a été gardé.
pub fn refresh_copies(paths: &Paths) -> Result<()> {
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(paths.notebooks())?.flatten() {
        let reference = entry.path();
        if reference.extension().is_none_or(|e| e != "ipynb") {
            continue;
        }
        let copy = paths.work().join(reference.file_name().unwrap_or_default());
        if refresh_copy(&reference, &copy)? == Copy::Kept {
            kept.push(paths.display(&copy));
        }
    }
    kept.sort();
    if !kept.is_empty() {
        eprintln!(
            "Vos notebooks sont gardés comme vous les avez laissés : {}.\n\
             (Pour repartir de l'original, renommez ou déplacez le vôtre.)",
            kept.join(", ")
        );
    }
    Ok(())
}

/// Copie la référence, sauf si l'apprenant a changé quelque chose dans sa copie.
fn refresh_copy(reference: &Path, copy: &Path) -> Result<Copy> {
    let original = files::read_text(reference)
        .with_context(|| format!("« {} » ne se lit pas", reference.display()))?;
    if !copy.exists() {
        files::write_atomically(copy, original.as_bytes())?;
        return Ok(Copy::Created);
    }
    // Un fichier abîmé est encore le travail de quelqu'un.
    let Ok(current) = notebook::read(copy) else { return Ok(Copy::Kept) };
    if !notebook::is_untouched(&current) {
        return Ok(Copy::Kept);
    }
    let reference = notebook::read(reference)?;
    if current["metadata"]["atelier"] == reference["metadata"]["atelier"] {
        return Ok(Copy::Same);
    }
    files::write_atomically(copy, original.as_bytes())?;
    Ok(Copy::Refreshed)
}

/// Lance JupyterLab sur le premier chapitre et attend qu'il réponde.
///
/// Avec `spare`, il garde un noyau prêt pour le prochain notebook (voir reserve.py).
pub fn start(paths: &Paths, spare: bool) -> Result<Lab> {
    for other in Announced::running(paths) {
        println!(
            "Un JupyterLab de ce projet tourne déjà : {}\n\
             S'il vient d'un atelier arrêté de force, « cargo atelier nettoyer --arreter » l'arrête.",
            other.address()
        );
    }
    refresh_copies(paths)?;
    let first = first_notebook(paths)?;
    let token = random_token()?;
    let progress = Progress::start("JupyterLab");
    let log = paths.state().join("jupyterlab.log");
    let output = std::fs::File::create(&log)
        .with_context(|| format!("« {} » ne s'écrit pas", log.display()))?;
    let mut command = environment::python(paths);
    command
        .args(["-m", "jupyterlab", "--no-browser"])
        .args(["--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0"])
        // JupyterLab ouvre lui-même un port libre, et l'écrit à côté de son mot de passe.
        .arg("--ServerApp.port=0")
        .arg(format!("--ServerApp.root_dir={}", paths.root.display()))
        .arg(format!("--ServerApp.preferred_dir={}", paths.work().display()))
        // Le seul noyau de ces notebooks : qui exécute une cellule avant que le sien ait démarré se
        // voit demander lequel, et le premier proposé serait Python.
        .arg("--KernelSpecManager.allowed_kernelspecs=rust")
        .arg("--MultiKernelManager.default_kernel_name=rust")
        .arg("--ServerApp.kernel_websocket_connection_class=reserve.NumberedConnection")
        .arg("--ServerApp.kernel_manager_class=reserve.AtelierKernelManager")
        .arg(format!(
            "--AtelierKernelManager.notebook={}",
            paths.root.join(&first).display()
        ))
        .arg(format!(
            "--AtelierKernelManager.spare={}",
            if spare { "True" } else { "False" }
        ))
        .env("PYTHONPATH", paths.environment())
        .env("JUPYTER_TOKEN", &token)
        .current_dir(&paths.root)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    if is_root() {
        command.arg("--allow-root");
    }
    let running = Running::spawn(command)?;
    let start = Instant::now();
    let ours = loop {
        let mut told = Announced::all(paths).into_iter();
        if let Some(ours) = told.find(|told| told.token == token).filter(Announced::answers)
        {
            break ours;
        }
        if let Some(code) = running.finished()? {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            let tail: Vec<&str> = said.lines().rev().take(15).collect();
            let tail: Vec<&str> = tail.into_iter().rev().collect();
            bail!(
                "JupyterLab s'est arrêté au démarrage (code {code}) :\n{}",
                tail.join("\n")
            );
        }
        if start.elapsed() > Duration::from_secs(90) {
            bail!(
                "JupyterLab ne répond pas après 90 s. Son journal : {}",
                paths.display(&log)
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    progress.done("");
    let address = format!("http://127.0.0.1:{}/lab/tree/{first}?token={token}", ours.port);
    Ok(Lab { address, running })
}

/// Un JupyterLab de ce projet, tel qu'il s'est annoncé.
#[derive(Deserialize)]
pub struct Announced {
    port: u16,
    token: String,
}

impl Announced {
    /// Ceux que ce projet a lancés, vivants ou non.
    fn all(paths: &Paths) -> Vec<Self> {
        let folder = std::fs::read_dir(paths.state().join("jupyter/runtime"));
        let entries = folder.into_iter().flatten().flatten();
        let texts = entries.filter_map(|entry| std::fs::read_to_string(entry.path()).ok());
        texts.filter_map(|text| serde_json::from_str(&text).ok()).collect()
    }

    /// Ceux qui tournent encore, d'un autre terminal ou d'un atelier arrêté de force.
    pub fn running(paths: &Paths) -> Vec<Self> {
        let mut all = Self::all(paths);
        all.retain(Self::answers);
        all
    }

    fn answers(&self) -> bool {
        server::answers(self.port, &format!("/api/status?token={}", self.token))
    }

    /// Où l'ouvrir.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/lab?token={}", self.port, self.token)
    }

    /// Lui demande de s'arrêter, et l'attend.
    pub fn stop(&self) -> Result<()> {
        server::post(self.port, &format!("/api/shutdown?token={}", self.token));
        let start = Instant::now();
        while self.answers() {
            if start.elapsed() > Duration::from_secs(20) {
                bail!("JupyterLab ne s'arrête pas : {}", self.address());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

/// Un mot de passe que personne ne devine, tiré du système.
fn random_token() -> Result<String> {
    let mut bytes = [0u8; 24];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .context("le système ne donne pas de hasard")?;
    Ok(hex::encode(bytes))
}

/// Le notebook du chapitre 01, ou à défaut le premier qui existe, vu depuis la racine.
fn first_notebook(paths: &Paths) -> Result<String> {
    let mut names: Vec<String> = std::fs::read_dir(paths.work())
        .with_context(|| format!("« {} » ne se lit pas", paths.work().display()))?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".ipynb"))
        .collect();
    names.sort();
    let first = names.iter().find(|name| name.starts_with("01_")).or(names.first());
    match first {
        Some(name) => Ok(format!("travail/{name}")),
        None => bail!("aucun notebook n'est prêt : lancez « cargo atelier notebooks »."),
    }
}

/// Sommes-nous l'administrateur d'un Unix ? JupyterLab veut alors qu'on le lui dise.
pub fn is_root() -> bool {
    cfg!(unix)
        && Command::new("id")
            .arg("-u")
            .output()
            .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn sealed(source: &str) -> Value {
        let mut nb = json!({
            "cells": [{"cell_type": "code", "id": "a", "metadata": {}, "source": [source],
                       "outputs": [], "execution_count": 1}],
            "metadata": {}, "nbformat": 4, "nbformat_minor": 5});
        notebook::seal(&mut nb);
        nb
    }

    #[test]
    fn le_travail_de_l_apprenant_n_est_jamais_ecrase() {
        let dir = tempfile::tempdir().unwrap();
        let (reference, copy) =
            (dir.path().join("r.ipynb"), dir.path().join("travail/c.ipynb"));
        notebook::write(&reference, &sealed("1")).unwrap();
        assert_eq!(refresh_copy(&reference, &copy).unwrap(), Copy::Created);
        assert_eq!(refresh_copy(&reference, &copy).unwrap(), Copy::Same);

        notebook::write(&reference, &sealed("2")).unwrap();
        assert_eq!(refresh_copy(&reference, &copy).unwrap(), Copy::Refreshed);
        assert_eq!(notebook::read(&copy).unwrap(), sealed("2"));

        let mut mine = sealed("2");
        mine["cells"][0]["source"] = json!(["2 + 2"]);
        notebook::write(&copy, &mine).unwrap();
        notebook::write(&reference, &sealed("3")).unwrap();
        assert_eq!(refresh_copy(&reference, &copy).unwrap(), Copy::Kept);
        assert_eq!(notebook::read(&copy).unwrap(), mine);

        std::fs::write(&copy, "pas du JSON").unwrap();
        assert_eq!(refresh_copy(&reference, &copy).unwrap(), Copy::Kept);
        assert_eq!(std::fs::read_to_string(&copy).unwrap(), "pas du JSON");
    }
}
