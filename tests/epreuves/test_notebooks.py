"""Ce que « cargo atelier notebooks » doit refuser, mis à l'épreuve avec le vrai noyau.

Depuis la racine, une fois l'atelier préparé :

    python -m unittest discover -s tests/epreuves

Un chapitre provisoire, 98_epreuve, est écrit puis effacé ; aucun autre n'est touché.
"""

import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import psutil

from noyau import descendants

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = ROOT / "book" / "src" / "98_epreuve.md"
NOTEBOOK = ROOT / "notebooks" / "98_epreuve.ipynb"

GOOD = """# Épreuve

Une formule : $a + b$.

```rust
:dep nn_core = { path = ".." }
:dep nn_plot = { path = "../src/plot" }
```

```rust
use nn_plot as plot;
println!("un");
println!("deux {}", nn_core::sigmoid(0.0));
```

## Figure

```rust
plot::sigmoid_curve()
```

```rust,echec
let s = String::from("a");
let t = s;
println!("{s}");
```
"""


def atelier(*arguments):
    return subprocess.run(
        ["cargo", "atelier", *arguments],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=600,
    )


def chapter_with(cell, info="rust"):
    # Le correcteur fait d'une panique une sortie que l'exécution reconnaît.
    setup = ':dep correcteur = { path = "../notebooks/correcteur" }\nuse correcteur;\nlet avant = 1;'
    return f"# Épreuve\n\n```rust\n{setup}\n```\n\n## Ici\n\n```{info}\n{cell}\n```\n"


