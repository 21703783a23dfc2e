"""``integraciones.api_rate_limit``: so many requests a minute for each client."""

import pytest
import time_machine

from callcentersite.apps.integrations import limits
from callcentersite.apps.integrations.domain.pace import Pace
from callcentersite.apps.integrations.models import Bucket
from tests.callcentersite.integrations.conftest import Asker, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

PATH = "/api/configuracion/llamadas/"
NOON = "2026-11-21T12:00:00Z"


def test_after_so_many_the_next_one_waits(ask, change):
    change("integraciones.api_rate_limit", "3")

    with time_machine.travel(NOON, tick=False) as clock:
        answers = [ask.get(PATH) for _ in range(4)]
        clock.shift(20)
        later = [ask.get(PATH), ask.get(PATH)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one["X-RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert {one["X-RateLimit-Limit"] for one in answers} == {"3"}
    assert answers[3]["Retry-After"] == "20"
    assert "El límite es de 3 por minuto." in said(answers[3])
    assert [one.status_code for one in later] == [200, 429]


def test_each_client_has_its_own(ask, change, make_client):
    change("integraciones.api_rate_limit", "1")
    _client, token = make_client("Otra")

    assert [ask.get(PATH).status_code for _ in range(2)] == [200, 429]
    assert Asker(token).get(PATH).status_code == 200


def test_a_changed_limit_counts_at_once(ask, change):
    change("integraciones.api_rate_limit", "1")
    with time_machine.travel(NOON, tick=False):
        assert [ask.get(PATH).status_code for _ in range(2)] == [200, 429]

        change("integraciones.api_rate_limit", "60")
        # The minute that the one request cost is owed still; half of it is over here.
    with time_machine.travel("2026-11-21T12:00:30Z", tick=False):
        answers = [ask.get(PATH) for _ in range(31)]

    assert [one.status_code for one in answers] == [200] * 30 + [429]


def test_refused_requests_cost_nothing_more(api_db):
    pace = Pace(per_minute=2)

    taken = [limits.take("x", pace, now=1000.0).allowed for _ in range(50)]

    assert taken == [True, True] + [False] * 48
    assert limits.take("x", pace, now=1030.0).allowed


def test_over_a_long_time_no_more_than_the_limit_pass(api_db):
    pace = Pace(per_minute=100)

    passed = sum(limits.take("x", pace, now=1000 + n / 10).allowed for n in range(1_200))

    # A full bucket, and what two minutes bring back.
    assert 298 <= passed <= 301


def test_wrong_tokens_are_counted_by_address_and_harm_no_right_one(ask):
    wrong = Asker("iact_000000000000_" + 43 * "A")

    codes = [wrong.get(PATH).status_code for _ in range(22)]
    refused = wrong.get(PATH)

    assert codes[:20] == [401] * 20
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) >= 1
    assert ask.get(PATH).status_code == 200


@pytest.mark.parametrize(
    ("address", "name"),
    [("10.1.2.3", "10.1.2.3"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), (None, "-")],
)
def test_of_ipv6_a_whole_network_counts_as_one(address, name):
    assert limits.network_of(address) == name


def test_buckets_that_say_nothing_are_forgotten(api_db):
    limits.take("old", Pace(per_minute=10), now=1000.0)
    limits.take("new", Pace(per_minute=10), now=9000.0)

    assert limits.forget_full(now=9000.0) == 1
    assert [one.name for one in Bucket.objects.all()] == ["new"]
