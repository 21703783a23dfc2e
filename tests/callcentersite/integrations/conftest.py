"""Clients of the API, what they may do, and a way to ask as one of them."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.integrations import clients
from callcentersite.apps.integrations.domain import scopes
from tests.opsconsole.conftest import engine_db, quick_beats, test_operations  # noqa: F401

EVERY_SCOPE = scopes.all_scopes(services.categories())


@pytest.fixture
def api_db(engine_db):  # noqa: F811
    """The engine's tables, the test operations with their rights, and the forty settings."""
    for categoria in services.categories():
        services.seed(categoria)


@pytest.fixture
def change(api_db):
    """``change("integraciones.api_rate_limit", "5")``."""

    def change(clave, valor):
        config = Configuracion.objects.get(clave=clave)
        config.valor = valor
        config.save()

    return change


@pytest.fixture
def admin(api_db, django_user_model):
    return django_user_model.objects.create_superuser("administradora", password="clave-1")


@pytest.fixture
def account(api_db, django_user_model):
    """The account of a system: no staff, no password, three rights."""
    user = django_user_model.objects.create_user("telefonia")
    return allow(user, "view_configuracion", "run_count_slowly", "run_remove_people")


@pytest.fixture
def make_client(admin, account):
    """``make_client(scopes=[…])``: a client and its token."""

    def make_client(nombre="Plataforma de telefonía", **fields):
        given = {"account": account, "scopes": EVERY_SCOPE, "expires_at": None, "by": admin}
        return clients.create(nombre=nombre, **(given | fields))

    return make_client


@pytest.fixture
def ask(make_client):
    """``ask.get("/api/…")`` and ``ask.post("/api/…", {…})`` with a token that may do everything."""
    _client, token = make_client()
    return Asker(token)


class Asker:
    """A program that speaks JSON, without cookies."""

    def __init__(self, token):
        self.token = token
        # As curl would be: CSRF is checked, so that it is seen not to be needed.
        self.http = Client(enforce_csrf_checks=True)

    def get(self, path, **headers):
        return self.http.get(path, headers=self.headers(headers))

    def request(self, method, path, **headers):
        return self.http.generic(method, path, headers=self.headers(headers))

    def post(self, path, data=None, *, content_type="application/json", **headers):
        content = data if isinstance(data, (str, bytes)) else json.dumps(data or {})
        return self.http.post(path, content, content_type, headers=self.headers(headers))

    def headers(self, more):
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}"} | named


def allow(user, *codenames):
    """Give the account permissions; return it as freshly read."""
    for codename in codenames:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return type(user).objects.get(pk=user.pk)


def said(answer):
    """The three parts of a refusal, which always has a message."""
    error = answer.json()["error"]
    assert error["message"]
    assert {"message", "cause", "remedy"} <= set(error)
    return f"{error['message']} {error['cause']} {error['remedy']}"
