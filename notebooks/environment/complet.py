"""Finit mal s'il manque à cet environnement Python un paquet de requirements.txt, ou une partie d'un paquet.

    python complet.py

Une installation arrêtée en chemin laisse des paquets à moitié écrits, que pip croit installés.
"""

import csv
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement


def is_whole(requirement):
    found = distribution(requirement.name)
    files = [(found.locate_file(row[0]), row[2]) for row in csv.reader(found.read_text("RECORD").splitlines())]
    return (
        found.version in requirement.specifier
        # Écrit en dernier : avec lui, la liste des fichiers est celle de pip, et non celle de l'archive.
        and any(file.name == "INSTALLER" for file, _ in files)
        and all(not size or file.stat().st_size == int(size) for file, size in files)
    )


lines = (Path(__file__).parent / "requirements.txt").read_text(encoding="utf-8").splitlines()
pins = [Requirement(line.rstrip("\\ ")) for line in lines if "==" in line]
sys.exit(not all(is_whole(pin) for pin in pins if pin.marker is None or pin.marker.evaluate()))
