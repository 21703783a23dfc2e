"""The pipeline from end to end, on whichever databases the settings name."""

import threading
from datetime import UTC, date, datetime

import pytest

from callcentersite.apps.analytics.daily import mark_stale, rebuild_stale
from callcentersite.apps.analytics.models import Agent, Call, DailyMetrics, Queue, StaleDay
from callcentersite.apps.etl.jobs import run_etl
from callcentersite.apps.etl.load import target as loading
from callcentersite.apps.etl.models import CallRejection, EtlWatermark
from opsconsole import OperationError, RunContext
from opsconsole.exceptions import RunCancelled

from .etl_world import GUIDE, call_ids, everything, rejected_ids, run, watermark

BAD = {"ended_at": None}
LATER = "2026-10-05 12:00:00"


def touch(legacy, sql):
    with legacy.cursor() as cursor:
        cursor.execute(sql)


def test_the_first_run_loads_the_good_rows_and_keeps_the_bad_ones_with_their_reasons(legacy_calls):
    legacy_calls({}, BAD, {"queue_code": "na_ventas "})

    result = run(run_id=7)

    assert call_ids() == [1, 3]
    assert (result["read"], result["valid"], result["rejected"]) == (3, 2, 1)
    assert (result["inserted"], result["updated"], result["unchanged"]) == (2, 0, 0)
    assert result["reasons"] == {"ended_missing": 1}
    rejection = CallRejection.objects.get()
    assert (rejection.pk, rejection.reasons, rejection.run) == (2, ["ended_missing"], 7)
    assert rejection.raw["started_at"] == "2026-10-05 09:01:00"
    assert rejection.last_good is None


def test_a_loaded_call_is_the_mended_row(legacy_calls):
    legacy_calls({"ani": "044 55 1234 5678", "notes": "facturaciÃ³n\ty\nmás", "customer_id": 0})

    run()

    call = Call.objects.get()
    assert call.ani == "+525512345678"
    assert call.notes == "facturación\ty\nmás"
    assert call.customer_id is None
    assert call.started_at == datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
    assert (call.duration_s, call.wait_s, call.talk_s) == (190, 10, 180)


def test_texts_that_hold_the_separators_of_the_transport_lose_only_these(legacy_calls):
    legacy_calls({"notes": "uno\x1fdos\x1etres\x1dcuatro"}, {"notes": "normal"}, {"ani": "5\x1f5"})

    run()

    assert list(Call.objects.order_by("pk").values_list("notes", flat=True)) == [
        "unodostrescuatro",
        "normal",
        None,
    ]


def test_the_log_is_the_guides_eight_lines_and_nothing_else_above_debug(legacy_calls):
    legacy_calls({}, BAD)
    ctx = RunContext()

    run_etl({}, ctx)

    shown = [line.message for line in ctx.lines if line.level != "DEBUG"]
    assert shown == [line.format(read=2, valid=1, inserted=1) for line in GUIDE]
    assert [line.message for line in ctx.lines if line.bare] == [GUIDE[0], GUIDE[-1]]


def test_a_second_run_writes_nothing(legacy_calls):
    legacy_calls({}, BAD, {"updated_at": None})
    run(run_id=1)
    before = everything()

    result = run(run_id=2)

    assert everything() == before
    assert (result["inserted"], result["updated"]) == (0, 0)


@pytest.mark.parametrize("params", [{"full": True}, {"since": "2026-10-05", "until": "2026-10-05"}])
def test_the_same_rows_forced_again_change_nothing(legacy_calls, params):
    legacy_calls({}, BAD, {})
    run(run_id=1)
    before = everything()

    result = run(run_id=2, **params)

    assert everything() == before
    assert (result["read"], result["unchanged"], result["rejected"]) == (3, 2, 1)


def test_a_corrected_row_is_updated(legacy_calls):
    legacy_calls({}, {})
    run()
    legacy_calls({"menu_path": "9", "updated_at": LATER})

    result = run()

    assert result["updated"] == 1
    assert Call.objects.get(pk=1).menu_path == "9"
    assert watermark() == LATER


