"""The health as JSON: ``docs/health.schema.json`` is its contract, and VERSION the contract's.

What is added keeps the version; what changes its meaning, or goes, makes another.
"""

from __future__ import annotations

from typing import Any

from .domain.health import Health
from .domain.parts import WEIGHTS, Part
from .wording.reasons import because
from .wording.remedies import remedy
from .wording.summaries import summary
from .wording.titles import TITLES

VERSION = 1


def document(health: Health) -> dict[str, Any]:
    """All of it; texts are for people, the rest is for programs."""
    return {
        "version": VERSION,
        "timestamp": health.taken_at.isoformat(),
        "period_hours": health.period_hours,
        "health": health.state.value,
        "score": health.score,
        "fail_under": health.fail_under,
        "parts": {part.key.value: of_part(part) for part in health.parts},
    }


def of_part(part: Part) -> dict[str, Any]:
    """One part."""
    return {
        "title": str(TITLES[part.key]),
        "state": part.state.value,
        "weight": WEIGHTS[part.key],
        "points": part.points,
        "summary": summary(part),
        "figures": dict(part.figures),
        "reasons": [
            {
                "code": reason.why.value,
                "state": reason.state.value,
                "text": because(reason),
                "remedy": remedy(reason),
            }
            for reason in part.reasons
        ],
    }
