"""``sistema.enable_profiling``: on, requests are recorded; off, there is no trace of it."""

import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from silk.models import Request, Response, SQLQuery

from callcentersite.apps.common.profiling import gate, recording, storing, writing
from callcentersite.apps.common.profiling.domain.phases import Phases
from callcentersite.apps.common.profiling.watching import MOST_QUERIES
from callcentersite.apps.configuration import services, settings_cache
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.users.models import User
from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

HOME = "/admin/"
LIST = "/admin/silk/request/"


@pytest.fixture
def switch(db):
    """``switch("true")``: record from now on."""
    services.seed("sistema")

    def switch(valor):
        config = Configuracion.objects.get(clave=gate.CLAVE)
        config.valor = valor
        config.save()

    return switch


@pytest.fixture
def root(client):
    user = User.objects.create_superuser("root", password="Clave-Secreta-1")
    client.force_login(user)
    return client


def recorded():
    writing.writer.flush()
    return list(Request.objects.order_by("start_time").values_list("path", flat=True))


def ago(minutes):
    """The setting was saved so long ago: by SQL, for every other way is a saving of its own."""
    moment = timezone.now() - timedelta(minutes=minutes)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE configuracion SET updated_at = %s WHERE clave = %s", [moment, gate.CLAVE]
        )
    settings_cache.forget()


# The two phases


def test_the_first_phase_ends_by_itself_and_saving_begins_it_again(root, switch, settings):
    settings.PROFILING = Phases(minutes=15, sample_percent=0)
    switch("true")
    root.get(HOME)

    ago(minutes=16)
    root.get(HOME)
    assert recorded() == [HOME]

    switch("true")
    root.get(HOME)
    assert recorded() == [HOME, HOME]


def test_after_it_the_sample_is_drawn(root, switch, monkeypatch):
    switch("true")
    ago(minutes=16)

    for drawn in (0.06, 0.04, 0.99):
        monkeypatch.setattr(gate, "draw", lambda drawn=drawn: drawn)
        root.get(HOME)

    assert recorded() == [HOME]


def test_the_page_of_the_setting_says_what_is_recorded_and_until_when(root, switch):
    key = Configuracion.objects.get(clave=gate.CLAVE).pk
    page = reverse("admin:configuration_configuracion_change", args=[key])
    assert "Ahora no se graba ninguna petición." in root.get(page).content.decode()

    switch("true")
    until = gate.clock(Configuracion.objects.get(pk=key).updated_at + timedelta(minutes=15))
    text = f"todas las peticiones hasta las {until}, y después una muestra del 5 %."
    assert text in root.get(page).content.decode()

    ago(minutes=16)
    shown = root.get(page).content.decode()
    assert "Se graba una muestra del 5 % de las peticiones." in shown
    assert "Guárdela otra vez para grabarlas todas durante 15 minutos." in shown


# What is recorded


def test_by_default_nothing_is_recorded_and_nothing_is_asked(root, switch):
    with CaptureQueriesContext(connections["ops"]) as queries:
        root.get(HOME)

    assert recorded() == []
    assert not any("silk" in query["sql"] for query in queries)


def test_a_request_is_recorded_with_its_statements_and_their_lines(root, switch):
    switch("true")

    root.get(HOME)

    assert recorded() == [HOME]
    request, queries = Request.objects.get(), list(SQLQuery.objects.order_by("identifier"))
    assert (request.view_name, request.method) == ("admin:index", "GET")
    assert request.response.status_code == 200
    assert request.num_sql_queries == len(queries) > 0
    assert request.time_taken >= sum(one.time_taken for one in queries) > 0
    assert any("users_user" in one.query for one in queries)
    assert any(one.traceback.startswith("opsconsole/selectors/queue.py:") for one in queries)
    assert all(one.request_id == str(request.pk) for one in queries)


def test_what_silk_does_not_see_is_recorded_too(switch, rf):
    switch("true")

    def view(request):
        User.objects.create_user("ana")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'valor', 7")
        return HttpResponse("ok")

    recording.ProfilingMiddleware(view)(rf.get("/admin/x/"))

    recorded()
    kept = list(SQLQuery.objects.values_list("query", flat=True))
    assert any(query.startswith("INSERT INTO") for query in kept)
    assert "SELECT ?, ?" in kept


