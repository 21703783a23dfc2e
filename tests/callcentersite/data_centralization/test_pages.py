"""The pages: policies with their effect of today; the plan, its number, its confirmation; undo."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole import kept_plans, limits, registry, runner
from opsconsole.models import JobRun, SealedPlan
from tests.callcentersite.data_centralization.conftest import applied, call_ids, door, shown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
URL = "/admin/operaciones/apply_retention/"


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


@pytest.fixture
def page(client, operator):
    client.force_login(operator)
    return client


def made(page):
    """Ask for the plan; the page that shows it."""
    answer = page.post(URL, {"table": ""})
    assert answer.status_code == 302, text_of(answer)
    return answer.headers["Location"]


def test_asking_leads_to_a_plan_of_its_own_page(page, old_and_new, policy):
    policy(archive=True)

    address = made(page)
    text = text_of(page.get(address))

    kept = SealedPlan.objects.get()
    assert address == f"/admin/planes/{kept.pk}/"
    assert "Se eliminarán 10 registros de 1 tabla." in text
    assert "anonymized_data más de 365 días; se archivan" in text
    assert "hasta el" in text and "se usa una sola vez" in text
    assert "python manage.py console apply" in text
    assert "Eliminar 10 registros" in text
    assert (len(call_ids()), JobRun.objects.count()) == (100, 0)


def test_whoever_reads_the_plan_reads_it_in_her_own_language(
    client, old_and_new, policy, operator, account, settings
):
    policy()
    kept = shown(user=operator)
    client.force_login(account("approver", "approve_jobrun", "view_jobrun"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    text = text_of(client.get(kept.get_absolute_url()))

    assert "10 records will be deleted" in text
    assert "Se eliminar" not in text
    assert kept_plans.shown(kept).summary == "Se eliminarán 10 registros de 1 tabla."


def test_reading_the_plan_again_writes_nothing(page, old_and_new, policy):
    policy()
    address = made(page)
    before = SealedPlan.objects.values().get()

    page.get(address)

    assert SealedPlan.objects.values().get() == before


def test_confirming_leads_to_the_run(page, old_and_new, policy):
    policy()
    address = made(page)

    answer = page.post(address)

    run = JobRun.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    runner.execute(run.pk)
    assert call_ids() == list(range(101, 191))
    assert "tal como se confirmó" in text_of(page.get(run.get_absolute_url()))
    assert "se usó en la corrida" in text_of(page.get(address))


def test_a_changed_row_shows_the_difference_and_no_button(page, old_and_new, policy):
    policy()
    address = made(page)
    Call.objects.filter(pk=3).update(dnis="1")

    answer = page.post(address)

    text = text_of(answer)
    assert answer.status_code == 409
    assert "El plan ya no vale: no se cambió nada." in text
    assert "anonymized_data +0 ~1 −0" in text
    assert "btn danger" not in answer.content.decode()
    assert JobRun.objects.count() == 0


@pytest.mark.parametrize(("typed", "runs"), [("", 0), ("11", 0), ("10", 1), (" 1 0 ", 1)])
def test_a_large_one_wants_its_number(page, old_and_new, policy, monkeypatch, typed, runs):
    monkeypatch.setattr(limits, "TYPE_ABOVE", 5)
    policy()
    address = made(page)

    assert "Escriba 10 para confirmar" in text_of(page.get(address))
    page.post(address, {"typed_rows": typed})

    assert JobRun.objects.count() == runs


def test_a_used_plan_has_no_button_and_a_second_click_changes_nothing(page, old_and_new, policy):
    policy()
    address = made(page)
    page.post(address)
    runner.execute(JobRun.objects.get().pk)

    again = page.post(address)

    assert "ya se usó" in text_of(again)
    assert JobRun.objects.count() == 1


def test_anothers_plan_is_not_shown(client, old_and_new, policy, operator, account):
    policy()
    kept = shown(user=operator)
    client.force_login(account("otra", "run_apply_retention"))

    for answer in (client.get(kept.get_absolute_url()), client.post(kept.get_absolute_url())):
        assert answer.status_code == 403
    assert JobRun.objects.count() == 0


def test_whoever_sees_every_run_reads_it_and_cannot_confirm_it(
    client, old_and_new, policy, operator, supervisor
):
    policy()
    kept = shown(user=operator)
    client.force_login(supervisor)

    assert "btn danger" not in client.get(kept.get_absolute_url()).content.decode()
    assert "es de otra persona" in text_of(client.post(kept.get_absolute_url()))
    assert JobRun.objects.count() == 0


def test_the_approver_finds_it_at_home_and_reads_what_she_approves(
    client, old_and_new, policy, operator, supervisor
):
    policy(needs_approval=True)
    run = runner.apply(shown(user=operator), door=door(operator))
    client.force_login(supervisor)

    home = text_of(client.get("/admin/"))
    decide = client.get(reverse("admin:opsconsole_jobrun_decide", args=[run.pk]))

    assert "Esperan su aprobación" in home
    assert "la pide operadora.1" in home
    assert "Se eliminarán 10 registros de 1 tabla." in text_of(decide)


def test_who_could_approve_is_named(page, old_and_new, policy, supervisor):
    policy(needs_approval=True)

    text = text_of(page.get(made(page)))

    assert "Pueden hacerlo: supervisor.1." in text


def test_the_run_leads_to_its_undoing(page, old_and_new, policy, operator):
    policy(archive=True)
    run = applied(shown(user=operator), user=operator)

    html = page.get(run.get_absolute_url()).content.decode()

    assert "Se puede deshacer hasta el" in html
    assert f"/admin/operaciones/undo_retention/?run={run.pk}" in html
    plan = page.post("/admin/operaciones/undo_retention/", {"run": run.pk})
    assert f"Se devolverán 10 registros de la corrida {run.pk}." in text_of(plan)


def test_without_policies_the_page_says_what_to_do(page):
    text = text_of(page.post(URL, {"table": ""}))

    assert "No retention policies configured" in text
    assert "seed_retention_policies" in text


# The policies


@pytest.fixture
def root(client, django_user_model, transactional_db):
    client.force_login(django_user_model.objects.create_superuser("root", password="x"))
    return client


LIST = "/admin/data_centralization/retentionpolicy/"
FORM = {
    "name": "anonymized_data", "target": "anonymized_data", "action": "delete", "days": "365",
    "config_key": "", "condition": "", "floor_days": "30", "archive_days": "7", "order": "1",
    "active": "on",
}  # fmt: skip


def test_the_list_says_how_many_rows_each_would_take_today(root, old_and_new, policy):
    policy()

    assert "Hoy: 10 filas de 100, el 10 %." in text_of(root.get(LIST))


def test_a_policy_is_made_on_the_page(root, old_and_new):
    root.post(f"{LIST}add/", FORM)

    assert RetentionPolicy.objects.get().days == 365


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"days": "3"}, "Los días son menos que el mínimo de la política."),
        ({"floor_days": "5", "days": "5"}, "La tabla exige un mínimo de 30 días."),
        ({"config_key": "sistema.log_retention_days"}, "Indique los días o la configuración"),
        ({"action": "anonymise"}, "La tabla no admite esta acción."),
        ({"target": "call_rejections", "archive": "on"}, "Guarda datos de personas"),
    ],
)
def test_what_a_policy_may_not_be(root, old_and_new, change, problem):
    answer = root.post(f"{LIST}add/", {**FORM, **change})

    assert problem in text_of(answer)
    assert not RetentionPolicy.objects.exists()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "Hoy: 10 filas de 100, el 10 %."),
        ({"days": "500"}, "Hoy: 0 filas de 100, el 0 %."),
        ({"days": "3"}, "Los días son menos que el mínimo de la política."),
    ],
)
def test_the_preview_follows_what_is_typed_and_writes_nothing(root, old_and_new, change, text):
    answer = root.get(f"{LIST}hoy/", {**FORM, **change})

    assert answer.json()["text"] == text
    assert not RetentionPolicy.objects.exists()


def test_policies_go_out_and_come_in_again(root, old_and_new, policy):
    from django.core.files.uploadedfile import SimpleUploadedFile

    policy()
    sent = root.post(f"{LIST}export/", {"format": "csv"}).content.decode()
    edited = sent.replace(",365,", ",400,")
    preview = root.post(
        f"{LIST}import/", {"file": SimpleUploadedFile("p.csv", edited.encode())}
    ).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview))
    root.post(f"{LIST}import/", fields)

    assert RetentionPolicy.objects.get().days == 400


@pytest.mark.parametrize(("rows", "offered"), [(10_001, 1), (10_000, 0)])
def test_after_much_vacuum_is_offered(transactional_db, django_user_model, rows, offered):
    run = JobRun(operation="apply_retention", result={"deleted": rows})
    boss = django_user_model.objects.create_superuser("jefa")

    links = list(registry.get("apply_retention").links(run, boss))

    assert [link.url for link in links] == ["/admin/operaciones/vacuum_tables/"] * offered


def test_removals_are_listed(root, old_and_new, policy):
    policy()
    applied(shown())

    text = text_of(root.get("/admin/data_centralization/retentionremoval/"))

    assert "anonymized_data" in text
    assert RetentionRemoval.objects.get().rows == 10


def test_what_was_removed_is_told_in_words_and_by_the_clock_of_the_site(root):
    noon = datetime(2026, 11, 21, 18, tzinfo=UTC)
    facts = {"run": 7, "target": "reports", "action": "delete", "rows": 1, "removed_at": noon}
    kept = RetentionRemoval.objects.create(policy="con", restorable_until=noon, **facts)
    gone = RetentionRemoval.objects.create(policy="sin", **facts)
    pages = [
        text_of(root.get(reverse("admin:data_centralization_retentionremoval_change", args=[pk])))
        for pk in (kept.pk, gone.pk)
    ]

    assert "Se archiva hasta: 21 nov 2026, 12:00" in pages[0]
    for text in pages:
        assert "Acción: eliminar" in text
        assert "None" not in text
        assert "+00:00" not in text
