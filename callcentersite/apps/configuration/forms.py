"""The form of one setting: a box, a list or a yes and no, by what the value may be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from .domain.rules import Flag, OneOf, Range, StaysOff
from .models import Configuracion
from .wording import allowed, words_of


class ConfiguracionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Only the value and whether it counts; what it may be is the model's to say.

    ``seen`` is the value that the page showed: who writes over another's change is told first.
    """

    valor = forms.CharField(required=False, strip=False)
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    class Meta:
        model = Configuracion
        fields = ("valor", "activa")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        config = self.instance
        self.fields["seen"].initial = config.valor
        field = self.fields["valor"]
        field.label = _("Valor")
        field.widget = widget_for(config)
        field.help_text = help_for(config)

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what somebody else has changed meanwhile."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        now = Configuracion.objects.filter(pk=self.instance.pk).values_list("valor", flat=True)
        current = now.first()
        if current is not None and cleaned.get("seen") != current:
            text = _(
                "Mientras usted tenía abierta esta página, otra persona cambió el valor a "
                "«%(value)s». No se guardó nada: vuelva a abrirla y decida."
            )
            self.add_error("valor", text % {"value": current})
        return cleaned


def help_for(config: Configuracion) -> str:
    """What may be typed, where the widget does not show it; and the default."""
    default = words_of(config.valor_default, config.tipo_dato, config.unidad)
    if type(config.rule) is Flag:
        return _("Por omisión: %(default)s.") % {"default": default}
    return _("Se admite %(allowed)s. Por omisión: %(default)s.") % {
        "allowed": allowed(config.rule, config.tipo_dato, config.unidad),
        "default": default,
    }


def widget_for(config: Configuracion) -> forms.Widget:
    """How the value is typed or chosen."""
    rule = config.rule
    if isinstance(rule, OneOf):
        return forms.Select(choices=[(choice, choice) for choice in rule.choices])
    if isinstance(rule, StaysOff) and not rule.is_free:
        return forms.RadioSelect(choices=[("false", _("No"))])
    if isinstance(rule, Flag):
        return forms.RadioSelect(choices=[("true", _("Sí")), ("false", _("No"))])
    if isinstance(rule, Range):
        return forms.NumberInput(
            attrs={"min": rule.least, "max": rule.most, "class": "vIntegerField", "required": True}
        )
    if config.tipo_dato == "json":
        return forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"})
    return forms.TextInput(attrs={"class": "vTextField"})
