"""People see the site's language unless they chose another."""

import pytest

pytestmark = pytest.mark.django_db(databases=["default", "ops"])


def login_page(client, **headers):
    return client.get("/admin/login/", headers=headers)


def test_the_browsers_language_is_no_choice(client):
    assert "Contraseña" in login_page(client, accept_language="en-US,en").text


def test_the_language_chosen_on_the_page_is_kept(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/admin/login/"})

    assert "Password" in login_page(client).text
    assert login_page(client).headers["Content-Language"] == "en"


def test_a_language_that_the_site_does_not_have_is_ignored(client):
    client.cookies["django_language"] = "xx"

    assert "Contraseña" in login_page(client).text
