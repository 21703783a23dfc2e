"""Times as people choose them: zones by name, each day, week or month as a cron."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import Schedule

# Not every month has the days after it.
LAST_SAFE_DAY = 28
CONTINENTS = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip


def zone_choices() -> list[tuple[str, str]]:
    """The site's zone, then every other."""
    own = _("La del sitio: %(zone)s") % {"zone": timezone.get_default_timezone_name()}
    return [("", own), *zone_names()]


@cache
def zone_names() -> list[tuple[str, str]]:
    """Continents and their cities; what is left are old names and offsets."""
    cities = sorted(name for name in available_timezones() if name.startswith(CONTINENTS))
    return [(name, name) for name in [*cities, "UTC"]]


def as_cron(kind: str, at: datetime | None, *, zone: ZoneInfo) -> str:
    """Each day, week or month at that time of the zone's clock; empty for another kind."""
    if at is None or kind not in (Schedule.DAILY, Schedule.WEEKLY, Schedule.MONTHLY):
        return ""
    local = at.astimezone(zone)
    clock = f"{local.minute} {local.hour}"
    if kind == Schedule.DAILY:
        return f"{clock} * * *"
    if kind == Schedule.WEEKLY:
        return f"{clock} * * {local.isoweekday() % 7}"
    return f"{clock} {local.day if local.day <= LAST_SAFE_DAY else 'l'} * *"
