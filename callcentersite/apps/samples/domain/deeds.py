"""What people did in the last weeks, for the audit: a pure function of a seed and a last moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from .cast import ADMINISTRATOR, ANALYST, AUDITOR, CAST, TECHNICIAN, Role
from .drawing import Draw, below

DAYS = 45  # some have outlived the audit's thirty days, for the retention to show
ADDRESS = "10.20.0.%s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An entry of the audit before it has its place; the words are the audit's own."""

    number: int
    person: Role
    action: str
    at: datetime
    address: str
    result: str = "ok"
    reason: str = ""
    kind: str = ""
    key: str = ""
    target: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def deeds(*, seed: int, end: datetime) -> list[Deed]:
    """All of them, the oldest first."""
    draw = Draw(seed)
    days = ((back, end - timedelta(days=back)) for back in range(DAYS, 0, -1))
    return [one for back, day in days for one in of_day(draw, day, back)]


def of_day(draw: Draw, day: datetime, back: int) -> Iterator[Deed]:
    """People come at eight and go at six; in between they work."""
    present = [
        one for number, one in enumerate(CAST) if below(draw, "there", back * 16 + number, 3)
    ]
    number = back * 100
    for place, one in enumerate(present):
        minute = below(draw, "comes", back * 16 + place, 40)
        yield entered(one, day + timedelta(hours=8, minutes=minute), number + place)
    for place, done in enumerate(during(draw, day, back)):
        yield replaced(done, number + 40 + place)
    for place, one in enumerate(present):
        minute = below(draw, "goes", back * 16 + place, 40)
        at = day + timedelta(hours=18, minutes=minute)
        yield replaced(entered(one, at, number + 60 + place), number + 60 + place, action="logout")


def entered(person: Role, at: datetime, number: int) -> Deed:
    """She logs in."""
    return Deed(
        number=number,
        person=person,
        action="login",
        at=at,
        address=ADDRESS % (10 + CAST.index(person)),
        kind="users.user",
        target=person.username,
    )


def during(draw: Draw, day: datetime, back: int) -> Iterator[Deed]:
    """Calls that are looked at, a wrong password now and then, settings that change."""
    for turn in range(1 + below(draw, "looks", back, 3)):
        call = 3_000_000_001 + below(draw, "call", back * 8 + turn, 300)
        at = day + timedelta(hours=10 + turn)
        yield deed(AUDITOR, "viewed", at, kind="analytics.call", key=str(call),
                   target=f"llamada {call}")  # fmt: skip
    if back % 5 == 0:
        at = day + timedelta(hours=8, minutes=1)
        yield deed(ANALYST, "login_failed", at, result="failed", kind="users.user",
                   target=ANALYST.username)  # fmt: skip
    if back % 9 == 0:
        yield deed(ANALYST, "exported", day + timedelta(hours=15), kind="analytics.dailymetrics",
                   target="métricas por día", detail={"rows": 240, "format": "xlsx"})  # fmt: skip
    if back % 14 == 0:
        yield deed(ADMINISTRATOR, "exception_made", day + timedelta(hours=12), result="refused",
                   reason="Nadie cambia sus propios permisos.", kind="users.user",
                   target=ADMINISTRATOR.username)  # fmt: skip
        yield deed(TECHNICIAN, "run_planned", day + timedelta(hours=16), kind="operation",
                   target="apply_retention", detail={"operation": "apply_retention"})  # fmt: skip


def deed(person: Role, action: str, at: datetime, **said: Any) -> Deed:
    """From her own desk; its number comes with its place in the day."""
    address = ADDRESS % (10 + CAST.index(person))
    return Deed(number=0, person=person, action=action, at=at, address=address, **said)


def replaced(one: Deed, number: int, *, action: str = "") -> Deed:
    """The same under that number."""
    return replace(one, number=number, action=action or one.action)
