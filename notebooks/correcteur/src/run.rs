//! Exécuter une fonction inconnue sans risque pour le notebook : à part, et pour un temps limité.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Once, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::tensor::Tensor;

/// Le nom du fil d'exécution des sondes ; il sert à reconnaître leurs paniques.
pub(crate) const THREAD: &str = "correcteur";

/// Une sonde prête : elle appelle la fonction, et note ce qu'elle rend.
pub type Call = Box<dyn FnOnce() -> Vec<Tensor> + Send>;

/// Ce qu'a donné une sonde.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// La fonction a rendu ces valeurs.
    Values(Vec<Tensor>),
    /// Elle s'est arrêtée, avec ce message.
    Panic(String),
    /// Elle n'avait pas fini à temps.
    TooSlow,
}

impl Outcome {
    /// En JSON, chaque nombre par ses 64 bits : aucun chiffre ne s'y perd, et NaN s'écrit.
    pub(crate) fn write(&self) -> Value {
        match self {
            Self::Values(tensors) => {
                let bits =
                    |t: &Tensor| t.values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                let one =
                    |t: &Tensor| json!({"name": t.name, "shape": t.shape, "bits": bits(t)});
                json!({"values": tensors.iter().map(one).collect::<Vec<_>>()})
            }
            Self::Panic(said) => json!({"panic": said}),
            Self::TooSlow => json!("too_slow"),
        }
    }

    /// Le même, avec les noms et les axes : une réponse peut en avoir d'autres que la référence.
    #[cfg(unix)]
    fn write_named(&self) -> Value {
        let mut written = self.write();
        if let Self::Values(tensors) = self {
            written["named"] = tensors.iter().map(|t| json!([t.name, t.axes])).collect();
        }
        written
    }

    #[cfg(unix)]
    fn read_named(written: &Value, expected: &Outcome) -> Self {
        let axes: Vec<&'static str> = match expected {
            Self::Values(expected) => {
                expected.iter().flat_map(|t| t.axes.clone()).collect()
            }
            _ => Vec::new(),
        };
        let named = written["named"].as_array().map_or(&[][..], |all| all);
        let frame = named.iter().map(|named| {
            let own = named[1].as_array().map_or(&[][..], |all| all);
            let axis =
                |a: &Value| axes.iter().find(|b| a == **b).copied().unwrap_or("éléments");
            Tensor {
                name: named[0].as_str().unwrap_or_default().into(),
                axes: own.iter().map(axis).collect(),
                shape: vec![0; own.len()],
                values: Vec::new(),
            }
        });
        Self::read(written, &Self::Values(frame.collect()))
            .unwrap_or_else(|| Self::Panic("la réponse ne se relit pas".into()))
    }

    /// Ce que [`write`](Self::write) a écrit ; les noms et les axes sont ceux de `expected`.
    pub(crate) fn read(written: &Value, expected: &Outcome) -> Option<Self> {
        if written == "too_slow" {
            return Some(Self::TooSlow);
        }
        if let Some(said) = written.get("panic") {
            return said.as_str().map(|said| Self::Panic(said.into()));
        }
        let written = written.get("values")?.as_array()?;
        let Outcome::Values(expected) = expected else {
            // La référence s'arrête ici : n'importe quelle valeur est fausse.
            return Some(Self::Values(Vec::new()));
        };
        // Un tableau de plus : ce que la fonction n'avait pas à changer.
        if !(expected.len()..=expected.len() + 8).contains(&written.len()) {
            return None;
        }
        let letters = |c: char| c.is_alphanumeric() || c == '_';
        let more = written[expected.len()..].iter().map(|t| {
            let name = t.get("name")?.as_str()?;
            let rank = t.get("shape")?.as_array()?.len();
            (name.len() < 20 && name.chars().all(letters)).then(|| Tensor {
                name: name.into(),
                axes: vec!["éléments"; rank],
                shape: vec![0; rank],
                values: Vec::new(),
            })
        });
        let more = more.collect::<Option<Vec<_>>>()?;
        let numbers = |t: &Value, field: &str| -> Option<Vec<u64>> {
            t.get(field)?.as_array()?.iter().map(Value::as_u64).collect()
        };
        let one =
            |(t, expected): (&Value, &Tensor)| {
                let shape: Vec<usize> =
                    numbers(t, "shape")?.iter().map(|n| *n as usize).collect();
                let values: Vec<f64> =
                    numbers(t, "bits")?.iter().map(|bits| f64::from_bits(*bits)).collect();
                let size = shape.iter().try_fold(1usize, |a, n| a.checked_mul(*n))?;
                (shape.len() == expected.shape.len() && size == values.len())
                    .then(|| Tensor { shape, values, ..expected.clone() })
            };
        written
            .iter()
            .zip(expected.iter().chain(&more))
            .map(one)
            .collect::<Option<_>>()
            .map(Self::Values)
    }
}

