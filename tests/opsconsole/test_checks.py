"""Settings that would break the engine's promises are refused before it starts."""

import pytest
from django.db import connections
from django_q.brokers import get_broker
from django_q.conf import Conf

from opsconsole.checks import check_aliases, check_deadlines, check_queue


def test_the_sites_own_settings_pass():
    assert check_queue(None) == []
    assert check_aliases(None) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orm": "default"}, "E001"),
        ({"retry": 60}, "E002"),
        ({"timeout": None}, "E002"),
        ({"ack_failures": False}, "E003"),
        ({"max_attempts": 0}, "E003"),
        ({"queue_limit": 50}, "E004"),
        ({"bulk": 10}, "E004"),
        ({"cache": "default"}, "E006"),
        ({"sync": True}, "E007"),
        ({"scheduler": True}, "E012"),
    ],
)
def test_each_dangerous_queue_setting_is_an_error(settings, change, code):
    settings.Q_CLUSTER = settings.Q_CLUSTER | change

    assert [error.id for error in check_queue(None)] == [f"opsconsole.{code}"]


def test_a_queue_without_alt_clusters_is_an_error(settings):
    cluster = dict(settings.Q_CLUSTER)
    del cluster["ALT_CLUSTERS"]
    settings.Q_CLUSTER = cluster

    assert [error.id for error in check_queue(None)] == ["opsconsole.E005"]


@pytest.mark.parametrize(
    ("databases", "code"),
    [
        ({"default": {}}, "E008"),
        ({"default": {"OPTIONS": {"pool": True}}, "ops": {}}, "E009"),
        ({"default": {"ATOMIC_REQUESTS": True}, "ops": {}}, "E010"),
    ],
)
def test_each_dangerous_database_setting_is_an_error(monkeypatch, databases, code):
    from types import SimpleNamespace

    monkeypatch.setattr("opsconsole.checks.settings", SimpleNamespace(DATABASES=databases))

    assert [error.id for error in check_aliases(None)] == [f"opsconsole.{code}"]


def test_a_deadline_beyond_the_queues_own_is_an_error(settings):
    assert check_deadlines(None) == []

    settings.Q_CLUSTER = settings.Q_CLUSTER | {"timeout": 4 * 3600}

    assert {error.id for error in check_deadlines(None)} == {"opsconsole.E011"}


@pytest.mark.django_db(databases=["default", "ops"])
def test_the_queue_listens_where_its_database_can_and_polls_where_it_cannot():
    listens = connections["ops"].vendor == "postgresql"

    assert type(get_broker()).__name__ == ("ListeningBroker" if listens else "ORM")
    assert Conf.ORM == "ops"  # what the queue's page reads
