"""What a run says: the guide's eight lines, the figures and clocks of its page, its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .domain.chunk import Tally
from .domain.rules import Rules, Verdict

if TYPE_CHECKING:
    from opsconsole import RunContext

FIGURES = ("read", "valid", "rejected", "inserted", "updated", "unchanged")


class Report:
    """Speaks through the run's context; the guide's lines are as the guide has them."""

    def __init__(self, ctx: RunContext) -> None:
        self.ctx = ctx
        self.expected: int | None = None

    def begins(self) -> None:
        """The first lines, before anything is opened."""
        self.ctx.say(_("Iniciando proceso ETL..."))
        self.ctx.info(_("Extrayendo datos de base legacy..."))

    def resumes(self) -> None:
        """A later attempt: what the one before it counted went with its process."""
        if self.ctx.attempt > 1:
            self.ctx.warning(
                _(
                    "Intento %(attempt)s: las cifras cuentan desde donde se retomó; "
                    "lo cargado antes se conserva."
                )
                % {"attempt": self.ctx.attempt}
            )

    def was_resumed(self) -> None:
        """The same of a part, for whoever reads the sums."""
        self.ctx.warning(
            _("Una parte se retomó: las cifras no cuentan lo que cargó antes, que se conserva.")
        )

    def rules(self, rules: Rules) -> None:
        """What the settings ask of this run, from its first row to its last."""
        if not rules.keeps_recordings:
            self.ctx.debug(_("Grabaciones: no se cargan (llamadas.enable_call_recording)"))
        self.ctx.debug(
            _("Aviso por llamadas de mas de %(seconds)s segundos (llamadas.max_call_duration)")
            % {"seconds": rules.longest_seconds}
        )

    def expects(self, rows: int | None) -> None:
        """What the progress is measured against, where that is known."""
        self.expected = rows
        self.ctx.progress(0, total=rows, unit=_("llamadas"))

    def spreads(self, rows: int, *, parts: int) -> None:
        """Into how many parts the load was cut."""
        self.ctx.debug(
            ngettext(
                "%(rows)s registros en %(count)s parte",
                "%(rows)s registros en %(count)s partes",
                parts,
            )
            % {"rows": rows, "count": parts}
        )

    def read(self, tally: Tally, *, extract_seconds: float, transform_seconds: float) -> None:
        """A page was read and judged."""
        share = self._share(tally.read)
        self.ctx.spend("extract", extract_seconds, done=share)
        self.ctx.spend("transform", transform_seconds, done=share)
        self.ctx.figures(read=tally.read, valid=tally.valid, rejected=tally.rejected)

    def judged(self, verdict: Verdict) -> None:
        """What the rules said of a page, row by row; of the IVR's the table of rejections tells."""

    def loaded(self, tally: Tally, *, rows: int, seconds: float) -> None:
        """A chunk was committed; ``rows`` is all of them so far."""
        self.ctx.spend("load", seconds, done=self._share(rows))
        self.ctx.figures(inserted=tally.inserted, updated=tally.updated, unchanged=tally.unchanged)
        # An estimate may be too low; progress never passes its total.
        self.ctx.progress(rows, total=self.expected and max(self.expected, rows))

    def batch(self, number: int, *, rows: int, valid: int, rejected: int) -> None:
        """A line for the run page and for verbosity 2."""
        self.ctx.debug(
            _("Lote %(number)s: %(rows)s leidas, %(valid)s validas, %(rejected)s rechazadas")
            % {"number": number, "rows": rows, "valid": valid, "rejected": rejected}
        )

    def all_read(self, tally: Tally) -> None:
        """Nothing more is to be read."""
        for phase in ("extract", "transform"):
            self.ctx.spend(phase, 0.0, done=1.0)
        self.ctx.info(_("Extraccion completada: %(count)s registros") % {"count": tally.read})
        self.ctx.info(_("Transformando datos..."))
        self.ctx.info(
            _("Transformacion completada: %(count)s registros validos") % {"count": tally.valid}
        )
        self.ctx.info(_("Cargando datos a analytics..."))

    def ends(self, tally: Tally, *, dry_run: bool, met_all: bool = True) -> None:
        """The last lines; after them, of a simulation, what it found.

        Not ``met_all``: each row that was read has changed, or somebody asked for it.
        """
        self.ctx.spend("load", 0.0, done=1.0)
        self.ctx.progress(tally.read, total=tally.read)
        self.ctx.figures(**{name: getattr(tally, name) for name in FIGURES})
        self.ctx.info(
            _("Carga completada: %(count)s registros insertados") % {"count": tally.inserted}
        )
        self.ctx.say(_("Proceso ETL ejecutado correctamente"))
        if dry_run:
            self._simulated(tally)
            return
        self._remarks(tally)
        self.left_out(tally, tell=self.ctx.debug if met_all else self.ctx.warning)

    def _simulated(self, tally: Tally) -> None:
        self.ctx.info(_("Simulacion: no se escribio nada"))
        self.ctx.info(_("Registros rechazados: %(count)s") % {"count": tally.rejected})
        self._counts(self.ctx.info, tally.reasons | tally.warnings)

    def _remarks(self, tally: Tally) -> None:
        self._counts(self.ctx.debug, tally.reasons | tally.warnings)
        if tally.vanished:
            self.ctx.debug(
                _("Registros que ya no estan en la base legacy: %(count)s (se conservan)")
                % {"count": tally.vanished}
            )

    def left_out(self, tally: Tally, *, tell: Callable[[str], None]) -> None:
        """Rows of calls that left the table on purpose, and how to correct them all the same."""
        count = tally.removed + tally.removed_bad
        if not count:
            return
        tell(removed_words(count))
        for month, calls in tally.removed_months.items():
            text = ngettext("%(month)s: %(rows)s llamada", "%(month)s: %(rows)s llamadas", calls)
            tell(text % {"month": month, "rows": calls})
        tell(self.how_to_correct())

    def how_to_correct(self) -> str:
        """What is archived comes back first."""
        return _(
            "Para corregir lo archivado, devuelva antes su mes (archive_old_calls --restore MES) "
            "y repita con run_etl --full"
        )

    def _counts(self, tell: Any, counts: dict[str, int]) -> None:
        for name, count in counts.items():
            tell(_("%(name)s: %(count)s registros") % {"name": name, "count": count})

    def _share(self, rows: int) -> float | None:
        return min(rows / self.expected, 1.0) if self.expected else None


def removed_words(count: int) -> str:
    """Calls that left this table on purpose, and were offered to it again."""
    text = ngettext(
        "Archivada o eliminada: %(count)s llamada, no se carga",
        "Archivadas o eliminadas: %(count)s llamadas, no se cargan",
        count,
    )
    return text % {"count": number_format(count, force_grouping=True)}


def result(tally: Tally, **more: Any) -> dict[str, Any]:
    """What is kept with the run."""
    return asdict(tally) | more
