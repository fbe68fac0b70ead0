"""Ce que « cargo atelier notebooks » doit refuser, mis à l'épreuve avec le vrai noyau.

Depuis la racine, une fois l'atelier préparé :

    python -m unittest discover -s tests/epreuves

Des chapitres provisoires, 60_epreuve_… à 69_epreuve_…, sont écrits puis effacés ; aucun autre n'est touché. Chaque noyau
coûte vingt secondes : ce qui peut s'exécuter par la même commande s'y exécute.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import psutil

from noyau import descendants

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS, NOTEBOOKS, WORK = ROOT / "book" / "src", ROOT / "notebooks", ROOT / "travail"
MODEL = ROOT / "book" / "atelier" / "modeles" / "chapitre.md"

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


def chapter_with(cell, info="rust"):
    # Le correcteur fait d'une panique une sortie que l'exécution reconnaît.
    setup = ':dep correcteur = { path = "../notebooks/correcteur" }\nuse correcteur;\nlet avant = 1;'
    return f"# Épreuve\n\n```rust\n{setup}\n```\n\n## Ici\n\n```{info}\n{cell}\n```\n"


# Ce qui doit être refusé : (la cellule, ce que le message en dit, les attributs de la cellule).
REFUSED = {
    "une_panique": ('panic!("le plafond tombe");', ["panique", "le plafond tombe"]),
    "une_panique_de_bibliotheque": ("let v: Vec<u8> = vec![]; v[3]", ["panique", "index out of bounds"]),
    "ne_se_compile_pas": ("let x: u8 = nulle_part;", ["ne se compile pas", "nulle_part"]),
    "une_erreur_rendue": ('"dix".parse::<u8>()?;', ["sortie d'erreur", "invalid digit"]),
    "sans_fin": ("loop {}", ["temps dépassé", "3 s"], "rust,limite=3"),
    "un_noyau_qui_meurt": ("std::process::abort();", ["noyau"]),
    "une_erreur_qui_ne_vient_pas": ("avant + 1", ["devait échouer"], "rust,echec"),
}


class Notebooks(unittest.TestCase):
    def setUp(self):
        self.numbers = []
        self.addCleanup(self.clean)

    def clean(self):
        for folder in (CHAPTERS, NOTEBOOKS, WORK):
            for file in folder.glob("6?_epreuve_*"):
                file.unlink()

    def chapter(self, name, text, notebook=None):
        """Un chapitre de plus, et le notebook enregistré pour lui : ce que rend `notebook`, de son nom entier."""
        number = str(60 + len(self.numbers))
        self.numbers.append(number)
        name = f"{number}_epreuve_{name}"
        (CHAPTERS / f"{name}.md").write_text(text, encoding="utf-8")
        if notebook:
            (NOTEBOOKS / f"{name}.ipynb").write_text(json.dumps(notebook(name)), encoding="utf-8")

    def notebook(self, name):
        """Le notebook enregistré de ce chapitre, ou rien."""
        found = list(NOTEBOOKS.glob(f"6?_epreuve_{name}.ipynb"))
        return found[0].read_text(encoding="utf-8") if found else None

    def atelier(self, *arguments):
        """« cargo atelier notebooks » de ces chapitres : son code, ce qu'elle dit, et de chacun."""
        done = subprocess.run(
            ["cargo", "atelier", "notebooks", *arguments, *self.numbers],
            cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=900,
        )
        # Les messages : un par chapitre, qui commence par son nom.
        parts = re.split(r"(?:book/src/)?6\d_epreuve_(\w+)(?:\.md)?(?=[:\xa0])", done.stderr)[1:]
        return done.returncode, done.stderr, dict(zip(parts[::2], parts[1::2]))

    def test_chaque_faute_est_dite_avec_sa_place_et_n_arrete_pas_les_autres_chapitres(self):
        for name, (cell, _, *info) in REFUSED.items():
            self.chapter(name, chapter_with(cell, *info))
        self.chapter("le_modele", MODEL.read_text(encoding="utf-8").replace("TITRE", "Épreuve"))
        mine = {"cells": [{"cell_type": "code", "source": ["// mon travail"]}], "metadata": {}}
        self.chapter("change", "# Épreuve\n\n```rust\n1 + 1\n```\n", lambda name: mine)

        code, said, parts = self.atelier()

        self.assertNotEqual(code, 0, said)
        self.assertEqual(sorted(parts), sorted(REFUSED), said)
        for name, (_, words, *_) in REFUSED.items():
            with self.subTest(name):
                for word in (":11,", "ici-code-1", *words):
                    self.assertIn(word, parts[name])
                self.assertIsNone(self.notebook(name), "rien n'est enregistré")
        with self.subTest("le modèle d'un chapitre s'exécute"):
            self.assertIn('"0.5"', self.notebook("le_modele"))
        with self.subTest("un notebook changé à la main est mis de côté avant d'être refait"):
            self.assertIn("epreuve_change.ipynb avait été changé à la main", said)
            [kept] = WORK.glob("6?_epreuve_change.garde*.ipynb")
            self.assertIn("// mon travail", kept.read_text(encoding="utf-8"))
            self.assertIn('"2"', self.notebook("change"))

    @unittest.skipUnless(os.name == "posix", "les signaux d'Unix")
    def test_une_interruption_arrete_aussi_le_noyau(self):
        def wait_for(condition):
            end = time.monotonic() + 60
            while not (found := condition()) and time.monotonic() < end:
                time.sleep(0.2)
            self.assertTrue(found)
            return found

        def interrupt(cell, when):
            self.chapter("interrompu", chapter_with(cell))
            running = subprocess.Popen(
                [ROOT / "target" / "debug" / "atelier", "notebooks", self.numbers[-1]],
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

    def test_un_bon_chapitre_et_tout_ce_qu_on_y_change_a_la_main(self):
        self.chapter("bon", GOOD)
        code, said, _ = self.atelier()
        self.assertEqual(code, 0, said)
        made = self.notebook("bon")
        code = [i for i, cell in enumerate(json.loads(made)["cells"]) if cell["cell_type"] == "code"]

        def un_nombre(cells):
            cells[code[1]]["outputs"][0]["text"] = ["un\n", "deux 0.6\n"]

        def une_cellule(cells):
            cells[code[1]]["source"][1] = 'println!("trois");\n'

        def une_image(cells):
            data = cells[code[2]]["outputs"][0]["data"]
            data["image/png"] = data["image/png"].replace("A", "B", 1)

        def une_sortie(cells):
            cells[code[2]]["outputs"] = []

        def une_cellule_en_moins(cells):
            del cells[code[2]]

        def de_la_prose(cells):
            cells[0]["source"][0] = "# Autre chose\n"

        changes = {
            un_nombre: [":10", "epreuve-code-2", "deux 0.6", "deux 0.5"],
            une_cellule: [":10", "epreuve-code-2", "trois"],
            une_image: ["figure-code-1", "image/png"],
            une_sortie: ["figure-code-1", "sortie"],
            une_cellule_en_moins: [],
            de_la_prose: [":1", "Autre chose"],
        }
        for change in changes:
            def changed(name, change=change):
                notebook = json.loads(made.replace("60_epreuve_bon", name))
                change(notebook["cells"])
                return notebook

            self.chapter(change.__name__, GOOD, changed)

        code, said, parts = self.atelier("--verifier")

        self.assertNotEqual(code, 0, said)
        self.assertEqual(sorted(parts), sorted(change.__name__ for change in changes), said)
        for change, words in changes.items():
            with self.subTest(change.__name__):
                for word in words:
                    self.assertIn(word, parts[change.__name__])


if __name__ == "__main__":
    unittest.main()
