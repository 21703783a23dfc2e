"""``sistema.enable_profiling``: on, requests are recorded; off, there is no trace of it."""

import pytest
from django.db import DatabaseError, IntegrityError, connections
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from silk.collector import DataCollector
from silk.models import Request, Response, SQLQuery

from callcentersite.apps.common.profiling import recording
from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.users.models import User

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

HOME = "/admin/"
PAGES = ("summary", "requests", "cleardb")


@pytest.fixture
def switch(db):
    """``switch("true")``: record from now on."""
    for categoria in services.categories():
        services.seed(categoria)

    def switch(valor):
        config = Configuracion.objects.get(clave="sistema.enable_profiling")
        config.valor = valor
        config.save()

    yield switch
    recording.take_out()


@pytest.fixture
def root(client):
    user = User.objects.create_superuser("root", password="Clave-Secreta-1")
    client.force_login(user)
    return client


def recorded():
    return list(Request.objects.order_by("start_time").values_list("path", flat=True))


def test_by_default_nothing_is_recorded_and_nothing_is_replaced(root, switch):
    with CaptureQueriesContext(connections["ops"]) as queries:
        root.get(HOME)

    assert recorded() == []
    assert not any("silk" in query["sql"] for query in queries)
    assert SQLCompiler.execute_sql is recording.original


def test_switched_on_a_request_is_recorded_with_its_queries(root, switch):
    switch("true")

    root.get(HOME)

    assert recorded() == [HOME]
    queries = SQLQuery.objects.values_list("query", flat=True)
    assert any("users_user" in query for query in queries)
    assert Request.objects.get().num_sql_queries == len(queries) > 0


def test_switched_off_again_nothing_of_it_is_left(root, switch):
    switch("true")
    root.get(HOME)
    switch("false")

    root.get(HOME)

    assert recorded() == [HOME]
    assert SQLCompiler.execute_sql is recording.original
    assert DataCollector().request is None

    switch("true")
    root.get(HOME)
    assert recorded() == [HOME, HOME]


def test_its_tables_lie_beside_the_runs(switch):
    switch("true")

    assert Request.objects.db == SQLQuery.objects.db == "ops"


def test_no_query_is_explained_or_done_twice(root, switch):
    switch("true")

    with CaptureQueriesContext(connections["default"]) as queries:
        root.get(HOME)

    assert not any(query["sql"].startswith("EXPLAIN") for query in queries)
    assert set(SQLQuery.objects.values_list("analysis", flat=True)) == {None}


def test_neither_bodies_nor_secrets_nor_full_numbers_are_kept(root, switch):
    switch("true")
    user = User.objects.create_user("ana", password="Otra-Clave-7")
    body = {
        "username": "+525512345678",
        "first_name": "cuerpo-enviado",
        "password": "Clave-Nueva-9",
    }

    root.post(f"/admin/users/user/{user.pk}/change/", body)
    root.get("/admin/users/user/?q=%2B525512345678", headers={"X-CSRFToken": "ficha-larga"})

    kept = str(list(Request.objects.values("body", "raw_body", "encoded_headers")))
    kept += str(list(SQLQuery.objects.values_list("query", flat=True)))
    kept += str(list(Response.objects.values("body", "raw_body")))
    session = root.session.session_key
    for secret in ("cuerpo-enviado", "Clave-Nueva-9", "+525512345678", "ficha-larga", session):
        assert secret not in kept


def test_where_passwords_pass_nothing_is_recorded(client, switch):
    switch("true")
    User.objects.create_superuser("root", password="Clave-Secreta-1")

    client.post("/admin/login/", {"username": "root", "password": "Clave-Secreta-1"})
    client.get("/admin/password_change/")
    client.get("/admin/users/user/add/")

    assert recorded() == []


def test_a_database_that_refuses_breaks_no_request(root, switch, monkeypatch):
    switch("true")

    def refuse(**kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(Request.objects, "create", refuse)

    assert root.get(HOME).status_code == 200
    assert recorded() == []


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


# Who may read it


@pytest.mark.parametrize("name", PAGES)
def test_its_pages_are_for_superusers(client, root, name):
    url = reverse(f"silk:{name}")
    assert root.get(url).status_code == 200

    client.force_login(User.objects.create_user("ana", is_staff=True))
    assert client.get(url).status_code == 403

    client.logout()
    assert client.get(url).url == f"/admin/login/?next={url}"


def test_the_pages_of_a_request_are_shown(root, switch):
    switch("true")
    root.get(HOME)
    switch("false")
    request, query = Request.objects.get(), SQLQuery.objects.first()

    for name, args in (
        ("request_detail", [request.pk]),
        ("request_sql", [request.pk]),
        ("request_sql_detail", [request.pk, query.pk]),
    ):
        assert root.get(reverse(f"silk:{name}", args=args)).status_code == 200


def test_no_page_reads_a_file_that_the_address_names(root, switch):
    switch("true")
    root.get(HOME)
    request, query = Request.objects.get(), SQLQuery.objects.first()
    file = "?pos=1&line_num=1&file_path=/etc/passwd"

    detail = reverse("silk:request_sql_detail", args=[request.pk, query.pk])
    assert root.get(detail + file).status_code == 403
    own = f"request/{request.pk}"
    for path in ("profile/1", "profiling", f"{own}/profile/1", f"{own}/cprofile", f"{own}/raw",
                 f"{own}/pyprofile", f"{own}/json"):  # fmt: skip
        assert root.get(f"/silk/{path}/{file}").status_code == 404


def test_every_name_that_silks_templates_link_is_there():
    for name in ("summary", "requests", "profiling", "cleardb"):
        reverse(f"silk:{name}")
    with pytest.raises(NoReverseMatch):
        reverse("silk:nothing")


def test_what_was_recorded_is_deleted_by_post_only(root, switch):
    switch("true")
    root.get(HOME)
    switch("false")

    root.get(reverse("silk:cleardb"), {"clear_all": "on"})
    assert len(recorded()) == 1
    root.post(reverse("silk:cleardb"), {"clear_all": "on"})
    assert recorded() == []
