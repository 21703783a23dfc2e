"""One Django form, read three ways: HTML (Django's own), argparse, JSON."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.management import get_commands
from django.db.models import Model, QuerySet
from django.utils.duration import duration_string
from django.utils.translation import gettext as _

from .exceptions import BadInput
from .masking import MASK
from .operations import Operation


def option(name: str) -> str:
    """``batch_size`` → ``--batch-size``."""
    return "--" + name.replace("_", "-")


def add_arguments(parser: argparse.ArgumentParser, form_class: type[forms.Form]) -> None:
    """Give the parser one option per field; values stay text, for the form to judge."""
    for name, field in form_class.base_fields.items():
        help_text = explained(field).replace("%", "%%")
        if isinstance(field, forms.BooleanField):
            # What is on by itself needs a way to be switched off: --no-name.
            action = argparse.BooleanOptionalAction if initial(field) else "store_true"
            parser.add_argument(
                option(name), dest=name, action=action, default=None, help=help_text
            )
        elif isinstance(field, forms.MultipleChoiceField):
            parser.add_argument(option(name), dest=name, nargs="+", default=None, help=help_text)
        else:
            parser.add_argument(
                option(name), dest=name, default=None, metavar=metavar(field), help=help_text
            )


def explained(field: forms.Field) -> str:
    """The help text, with the value that an absent option has."""
    start = initial(field)
    if start in (None, "", False) or isinstance(field, forms.BooleanField):
        return str(field.help_text)
    return _("%(text)s (por omisión: %(value)s)") % {"text": field.help_text, "value": start}


def metavar(field: forms.Field) -> str:
    """What the help shows in place of the value."""
    for kind, text in (
        (forms.IntegerField, "N"),
        (forms.DateTimeField, _("FECHA")),
        (forms.DateField, _("FECHA")),
        (forms.ChoiceField, _("OPCION")),
    ):
        if isinstance(field, kind):
            return text
    return _("VALOR")


def given(form_class: type[forms.Form], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that somebody gave, without what argparse adds of its own."""
    return {n: options[n] for n in form_class.base_fields if options.get(n) is not None}


def clean(form_class: type[forms.Form], values: Mapping[str, Any]) -> dict[str, Any]:
    """Clean ``values``, absent ones being the field's initial; raise BadInput with all errors."""
    unknown = sorted(set(values) - set(form_class.base_fields))
    if unknown:
        raise BadInput(
            {name: [_("Opción desconocida.")] for name in unknown},
            remedy=_("Opciones disponibles: %(names)s")
            % {"names": ", ".join(map(option, form_class.base_fields)) or "–"},
        )
    masked = [name for name, value in values.items() if value == MASK]
    if masked:
        raise BadInput(
            {name: [_("No se guarda: indíquelo de nuevo.")] for name in masked},
            remedy=_("Lance la operación desde su página."),
        )
    form = form_class(complete(form_class, values))
    if not form.is_valid():
        raise BadInput({name: [str(e) for e in errors] for name, errors in form.errors.items()})
    return form.cleaned_data


def complete(form_class: type[forms.Form], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with each absent field's initial put in; None is a value: left empty."""
    return {
        name: values[name] if name in values else initial(field)
        for name, field in form_class.base_fields.items()
    }


def initial(field: forms.Field) -> Any:
    """The field's own starting value, computed where it is a callable."""
    value = field.initial
    return value() if callable(value) else value


def to_json(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned values as JSON that the same form cleans to the same values again."""
    return {name: json_value(value) for name, value in cleaned.items()}


def json_value(value: Any) -> Any:
    """One value as JSON."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, Model):
        return json_value(value.pk)
    if isinstance(value, (list, tuple, set, frozenset, QuerySet)):
        return [json_value(item) for item in value]
    return value


def command_line(operation: Operation, values: Mapping[str, Any]) -> str:
    """The terminal's way to say the same, to copy."""
    begins, values = operation.typed(values)
    words = ["python", "manage.py", *(begins or command_words(operation.name))]
    for name, field in operation.Params.base_fields.items():
        value = values.get(name, initial(field))
        if name in operation.sensitive and value:
            value = MASK
        start = initial(field)
        if str(value) == str(start) or (is_empty(value) and is_empty(start)):
            continue
        words += option_words(name, value)
    return shlex.join(words).replace(f"'{MASK}'", MASK)


def is_empty(value: Any) -> bool:
    """Whether somebody left it out; a zero is a number."""
    return value is None or value is False or value in ("", [])


def command_words(name: str) -> list[str]:
    """A command of its own where there is one, else through ``console run``."""
    return [name] if name in get_commands() else ["console", "run", name]


def option_words(name: str, value: Any) -> list[str]:
    """``--name value``; a flag has no value, and ``=`` keeps a leading dash from being one."""
    if value is True:
        return [option(name)]
    if value is False:
        return [option(f"no_{name}")]
    if isinstance(value, (list, tuple)):
        return [option(name), *map(str, value)]
    text = "" if value is None else str(value)
    return [f"{option(name)}={text}"] if text.startswith("-") else [option(name), text]
