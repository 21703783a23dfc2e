"""Files that are too much for a page: a plan, a run, everything or nothing."""

import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone
from openpyxl import Workbook

from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.audit.services import verify
from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.configuration import importing
from callcentersite.apps.configuration.models import Configuracion, ConfiguracionChange
from callcentersite.apps.users.models import Capacidad
from opsconsole import OperationError, registry, runner
from opsconsole.context import RunContext
from opsconsole.doors import Door, terminal
from opsconsole.management.base import Refusal
from opsconsole.models import JobArtifact, JobLog, JobRun, Origin

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

PAGE = "/admin/configuration/configuracion/import/"
RUN = "/admin/operaciones/import_configuracion/"
TIMEOUT = "seguridad.session_timeout"
MANY = 5_200
HEAD = "clave,categoria,valor,tipo_dato,descripcion"


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def importer(client, seeded, administrator):
    """The administrator, who may run the operation too, in her browser; nobody has to approve."""
    give_run(administrator)
    approve_nothing()
    client.force_login(administrator)
    return administrator


def give_run(user):
    user.user_permissions.add(Permission.objects.get(codename="run_import_configuracion"))


def approve_nothing():
    Capacidad.objects.update_or_create(
        codigo="sistema.tecnico.configuracion.importar",
        defaults={"accion": "importar", "nombre": "Importar", "nivel_riesgo": "critico"},
    )


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def rows_of(count=MANY, valor="v"):
    return [f"otra.{n},otra,{valor}{n},string,Clave {n}" for n in range(count)]


def file_of(*rows, head=HEAD):
    return "\n".join([head, *rows, ""]).encode()


def big(*more, valor="v"):
    return file_of(*rows_of(valor=valor), *more)


def send(client, content, name="ajustes.csv"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def plan_in(answer):
    found = dict(re.findall(r'name="(upload|plan_digest|dry_run)"[^>]*?value="([^"]*)"',
                            answer.content.decode()))  # fmt: skip
    return {name: value for name, value in found.items() if value != "False"}


def confirm(client, answer):
    """Click; return the run that waits."""
    answer = client.post(RUN, plan_in(answer))
    assert answer.status_code == 302, text_of(answer)
    return JobRun.objects.latest("pk")


def world():
    fields = ("clave", "valor", "activa", "descripcion", "updated_by")
    return list(Configuracion.objects.order_by("clave").values_list(*fields)), (
        ConfiguracionChange.objects.count()
    )


def log_of(run):
    return [line.message for line in JobLog.objects.filter(run=run).order_by("seq")]


def stored():
    return default_storage.listdir("importaciones")[1] if default_storage.exists(
        "importaciones"
    ) else []  # fmt: skip


# The way there and through


def test_a_long_file_leads_to_its_plan_and_from_there_to_a_run(client, importer):
    answer = send(client, big(f"{TIMEOUT},seguridad,1800,integer,Otra"))

    assert "5200 filas nuevas, 1 fila cambiada, 0 filas sin cambio." in text_of(answer).replace(
        "5 200", "5200"
    )
    assert "Ejecutar el plan" in text_of(answer)
    assert Configuracion.objects.count() == 40

    outcome = runner.execute(confirm(client, answer).pk)

    assert outcome.run.status == "succeeded", outcome.run.error
    assert outcome.run.result == {"created": 5200, "updated": 1, "unchanged": 0, "waiting": 0}
    assert (outcome.run.progress_current, outcome.run.progress_total) == (5201, 5201)
    assert Configuracion.objects.get(clave="otra.5199").valor == "v5199"
    assert Configuracion.objects.get(clave=TIMEOUT).get_valor_typed() == 1800
    assert stored() == []


def test_every_change_is_in_the_history_with_who_and_from_where(client, importer):
    run = confirm(client, send(client, big(f"{TIMEOUT},seguridad,1800,integer,Otra")))
    runner.execute(run.pk)

    created = ConfiguracionChange.objects.get(clave="otra.7")
    changed = ConfiguracionChange.objects.filter(clave=TIMEOUT).first()
    assert (created.action, created.old_valor, created.new_valor) == ("created", None, "v7")
    assert (changed.action, changed.old_valor, changed.new_valor) == ("changed", "900", "1800")
    assert list(changed.other_fields) == ["descripcion"]
    assert changed.other_fields["descripcion"][1] == "Otra"
    assert {(one.person, one.source, one.detail) for one in (created, changed)} == {
        ("administradora", "import", f"#{run.pk} ajustes.csv")
    }
    assert Configuracion.objects.get(clave=TIMEOUT).updated_by == "administradora"


def test_what_it_writes_down_is_what_saving_writes_down(seeded):
    def told(clave):
        change = ConfiguracionChange.objects.filter(clave=clave).first()
        return change.action, change.old_valor, change.new_valor, change.other_fields

    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600", activa=False, unidad="s")
    by_hand = told(TIMEOUT)
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="900", activa=True, unidad="segundos")
    run_here(file_of(f"{TIMEOUT},600,false,s", head="clave,valor,activa,unidad"))

    assert told(TIMEOUT) == by_hand


