//! La boîte où une copie se compile et s'exécute : elle n'y voit que le système, en lecture, et son
//! propre dossier.
//!
//! `bubblewrap` la ferme : ni réseau, ni dossier personnel, ni autre programme, et rien n'y survit. Le
//! temps, la mémoire, ce qu'elle écrit et le nombre de ses programmes sont bornés partout où le
//! système le sait.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::environment;
use crate::paths::Paths;
use crate::process::{self, Captured};
use crate::progress::Progress;

/// Les bibliothèques dont une copie peut se servir.
const LIBRARIES: [&str; 5] = ["nn_core", "nn_plot", "nn_mlp", "nn_data", "correcteur"];
/// Le nombre de programmes et de fils d'une copie, en tout.
const PROCESSES: u64 = 256;
/// Ce qu'un fichier d'une copie peut occuper, en blocs de 512 octets : 256 Mo.
const FILE_BLOCKS: u64 = 512 * 1024;
/// Où la copie trouve son dossier, dans la boîte.
const INSIDE: &str = "/copie";

/// Les bibliothèques compilées, et la façon d'enfermer une copie.
pub struct Sandbox {
    compiler: PathBuf,
    sysroot: PathBuf,
    /// Chaque bibliothèque nommée, et son fichier.
    externs: Vec<(String, PathBuf)>,
    /// Tous les fichiers compilés dont elles dépendent.
    files: Vec<PathBuf>,
    /// La mémoire de chaque programme, en mégaoctets.
    memory: u64,
    /// `bubblewrap` ferme-t-il la boîte ?
    pub closed: bool,
}

impl Sandbox {
    /// Compile les bibliothèques, si elles ne le sont pas, et cherche de quoi fermer la boîte.
    pub fn prepare(paths: &Paths, memory: u64) -> Result<Self> {
        let progress = Progress::start("Bibliothèques des copies");
        let mut command = Command::new("cargo");
        command.args(["build", "--locked", "--message-format=json-render-diagnostics"]);
        for name in LIBRARIES {
            command.args(["--package", name]);
        }
        process::with_cargo_progress(command.current_dir(&paths.root));
        let mut built = Vec::new();
        process::run(command, "la compilation des bibliothèques", |line| {
            match process::cargo_progress(line) {
                Some((done, total)) => progress.set(done, total),
                None => built.extend(serde_json::from_str::<Value>(line)),
            }
        })?;
        progress.done("");
        let (mut externs, mut compiled) = (Vec::new(), Vec::new());
        for artifact in built.iter().filter(|m| m["reason"] == "compiler-artifact") {
            let name = artifact["target"]["name"].as_str().unwrap_or_default();
            let files = artifact["filenames"].as_array().into_iter().flatten();
            for file in files.filter_map(Value::as_str).map(PathBuf::from) {
                if LIBRARIES.contains(&name)
                    && file.extension().is_some_and(|e| e == "rlib")
                {
                    externs.push((name.to_string(), file.clone()));
                }
                compiled.push(file);
            }
        }
        compiled.sort(); // cargo les dit dans l'ordre où il les a faits
        if externs.len() != LIBRARIES.len() {
            bail!("cargo n'a pas dit où sont les bibliothèques compilées");
        }
        let sysroot = environment::rustc(paths, "sysroot")?;
        let compiler = sysroot.join(format!("bin/rustc{}", std::env::consts::EXE_SUFFIX));
        let mut sandbox =
            Self { compiler, sysroot, externs, files: compiled, memory, closed: false };
        sandbox.closed = cfg!(target_os = "linux") && sandbox.closes();
        Ok(sandbox)
    }

