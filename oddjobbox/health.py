"""Whether this process answers, and whether its database does."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from authentication.core import errors
from authentication.core.handler import RETRY_SECONDS, answer

METHODS = ("GET", "HEAD")


@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200: the process is there."""
    if request.method not in METHODS:
        return _not_allowed(request)
    return JsonResponse({"status": "ok"})


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers a query, else 503."""
    if request.method not in METHODS:
        return _not_allowed(request)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return answer(request, errors.Unavailable(retry_after_seconds=RETRY_SECONDS))
    return JsonResponse({"status": "ok"})


def _not_allowed(request: HttpRequest) -> HttpResponse:
    response = answer(request, errors.MethodNotAllowed())
    response.headers["Allow"] = ", ".join(METHODS)
    return response
