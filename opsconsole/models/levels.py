"""How much a line of the log matters; apart from the models, so that memory needs no database."""

from enum import StrEnum


class Level(StrEnum):
    """The levels, in the order of their weight."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    SUCCESS = "SUCCESS"
    WARNING = "WARNING"
    ERROR = "ERROR"

    @property
    def weight(self) -> int:
        """0 for DEBUG to 4 for ERROR."""
        return WEIGHTS[self]


WEIGHTS = {level: weight for weight, level in enumerate(Level)}  # asked for every line of a run
