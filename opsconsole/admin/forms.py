"""The Params form of an operation, dressed for the admin."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.contrib.admin.helpers import AdminForm

from .. import params as parameters
from ..operations import Operation

# Names the fields that a selection has filled in; they travel hidden.
FIXED = "_seleccion"


def params_form(
    operation: Operation,
    *,
    data: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
    hidden: Collection[str] = (),
) -> forms.Form:
    """The operation's form; ``hidden`` fields are carried along without being shown."""
    form = operation.Params(data, initial=dict(initial or {}))
    for name, field in form.fields.items():
        if name in hidden:
            field.widget = field.hidden_widget()
            continue
        if name in operation.sensitive:
            conceal(field)
        use_picker(field)
        for attribute, value in hints(operation, name, field).items():
            field.widget.attrs[attribute] = value
    return form


def conceal(field: forms.Field) -> None:
    """A secret is typed behind dots, and never written back into a page."""
    if isinstance(field.widget, forms.TextInput):
        field.widget = forms.PasswordInput(attrs={**field.widget.attrs, "autocomplete": "off"})


def use_picker(field: forms.Field) -> None:
    """Let the browser help with plain dates; its values are ISO, which the fields read.

    A field of a class of its own reads more than that, so it keeps its box.
    """
    widget = field.widget
    if type(field) is forms.DateTimeField and isinstance(widget, forms.DateTimeInput):
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif type(field) is forms.DateField and isinstance(widget, forms.DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif isinstance(widget, forms.TextInput) and not isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("class", "vTextField")


def hints(operation: Operation, name: str, field: forms.Field) -> dict[str, str]:
    """What the script needs to keep the command line in step: option, default, secrecy."""
    default = parameters.initial(field)
    found = {
        "data-option": parameters.option(name),
        "data-default": "" if default in (None, False) else str(default),
    }
    return found | ({"data-secret": "1"} if name in operation.sensitive else {})


def admin_form(form: forms.Form) -> AdminForm:
    """The visible fields, for the admin's own fieldset template."""
    visible = [field.name for field in form.visible_fields()]
    return AdminForm(form, [(None, {"fields": visible})], {})  # type: ignore[arg-type]


def current_values(form: forms.Form) -> dict[str, Any]:
    """What the form holds at the moment, cleaned or not, for the command line."""
    if form.is_bound and form.is_valid():
        return parameters.to_json(form.cleaned_data)
    return {field.name: field.value() for field in form}
