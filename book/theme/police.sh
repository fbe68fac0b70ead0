#!/bin/sh
# Refait latin-modern-math.woff2 depuis la police entière (paquet Debian fonts-lmodern)
# avec fonttools et brotli, sans les dessins propres aux indices (ssty) : 38 Ko au lieu de 84 : sh book/theme/police.sh CHEMIN/latinmodern-math.otf
set -eu
pyftsubset "$1" --flavor=woff2 --layout-features="" --no-hinting \
  --output-file="$(dirname "$0")/fonts/latin-modern-math.woff2" \
  --unicodes="U+20-7E,U+A0,U+B1,U+B7,U+D7,U+302,U+303,U+304,U+20D7,U+391-3A9,U+3B1-3C9,U+3D5,U+3F5,U+2016,U+2026,U+2032,U+2033,U+2061-2064,U+2190-2193,U+21A6,U+21D2,U+2200,U+2202,U+2203,U+2207,U+2208,U+2211,U+2212,U+2218,U+221A,U+221D,U+221E,U+2248,U+2260,U+2264,U+2265,U+2299,U+22A4,U+22C5,U+22EE,U+22EF,U+23B4,U+23B5,U+23DC-23DF,U+1D434-1D467,U+1D6E2-1D71B,U+210E,U+211D"
