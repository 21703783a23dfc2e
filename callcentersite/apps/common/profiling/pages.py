"""Silk's pages, for superusers: those about requests and their queries, and no others.

The pages of its Python profiler read any file that the address names, and the raw bodies would be
pages of this site; neither is recorded here. Their names stay, because silk's templates link them.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from silk import urls

OFFERED = frozenset(
    {"summary", "requests", "request_detail", "request_sql", "request_sql_detail", "cleardb"}
)
app_name = urls.app_name


def not_offered(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """In place of the other pages."""
    raise Http404


def offered(pattern: URLPattern) -> URLPattern:
    """The page itself, or its name alone."""
    if pattern.name in OFFERED:
        return pattern
    return URLPattern(pattern.pattern, not_offered, name=pattern.name)


urlpatterns = [offered(pattern) for pattern in urls.urlpatterns]
