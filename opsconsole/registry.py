"""Name → operation, found by importing ``<app>.operations`` of every installed app."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TypeVar

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from .exceptions import InvalidOperation, UnknownOperation
from .operations import Operation

_operations: dict[str, Operation] = {}
T = TypeVar("T", bound=type[Operation])


def register(cls: T) -> T:
    """Make the operation known; refuse a second one of the same name."""
    known = _operations.get(cls.name)
    if known is not None and type(known) is not cls:
        raise InvalidOperation(
            f"{cls.__module__}.{cls.__qualname__}: {cls.name!r} is taken by "
            f"{type(known).__module__}.{type(known).__qualname__}."
        )
    _operations[cls.name] = cls()
    return cls


def unregister(name: str) -> None:
    """Forget an operation, as if its code had been removed."""
    _operations.pop(name, None)


def get(name: str) -> Operation:
    """Return the operation; raise UnknownOperation with the names there are."""
    try:
        return _operations[name]
    except KeyError:
        raise UnknownOperation(
            _("No existe la operación «%(name)s».") % {"name": name},
            cause=_("Su código no está instalado o el nombre está mal escrito."),
            remedy=_("Operaciones disponibles: %(names)s")
            % {"names": ", ".join(sorted(_operations)) or "–"},
        ) from None


def find(name: str) -> Operation | None:
    """Return the operation, or None where its code is gone."""
    return _operations.get(name)


def everything() -> list[Operation]:
    """All operations, in the order of their names."""
    return [_operations[name] for name in sorted(_operations)]


def autodiscover() -> None:
    """Import every module below ``<app>/operations/`` and register what it declares."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.operations") and config.name != "opsconsole":
            for module in modules_below(f"{config.name}.operations"):
                register_from(module)


def modules_below(package_name: str) -> Iterator[ModuleType]:
    """The package itself and each module in it."""
    package = import_module(package_name)
    yield package
    for info in pkgutil.iter_modules(getattr(package, "__path__", [])):
        yield import_module(f"{package_name}.{info.name}")


def register_from(module: ModuleType) -> None:
    """Register the operations that the module itself defines."""
    for value in list(vars(module).values()):
        if (
            isinstance(value, type)
            and issubclass(value, Operation)
            and value.__module__ == module.__name__
        ):
            register(value)
