#!/bin/sh
# Make a virtual environment with pip, or say in three lines what this machine lacks.
# Usage: make-venv.sh PYTHON FOLDER
set -eu
python=$1 folder=$2
here=$(dirname "$0")

refuse() {
  printf 'ERROR: %s\nCAUSA: %s\nSOLUCION: %s\n' "$1" "$2" "$3" >&2
  exit 1
}

"$folder/bin/python" -m pip --version >/dev/null 2>&1 && exit 0

command -v "$python" >/dev/null 2>&1 ||
  refuse "No se encontró $python." "Hace falta Python 3.11, 3.12 o 3.13." \
    "Instálelo, o indique cuál usar: make demo PYTHON=python3.11"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  refuse "$python es $("$python" --version 2>&1)." "Hace falta Python 3.11, 3.12 o 3.13." \
    "Indique otro: make demo PYTHON=python3.11"

echo "Creo el entorno de Python en $folder, solo esta vez…"
# What an interrupted attempt left is no environment.
"$python" -m venv --clear "$folder" >/dev/null 2>&1 && exit 0

# Debian keeps a part of venv in a package of its own.
sh "$here/install-apt.sh" python3-venv || true
"$python" -m venv --clear "$folder" >/dev/null 2>&1 && exit 0
rm -rf "$folder"
refuse "No se pudo crear el entorno $folder con $python -m venv." \
  "A este Python le falta venv; en Debian y Ubuntu es un paquete aparte." \
  "sudo apt-get install python3-venv, y repita."
