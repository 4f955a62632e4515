"""Django's middleware for pages with a session, run under /admin/ only.

An API request needs none of them and would pay for each. A project that adds pages of its own
with Django's sessions names the originals in ``MIDDLEWARE`` instead.
"""

from typing import Any

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin


class AdminOnly(MiddlewareMixin):
    """Stand before a middleware in its bases, and go round it outside of /admin/."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith("/admin/"):
            return super().__call__(request)
        return self.get_response(request)


class SessionMiddleware(AdminOnly, sessions.SessionMiddleware):
    """Load and save the admin's session."""


class AuthenticationMiddleware(AdminOnly, auth.AuthenticationMiddleware):
    """Find the admin's user."""


class MessageMiddleware(AdminOnly, messages.MessageMiddleware):
    """Keep the admin's messages."""
