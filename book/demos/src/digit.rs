//! Un chiffre dessiné dans la page, lu par le réseau qui voyage, du chapitre 13.
//!
//! Le réseau ne lit que des images faites comme celles qu'il a apprises. D'après ces images, et
//! d'après ce que leurs auteurs en disent : un carré de 32 × 32 points, où le chiffre, ramené dans
//! un rectangle de 20 × 32, va d'un bord à l'autre ; un trait dont l'épaisseur est rendue à peu
//! près la même ; puis l'encre, comptée par carrés de 4 × 4.

use std::cell::RefCell;

use nn_core::ndarray::{Array1, Array2, arr1};

use crate::give;

/// Un point de la feuille : deux entiers de 0 à 63, x vers la droite et y vers le bas.
pub type Point = [f64; 2];

/// Les poids, tels que le projet les garde.
const FILE: &[u8] = include_bytes!("../../../tests/passerelles/chiffres.safetensors");
/// Le côté de l'image, en points, puis en pixels.
const SIDE: usize = 32;
const PIXELS: usize = 8;
/// La plus grande largeur d'un chiffre.
const WIDTH: f64 = 20.0;
/// L'encre d'une image : la moyenne de celles de l'apprentissage, à l'entier près.
const INK: usize = 315;
/// Ce qu'il faut au plus probable des chiffres pour être la réponse. En dessous, le réseau juge
/// lui-même que l'erreur est plus probable.
const SURE: f64 = 0.5;
/// Le rayon du trait sur la feuille, et le plus petit dessin que l'on regarde.
const PEN: f64 = 2.0;
const SMALLEST: f64 = 8.0;

thread_local! {
    static STROKES: RefCell<Vec<Vec<Point>>> = const { RefCell::new(Vec::new()) };
    static NETWORK: Network = Network::read();
}

/// Le réseau 64-32-10. `nn_mlp` calcule la même chose, et le vérifie dans les tests ; elle serait ici
/// cinq fois plus lourde que le reste du module.
struct Network {
    weights1: Array2<f64>, // (32, 64), une ligne par neurone
    biases1: Array1<f64>,  // (32)
    weights2: Array2<f64>, // (10, 32)
    biases2: Array1<f64>,  // (10)
}

impl Network {
    /// Les poids du fichier que le chapitre 13 emporte partout : la longueur de l'en-tête,
    /// l'en-tête, puis les nombres, dans l'ordre des noms.
    fn read() -> Self {
        let (length, rest) = FILE.split_first_chunk().expect("le fichier a huit octets");
        let header =
            usize::try_from(u64::from_le_bytes(*length)).expect("un en-tête court");
        let mut numbers =
            rest[header..].as_chunks().0.iter().map(|b| f64::from(f32::from_le_bytes(*b)));
        let mut next = |n: usize| numbers.by_ref().take(n).collect::<Array1<f64>>();
        let (biases1, weights1) = (next(32), next(32 * 64));
        let (biases2, weights2) = (next(10), next(10 * 32));
        let shaped = |w: Array1<f64>, shape| {
            w.into_shape_with_order(shape).expect("le compte est bon")
        };
        Self {
            weights1: shaped(weights1, (32, 64)),
            biases1,
            weights2: shaped(weights2, (10, 32)),
            biases2,
        }
    }

    /// Les dix probabilités qu'il répond à une image, de pixels entre 0 et 1.
    fn predict(&self, x: &Array1<f64>) -> Array1<f64> {
        let hidden = (self.weights1.dot(x) + &self.biases1).mapv(|z| z.max(0.0)); // relu, (32)
        let z = self.weights2.dot(&hidden) + &self.biases2; // (10)
        let largest = z.fold(f64::NEG_INFINITY, |most, &z| most.max(z));
        let powers = z.mapv(|z| (z - largest).exp());
        &powers / powers.sum() // softmax
    }
}

/// Prend une feuille blanche.
#[unsafe(no_mangle)]
pub extern "C" fn digit_clear() -> i32 {
    STROKES.with_borrow_mut(Vec::clear);
    give(Ok(Vec::new()))
}

/// Mène le trait jusqu'à un point, ou en commence un là.
#[unsafe(no_mangle)]
pub extern "C" fn digit_point(x: f64, y: f64, starts: u32) -> i32 {
    STROKES.with_borrow_mut(|strokes| match strokes.last_mut() {
        Some(stroke) if starts == 0 => stroke.push([x, y]),
        _ => strokes.push(vec![[x, y]]),
    });
    give(Ok(Vec::new()))
}

