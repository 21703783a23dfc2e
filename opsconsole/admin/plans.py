"""What a person answers to a plan, and how its lines become a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from .. import limits
from ..exceptions import OperationError
from ..operations import Effect, Operation
from ..plans import Plan, StalePlan
from .presenters import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A confirmation: of which plan, and the number that was typed."""

    digest: str
    typed: str

    @classmethod
    def of(cls, request: HttpRequest) -> Answer | None:
        """The answer in the form; None: the plan has not been shown yet."""
        digest = request.POST.get("plan_digest", "")
        if not digest:
            return None
        return cls(digest=digest, typed=typed_number(request))


def typed_number(request: HttpRequest) -> str:
    """The digits in the form: people copy the number with its separators."""
    return re.sub(r"\D", "", request.POST.get("typed_rows", ""))


def must_type(operation: Operation, plan: Plan) -> bool:
    """Whether so much would be deleted that a click is not enough."""
    return operation.effect is Effect.DESTROYS and limits.is_large(plan.rows)


def problem_with(
    answer: Answer | None, plan: Plan, *, operation: Operation
) -> OperationError | None:
    """Why the answer does not confirm this plan; None: it does, or there is none yet."""
    if answer is None:
        return None
    if answer.digest != plan.digest():
        return StalePlan(plan)
    if plan.blocked:
        return OperationError(plan.blocked, remedy=_("Corríjalo y vuelva a empezar."))
    if plan.rows == 0:
        return OperationError(_("No hay nada que hacer."), remedy=_("No hace falta confirmar."))
    if must_type(operation, plan) and answer.typed != str(plan.rows):
        return wrong_number(plan.rows)
    return None


def wrong_number(rows: int) -> OperationError:
    """What was typed is not what would go."""
    return OperationError(
        _("El número escrito no es el de las filas: no se cambió nada."),
        remedy=_("Escriba %(rows)s para confirmar.") % {"rows": rows},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of the plan; numbers stand on the right."""

    label: str
    text: str
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The plan's lines: the columns in the order in which they first appear."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(plan: Plan) -> Table | None:
    """The lines as a table; None where there are none."""
    if not plan.lines:
        return None
    columns = list(dict.fromkeys(key for line in plan.lines for key in line))
    rows = tuple(
        tuple(cell(column, line.get(column, "")) for column in columns) for line in plan.lines
    )
    head = tuple(Cell(label=one.label, text=one.label, numeric=one.numeric) for one in rows[0])
    return Table(head=head, rows=rows)


def cell(column: str, value: object) -> Cell:
    """One value under its heading."""
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return Cell(label=str(column), text=words.number(value), numeric=numeric)
