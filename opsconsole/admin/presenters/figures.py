"""The numbers of a run's result, and the parameters it was given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from ...models import JobRun
from ...operations import Operation
from ...text import Text
from . import words


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView:
    """A number of the result."""

    title: Text
    value: str
    hint: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakdownView:
    """A figure that is itself a table: reasons and their counts, say."""

    title: Text
    rows: tuple[tuple[str, str], ...]


def figures_of(run: JobRun, operation: Operation | None) -> list[FigureView]:
    """The declared figures in their order; for a gone operation every number by its key."""
    result = run.result or {}
    return [
        FigureView(title=title, value=words.number(result[key]), hint=hint)
        for key, title, hint in declared(result, operation)
        if not isinstance(result[key], (dict, list))
    ]


def breakdowns_of(run: JobRun, operation: Operation | None) -> list[BreakdownView]:
    """The tables inside the result."""
    result = run.result or {}
    return [
        BreakdownView(
            title=title,
            rows=tuple((str(name), words.number(value)) for name, value in result[key].items()),
        )
        for key, title, _hint in declared(result, operation)
        if isinstance(result[key], dict) and result[key]
    ]


def declared(
    result: dict[str, Any], operation: Operation | None
) -> Iterator[tuple[str, Text, Text]]:
    """Key, title and hint of what the page shows of the result."""
    if operation is None or not operation.figures:
        yield from ((key, key, "") for key in result)
        return
    for figure in operation.figures:
        if figure.key in result:
            yield figure.key, figure.title, figure.hint


def raw_result(run: JobRun) -> str:
    """The result as it was written, for the folded part."""
    return json.dumps(run.result, indent=2, ensure_ascii=False) if run.result else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamView:
    """A parameter under its label."""

    label: Text
    value: str


def params_of(params: dict[str, Any], operation: Operation | None) -> list[ParamView]:
    """The parameters as the form would name them."""
    fields = operation.Params.base_fields if operation else {}
    return [
        ParamView(
            label=getattr(fields.get(name), "label", None) or name.replace("_", " ").capitalize(),
            value=param_value(fields.get(name), value),
        )
        for name, value in params.items()
    ]


def param_value(field: forms.Field | None, value: Any) -> str:
    """A value in words: choices by their label, nothing as a dash."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, bool):
        return words.number(value)
    values = value if isinstance(value, list) else [value]
    if isinstance(field, forms.ChoiceField):
        labels = flat_choices(field)
        values = [labels.get(str(item), item) for item in values]
    return ", ".join(words.number(item) for item in values)


def flat_choices(field: forms.ChoiceField) -> dict[str, object]:
    """Value → label, groups opened."""
    labels: dict[str, object] = {}
    choices: Any = field.choices
    for value, label in choices:
        options = label if isinstance(label, (list, tuple)) else [(value, label)]
        labels |= {str(key): text for key, text in options}
    return labels
