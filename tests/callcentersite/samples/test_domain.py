"""The demonstration as drawn: the same seed gives the same, and nothing is missing."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from callcentersite.apps.audit.vocabulary import Action, Result
from callcentersite.apps.samples.domain.cast import CAST
from callcentersite.apps.samples.domain.deeds import deeds
from callcentersite.apps.samples.domain.past import DAYS, episodes
from callcentersite.apps.users import seeding
from opsconsole import registry
from opsconsole.states import ENDINGS

END = datetime(2026, 11, 1, 6, tzinfo=UTC)


def test_each_group_of_the_catalogue_has_one_person():
    rows = csv.DictReader((Path(seeding.__file__).parent / "catalog" / "grupos.csv").open())

    assert sorted(one.group for one in CAST) == sorted(row["codigo"] for row in rows)
    assert len({one.username for one in CAST}) == 10


def test_the_same_seed_tells_the_same_three_months_and_another_seed_others():
    told = episodes(seed=1, end=END)

    assert told == episodes(seed=1, end=END)
    assert told != episodes(seed=2, end=END)
    assert told[0].queued_at == END - timedelta(days=DAYS) + timedelta(hours=2)
    assert told[-1].queued_at < END
    assert len({one.number for one in told}) == len(told) > 400


def test_every_ending_is_told_whatever_the_seed():
    for seed in (0, 1, 7, 2**31 - 1):
        told = episodes(seed=seed, end=END)

        assert {one.status for one in told} == {str(status) for status in ENDINGS}
        assert all(
            one.error[0] for one in told if one.status in ("failed", "lost", "missed", "rejected")
        )
        assert {one.operation for one in told} <= {one.name for one in registry.everything()}


def test_the_deeds_are_in_the_audits_own_words_and_each_has_its_number():
    told = deeds(seed=1, end=END)

    assert told == deeds(seed=1, end=END)
    assert {one.action for one in told} <= set(Action.values)
    assert {one.result for one in told} == set(Result.values)
    assert len({one.number for one in told}) == len(told) > 300
    assert END - timedelta(days=46) < min(one.at for one in told)
    assert max(one.at for one in told) < END
