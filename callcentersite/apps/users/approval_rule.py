"""``OPSCONSOLE["APPROVAL_RULE"]``: which runs wait for a second person."""

from .models_permisos_granular import Capacidad


def waits_for_second_person(capability: str) -> bool:
    """What the catalogue says of the capability; one that it does not have waits too."""
    return not Capacidad.objects.filter(codigo=capability, requiere_aprobacion=False).exists()
