"""The fields of the ETL's form; their values stay text, so that they travel as JSON."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .domain.request import MOST_CALL_IDS, call_ids, moment


class MomentField(forms.CharField):
    """A date or a time of the site, as somebody types it."""

    widget = forms.TextInput(attrs={"placeholder": "AAAA-MM-DD [HH:MM]", "autocomplete": "off"})

    def clean(self, value: object) -> str:
        text = str(super().clean(value))
        try:
            if text:
                moment(text)
        except (ValueError, OverflowError):
            raise ValidationError(
                _("«%(text)s» no es una fecha que exista. Escriba AAAA-MM-DD o AAAA-MM-DD HH:MM.")
                % {"text": text[:40]}
            ) from None
        return text


class CallIdsField(forms.CharField):
    """Keys of calls, separated by commas; a list of them will do as well."""

    def to_python(self, value: object) -> str:
        if isinstance(value, list | tuple):
            return ",".join(str(part) for part in value)
        return super().to_python(value) or ""

    def clean(self, value: object) -> str:
        text = str(super().clean(value))
        try:
            keys = call_ids(text)
        except ValueError:
            raise ValidationError(
                _("Escriba números de llamada separados por comas, por ejemplo 1001,1002.")
            ) from None
        if len(keys) > MOST_CALL_IDS:
            raise ValidationError(
                _("%(count)s llamadas; el máximo es %(most)s.")
                % {"count": len(keys), "most": MOST_CALL_IDS}
            )
        return ",".join(str(key) for key in keys)
