"""Écrit un fichier de référence que les tests de nn_core relisent.

Chaque fichier dit avec quelles versions il a été fait, et par quelle commande
le refaire. Les nombres y sont en entier (`repr`), une ligne de matrice par ligne.
"""

import json
import platform
import re
from pathlib import Path

FOLDER = Path(__file__).parent


def save(name, command, libraries, content):
    """Écrit `name` à côté des scripts ; `libraries` va du nom à la version."""
    made_by = {"command": command, "versions": {"Python": platform.python_version(), **libraries}}
    text = json.dumps({"made_by": made_by, **content}, indent=1, ensure_ascii=False)
    # Une liste de nombres tient sur une ligne : le fichier se lit et se compare.
    text = re.sub(r"\[\s+([^\[\]{}]+?)\s+\]", lambda row: f"[{' '.join(row[1].split())}]", text)
    (FOLDER / name).write_text(text + "\n", encoding="utf-8")
    print(f"{name} : {len(text) / 1024:.0f} Ko")
