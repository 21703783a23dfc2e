"""What an operation says of each of its runs: how long it may take, and where its result is."""

import pytest
from django import forms
from django.apps import apps

from opsconsole import Link, Operation, registry, runner
from opsconsole.models import JobRun
from opsconsole.permissions import create_run_permissions
from tests.opsconsole.admin.conftest import text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


class WriteBook(Operation):
    """Takes a second a page, and shows the book to its author."""

    name = "write_book"
    title = "Escribir un libro"
    timeout_seconds = 60

    class Params(forms.Form):
        pages = forms.IntegerField(label="Páginas", help_text="Cuántas.", initial=7)

    def timeout_for(self, params):
        return params.get("pages", 7)

    def links(self, run, user):
        if str(user.pk) == run.requested_by_id:
            yield Link(title="Leer el libro", url=f"/libros/{run.pk}/")

    def run(self, params, ctx):
        return {}


@pytest.fixture
def author(engine_db, django_user_model):
    registry.register(WriteBook)
    create_run_permissions(apps.get_app_config("opsconsole"), using="default")
    user = django_user_model.objects.create_user("autora", password="clave-1", is_staff=True)
    yield allow(user, "run_write_book")
    registry.unregister("write_book")


@pytest.mark.parametrize(("pages", "seconds"), [(7, 7), (60, 60), (900, 60)])
def test_a_run_has_the_deadline_of_its_parameters_within_the_operations_own(
    author, submit, pages, seconds
):
    assert submit("write_book", user=author, pages=pages).timeout_seconds == seconds


def test_the_page_of_the_operation_shows_the_deadline(author, client):
    client.force_login(author)

    assert "Plazo 7,0 s" in text_of(client.get("/admin/operaciones/write_book/"))


def test_a_run_that_has_ended_leads_to_its_result_and_only_whom_it_may(
    author, submit, client, django_user_model
):
    run = submit("write_book", user=author)
    client.force_login(author)
    waiting = client.get(run.get_absolute_url()).content.decode()
    runner.execute(run.pk)
    assert JobRun.objects.get(pk=run.pk).status == "succeeded"

    page = client.get(run.get_absolute_url()).content.decode()
    client.force_login(django_user_model.objects.create_superuser("jefa", password="clave-1"))
    other = client.get(run.get_absolute_url()).content.decode()

    assert f'href="/libros/{run.pk}/">Leer el libro' in page
    assert "Leer el libro" not in waiting
    assert "Leer el libro" not in other
