//! Les couleurs : celles qui suivent le thème d'une page, et celles qui valent par elles-mêmes.

use plotters::style::RGBColor;

/// Une couleur de la feuille.
///
/// Un SVG écrit la première sorte `#RRGGBB` et la seconde `rgb(r,g,b)` : c'est à cela qu'une page
/// reconnaît ce qu'elle peut remplacer quand elle est sombre. Les valeurs des thèmes du livre sont
/// dans `book/theme/figures.css`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Color {
    /// Un rôle (encre, papier, première série) : une page sombre lui donne une autre valeur.
    Role(u32),
    /// Une valeur lue sur une échelle de couleurs, ou posée sur elle : la même partout.
    Fixed(RGBColor),
}

use Color::{Fixed, Role};

/// Le fond de la page : l'intérieur des cercles, le liseré des marques.
pub(crate) const PAPER: Color = Role(0xFFFFFF);
/// Encre du texte.
pub(crate) const INK: Color = Role(0x222222);
/// Gris du texte second, des axes, des flèches.
pub(crate) const GREY: Color = Role(0x555555);
/// Gris des traits qui relient.
pub(crate) const PALE: Color = Role(0x8A8A8A);
/// Gris des lignes de repère.
pub(crate) const GRID: Color = Role(0xE2E2E2);

// Palette d'Okabe et Ito, que distinguent aussi les yeux daltoniens. Pourpre et orange y sont
// foncés, pour qu'un trait tranche sur le blanc (contraste d'au moins 3).
/// Bleu.
pub(crate) const BLUE: Color = Role(0x0072B2);
/// Vermillon.
pub(crate) const VERMILLION: Color = Role(0xD55E00);
/// Vert.
pub(crate) const GREEN: Color = Role(0x009E73);
/// Pourpre.
pub(crate) const PURPLE: Color = Role(0xBF6496);
/// Orange.
pub(crate) const ORANGE: Color = Role(0xB47D00);

/// Une teinte sous ses trois formes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hue {
    /// Assez foncée pour du texte.
    pub ink: Color,
    /// Un trait ou un bord.
    pub line: Color,
    /// Un aplat qui porte du texte.
    pub fill: Color,
    /// Un aplat mis en avant.
    pub lit: Color,
}

/// Bleu : la couche cachée, les valeurs.
pub(crate) const BLUES: Hue =
    Hue { ink: Role(0x005B8E), line: BLUE, fill: Role(0xDCEBF6), lit: Role(0x62A8D1) };
/// Vermillon : la sortie, les gradients.
pub(crate) const VERMILLIONS: Hue = Hue {
    ink: Role(0xA54800),
    line: VERMILLION,
    fill: Role(0xFBE9DC),
    lit: Role(0xE59B61),
};
/// Vert : l'entrée, ce qui doit être égal.
pub(crate) const GREENS: Hue =
    Hue { ink: Role(0x00735A), line: GREEN, fill: Role(0xDDF2EC), lit: Role(0x61C3A8) };
/// Pourpre : un résultat.
pub(crate) const PURPLES: Hue =
    Hue { ink: Role(0x954F78), line: PURPLE, fill: Role(0xF6E6EF), lit: Role(0xDFACC9) };

// Sur une carte en couleurs, les marques gardent leur valeur, comme la carte.
/// Le bleu des échelles.
pub(crate) const MAP_BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
/// Le vermillon des échelles.
pub(crate) const MAP_VERMILLION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
/// Le milieu des échelles : presque blanc, pour qu'une case nulle se voie sur la page.
pub(crate) const MAP_ZERO: RGBColor = RGBColor(0xF7, 0xF7, 0xF7);
/// Le chemin tracé sur une carte.
pub(crate) const ON_MAP: Color = Fixed(RGBColor(0xBE, 0x50, 0x00));
/// L'encre d'une carte.
pub(crate) const INK_ON_MAP: Color = Fixed(RGBColor(0x22, 0x22, 0x22));
/// Le liseré des marques d'une carte.
pub(crate) const HALO_ON_MAP: Color = Fixed(RGBColor(0xFF, 0xFF, 0xFF));

impl Color {
    /// La couleur d'une image, sur fond blanc.
    pub fn rgb(self) -> RGBColor {
        match self {
            Role(hex) => RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8),
            Fixed(color) => color,
        }
    }

    /// La couleur en SVG.
    pub fn svg(self) -> String {
        match self {
            Role(hex) => format!("#{hex:06X}"),
            Fixed(RGBColor(r, g, b)) => format!("rgb({r},{g},{b})"),
        }
    }
}

/// Le mélange de deux couleurs : `share` vaut 0 pour la première, 1 pour la seconde.
pub(crate) fn mix(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let mix = |from: u8, to: u8| {
        (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8
    };
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// Noir ou blanc, selon ce qui se lit le mieux sur ce fond (contraste de WCAG 2).
pub(crate) fn text_on(RGBColor(r, g, b): RGBColor) -> Color {
    let linear = |c: u8| ((f64::from(c) / 255.0 + 0.055) / 1.055).powf(2.4);
    let luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    Fixed(if luminance > 0.179 { RGBColor(0, 0, 0) } else { RGBColor(255, 255, 255) })
}
