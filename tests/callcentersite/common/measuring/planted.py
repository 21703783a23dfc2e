"""Pages and functions that are slow, wasteful or harmful on purpose; and one that is not."""

import json
import sqlite3
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_POST

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.common.measuring.registry import profilable
from callcentersite.apps.users.models import GrupoPermiso, UsuarioGrupo
from opsconsole import registry, runner
from opsconsole.doors import Door
from opsconsole.models import Origin

CALLED, REMEMBERED = [], {}


# Functions


@profilable(default=lambda: {"seconds": 0.02})
def naps(seconds):
    CALLED.append(seconds)
    nap(seconds)
    nap(seconds)
    return "descansada"


def nap(seconds):
    time.sleep(seconds)


@profilable()
def asks_the_same_again():
    return [heavy(7) for _number in range(4)] + [heavy(8)]


def heavy(number):
    time.sleep(0.005)
    return number


@profilable()
def asks_something_else_each_time():
    return [heavy(number) for number in range(5)]


@profilable()
def asks_what_is_remembered():
    REMEMBERED.clear()
    return [remembers(7) for _number in range(5)]


def remembers(number):
    if number not in REMEMBERED:
        time.sleep(0.02)
        REMEMBERED[number] = True
    return REMEMBERED[number]


@profilable()
def adds_up_what_comes():
    return sum(comes_one_by_one())


def comes_one_by_one():
    for number in range(5):
        time.sleep(0.005)
        yield number


@profilable()
def counts_by_fetching():
    return len(GrupoPermiso.objects.all())


@profilable()
def uses_what_it_fetches():
    return [group.nombre for group in GrupoPermiso.objects.all()]


@profilable()
def reads_in_batches():
    names, last = [], 0
    while batch := list(GrupoPermiso.objects.filter(pk__gt=last).order_by("pk")[:30]):
        names += [group.nombre for group in batch]
        last = batch[-1].pk
    return names


@profilable()
def prefetchless():
    return [len(group.enlaces.all()) for group in GrupoPermiso.objects.all()]


@profilable()
def writes_json():
    rows = [{"número": n, "texto": "hola"} for n in range(2_000)]
    return [json.dumps(rows) for _ in range(40)]


@profilable()
def slow_query():
    with connection.cursor() as cursor:
        cursor.execute(  # slow
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) "
            "SELECT COUNT(*) FROM n"
        )


@profilable()
def endless_query():
    CALLED.append("asks")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) "
            "SELECT COUNT(*) FROM n"
        )
    CALLED.append("knows")


@profilable()
def looks_for_a_note():
    return list(Call.objects.filter(talk_s=12_345).order_by("call_id"))


@profilable()
def looks_by_number():
    return Call.objects.filter(call_id=12_345).get()


# What may not be


@profilable()
def writes_a_file():
    (Path(default_storage.location) / "huella.txt").write_text("aquí estuve")


@profilable()
def stores_a_file():
    default_storage.save("huella.txt", ContentFile(b"hola"))


@profilable()
def starts_a_process():
    subprocess.run(["true"])


@profilable()
def hides_that_it_starts_a_process():
    try:
        subprocess.run(["true"])
    except OSError:
        return "nada"


@profilable()
def moves_a_file():
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).rename(Path(default_storage.location) / "huella.txt")


@profilable()
def starts_a_thread():
    threading.Thread(target=not_registered).start()


@profilable()
def opens_another_database():
    sqlite3.connect(Path(default_storage.location) / "huella.sqlite3").close()


@profilable()
def remembers_in_the_cache():
    CALLED.append(cache.get("huella"))
    cache.set("huella", "aquí estuve")


@profilable()
def commits():
    with connection.cursor() as cursor:
        cursor.execute("COMMIT")


@profilable()
def uses_a_temporary_file():
    with tempfile.TemporaryFile() as file:
        file.write(b"de paso")


@profilable()
def opens_a_durable_transaction():
    with transaction.atomic(durable=True):
        GrupoPermiso.objects.update(descripcion="cambiada")


def not_registered():
    CALLED.append("not_registered")


# Pages


def clean(request):
    groups = list(UsuarioGrupo.objects.select_related("grupo"))
    return HttpResponse(", ".join(one.grupo.nombre for one in groups))


def repeats(request):
    return HttpResponse(", ".join(one.grupo.nombre for one in UsuarioGrupo.objects.all()))


def changes(request):
    return current(request)


def repeats_in_template(request):
    found = UsuarioGrupo.objects.all()
    return render(request, "planted/memberships.html", {"memberships": found})


def asks_twice(request):
    first = GrupoPermiso.objects.filter(codigo="x").first()
    second = GrupoPermiso.objects.filter(codigo="x").first()
    return JsonResponse({"hay": first == second})


def fails(request):
    raise ValueError("se rompió a propósito")


def sleeps(request):
    CALLED.append("sleeps")
    time.sleep(60)
    CALLED.append("woke")


def streams(request):
    return StreamingHttpResponse(str(number) for number in range(100))


@require_POST
def writes_everywhere(request):
    name = request.POST["name"]
    CALLED.append((name, request.user.get_username()))
    get_user_model().objects.create_user(name)
    user = request.user
    runner.submit(
        registry.get("seed_permisos_granular"), {}, door=Door(origin=Origin.ADMIN, user=user)
    )
    transaction.on_commit(lambda: CALLED.append("committed"))
    send_mail("hola", "cuerpo", "de@example.com", ["a@example.com"])
    return HttpResponse("hecho", status=201)


current = clean

urlpatterns = [
    path("cambia/", changes),
    path("limpia/", clean),
    path("repite/", repeats),
    path("repite-en-plantilla/", repeats_in_template),
    path("pregunta-dos-veces/", asks_twice),
    path("falla/", fails),
    path("duerme/", sleeps),
    path("fluye/", streams),
    path("escribe/", writes_everywhere),
    path("", include("callcentersite.urls")),
]
