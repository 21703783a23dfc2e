"""Exportar llamadas: the calls that somebody chooses, as a file of the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.audit.services import Action, record
from callcentersite.apps.common.acting import acting_for
from callcentersite.apps.common.interchange.limits import grouped
from callcentersite.apps.common.interchange.telling import thing_of
from opsconsole import Effect, Figure, Operation, permissions, runner
from opsconsole.params import to_json

from ..domain.rows import CALL_COLUMNS
from ..files.exporting import counted, write_calls
from ..files.selection import SelectionForm, selected
from ..files.writers import WRITERS

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun

FORMATS = [("csv", "CSV"), ("xlsx", "XLSX"), ("parquet", "Parquet")]
SEE = "analytics.view_call"
WHOLE_NUMBERS = "sistema.operaciones.clientes.exportar"


def column_choices() -> list[tuple[str, str]]:
    """Every column of a call, by its name and its title."""
    fields = {field.name: field for field in Call._meta.concrete_fields}
    return [(name, str(fields[name].verbose_name).capitalize()) for name in CALL_COLUMNS]


class ExportCalls(Operation):
    """Several at once, each with a file of its own; what comes out can be imported again."""

    name = "export_calls"
    title = _("Exportar llamadas")
    description = _(
        "Deja en la corrida un archivo CSV, XLSX o Parquet con las llamadas que se pidan. Los "
        "teléfonos salen enmascarados."
    )
    section = _("Datos")
    effect = Effect.READS
    timeout_seconds = 3600
    unit = _("llamadas")
    figures = (
        Figure("rows", _("Llamadas")),
        Figure("size_bytes", _("Tamaño"), hint=_("bytes")),
    )

    class Params(SelectionForm):
        """Which calls; which columns; as what."""

        columns = forms.MultipleChoiceField(
            label=_("Columnas"),
            choices=column_choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Las que lleva el archivo; ninguna marcada, todas."),
        )
        format = forms.ChoiceField(
            label=_("Formato"),
            choices=FORMATS,
            initial="csv",
            help_text=_("CSV y XLSX se abren en una hoja de cálculo; Parquet, en herramientas."),
        )
        full_numbers = forms.BooleanField(
            label=_("Teléfonos completos"),
            required=False,
            help_text=_("Sin enmascarar; hace falta la capacidad «Exportar Clientes»."),
        )

    def require(self, params: dict[str, Any], *, user: Any) -> None:
        """Refuse where it is asked for, not after a wait in the queue."""
        require_rights(user, full_numbers=params["full_numbers"])

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Ask for the rights again, count, write, and say in the audit what leaves."""
        require_rights(requester(ctx), full_numbers=params["full_numbers"])
        kind, calls = params["format"], selected(params)
        columns = [name for name in CALL_COLUMNS if name in (params["columns"] or CALL_COLUMNS)]
        total = counted(calls, kind=kind)
        path, rows = write_calls(
            calls, columns, kind=kind, full_numbers=params["full_numbers"], total=total, ctx=ctx
        )
        size = path.stat().st_size
        with acting_for(ctx):
            record(Action.EXPORTED, thing_of(Call), rows=rows, **to_json(params))
        name = f"llamadas-{ctx.run_id}.{kind}"
        ctx.artifact(name, path, content_type=WRITERS[kind].content_type)
        say_ready(ctx, rows, size)
        return {"rows": rows, "size_bytes": size}

    def download_permissions(self, run: JobRun) -> Iterator[str]:
        """Those of whoever may export the same."""
        yield self.permission()
        yield from rights(full_numbers=bool(run.params.get("full_numbers")))

    def if_cancelled(self, run: JobRun) -> str:
        """What stays."""
        return gettext("No queda ningún archivo a medias.")


def rights(*, full_numbers: bool) -> Iterator[str]:
    """Whoever takes calls home has to see them; and whole numbers are a right of their own."""
    yield SEE
    if full_numbers:
        yield WHOLE_NUMBERS


def require_rights(user: Any, *, full_numbers: bool) -> None:
    """Raise NotAllowed, naming the first that is missing."""
    said = gettext("exportar teléfonos completos") if full_numbers else gettext("exportar llamadas")
    for permission in rights(full_numbers=full_numbers):
        permissions.require_permission(permission, user, title=said)


def requester(ctx: RunContext) -> Any:
    """Whoever asked for it, as her account is now; None: the trusted terminal."""
    user_id = runner.find(ctx.run_id or 0).requested_by_id
    return None if user_id is None else permissions.person(user_id)


def say_ready(ctx: RunContext, rows: int, size: int) -> None:
    """The last line; an empty file is said to be one."""
    if not rows:
        ctx.warning(gettext("Ninguna llamada es así: el archivo solo tiene encabezados."))
    text = ngettext(
        "Exportación completada: %(rows)s llamada, %(size)s",
        "Exportación completada: %(rows)s llamadas, %(size)s",
        rows,
    )
    ctx.success(text % {"rows": grouped(rows), "size": filesizeformat(size)})
