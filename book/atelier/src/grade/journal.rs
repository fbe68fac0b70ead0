//! Ce qui est déjà noté : écrit copie par copie, relu par la commande qui reprend.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::report::{self, Row};
use super::submission::Submission;
use crate::files::{self, free_name, write_atomically};

/// Les notes d'une correction, finie ou non.
pub struct Journal {
    file: PathBuf,
    kept: Kept,
}

#[derive(Deserialize, Serialize)]
struct Kept {
    /// L'empreinte de ce qui juge.
    judge: Vec<u8>,
    /// Les noms du tableau et de la page.
    csv: PathBuf,
    page: PathBuf,
    /// Les lignes de chaque copie, par son empreinte.
    rows: HashMap<String, Vec<Row>>,
}

impl Journal {
    /// Reprend la correction commencée dans ce dossier, si c'est toujours la même chose qui juge.
    pub fn open(folder: &Path, judge: &[u8]) -> Result<Self> {
        let file = folder.join(".notes-en-cours.json");
        let found = files::read_text(&file).ok();
        let found = found.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
        let kept = found.filter(|kept| kept.judge == judge).unwrap_or_else(|| Kept {
            judge: judge.to_vec(),
            csv: free_name(folder, "notes", "csv"),
            page: free_name(folder, "notes", "html"),
            rows: HashMap::new(),
        });
        Ok(Self { file, kept })
    }

    /// Cette copie est-elle déjà notée ?
    pub fn knows(&self, submission: &Submission) -> bool {
        self.kept.rows.contains_key(&submission.digest)
    }

    /// Garde les lignes d'une copie, et récrit le tableau.
    pub fn add(
        &mut self,
        submission: &Submission,
        rows: Vec<Row>,
        all: &[Submission],
    ) -> Result<()> {
        self.kept.rows.insert(submission.digest.clone(), rows);
        write_atomically(&self.file, &serde_json::to_vec(&self.kept)?)?;
        write_atomically(&self.kept.csv, &report::csv(&self.rows(all))?)
    }

    /// Toutes les lignes, dans l'ordre des copies.
    pub fn rows(&self, all: &[Submission]) -> Vec<Row> {
        let of = |submission: &Submission| self.kept.rows.get(&submission.digest);
        all.iter().filter_map(of).flatten().cloned().collect()
    }

    /// Écrit la page, et le tableau une dernière fois ; rend les chemins du tableau et de la page.
    pub fn finish(self, rows: &[Row]) -> Result<(PathBuf, PathBuf)> {
        write_atomically(&self.kept.page, report::html(rows).as_bytes())?;
        write_atomically(&self.kept.csv, &report::csv(rows)?)?;
        std::fs::remove_file(&self.file)
            .or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })
            .context("le journal des notes ne s'efface pas")?;
        Ok((self.kept.csv, self.kept.page))
    }
}
