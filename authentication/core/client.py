"""Facts about a request: the client's address, its user agent, and where it comes from."""

import ipaddress
import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

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


# The first that fits: nearly every browser also claims to be those that came before it.
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
    """Return such as ``Firefox on Windows``; for a header that says neither, ``Unknown device``.

    Anyone can send any header, so this is a help for the memory and no proof.
    """
    known = [_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)]
    return " on ".join(filter(None, known)) or "Unknown device"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
