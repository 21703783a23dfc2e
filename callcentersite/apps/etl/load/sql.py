"""The statements that merge a staged chunk, in the words that both databases share."""

from dataclasses import dataclass

from ..domain.rows import CALL_COLUMNS

COLUMNS = ", ".join(CALL_COLUMNS)
VALUES = CALL_COLUMNS[1:]
MEASURED = ("started_at", "queue_code", "disposition", "wait_s", "talk_s")  # by DailyMetrics

STAGES = {
    "etl_stage": "SELECT * FROM calls",
    "etl_changed": (
        "SELECT calls.*, started_at AS old_started_at, call_id IS NULL AS is_new, "
        "call_id IS NULL AS is_counted_anew FROM calls"
    ),
    "etl_bad": "SELECT call_id, reasons, raw FROM call_rejections",
}

COUNT_CHANGED = "SELECT COUNT(*), COUNT(*) FILTER (WHERE is_new) FROM etl_changed"
TOUCHED = "SELECT call_id FROM etl_changed UNION ALL SELECT call_id FROM etl_bad"
KNOWN_REJECTIONS = """
SELECT call_id FROM call_rejections WHERE call_id BETWEEN %(lowest)s AND %(highest)s
"""
UPSERT_CALLS = f"""
INSERT INTO calls ({COLUMNS}) SELECT {COLUMNS} FROM etl_changed WHERE 1 = 1
ON CONFLICT (call_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in VALUES)}
"""
HIGHEST_KNOWN = """
SELECT MAX(call_id) FROM (SELECT MAX(call_id) AS call_id FROM calls WHERE call_id <= %(last)s
UNION ALL SELECT MAX(call_id) FROM call_rejections WHERE call_id <= %(last)s
UNION ALL SELECT 64 * MAX(word) + 63 FROM removed_calls WHERE word <= %(word)s) AS known
"""
KNOWN_ROWS = """
SELECT (SELECT COUNT(*) FROM calls) + (SELECT COUNT(*) FROM call_rejections)
     + (SELECT COALESCE(SUM(calls), 0) FROM removed_calls)
"""
ANY_REMOVED = "SELECT COUNT(*) FROM (SELECT 1 FROM removed_calls LIMIT 1) AS found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Where the two databases differ.

    ``distinct`` compares rows, NULL equal to NULL; ``json`` holds a call as JSON; ``day`` is the
    local day of an instant, or the instant where the database knows no zones; ``among`` finds the
    keys of the parameter ``ids``; ``temporary`` ends the head of a temporary table.
    """

    distinct: str
    json: str
    day: str
    among: str
    temporary: str = ""

    def stages(self) -> list[str]:
        """Create the staging tables, or empty them."""
        created = [
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} {self.temporary} AS {rows} WHERE 1 = 0"
            for name, rows in STAGES.items()
        ]
        return created + [f"DELETE FROM {name}" for name in STAGES]

    def find_changed(self) -> str:
        """Drop the rows that did not change, by a join: they cost no WAL.

        The bounds let the planner walk the primary key of the chunk's own range.
        """
        return f"""
        INSERT INTO etl_changed ({COLUMNS}, old_started_at, is_new, is_counted_anew)
        SELECT {", ".join(f"etl_stage.{name}" for name in CALL_COLUMNS)}, calls.started_at,
               calls.call_id IS NULL, calls.call_id IS NULL OR {self._differs(MEASURED)}
        FROM etl_stage LEFT JOIN calls ON calls.call_id = etl_stage.call_id
             AND calls.call_id BETWEEN %(lowest)s AND %(highest)s
        WHERE calls.call_id IS NULL
           OR (calls.anonymized_at IS NULL AND {self._differs(VALUES)})
        """

    def removed_among(self) -> str:
        """Which of these groups of 64 numbers hold calls that were deleted on purpose."""
        return f"SELECT word, bits FROM removed_calls WHERE word {self.among}"

    def anonymous_among(self) -> str:
        """Which of these calls were made anonymous."""
        return f"SELECT call_id FROM calls WHERE call_id {self.among} AND anonymized_at IS NOT NULL"

    def loaded_among(self) -> str:
        """Which of these calls are here."""
        return f"SELECT call_id FROM calls WHERE call_id {self.among}"

    def changed_days(self) -> str:
        """The days that changed rows lie in, and those that they moved away from.

        A new note does not change the sums of a day.
        """
        now, before = self.day.format("started_at"), self.day.format("old_started_at")
        return f"""
        SELECT {now} FROM etl_changed WHERE is_counted_anew
        UNION SELECT {before} FROM etl_changed
        WHERE is_counted_anew AND old_started_at IS NOT NULL
        """

    def _differs(self, columns: tuple[str, ...]) -> str:
        """Whether the staged row differs from the loaded one in these columns."""
        old = ", ".join(f"calls.{name}" for name in columns)
        new = ", ".join(f"etl_stage.{name}" for name in columns)
        return f"({old}) {self.distinct} ({new})"

    def upsert_rejections(self) -> str:
        """Keep raw rows and reasons; one that is known and the same is dropped by the join.

        A condition on DO UPDATE would not do: it locks each row first, and locks are logged.
        """
        old, new = (f"({table}.reasons, {table}.raw)" for table in ("call_rejections", "etl_bad"))
        return f"""
        INSERT INTO call_rejections (call_id, reasons, raw, seen_at, run)
        SELECT etl_bad.call_id, etl_bad.reasons, etl_bad.raw, %(now)s, %(run)s
        FROM etl_bad LEFT JOIN call_rejections ON call_rejections.call_id = etl_bad.call_id
             AND call_rejections.call_id BETWEEN %(lowest)s AND %(highest)s
        WHERE call_rejections.call_id IS NULL OR {old} {self.distinct} {new}
        ON CONFLICT (call_id) DO UPDATE SET reasons = excluded.reasons, raw = excluded.raw,
            seen_at = excluded.seen_at, run = excluded.run
        """

    def days_of(self) -> str:
        """The days of these calls."""
        return f"SELECT {self.day.format('started_at')} FROM calls WHERE {self._is_among('calls')}"

    def keep_last_good(self) -> str:
        """Write what these calls were like into their rejections."""
        return f"""
        UPDATE call_rejections SET last_good = {self.json}
        FROM calls WHERE calls.call_id = call_rejections.call_id AND {self._is_among("calls")}
        """

    def delete(self, table: str) -> str:
        """Delete these rows."""
        return f"DELETE FROM {table} WHERE {self._is_among(table)}"

    def _is_among(self, table: str) -> str:
        return f"{table}.call_id {self.among}"
