"""The client of a request: its address and its user agent."""

import ipaddress
import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

MAX_USER_AGENT_LENGTH = 256
# Some proxies, such as Azure's gateways, add the client's port and write IPv6 in brackets.
WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}|\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Client:
    """A client: ``ip`` is a valid address or None, ``user_agent`` has at most 256 characters."""

    ip: str | None = None
    user_agent: str = ""

    @property
    def network(self) -> str:
        """The network that limits count: an IPv4 address, or the /64 of IPv6 that a customer gets."""
        if self.ip is None:
            return "unknown"
        address = _parse(self.ip)
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        return str(ipaddress.ip_network((address, 64), strict=False))


def client_of(request: HttpRequest | Request) -> Client:
    """Return the client's address and user agent."""
    return Client(ip=_address(request), user_agent=_user_agent(request))


def _address(request: HttpRequest | Request) -> str | None:
    """Return the address that the outermost trusted proxy saw, or the peer's own."""
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if proxies and forwarded:
        hops = forwarded.split(",")
        address = _without_port(hops[-min(proxies, len(hops))].strip())
    try:
        parsed = _parse(address)
    except ValueError:
        return None
    # PostgreSQL's inet has no zones.
    return None if getattr(parsed, "scope_id", None) else str(parsed)


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the address; a socket for both protocols shows an IPv4 client as ``::ffff:192.0.2.10``."""
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    return mapped if mapped and not parsed.scope_id else parsed  # type: ignore[union-attr]


def _without_port(hop: str) -> str:
    match = WITH_PORT.fullmatch(hop)
    return (match[1] or match[2]) if match else hop


def _user_agent(request: HttpRequest | Request) -> str:
    # WSGI decodes the bytes of a header as Latin-1 (PEP 3333); browsers send UTF-8.
    header = request.META.get("HTTP_USER_AGENT", "")
    text = header.encode("latin-1", "replace").decode("utf-8", "replace")
    return "".join(filter(str.isprintable, text))[:MAX_USER_AGENT_LENGTH]


# The first match counts, because nearly every browser also names the browsers before it.
BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Vivaldi/", "Vivaldi"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Version/\S+ .*Safari/", "Safari"),
    (r"PostmanRuntime/", "Postman"),
    (r"curl/", "curl"),
    (r"^python-|^Python", "a Python program"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Macintosh|Mac OS X", "Mac"),
    (r"Linux|X11", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Return a name such as ``Firefox on Windows``, or ``Unknown device``.

    It helps the user recognize the device and proves nothing, because a client can send any header.
    """
    known = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return " on ".join(filter(None, known)) or "Unknown device"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
