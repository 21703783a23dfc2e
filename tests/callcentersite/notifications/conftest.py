"""Mailboxes, and runs that end in ways worth telling."""

from datetime import timedelta

import pytest
from django.utils import timezone

from callcentersite.apps.configuration import settings_cache
from callcentersite.apps.configuration.domain.catalog import catalog as settings_catalog
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.configuration.services import create
from callcentersite.apps.notifications.models import Notification, Subscription
from opsconsole import events
from opsconsole.models import JobRun
from tests.opsconsole.conftest import (  # noqa: F401
    allow,
    engine_db,
    operator,
    perform,
    quick_beats,
    stranger,
    submit,
    test_operations,
)


def configure(clave, valor):
    """Give the setting this value, as of now."""
    row, _created = create(settings_catalog()[clave])
    row.valor = str(valor)
    row.save()
    settings_cache.forget()
    return Configuracion.objects.get(clave=clave)


def inbox(user):
    """The subjects in a mailbox, newest first."""
    rows = Notification.objects.filter(recipient=user).order_by("-id")
    return list(rows.values_list("subject", flat=True))


def subscribe(user, event, operation=""):
    return Subscription.objects.create(user=user, event=event, operation=operation)


@pytest.fixture
def viewer(engine_db, django_user_model):  # noqa: F811
    """Sees every run."""
    user = django_user_model.objects.create_user(
        "ana", password="clave-1", is_staff=True, email="ana@example.com"
    )
    return allow(user, "view_jobrun")


@pytest.fixture
def end(engine_db):  # noqa: F811
    """Let a run end, and announce it: ``end("failed", seconds=3)``."""

    def end(status, *, operation="count_slowly", seconds=1, by=None, **fields):
        now = timezone.now()
        run = JobRun.objects.create(
            operation=operation,
            title="Contar despacio",
            status=status,
            origin="admin",
            requested_by=by.get_username() if by else "",
            requested_by_id=str(by.pk) if by else None,
            started_at=now - timedelta(seconds=seconds),
            finished_at=now,
            **fields,
        )
        events.announce(run.pk)
        return JobRun.objects.get(pk=run.pk)

    return end