/// Exécute les sondes, dans l'ordre.
///
/// Tout se passe dans un autre fil d'exécution : une panique y reste, et s'il dépasse `limit` on
/// l'abandonne. Rust ne sait pas tuer un fil : celui-là continue jusqu'à l'arrêt du noyau.
pub(crate) fn observe(calls: Vec<Call>, limit: Duration) -> Vec<Outcome> {
    silence_probes();
    let count = calls.len();
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        for call in calls {
            if sender.send(outcome(call)).is_err() {
                return; // plus personne n'attend
            }
        }
    };
    let name = THREAD.to_string();
    if let Err(error) = thread::Builder::new().name(name).spawn(work) {
        return vec![Outcome::Panic(format!("{NO_THREAD} ({error})")); count];
    }
    let deadline = Instant::now() + limit;
    let mut outcomes = Vec::new();
    while outcomes.len() < count {
        let left = deadline.saturating_duration_since(Instant::now());
        match receiver.recv_timeout(left) {
            Ok(outcome) => outcomes.push(outcome),
            Err(_) => outcomes.resize_with(count, || Outcome::TooSlow),
        }
    }
    outcomes
}

fn outcome(call: Call) -> Outcome {
    match panic::catch_unwind(AssertUnwindSafe(call)) {
        Ok(values) => Outcome::Values(values),
        Err(payload) => Outcome::Panic(message(payload.as_ref())),
    }
}

/// Exécute les sondes d'une réponse inconnue, là où le système le permet dans une copie du programme :
/// une pile qui déborde, un `exit` ou une boucle sans fin n'emportent qu'elle.
#[cfg(unix)]
pub(crate) fn observe_apart(
    calls: Vec<Call>,
    limit: Duration,
    expected: &[Outcome],
) -> Vec<Outcome> {
    apart::observe(calls, limit, expected)
}

#[cfg(not(unix))]
pub(crate) fn observe_apart(
    calls: Vec<Call>,
    limit: Duration,
    _: &[Outcome],
) -> Vec<Outcome> {
    observe(calls, limit)
}