def run_here(content, name="ajustes.csv", **params):
    """Import through the terminal's door, without an account."""
    operation = registry.get("import_configuracion")
    model = operation.model_label()
    upload = uploads.keep(ContentFile(content), name=name, sender=None, model=model)
    values = {"upload": upload.id, **params}
    run = runner.submit(operation, values, door=terminal(), enqueue=False)
    return runner.execute(run.pk).run


def test_doing_it_again_changes_nothing(seeded):
    run_here(big())
    before = world()

    again = run_here(big())

    assert again.result == {"created": 0, "updated": 0, "unchanged": MANY, "waiting": 0}
    assert world() == before


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_each_format_comes_in(seeded, extension):
    names, rows = HEAD.split(","), [row.split(",") for row in rows_of()]
    if extension == "xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in (names, *rows):
            sheet.append(row)
        target = io.BytesIO()
        book.save(target)
        content = target.getvalue()
    elif extension == "json":
        content = json.dumps([dict(zip(names, row, strict=True)) for row in rows]).encode()
    else:
        content = big()

    run = run_here(content, f"ajustes.{extension}")

    assert run.status == "succeeded", run.error_cause
    assert Configuracion.objects.filter(categoria="otra").count() == MANY


# What the audit is told


def test_each_setting_that_a_file_changes_is_in_the_audit(client, importer):
    shown = send(client, file_of(f"{TIMEOUT},seguridad,1800,integer,Otra", *rows_of(150)))
    token = re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1]
    client.post(PAGE, {"token": token})

    told = AuditLog.objects.filter(action="setting_changed", source="import")
    assert told.count() == 151
    detail = json.loads(told.get(target=TIMEOUT).detail)
    assert (detail["kind"], detail["old"], detail["new"]) == ("changed", "900", "1800")
    assert told.get(target="otra.149").actor == "administradora"
    assert verify().is_whole


def test_very_many_changes_are_a_list_that_the_entry_seals(seeded):
    assert run_here(big(f"{TIMEOUT},seguridad,1800,integer,Otra")).status == "succeeded"

    entry = AuditLog.objects.get(action="imported")
    sealed = json.loads(entry.detail)["changes"]
    with default_storage.open(sealed["archive"], "rb") as file:
        content = file.read()
    lines = [json.loads(line) for line in content.splitlines()]
    assert hashlib.sha256(content).hexdigest() == sealed["sha256"]
    assert len(lines) == sealed["count"] == MANY + 1
    assert lines[-1]["target"] == TIMEOUT
    assert (lines[-1]["detail"]["old"], lines[-1]["detail"]["new"]) == ("900", "1800")


def test_an_import_that_fails_says_nothing_of_rows(seeded):
    run_here(big(f"{TIMEOUT},seguridad,59,integer,x"))

    assert not AuditLog.objects.filter(action__in=("imported",)).exists()
    assert not default_storage.exists("auditoria")