/// Ce que [`read`] rend du dessin, ou rien.
#[unsafe(no_mangle)]
pub extern "C" fn digit_read() -> i32 {
    give(Ok(STROKES.with_borrow(|strokes| read(strokes)).unwrap_or_default()))
}

/// Les 64 pixels que voit le réseau, de 0 à 16, les dix probabilités qu'il répond, puis le chiffre
/// qu'il lit, ou −1 s'il n'en sait rien ; rien du tout si le dessin est trop petit.
pub fn read(strokes: &[Vec<Point>]) -> Option<Vec<f64>> {
    let image = image(strokes)?;
    let image = image.map(|ink| ink as f64);
    let y_hat = NETWORK.with(|network| network.predict(&(arr1(&image) / 16.0)));
    let answer =
        (0..10).find(|&digit| y_hat[digit] >= SURE).map_or(-1.0, |digit| digit as f64);
    Some(image.into_iter().chain(y_hat).chain([answer]).collect())
}

/// L'encre de chaque carré de 4 × 4 points.
fn image(strokes: &[Vec<Point>]) -> Option<[usize; PIXELS * PIXELS]> {
    let bitmap = bitmap(strokes)?;
    let mut image = [0; PIXELS * PIXELS];
    for (i, _) in bitmap.iter().enumerate().filter(|(_, inked)| **inked) {
        image[i / SIDE / 4 * PIXELS + i % SIDE / 4] += 1;
    }
    Some(image)
}

/// Le dessin, mis à sa place, d'un trait qui lui donne autant d'encre qu'aux images apprises.
fn bitmap(strokes: &[Vec<Point>]) -> Option<Vec<bool>> {
    let points = || strokes.iter().flatten();
    let range = |axis: usize| {
        let at = points().map(|point| point[axis]);
        (at.clone().fold(f64::INFINITY, f64::min), at.fold(f64::NEG_INFINITY, f64::max))
    };
    let [(left, right), (top, bottom)] = [range(0), range(1)];
    let (width, height) = (right - left, bottom - top);
    // Sans un point, ces différences sont −∞.
    if width.max(height) < SMALLEST {
        return None;
    }
    // Plus le trait est épais, plus il y a d'encre : le bon rayon se cherche par moitiés.
    let (mut thin, mut thick) = (0.5, WIDTH / 2.0);
    let (mut best, mut least) = (Vec::new(), usize::MAX);
    for _ in 0..10 {
        let pen = (thin + thick) / 2.0;
        // Un trait droit garde l'épaisseur qu'il a sur la feuille : il ne remplit pas la largeur.
        let scale =
            |size: f64, room: f64| (room - 2.0 * pen).min(room * size / (size + 2.0 * PEN));
        let (wide, high) = (scale(width, WIDTH), scale(height, SIDE as f64));
        let place = |at: f64, low: f64, size: f64, to: f64| {
            SIDE as f64 / 2.0
                + if size > 0.0 { ((at - low) / size - 0.5) * to } else { 0.0 }
        };
        let placed: Vec<Vec<Point>> = strokes
            .iter()
            .map(|stroke| {
                let place = |p: &Point| {
                    [place(p[0], left, width, wide), place(p[1], top, height, high)]
                };
                stroke.iter().map(place).collect()
            })
            .collect();
        let found = inked(&placed, pen);
        let ink = found.iter().filter(|inked| **inked).count();
        if ink < INK {
            thin = pen;
        } else {
            thick = pen;
        }
        if ink.abs_diff(INK) < least {
            (best, least) = (found, ink.abs_diff(INK));
        }
    }
    Some(best)
}

