//! Lancer d'autres programmes, lire ce qu'ils disent, et les arrêter avec nous.

use std::collections::VecDeque;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use process_wrap::std::{ChildWrapper, CommandWrap};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static RUNNING: Mutex<Vec<SharedChild>> = Mutex::new(Vec::new());

type SharedChild = Arc<Mutex<Box<dyn ChildWrapper>>>;

/// Un programme lancé par l'atelier, arrêté avec toute sa descendance si l'atelier s'arrête.
pub struct Running {
    child: SharedChild,
}

impl Running {
    /// Lance le programme dans un groupe à lui.
    pub fn spawn(command: Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut wrapped = CommandWrap::from(command);
        #[cfg(unix)]
        wrapped.wrap(process_wrap::std::ProcessGroup::leader());
        #[cfg(windows)]
        wrapped.wrap(process_wrap::std::JobObject);
        let child = wrapped.spawn().with_context(|| {
            format!("« {name} » ne se lance pas. Est-il installé, et dans le PATH ?")
        })?;
        let child = Arc::new(Mutex::new(child));
        RUNNING.lock().unwrap().push(child.clone());
        if INTERRUPTED.load(Ordering::SeqCst) {
            stop(&child);
        }
        Ok(Self { child })
    }

    /// Le programme s'est-il terminé ? Rend alors son code de sortie.
    pub fn finished(&self) -> Result<Option<i32>> {
        let status = self.child.lock().unwrap().try_wait()?;
        Ok(status.map(|status| status.code().unwrap_or(-1)))
    }

    /// Attend la fin.
    pub fn wait(&self) -> Result<i32> {
        loop {
            if let Some(code) = self.finished()? {
                return Ok(code);
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        stop(&self.child);
        RUNNING.lock().unwrap().retain(|other| !Arc::ptr_eq(other, &self.child));
    }
}

/// Demande poliment, puis insiste.
fn stop(child: &SharedChild) {
    let mut child = child.lock().unwrap();
    if matches!(child.try_wait(), Ok(Some(_))) {
        return;
    }
    #[cfg(unix)]
    {
        const SIGTERM: i32 = 15;
        let _ = child.signal(SIGTERM);
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(8) {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(30));
        }
    }
    let _ = child.start_kill();
    let _ = child.wait();
}

/// Ctrl-C : arrête ce qui tourne, dit comment reprendre, et sort.
pub fn handle_interrupts() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            return;
        }
        eprintln!("\nArrêt demandé…");
        let running = RUNNING.lock().unwrap().clone();
        for child in &running {
            stop(child);
        }
        eprintln!("Arrêté. Rien n'est perdu : relancez la même commande pour reprendre.");
        std::process::exit(130);
    })
    .context("l'interruption par Ctrl-C n'a pas pu être préparée")
}

