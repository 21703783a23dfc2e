"""docs/operations.md as the registry says it; Spanish, for it is the operators' reference."""

from collections.abc import Iterator
from pathlib import Path

from django.core.management import get_commands, load_command_class

from opsconsole import Operation, registry
from opsconsole.manual import Manual, OptionEntry, manual_of

PATH = Path(__file__).resolve().parent.parent.parent / "docs" / "operations.md"
INTRODUCTION = """\
# Operaciones

<!-- Generado: make docs. No lo edite; tests/house/test_docs.py comprueba que esté al día. -->

Cada operación se declara una vez. Su página en la consola, su comando, su permiso y este texto son
lecturas de esa declaración; lo mismo dice en la consola el botón *Ayuda* de cada operación. Todos
los comandos aceptan además `--enqueue` (la deja a un worker) y `--as USUARIO` (actúa con los
permisos de la cuenta); los que borran, `--dry-run` y `--force`.
"""


def document() -> str:
    """The whole file."""
    return "\n".join([INTRODUCTION, *("\n".join(chapter(o)) for o in house_operations())])


def house_operations() -> list[Operation]:
    """What an installation has: not what a test registered."""
    return [o for o in registry.everything() if not type(o).__module__.startswith("tests.")]


def chapter(operation: Operation) -> Iterator[str]:
    """One operation, as its help page tells it."""
    manual = manual_of(operation)
    yield f"## `{manual.name}` · {manual.title}\n"
    yield f"{manual.description}\n"
    yield f"    .venv/bin/{manual.examples[0].line}\n"
    for fact in manual.facts:
        yield f"- {fact.title}: {lower(fact.text)}"
    yield from before(operation)
    yield f"- Plazo: {deadline(manual)}."
    yield f"- Permiso: `{manual.permission}`."
    if manual.figures:
        figures = ", ".join(f"{figure.title} (`{figure.key}`)" for figure in manual.figures)
        yield f"- Cifras del resultado: {figures}."
    yield ""
    if manual.options:
        yield "| Opción | Qué es | Por omisión |\n| --- | --- | --- |"
        yield from map(row, manual.options)
        yield ""


def before(operation: Operation) -> Iterator[str]:
    """What its command can run first."""
    command = load_command_class(get_commands()[operation.name], operation.name)
    for flag, name in command.first.items():
        yield f"- Con `--{flag}` lanza antes `{name}`, con su plan y su confirmación."


def deadline(manual: Manual) -> str:
    """The seconds; where a setting or the parameters say them, at most so many."""
    most = f"{manual.timeout_seconds} s"
    return f"el de cada corrida, hasta {most}" if manual.timeout_varies else most


def lower(text: object) -> str:
    """A sentence as the end of another."""
    words = str(text)
    return words[:1].lower() + words[1:]


def row(entry: OptionEntry) -> str:
    """One option."""
    explained = str(entry.explained).replace("|", "\\|")
    return f"| `{entry.option}` | {explained}{choices(entry)} | {default(entry)} |"


def choices(entry: OptionEntry) -> str:
    """The values to choose from."""
    values = [f"`{value}`" for value in entry.choices]
    return f" Opciones: {', '.join(values)}." if values else ""


def default(entry: OptionEntry) -> str:
    """A value as code, a word as a word."""
    is_word = entry.default in ("calculado", "obligatoria", "–")
    return entry.default if is_word else f"`{entry.default}`"
