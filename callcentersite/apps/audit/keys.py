"""The secrets that sign the chain: ``AUDIT_KEYS``, else Django's own."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from .domain.chain import Keyring


def keyring() -> Keyring:
    """The first secret signs; the others verify what was signed before they were replaced."""
    djangos = (settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS))
    return ring_of(tuple(settings.AUDIT_KEYS) or djangos)


@lru_cache(maxsize=8)
def ring_of(secrets: tuple[str, ...]) -> Keyring:
    """Reckoned once for each list."""
    return Keyring(secrets)
