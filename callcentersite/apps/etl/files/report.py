"""What an import of calls says, and its file of refused rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from callcentersite.apps.common.interchange.background import ERROR_FILE
from callcentersite.apps.common.interchange.limits import grouped
from callcentersite.apps.common.interchange.outcome import RowError

from ..domain.reasons import reason
from ..domain.rules import Verdict
from ..report import FIGURES, Report

if TYPE_CHECKING:
    from callcentersite.apps.common.interchange.error_file import ErrorFile
    from opsconsole import RunContext

    from ..domain.chunk import Tally
    from .reading import Unkeyed

WARNINGS = {
    "ani_missing": gettext_noop("Número oculto; la llamada se carga sin él"),
    "ani_invalid": gettext_noop("Número ilegible; la llamada se carga sin él"),
    "duration_exceeded": gettext_noop("Más larga que llamadas.max_call_duration; se carga"),
}


class FileReport(Report):
    """Speaks through the run's context; each refused row becomes a line of the file of errors."""

    def __init__(self, ctx: RunContext, errors: ErrorFile) -> None:
        super().__init__(ctx)
        self.errors = errors

    def read(self, tally: Tally, *, extract_seconds: float, transform_seconds: float) -> None:
        self.ctx.spend("transform", transform_seconds, done=self._share(tally.read))
        self.ctx.figures(read=tally.read, rejected=tally.rejected)

    def judged(self, verdict: Verdict) -> None:
        for call_id, codes, raw in verdict.bad.select("call_id", "reasons", "raw").iter_rows():
            row = json.loads(raw)["file_row"]
            self.errors.add(refusal(row, str(call_id), json.loads(codes)))

    def unkeyed(self, row: Unkeyed) -> None:
        """A row that has nowhere to go."""
        self.errors.add(refusal(row.row, row.call_id, [row.reason]))

    def all_read(self, tally: Tally) -> None:
        self.ctx.spend("transform", 0.0, done=1.0)
        self.ctx.info(
            _("Filas revisadas: %(read)s; válidas: %(valid)s; rechazadas: %(rejected)s")
            % {
                "read": grouped(tally.read),
                "valid": grouped(tally.valid),
                "rejected": grouped(tally.rejected),
            }
        )

    def ends(self, tally: Tally, *, dry_run: bool, met_all: bool = True) -> None:
        self.ctx.spend("load", 0.0, done=1.0)
        self.ctx.progress(tally.read, total=tally.read)
        self.ctx.figures(**{name: getattr(tally, name) for name in FIGURES})
        for code, count in tally.reasons.items():
            self._count(self.ctx.warning, _(reason(code).title), count)
        for code, count in tally.warnings.items():
            self._count(self.ctx.info, _(WARNINGS.get(code, code)), count)
        self.left_out(tally, tell=self.ctx.warning)
        if tally.spared:
            self.ctx.warning(spared_words(tally.spared))
        if self.errors.count:
            self.ctx.artifact(ERROR_FILE, self.errors.taken(), content_type="text/csv")
            self.ctx.warning(_("Las filas rechazadas están, una por una, en errores.csv."))
        done = rehearsed_words() if dry_run else loaded_words()
        self.ctx.success(
            done
            % {
                "new": grouped(tally.inserted),
                "changed": grouped(tally.updated),
                "same": grouped(tally.unchanged),
                "refused": grouped(tally.rejected),
            }
        )

    def how_to_correct(self) -> str:
        return _(
            "Para corregir lo archivado, devuelva antes su mes (archive_old_calls --restore MES) "
            "y cargue otra vez el archivo"
        )

    def goes_on(self, rows: int) -> None:
        """An earlier attempt came as far as this."""
        text = ngettext(
            "Sigue donde iba: %(rows)s fila ya estaba cargada.",
            "Sigue donde iba: %(rows)s filas ya estaban cargadas.",
            rows,
        )
        self.ctx.info(text % {"rows": grouped(rows)})

    def _count(self, tell: Any, title: str, count: int) -> None:
        tell(_("%(title)s: %(count)s") % {"title": title, "count": grouped(count)})


def refusal(row: int, call_id: str, codes: Iterable[str]) -> RowError:
    """A line of the file of errors: which call, every reason."""
    titles = " · ".join(_(reason(code).title) for code in codes)
    if not call_id:
        return RowError(row, titles)
    return RowError(row, _("llamada %(id)s: %(why)s") % {"id": call_id, "why": titles})


def spared_words(count: int) -> str:
    """Refused rows of calls that are here and good."""
    return _(
        "Rechazadas de llamadas que ya estaban, que se quedan como estaban y no pasan "
        "a la cuarentena: %(count)s"
    ) % {"count": grouped(count)}


def loaded_words() -> str:
    """The last line of an import."""
    return _(
        "Importación completada. Nuevas: %(new)s; cambiadas: %(changed)s; sin cambio: %(same)s; "
        "rechazadas: %(refused)s"
    )


def rehearsed_words() -> str:
    """The last line of one that was only tried."""
    return _(
        "Revisión completada, sin escribir nada. Serían nuevas: %(new)s; cambiadas: %(changed)s; "
        "sin cambio: %(same)s; rechazadas: %(refused)s"
    )
