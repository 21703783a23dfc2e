"""The numbers of a file's calls: each once, or the row has nowhere to go."""

from dataclasses import dataclass, field

import polars as pl

INVALID, REPEATED = "call_id_invalid", "call_id_repeated"
LARGEST = 2**63 - 1


@dataclass(slots=True)
class Keys:
    """Remembers the numbers that have come: eight bytes a row."""

    seen: pl.Series = field(default_factory=lambda: pl.Series("call_id", [], dtype=pl.Int64))

    def split(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows with a number of their own, in its one form; the others, with ``reason``."""
        numbers = frame["call_id"].str.strip_chars().cast(pl.Int64, strict=False)
        known = numbers.is_in(self.seen.implode()) | ~numbers.is_first_distinct()
        reason = (
            pl.when(pl.lit(numbers).is_null() | (pl.lit(numbers) < 1))
            .then(pl.lit(INVALID))
            .when(pl.lit(known))
            .then(pl.lit(REPEATED))
        )
        told = frame.with_columns(reason.alias("reason"))
        fine = told["reason"].is_null()
        good = told.filter(fine).drop("reason")
        good = good.with_columns(numbers.filter(fine).cast(pl.String).alias("call_id"))
        self.seen.append(numbers.filter(fine))
        return good, told.filter(~fine)
