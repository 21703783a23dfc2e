"""Looking at any page of the site leaves the databases as they were."""

import pytest
from django.test import Client

from tests.doors.addresses import addresses
from tests.doors.content import changed, content

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
# That somebody looked at another's personal data is written down; nothing else is.
WRITTEN_DOWN = ("audit_logs",)
ANSWERS = {200, 204, 301, 302, 304, 400, 401, 403, 404, 405, 409, 410}


@pytest.mark.parametrize("ask", ["get", "head"])
def test_no_page_changes_anything_by_being_looked_at(ask, a_week_later):
    browser = Client()
    browser.force_login(a_week_later, backend="django.contrib.auth.backends.ModelBackend")
    before = content(apart=WRITTEN_DOWN)
    found, guilty = {}, {}

    for address in addresses():
        if address == "/admin/logout/":
            continue
        found[address] = getattr(browser, ask)(address).status_code
        after = content(apart=WRITTEN_DOWN)
        if changed(before, after):
            guilty[address] = changed(before, after)
        before = after

    assert guilty == {}
    assert {where: status for where, status in found.items() if status not in ANSWERS} == {}
    assert sum(status == 200 for status in found.values()) > 50


def test_leaving_takes_a_post(a_week_later):
    browser = Client()
    browser.force_login(a_week_later, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get("/admin/logout/").status_code == 405
    assert browser.get("/admin/").status_code == 200
