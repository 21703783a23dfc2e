"""A health that is critical, as the error that ends its run."""

from __future__ import annotations

from django.utils.translation import gettext as _

from opsconsole import OperationError

from .domain.health import Health
from .domain.states import EXIT_CODES, State
from .wording.reasons import because
from .wording.remedies import remedy


class Unhealthy(OperationError):
    """The exit code is the one that monitoring systems take for critical."""

    exit_code = EXIT_CODES[State.CRITICAL]


def unhealthy(health: Health) -> Unhealthy:
    """The worst reasons, and what mends the first of them."""
    reasons = [
        reason
        for part in health.troubles
        for reason in part.reasons
        if part.state is State.CRITICAL and reason.state is State.CRITICAL
    ]
    if health.score < health.fail_under:
        message = _("Salud crítica: puntaje %(score)s de 100, y se pidió %(least)s.")
    else:
        message = _("Salud crítica: puntaje %(score)s de 100.")
    first = _("Vea las partes en la página «Salud».") if not reasons else remedy(reasons[0])
    return Unhealthy(
        message % {"score": health.score, "least": health.fail_under},
        cause=" ".join(because(reason) for reason in reasons),
        remedy=first,
    )
