//! Compare Burn à `nn_core`, et garde les résultats dans `tests/passerelles/resultats/burn.rs`.

use std::error::Error;
use std::fmt::Write;

use passerelle_burn::{Computed, Expected, compute, deviation, exchange};

/// Le nombre d'images dont le chapitre compare les réponses, en direct.
const SHOWN: usize = 4;

fn main() -> Result<(), Box<dyn Error>> {
    let expected = Expected::load()?;
    let Computed { output, gradients } = compute(&expected)?;
    let of_output = deviation(&output, &expected.output);
    let of_gradients = (gradients.iter().zip(&expected.gradients))
        .map(|(a, b)| deviation(a, b))
        .fold(0.0, f64::max);
    println!("réponses : écart de {of_output:.1e} au plus");
    println!("gradients : écart de {of_gradients:.1e} au plus");

    let mut text = String::from(
        "// Fait par notebooks/burn ; ne se modifie pas à la main.\n\
         // Burn 0.22.1, sur le processeur.\n\n\
         // ANCHOR: output\n",
    );
    writeln!(text, "// Les réponses de Burn 0.22.1 aux {SHOWN} premières images")?;
    writeln!(text, "const BURN: [f64; {}] = [", 10 * SHOWN)?;
    let shown: Vec<f64> =
        output.iter().take(10 * SHOWN).map(|&value| value.into()).collect();
    for row in shown.chunks(3) {
        let row: Vec<String> = row.iter().map(|value| format!("{value:?}")).collect();
        writeln!(text, "    {},", row.join(", "))?;
    }
    text += "];\n// ANCHOR_END: output\n\n// ANCHOR: deviations\n";
    writeln!(text, "// Le plus grand écart sur {} images", Expected::IMAGES)?;
    writeln!(text, "const BURN_DEVIATION: f64 = {of_output:?};")?;
    writeln!(text, "// Le plus grand écart d'un gradient")?;
    writeln!(text, "const BURN_GRADIENTS: f64 = {of_gradients:?};")?;
    text += "// ANCHOR_END: deviations\n";
    std::fs::write(exchange("resultats/burn.rs"), text)?;
    Ok(())
}
