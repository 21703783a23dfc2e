"""``seed_permisos_granular``: the guide's lines, the guide's counts, the guide's refusal."""

import re
import threading
from code import InteractiveConsole
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connections

from callcentersite.apps.users import seeding
from callcentersite.apps.users.models import (
    Capacidad,
    Funcion,
    FuncionCapacidad,
    GrupoCapacidad,
    GrupoPermiso,
)
from opsconsole import registry, runner
from opsconsole.models import JobRun

from .conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

URL = "/admin/operaciones/seed_permisos_granular/"
GUIDE = [
    "Iniciando seed de permisos granular...",
    "Creando funciones...",
    "Creando capacidades...",
    "Creando grupos...",
    "Asignando capacidades a grupos...",
    "Seed completado exitosamente",
]
REFUSAL = [
    "ERROR: IntegrityError - duplicate key value violates unique constraint",
    "CAUSA: Datos ya existen",
    "SOLUCION: Eliminar datos existentes o usar fresh database",
]
EMPTY, FULL = (0, 0, 0, 0, 0), (13, 78, 10, 78, 75)


def seed(*options):
    out = StringIO()
    call_command("seed_permisos_granular", *options, stdout=out, stderr=StringIO(), no_color=True)
    return out.getvalue().splitlines()


def counts():
    tables = (Funcion, Capacidad, GrupoPermiso, FuncionCapacidad, GrupoCapacidad)
    return tuple(table.objects.count() for table in tables)


def test_it_prints_exactly_the_guides_six_lines():
    assert seed() == GUIDE


def test_the_guides_shell_snippet_as_it_is_typed(capsys):
    seed()
    console = InteractiveConsole()

    for line in (
        "from callcentersite.apps.users.models_permisos_granular import Funcion, Capacidad, "
        "GrupoPermiso",
        "Funcion.objects.count()  # Esperado: 13",
        "Capacidad.objects.count()  # Esperado: 78",
        "GrupoPermiso.objects.count()  # Esperado: 10",
    ):
        console.push(line)

    assert capsys.readouterr().out.split() == ["13", "78", "10"]


def test_it_creates_everything_with_its_links():
    seed()

    assert counts() == FULL
    group = GrupoPermiso.objects.get(codigo="configuracion_sistema")
    assert group.requiere_aprobacion and group.nivel_riesgo == "critico"
    assert sorted(group.capacidades.values_list("accion", flat=True)) == [
        "editar",
        "exportar",
        "importar",
        "restaurar",
        "ver",
    ]


def test_a_second_time_is_refused_in_the_guides_words_and_changes_nothing():
    seed()
    before = list(Capacidad.objects.values())

    with pytest.raises(CommandError) as refusal:
        seed()

    assert str(refusal.value).splitlines() == REFUSAL
    assert refusal.value.returncode == 1
    assert counts() == FULL
    assert list(Capacidad.objects.values()) == before
    assert JobRun.objects.latest("pk").status == "failed"


def make_group():
    GrupoPermiso.objects.create(codigo="propio", nombre="P", categoria="c", nivel_riesgo="bajo")


def make_function():
    Funcion.objects.create(nombre="x", nombre_completo="x.y", dominio="d", categoria="c")


def make_capability():
    Capacidad.objects.create(codigo="x.y.z", accion="z", nombre="Z", nivel_riesgo="bajo")


@pytest.mark.parametrize("make", [make_group, make_function, make_capability])
def test_any_row_in_one_of_the_three_tables_is_data(make):
    make()
    before = counts()

    with pytest.raises(CommandError) as refusal:
        seed()

    assert str(refusal.value).splitlines() == REFUSAL
    assert counts() == before


def test_an_error_half_way_leaves_nothing(monkeypatch):
    def broken(*args):
        raise RuntimeError("se fue la luz")

    monkeypatch.setattr(seeding, "link_groups", broken)

    with pytest.raises(CommandError):
        seed()

    assert counts() == EMPTY


def test_two_at_once_are_one_seed():
    results, gate = [], threading.Barrier(2)

    def once():
        gate.wait()
        try:
            seeding.seed(seeding.the_catalog(), say=lambda line: None)
            results.append("done")
        except seeding.DataExist:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=once) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["done", "refused"]
    assert counts() == FULL


# In the admin


@pytest.fixture
def seeder(client, django_user_model):
    user = django_user_model.objects.create_user("ana", password="clave-1", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="run_seed_permisos_granular"))
    client.force_login(fresh(user))
    return client


def test_the_page_leads_to_a_plan_that_shows_what_will_be_created(seeder):
    shown = seeder.get(URL).content.decode()
    plan = seeder.post(URL).content.decode()

    assert "Ver el plan…" in shown
    assert "Se crearán 13 funciones, 78 capacidades y 10 grupos, y 153 enlaces" in plan
    assert "Configuracion del Sistema" in plan
    assert "Ejecutar el plan" in plan
    assert "Eliminar" not in plan
    assert not JobRun.objects.exists()
    assert counts() == EMPTY


def test_the_confirmed_plan_runs(seeder):
    digest = registry.get("seed_permisos_granular").plan({}).digest()

    seeder.post(URL, {"plan_digest": digest})
    run = JobRun.objects.get()
    runner.execute(run.pk)

    assert JobRun.objects.get().status == "succeeded"
    assert JobRun.objects.get().result["asignaciones"] == 75
    assert counts() == FULL


def test_where_it_cannot_the_page_says_why(seeder):
    seed()

    page = seeder.post(URL).content.decode()

    assert "duplicate key value violates unique constraint" in page
    assert "Datos ya existen" in page
    assert "Ejecutar el plan" not in page
    assert JobRun.objects.count() == 1


def test_a_plan_overtaken_by_another_seed_changes_nothing(seeder):
    digest = registry.get("seed_permisos_granular").plan({}).digest()
    seeder.post(URL, {"plan_digest": digest})
    seeding.seed(seeding.the_catalog(), say=lambda line: None)

    runner.execute(JobRun.objects.get().pk)

    run = JobRun.objects.get()
    assert (run.status, run.error_cause) == ("failed", "Datos ya existen")
    assert counts() == FULL


def test_without_the_right_nothing_is_shown_or_done(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("x", password="x", is_staff=True))

    assert client.get(URL).status_code == 403
    assert client.post(URL, {"plan_digest": "0" * 64}).status_code == 403
    assert counts() == EMPTY
    assert not JobRun.objects.exists()


def test_a_plan_confirmed_in_english_is_carried_out_by_the_worker(client, person_who_may_seed):
    client.force_login(person_who_may_seed)
    client.cookies["django_language"] = "en"
    page = client.post(URL, {}).content.decode()
    digest = re.search(r'name="plan_digest"[^>]*value="([0-9a-f]{64})"', page)[1]
    assert "Group" in page

    client.post(URL, {"plan_digest": digest})
    outcome = runner.execute(JobRun.objects.latest("pk").pk)

    assert outcome.run.status == "succeeded", outcome.run.error
    assert GrupoPermiso.objects.count() == 10


@pytest.fixture
def person_who_may_seed(db, django_user_model):
    user = django_user_model.objects.create_user("sembradora", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="run_seed_permisos_granular"))
    return fresh(user)
