//! L'installation : Python, Jupyter, le noyau Rust et leurs réglages, tous dans `.atelier/`.
//!
//! Chaque étape laisse un témoin une fois finie : interrompue, elle recommence ;
//! finie, elle ne se refait que si ce dont elle dépend a changé.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::files::{self, read_text, write_atomically};
use crate::paths::Paths;
use crate::process::{self, cargo_progress, with_cargo_progress};
use crate::progress::Progress;

/// La version du noyau Rust de Jupyter.
const KERNEL_VERSION: &str = "0.22.0";
/// La plus ancienne version de Python que les bibliothèques épinglées acceptent.
const PYTHON_MINIMUM: (u32, u32) = (3, 10);

/// Installe et règle tout ce qui manque ; les cellules se compileront dans `cells`.
pub fn install(paths: &Paths, cells: &Path) -> Result<()> {
    rust_sources(paths)?;
    libraries(paths)?;
    python_environment(paths)?;
    let kernel = kernel(paths)?;
    let _ = std::fs::remove_dir_all(kernel_compilation(paths));
    settings(paths, &kernel, cells)
}

/// Refuse de commencer ce qui ne tiendrait pas sur le disque : `needed` est en dixièmes de Go.
pub fn room(paths: &Paths, needed: u64) -> Result<()> {
    const TENTH: u64 = 100_000_000;
    match fs4::available_space(paths.state()) {
        Ok(free) if free < needed * TENTH => bail!(
            "il reste {},{} Go sur le disque du projet, et il en faut {},{} pour finir l'installation. \
             Faites de la place, puis recommencez.",
            free / TENTH / 10,
            free / TENTH % 10,
            needed / 10,
            needed % 10
        ),
        _ => Ok(()), // assez de place, ou un système qui ne sait pas le dire
    }
}

/// L'environnement Python marche-t-il, et est-il entier ? Le Python de la machine a pu changer sous lui,
/// une installation s'arrêter en chemin, un témoin se perdre : seul compte ce qui est là.
fn python_is_ready(paths: &Paths) -> bool {
    runs(python(paths).arg(paths.environment().join("complet.py")))
}

/// Les noyaux Rust qui sont là : celui de l'atelier, puis ceux de la machine.
fn kernels(paths: &Paths) -> impl Iterator<Item = PathBuf> {
    std::iter::once(paths.kernel())
        .chain(kernels_in(folders()))
        .filter(|file| file.is_file())
}

/// Le premier dont la version est sûre, et qui marche.
fn first_ready(
    paths: &Paths,
    mut programs: impl Iterator<Item = PathBuf>,
) -> Option<PathBuf> {
    programs.find(|program| {
        Stamp::kernel(paths, program).is_fresh()
            && runs(Command::new(program).arg("--help"))
    })
}

/// Les dossiers du PATH, et celui où cargo installe.
fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = cargo.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    std::env::split_paths(&path).chain(cargo.map(|home| home.join("bin"))).collect()
}

/// Les `evcxr_jupyter` de ces dossiers.
fn kernels_in(folders: Vec<PathBuf>) -> impl Iterator<Item = PathBuf> {
    let name = format!("evcxr_jupyter{}", std::env::consts::EXE_SUFFIX);
    let programs = folders.into_iter().map(move |folder| folder.join(&name));
    programs.filter(|program| program.is_absolute())
}

