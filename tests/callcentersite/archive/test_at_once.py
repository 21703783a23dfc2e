"""Somebody archives while somebody else loads: no call is lost, none is in both places."""

import time
from datetime import date
from threading import Thread

import pytest
from django.db import connections, transaction

from callcentersite.apps.analytics import daily
from callcentersite.apps.analytics.models import Call, DailyMetrics
from opsconsole.plans import StalePlan
from tests.callcentersite.archive.conftest import ZONE, at
from tests.callcentersite.data_centralization.conftest import applied, shown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
DAY = date(2024, 1, 11)


def test_a_call_that_is_being_loaded_is_counted(old_calls):
    """The archive waits for the load before it looks, sees the call, and takes nothing."""
    kept, ended = shown("archive_old_calls", days=365), []

    def archive():
        try:
            ended.append(applied(kept).status)
        except StalePlan:
            ended.append("failed")
        finally:
            connections.close_all()

    worker = Thread(target=archive)
    with transaction.atomic():
        daily.loading()
        Call.objects.bulk_create([at(50, "2024-01-11 19:00:00")])
        daily.mark_stale([DAY])
        worker.start()
        time.sleep(1)  # until it waits; should it be slower, it sees the call all the sooner
    worker.join()
    daily.rebuild_stale(zone=ZONE)

    assert ended == ["failed"]
    assert DailyMetrics.objects.get(day=DAY).offered == 2
    assert Call.objects.count() == 16
