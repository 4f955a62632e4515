"""The device marker on its way: in a cookie that no script can read, or in ``X-Device``."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from authentication.sessions import cookies
from authentication.tokens import devices
from authentication.tokens.devices import Device

NAME = "__Host-oddjobbox_device"
DEVELOPMENT_NAME = "oddjobbox_device"
MAX_AGE_SECONDS = 365 * 24 * 3600


def read(request: HttpRequest | Request) -> Device | None:
    """Return the device that the request names, by the header or else by the cookie."""
    marker = request.META.get("HTTP_X_DEVICE") or request.COOKIES.get(_name(request))
    return devices.verify(marker) if marker else None


def known(request: HttpRequest | Request, user_id: int) -> str:
    """Return the marker of the request's device after this user has signed in from it."""
    return devices.issue((read(request) or devices.new()).with_user(user_id))


def store(response: HttpResponseBase, request: HttpRequest | Request, marker: str) -> None:
    """Set the cookie to a marker, for a year."""
    cookies.set_cookie(response, request, _name(request), marker, MAX_AGE_SECONDS)


def _name(request: HttpRequest | Request) -> str:
    return NAME if cookies.is_secure(request) else DEVELOPMENT_NAME
