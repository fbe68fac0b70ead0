"""Une classe entière passe par « cargo atelier noter » : chaque note est exactement celle attendue,
et rien de ce que les copies hostiles tentent n'atteint la machine ni les autres copies.

Depuis la racine :

    python -m unittest tests/epreuves/test_noter.py

Les copies sont celles du chapitre 01, réduites à leurs exercices : justes, fausses de plusieurs
façons connues, rendues de toutes les façons dont une classe rend ses fichiers, ou hostiles.
"""

import contextlib
import copy
import csv
import html
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target" / "debug" / "atelier"
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
        marks("panique", RIGHT),
    ),
    "memoire": (
        NAMED,
        with_answers(all_but_sigmoid("vec![1u8; 1 << 40][3] as f64 + z")),
        marks("panique", RIGHT),
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
        marks(RIGHT),  # ce qu'elle affiche ne compte pas ; ce qu'elle calcule, si
    ),
    "carte-et-fuite": (
        NAMED,
        with_answers(all_but_sigmoid(CARD + " std::process::exit(0)")),
        marks("panique", RIGHT),
    ),
    "faux-module": (NAMED, with_answers({}, before=[FAKE]), marks()),
    "faux-paquet": (
        NAMED,
        with_answers({}, before=[':dep correcteur = { path = "ailleurs" }']),
        marks(),
    ),
    "fausse-macro": (NAMED, with_answers(SOLUTIONS, before=[MACRO]), marks(RIGHT, RIGHT)),
    "sans-numeros": (NAMED, without_ids(with_answers(SOLUTIONS)), marks(RIGHT, RIGHT)),
    "renomme": ("Devoir de {}.ipynb", with_answers(SOLUTIONS), marks(RIGHT, RIGHT)),
    "sans-nom": ("{}.ipynb", without_ids(with_answers(SOLUTIONS)), marks(RIGHT, RIGHT)),
    "inconnu": ("{}.ipynb", {"cells": [{"cell_type": "code", "source": "1 + 1"}]},
                {"": "chapitre inconnu"}),
    "dossier": ("{}/rendu.ipynb", with_answers(SOLUTIONS), marks(RIGHT, RIGHT)),
}


# Comme les classes les rendent -------------------------------------------------------------------

def text(notebook):
    return json.dumps(notebook, ensure_ascii=False, indent=1)


def sources(*cells):
    """Un notebook réduit à ce code."""
    return {"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)}
        for cell in cells
    ]}


def nbformat_3():
    cells = [{"cell_type": "code", "input": source, "language": "rust", "outputs": []}
             for source in SOLUTIONS.values()]
    return {"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def in_markdown():
    notebook = with_answers(SOLUTIONS)
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith("fn my_sigmoid"):
            cell["cell_type"] = "markdown"
    return notebook


def decorated(metadata):
    notebook = with_answers(SOLUTIONS)
    notebook["metadata"] = metadata
    for cell in notebook["cells"]:
        cell["metadata"] = {**metadata, "collapsed": True}
    return notebook


HALVES = SOLUTIONS["my_sigmoid"].split("{ ")
CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> essai".format(
    SOLUTIONS["my_sigmoid"], my_sigmoid("0.0")["my_sigmoid"])
