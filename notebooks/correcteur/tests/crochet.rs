//! Le correcteur fait taire les paniques de ses sondes, et elles seules. Un test à lui seul : le
//! crochet de panique vaut pour tout le programme.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use correcteur::{Status, chapitre_01};

#[test]
fn seules_les_paniques_des_sondes_se_taisent() {
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    panic::set_hook(Box::new(|_| {
        SEEN.fetch_add(1, Ordering::SeqCst);
    }));
    for _ in 0..3 {
        let verdict = chapitre_01::my_sigmoid(|_| panic!("chez l'apprenant"));
        assert_eq!(verdict.status, Status::Panic);
    }
    assert_eq!(SEEN.load(Ordering::SeqCst), 0);
    assert!(thread::spawn(|| panic!("ailleurs")).join().is_err());
    assert_eq!(SEEN.load(Ordering::SeqCst), 1);
}
