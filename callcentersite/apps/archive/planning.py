"""Which calls would be archived, month by month, sealed as retention seals its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcentersite.apps.analytics.daily import COUNTED, bounds, local_day
from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization import policies, sealing
from callcentersite.data_centralization.domain.guards import is_nearly_everything
from callcentersite.data_centralization.domain.sizes import in_words
from callcentersite.data_centralization.planning import day as in_local_words
from callcentersite.data_centralization.selection import Selection
from callcentersite.data_centralization.tables import Extent, open_table
from callcentersite.data_centralization.targets import DELETE, Target
from callcentersite.data_centralization.wording import grouped
from opsconsole import Plan

from .domain.months import Month
from .naming import NAMED

# A month is compared several times on its way out; larger ones by groups of 64 calls.
FINE_UP_TO = 5_000

# Not registered: no policy may delete calls; they leave the table through their archive.
CALLS = Target(name="calls", title="", model="analytics.Call", age="started_at", alone=COUNTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one month comes to."""

    month: Month
    facts: dict[str, Any]
    extent: Extent


def make(days: int, *, now: datetime | None = None) -> Plan:
    """The calls that began more than ``days`` local days ago."""
    end = cutoff(days, now=now or policies.moment())
    seals = sealing.SealFile(fine_up_to=FINE_UP_TO)
    found = [examine(month, seals, end=end) for month in months(end)]
    facts = [one.facts for one in found]
    rows = sum(one["rows"] for one in facts)
    total = open_table(CALLS).total()
    return Plan(
        summary=summary(rows, len(found)),
        rows=rows,
        lines=tuple(line(one) for one in found),
        seal=sealing.digest_of(facts),
        spoken=tuple(spoken(found, end=end)),
        warnings=(*warnings(rows, total), *still_named(end)),
        fixed={"months": facts},
        seal_file=seals.file,
        unattended=tuple(warnings(rows, total)),
        button=button(rows),
        promise=_(
            "Cada mes se guarda en un archivo Parquet, se lee de nuevo y solo entonces sale de la "
            "tabla. Si alguna llamada cambió desde ahora, no se toca nada. Las métricas quedan."
        ),
    )


def still_named(end: date) -> Iterator[str]:
    """How many of the calls tell who called: they go into the file like that."""
    begins = bounds(end, zone=ZoneInfo(settings.TIME_ZONE))[0]
    count = Call.objects.filter(NAMED, started_at__lt=begins).count()
    if count:
        text = ngettext(
            "%(count)s llamada dice todavía quién llamó, y así irá al archivo; allí también llega "
            "la política que anonimiza.",
            "%(count)s llamadas dicen todavía quién llamó, y así irán al archivo; allí también "
            "llega la política que anonimiza.",
            count,
        )
        yield text % {"count": grouped(count)}


def cutoff(days: int, *, now: datetime) -> date:
    """The first local day that stays."""
    return timezone.localdate(now) - timedelta(days=days)


def months(end: date) -> Iterator[Month]:
    """The months that have calls from before that day, however far apart."""
    zone = ZoneInfo(settings.TIME_ZONE)
    calls = Call.objects.filter(started_at__lt=bounds(end, zone=zone)[0])
    while oldest := calls.aggregate(oldest=Min("started_at"))["oldest"]:
        month = Month.of(local_day(oldest, zone=zone))
        yield month
        calls = calls.filter(started_at__gte=bounds(month.end, zone=zone)[0])


def examine(month: Month, seals: sealing.SealFile, *, end: date) -> Found:
    """Count, measure and seal the calls of one month, up to that day."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begins, ends = (bounds(day, zone=zone)[0] for day in (month.first, min(month.end, end)))
    facts: dict[str, Any] = {
        "name": f"calls {month}",
        "target": CALLS.name,
        "month": str(month),
        "begins": begins.isoformat(),
        "ends": ends.isoformat(),
        "archive_days": 0,  # what this app archives does not expire
    }
    selection = select(facts, CALLS)
    seal, fine = seals.write(facts["name"], selection)
    place = list(seals.places[facts["name"]])
    return Found(
        month=month,
        facts={**facts, "rows": seal.rows, "digest": seal.digest, "fine": fine, "place": place},
        extent=open_table(CALLS).extent(selection.where(), CALLS.age, rows=seal.rows),
    )


def select(facts: dict[str, Any], target: Target) -> Selection:
    """The calls that a month's facts speak of."""
    between = (datetime.fromisoformat(facts["begins"]), datetime.fromisoformat(facts["ends"]))
    rows = Q(started_at__gte=between[0], started_at__lt=between[1])
    return Selection(target=target, action=DELETE, rows=rows)


# In words


def line(one: Found) -> dict[str, Any]:
    """A month's line of the plan."""
    return {
        _("Mes"): str(one.month),
        _("Llamadas"): one.facts["rows"],
        _("Más antigua"): in_local_words(one.extent.oldest),
        _("Más reciente"): in_local_words(one.extent.newest),
        _("Tamaño"): in_words(one.extent.size_bytes),
    }


def spoken(found: list[Found], *, end: date) -> Iterator[str]:
    """For the terminal."""
    until = date_format(end, "j b Y")
    yield _("Buscando llamadas anteriores al %(day)s...") % {"day": until}
    for one in found:
        text = ngettext("%(month)s: %(rows)s llamada", "%(month)s: %(rows)s llamadas",
                        one.facts["rows"])  # fmt: skip
        yield "[INFO] " + text % {"month": one.month, "rows": one.facts["rows"]}
    rows = sum(one.facts["rows"] for one in found)
    text = ngettext(
        "Total a archivar: %(rows)s llamada", "Total a archivar: %(rows)s llamadas", rows
    )
    yield text % {"rows": rows}


def summary(rows: int, count: int) -> str:
    """What would happen, in a sentence."""
    if not rows:
        return _("No hay llamadas tan antiguas.")
    what = ngettext(
        "Se archivará %(rows)s llamada", "Se archivarán %(rows)s llamadas", rows
    ) % {"rows": grouped(rows)}  # fmt: skip
    where = ngettext("de %(count)s mes", "de %(count)s meses", count) % {"count": count}
    return f"{what} {where}."


def button(rows: int) -> str:
    """The consequence, in numbers."""
    text = ngettext("Archivar %(rows)s llamada", "Archivar %(rows)s llamadas", rows)
    return text % {"rows": grouped(rows)}


def warnings(rows: int, total: int) -> Iterator[str]:
    """What somebody should read before it is done."""
    if is_nearly_everything(rows, total=max(total, rows)):
        share = min(100, round(100 * rows / max(total, rows)))
        text = _("Se iría el %(share)s %% de las llamadas. Revise los días y el reloj.")
        yield text % {"share": share}
