"""Two profiles side by side, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..domain.comparison import Comparison, Pair
from . import words
from .presenters import finding_card

NOTICED = 0.05  # less is the weather
LEAST = 0.1  # of a millisecond, or of an execution


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """Before, now, and the difference in a word."""

    name: str
    before: str
    now: str
    change: str
    kind: str  # new, gone, worse, better, same


def comparison_page(found: Comparison) -> dict[str, Any]:
    """For the template."""
    return {
        "verdict": verdict(found.slower),
        "verdict_kind": kind_of(found.slower),
        "totals": [pair_line(one, name=total_name(one.name)) for one in found.totals],
        "functions": [pair_line(one) for one in found.functions],
        "queries": [pair_line(one) for one in found.queries],
        "found": [finding_card(one) for one in found.found],
        "mended": [finding_card(one) for one in found.mended],
    }


def total_name(key: str) -> str:
    """The numbers at the top."""
    return {
        "median_ms": _("Mediana, ms"),
        "p95_ms": _("Percentil 95, ms"),
        "average_ms": _("Media, ms"),
        "queries_per_iteration": _("Consultas por iteración"),
    }[key]


def verdict(slower: float) -> str:
    """The whole of it in a sentence."""
    if abs(slower) < NOTICED:
        return _("Tarda lo mismo: la diferencia es menor que 5 %.")
    sentence = _("Es %(percent)s más lento.") if slower > 0 else _("Es %(percent)s más rápido.")
    return sentence % {"percent": words.percent(abs(slower))}


def kind_of(change: float) -> str:
    """Worse, better or the same."""
    if abs(change) < NOTICED:
        return "same"
    return "worse" if change > 0 else "better"


def pair_line(pair: Pair, *, name: str = "") -> PairLine:
    """A row of either table."""
    return PairLine(
        name=name or pair.name,
        before="–" if pair.before is None else words.milliseconds(pair.before),
        now="–" if pair.now is None else words.milliseconds(pair.now),
        change=change_of(pair),
        kind=pair_kind(pair),
    )


def change_of(pair: Pair) -> str:
    """``+1,2``, or that it is new, gone or the same."""
    if pair.is_new:
        return _("nueva")
    if pair.is_gone:
        return _("ya no está")
    if abs(pair.change) < LEAST:
        return "="
    sign = "+" if pair.change > 0 else ""
    return sign + words.milliseconds(pair.change)


def pair_kind(pair: Pair) -> str:
    """For its mark."""
    if pair.is_new or pair.is_gone:
        return "new" if pair.is_new else "gone"
    if abs(pair.change) < LEAST:
        return "same"
    return kind_of(pair.change / pair.before if pair.before else pair.change)
