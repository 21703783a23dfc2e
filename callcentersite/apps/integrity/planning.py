"""The plan of a mending: which rows, how, sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole import Plan
from opsconsole.limits import TYPE_ABOVE, is_large

from . import registry
from .domain.findings import SAMPLE
from .registry import Check, Mend
from .sealing import SealFile, mendable


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One check's part of the plan."""

    check: Check
    mend: Mend
    facts: dict[str, Any]

    @property
    def rows(self) -> int:
        return int(self.facts["rows"])


def make(model: str) -> Plan:
    """What could be mended now, check by check; those that find nothing are left out."""
    seals = SealFile()
    found = [
        Step(check=check, mend=check.mend, facts=seals.write(check))
        for check in registry.about(model)
        if check.mend is not None
    ]
    steps = [step for step in found if step.rows]
    return Plan(
        summary=summary(steps),
        rows=sum(step.rows for step in steps),
        seal=json.dumps([step.facts for step in steps], sort_keys=True),
        seal_file=seals.file,
        fixed={"checks": [step.facts for step in steps]},
        details={"checks": [shown(step) for step in steps]},
        spoken=(*(spoken(step) for step in steps), summary(steps)),
        warnings=tuple(warning(step) for step in steps if step.mend.deletes),
        button=button(steps),
        promise=_(
            "Se repara exactamente lo mostrado. Si alguna fila cambió desde entonces, no se toca "
            "nada y verá la diferencia. Una transacción por verificación."
        ),
        unattended=tuple(unattended(steps)),
    )


def steps_of(fixed: dict[str, Any]) -> list[Step]:
    """The steps of a plan that was kept; those whose app is gone meanwhile have nothing to mend."""
    steps = []
    for facts in fixed["checks"]:
        check = registry.find(facts["name"])
        if check is not None and check.mend is not None:
            steps.append(Step(check=check, mend=check.mend, facts=facts))
    return steps


def shown(step: Step) -> dict[str, Any]:
    """The check's line of the plan's page, with some of its rows."""
    return {
        "name": step.check.name,
        "title": str(step.check.title),
        "mend": str(step.mend.title),
        "deletes": step.mend.deletes,
        "rows": step.rows,
        "sample": [one.text for one in islice(mendable(step.check), SAMPLE)],
    }


# In words


def summary(steps: list[Step]) -> str:
    """How many rows, and how many of them go."""
    rows, deleted = total(steps), total([step for step in steps if step.mend.deletes])
    if not rows:
        return _("No hay nada que se repare solo.")
    text = ngettext("Se reparará %(rows)s fila.", "Se repararán %(rows)s filas.", rows)
    mended, gone = text % {"rows": rows}, _("No se elimina ninguna.")
    if deleted:
        text = ngettext("De ellas se elimina %(rows)s.", "De ellas se eliminan %(rows)s.", deleted)
        gone = text % {"rows": deleted}
    return f"{mended} {gone}"


def total(steps: list[Step]) -> int:
    """Their rows."""
    return sum(step.rows for step in steps)


def spoken(step: Step) -> str:
    """A line of the terminal: what, how many, how."""
    return _("[INFO] %(title)s: %(rows)s. %(mend)s") % {
        "title": step.check.title,
        "rows": step.rows,
        "mend": step.mend.title,
    }


def warning(step: Step) -> str:
    """What will be gone."""
    text = ngettext(
        "%(title)s: se elimina %(rows)s.", "%(title)s: se eliminan %(rows)s.", step.rows
    )
    return text % {"title": step.check.title, "rows": step.rows}


def button(steps: list[Step]) -> str:
    """The consequence, in numbers."""
    rows = total(steps)
    return ngettext("Reparar %(rows)s fila", "Reparar %(rows)s filas", rows) % {"rows": rows}


def unattended(steps: list[Step]) -> list[str]:
    """Why a programme may not do this without being told how many rows to expect."""
    rows = total(steps)
    if not is_large(rows):
        return []
    return [_("Son %(rows)s filas, más de %(most)s.") % {"rows": rows, "most": TYPE_ABOVE}]
