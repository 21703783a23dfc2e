"""Calls of two old months and of this one, with their metrics."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection

from callcentersite.apps.analytics import daily, removed
from callcentersite.apps.analytics.models import Call, Queue
from tests.callcentersite.data_centralization.conftest import call

ZONE = "America/Mexico_City"
JANUARY = range(1, 8)
FEBRUARY = range(11, 16)
RECENT = range(101, 104)


@pytest.fixture(autouse=True)
def quick_beats(settings, tmp_path):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05}
    settings.MEDIA_ROOT = str(tmp_path / "media")


def at(number, text, **changes):
    began = datetime.fromisoformat(text).replace(tzinfo=UTC)
    times = {"started_at": began, "ended_at": began + timedelta(seconds=60)}
    return call(number, days=1, **times, **changes)


@pytest.fixture
def old_calls(transactional_db):
    """Seven of January 2024, five of February, three of yesterday; their metrics are right."""
    Queue.objects.create(code="NA_VENTAS", name="Ventas", segment="x", sla_seconds=20)
    moment = datetime(2025, 3, 1, 4, 5, 6, 789, tzinfo=UTC)
    Call.objects.bulk_create([
        *(at(number, f"2024-01-{10 + number} 18:00:00") for number in JANUARY[:-2]),
        at(JANUARY[-2], "2024-01-05 18:00:00", ani=None, notes="", anonymized_at=moment),
        at(JANUARY[-1], "2024-02-01 03:00:00"),  # in Mexico it is still January
        *(at(number, f"2024-02-{number} 18:00:00") for number in FEBRUARY),
        *(call(number, days=1) for number in RECENT),
    ])  # fmt: skip
    daily.rebuild(sorted(removed.days_of(Call.objects.all())), zone=ZONE)


def everything():
    """Each call as the database itself writes it."""
    cast = "calls::text" if connection.vendor == "postgresql" else "quote(notes), calls.*"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {cast} FROM calls ORDER BY call_id")
        return cursor.fetchall()


@pytest.fixture
def account(transactional_db, django_user_model):
    """``account("ana", "archive.view_callarchive")``: staff with these permissions."""

    def account(name, *permissions):
        user = django_user_model.objects.create_user(name, is_staff=True)
        for permission in permissions:
            app, codename = permission.split(".")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=codename)
            )
        return django_user_model.objects.get(pk=user.pk)

    return account
