"""What an operation's own pages in the guide say: one reading of its declaration.

The help page of the console and the reference in ``docs/`` both tell this, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .operations import Effect, Figure, Operation, Phase
from .params import command_line, initial, option
from .text import Text

EFFECTS: dict[Effect, Text] = {
    Effect.READS: gettext_lazy("Solo lee."),
    Effect.WRITES: gettext_lazy("Escribe."),
    Effect.DESTROYS: gettext_lazy("Borra: muestra un plan y pide confirmación."),
}
# What the terminal ends with; docs/reference.md has the same table.
EXIT_CODES: tuple[tuple[str, Text], ...] = (
    ("0", gettext_lazy("hecho")),
    ("1", gettext_lazy("falló")),
    ("2", gettext_lazy("parámetros no válidos")),
    ("3", gettext_lazy("el plan cambió desde que se mostró")),
    ("4", gettext_lazy("sin permiso")),
    ("5", gettext_lazy("pasa de un límite")),
    ("6", gettext_lazy("ya está en ejecución")),
    ("128 + n", gettext_lazy("detenida por la señal n (130: Ctrl-C, 143: SIGTERM)")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionEntry:
    """One parameter: how the terminal calls it, how the page does, what an absent one means."""

    option: str
    label: Text
    explained: Text
    choices: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A line for the terminal, and what it is for."""

    purpose: Text
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that holds for every run."""

    title: Text
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """The section of one operation."""

    name: str
    title: Text
    description: Text
    permission: str
    timeout_seconds: int
    timeout_varies: bool  # a setting or the parameters say it, and these are the most
    options: tuple[OptionEntry, ...]
    examples: tuple[Example, ...]
    facts: tuple[Fact, ...]
    phases: tuple[Phase, ...]
    figures: tuple[Figure, ...]


def manual_of(operation: Operation) -> Manual:
    """Read the declaration."""
    fields = operation.Params.base_fields
    return Manual(
        name=operation.name,
        title=operation.title,
        description=operation.description,
        permission=operation.permission(),
        timeout_seconds=operation.timeout_seconds,
        timeout_varies=type(operation).timeout_for is not Operation.timeout_for,
        options=tuple(entry_of(name, field) for name, field in fields.items()),
        examples=tuple(examples_of(operation)),
        facts=tuple(facts_of(operation)),
        phases=operation.phases,
        figures=operation.figures,
    )


def entry_of(name: str, field: forms.Field) -> OptionEntry:
    """One field of the form."""
    return OptionEntry(
        option=option(name),
        label=field.label or name,
        explained=field.help_text,
        choices=tuple(choices_of(field)),
        default=default_of(field),
    )


def choices_of(field: forms.Field) -> Iterator[str]:
    """The values to choose from, where the code itself lists them."""
    listed = getattr(field, "choices", None)
    if isinstance(listed, list):
        yield from (str(value) for value, _title in listed if value)


def default_of(field: forms.Field) -> str:
    """What an absent option means; a value that is computed each time is not written down."""
    if callable(field.initial):
        return _("calculado")
    value = initial(field)
    if value in (None, "", False):
        return _("obligatoria") if field.required else "–"
    return str(value)


def examples_of(operation: Operation) -> Iterator[Example]:
    """The terminal's ways, the plainest first."""
    command = " ".join(filter(None, [command_line(operation, {}), operation.example]))
    yield Example(purpose=_("Aquí mismo, con su salida"), line=command)
    if operation.effect is Effect.DESTROYS:
        yield Example(purpose=_("Ver el plan, sin cambiar nada"), line=f"{command} --dry-run")
        yield Example(purpose=_("Sin preguntar, para cron"), line=f"{command} --force")
    yield Example(purpose=_("Dejarla a un worker"), line=f"{command} --enqueue")
    yield Example(
        purpose=_("Con los permisos de una cuenta"), line=f"{command} --as " + _("USUARIO")
    )
    yield Example(purpose=_("Todas las opciones"), line=f"{command} --help")


def facts_of(operation: Operation) -> Iterator[Fact]:
    """What to know before launching it."""
    yield Fact(title=_("Efecto"), text=EFFECTS[operation.effect])
    if operation.keeps_plan:
        yield Fact(title=_("Plan"), text=_("Vale una hora, para quien lo hizo y una sola vez."))
    yield Fact(
        title=_("A la vez"),
        text=_("Una sola.") if operation.exclusive else _("Varias."),
    )
    yield Fact(
        title=_("Si se detiene el worker"),
        text=_("Otro la retoma donde iba.") if operation.resumable else _("Se repite a mano."),
    )
    if operation.undone_by:
        yield Fact(title=_("Se deshace con"), text=f"{operation.undone_by}.")
