"""Ce que coûte l'ouverture d'un notebook : les secondes de chaque étape, et la mémoire du noyau.

Depuis la racine, une fois l'atelier préparé, sur une machine calme :

    .atelier/venv/bin/python tests/epreuves/ouverture.py [01 06 10 11] [--froid] [--sans-reglages]

`--froid` : rien n'est compilé (les bibliothèques sont téléchargées). `--sans-reglages` : un noyau sans
rien de ce que l'atelier y ajoute, donc froid aussi. Les temps ne valent que l'un par rapport à l'autre.
"""

import argparse
import tempfile
import time

import psutil
from noyau import ROOT, Kernel, cells_of


def memory(kernel):
    """Les mégaoctets du noyau et de ce qu'il a lancé."""
    main = psutil.Process(kernel.manager.provisioner.pid)
    return sum(p.memory_info().rss for p in [main, *main.children(recursive=True)]) / 1e6


def opening(notebook, stock, cold):
    """Le démarrage, la première cellule, la seconde, un premier « let », trois suivants."""
    cells = [source for source, _ in cells_of(notebook)[:2]]
    with tempfile.TemporaryDirectory() as folder:
        start = time.monotonic()
        kernel = Kernel(folder if stock else None)
        times = [time.monotonic() - start]
        try:
            if cold and not stock:
                kernel.run(f":build_env CARGO_BUILD_BUILD_DIR={folder}")
            for cell in [*cells, "let a = 1.5;", "let b = a + 1.0;", "let c = b + 1.0;", "let d = c + 1.0;"]:
                start = time.monotonic()
                said = kernel.run(cell, limit=900)
                if "erreur" in said:
                    raise SystemExit(f"{notebook} : {said['erreur']}")
                times.append(time.monotonic() - start)
            return [*times[:4], sorted(times[4:])[1], sum(times[:4]), memory(kernel)]
        finally:
            kernel.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("chapitres", nargs="*", default=["01", "06", "10", "11"])
    parser.add_argument("--froid", action="store_true")
    parser.add_argument("--sans-reglages", action="store_true")
    arguments = parser.parse_args()
    print("chapitre | noyau | 1re cellule | 2e | premier let | let suivant | jusqu'au premier let | Mo")
    for chapter in arguments.chapitres:
        file = next((ROOT / "notebooks").glob(f"{chapter}_*.ipynb"))
        row = opening(file.name, arguments.sans_reglages, arguments.froid)
        print(chapter, *(f"{value:.1f}" for value in row[:-1]), f"{row[-1]:.0f}", sep=" | ", flush=True)


if __name__ == "__main__":
    main()
