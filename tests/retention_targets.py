"""A table that takes its time, for the tests that kill whoever cleans it."""

import os
import time
from contextlib import contextmanager

from callcentersite.apps.analytics import removed
from callcentersite.data_centralization.targets import Target, register


@contextmanager
def slowly(removal):
    """The rows are deleted, and not yet committed, for as long as the test wants."""
    yield
    time.sleep(float(os.environ.get("TEST_SLOW_SECONDS", "0")))


def archived_slowly(removal, remember=removed.remember):
    """The same of calls that are being archived."""
    remember(removal)
    time.sleep(float(os.environ.get("TEST_SLOW_SECONDS", "0")))


if os.environ.get("TEST_OPERATIONS"):
    removed.remember = archived_slowly
    register(
        Target(
            name="slow_calls",
            title="llamadas lentas",
            model="analytics.Call",
            age="started_at",
            privileged=slowly,
        )
    )
