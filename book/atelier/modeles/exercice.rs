
pub type TYPE = fn(f64) -> f64;

pub fn NOM() -> Exercise<TYPE> {
    // La section du livre où mener l'apprenant.
    const SECTION: Section = see("FICHIER", "RUBRIQUE");
    Exercise::<TYPE>::new("NUMERO_NOM", SECTION, |z| 2.0 * z)
        .probes(
            [0.0, 1.0, -3.0],
            |z| vec![crate::tensor::number("z", *z)],
            |f, z| vec![crate::tensor::number("2z", f(*z))],
        )
        .mistake(
            "carre",
            |z| z * z,
            "Vous mettez z au carré au lieu de le doubler.",
            ["Essayez avec 3.", "Le double de 3 est 6.", "Écrivez `2.0 * z`."],
            SECTION,
        )
        .mistake(
            "tel-quel",
            |z| z,
            "Vous rendez z tel quel : rien ne l'a doublé.",
            ["Que rend votre fonction ?", "Il manque un facteur.", "Écrivez `2.0 * z`."],
            SECTION,
        )
        .mistake(
            "signe",
            |z| -2.0 * z,
            "Le signe est de trop : le double de 3 est 6, et non −6.",
            ["Regardez le signe.", "Essayez avec 3.", "Écrivez `2.0 * z`."],
            SECTION,
        )
        .hints(["Essayez avec 3.", "Multipliez par 2.", "Écrivez `2.0 * z`."])
        .success(
            "Le double d'un nombre est ce nombre ajouté à lui-même.",
            "et pour le triple ?",
        )
}