def test_a_corrected_row_clears_its_rejection(legacy_calls):
    legacy_calls(BAD, {})
    run()
    legacy_calls({"updated_at": LATER})

    result = run()

    assert (call_ids(), rejected_ids()) == ([1, 2], [])
    assert (result["inserted"], result["cleared"]) == (1, 1)


def test_a_good_row_that_turns_bad_leaves_for_the_rejections_with_its_last_good_values(
    legacy_calls,
):
    legacy_calls({}, {})
    run()
    legacy_calls({"ended_at": None, "updated_at": LATER})

    result = run()

    assert (call_ids(), rejected_ids()) == ([2], [1])
    assert result["withdrawn"] == 1
    last_good = CallRejection.objects.get().last_good
    assert last_good["ani"] == "+525512345678"
    assert last_good["ended_at"] == "2026-10-05T15:03:10+00:00"
    assert last_good["talk_s"] == 180


def test_the_last_good_values_stay_while_the_row_stays_bad(legacy_calls):
    legacy_calls({})
    run()
    legacy_calls({"ended_at": None, "updated_at": LATER})
    run()
    legacy_calls({"ended_at": None, "duration_s": None, "updated_at": "2026-10-05 13:00:00"})

    run()

    rejection = CallRejection.objects.get()
    assert rejection.reasons == ["ended_missing", "duration_invalid"]
    assert rejection.last_good["talk_s"] == 180


def test_rows_without_an_update_stamp_are_not_lost(legacy_calls):
    legacy_calls({})
    run()
    undated = {"updated_at": None, "menu_path": "7"}
    legacy_calls({}, undated, undated | {"updated_at": "0000-00-00 00:00:00"})

    run()

    assert call_ids() == [1, 2, 3]


def test_a_row_stamped_shortly_before_the_watermark_is_still_found(legacy_calls):
    legacy_calls({"updated_at": LATER})
    run()
    legacy_calls({"updated_at": LATER}, {"updated_at": "2026-10-05 11:56:00"})

    run()

    assert call_ids() == [1, 2]


def test_a_stamp_from_the_future_does_not_hide_what_comes_before_it(legacy_calls):
    legacy_calls({"updated_at": "2099-01-01 00:00:00"})
    run()
    today = f"{datetime.now(UTC):%Y-%m-%d} 23:59:59"

    legacy_calls({"updated_at": "2099-01-01 00:00:00"}, {"updated_at": today})
    run()

    assert watermark() < today
    assert call_ids() == [1, 2]


def test_a_range_reads_the_calls_that_start_in_it_and_leaves_the_watermark(legacy_calls):
    legacy_calls(
        {"started_at": "2026-10-04 23:59:59", "duration_s": None},
        {},
        {"started_at": None},
        {"started_at": "2026-10-06 00:00:00"},
    )

    result = run(since="2026-10-05", until="2026-10-05")

    assert result["read"] == 1
    assert call_ids() == [2]
    assert watermark() is None


def test_a_range_before_the_first_load_does_not_count_as_it(legacy_calls):
    legacy_calls({}, {}, {})
    run(since="2026-10-05 09:02")

    run()

    assert call_ids() == [1, 2, 3]


def test_only_the_calls_that_were_asked_for_are_read(legacy_calls):
    legacy_calls({}, {}, {}, {})

    result = run(call_ids="2, 4,99")

    assert result["read"] == 2
    assert call_ids() == [2, 4]


def test_a_simulation_writes_nothing_and_says_what_it_found(legacy_calls):
    legacy_calls({}, BAD, {"ani": None})
    before = everything()
    ctx = RunContext()

    result = run_etl({"dry_run": True}, ctx)

    assert everything() == before
    assert (result["valid"], result["rejected"]) == (2, 1)
    shown = [line.message for line in ctx.lines if line.level != "DEBUG"]
    assert shown[8:] == [
        "Simulacion: no se escribio nada",
        "Registros rechazados: 1",
        "ended_missing: 1 registros",
        "ani_missing: 1 registros",
    ]


