"""The plan of a background import: counts, the first differences or errors, and a seal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole import Plan

from .outcome import ChangedRow, Outcome, unchanged_words
from .uploads import Upload

SHOWN_ROWS = 25
SHOWN_CHARACTERS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan(Plan):
    """Sealed by the file and by every change that it makes, in whatever language it is shown."""

    outcome: Outcome = field(compare=False)

    def digest(self) -> str:
        """Words may differ between the page and the worker; what is done may not."""
        return hashlib.sha256(f"{self.rows} {self.seal}".encode()).hexdigest()


def plan_of(upload: Upload, outcome: Outcome) -> ImportPlan:
    """What the file would do."""
    return ImportPlan(
        summary=_("%(name)s: %(summary)s, %(unchanged)s.")
        % {
            "name": upload.name,
            "summary": outcome.summary(),
            "unchanged": unchanged_words(outcome.unchanged),
        },
        rows=outcome.changes,
        lines=tuple(error_lines(outcome) if outcome.error_count else difference_lines(outcome)),
        warnings=tuple(warnings_of(outcome)),
        seal=f"{upload.model} {upload.sha256} {outcome.digest()}",
        blocked=blocked_words(outcome.error_count),
        outcome=outcome,
    )


def difference_lines(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """A line per field of the first rows."""
    for row in outcome.rows[:SHOWN_ROWS]:
        yield from lines_of(row)


def lines_of(row: ChangedRow) -> Iterator[dict[str, Any]]:
    """A new row says what it would be in one line, another its differences."""
    if row.is_new:
        now = [(_("nueva"), "–", ", ".join(step.new for step in row.steps if step.new))]
    else:
        now = [(step.column, step.old, step.new) for step in row.steps]
    for column, old, new in now:
        yield {
            _("Fila"): row.number,
            _("Qué"): row.name,
            _("Campo"): column,
            _("Ahora"): short(old),
            _("Después"): short(new),
        } | ({_("Aprobación"): row.waits} if row.waits else {})


def error_lines(outcome: Outcome) -> Iterator[dict[str, Any]]:
    """A line per error, of the first."""
    for error in outcome.errors:
        yield {_("Fila"): error.number, _("Error"): error.text}


def warnings_of(outcome: Outcome) -> Iterator[str]:
    """What is not shown, and what will wait."""
    if not outcome.error_count and outcome.changes > SHOWN_ROWS:
        yield _("Se muestran las primeras %(shown)s filas; se importarían todas.") % {
            "shown": SHOWN_ROWS
        }
    if outcome.waiting:
        yield ngettext(
            "%(count)s fila no rige hasta que una segunda persona la apruebe.",
            "%(count)s filas no rigen hasta que una segunda persona las apruebe.",
            outcome.waiting,
        ) % {"count": outcome.waiting}


def blocked_words(count: int) -> str:
    """Why it cannot be confirmed; empty: it can."""
    if not count:
        return ""
    return ngettext(
        "El archivo tiene %(count)s error: no se importa nada a medias.",
        "El archivo tiene %(count)s errores: no se importa nada a medias.",
        count,
    ) % {"count": count}


def short(text: str) -> str:
    """A cell that does not stretch the table."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