/// La copie du programme (`fork`), et ce qu'elle a eu le temps d'écrire.
///
/// Elle ne contient que le fil qui la demande : un verrou pris ailleurs y resterait pris. Elle n'a
/// donc droit qu'à appeler la réponse, dont la mémoire et l'affichage sont prêts à être copiés, et à
/// écrire dans un tube ; elle finit par `_exit`, qui ne range rien.
#[cfg(unix)]
#[allow(unsafe_code)]
mod apart {
    use std::io::{self, BufRead, BufReader, PipeReader, Write};
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, RecvTimeoutError};

    use super::*;

    unsafe extern "C" {
        fn fork() -> i32;
        fn _exit(code: i32) -> !;
        fn kill(process: i32, signal: i32) -> i32;
        fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
        fn signal(number: i32, handler: usize) -> usize;
        fn alarm(seconds: u32) -> u32;
    }
    const SIGNAL_KILL: i32 = 9;
    const SIGNAL_ABORT: i32 = 6;
    const SIGNAL_SEGMENT: i32 = 11;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const SIGNAL_BUS: i32 = 7;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const SIGNAL_BUS: i32 = 10;

    pub(super) fn observe(
        calls: Vec<Call>,
        limit: Duration,
        expected: &[Outcome],
    ) -> Vec<Outcome> {
        silence_probes();
        let count = calls.len();
        // Rien ne doit attendre dans les deux copies à la fois.
        let _ = io::stdout().flush();
        let (started, child) = mpsc::channel();
        let work = move || {
            // Une copie faite ici pendant qu'un autre tube est ouvert le garderait ouvert.
            static ONE_PIPE: Mutex<()> = Mutex::new(());
            let guard = ONE_PIPE.lock();
            let _ = started.send(match io::pipe() {
                // SAFETY: la copie n'appelle que la réponse et `_exit`.
                Ok((reader, writer)) => match unsafe { fork() } {
                    0 => answer(calls, writer, limit),
                    -1 => Err(calls),
                    process => Ok((process, reader)),
                },
                Err(_) => Err(calls),
            });
            drop(guard);
        };
        let spawned = thread::Builder::new().name(THREAD.to_string()).spawn(work);
        match spawned.map(|_| child.recv()) {
            Ok(Ok(Ok((process, reader)))) => read(process, reader, count, limit, expected),
            // Sans copie, un fil d'exécution.
            Ok(Ok(Err(calls))) => super::observe(calls, limit),
            _ => vec![Outcome::Panic(NO_THREAD.into()); count],
        }
    }

    /// Dans la copie : une ligne par sonde.
    fn answer(calls: Vec<Call>, mut writer: io::PipeWriter, limit: Duration) -> ! {
        // Si le noyau est tué entre-temps, personne d'autre n'arrêtera celle-ci.
        // SAFETY: un appel sans effet sur la mémoire.
        unsafe { alarm(limit.as_secs() as u32 + 2) };
        // Le système tue alors sans les mots anglais que Rust dirait d'une pile qui déborde.
        for number in [SIGNAL_SEGMENT, SIGNAL_BUS] {
            // SAFETY: remet le traitement par défaut, le 0 du système.
            unsafe { signal(number, 0) };
        }
        for call in calls {
            let line = outcome(call).write_named().to_string() + "\n";
            if writer.write_all(line.as_bytes()).is_err() {
                break;
            }
        }
        let _ = io::stdout().flush();
        // SAFETY: rien d'autre ne s'exécute dans la copie.
        unsafe { _exit(0) }
    }

    fn read(
        process: i32,
        reader: PipeReader,
        count: usize,
        limit: Duration,
        expected: &[Outcome],
    ) -> Vec<Outcome> {
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(reader).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let (mut outcomes, late) = collect(&lines, count, limit, expected);
        if late {
            // SAFETY: c'est notre enfant, que personne n'a encore attendu.
            unsafe { kill(process, SIGNAL_KILL) };
        }
        let mut status = 0;
        // SAFETY: de même.
        unsafe { waitpid(process, &mut status, 0) };
        let end = match status & 0x7f {
            _ if late => Outcome::TooSlow,
            SIGNAL_SEGMENT | SIGNAL_BUS => Outcome::Panic(STACK.into()),
            SIGNAL_ABORT => Outcome::Panic(ABORT.into()),
            0 => Outcome::Panic(EXIT.into()),
            signal => Outcome::Panic(format!(
                "le système a arrêté le programme (signal {signal})"
            )),
        };
        outcomes.resize(count, end);
        outcomes
    }

    fn collect(
        lines: &Receiver<String>,
        count: usize,
        limit: Duration,
        expected: &[Outcome],
    ) -> (Vec<Outcome>, bool) {
        let deadline = Instant::now() + limit;
        let mut outcomes: Vec<Outcome> = Vec::new();
        while outcomes.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            match lines.recv_timeout(left) {
                Ok(line) => {
                    let written = serde_json::from_str(&line).unwrap_or(Value::Null);
                    let expected = &expected[outcomes.len()];
                    outcomes.push(Outcome::read_named(&written, expected));
                }
                Err(RecvTimeoutError::Timeout) => return (outcomes, true),
                Err(RecvTimeoutError::Disconnected) => return (outcomes, false),
            }
        }
        (outcomes, false)
    }
}

