"""Écrit un fichier de référence que les tests de nn_core relisent, ou le compare (--verifier).

Chaque fichier dit avec quelles versions il a été fait, et par quelle commande
le refaire. Les nombres y sont en entier (`repr`), une ligne de matrice par ligne.
"""

import json
import platform
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
# Une exponentielle peut différer d'un dernier bit d'une machine à l'autre.
TOLERANCE = 1e-10


def save(name, command, libraries, content):
    """Écrit `name` à côté des scripts ; `libraries` va du nom à la version.

    Avec --verifier, n'écrit rien : compare au fichier en place, et sort en erreur s'il diffère.
    """
    if "--verifier" in sys.argv[1:]:
        committed = json.loads((FOLDER / name).read_text(encoding="utf-8-sig"))
        del committed["made_by"]
        place = difference(committed, json.loads(json.dumps(content)), name)
        if place:
            sys.exit(f"{place}\nLe refaire : {command}")
        print(f"{name} : les mêmes nombres")
        return
    made_by = {"command": command, "versions": {"Python": platform.python_version(), **libraries}}
    text = json.dumps({"made_by": made_by, **content}, indent=1, ensure_ascii=False)
    # Une liste de nombres tient sur une ligne : le fichier se lit et se compare.
    text = re.sub(r"\[\s+([^\[\]{}]+?)\s+\]", lambda row: f"[{' '.join(row[1].split())}]", text)
    (FOLDER / name).write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"{name} : {len(text) / 1024:.0f} Ko")


def difference(old, new, place):
    """La première différence, avec sa place ; None si tout concorde."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        pairs = [(old[key], new[key], f"{place}, {key}") for key in old]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [(a, b, f"{place}[{i}]") for i, (a, b) in enumerate(zip(old, new))]
    elif isinstance(old, float) and isinstance(new, float):
        return None if abs(old - new) <= TOLERANCE else f"{place} : {old!r} enregistré, {new!r} obtenu"
    else:
        return None if old == new else f"{place} : {old!r} enregistré, {new!r} obtenu"
    return next(filter(None, (difference(*pair) for pair in pairs)), None)
