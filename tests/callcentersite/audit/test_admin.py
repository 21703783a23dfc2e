"""The audit in the admin: a supervisor reads it and takes it home; nobody writes it."""

import csv
import io
import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from callcentersite.apps.audit import detail_wording, services, wording
from callcentersite.apps.audit.admin import AuditLogAdmin
from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.audit.services import Action, Person, Result, Source, Target
from opsconsole import registry

from .conftest import entries

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

LIST = "/admin/audit/auditlog/"
ANA = Person(name="ana", number="7", source=Source.PAGE, place="/admin/", address="192.0.2.1")


@pytest.fixture
def supervisor(client, django_user_model):
    """Reads the audit, and may export it."""
    user = django_user_model.objects.create_user("supervisora", password="x", is_staff=True)
    found = Permission.objects.filter(content_type__app_label="audit")
    assert {one.codename for one in found} == {"view_auditlog", "export_auditlog"}
    user.user_permissions.add(*found)
    client.force_login(user)
    return client


@pytest.fixture
def story(supervisor):
    """Something done, something refused, something that failed."""
    timeout = Target(kind="x", number="seguridad.session_timeout", name="seguridad.session_timeout")
    detail = {"old": "900", "new": "60"}
    services.note(Action.SETTING_CHANGED, timeout, person=ANA, detail=detail)
    services.note(
        Action.RUN_LAUNCHED,
        Target(kind="operation", name="run_etl"),
        person=ANA,
        result=Result.REFUSED,
        reason="Falta el permiso.",
    )
    services.note(
        Action.RUN_ENDED,
        Target(kind="opsconsole.jobrun", number="12", name="Ejecutar ETL #12"),
        person=Person(name="beto", source=Source.RUN, place="#12"),
        result=Result.FAILED,
        detail={"status": "failed"},
    )


def text_of(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rows_of(answer):
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]+>", " ", row) for row in body.split("</tr>") if "<td" in row]


def test_the_list_tells_it_in_sentences(supervisor, story):
    shown = text_of(supervisor.get(LIST))

    assert "ana cambió la configuración seguridad.session_timeout." in shown
    assert "ana pidió «Lanzamiento de operación» (run_etl) y se le negó." in shown
    assert "La corrida Ejecutar ETL #12, de beto, terminó: falló." in shown


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("result=refused", 1),
        ("action=setting_changed", 1),
        ("person=ana", 2),
        ("person=ana&result=ok", 1),
        ("day=2001-01-01", 0),
        ("q=beto", 1),
        ("q=seguridad.session_timeout", 1),
        ("q=12", 1),
        ("q=nada", 0),
    ],
)
def test_the_list_is_filtered_and_searched(supervisor, story, query, count):
    assert len(rows_of(supervisor.get(f"{LIST}?{query}"))) == count


def test_an_entry_is_found_by_its_position(supervisor, story):
    (row,) = AuditLog.objects.filter(action="setting_changed")

    assert len(rows_of(supervisor.get(LIST, {"q": f"#{row.pk}"}))) == 1


def test_a_sentence_is_in_one_language_whatever_the_run_was_stored_as(story):
    row = AuditLog.objects.get(target_id="12")
    row.detail = '{"operation": "run_etl", "status": "failed"}'

    with override("en"):
        title = str(registry.get("run_etl").title)
        assert title != "Ejecutar ETL"
        assert f"{title} #12" in wording.sentence(row)
    row.detail = '{"operation": "retirada"}'
    assert "Ejecutar ETL #12" in wording.sentence(row)


def test_a_page_tells_all_of_it(supervisor, story):
    (row,) = AuditLog.objects.filter(action="setting_changed")

    shown = text_of(supervisor.get(f"{LIST}{row.pk}/change/"))

    for part in (
        "ana cambió la configuración seguridad.session_timeout.",
        "la página · /admin/",
        "192.0.2.1",
        "Valor anterior 900",
        "Valor nuevo 60",
        "Verificada: es la que se escribió y sigue a la anterior",
        "Todo sobre este objeto",
        row.hash,
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("action", "result"), [(a, r) for a in Action for r in (Result.OK, Result.REFUSED)]
)
def test_every_kind_of_entry_is_a_sentence(db, action, result):
    detail = {"status": "failed", "is_staff": [False, True], "kind": "changed"}
    target = Target(kind="x", number="1", name="ana")
    services.note(action, target, person=ANA, result=result, detail=detail)

    row = AuditLog.objects.last()

    assert wording.sentence(row).endswith(".")
    assert "%" not in wording.sentence(row)
    assert detail_wording.detail_rows(row) == [
        ("Estado de la corrida", "Falló"),
        ("Tipo", "cambiada"),
        ("Entra a la consola", "no → sí"),
    ]


def test_a_page_says_when_its_entry_was_changed(supervisor, story, tamper):
    (row,) = AuditLog.objects.filter(action="setting_changed")
    tamper("UPDATE audit_logs SET actor = 'otra' WHERE id = %s", row.pk)

    assert "No se pudo verificar" in text_of(supervisor.get(f"{LIST}{row.pk}/change/"))


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/", "import/"])
def test_nobody_writes_it_not_even_a_superuser(admin_client, write, path):
    row = write(1)[-1]

    assert admin_client.post(f"{LIST}{path.format(pk=row.pk)}").status_code == 403
    assert admin_client.post(f"{LIST}{row.pk}/change/", {"actor": "x"}).status_code == 403
    assert admin_client.post(LIST, {"action": "delete_selected"}).status_code in (200, 302, 403)
    assert AuditLog.objects.filter(pk=row.pk).exists()


def test_an_export_can_be_verified_and_is_written_down(supervisor, story):
    answer = supervisor.post(f"{LIST}export/?person=ana", {"format": "csv"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    stored = AuditLog.objects.filter(actor="ana").order_by("-pk")
    assert [row["hash"] for row in rows] == [row.hash for row in stored]
    assert rows[0]["happened_at"] == stored[0].said()[0]
    last = entries()[-1]
    assert (last.action, last.actor, last.target) == (
        "exported",
        "supervisora",
        "entradas de auditoría",
    )


def test_whoever_only_reads_takes_nothing_home(client, django_user_model, write):
    write(1)
    reader = django_user_model.objects.create_user("lectora", password="x", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_auditlog"))
    client.force_login(reader)

    assert client.get(LIST).status_code == 200
    assert client.post(f"{LIST}export/", {"format": "csv"}).status_code == 403


def test_without_the_right_there_is_nothing_to_see(client, django_user_model, write):
    row = write(1)[-1]
    client.force_login(django_user_model.objects.create_user("nadie", is_staff=True))

    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{row.pk}/change/").status_code == 403


def test_no_query_of_a_long_list_reads_the_whole_table(supervisor, write, monkeypatch):
    monkeypatch.setattr(AuditLogAdmin, "list_max_show_all", 10)
    write(60)
    with CaptureQueriesContext(connection) as queries:
        supervisor.get(LIST)

    about = [one["sql"] for one in queries if "audit_logs" in one["sql"]]
    assert about
    assert [sql for sql in about if "LIMIT" not in sql] == []


def test_markup_in_an_entry_is_only_text(supervisor, story):
    services.note(Action.LOGIN, Target(name="x"), person=Person(name="<script>a</script>"))

    assert "<script>a" not in supervisor.get(LIST).content.decode()
