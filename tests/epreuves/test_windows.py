"""Le projet tel que Git pour Windows le pose d'office (des CRLF), et tel qu'un éditeur de Windows
l'enregistre (une marque d'ordre des octets, BOM) : même livre, mêmes réponses aux tests.

    python -m unittest discover -s tests/epreuves -p test_windows.py
"""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOM = b"\xef\xbb\xbf"
# Ce qu'un éditeur ouvre : les chapitres, le code, les notebooks et les données.
EDITED = {".md", ".rs", ".ipynb", ".csv"}
# Les bibliothèques déjà compilées servent encore ; nos paquets, que cargo ne distingue pas par leur
# dossier, reçoivent un autre profil, et donc une place à eux.
BUILD = {"CARGO_TARGET_DIR": str(ROOT / "target"), "CARGO_PROFILE_DEV_DEBUG": "0"}


def git(*arguments):
    run = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True)
    return run.stdout.decode()


def is_text(content):
    return b"\0" not in content


def files(folder):
    """Le contenu de chaque fichier d'un dossier, par son nom."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }


class Windows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.copy = Path(folder.name) / "copie"
        # Sans les pages que d'autres épreuves écrivent un moment.
        for name in git("ls-files", "-z").split("\0"):
            source, target = ROOT / name, cls.copy / name
            if not source.is_file():
                continue
            content = source.read_bytes()
            if is_text(content):
                content = content.replace(b"\n", b"\r\n")
                content = BOM * (source.suffix in EDITED) + content
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

    def cargo(self, folder, *arguments, **environment):
        run = subprocess.run(
            ["cargo", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8",
            env={**os.environ, **environment}, timeout=1800,
        )
        self.assertEqual(run.returncode, 0, (run.stdout + run.stderr)[-5000:])

    def test_un_clone_de_git_pour_windows_garde_ses_fins_de_ligne(self):
        with tempfile.TemporaryDirectory() as folder:
            git("-c", "core.autocrlf=true", "clone", "--quiet", str(ROOT), folder)
            changed = [
                name for name, content in files(Path(folder)).items()
                if is_text(content) and b"\r\n" in content and not name.startswith(".git" + os.sep)
            ]
        self.assertEqual(changed, [], "que dit .gitattributes de ces fichiers ?")

    def test_le_livre_est_le_meme_octet_pour_octet(self):
        self.cargo(ROOT, "atelier", "livre")
        self.cargo(self.copy, "atelier", "livre", **BUILD)
        expected, found = (files(folder / "book" / "html") for folder in (ROOT, self.copy))
        self.assertIn("06_backprop.html", expected)
        self.assertEqual(found.keys(), expected.keys())
        self.assertEqual([name for name in expected if found[name] != expected[name]], [])

    def test_les_tests_qui_lisent_des_fichiers_passent(self):
        tests = ["chapitre_12_regularize", "chapitre_90_numpy", "datasets", "figures"]
        self.cargo(self.copy, "test", "--locked", *(f"--test={name}" for name in tests), **BUILD)

    def test_un_chapitre_et_un_exercice_neufs_passent(self):
        for kind, name in [("chapitre", "14_essai"), ("exercice", "14_double"), ("exercice", "01_triple")]:
            self.cargo(self.copy, "atelier", "nouveau", kind, name, "Un", "essai", **BUILD)
        self.cargo(self.copy, "test", "--locked", "--test=chapitre_14_essai", "--test=sommaire", **BUILD)
        self.cargo(self.copy, "test", "--locked", "--package=correcteur", **BUILD)


if __name__ == "__main__":
    unittest.main()
