"""How many rows a policy would remove today, as it stands in a form."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole import OperationError
from opsconsole.admin.presenters.words import number

from . import policies
from .models import RetentionPolicy
from .tables import open_table

MOST = 1_000_000


def sentence(policy: RetentionPolicy) -> str:
    """The rows with their share, or why the policy would not be applied."""
    try:
        return counted(policy)
    except OperationError as error:
        return f"{error.message} {error.cause}"


def counted(policy: RetentionPolicy) -> str:
    """Counts to a million: a form should not wait for more."""
    terms = policies.terms_of(policy)
    selection = policies.select(policy, cutoff=terms.cutoff(policies.moment()))
    rows = selection.queryset[: MOST + 1].count()
    if rows > MOST:
        return _("Hoy: más de un millón de filas.")
    total = max(open_table(selection.target).total(), rows)
    text = ngettext(
        "Hoy: %(rows)s fila de %(total)s, el %(share)s %%.",
        "Hoy: %(rows)s filas de %(total)s, el %(share)s %%.",
        rows,
    )
    share = 100 * rows / total if total else 0
    return text % {"rows": number(rows), "total": number(total), "share": in_words(share)}


def in_words(share: float) -> str:
    """A few of many are not none, and all but a few are not all."""
    if 0 < share < 1:
        return f"< {number(1)}"
    return number(min(round(share), 99) if share < 100 else 100)