def test_nothing_of_django_is_replaced(root, switch):
    before = SQLCompiler.execute_sql
    switch("true")

    with CaptureQueriesContext(connections["default"]) as queries:
        root.get(HOME)

    assert SQLCompiler.execute_sql is before
    assert not any(query["sql"].startswith("EXPLAIN") for query in queries)
    assert connections["default"].execute_wrappers == []


def test_a_request_with_very_many_queries_keeps_the_first_and_counts_all(root, switch, rf):
    switch("true")

    def view(request):
        for _time in range(MOST_QUERIES + 3):
            User.objects.exists()
        return root.get("/admin/jsi18n/")

    recording.ProfilingMiddleware(view)(rf.get("/admin/x/"))

    recorded()
    request = Request.objects.get(path="/admin/x/")
    assert request.queries.count() == MOST_QUERIES
    assert request.num_sql_queries >= MOST_QUERIES + 3
    shown = root.get(f"{LIST}{request.pk}/change/").content.decode()
    assert "consultas más, que no se guardaron" in shown


def test_neither_bodies_nor_values_nor_secrets_nor_full_numbers_are_kept(root, switch):
    switch("true")
    user = User.objects.create_user("ana", password="Otra-Clave-7")
    body = {
        "username": "+525512345678",
        "first_name": "cuerpo-enviado",
        "password": "Clave-Nueva-9",
    }

    root.post(f"/admin/users/user/{user.pk}/change/", body)
    root.get(
        "/admin/users/user/?q=%2B525512345678&token=ficha-de-paso",
        headers={"X-CSRFToken": "ficha-larga"},
    )
    root.get(
        "/admin/users/user/?q=5538174172&o=1&p=55+3817-4172&since=2026-11-14+00:00:00",
        headers={"Referer": "http://testserver/admin/users/user/?q=55+3817+4172"},
    )
    root.get("/api/llamadas/5538174172/")

    assert len(recorded()) == 4
    kept = str(list(Request.objects.values())) + str(list(SQLQuery.objects.values()))
    kept += str(list(Response.objects.values()))
    session = root.session.session_key
    for secret in (
        "cuerpo-enviado", "Clave-Nueva-9", "525512345678", "ficha-larga", "ficha-de-paso", session,
        "5538174172", "3817",
    ):  # fmt: skip
        assert secret not in kept
    pages = [root.get(f"{LIST}{one.pk}/change/").content.decode() for one in Request.objects.all()]
    assert "3817" not in "".join(pages)
    kept_of_search = "endpoint=%2Fadmin%2Fusers%2Fuser%2F%3Fo%3D1%26since%3D2026-11-14"
    assert any(kept_of_search in page for page in pages)


def test_where_passwords_pass_nothing_is_recorded(client, switch):
    switch("true")
    User.objects.create_superuser("root", password="Clave-Secreta-1")

    client.post("/admin/login/", {"username": "root", "password": "Clave-Secreta-1"})
    client.get("/admin/password_change/")
    client.get("/admin/users/user/add/")
    client.get(LIST)

    assert recorded() == []


@pytest.mark.parametrize("path", ["/admin/jsi18n/", "/metrics", "/health/live", "/favicon.ico"])
def test_what_pages_and_probes_ask_by_themselves_is_not_recorded(root, switch, path):
    switch("true")

    root.get(path)

    assert recorded() == []


# Out of the way of requests


def test_no_request_writes_what_is_recorded_of_it(root, switch):
    switch("true")

    with CaptureQueriesContext(connections["ops"]) as queries:
        root.get(HOME)

    assert recorded() == [HOME]
    assert not any("silk_" in query["sql"] for query in queries)


def test_a_database_that_refuses_breaks_neither_the_request_nor_the_next(root, switch, monkeypatch):
    switch("true")

    def refuse(*args):
        raise DatabaseError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(storing.Response.objects, "bulk_create", refuse)
        assert root.get(HOME).status_code == 200
        assert recorded() == []
    root.get(HOME)

    assert recorded() == [HOME]


def test_who_finds_the_queue_full_goes_on_unrecorded(root, switch, monkeypatch, caplog):
    held = threading.Event()
    slow = writing.Writer(store=lambda found: held.wait(10))
    monkeypatch.setattr(recording, "writer", slow)
    monkeypatch.setattr(writing, "MOST_WAITING", 1)
    slow._begin()
    switch("true")

    for _time in range(4):
        assert root.get(HOME).status_code == 200

    assert "a request is not recorded" in caplog.text
    held.set()
    slow.flush()