def test_queues_and_agents_are_refreshed_and_only_where_they_differ(legacy_calls, legacy):
    legacy_calls({})
    run()
    Queue.objects.filter(pk="NA_VENTAS").update(name="otro nombre")
    touch(legacy, "UPDATE ivr_agents SET team = 'Noche' WHERE agent_code = 'A001'")
    touch(legacy, "DELETE FROM ivr_agents WHERE agent_code = 'A002'")

    run()

    assert Queue.objects.get(pk="NA_VENTAS").name != "otro nombre"
    assert Agent.objects.get(pk="A001").team == "Noche"
    assert Agent.objects.get(pk="A002").active is False


def test_calls_of_a_queue_that_was_unknown_are_loaded_once_it_exists(legacy_calls, legacy):
    legacy_calls({"queue_code": "nueva"}, {})
    run()
    assert rejected_ids() == [1]
    touch(
        legacy,
        "INSERT INTO ivr_queues (queue_code, name, segment) VALUES ('NUEVA', 'Nueva', 'puebla')",
    )

    run()

    assert (call_ids(), rejected_ids()) == ([1, 2], [])


def test_rows_that_the_legacy_database_dropped_are_kept_and_reported(legacy_calls, legacy):
    legacy_calls({}, {}, BAD)
    run()
    touch(legacy, "DELETE FROM ivr_calls WHERE call_id = 1")

    result = run(full=True)

    assert result["vanished"] == 1
    assert (call_ids(), rejected_ids()) == ([1, 2], [3])


# Days


def metrics():
    return {
        (row.day, row.queue): (row.offered, row.answered, row.abandoned, row.within_sla)
        for row in DailyMetrics.objects.all()
    }


def test_the_days_of_loaded_calls_have_their_metrics(legacy_calls):
    slow = {
        "answered_at": "2026-10-05 09:01:40",
        "ended_at": "2026-10-05 09:03:10",
        "duration_s": 130,
    }
    gave_up = {"disposition": "ABANDONED", "answered_at": None}
    legacy_calls({}, slow, gave_up)

    run()

    (row,) = DailyMetrics.objects.values()
    del row["id"]
    assert row == {
        "day": date(2026, 10, 5),
        "queue": "NA_VENTAS",
        "offered": 3,
        "answered": 2,
        "abandoned": 1,
        "within_sla": 1,
        "wait_sum_s": 50,
        "wait_max_s": 40,
        "talk_sum_s": 270,
        "talk_max_s": 180,
    }
    assert not StaleDay.objects.exists()


def test_a_day_is_the_sites_day(legacy_calls):
    night = {
        "started_at": "2026-10-05 23:59:00",
        "answered_at": "2026-10-05 23:59:10",
        "ended_at": "2026-10-06 00:02:10",
    }
    legacy_calls(night, {})

    run()

    assert metrics() == {(date(2026, 10, 5), "NA_VENTAS"): (2, 2, 0, 2)}


def test_a_call_that_moves_to_another_day_leaves_the_first_one(legacy_calls):
    legacy_calls({}, {})
    run()
    legacy_calls(
        {
            "started_at": "2026-10-07 09:00:00",
            "answered_at": "2026-10-07 09:00:10",
            "ended_at": "2026-10-07 09:03:10",
            "updated_at": LATER,
        }
    )

    result = run()

    assert metrics() == {
        (date(2026, 10, 5), "NA_VENTAS"): (1, 1, 0, 1),
        (date(2026, 10, 7), "NA_VENTAS"): (1, 1, 0, 1),
    }
    assert result["days_rebuilt"] == 2


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"notes": "llamó otra vez"}, 0),
        ({"answered_at": "2026-10-05 09:00:20"}, 1),
        ({"disposition": "TRANSFERRED"}, 1),
        ({"queue_code": "NA_SOPORTE"}, 1),
    ],
)
def test_only_what_is_measured_makes_a_day_be_built_anew(legacy_calls, change, days):
    legacy_calls({})
    run()
    legacy_calls(change | {"updated_at": LATER})

    result = run()

    assert (result["updated"], result["days_rebuilt"]) == (1, days)


def test_a_call_that_turns_bad_leaves_its_day(legacy_calls):
    legacy_calls({}, {})
    run()
    legacy_calls({}, {"ended_at": None, "updated_at": LATER})

    run()

    assert metrics() == {(date(2026, 10, 5), "NA_VENTAS"): (1, 1, 0, 1)}


