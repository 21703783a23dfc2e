"""Risk and approval in words; colour only helps."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opsconsole.admin.presenters.chips import Chip

from ..models import NivelRiesgo

TONES = {"bajo": ("ok", "●"), "medio": ("run", "●"), "alto": ("warn", "▲"), "critico": ("bad", "▲")}


def risk_of(level: str) -> Chip:
    """A chip that says the risk."""
    tone, sign = TONES.get(level, ("idle", "○"))
    label = NivelRiesgo(level).label if level in NivelRiesgo.values else level
    return Chip(tone=tone, sign=sign, label=_("riesgo %(level)s") % {"level": label})


def risk_chip(level: str) -> SafeString:
    """The same, ready for a list."""
    return render_to_string("admin/opsconsole/includes/chip.html", {"chip": risk_of(level)})


def approval_words(required: bool) -> str:
    """Said only where it is so."""
    return _("espera a una segunda persona") if required else ""
