"""What was shown is what happens, once, in time, to whom it was shown; or nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization import planning, policies
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole import OperationError, kept_plans, runner
from opsconsole.exceptions import OverLimit, UnusablePlan
from opsconsole.models import JobRun, SealedPlan
from opsconsole.plans import StalePlan
from tests.callcentersite.data_centralization.conftest import (
    applied,
    call,
    call_ids,
    command,
    door,
    shown,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def facts(kept):
    return kept.details["policies"][0]


def test_the_plan_tells_rows_share_ages_bytes_index_and_a_sample(old_and_new, policy):
    policy()

    kept = shown()

    row = facts(kept)
    assert (row["rows"], row["share"], row["index"]) == (10, 10, "calls_anonymized_at")
    assert row["sample"][0]["key"] == "1" and len(row["sample"]) == 10
    assert row["oldest"] == row["newest"] != ""
    assert row["size"].endswith(("B", "KB"))
    assert kept.rows == 10 and len(kept.digest) == 64
    assert kept.expires_at - kept.made_at == timedelta(hours=1)


def test_the_cut_off_is_fixed_when_the_plan_is_made(old_and_new, calls, policy, monkeypatch):
    calls([20], days=800, anonymised_days=364)
    policy()
    kept = shown()

    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(policies, "moment", lambda: later)
    run = applied(kept)

    assert run.status == "succeeded"
    assert call_ids() == [20, *range(101, 191)]


@pytest.mark.parametrize(
    "change",
    [{"days": 36_500}, {"active": False}, {"archive": True}, {"needs_approval": True}],
    ids=lambda change: next(iter(change)),
)
def test_a_policy_that_was_edited_meanwhile_is_not_applied_as_it_was(old_and_new, policy, change):
    made = policy()
    kept, waiting = shown(), runner.apply(shown(), door=door(), enqueue=False)
    RetentionPolicy.objects.filter(pk=made.pk).update(**change)

    with pytest.raises(StalePlan) as stale:
        runner.apply(kept, door=door())
    runner.execute(waiting.pk)

    assert stale.value.cause == "Cambió la política desde que se mostró: anonymized_data."
    assert JobRun.objects.get().error_cause == stale.value.cause
    assert len(call_ids()) == 100


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda: call(50, days=900, anonymised_days=500).save(), "+1 ~0 −0"),
        (lambda: Call.objects.filter(pk__in=[3, 4]).update(dnis="1"), "+0 ~2 −0"),
        (lambda: Call.objects.filter(pk=5).delete(), "+0 ~0 −1"),
        (lambda: Call.objects.filter(pk=5).update(anonymized_at=timezone.now()), "+0 ~0 −1"),
    ],
    ids=["inserted", "changed", "deleted", "no longer old"],
)
def test_rows_that_changed_meanwhile_are_counted_and_nothing_goes(
    old_and_new, policy, change, difference
):
    policy()
    kept = shown()
    change()
    before = call_ids()

    with pytest.raises(StalePlan) as stale:
        runner.apply(kept, door=door())

    assert f"anonymized_data {difference}" in stale.value.cause
    assert call_ids() == before
    assert JobRun.objects.count() == 0


def test_rows_that_change_while_it_waits_in_the_queue_stop_it_too(old_and_new, policy):
    policy()
    run = runner.apply(shown(), door=door(), enqueue=False)
    Call.objects.filter(pk=3).update(dnis="1")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", "El plan ya no vale: no se cambió nada.")
    assert "+0 ~1 −0" in run.error_cause
    assert len(call_ids()) == 100
    assert RetentionRemoval.objects.count() == 0


def test_what_is_not_selected_may_change_as_it_likes(old_and_new, policy):
    policy()
    kept = shown()
    Call.objects.filter(pk__gt=100).update(dnis="1")

    assert applied(kept).status == "succeeded"


def test_a_plan_is_used_once(old_and_new, policy):
    policy()
    kept = shown()
    run = applied(kept)

    with pytest.raises(UnusablePlan, match="ya se usó"):
        runner.apply(SealedPlan.objects.get(pk=kept.pk), door=door())

    kept.refresh_from_db()
    assert kept.run_id == run.pk
    assert JobRun.objects.count() == 1


def test_of_two_confirmations_at_the_same_moment_one_is_refused(old_and_new, policy):
    policy()
    kept = shown()
    seen_by_the_other = SealedPlan.objects.get(pk=kept.pk)
    first = runner.apply(kept, door=door(), enqueue=False)
    JobRun.objects.update(status="cancelled", finished_at=timezone.now())

    # The other one had looked before the first one wrote: the guarded UPDATE decides.
    with pytest.raises(UnusablePlan, match="ya se usó"), transaction.atomic(using="ops"):
        other = JobRun.objects.create(operation="apply_retention", origin="cli", lock_key="b")
        kept_plans.take(seen_by_the_other, other, door=door())

    assert SealedPlan.objects.get().run_id == first.pk
    assert JobRun.objects.count() == 1


def test_of_two_people_who_click_at_once_one_makes_the_run(old_and_new, policy):
    policy()
    kept = shown()
    together = Barrier(2)

    def click(_number):
        together.wait()
        try:
            return runner.apply(SealedPlan.objects.get(pk=kept.pk), door=door()).pk
        except OperationError as refusal:
            return refusal.message
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(click, range(2)))

    run = JobRun.objects.get()
    assert run.pk in answers
    assert [answer for answer in answers if isinstance(answer, str)], answers
    assert SealedPlan.objects.get().run_id == run.pk


def test_a_plan_expires_by_the_databases_clock(old_and_new, policy):
    policy()
    kept = shown()
    SealedPlan.objects.update(
        made_at=timezone.now() - timedelta(hours=2),
        expires_at=timezone.now() - timedelta(seconds=1),
    )

    with pytest.raises(UnusablePlan, match="venció"):
        runner.apply(kept, door=door())

    assert len(call_ids()) == 100


def test_nobody_confirms_anothers_plan(old_and_new, policy, operator, account):
    policy()
    kept = shown(user=operator)
    other = account("otra", "run_apply_retention")

    with pytest.raises(UnusablePlan, match="es de otra persona"):
        runner.apply(kept, door=door(other))

    assert len(call_ids()) == 100


def test_a_run_without_a_plan_is_refused(old_and_new, policy):
    from opsconsole import registry

    policy()
    with pytest.raises(UnusablePlan, match="solo hace lo que un plan confirmado dice"):
        runner.submit(registry.get("apply_retention"), {}, door=door())


def test_a_table_without_rows(policy):
    policy()

    kept = shown()

    assert (kept.rows, kept.content["summary"]) == (0, "Nada ha cumplido su plazo.")
    with pytest.raises(OperationError, match="No hay nada que hacer"):
        runner.apply(kept, door=door())


def test_a_large_plan_is_sealed_in_groups_and_drift_is_still_found(calls, policy, monkeypatch):
    from callcentersite.data_centralization.tables import base, postgres

    monkeypatch.setattr(base, "FINE_UP_TO", 5)
    monkeypatch.setattr(postgres, "FINE_UP_TO", 5)
    calls(range(1, 300), days=800, anonymised_days=400)
    policy()
    kept = shown()
    call(1000, days=900, anonymised_days=500).save()
    Call.objects.filter(pk__in=[7, 8]).delete()

    with pytest.raises(StalePlan) as stale:
        runner.apply(kept, door=door())

    assert "+1 ~0 −2" in stale.value.cause
    assert facts(kept)["estimated"] == is_postgres()
    run = applied(shown(), expected=298)
    assert run.result["deleted"] == 298
    assert call_ids() == []
    told = run.log.filter(message__startswith="El espacio se calculó con una muestra")
    assert told.exists() == is_postgres()


# What may not be


@pytest.mark.parametrize("days", [3, 29, 0])
def test_fewer_days_than_the_floor_are_refused_by_the_database(policy, days):
    made = policy()

    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionPolicy.objects.filter(pk=made.pk).update(days=days)


def test_a_setting_below_the_floor_stops_the_plan(old_and_new, policy, transactional_db):
    from django.core.management import call_command

    from callcentersite.apps.configuration import settings_cache
    from callcentersite.apps.configuration.models import Configuracion

    call_command("seed_configuraciones_default", verbosity=0)
    policy(days=None, config_key="sistema.log_retention_days", floor_days=30)
    Configuracion.objects.filter(clave="sistema.log_retention_days").update(valor="3")
    settings_cache.forget()

    with pytest.raises(OperationError) as refusal:
        shown()

    assert "3 días están fuera de lo permitido" in refusal.value.message
    assert "Corrija sistema.log_retention_days." in refusal.value.remedy
    assert len(call_ids()) == 100


@pytest.mark.parametrize("now", [datetime(9999, 12, 1, tzinfo=UTC), datetime(2, 1, 1, tzinfo=UTC)])
def test_clocks_that_disagree_stop_everything(old_and_new, policy, monkeypatch, now):
    policy()
    monkeypatch.setattr(policies.timezone, "now", lambda: now)

    with pytest.raises(OperationError, match="los relojes no coinciden"):
        planning.make()


def test_a_row_of_the_year_9999_is_young(old_and_new, policy):
    policy()
    Call.objects.filter(pk=1).update(anonymized_at=datetime(9999, 12, 31, tzinfo=UTC))

    assert shown().rows == 9


def test_a_foreign_key_that_would_cascade_outside_the_plan_is_refused(
    old_and_new, policy, monkeypatch
):
    from callcentersite.data_centralization import cascades

    policy()
    monkeypatch.setattr(cascades, "outside", lambda target: ["tickets.Ticket"])

    with pytest.raises(OperationError) as refusal:
        shown()

    assert "Dependen de ella: tickets.Ticket." in refusal.value.cause


def test_the_models_own_cascades_are_seen(transactional_db):
    from callcentersite.data_centralization import cascades
    from callcentersite.data_centralization.targets import Target

    runs = Target(name="runs", title="", model="opsconsole.JobRun", age="queued_at")

    assert {"opsconsole.JobLog", "opsconsole.JobArtifact"} <= set(cascades.outside(runs))


# Far beyond the usual


@pytest.fixture
def history(transactional_db):
    def history(*rows, cutoff=datetime(2026, 1, 1, tzinfo=UTC)):
        RetentionRemoval.objects.bulk_create(
            RetentionRemoval(
                run=0, policy="anonymized_data", target="anonymized_data", action="delete",
                rows=count, removed_at=timezone.now(), cutoff=cutoff,
            )
            for count in rows
        )  # fmt: skip

    return history


def test_five_times_the_median_needs_a_second_person(old_and_new, policy, history, operator):
    policy()
    history(1, 1, 1, 2, 9)

    kept = shown(user=operator)
    run = runner.apply(kept, door=door(operator))

    assert "muy por encima de lo habitual" in kept.content["second_person"][0]
    assert run.status == "awaiting_approval"
    assert len(call_ids()) == 100


def test_the_usual_needs_nobody(old_and_new, policy, history, operator):
    policy()
    history(2, 2, 2, 3, 2)

    run = runner.apply(shown(user=operator), door=door(operator))

    assert run.status == "queued"


def test_erasures_of_people_say_nothing_of_what_is_usual(old_and_new, policy, history):
    policy()
    history(1, 1, 1, cutoff=None)

    assert shown().content["second_person"] == []


def test_not_even_the_terminal_does_it_alone(old_and_new, policy, history):
    policy()
    history(1, 1, 1)

    with pytest.raises(OverLimit) as refusal:
        runner.apply(shown(), door=door(), unattended=True, expected=10)

    assert "Repita con --as USUARIO" in refusal.value.remedy


def test_a_table_is_not_nearly_emptied_unseen(calls, policy):
    calls(range(1, 121), days=800, anonymised_days=400)
    calls(range(201, 211), days=3)
    policy()

    with pytest.raises(OverLimit) as refusal:
        runner.apply(shown(), door=door(), unattended=True)

    assert "es el 92 % de la tabla" in refusal.value.cause
    assert len(call_ids()) == 130


# The second person


@pytest.fixture
def waiting(old_and_new, policy, operator):
    policy(needs_approval=True)
    return runner.apply(shown(user=operator), door=door(operator))


def test_the_approval_is_bound_to_what_was_shown(waiting, supervisor):
    run = runner.approve(waiting, door=door(supervisor))
    runner.execute(run.pk)

    assert JobRun.objects.get(pk=run.pk).result["deleted"] == 10


def test_drift_makes_the_request_void(waiting, supervisor):
    Call.objects.filter(pk=3).update(dnis="1")

    with pytest.raises(StalePlan):
        runner.approve(waiting, door=door(supervisor))

    run = JobRun.objects.get(pk=waiting.pk)
    assert (run.status, run.approval.decision) == ("expired", "expired")
    assert "+0 ~1 −0" in run.error_cause
    assert len(call_ids()) == 100


# Every table whole


def test_what_was_done_before_another_table_changed_is_not_denied(old_and_new, policy, monkeypatch):
    from callcentersite.data_centralization.applying import Application

    policy("anonymized_data")
    policy("calls", action="anonymise", days=30)
    Call.objects.filter(pk__gt=100).update(started_at=timezone.now() - timedelta(days=40))
    kept = shown()
    table = Application._table

    def and_change(self, step):
        done = table(self, step)
        Call.objects.filter(pk=150).update(dnis="1")
        return done

    monkeypatch.setattr(Application, "_table", and_change)
    run = applied(kept, expected=kept.rows)

    assert run.status == "failed"
    assert run.error.startswith("El plan dejó de valer en «calls», que quedó como estaba")
    assert run.result["policies"] == {"anonymized_data": 10}
    assert "Antes de detenerse terminó: anonymized_data (10)." in [
        line.message for line in run.log.all()
    ]
    assert not Call.objects.filter(ani=None).exists()


def test_two_policies_for_the_same_rows_are_refused(old_and_new, policy):
    policy()

    with pytest.raises(ValidationError, match="«anonymized_data» ya trata estas filas"):
        policy("otra", target="anonymized_data", days=500)
    policy("otra", target="anonymized_data", days=500, active=False)
    RetentionPolicy.objects.filter(name="otra").update(active=True)

    with pytest.raises(OperationError, match="«anonymized_data» y «otra»"):
        shown()

    assert len(call_ids()) == 100


def test_what_fails_in_the_middle_leaves_the_table_whole(old_and_new, policy, monkeypatch):
    from callcentersite.data_centralization.targets import get

    policy()
    kept = shown()

    def fails(removal):
        raise OSError(28, "No space left on device")

    target = get("anonymized_data")
    object.__setattr__(target, "removed", fails)
    try:
        run = applied(kept)
    finally:
        from callcentersite.apps.analytics import removed

        object.__setattr__(target, "removed", removed.remember)

    assert run.status == "failed"
    assert len(call_ids()) == 100
    assert RetentionRemoval.objects.count() == 0


def test_cancelled_between_batches_the_table_is_whole_and_the_log_says_so(
    old_and_new, policy, monkeypatch
):
    from callcentersite.data_centralization.tables import postgres, sqlite

    monkeypatch.setattr(sqlite, "BATCH", 3)
    monkeypatch.setattr(postgres, "FIRST_PAGES", 1)
    policy()
    run = runner.apply(shown(), door=door(), enqueue=False)
    heard, deleted = [], []
    kind = postgres.PostgresTable if is_postgres() else sqlite.SQLiteTable
    delete = kind.delete

    def and_cancel(self, where, *, into=None):
        deleted.append(delete(self, where, into=into))
        if deleted[-1]:  # the first pages may hold nothing but what earlier tests left
            heard[0].request_stop()
        return deleted[-1]

    monkeypatch.setattr(kind, "delete", and_cancel)
    runner.execute(run.pk, listen=heard.append)

    run.refresh_from_db()
    assert sum(deleted) > 0
    assert run.status == "cancelled"
    assert len(call_ids()) == 100
    assert "se canceló a mitad; la tabla quedó como estaba" in " ".join(
        line.message for line in run.log.all()
    )


def test_a_part_that_takes_too_long_is_undone_and_done_in_smaller_ones(calls, policy, monkeypatch):
    from callcentersite.data_centralization.tables import postgres, sqlite

    monkeypatch.setattr(postgres, "LOCK_SECONDS", 1)
    kind = postgres.PostgresTable if is_postgres() else sqlite.SQLiteTable
    delete, parts = kind.delete, []

    def hesitate(self, where, *, into=None):
        parts.append(where)
        rows = delete(self, where, into=into)
        if len(parts) == 1 and is_postgres():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(60)")
        return rows

    monkeypatch.setattr(kind, "delete", hesitate)
    calls(range(1, 11), days=800, anonymised_days=400)
    calls(range(101, 191), days=20)
    policy(archive=True)

    run = applied(shown())

    assert (run.status, len(call_ids())) == ("succeeded", 90), run.error
    assert len(parts) > 1 or not is_postgres()
    command("console", "undo", str(run.pk))
    assert call_ids() == [*range(1, 11), *range(101, 191)]


def test_where_not_even_one_page_is_done_in_time_it_says_what_to_do():
    from callcentersite.data_centralization.tables.postgres import PostgresTable

    table = PostgresTable(Call, alias="default")

    assert [table._fewer(step) for step in (16_000, 5, 3)] == [4_000, 1, 1]
    with pytest.raises(OperationError) as refusal:
        table._fewer(1)
    assert refusal.value.message.startswith("No se cambió nada en calls")
    assert refusal.value.remedy == "Repita en horario de bajo tráfico."


def is_postgres():
    return connection.vendor == "postgresql"
