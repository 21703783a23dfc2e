"""Counting stops where nobody would turn the page any more."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from opsconsole.admin.paginator import CappedPaginator
from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


class Small(CappedPaginator):
    most = 10


def runs(count):
    JobRun.objects.bulk_create(
        JobRun(operation="count_slowly", status="succeeded", origin="cli") for _ in range(count)
    )
    return JobRun.objects.all()


def test_a_short_list_is_counted_exactly(db):
    paginator = Small(runs(10), 4)

    assert (paginator.count, paginator.is_capped, paginator.num_pages) == (10, False, 3)


def test_a_long_list_is_counted_to_the_limit(db):
    paginator = Small(runs(25), 4)

    assert (paginator.count, paginator.is_capped, paginator.num_pages) == (10, True, 3)


def test_the_database_is_told_to_stop_counting(db):
    with CaptureQueriesContext(connections["ops"]) as queries:
        assert Small(runs(25), 4).is_capped

    assert "LIMIT 11" in queries[-1]["sql"]


def test_a_plain_list_works_as_well():
    assert Small([1, 2, 3], 2).num_pages == 2


def test_the_list_says_that_there_are_more(as_person, viewer, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "most", 60)
    runs(61)

    html = as_person(viewer).get("/admin/opsconsole/jobrun/").content.decode()

    assert "más de 60 corridas" in html
