"""Whether this process answers, and whether its database does."""

from collections.abc import Callable
from functools import wraps

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from authentication.api import errors
from authentication.api.exceptions import RETRY_SECONDS, answer

METHODS = ("GET", "HEAD")

View = Callable[[HttpRequest], HttpResponse]


def read_only(view: View) -> View:
    """Refuse every method but GET and HEAD in JSON; Django's CSRF check would do it first, in HTML."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method in METHODS else _not_allowed(request)

    exempt: View = csrf_exempt(guarded)
    return exempt


@read_only
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Answer 200: the process is there."""
    return JsonResponse({"status": "ok"})


@read_only
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers a query, else 503."""
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