/// Ce que devient une réponse qui ne finit pas.
pub(crate) const ABANDONED: &str = match cfg!(unix) {
    true => "Elle a été arrêtée\u{a0}: vous pouvez continuer à travailler.",
    false => {
        "Vous pouvez continuer à travailler, mais cette boucle tourne toujours et occupe un cœur du \
         processeur. Pour l'arrêter\u{a0}: menu Noyau, Redémarrer le noyau."
    }
};

const NO_THREAD: &str = "le système refuse un fil d'exécution de plus";

/// Les fins d'une réponse qui emporte son programme ; `panique::explain` les reconnaît.
#[cfg(unix)]
const STACK: &str = "la pile déborde (stack overflow)";
#[cfg(unix)]
const ABORT: &str = "le programme s'est interrompu (abort)";
#[cfg(unix)]
const EXIT: &str = "le programme a été quitté (exit)";

/// Une panique pendant une sonde ne s'affiche pas : le verdict la dira. Les autres, si.
///
/// Le message est celui du fil, et non d'une variable : evcxr peut charger plusieurs copies de
/// cette bibliothèque dans le même noyau, et le nom du fil vaut pour toutes.
fn silence_probes() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(THREAD) {
                previous(info);
            }
        }));
    });
}

fn message(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| text.to_string())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panique sans message".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::number;

    #[test]
    #[cfg(unix)]
    fn ce_qui_tue_un_programme_ne_tue_que_sa_copie() {
        fn endless(z: f64) -> f64 {
            if z < 0.0 { z } else { std::hint::black_box(endless(z + 1.0)) + z }
        }
        type Act = fn(f64) -> f64;
        let ends: [(Act, &str); 4] = [
            (|z| if z > 1.5 { endless(z) } else { z }, STACK),
            (|z| if z > 1.5 { std::process::exit(0) } else { z }, EXIT),
            (|z| if z > 1.5 { std::process::abort() } else { z }, ABORT),
            (|z| if z > 1.5 { panic!("trop grand") } else { z }, "trop grand"),
        ];
        for (f, end) in ends {
            let expected = [1.0, 2.0].map(|z| Outcome::Values(vec![number("y", z)]));
            let outcomes = observe_apart(calls(f), Duration::from_secs(5), &expected);
            assert!(matches!(&outcomes[0], Outcome::Values(v) if v[0].values == [1.0]));
            assert!(
                matches!(&outcomes[1], Outcome::Panic(said) if said == end),
                "{end} : {outcomes:?}"
            );
        }
    }

    fn calls(f: fn(f64) -> f64) -> Vec<Call> {
        [1.0, 2.0].map(|z| -> Call { Box::new(move || vec![number("y", f(z))]) }).into()
    }

    #[test]
    fn une_panique_n_arrete_que_sa_sonde() {
        let f: fn(f64) -> f64 = |z| if z > 1.5 { panic!("trop grand") } else { z };
        let outcomes = observe(calls(f), Duration::from_secs(5));
        assert!(matches!(&outcomes[0], Outcome::Values(v) if v[0].values == [1.0]));
        assert!(matches!(&outcomes[1], Outcome::Panic(said) if said == "trop grand"));
    }

    #[test]
    fn une_boucle_sans_fin_est_abandonnee() {
        let expected = [1.0, 2.0].map(|z| Outcome::Values(vec![number("y", z)]));
        let f: fn(f64) -> f64 = |z| {
            if z < 1.5 {
                return z;
            }
            loop {
                thread::sleep(Duration::from_millis(1));
            }
        };
        let limit = Duration::from_millis(200);
        for outcomes in
            [observe(calls(f), limit), observe_apart(calls(f), limit, &expected)]
        {
            assert!(matches!(outcomes[0], Outcome::Values(_)));
            assert!(matches!(outcomes[1], Outcome::TooSlow));
        }
    }
}
