"""What holds for every request before a view is chosen."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from authentication.api import errors
from authentication.api.exceptions import answer, refuse

MAX_BODY_BYTES = 64 * 1024

API_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
ADMIN_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class ApiGuard:
    """Check the host and the size of a body; keep answers out of caches, frames and scripts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = _refusal(request)
        response = answer(request, refusal) if refusal else self.get_response(request)
        if request.path_info.startswith("/auth/"):
            response.headers.setdefault("Cache-Control", "no-store")
        policy = ADMIN_POLICY if request.path_info.startswith("/admin/") else API_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal that was raised outside of DRF, as by the admin's sign-in."""
        return refuse(request, exception) if isinstance(exception, errors.CatalogueError) else None


def _refusal(request: HttpRequest) -> errors.CatalogueError | None:
    path = request.path_info
    if not path.startswith("/health/"):
        try:
            request.get_host()
        except DisallowedHost:
            return errors.BadRequest("This host is not served here.")
    if path.startswith("/auth/"):
        # Django reads a chunked body as an empty one.
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return errors.LengthRequired()
        if _content_length(request) > MAX_BODY_BYTES:
            return errors.TooLarge()
    return None


def _content_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return 0
    # Python refuses to read a number of thousands of digits; the first ones say enough.
    return int(length.lstrip("0")[:20] or "0")
