"""Refusals that several verbs share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .exceptions import IllegalTransition
from .models import JobRun
from .states import Status


def illegal(run: JobRun, verb: str) -> IllegalTransition:
    """The refusal of something that the run's state does not allow."""
    return IllegalTransition(
        _("No se puede %(verb)s la corrida %(id)s.") % {"verb": verb, "id": run.pk},
        cause=_("Su estado es «%(status)s».") % {"status": Status(run.status).label},
        remedy=_("Vea la corrida con: python manage.py console show %(id)s") % {"id": run.pk},
    )
