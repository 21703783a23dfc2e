"""The daily metrics are counted again: right at the end, whatever happened on the way."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from callcentersite.apps.analytics import daily, rebuilding
from callcentersite.apps.analytics.domain.day_batches import batches, days_a_batch
from callcentersite.apps.analytics.domain.throttle import MOST_SECONDS, Throttle
from callcentersite.apps.analytics.models import (
    Call,
    ClosedDay,
    DailyMetrics,
    MetricsRebuild,
    Queue,
    StaleDay,
)
from opsconsole import OperationError, registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.exceptions import NotAllowed
from opsconsole.models import JobRun, Origin

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

FIRST = date(2026, 3, 1)
DAYS = 40  # across the night in April on which some clocks change
ZONE = "America/Mexico_City"
LAST = FIRST + timedelta(days=DAYS - 1)


def test_batches_cover_every_day_once_and_in_order():
    found = list(batches(FIRST, LAST, size=7))

    days = [day for batch in found for day in batch]
    assert days == [FIRST + timedelta(days=number) for number in range(DAYS)]
    assert [len(batch) for batch in found] == [7, 7, 7, 7, 7, 5]
    assert list(batches(LAST, FIRST, size=7)) == []


def test_the_size_of_a_batch_is_rows_and_never_part_of_a_day():
    assert days_a_batch(1_000, queues=8, most=400) == 125
    assert days_a_batch(3, queues=8, most=400) == 1
    assert days_a_batch(1_000, queues=8, most=7) == 7
    assert days_a_batch(10, queues=0, most=400) == 10


def test_a_slow_batch_or_somebody_who_waits_is_a_reason_to_rest():
    throttle = Throttle()

    rests = [
        throttle.rest(seconds=0.2, calls=1_000, days=1),
        throttle.rest(seconds=0.3, calls=1_000, days=1),
        throttle.rest(seconds=0.9, calls=1_000, days=1),
        throttle.rest(seconds=0.2, calls=1_000, days=1, waiting=2),
        throttle.rest(seconds=60, calls=1_000, days=1),
        throttle.rest(seconds=0.2, calls=1_000, days=1),
    ]

    assert rests == [0.0, 0.0, 0.9, 0.2, MOST_SECONDS, 0.0]


@pytest.fixture(autouse=True)
def quick(settings, monkeypatch):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05}
    monkeypatch.setattr(rebuilding, "PAUSE_SECONDS", 0)


@pytest.fixture
def calls(transactional_db):
    """Two queues, two calls a day in each, and metrics that are right."""
    for code in ("NORTE", "SUR"):
        Queue.objects.create(code=code, name=code, segment="x", sla_seconds=20)
    Call.objects.bulk_create(
        Call(
            call_id=4 * number + part, queue_code=("NORTE", "SUR")[part % 2],
            started_at=begin + timedelta(hours=10 + part),
            ended_at=begin + timedelta(hours=10 + part, seconds=60), duration_s=60,
            wait_s=10 * part, talk_s=number, disposition="ANSWERED", language="es",
        )
        for number in range(DAYS)
        for begin in [daily.bounds(FIRST + timedelta(days=number), zone=_zone())[0]]
        for part in range(4)
    )  # fmt: skip
    daily.rebuild([FIRST + timedelta(days=number) for number in range(DAYS)], zone=ZONE)


@pytest.fixture
def damaged(calls):
    """Right metrics, of which four rows are then spoilt; ``right`` is how they were."""
    right = rows()
    DailyMetrics.objects.filter(day=FIRST).update(offered=99)
    DailyMetrics.objects.filter(day=LAST, queue="SUR").delete()
    DailyMetrics.objects.create(day=LAST, queue="FANTASMA", **_zeros())
    return right


def _zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo(ZONE)


def _zeros():
    return dict.fromkeys(daily.COLUMNS[2:], 0)


def rows():
    return sorted(DailyMetrics.objects.values_list(*daily.COLUMNS))


def command(*words):
    out = StringIO()
    call_command(*words, stdout=out, stderr=out, no_color=True)
    return out.getvalue()


def last_run():
    return JobRun.objects.latest("pk")


def stop_after(monkeypatch, batches):
    """The run is asked to stop when so many batches are done."""
    rest = rebuilding.Rebuilding._rest
    left = [batches]

    def resting(self, *args):
        left[0] -= 1
        if left[0] == 0:
            self.ctx.request_stop()
        rest(self, *args)

    monkeypatch.setattr(rebuilding.Rebuilding, "_rest", resting)


def test_what_is_wrong_is_put_right_and_twice_is_the_same(damaged):
    StaleDay.objects.create(day=FIRST)

    out = command("recalculate_metrics", "--batch-size", "10")

    assert rows() == damaged
    assert not StaleDay.objects.exists()
    assert out.splitlines() == [
        "Recalculando métricas...",
        "[SUCCESS] Completado. Métricas revisadas: 80; corregidas: 4",
    ]
    assert last_run().result["days"] == DAYS
    assert MetricsRebuild.objects.count() == 0
    assert "revisadas: 80; corregidas: 0" in command("recalculate_metrics")


def test_a_dry_run_tells_the_same_and_writes_nothing(damaged):
    before = rows()

    out = command("recalculate_metrics", "--dry-run")

    assert "Métricas revisadas: 80; se corregirían: 4" in out
    assert rows() == before
    assert MetricsRebuild.objects.count() == 0


def test_range_and_queue_leave_the_rest_alone(damaged):
    StaleDay.objects.create(day=LAST)

    command("recalculate_metrics", "--until", "2026-03-01", "--queue", "norte")
    command("recalculate_metrics", f"--since={LAST}", "--queue=SUR")

    wrong = [row[:2] for row in rows() if row not in damaged]
    assert wrong == [(FIRST, "SUR"), (LAST, "FANTASMA")]
    assert StaleDay.objects.count() == 1  # one of its queues only was built
    with pytest.raises(CommandError) as error:
        command("recalculate_metrics", "--since=2026-04-01", "--until=2026-03-01")
    assert error.value.returncode == 2


def test_days_whose_calls_are_gone_keep_their_metrics(damaged):
    ClosedDay.objects.create(day=FIRST)
    Call.objects.filter(call_id__lt=4).delete()
    kept = list(DailyMetrics.objects.filter(day=FIRST).values())

    out = command("recalculate_metrics")
    daily.mark_stale([FIRST])
    daily.rebuild_stale(zone=ZONE)

    assert list(DailyMetrics.objects.filter(day=FIRST).values()) == kept
    assert "1 día cerrado conserva sus métricas" in out


def test_paused_and_resumed_it_goes_on_where_it_was(damaged, monkeypatch):
    with monkeypatch.context() as patch:
        stop_after(patch, 2)
        with pytest.raises(CommandError):
            command("recalculate_metrics", "--batch-size", "10")
    paused = last_run()
    assert MetricsRebuild.objects.get().done_through == FIRST + timedelta(days=9)
    assert "Estado: En pausa" in command("console", "show", str(paused.pk))

    DailyMetrics.objects.filter(day=FIRST).update(offered=7)  # behind: not looked at again
    out = command("console", "resume", str(paused.pk))

    assert "Continúa después del 2026-03-10." in out
    assert last_run().result["days"] == DAYS
    assert [row for row in rows() if row[0] > FIRST] == [r for r in damaged if r[0] > FIRST]
    assert DailyMetrics.objects.filter(day=FIRST, offered=7).count() == 2
    with pytest.raises(CommandError, match="no se puede reanudar"):
        command("console", "resume", str(paused.pk))


def test_a_worker_told_to_stop_hands_it_on(damaged, monkeypatch):
    from opsconsole.exceptions import RunInterrupted

    run = runner.submit(
        registry.get("recalculate_metrics"), {"batch_size": 20}, door=terminal(), enqueue=False
    )
    with monkeypatch.context() as patch:
        patch.setattr(
            rebuilding.Rebuilding, "_rest", lambda self, *_: self.ctx.request_stop(RunInterrupted)
        )
        runner.execute(run.pk)
    run.refresh_from_db()
    assert run.status in ("queued", "interrupted")
    JobRun.objects.filter(pk=run.pk).update(status="queued")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert (run.status, run.attempt, run.result["days"]) == ("succeeded", 2, DAYS)
    assert rows() == damaged


def test_a_stray_call_of_long_ago_costs_no_years(calls, monkeypatch):
    Call.objects.filter(pk=0).update(started_at="1999-01-01T18:00Z", ended_at="1999-01-01T18:01Z")
    seen = []
    count = daily.difference
    monkeypatch.setattr(
        daily, "difference", lambda days, **how: (seen.extend(days), count(days, **how))[1]
    )

    out = command("recalculate_metrics", "--batch-size", "4")

    assert "corregidas: 2" in out
    assert last_run().result["days"] == (LAST - date(1999, 1, 1)).days + 1
    assert len(seen) < DAYS + 8
    assert DailyMetrics.objects.get(day="1999-01-01").offered == 1


def test_one_that_was_given_up_writes_nothing_more(calls):
    mark = MetricsRebuild.objects.create(run=1, attempt=1, first=FIRST, last=LAST)
    MetricsRebuild.objects.update(attempt=2)

    with pytest.raises(OperationError, match="pasó a otra ejecución"):
        rebuilding.move(mark, LAST)

    assert MetricsRebuild.objects.get().done_through is None


def test_without_the_right_nothing_happens(damaged, django_user_model):
    stranger = django_user_model.objects.create_user("ana", is_staff=True)
    before = rows()

    with pytest.raises(NotAllowed):
        runner.submit(
            registry.get("recalculate_metrics"), {}, door=Door(origin=Origin.ADMIN, user=stranger)
        )

    assert rows() == before


def test_the_page_pauses_and_resumes(damaged, client, django_user_model, monkeypatch):
    user = django_user_model.objects.create_user("supervisora.1", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="run_recalculate_metrics"))
    user = django_user_model.objects.get(pk=user.pk)
    client.force_login(user)
    run = runner.submit(
        registry.get("recalculate_metrics"), {"batch_size": 10},
        door=Door(origin=Origin.ADMIN, user=user), enqueue=False,
    )  # fmt: skip
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Pausar…" in page

    with monkeypatch.context() as patch:
        patch.setattr(
            rebuilding.Rebuilding,
            "_batch",
            lambda self, days, mark, batch=rebuilding.Rebuilding._batch: (
                client.post(reverse("admin:opsconsole_jobrun_cancel", args=[run.pk])),
                self.ctx.request_stop(),
                batch(self, days, mark),
            )[-1],
        )
        runner.execute(run.pk)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "En pausa" in page
    assert "Reanudar" in page
    client.post(reverse("admin:opsconsole_jobrun_retry", args=[run.pk]))

    again = last_run()
    assert again.retry_of_id == run.pk
    runner.execute(again.pk)
    again.refresh_from_db()
    assert (again.status, again.result["days"]) == ("succeeded", DAYS)
    assert "Reanudar" not in client.get(run.get_absolute_url()).content.decode()


def test_what_keeps_no_checkpoint_cannot_be_paused(damaged):
    run = runner.submit(registry.get("run_etl"), {}, door=terminal(), enqueue=False)

    with pytest.raises(CommandError, match="no se puede pausar"):
        command("console", "pause", str(run.pk))
