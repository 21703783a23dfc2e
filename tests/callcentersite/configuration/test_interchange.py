"""Settings out to a file and back in: preview, confirm, nothing else."""

import csv
import io
import json
import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from callcentersite.apps.common.interchange import limits
from callcentersite.apps.configuration.models import Configuracion, ConfiguracionChange
from callcentersite.apps.users.models import Capacidad

pytestmark = pytest.mark.django_db(databases="__all__")

IMPORT = "/admin/configuration/configuracion/import/"
EXPORT = "/admin/configuration/configuracion/export/"
TIMEOUT = "seguridad.session_timeout"
COLUMNS = (
    "clave", "categoria", "valor", "tipo_dato", "unidad", "valor_default", "descripcion", "activa",
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def nobody_has_to_approve(db):
    """What waits for a second person is told in test_import_configuracion."""
    Capacidad.objects.create(
        codigo="sistema.tecnico.configuracion.importar",
        accion="importar",
        nombre="Importar",
        nivel_riesgo="critico",
    )


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def everything():
    return list(Configuracion.objects.order_by("clave").values(*COLUMNS))


def table(*rows, columns=("clave", "valor")):
    target = io.StringIO()
    csv.writer(target).writerows([columns, *rows])
    return target.getvalue().encode()


def send(page, content, name="ajustes.csv"):
    return page.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def token_of(answer):
    found = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    return found and found[1]


def confirm(page, answer):
    return page.post(IMPORT, {"token": token_of(answer)}, follow=True)


def take(page, extension, query=""):
    answer = page.post(EXPORT + query, {"format": extension})
    assert answer.status_code == 200
    assert f".{extension}" in answer["Content-Disposition"]
    return answer.content


# There and back


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_a_round_trip_loses_nothing(seeded, page, extension):
    for number, valor in enumerate(["=1+1", "+52 55", "''=x", "una\r\ndos", ""]):
        Configuracion.objects.create(
            categoria="otra",
            clave=f"otra.{number}",
            valor=valor,
            tipo_dato="string",
            activa=valor != "",
        )
    before = everything()
    content = take(page, extension)
    Configuracion.objects.filter(clave__startswith="otra.").delete()
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600", activa=False)
    Configuracion.objects.filter(clave=TIMEOUT).update(descripcion="Otra")

    answer = confirm(page, send(page, content, f"ajustes.{extension}"))

    assert "Importación completada: 5 filas nuevas, 1 fila cambiada." in text_of(answer)
    assert everything() == before


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_what_was_just_exported_changes_nothing(seeded, page, extension):
    answer = send(page, take(page, extension), f"ajustes.{extension}")

    assert "no hay nada que importar" in text_of(answer)
    assert "Sin cambio 40" in text_of(answer)
    assert token_of(answer) is None


def test_the_export_is_what_the_list_shows(seeded, page):
    rows = json.loads(take(page, "json", "?categoria=reportes"))

    assert [row["clave"] for row in rows] == [
        "reportes.default_format", "reportes.max_report_rows",
        "reportes.report_generation_timeout", "reportes.enable_scheduled_reports",
        "reportes.report_retention_days",
    ]  # fmt: skip
    assert list(rows[0]) == list(COLUMNS)


def test_formulae_leave_as_text(seeded, page):
    Configuracion.objects.filter(clave=TIMEOUT).update(descripcion="=HYPERLINK(1)")

    assert b"'=HYPERLINK(1)" in take(page, "csv")


# The preview


def test_the_preview_shows_the_difference_and_changes_nothing(seeded, page):
    changes = ConfiguracionChange.objects.count()

    answer = send(page, table((TIMEOUT, "1800"), ("sistema.log_level", "info")))

    assert f"2 {TIMEOUT} cambia valor 900 1800" in text_of(answer)
    assert "Nuevas 0 Cambiadas 1 Sin cambio 1 Errores 0" in text_of(answer)
    assert "style=" not in answer.content.decode().split('id="content"')[1]
    assert Configuracion.objects.get(clave=TIMEOUT).valor == "900"
    assert ConfiguracionChange.objects.count() == changes


def test_confirmed_it_does_what_was_shown_and_says_who(seeded, page):
    answer = confirm(page, send(page, table((TIMEOUT, "1800"))))

    change = ConfiguracionChange.objects.first()
    assert "Importación completada: 0 filas nuevas, 1 fila cambiada." in text_of(answer)
    assert Configuracion.objects.get(clave=TIMEOUT).get_valor_typed() == 1800
    assert (change.old_valor, change.new_valor) == ("900", "1800")
    assert (change.person, change.source, change.detail) == (
        "administradora", "import", "ajustes.csv",
    )  # fmt: skip
    assert default_storage.listdir("importaciones")[1] == []


def test_columns_that_are_not_there_stay_as_they_are(seeded, page):
    confirm(page, send(page, table((TIMEOUT, "false"), columns=("clave", "activa"))))

    config = Configuracion.objects.get(clave=TIMEOUT)
    assert (config.valor, config.activa, config.unidad) == ("900", False, "segundos")


def test_what_changed_meanwhile_is_shown_again(seeded, page):
    answer = send(page, table((TIMEOUT, "1800")))
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")

    again = confirm(page, answer)

    assert "Los datos cambiaron desde que se mostró" in text_of(again)
    assert "valor 600 1800" in text_of(again)
    assert Configuracion.objects.get(clave=TIMEOUT).valor == "600"
    confirm(page, again)
    assert Configuracion.objects.get(clave=TIMEOUT).valor == "1800"


# What is refused


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (table((TIMEOUT, "59")), "Fila 2 · valor: seguridad.session_timeout: «59» no vale. Se "
         "admite un entero de 60 a 86 400 segundos."),
        (table((TIMEOUT, "600"), ("sistema.log_level", "VERBOSE")), "Fila 3 · valor: "
         "sistema.log_level: «VERBOSE» no vale. Se admite una de: DEBUG, INFO, WARNING, ERROR."),
        (table((TIMEOUT, "600"), (TIMEOUT, "700")), "Fila 3 · seguridad.session_timeout ya está"),
        (table((TIMEOUT, "tal vez"), columns=("clave", "activa")), "«tal vez» no es true ni false"),
        (table((TIMEOUT, "600"), columns=("clave", "valro")), "Columnas desconocidas: valro."),
        (table(("600",), columns=("valor",)), "Falta la columna clave."),
        (table(("nueva", "1")), "Fila 2"),
        (table((TIMEOUT, "string"), columns=("clave", "tipo_dato")), "Su tipo es integer."),
        (b"clave,valor\n\xff,1", "UTF-8"),
        (b"", "vac"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_row_by_row_and_changes_nothing(seeded, page, content, why):
    before = everything()

    answer = send(page, content)

    assert why in text_of(answer)
    assert token_of(answer) is None
    assert everything() == before
    assert ConfiguracionChange.objects.count() == 40


def test_a_file_of_another_kind_is_refused(seeded, page):
    assert ".csv, .xlsx o .json" in text_of(send(page, b"hola", "ajustes.exe"))


def test_what_is_too_much_for_the_page_needs_the_right_to_run_it(seeded, page):
    answer = send(page, b"clave,valor\n" + b"otra.x,1\n" * 5_001)

    assert answer.status_code == 403
    assert "opsconsole.run_import_configuracion" in text_of(answer)


@pytest.mark.parametrize("token", ["", "x", "a:b:c"])
def test_a_confirmation_cannot_be_made_up(seeded, page, token):
    answer = page.post(IMPORT, {"token": token})

    assert answer.status_code == 400
    assert "La confirmación ya no vale" in text_of(answer)


def test_nobody_confirms_anothers_file_and_none_twice(seeded, page, client, staff, administrator):
    answer = send(page, table((TIMEOUT, "1800")))
    client.force_login(staff("otra", "import_configuracion", "view_configuracion"))

    assert "La confirmación ya no vale" in text_of(confirm(client, answer))
    assert Configuracion.objects.get(clave=TIMEOUT).valor == "900"

    client.force_login(administrator)
    confirm(client, answer)
    assert "La confirmación ya no vale" in text_of(confirm(client, answer))


def test_an_export_of_more_rows_than_allowed_is_refused_and_says_how_many(seeded, page, change):
    change("reportes.max_report_rows", "39")

    for answer, status in ((page.get(EXPORT), 200), (page.post(EXPORT, {"format": "csv"}), 400)):
        assert answer.status_code == status
        assert "La lista tiene más de 39 filas" in answer.content.decode()
        assert "Content-Disposition" not in answer
        assert b"Descargar" not in answer.content


def test_as_many_rows_as_allowed_are_exported_and_a_filter_makes_them_fewer(page, change):
    change("reportes.max_report_rows", "40")
    assert len(page.post(EXPORT, {"format": "csv"}).content.splitlines()) == 41

    change("reportes.max_report_rows", "5")
    answer = page.post(f"{EXPORT}?categoria=reportes", {"format": "csv"})
    assert len(answer.content.splitlines()) == 6


def test_no_setting_makes_a_page_write_a_million_rows(change):
    change("reportes.max_report_rows", "1000000")

    assert limits.most_exported_rows() == limits.MOST_EXPORTED_ROWS == 50_000


def test_import_and_export_are_rights_of_their_own(seeded, client, staff):
    client.force_login(staff("lectora", "view_configuracion", "change_configuracion"))

    listed = text_of(client.get("/admin/configuration/configuracion/"))
    answers = [
        client.get(IMPORT),
        send(client, table((TIMEOUT, "1800"))),
        client.get(EXPORT),
        client.post(EXPORT, {"format": "csv"}),
    ]

    assert "Importar" not in listed
    assert "Exportar" not in listed
    assert [answer.status_code for answer in answers] == [403, 403, 403, 403]
    assert Configuracion.objects.get(clave=TIMEOUT).valor == "900"


def test_who_has_the_rights_is_offered_the_pages(seeded, page):
    listed = text_of(page.get("/admin/configuration/configuracion/"))

    assert "Importar" in listed
    assert "Exportar" in listed
