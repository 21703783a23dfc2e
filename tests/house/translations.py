"""``python -m tests.house.translations``: is every text translated, and is that what is compiled?

Collects the texts again in a copy of the source, so that nothing here changes. Needs gettext.
"""

import gettext
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = ("opsconsole", "callcentersite", "templates", "static", ".ci", "manage.py")
APPS = ("opsconsole", "callcentersite")
CATALOGUES = tuple(f"{app}/locale/en/LC_MESSAGES/django" for app in APPS)
ALIAS = re.compile(r"import \w*gettext\w* as (?!_\b)(\w+)")
REMEDY = "Ejecute make messages, traduzca lo que falte y repita make messages."


def main() -> int:
    """Print what is wrong; return 1 when something is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        done = collect(copy)
        problems = [done.stderr] if done.returncode else list(problems_beside(copy))
        problems += unheard(copy)
    for problem in problems:
        print(problem)
    if problems:
        print(REMEDY)
    return 1 if problems else 0


def unheard(folder: Path) -> Iterator[str]:
    """Names for gettext that it does not listen to: their texts are never collected."""
    for path in sorted(folder.rglob("*.py")):
        for name in ALIAS.findall(path.read_text()):
            yield f"{path.relative_to(folder)}: {name}"


def collect(folder: Path) -> subprocess.CompletedProcess[str]:
    """Copy the source into the folder, and collect the texts there."""
    for source in SOURCES:
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy2
        copy(ROOT / source, folder / source)
    environment = Path(sys.executable).parent.parent
    return subprocess.run(
        ["bash", ".ci/messages"], check=False, capture_output=True, text=True,
        cwd=folder, env=os.environ | {"VENV": str(environment)},
    )  # fmt: skip


def problems_beside(folder: Path) -> Iterator[str]:
    """How the committed catalogues differ from the ones just collected, each in a line."""
    for name in CATALOGUES:
        committed, fresh = ROOT / f"{name}.po", folder / f"{name}.po"
        if not committed.exists():
            yield f"{name}.po: falta."
            continue
        for text in texts(fresh, "--untranslated"):
            yield f"{name}.po: sin traducir: {text}"
        for text in texts(fresh, "--only-fuzzy"):
            yield f"{name}.po: dudoso (fuzzy): {text}"
        for text in sorted(set(texts(committed)) - set(texts(fresh))):
            yield f"{name}.po: ya no está en el código: {text}"
        if compiled(committed, into=folder) != catalogue(ROOT / f"{name}.mo"):
            yield f"{name}.mo: no corresponde a su .po."


def texts(catalogue: Path, *options: str) -> list[str]:
    """The texts of a catalogue that the options of ``msgattrib`` choose."""
    done = subprocess.run(
        ["msgattrib", "--no-wrap", *options, str(catalogue)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    return [line.removeprefix("msgid ") for line in lines if is_text(line)]


def is_text(line: str) -> bool:
    """Whether the line begins an entry; the header's entry is empty."""
    return line.startswith("msgid ") and line != 'msgid ""'


def compiled(po: Path, *, into: Path) -> object:
    """The catalogue as it would be compiled."""
    mo = into / "compiled.mo"
    subprocess.run(["msgfmt", "--output-file", str(mo), str(po)], check=True)
    return catalogue(mo)


def catalogue(mo: Path) -> object:
    """What a compiled catalogue says, apart from how gettext's version lays it out."""
    if not mo.exists():
        return None
    with mo.open("rb") as file:
        translations = gettext.GNUTranslations(file)
    return translations._catalog  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
