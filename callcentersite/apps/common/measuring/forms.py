"""What is asked of somebody who wants to measure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from opsconsole.exceptions import BadInput

from .domain.request import METHODS, Forbidden, fraction, params_of
from .formats import FORMATS
from .outputs import plain_name
from .refusals import sentence
from .targets import check_endpoint, check_function, every_endpoint, every_function

MOST_ITERATIONS = 1_000
LONGEST_SECONDS = 1_800


class Suggesting(forms.TextInput):
    """A box that suggests as one types: a datalist, which needs no script."""

    def __init__(self, suggestions: Callable[[], list[str]]) -> None:
        super().__init__(attrs={"class": "vLargeTextField", "autocomplete": "off"})
        self.suggestions = suggestions

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box, and its list."""
        box = super().render(name, value, {**(attrs or {}), "list": f"{name}-options"}, renderer)
        context = {"box": box, "id": f"{name}-options", "options": self.suggestions()}
        return render_to_string("admin/profiles/suggesting.html", context)


class ProfileForm(forms.Form):
    """An endpoint or a function, and how to measure it."""

    endpoint = forms.CharField(
        label=_("Endpoint"),
        required=False,
        max_length=2_000,
        widget=Suggesting(every_endpoint),
        help_text=_("URL del endpoint a profilear: una página de este sitio, desde «/»."),
    )
    method = forms.ChoiceField(
        label=_("Método"),
        initial="GET",
        required=False,
        choices=[(one, one) for one in METHODS],
        help_text=_("Método HTTP con que se pide el endpoint."),
    )
    function = forms.CharField(
        label=_("Función"),
        required=False,
        max_length=300,
        widget=Suggesting(every_function),
        help_text=_("Función Python a profilear, por su ruta con puntos."),
    )
    params = forms.CharField(
        label=_("Parámetros"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text=_(
            "Parámetros JSON: un objeto. Van en la dirección (GET), en el cuerpo (POST) o como "
            "argumentos de la función."
        ),
    )
    iterations = forms.IntegerField(
        label=_("Iteraciones"),
        initial=10,
        min_value=1,
        max_value=MOST_ITERATIONS,
        help_text=_(
            "Número de ejecuciones que se miden. En total se ejecuta tres veces ese número, y dos "
            "más: se cronometra, se muestrea y se cuenta por separado."
        ),
    )
    output = forms.CharField(
        label=_("Archivo de salida"),
        required=False,
        max_length=200,
        help_text=_(
            "Archivo nuevo en la carpeta actual de la terminal; sin él, la salida estándar. En la "
            "página todos los formatos quedan como archivos de la corrida."
        ),
    )
    format = forms.ChoiceField(
        label=_("Formato"),
        initial="text",
        required=False,
        choices=[(one, one) for one in FORMATS],
        help_text=_("Formato del informe en la terminal o en el archivo de salida."),
    )
    user = forms.CharField(
        label=_("Como la cuenta"),
        required=False,
        max_length=150,
        help_text=_(
            "Cuenta con la que se pide el endpoint; sin ella, la de quien mide. La de otra persona "
            "requiere permiso."
        ),
    )
    against = forms.IntegerField(
        label=_("Comparar con la corrida"),
        required=False,
        min_value=1,
        help_text=_("Número de una medición anterior de lo mismo."),
    )
    fail_over = forms.CharField(
        label=_("Fallar si tarda más de"),
        required=False,
        initial="20%",
        max_length=10,
        help_text=_(
            "Con --against: si la mediana empeora más que este porcentaje, termina con código 5."
        ),
    )
    time_limit = forms.IntegerField(
        label=_("Plazo"),
        initial=300,
        min_value=1,
        max_value=LONGEST_SECONDS,
        help_text=_("Segundos para toda la medición; después se detiene donde esté."),
    )
    reason = forms.CharField(
        label=_("Motivo"),
        required=False,
        max_length=300,
        help_text=_("Para qué se mide; en producción es obligatorio."),
    )

    def clean_params(self) -> str:
        """The text, once it is known to be an object that is neither long nor deep."""
        text = str(self.cleaned_data["params"])
        params_of_text(text)
        return text

    def clean_output(self) -> str:
        """A name; the terminal's folder is looked at when there is one."""
        output = str(self.cleaned_data["output"])
        if output and not plain_name(output):
            raise ValidationError(_("Indique un nombre de archivo, sin carpetas."))
        return output

    def clean_fail_over(self) -> str:
        """A percentage."""
        text = str(self.cleaned_data["fail_over"]) or "20%"
        try:
            fraction(text)
        except Forbidden as error:
            raise ValidationError(sentence(str(error))) from error
        return text

    def clean_reason(self) -> str:
        """In production somebody has to say why."""
        reason = str(self.cleaned_data["reason"]).strip()
        if settings.PROFILING_NEEDS_REASON and not reason:
            raise ValidationError(_("En producción se indica el motivo."))
        return reason

    def clean(self) -> dict[str, Any]:
        """Exactly one target, and one that may be measured."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["method"] = cleaned.get("method") or "GET"
        cleaned["format"] = cleaned.get("format") or "text"
        endpoint, function = cleaned.get("endpoint", ""), cleaned.get("function", "")
        if bool(endpoint) == bool(function):
            text = _("Indique un endpoint o una función, y solo uno de los dos.")
            self.add_error(None, text)
        elif not self.errors:
            self._check(cleaned)
        return cleaned

    def _check(self, cleaned: dict[str, Any]) -> None:
        try:
            if cleaned["endpoint"]:
                params = params_of(str(cleaned["params"]))
                check_endpoint(cleaned["endpoint"], method=cleaned["method"], params=params)
            else:
                check_function(cleaned["function"])
        except BadInput as error:
            for name, texts in error.errors.items():
                self.add_error(name, texts)


def params_of_text(text: str) -> dict[str, Any]:
    """The object in the text; raises ValidationError."""
    try:
        return params_of(text)
    except Forbidden as error:
        raise ValidationError(sentence(str(error))) from error
