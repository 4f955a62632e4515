"""Check the origin of a request that uses the refresh cookie."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from authentication.api.errors import OriginNotAllowed


def check_origin(request: HttpRequest | Request) -> None:
    """Let pass the server's own pages, the origins that CORS lists, and clients that are no browsers.

    A request with neither ``Sec-Fetch-Site`` nor ``Origin`` does not come from a browser. Raises
    OriginNotAllowed.
    """
    site, origin = request.META.get("HTTP_SEC_FETCH_SITE"), request.META.get("HTTP_ORIGIN")
    if site in ("same-origin", "none"):
        return
    if origin is None and site is None:
        return
    if origin is None or not (_is_own(origin, request) or _is_listed(origin)):
        raise OriginNotAllowed()


def _is_own(origin: str, request: HttpRequest | Request) -> bool:
    """Return whether it is the request's host; a proxy that ends TLS may hide the scheme."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == request.get_host().lower()


def _is_listed(origin: str) -> bool:
    # Sandboxed frames and local files of anybody have the origin "null".
    if origin.lower() == "null":
        return False
    patterns = settings.CORS_ALLOWED_ORIGIN_REGEXES
    return origin.lower() in settings.CORS_ALLOWED_ORIGINS or any(
        re.fullmatch(pattern, origin) for pattern in patterns
    )
