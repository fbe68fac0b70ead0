//! L'entraînement du chapitre 7, sur les points que l'on veut.
//!
//! Le réseau est celui du tutoriel : une troisième entrée qui vaut toujours 1, et pas de biais.

use std::cell::RefCell;

use nn_core::ndarray::Array2;
use nn_core::{Error, NeuralNetwork, NumpyRng, layer};

use crate::{give, rows};

/// Un exemple : x1, x2, et la réponse attendue, 0 ou 1.
type Point = [f64; 3];

thread_local! {
    static POINTS: RefCell<Vec<Point>> = const { RefCell::new(Vec::new()) };
    static NETWORK: RefCell<Option<NeuralNetwork>> = const { RefCell::new(None) };
}

/// Les exemples tout prêts : 0, le tableau du tutoriel ; 1, deux lunes ; 2, un disque dans un
/// anneau ; 3, deux spirales ; 4, au-dessus ou au-dessous d'une courbe.
pub fn ready(kind: u32) -> Vec<Point> {
    // Au centième : ce sont alors les nombres mêmes que la page écrit.
    let rounded = |point: Point| point.map(|x| (100.0 * x).round() / 100.0);
    drawn(kind).into_iter().map(rounded).collect()
}

fn drawn(kind: u32) -> Vec<Point> {
    let turns = turns();
    // À cette distance du centre du plan, dans cette direction.
    let around = |turn: usize, radius: f64, answer: f64| {
        let [x1, x2] = turns[turn % 24];
        [0.5 + radius * x1, 0.5 + radius * x2, answer]
    };
    match kind {
        1 => (0..26)
            .map(|i| match (turns[i % 13], i < 13) {
                ([x1, x2], true) => [0.225 + 0.55 * x1, 0.3625 + 0.55 * x2, 0.0],
                ([x1, x2], false) => [0.775 - 0.55 * x1, 0.6375 - 0.55 * x2, 1.0],
            })
            .collect(),
        2 => (0..12)
            .map(|i| around(2 * i, 0.3, 1.0))
            .chain((0..24).map(|i| around(i, 0.75, 0.0)))
            .collect(),
        3 => (0..40)
            .map(|i| {
                let (along, arm) = (i % 20, i / 20);
                around(along + 12 * arm, 0.1 + 0.04 * along as f64, arm as f64)
            })
            .collect(),
        4 => (0..49)
            .map(|i| {
                let (x1, x2) = (0.3 * (i % 7) as f64 - 0.4, 0.3 * (i / 7) as f64 - 0.4);
                let curve = 1.0 - 1.2 * (x1 - 0.5) * (x1 - 0.5);
                [x1, x2, if x2 > curve { 1.0 } else { 0.0 }]
            })
            .collect(),
        _ => vec![[0., 0., 0.], [0., 1., 1.], [1., 0., 1.], [1., 1., 0.]],
    }
}

/// Vingt-quatre directions, à quinze degrés l'une de l'autre : chacune est la précédente, tournée. Le sinus et le
/// cosinus de la bibliothèque pèseraient 10 Ko dans la page.
fn turns() -> [[f64; 2]; 24] {
    let (cosine, sine) = (0.965_925_826_289_068_3, 0.258_819_045_102_520_74);
    let mut turns = [[1.0, 0.0]; 24];
    for i in 1..24 {
        let [x, y] = turns[i - 1];
        turns[i] = [cosine * x - sine * y, sine * x + cosine * y];
    }
    turns
}

/// Le réseau du tutoriel, à `hidden` neurones cachés, devant ces exemples.
///
/// # Erreurs
/// Aucun exemple, ou un exemple qui n'est pas fini.
pub fn prepared(points: &[Point], hidden: u32, seed: u32) -> Result<NeuralNetwork, Error> {
    let rows: Vec<_> = points.iter().map(|&[x1, x2, _]| [x1, x2, 1.0]).collect();
    let answers: Vec<_> = points.iter().map(|&[_, _, y]| [y]).collect();
    let (x, y) = (Array2::from(rows), Array2::from(answers)); // (m, 3), (m, 1)
    let mut rng = NumpyRng::seed(seed);
    Ok(NeuralNetwork::with_hidden(x, y, hidden as usize, &mut rng)?.without_biases())
}

