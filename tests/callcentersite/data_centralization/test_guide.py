"""``apply_retention`` as the guide shows it: options, lines, refusals."""

import io

import pytest
from django.core.management import CommandError, call_command

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole import limits
from opsconsole.models import JobRun, SealedPlan
from tests.callcentersite.data_centralization.conftest import call_ids, command

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self):
        return True


@pytest.fixture
def types(monkeypatch):
    """``types("yes")``: that is what the person answers; the questions are kept."""
    asked = []

    def types(answer):
        def answering(question):
            asked.append(question)
            return answer

        monkeypatch.setattr("sys.stdin", Terminal())
        monkeypatch.setattr("builtins.input", answering)
        return asked

    return types


def test_confirmed_it_prints_the_guides_lines(old_and_new, policy, types):
    policy()
    asked = types("yes")

    out = command("apply_retention")

    size = RetentionRemoval.objects.get().size_bytes
    assert out.splitlines() == [
        "Aplicando politicas de retencion...",
        "[INFO] anonymized_data: 10 registros > 365 dias",
        "Total a eliminar: 10 registros",
        "Eliminando...",
        "[SUCCESS] 10 registros eliminados",
        f"Espacio liberado: {size / 1000:.1f} KB",
    ]
    assert asked == ["¿Confirmar eliminacion? (yes/no): "]
    assert call_ids() == list(range(101, 191))


def test_what_looks_wrong_is_said_beside_the_guides_lines_before_the_question(calls, policy, types):
    calls(range(1, 11), days=800, anonymised_days=400)
    policy()
    types("no")
    out, err = io.StringIO(), io.StringIO()

    call_command("apply_retention", stdout=out, stderr=err, no_color=True)

    assert "WARNING" not in out.getvalue()
    assert err.getvalue() == (
        "[WARNING] anonymized_data: se iría el 100 % de la tabla. Revise el plazo y el reloj.\n"
    )


@pytest.mark.parametrize("answer", ["no", "", "y e s", "10"])
def test_anything_but_yes_changes_nothing(old_and_new, policy, types, answer):
    policy()
    types(answer)

    assert command("apply_retention").endswith("Cancelado: no se cambió nada.\n")
    assert len(call_ids()) == 100
    assert JobRun.objects.count() == 0


def test_a_dry_run_prints_the_plan_and_writes_nothing(old_and_new, policy):
    policy()

    out = command("apply_retention", "--dry-run")

    assert out.splitlines()[-1] == "Total a eliminar: 10 registros"
    assert (len(call_ids()), JobRun.objects.count(), SealedPlan.objects.count()) == (100, 0, 0)


def test_without_a_terminal_it_refuses_instead_of_waiting(old_and_new, policy, monkeypatch):
    policy()
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))

    with pytest.raises(CommandError) as refusal:
        command("apply_retention")

    assert refusal.value.returncode == 2
    assert "Repita con --force" in str(refusal.value)
    assert len(call_ids()) == 100


def test_force_does_not_ask(old_and_new, policy):
    policy()

    assert "[SUCCESS] 10 registros eliminados" in command("apply_retention", "--force")


def test_twice_is_the_same(old_and_new, policy):
    policy()
    command("apply_retention", "--force")

    out = command("apply_retention", "--force")

    assert out.endswith("Total a eliminar: 0 registros\nNo hay nada que hacer.\n")
    assert len(call_ids()) == 90


def test_without_policies_it_says_what_to_do(transactional_db):
    with pytest.raises(CommandError) as refusal:
        command("apply_retention")

    assert str(refusal.value).splitlines() == [
        "ERROR: No retention policies configured",
        "CAUSA: Configuraciones ausentes",
        "SOLUCION: Crear configuraciones de retencion: python manage.py seed_retention_policies",
    ]


def test_an_unknown_table_gets_the_list(transactional_db):
    with pytest.raises(CommandError) as refusal:
        command("apply_retention", "--table=nada")

    assert refusal.value.returncode == 2
    assert "No existe la tabla «nada»." in str(refusal.value)
    assert "anonymized_data, " in str(refusal.value)


def test_a_table_limits_it_to_its_policies(old_and_new, calls, policy):
    policy()
    policy("calls", action="anonymise")

    out = command("apply_retention", "--table=calls", "--dry-run")

    assert "anonymized_data" not in out
    assert "[INFO] calls: 0 registros > 365 dias" in out


