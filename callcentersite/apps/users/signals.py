"""What happens to requests for rights, for whoever listens: both tell ``solicitud``.

``requested``: it waits for a second person. ``decided``: it was approved, rejected or withdrawn.
Both are sent when it is written for good; a listener that fails is logged and holds up nobody.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.dispatch import Signal

from .models_solicitudes import SolicitudAsignacion

logger = logging.getLogger(__name__)
requested = Signal()
decided = Signal()


def tell(signal: Signal, solicitud: SolicitudAsignacion) -> None:
    """Send it when the transaction is over, with the request as it is then."""
    transaction.on_commit(lambda: send(signal, solicitud.pk))


def send(signal: Signal, pk: int) -> None:
    """To every listener, whatever the others do."""
    rows = SolicitudAsignacion.objects.select_related(
        "usuario", "grupo", "capacidad", "solicitada_por", "decidida_por"
    )
    solicitud = rows.filter(pk=pk).first()
    if solicitud is None:
        return
    for _listener, answer in signal.send_robust(sender=SolicitudAsignacion, solicitud=solicitud):
        if isinstance(answer, Exception):
            logger.error("a listener failed: %s", type(answer).__name__, exc_info=answer)
