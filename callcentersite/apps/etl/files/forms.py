"""The fields of an import: what is which column, in which zone, and the file itself."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.common.interchange.limits import RUN, UnreadableFile, too_many_bytes

from ..domain.files.headings import COLUMNS
from .choosing import titles
from .formats import ENDINGS, format_of

OTHER_ZONES = (
    "UTC",
    "America/Cancun",
    "America/Chihuahua",
    "America/Hermosillo",
    "America/Mazatlan",
    "America/Mexico_City",
    "America/Monterrey",
    "America/Tijuana",
)


def zones() -> list[tuple[str, str]]:
    """The site's own first, then those of the country and UTC."""
    here = settings.TIME_ZONE
    others = [zone for zone in OTHER_ZONES if zone != here]
    return [(here, _("%(zone)s (la del sitio)") % {"zone": here}), *((z, z) for z in others)]


class LayoutField(forms.CharField):
    """Column → heading, as JSON or as ``call_id=Llamada, started_at=Inicio``; cleans to JSON."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        if not text:
            return ""
        pairs = pairs_of(text)
        names = [name for name, _heading in pairs]
        unknown = sorted({*names} - {*COLUMNS})
        if unknown:
            raise ValidationError(
                _("No hay columnas llamadas %(names)s. Las que hay: %(known)s.")
                % {"names": ", ".join(unknown), "known": ", ".join(COLUMNS)}
            )
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValidationError(
                _("Dos encabezados para una columna: %(names)s.") % {"names": ", ".join(twice)}
            )
        return json.dumps(dict(pairs), ensure_ascii=False, sort_keys=True)


def pairs_of(text: str) -> list[tuple[str, str]]:
    """The pairs that the text says, in its order."""
    try:
        said = json.loads(text, object_pairs_hook=list)
    except ValueError:
        said = [[side.strip() for side in one.split("=", 1)] for one in text.split(",")]
    if not isinstance(said, list) or not all(is_pair(one) for one in said):
        raise ValidationError(_("Se escribe columna=encabezado, separado por comas."))
    return [(name, heading) for name, heading in said]


def is_pair(said: Any) -> bool:
    """Whether it is a column and a heading."""
    return (
        isinstance(said, (list, tuple))
        and len(said) == 2
        and all(isinstance(side, str) and side for side in said)
    )


class FileForm(forms.Form):
    """The first page: a file and its zone."""

    file = forms.FileField(
        label=gettext_lazy("Archivo"),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        help_text=gettext_lazy("CSV en UTF-8, XLSX o Parquet; la primera fila, de encabezados."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Zona horaria"),
        choices=zones,
        help_text=gettext_lazy(
            "De las horas que no traen su desplazamiento. «2026-10-05T09:00:00-06:00» lo trae."
        ),
    )

    def clean_file(self) -> Any:
        """Refuse by weight and by name before anything is read."""
        file = self.cleaned_data["file"]
        try:
            if file.size > RUN.bytes:
                raise too_many_bytes(RUN.megabytes)
            format_of(file.name)
        except UnreadableFile as error:
            raise forms.ValidationError(str(error)) from None
        return file


class ColumnsForm(forms.Form):
    """The second page: a choice of headings for each column."""

    zone = forms.ChoiceField(label=gettext_lazy("Zona horaria"), choices=zones)

    def __init__(self, *args: Any, headings: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("no está en el archivo")), *((name, name) for name in headings)]
        for column, title in titles().items():
            self.fields[column] = forms.ChoiceField(label=title, choices=choices, required=False)

    def chosen(self) -> dict[str, str]:
        """Column → heading, of those that were chosen."""
        return {name: self.cleaned_data[name] for name in COLUMNS if self.cleaned_data.get(name)}
