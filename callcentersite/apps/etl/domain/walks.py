"""The ways through the legacy calls, a page at a time and always by key.

A walk says which rows come next and in which order; the SQL of a vendor is ``extract``'s affair.
Placeholders are ``%s``.
"""

from dataclasses import dataclass, replace
from typing import Protocol, Self

from .rows import Page
from .watermark import FIRST_STAMP

Condition = tuple[str, tuple[object, ...]]


class Walk(Protocol):
    """A reading of some legacy calls, at some place."""

    order: str

    def condition(self) -> Condition:
        """The rows that are still to come."""
        ...

    def after(self, page: Page) -> Self:
        """The same walk, once ``page`` is behind it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ByKey:
    """Every call in order of ``call_id`` up to ``last``; with a range, those that start in it.

    ``since`` is the first stamp inside, ``until`` the first one past it. A call without a start
    lies in no range.
    """

    position: int | None = None
    last: int | None = None
    since: str | None = None
    until: str | None = None
    order = "call_id"

    def condition(self) -> Condition:
        wanted = (
            ("call_id > %s", self.position),
            ("call_id <= %s", self.last),
            ("started_at >= %s", self.since),
            ("started_at < %s", self.until),
        )
        given = [(sql, value) for sql, value in wanted if value is not None]
        # Zero dates are earlier than every end of a range.
        if self.until is not None and self.since is None:
            given.append(("started_at >= %s", FIRST_STAMP))
        return _all(*given)

    def after(self, page: Page) -> "ByKey":
        return replace(self, position=page.last_call_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByUpdate:
    """The calls stamped ``since`` or later, in the order in which they were updated."""

    since: str
    position: tuple[str, int] | None = None
    order = "updated_at, call_id"

    def condition(self) -> Condition:
        if self.position is None:
            return _all(("updated_at >= %s", self.since))
        stamp, call_id = self.position
        # The first comparison is for the index; the rest steps over the page's own last second.
        return "updated_at >= %s AND (updated_at > %s OR call_id > %s)", (stamp, stamp, call_id)

    def after(self, page: Page) -> "ByUpdate":
        return replace(self, position=(page.last_updated_at or self.since, page.last_call_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Undated:
    """The calls whose ``updated_at`` is NULL or a zero date.

    Nothing tells whether such a row changed, so every run reads all of them again; they are few,
    they sit together at the beginning of the index, and unchanged ones write nothing.
    """

    position: int | None = None
    order = "call_id"

    def condition(self) -> Condition:
        undated = "(updated_at IS NULL OR updated_at < %s)"
        if self.position is None:
            return undated, (FIRST_STAMP,)
        return f"{undated} AND call_id > %s", (FIRST_STAMP, self.position)

    def after(self, page: Page) -> "Undated":
        return replace(self, position=page.last_call_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByIds:
    """These calls, and no others."""

    call_ids: tuple[int, ...]
    position: int | None = None
    order = "call_id"

    def condition(self) -> Condition:
        left = [
            call_id for call_id in self.call_ids if self.position is None or call_id > self.position
        ]
        return f"call_id IN ({', '.join(str(int(call_id)) for call_id in left) or 'NULL'})", ()

    def after(self, page: Page) -> "ByIds":
        return replace(self, position=page.last_call_id)


def _all(*parts: tuple[str, object]) -> Condition:
    """All of these conditions; none at all is true."""
    return " AND ".join(sql for sql, _ in parts) or "1 = 1", tuple(value for _, value in parts)