/// Entraîne le réseau au taux `rate` : la perte avant chaque pas, puis la dernière.
pub fn trained(network: &mut NeuralNetwork, steps: u32, rate: f64) -> Vec<f64> {
    let mut losses = Vec::new();
    network.feedforward();
    for _ in 0..steps {
        losses.push(network.loss());
        let gradients = network.gradients();
        network.weights1.scaled_add(-rate, &gradients.weights1); // (3, h)
        network.weights2.scaled_add(-rate, &gradients.weights2); // (h, 1)
        network.feedforward();
    }
    losses.push(network.loss());
    losses
}

/// Fait avec le réseau ce que `work` demande, et rend ce qui en vient.
fn with<T>(work: impl FnOnce(&mut NeuralNetwork) -> T) -> T {
    NETWORK.with_borrow_mut(|network| {
        work(network.as_mut().expect("`training` s'appelle d'abord"))
    })
}

/// Prend les exemples tout prêts `kind`, ou aucun si ce nombre n'en désigne pas : à la suite, x1, x2
/// et la réponse de chacun.
#[unsafe(no_mangle)]
pub extern "C" fn training_set(kind: u32) -> i32 {
    POINTS.set(if kind < 5 { ready(kind) } else { Vec::new() });
    give(Ok(POINTS.with_borrow(|points| points.concat())))
}

/// Ajoute un exemple, et rend combien il y en a.
#[unsafe(no_mangle)]
pub extern "C" fn training_point(x1: f64, x2: f64, answer: f64) -> i32 {
    POINTS.with_borrow_mut(|points| {
        points.push([x1, x2, answer]);
        give(Ok(vec![points.len() as f64]))
    })
}

/// Un réseau neuf devant les exemples : ce que [`training_steps`] rend sans un pas.
#[unsafe(no_mangle)]
pub extern "C" fn training(hidden: u32, seed: u32) -> i32 {
    match POINTS.with_borrow(|points| prepared(points, hidden, seed)) {
        Ok(network) => NETWORK.set(Some(network)),
        Err(error) => return give(Err(error)),
    }
    training_steps(0, 0.0)
}

/// Entraîne le réseau : la perte avant chaque pas, puis la dernière.
#[unsafe(no_mangle)]
pub extern "C" fn training_steps(steps: u32, rate: f64) -> i32 {
    give(Ok(with(|network| trained(network, steps, rate))))
}

/// La réponse du réseau à chaque exemple.
#[unsafe(no_mangle)]
pub extern "C" fn training_answers() -> i32 {
    give(Ok(with(|network| network.output.iter().copied().collect())))
}

/// Les poids : W1, ligne par ligne, puis W2.
#[unsafe(no_mangle)]
pub extern "C" fn training_weights() -> i32 {
    give(Ok(with(|network| {
        network.weights1.iter().chain(&network.weights2).copied().collect()
    })))
}

/// La réponse du réseau en chaque point du plan, `size` par côté.
#[unsafe(no_mangle)]
pub extern "C" fn training_plane(low: f64, high: f64, size: u32) -> i32 {
    let x = rows(low, high, size);
    give(with(|network| network.predict(&x)).map(|y_hat| y_hat.into_raw_vec_and_offset().0))
}

