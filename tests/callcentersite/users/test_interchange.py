"""Permissions out to a file and back: links and all, and never round the rule of two people."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.notifications.models import Notification
from callcentersite.apps.users import deciding, granting
from callcentersite.apps.users.interchange.resources import UsuarioGrupoResource
from callcentersite.apps.users.models import (
    Capacidad,
    Funcion,
    FuncionCapacidad,
    GrupoCapacidad,
    GrupoPermiso,
    SolicitudAsignacion,
    UsuarioGrupo,
)
from opsconsole import registry, runner
from opsconsole.doors import Door
from opsconsole.management.base import Refusal
from opsconsole.models import JobRun, Origin

from .conftest import fresh, join

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

GRAVE = "sistema.tecnico.configuracion.importar"
PLAIN = "sistema.operaciones.llamadas.ver"
MODELS = ("funcion", "capacidad", "grupopermiso", "usuariogrupo")


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


ASSIGN = "sistema.administracion.usuarios.asignar_grupos"


@pytest.fixture
def at_once(catalog):
    """A file of rights needs no second person of its own; each row may still need one."""
    Capacidad.objects.filter(codigo=ASSIGN).update(requiere_aprobacion=False)


@pytest.fixture
def boss(at_once, person):
    return person("jefa", "administracion_usuarios")


@pytest.fixture
def root(at_once, django_user_model):
    return django_user_model.objects.create_superuser("raiz")


@pytest.fixture
def page(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def root_page(client, root):
    client.force_login(root)
    return client


def url(model, verb="import"):
    return f"/admin/users/{model}/{verb}/"


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def table(columns, *rows):
    target = io.StringIO()
    csv.writer(target).writerows([columns.split(","), *rows])
    return target.getvalue().encode()


def send(client, model, content, name="permisos.csv"):
    return client.post(url(model), {"file": SimpleUploadedFile(name, content)})


def token_of(answer):
    found = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    return found and found[1]


def confirm(client, model, answer):
    assert token_of(answer), text_of(answer)
    return client.post(url(model), {"token": token_of(answer)}, follow=True)


def take(client, model, extension):
    answer = client.post(url(model, "export"), {"format": extension})
    assert answer.status_code == 200, text_of(answer)
    return answer.content


def links():
    return set(GrupoCapacidad.objects.values_list("grupo__codigo", "capacidad__codigo"))


def world():
    """All that is in force, asked for, or was, by what people call it."""
    fields = ("usuario__username", "grupo__codigo", "motivo", "vence_el", "revocado_el")
    own = ("pk", "id")
    rows = [
        sorted(
            (tuple((k, v) for k, v in row.items() if k not in own))
            for row in model.objects.values()
        )
        for model in (Funcion, Capacidad, GrupoPermiso)
    ]
    order = ("funcion__nombre", "orden", "capacidad__codigo", "es_requerida")
    return (
        *rows,
        sorted(FuncionCapacidad.objects.values_list(*order)),
        links(),
        list(UsuarioGrupo.objects.order_by("pk").values_list(*fields)),
        SolicitudAsignacion.objects.count(),
    )


# There and back


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("model", MODELS)
def test_what_was_just_exported_changes_nothing(root_page, person, model, extension):
    join(person("ana"), "atencion_cliente", vence_el=timezone.now() + timedelta(days=1))
    before = world()

    answer = send(root_page, model, take(root_page, model, extension), f"p.{extension}")

    assert "no hay nada que importar" in text_of(answer)
    assert world() == before


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_the_catalogue_and_the_groups_come_back_as_they_were(root_page, extension):
    GrupoPermiso.objects.update(requiere_aprobacion=False)
    Capacidad.objects.update(requiere_aprobacion=False)
    GrupoPermiso.objects.filter(codigo="atencion_cliente").update(descripcion="=1+1\r\n'x")
    before = world()
    files = {model: take(root_page, model, extension) for model in MODELS}
    GrupoPermiso.objects.all().delete()
    Funcion.objects.all().delete()
    Capacidad.objects.all().delete()

    for model in ("capacidad", "funcion", "grupopermiso"):
        answer = send(root_page, model, files[model], f"p.{extension}")
        assert "Importación completada" in text_of(confirm(root_page, model, answer))

    assert world() == before


def test_memberships_come_back_as_they_were(page, person, boss):
    ana, until = person("ana"), timezone.now() + timedelta(days=30)
    join(ana, "atencion_cliente", vence_el=until, motivo="=Suplencia, de «Eva»")
    content = take(page, "usuariogrupo", "csv")
    UsuarioGrupo.objects.filter(usuario=ana).delete()

    done = confirm(page, "usuariogrupo", send(page, "usuariogrupo", content))

    made = UsuarioGrupo.objects.get(usuario=ana)
    assert "1 fila nueva, 0 filas cambiadas" in text_of(done)
    assert (made.motivo, made.vence_el, made.asignado_por) == (
        "=Suplencia, de «Eva»", until, boss,
    )  # fmt: skip
    assert fresh(ana).has_perm("analytics.view_call")


def test_what_ended_is_history_and_does_not_leave(page, person, boss):
    ended = join(person("ana"), "atencion_cliente")
    UsuarioGrupo.objects.filter(pk=ended.pk).update(revocado_el=timezone.now())

    rows = json.loads(take(page, "usuariogrupo", "json"))

    assert [row["usuario"] for row in rows] == ["jefa"]


# Memberships, by the rules of granting

MEMBER = "usuario,grupo,motivo,vence_el"


def test_another_reason_or_end_replaces_the_assignment(page, person, boss):
    ana = person("ana", "atencion_cliente")
    file = table(MEMBER, ("ana", "atencion_cliente", "Prórroga", "2099-12-31"))

    confirm(page, "usuariogrupo", send(page, "usuariogrupo", file))

    old, new = UsuarioGrupo.objects.filter(usuario=ana).order_by("pk")
    assert (old.revocado_por, old.motivo_revocacion) == (boss, "Reemplazada por otra asignación")
    assert (new.motivo, timezone.localtime(new.vence_el).strftime("%Y-%m-%d %H:%M")) == (
        "Prórroga", "2099-12-31 23:59",
    )  # fmt: skip


def grave_group():
    return next(one for one in GrupoPermiso.objects.order_by("pk") if granting.needs_approval(one))


def test_a_group_that_requires_approval_becomes_a_request(page, person):
    ana, grupo = person("ana"), grave_group()
    file = table(MEMBER, ("ana", grupo.codigo, "Relevo", ""))
    answer = send(page, "usuariogrupo", file)
    assert "espera aprobación" in text_of(answer)
    assert "Por aprobar 1" in text_of(answer)

    done = confirm(page, "usuariogrupo", answer)

    solicitud = SolicitudAsignacion.objects.get()
    assert "1 espera a una segunda persona" in text_of(done)
    assert (solicitud.usuario, solicitud.grupo, solicitud.motivo) == (ana, grupo, "Relevo")
    assert not UsuarioGrupo.objects.filter(usuario=ana).exists()
    second = person("segunda", "administracion_usuarios")
    deciding.approve(solicitud, by=second, now=timezone.now())
    assert UsuarioGrupo.objects.filter(usuario=ana, grupo=grupo).exists()


def test_asking_for_the_same_again_is_no_change(page, person):
    person("ana")
    file = table(MEMBER, ("ana", grave_group().codigo, "Relevo", ""))
    confirm(page, "usuariogrupo", send(page, "usuariogrupo", file))

    again = send(page, "usuariogrupo", file)
    other = send(page, "usuariogrupo", table(MEMBER, ("ana", grave_group().codigo, "Otro", "")))

    assert "no hay nada que importar" in text_of(again)
    assert "Ya espera aprobación con otros datos" in text_of(other)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("nadie", "atencion_cliente", "x", ""), "no existe la cuenta «nadie»"),
        (("ana", "nada", "x", ""), "no existe el grupo «nada»"),
        (("ana", "atencion_cliente", " ", ""), "motivo:"),
        (("ana", "atencion_cliente", "x" * 301, ""), "motivo:"),
        (("ana", "atencion_cliente", "x", "2001-01-01"), "debe ser posterior a ahora"),
        (("ana", "atencion_cliente", "x", "mañana"), "«mañana» no es una fecha"),
        (("jefa", "atencion_cliente", "x", ""), "Nadie cambia sus propios permisos"),
        (("ana", "inactivo", "x", ""), "está inactivo"),
        (("", "atencion_cliente", "x", ""), "Falta usuario, grupo"),
    ],
)
def test_what_granting_refuses_the_import_refuses(page, person, row, why):
    person("ana")
    GrupoPermiso.objects.create(
        codigo="inactivo", nombre="x", categoria="x", nivel_riesgo="bajo", activo=False
    )
    before = world()

    answer = send(page, "usuariogrupo", table(MEMBER, row))

    assert why in text_of(answer)
    assert token_of(answer) is None
    assert world() == before


# Groups, by the rules of granting

GROUP = "codigo,capacidades"


def test_codes_are_given_and_taken(page):
    grupo = GrupoPermiso.objects.create(
        codigo="nuevo", nombre="Nuevo", categoria="x", nivel_riesgo="bajo"
    )
    GrupoCapacidad.objects.create(
        grupo=grupo, capacidad=Capacidad.objects.get(codigo="sistema.analisis.metricas.ver")
    )

    confirm(page, "grupopermiso", send(page, "grupopermiso", table(GROUP, ("nuevo", PLAIN))))

    assert {code for group, code in links() if group == "nuevo"} == {PLAIN}


def test_a_capability_that_requires_approval_waits_for_a_second_person(page, person):
    columns = "codigo,nombre,categoria,nivel_riesgo,capacidades"
    file = table(columns, ("nuevo", "Nuevo", "x", "bajo", f"{PLAIN}, {GRAVE}"))
    answer = send(page, "grupopermiso", file)
    assert "1 capacidad espera aprobación" in text_of(answer)

    confirm(page, "grupopermiso", answer)

    solicitud = SolicitudAsignacion.objects.get()
    assert {code for group, code in links() if group == "nuevo"} == {PLAIN}
    assert (solicitud.clase, solicitud.capacidad.codigo) == ("capacidad", GRAVE)
    assert solicitud.motivo == "Importación de permisos.csv"
    assert "no hay nada que importar" in text_of(send(page, "grupopermiso", file))
    deciding.approve(solicitud, by=person("segunda", "administracion_usuarios"), now=timezone.now())
    assert ("nuevo", GRAVE) in links()


@pytest.mark.parametrize(
    ("columns", "row", "why"),
    [
        (GROUP, ("administracion_usuarios", PLAIN), "usted pertenece al grupo"),
        ("codigo,activo", ("administracion_usuarios", "false"), "usted pertenece al grupo"),
        (GROUP, ("atencion_cliente", "sistema.nada"), "no existen: sistema.nada"),
        ("codigo,color", ("atencion_cliente", "rojo"), "color:"),
        ("codigo,nombre,categoria,nivel_riesgo", ("Con Espacio", "x", "x", "bajo"), "codigo:"),
        ("codigo,nombre,categoria,nivel_riesgo", ("nuevo", "x", "x", "enorme"), "nivel_riesgo:"),
    ],
)
def test_what_a_groups_page_refuses_the_import_refuses(page, columns, row, why):
    before = world()

    answer = send(page, "grupopermiso", table(columns, row))

    assert why in text_of(answer)
    assert token_of(answer) is None
    assert world() == before


def test_nobody_lifts_by_a_file_the_approval_that_binds_her(page, root, client):
    grupo = GrupoPermiso.objects.create(
        codigo="grave", nombre="x", categoria="x", nivel_riesgo="alto", requiere_aprobacion=True
    )
    file = table("codigo,requiere_aprobacion", ("grave", "false"))

    refused = send(page, "grupopermiso", file)
    client.force_login(root)
    confirm(client, "grupopermiso", send(client, "grupopermiso", file))

    assert "solo lo cambia quien administra el sistema" in text_of(refused)
    grupo.refresh_from_db()
    assert not grupo.requiere_aprobacion


# The catalogue


@pytest.mark.parametrize(
    ("model", "columns", "row", "why"),
    [
        ("funcion", "nombre_completo,capacidades", ("sistema.tecnico.configuracion", "ver"),
         "no es orden:codigo"),
        ("funcion", "nombre_completo,capacidades", ("sistema.tecnico.configuracion", "1:nada"),
         "no existen: nada"),
        ("funcion", "nombre_completo,capacidades",
         ("sistema.tecnico.configuracion", f"1:{PLAIN} 1:{GRAVE}"), "repetido"),
        ("funcion", "nombre_completo,orden_menu", ("sistema.tecnico.configuracion", "muchos"),
         "orden_menu:"),
        ("funcion", "nombre_completo,nombre,dominio,categoria",
         ("sistema.otra", "configuracion", "x", "x"), "ya es el de sistema.tecnico.configuracion"),
        ("capacidad", "codigo,accion", (GRAVE, "ver"), "termina en un punto y su acción"),
        ("capacidad", "codigo,requiere_aprobacion", (GRAVE, "quizá"), "no es true ni false"),
    ],
)  # fmt: skip
def test_the_catalogue_stays_in_order(root_page, model, columns, row, why):
    before = world()

    answer = send(root_page, model, table(columns, row))

    assert why in text_of(answer)
    assert world() == before


def test_only_superusers_import_the_catalogue(page):
    for model in ("funcion", "capacidad"):
        assert page.get(url(model)).status_code == 403
        assert page.get(url(model, "export")).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_import_and_export_are_rights_of_their_own(client, person, catalog, model):
    looker = person("mirona")
    capacidad = Capacidad.objects.get(codigo="sistema.administracion.usuarios.ver")
    looker.excepciones.create(capacidad=capacidad, tipo="conceder", motivo="Auditoría")
    client.force_login(fresh(looker))

    assert client.get(f"/admin/users/{model}/").status_code == 200
    assert client.get(url(model)).status_code == 403
    assert client.get(url(model, "export")).status_code == 403


# As a run


def test_thousands_of_memberships_go_as_a_run_that_a_second_person_approves(page, person, boss):
    Capacidad.objects.filter(codigo=ASSIGN).update(requiere_aprobacion=True)
    people = [person(f"p{n}") for n in range(3)]
    codes = [f"g{n}" for n in range(2_000)]
    GrupoPermiso.objects.bulk_create(
        GrupoPermiso(codigo=code, nombre=code, categoria="x", nivel_riesgo="bajo") for code in codes
    )
    rows = [(one.username, code, "Alta", "") for one in people for code in codes]

    answer = send(page, "usuariogrupo", table(MEMBER, *rows))
    found = dict(
        re.findall(r'name="(upload|plan_digest)"[^>]*?value="([^"]*)"', answer.content.decode())
    )
    page.post("/admin/operaciones/import_usuariogrupo/", found)
    run = JobRun.objects.get()

    assert run.status == "awaiting_approval"
    second = person("segunda", "administracion_usuarios", is_superuser=True)
    runner.approve(run, door=Door(origin=Origin.ADMIN, user=second))
    outcome = runner.execute(run.pk)
    assert outcome.run.status == "succeeded", outcome.run.error
    assert UsuarioGrupo.objects.filter(asignado_por=boss, motivo="Alta").count() == 6_000


def test_the_terminal_asks_for_no_approval_in_nobodys_name(catalog, person, boss, tmp_path):
    person("ana")
    path = tmp_path / "altas.csv"
    path.write_bytes(table(MEMBER, ("ana", grave_group().codigo, "Relevo", "")))

    with pytest.raises(Refusal, match="la pide una cuenta"):
        call_command("import_file", "usuariogrupo", str(path))

    assert not SolicitudAsignacion.objects.exists()


def test_a_right_that_was_lost_meanwhile_counts(catalog, boss, person):
    person("ana")
    operation = registry.get("import_usuariogrupo")
    content = ContentFile(table(MEMBER, ("ana", "atencion_cliente", "Alta", "")))
    upload = uploads.keep(content, name="a.csv", sender=boss, model=operation.model_label())
    Capacidad.objects.update(requiere_aprobacion=False)
    door = Door(origin=Origin.ADMIN, user=fresh(boss))
    run = runner.submit(operation, {"upload": upload.id}, door=door, enqueue=False)
    UsuarioGrupo.objects.filter(usuario=boss).update(revocado_el=timezone.now())

    outcome = runner.execute(run.pk)

    assert outcome.run.status == "failed"
    assert not UsuarioGrupo.objects.filter(usuario__username="ana").exists()


def test_the_library_s_own_call_leads_to_the_same(catalog, person, boss):
    person("ana")
    dataset = UsuarioGrupoResource().export()
    dataset.append(("ana", "atencion_cliente", "Alta", ""))

    looked = UsuarioGrupoResource().import_data(dataset, dry_run=True, by=boss)
    assert not UsuarioGrupo.objects.filter(usuario__username="ana").exists()
    done = UsuarioGrupoResource().import_data(dataset, by=boss)

    assert (looked.created, done.created, done.unchanged) == (1, 1, 1)
    assert UsuarioGrupo.objects.get(usuario__username="ana").asignado_por == boss


# What is told of it


def told_of(action):
    return [(one.target, json.loads(one.detail)) for one in AuditLog.objects.filter(action=action)]


def test_each_membership_and_each_request_is_in_the_audit(page, person):
    ana, grupo = person("ana"), grave_group()
    file = table(
        MEMBER, ("ana", grupo.codigo, "Relevo", ""), ("ana", "atencion_cliente", "Alta", "")
    )

    confirm(page, "usuariogrupo", send(page, "usuariogrupo", file))

    ((who, detail),) = told_of("group_assigned")
    assert (who, detail["group"], detail["why"]) == ("ana", "atencion_cliente", "Alta")
    assert AuditLog.objects.get(action="group_assigned").target_id == str(ana.pk)
    ((what, asked),) = told_of("request_made")
    assert (what, asked["why"]) == (f"ana · {grupo.codigo}", "Relevo")


def test_each_capability_that_a_file_gives_takes_or_asks_for_is_in_the_audit(page):
    grupo = GrupoPermiso.objects.create(
        codigo="nuevo", nombre="Nuevo", categoria="x", nivel_riesgo="bajo"
    )
    old = "sistema.analisis.metricas.ver"
    GrupoCapacidad.objects.create(grupo=grupo, capacidad=Capacidad.objects.get(codigo=old))

    file = table(GROUP, ("nuevo", f"{PLAIN} {GRAVE}"))
    confirm(page, "grupopermiso", send(page, "grupopermiso", file))

    detail = dict(told_of("group_changed"))["nuevo"]
    assert (detail["added"], detail["removed"], detail["waiting"]) == ([PLAIN], [old], [GRAVE])
    assert [target for target, _detail in told_of("request_made")] == [f"nuevo · {GRAVE}"]


def test_a_catalogue_that_lifts_an_approval_is_in_the_audit(root_page):
    file = table("codigo,requiere_aprobacion", (GRAVE, "false"))

    confirm(root_page, "capacidad", send(root_page, "capacidad", file))

    said = dict(told_of("imported"))[GRAVE]
    assert said["changed"] == {"requiere_aprobacion": ["true", "false"]}


def test_those_who_decide_hear_of_a_request_that_a_file_makes(page, person):
    person("ana")
    second = person("segunda", "administracion_usuarios")
    file = table(MEMBER, ("ana", grave_group().codigo, "Relevo", ""))

    confirm(page, "usuariogrupo", send(page, "usuariogrupo", file))

    notice = Notification.objects.get()
    assert notice.recipient == second
    assert notice.target.endswith(f"/{SolicitudAsignacion.objects.get().pk}/change/")


def test_very_many_requests_are_one_notice(page, person):
    for number in range(25):
        person(f"ana.{number}")
    second = person("segunda", "administracion_usuarios")
    grupo = grave_group().codigo
    rows = [(f"ana.{number}", grupo, "Relevo", "") for number in range(25)]

    confirm(page, "usuariogrupo", send(page, "usuariogrupo", table(MEMBER, *rows)))

    notice = Notification.objects.get()
    assert (notice.recipient, notice.subject) == (second, "Esperan aprobación: 25 solicitudes")


def test_a_file_of_rights_waits_where_the_catalogue_says_so(page, person):
    person("ana")
    Capacidad.objects.filter(codigo=ASSIGN).update(requiere_aprobacion=True)
    file = table(MEMBER, ("ana", "atencion_cliente", "Alta", ""))

    confirm(page, "usuariogrupo", send(page, "usuariogrupo", file))

    assert JobRun.objects.get().status == "awaiting_approval"
    assert not UsuarioGrupo.objects.filter(usuario__username="ana").exists()