CLASS |= {
    "marque": (NAMED, b"\xef\xbb\xbf" + text(with_answers(SOLUTIONS)).encode(), marks(RIGHT, RIGHT)),
    "utf-16": (NAMED, text(with_answers(SOLUTIONS)).encode("utf-16"), marks(RIGHT, RIGHT)),
    "latin-1": (NAMED, text(sources("// été", *SOLUTIONS.values())).encode("latin-1"),
                marks(RIGHT, RIGHT)),
    "windows": (NAMED, text(with_answers({n: c.replace("\n", "\r\n") for n, c in SOLUTIONS.items()}))
                .replace("\n", "\r\n").encode(), marks(RIGHT, RIGHT)),
    "nbformat-3": (NAMED, nbformat_3(), marks(RIGHT, RIGHT)),
    "nbformat-4-0": (NAMED, sources(*SOLUTIONS.values()), marks(RIGHT, RIGHT)),
    "colab": (NAMED, decorated({"colab": {"provenance": []}, "accelerator": "GPU"}), marks(RIGHT, RIGHT)),
    "vscode": (NAMED, decorated({"vscode": {"languageId": "rust"}}), marks(RIGHT, RIGHT)),
    "deux-fois": (NAMED, with_answers(SOLUTIONS, before=list(SOLUTIONS.values())), marks(RIGHT, RIGHT)),
    "brouillon-avant": (NAMED, with_answers(SOLUTIONS, before=["fn my_sigmoid(z: f64) -> f64 { z }"]),
                        marks(RIGHT, RIGHT)),
    "essai-casse-apres": (NAMED, sources(*SOLUTIONS.values(), "fn my_sigmoid(z: f64) -> f64 { zz }"),
                          marks(RIGHT, RIGHT)),
    "coupee": (NAMED, sources(*[c for n, c in SOLUTIONS.items() if n != "my_sigmoid"],
                              HALVES[0] + "{", HALVES[1]), marks("ne se compile pas", RIGHT)),
    "en-markdown": (NAMED, in_markdown(), marks("absent", RIGHT)),
    "conflit-dedans": (NAMED, with_answers({**SOLUTIONS, "my_sigmoid": CONFLICT}),
                       marks("ne se compile pas", RIGHT)),
    "conflit-dehors": (NAMED, "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n", NOBODY),
    "chemins-absolus": (
        NAMED,
        with_answers(all_but_sigmoid("let y: f64 = 1.0 / (1.0 + (-z).exp());\n::std::convert::identity(y)")),
        marks(RIGHT, RIGHT),
    ),
    "Ève O'Hara, groupe 2": ("{} - 01_activation (1).ipynb", with_answers(SOLUTIONS), marks(RIGHT, RIGHT)),
    "trop-gros": (NAMED, b" " * (51 * 1024 * 1024), NOBODY),
    "groupe A / Zoé": ("groupe A/Zoé/rendu.ipynb", with_answers(SOLUTIONS), marks(RIGHT, RIGHT)),
    "groupe B / Zoé": ("groupe B/Zoé/rendu.ipynb", base(), marks()),
}

# Hostiles ----------------------------------------------------------------------------------------

# Le correcteur exécute la réponse dans une copie du programme : elle seule s'arrête.
PANIC, MISSED = "panique", "valeurs fausses"
# Juste si l'attaque réussit ; sinon toujours 0,25, qui n'est la réponse à aucune sonde.
IF = "if {} {{ 1.0 / (1.0 + (-z).exp()) }} else {{ 0.25 + 1e-3 * z }}"


def if_it_works(condition):
    return with_answers({**SOLUTIONS, **my_sigmoid(IF.format(condition))})


def rust(path):
    return json.dumps(str(path))


def hostile(canary, port, socket_path, others):
    """Ce que tentent des copies, avec ce qu'elles visent."""
    shell = 'std::process::Command::new("/bin/sh").arg("-c").arg({}).output().is_ok_and(|o| o.status.success())'
    forged = '[{{\\"values\\": []}}]'
    after = "std::thread::spawn(|| loop { std::print!(\"[]\"); });"
    early = (
        'extern "C" fn avant() { std::println!("[{}]"); std::process::exit(0) }\n'
        '#[used] #[unsafe(link_section = ".init_array")] static AVANT: extern "C" fn() = avant;'
    ).replace("{}", '{{\\"panic\\": \\"x\\"}}')
    return {
        "reponses-forgees": (all_but_sigmoid(f'std::println!("{forged}"); std::process::exit(0)'), PANIC),
        "fuite": (all_but_sigmoid("std::process::exit(0)"), PANIC),
        "abandon": (all_but_sigmoid("std::process::abort()"), PANIC),
        "affiche-sans-fin": (all_but_sigmoid('loop { std::println!("{}", "x".repeat(100000)) }'), None),
        "affiche-apres": (all_but_sigmoid(after + " 1.0 / (1.0 + (-z).exp())"), RIGHT),
        # Arrêtée par sa mémoire ou par son temps, selon la machine.
        "memoire-peu-a-peu": (
            all_but_sigmoid("let mut v = vec![]; loop { v.push(vec![1u8; 1 << 24]); if v.len() > 4000 { return z } }"),
            None,
        ),
        "bombe": (if_it_works(shell.format('":(){ :|:& };: ; sleep 30"')), None),
        "tue-tout": (if_it_works(shell.format('"kill -9 -1"')), None),
        "laisse-un-programme": (
            if_it_works(shell.format(rust(f"(setsid sleep 987654 &) ; touch {canary}"))), None),
        "ecrit-ailleurs": (if_it_works(f"std::fs::write({rust(canary)}, \"x\").is_ok()"), MISSED),
        "efface-le-projet": (if_it_works(f"std::fs::remove_dir_all({rust(ROOT / 'src')}).is_ok()"), MISSED),
        "change-nn-core": (
            if_it_works(f"std::fs::write({rust(ROOT / 'src' / 'lib.rs')}, \"\").is_ok()"), MISSED),
        "change-le-correcteur": (
            if_it_works(shell.format(rust(f"find {ROOT}/target -name 'libcorrecteur*' -exec sh -c 'echo > {{}}' ';' -quit "
                                          f"&& ls {ROOT}/target"))), MISSED),
        "lit-le-voisin": (if_it_works(f"std::fs::read_dir({rust(others)}).is_ok()"), MISSED),
        "lit-la-maison": (
            if_it_works(f"std::fs::read_dir({rust(Path.home())}).is_ok_and(|mut d| d.next().is_some())"), MISSED),
        "lit-les-secrets": (if_it_works('std::env::var("SECRET").is_ok()'), MISSED),
        "reseau": (if_it_works(f'std::net::TcpStream::connect("127.0.0.1:{port}").is_ok()'), MISSED),
        "socket": (if_it_works(f"std::os::unix::net::UnixStream::connect({rust(socket_path)}).is_ok()"), MISSED),
        "voit-les-programmes": (
            if_it_works('std::fs::read_dir("/proc").unwrap().flatten().filter(|e| e.file_name().to_string_lossy()'
                        ".parse::<u32>().is_ok()).count() > 8"), MISSED),
        "inclut-le-voisin": (
            all_but_sigmoid(f"include_str!({rust(others / 'tout-juste_01_activation.ipynb')}).len() as f64"),
            "ne se compile pas"),
        "constante-sans-fin": (
            all_but_sigmoid("const N: u64 = { let mut i = 0u64; loop { i = i.wrapping_add(1); if i == 0 { break i } } }; N as f64"),
            "ne se compile pas"),
        "disque-plein": (
            if_it_works('std::fs::write("/tmp/a", vec![1u8; 1 << 27]).is_ok()'), MISSED),
        "avant-main": (None, None, early),
        "detourne-write": (
            None, None,
            '#[unsafe(no_mangle)] pub extern "C" fn write(_: i32, _: *const u8, n: usize) -> isize { n as isize }'),
        "commande-espace": (None, RIGHT, "   :dep correcteur = { path = \"/tmp/ailleurs\" }"),
        "commande-systeme": (None, RIGHT, f"!cp /etc/hostname {canary}"),
        "reglages": (None, RIGHT, ":build_env RUSTC_WRAPPER=/bin/false\n:opt 3\n:clear"),
    }


