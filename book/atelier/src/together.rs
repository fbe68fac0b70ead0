//! Deux travaux à la fois : pendant qu'un noyau compile, un autre calcule.

use anyhow::Result;
use rayon::prelude::*;

/// Combien de travaux ensemble, au plus : chaque noyau demande environ 1 Go.
pub const AT_ONCE: usize = 2;

/// Fait `work` pour chaque élément, pris dans l'ordre, et rend les résultats dans cet ordre.
///
/// # Erreurs
/// La première erreur, une fois finis les travaux commencés ; aucun autre ne commence.
pub fn together<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(cores.min(AT_ONCE)).build()?;
    let mut found: Vec<(usize, T)> = pool.install(|| {
        let one_by_one = items.iter().enumerate().par_bridge();
        one_by_one.map(|(rank, item)| Ok((rank, work(item)?))).collect::<Result<_>>()
    })?;
    found.sort_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use anyhow::bail;

    use super::*;

    #[test]
    fn les_resultats_gardent_leur_ordre() {
        let items: Vec<u64> = (0..9).collect();
        let seen = Mutex::new(Vec::new());
        let found = together(&items, |item| {
            // Les premiers finissent les derniers.
            std::thread::sleep(Duration::from_millis(9 - item));
            seen.lock().unwrap().push(*item);
            Ok(item * 10)
        });
        assert_eq!(found.unwrap(), (0..9).map(|item| item * 10).collect::<Vec<_>>());
        let mut seen = seen.into_inner().unwrap();
        seen.sort();
        assert_eq!(seen, items, "chacun est fait une fois");
    }

    #[test]
    fn la_premiere_erreur_arrete_les_suivants() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..9).collect();
        let found = together(&items, |item| {
            begun.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(5));
            if *item == 2 { bail!("le deuxième") } else { Ok(()) }
        });
        assert_eq!(found.unwrap_err().to_string(), "le deuxième");
        assert!(begun.load(Ordering::Relaxed) <= 3 + AT_ONCE);
    }
}
