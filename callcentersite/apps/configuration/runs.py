"""``sistema.log_level``: what the engine asks before it stores a line of a run."""

from . import settings_cache

EVERYTHING = "DEBUG"


def least_level() -> str:
    """The least level that is stored: OPSCONSOLE["LEAST_LEVEL"].

    Until the settings are seeded nobody has chosen one, and everything is kept: batch by batch is
    what a first look at a run is about.
    """
    return str(settings_cache.values().get("sistema.log_level", EVERYTHING))