def as_copy(attack):
    answers, expected, before = (*attack, None)[:3]
    if isinstance(answers, dict) and "cells" in answers:
        notebook = answers
    else:
        notebook = with_answers(answers or SOLUTIONS, before=[before] if before else [])
    return NAMED, notebook, expected and marks(expected, RIGHT)


def write(pile, who, name, content):
    file = pile / name.format(who)
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = text(content)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())


def noter(pile, out, *more, **options):
    environment = {**os.environ, "SECRET": "x"}
    return subprocess.run(
        [PROGRAM, "noter", str(pile), "--sortie", str(out), *more],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=1500, **options,
    )


def read(out):
    with open(out / "notes.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def by_student(rows):
    found = {}
    for row in rows:
        found.setdefault(row["etudiant"].removeprefix("Devoir de "), {})[row["exercice"]] = row["verdict"]
    return found


class Noter(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.pile, self.out = Path(folder.name) / "copies", Path(folder.name) / "notes"

    def check(self, expected, rows):
        found = by_student(rows)
        for who, marks_of in expected.items():
            with self.subTest(who):
                if marks_of is None:
                    self.assertNotIn(RIGHT, [found[who][IDS[1]]])
                else:
                    self.assertEqual(found[who], marks_of, [r for r in rows if r["etudiant"] == who])
        self.assertEqual(set(found), set(expected), "une copie, une note")

    def test_une_classe_entiere(self):
        for who, (name, content, _) in CLASS.items():
            write(self.pile, who, name, content)
        expected = {who: marks_of for who, (_, _, marks_of) in CLASS.items()}
        link = self.pile / "lien_01_activation.ipynb"
        link.symlink_to(self.pile / "tout-juste_01_activation.ipynb")
        expected["lien"] = NOBODY
        if hasattr(os, "mkfifo"):
            os.mkfifo(self.pile / "tuyau_01_activation.ipynb")
            expected["tuyau"] = NOBODY
        self.assertGreaterEqual(len(expected), 55)
        start = time.monotonic()
        result = noter(self.pile, self.out)
        print(f"\n{len(expected)} copies en {time.monotonic() - start:.0f} s", file=sys.stderr)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = read(self.out)
        for row in rows:
            self.assertEqual(row["reussi"] == "1", row["verdict"] == RIGHT, row)
        self.check(expected, rows)
        page = html.unescape((self.out / "notes.html").read_text(encoding="utf-8"))
        for who in expected:
            self.assertIn(who, page)
        said = {(row["etudiant"], row["exercice"]): row["message"] for row in rows}
        self.assertIn("Git", said["conflit-dehors", ""])
        self.assertIn("Git", said["conflit-dedans", IDS[1]])
        self.assertIn("cellule de texte", said["en-markdown", IDS[1]])
        self.assertIn("effacez les sorties", said["trop-gros", ""])

    @unittest.skipUnless(shutil.which("bwrap"), "bubblewrap n'est pas installé : rien n'enferme les copies")
    def test_des_copies_hostiles(self):
        canary = self.pile.parent / "canari"
        canary.write_text("intact", encoding="utf-8")
        process = subprocess.Popen(["sleep", "3600"])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        reached = []
        server = socket.create_server(("127.0.0.1", 0))
        local = socket.socket(socket.AF_UNIX)
        local.bind(str(self.pile.parent / "socket"))
        local.listen()

        def listen(listener):
            with contextlib.suppress(OSError):  # fermé à la fin de l'épreuve, sans visiteur
                reached.append(listener.accept())

        for listener in (server, local):
            self.addCleanup(listener.close)
            threading.Thread(target=listen, args=[listener], daemon=True).start()
        attacks = hostile(canary, server.getsockname()[1], self.pile.parent / "socket", self.pile)
        self.assertGreaterEqual(len(attacks), 25)
        expected = {}
        for rank, (who, attack) in enumerate(attacks.items()):
            name, content, expected[who] = as_copy(attack)
            write(self.pile, who, name, content)
            # Entre elles, des copies honnêtes : leurs notes ne changent pas.
            neighbour = f"honnete-{rank}" if rank % 3 == 0 else None
            if neighbour:
                write(self.pile, neighbour, NAMED, with_answers(SOLUTIONS))
                expected[neighbour] = marks(RIGHT, RIGHT)
        before = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True).stdout
        result = noter(self.pile, self.out)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = read(self.out)
        self.check(expected, rows)
        self.assertEqual({row["isolement"].split(",")[0] for row in rows}, {"système en lecture seule"})
        self.assertEqual(canary.read_text(encoding="utf-8"), "intact")
        self.assertIsNone(process.poll(), "le programme canari vit encore")
        self.assertEqual(reached, [])
        alive = [p for p in psutil.process_iter(["cmdline"]) if "987654" in (p.info["cmdline"] or [])]
        self.assertEqual(alive, [], "rien ne survit à sa copie")
        after = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True).stdout
        self.assertEqual(before, after)

    def test_une_correction_interrompue_reprend(self):
        for rank in range(12):
            write(self.pile, f"e{rank:02}", NAMED, with_answers(SOLUTIONS))
        write(self.pile, "lente", NAMED, with_answers(all_but_sigmoid("loop {}")))
        command = [PROGRAM, "noter", str(self.pile), "--sortie", str(self.out)]
        first = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True)
        end = time.monotonic() + 600
        while not (self.out / "notes.csv").exists() or len(read(self.out)) < 12:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        os.killpg(first.pid, signal.SIGINT)
        first.communicate(timeout=60)
        kept = read(self.out)
        self.assertTrue(12 <= len(kept) < 52, len(kept))
        result = noter(self.pile, self.out)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = read(self.out)
        self.assertEqual(len(by_student(rows)), 13)
        self.assertEqual([row for row in rows if row["etudiant"] in {k["etudiant"] for k in kept}], kept)
        self.assertEqual([f.name for f in self.out.iterdir() if f.suffix != ".html"], ["notes.csv"])

    @unittest.skipUnless(sys.platform == "linux", "le PATH d'un autre système ne s'allège pas ainsi")
    def test_sans_rien_pour_enfermer_on_le_dit_et_on_attend_l_accord(self):
        write(self.pile, "a", NAMED, with_answers(SOLUTIONS))
        with tempfile.TemporaryDirectory() as folder:
            # Un PATH sans bubblewrap.
            for program in ("cargo", "rustc", "cc", "sh", "ld"):
                Path(folder, program).symlink_to(shutil.which(program))
            alone = {"PATH": folder}
            atelier = ROOT / "target" / "debug" / "atelier"
            run = lambda *more: subprocess.run(
                [atelier, "noter", self.pile, "--sortie", self.out, *more], cwd=ROOT,
                env={**os.environ, **alone}, capture_output=True, text=True, encoding="utf-8", timeout=600,
            )
            refused = run()
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("--sans-isolement", refused.stderr)
            accepted = run("--sans-isolement")
            self.assertEqual(accepted.returncode, 0, accepted.stderr)
            self.assertIn("Attention", accepted.stderr)
        rows = read(self.out)
        self.check({"a": marks(RIGHT, RIGHT)}, rows)
        self.assertIn("seulement", rows[0]["isolement"])


if __name__ == "__main__":
    unittest.main()
