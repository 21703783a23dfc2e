"""Chance by counting, as the calls have it: the same seed gives the same, everywhere."""

from callcentersite.apps.etl.domain.test_data.draw import Draw

__all__ = ["Draw", "below"]


def below(draw: Draw, purpose: str, key: int, limit: int) -> int:
    """A whole number from 0 to ``limit`` - 1."""
    return draw.number(purpose, key) % limit
