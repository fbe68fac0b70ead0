"""Exécute le Python des chapitres et garde ses résultats dans resultats.rs, que les cellules incluent.

    python tests/python/executer.py               # refait resultats.rs
    python tests/python/executer.py --verifier    # compare, sans écrire

Les blocs « ```python » de book/src sont exécutés dans l'ordre du livre, l'un après l'autre, comme
un seul programme. Un bloc « ```python,resultat=nom » enregistre la variable `nom` qu'il laisse ; un
bloc « ```python,montre » n'est pas exécuté : c'est un extrait d'un script, qui l'est ailleurs.
NumPy est épinglé par tests/oracles/requirements-numpy.txt.
"""

import platform
import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("resultats.rs")
FENCE = re.compile(r"^```python([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
# Une exponentielle peut différer d'un dernier bit d'une machine à l'autre.
TOLERANCE = 1e-12


def blocks():
    """Chaque bloc Python : son chapitre, sa ligne, le nom de son résultat ou None, son code."""
    for path in sorted((ROOT / "book" / "src").glob("[0-9][0-9]_*.md")):
        text = path.read_text(encoding="utf-8-sig")
        for found in FENCE.finditer(text):
            name = None
            if "montre" in found[1].split(","):
                continue
            for option in filter(None, found[1].split(",")):
                key, _, value = option.partition("=")
                if key != "resultat" or not value.isidentifier():
                    sys.exit(f"{path.name} : l'attribut « {option} » n'existe pas.")
                name = value
            yield path, text[: found.start()].count("\n") + 1, name, found[2]


def as_rust(anchor, name, values):
    numbers = [repr(float(value)) for value in values]
    rows = [", ".join(numbers[i : i + 3]) for i in range(0, len(numbers), 3)]
    body = "".join(f"    {row},\n" for row in rows)
    return (
        f"// ANCHOR: {anchor}\n"
        f"// `{name}`, tel que Python l'a calculé (NumPy {np.__version__})\n"
        f"const PYTHON: [f64; {len(numbers)}] = [\n{body}];\n"
        f"// ANCHOR_END: {anchor}\n"
    )


def run():
    space, parts = {}, []
    for path, line, name, code in blocks():
        try:
            exec(compile("\n" * line + code, str(path), "exec"), space)
        except Exception as error:
            sys.exit(f"{path.name}:{line} : le Python échoue ({type(error).__name__} : {error}).")
        if name:
            values = np.asarray(space[name], dtype=float).ravel()
            parts.append(as_rust(f"{path.stem}_{name}", name, values))
    head = (
        "// Fait par tests/python/executer.py ; ne se modifie pas à la main.\n"
        f"// Python {platform.python_version()}, NumPy {np.__version__}.\n"
    )
    return head + "".join("\n" + part for part in parts)


def same(old, new):
    """Le même texte, aux derniers bits des nombres près ; la version de Python peut différer."""
    old, new = (re.sub(r"^// Python .*\n", "", text, flags=re.MULTILINE) for text in (old, new))
    if NUMBER.sub("", old) != NUMBER.sub("", new):
        return False
    pairs = zip(NUMBER.findall(old), NUMBER.findall(new))
    return all(abs(float(a) - float(b)) <= TOLERANCE for a, b in pairs)


if __name__ == "__main__":
    text = run()
    if "--verifier" in sys.argv[1:]:
        if not same(RESULTS.read_text(encoding="utf-8-sig"), text):
            sys.exit("resultats.rs n'est pas ce que donne le Python des chapitres. "
                     "Le refaire : python tests/python/executer.py")
        print("resultats.rs : les mêmes nombres")
    else:
        RESULTS.write_text(text, encoding="utf-8", newline="\n")
        print(f"resultats.rs : {text.count('ANCHOR: ')} résultats")
