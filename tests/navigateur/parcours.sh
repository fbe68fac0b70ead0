#!/usr/bin/env bash
# Lance « cargo atelier --sans-navigateur », attend ses deux adresses, et les parcourt.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --silent --no-audit --no-fund
journal=$(mktemp)
(cd ../.. && exec cargo atelier --sans-navigateur > "$journal" 2>&1) &
atelier=$!
trap 'kill -TERM $atelier 2> /dev/null || true; wait $atelier 2> /dev/null || true; rm -f "$journal"' EXIT
for _ in $(seq 1 1800); do
  grep -q '^JupyterLab' "$journal" && break
  kill -0 $atelier 2> /dev/null || break
  sleep 1
done
grep -q '^JupyterLab' "$journal" || { cat "$journal"; echo "cargo atelier n'a pas donné ses adresses."; exit 1; }
ADRESSES="$journal" npm test --silent