/// Si un arrêt a été demandé, laisse la main à celui qui arrête tout : il finira le programme.
pub fn let_interruption_finish() {
    while INTERRUPTED.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Lance, donne chaque ligne dite à `on_line`, et attend. Les retours chariot comptent comme
/// des fins de ligne (les barres de progression de cargo).
///
/// # Erreurs
/// Le programme ne se lance pas, ou finit mal : l'erreur porte alors ses dernières lignes.
pub fn run(command: Command, what: &str, on_line: impl FnMut(&str)) -> Result<()> {
    let (code, tail) = run_to_end(command, on_line)?;
    if code != 0 {
        bail!("{what} a échoué (code {code}). Ses derniers mots :\n{tail}");
    }
    Ok(())
}

/// Le même, qui rend le code de sortie et les dernières lignes au lieu de juger.
pub fn run_to_end(
    mut command: Command,
    mut on_line: impl FnMut(&str),
) -> Result<(i32, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = Running::spawn(command)?;
    let (sender, receiver) = mpsc::channel::<String>();
    {
        let mut child = running.child.lock().unwrap();
        let out = child.stdout().take().map(|s| Box::new(s) as Box<dyn Read + Send>);
        let err = child.stderr().take().map(|s| Box::new(s) as Box<dyn Read + Send>);
        for stream in [out, err].into_iter().flatten() {
            let sender = sender.clone();
            std::thread::spawn(move || send_lines(stream, &sender));
        }
    }
    drop(sender);
    let mut tail: VecDeque<String> = VecDeque::new();
    for line in receiver {
        on_line(&line);
        // `pip` nomme ainsi chaque paquet d'un autre système : ce ne sont pas ses derniers mots.
        if !line.trim().is_empty() && !line.starts_with("Ignoring ") {
            tail.push_back(line);
            if tail.len() > 10 {
                tail.pop_front();
            }
        }
    }
    let code = running.wait()?;
    Ok((code, tail.into_iter().collect::<Vec<_>>().join("\n")))
}

fn send_lines(mut stream: Box<dyn Read + Send>, sender: &mpsc::Sender<String>) {
    let mut pending = Vec::new();
    let mut buffer = [0u8; 8192];
    while let Ok(n) = stream.read(&mut buffer) {
        if n == 0 {
            break;
        }
        for &byte in &buffer[..n] {
            if byte == b'\n' || byte == b'\r' {
                let line = String::from_utf8_lossy(&pending).into_owned();
                pending.clear();
                if sender.send(line).is_err() {
                    return;
                }
            } else {
                pending.push(byte);
            }
        }
    }
    if !pending.is_empty() {
        let _ = sender.send(String::from_utf8_lossy(&pending).into_owned());
    }
}

/// Ce que l'on garde de ce qu'écrit un programme qui n'est pas de nous : la fin.
const KEPT: usize = 4 * 1024 * 1024;
/// Ce qu'il peut écrire en tout ; au-delà, il est arrêté.
const MOST: usize = 64 * 1024 * 1024;

/// Comment un programme qui n'est pas de nous a fini.
pub struct Captured {
    /// Son code de sortie ; rien s'il a fallu l'arrêter, ou si un signal l'a fait.
    pub code: Option<i32>,
    /// Il n'avait pas fini à temps.
    pub timed_out: bool,
    /// Il écrivait sans fin.
    pub too_long: bool,
    /// La fin de ce qu'il a écrit.
    pub output: String,
    /// La fin de ce qu'il a écrit sur la sortie d'erreur.
    pub errors: String,
}

impl Captured {
    /// A-t-il fini de lui-même, sans erreur ?
    pub fn ended_well(&self) -> bool {
        self.code == Some(0)
    }
}

/// Lance un programme qui n'est pas de nous, l'arrête après `limit`, et rend ce qu'il a dit.
///
/// # Erreurs
/// Il ne se lance pas.
pub fn capture(mut command: Command, limit: Duration) -> Result<Captured> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let running = Running::spawn(command)?;
    let written = Arc::new(AtomicUsize::new(0));
    let (out, err) = {
        let mut child = running.child.lock().unwrap();
        let out = child.stdout().take().map(|stream| keep_the_end(stream, written.clone()));
        let err = child.stderr().take().map(|stream| keep_the_end(stream, written.clone()));
        (out, err)
    };
    let start = Instant::now();
    let (mut code, mut timed_out, mut too_long) = (None, false, false);
    loop {
        if let Some(found) = running.finished()? {
            code = (found >= 0).then_some(found);
            break;
        }
        timed_out = start.elapsed() >= limit;
        too_long = written.load(Ordering::Relaxed) > MOST;
        if timed_out || too_long {
            let _ = running.child.lock().unwrap().start_kill();
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(running);
    // Ce qu'il aurait laissé derrière lui pourrait tenir la sortie ouverte : on n'attend pas plus.
    let end = |receiver: Option<mpsc::Receiver<Vec<u8>>>| {
        let bytes = receiver.and_then(|r| r.recv_timeout(Duration::from_secs(1)).ok());
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    };
    Ok(Captured { code, timed_out, too_long, output: end(out), errors: end(err) })
}

/// Lit jusqu'au bout et ne garde que la fin.
fn keep_the_end(
    mut stream: impl Read + Send + 'static,
    written: Arc<AtomicUsize>,
) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut kept: VecDeque<u8> = VecDeque::new();
        let mut buffer = [0u8; 65536];
        while let Ok(n @ 1..) = stream.read(&mut buffer) {
            written.fetch_add(n, Ordering::Relaxed);
            kept.extend(&buffer[..n]);
            kept.drain(..kept.len().saturating_sub(KEPT));
        }
        let _ = sender.send(kept.into());
    });
    receiver
}

