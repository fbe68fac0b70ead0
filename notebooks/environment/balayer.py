"""Efface ce que des noyaux tués ont laissé dans le dossier des cellules.

    python balayer.py DOSSIER

Un noyau qui s'arrête efface son sous-dossier ; un noyau tué le laisse. Rien ne dit à quel noyau est
un sous-dossier : tant que l'utilisateur en a un qui vit, quel que soit l'atelier ou l'éditeur qui
l'a lancé, tout reste.
"""

import shutil
import sys
from pathlib import Path

import psutil


def living_kernels():
    """Les noyaux Rust de l'utilisateur ; de ceux dont on ne sait rien, on suppose qu'ils sont à lui."""
    me = psutil.Process().username()
    for process in psutil.process_iter(["name", "username", "status"]):
        found = process.info
        if (
            (found["name"] or "").startswith("evcxr_jupyter")
            and found["username"] in (me, None)
            and found["status"] != psutil.STATUS_ZOMBIE
        ):
            yield process


def sweep(folder):
    # La liste d'abord : un noyau qui démarre entre-temps n'y est pas.
    left = [entry for entry in Path(folder).iterdir() if entry.name.startswith((".tmp", "rustc"))]
    if not any(True for _ in living_kernels()):
        for entry in left:
            shutil.rmtree(entry, ignore_errors=True)


if __name__ == "__main__":
    sweep(sys.argv[1])
