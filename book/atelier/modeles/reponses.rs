        judge!(
            "NUMERO_NOM",
            correcteur::chapitre_NUMERO::NOM,
            [|z| 2.0 * z, |z| z + z, |z| z / 0.5]
        ),
