"""All of the isolation around one iteration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test.utils import override_settings

from .databases import rolled_back

MUTE = "django.core.mail.backends.dummy.EmailBackend"
CACHED = "profile_code:"
# They record requests themselves, and are not what is to be measured.
RECORDERS = ("silk.", "callcentersite.apps.common.profiling.")


@contextmanager
def isolated() -> Iterator[None]:
    """No e-mail, no queue, nothing kept in any database or cache.

    The queue lives in the databases: what is put into it is rolled back with the rest, and what
    waits for a commit never comes.
    """
    with override_settings(EMAIL_BACKEND=MUTE, CACHES=own_caches()), rolled_back():
        yield


def own_caches() -> dict[str, Any]:
    """The site's caches under names of their own: what was cached of a row that never was, no
    page finds. One iteration still finds what the one before it left.
    """
    return {
        alias: cache | {"KEY_PREFIX": CACHED + cache.get("KEY_PREFIX", "")}
        for alias, cache in settings.CACHES.items()
    }


def middleware() -> list[str]:
    """The site's, without what records requests."""
    return [one for one in settings.MIDDLEWARE if not one.startswith(RECORDERS)]
