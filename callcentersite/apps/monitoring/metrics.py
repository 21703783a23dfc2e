"""The health as Prometheus collects it: the same figures, under names that stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from .domain.facts import Facts, TableFacts
from .domain.health import judge
from .domain.parts import Key, Part
from .domain.states import EXIT_CODES, State

PREFIX = "console_"
# One number each: part, figure, name, what it is.
NUMBERS: tuple[tuple[Key, str, str, str], ...] = (
    (Key.CANARY, "age_seconds", "canary_age_seconds", "Since something came out of the queue."),
    (Key.WORKERS, "clusters", "clusters", "Clusters that gave a sign lately."),
    (Key.WORKERS, "workers", "workers", "Workers alive."),
    (Key.WORKERS, "busy", "workers_busy", "Workers that have a run."),
    (Key.QUEUE, "waiting", "queue_waiting", "Runs that wait."),
    (Key.QUEUE, "oldest_wait_seconds", "queue_oldest_wait_seconds", "How long the first waits."),
    (Key.FRESHNESS, "age_seconds", "etl_last_load_age_seconds", "Since the last whole load."),
    (Key.FRESHNESS, "usual_seconds", "etl_usual_interval_seconds", "Median of the last ten."),
    (Key.REJECTIONS, "share", "etl_rejected_ratio", "Rejected share of the last large load."),
    (Key.REJECTIONS, "usual_share", "etl_usual_rejected_ratio", "Median of the ten before."),
    (Key.RUNS, "runs", "runs_last_day", "Runs asked for in the last day."),
    (Key.RUNS, "failed", "runs_failed_last_day", "Those of them that failed."),
    (Key.RUNS, "lost", "runs_lost_last_day", "Those whose worker vanished."),
    (Key.SCHEDULES, "active", "schedules_active", "Programmes that are switched on."),
    (Key.SCHEDULES, "overdue", "schedules_overdue", "Those behind their time."),
    (Key.SCHEDULES, "missed", "schedules_missed_last_day", "Runs that never came."),
    (Key.MESSAGES, "unread", "messages_unread_errors", "Errors that nobody has read."),
    (Key.LOGINS, "failed", "logins_failed_last_day", "Failed logins."),
    (Key.LOGINS, "locked", "accounts_locked", "Accounts that are locked out."),
)


class HealthCollector(Collector):
    """Made for one answer: what it tells was gathered for all processes alike."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.health = judge(facts)
        self.parts = {part.key: part for part in self.health.parts}

    def collect(self) -> Iterable[Metric]:
        """All of it; what is not known is left out."""
        yield gauge("health_score", "0 to 100.", self.health.score)
        yield gauge("health_state", "0 OK, 1 WARNING, 2 CRITICAL.", self.health.exit_code)
        yield self.states()
        for key, figure, name, text in NUMBERS:
            value = self.parts[key].figures[figure]
            if value is not None:
                yield gauge(name, text, value)
        yield from disk_gauges(self.parts[Key.DISK])
        yield from table_gauges(self.facts.tables)

    def states(self) -> Metric:
        """One for each part that can be judged."""
        family = GaugeMetricFamily(
            f"{PREFIX}part_state", "0 OK, 1 WARNING, 2 CRITICAL.", labels=["part"]
        )
        for part in self.health.parts:
            if part.state is not State.UNKNOWN:
                family.add_metric([part.key.value], EXIT_CODES[part.state])
        return family


def gauge(name: str, text: str, value: float) -> Metric:
    """One number without labels."""
    return GaugeMetricFamily(PREFIX + name, text, value=value)


def disk_gauges(part: Part) -> Iterator[Metric]:
    """By what they hold."""
    places = part.figures["places"]
    free = {place: one["free_bytes"] for place, one in places.items()}
    used = {place: one["used_share"] for place, one in places.items()}
    yield labelled("disk_free_bytes", "Free.", "place", free)
    yield labelled("disk_used_ratio", "In use, 0 to 1.", "place", used)


def table_gauges(tables: Iterable[TableFacts]) -> Iterator[Metric]:
    """Of every table."""
    rows = {one.name: one.rows for one in tables}
    sizes = {one.name: one.size_bytes for one in tables}
    growth = {one.name: one.grown_per_day for one in tables}
    yield labelled("table_rows", "Estimated rows.", "table", rows)
    yield labelled("table_size_bytes", "Estimated, with indexes.", "table", sizes)
    yield labelled("table_growth_rows_per_day", "Since yesterday's sample.", "table", growth)


def labelled(name: str, text: str, label: str, values: Mapping[str, float | None]) -> Metric:
    """One number for each of them, where it is known."""
    family = GaugeMetricFamily(PREFIX + name, text, labels=[label])
    for key, value in values.items():
        if value is not None:
            family.add_metric([key], value)
    return family
