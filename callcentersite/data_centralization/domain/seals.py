"""What identifies a set of rows: its keys in groups of 64, and a hash over each group's versions.

A word is ``(group, bits, versions)``: bit n of ``bits`` says that the key ``64 × group + n`` is in
the set, ``versions`` mixes the versions of those rows. Two million consecutive keys are 31,000
words. Where there are few rows each has a word of its own (``fine``), so that changes are counted
to the row; in a coarse seal a group that changed counts once.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice, starmap
from typing import Any

Word = tuple[int, int, int]
RECORD = struct.Struct("<qqq")
GROUP_BITS = 6
BLOCK = 2_000
MASK = 2**64 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a set differs from what was sealed."""

    new: int = 0
    changed: int = 0
    gone: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def __str__(self) -> str:
        return f"+{self.new} ~{self.changed} −{self.gone}"


@dataclass(slots=True)
class Seal:
    """Counts and digests the words that pass by; they come in the order of their groups."""

    rows: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def through(self, words: Iterable[Word]) -> Iterator[bytes]:
        """The words as bytes, to be kept, in blocks."""
        rest = iter(words)
        while block := list(islice(rest, BLOCK)):
            self.rows += sum((word[1] & MASK).bit_count() for word in block)
            data = b"".join(starmap(RECORD.pack, block))
            self._hash.update(data)
            yield data

    @property
    def digest(self) -> str:
        """64 hexadecimal digits."""
        return str(self._hash.hexdigest())


def sealed(words: Iterable[Word]) -> Seal:
    """The seal of these words, keeping none."""
    seal = Seal()
    for _block in seal.through(words):
        pass
    return seal


def records(file: Any, *, length: int) -> Iterator[Word]:
    """Bytes as words again."""
    while length and (block := file.read(min(length, RECORD.size * 4096))):
        length -= len(block)
        yield from RECORD.iter_unpack(block)


def drift(before: Iterable[Word], now: Iterable[Word]) -> Drift:
    """Compare two seals, both in the order of their groups; holds one word of each."""
    new = changed = gone = 0
    for old, fresh in paired(before, now):
        old_bits, new_bits = (word[1] & MASK if word else 0 for word in (old, fresh))
        new += (new_bits & ~old_bits).bit_count()
        gone += (old_bits & ~new_bits).bit_count()
        if old_bits == new_bits and old and fresh and old[2] != fresh[2]:
            changed += 1
    return Drift(new=new, changed=changed, gone=gone)


def paired(
    before: Iterable[Word], now: Iterable[Word]
) -> Iterator[tuple[Word | None, Word | None]]:
    """Words of the same group together."""
    olds, news = iter(before), iter(now)
    old, fresh = next(olds, None), next(news, None)
    while old is not None or fresh is not None:
        if fresh is None or (old is not None and old[0] < fresh[0]):
            yield old, None
            old = next(olds, None)
        elif old is None or fresh[0] < old[0]:
            yield None, fresh
            fresh = next(news, None)
        else:
            yield old, fresh
            old, fresh = next(olds, None), next(news, None)


def coarse(words: Iterable[Word], *, fine: bool) -> Iterator[tuple[int, int]]:
    """Groups of 64 with their bits, whatever the seal; bits are signed, as databases have them."""
    if not fine:
        yield from ((group, bits) for group, bits, _versions in words)
        return
    for group, members in groupby((word[0] for word in words), key=lambda key: key >> GROUP_BITS):
        yield group, signed(sum({1 << (key & 63) for key in members}))


def signed(bits: int) -> int:
    """64 bits as a database's whole number."""
    return bits - 2**64 if bits >= 2**63 else bits


def count(bits: int) -> int:
    """How many bits are set."""
    return (bits & MASK).bit_count()
