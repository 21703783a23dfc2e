"""A file that is too much for the page: sent, seen, confirmed, done by a worker."""

import pytest
from django.core.management import call_command

from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.users.models import Capacidad
from tests.browser.conftest import keep
from tests.browser.test_live_console import STATE, WIDEST, shows

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])

IMPORT = "/admin/configuration/configuracion/import/"
HEAD = "clave,categoria,valor,tipo_dato,descripcion"
ROWS = [f"otra.{n},otra,v{n},string,Clave {n}" for n in range(6_000)]


def sent(page, name, *rows, head=HEAD):
    content = "\n".join([head, *rows, ""]).encode()
    page.set_input_files("#id_file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.click("text=Ver qué cambiaría…")


def test_a_big_file_leads_to_its_plan_and_a_worker_imports_it(visit, cluster):
    call_command("seed_permisos_granular", verbosity=0)
    call_command("seed_configuraciones_default", verbosity=0)
    Capacidad.objects.update(requiere_aprobacion=False)
    page = visit(IMPORT)
    keep(page, "import")

    sent(page, "ajustes.csv", "seguridad.session_timeout,seguridad,1800,integer,Otra", *ROWS)
    shows(page, ".ops-summary", "6000 filas nuevas, 1 fila cambiada")
    keep(page, "import-plan")
    page.click("text=Ejecutar el plan")
    shows(page, STATE, "Terminó bien", seconds=60)
    keep(page, "import-run")

    assert Configuracion.objects.get(clave="otra.5999").valor == "v5999"


def test_a_bad_big_file_says_where_and_gives_its_errors(visit):
    call_command("seed_configuraciones_default", verbosity=0)
    page = visit(IMPORT, width=420)

    sent(page, "ajustes.csv", *ROWS, "seguridad.session_timeout,seguridad,5,integer,x", ROWS[0])
    shows(page, ".interchange-errors", "Fila 6002")
    keep(page, "import-errors-narrow")
    with page.expect_download() as taken:
        page.click("text=Descargar todos los errores (CSV)")

    assert page.evaluate(WIDEST) <= 420
    assert taken.value.suggested_filename == "errores.csv"
    assert not Configuracion.objects.filter(categoria="otra").exists()


def test_a_groups_file_shows_what_will_wait(visit):
    call_command("seed_permisos_granular", verbosity=0)
    page = visit("/admin/users/grupopermiso/import/")

    sent(
        page,
        "grupos.csv",
        "nuevo,Nuevo,operativo,bajo,"
        "sistema.operaciones.llamadas.ver sistema.tecnico.configuracion.importar",
        head="codigo,nombre,categoria,nivel_riesgo,capacidades",
    )
    shows(page, ".interchange-rows", "1 capacidad espera aprobación")
    keep(page, "import-groups")
