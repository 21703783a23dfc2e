"""What was made anonymous, erased or deleted does not come back from the IVR."""

from datetime import date, datetime

import pytest
from django.core.management import call_command

from callcentersite.apps.analytics.daily import mark_stale
from callcentersite.apps.analytics.models import (
    Call,
    ClosedDay,
    DailyMetrics,
    RemovedCalls,
    StaleDay,
)
from callcentersite.apps.etl.models import CallRejection
from callcentersite.data_centralization.models import RetentionPolicy
from tests.callcentersite.data_centralization.conftest import applied, call_ids, shown
from tests.callcentersite.etl.etl_world import rejected_ids, run

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
LATER = {"updated_at": "2026-10-06 10:00:00"}
BAD = {**LATER, "queue_code": "NADA"}


def make_anonymous(*numbers):
    found = Call.objects.filter(pk__in=numbers)
    moment = datetime.fromisoformat("2024-01-01T00:00:00+00:00")
    found.update(ani=None, customer_id=None, recording_file=None, notes=None, anonymized_at=moment)


def delete_anonymous(**how):
    RetentionPolicy.objects.get_or_create(
        name="anonymized_data", target="anonymized_data", days=365, floor_days=30, **how
    )
    ended = applied(shown())
    assert ended.status == "succeeded", ended.error
    return ended


def test_an_anonymous_call_that_is_corrected_stays_anonymous(legacy_calls):
    legacy_calls({}, {})
    run()
    make_anonymous(1)

    legacy_calls({**LATER, "menu_path": "9"}, {**LATER, "menu_path": "9"})
    result = run()

    one, two = Call.objects.order_by("pk")
    assert (one.ani, one.menu_path, two.menu_path) == (None, "1>2", "9")
    assert (result["updated"], result["unchanged"]) == (1, 1)


def test_an_anonymous_call_that_turns_bad_tells_nobody_who_called(legacy_calls):
    legacy_calls({}, {})
    run()
    make_anonymous(1)

    legacy_calls(BAD, BAD)
    run()

    assert (call_ids(), rejected_ids()) == ([1], [2])


def test_deleted_calls_do_not_come_back_corrected_nor_in_a_full_load(legacy_calls):
    legacy_calls({}, {}, {})
    run()
    make_anonymous(1, 3)
    delete_anonymous()
    assert call_ids() == [2]

    legacy_calls({**LATER, "menu_path": "9"}, {}, BAD)
    run()
    result = run(full=True)

    assert (call_ids(), rejected_ids()) == ([2], [])
    assert result["vanished"] == 0


def test_when_every_call_is_gone_new_ones_still_come(legacy_calls):
    legacy_calls({}, {})
    run()
    make_anonymous(1, 2)
    delete_anonymous()

    legacy_calls(LATER, LATER, {}, {"call_id": 500})
    run(full=True)

    assert call_ids() == [3, 500]


def test_the_days_of_deleted_calls_keep_their_figures(legacy_calls):
    legacy_calls({}, {})
    run()
    before = list(DailyMetrics.objects.values())
    make_anonymous(1)
    delete_anonymous()

    legacy_calls({}, {**LATER, "wait_s": 10, "disposition": "TRANSFERRED"})
    run()

    assert list(DailyMetrics.objects.values()) == before
    assert [str(one.day) for one in ClosedDay.objects.all()] == ["2026-10-05"]


def test_what_was_still_due_is_counted_before_the_day_is_closed(legacy_calls):
    legacy_calls({}, {})
    run()
    DailyMetrics.objects.all().delete()
    mark_stale([date(2026, 10, 5)])
    make_anonymous(1)

    delete_anonymous()

    assert DailyMetrics.objects.get().offered == 2
    assert not StaleDay.objects.exists()


def test_a_day_whose_calls_are_all_back_can_be_counted_again(legacy_calls):
    legacy_calls({}, {})
    run()
    make_anonymous(1)
    ended = delete_anonymous(archive=True)
    assert ClosedDay.objects.exists()

    call_command("console", "undo", str(ended.pk), verbosity=0)

    assert call_ids() == [1, 2]
    assert not ClosedDay.objects.exists()


def test_an_erased_refusal_does_not_come_back(legacy_calls):
    legacy_calls({**BAD, "ani": "5587654321"}, {})
    run()
    assert rejected_ids() == [1]

    call_command("erase_person", "--phone=5587654321", "--force", verbosity=0)
    run(full=True)

    assert (call_ids(), rejected_ids()) == ([2], [])
    assert CallRejection.objects.count() == 0
    assert RemovedCalls.objects.get().calls == 1
