//! Les nombres d'une figure, en tableau : pour qui ne voit pas l'image, ou veut une valeur exacte.

/// Un tableau de plus de lignes ne montre qu'une partie d'une longue suite.
pub(crate) const LINES: usize = 25;

/// Un tableau : un titre, le nom des colonnes, et les lignes, déjà écrites à la française.
///
/// ```
/// let figure = nn_plot::loss_curve(&[1.5, 0.25]);
/// assert_eq!(figure.table().csv(), "La perte à chaque pas\npas;perte\n1;1,5000\n2;0,2500\n");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    caption: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Un tableau sans ligne.
    pub(crate) fn new(caption: impl Into<String>, header: &[&str]) -> Self {
        let header = header.iter().map(|name| name.to_string()).collect();
        Self { caption: caption.into(), header, rows: vec![] }
    }

    /// Ajoute une ligne ; les cases qui manquent à droite restent vides.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        let mut cells = cells;
        cells.resize(self.header.len(), String::new());
        self.rows.push(cells);
    }

    /// Ce que le tableau contient, et ce qu'il laisse de côté.
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// Le nom de chaque colonne.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Les lignes, chacune aussi longue que l'en-tête.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// Le tableau en CSV à points-virgules, tel qu'un tableur français l'ouvre : le titre seul sur
    /// la première ligne, puis le nom des colonnes, puis les nombres, à virgule décimale.
    pub fn csv(&self) -> String {
        let cell = |text: &String| {
            let text: String =
                text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            if text.contains([';', '"']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text
            }
        };
        let line = |cells: &[String]| cells.iter().map(cell).collect::<Vec<_>>().join(";");
        let lines = [std::slice::from_ref(&self.caption), &self.header];
        let rows = self.rows.iter().map(Vec::as_slice);
        lines.into_iter().chain(rows).map(|cells| line(cells) + "\n").collect()
    }
}

/// Les rangs d'une suite à montrer : tous, ou le premier, un sur tant, et le dernier.
/// Rend aussi l'intervalle, un nombre rond.
pub(crate) fn selection(count: usize) -> (Vec<usize>, usize) {
    if count <= LINES {
        return ((0..count).collect(), 1);
    }
    let round = |k: u32| [1, 2, 5].map(|digit| digit * 10usize.saturating_pow(k));
    let every = (0..20)
        .flat_map(round)
        .find(|&step| count / step <= LINES - 3)
        .unwrap_or(usize::MAX);
    // Le n-ième élément porte le rang n − 1 : on montre le 1er, le 100e, le 200e…
    let mut ranks = vec![0];
    ranks.extend((1..=count / every).map(|k| k * every - 1).filter(|&rank| rank > 0));
    if ranks.last() != Some(&(count - 1)) {
        ranks.push(count - 1);
    }
    (ranks, every)
}
