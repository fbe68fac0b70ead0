#!/usr/bin/env bash
# Refait, avec les versions épinglées, ce que PyTorch, torchrun et onnxruntime tirent de nos poids,
# et le compare à ce qui est enregistré.
#
#   bash tests/passerelles/verifier.sh             # tout, et compare
#   bash tests/passerelles/verifier.sh --ecrire    # tout, et récrit les résultats
#
# Sous Linux, PyTorch amène les bibliothèques des cartes graphiques : 6 gigaoctets sur le disque.
set -euo pipefail
cd "$(dirname "$0")"
racine=$(cd ../.. && pwd)
venv="$racine/.atelier/passerelles"
mode=--verifier
[ "${1:-}" = --ecrire ] && mode=
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
export PYTHONDONTWRITEBYTECODE=1
"$venv/bin/python" pytorch.py $mode
# Le rendez-vous des deux programmes se donne sur la boucle locale, à un port libre.
OMP_NUM_THREADS=1 "$venv/bin/torchrun" --nnodes=1 --nproc-per-node=2 --local-addr=127.0.0.1 \
  --rdzv-backend=c10d --rdzv-endpoint=127.0.0.1:0 parallele.py $mode
"$venv/bin/python" vers_onnx.py $mode
