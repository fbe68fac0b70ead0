//! Des images légères : un PNG de 256 couleurs au plus pèse deux à trois fois moins.

use std::collections::BTreeMap;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ColorType, ImageEncoder, Rgb, RgbImage};

use crate::Error;

/// L'image en PNG, réduite à ses couleurs les plus fréquentes.
pub(super) fn encode(image: &RgbImage) -> Result<Vec<u8>, Error> {
    let (palette, indices) = reduce(image);
    let mut png = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::NoFilter);
    encoder
        .write_image(&indices, image.width(), image.height(), ColorType::L8)
        .map_err(|error| Error::Plot(error.to_string()))?;
    // L'encodeur a écrit des niveaux de gris ; l'en-tête annonce des rangs, et la palette le suit.
    png[25] = 3;
    let header = crc(&png[12..29]);
    let mut chunk = b"PLTE".to_vec();
    chunk.extend(palette.iter().flat_map(|color| color.0));
    let mut inserted = header.to_be_bytes().to_vec();
    inserted.extend((palette.len() as u32 * 3).to_be_bytes());
    inserted.extend(&chunk);
    inserted.extend(crc(&chunk).to_be_bytes());
    png.splice(29..33, inserted);
    Ok(png)
}

/// La palette, et le rang de chaque pixel dans cette palette.
fn reduce(image: &RgbImage) -> (Vec<Rgb<u8>>, Vec<u8>) {
    // Une figure est faite d'aplats : on la lit par suites de pixels égaux.
    let pixels: Vec<_> = image.pixels().map(|pixel| pixel.0).collect();
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    for run in pixels.chunk_by(|a, b| a == b) {
        *counts.entry(run[0]).or_default() += run.len();
    }
    let mut colors: Vec<_> = counts.into_iter().collect();
    colors.sort_by_key(|&(color, count)| (std::cmp::Reverse(count), color));
    // Des teintes que l'œil confond ne prennent qu'une place : celle de la plus fréquente.
    let mut palette: Vec<[u8; 3]> = Vec::new();
    let mut ranks = BTreeMap::new();
    for (color, count) in colors {
        // Une teinte étendue reste presque exacte ; les autres sont des bords adoucis.
        let close = if count < 150 { 100 } else { 30 };
        let gap = |other: &[u8; 3]| -> i32 {
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
    (palette.into_iter().map(Rgb).collect(), indices)
}

/// La somme de contrôle d'un bloc PNG (CRC-32).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