class Epreuves(unittest.TestCase):
    def tearDown(self):
        CHAPTER.unlink(missing_ok=True)
        NOTEBOOK.unlink(missing_ok=True)

    def assert_fails(self, result, *words):
        self.assertNotEqual(result.returncode, 0, result.stdout + result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def run_cell(self, cell, *words, info="rust"):
        CHAPTER.write_text(chapter_with(cell, info), encoding="utf-8")
        result = atelier("notebooks", "98")
        self.assert_fails(result, "book/src/98_epreuve.md:11", "ici-code-1", *words)
        self.assertFalse(NOTEBOOK.exists(), "rien n'est enregistré")

    def test_une_panique(self):
        self.run_cell('panic!("le plafond tombe");', "panique", "le plafond tombe")

    def test_une_panique_de_bibliotheque(self):
        self.run_cell("let v: Vec<u8> = vec![]; v[3]", "panique", "index out of bounds")

    def test_un_code_qui_ne_se_compile_pas(self):
        self.run_cell("let x: u8 = nulle_part;", "ne se compile pas", "nulle_part")

    def test_une_erreur_rendue_par_un_point_d_interrogation(self):
        self.run_cell('"dix".parse::<u8>()?;', "sortie d'erreur", "invalid digit")

    def test_une_cellule_sans_fin(self):
        start = time.monotonic()
        self.run_cell("loop {}", "temps dépassé", "3 s", info="rust,limite=3")
        self.assertLess(time.monotonic() - start, 60)

    def test_un_noyau_qui_meurt(self):
        self.run_cell("std::process::abort();", "noyau")

    def test_une_erreur_attendue_qui_ne_vient_pas(self):
        self.run_cell("avant + 1", "devait échouer", info="rust,echec")

    @unittest.skipUnless(os.name == "posix", "les signaux d'Unix")
    def test_une_interruption_arrete_aussi_le_noyau(self):
        def wait_for(condition):
            end = time.monotonic() + 60
            while not (found := condition()) and time.monotonic() < end:
                time.sleep(0.2)
            self.assertTrue(found)
            return found

        def interrupt(cell, when):
            CHAPTER.write_text(chapter_with(cell), encoding="utf-8")
            running = subprocess.Popen(
                [ROOT / "target" / "debug" / "atelier", "notebooks", "98"],
                cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )
            # Ce qui distingue un noyau d'un essai du programme : son fichier de connexion.
            wait_for(lambda: descendants(running.pid, "--control_file"))
            wait_for(when)
            family = descendants(running.pid, "evcxr_jupyter")
            running.send_signal(signal.SIGINT)
            _, said = running.communicate(timeout=60)
            self.assertEqual(running.returncode, 130)
            self.assertIn("Rien n'est perdu", said)
            self.assertEqual(psutil.wait_procs(family, timeout=60)[1], [])

        with self.subTest("le noyau démarre"):
            interrupt("loop {}", lambda: True)
        with tempfile.TemporaryDirectory() as folder, self.subTest("une cellule tourne"):
            witness = Path(folder) / "témoin"
            interrupt(f'std::fs::write(r"{witness}", "")?;\nloop {{}}', witness.exists)

    def test_le_modele_d_un_chapitre_s_execute(self):
        model = (ROOT / "book" / "atelier" / "modeles" / "chapitre.md").read_text(encoding="utf-8")
        CHAPTER.write_text(model.replace("TITRE", "Épreuve"), encoding="utf-8")
        result = atelier("notebooks", "98")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('"0.5"', NOTEBOOK.read_text(encoding="utf-8"))

    def test_un_bon_chapitre_et_tout_ce_qu_on_y_change_a_la_main(self):
        CHAPTER.write_text(GOOD, encoding="utf-8")
        first = atelier("notebooks", "98")
        self.assertEqual(first.returncode, 0, first.stderr)
        bytes_of_first = NOTEBOOK.read_bytes()
        atelier("notebooks", "98")
        self.assertEqual(NOTEBOOK.read_bytes(), bytes_of_first, "deux exécutions, les mêmes octets")
        kept = atelier("notebooks", "--verifier", "98")
        self.assertEqual(kept.returncode, 0, kept.stderr)

        def changed(change, *words):
            notebook = json.loads(bytes_of_first)
            change(notebook["cells"])
            NOTEBOOK.write_text(json.dumps(notebook), encoding="utf-8")
            self.assert_fails(atelier("notebooks", "--verifier", "98"), "98_epreuve", *words)

        code = [i for i, cell in enumerate(json.loads(bytes_of_first)["cells"]) if cell["cell_type"] == "code"]

        def a_number(cells):
            cells[code[1]]["outputs"][0]["text"] = ["un\n", "deux 0.6\n"]

        def a_cell(cells):
            cells[code[1]]["source"][1] = 'println!("trois");\n'

        def an_image(cells):
            data = cells[code[2]]["outputs"][0]["data"]
            data["image/png"] = data["image/png"].replace("A", "B", 1)

        def an_output(cells):
            cells[code[2]]["outputs"] = []

        def a_removed_cell(cells):
            del cells[code[2]]

        def some_prose(cells):
            cells[0]["source"][0] = "# Épreuves\n"

        changed(a_number, "98_epreuve.md:10", "epreuve-code-2", "deux 0.6", "deux 0.5")
        changed(a_cell, "98_epreuve.md:10", "epreuve-code-2", "trois")
        changed(an_image, "figure-code-1", "image/png")
        changed(an_output, "figure-code-1", "sortie")
        changed(a_removed_cell)
        changed(some_prose, "98_epreuve.md:1", "Épreuves")

    def test_un_notebook_change_a_la_main_est_mis_de_cote_avant_d_etre_refait(self):
        CHAPTER.write_text("# Épreuve\n\n```rust\n1 + 1\n```\n", encoding="utf-8")
        self.assertEqual(atelier("notebooks", "98").returncode, 0)
        notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
        notebook["cells"][1]["source"] = ["// mon travail"]
        NOTEBOOK.write_text(json.dumps(notebook), encoding="utf-8")
        result = atelier("notebooks", "98")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("travail/98_epreuve.garde", result.stderr)
        kept = sorted((ROOT / "travail").glob("98_epreuve.garde*.ipynb"))
        self.assertIn("// mon travail", kept[-1].read_text(encoding="utf-8"))
        for file in kept:
            file.unlink()


if __name__ == "__main__":
    unittest.main()
