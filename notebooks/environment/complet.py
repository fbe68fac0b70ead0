"""Finit mal s'il manque à cet environnement Python un paquet de requirements.txt, ou une partie d'un paquet.

    python complet.py

Une installation arrêtée en chemin laisse des paquets à moitié écrits, que pip croit installés.
"""

import csv
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement


def missing(requirement):
    """Ce qui manque d'un paquet : le premier de ses fichiers qui n'est pas là, ou pas entier."""
    found = distribution(requirement.name)
    if found.version not in requirement.specifier:
        return f"{requirement}, et non {found.version}"
    files = [(found.locate_file(row[0]), row[2]) for row in csv.reader(found.read_text("RECORD").splitlines())]
    # Écrit en dernier : avec lui, la liste des fichiers est celle de pip, et non celle de l'archive.
    if not any(file.name == "INSTALLER" for file, _ in files):
        return f"la fin de {requirement.name}"
    return next((file for file, size in files if size and file.stat().st_size != int(size)), None)


for line in (Path(__file__).parent / "requirements.txt").read_text(encoding="utf-8").splitlines():
    if "==" in line:
        requirement = Requirement(line.rstrip("\\ "))
        if requirement.marker is None or requirement.marker.evaluate():
            if what := missing(requirement):
                sys.exit(f"il manque {what}")
