"""The rules of the house for rows of a file: the same, and what no database would let happen."""

from dataclasses import dataclass

import polars as pl

from ..rows import LEGACY_COLUMNS
from ..rules import REASONS, Rules
from .moments import instant, is_unreadable

TIMES = ("started_at", "answered_at", "ended_at", "updated_at")
LONGEST = {"dnis": 32, "agent_code": 32, "menu_path": 64, "recording_file": 120, "notes": 65_535}
ROW = "file_row"  # where in the file a row stood; the headings are row 1

# The IVR's columns have types; a file's are texts.
FILE_REASONS: dict[str, pl.Expr] = {
    "time_unreadable": pl.any_horizontal(is_unreadable(pl.col(name)) for name in TIMES),
    "number_invalid": (
        pl.col("customer_id").str.strip_chars().cast(pl.Int64, strict=False).is_null()
        & pl.col("customer_id").is_not_null()
    ),
    "text_too_long": pl.any_horizontal(
        pl.col(name).str.len_chars() > longest for name, longest in LONGEST.items()
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRules(Rules):
    """The rules for one file: what it is called, and the zone of its times without an offset.

    A page's frame has the column ROW beside those of the IVR.
    """

    file: str

    def reasons(self) -> dict[str, pl.Expr]:
        return REASONS | FILE_REASONS

    def _instant(self, column: str) -> pl.Expr:
        return instant(pl.col(column), zone=self.zone)

    def _raw(self) -> list[pl.Expr]:
        """The cells as they were written, and where."""
        cells = [pl.col(name) for name in LEGACY_COLUMNS if name != "wait_s"]
        return [*cells, pl.lit(self.file).alias("file"), pl.col(ROW)]
