"""Fill the legacy database with believable calls, for development and tests."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
from django import forms
from django.db import DatabaseError, connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.samples import services as samples
from callcentersite.apps.samples.scene import refuse_outside_development
from opsconsole import Effect, Figure, Operation, OperationError
from opsconsole.context import RunContext

from .. import test_data
from ..domain.test_data import (
    FIRST_CALL_ID,
    MOST_CALLS,
    UNTIL,
    CallSample,
    calls_of,
    corrections_of,
    rows_of,
)

BLOCK_CALLS = {"sqlite": 10_000}  # one file has one writer: let the others in every so often
SERVER_BLOCK_CALLS = 50_000


class CreateTestData(Operation):
    """``create_test_data``: the same options always give the same rows."""

    name = "create_test_data"
    title = gettext_lazy("Crear datos de prueba")
    description = gettext_lazy(
        "Llena la base del IVR con llamadas verosímiles, con la suciedad que tienen las reales. "
        "Las mismas opciones dan siempre las mismas filas; otras opciones reemplazan a las "
        "anteriores, y entonces hace falta run_etl --full. Con --also puebla además la consola: "
        "cuentas, corridas, auditoría, reportes y mensajes. Solo en desarrollo y pruebas."
    )
    section = gettext_lazy("Puesta en marcha")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 1800
    unit = gettext_lazy("llamadas")
    figures = (
        Figure("written", gettext_lazy("Escritas")),
        Figure("removed", gettext_lazy("Retiradas"), gettext_lazy("De una muestra anterior")),
        Figure("also", gettext_lazy("Además"), gettext_lazy("Lo nuevo de cada parte")),
    )

    class Params(forms.Form):
        calls = forms.IntegerField(
            label=gettext_lazy("Llamadas"),
            help_text=gettext_lazy("Cuántas llamadas tiene la muestra."),
            min_value=1,
            max_value=MOST_CALLS,
            initial=50_000,
        )
        seed = forms.IntegerField(
            label=gettext_lazy("Semilla"),
            help_text=gettext_lazy("La misma semilla da las mismas filas."),
            min_value=0,
            max_value=2**31 - 1,
            initial=1,
        )
        dirty = forms.FloatField(
            label=gettext_lazy("Suciedad"),
            help_text=gettext_lazy("Parte de las filas que las reglas rechazan, de 0 a 0.5."),
            min_value=0,
            max_value=0.5,
            initial=0.03,
        )
        until = forms.DateField(
            label=gettext_lazy("Último día"),
            help_text=gettext_lazy("El último día con llamadas; fijo, para que nada cambie solo."),
            initial=UNTIL,
        )
        corrections = forms.FloatField(
            label=gettext_lazy("Correcciones"),
            help_text=gettext_lazy(
                "En vez de crear, corrige en su sitio esta parte (0 a 1) de la muestra que hay, "
                "creada con la misma semilla, y adelanta su updated_at."
            ),
            required=False,
            min_value=0,
            max_value=1,
        )

        also = forms.MultipleChoiceField(
            label=gettext_lazy("Además"),
            help_text=gettext_lazy(
                "Puebla también la consola: lo que ya estaba hecho con la misma semilla no se "
                "repite."
            ),
            required=False,
            choices=samples.CHOICES,
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Write the sample, or a turn of corrections to it; then what else was asked for."""
        refuse_where_not_allowed()
        result = self._calls(params, ctx)
        scene = samples.Scene(seed=params["seed"], until=params["until"], ctx=ctx)
        made = samples.make(params.get("also") or (), scene)
        return result | ({"also": made} if made else {})

    def _calls(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """The calls, block by block."""
        connection = connections["legacy"]
        share = params.get("corrections")
        sample = CallSample(**{name: params[name] for name in ("calls", "seed", "dirty", "until")})
        try:
            if share:
                return correct(connection, sample, share, ctx)
            return create(connection, sample, ctx)
        except DatabaseError as error:
            raise OperationError(
                _("No se pudo escribir en la base del IVR."),
                cause=str(error),
                remedy=_("Compruebe LEGACY_DATABASE_URL y que su usuario pueda crear y escribir."),
            ) from error


def refuse_where_not_allowed() -> None:
    """Only development writes there, and only where it is configured."""
    refuse_outside_development()
    if "legacy" not in connections.databases:
        raise OperationError(
            _("La base del IVR no está configurada."),
            cause=_("Falta la variable de entorno LEGACY_DATABASE_URL."),
            remedy=_("Defina LEGACY_DATABASE_URL y vuelva a intentarlo."),
        )


def create(connection: Any, sample: CallSample, ctx: RunContext) -> dict[str, Any]:
    """The whole sample; what a larger one before it left is removed."""
    ctx.info(
        _("Creando %(calls)s llamadas, semilla %(seed)s")
        % {"calls": sample.calls, "seed": sample.seed}
    )
    test_data.prepare(connection)
    blocks = calls_of(sample, block_calls=block_calls(connection))
    written = write(connection, blocks, total=sample.calls, ctx=ctx)
    removed = test_data.remove_other_calls(connection, sample)
    ctx.figures(written=written, removed=removed)
    if removed:
        # The IVR never deletes, so the ETL never looks for what is gone.
        ctx.warning(
            _("%(count)s llamadas de una muestra anterior retiradas; analytics aún las tiene")
            % {"count": removed}
        )
    ctx.success(_("%(count)s llamadas escritas en ivr_calls") % {"count": written})
    return {"written": written, "removed": removed}


def correct(connection: Any, sample: CallSample, share: float, ctx: RunContext) -> dict[str, Any]:
    """A share of the sample that is there, corrected in place."""
    refuse_without(connection, sample)
    sample = the_one_there(connection, sample)
    blocks = corrections_of(sample, share=share, block_calls=block_calls(connection))
    written = write(connection, blocks, total=round(sample.calls * share), ctx=ctx)
    ctx.figures(written=written, removed=0)
    ctx.success(_("%(count)s llamadas corregidas en ivr_calls") % {"count": written})
    return {"written": written, "removed": 0}


def refuse_without(connection: Any, sample: CallSample) -> None:
    """A correction changes a row; it never makes one."""
    found = test_data.count_calls(connection)
    if found != sample.calls:
        raise OperationError(
            _("No hay qué corregir: la muestra no está en la base del IVR."),
            cause=_("Se esperaban %(calls)s llamadas de prueba y hay %(found)s.")
            % {"calls": sample.calls, "found": found},
            remedy=_("Cree antes la muestra: las mismas opciones sin --corrections."),
        )


def the_one_there(connection: Any, sample: CallSample) -> CallSample:
    """The sample up to the last day of the calls that are there: the demonstration's is yesterday.

    Its rows are compared first: those of another sample would be no corrections.
    """
    there = test_data.starts(connection, first=FIRST_CALL_ID)
    for until in (sample.until, *test_data.last_days(connection)):
        candidate = replace(sample, until=until)
        if is_of(candidate, there):
            return candidate
    raise OperationError(
        _("No hay qué corregir: la muestra no está en la base del IVR."),
        cause=_("Las llamadas de prueba que hay son de otra semilla o de otro último día."),
        remedy=_("Diga las opciones con que se creó: --seed, --dirty, --until."),
    )


def is_of(sample: CallSample, there: dict[int, str]) -> bool:
    """Whether most of these calls start when the sample's do: some have been corrected since."""
    rows = rows_of(sample, pl.Series("call_id", sorted(there), dtype=pl.Int64))
    starts = dict(rows.select("call_id", "started_at").iter_rows())
    same = [call_id for call_id, start in there.items() if starts[call_id] == start]
    return 2 * len(same) > len(there)


def write(connection: Any, blocks: Iterator[pl.DataFrame], *, total: int, ctx: RunContext) -> int:
    """Write the blocks, each in its own transaction; stop between two of them if asked."""
    written = 0
    ctx.progress(0, total=total, unit=_("llamadas"))
    for block in blocks:
        test_data.write_block(connection, block)
        written += len(block)
        ctx.progress(written)
        ctx.check_cancelled()
    return written


def block_calls(connection: Any) -> int:
    return BLOCK_CALLS.get(connection.vendor, SERVER_BLOCK_CALLS)
