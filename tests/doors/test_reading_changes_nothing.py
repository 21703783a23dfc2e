"""Looking at any page of the site leaves the databases as they were."""

import pytest
from django.test import Client

from tests.doors.addresses import addresses
from tests.doors.content import changed, content
from tests.doors.knocking import token_of

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
# That somebody looked at another's personal data is written down, and requests to the API are
# counted, also those without a token; nothing else is.
WRITTEN_DOWN = ("audit_logs", "audit_head", "api_buckets")
ANSWERS = {200, 204, 301, 302, 304, 400, 401, 403, 404, 405, 409, 410}


def batched(addresses, size):
    """To look at all tables after each address would take a minute."""
    return [addresses[start : start + size] for start in range(0, len(addresses), size)]


@pytest.mark.parametrize("ask", ["get", "head"])
def test_no_page_changes_anything_by_being_looked_at(ask, a_week_later):
    browser = Client()
    browser.force_login(a_week_later, backend="django.contrib.auth.backends.ModelBackend")
    before = content(apart=WRITTEN_DOWN)
    found = {}

    for some in batched([one for one in addresses() if one != "/admin/logout/"], 10):
        for address in some:
            found[address] = getattr(browser, ask)(address).status_code
        after = content(apart=WRITTEN_DOWN)
        assert changed(before, after) == [], f"One of {some} did."

    assert {where: status for where, status in found.items() if status not in ANSWERS} == {}
    assert sum(status == 200 for status in found.values()) > 50


def test_no_answer_of_the_api_changes_anything_but_what_counts_requests(a_week_later):
    headers = {"Authorization": token_of(a_week_later)}
    counted = (*WRITTEN_DOWN, "api_clients")
    found = [address for address in addresses() if address.startswith("/api/")]
    before = content(apart=counted)

    statuses = {Client().get(address, headers=headers).status_code for address in found}

    assert statuses == {200, 404, 405}
    assert changed(before, content(apart=counted)) == []


def test_leaving_takes_a_post(a_week_later):
    browser = Client()
    browser.force_login(a_week_later, backend="django.contrib.auth.backends.ModelBackend")

    assert browser.get("/admin/logout/").status_code == 405
    assert browser.get("/admin/").status_code == 200
