"""Why a notice was not sent, in sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..domain.targets import BadTarget
from .posting import TOTAL_SECONDS, NotPosted


def refusal(error: BadTarget) -> str:
    """What is wrong with an address."""
    return {
        "characters": _("La dirección no está bien escrita."),
        "scheme": _("La dirección debe empezar por https:// y nombrar un equipo."),
        "parts": _("La dirección no lleva usuario, contraseña ni «#»."),
        "http": _(
            "La dirección debe ser https. Por http solo se envía a los equipos de "
            "WEBHOOK_ALLOWED_HOSTS."
        ),
    }[str(error)]


def said(error: NotPosted) -> str:
    """What went wrong on the way."""
    sentence = {
        "private": _(
            "El equipo está en una red privada o reservada, y no en WEBHOOK_ALLOWED_HOSTS."
        ),
        "slow": _("No terminó de responder en %(seconds)s segundos.")
        % {"seconds": int(TOTAL_SECONDS)},
        "unresolved": _("No se encontró el equipo: el nombre no tiene dirección."),
        "certificate": _("El certificado del equipo no vale."),
        "broken": _("No se pudo conectar, o la conexión se cortó."),
    }[error.reason]
    return f"{sentence} ({error.detail})" if error.detail else sentence
