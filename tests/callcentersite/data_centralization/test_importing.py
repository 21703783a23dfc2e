"""Policies out to a file and back: as the form checks them, row by row, all or nothing."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from callcentersite.data_centralization.models import RetentionPolicy
from callcentersite.data_centralization.resources import RetentionPolicyResource
from tests.callcentersite.data_centralization.conftest import command

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

IMPORT = "/admin/data_centralization/retentionpolicy/import/"
EXPORT = "/admin/data_centralization/retentionpolicy/export/"


@pytest.fixture
def page(client, account):
    rights = ("import_retentionpolicy", "export_retentionpolicy", "view_retentionpolicy")
    client.force_login(account("administradora", *rights))
    command("seed_retention_policies")
    return client


def everything():
    columns = RetentionPolicyResource.Meta.fields
    return list(RetentionPolicy.objects.order_by("name").values(*columns))


def table(*rows, columns):
    target = io.StringIO()
    csv.writer(target).writerows([columns, *rows])
    return target.getvalue().encode()


def send(page, content, name="politicas.csv"):
    return page.post(IMPORT, {"file": SimpleUploadedFile(name, content)})


def token_of(answer):
    found = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    return found and found[1]


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_what_was_just_exported_changes_nothing(page, extension):
    content = page.post(EXPORT, {"format": extension}).content

    answer = send(page, content, f"politicas.{extension}")

    assert "no hay nada que importar" in text_of(answer)
    assert f"Sin cambio {len(everything())}" in text_of(answer)


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_a_round_trip_loses_nothing(page, extension):
    RetentionPolicy.objects.filter(name="reports").update(max_rows=500, needs_approval=True)
    before = everything()
    content = page.post(EXPORT, {"format": extension}).content
    RetentionPolicy.objects.exclude(name="notifications").delete()
    RetentionPolicy.objects.update(days=61, active=False)

    answer = send(page, content, f"politicas.{extension}")
    page.post(IMPORT, {"token": token_of(answer)})

    assert everything() == before


def test_a_new_policy_may_leave_out_what_has_a_default(page):
    RetentionPolicy.objects.filter(name="sessions").delete()

    row = ("sessions", "sessions", " 030 ")
    answer = send(page, table(row, columns=("name", "target", "days")))
    page.post(IMPORT, {"token": token_of(answer)})

    made = RetentionPolicy.objects.get(name="sessions")
    assert (made.days, made.floor_days, made.action, made.order) == (30, 7, "delete", 100)
    assert (made.active, made.max_rows) == (True, None)


@pytest.mark.parametrize(
    ("columns", "row", "why"),
    [
        (("name", "days"), ("notifications", "3"),
         "Los días son menos que el mínimo de la política."),
        (("name", "days"), ("notifications", ""),
         "Indique los días o la configuración, y solo una cosa."),
        (("name", "days"), ("notifications", "40000"), "days:"),
        (("name", "days"), ("notifications", "sesenta"), "«sesenta» no es un número entero."),
        (("name", "days"), ("notifications", "-5"), "«-5» no es un número entero."),
        (("name", "days"), ("audit_logs", "30"), "Indique los días o la configuración"),
        (("name", "config_key"), ("reports", "sistema.log_level"),
         "config_key: No es una configuración que guarde días."),
        (("name", "condition"), ("notifications", "leída"),
         "condition: La tabla no ofrece esa condición."),
        (("name", "target"), ("notifications", "nada"), "target: No existe esa tabla registrada."),
        (("name", "action"), ("notifications", "anonymise"),
         "action: La tabla no admite esta acción."),
        (("name", "action"), ("notifications", "borrar"), "action:"),
        (("name", "floor_days"), ("anonymized_data", "7"),
         "floor_days: La tabla exige un mínimo de 30 días."),
        (("name", "archive"), ("audit_logs", "false"),
         "archive: Esta tabla se archiva siempre antes de eliminar."),
        (("name", "archive"), ("sessions", "true"), "archive: Esta tabla no se puede archivar."),
        (("name", "archive_days"), ("reports", ""), "archive_days:"),
        (("name", "active"), ("reports", "quizá"), "«quizá» no es true ni false."),
        (("name", "target", "days"), ("dos palabras", "sessions", "30"), "name:"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_changed(page, columns, row, why):
    before = everything()
    good = {"name": "anonymized_data", "target": "anonymized_data", "days": "400"}
    first = tuple(good.get(name, "") for name in columns)
    rows = (first, row) if {"name", "days"} == set(columns) else (row,)

    answer = send(page, table(*rows, columns=columns))

    assert f"Fila {len(rows) + 1}" in text_of(answer)
    assert why in text_of(answer)
    assert token_of(answer) is None
    assert everything() == before
