"""The parameters of an operation as a JSON schema; and JSON values that fit the form's fields.

The form stays the judge of what a value means; here it is only about what JSON it may come as, for
a form reads texts and would take the word "no" for a ticked box.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from opsconsole import Operation
from opsconsole.exceptions import BadInput
from opsconsole.params import initial, json_value

MOST_CHOICES = 200
FORMATS: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateTimeField, "date-time"),
    (forms.DateField, "date"),
    (forms.TimeField, "time"),
    (forms.EmailField, "email"),
    (forms.URLField, "uri"),
    (forms.UUIDField, "uuid"),
)
MANY = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


def schema_of(operation: Operation) -> dict[str, Any]:
    """What ``params`` may be."""
    fields = operation.Params.base_fields
    return {
        "type": "object",
        "properties": {
            name: described(field) | ({"writeOnly": True} if name in operation.sensitive else {})
            for name, field in fields.items()
        },
        "required": [name for name, field in fields.items() if must_be_given(field)],
        "additionalProperties": False,
    }


def must_be_given(field: forms.Field) -> bool:
    """Whether the field has no value of its own to start from."""
    return field.required and initial(field) in (None, "")


def described(field: forms.Field) -> dict[str, Any]:
    """One property: its type, and what people are told of it."""
    found = {"title": str(field.label or ""), "description": str(field.help_text)} | kind(field)
    start = json_value(initial(field))
    return found if start in (None, "") else found | {"default": start}


def kind(field: forms.Field) -> dict[str, Any]:
    """The type with its bounds."""
    if isinstance(field, MANY):
        return {"type": "array", "items": {"type": "string"} | choices(field)}
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.IntegerField):
        whole = type(field) is forms.IntegerField
        return {"type": "integer" if whole else "number"} | bounds(field)
    return {"type": "string"} | choices(field) | text_bounds(field)


def bounds(field: forms.IntegerField) -> dict[str, Any]:
    """The least and the greatest number."""
    found = {"minimum": field.min_value, "maximum": field.max_value}
    return {name: json_value(value) for name, value in found.items() if value is not None}


def text_bounds(field: forms.Field) -> dict[str, Any]:
    """The form of a text, and its length."""
    found = {
        "format": next((name for cls, name in FORMATS if isinstance(field, cls)), None),
        "maxLength": getattr(field, "max_length", None),
    }
    return {name: value for name, value in found.items() if value is not None}


def choices(field: forms.Field) -> dict[str, Any]:
    """The values to choose from; those of a table are too many, and change."""
    if isinstance(field, forms.ModelChoiceField) or not isinstance(field, forms.ChoiceField):
        return {}
    values: list[str] = []
    offered: Any = field.choices
    for value, label in offered:
        group = label if isinstance(label, (list, tuple)) else [(value, label)]
        values += [str(one) for one, _label in group]
    return {"enum": values} if len(values) <= MOST_CHOICES else {}


def require_types(operation: Operation, values: Mapping[str, Any]) -> None:
    """Raise BadInput for values of a JSON type that the field does not take."""
    fields = operation.Params.base_fields
    wrong = {
        name: [sentence]
        for name, value in values.items()
        if name in fields and (sentence := misfit(fields[name], value))
    }
    if wrong:
        raise BadInput(wrong)


def misfit(field: forms.Field, value: Any) -> str:
    """What the field wants instead; empty where the value will do."""
    if value is None:
        return ""
    if isinstance(field, MANY):
        plain = isinstance(value, list) and all(isinstance(one, (str, int)) for one in value)
        return "" if plain else _("Debe ser una lista de textos.")
    if isinstance(field, forms.BooleanField):
        return "" if isinstance(value, bool) else _("Debe ser true o false.")
    plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return "" if plain else _("Debe ser un texto o un número.")