    /// `bubblewrap` est-il là, et le système le laisse-t-il faire ?
    fn closes(&self) -> bool {
        let mut command = self.bubblewrap();
        command.args(["/bin/sh", "-c", "exit 0"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    /// Le système en lecture seule, un dossier personnel vide, rien d'autre.
    fn bubblewrap(&self) -> Command {
        let mut command = Command::new("bwrap");
        command.args(["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]);
        command.args(["--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8"]);
        command.args(["--setenv", "HOME", "/tmp", "--chdir", "/tmp"]);
        for folder in ["/usr", "/lib", "/lib64", "/bin", "/nix/store", "/gnu/store"] {
            command.args(["--ro-bind-try", folder, folder]);
        }
        for file in ["/etc/ld.so.cache", "/etc/alternatives"] {
            command.args(["--ro-bind-try", file, file]);
        }
        command.args([
            "--proc", "/proc", "--dev", "/dev", "--size", "67108864", "--tmpfs", "/tmp",
        ]);
        command
    }

    /// Ce qui est tenu, en mots.
    pub fn held(&self) -> &'static str {
        match (self.closed, cfg!(target_os = "linux"), cfg!(windows)) {
            (true, ..) => {
                "système en lecture seule, ni réseau ni autre programme, temps et mémoire bornés"
            }
            (_, true, _) => "aucun ; temps et mémoire bornés seulement",
            (_, _, true) => "aucun ; temps borné seulement",
            _ => "aucun ; temps et taille des fichiers bornés seulement",
        }
    }

    /// Les dossiers des fichiers compilés.
    fn folders(&self) -> Vec<&Path> {
        let mut folders: Vec<&Path> =
            self.files.iter().filter_map(|f| f.parent()).collect();
        folders.sort();
        folders.dedup();
        folders
    }

    /// Compile `copie.rs`, dans `folder`, en un programme `name` du même dossier.
    pub fn compile(&self, folder: &Path, name: &str, seconds: u64) -> Result<Captured> {
        let mut command = self.bubblewrap();
        command.arg("--ro-bind").arg(&self.sysroot).arg(&self.sysroot);
        for libraries in self.folders() {
            command.arg("--ro-bind").arg(libraries).arg(libraries);
        }
        command.arg("--bind").arg(folder).arg(INSIDE);
        let place = if self.closed { Path::new(INSIDE) } else { folder };
        let mut arguments: Vec<OsString> = [
            "--edition=2024",
            "--crate-name=copie",
            "--crate-type=bin",
            "--error-format=json",
            "-Copt-level=1",
            "-Cdebug-assertions=on",
            "--sysroot",
        ]
        .map(OsString::from)
        .to_vec();
        arguments.push(self.sysroot.clone().into());
        let joined = |option: &str, path: &Path| {
            let mut argument = OsString::from(option);
            argument.push(path);
            argument
        };
        for libraries in self.folders() {
            arguments.push(joined("-Ldependency=", libraries));
        }
        for (library, file) in &self.externs {
            arguments.push(joined(&format!("--extern={library}="), file));
        }
        arguments.extend([
            "-o".into(),
            place.join(name).into(),
            place.join("copie.rs").into(),
        ]);
        self.run(command, &self.compiler, arguments, folder, seconds)
    }

    /// Exécute le programme, avec un argument.
    pub fn execute(
        &self,
        program: &Path,
        argument: &str,
        seconds: u64,
    ) -> Result<Captured> {
        let inside = Path::new(INSIDE).join("programme");
        let mut command = self.bubblewrap();
        command.arg("--ro-bind").arg(program).arg(&inside);
        let place = if self.closed { inside.as_path() } else { program };
        let folder = program.parent().unwrap_or(Path::new("."));
        self.run(command, place, vec![argument.into()], folder, seconds)
    }

    /// Lance dans la boîte, sinon à découvert, avec les limites que le système connaît.
    fn run(
        &self,
        boxed: Command,
        program: &Path,
        arguments: Vec<OsString>,
        folder: &Path,
        seconds: u64,
    ) -> Result<Captured> {
        let mut command = if self.closed { boxed } else { Command::new("/bin/sh") };
        if cfg!(windows) {
            command = Command::new(program);
        } else {
            if self.closed {
                command.arg("/bin/sh");
            }
            // Une limite que ce système ne connaît pas ne borne rien.
            let mut limits = vec![
                format!("-t {seconds}"),
                format!("-f {FILE_BLOCKS}"),
                format!("-v {}", self.memory * 1024),
                "-c 0".to_string(),
            ];
            // Hors de la boîte, le système compterait aussi les autres programmes de l'utilisateur.
            if self.closed {
                limits.push(format!("-p {PROCESSES}")); // le nombre de programmes, pour `dash`
                limits.push(format!("-u {PROCESSES}")); // le même, pour `bash`
            }
            let limits: String = limits
                .iter()
                .map(|limit| format!("ulimit {limit} 2>/dev/null; "))
                .collect();
            command.args(["-c", &format!("{limits}exec \"$@\""), "sh"]);
            command.arg(program);
        }
        command.args(arguments);
        if !self.closed {
            command.current_dir(folder);
        }
        process::capture(command, Duration::from_secs(seconds.max(1)))
    }

    /// L'empreinte de ce qui sert à juger : les bibliothèques compilées.
    pub fn fingerprint(&self) -> Result<Vec<u8>> {
        let mut digest = Sha256::new();
        for file in &self.files {
            let bytes = std::fs::read(file)
                .with_context(|| format!("« {} » ne se lit plus", file.display()))?;
            digest.update(bytes);
        }
        Ok(digest.finalize().to_vec())
    }
}
