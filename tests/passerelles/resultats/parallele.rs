// Fait par tests/passerelles/parallele.py ; ne se modifie pas à la main.
// Python 3.11.7, PyTorch 2.15.0.

// ANCHOR: gradient
// ∂L/∂b2, calculé par deux programmes (torchrun, gloo, PyTorch 2.15.0) :
// 12 images pour l'un, 36 pour l'autre
const TORCHRUN: [f64; 10] = [
    0.00020605498110283242, 0.029117649284134062, -0.01917121854834747,
    0.009177785426660173, -0.001030392473764287, 0.006367101232856075,
    0.000170918006127591, -0.00702873672969848, 0.006220951661580924,
    -0.024030112840651433,
];
// ANCHOR_END: gradient

// ANCHOR: deviations
// Parts inégales, sommes pondérées
const WEIGHTED_UNEQUAL: f64 = 5.551115123125783e-17;
// Parts égales, moyenne de moyennes
const MEAN_HALVES: f64 = 6.938893903907228e-17;
// Parts inégales, moyenne de moyennes
const MEAN_UNEQUAL: f64 = 0.0986393698454574;
// ANCHOR_END: deviations
