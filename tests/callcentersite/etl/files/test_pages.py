"""The pages of an import: each step, and everything that is not to be taken."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from callcentersite.apps.analytics.models import Call, RemovedCalls
from opsconsole import OperationError, runner
from opsconsole.doors import terminal
from opsconsole.models import JobRun
from tests.callcentersite.etl.etl_world import everything
from tests.callcentersite.etl.files.conftest import HEAD, csv_of, imported

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("queues"),
]
PAGE = "/admin/llamadas/importar/"


@pytest.fixture
def importer(client, django_user_model):
    return logged_in(client, django_user_model, "importadora")


def logged_in(client, django_user_model, name):
    user = django_user_model.objects.create_user(name, password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="run_import_calls"))
    client.force_login(user)
    return user


def send(client, content, name="llamadas.csv", zone="America/Mexico_City"):
    data = content.encode() if isinstance(content, str) else content
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data), "zone": zone})


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def choice(response, **changes):
    """The page's form as it was shown, with another choice."""
    page = response.content.decode()
    chosen = {
        name: re.search(r'<option value="([^"]+)" selected', options)
        for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', page, re.DOTALL)
    }
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    values = {name: found[1] for name, found in chosen.items() if found}
    return {**values, "token": token, **changes}


def test_it_has_the_help_and_the_last_runs_of_its_operation(client, importer):
    assert "Todavía no hay corridas" in text_of(client.get(PAGE))
    client.post(PAGE, choice(send(client, csv_of({})), load="1"))

    page, shown = client.get(PAGE), send(client, csv_of({}))

    for one in (page, shown):
        assert 'href="/admin/operaciones/import_calls/ayuda/"' in one.content.decode()
    assert f'href="{JobRun.objects.get().get_absolute_url()}">#' in page.content.decode()


def test_the_same_is_told_for_the_terminal_with_the_columns_that_were_said(client, importer):
    first, known = client.get(PAGE), send(client, csv_of({}), zone="UTC")
    told = client.post(PAGE, choice(send(client, csv_of({})), dnis="", look="1"))

    assert "python manage.py import_calls llamadas.csv copiar" in text_of(first)
    assert "python manage.py import_calls llamadas.csv --zone UTC copiar" in text_of(known)
    assert "import_calls llamadas.csv --columns &#x27;{&quot;call_id&quot;" in text_of(told)


def test_the_preview_tells_nobodys_number_and_nothing_that_the_file_does_not_bring(
    client, importer
):
    imported(csv_of({"ani": "5512345678", "agent_code": "A007"}))
    head = [name for name in HEAD if name != "agent_code"]

    shown = send(client, csv_of({"ani": "••••5678", "notes": "otra"}, head=head))

    assert shown.context["preview"].tally.updated == 1
    assert "••••5678" in text_of(shown)
    assert "5512345678" not in text_of(shown)
    assert "A007" not in text_of(shown)


def test_what_is_confirmed_is_what_was_shown(client, importer):
    imported(csv_of({}, {"notes": "vieja"}))
    before = everything()

    shown = send(client, csv_of({}, {}, {}, {"queue_code": "x"}))
    assert everything() == before
    assert "Se revisó el archivo entero: 4 filas." in text_of(shown)
    seen = shown.context["preview"].tally
    assert (seen.inserted, seen.updated, seen.unchanged, seen.rejected) == (1, 1, 1, 1)

    other = client.post(PAGE, choice(shown, load="1", zone="UTC"))
    assert "Las columnas cambiaron desde que las vio" in text_of(other)
    assert JobRun.objects.filter(requested_by="importadora").count() == 0

    answer = client.post(PAGE, choice(other, load="1"))
    run = JobRun.objects.latest("pk")
    assert answer.url == run.get_absolute_url()
    assert (run.params["zone"], run.params["dry_run"]) == ("UTC", False)
    again = client.post(PAGE, choice(other, load="1"))
    assert again.url == run.get_absolute_url()
    run = runner.execute(run.pk).run
    assert run.status == "succeeded"
    with pytest.raises(OperationError, match="El archivo ya no está"):
        runner.retry(run, door=terminal(), enqueue=False)


