"""Une faute de langue, écrite à la main, arrête « verifier langue » avec son fichier et sa ligne."""

import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "book" / "src" / "97_langue.md"
MODULE = ROOT / "src" / "epreuve_langue.rs"
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


class Langue(unittest.TestCase):
    def setUp(self):
        self.kept = {file: file.read_bytes() for file in (WORDS, EXCEPTIONS)}

    def tearDown(self):
        PAGE.unlink(missing_ok=True)
        MODULE.unlink(missing_ok=True)
        for file, content in self.kept.items():
            file.write_bytes(content)

    def assert_refused(self, *words):
        result = verify("langue")
        self.assertNotEqual(result.returncode, 0, result.stdout + result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertIn(f"Erreur{NBSP}: 1 faute(s)", result.stderr)

    def refuse(self, sentence, place, *words):
        PAGE.write_text(f"{GOOD}\n{sentence}\n", encoding="utf-8")
        self.assert_refused(f"book/src/97_langue.md:6:{place}", *words)

    def test_une_page_juste_passe(self):
        PAGE.write_text(GOOD, encoding="utf-8")
        result = verify("langue", "--complet")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Tout est vérifié", result.stdout)

    def test_un_mot_mal_ecrit(self):
        self.refuse("Un résau de neurones.", 4, f"«{NBSP}résau{NBSP}»", "réseau")

    def test_un_mot_anglais_sans_marque(self):
        self.refuse("Cela ressemble au learning profond.", 19, 'lang="en"')

    def test_une_marque_qui_n_est_pas_fermee(self):
        self.refuse('Un <i lang="en">mot.', 4, "n'est pas fermée")

    @unittest.skipUnless(shutil.which("grammalecte-cli"), "demande grammalecte-cli")
    def test_une_faute_de_grammaire(self):
        self.refuse("Nous lisons les fonction du livre.", 17, "fonctions")

    def test_un_espace_ordinaire(self):
        self.refuse("La pente monte ; elle descend.", 15, "insécable")

    def test_un_point_decimal(self):
        self.refuse("La pente vaut 0.5 ici.", 15, "0,5")

    def test_un_guillemet_colle(self):
        self.refuse(f"La pente «monte{NBSP}».", 10, "insécable")

    def test_un_commentaire_du_code(self):
        MODULE.write_text("//! Un module.\n\n/// Rend la somme ; et rien d'autre.\npub fn f() {}\n", encoding="utf-8")
        self.assert_refused("src/epreuve_langue.rs:3:18", "insécable")

    def test_un_message_du_code(self):
        MODULE.write_text('pub const A: &str = "il manque un élémant";\n', encoding="utf-8")
        self.assert_refused("src/epreuve_langue.rs:1:35", "élémant")

    def test_un_mot_du_projet_qui_ne_sert_plus(self):
        WORDS.write_bytes(self.kept[WORDS] + "œzzz\n".encode())
        self.assert_refused("tests/langue/dictionnaire.txt", "œzzz", "ne sert plus")

    @unittest.skipUnless(shutil.which("grammalecte-cli"), "demande grammalecte-cli")
    def test_une_exception_qui_ne_sert_plus(self):
        EXCEPTIONS.write_bytes(
            self.kept[EXCEPTIONS]
            + '\n[[exception]]\nregle = "a"\nextrait = "zzz"\nraison = "pour voir"\n'.encode()
        )
        self.assert_refused("tests/langue/exceptions.toml", "zzz", "ne sert plus")


if __name__ == "__main__":
    unittest.main()
