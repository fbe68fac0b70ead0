//! Ce qui dure plus d'une seconde dit ce qu'il fait, et depuis quand.

use std::io::IsTerminal;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// Les étapes en cours, chacune sur sa ligne.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Une étape en cours, avec son nom et le temps écoulé.
pub struct Progress {
    bar: ProgressBar,
    title: String,
    start: Instant,
    terminal: bool,
}

impl Progress {
    /// Commence l'étape `title`. Hors d'un terminal, une ligne au début et une à la fin.
    pub fn start(title: &str) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal {
            let bar = BARS.add(ProgressBar::new_spinner());
            bar.set_style(
                ProgressStyle::with_template("{spinner} {prefix} ({elapsed}) {wide_msg}")
                    .expect("le gabarit est correct"),
            );
            bar.enable_steady_tick(Duration::from_millis(120));
            bar.set_prefix(title.to_string());
            bar
        } else {
            eprintln!("… {title}");
            ProgressBar::hidden()
        };
        Self { bar, title: title.to_string(), start: Instant::now(), terminal }
    }

    /// Où l'on en est : `done` sur `total`.
    pub fn set(&self, done: u64, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_style(
                ProgressStyle::with_template(
                    "{spinner} {prefix} [{bar:24}] {pos}/{len} ({elapsed}) {wide_msg}",
                )
                .expect("le gabarit est correct")
                .progress_chars("=> "),
            );
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
    }

    /// Un de plus est fait.
    pub fn advance(&self) {
        self.bar.inc(1);
    }

    /// Ce qui se fait en ce moment.
    pub fn detail(&self, text: &str) {
        self.bar.set_message(text.to_string());
    }

    /// L'étape a réussi.
    pub fn done(self, note: &str) {
        self.bar.finish_and_clear();
        let seconds = self.start.elapsed().as_secs_f64();
        let note = if note.is_empty() { String::new() } else { format!(" : {note}") };
        let time = if self.terminal || seconds >= 0.05 {
            format!(" ({seconds:.1} s)").replace('.', ",")
        } else {
            String::new()
        };
        BARS.suspend(|| eprintln!("✓ {}{note}{time}", self.title));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_pas_compte_une_fois() {
        let progress = Progress::start("Essai");
        progress.set(0, 9);
        let seen: Vec<u64> = (0..9)
            .map(|_| {
                progress.advance();
                progress.bar.position()
            })
            .collect();
        assert_eq!(seen, (1..=9).collect::<Vec<_>>());
        assert_eq!(progress.bar.length(), Some(9));
    }
}
