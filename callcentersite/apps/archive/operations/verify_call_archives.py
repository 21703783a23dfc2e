"""Verificar archivos de llamadas: are the files still what their manifests say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Operation, OperationError
from opsconsole.context import RunContext

from .. import keeping
from ..forms import MonthsField, months_of
from ..models import CallArchive


class VerifyCallArchives(Operation):
    """``verify_call_archives``: checksum and number of calls, of all files or of one month's."""

    name = "verify_call_archives"
    title = gettext_lazy("Verificar archivos de llamadas")
    description = gettext_lazy(
        "Lee cada archivo y compara su huella y su número de llamadas con lo que se anotó al "
        "guardarlo. Si alguno está dañado, la corrida falla y lo dice."
    )
    section = gettext_lazy("Datos")
    effect = Effect.READS
    exclusive = True
    timeout_seconds = 3 * 3600
    unit = gettext_lazy("archivos")
    figures = (
        Figure("verified", gettext_lazy("Íntegros")),
        Figure("damaged", gettext_lazy("Dañados")),
    )

    class Params(forms.Form):
        """All, or one month."""

        month = MonthsField(
            label=gettext_lazy("Mes"),
            required=False,
            help_text=gettext_lazy(
                "Solo el mes archivado, AAAA-MM, o varios con comas entre ellos; vacío, todos."
            ),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """File by file; what was found is written on each."""
        damaged = 0
        archives = asked(params["month"])
        for archive in ctx.track(archives):
            damaged += not verified(archive, ctx)
            ctx.figures(damaged=damaged)
        whole = len(archives) - damaged
        ctx.figures(verified=whole, damaged=damaged)
        if damaged:
            raise broken(damaged)
        text = ngettext("%(count)s archivo íntegro", "%(count)s archivos íntegros", whole)
        ctx.success(text % {"count": whole})
        return {"verified": whole, "damaged": 0}


def asked(text: str) -> list[CallArchive]:
    """The archives of these months; all of them, where none is named."""
    found = CallArchive.objects.order_by("month", "pk")
    days = [month.first for month in months_of(text)]
    return list(found.filter(month__in=days) if days else found)


def verified(archive: CallArchive, ctx: RunContext) -> bool:
    """Whether the file is whole; written down either way.

    One that is written anew meanwhile, to forget somebody, was verified there.
    """
    archive.refresh_from_db()
    problem = keeping.damage(archive)
    same = CallArchive.objects.filter(pk=archive.pk, path=archive.path)
    if not same.update(damage=problem, verified_at=timezone.now()):
        return True
    if problem:
        ctx.error(f"{archive.path}: {problem}")
    return not problem


def broken(count: int) -> OperationError:
    """The run's ending, where something is."""
    text = ngettext("%(count)s archivo está dañado.", "%(count)s archivos están dañados.", count)
    return OperationError(
        text % {"count": count},
        cause=_("El almacenamiento lo perdió o alguien lo cambió."),
        remedy=_("Recupérelo de una copia de seguridad; la lista de archivos dice cuáles son."),
    )
