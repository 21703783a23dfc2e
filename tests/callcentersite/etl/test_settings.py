"""``llamadas.enable_call_recording`` and ``max_call_duration``, as a run of the ETL obeys them."""

import pytest

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.etl.jobs import run_etl
from callcentersite.apps.etl.models import CallRejection
from opsconsole import RunContext

from .etl_world import run

FILE = "2026/10/05/1.wav"  # GOOD_CALL
BAD = {"ended_at": None}


@pytest.fixture
def change(legacy):
    """Give a setting of the calls another value."""
    services.seed("llamadas")

    def change(name, valor):
        config = Configuracion.objects.get(clave=f"llamadas.{name}")
        config.valor = valor
        config.save()

    return change


def recordings():
    return list(Call.objects.order_by("pk").values_list("recording_file", flat=True))


def test_recordings_are_loaded_by_default(legacy_calls):
    legacy_calls({})

    run()

    assert recordings() == [FILE]


def test_switched_off_no_recording_is_loaded_nor_kept_with_a_refused_row(legacy_calls, change):
    change("enable_call_recording", "false")
    legacy_calls({}, BAD)

    run()

    assert recordings() == [None]
    assert CallRejection.objects.get().raw["recording_file"] is None


def test_what_was_loaded_stays_until_it_is_read_again(legacy_calls, change):
    legacy_calls({}, {"updated_at": "2026-10-07 12:00:00"})
    run()
    change("enable_call_recording", "false")

    run(call_ids="2")

    assert recordings() == [FILE, None]


def test_a_full_run_takes_the_recordings_away_and_another_brings_them_back(legacy_calls, change):
    legacy_calls({}, {}, BAD)
    run()

    change("enable_call_recording", "false")
    off = run(full=True)
    without = recordings(), CallRejection.objects.get().raw["recording_file"]
    again = run(full=True)
    change("enable_call_recording", "true")
    on = run(full=True)

    assert (off["updated"], again["updated"], on["updated"]) == (2, 0, 2)
    assert without == ([None, None], None)
    assert recordings() == [FILE, FILE]
    assert CallRejection.objects.get().raw["recording_file"] == FILE


def test_a_long_call_is_loaded_and_warned_about(legacy_calls, change):
    change("max_call_duration", "189")
    legacy_calls({}, {"duration_s": 188})

    result = run()

    assert (result["valid"], result["warnings"]) == (2, {"duration_exceeded": 1})


def test_a_simulation_lists_the_warning(legacy_calls, change):
    change("max_call_duration", "60")
    legacy_calls({})
    ctx = RunContext()

    run_etl({"dry_run": True}, ctx)

    assert "duration_exceeded: 1 registros" in [line.message for line in ctx.lines]


def test_a_change_in_the_middle_of_a_run_waits_for_the_next(legacy_calls, change):
    legacy_calls({}, {}, {})

    class Meddler(RunContext):
        def check_cancelled(self):
            change("enable_call_recording", "false")
            super().check_cancelled()

    run_etl({"batch_size": 1}, Meddler())

    assert recordings() == [FILE, FILE, FILE]
