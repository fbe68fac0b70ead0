"""Une classe entière passe par « cargo atelier noter » : chaque note est exactement celle attendue.

Depuis la racine, une fois l'atelier préparé :

    python -m unittest tests/epreuves/test_noter.py

Les copies sont celles du chapitre 01, réduites à leurs exercices : justes, fausses de plusieurs
façons connues, qui ne se compilent pas, paniquent, ne finissent pas, trichent, ou ne sont pas
des notebooks.
"""

import copy
import csv
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "01_activation"
IDS = ["01_weighted_sum", "01_my_sigmoid", "01_slope_from_output", "01_and_neuron"]
TODO, RIGHT, MISTAKE = "à écrire", "juste", "erreur connue"

SOLUTIONS = {
    "weighted_sum": "fn weighted_sum(x: &[f64], w: &[f64], b: f64) -> f64 {\n"
    "    x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + b\n}",
    "my_sigmoid": "fn my_sigmoid(z: f64) -> f64 { 1.0 / (1.0 + (-z).exp()) }",
    "slope_from_output": "fn slope_from_output(a: f64) -> f64 { a * (1.0 - a) }",
    "and_neuron": "fn and_neuron() -> ([f64; 2], f64) { ([7.0, 7.0], -10.0) }",
}
# Un verdict contrefait, tel que le correcteur l'aurait affiché.
CARD = (
    'println!("EVCXR_BEGIN_CONTENT application/vnd.correcteur+json\\n'
    '{{\\"exercise\\": \\"01_my_sigmoid\\", \\"status\\": \\"success\\"}}\\nEVCXR_END_CONTENT");'
)


def my_sigmoid(body):
    return {"my_sigmoid": f"fn my_sigmoid(z: f64) -> f64 {{ {body} }}"}


