//! Deux travaux à la fois : pendant qu'un noyau compile, un autre calcule.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use anyhow::Result;

/// Combien de travaux ensemble, au plus : chaque noyau demande environ 1 Go.
pub const AT_ONCE: usize = 2;

/// Fait `work` pour chaque élément et rend les résultats dans l'ordre des éléments. Dit à
/// `progress`, à mesure, combien sont faits, et lequel vient de l'être.
///
/// # Erreurs
/// La première erreur, une fois finis les travaux commencés ; aucun autre ne commence.
pub fn together<I: Sync, T: Send>(
    items: &[I],
    work: impl Fn(&I) -> Result<T> + Sync,
    mut progress: impl FnMut(usize, &I),
) -> Result<Vec<T>> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut found: Vec<Option<T>> = items.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..cores.min(AT_ONCE) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let rank = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(rank) else { break };
                    let result = work(item);
                    if result.is_err() {
                        next.store(items.len(), Ordering::Relaxed);
                    }
                    let _ = sender.send((rank, result));
                }
            });
        }
        drop(sender);
        for (done, (rank, result)) in receiver.into_iter().enumerate() {
            found[rank] = Some(result?);
            progress(done + 1, &items[rank]);
        }
        Ok(found.into_iter().flatten().collect())
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use anyhow::bail;

    use super::*;

    #[test]
    fn les_resultats_gardent_leur_ordre() {
        let items: Vec<u64> = (0..9).collect();
        let mut seen = Vec::new();
        let found = together(
            &items,
            |item| {
                // Les premiers finissent les derniers.
                std::thread::sleep(Duration::from_millis(9 - item));
                Ok(item * 10)
            },
            |done, item| seen.push((done, *item)),
        );
        assert_eq!(found.unwrap(), (0..9).map(|item| item * 10).collect::<Vec<_>>());
        assert_eq!(
            seen.iter().map(|(done, _)| *done).collect::<Vec<_>>(),
            (1..=9).collect::<Vec<_>>()
        );
        let mut items_seen: Vec<u64> = seen.iter().map(|(_, item)| *item).collect();
        items_seen.sort();
        assert_eq!(items_seen, items);
    }

    #[test]
    fn la_premiere_erreur_arrete_les_suivants() {
        let begun = AtomicUsize::new(0);
        let items: Vec<usize> = (0..9).collect();
        let found = together(
            &items,
            |item| {
                begun.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
                if *item == 2 { bail!("le deuxième") } else { Ok(()) }
            },
            |_, _| {},
        );
        assert_eq!(found.unwrap_err().to_string(), "le deuxième");
        assert!(begun.load(Ordering::Relaxed) <= 3 + AT_ONCE);
    }
}
