"""The analytics database: chunks go in, each in one transaction with its checkpoint."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

import polars as pl
from django.db import connections, transaction
from django.utils import timezone

from callcentersite.apps.analytics.daily import add, closed_among, mark_stale

from ..domain.chunk import Chunk, Tally
from ..domain.sums import daily_sums
from ..errors import writing
from . import checkpoint, sql

LAST_KEY = 2**63 - 1


@dataclass(kw_only=True)
class Target(ABC):
    """One run's way into the target.

    ``owner`` is the token that it claimed ``mark`` with, ``sla`` the seconds of each queue. Of a
    load in parts, ``run_id`` is the whole one's, ``mark`` the part's own, ``last`` its last key;
    files have a mark of their own too. A run that ``spares_calls`` leaves a good call where it is
    although its row is refused now. One that ``rehearses`` claims nothing, and takes back every
    chunk. ``counts_on`` names the mark that keeps what was loaded, for another attempt to go on.
    """

    run_id: int | None
    zone: str
    owner: str
    sla: Mapping[str, int]
    mark: str = checkpoint.CALLS
    last: int = LAST_KEY
    added_days: set[date] = field(default_factory=set)
    stale_days: set[date] = field(default_factory=set)
    alias: str = "default"
    spares_calls: bool = False
    rehearses: bool = False
    counts_on: str | None = None
    batch_limit: ClassVar[int] = 1_000_000

    @abstractmethod
    def dialect(self) -> sql.Dialect:
        """The database's own words."""

    @abstractmethod
    def insert(self, cursor: Any, table: str, frame: pl.DataFrame) -> None:
        """Put a frame into the columns of a table that its columns name."""

    @abstractmethod
    def days(self, values: list[Any]) -> set[date]:
        """The local days of what the dialect's ``day`` gave."""

    @abstractmethod
    def ids(self, call_ids: list[int]) -> Any:
        """Keys as the parameter that the dialect's ``among`` looks in."""

    def warm_up(self) -> None:  # noqa: B027
        """Import what the first chunk will need, in the writer's thread."""

    def begin(self, cursor: Any) -> None:  # noqa: B027
        """Whatever a chunk's transaction begins with."""

    def prepare(self, cursor: Any, chunk: Chunk) -> None:  # noqa: B027
        """Whatever helps the database to merge this chunk."""

    def pause(self) -> None:  # noqa: B027
        """Let others write; between transactions."""

    def load(self, chunk: Chunk) -> Tally:
        """Commit a chunk and its checkpoint, or nothing of it."""
        with writing(), transaction.atomic(using=self.alias), self._cursor() as cursor:
            self.begin(cursor)
            self._hold()
            if chunk.checkpoint is not None:
                checkpoint.save(chunk.checkpoint, using=self.alias)
            tally = self._put(cursor, chunk)
            if self.counts_on is not None:
                checkpoint.count(self.counts_on, tally, rows=chunk.rows, using=self.alias)
            if self.rehearses:
                transaction.set_rollback(True, using=self.alias)
        self.pause()
        return tally

    def _hold(self) -> None:
        """Nobody else loads until the commit, and nobody has taken the claim."""
        if self.mark == checkpoint.FILES:
            checkpoint.take_turn(using=self.alias)
        if not self.rehearses:
            checkpoint.fence(self.owner, name=self.mark, using=self.alias)

    def transact(self, work: Callable[[], object]) -> None:
        """Commit some other work under the same claim."""
        with writing(), transaction.atomic(using=self.alias):
            self._hold()
            work()

    def known_rows(self) -> int:
        """How many calls and rejections there are."""
        with writing(), self._cursor() as cursor:
            cursor.execute(sql.KNOWN_ROWS)
            return int(cursor.fetchone()[0])

    def _adapted(self, instant: datetime) -> Any:
        """An instant as a parameter of raw SQL."""
        return connections[self.alias].ops.adapt_datetimefield_value(instant)

    def _cursor(self) -> Any:
        return connections[self.alias].cursor()

    def _put(self, cursor: Any, chunk: Chunk) -> Tally:
        # Above this load's last key others may be loading, and nothing of theirs can clash.
        cursor.execute(sql.HIGHEST_KNOWN, {"last": self.last, "word": self.last // 64})
        highest = cursor.fetchone()[0]
        if highest is None or chunk.lowest > highest:
            return self._append(cursor, chunk)
        return self._merge(cursor, chunk)

    def _append(self, cursor: Any, chunk: Chunk) -> Tally:
        """Every key is above all that is known, so nothing can clash: straight into the tables."""
        good, bad = chunk.verdict.good, chunk.verdict.bad
        if good.height:
            self.insert(cursor, "calls", good)
            self._add(daily_sums(good, zone=self.zone, sla=self.sla))
        if bad.height:
            seen = pl.lit(timezone.now()).dt.cast_time_unit("us").alias("seen_at")
            run = pl.lit(self.run_id, dtype=pl.Int64).alias("run")
            self.insert(cursor, "call_rejections", bad.with_columns(seen, run))
        return Tally(inserted=good.height)

    def _add(self, sums: list[tuple[Any, ...]]) -> None:
        """The sums of new calls, to those of their days."""
        add(sums, using=self.alias)
        self.added_days.update(day for day, *_ in sums)

    def _merge(self, cursor: Any, chunk: Chunk) -> Tally:
        """By staging tables: what did not change is dropped there and never written."""
        self.stale_days.clear()
        for statement in self.dialect().stages():
            cursor.execute(statement)
        bounds = {"lowest": chunk.lowest, "highest": chunk.highest}
        self.prepare(cursor, chunk)
        good, bad = (self._wanted(cursor, rows) for rows in (chunk.verdict.good, chunk.verdict.bad))
        tally = self._merge_good(cursor, good, bounds)
        tally.removed = chunk.verdict.good.height - good.height
        tally.cleared = self._clear_rejections(cursor, good, bounds)
        if self.spares_calls:
            kept = self._not_loaded(cursor, bad)
            tally.spared = bad.height - kept.height
        else:
            kept = self._not_anonymous(cursor, bad)
        tally.withdrawn = self._merge_bad(cursor, kept, bounds)
        # All of them at once and in order: two loads that each held a day would wait for ever.
        mark_stale(self.stale_days, using=self.alias)
        if tally.inserted:
            self._add_to_closed_days(cursor, good)
        return tally

    def _add_to_closed_days(self, cursor: Any, good: pl.DataFrame) -> None:
        """Nobody counts such a day anew: its new calls are added, as they are by appending.

        After the marks: whoever closes a day waits for those, or has closed it before them.
        """
        closed = closed_among(self.stale_days, using=self.alias)
        if not closed:
            return
        cursor.execute(sql.NEW_CALLS)
        new = pl.Series("call_id", [key for (key,) in cursor.fetchall()], dtype=pl.Int64)
        added = good.filter(pl.col("call_id").is_in(new.implode()))
        sums = daily_sums(added, zone=self.zone, sla=self.sla)
        self._add([row for row in sums if row[0] in closed])

    def _wanted(self, cursor: Any, rows: pl.DataFrame) -> pl.DataFrame:
        """Without the calls that were deleted here on purpose, though the IVR still has them."""
        cursor.execute(sql.ANY_REMOVED)
        if not rows.height or not cursor.fetchone()[0]:
            return rows
        words = (rows["call_id"] // 64).unique().to_list()
        cursor.execute(self.dialect().removed_among(), {"ids": self.ids(words)})
        return self._without(rows, [key for found in cursor.fetchall() for key in keys_of(*found)])

    def _not_anonymous(self, cursor: Any, bad: pl.DataFrame) -> pl.DataFrame:
        """Without the calls that were made anonymous: their raw rows would tell who called."""
        if not bad.height:
            return bad
        ids = {"ids": self.ids(bad["call_id"].to_list())}
        cursor.execute(self.dialect().anonymous_among(), ids)
        return self._without(bad, [key for (key,) in cursor.fetchall()])

    def _not_loaded(self, cursor: Any, bad: pl.DataFrame) -> pl.DataFrame:
        """Without the calls that are here: what is good is not taken back for a file's row."""
        if not bad.height:
            return bad
        ids = {"ids": self.ids(bad["call_id"].to_list())}
        cursor.execute(self.dialect().loaded_among(), ids)
        return self._without(bad, [key for (key,) in cursor.fetchall()])

    def _without(self, rows: pl.DataFrame, keys: list[int]) -> pl.DataFrame:
        if not keys:
            return rows
        return rows.filter(~pl.col("call_id").is_in(pl.Series(keys, dtype=pl.Int64).implode()))

    def _merge_good(self, cursor: Any, good: pl.DataFrame, bounds: dict[str, int]) -> Tally:
        """Insert new calls, update changed ones, leave the others."""
        if not good.height:
            return Tally()
        self.insert(cursor, "etl_stage", good)
        cursor.execute(self.dialect().find_changed(), bounds)
        cursor.execute(sql.COUNT_CHANGED)
        changed, inserted = cursor.fetchone()
        if changed:
            self._find_stale(cursor, self.dialect().changed_days())
            cursor.execute(sql.UPSERT_CALLS)
        return Tally(inserted=inserted, updated=changed - inserted, unchanged=good.height - changed)

    def _clear_rejections(self, cursor: Any, good: pl.DataFrame, bounds: dict[str, int]) -> int:
        """Forget the rejections of calls that are good now."""
        cursor.execute(sql.KNOWN_REJECTIONS, bounds)
        known = pl.Series("call_id", [key for (key,) in cursor.fetchall()], dtype=pl.Int64)
        cleared = good["call_id"].filter(good["call_id"].is_in(known.implode()))
        if cleared.len():
            delete = self.dialect().delete("call_rejections")
            cursor.execute(delete, {"ids": self.ids(cleared.to_list())})
        return cleared.len()

    def _merge_bad(self, cursor: Any, bad: pl.DataFrame, bounds: dict[str, int]) -> int:
        """Keep what was refused; a call that was good leaves its last good values there."""
        if not bad.height:
            return 0
        dialect, ids = self.dialect(), {"ids": self.ids(bad["call_id"].to_list())}
        self.insert(cursor, "etl_bad", bad)
        now = {"now": self._adapted(timezone.now()), "run": self.run_id}
        cursor.execute(dialect.upsert_rejections(), bounds | now)
        withdrawn = self._find_stale(cursor, dialect.days_of(), ids)
        if withdrawn:
            cursor.execute(dialect.keep_last_good(), ids)
            cursor.execute(dialect.delete("calls"), ids)
        return withdrawn

    def _find_stale(self, cursor: Any, query: str, args: dict[str, Any] | None = None) -> int:
        """The days that a query finds will be marked stale; return how many rows it found."""
        cursor.execute(query, args)
        rows = cursor.fetchall()
        self.stale_days |= self.days([day for (day,) in rows])
        return len(rows)


def keys_of(word: int, bits: int) -> list[int]:
    """The numbers that a row of RemovedCalls stands for."""
    return [64 * word + n for n in range(64) if bits >> n & 1]


def open_target(
    *,
    run_id: int | None,
    zone: str,
    owner: str,
    sla: Mapping[str, int],
    alias: str = "default",
    **more: Any,
) -> Target:
    """The target of the kind that DATABASES[alias] names; ``more`` as Target has it."""
    kind: type[Target]
    if connections[alias].vendor == "postgresql":
        from .postgres import PostgresTarget as kind
    else:
        from .sqlite import SQLiteTarget as kind
    return kind(run_id=run_id, zone=zone, owner=owner, sla=sla, alias=alias, **more)
