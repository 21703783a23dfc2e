"""What the figures of a call centre mean. Sums go in, rates and means come out.

All of them are computed from sums, never from other rates: a day's service level is not the mean
of its hours' service levels.
"""

from dataclasses import dataclass, fields
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts and sums of some calls, and what follows from them. Times are in seconds.

    ``offered``: every call. ``answered``: ended ANSWERED or TRANSFERRED. ``abandoned``: ended
    ABANDONED; the rest (busy, voicemail …) is neither. ``within_sla``: answered after at most the
    queue's own ``sla_seconds``. The ``wait`` and ``talk`` figures are those of answered calls.
    Rates go from 0 to 1; a rate or a mean of nothing is None, not 0.
    """

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    within_sla: int = 0
    wait_sum_s: int = 0
    wait_max_s: int = 0
    talk_sum_s: int = 0
    talk_max_s: int = 0

    @property
    def abandonment_rate(self) -> float | None:
        """Abandoned, of offered."""
        return ratio(self.abandoned, self.offered)

    @property
    def service_level(self) -> float | None:
        """Answered in time, of offered: whoever gave up counts against it."""
        return ratio(self.within_sla, self.offered)

    @property
    def average_speed_of_answer_s(self) -> float | None:
        """Mean wait of the answered calls (ASA)."""
        return ratio(self.wait_sum_s, self.answered)

    @property
    def average_handle_time_s(self) -> float | None:
        """Mean talk of the answered calls (AHT): the IVR records neither hold nor wrap-up."""
        return ratio(self.talk_sum_s, self.answered)

    def __add__(self, other: "Figures") -> "Figures":
        """The figures of both sets of calls together."""
        return Figures(
            **{
                name: max(mine, theirs) if name.endswith("_max_s") else mine + theirs
                for name in (field.name for field in fields(self))
                for mine, theirs in [(getattr(self, name), getattr(other, name))]
            }
        )

    def with_instead(self, before: "Figures", after: "Figures") -> "Figures":
        """These, some of whose calls had the figures ``before`` and now have those ``after``.

        What the greatest of the others is nobody knows: a maximum never falls, as long as there
        are answered calls. Nothing falls below zero, nor a part above its whole: sums that were
        wrong before must not stop a load.
        """
        left = {
            name: max(getattr(self, name) - getattr(before, name) + getattr(after, name), 0)
            for name in ("answered", "abandoned", "wait_sum_s", "talk_sum_s")
        }
        within_sla = self.within_sla - before.within_sla + after.within_sla
        return Figures(
            offered=max(
                self.offered - before.offered + after.offered, left["answered"] + left["abandoned"]
            ),
            within_sla=min(max(within_sla, 0), left["answered"]),
            wait_max_s=max(self.wait_max_s, after.wait_max_s) if left["answered"] else 0,
            talk_max_s=max(self.talk_max_s, after.talk_max_s) if left["answered"] else 0,
            **left,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The figures of the calls that began from ``start`` on and before ``end``, site's time."""

    start: datetime
    end: datetime
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """The figures of a period, interval by interval and in total."""

    start: datetime
    end: datetime
    queue: str | None
    intervals: tuple[Interval, ...]

    @property
    def totals(self) -> Figures:
        """The whole period."""
        return sum((interval.figures for interval in self.intervals), Figures())


def ratio(part: int, whole: int) -> float | None:
    """The quotient; None where there is nothing to divide by."""
    return part / whole if whole else None
