"""What a word in the search box means, in conditions that have an index."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.db.models import Q

from .. import registry

MOST_PEOPLE = 50


def meaning(term: str) -> Q:
    """A run's number, an operation's name or title, or a person's name."""
    words = term.strip().lstrip("#")
    if words.isdecimal() and len(words) < 19:
        return Q(pk=int(words))
    return Q(operation__in=[*operations_like(words), words]) | Q(
        requested_by__in=[*people_like(words), words]
    )


def operations_like(words: str) -> list[str]:
    """The operations whose name or title holds the words: in memory."""
    wanted = words.casefold()
    return [
        operation.name
        for operation in registry.everything()
        if wanted in operation.name or wanted in str(operation.title).casefold()
    ]


def people_like(words: str) -> list[str]:
    """Accounts whose name holds the words: there are few accounts, and many runs."""
    model = get_user_model()
    field = model.USERNAME_FIELD
    found = model._default_manager.filter(**{f"{field}__icontains": words})
    return list(found.values_list(field, flat=True)[:MOST_PEOPLE])
