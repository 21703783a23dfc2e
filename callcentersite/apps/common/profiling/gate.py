"""``sistema.enable_profiling``: the one question before anything is profiled or recorded."""

from callcentersite.apps.configuration.services import is_on


def profiling_is_on() -> bool:
    """Whether requests may be recorded and code profiled, as it is configured now."""
    return is_on("sistema.enable_profiling")
