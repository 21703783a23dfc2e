"""``sistema.log_level``: what the engine asks before it stores a line of a run."""

from .services import get_text


def least_level() -> str:
    """The least level that is stored: OPSCONSOLE["LEAST_LEVEL"]."""
    return get_text("sistema.log_level")
