"""Origins as browsers send them, and patterns for the subdomains of a domain."""

import re

import idna

# A scheme, a host and perhaps a port (RFC 6454 §7), in ASCII: without a user, a path or a query.
ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([a-z0-9_.-]*[a-z0-9_-]\.?|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
# A domain of two labels or more that is no address.
DOMAIN = re.compile(r"([a-z0-9_-]+\.)+[a-z0-9_-]*[a-z_-][a-z0-9_-]*")
ANY_SUBDOMAIN = "*."
# Browsers leave these out.
USUAL_PORTS = {"http": 80, "https": 443}


def parse(text: str) -> str:
    """Return an origin in the form that browsers send; ``*`` may be its leftmost label.

    Raises ValueError for everything else, such as ``*``, ``null``, ``https://*.com`` and port 0.
    """
    scheme, separator, rest = text.strip().lower().removesuffix("/").partition("://")
    is_pattern = rest.startswith(ANY_SUBDOMAIN)
    host = _ascii(rest.removeprefix(ANY_SUBDOMAIN))
    match = ORIGIN.fullmatch(f"{scheme}{separator}{host}")
    if match is None or (is_pattern and not DOMAIN.fullmatch(match[2])):
        raise ValueError(text)
    return f"{scheme}://{ANY_SUBDOMAIN if is_pattern else ''}{match[2]}{_port(scheme, match[3])}"


def is_pattern(origin: str) -> bool:
    return f"://{ANY_SUBDOMAIN}" in origin


def regex(pattern: str) -> str:
    """Return a regular expression for the origins of all subdomains that a parsed pattern names."""
    scheme, domain = pattern.split(f"://{ANY_SUBDOMAIN}")
    return rf"^{re.escape(scheme)}://([a-z0-9_-]+\.)+{re.escape(domain)}\Z"


def _ascii(host: str) -> str:
    """Return an international host in ASCII, as browsers do (UTS 46). Raises ValueError."""
    if host.isascii():
        return host
    name, colon, port = host.partition(":")
    # IDNAError is a UnicodeError, which is a ValueError.
    return idna.encode(name, uts46=True, transitional=False).decode() + colon + port


def _port(scheme: str, digits: str | None) -> str:
    if digits is None:
        return ""
    port = int(digits)
    if not 1 <= port <= 65535:
        raise ValueError(digits)
    return "" if port == USUAL_PORTS.get(scheme) else f":{port}"