/// La réponse de chaque neurone caché aux mêmes points, un neurone après l'autre.
#[unsafe(no_mangle)]
pub extern "C" fn training_hidden(low: f64, high: f64, size: u32) -> i32 {
    let x = rows(low, high, size);
    give(
        with(|network| layer(&x, &network.weights1, &network.biases1))
            .map(|a| a.t().iter().copied().collect()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{given, refused};

    #[test]
    fn le_tableau_au_taux_1_donne_le_reseau_du_chapitre_a_chaque_pas() {
        let points = given(training_set(0));
        assert_eq!(points, [0., 0., 0., 0., 1., 1., 1., 0., 1., 1., 1., 0.]);
        let mut tutorial = prepared(&ready(0), 4, 0).unwrap();
        let expected = tutorial.train(1500);
        let mut losses = given(training(4, 0));
        for steps in [1, 499, 0, 1000] {
            losses.pop();
            losses.extend(given(training_steps(steps, 1.0)));
        }
        assert_eq!(losses[..1500], expected);
        assert_eq!(losses[1500], tutorial.loss());
        assert_eq!(given(training_answers()), tutorial.output.into_raw_vec_and_offset().0);
        let weights = tutorial.weights1.iter().chain(&tutorial.weights2);
        assert_eq!(given(training_weights()), weights.copied().collect::<Vec<_>>());
    }

    #[test]
    fn le_plan_et_les_neurones_caches_sont_ceux_du_reseau() {
        training_set(0);
        training(3, 7);
        training_steps(50, 0.5);
        // Les réponses aux quatre lignes du tableau, puis celles du plan aux mêmes points.
        let rows = given(training_answers());
        let corners = given(training_plane(-0.5, 1.5, 2));
        assert_eq!(corners, [rows[1], rows[3], rows[0], rows[2]]);
        let hidden = given(training_hidden(-0.5, 1.5, 2));
        let layer1 = with(|network| network.layer1.clone()); // (4, 3)
        for unit in 0..3 {
            let seen = [1, 3, 0, 2].map(|row| layer1[[row, unit]]);
            assert_eq!(hidden[4 * unit..4 * unit + 4], seen);
        }
    }

    #[test]
    fn chaque_exemple_est_dans_le_plan_et_chaque_reponse_s_y_trouve() {
        for kind in 0..5 {
            let points = ready(kind);
            assert!(points.iter().all(|[x1, x2, y]| {
                (-0.5..=1.5).contains(x1)
                    && (-0.5..=1.5).contains(x2)
                    && [0., 1.].contains(y)
            }));
            assert!([0., 1.].iter().all(|y| points.iter().any(|point| point[2] == *y)));
        }
    }

    #[test]
    fn les_reglages_proposes_apprennent_tous_les_exemples_en_1500_pas() {
        for (kind, hidden, rate) in
            [(0, 4, 1.0), (1, 4, 1.0), (2, 4, 0.3), (3, 6, 0.5), (4, 5, 0.3)]
        {
            let mut network = prepared(&ready(kind), hidden, 0).unwrap();
            trained(&mut network, 1500, rate);
            let right = network.output.iter().zip(&network.y);
            assert!(
                right.into_iter().all(|(a, y)| (*a > 0.5) == (*y > 0.5)),
                "exemples {kind}"
            );
        }
    }

    #[test]
    fn au_plus_grand_taux_rien_ne_devient_infini() {
        for kind in 0..5 {
            training_set(kind);
            training(8, 1);
            assert!(
                given(training_steps(15_000, 100.0)).iter().all(|loss| loss.is_finite())
            );
            assert!(given(training_weights()).iter().all(|weight| weight.abs() < 1e9));
        }
    }

    #[test]
    fn les_points_du_lecteur_remplacent_les_exemples() {
        assert!(given(training_set(5)).is_empty());
        assert!(refused(training(4, 0)).contains("vide"));
        assert_eq!(given(training_point(0.25, 0.75, 1.0)), [1.0]);
        assert_eq!(given(training_point(1.0, 0.0, 0.0)), [2.0]);
        training(1, 0);
        assert_eq!(given(training_answers()).len(), 2);
    }
}
