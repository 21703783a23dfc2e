#!/bin/sh
# Install the Debian packages given, or all that apt.txt names, where this machine lacks them.
# Without the right to install, say what is missing and go on: whatever needs it will name it again.
set -eu
cd "$(dirname "$0")"
command -v dpkg-query >/dev/null 2>&1 || exit 0
# shellcheck disable=SC2046  # one word per package
[ $# -gt 0 ] || set -- $(grep -v '^#' apt.txt)
missing=""
for package; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
  sudo=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  sudo="sudo"
else
  echo "Faltan paquetes de Debian y no puedo instalarlos:$missing" >&2
  echo "Ejecute: sudo apt-get install$missing" >&2
  exit 0
fi
echo "Instalo paquetes de Debian:$missing"
$sudo apt-get update -qq
# shellcheck disable=SC2086  # one word per package
$sudo env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
