"""Which language: the site's own, unless a person chose another on the page."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import override


def source_language() -> AbstractContextManager[None]:
    """Activate the site's language for the block: logs and titles are kept in it."""
    return override(settings.LANGUAGE_CODE)


class ChosenLanguageMiddleware:
    """The language of the cookie that Django's ``set_language`` view writes, else the site's.

    Unlike LocaleMiddleware it does not guess from the browser: the people here speak the site's
    language even where their browser was installed in another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with override(chosen_language(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response


def chosen_language(request: HttpRequest) -> str:
    """The cookie's language where the site has it."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
