"""What mailboxes hold: how runs went wrong, and a welcome."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcentersite.apps.notifications.selectors import told_of
from callcentersite.apps.notifications.services import notify
from opsconsole.models import JobRun
from opsconsole.states import Status

from .domain.cast import CAST
from .scene import MARK, Scene, cast_accounts

WRONG = (Status.FAILED, Status.LOST)
MOST = 40
WELCOME = f"{MARK}:welcome"
READ_AFTER = timedelta(days=7)  # before the last day: what is older has been read


def make(scene: Scene) -> int:
    """Of each run that went wrong, to who asked for it and to superusers; return how many."""
    wrong = JobRun.objects.filter(request_key__startswith=f"{MARK}:", status__in=WRONG)
    found = list(wrong.exclude(finished_at=None).order_by("-pk")[:MOST])
    known = told_of("ended")
    told = sum(tell(run, scene) for run in reversed(found) if run.pk not in known)
    return told + (0 if told_of(WELCOME) else welcome())


def tell(run: JobRun, scene: Scene) -> int:
    """How it ended, once to each."""
    at: datetime = run.finished_at or run.queued_at
    owner = cast_accounts().filter(username=run.requested_by)
    lines = [run.error, run.error_cause, run.error_remedy]
    subject = _("Se perdió: %(what)s") if run.status == Status.LOST else _("Falló: %(what)s")
    return notify(
        [*owner, *superusers()],
        subject=subject % {"what": f"{run.title} #{run.pk}"},
        body="\n".join(filter(None, lines)),
        level="error",
        run_id=run.pk,
        kind="ended",
        at=at,
        read=at < scene.end - READ_AFTER,
    )


def welcome() -> int:
    """Whom to log in as, to see the console with other rights; once, by its own number."""
    names = ", ".join(one.username for one in CAST)
    count = len(CAST)
    body = ngettext(
        "Hay %(count)s cuenta de demostración: %(names)s. Su contraseña es su nombre.",
        "Hay %(count)s cuentas de demostración: %(names)s. La contraseña de cada una es su nombre.",
        count,
    )
    return notify(
        superusers(),
        subject=_("Le damos la bienvenida a la consola"),
        body=body % {"count": count, "names": names},
        level="info",
        link="/admin/users/user/",
        kind=WELCOME,
        at=timezone.now(),
    )


def superusers() -> Any:
    """Whoever looks at the demonstration."""
    return get_user_model()._default_manager.filter(is_superuser=True, is_active=True)
