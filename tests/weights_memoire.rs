//! Un fichier de poids, bon ou hostile, ne prend jamais beaucoup plus de mémoire que sa taille.
//! `cargo test --test weights_memoire`. N'est comptée que la mémoire du fil qui mesure : la lecture
//! reste sur le sien.

use std::fs;
use std::path::PathBuf;

use allocation_counter::measure;
use nn_core::ndarray::Array1;
use nn_data::weights::{MAX_FILE_BYTES, MAX_HEADER_BYTES, StateDict};

/// Ce que `work` a pris de mémoire au plus, en octets.
fn peak<T>(work: impl FnOnce() -> T) -> usize {
    measure(|| drop(work())).bytes_max as usize
}

#[test]
fn la_memoire_suit_la_taille_du_fichier_et_non_ce_qu_il_annonce() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("poids-memoire");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("essai.safetensors");
    let written = |bytes: &[u8]| fs::write(&path, bytes).unwrap();
    let loading = || peak(|| StateDict::load(&path));

    // Quelques octets qui en annoncent des milliards : un en-tête, puis un tableau.
    written(&[&u64::MAX.to_le_bytes()[..], b"{"].concat());
    assert!(loading() < 10_000);
    let header =
        r#"{"w":{"dtype":"F64","shape":[9000000000],"data_offsets":[0,72000000000]}}"#;
    written(&[&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat());
    assert!(loading() < 10_000);

    // Un fichier creux d'un peu moins que la limite : refusé sur ses premiers octets.
    fs::File::create(&path).unwrap().set_len(MAX_FILE_BYTES as u64).unwrap();
    assert!(loading() < 10_000);
    fs::remove_file(&path).unwrap();

    // Le plus grand en-tête permis, plein de tableaux vides : quelques fois sa taille.
    let empty =
        |rank| format!(r#""{rank}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#);
    let mut header = "{".to_string();
    for rank in 0.. {
        let next = empty(rank);
        if header.len() + next.len() + 2 > MAX_HEADER_BYTES {
            break;
        }
        header = header + if rank > 0 { "," } else { "" } + &next;
    }
    header += "}";
    written(&[&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat());
    assert!(StateDict::load(&path).is_ok());
    assert!(loading() < 16 * MAX_HEADER_BYTES, "{}", loading());

    // Un grand fichier honnête.
    let mut state = StateDict::new();
    state.insert("w", &Array1::<f32>::ones(1_000_000)).unwrap();
    state.save(&path).unwrap();
    let size = fs::metadata(&path).unwrap().len() as usize;
    assert!(loading() < 6 * size, "{} pour {size}", loading());
    fs::remove_file(&path).unwrap();
}
