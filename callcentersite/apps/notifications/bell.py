"""The bell in the header: how many messages are unread, in a number and in words."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from opsconsole.polling import polled

from .selectors import MOST_COUNTED, unread_count
from .services import mailbox_is_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """``number`` is what is painted, ``words`` what is read aloud; ``off``: nothing comes in."""

    number: str
    words: str
    off: bool


def bell_of(user: Any) -> Bell:
    """One short query; whether the mailbox is off is told to those who can change it."""
    count = unread_count(user)
    off = not mailbox_is_on() and user.has_perm("configuration.change_configuracion")
    return Bell(number=number_of(count), words=words_of(count, off=off), off=off)


def number_of(count: int) -> str:
    """Nothing for none, ``7``, ``99+``."""
    if count > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(count) if count else ""


def words_of(count: int, *, off: bool) -> str:
    """The same for whoever does not see the number."""
    if count > MOST_COUNTED:
        text = _("Buzón: más de %(count)s mensajes sin leer") % {"count": MOST_COUNTED}
    elif count:
        text = ngettext(
            "Buzón: %(count)s mensaje sin leer", "Buzón: %(count)s mensajes sin leer", count
        ) % {"count": count}
    else:
        text = _("Buzón: nada sin leer")
    return _("%(text)s. El buzón está desactivado.") % {"text": text} if off else text


@polled
@require_safe
def bell_state(request: HttpRequest) -> HttpResponseBase:
    """What the page asks every few seconds; 304 while nothing changed."""
    response = JsonResponse(asdict(bell_of(request.user)))
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response