# What is refused, and changes nothing


def test_errors_are_told_row_by_row_in_the_log_and_in_a_file(seeded):
    before = world()

    run = run_here(big(f"{TIMEOUT},seguridad,59,integer,x", "mal,otra,=1,string,x"))

    error = JobArtifact.objects.get(run=run)
    lines = list(csv.reader(io.StringIO(error.file.read().decode("utf-8-sig"))))
    assert (run.status, run.error) == ("failed", "El archivo tiene 2 errores: no se cambió nada.")
    assert run.error_cause.startswith(f"Fila 5202: valor: {TIMEOUT}: «59» no vale.")
    assert any(line.startswith("Fila 5203: clave:") for line in log_of(run))
    assert error.name == "errores.csv"
    assert [line[0] for line in lines] == ["fila", "5202", "5203"]
    assert world() == before


def test_the_plan_of_a_bad_file_shows_its_errors_and_lets_nobody_confirm(client, importer):
    answer = send(client, big(f"{TIMEOUT},seguridad,59,integer,x"))

    assert "Fila 5202" in text_of(answer)
    assert "Errores 1" in text_of(answer)
    assert "plan_digest" not in answer.content.decode()
    assert not JobRun.objects.exists()


def test_all_its_errors_can_be_taken_home(client, importer):
    answer = send(client, big(*["mal,otra,1,string,x", *["otra.1,otra,1,string,x"] * 200]))
    token = re.search(r'name="errors" value="([^"]+)"', answer.content.decode())[1]

    taken = b"".join(client.post(PAGE, {"errors": token}).streaming_content)

    assert len(taken.decode("utf-8-sig").splitlines()) == 202


def test_a_blocked_plan_cannot_be_confirmed_by_hand(client, importer):
    upload = kept(importer, file_of(f"{TIMEOUT},seguridad,59,integer,x"))
    operation = registry.get("import_configuracion")
    plan = operation.plan({"upload": upload.id, "dry_run": False})

    answer = client.post(RUN, {"upload": upload.id, "plan_digest": plan.digest()})

    assert "no se importa nada a medias" in text_of(answer)
    assert not JobRun.objects.exists()


