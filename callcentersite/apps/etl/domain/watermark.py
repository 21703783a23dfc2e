"""Where an incremental reading begins again, in the IVR's local time.

A stamp is the legacy text ``YYYY-MM-DD HH:MM:SS``, which sorts as time does. It has no zone, and
in autumn one hour of it comes twice, so it is kept as text and never as an instant.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

STAMP = "%Y-%m-%d %H:%M:%S"

# A row is stamped when the IVR begins to write it and seen when that is committed.
OVERLAP = timedelta(minutes=5)
TURN = timedelta(hours=1)

# Stamps before it are none: NULL and zero dates sort there.
FIRST_STAMP = "1000-01-01 00:00:00"


def restart(stamp: str, *, zone: str) -> str:
    """The stamp to read from, so that nothing written around ``stamp`` is missed.

    The overlap earlier; near a change of the clocks an hour more, because rows written in the
    second pass of a repeated hour carry stamps from before ``stamp``.
    """
    moment = datetime.strptime(stamp, STAMP)
    begin = moment - OVERLAP
    if _clock_turns(around=moment, zone=ZoneInfo(zone)):
        begin -= TURN
    return begin.strftime(STAMP)


def _clock_turns(*, around: datetime, zone: ZoneInfo) -> bool:
    """Whether the site's clocks change within two hours of this local time."""
    two_hours = 2 * TURN
    offsets = {
        (around + shift).replace(tzinfo=zone).utcoffset()
        for shift in (-two_hours, timedelta(0), two_hours)
    }
    return len(offsets) > 1


def advanced(stamp: str | None, *, read: str | None, now: datetime, zone: str) -> str | None:
    """The watermark after a row stamped ``read``; never later than the site's clock shows.

    One row dated 2099 would otherwise hide every correction until then.
    """
    if read is None or read < FIRST_STAMP:
        return stamp
    return max(filter(None, (stamp, min(read, local_stamp(now, zone=zone)))))


def local_stamp(now: datetime, *, zone: str) -> str:
    """What the site's clocks show at this instant."""
    return now.astimezone(UTC).astimezone(ZoneInfo(zone)).strftime(STAMP)
