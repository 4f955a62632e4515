"""Facts about a request: the client's address, its user agent, and where it comes from."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from authentication.core.errors import OriginNotAllowed

MAX_USER_AGENT_LENGTH = 256
# Some proxies, Azure's gateways among them, write the client's port as well, and IPv6 in brackets.
WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}|\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Client:
    """Who is asking: ``ip`` is a valid address or None, ``user_agent`` at most 256 characters."""

    ip: str | None = None
    user_agent: str = ""

    @property
    def network(self) -> str:
        """What counts as one address: an IPv4 address, or the /64 that a customer gets of IPv6."""
        if self.ip is None:
            return "unknown"
        address = ipaddress.ip_address(self.ip)
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))


def client_of(request: HttpRequest | Request) -> Client:
    """Return the client's address and user agent."""
    return Client(ip=_address(request), user_agent=_user_agent(request))


def check_origin(request: HttpRequest | Request) -> None:
    """Refuse a browser's request from a foreign site before it uses the refresh cookie.

    A request that says neither where it comes from is not a browser's. Raises OriginNotAllowed.
    """
    if request.META.get("HTTP_SEC_FETCH_SITE") in ("same-origin", "none"):
        return
    origin = request.META.get("HTTP_ORIGIN")
    if origin is None:
        if "HTTP_SEC_FETCH_SITE" not in request.META:
            return
    elif _is_own(origin, request) or _is_listed(origin):
        return
    raise OriginNotAllowed()


def _address(request: HttpRequest | Request) -> str | None:
    """Return the address that the outermost trusted proxy saw, or the peer's own."""
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if proxies and forwarded:
        hops = forwarded.split(",")
        address = _without_port(hops[-min(proxies, len(hops))].strip())
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    # PostgreSQL's inet has no zones.
    return None if getattr(parsed, "scope_id", None) else str(parsed)


def _without_port(hop: str) -> str:
    match = WITH_PORT.fullmatch(hop)
    return (match[1] or match[2]) if match else hop


def _user_agent(request: HttpRequest | Request) -> str:
    # A header is bytes: WSGI shows them as Latin-1 (PEP 3333), people's browsers mean UTF-8.
    header = request.META.get("HTTP_USER_AGENT", "")
    text = header.encode("latin-1", "replace").decode("utf-8", "replace")
    return "".join(filter(str.isprintable, text))[:MAX_USER_AGENT_LENGTH]


def _is_own(origin: str, request: HttpRequest | Request) -> bool:
    return _netloc(origin) == request.get_host().lower()


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_listed(origin: str) -> bool:
    patterns = settings.CORS_ALLOWED_ORIGIN_REGEXES
    return origin.lower() in settings.CORS_ALLOWED_ORIGINS or any(
        re.fullmatch(pattern, origin) for pattern in patterns
    )


def bearer_token(request: HttpRequest | Request) -> str | None:
    """Return the token of a header that is exactly ``Bearer <token>`` (RFC 6750 §2.1), or None."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        return None
    return str(token)
