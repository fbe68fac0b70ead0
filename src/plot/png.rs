//! Des images légères : un PNG de 256 couleurs au plus pèse deux à trois fois moins.

use std::collections::BTreeMap;

use png::{BitDepth, ColorType, Compression, Encoder, FilterType};

use crate::error::Error;

/// La couleur d'un pixel : rouge, vert, bleu.
pub(crate) type Rgb = [u8; 3];

/// L'image en PNG, réduite à ses couleurs les plus fréquentes ; `width` pixels par ligne.
pub(crate) fn encode(pixels: &[Rgb], width: usize) -> Result<Vec<u8>, Error> {
    let (palette, indices) = reduce(pixels);
    let mut png = Vec::new();
    let height = pixels.len() / width;
    let mut encoder = Encoder::new(&mut png, width as u32, height as u32);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.as_flattened().to_vec());
    encoder.set_compression(Compression::Best);
    encoder.set_filter(FilterType::NoFilter);
    encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&indices))
        .map_err(|error| Error::Plot(error.to_string()))?;
    Ok(png)
}

/// La même image, deux fois plus petite : chaque pixel est la moyenne de quatre.
pub(crate) fn halve(pixels: &[Rgb], width: usize) -> Vec<Rgb> {
    let mean = |top: &[Rgb], bottom: &[Rgb]| {
        std::array::from_fn(|c| {
            let sum: u16 = top.iter().chain(bottom).map(|pixel| u16::from(pixel[c])).sum();
            ((sum + 2) / 4) as u8
        })
    };
    pixels
        .chunks_exact(2 * width)
        .flat_map(|rows| {
            let (top, bottom) = rows.split_at(width);
            top.chunks_exact(2).zip(bottom.chunks_exact(2))
        })
        .map(|(top, bottom)| mean(top, bottom))
        .collect()
}

/// La palette, et le rang de chaque pixel dans cette palette.
fn reduce(pixels: &[Rgb]) -> (Vec<Rgb>, Vec<u8>) {
    // Une figure est faite d'aplats : on la lit par suites de pixels égaux.
    let mut counts: BTreeMap<Rgb, usize> = BTreeMap::new();
    for run in pixels.chunk_by(|a, b| a == b) {
        *counts.entry(run[0]).or_default() += run.len();
    }
    let mut colors: Vec<_> = counts.into_iter().collect();
    colors.sort_by_key(|&(color, count)| (std::cmp::Reverse(count), color));
    // Des teintes que l'œil confond ne prennent qu'une place : celle de la plus fréquente.
    let mut palette: Vec<Rgb> = Vec::new();
    let mut ranks = BTreeMap::new();
    for (color, count) in colors {
        // Une teinte étendue reste presque exacte ; les autres sont des bords adoucis.
        let close = if count < 150 { 100 } else { 30 };
        let gap = |other: &Rgb| -> i32 {
            color
                .iter()
                .zip(other)
                .map(|(&a, &b)| (i32::from(a) - i32::from(b)).pow(2))
                .sum()
        };
        let nearest = palette.iter().enumerate().min_by_key(|(_, other)| gap(other));
        let rank = match nearest {
            Some((rank, other)) if palette.len() == 256 || gap(other) < close => rank,
            _ => {
                palette.push(color);
                palette.len() - 1
            }
        };
        ranks.insert(color, rank as u8);
    }
    let runs = pixels.chunk_by(|a, b| a == b);
    let indices =
        runs.flat_map(|run| std::iter::repeat_n(ranks[&run[0]], run.len())).collect();
    (palette, indices)
}
