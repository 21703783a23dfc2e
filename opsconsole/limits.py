"""How much may be done without somebody reading it, or without a second person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from . import kept_plans
from .doors import Door
from .exceptions import OperationError, OverLimit
from .models import SealedPlan
from .plans import StalePlan

# Above so many rows their number is typed, or expected on the command line.
TYPE_ABOVE = 10_000


def is_large(rows: int) -> bool:
    """Whether so much would be deleted that a click is not enough."""
    return rows > TYPE_ABOVE


def require_within(
    kept: SealedPlan, *, door: Door, unattended: bool, expected: int | None = None
) -> None:
    """Raise OverLimit, or StalePlan where other rows were expected."""
    if kept.rows == 0:
        raise OperationError(_("No hay nada que hacer."), remedy=_("No hace falta confirmar."))
    if expected is not None and expected != kept.rows:
        raise StalePlan(
            cause=_("Se esperaban %(expected)s filas y son %(rows)s.")
            % {"expected": expected, "rows": kept.rows}
        )
    reasons = kept_plans.unattended(kept)
    if unattended and expected is None and reasons:
        raise OverLimit(
            _("Nadie ha leído este plan, y es demasiado grande para aplicarlo así."),
            cause=" ".join(reasons),
            remedy=_("Revíselo y repita con --expect-rows=%(rows)s.") % {"rows": kept.rows},
        )
    require_account(kept, door=door)


def require_account(kept: SealedPlan, *, door: Door) -> None:
    """What needs a second person needs a first one by name: not even the terminal may alone."""
    reasons = kept_plans.second_person(kept)
    if reasons and door.user is None:
        raise OverLimit(
            _("Hace falta que lo apruebe una segunda persona."),
            cause=" ".join(reasons),
            remedy=_("Repita con --as USUARIO; otra persona la aprobará en la consola."),
        )
