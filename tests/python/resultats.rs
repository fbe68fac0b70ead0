// Fait par tests/python/executer.py ; ne se modifie pas à la main.
// Python 3.11.7, NumPy 2.4.6.

// ANCHOR: 01_activation_valeurs
// `valeurs`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    0.04742587317756678, 0.5, 0.7499976958676507,
    0.9525741268224334,
];
// ANCHOR_END: 01_activation_valeurs

// ANCHOR: 02_network_weights1
// `weights1`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 12] = [
    0.5488135039273248, 0.7151893663724195, 0.6027633760716439,
    0.5448831829968969, 0.4236547993389047, 0.6458941130666561,
    0.4375872112626925, 0.8917730007820798, 0.9636627605010293,
    0.3834415188257777, 0.7917250380826646, 0.5288949197529045,
];
// ANCHOR_END: 02_network_weights1

// ANCHOR: 03_feedforward_output
// `output`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    0.7437111755531314, 0.7793073352810789, 0.7827105745574909,
    0.8056534951060124,
];
// ANCHOR_END: 03_feedforward_output

// ANCHOR: 04_loss_perte
// `perte`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    1.298103813489028,
];
// ANCHOR_END: 04_loss_perte

// ANCHOR: 05_backprop_d_weights2
// `d_weights2`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    -0.3043972971743576, -0.27200548572716066, -0.29463093794206535,
    -0.28345480599566836,
];
// ANCHOR_END: 05_backprop_d_weights2

// ANCHOR: 06_training_output
// `output`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    0.01009142198176822, 0.9715904844829698, 0.9716781331772255,
    0.03296341092906988,
];
// ANCHOR_END: 06_training_output