def kept(user, content, name="ajustes.csv", model="configuration.configuracion"):
    return uploads.keep(ContentFile(content), name=name, sender=user, model=model)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.csv", "está vacío"),
        (b"clave,valor\n" + b"otra.1,1\n" * 6000 + b"otra.\xf1,1\n", "a.csv",
         "línea 6002, byte 54018"),
        (b"clave,valor\n" + b"otra.1,1\n" * 6000 + b"a,b,c\n", "a.csv", "Fila 6002: tiene 3"),
        (b"clave,valro\n" + b"otra.1,1\n" * 6000, "a.csv", "Columnas desconocidas: valro."),
        (b"valor\n" + b"1\n" * 6000, "a.csv", "Falta la columna clave."),
        (b'clave,valor\na,"' + b"x\n" * 6000, "a.csv", "no es CSV"),
        (b"no es un libro", "a.xlsx", "no es un libro XLSX"),
        (b'[{"clave": "a",\n ]', "a.json", "línea 2"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(seeded, content, name, why):
    before = world()

    run = run_here(content, name)

    assert run.status == "failed"
    assert why in run.error_cause
    assert world() == before


def test_nothing_stays_where_the_database_refuses_the_last_row(seeded, monkeypatch):
    before = world()
    write = importing.ConfiguracionImporter.write

    def second_chunk_clashes(self, changes):
        write(self, changes)
        if changes[-1].number > 5_001:
            raise IntegrityError("UNIQUE constraint failed")

    monkeypatch.setattr(importing.ConfiguracionImporter, "write", second_chunk_clashes)
    run = run_here(big())

    assert run.error == "La base de datos no aceptó las filas: no se cambió nada."
    assert world() == before


def test_cancelling_takes_everything_back(seeded, monkeypatch):
    before, watched = world(), RunContext.progress

    def cancel_after_the_first_chunk(self, current, **kwargs):
        watched(self, current, **kwargs)
        self.request_stop()

    monkeypatch.setattr(RunContext, "progress", cancel_after_the_first_chunk)
    run = run_here(big())

    assert run.status == "cancelled"
    assert run.progress_current == 5_000
    assert world() == before


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(seeded):
    before = world()

    run = run_here(big(), dry_run=True)

    assert log_of(run)[-1].endswith("5200 filas nuevas, 0 filas cambiadas; no se cambió nada.")
    assert world() == before


# Between the plan and the run


def test_what_changed_after_the_confirmation_is_not_written_over(client, importer):
    run = confirm(client, send(client, big(f"{TIMEOUT},seguridad,1800,integer,Otra")))
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")
    before = world()

    outcome = runner.execute(run.pk)

    assert outcome.run.error == "El plan ya no vale: no se cambió nada."
    assert world() == before


def test_what_changed_before_the_confirmation_is_shown_again(client, importer):
    answer = send(client, big(f"{TIMEOUT},seguridad,1800,integer,Otra"))
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")

    again = client.post(RUN, plan_in(answer))

    assert "El plan ya no vale" in text_of(again)
    assert not JobRun.objects.exists()


def test_a_file_that_somebody_changed_is_not_imported(client, importer):
    run = confirm(client, send(client, big()))
    path = default_storage.path(f"importaciones/{run.params['upload']}")
    with Path(path).open("ab") as file:
        file.write(b"otra.x,otra,1,string,x\n")

    outcome = runner.execute(run.pk)

    assert outcome.run.error == "El archivo ya no está: no se cambió nada."
    assert Configuracion.objects.count() == 40


def test_a_file_that_nobody_confirms_is_forgotten_and_one_that_waits_is_not(client, importer):
    waiting = confirm(client, send(client, big()))
    forgotten = kept(importer, b"clave,valor\n")
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        uploads.forget_old()

        assert uploads.find(forgotten.id) is None
    assert runner.execute(waiting.pk).run.status == "succeeded"


def test_a_gone_file_is_refused_in_words(client, importer):
    answer = send(client, big())
    uploads.find(plan_in(answer)["upload"]).remove()

    assert "El archivo ya no está" in text_of(client.post(RUN, plan_in(answer)))


# Who


def test_it_waits_for_a_second_person_where_the_catalogue_says_so(client, importer, staff):
    Capacidad.objects.update(requiere_aprobacion=True)
    run = confirm(client, send(client, big()))
    assert run.status == "awaiting_approval"
    assert Configuracion.objects.count() == 40

    second = second_person(staff)
    runner.approve(run, door=Door(origin=Origin.ADMIN, user=second))
    outcome = runner.execute(run.pk)

    assert outcome.run.status == "succeeded", outcome.run.error


def test_a_single_row_waits_for_a_second_person_too(client, importer, staff):
    Capacidad.objects.update(requiere_aprobacion=True)
    shown = send(client, file_of(f"{TIMEOUT},seguridad,1800,integer,Otra"))
    token = re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1]
    assert "Una segunda persona tiene que aprobarlo" in text_of(shown)

    answer = client.post(PAGE, {"token": token})

    run = JobRun.objects.get()
    assert answer.headers["Location"] == run.get_absolute_url()
    assert run.status == "awaiting_approval"
    assert Configuracion.objects.get(clave=TIMEOUT).valor == "900"
    runner.approve(run, door=Door(origin=Origin.ADMIN, user=second_person(staff)))
    assert runner.execute(run.pk).run.status == "succeeded"
    assert Configuracion.objects.get(clave=TIMEOUT).valor == "1800"


