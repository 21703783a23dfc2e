"""docs/operations.md as the registry says it; Spanish, for it is the operators' reference."""

from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.core.management import get_commands, load_command_class

from opsconsole import Effect, Operation, registry
from opsconsole.params import command_words, initial, option

PATH = Path(__file__).resolve().parent.parent.parent / "docs" / "operations.md"
INTRODUCTION = """\
# Operaciones

<!-- Generado: make docs. No lo edite; tests/house/test_docs.py comprueba que esté al día. -->

Cada operación se declara una vez. Su página en la consola, su comando, su permiso y este texto son
lecturas de esa declaración. Todos los comandos aceptan además `--enqueue` (la deja a un worker) y
`--as USUARIO` (actúa con los permisos de la cuenta).
"""
EFFECTS = {
    Effect.READS: "solo lee",
    Effect.WRITES: "escribe",
    Effect.DESTROYS: "borra: muestra un plan y pide confirmación (`--dry-run`, `--force`)",
}


def document() -> str:
    """The whole file."""
    return "\n".join([INTRODUCTION, *("\n".join(chapter(o)) for o in house_operations())])


def house_operations() -> list[Operation]:
    """What an installation has: not what a test registered."""
    return [o for o in registry.everything() if not type(o).__module__.startswith("tests.")]


def chapter(operation: Operation) -> Iterator[str]:
    """One operation."""
    yield f"## `{operation.name}` · {operation.title}\n"
    yield f"{operation.description}\n"
    yield f"    .venv/bin/python manage.py {' '.join(command_words(operation.name))}\n"
    yield f"- Efecto: {EFFECTS[operation.effect]}."
    yield f"- Permiso: `{operation.permission()}`."
    yield f"- Plazo: {deadline(operation)}."
    if operation.exclusive:
        yield "- Una a la vez."
    yield from before(operation)
    if operation.resumable:
        yield "- Si su worker se detiene, otro la retoma."
    if operation.figures:
        figures = ", ".join(f"{figure.title} (`{figure.key}`)" for figure in operation.figures)
        yield f"- Cifras del resultado: {figures}."
    yield ""
    if operation.Params.base_fields:
        yield "| Opción | Qué es | Por omisión |\n| --- | --- | --- |"
        yield from (row(name, field) for name, field in operation.Params.base_fields.items())
        yield ""


def before(operation: Operation) -> Iterator[str]:
    """What its command can run first."""
    command = load_command_class(get_commands()[operation.name], operation.name)
    for flag, name in command.first.items():
        yield f"- Con `--{flag}` lanza antes `{name}`, con su plan y su confirmación."


def deadline(operation: Operation) -> str:
    """The seconds; where a setting or the parameters say them, at most so many."""
    if type(operation).timeout_for is Operation.timeout_for:
        return f"{operation.timeout_seconds} s"
    return f"el de cada corrida, hasta {operation.timeout_seconds} s"


def row(name: str, field: forms.Field) -> str:
    """One option."""
    explained = str(field.help_text).replace("|", "\\|")
    return f"| `{option(name)}` | {explained}{choices(field)} | {default(field)} |"


def choices(field: forms.Field) -> str:
    """The values to choose from, where the code itself lists them."""
    listed = getattr(field, "choices", None)
    if not isinstance(listed, list):
        return ""
    values = [f"`{value}`" for value, _title in listed if value]
    return f" Opciones: {', '.join(values)}."


def default(field: forms.Field) -> str:
    """What an absent option means; a value that is computed each time is not written down."""
    if callable(field.initial):
        return "calculado"
    value = initial(field)
    if value in (None, "", False):
        return "obligatoria" if field.required else "–"
    return f"`{value}`"
