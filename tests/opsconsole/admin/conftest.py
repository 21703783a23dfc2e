"""The pages under test, seen by people with different rights."""

import re

import pytest
from django.urls import reverse

from opsconsole.models import JobRun
from opsconsole.selectors import queue
from tests.opsconsole.conftest import allow


def operation_url(name="count_slowly"):
    return reverse("admin:opsconsole_operation", args=[name])


def run_url(run, view="change"):
    return reverse(f"admin:opsconsole_jobrun_{view}", args=[run.pk])


LIST = "/admin/opsconsole/jobrun/"


def text_of(response):
    """What a person reads: no tags, single spaces."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


@pytest.fixture
def page(client, operator):
    """A browser in which the operator has logged in."""
    client.force_login(operator)
    return client


@pytest.fixture
def supervisor(engine_db, django_user_model):
    """Sees, cancels and repeats every run; may launch counting."""
    user = django_user_model.objects.create_user("supervisora", password="clave-1", is_staff=True)
    return allow(user, "view_jobrun", "cancel_jobrun", "retry_jobrun", "run_count_slowly")


@pytest.fixture
def viewer(engine_db, django_user_model):
    """Sees every run, and may do nothing."""
    user = django_user_model.objects.create_user("auditor", password="clave-1", is_staff=True)
    return allow(user, "view_jobrun")


@pytest.fixture
def as_person(client):
    """A browser for somebody else."""

    def as_person(user):
        client.force_login(user)
        return client

    return as_person


@pytest.fixture
def cluster_alive(monkeypatch):
    """A cluster with two workers reports of itself."""
    cluster = queue.Cluster(
        host="ops-1",
        pid=4300,
        stopping=False,
        workers=("ops-1:4312", "ops-1:4313"),
        since=queue.timezone.now(),
        reincarnations=0,
    )
    monkeypatch.setattr(queue, "living_clusters", lambda: (cluster,))


@pytest.fixture
def no_runs():
    """Assert that nothing was launched."""
    yield
    assert JobRun.objects.count() == 0
