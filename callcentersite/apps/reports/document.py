"""A report in words and cells, before it has a format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from .domain.dates import Dates
from .domain.kinds import Kind
from .domain.request import ReportRequest
from .domain.table import METRICS, Cell, Column, Row, columns_of
from .models import KINDS

OFFERED, ANSWERED, _ABANDONED, ABANDONMENT, _WITHIN, SERVICE_LEVEL, *_TIMES = METRICS
KEY_FIGURES = (OFFERED, ANSWERED, ABANDONMENT, SERVICE_LEVEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What every format says; the rows come beside it, one at a time.

    ``total`` None: there are no rows, and ``empty`` says so.
    """

    title: str
    about: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: int
    total: Row | None
    empty: str
    author: str
    made_at: str

    @property
    def headings(self) -> list[str]:
        """The columns' titles, in the language of the moment."""
        return [_(column.title) for column in self.columns]

    def every_row(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The rows, then their total; or the one sentence that there are none."""
        yield from rows
        yield (self.empty,) if self.total is None else self.total

    def sums(self) -> list[tuple[str, str]]:
        """The totals in words, under their columns' titles."""
        return [
            (_(column.title), as_words(cell, column))
            for cell, column in zip(self.total or (), self.columns, strict=False)
            if column in KEY_FIGURES
        ]


def document_of(
    request: ReportRequest, *, author: str, rows: int, total: Row | None, now: datetime
) -> Document:
    """The report's words."""
    moment = date_format(timezone.localtime(now), "SHORT_DATETIME_FORMAT")
    made_at = _("%(moment)s (%(zone)s)") % {"moment": moment, "zone": settings.TIME_ZONE}
    return Document(
        title=title_of(request),
        about=(
            (_("Periodo"), days_in_words(request.dates)),
            (_("Cola"), request.queue or _("Todas")),
            (_("Filas"), number_format(rows, force_grouping=True)),
            (_("Generado"), made_at),
            (_("Lo pidió"), author or "–"),
        ),
        columns=columns_of(request.kind),
        rows=rows,
        total=total,
        empty=_("No hay llamadas en este periodo."),
        author=author,
        made_at=made_at,
    )


def title_of(request: ReportRequest) -> str:
    """Métricas por día, del 1 al 31 de octubre."""
    title = _("%(kind)s, %(days)s") % {
        "kind": kind_title(request.kind),
        "days": days_in_words(request.dates),
    }
    return f"{title} · {request.queue}" if request.queue else title


def kind_title(kind: Kind) -> str:
    """What a report of this kind is called."""
    return str(dict(KINDS)[kind.value])


def days_in_words(dates: Dates) -> str:
    """One day by its name, or the first and the last."""
    if dates.first == dates.last:
        return day_in_words(dates.first)
    return _("del %(first)s al %(last)s") % {
        "first": day_in_words(dates.first),
        "last": day_in_words(dates.last),
    }


def day_in_words(day: date) -> str:
    """5 oct 2026."""
    return date_format(day, "j b Y")


def total_label() -> str:
    """What stands where the other rows have their name."""
    return _("Total")


def as_words(cell: Cell, column: Column) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return "–"
    if isinstance(cell, date):
        return date_format(cell, "d/m/Y")
    if isinstance(cell, str):
        return cell
    return number_format(cell, decimal_pos=column.decimals, force_grouping=True)