def test_a_new_service_level_rebuilds_the_days_of_its_queue(legacy_calls, legacy):
    legacy_calls({})
    run()
    touch(legacy, "UPDATE ivr_queues SET sla_seconds = 5 WHERE queue_code = 'NA_VENTAS'")

    run()

    assert metrics() == {(date(2026, 10, 5), "NA_VENTAS"): (1, 1, 0, 0)}


def test_days_that_a_killed_run_left_stale_are_rebuilt_by_the_next(legacy_calls):
    legacy_calls({})
    run()
    DailyMetrics.objects.all().delete()
    StaleDay.objects.create(day=date(2026, 10, 5))

    run()

    assert metrics() == {(date(2026, 10, 5), "NA_VENTAS"): (1, 1, 0, 1)}


# Interruptions


@pytest.fixture
def breaks(monkeypatch):
    """Let the load of the n-th chunk fail after its rows were written and before the commit."""

    def at(chunk):
        loaded = iter(range(1, 1000))
        put = loading.Target._put

        def failing(self, cursor, chunk_of_rows):
            tally = put(self, cursor, chunk_of_rows)
            if next(loaded) == chunk:
                raise OperationError("se acabó")
            return tally

        monkeypatch.setattr(loading.Target, "_put", failing)

    yield at
    monkeypatch.undo()


def test_a_first_load_that_broke_off_leaves_whole_chunks_and_the_next_run_goes_on(
    legacy_calls, breaks, monkeypatch
):
    legacy_calls({}, BAD, {}, {}, {}, {}, {})
    breaks(3)

    with pytest.raises(OperationError, match="se acabó"):
        run(batch_size=2)
    assert (call_ids(), rejected_ids()) == ([1, 3, 4], [2])
    assert EtlWatermark.objects.get(pk="first_load").call_id == 4
    assert watermark() is None
    monkeypatch.undo()

    result = run(batch_size=2)

    assert (call_ids(), rejected_ids()) == ([1, 3, 4, 5, 6, 7], [2])
    assert result["inserted"] == 3
    assert watermark() == "2026-10-05 09:09:11"
    assert not EtlWatermark.objects.filter(pk="first_load").exists()


def test_what_was_corrected_while_a_first_load_lay_broken_is_found_too(
    legacy_calls, breaks, monkeypatch
):
    legacy_calls({}, {}, {})
    breaks(2)
    with pytest.raises(OperationError):
        run(batch_size=1)
    monkeypatch.undo()
    legacy_calls({"menu_path": "9", "updated_at": LATER})

    run(batch_size=1)

    assert Call.objects.get(pk=1).menu_path == "9"
    assert call_ids() == [1, 2, 3]


def test_a_later_attempt_of_a_full_run_continues_behind_its_checkpoint(
    legacy_calls, breaks, monkeypatch
):
    legacy_calls({}, {}, {}, {})
    run()
    breaks(3)
    with pytest.raises(OperationError):
        run(full=True, batch_size=1, run_id=5)
    monkeypatch.undo()

    result = run(full=True, batch_size=1, run_id=5, attempt=2)

    assert result["read"] == 2
    assert list(EtlWatermark.objects.values_list("pk", flat=True)) == ["ivr_calls"]


def test_another_full_run_begins_at_the_beginning(legacy_calls, breaks, monkeypatch):
    legacy_calls({}, {}, {})
    run()
    breaks(2)
    with pytest.raises(OperationError):
        run(full=True, batch_size=1, run_id=5)
    monkeypatch.undo()

    assert run(full=True, run_id=6)["read"] == 3


def test_an_incremental_run_that_broke_off_is_completed_by_the_next(
    legacy_calls, breaks, monkeypatch
):
    legacy_calls({}, {}, {})
    run()
    stamps = [f"2026-10-05 12:{minute}:00" for minute in (10, 20, 30)]
    legacy_calls(*({"menu_path": "9", "updated_at": stamp} for stamp in stamps))
    breaks(2)
    with pytest.raises(OperationError):
        run(batch_size=1)
    assert watermark() == stamps[0]
    monkeypatch.undo()

    run(batch_size=1)

    assert set(Call.objects.values_list("menu_path", flat=True)) == {"9"}
    assert watermark() == stamps[2]


