"""The shape of the rows: as the IVR has them, as they travel, as ``Call`` keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

LEGACY_COLUMNS = (
    "call_id",
    "ani",
    "dnis",
    "queue_code",
    "agent_code",
    "started_at",
    "answered_at",
    "ended_at",
    "duration_s",
    "wait_s",
    "disposition",
    "menu_path",
    "language",
    "customer_id",
    "recording_file",
    "notes",
    "updated_at",
)
CALL_COLUMNS = (
    "call_id",
    "ani",
    "dnis",
    "queue_code",
    "agent_code",
    "started_at",
    "answered_at",
    "ended_at",
    "duration_s",
    "wait_s",
    "talk_s",
    "disposition",
    "menu_path",
    "language",
    "customer_id",
    "recording_file",
    "notes",
    "source_updated_at",
)

# A row travels as one text: its columns joined by FIELD, rows by ROW. Polars parses a whole page
# of them at once, and Python touches one object a row instead of seventeen.
NULL, ROW, FIELD = "\x1d", "\x1e", "\x1f"


class GarbledPage(ValueError):
    """A page whose texts hold the separators themselves; read it again with those left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Consecutive legacy rows, every column as text, in the order of the walk."""

    frame: pl.DataFrame

    @property
    def rows(self) -> int:
        """How many rows the page holds."""
        return self.frame.height

    @property
    def last_call_id(self) -> int:
        """The key of the last row."""
        return int(self.frame.item(-1, "call_id"))

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest key, whatever the order."""
        keys = self.frame["call_id"].cast(pl.Int64).sort()
        return int(keys[0]), int(keys[-1])

    @property
    def last_updated_at(self) -> str | None:
        """The last row's own stamp, in the IVR's local time."""
        stamp = self.frame.item(-1, "updated_at")
        return None if stamp is None else str(stamp)


def parse(text: bytes, *, rows: int) -> Page:
    """Read ``rows`` joined rows; raises GarbledPage when the texts do not give as many."""
    if not rows:
        return Page(frame=pl.DataFrame(schema=dict.fromkeys(LEGACY_COLUMNS, pl.String)))
    # PostgreSQL keeps no NUL, in no column; the rules drop it from the notes anyway.
    try:
        frame = _frame(text.replace(b"\x00", b""))
    except pl.exceptions.PolarsError as error:
        raise GarbledPage(str(error)) from error
    if frame.height != rows:
        raise GarbledPage(f"{frame.height} rows instead of {rows}")
    return Page(frame=frame)


def _frame(text: bytes) -> pl.DataFrame:
    return pl.read_csv(
        text,
        has_header=False,
        separator=FIELD,
        eol_char=ROW,
        quote_char=None,
        null_values=NULL,
        empty_string_is_null=False,
        schema=dict.fromkeys(LEGACY_COLUMNS, pl.String),
        encoding="utf8-lossy",
        extra_columns="raise",
        missing_columns="raise",
    )


def page_of(rows: Sequence[dict[str, str | None]]) -> Page:
    """A page of rows given one by one; columns that are left out are NULL."""
    lines = [
        FIELD.join(
            NULL if (value := row.get(column)) is None else str(value) for column in LEGACY_COLUMNS
        )
        for row in rows
    ]
    return parse(ROW.join(lines).encode(), rows=len(rows))
