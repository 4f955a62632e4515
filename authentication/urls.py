"""Every endpoint of the app, each with and without a trailing slash."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import UUIDConverter
from rest_framework.routers import SimpleRouter

from authentication.accounts.views import DeletionView, MeView
from authentication.api.views import OwnView
from authentication.audit.views import EventListView
from authentication.emails.views import EmailChangeView, ResendView, UndoView, VerifyView
from authentication.passwords.views import PasswordChangeView, ResetConfirmView, ResetView
from authentication.sessions.views import LogoutView, RefreshView, SessionListView, SessionView
from authentication.views import UserViewSet


class AnyCaseUUIDConverter(UUIDConverter):
    """Django's converter, for clients that write UUIDs in upper case, as those on iOS do."""

    regex = UUIDConverter.regex.replace("a-f", "a-fA-F")


register_converter(AnyCaseUUIDConverter, "any_case_uuid")


def endpoint(route: str, view: type[OwnView], name: str) -> list[URLPattern]:
    """Return the patterns of an endpoint; ``reverse`` takes the one without a slash."""
    handler = view.as_view()
    return [path(f"{route}/", handler, name=name), path(route, handler, name=name)]


def users(*, trailing_slash: bool) -> list[URLPattern | URLResolver]:
    """Return the patterns of ``registration`` and ``login``."""
    router = SimpleRouter(trailing_slash=trailing_slash)
    router.register("", UserViewSet, basename="user")
    return router.urls


urlpatterns = [
    *endpoint("me", MeView, name="me"),
    *endpoint("refresh", RefreshView, name="refresh"),
    *users(trailing_slash=True),
    *users(trailing_slash=False),
    *endpoint("logout", LogoutView, name="logout"),
    *endpoint("me/delete", DeletionView, name="me-delete"),
    *endpoint("sessions", SessionListView, name="sessions"),
    *endpoint("sessions/<any_case_uuid:session_id>", SessionView, name="session"),
    *endpoint("events", EventListView, name="events"),
    *endpoint("password/change", PasswordChangeView, name="password-change"),
    *endpoint("password/reset", ResetView, name="password-reset"),
    *endpoint("password/reset/confirm", ResetConfirmView, name="password-reset-confirm"),
    *endpoint("email/verify", VerifyView, name="email-verify"),
    *endpoint("email/undo", UndoView, name="email-undo"),
    *endpoint("email/resend", ResendView, name="email-resend"),
    *endpoint("email/change", EmailChangeView, name="email-change"),
]
