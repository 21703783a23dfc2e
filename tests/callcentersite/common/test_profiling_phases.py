"""How much is recorded after profiling is switched on."""

from datetime import datetime, timedelta

import pytest

from callcentersite.apps.common.profiling.domain.phases import Phases

NOON = datetime(2026, 10, 5, 12, 0)


@pytest.mark.parametrize(
    ("minutes_later", "share"), [(-1, 0.05), (0, 1.0), (14, 1.0), (15, 0.05), (10_000, 0.05)]
)
def test_everything_for_a_while_and_then_a_sample(minutes_later, share):
    phases = Phases(minutes=15, sample_percent=5)

    assert phases.share(NOON, now=NOON + timedelta(minutes=minutes_later)) == share
    assert phases.share(None, now=NOON) == 0.05


@pytest.mark.parametrize("wrong", [{"minutes": -1}, {"sample_percent": 101}])
def test_phases_that_cannot_be_stop_the_start_with_their_name(wrong):
    with pytest.raises(ValueError, match="PROFILING_"):
        Phases(**{"minutes": 15, "sample_percent": 5, **wrong})
