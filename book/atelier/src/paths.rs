//! Où sont les choses : les dossiers du projet, et le seul où l'atelier installe.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// Les dossiers du projet, tous absolus.
#[derive(Clone, Debug)]
pub struct Paths {
    /// La racine : là où se trouvent `book/book.toml` et `Cargo.lock`.
    pub root: PathBuf,
}

impl Paths {
    /// La racine du projet, cherchée depuis le dossier courant puis vers le haut.
    pub fn find() -> Result<Self> {
        let here = std::env::current_dir()?;
        let from_cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        for start in [Some(here.clone()), from_cargo].into_iter().flatten() {
            if let Some(root) =
                start.ancestors().find(|dir| dir.join("book/book.toml").is_file())
            {
                return Ok(Self { root: root.to_path_buf() });
            }
        }
        bail!(
            "le projet est introuvable depuis « {} » : aucun dossier au-dessus ne contient \
             `book/book.toml`. Placez-vous dans le dossier du projet, puis recommencez.",
            here.display()
        )
    }

    /// La source du livre : `book/`.
    pub fn book(&self) -> PathBuf {
        self.root.join("book")
    }

    /// Les chapitres : `book/src/`.
    pub fn chapters(&self) -> PathBuf {
        self.root.join("book/src")
    }

    /// Le livre construit : `book/html/`.
    pub fn html(&self) -> PathBuf {
        self.root.join("book/html")
    }

    /// Les notebooks de référence : `notebooks/`.
    pub fn notebooks(&self) -> PathBuf {
        self.root.join("notebooks")
    }

    /// Ce qui épingle et règle Jupyter : `notebooks/environment/`.
    pub fn environment(&self) -> PathBuf {
        self.root.join("notebooks/environment")
    }

    /// Les copies de l'apprenant : `travail/`, ignoré de Git, jamais écrasé.
    pub fn work(&self) -> PathBuf {
        self.root.join("travail")
    }

    /// Tout ce que l'atelier installe ou calcule : `.atelier/`, ignoré de Git.
    pub fn state(&self) -> PathBuf {
        self.root.join(".atelier")
    }

    /// L'environnement Python : `.atelier/venv/`.
    pub fn venv(&self) -> PathBuf {
        self.state().join("venv")
    }

    /// L'interpréteur de l'environnement Python.
    pub fn python(&self) -> PathBuf {
        if cfg!(windows) {
            self.venv().join("Scripts/python.exe")
        } else {
            self.venv().join("bin/python")
        }
    }

    /// Le noyau Rust de Jupyter que l'atelier construit, si la machine n'en a pas.
    pub fn kernel(&self) -> PathBuf {
        self.state()
            .join("evcxr/bin")
            .join(format!("evcxr_jupyter{}", std::env::consts::EXE_SUFFIX))
    }

    /// Là où les notebooks gardent ce qu'ils ont compilé, d'un noyau à l'autre.
    pub fn kernel_build(&self) -> PathBuf {
        self.state().join("compilation-notebooks")
    }

    /// Le chemin tel qu'on le lit : relatif à la racine, avec des barres obliques.
    pub fn display(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
            .replace('\\', "/")
    }
}