/// Le remède à ce que d'autres programmes disent dans leur langue : les signes, puis ce qu'il faut faire.
const REMEDIES: [(&[&str], &str); 4] = [
    (
        &[
            "presque plus de place",
            "No space left on device",
            "os error 28)",
            "Errno 28]",
            "os error 112)",
            "quota exceeded",
        ],
        "Le disque est plein, celui du projet ou celui des fichiers provisoires : faites de la place, puis \
         relancez la même commande.",
    ),
    (
        &["linker `", "failed to find tool \"cc\""],
        "Il manque un compilateur C : « sudo apt install build-essential » (Debian, Ubuntu), \
         « xcode-select --install » (macOS), Visual Studio Build Tools (Windows) ; puis relancez la même \
         commande.",
    ),
    (
        &["failed to unpack package"],
        "Une archive déjà téléchargée est abîmée : effacez le dossier « registry/cache » de cargo (dans \
         « .cargo », chez vous), puis relancez la même commande.",
    ),
    (
        &["DO NOT MATCH THE HASHES"],
        "Un paquet de Python est arrivé abîmé, et `pip` le garde peut-être ainsi : lancez \
         `python3 -m pip cache purge`, puis relancez la même commande.",
    ),
];

/// Que faire d'une erreur qui contient l'un de ces signes ?
pub fn remedy(said: &str) -> Option<&'static str> {
    let found =
        REMEDIES.iter().find(|(signs, _)| signs.iter().any(|sign| said.contains(sign)));
    found.map(|(_, remedy)| *remedy)
}

/// `Building [=> ] 12/345: …`, tel que cargo l'écrit : (12, 345).
pub fn cargo_progress(line: &str) -> Option<(u64, u64)> {
    let rest = line.trim_start().strip_prefix("Building")?;
    let numbers = rest.split(']').nth(1)?.split(':').next()?;
    let (done, total) = numbers.trim().split_once('/')?;
    Some((done.trim().parse().ok()?, total.trim().parse().ok()?))
}

/// Fait dire à cargo où il en est, même hors d'un terminal.
pub fn with_cargo_progress(command: &mut Command) -> &mut Command {
    command
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "80")
        .env("CARGO_TERM_COLOR", "never")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn la_barre_de_cargo_se_lit() {
        assert_eq!(
            cargo_progress("    Building [====>   ] 12/345: serde, syn"),
            Some((12, 345))
        );
        assert_eq!(cargo_progress("   Compiling serde v1.0"), None);
    }

    #[test]
    fn un_programme_absent_est_nomme() {
        let error =
            run(Command::new("programme-qui-n-existe-pas"), "l'essai", |_| {}).unwrap_err();
        assert!(
            format!("{error:#}").contains("« programme-qui-n-existe-pas »"),
            "{error:#}"
        );
    }

    #[test]
    fn un_echec_porte_les_derniers_mots_du_programme() {
        let mut command = Command::new(std::env::current_exe().unwrap()); // ces tests-ci
        command.arg("--option-inconnue");
        let error = run(command, "l'essai", |_| {}).unwrap_err().to_string();
        assert!(
            error.contains("l'essai a échoué") && error.contains("'option-inconnue'"),
            "{error}"
        );
    }
}
