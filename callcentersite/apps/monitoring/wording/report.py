"""The health as the terminal shows it, in the guide's form."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from ..domain.health import Health
from ..domain.parts import Part
from .reasons import because
from .summaries import summary
from .titles import TITLES


def lines(health: Health) -> Iterator[str]:
    """Header, one line a part with its reasons below it, the health at the end."""
    yield _("=== Monitor de validación ===")
    moment = timezone.localtime(health.taken_at).isoformat(timespec="seconds")
    yield _("Momento: %(moment)s") % {"moment": moment}
    yield _("Periodo: %(hours)s h") % {"hours": health.period_hours}
    for part in health.parts:
        yield from of_part(part)
    yield _("Puntaje: %(score)s/100") % {"score": health.score}
    if health.score < health.fail_under:
        yield _("  Menos que lo pedido: %(least)s") % {"least": health.fail_under}
    yield _("Salud: %(state)s") % {"state": health.state.value}


def of_part(part: Part) -> Iterator[str]:
    """Its state and figures; below it, why."""
    yield f"{TITLES[part.key]}: {part.state.value} · {summary(part)}"
    for reason in part.reasons:
        yield f"  {because(reason)}"
