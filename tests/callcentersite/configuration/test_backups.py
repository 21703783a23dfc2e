"""Backups of the settings: made, kept, taken home, loaded again."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.configuration import backups
from callcentersite.apps.configuration.models import (
    Configuracion,
    ConfiguracionBackup,
    ConfiguracionChange,
)
from opsconsole.models import JobRun

from .conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
CLAVE = "seguridad.session_timeout"
URL = "/admin/configuration/configuracionbackup/"


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def back_up():
    out = StringIO()
    call_command("backup_configuration", stdout=out)
    return out.getvalue().splitlines()


def test_it_is_a_file_that_its_checksum_belongs_to(change):
    change(CLAVE, "1200")

    said = back_up()

    backup = ConfiguracionBackup.objects.get()
    content = backup.file.read()
    rows = json.loads(content)
    assert said[0] == "Respaldando la configuración..."
    assert said[-1] == "Respaldo completado: 40 configuraciones"
    assert backup.sha256 == hashlib.sha256(content).hexdigest()
    assert (backup.settings, backup.changes, len(rows)) == (40, 41, 81)
    assert backup.run == JobRun.objects.get().pk
    assert {"clave": CLAVE, "valor": "1200"}.items() <= next(
        row["fields"].items() for row in rows if row["fields"].get("clave") == CLAVE
    )


def test_what_was_lost_comes_back_with_loaddata_also_under_other_numbers(change, tmp_path):
    change(CLAVE, "1200")
    back_up()
    file = default_storage.path(str(ConfiguracionBackup.objects.get().file.name))
    Configuracion.objects.all().delete()
    Configuracion.objects.create(
        pk=9_000, categoria="seguridad", clave=CLAVE, valor="60", tipo_dato="integer"
    )
    history = ConfiguracionChange.objects.count()

    call_command("loaddata", file, verbosity=0)

    assert Configuracion.objects.count() == 40
    assert Configuracion.objects.get(clave=CLAVE).pk == 9_000
    assert Configuracion.objects.get(clave=CLAVE).get_valor_typed() == 1200
    # What happened since stays written down, and so does the restoring.
    assert ConfiguracionChange.objects.count() == history + 40


def test_thirty_are_kept_and_the_files_of_the_older_ones_go_after_the_commit(seeded):
    made = [backups.make() for _number in range(32)]

    said = back_up()

    left = list(ConfiguracionBackup.objects.order_by("made_at").values_list("pk", flat=True))
    assert len(left) == backups.KEPT
    assert left[0] == made[3].pk
    assert [default_storage.exists(str(one.file.name)) for one in made[:5]] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert said[-1] == "Respaldo completado: 40 configuraciones"


def test_a_row_that_cannot_be_written_leaves_no_file(seeded, monkeypatch):
    monkeypatch.setattr(ConfiguracionBackup, "save", lambda self: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        backups.make()

    assert not default_storage.exists("backups/configuration") or (
        default_storage.listdir("backups/configuration")[1] == []
    )


def test_who_may_see_them_takes_one_home_and_it_is_written_down(seeded, client, staff):
    backup = backups.make(by="ana")
    client.force_login(staff("ana", "view_configuracionbackup"))

    listed = client.get(URL).content.decode()
    shown = client.get(f"{URL}{backup.pk}/change/").content.decode()
    taken = client.get(f"{URL}{backup.pk}/descargar/")

    assert backup.name in listed
    assert f"python manage.py loaddata {backup.name}" in shown
    assert taken["Content-Disposition"] == f'attachment; filename="{backup.name}"'
    assert hashlib.sha256(b"".join(taken.streaming_content)).hexdigest() == backup.sha256
    assert AuditLog.objects.get(action="downloaded").target == backup.name


def test_without_the_right_there_is_nothing_to_take(seeded, client, staff):
    backup = backups.make()
    client.force_login(staff("ana", "view_configuracion"))

    refused = [client.get(f"{URL}{end}") for end in ("", f"{backup.pk}/descargar/")]

    assert [answer.status_code for answer in refused] == [403, 403]
    assert not AuditLog.objects.filter(action="downloaded").exists()


def test_a_file_that_is_gone_is_said(seeded, client, staff):
    backup = backups.make()
    default_storage.delete(str(backup.file.name))
    client.force_login(allow(staff("ana"), "view_configuracionbackup"))

    answer = client.get(f"{URL}{backup.pk}/descargar/")

    assert answer.status_code == 404
    assert "El archivo ya no está." in answer.content.decode()