def test_a_query_that_fails_keeps_its_own_error(root, switch, rf):
    switch("true")
    User.objects.create_user("ana")
    found = []

    def view(request):
        with pytest.raises(IntegrityError):
            User.objects.filter(username="ana").update(username="root")
        found.append(True)
        return root.get("/admin/jsi18n/")

    recording.ProfilingMiddleware(view)(rf.get("/admin/x/"))

    assert found == [True]


def test_only_the_newest_are_kept(settings):
    settings.SILKY_MAX_RECORDED_REQUESTS = 2
    for minute in range(5):
        request = Request.objects.create(
            path=f"/{minute}/", start_time=timezone.now() + timedelta(minutes=minute)
        )
        SQLQuery.objects.create(request=request, query="SELECT 1", traceback="")

    assert storing.drop_oldest() == 3

    assert recorded() == ["/3/", "/4/"]
    assert SQLQuery.objects.count() == 2


# Who may read it, and how


def test_its_pages_are_for_superusers_and_are_in_their_menu(client, root, switch):
    switch("true")
    root.get(HOME)
    recorded()
    detail = f"{LIST}{Request.objects.get().pk}/change/"
    assert f'href="{LIST}"' in root.get(HOME).content.decode()
    assert "Peticiones grabadas" in root.get(HOME).content.decode()

    client.force_login(User.objects.create_user("ana", is_staff=True))
    assert client.get(LIST).status_code == 403
    assert client.get(detail).status_code == 403
    assert LIST not in client.get(HOME).content.decode()

    client.logout()
    assert client.get(LIST).url == f"/admin/login/?next={LIST}"


def test_the_list_is_filtered_and_sorted_and_a_page_leads_to_profile_code(root, switch):
    switch("true")
    root.get("/admin/users/user/?q=ana&token=ficha")
    root.post("/admin/nada/")
    recorded()

    listed = root.get(f"{LIST}?method=GET&respuesta=2&o=4").content.decode()
    assert "/admin/users/user/" in listed
    assert "/admin/nada/" not in listed

    request = Request.objects.get(method="GET")
    response = root.get(f"{LIST}{request.pk}/change/")
    text = response.content.decode()
    button = text.partition("Perfilar este endpoint")[0].rpartition('href="')[2].partition('"')[0]
    asked = parse_qs(urlsplit(button.replace("&amp;", "&")).query)
    assert asked == {"endpoint": ["/admin/users/user/?q=ana"], "method": ["GET"]}
    form = root.get(button.replace("&amp;", "&")).content.decode()
    assert 'value="/admin/users/user/?q=ana"' in form


def test_a_run_leads_to_the_requests_that_were_recorded_while_it_ran(client, root, switch):
    now = timezone.now()
    for minute in (-10, 1, 2, 30):
        moment = now + timedelta(minutes=minute)
        Request.objects.create(path=f"/a/{minute}/", start_time=moment, end_time=moment)
    run = JobRun.objects.create(
        operation="run_etl", status="succeeded", queued_at=now, started_at=now,
        finished_at=now + timedelta(minutes=5),
    )  # fmt: skip

    page = root.get(run.get_absolute_url()).content.decode()
    assert "2 peticiones grabadas mientras tanto" in page
    listed = root.get(f"{LIST}?corrida={run.pk}").content.decode()
    assert "/a/1/" in listed
    assert "/a/2/" in listed
    assert "/a/-10/" not in listed
    assert "/a/30/" not in listed


def test_silks_own_pages_are_not_served_so_none_reads_a_file(root, switch):
    switch("true")
    root.get(HOME)
    recorded()
    request, query = Request.objects.get(), SQLQuery.objects.first()
    file = "?pos=1&line_num=1&file_path=/etc/passwd"

    assert root.get("/silk/").url == LIST
    own = f"request/{request.pk}"
    for path in ("profile/1", "profiling", "requests", "cleardb", own, f"{own}/profile/1",
                 f"{own}/cprofile", f"{own}/raw", f"{own}/pyprofile", f"{own}/json",
                 f"{own}/sql", f"{own}/sql/{query.pk}"):  # fmt: skip
        assert root.get(f"/silk/{path}/{file}").status_code == 404
    shown = root.get(f"{LIST}{request.pk}/change/{file}").content.decode()
    assert "root:x:" not in shown


def test_what_is_gone_is_not_found(root):
    assert root.get(f"{LIST}no-existe/change/").status_code == 404
