//! L'exponentielle, écrite pour être calculée plusieurs à la fois.
//!
//! Celle de la bibliothèque standard appelle une fonction pour chaque nombre. Celle-ci n'est
//! que des multiplications et des additions, sans branche : le compilateur en fait des vecteurs.
//!
//! `eˣ = 2ⁿ · eʳ`, où n est l'entier le plus proche de x / ln 2, et r ce qui reste, entre −0,35
//! et 0,35 : quelques termes de la série `eʳ = 1 + r + r²/2! + r³/3! + …` suffisent. Les puissances
//! paires et les impaires se calculent en même temps. Quant à 2ⁿ, il n'y a que son exposant à écrire.
//!
//! Source : W. J. Cody et W. Waite, <i lang="en">Software Manual for the Elementary Functions</i>, 1980.

/// `eˣ`, à moins de deux unités du dernier chiffre près ; 0 quand elle passe sous 10⁻³⁰⁷ (`f64`) ou 2·10⁻³⁸ (`f32`).
pub trait VectorExp {
    #[doc(hidden)]
    fn vector_exp(self) -> Self;
}

macro_rules! vector_exp {
    ($float:ident, mantissa $mantissa:literal, bias $bias:literal, limits $low:literal $high:literal,
     rounding $rounding:literal, ln_2 $ln_2:literal $rest:literal, even $($even:literal)*, odd $($odd:literal)*) => {
        impl VectorExp for $float {
            #[inline(always)]
            fn vector_exp(self) -> Self {
                use std::$float::consts::LOG2_E;
                // Pas `clamp`, ni `min` : un NaN doit rester un NaN.
                let x = if self < $low { $low } else { self };
                let x = if x > $high { $high } else { x };
                // Ajouté à un si grand nombre, un réel s'arrondit à l'entier le plus proche.
                const ROUNDING: $float = $rounding;
                let rounded = x * LOG2_E + ROUNDING;
                let n = rounded - ROUNDING;
                // ln 2 en deux morceaux. Le premier a peu de chiffres : n fois lui est exact.
                let r = x - n * $ln_2 - n * $rest;
                let square = r * r;
                let (mut even, mut odd) = (0.0, 0.0);
                $(even = even * square + 1.0 / $even;)*
                $(odd = odd * square + 1.0 / $odd;)*
                let power = (even * square + odd * square * r) + r + 1.0;
                // n, que l'arrondi a laissé dans les derniers bits, devient l'exposant de 2ⁿ⁻¹ :
                // le plus grand 2ⁿ n'est déjà plus un nombre.
                let n = rounded.to_bits().wrapping_sub(ROUNDING.to_bits());
                power * <$float>::from_bits(n.wrapping_add($bias - 1) << $mantissa) * 2.0
            }
        }
    };
}

vector_exp!(f64, mantissa 52, bias 1023, limits -708.5 710.0, rounding 6_755_399_441_055_744.0,
    ln_2 0.693_147_180_369_123_8 1.908_214_929_270_587_7e-10,
    // `12!`, `10!`, …, `2!`, puis `13!`, `11!`, …, `3!` : le premier terme laissé, `r¹⁴/14!`, est sous 5·10⁻¹⁸.
    even 479_001_600.0 3_628_800.0 40_320.0 720.0 24.0 2.0,
    odd 6_227_020_800.0 39_916_800.0 362_880.0 5_040.0 120.0 6.0);
vector_exp!(f32, mantissa 23, bias 127, limits -87.4 89.0, rounding 12_582_912.0,
    ln_2 0.693_359_4 -2.121_944_4e-4,
    // `6!`, `4!`, `2!`, puis `7!`, `5!`, `3!` : le premier terme laissé, `r⁸/8!`, est sous 6·10⁻⁹.
    even 720.0 24.0 2.0,
    odd 5_040.0 120.0 6.0);

#[cfg(test)]
mod tests {
    use super::VectorExp;

    /// L'écart avec la bibliothèque standard, en unités du dernier chiffre.
    fn gap(x: f64) -> f64 {
        let expected = x.exp();
        (x.vector_exp() - expected).abs() / (expected * f64::EPSILON)
    }

    #[test]
    fn elle_vaut_celle_de_la_bibliotheque_standard_aux_derniers_chiffres_pres() {
        let (mut worst, mut worst32) = (0.0_f64, 0.0_f64);
        for i in 0..2_000_000 {
            let share = f64::from(i) / 2e6;
            worst = worst.max(gap(-707.9 + 1417.6 * share)).max(gap(share - 0.5));
            for x in [(-86.9 + 175.6 * share) as f32, share as f32 - 0.5] {
                let expected = f64::from(x).exp();
                let error = (f64::from(x.vector_exp()) - expected).abs() / expected;
                worst32 = worst32.max(error / f64::from(f32::EPSILON));
            }
        }
        assert!(worst < 1.5 && worst32 < 1.5, "{worst} et {worst32}");
    }

    #[test]
    fn aux_limites_elle_rend_zero_un_l_infini_ou_nan() {
        for (x, expected) in [
            (f64::NEG_INFINITY, 0.0),
            (-1e300, 0.0),
            (-708.1, 0.0),
            (0.0, 1.0),
            (-0.0, 1.0),
            (710.0, f64::INFINITY),
            (f64::INFINITY, f64::INFINITY),
        ] {
            assert_eq!(x.vector_exp(), expected, "{x}");
            assert_eq!((x as f32).vector_exp(), expected as f32, "{x}, f32");
        }
        assert!(f64::NAN.vector_exp().is_nan() && f32::NAN.vector_exp().is_nan());
        assert!((709.7_f64.vector_exp() / 709.7_f64.exp() - 1.0).abs() < 1e-15);
    }
}
