"""The endpoints of the app, as ``authentication.urls`` routes them."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import URLPattern

from authentication.urls import urlpatterns


class Route(NamedTuple):
    """A method of a path; the path is written as in the OpenAPI document."""

    method: str
    path: str
    callback: Callable[..., Any]


def routes(*, trailing_slash: bool = False) -> list[Route]:
    """Return every method and path, in the form with or without a trailing slash."""
    found = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        path = "/auth/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern).strip("^$"))
        if path.endswith("/") is trailing_slash:
            callback: Any = pattern.callback
            found += [Route(method, path, callback) for method in _methods(callback)]
    return found


def _methods(callback: Any) -> list[str]:
    names: list[str] = list(getattr(callback, "actions", ())) or [
        name for name in callback.cls.http_method_names if hasattr(callback.cls, name)
    ]
    return [name for name in names if name not in ("head", "options")]
