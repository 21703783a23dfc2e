"""What must be true of the audit: the end of its chain is whole."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from callcentersite.apps.integrity.domain.findings import Offender, Severity
from callcentersite.apps.integrity.registry import Check, register

from .chain_wording import broken
from .verifying import verify

# Verifying a million takes half a minute; ``console audit verify`` is for that.
LAST_ENTRIES = 10_000


def find() -> Iterator[Offender]:
    """The first thing that is wrong with the end of the chain."""
    finding = verify(last=LAST_ENTRIES).finding
    if finding is not None:
        yield Offender(key=finding.position, text=str(broken(finding).message), mendable=False)


register(
    Check(
        name="audit_chain_broken",
        title=gettext_lazy("Cadena de la auditoría rota"),
        model="audit.AuditLog",
        severity=Severity.ERROR,
        explanation=gettext_lazy(
            "Se comprueban las últimas 10 000 entradas. Alguien cambió la base por fuera de la "
            "consola, o falta una clave de AUDIT_KEYS."
        ),
        remedy=gettext_lazy(
            "No borre nada. Compruebe la cadena entera: python manage.py console audit verify"
        ),
        find=find,
    )
)
