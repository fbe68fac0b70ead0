//! Étape 05 : la règle de la chaîne, une opération à la fois.
//!
//! Un calcul est une suite d'opérations. Chacune note son résultat et, pour chacune de ses entrées, sa
//! **pente locale** : de combien le résultat change quand cette entrée change un peu. Le retour n'a
//! plus qu'à multiplier ces pentes le long de chaque chemin, et à additionner les chemins.
//!
//! ```
//! use nn_core::chain_rule::Graph;
//!
//! let mut graph = Graph::default(); // L = (1 − σ(w·2 + b))²
//! let (w, x) = (graph.input(0.5), graph.input(2.0));
//! let product = graph.multiply(w, x);
//! let b = graph.input(3f64.ln() - 1.0);
//! let z = graph.add(product, b);
//! let a = graph.sigmoid(z);
//! let y = graph.input(1.0);
//! let gap = graph.subtract(y, a);
//! let loss = graph.square(gap);
//! graph.backward(loss);
//! assert!((graph.nodes[w].gradient + 0.1875).abs() < 1e-15);
//! ```

use crate::activation::{sigmoid, sigmoid_derivative_from_output};

// ANCHOR: node
/// Un nœud : le résultat d'une opération, et d'où il vient.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Le résultat, calculé à l'aller.
    pub value: f64,
    /// Les entrées de l'opération : le rang de chacune, et la pente locale du résultat
    /// par rapport à elle.
    pub inputs: Vec<(usize, f64)>,
    /// La pente du résultat final par rapport à ce nœud, calculée au retour.
    pub gradient: f64,
}

/// Un graphe de calcul : ses nœuds, dans l'ordre où ils ont été calculés.
///
/// Un nœud se désigne par son rang, compté depuis 0. Un rang pris dans un autre graphe
/// peut désigner un autre nœud, ou faire paniquer l'opération s'il est trop grand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Les nœuds : les entrées de chacun le précèdent.
    pub nodes: Vec<Node>,
}
// ANCHOR_END: node

// ANCHOR: push
impl Graph {
    /// Ajoute un nœud, et rend son rang.
    pub fn push(&mut self, value: f64, inputs: Vec<(usize, f64)>) -> usize {
        self.nodes.push(Node { value, inputs, gradient: 0.0 });
        self.nodes.len() - 1
    }

    /// Un nombre donné, qui ne vient d'aucune opération.
    pub fn input(&mut self, value: f64) -> usize {
        self.push(value, vec![])
    }
}
// ANCHOR_END: push

// ANCHOR: sums
impl Graph {
    /// La somme de deux nœuds, de pentes 1 et 1.
    pub fn add(&mut self, left: usize, right: usize) -> usize {
        let value = self.nodes[left].value + self.nodes[right].value;
        self.push(value, vec![(left, 1.0), (right, 1.0)])
    }

    /// La différence de deux nœuds, de pentes 1 et −1.
    pub fn subtract(&mut self, left: usize, right: usize) -> usize {
        let value = self.nodes[left].value - self.nodes[right].value;
        self.push(value, vec![(left, 1.0), (right, -1.0)])
    }
}
// ANCHOR_END: sums

// ANCHOR: multiply
impl Graph {
    /// Le produit de deux nœuds : la pente par rapport à l'un est la valeur de l'autre.
    pub fn multiply(&mut self, left: usize, right: usize) -> usize {
        let (a, b) = (self.nodes[left].value, self.nodes[right].value);
        self.push(a * b, vec![(left, b), (right, a)])
    }
}
// ANCHOR_END: multiply

// ANCHOR: curves
impl Graph {
    /// Le carré d'un nœud, de pente 2 fois sa valeur.
    pub fn square(&mut self, input: usize) -> usize {
        let value = self.nodes[input].value;
        self.push(value * value, vec![(input, 2.0 * value)])
    }

    /// La sigmoïde d'un nœud ; sa pente se calcule à partir de la sortie.
    pub fn sigmoid(&mut self, input: usize) -> usize {
        let output = sigmoid(self.nodes[input].value);
        self.push(output, vec![(input, sigmoid_derivative_from_output(output))])
    }
}
// ANCHOR_END: curves

// ANCHOR: backward
impl Graph {
    /// Le retour : la pente de `result` par rapport à chaque nœud, dans `gradient`.
    ///
    /// # Panique
    /// Si `result` n'est le rang d'aucun nœud.
    pub fn backward(&mut self, result: usize) {
        for node in &mut self.nodes {
            node.gradient = 0.0;
        }
        self.nodes[result].gradient = 1.0; // la pente du résultat par rapport à lui-même
        for rank in (0..=result).rev() {
            let Node { inputs, gradient, .. } = self.nodes[rank].clone();
            for (input, slope) in inputs {
                self.nodes[input].gradient += gradient * slope;
            }
        }
    }
}
// ANCHOR_END: backward
