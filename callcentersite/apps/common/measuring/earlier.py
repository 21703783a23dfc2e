"""The report of an earlier run, for whoever may see that run."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from opsconsole import OperationError, permissions
from opsconsole.exceptions import BadInput, UnknownRun
from opsconsole.models import JobArtifact, JobRun

from .domain.report import Report, report_of
from .formats import JSON_FILE

OPERATION = "profile_code"
MOST_BYTES = 20_000_000


def report(run_id: int, *, user: Any) -> Report:
    """Read it; raises UnknownRun, NotAllowed, OperationError. ``user`` None is the terminal."""
    run = JobRun.objects.filter(pk=run_id, operation=OPERATION).first()
    if run is None:
        raise UnknownRun(
            _("La corrida %(id)s no es un perfil.") % {"id": run_id},
            remedy=_("Vea la lista con: python manage.py console runs --operation profile_code"),
        )
    if user is not None and not permissions.may_see(run, user):
        raise permissions.not_allowed(
            _("ver la corrida %(id)s") % {"id": run_id}, user, permission="opsconsole.view_jobrun"
        )
    return stored(run)


def stored(run: JobRun) -> Report:
    """The report in the run's file."""
    file = JobArtifact.objects.filter(run=run, name=JSON_FILE).first()
    try:
        if file is None or file.size_bytes > MOST_BYTES:
            raise FileNotFoundError
        with file.file.open("rb") as content:
            return report_of(json.load(content))
    except (OSError, ValueError) as error:
        raise OperationError(
            _("La corrida %(id)s no tiene informe.") % {"id": run.pk},
            cause=_("No terminó, o su archivo ya no está."),
            remedy=_("Repita la medición."),
        ) from error


def comparable(report_now: Report, *, user: Any, limit: int = 50) -> list[JobRun]:
    """The latest runs that measured the same, which this person may see."""
    return [
        run
        for run in measured(report_now)[:limit]
        if user is None or permissions.may_see(run, user)
    ]


def measured(about: Report) -> QuerySet[JobRun]:
    """Runs of the same target, newest first."""
    wanted = {about.subject.kind: about.subject.target}
    runs = JobRun.objects.filter(operation=OPERATION, artifacts__name=JSON_FILE)
    return runs.filter(**{f"params__{name}": text for name, text in wanted.items()}).order_by("-pk")


def require_same(before: Report, now: Report) -> None:
    """Raise BadInput unless the two measured the same thing."""
    if not before.subject.is_same(now.subject):
        raise BadInput(
            {
                "against": [
                    _("Esa corrida midió otra cosa: %(target)s %(method)s.")
                    % {"target": before.subject.target, "method": before.subject.method}
                ]
            }
        )
