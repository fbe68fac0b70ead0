#!/usr/bin/env bash
# Le projet dans un dossier dont le nom a tout ce qui gêne (des espaces, des accents, des parenthèses,
# une apostrophe) : il se prépare, les notebooks 00 et 03 s'y exécutent à l'identique, et JupyterLab
# répond. Sur demande : une dizaine de minutes, moins si evcxr_jupyter est déjà sur la machine.
#
#     bash tests/epreuves/espace.sh
set -euo pipefail
racine=$(cd "$(dirname "$0")/../.." && pwd)
dossier=$(mktemp -d)
trap 'chmod -R u+w "$dossier"; rm -rf "$dossier"' EXIT
copie="$dossier/réseau de neurones (été) l'essai"
git clone --quiet "$racine" "$copie"
cd "$copie"
cargo atelier preparer
cargo atelier notebooks --verifier 00 03
CHAPITRES=00,03 bash tests/navigateur/parcours.sh
if [ -n "$(git status --porcelain)" ]; then
  echo "des fichiers du projet ont changé :" >&2
  git status --short >&2
  exit 1
fi
echo "préparé, exécuté, ouvert : $copie"
