"""Which heading is which column: by the names, by what was chosen, by what was chosen before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from callcentersite.apps.analytics.models import Call
from opsconsole import OperationError
from opsconsole.models import JobRun
from opsconsole.states import Status

from ..domain.files.headings import (
    COLUMNS,
    MISSING,
    TWICE,
    Layout,
    Problem,
    fingerprint,
    guess,
)

OPERATION = "import_calls"


def layout_for(headings: Sequence[str], chosen: Mapping[str, str]) -> Layout:
    """The layout that was chosen, or the one that the headings speak for; refuses a bad one."""
    layout = Layout(heading_of=chosen) if chosen else guess(headings)
    problems = layout.problems(headings)
    if problems:
        raise OperationError(
            _("Las columnas del archivo no se pueden leer así: no se cambió nada."),
            cause=" ".join(map(sentence, problems)),
            remedy=_("Diga qué encabezado es cada columna, en la página «Importar» o con "
                     "--columns."),
        )  # fmt: skip
    return layout


def remembered(headings: Sequence[str]) -> Layout | None:
    """What the last import of a file with these headings chose."""
    runs = JobRun.objects.filter(
        operation=OPERATION,
        status=Status.SUCCEEDED,
        result__headings=fingerprint(headings),
    )
    params = runs.order_by("-pk").values_list("params", flat=True).first()
    if not params or not params["columns"]:
        return None
    layout = Layout(heading_of=json.loads(params["columns"]))
    return layout if layout.fits(headings) else None


def sentence(problem: Problem) -> str:
    """What is wrong with a layout, in words."""
    if problem.code == MISSING:
        names = ", ".join(title_of(name) for name in problem.names)
        return _("Falta decir qué encabezado es: %(names)s.") % {"names": names}
    names = ", ".join(f"«{name}»" for name in problem.names)
    if problem.code == TWICE:
        return _("Un encabezado está elegido para dos columnas: %(names)s.") % {"names": names}
    return _("El archivo no tiene estos encabezados: %(names)s.") % {"names": names}


def title_of(column: str) -> str:
    """What the screen calls a column, with the name that the command line takes."""
    name = "source_updated_at" if column == "updated_at" else column
    return f"{Call._meta.get_field(name).verbose_name} ({column})"  # type: ignore[union-attr]


def titles() -> dict[str, str]:
    """Every column that a file may bring, and what it is called."""
    return {column: title_of(column) for column in COLUMNS}
