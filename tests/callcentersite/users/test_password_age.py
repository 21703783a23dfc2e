"""When a password has to be changed; no database."""

from datetime import UTC, datetime, timedelta

import pytest

from callcentersite.apps.users.domain.password_age import Due, PasswordAge

SET = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("requested", "days", "due"),
    [
        (False, 0, None),
        (False, 89.999, None),
        (False, 90, Due.EXPIRED),
        (False, 900, Due.EXPIRED),
        (True, 0, Due.REQUESTED),
        (True, 900, Due.REQUESTED),
    ],
)
def test_it_is_due_when_asked_for_or_too_old(requested, days, due):
    age = PasswordAge(set_at=SET, most_days=90, requested=requested)

    assert age.due(SET + timedelta(days=days)) is due


def test_its_age_is_told_in_whole_days():
    age = PasswordAge(set_at=SET, most_days=90)

    assert age.days(SET + timedelta(days=93, hours=23)) == 93
