"""What may be measured: the site's own addresses, and functions of the allow-list."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from . import registry
from .domain.request import ALLOWED, Forbidden, module_and_name, path_of
from .refusals import bad

LAYERS = tuple(one.rpartition(".")[2] for one in ALLOWED)
LEAVES = frozenset({"logout"})
# Failed attempts would be rolled back with the rest, so nobody would ever be locked out.
ASKS_PASSWORD = frozenset({"login", "password_change"})
READS = frozenset({"GET", "HEAD", "OPTIONS"})
# How actions that delete are called; and the end of the boxes that delete rows below an object.
DELETES = ("delete", "erase", "remove", "purge")
DELETED_ROW = "-DELETE"
# What the admin and the API answer with where they have no page.
NOBODY = ("admin/(?P<url>.*)$", "api/")


def check_endpoint(endpoint: str, *, method: str = "GET", params: Mapping[str, Any]) -> None:
    """Refuse, as BadInput, whatever is no page of this site, logs out or deletes."""
    try:
        path_of(endpoint)
        match = resolve(arriving(endpoint))
        name = match.url_name or ""
        if name in LEAVES:
            raise Forbidden("logout")
        if name in ASKS_PASSWORD and method not in READS:
            raise Forbidden("password")
        if name.endswith("_delete") or (method == "POST" and deletes(params)):
            raise Forbidden("delete")
        if name == "" and match.route in NOBODY:
            raise Forbidden("unknown")
    except Resolver404:
        raise bad("endpoint", "unknown") from None
    except Forbidden as error:
        raise bad("endpoint", str(error)) from None


def arriving(endpoint: str) -> str:
    """The path as the site will see it: «%64elete» is «delete» by then."""
    return RequestFactory().generic("GET", endpoint).path_info


def deletes(params: Mapping[str, Any]) -> bool:
    """Whether the form asks a page of the admin to delete, however it was written down."""
    sent = QueryDict(urlencode(params, doseq=True))
    return any(one.startswith(DELETES) for one in sent.getlist("action")) or any(
        name.endswith(DELETED_ROW) for name in sent
    )


def check_function(function: str) -> None:
    """Refuse, as BadInput, whatever is not in the allow-list; imports nothing."""
    if registry.find(function) is not None:
        return
    try:
        module, name = module_and_name(function, modules=modules())
    except Forbidden as error:
        raise bad("function", str(error)) from None
    if name not in functions_in(module):
        raise bad("function", "missing")


def function_of(path: str) -> tuple[Callable[..., Any], Mapping[str, Any]]:
    """The function, and the arguments that it gets by default."""
    check_function(path)
    registered = registry.find(path)
    if registered is not None:
        return registered.function, registered.default()
    module, _dot, name = path.rpartition(".")
    function = getattr(import_module(module), name, None)
    # The decorator registers it while its module is imported.
    registered = registry.find(path)
    if not inspect.isroutine(function):
        raise bad("function", "missing")
    return function, registered.default() if registered else {}


# What there is to choose from


def modules() -> dict[str, Path]:
    """Dotted name → file of each module of the allow-list, found on the disk."""
    return {
        f"{config.name}.{layer}": file
        for config in apps.get_app_configs()
        if config.name.startswith("callcentersite.")
        for layer in LAYERS
        for file in files_of(Path(config.path), layer)
    }


def files_of(folder: Path, layer: str) -> Iterator[Path]:
    """The module as a file or as a package."""
    candidates = (folder / f"{layer}.py", folder / layer / "__init__.py")
    return (file for file in candidates if file.is_file())


def functions_in(module: str) -> tuple[str, ...]:
    """The public functions that the module itself defines, read from its text."""
    return defined(modules()[module])


@lru_cache(maxsize=128)
def defined(file: Path) -> tuple[str, ...]:
    """Top-level functions of a file without a leading underscore."""
    body = ast.parse(file.read_text()).body
    return tuple(
        one.name
        for one in body
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
    )


def every_function() -> list[str]:
    """For the form to suggest."""
    allowed = (f"{module}.{name}" for module in modules() for name in functions_in(module))
    return sorted({*allowed, *registry.paths()})


def every_endpoint() -> list[str]:
    """Addresses without parameters that may be measured, for the form to suggest."""
    return sorted({route for route in routes(get_resolver()) if is_offered(route)})


def is_offered(route: str) -> bool:
    """Whether the address as it stands would be measured."""
    try:
        check_endpoint(route, params={})
    except Exception:
        return False
    return True


def routes(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the site that is written without parameters."""
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if any(sign in route for sign in "<^$(\\"):
            continue
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)
