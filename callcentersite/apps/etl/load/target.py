"""The analytics database: chunks go in, each in one transaction with its checkpoint."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

import polars as pl
from django.db import connections, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from callcentersite.apps.analytics.closed_days import following
from callcentersite.apps.analytics.daily import add, mark_stale
from callcentersite.apps.analytics.models import Call

from ..domain.chunk import Chunk, Tally
from ..domain.sums import daily_sums, months_of
from ..errors import writing
from . import checkpoint, sql

LAST_KEY = 2**63 - 1
MEASURED: dict[str, Any] = {
    "started_at": pl.Datetime("us", "UTC"),
    "queue_code": pl.String,
    "disposition": pl.String,
    "wait_s": pl.Int32,
    "talk_s": pl.Int32,
}


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
        good, gone = self._wanted(cursor, chunk.verdict.good)
        bad, bad_gone = self._wanted(cursor, chunk.verdict.bad)
        keep = self._not_loaded if self.spares_calls else self._not_anonymous
        kept = keep(cursor, bad)
        tally = self._compare(cursor, good, bounds)
        tally.spared = bad.height - kept.height if self.spares_calls else 0
        tally.removed, tally.removed_bad = gone.height, bad_gone.height
        tally.removed_months = months_of(gone, zone=self.zone)
        tally.withdrawn = self._find_withdrawn(cursor, kept)
        # All of them at once and in order: two loads that each held a day would wait for ever.
        mark_stale(self.stale_days, using=self.alias)
        with following(self.stale_days, self._measured, using=self.alias):
            if tally.inserted or tally.updated:
                cursor.execute(sql.UPSERT_CALLS)
            tally.cleared = self._clear_rejections(cursor, good, bounds)
            self._refuse(cursor, kept, bounds, withdraws=bool(tally.withdrawn))
        return tally

    def _measured(self) -> list[tuple[Any, ...]]:
        """The sums of the calls that this chunk touches, as they are in the table."""
        rows = Call.objects.using(self.alias).filter(pk__in=RawSQL(sql.TOUCHED, []))  # noqa: S611
        values = list(rows.values_list(*MEASURED))
        frame = pl.DataFrame(values, schema=MEASURED, orient="row")
        return daily_sums(frame, zone=self.zone, sla=self.sla)

    def _wanted(self, cursor: Any, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows without, and those of, calls that left on purpose, though the IVR has them."""
        cursor.execute(sql.ANY_REMOVED)
        if not rows.height or not cursor.fetchone()[0]:
            return rows, rows.clear()
        words = (rows["call_id"] // 64).unique().to_list()
        cursor.execute(self.dialect().removed_among(), {"ids": self.ids(words)})
        keys = [key for found in cursor.fetchall() for key in keys_of(*found)]
        wanted = self._without(rows, keys)
        return wanted, rows.join(wanted, on="call_id", how="anti")

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

    def _compare(self, cursor: Any, good: pl.DataFrame, bounds: dict[str, int]) -> Tally:
        """Stage the good rows and tell the new calls and the changed ones from the others."""
        if not good.height:
            return Tally()
        self.insert(cursor, "etl_stage", good)
        cursor.execute(self.dialect().find_changed(), bounds)
        cursor.execute(sql.COUNT_CHANGED)
        changed, inserted = cursor.fetchone()
        if changed:
            self._find_stale(cursor, self.dialect().changed_days())
        return Tally(inserted=inserted, updated=changed - inserted, unchanged=good.height - changed)

    def _find_withdrawn(self, cursor: Any, bad: pl.DataFrame) -> int:
        """Stage the refused rows; return how many of them were good calls."""
        if not bad.height:
            return 0
        self.insert(cursor, "etl_bad", bad)
        ids = {"ids": self.ids(bad["call_id"].to_list())}
        return self._find_stale(cursor, self.dialect().days_of(), ids)

    def _clear_rejections(self, cursor: Any, good: pl.DataFrame, bounds: dict[str, int]) -> int:
        """Forget the rejections of calls that are good now."""
        cursor.execute(sql.KNOWN_REJECTIONS, bounds)
        known = pl.Series("call_id", [key for (key,) in cursor.fetchall()], dtype=pl.Int64)
        cleared = good["call_id"].filter(good["call_id"].is_in(known.implode()))
        if cleared.len():
            delete = self.dialect().delete("call_rejections")
            cursor.execute(delete, {"ids": self.ids(cleared.to_list())})
        return cleared.len()

    def _refuse(
        self, cursor: Any, bad: pl.DataFrame, bounds: dict[str, int], *, withdraws: bool
    ) -> None:
        """Keep what was refused; a call that was good leaves its last good values there."""
        if not bad.height:
            return
        dialect, ids = self.dialect(), {"ids": self.ids(bad["call_id"].to_list())}
        now = {"now": self._adapted(timezone.now()), "run": self.run_id}
        cursor.execute(dialect.upsert_rejections(), bounds | now)
        if withdraws:
            cursor.execute(dialect.keep_last_good(), ids)
            cursor.execute(dialect.delete("calls"), ids)

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