def test_cancelling_stops_between_chunks_and_the_next_run_goes_on(legacy_calls):
    legacy_calls({}, {}, {}, {}, {}, {})
    ctx = RunContext()
    spend = ctx.spend

    def cancel_at_the_first_load(key, seconds, **more):
        if key == "load":
            ctx.request_stop()
        spend(key, seconds, **more)

    ctx.spend = cancel_at_the_first_load
    with pytest.raises(RunCancelled):
        run_etl({"batch_size": 1}, ctx)
    loaded = call_ids()
    assert EtlWatermark.objects.get(pk="first_load").call_id == len(loaded) < 6

    run()

    assert call_ids() == [1, 2, 3, 4, 5, 6]


def test_no_thread_and_no_connection_is_left_behind(legacy_calls, breaks):
    legacy_calls({}, {})
    breaks(1)

    with pytest.raises(OperationError):
        run()

    assert [thread.name for thread in threading.enumerate() if thread.name == "etl-load"] == []


def test_a_run_that_another_one_replaced_can_write_no_more(legacy_calls, monkeypatch):
    legacy_calls({}, {})
    put = loading.Target._put

    def overtaken(self, cursor, chunk):
        tally = put(self, cursor, chunk)
        self.owner = "declared lost"
        return tally

    monkeypatch.setattr(loading.Target, "_put", overtaken)

    with pytest.raises(OperationError, match="otra ejecución"):
        run(batch_size=1)

    assert call_ids() == [1]


# The whole world


def test_calls_and_rejections_are_exactly_the_legacy_rows_after_any_number_of_runs(legacy_calls):
    changes = [{}, BAD, {"duration_s": None}, {"ani": "basura"}, {"started_at": None}, {}]
    legacy_calls(*changes)
    run(batch_size=2)
    stamp = {"updated_at": LATER}
    legacy_calls(BAD | stamp, stamp, BAD | stamp, stamp, stamp, {"queue_code": "X"} | stamp, {})

    run(batch_size=2)

    assert call_ids() == [2, 4, 5, 7]
    assert rejected_ids() == [1, 3, 6]


def test_a_rejection_keeps_quotes_and_backslashes(legacy_calls):
    legacy_calls({"ended_at": None, "notes": 'dice "hola" \\ y cuelga'})

    run()

    assert CallRejection.objects.get().raw["notes"] == 'dice "hola" \\ y cuelga'


def rows_of_metrics():
    rows = DailyMetrics.objects.order_by("day", "queue").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def on_day(day, **changes):
    stamps = {"started_at": "09:00:00", "answered_at": "09:00:10", "ended_at": "09:03:10"}
    return {name: f"2026-09-{day:02} {time}" for name, time in stamps.items()} | changes


def test_metrics_that_were_added_up_are_those_that_are_built_from_all_calls(legacy_calls):
    gave_up = {"disposition": "ABANDONED", "answered_at": None}
    legacy_calls(
        *(on_day(day) for day in range(1, 15)),
        on_day(3, queue_code="na_ventas "),
        on_day(3, **gave_up),
        on_day(5, answered_at="2026-09-05 09:02:00"),
    )
    run(batch_size=4)
    added = rows_of_metrics()

    mark_stale([date(2026, 9, day) for day in range(1, 15) if day != 9])
    rebuild_stale(zone="America/Mexico_City")

    assert len(added) == 14
    assert rows_of_metrics() == added


def test_days_far_apart_are_built_one_by_one_to_the_same_end(legacy_calls):
    legacy_calls(on_day(1), on_day(20), on_day(20, disposition="VOICEMAIL"))
    run()
    added = rows_of_metrics()

    mark_stale([date(2026, 9, 1), date(2026, 9, 20)])
    rebuild_stale(zone="America/Mexico_City")

    assert [(row["day"].day, row["offered"], row["answered"]) for row in added] == [
        (1, 1, 1),
        (20, 2, 1),
    ]
    assert rows_of_metrics() == added
