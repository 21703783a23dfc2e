"""How settings look in lists and pages."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from opsconsole.admin.presenters.chips import Chip

from ..domain.effects import Effect
from ..models import Configuracion, ConfiguracionChange
from ..wording import words_of

NOTHING = "–"


def chip(look: Chip) -> SafeString:
    """A state in words, sign and colour."""
    return render_to_string("admin/opsconsole/includes/chip.html", {"chip": look})


def state_of(config: Configuracion) -> Chip:
    """Changed, default, or not counted."""
    if not config.activa:
        default = words_of(config.valor_default, config.tipo_dato, config.unidad)
        return Chip("idle", "⊘", _("Inactiva: rige %(value)s") % {"value": default})
    if config.is_default:
        return Chip("idle", "○", _("Por omisión"))
    return Chip("run", "●", _("Cambiada"))


def effect_chip(effect: Effect) -> Chip:
    """Whether the console obeys it, another system does, or nobody."""
    if effect.in_force:
        return Chip("ok", "✓", _("Rige"))
    if effect.published:
        return Chip("run", "↗", _("Publicada"))
    return Chip("idle", "–", _("Aún no"))


def shown(config: Configuracion) -> str:
    """The value as a person says it: yes and no, with its unit."""
    return words_of(config.valor, config.tipo_dato, config.unidad)


def in_words(valor: str | None) -> str | None:
    """A value of the history, where the kind of its key is not at hand: yes and no."""
    return {"true": _("Sí"), "false": _("No")}.get(valor or "", valor)


def steps_of(change: ConfiguracionChange) -> list[dict[str, Any]]:
    """Field by field, what it was and what it became."""
    steps = [
        {"field": _("valor"), "old": in_words(change.old_valor), "new": in_words(change.new_valor)}
    ]
    if change.old_valor == change.new_valor:
        steps = []
    for name, (old, new) in change.other_fields.items():
        title = str(Configuracion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        steps.append({"field": title, "old": as_text(old), "new": as_text(new)})
    return steps


def as_text(value: Any) -> str | None:
    """A field's value in a table; None: there was none."""
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    return None if value is None else str(value)
