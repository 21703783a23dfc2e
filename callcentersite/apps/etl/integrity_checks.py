"""What must be true of rejections: a legacy row is a call or refused, never both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.analytics.selectors import calls_by_number
from callcentersite.apps.integrity.domain.findings import Offender, Severity
from callcentersite.apps.integrity.registry import Check, Key, Mend, register
from callcentersite.apps.integrity.rows import offenders

from .models import CallRejection


def mended() -> QuerySet[CallRejection]:
    """Those whose call is there."""
    return CallRejection.objects.filter(Exists(calls_by_number(OuterRef("pk"))))


def find() -> Iterator[Offender]:
    return offenders(
        mended(),
        "seen_at",
        says=lambda key, seen: _("Rechazo %(key)s: la llamada ya está cargada.") % {"key": key},
    )


def forget(keys: Sequence[Key]) -> int:
    """Delete the rejections; their calls stay."""
    deleted, _rows = mended().filter(pk__in=keys).delete()
    return deleted


register(
    Check(
        name="rejections_mended",
        title=gettext_lazy("Rechazos de llamadas que ya están cargadas"),
        model="etl.CallRejection",
        severity=Severity.ERROR,
        explanation=gettext_lazy(
            "Una fila del IVR es una llamada o un rechazo, nunca las dos cosas: se contaría dos "
            "veces."
        ),
        remedy=gettext_lazy("Repárelos: el rechazo se elimina y la llamada se queda."),
        find=find,
        mend=Mend(
            title=gettext_lazy("Se elimina el rechazo; la llamada se queda."),
            apply=forget,
            deletes=True,
        ),
    )
)