def test_what_changed_before_a_waiting_import_is_confirmed_is_shown_again(client, importer):
    Capacidad.objects.update(requiere_aprobacion=True)
    shown = send(client, file_of(f"{TIMEOUT},seguridad,1800,integer,Otra"))
    token = re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1]
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")

    answer = client.post(PAGE, {"token": token})

    assert "Los datos cambiaron desde que se mostró" in text_of(answer)
    assert not JobRun.objects.exists()


def second_person(staff):
    second = staff("segunda")
    for codename in ("approve_jobrun", "view_jobrun"):
        second.user_permissions.add(Permission.objects.get(codename=codename))
    return type(second).objects.get(pk=second.pk)


def test_the_second_person_sees_what_the_file_changes_and_approves_no_other(
    client, importer, staff
):
    Capacidad.objects.update(requiere_aprobacion=True)
    run = confirm(client, send(client, big(f"{TIMEOUT},seguridad,1800,integer,Otra")))
    second = second_person(staff)
    client.force_login(second)

    shown = text_of(client.get(f"/admin/opsconsole/jobrun/{run.pk}/decidir/"))
    assert "1 fila cambiada" in shown
    assert "otra.0" in shown
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")
    refused = text_of(
        client.post(f"/admin/opsconsole/jobrun/{run.pk}/decidir/", {"decision": "approve"})
    )

    assert "El plan ya no vale" in refused
    assert JobRun.objects.get(pk=run.pk).status == "expired"


def test_nobody_imports_a_file_that_another_sent(client, importer, staff):
    upload = kept(staff("otra"), big())
    door = Door(origin=Origin.ADMIN, user=type(importer).objects.get(pk=importer.pk))
    operation = registry.get("import_configuracion")
    run = runner.submit(operation, {"upload": upload.id}, door=door, enqueue=False)

    error = runner.execute(run.pk).run.error
    assert error == "El archivo lo subió otra persona: no se cambió nada."
    assert Configuracion.objects.count() == 40


def test_a_file_for_another_table_is_not_taken(seeded):
    upload = kept(None, big(), model="users.usuariogrupo")

    with pytest.raises(OperationError, match="ya no está"):
        registry.get("import_configuracion").plan({"upload": upload.id})


def test_the_operations_page_leads_to_the_upload(client, importer):
    assert client.get(RUN).headers["Location"] == PAGE
    assert "manage.py import_file configuracion ajustes.csv" in text_of(client.get(PAGE))


# The terminal


def test_the_terminal_imports_a_file(seeded, tmp_path, capsys):
    path = tmp_path / "ajustes.csv"
    path.write_bytes(big())

    call_command("import_file", "configuracion", str(path))

    assert "[SUCCESS] Importación completada: 5200 filas nuevas, 0 filas cambiadas." in (
        capsys.readouterr().out
    )
    assert Configuracion.objects.filter(categoria="otra").count() == MANY


def test_the_terminal_can_only_look(seeded, tmp_path, capsys):
    path = tmp_path / "ajustes.csv"
    path.write_bytes(big())
    before = world()

    call_command("import_file", "configuracion", str(path), "--dry-run")

    assert "no se cambió nada" in capsys.readouterr().out
    assert world() == before


def test_the_terminal_says_what_is_wrong(seeded, tmp_path, staff):
    path = tmp_path / "ajustes.csv"
    path.write_bytes(file_of(f"{TIMEOUT},seguridad,59,integer,x"))

    with pytest.raises(Refusal) as wrong:
        call_command("import_file", "configuracion", str(path))
    with pytest.raises(Refusal) as missing:
        call_command("import_file", "configuracion", str(tmp_path / "nada.csv"))
    staff("lectora", "view_configuracion")
    with pytest.raises(Refusal) as denied:
        call_command("import_file", "configuracion", str(path), "--as", "lectora")

    assert "CAUSA: No existe." in str(missing.value)
    assert "CAUSA: Fila 2: valor" in str(wrong.value)
    assert "ERROR: No se puede leer" in str(missing.value)
    assert denied.value.returncode == 4
