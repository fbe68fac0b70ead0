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

// ANCHOR: 06_backprop_d_weights2
// `d_weights2`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    -0.3043972971743576, -0.27200548572716066, -0.29463093794206535,
    -0.28345480599566836,
];
// ANCHOR_END: 06_backprop_d_weights2

// ANCHOR: 07_training_output
// `output`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    0.01009142198176822, 0.9715904844829698, 0.9716781331772255,
    0.03296341092906988,
];
// ANCHOR_END: 07_training_output

// ANCHOR: 90_numpy_t
// `t`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    1.0, 2.0, 3.0,
    4.0, 5.0, 6.0,
];
// ANCHOR_END: 90_numpy_t

// ANCHOR: 90_numpy_zeros
// `zeros`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    0.0, 0.0, 0.0,
    0.0, 0.0, 0.0,
];
// ANCHOR_END: 90_numpy_zeros

// ANCHOR: 90_numpy_demis
// `demis`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    0.5, 0.5, 0.5,
    0.5,
];
// ANCHOR_END: 90_numpy_demis

// ANCHOR: 90_numpy_suite
// `suite`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 5] = [
    0.0, 0.25, 0.5,
    0.75, 1.0,
];
// ANCHOR_END: 90_numpy_suite

// ANCHOR: 90_numpy_tirage
// `tirage`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    0.07630828937395717, 0.7799187922401146, 0.4384092314408935,
    0.7234651778309412, 0.9779895119966027, 0.5384958704104337,
];
// ANCHOR_END: 90_numpy_tirage

// ANCHOR: 90_numpy_forme
// `forme`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 2] = [
    2.0, 3.0,
];
// ANCHOR_END: 90_numpy_forme

// ANCHOR: 90_numpy_une_case
// `une_case`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    6.0,
];
// ANCHOR_END: 90_numpy_une_case

// ANCHOR: 90_numpy_premiere_ligne
// `premiere_ligne`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 3] = [
    1.0, 2.0, 3.0,
];
// ANCHOR_END: 90_numpy_premiere_ligne

// ANCHOR: 90_numpy_derniere_colonne
// `derniere_colonne`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 2] = [
    3.0, 6.0,
];
// ANCHOR_END: 90_numpy_derniere_colonne

// ANCHOR: 90_numpy_tranche
// `tranche`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    2.0, 3.0, 5.0,
    6.0,
];
// ANCHOR_END: 90_numpy_tranche

// ANCHOR: 90_numpy_transposee
// `transposee`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    1.0, 4.0, 2.0,
    5.0, 3.0, 6.0,
];
// ANCHOR_END: 90_numpy_transposee

// ANCHOR: 90_numpy_produit
// `produit`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 4] = [
    14.0, 32.0, 32.0,
    77.0,
];
// ANCHOR_END: 90_numpy_produit

// ANCHOR: 90_numpy_carres
// `carres`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    1.0, 4.0, 9.0,
    16.0, 25.0, 36.0,
];
// ANCHOR_END: 90_numpy_carres

// ANCHOR: 90_numpy_avec_biais
// `avec_biais`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    11.0, 22.0, 33.0,
    14.0, 25.0, 36.0,
];
// ANCHOR_END: 90_numpy_avec_biais

// ANCHOR: 90_numpy_exponentielles
// `exponentielles`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    2.718281828459045, 7.38905609893065, 20.085536923187668,
    54.598150033144236, 148.4131591025766, 403.4287934927351,
];
// ANCHOR_END: 90_numpy_exponentielles

// ANCHOR: 90_numpy_somme
// `somme`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    21.0,
];
// ANCHOR_END: 90_numpy_somme

// ANCHOR: 90_numpy_par_colonne
// `par_colonne`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 3] = [
    5.0, 7.0, 9.0,
];
// ANCHOR_END: 90_numpy_par_colonne

// ANCHOR: 90_numpy_moyenne
// `moyenne`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    3.5,
];
// ANCHOR_END: 90_numpy_moyenne

// ANCHOR: 90_numpy_maximum
// `maximum`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    6.0,
];
// ANCHOR_END: 90_numpy_maximum

// ANCHOR: 90_numpy_place
// `place`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    1.0,
];
// ANCHOR_END: 90_numpy_place

// ANCHOR: 90_numpy_norme
// `norme`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    9.539392014169456,
];
// ANCHOR_END: 90_numpy_norme

// ANCHOR: 90_numpy_combien
// `combien`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    4.0,
];
// ANCHOR_END: 90_numpy_combien

// ANCHOR: 90_numpy_choisis
// `choisis`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    0.0, 0.0, 3.0,
    4.0, 5.0, 6.0,
];
// ANCHOR_END: 90_numpy_choisis

// ANCHOR: 90_numpy_bornes
// `bornes`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    2.0, 2.0, 3.0,
    4.0, 5.0, 5.0,
];
// ANCHOR_END: 90_numpy_bornes

// ANCHOR: 90_numpy_en_hauteur
// `en_hauteur`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    1.0, 2.0, 3.0,
    4.0, 5.0, 6.0,
];
// ANCHOR_END: 90_numpy_en_hauteur

// ANCHOR: 90_numpy_bout_a_bout
// `bout_a_bout`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 12] = [
    1.0, 2.0, 3.0,
    4.0, 5.0, 6.0,
    1.0, 2.0, 3.0,
    4.0, 5.0, 6.0,
];
// ANCHOR_END: 90_numpy_bout_a_bout

// ANCHOR: 90_numpy_pile
// `pile`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    0.1, 0.7, 0.2,
    0.1, 0.7, 0.2,
];
// ANCHOR_END: 90_numpy_pile

// ANCHOR: 90_numpy_toutes
// `toutes`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    0.1, 1.0, 0.7,
    7.0, 0.2, 2.0,
];
// ANCHOR_END: 90_numpy_toutes

// ANCHOR: 90_numpy_change
// `change`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    100.0, 2.0, 3.0,
    4.0, 5.0, 6.0,
];
// ANCHOR_END: 90_numpy_change

// ANCHOR: 90_numpy_u
// `u`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    0.5, 1.0, 1.5,
    2.0, 2.5, 3.0,
];
// ANCHOR_END: 90_numpy_u

// ANCHOR: 90_numpy_sommes
// `sommes`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 2] = [
    6.0, 15.0,
];
// ANCHOR_END: 90_numpy_sommes

// ANCHOR: 90_numpy_affiche
// `affiche`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 1] = [
    0.67,
];
// ANCHOR_END: 90_numpy_affiche

// ANCHOR: 90_numpy_relu
// `relu`, tel que Python l'a calculé (NumPy 2.4.6)
const PYTHON: [f64; 6] = [
    1.0, 2.0, 3.0,
    4.0, 5.0, 6.0,
];
// ANCHOR_END: 90_numpy_relu
