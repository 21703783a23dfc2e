"""Gather the facts of the health: a dozen statements, however much there is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import cast

from django.core.cache import cache
from django.utils import timezone

from callcentersite.apps.access.selectors import login_figures
from callcentersite.apps.etl.selectors import past_loads
from callcentersite.apps.notifications.selectors import unheeded
from opsconsole.selectors.endings import Endings, endings
from opsconsole.selectors.programmes import punctuality
from opsconsole.selectors.queue import Verdict, queue_state

from .disks import disks
from .domain.facts import Facts, Load, PeopleFacts, QueueFacts, RunFacts, ScheduleFacts, TableFacts
from .domain.health import Health, judge
from .domain.history import LAST, growth
from .estimating import estimates
from .models import TableSample

# How long figures may be shown that were gathered earlier.
CACHED_SECONDS = 10
DEFAULT_PERIOD_HOURS = 24
# Its own bad endings say that something else went wrong.
OWN_OPERATION = "monitor_validation"
# Nobody is expected to have read at once.
READING_TIME = timedelta(minutes=30)
SAMPLED_DAYS = 30


def health_lately() -> Health:
    """The health of the last day, for a page."""
    return judge(facts_lately())


def facts_lately() -> Facts:
    """The facts of the last day, at most ten seconds old: however many look, and however often."""
    facts = cache.get_or_set("monitoring.facts", gather_lately, CACHED_SECONDS)
    return cast(Facts, facts)


def gather_lately() -> Facts:
    """The facts of the last day, now."""
    return gather(period_hours=DEFAULT_PERIOD_HOURS, now=timezone.now())


def gather(*, period_hours: int, now: datetime) -> Facts:
    """Everything, as it is; what is counted is of the last ``period_hours``."""
    since = now - timedelta(hours=period_hours)
    ended = endings(since=since, apart_from=[OWN_OPERATION])
    return Facts(
        taken_at=now,
        period_hours=period_hours,
        queue=queue_facts(),
        loads=load_facts(),
        runs=run_facts(ended),
        schedules=schedule_facts(ended, now=now),
        disks=disks(),
        tables=table_facts(today=timezone.localdate(now)),
        people=people_facts(since=since, now=now),
    )


def queue_facts() -> QueueFacts:
    """The queue and its canary."""
    state = queue_state()
    age = state.canary.age
    # What waits while nothing is counted is the canary itself.
    wait = state.oldest_wait if state.waiting else None
    return QueueFacts(
        clusters=len(state.clusters),
        stopping=state.verdict is Verdict.STOPPING,
        workers=state.workers,
        busy=state.busy,
        waiting=state.waiting,
        oldest_wait_seconds=round(wait.total_seconds(), 1) if wait else 0.0,
        canary_age_seconds=None if age is None else round(age.total_seconds(), 1),
        canary_late=state.canary.is_silent,
        all_busy=state.verdict is Verdict.BUSY,
    )


def load_facts() -> tuple[Load, ...]:
    """What the ETL loaded."""
    return tuple(
        Load(ended_at=one.ended_at, read=one.read, rejected=one.rejected, whole=one.whole)
        for one in past_loads()
    )


def run_facts(ended: Endings) -> RunFacts:
    """How the runs ended, and what of it nothing has made good."""
    return RunFacts(
        runs=ended.figures.runs,
        failed=ended.figures.failed,
        lost=ended.figures.lost,
        still_lost=ended.unmended.lost,
        broken=ended.broken,
    )


def schedule_facts(ended: Endings, *, now: datetime) -> ScheduleFacts:
    """The programmes, and the runs that never came."""
    found = punctuality(now=now)
    late = (now - found.overdue_since).total_seconds() if found.overdue_since else 0.0
    return ScheduleFacts(
        active=found.active,
        overdue=found.overdue,
        longest_overdue_seconds=round(late, 1),
        missed=ended.figures.missed,
        still_missed=ended.unmended.missed,
    )


def table_facts(*, today: date) -> tuple[TableFacts, ...]:
    """Each table, measured by its own last days."""
    samples: dict[str, list[tuple[date, int]]] = defaultdict(list)
    recent = TableSample.objects.filter(day__gte=today - timedelta(days=SAMPLED_DAYS))
    for name, day, rows in recent.order_by("name", "-day").values_list("name", "day", "rows"):
        samples[name].append((day, rows))
    facts = []
    for one in estimates():
        grown = growth(one.rows, samples[one.name][: LAST + 2], today=today)
        facts.append(
            TableFacts(
                name=one.name,
                rows=one.rows,
                size_bytes=one.size_bytes,
                grown_per_day=grown.now,
                usual_per_day=grown.usual,
            )
        )
    return tuple(facts)


def people_facts(*, since: datetime, now: datetime) -> PeopleFacts:
    """What was not read, and who could not log in: numbers only."""
    logins = login_figures(since=since, now=now)
    return PeopleFacts(
        unread=unheeded(since=since, before=now - READING_TIME),
        failed_logins=logins.failures,
        accounts=logins.accounts,
        locked=logins.locked,
    )
