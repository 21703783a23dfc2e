"""The columns of a report, and the cells of its rows: the same in every format."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from callcentersite.apps.analytics.domain.metrics import Figures

from .kinds import Kind
from .rows import Line

Cell = date | str | int | float | None
Row = tuple[Cell, ...]
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


def _(text: str) -> str:
    """Mark a text for the catalogue; pure code does not translate."""
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column under its title; ``decimals`` None: it names the row instead of counting."""

    title: str
    value: Callable[[Line], Cell]
    decimals: int | None = None

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.decimals is not None


DAY = Column(title=_("Día"), value=lambda line: line.day)
QUEUE = Column(title=_("Cola"), value=lambda line: writable(line.queue or ""))


def counted(title: str, value: Callable[[Figures], int]) -> Column:
    """A column of whole numbers."""
    return Column(title=title, value=lambda line: value(line.figures), decimals=0)


def measured(title: str, value: Callable[[Figures], float | None], *, times: int = 1) -> Column:
    """A column of numbers with one decimal; what cannot be reckoned is empty."""

    def rounded(line: Line) -> float | None:
        found = value(line.figures)
        return None if found is None else round(times * found, 1)

    return Column(title=title, value=rounded, decimals=1)


METRICS = (
    counted(_("Ofrecidas"), lambda one: one.offered),
    counted(_("Contestadas"), lambda one: one.answered),
    counted(_("Abandonadas"), lambda one: one.abandoned),
    measured(_("Abandono (%)"), lambda one: one.abandonment_rate, times=100),
    counted(_("Dentro del nivel de servicio"), lambda one: one.within_sla),
    measured(_("Nivel de servicio (%)"), lambda one: one.service_level, times=100),
    measured(_("Espera media (s)"), lambda one: one.average_speed_of_answer_s),
    counted(_("Espera máxima (s)"), lambda one: one.wait_max_s),
    measured(_("Conversación media (s)"), lambda one: one.average_handle_time_s),
    counted(_("Conversación máxima (s)"), lambda one: one.talk_max_s),
)


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """What names a row of this kind, then its figures."""
    names = [column for column, is_there in naming(kind) if is_there]
    return (*names, *METRICS)


def naming(kind: Kind) -> tuple[tuple[Column, bool], ...]:
    """The columns that may name a row, and whether they do."""
    return ((DAY, kind.names_day), (QUEUE, kind.names_queue))


def cells(line: Line, columns: tuple[Column, ...]) -> Row:
    """A row."""
    return tuple(column.value(line) for column in columns)


def total_cells(figures: Figures, columns: tuple[Column, ...], *, label: str) -> Row:
    """The last row: the label where the others have their name, and the figures of all of them."""
    row = cells(Line(figures=figures), columns)
    names = sum(not column.is_number for column in columns)
    return (label, *[""] * (names - 1), *row[names:])


def writable(text: str) -> str:
    """The text without the characters that no spreadsheet or page can hold."""
    return UNWRITABLE.sub(" ", text)
