"""The precedence, as a table: every combination, and who wins."""

from datetime import UTC, datetime
from itertools import product

import pytest

from callcentersite.apps.users.domain.effective import Ground, Source, Standing, decide

CODE = "sistema.vistas.dashboards.ver"
SOON, LATER = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def standing(*, active=True, known=True, group=False, conceded=False, revoked=False):
    def sources(there, name):
        return (Source(codigo=CODE, name=name),) if there else ()

    return Standing(
        active=active,
        known=frozenset({CODE} if known else ()),
        groups=sources(group, "Visualizacion"),
        conceded=sources(conceded, "suplencia"),
        revoked=sources(revoked, "investigación"),
    )


@pytest.mark.parametrize(
    ("facts", "ground", "allowed"),
    [
        ({}, Ground.NOTHING, False),
        ({"group": True}, Ground.GROUP, True),
        ({"conceded": True}, Ground.CONCEDED, True),
        ({"revoked": True}, Ground.REVOKED, False),
        ({"group": True, "conceded": True}, Ground.CONCEDED, True),
        ({"group": True, "revoked": True}, Ground.REVOKED, False),
        ({"conceded": True, "revoked": True}, Ground.REVOKED, False),
        ({"group": True, "conceded": True, "revoked": True}, Ground.REVOKED, False),
        ({"known": False, "group": True, "conceded": True}, Ground.UNKNOWN, False),
        ({"active": False, "group": True, "conceded": True}, Ground.INACTIVE, False),
        ({"active": False, "revoked": True}, Ground.INACTIVE, False),
        ({"active": False, "known": False}, Ground.INACTIVE, False),
    ],
)
def test_precedence(facts, ground, allowed):
    decision = decide(CODE, standing(**facts))

    assert (decision.ground, decision.allowed) == (ground, allowed)


def test_the_whole_table_says_yes_only_to_the_active_the_known_the_granted_the_not_revoked():
    names = ("active", "known", "group", "conceded", "revoked")
    for values in product((True, False), repeat=len(names)):
        facts = dict(zip(names, values, strict=True))
        expected = (
            facts["active"]
            and facts["known"]
            and (facts["group"] or facts["conceded"])
            and not facts["revoked"]
        )

        assert decide(CODE, standing(**facts)).allowed is expected, facts
        assert (CODE in standing(**facts).allowed()) is expected, facts


def test_another_capability_decides_nothing():
    decision = decide("sistema.otra.cosa.ver", standing(group=True))

    assert decision.ground is Ground.UNKNOWN


def test_it_lasts_as_long_as_the_last_of_its_groups():
    groups = (
        Source(codigo=CODE, name="A", until=SOON),
        Source(codigo=CODE, name="B", until=LATER),
    )

    assert decide(CODE, Standing(active=True, groups=groups)).until == LATER
    assert decide(CODE, standing(group=True)).until is None
