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
                let one = |t: &Tensor| json!({"shape": t.shape, "bits": bits(t)});
                json!({"values": tensors.iter().map(one).collect::<Vec<_>>()})
            }
            Self::Panic(said) => json!({"panic": said}),
            Self::TooSlow => json!("too_slow"),
        }
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
        if written.len() != expected.len() {
            return None;
        }
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
        written.iter().zip(expected).map(one).collect::<Option<_>>().map(Self::Values)
    }
}

/// Exécute les sondes, dans l'ordre.
///
/// Tout se passe dans un autre fil d'exécution : une panique y reste, et s'il dépasse `limit` on
/// l'abandonne. Rust ne sait pas tuer un fil : celui-là continue jusqu'à l'arrêt du noyau.
pub(crate) fn observe(calls: Vec<Call>, limit: Duration) -> Vec<Outcome> {
    silence_probes();
    let count = calls.len();
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        for call in calls {
            let outcome = match panic::catch_unwind(AssertUnwindSafe(call)) {
                Ok(values) => Outcome::Values(values),
                Err(payload) => Outcome::Panic(message(payload.as_ref())),
            };
            if sender.send(outcome).is_err() {
                return; // plus personne n'attend
            }
        }
    };
    let name = THREAD.to_string();
    if let Err(error) = thread::Builder::new().name(name).spawn(work) {
        let said = format!("le système refuse un fil d'exécution de plus ({error})");
        return vec![Outcome::Panic(said); count];
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
        let f: fn(f64) -> f64 = |z| {
            if z < 1.5 {
                return z;
            }
            loop {
                thread::sleep(Duration::from_millis(1));
            }
        };
        let outcomes = observe(calls(f), Duration::from_millis(200));
        assert!(matches!(outcomes[0], Outcome::Values(_)));
        assert!(matches!(outcomes[1], Outcome::TooSlow));
    }
}