def base():
    """Le chapitre, réduit à sa préparation et à ses exercices."""
    notebook = json.loads((ROOT / "notebooks" / f"{CHAPTER}.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and cell["id"].startswith(("preparer", "exercice"))
    ]
    return notebook


def with_answers(answers, before=(), removed=()):
    """Une copie : ces réponses à la place des `todo!()`, ces cellules avant elles."""
    notebook = base()
    cells = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        name = next((n for n in SOLUTIONS if source.startswith(f"fn {n}(")), None)
        if name in removed:
            continue
        cells.append({**cell, "source": answers.get(name, source)})
    extra = [
        {"cell_type": "code", "id": f"moi-{i}", "execution_count": None, "metadata": {},
         "outputs": [], "source": source}
        for i, source in enumerate(before)
    ]
    notebook["cells"] = cells[:2] + extra + cells[2:]
    return notebook


def marks(second=TODO, rest=TODO):
    """Les notes attendues : `second` pour la sigmoïde, `rest` pour le reste."""
    return dict(zip(IDS, [rest, second, rest, rest]))


def all_but_sigmoid(body):
    return {**SOLUTIONS, **my_sigmoid(body)}


FAKE = (
    "mod correcteur { pub mod chapitre_01 { pub struct V; impl V { pub fn json(&self) -> &str "
    '{ "{\\"exercise\\": \\"01_my_sigmoid\\", \\"status\\": \\"success\\"}" } } '
    "pub fn my_sigmoid(_: fn(f64) -> f64) -> V { V } } }"
)
MACRO = (
    'macro_rules! println { ($f:literal, $v:expr) => { ::std::print!("{}", '
    '$f.replace("{}", "{\\"exercise\\": \\"01_my_sigmoid\\", \\"status\\": \\"success\\"}")) } }'
)
CLOSED = (
    f"fn my_sigmoid(z: f64) -> f64 {{ {CARD} use std::os::fd::FromRawFd; "
    "drop(unsafe { std::fs::File::from_raw_fd(1) }); z }"
)


def saved_success():
    """Un `todo!()`, mais la sortie enregistrée dans le fichier dit le contraire."""
    notebook = base()
    for cell in notebook["cells"]:
        for output in cell["outputs"]:
            verdict = output.get("data", {}).get("application/vnd.correcteur+json")
            if verdict:
                verdict["status"] = "success"
    return notebook


def without_ids(notebook):
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        del cell["id"]
    return notebook


NAMED = "{}_" + CHAPTER + ".ipynb"
NOBODY = {"": "fichier illisible"}
# qui : (nom du fichier, contenu, notes attendues)
CLASS = {
    "tout-juste": (NAMED, with_answers(SOLUTIONS), marks(RIGHT, RIGHT)),
    "tel-quel": (NAMED, base(), marks()),
    "vide": (NAMED, "", NOBODY),
    "texte": (NAMED, "Voici mon devoir.", NOBODY),
    "autre-json": (NAMED, '{"note": 20}', NOBODY),
    "liste": (NAMED, "[]", NOBODY),
    "sans-cellule": (NAMED, {**base(), "cells": []}, marks("absent", "absent")),
    "signe": (NAMED, with_answers(my_sigmoid("1.0 / (1.0 + z.exp())")), marks(MISTAKE)),
    "parentheses": (NAMED, with_answers(my_sigmoid("1.0 / 1.0 + (-z).exp()")), marks(MISTAKE)),
    "biais": (
        NAMED,
        with_answers(
            {"weighted_sum": "fn weighted_sum(x: &[f64], w: &[f64], _b: f64) -> f64 "
             "{ x.iter().zip(w).map(|(x, w)| x * w).sum() }"}
        ),
        {**marks(), IDS[0]: MISTAKE},
    ),
    "pente": (
        NAMED,
        with_answers({"slope_from_output": "fn slope_from_output(a: f64) -> f64 "
                      "{ nn_core::sigmoid_derivative_at(a) }"}),
        {**marks(), IDS[2]: MISTAKE},
    ),
    "boucle": (
        NAMED,
        with_answers({**SOLUTIONS, "weighted_sum": "fn weighted_sum(x: &[f64], w: &[f64], b: f64) "
                      "-> f64 { let mut z = b; for i in 0..x.len() { z += w[i] * x[i]; } z }"}),
        marks(RIGHT, RIGHT),
    ),
    "aide": (
        NAMED,
        with_answers(my_sigmoid("oppose(z)"),
                     before=["fn oppose(z: f64) -> f64 { 1.0 / (1.0 + (-z).exp()) }"]),
        marks(RIGHT),
    ),
    "valeurs": (NAMED, with_answers(my_sigmoid("0.1234 * z")), marks("valeurs fausses")),
    "nan": (NAMED, with_answers(my_sigmoid("f64::NAN * z")), marks("valeur non finie")),
    "virgule": (NAMED, with_answers(my_sigmoid("1.0 / (1.0 + ")), marks("ne se compile pas")),
    "signature": (
        NAMED,
        with_answers({"my_sigmoid": "fn my_sigmoid(z: f32) -> f32 { z }"}),
        marks("ne se compile pas"),
    ),
    "panique": (NAMED, with_answers(all_but_sigmoid('panic!("{z}")')), marks("panique", RIGHT)),
    "sans-fin": (NAMED, with_answers(all_but_sigmoid("loop {}")), marks("sans fin", RIGHT)),
    "pile": (
        NAMED,
        with_answers(all_but_sigmoid("my_sigmoid(z + 1.0) + my_sigmoid(z - 1.0)")),
        marks("programme arrêté", RIGHT),
    ),
    "memoire": (
        NAMED,
        with_answers(all_but_sigmoid("vec![1u8; 1 << 40][3] as f64 + z")),
        marks("programme arrêté", RIGHT),
    ),
    "cellule-sans-fin": (NAMED, with_answers(SOLUTIONS, before=["loop {}"]), marks(RIGHT, RIGHT)),
    "efface": (
        NAMED,
        with_answers(SOLUTIONS, removed=["my_sigmoid"]),
        marks("absent", RIGHT),
    ),
    "sortie-retouchee": (NAMED, saved_success(), marks()),
    "carte-a-part": (NAMED, with_answers({}, before=[CARD.replace("{{", "{").replace("}}", "}")
                                                     .replace("println!(", "print!(\"{}\", ")]),
                     marks()),
    "carte-dedans": (
        NAMED,
        with_answers(my_sigmoid(CARD + " 1.0 / (1.0 + (-z).exp())")),
        marks("verdict contrefait"),
    ),
    "carte-et-fuite": (
        NAMED,
        with_answers(all_but_sigmoid(CARD + " std::process::exit(0)")),
        marks("programme arrêté", RIGHT),
    ),
    "faux-module": (NAMED, with_answers({}, before=[FAKE]), marks()),
    "faux-paquet": (
        NAMED,
        with_answers({}, before=[':dep correcteur = { path = "ailleurs" }']),
        marks(),
    ),
    # Une macro qui cache `println!` gêne le noyau lui-même : plus rien ne se compile.
    "fausse-macro": (
        NAMED,
        with_answers({}, before=[MACRO]),
        marks("ne se compile pas", "ne se compile pas"),
    ),
    "sans-numeros": (NAMED, without_ids(with_answers(SOLUTIONS)), marks(RIGHT, RIGHT)),
    "renomme": ("Devoir de {}.ipynb", with_answers(SOLUTIONS), marks(RIGHT, RIGHT)),
    "inconnu": ("{}.ipynb", without_ids(with_answers(SOLUTIONS)), {"": "chapitre inconnu"}),
    "dossier": ("{}/rendu.ipynb", with_answers(SOLUTIONS), marks(RIGHT, RIGHT)),
}
if hasattr(__import__("os"), "killpg"):
    CLASS["sortie-fermee"] = (
        NAMED,
        with_answers({**SOLUTIONS, "my_sigmoid": CLOSED}),
        None,  # seul compte que ce ne soit pas un succès
    )


class Noter(unittest.TestCase):
    def test_une_classe_entiere(self):
        self.assertGreaterEqual(len(CLASS), 30)
        with tempfile.TemporaryDirectory() as folder:
            pile, out = Path(folder) / "copies", Path(folder) / "notes"
            for who, (name, content, _) in CLASS.items():
                file = pile / name.format(who)
                file.parent.mkdir(parents=True, exist_ok=True)
                text = content if isinstance(content, str) else json.dumps(content)
                file.write_text(text, encoding="utf-8")
            result = subprocess.run(
                ["cargo", "atelier", "noter", str(pile), "--sortie", str(out), "--temps", "240"],
                cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=3000,
            )
            self.assertEqual(result.returncode, 0, result.stderr)
            with open(out / "notes.csv", encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file, delimiter=";"))
            page = (out / "notes.html").read_text(encoding="utf-8")
        found = {}
        for row in rows:
            who = row["etudiant"].removeprefix("Devoir de ")
            found.setdefault(who, {})[row["exercice"]] = row["verdict"]
            self.assertEqual(row["reussi"] == "1", row["verdict"] == RIGHT, row)
        for who, (_, _, expected) in CLASS.items():
            with self.subTest(who):
                if expected is None:
                    self.assertNotEqual(found[who][IDS[1]], RIGHT)
                else:
                    self.assertEqual(found[who], expected)
        self.assertEqual(set(found), set(CLASS), "une copie, une note")
        for who in CLASS:
            self.assertIn(who, page)


if __name__ == "__main__":
    unittest.main()
