"""Health checks: whether this process responds, and whether its database does."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from authentication.api import errors
from authentication.api.exceptions import API_POLICY, RETRY_SECONDS, error_response
from authentication.middleware import serve_any_host

METHODS = ("GET", "HEAD")

View = Callable[[HttpRequest], HttpResponse]


def read_only(view: View) -> View:
    """Allow GET and HEAD only; Django's CSRF check would refuse other methods first, in HTML."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        response = view(request) if request.method in METHODS else _not_allowed(request)
        response.headers.setdefault("Content-Security-Policy", API_POLICY)
        return response

    public: View = csrf_exempt(login_not_required(guarded))
    return public


@serve_any_host
@read_only
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """Return 200: the process responds."""
    return JsonResponse({"status": "ok"})


@serve_any_host
@read_only
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Return 200 if the database answers a query, otherwise 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return error_response(request, errors.Unavailable(retry_after_seconds=RETRY_SECONDS))
    return JsonResponse({"status": "ok"})


def _not_allowed(request: HttpRequest) -> HttpResponse:
    response = error_response(request, errors.MethodNotAllowed())
    response.headers["Allow"] = ", ".join(METHODS)
    return response
