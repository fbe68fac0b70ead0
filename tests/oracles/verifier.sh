#!/usr/bin/env bash
# Refait les nombres de NumPy et de scikit-learn avec les versions épinglées et les compare à ceux qui sont enregistrés.
set -euo pipefail
cd "$(dirname "$0")"
racine=$(cd ../.. && pwd)
venv="$racine/.atelier/oracles"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
for oracle in numpy sklearn; do
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-$oracle.txt
  PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" ${oracle}_oracle.py --verifier
done
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" ../python/executer.py --verifier
