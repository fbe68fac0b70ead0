#!/usr/bin/env bash
# Les tests de la bibliothèque et du correcteur sur un processeur ARM64, celui des Mac d'aujourd'hui,
# émulé par qemu. Sur demande : l'émulation est lente.
#
#     bash tests/epreuves/arm64.sh            # tout, sauf les chapitres 11 à 13 (des réseaux qui apprennent)
#     bash tests/epreuves/arm64.sh --lents    # ces trois chapitres seulement
#
# Sous Debian et Ubuntu, le script installe ce qui lui manque : qemu-user, gcc-aarch64-linux-gnu,
# libc6-dev-arm64-cross, et la bibliothèque standard de Rust pour cette machine.
set -euo pipefail
cd "$(dirname "$0")/../.."

case "${1-}" in
  "") lents=non ;;
  --lents) lents=oui ;;
  *) echo "« $1 » n'est pas compris : rien, ou --lents." >&2; exit 2 ;;
esac

paquets=(qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
if ! dpkg -s "${paquets[@]}" > /dev/null 2>&1; then
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${paquets[@]}" > /dev/null
fi
rustup target add aarch64-unknown-linux-gnu

export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export EMULATEUR="qemu-aarch64 -L /usr/aarch64-linux-gnu"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=$EMULATEUR
tester=(cargo test --locked --no-fail-fast --target aarch64-unknown-linux-gnu --workspace --exclude atelier)

choisis=()
for fichier in tests/*.rs notebooks/correcteur/tests/*.rs; do
  nom=$(basename "$fichier" .rs)
  case "$nom" in chapitre_11_* | chapitre_12_* | chapitre_13_*) lent=oui ;; *) lent=non ;; esac
  if [ "$lent" = "$lents" ]; then choisis+=(--test "$nom"); fi
done
if [ "$lents" = oui ]; then
  "${tester[@]}" "${choisis[@]}"
  exit
fi
code=0
"${tester[@]}" --lib "${choisis[@]}" || code=$?
"${tester[@]}" --doc || code=$?
exit "$code"
