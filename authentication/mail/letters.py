"""Letters: what a mail says, and which use case writes it.

A room registers what it writes under a name. What waits in the queue is that name with a few facts,
never a letter: keys are made and addresses looked up when the letter is sent, so a dump of the
queue opens nothing, and nobody can tell from a request whether there was anyone to write to.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from authentication.core import user_agents


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one address: the name of its templates, and what they are filled with."""

    to: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Writer = Callable[..., Letter | None]
_writers: dict[str, Writer] = {}


def writer(name: str) -> Callable[[Writer], Writer]:
    """Register the function that writes a letter from its facts, or None where nobody gets one."""

    def register(write: Writer) -> Writer:
        _writers[name] = write
        return write

    return register


def notice(to: str, template: str, *, at: str, ip: str | None, user_agent: str, **context: Any) -> Letter:
    """Return a letter that tells what was done: when, from where and by which device."""
    device = user_agents.readable(user_agent)
    return Letter(to, template, {**context, "at": datetime.fromisoformat(at), "ip": ip, "device": device})


def link(page: str, **parameters: str | int) -> str:
    """Return the address of a page of the frontend, what it needs to know behind the ``#``.

    A browser keeps that part to itself: it is in no server's log and in no Referer.
    """
    # A hyphen at the end would be taken for punctuation where a program finds the link in plain text.
    fragment = re.sub("-$", "%2D", urlencode(parameters))
    return f"{settings.FRONTEND_URL}/{page}#{fragment}"


def write(name: str, facts: Mapping[str, Any]) -> Letter | None:
    """Write the letter of this name."""
    return _writers[name](**facts)