def test_a_table_without_a_policy_says_so(policy):
    policy()

    with pytest.raises(CommandError, match="Ninguna política activa trata la tabla «calls»"):
        command("apply_retention", "--table=calls")


# Large ones


@pytest.fixture
def large_from_five(monkeypatch):
    monkeypatch.setattr(limits, "TYPE_ABOVE", 5)


def test_a_large_one_warns_and_wants_its_number(old_and_new, policy, types, large_from_five):
    policy()
    asked = types("10")

    out = command("apply_retention")

    assert "WARNING: Large deletion detected (> 10000 rows)" in out
    assert "CAUSA: Retention no ejecutada por mucho tiempo" in out
    assert "SOLUCION: Ejecutar en horario de bajo trafico" in out
    assert asked == ["Escriba 10 para confirmar: "]
    assert len(call_ids()) == 90


@pytest.mark.parametrize("answer", ["yes", "9", ""])
def test_a_yes_is_not_enough_for_a_large_one(old_and_new, policy, types, large_from_five, answer):
    policy()
    types(answer)

    assert "Cancelado" in command("apply_retention")
    assert len(call_ids()) == 100


def test_force_alone_is_not_enough_for_a_large_one(old_and_new, policy, large_from_five):
    policy()

    with pytest.raises(CommandError) as refusal:
        command("apply_retention", "--force")

    assert refusal.value.returncode == 5
    assert "Revíselo y repita con --expect-rows=10." in str(refusal.value)
    assert len(call_ids()) == 100


def test_the_expected_number_is(old_and_new, policy, large_from_five):
    policy()

    command("apply_retention", "--expect-rows=10")

    assert len(call_ids()) == 90


def test_another_number_than_expected_is_a_stale_plan(old_and_new, policy):
    policy()

    with pytest.raises(CommandError) as refusal:
        command("apply_retention", "--force", "--expect-rows=9")

    assert refusal.value.returncode == 3
    assert "Se esperaban 9 filas y son 10." in str(refusal.value)
    assert len(call_ids()) == 100


@pytest.mark.parametrize(("limit", "left"), [(10, 90), (9, 100)])
def test_a_limit_of_the_policy_allows_it(old_and_new, policy, large_from_five, limit, left):
    policy(max_rows=limit)

    if left == 90:
        command("apply_retention", "--force")
    else:
        with pytest.raises(CommandError, match="demasiado grande"):
            command("apply_retention", "--force")

    assert len(call_ids()) == left


# The seed


def test_the_seed_makes_the_guides_policies_and_keeps_what_was_changed(transactional_db):
    command("seed_retention_policies")
    RetentionPolicy.objects.filter(name="anonymized_data").update(days=500)

    again = command("seed_retention_policies")

    assert again.endswith("Seed completado: 0 políticas creadas\n")
    kept = RetentionPolicy.objects.get(name="anonymized_data")
    assert (kept.days, kept.action, kept.active) == (500, "delete", True)
    blanking = RetentionPolicy.objects.get(name="calls")
    assert (blanking.days, blanking.action, blanking.active) == (365, "anonymise", False)


def test_the_seed_leaves_rows_to_the_policy_that_somebody_wrote_for_them(policy):
    policy("propia", target="anonymized_data", days=500)

    command("seed_retention_policies")

    assert not RetentionPolicy.objects.get(name="anonymized_data").active
    assert RetentionPolicy.objects.get(name="propia").active


def test_anonymising_takes_who_called_and_leaves_the_call(calls, policy):
    calls(range(1, 4), days=400)
    calls(range(11, 14), days=20)
    policy("calls", action="anonymise")

    out = command("apply_retention", "--expect-rows=3")

    assert "[SUCCESS] 3 registros anonimizados" in out
    assert "Total a anonimizar: 3 registros" in out
    old = Call.objects.get(pk=1)
    assert (old.ani, old.customer_id, old.recording_file, old.notes) == (None,) * 4
    assert old.anonymized_at is not None
    assert (old.queue_code, old.talk_s) == ("NA_VENTAS", 50)
    assert Call.objects.filter(ani="+525512345678", anonymized_at=None).count() == 3
    assert "[INFO] calls: 0 registros" in command("apply_retention", "--dry-run")