/// Les points du carré à moins de `pen` d'un des traits.
fn inked(strokes: &[Vec<Point>], pen: f64) -> Vec<bool> {
    let mut bitmap = vec![false; SIDE * SIDE];
    // Un point seul est un trait sans longueur.
    let segments =
        strokes.iter().flat_map(|s| s.iter().zip(s.iter().skip(1).chain(s.last())));
    for (&[ax, ay], &[bx, by]) in segments {
        let (dx, dy) = (bx - ax, by - ay);
        let long = dx * dx + dy * dy;
        let cells = |a: f64, b: f64| {
            let last = (SIDE - 1) as f64;
            let bound = |at: f64| at.clamp(0.0, last) as usize;
            bound(a.min(b) - pen)..=bound(a.max(b) + pen)
        };
        for row in cells(ay, by) {
            for column in cells(ax, bx) {
                let (px, py) = (column as f64 + 0.5 - ax, row as f64 + 0.5 - ay);
                let along = if long > 0.0 {
                    ((px * dx + py * dy) / long).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let (x, y) = (px - along * dx, py - along * dy);
                bitmap[row * SIDE + column] |= x * x + y * y <= pen * pen;
            }
        }
    }
    bitmap
}

#[cfg(test)]
mod tests {
    use nn_core::NumpyRng;
    use nn_core::ndarray::Axis;
    use nn_data::datasets::optdigits;
    use nn_data::weights::{Module, StateDict};
    use nn_mlp::{Activation, Mlp};

    use super::*;
    use crate::given;

    fn drawn(strokes: &[&[Point]]) -> Vec<f64> {
        digit_clear();
        for stroke in strokes {
            for (rank, &[x, y]) in stroke.iter().enumerate() {
                digit_point(x, y, u32::from(rank == 0));
            }
        }
        given(digit_read())
    }

    #[test]
    fn le_reseau_repond_comme_nn_mlp_aux_images_du_test() {
        let mut mlp = Mlp::<f64>::builder(64)
            .layer(32, Activation::Relu)
            .layer(10, Activation::Softmax)
            .build(&mut NumpyRng::seed(0))
            .unwrap();
        mlp.load_state_dict(&StateDict::from_bytes(FILE).unwrap()).unwrap();
        let x = optdigits().unwrap().test.x / 16.0;
        let expected = mlp.predict(&x).unwrap();
        let network = Network::read();
        for (x, expected) in x.outer_iter().zip(expected.outer_iter()) {
            let gap = network.predict(&x.to_owned()) - expected;
            assert!(gap.iter().all(|gap| gap.abs() < 1e-12), "{gap}");
        }
    }

    #[test]
    fn l_encre_est_celle_des_images_apprises() {
        let x = optdigits().unwrap().train.x;
        assert_eq!(x.sum_axis(Axis(1)).mean().unwrap().round(), INK as f64);
    }

    #[test]
    fn un_trait_droit_devient_une_barre_de_haut_en_bas() {
        // 315 points, moins les coins que le trait arrondit : 10 de large, au milieu.
        for [x, low, high] in [[10., 5., 60.], [50., 20., 30.]] {
            let seen = drawn(&[&[[x, low], [x, high]]]);
            let row = &seen[8 * 3..8 * 4];
            assert_eq!(row, [0., 0., 4., 16., 16., 4., 0., 0.], "{seen:?}");
            assert!((seen[..64].iter().sum::<f64>() - INK as f64).abs() <= 32.0);
        }
    }

    #[test]
    fn la_place_et_la_taille_du_dessin_ne_changent_rien() {
        let seven = |x: f64, y: f64, size: f64| {
            let at = |a: f64, b: f64| [x + a * size, y + b * size];
            drawn(&[&[at(0., 0.), at(4., 0.), at(2., 6.)], &[at(1., 3.), at(3., 3.)]])
        };
        let [big, moved] = [seven(5., 3., 9.), seven(20., 8., 9.)];
        assert_eq!(big, moved);
        assert_eq!((big.len(), big[74]), (75, 7.0));
        assert!((big[64..74].iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(seven(30., 30., 5.)[74], 7.0);
    }

    #[test]
    fn une_feuille_blanche_ou_un_point_ne_se_lisent_pas() {
        assert!(drawn(&[]).is_empty());
        assert!(drawn(&[&[[30., 30.]]]).is_empty());
        assert!(drawn(&[&[[30., 30.], [33., 37.]]]).is_empty());
        assert_eq!(drawn(&[&[[30., 30.], [33., 38.]]]).len(), 75);
    }

    #[test]
    fn en_dessous_de_la_moitie_il_ne_sait_pas() {
        // Un 7 fait au clavier, d'un trait en escalier, que le réseau prend presque autant pour un 3.
        let steps = (0..5).flat_map(|i| {
            let (x, y) = (46.0 - 3.0 * f64::from(i), 16.0 + 9.0 * f64::from(i));
            [[x, y], [x - 3.0, y]]
        });
        let seven: Vec<Point> = [[13., 7.], [46., 7.]].into_iter().chain(steps).collect();
        let seen = drawn(&[&seven]);
        let largest = seen[64..74].iter().copied().fold(0.0, f64::max);
        assert!(seen[71] == largest && largest < SURE, "{seen:?}");
        assert_eq!(seen[74], -1.0);
    }
}
