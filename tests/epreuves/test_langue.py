"""Des fautes de langue, écrites à la main : « verifier langue » dit chacune avec son fichier et sa ligne."""

import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "book" / "src" / "epreuve_langue.md"
# Une marque qui n'est pas fermée empêche de lire le reste de sa page : elle a la sienne.
UNCLOSED = ROOT / "book" / "src" / "epreuve_ouverte.md"
MODULE = ROOT / "book" / "atelier" / "src" / "epreuve_langue.rs"
WORDS = ROOT / "tests" / "langue" / "dictionnaire.txt"
EXCEPTIONS = ROOT / "tests" / "langue" / "exceptions.toml"
NBSP = "\u00a0"

GOOD = f"""# Épreuve

Une phrase juste{NBSP}: la pente vaut 0,5, le <i lang="en">learning rate</i> aussi{NBSP};
`let x` et $x^2$ ne sont pas lus. Est-ce clair{NBSP}?
"""


def verify(*arguments):
    return subprocess.run(
        ["cargo", "atelier", "verifier", *arguments],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )


# Chaque faute, sur une ligne à elle : (la phrase, la colonne de la faute, ce que le message en dit).
SENTENCES = {
    "un mot mal écrit": ("Un résau de neurones.", 4, [f"«{NBSP}résau{NBSP}»", "réseau"]),
    "un mot anglais sans marque": ("Cela ressemble au learning profond.", 19, ['lang="en"']),
    "un espace ordinaire": ("La pente monte ; elle descend.", 15, ["insécable"]),
    "un point décimal": ("La pente vaut 0.5 ici.", 15, ["0,5"]),
    "un guillemet collé": (f"La pente «monte{NBSP}».", 10, ["insécable"]),
}
GRAMMAR = {"un accord": ("Nous lisons les fonction du livre.", 17, ["fonctions"])}
# Dans le code : (la ligne, ce que le message en dit).
CODE = """//! Un module.

/// Rend la somme ; et rien d'autre.
pub fn f() {}

pub const A: &str = "il manque un élémant";
"""
CODE_FAULTS = {
    "un commentaire du code": ("book/atelier/src/epreuve_langue.rs:3:18", ["insécable"]),
    "un message du code": ("book/atelier/src/epreuve_langue.rs:6:35", ["élémant"]),
}


class Langue(unittest.TestCase):
    def setUp(self):
        self.kept = {file: file.read_bytes() for file in (WORDS, EXCEPTIONS)}

    def tearDown(self):
        PAGE.unlink(missing_ok=True)
        UNCLOSED.unlink(missing_ok=True)
        MODULE.unlink(missing_ok=True)
        for file, content in self.kept.items():
            file.write_bytes(content)

    def test_une_page_juste_passe(self):
        PAGE.write_text(GOOD, encoding="utf-8")
        result = verify("langue", "--complet")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Tout est vérifié", result.stdout)

    def test_chaque_faute_est_dite_a_sa_place_et_rien_d_autre(self):
        with_grammar = shutil.which("grammalecte-cli") is not None
        faults = dict(CODE_FAULTS)
        page = GOOD
        sentences = {**SENTENCES, **(GRAMMAR if with_grammar else {})}
        for name, (sentence, column, words) in sentences.items():
            page += f"\n{sentence}\n"
            line = page.count("\n")
            faults[name] = (f"book/src/epreuve_langue.md:{line}:{column}", words)
        PAGE.write_text(page, encoding="utf-8")
        UNCLOSED.write_text('# Épreuve\n\nUn <i lang="en">mot.\n', encoding="utf-8")
        faults["une marque qui n'est pas fermée"] = ("book/src/epreuve_ouverte.md:3:4", ["n'est pas fermée"])
        MODULE.write_text(CODE, encoding="utf-8")
        WORDS.write_bytes(self.kept[WORDS] + "œzzz\n".encode())
        faults["un mot du projet qui ne sert plus"] = (
            "tests/langue/dictionnaire.txt", ["œzzz", "ne sert plus"],
        )
        if with_grammar:
            EXCEPTIONS.write_bytes(
                self.kept[EXCEPTIONS]
                + '\n[[exception]]\nregle = "a"\nextrait = "zzz"\nraison = "pour voir"\n'.encode()
            )
            faults["une exception qui ne sert plus"] = (
                "tests/langue/exceptions.toml", ["zzz", "ne sert plus"],
            )
        result = verify("langue")
        self.assertNotEqual(result.returncode, 0, result.stdout + result.stderr)
        said = result.stderr.splitlines()
        for name, (place, words) in faults.items():
            with self.subTest(name):
                lines = [line for line in said if f"- {place}" in line]
                self.assertEqual(len(lines), 1, result.stderr)
                for word in words:
                    self.assertIn(word, lines[0])
        self.assertIn(f"Erreur{NBSP}: {len(faults)} faute(s)", result.stderr)


if __name__ == "__main__":
    unittest.main()
