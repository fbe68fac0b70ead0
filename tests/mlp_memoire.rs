//! Un pas d'entraînement, une fois le premier fait, n'alloue rien ; d'un grand produit seulement, la
//! bibliothèque qui le fait prend un tableau de travail, et le rend : `cargo test --test mlp_memoire`.
//! Ne sont comptées que les allocations du fil qui mesure : un pas reste sur le sien.

use allocation_counter::{AllocationInfo, measure};
use nn_core::NumpyRng;
use nn_core::ndarray::Array2;
use nn_core::rand::RngExt;
use nn_mlp::{Activation, Float, Loss, Mlp, Optimizer};

/// Les allocations, reprises comprises, de 20 pas qui suivent le premier de chaque taille.
fn allocations<F: Float>(
    sizes: &[usize],
    batch: usize,
    optimizer: Optimizer<F>,
) -> AllocationInfo {
    let mut rng = NumpyRng::seed(0);
    let hidden = &sizes[1..sizes.len() - 1];
    let mut mlp = hidden
        .iter()
        .fold(Mlp::<F>::builder(sizes[0]), |b, &h| {
            b.layer(h, Activation::Relu).dropout(0.2)
        })
        .layer(sizes[sizes.len() - 1], Activation::Softmax)
        .loss(Loss::CrossEntropy)
        .l2(1e-4)
        .build(&mut rng)
        .unwrap();
    let k = sizes[sizes.len() - 1];
    let mut examples = |m| {
        let x = Array2::from_shape_fn((m, sizes[0]), |_| F::nearest(rng.random::<f64>()));
        let y = Array2::from_shape_fn((m, k), |(row, class)| {
            if row % k == class { F::one() } else { F::zero() }
        });
        (x, y)
    };
    // Le lot entier, et le dernier d'une époque, plus court.
    let lots = [examples(batch), examples(batch / 2 + 1)];
    let mut optimizer = optimizer;
    for (x, y) in &lots {
        mlp.train_step(x, y, &mut optimizer).unwrap();
    }
    let steps = || {
        for _ in 0..10 {
            for (x, y) in &lots {
                mlp.train_step(x, y, &mut optimizer).unwrap();
            }
        }
    };
    measure(steps)
}

#[test]
fn un_pas_n_alloue_rien_apres_le_premier() {
    // Le compteur compte, et les reprises aussi.
    let taken = measure(|| {
        let mut bytes = std::hint::black_box(vec![0_u8; 100]);
        bytes.reserve_exact(1000);
    });
    assert_eq!(taken.count_total, 2);

    for sizes in [&[3, 4, 1][..], &[64, 30, 10], &[784, 128, 10], &[20, 40, 30, 5]] {
        for batch in [4, 32] {
            for taken in [
                allocations::<f64>(sizes, batch, Optimizer::sgd(0.1).unwrap()),
                allocations::<f32>(sizes, batch, Optimizer::momentum(0.1, 0.9).unwrap()),
                allocations::<f32>(sizes, batch, Optimizer::adam(0.01).unwrap()),
            ] {
                // Vingt pas ; pour chaque couche, trois produits, et deux pour la première.
                let layers = sizes.len() as u64 - 1;
                let products = 20 * (3 * layers - 1);
                let most = if sizes == [3, 4, 1] { 0 } else { products };
                assert!(taken.count_total <= most, "{sizes:?}, {batch} : {taken:?}");
                assert_eq!(taken.count_current, 0, "{sizes:?}, {batch} : rien n'est gardé");
            }
        }
    }
}
