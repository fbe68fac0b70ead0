"""Chaque notebook, exécuté par un noyau evcxr sans aucun réglage de l'atelier, depuis `notebooks/` puis
depuis une copie ailleurs dans le projet, affiche ce qui est enregistré : mêmes textes, mêmes types.

Depuis la racine, une fois l'atelier préparé (une à deux minutes par notebook, ses bibliothèques
compilées la première fois) :

    .atelier/venv/bin/python tests/epreuves/tous_les_notebooks.py [01 05…] [--depuis travail]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KERNEL = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "rust" / "kernel.json"


def shown(notebook):
    """Ce que chaque cellule affiche, sans le découpage du texte en lignes."""
    whole = lambda value: "".join(value) if isinstance(value, list) else value
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield [
                [
                    output["output_type"],
                    whole(output.get("text", "")),
                    whole(output.get("traceback", "")),
                    {mime: whole(value) for mime, value in output.get("data", {}).items()},
                ]
                for output in cell["outputs"]
            ]


def stock_kernel(folder):
    """Le même programme, sans notre dossier de compilation ni nos réglages : celui d'un autre Jupyter."""
    spec = json.loads(KERNEL.read_text(encoding="utf-8"))
    spec["env"] = {}
    kernel = Path(folder) / "kernels" / "rust"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def differences(file, start, folder):
    environment = {k: v for k, v in os.environ.items() if k not in ("LD_LIBRARY_PATH", "EVCXR_CONFIG_DIR")}
    environment |= {"JUPYTER_PATH": folder, "TMPDIR": folder, "TMP": folder}
    environment |= {"JUPYTER_PREFER_ENV_PATH": "0"}
    notebook = json.loads(file.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "".join(cell["source"]).startswith(":dep"):
            cell["metadata"].setdefault("atelier", {})["limite"] = 900  # elle compile les bibliothèques
    source, target = Path(folder) / f"entree-{file.name}", Path(folder) / file.name
    source.write_text(json.dumps(notebook), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, ROOT / "notebooks" / "environment" / "execute.py", source, target, "--dossier", start],
        env=environment, capture_output=True, text=True, encoding="utf-8",
    )
    if run.returncode != 0:
        return [run.stdout[-2000:] + run.stderr[-2000:]]
    pairs = zip(shown(notebook), shown(json.loads(target.read_text(encoding="utf-8"))))
    return [
        f"cellule {rank} : {str(old)[:300]}\n  obtenu : {str(new)[:300]}"
        for rank, (old, new) in enumerate(pairs, start=1)
        if old != new
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chapitres", nargs="*")
    parser.add_argument("--depuis", default="notebooks")
    arguments = parser.parse_args()
    start = ROOT / arguments.depuis
    start.mkdir(exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        stock_kernel(folder)
        for file in sorted((ROOT / "notebooks").glob("*.ipynb")):
            if arguments.chapitres and file.name[:2] not in arguments.chapitres:
                continue
            found = differences(file, start, folder)
            failed += bool(found)
            print(f"{file.stem} : {'pareil' if not found else 'différent'}", flush=True)
            print(*found, sep="\n", end="\n" if found else "")
    print(f"{failed} notebook(s) différent(s)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
