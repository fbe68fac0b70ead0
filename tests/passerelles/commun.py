"""Ce que les scripts de ce dossier partagent : l'échange, et comment en garder les résultats."""

import platform
import re
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

FOLDER = Path(__file__).parent
WEIGHTS = FOLDER / "chiffres.safetensors"
# Les images, nos réponses et nos gradients, faits par reseau.rs.
EXPECTED = load_file(FOLDER / "attendu.safetensors")
# La promesse du chapitre : les mêmes réponses, à un millionième près.
PROMISE = 1e-6
# Le nombre d'images dont le chapitre compare les réponses, en direct.
SHOWN = 4
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


def deviation(a, b):
    """Le plus grand écart entre deux tableaux de même forme, case à case."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if a.shape != b.shape:
        sys.exit(f"formes différentes : {a.shape} et {b.shape}")
    return float(np.abs(a - b).max())


def require(what, value, limit=PROMISE):
    """Dit l'écart, et s'arrête s'il dépasse la limite."""
    print(f"{what} : écart de {value:.1e} au plus")
    if not value <= limit:
        sys.exit(f"{what} : l'écart devrait être d'au plus {limit:.0e}.")


def constant(name, comment, values):
    """Un nombre ou un tableau de nombres, en Rust."""
    if np.ndim(values) == 0:
        return f"// {comment}\nconst {name}: f64 = {float(values)!r};\n"
    numbers = [repr(float(value)) for value in np.ravel(values)]
    body = "".join(f"    {', '.join(numbers[i : i + 3])},\n" for i in range(0, len(numbers), 3))
    return f"// {comment}\nconst {name}: [f64; {len(numbers)}] = [\n{body}];\n"


def save(script, libraries, anchors):
    """Écrit resultats/`script`.rs : une ancre par nom, dont le contenu est du Rust.

    Avec --verifier, n'écrit rien : compare au fichier en place, à un millionième près.
    """
    versions = ", ".join(f"{name} {version}" for name, version in libraries.items())
    text = (
        f"// Fait par tests/passerelles/{script}.py ; ne se modifie pas à la main.\n"
        f"// Python {platform.python_version()}, {versions}.\n"
    )
    for anchor, content in anchors.items():
        text += f"\n// ANCHOR: {anchor}\n{content}// ANCHOR_END: {anchor}\n"
    path = FOLDER / "resultats" / f"{script}.rs"
    if "--verifier" not in sys.argv[1:]:
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path.name} : écrit")
    elif not same(path.read_text(encoding="utf-8-sig"), text):
        sys.exit(f"resultats/{path.name} a changé. Refaites-le : {script}.py, sans --verifier.")
    else:
        print(f"{path.name} : les mêmes nombres")


def same(old, new):
    """Le même texte, à un millionième près pour les nombres ; la version de Python peut différer."""
    old, new = (re.sub(r"^// Python [\d.]+, ", "", text, flags=re.MULTILINE) for text in (old, new))
    if NUMBER.sub("", old) != NUMBER.sub("", new):
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new))
    return all(abs(float(a) - float(b)) <= PROMISE for a, b in pairs)
