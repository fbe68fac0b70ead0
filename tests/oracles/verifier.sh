#!/usr/bin/env bash
# Refait les nombres de NumPy avec les versions épinglées et les compare à ceux qui sont enregistrés.
set -euo pipefail
cd "$(dirname "$0")"
racine=$(cd ../.. && pwd)
venv="$racine/.atelier/oracles"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-numpy.txt
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" numpy_oracle.py --verifier
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" ../python/executer.py --verifier
