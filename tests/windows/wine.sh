#!/usr/bin/env bash
# Le projet sous Windows, que Wine remplace : le livre, construit dans un dossier au nom difficile et
# comparé à celui de Linux, puis les tests. Sur demande : dix minutes de calcul la première fois.
#
#     bash tests/windows/wine.sh                   # le livre, puis tous les tests
#     bash tests/windows/wine.sh --test weights    # le livre, puis ceux-là : ce que « cargo test » comprend
set -euo pipefail
cd "$(dirname "$0")/../.."

cible=x86_64-pc-windows-gnu
version=$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)
rust="$(rustup show home)/toolchains/$version-$cible/bin"
wine=$(command -v wine64 || command -v wine || ls /usr/lib/wine/wine64 2> /dev/null || true)
if [ -z "$wine" ] || ! command -v x86_64-w64-mingw32-gcc > /dev/null || [ ! -d "$rust" ] ||
  [ ! -d "$(rustc --print target-libdir --target "$cible")" ]; then
  echo "Il faut Wine, un compilateur C et Rust pour Windows (Debian, Ubuntu ; 800 Mo pour Rust) :
  sudo apt install wine64 gcc-mingw-w64-x86-64
  rustup target add $cible
  rustup toolchain install $version-$cible --profile minimal --force-non-host" >&2
  exit 1
fi

export WINEPREFIX="$PWD/target/wine" WINEARCH=win64 WINEDEBUG=-all LC_ALL=C.UTF-8
export WINEDLLOVERRIDES="mscoree=;mshtml=" # ni .NET ni navigateur : rien ne s'en sert
export WINEPATH="Z:${rust//\//\\}"         # des tests demandent à rustc ce qu'il refuse
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER="$wine"
mkdir -p "$WINEPREFIX"
"$wine" wineboot -u
systeme="$WINEPREFIX/drive_c/windows/system32"
if [ ! -e "$systeme/bcryptprimitives.dll" ]; then
  # Wine 8 ne l'a pas, et c'est là que Rust prend le hasard du système.
  x86_64-w64-mingw32-gcc -shared -o "$systeme/bcryptprimitives.dll" -x c - -ladvapi32 << 'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    return SystemFunction036(data, size);
}
C
fi

etape() { printf '\n=== %s (%s s) ===\n' "$1" "$SECONDS"; }

etape "Compiler"
cargo build --locked --package atelier --target "$cible"
cargo test --locked --no-run --target "$cible" "$@"

etape "Le même livre, dans un dossier au nom difficile"
cargo atelier livre
provisoire=$(mktemp -d)
trap 'rm -rf "$provisoire"' EXIT
copie="$provisoire/réseau de neurones (été) l'essai"
mkdir "$copie"
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copie"
(cd "$copie" && "$wine" "$OLDPWD/target/$cible/debug/atelier.exe" livre)
# Ce que disent les paniques des démonstrations nomme des fichiers, que Windows écrit autrement.
diff -r -x demos.js book/html "$copie/book/html"
echo "$(find book/html -type f | wc -l) fichiers, les mêmes."

etape "Les tests"
cargo test --locked --no-fail-fast --target "$cible" "$@"

etape "Fini"
