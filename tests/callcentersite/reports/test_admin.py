"""The list of reports, the page of one, its file: who sees and takes what."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.reports import services
from callcentersite.apps.reports.models import Report
from callcentersite.apps.users import seeding
from callcentersite.apps.users.models import GrupoPermiso, UsuarioGrupo
from opsconsole.models import JobRun
from tests.opsconsole.admin.conftest import text_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

LIST = "/admin/reports/report/"


def page_of(report, view="change"):
    return reverse(f"admin:reports_report_{view}", args=[report.pk])


@pytest.fixture
def browse(client):
    """A browser in which this person has logged in."""

    def browse(user):
        client.force_login(user)
        return client

    return browse


@pytest.fixture
def reader(person):
    """Sees everybody's reports, and takes none."""
    return person("lectora", "view_report")


@pytest.fixture
def taker(person):
    """Sees everybody's reports, and may take them home."""
    return person("archivista", "view_report", "download_report")


@pytest.fixture
def anas(report_of, ana):
    """A report that Ana asked for."""
    return report_of(ana, format="csv", queue="VENTAS")


def test_whoever_asked_for_it_takes_it_home(browse, ana, anas):
    answer = browse(ana).get(page_of(anas, "download"))

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")
    assert answer["Content-Disposition"] == (
        'attachment; filename="metricas-day-queue-ventas-2026-10-05-2026-10-11.csv"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_taking_it_home_is_written_down(browse, ana, anas):
    browse(ana).get(page_of(anas, "download")).close()

    entry = AuditLog.objects.get(action="downloaded")
    assert (entry.actor, entry.target_type, entry.target_id) == (
        "ana", "reports.report", str(anas.pk),
    )  # fmt: skip
    assert entry.target == "metricas-day-queue-ventas-2026-10-05-2026-10-11.csv"


def test_who_may_take_all_of_them_takes_it_too(browse, taker, anas):
    assert browse(taker).get(page_of(anas, "download")).status_code == 200


def test_who_only_sees_them_is_told_what_is_missing(browse, reader, anas):
    client = browse(reader)

    assert client.get(page_of(anas)).status_code == 200
    assert "Descargar" not in text_of(client.get(page_of(anas)))
    answer = client.get(page_of(anas, "download"))
    assert answer.status_code == 403
    assert "Falta el permiso reports.download_report." in text_of(answer)


def test_another_guessing_numbers_learns_nothing(browse, person, anas):
    client = browse(person("beto", "run_generate_report"))

    answers = [
        client.get(reverse("admin:reports_report_download", args=[pk]))
        for pk in (anas.pk, anas.pk + 1)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert client.get(page_of(anas)).status_code == 302  # to the home page: no such report
    assert anas.title not in text_of(client.get(LIST))


def test_only_the_right_to_take_is_no_right_to_see(browse, person, anas):
    assert browse(person("beto", "download_report")).get(LIST).status_code == 403
    assert browse(person("carla", "download_report")).get(
        page_of(anas, "download")
    ).status_code == 404  # fmt: skip


def test_anonymous_people_are_asked_who_they_are(client, anas):
    answer = client.get(page_of(anas, "download"))

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_who_may_ask_no_more_loses_her_own(browse, ana, anas):
    ana.user_permissions.clear()

    assert browse(ana).get(page_of(anas, "download")).status_code == 404


def test_there_is_no_other_address_of_the_file(admin_client, anas):
    for address in (f"/{anas.file.name}", f"/media/{anas.file.name}", anas.file.url):
        assert admin_client.get(address).status_code == 404
    assert anas.file.name not in admin_client.get(page_of(anas)).content.decode()


def test_a_download_changes_nothing(browse, ana, anas):
    before = Report.objects.values().get()

    browse(ana).get(page_of(anas, "download"))
    refused = browse(ana).post(page_of(anas, "download"))

    assert refused.status_code == 405
    assert Report.objects.values().get() == before


def test_a_file_that_is_gone_is_told_in_a_sentence(browse, ana, anas, files):
    files()[0].unlink()

    answer = browse(ana).get(page_of(anas, "download"))

    assert answer.status_code == 404
    assert "El archivo del reporte ya no está." in text_of(answer)
    assert "Genere otro igual." in text_of(answer)


def test_a_report_on_its_way_cannot_be_taken_yet(browse, ana, anas):
    Report.objects.update(status="generating")

    answer = browse(ana).get(page_of(anas, "download"))

    assert answer.status_code == 409
    assert "todavía se está generando" in text_of(answer)
    assert "Generándose" in text_of(browse(ana).get(LIST))
    assert "Descargar" not in text_of(browse(ana).get(page_of(anas)))


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/", "{pk}/change/"])
def test_nobody_writes_by_hand(admin_client, anas, path):
    answer = admin_client.post(LIST + path.format(pk=anas.pk), {"title": "otro", "post": "yes"})

    assert answer.status_code == 403
    assert Report.objects.get().title == anas.title


def test_there_is_no_action_that_deletes(admin_client, anas, files):
    selected = {"action": "delete_selected", "_selected_action": [anas.pk], "post": "yes"}

    admin_client.post(LIST, selected)

    assert Report.objects.count() == len(files()) == 1


# The list


def test_the_list_shows_ones_own_and_who_may_sees_all(browse, ana, reader, anas, report_of):
    report_of(format="csv")

    assert "1 reporte " in text_of(browse(ana).get(LIST))
    assert "2 reportes" in text_of(browse(reader).get(LIST))


def test_an_empty_list_says_what_to_do(browse, ana, reader):
    assert "Genere el primero" in text_of(browse(ana).get(LIST))
    page = text_of(browse(reader).get(LIST))
    assert "Todavía no hay reportes" in page
    assert "Genere el primero" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=day_queue", 1), ("kind__exact=queue", 0), ("format__exact=csv", 1),
        ("format__exact=pdf", 0), ("person=ana", 1), ("person=beto", 0), ("day=today", 1),
        ("day=2020-01-01", 0), ("q=ventas", 1), ("q=ana", 1), ("q=EMPRESAS", 0), ("q=999999", 0),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(browse, reader, anas, query, found):
    page = text_of(browse(reader).get(f"{LIST}?{query}"))

    assert (anas.title in page) is bool(found)
    assert ("Ningún reporte coincide" in page) is not bool(found)


def test_a_report_is_found_by_its_number(browse, reader, anas):
    assert anas.title in text_of(browse(reader).get(f"{LIST}?q=%23{anas.pk}"))


def test_the_list_costs_the_same_however_long_it_is(browse, ana, anas):
    client = browse(ana)
    client.get(LIST)
    with CaptureQueriesContext(connection) as short:
        client.get(LIST)
    copies = [
        Report(**{**Report.objects.values().get(), "id": None, "file": f"reports/{number}"})
        for number in range(60)
    ]
    Report.objects.bulk_create(copies)

    with CaptureQueriesContext(connection) as long:
        client.get(LIST)

    assert len(long) == len(short)


# What leads to what


def test_the_run_leads_to_the_report_and_its_file(browse, ana, anas):
    run = JobRun.objects.get(pk=anas.run)

    page = browse(ana).get(run.get_absolute_url()).content.decode()

    assert page_of(anas) in page
    assert page_of(anas, "download") in page


def test_the_run_offers_no_file_to_who_may_not_take_it(browse, person, anas):
    auditor = person("auditor", "view_jobrun")
    run = JobRun.objects.get(pk=anas.run)

    page = browse(auditor).get(run.get_absolute_url()).content.decode()

    assert "Corrida" in page
    assert page_of(anas) not in page


def test_another_like_it_is_asked_for_in_a_filled_in_form(browse, ana, anas):
    client = browse(ana)
    page = client.get(page_of(anas)).content.decode()

    address = page.partition("Generar otro igual")[0].rpartition('href="')[2].partition('"')[0]
    address = address.replace("&amp;", "&")

    assert parse_qs(urlsplit(address).query) == {
        "kind": ["day_queue"], "since": ["2026-10-05"], "until": ["2026-10-11"],
        "queue": ["VENTAS"], "format": ["csv"],
    }  # fmt: skip
    form = client.get(address).content.decode()
    assert 'value="2026-10-05"' in form
    assert '<option value="VENTAS" selected>' in form
    assert JobRun.objects.count() == 1


def test_the_page_of_the_operation_says_the_configured_deadline(browse, ana, configure):
    configure("reportes.report_generation_timeout", "125")

    page = text_of(browse(ana).get(reverse("admin:opsconsole_operation", args=["generate_report"])))

    assert "2 min 05 s" in page or "2 min 5 s" in page


def test_the_groups_of_the_catalogue_open_what_they_should(browse, django_user_model, anas):
    seeding.seed(seeding.the_catalog(), say=lambda line: None)
    for name, group in (("analista", "analisis_operativo"), ("jefa", "evaluacion_desempeno")):
        user = django_user_model.objects.create_user(name, password="clave-1", is_staff=True)
        UsuarioGrupo.objects.create(
            usuario=user, grupo=GrupoPermiso.objects.get(codigo=group), motivo="Ingreso"
        )
    form = reverse("admin:opsconsole_operation", args=["generate_report"])

    answers = {
        name: [
            browse(django_user_model.objects.get(username=name)).get(address).status_code
            for address in (LIST, page_of(anas, "download"), form)
        ]
        for name in ("analista", "jefa")
    }

    assert answers == {"analista": [200, 200, 200], "jefa": [200, 403, 403]}


# Deleting, as retention does


def test_deleting_takes_the_file_when_the_row_is_gone_for_good(anas, report_of, files):
    kept = report_of(format="csv")

    with transaction.atomic():
        assert services.delete_reports([anas.pk, 999_999]) == 1
        assert len(files()) == 2

    assert Report.objects.get() == kept
    assert [file.name for file in files()] == [kept.file.name.rpartition("/")[2]]


def test_a_deletion_that_is_rolled_back_keeps_row_and_file(anas, files):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.delete_reports([anas.pk])
        raise ZeroDivisionError

    assert Report.objects.get() == anas
    assert len(files()) == 1


def test_a_file_that_cannot_be_deleted_stops_no_other(anas, report_of, files, monkeypatch):
    other = report_of(format="csv")
    storage = FileSystemStorage
    delete = storage.delete

    def refuse_one(self, name):
        if name == anas.file.name:
            raise PermissionError(name)
        delete(self, name)

    monkeypatch.setattr(storage, "delete", refuse_one)

    services.delete_reports([anas.pk, other.pk])

    assert Report.objects.count() == 0
    assert len(files()) == 1