def test_a_trial_leads_back_to_the_file_and_only_its_sender(client, importer, django_user_model):
    client.post(PAGE, choice(send(client, csv_of({})), **{"try": "1"}))
    run = runner.execute(JobRun.objects.latest("pk").pk).run
    assert (run.status, Call.objects.count()) == ("succeeded", 0)

    page = client.get(run.get_absolute_url()).content.decode()
    address = re.search(rf'href="({PAGE}\?upload=\w+)"', page)[1]
    assert "Revisar con estas columnas" in text_of(client.get(address))

    logged_in(client, django_user_model, "otra")
    assert client.get(address).status_code == 400
    assert "El archivo ya no está." in text_of(client.get(address))


def test_headings_that_were_told_once_are_known(client, importer):
    told = csv_of({"disposition": "BUSY"}, head=HEAD).replace("call_id", "Folio", 1)
    shown = send(client, told)
    assert "Falta decir qué encabezado es: llamada (call_id)." in text_of(shown)

    chosen = client.post(PAGE, choice(shown, call_id="Folio", look="1"))
    client.post(PAGE, choice(chosen, load="1"))
    assert runner.execute(JobRun.objects.latest("pk").pk).run.status == "succeeded"

    assert send(client, told).context["preview"].tally.unchanged == 1


@pytest.mark.parametrize("rows", [[], [{"queue_code": "x"}]])
def test_where_no_row_can_be_loaded_nothing_offers_to(client, importer, rows):
    shown = send(client, csv_of(*rows))

    assert "Ninguna fila se puede cargar" in text_of(shown)
    assert 'name="load"' not in shown.content.decode()


def test_one_heading_for_two_columns_is_refused_on_the_page(client, importer):
    shown = send(client, csv_of({}))

    answer = client.post(PAGE, choice(shown, ani="call_id", load="1"))

    assert "preview" not in answer.context or not answer.context["preview"]
    answer = client.post(PAGE, choice(shown, ani="call_id", look="1"))
    assert "elegido para dos columnas: «call_id»" in text_of(answer)
    assert not JobRun.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "vacío"),
        (b"\xff\xfe", "a.csv", "UTF-8"),
        (b"PAR1", "a.parquet", "no es un Parquet"),
        (b"{}", "a.json", ".csv, .xlsx o .parquet"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_forgotten(
    client, importer, tmp_path, content, name, said
):
    assert said in text_of(send(client, content, name=name))

    folder = Path(tmp_path / "media" / "importaciones")
    assert not folder.exists() or list(folder.iterdir()) == []


def test_another_persons_confirmation_is_not_taken(client, importer, django_user_model):
    shown = send(client, csv_of({}))
    logged_in(client, django_user_model, "otra")

    answer = client.post(PAGE, choice(shown, load="1"))

    assert answer.status_code == 400
    assert "La confirmación ya no vale" in text_of(answer)
    assert not JobRun.objects.exists()


def test_calls_that_were_archived_are_not_told_to_be_unchanged(client, importer):
    imported(csv_of({}, {}, {}))
    Call.objects.filter(pk__lt=3).delete()
    RemovedCalls.objects.create(word=0, bits=0b110, calls=2)
    content = csv_of({"notes": "corregida"}, {}, {})

    seen = send(client, content)
    run = imported(content)

    assert "Archivadas o eliminadas: no se cargan 2" in text_of(seen)
    assert (run.result["unchanged"], run.result["removed"]) == (1, 2)
    count, months, remedy = run.log.filter(level="WARNING").values_list("message", flat=True)
    assert count == "Archivadas o eliminadas: 2 llamadas, no se cargan"
    assert months == "2026-10: 2 llamadas"
    assert "devuelva antes su mes" in remedy
