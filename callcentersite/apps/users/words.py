"""What decided, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .domain.effective import Ground


def ground_words(ground: Ground) -> str:
    """The reason of a yes or a no."""
    return {
        Ground.INACTIVE: _("La cuenta está inactiva"),
        Ground.UNKNOWN: _("El catálogo no la conoce"),
        Ground.REVOKED: _("Revocada por excepción"),
        Ground.CONCEDED: _("Concedida por excepción"),
        Ground.GROUP: _("Por grupo"),
        Ground.NOTHING: _("Nada se la da"),
    }[ground]
