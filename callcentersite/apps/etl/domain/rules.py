"""What makes a legacy row a call, and what refuses it; pure, whole pages at a time.

The table is section 7 of ``shared/design.md``. A row that breaks no rule in ``REASONS`` is mended
into a row of ``Call``; one that breaks any is kept raw, with all of its reasons.
"""

from dataclasses import dataclass

import polars as pl

from .mojibake import mended
from .phones import e164, is_hidden
from .rows import CALL_COLUMNS, LEGACY_COLUMNS, Page

DISPOSITIONS = (
    "ANSWERED",
    "ABANDONED",
    "NO_ANSWER",
    "BUSY",
    "FAILED",
    "TRANSFERRED",
    "VOICEMAIL",
)
SPOKEN = ("ANSWERED", "TRANSFERRED")  # nobody speaks without having answered
LANGUAGES = ("es", "en", "nah")
LONGEST_CALL_SECONDS = 86_400
DURATION_TOLERANCE_SECONDS = 2
NUMBERS = ("call_id", "duration_s", "wait_s", "customer_id")

started, answered, ended = pl.col("_started"), pl.col("_answered"), pl.col("_ended")
duration, disposition = pl.col("_duration"), pl.col("disposition")
length = (ended - started).dt.total_seconds()

# In the order in which a rejection lists them. NULL counts as no: a row without an end cannot
# also end before it starts.
REASONS: dict[str, pl.Expr] = {
    "started_missing": started.is_null(),
    "ended_missing": ended.is_null(),
    "ended_before_started": ended < started,
    "answered_missing": disposition.is_in(SPOKEN) & answered.is_null(),
    "answered_out_of_range": (answered < started) | (answered > ended),
    "duration_invalid": ~duration.is_between(0, LONGEST_CALL_SECONDS).fill_null(False),
    "duration_mismatch": (duration - length).abs() > DURATION_TOLERANCE_SECONDS,
    "queue_unknown": ~pl.col("_queue_known").fill_null(False),
    "disposition_unknown": ~disposition.is_in(DISPOSITIONS).fill_null(False),
}
WARNINGS = ("ani_missing", "ani_invalid", "duration_exceeded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A page after the rules: rows of ``Call``, rows refused, and how often each thing was said.

    ``bad`` has ``call_id`` and, as JSON texts, ``reasons`` and ``raw``.
    """

    good: pl.DataFrame
    bad: pl.DataFrame
    reasons: dict[str, int]
    warnings: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one site: its zone, the codes of the queues it has, and what it has chosen.

    A call of more than ``longest_seconds`` is loaded with a warning; one that breaks the rule of
    ``LONGEST_CALL_SECONDS`` is not loaded at all. Where the site keeps no recordings, their names
    reach neither the calls nor the rows that are kept as refused.
    """

    zone: str
    queues: frozenset[str]
    longest_seconds: int = LONGEST_CALL_SECONDS
    keeps_recordings: bool = True

    def judge(self, page: Page) -> Verdict:
        """Apply every rule to every row."""
        rows = page.frame.lazy().with_columns(*self._left_out())
        checked = rows.with_columns(*self._read()).with_columns(*self._checks()).collect()
        refused = checked["_refused"]
        bad = checked.filter(refused)
        good = checked.filter(~refused) if bad.height else checked
        return Verdict(
            good=good.lazy().select(*self._call()).collect(),
            bad=bad.select(*self._rejection()),
            reasons=_counts(bad, tuple(self.reasons())),
            warnings=_counts(good, WARNINGS),
        )

    def reasons(self) -> dict[str, pl.Expr]:
        """The rules that refuse a row, in the order in which a rejection lists them."""
        return REASONS

    def _left_out(self) -> list[pl.Expr]:
        """What is taken as NULL, whatever the IVR says."""
        if self.keeps_recordings:
            return []
        return [pl.lit(None, dtype=pl.String).alias("recording_file")]

    def _read(self) -> list[pl.Expr]:
        """The values that the rules speak of."""
        code = queue_code(pl.col("queue_code"))
        return [
            self._instant("started_at").alias("_started"),
            self._instant("answered_at").alias("_answered"),
            self._instant("ended_at").alias("_ended"),
            pl.col("duration_s").cast(pl.Int64, strict=False).alias("_duration"),
            code.alias("_queue"),
            code.is_in(sorted(self.queues)).alias("_queue_known"),
            e164(pl.col("ani")).alias("_ani"),
        ]

    def _checks(self) -> list[pl.Expr]:
        """One boolean column a rule, and whether any of them refuses the row."""
        checks = {name: rule.fill_null(False) for name, rule in self.reasons().items()}
        hidden = is_hidden(pl.col("ani"))
        return [
            *(check.alias(name) for name, check in checks.items()),
            pl.any_horizontal(*checks.values()).alias("_refused"),
            hidden.alias("ani_missing"),
            (pl.col("_ani").is_null() & ~hidden).alias("ani_invalid"),
            (duration > self.longest_seconds).fill_null(False).alias("duration_exceeded"),
        ]

    def _call(self) -> list[pl.Expr]:
        """The columns of ``Call``, mended and computed."""
        talk = (ended - answered).dt.total_seconds().fill_null(0)
        values = {
            "call_id": pl.col("call_id").cast(pl.Int64),
            "ani": pl.col("_ani"),
            "queue_code": pl.col("_queue"),
            "agent_code": none_if_blank(pl.col("agent_code").str.strip_chars()),
            "started_at": started,
            "answered_at": answered,
            "ended_at": ended,
            "duration_s": duration.cast(pl.Int32),
            "wait_s": (length - talk).cast(pl.Int32),
            "talk_s": talk.cast(pl.Int32),
            "menu_path": none_if_blank(pl.col("menu_path")),
            "language": language(pl.col("language")),
            "customer_id": customer_id(pl.col("customer_id")),
            "notes": mended(pl.col("notes")),
            "source_updated_at": self._instant("updated_at"),
        }
        return [values.get(name, pl.col(name)).alias(name) for name in CALL_COLUMNS]

    def _rejection(self) -> list[pl.Expr]:
        """The key, the reasons and the row as it was read, the last two as JSON."""
        names = [pl.when(pl.col(name)).then(pl.lit(f'"{name}"')) for name in self.reasons()]
        listed = pl.concat_str(names, separator=", ", ignore_nulls=True)
        return [
            pl.col("call_id").cast(pl.Int64),
            pl.format("[{}]", listed).alias("reasons"),
            pl.struct(*self._raw()).struct.json_encode().alias("raw"),
        ]

    def _raw(self) -> list[pl.Expr]:
        """The row as it was read; its numbers as numbers."""
        return [
            pl.col(name).cast(pl.Int64, strict=False) if name in NUMBERS else pl.col(name)
            for name in LEGACY_COLUMNS
        ]

    def _instant(self, column: str) -> pl.Expr:
        """Local time to UTC: NULL for what no clock of the site ever showed, the later of two."""
        local = pl.col(column).str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
        zoned = local.dt.replace_time_zone(self.zone, ambiguous="latest", non_existent="null")
        return zoned.dt.convert_time_zone("UTC")


def queue_code(code: pl.Expr) -> pl.Expr:
    """A queue's code as it is compared and kept: no blanks around it, upper case."""
    return code.str.strip_chars().str.to_uppercase()


def language(tag: pl.Expr) -> pl.Expr:
    """``ES``, ``es-MX`` and anything unheard of are Spanish."""
    return tag.map_batches(_language_column, return_dtype=pl.String)


def _language_column(tags: pl.Series) -> pl.Series:
    """A handful of different tags: decide about each one once."""
    heard = tags.unique()
    languages = [_language(tag) for tag in heard]
    return tags.replace_strict(heard, languages, return_dtype=pl.String)


def _language(tag: str | None) -> str:
    primary = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    return primary if primary in LANGUAGES else "es"


def customer_id(number: pl.Expr) -> pl.Expr:
    """Zero was the IVR's word for nobody."""
    value = number.cast(pl.Int64, strict=False)
    return pl.when(value != 0).then(value)


def none_if_blank(text: pl.Expr) -> pl.Expr:
    """NULL instead of an empty text."""
    return pl.when(text != "").then(text)


def _counts(frame: pl.DataFrame, names: tuple[str, ...]) -> dict[str, int]:
    """How many rows are true in each column, without the zeros."""
    if not frame.height:
        return {}
    totals = frame.select(pl.col(name).sum() for name in names).row(0, named=True)
    return {name: int(total) for name, total in totals.items() if total}
