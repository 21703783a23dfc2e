"""``sistema.log_level`` and ``debug_mode``: what the engine asks about lines and tracebacks."""

from . import settings_cache
from .services import is_on

EVERYTHING = "DEBUG"


def least_level() -> str:
    """The least level that is stored: OPSCONSOLE["LEAST_LEVEL"].

    Until the settings are seeded nobody has chosen one, and everything is kept: batch by batch is
    what a first look at a run is about.
    """
    return str(settings_cache.values().get("sistema.log_level", EVERYTHING))


def shows_tracebacks() -> bool:
    """Whether run pages show tracebacks: OPSCONSOLE["SHOW_TRACEBACKS"]."""
    return is_on("sistema.debug_mode")