/// Le programme se lance-t-il, et finit-il bien ?
fn runs(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Une commande Python de l'environnement, dont Jupyter n'écrit que dans `.atelier/`.
pub fn python(paths: &Paths) -> Command {
    let mut command = Command::new(paths.python());
    let jupyter = paths.state().join("jupyter");
    command
        .env("JUPYTER_CONFIG_DIR", jupyter.join("config"))
        .env("JUPYTER_DATA_DIR", jupyter.join("data"))
        .env("JUPYTER_RUNTIME_DIR", jupyter.join("runtime"))
        .env("JUPYTERLAB_SETTINGS_DIR", jupyter.join("reglages"))
        .env("JUPYTERLAB_WORKSPACES_DIR", jupyter.join("espaces"))
        .env("IPYTHONDIR", jupyter.join("ipython"))
        .env("JUPYTER_PREFER_ENV_PATH", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .env_remove("PYTHONHOME")
        .env_remove("PYTHONPATH");
    command
}

/// Le témoin d'une étape : un fichier qui contient l'empreinte de ce dont elle dépend.
pub struct Stamp {
    file: PathBuf,
    key: String,
    product: PathBuf,
}

impl Stamp {
    fn new(paths: &Paths, name: &str, product: PathBuf, parts: &[&[u8]]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let key = hex::encode(digest.finalize());
        Self { file: paths.state().join("temoins").join(name), key, product }
    }

    fn libraries(paths: &Paths) -> Self {
        let lock = std::fs::read(paths.root.join("Cargo.lock")).unwrap_or_default();
        Self::new(paths, "bibliotheques", paths.root.join("Cargo.lock"), &[&lock])
    }

    fn kernel(paths: &Paths, program: &Path) -> Self {
        let data = program.metadata();
        let size = data.as_ref().map_or(0, |data| data.len()); // tronqué, il peut encore démarrer
        let mut parts = vec![KERNEL_VERSION.to_string(), size.to_string()];
        if program != paths.kernel() {
            // Celui de la machine peut changer sans nous.
            let time = data.and_then(|data| data.modified());
            parts.extend([program.display().to_string(), format!("{time:?}")]);
        }
        let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
        Self::new(paths, "noyau", program.to_path_buf(), &parts)
    }

    fn standard_library(paths: &Paths, library: &Path) -> Self {
        let time =
            library.join("std/src/lib.rs").metadata().and_then(|data| data.modified());
        let product = paths.state().join("bibliotheque-standard");
        let content = "du code, sans commentaire".to_string();
        let parts = [library.display().to_string(), format!("{time:?}"), content];
        Self::new(
            paths,
            "bibliotheque-standard",
            product,
            &parts.each_ref().map(|p| p.as_bytes()),
        )
    }

    /// Celui de [`warm_up`](crate::prepare).
    pub fn warm(paths: &Paths) -> Self {
        let read = |file: &str| std::fs::read(paths.root.join(file)).unwrap_or_default();
        let parts = [read("Cargo.lock"), read("Cargo.toml"), read("rust-toolchain.toml")];
        let mut parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        parts.extend([KERNEL_VERSION.as_bytes(), CELLS.as_bytes()]);
        Self::new(paths, "prechauffage", paths.kernel_build(), &parts)
    }

    /// Celui de l'endroit où elle s'est faite : cargo refait nos bibliothèques quand elles en changent.
    pub fn place(paths: &Paths) -> Self {
        let place = paths.root.to_string_lossy().into_owned();
        Self::new(paths, "lieu", paths.kernel_build(), &[place.as_bytes()])
    }

    /// L'étape est-elle faite, et rien de ce dont elle dépend n'a-t-il changé ?
    pub fn is_fresh(&self) -> bool {
        self.product.exists()
            && std::fs::read_to_string(&self.file).is_ok_and(|found| found == self.key)
    }

    /// L'étape est à refaire.
    pub fn clear(&self) {
        let _ = std::fs::remove_file(&self.file);
    }

    /// L'étape est finie.
    pub fn set(&self) -> Result<()> {
        write_atomically(&self.file, self.key.as_bytes())
    }
}

fn requirements(paths: &Paths) -> PathBuf {
    paths.environment().join("requirements.txt")
}

/// Les sources de la bibliothèque standard, où evcxr trouve le type des variables.
fn rust_sources(paths: &Paths) -> Result<()> {
    let library = rustc(paths, "sysroot")?.join("lib/rustlib/src/rust/library");
    if library.join("std").is_dir() {
        return standard_library(paths, &library);
    }
    let progress = Progress::start("Sources de la bibliothèque standard de Rust");
    let mut command = Command::new("rustup");
    command.args(["component", "add", "rust-src"]);
    process::run(command, "l'installation de rust-src", |line| progress.detail(line)).context(
        "il manque le composant `rust-src`, dont les notebooks ont besoin. Vérifiez la connexion, \
         ou installez-le vous-même : « rustup component add rust-src »",
    )?;
    progress.done("");
    standard_library(paths, &library)
}

/// Copie ce que les cellules emploient des sources de la bibliothèque standard. Sans les commentaires,
/// les instructions propres à chaque processeur ni les bibliothèques internes, qui en font les trois
/// quarts, un notebook s'ouvre en un tiers de temps et de mémoire en moins.
fn standard_library(paths: &Paths, library: &Path) -> Result<()> {
    let stamp = Stamp::standard_library(paths, library);
    if stamp.is_fresh() {
        return Ok(());
    }
    stamp.clear();
    let fresh = files::scratch(paths)?;
    for part in ["core", "alloc", "std", "proc_macro"] {
        let sources = Path::new(part).join("src");
        files::copy_code(&library.join(&sources), &fresh.path().join(&sources)).context(
            "les sources de la bibliothèque standard ne se copient pas dans .atelier",
        )?;
    }
    files::replace_folder(&fresh.keep(), &stamp.product)?;
    stamp.set()
}

/// Un dossier du compilateur, celui que le projet demande.
pub fn rustc(paths: &Paths, what: &str) -> Result<PathBuf> {
    let mut command = Command::new("rustc");
    let output =
        command.args(["--print", what]).current_dir(&paths.root).output().context(
            "le compilateur `rustc` est introuvable. Installez Rust (https://rustup.rs), \
             rouvrez le terminal, puis recommencez",
        )?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("le compilateur `rustc` est là, mais ne répond pas :\n{}", said.trim());
    }
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Télécharge une fois toutes les bibliothèques de Cargo.lock : les notebooks s'en servent sans réseau.
fn libraries(paths: &Paths) -> Result<()> {
    let stamp = Stamp::libraries(paths);
    if stamp.is_fresh() {
        return Ok(());
    }
    let progress = Progress::start("Bibliothèques Rust");
    let mut command = Command::new("cargo");
    command.args(["fetch", "--locked"]).current_dir(&paths.root);
    process::run(with_progress(command), "le téléchargement des bibliothèques", |line| {
        progress.detail(line.trim());
    })
    .context(NETWORK)?;
    stamp.set()?;
    progress.done("");
    Ok(())
}

const NETWORK: &str =
    "le téléchargement n'a pas abouti. Vérifiez la connexion, et la date de cet ordinateur";

fn with_progress(mut command: Command) -> Command {
    with_cargo_progress(&mut command);
    command
}

/// Crée le venv et y installe Jupyter, chaque paquet vérifié par son empreinte.
fn python_environment(paths: &Paths) -> Result<()> {
    if python_is_ready(paths) {
        return Ok(());
    }
    room(paths, if paths.kernel_build().exists() { 5 } else { 30 })?; // avec tout ce qui suivra
    let python = find_python()?;
    let progress = Progress::start("Environnement Python et JupyterLab");
    if paths.venv().exists() {
        std::fs::remove_dir_all(paths.venv())
            .with_context(|| format!("« {} » ne s'efface pas", paths.venv().display()))?;
    }
    let mut command = Command::new(&python[0]);
    command.args(&python[1..]).args(["-m", "venv"]).arg(paths.venv());
    process::run(command, "la création de l'environnement Python", |_| {}).context(
        "Python est là, mais son module `venv` ne fonctionne pas. Sous Debian ou Ubuntu : \
         « sudo apt install python3-venv », puis recommencez",
    )?;
    let mut command = self::python(paths);
    command
        .args(["-m", "pip", "install", "--require-hashes", "--no-input"])
        .args(["--disable-pip-version-check", "--progress-bar", "off", "-r"])
        .arg(requirements(paths));
    let total = read_text(&requirements(paths))?.matches("==").count() as u64;
    let mut seen = 0;
    process::run(command, "l'installation de JupyterLab", |line| {
        if line.trim_start().starts_with("Collecting") {
            seen += 1;
            progress.set(seen.min(total), total);
        }
        progress.detail(line.trim());
    })
    .context(NETWORK)?;
    progress.done("");
    Ok(())
}

/// Un Python assez récent, et les arguments qui le lancent.
fn find_python() -> Result<Vec<String>> {
    let candidates: [&[&str]; 6] = [
        &["python3"],
        &["python"],
        &["py", "-3"],
        &["python3.13"],
        &["python3.12"],
        &["python3.11"],
    ];
    let probe = "import sys; print(sys.version_info[0], sys.version_info[1])";
    let mut too_old = None;
    for candidate in candidates {
        let output =
            Command::new(candidate[0]).args(&candidate[1..]).args(["-c", probe]).output();
        let Ok(output) = output else { continue };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut numbers =
            text.split_whitespace().filter_map(|word| word.parse::<u32>().ok());
        let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) else { continue };
        if (major, minor) >= PYTHON_MINIMUM {
            return Ok(candidate.iter().map(|word| word.to_string()).collect());
        }
        too_old = Some(format!("{major}.{minor}"));
    }
    let (major, minor) = PYTHON_MINIMUM;
    let how = "Debian, Ubuntu : « sudo apt install python3 python3-venv » ; macOS et Windows : \
               https://www.python.org/downloads/. Rouvrez ensuite le terminal et recommencez.";
    match too_old {
        Some(found) => bail!(
            "il faut Python {major}.{minor} ou plus récent, et celui de cette machine est {found}. {how}"
        ),
        None => {
            bail!(
                "Python est introuvable : il en faut un, {major}.{minor} ou plus récent. {how}"
            )
        }
    }
}

/// Là où il se compile ; une fois qu'il y en a un, cela ne sert plus.
fn kernel_compilation(paths: &Paths) -> PathBuf {
    paths.state().join("evcxr-compilation")
}

/// Le noyau Rust de Jupyter : celui de la machine s'il a la bonne version, sinon un autre, compilé
/// ici (quelques minutes, une seule fois).
fn kernel(paths: &Paths) -> Result<PathBuf> {
    if let Some(program) = first_ready(paths, kernels(paths)) {
        return Ok(program);
    }
    for program in
        kernels(paths).filter(|program| runs(Command::new(program).arg("--help")))
    {
        let progress = Progress::start(&format!("Version de {}", program.display()));
        let mut command = python(paths);
        command.arg(paths.environment().join("version.py")).arg(&program);
        let found = process::capture(command, Duration::from_secs(90));
        if found.is_ok_and(|said| said.output.trim() == KERNEL_VERSION) {
            Stamp::kernel(paths, &program).set()?;
            progress.done("la bonne");
            return Ok(program);
        }
        progress.done(&format!("il en faut une autre, {KERNEL_VERSION}"));
    }
    room(paths, 25)?;
    let progress =
        Progress::start("Noyau Rust de Jupyter (5 à 15 minutes, une seule fois)");
    let mut command = Command::new("cargo");
    command
        .args([
            "install",
            "--locked",
            "--force",
            "evcxr_jupyter",
            "--version",
            KERNEL_VERSION,
        ])
        .arg("--root")
        .arg(paths.state().join("evcxr"))
        .arg("--target-dir")
        .arg(kernel_compilation(paths))
        .arg("--config")
        .arg(paths.environment().join("noyau.toml"))
        .current_dir(&paths.root);
    process::run(with_progress(command), "la compilation du noyau Rust", |line| {
        match cargo_progress(line) {
            Some((done, total)) => progress.set(done, total),
            None => progress.detail(line.trim()),
        }
    })
    .context(
        "le noyau Rust de Jupyter n'a pas pu être construit. S'il ne s'est pas téléchargé, vérifiez la \
         connexion, et la date de cet ordinateur",
    )?;
    Stamp::kernel(paths, &paths.kernel()).set()?;
    progress.done("");
    Ok(paths.kernel())
}

/// Les bibliothèques se compilent une fois pour toutes, et sans rien épargner à celles qui calculent. Les
/// autres (ce qui écrit du code pendant la compilation, le correcteur, les dessins) sont prêtes plus
/// tôt. Cargo lit ce réglage au-dessus du dossier où le noyau compile.
const CELLS: &str = r#"[profile.dev.package]
"*" = { opt-level = 3, debug-assertions = false, overflow-checks = false }
syn = { opt-level = 0 }
proc-macro2 = { opt-level = 0 }
quote = { opt-level = 0 }
serde_derive = { opt-level = 0 }
thiserror-impl = { opt-level = 0 }
correcteur = { opt-level = 0 }
nn_plot = { opt-level = 1 }
"#;

/// Écrit le kernelspec, le prélude du noyau et les réglages de JupyterLab.
fn settings(paths: &Paths, kernel: &Path, cells: &Path) -> Result<()> {
    let kernel_config = paths.state().join("noyau");
    write_if_changed(&cells.join(".cargo/config.toml"), CELLS)?;
    #[cfg_attr(windows, expect(unused_mut))]
    let mut variables = json!({
        "EVCXR_CONFIG_DIR": kernel_config,
        "TMPDIR": cells,
        "TMP": cells,
        // Un noyau met à jour celui qu'il trouve ici ; sans elle, celui du dossier personnel.
        "JUPYTER_PATH": kernel_config,
        "RUST_SRC_PATH": paths.state().join("bibliotheque-standard"),
    });
    // Une cellule cherche la bibliothèque standard à côté d'elle ; le dossier de compilation partagé
    // l'en éloigne. Sous Windows, evcxr met de lui-même ce dossier dans le PATH.
    #[cfg(unix)]
    {
        let name =
            if cfg!(target_os = "macos") { "DYLD_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
        variables[name] = json!(rustc(paths, "target-libdir")?);
    }
    let spec = json!({
        "argv": [kernel, "--control_file", "{connection_file}"],
        "display_name": "Rust",
        "language": "rust",
        "interrupt_mode": "message",
        "env": variables,
    });
    let share = paths.venv().join("share/jupyter");
    write_if_changed(
        &share.join("kernels/rust/kernel.json"),
        &serde_json::to_string_pretty(&spec)?,
    )?;
    write_if_changed(&kernel_config.join("evcxr.toml"), &prelude(paths)?)?;
    let overrides = read_text(&paths.environment().join("jupyterlab.json")).context(
        "les réglages de JupyterLab (notebooks/environment/jupyterlab.json) manquent",
    )?;
    write_if_changed(&share.join("lab/settings/overrides.json"), &overrides)
}

/// evcxr.toml, complété pour cette machine.
fn prelude(paths: &Paths) -> Result<String> {
    let text = read_text(&paths.environment().join("evcxr.toml"))
        .context("les réglages du noyau (notebooks/environment/evcxr.toml) manquent")?;
    let build = paths.kernel_build().to_string_lossy().replace('\\', "/");
    Ok(text.replace("{compilation}", &build))
}

fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if std::fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    write_atomically(path, text.as_bytes())
}

/// La bibliothèque standard de Rust pour cette cible ; si rustup ne l'a pas mise, on la met.
///
/// # Erreurs
/// Elle manque et ne s'installe pas : sans réseau, par exemple.
pub fn install_target(target: &str) -> Result<()> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .context("`rustc` est introuvable. Installez Rust (https://rustup.rs)")?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_string();
    if output.status.success() && Path::new(&folder).is_dir() {
        return Ok(());
    }
    let mut command = Command::new("rustup");
    command.args(["target", "add", target]);
    let (code, tail) = process::run_to_end(command, |_| {})?;
    if code != 0 {
        bail!(
            "la cible `{target}` manque et ne s'installe pas. Vérifiez la connexion, ou lancez \
             vous-même `rustup target add {target}`.\n{tail}"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> (tempfile::TempDir, Paths) {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths { root: dir.path().to_path_buf() };
        std::fs::create_dir_all(paths.environment()).unwrap();
        (dir, paths)
    }

    #[test]
    fn un_temoin_ne_vaut_que_pour_ce_dont_il_depend() {
        let (_dir, paths) = project();
        std::fs::write(paths.root.join("Cargo.lock"), "un").unwrap();
        let stamp = Stamp::libraries(&paths);
        assert!(!stamp.is_fresh());
        stamp.set().unwrap();
        assert!(Stamp::libraries(&paths).is_fresh());
        std::fs::write(paths.root.join("Cargo.lock"), "deux").unwrap();
        assert!(!Stamp::libraries(&paths).is_fresh());
    }

    /// Un faux programme, qui finit bien ou mal.
    #[cfg(unix)]
    fn program(file: &Path, code: i32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, format!("#!/bin/sh\nexit {code}\n")).unwrap();
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn le_noyau_de_la_machine_sert_si_sa_version_est_sue_et_s_il_marche() {
        let (dir, paths) = project();
        let empty = dir.path().join("vide");
        let bin = dir.path().join("bin");
        let theirs = bin.join("evcxr_jupyter");
        program(&theirs, 0);
        let found: Vec<PathBuf> =
            kernels_in(vec![empty.clone(), "relatif".into(), bin]).collect();
        assert_eq!(found, [empty.join("evcxr_jupyter"), theirs.clone()]);
        let ready = || first_ready(&paths, [paths.kernel(), theirs.clone()].into_iter());
        assert_eq!(ready(), None, "personne ne lui a demandé sa version");
        Stamp::kernel(&paths, &theirs).set().unwrap();
        assert_eq!(ready(), Some(theirs.clone()));

        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(9);
        let replaced = std::fs::File::options().write(true).open(&theirs).unwrap();
        replaced.set_modified(later).unwrap();
        assert_eq!(ready(), None, "un autre a pris sa place");

        program(&paths.kernel(), 0);
        Stamp::kernel(&paths, &paths.kernel()).set().unwrap();
        assert_eq!(ready(), Some(paths.kernel()));
        std::fs::write(paths.kernel(), b"\x7fELF").unwrap();
        assert_eq!(ready(), None, "il est tronqué");
    }

    #[test]
    fn le_prelude_est_complete_et_reste_du_toml() {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf();
        let text = prelude(&Paths { root }).unwrap();
        assert!(!text.contains("{compilation}"));
        assert_eq!(
            text.matches("'''").count(),
            2,
            "le prélude tient dans une chaîne TOML littérale"
        );
    }
}
