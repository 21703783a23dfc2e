"""Text as it is stored ⇄ a value of its type; and whether the value makes sense."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from .rules import Rule

Value = int | float | bool | str | dict[str, Any] | list[Any] | None

TYPES = ("integer", "boolean", "string", "float", "json")
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
YES = frozenset({"true", "si", "sí", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})


class BadValue(ValueError):
    """A value that a setting may not have: which setting, which value, of which type and rule."""

    def __init__(self, clave: str, valor: object, *, tipo_dato: str, rule: Rule) -> None:
        super().__init__(f"{clave}: {valor!r} is not a {tipo_dato} that {rule} admits")
        self.clave = clave
        self.valor = valor
        self.tipo_dato = tipo_dato
        self.rule = rule


def typed(valor: str, tipo_dato: str) -> Value:
    """The stored text as a value of its type; ValueError where it is none."""
    text = valor.strip()
    if tipo_dato == "integer":
        if not INTEGER.fullmatch(text):
            raise ValueError(valor)
        return int(text)
    if tipo_dato == "boolean":
        return boolean(text)
    if tipo_dato == "float":
        return number(text)
    if tipo_dato == "json":
        return parsed(text)
    if tipo_dato == "string":
        return text_of(valor)
    raise ValueError(tipo_dato)


def boolean(text: str) -> bool:
    """Yes or no, in the words that people write."""
    word = text.casefold()
    if word not in YES | NO:
        raise ValueError(text)
    return word in YES


def number(text: str) -> float:
    """A finite number with a decimal point."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def parsed(text: str) -> Value:
    """JSON; a nesting too deep to read is as bad as a comma too many."""
    try:
        value: Value = json.loads(text)
    except RecursionError as error:
        raise ValueError(text) from error
    return value


def text_of(valor: str) -> str:
    """A text that every database can store."""
    if "\x00" in valor:
        raise ValueError(valor)
    return valor


def stored(value: Value, tipo_dato: str) -> str:
    """The one way in which a value is written."""
    if tipo_dato == "json":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def canonical(clave: str, valor: object, *, tipo_dato: str, rule: Rule) -> str:
    """What is stored for ``valor``, whatever it was given as; BadValue where it may not be.

    ``1800``, ``"1800"`` and ``" 1800 "`` are the same integer; ``True`` and ``"Sí"`` the same
    boolean.
    """
    text = valor if isinstance(valor, str) else stored(valor, tipo_dato)  # type: ignore[arg-type]
    try:
        value = rule.canonical(typed(text, tipo_dato))
    except (ValueError, OverflowError) as error:
        raise BadValue(clave, valor, tipo_dato=tipo_dato, rule=rule) from error
    if not rule.admits(value):
        raise BadValue(clave, valor, tipo_dato=tipo_dato, rule=rule)
    return stored(value, tipo_dato)
