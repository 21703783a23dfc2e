"""Every address of the site, with the numbers of rows that are there."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, get_resolver
from django.utils.regex_helper import normalize

from callcentersite.apps.configuration.domain.catalog import categories
from opsconsole.models import JobArtifact, JobRun
from tests.house.operations_document import house_operations


def addresses() -> Iterator[str]:
    """As a person would type them; fails where a pattern asks for something unknown here."""
    for route, pattern in patterns(get_resolver()):
        template, names = simple(route)
        for values in values_for(pattern, names):
            yield "/" + template % values


def patterns(resolver, before=""):
    """Route → pattern, through every include."""
    for one in resolver.url_patterns:
        route = before + as_regex(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        else:
            yield from patterns(one, route)


def as_regex(pattern):
    return pattern.regex.pattern.removeprefix("^").removesuffix("\\Z").removesuffix("$")


def simple(route):
    """``admin/%(pk)s/`` and its names."""
    return normalize("^" + route)[0]


def values_for(pattern, names):
    """What to put in; a dict for each address."""
    if not names:
        return [{}]
    if names == ["app_label"]:
        return [{"app_label": label} for label in listed_apps()]
    if names == ["url"]:
        return [{"url": "no-existe/"}]
    if names == ["categoria"]:
        return [{"categoria": categoria} for categoria in categories()]
    if names == ["name"]:
        return [{"name": operation.name} for operation in house_operations()]
    if names == ["content_type_id", "object_id"]:
        return [{"content_type_id": 1, "object_id": 1}]
    if names == ["pk", "artifact"]:
        artifact = JobArtifact.objects.latest("pk")
        return [{"pk": artifact.run_id, "artifact": artifact.pk}]
    assert len(names) == 1, (pattern, names)
    return [{names[0]: key} for key in keys_for(pattern)]


def keys_for(pattern):
    """The rows of the model that the pattern is about; every run, for they differ."""
    model = model_of(pattern)
    rows = model._default_manager.order_by("pk")
    assert rows.exists(), f"tests/doors/world.py makes no {model._meta.label}"
    return [row.pk for row in (rows if model is JobRun else rows[:1])]


def model_of(pattern):
    """From the ModelAdmin whose view it is, or from the name's beginning; the API's are runs."""
    if pattern.name in ("run", "cancel", "retry"):
        return JobRun
    bound = getattr(getattr(pattern.callback, "model_admin", None), "model", None)
    if bound is not None:
        return bound
    found = re.match(r"([a-z_]+?)_([a-z]+)_", pattern.name or "")
    assert found, f"tests/doors/addresses.py knows no row for {pattern}"
    label, name = found.groups()
    label = "users" if label == "auth" and name == "user" else label
    return apps.get_model(label, name)


def listed_apps():
    return sorted({model._meta.app_label for model in admin.site._registry})
