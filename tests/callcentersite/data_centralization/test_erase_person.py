"""The right to be forgotten: found everywhere, shown, erased, certified; nobody is named."""

import pytest
from django.core.management import CommandError
from django.utils import timezone

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.etl.models import CallRejection
from callcentersite.data_centralization.models import RetentionRemoval
from opsconsole import registry, runner
from opsconsole.admin.programme_offer import choice
from opsconsole.admin.run_context import undo
from opsconsole.manual import manual_of
from opsconsole.models import JobRun, SealedPlan
from tests.callcentersite.data_centralization.conftest import command, door, shown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
PHONE = "+525587654321"


@pytest.fixture
def traces(calls):
    """Somebody called twice from her phone, once as a customer; others called too."""
    calls([1, 2], days=3, ani=PHONE, customer_id=None)
    calls([3], days=900, customer_id=4242)
    calls([4, 5], days=3)
    for number, raw in (
        (11, {"ani": "044 5587654321".replace(" ", ""), "customer_id": "0"}),
        (12, {"ani": "", "customer_id": "4242"}),
        (13, {"ani": "5511111111", "customer_id": "9"}),
    ):
        CallRejection.objects.create(
            call_id=number, reasons=["queue_unknown"], raw=raw, seen_at=timezone.now()
        )


def test_it_is_found_shown_erased_and_certified(traces):
    out = command("erase_person", "--customer-id=4242", "--phone=55 8765 4321", "--force")

    assert out.splitlines() == [
        "Buscando a la persona...",
        "[INFO] call_rejections: 2 registros (se elimina)",
        "[INFO] calls: 3 registros (se anonimiza)",
        "Total a borrar: 5 registros",
        "Borrando...",
        "[SUCCESS] 5 registros borrados",
    ]
    known = Call.objects.filter(anonymized_at=None).order_by("pk")
    assert list(known.values_list("pk", flat=True)) == [4, 5]
    assert not Call.objects.filter(ani=PHONE).exists()
    assert list(CallRejection.objects.values_list("pk", flat=True)) == [13]


@pytest.mark.parametrize(
    "written", ["(55) 8765-4321", "00 52 1 55.8765.4321", " +52 55 87654321 ", "55/8765/4321"]
)
def test_a_refused_call_is_found_however_the_number_was_written(db, written):
    for number, ani in ((1, written), (2, "5587654329"), (3, "15587654321"), (4, None)):
        CallRejection.objects.create(
            call_id=number, reasons=["queue_unknown"], raw={"ani": ani}, seen_at=timezone.now()
        )

    command("erase_person", "--phone", PHONE, "--force")

    assert list(CallRejection.objects.order_by("pk").values_list("pk", flat=True)) == [2, 3, 4]


def test_the_certificate_says_what_was_done_and_names_nobody(traces):
    command("erase_person", "--phone", PHONE, "--force", verbosity=0)

    run = JobRun.objects.get()
    text = run.artifacts.get(name="certificado-de-borrado.txt").file.read().decode()
    assert "- calls: 2 anonimizados" in text
    assert "- call_rejections: 1 eliminados" in text
    assert "Referencia de la persona: " in text
    assert "87654321" not in text


def test_nothing_that_is_kept_names_the_person(traces):
    command("erase_person", "--customer-id=4242", "--phone", PHONE, "--force")

    run = JobRun.objects.get()
    kept = SealedPlan.objects.get()
    told = [str(run.params), str(run.result), str(kept.params), str(kept.content), str(kept.fixed)]
    told += [line.message for line in run.log.all()]
    assert not [text for text in told if "87654321" in text or "4242" in text]
    assert (run.sealed_params, kept.sealed_params) == ("", "")


def test_it_cannot_be_undone_and_says_so(traces):
    command("erase_person", "--phone", PHONE, "--force")
    run = JobRun.objects.get()

    notice, possible = registry.get("erase_person").undo_notice(run)

    assert not possible and "datos personales" in notice
    assert undo(run, None, registry.get("erase_person")) == {"undo_notice": notice}
    facts = [str(fact.title) for fact in manual_of(registry.get("erase_person")).facts]
    assert "Se deshace con" not in facts
    with pytest.raises(CommandError, match="no se puede deshacer"):
        command("console", "undo", str(run.pk))
    assert not RetentionRemoval.objects.exclude(archive="").exists()


def test_a_dry_run_changes_nothing(traces):
    out = command("erase_person", "--phone", PHONE, "--dry-run")

    assert "Total a borrar: 3 registros" in out
    assert Call.objects.filter(ani=PHONE).count() == 2
    assert JobRun.objects.count() == SealedPlan.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "Indique el número de cliente, el teléfono o los dos."),
        (("--phone=123",), "No es un número de teléfono."),
        (("--customer-id=0",), "customer-id"),
    ],
)
def test_who_is_meant_must_be_said(traces, words, problem):
    with pytest.raises(CommandError) as refusal:
        command("erase_person", *words)

    assert refusal.value.returncode == 2
    assert problem in str(refusal.value)


def test_an_account_needs_a_second_person(traces, account):
    from django.core.management import call_command

    call_command("seed_permisos_granular", verbosity=0)
    operator = account("operadora.1", "run_erase_person")

    kept = shown("erase_person", user=operator, phone=PHONE)
    run = runner.apply(kept, door=door(operator))

    assert run.status == "awaiting_approval"
    assert Call.objects.filter(ani=PHONE).count() == 2


def test_nobody_is_offered_to_have_a_person_erased_by_itself(django_user_model):
    boss = django_user_model.objects.create_superuser("jefa", password="clave-1")

    assert choice("erase_person", boss) is None
    assert choice("apply_retention", boss) is not None
