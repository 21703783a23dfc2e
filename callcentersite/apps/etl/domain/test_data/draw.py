"""Randomness by counting: the same seed, key and purpose give the same number, everywhere.

Each draw is a mix (splitmix64) of the row's key, the seed and the name of what is drawn, in whole
numbers only. So a row does not depend on the rows before it, on the size of a block, on the
machine or on the version of Python; and Polars computes a column of them at once.
Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

MASK = 2**64 - 1
STEP = 0x9E3779B97F4A7C15
ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
FINE = 2**20  # steps between two points of a quantile table


@dataclass(frozen=True, slots=True)
class Draw:
    """The draws of one seed. ``purpose`` names a draw; ``key`` is the column it depends on."""

    seed: int

    def start(self, purpose: str) -> int:
        digest = hashlib.sha256(f"{self.seed}:{purpose}".encode()).digest()
        return int.from_bytes(digest[:8], "little")

    def number(self, purpose: str, key: int) -> int:
        """One draw in plain Python, the same 64 bits as ``bits`` gives for this key."""
        mixed = (key * STEP + self.start(purpose)) & MASK
        for shift, factor in ROUNDS:
            mixed = ((mixed ^ (mixed >> shift)) * factor) & MASK
        return mixed ^ (mixed >> 31)

    def bits(self, purpose: str, key: str = "call_id") -> pl.Expr:
        """64 random bits per row, as UInt64."""
        mixed = pl.col(key).cast(pl.UInt64) * u64(STEP) + u64(self.start(purpose))
        for shift, factor in ROUNDS:
            mixed = (mixed ^ (mixed // u64(2**shift))) * u64(factor)
        return mixed ^ (mixed // u64(2**31))

    def below(self, purpose: str, limit: int, key: str = "call_id") -> pl.Expr:
        """A whole number from 0 to ``limit`` - 1; ``limit`` is at most 2**32."""
        high = self.bits(purpose, key) // u64(2**32)
        return (high * u64(limit) // u64(2**32)).cast(pl.Int64)

    def chance(self, purpose: str, probability: float, key: str = "call_id") -> pl.Expr:
        """True in about this share of the rows."""
        return self.bits(purpose, key) < u64(min(int(probability * 2**64), MASK))

    def pick(self, purpose: str, weights: Mapping[str | None, int]) -> pl.Expr:
        """One of the keys, as often as its weight says."""
        return one_of(weights, self.below(purpose, sum(weights.values())))

    def quantile(self, purpose: str, table: Sequence[int]) -> pl.Expr:
        """A number distributed as ``table``: its quantiles at equal steps, ends included."""
        position = self.below(purpose, (len(table) - 1) * FINE)
        points = pl.Series(table, dtype=pl.Int64)
        low = pl.lit(points).gather(position // FINE)
        high = pl.lit(points).gather(position // FINE + 1)
        return low + (high - low) * (position % FINE) // FINE


def u64(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def one_of(weights: Mapping[str | None, int], position: pl.Expr) -> pl.Expr:
    """The key at ``position`` when every key is repeated as often as its weight."""
    keys = [key for key, weight in weights.items() for _ in range(weight)]
    return pl.lit(pl.Series(keys, dtype=pl.String)).gather(position)
