"""Every endpoint under ``/auth/``, with and without a trailing slash."""

from rest_framework.routers import SimpleRouter

from authentication.accounts.views import AccountViewSet
from authentication.audit.views import EventViewSet
from authentication.emails.views import EmailViewSet, LinkViewSet
from authentication.passwords.views import PasswordResetViewSet, PasswordViewSet
from authentication.sessions.views import SessionViewSet, TokenViewSet
from authentication.views import UserViewSet

router = SimpleRouter()
router.trailing_slash = "/?"
router.register("", UserViewSet, basename="user")  # registration, login
router.register("", TokenViewSet, basename="token")  # refresh, logout
router.register("", AccountViewSet, basename="account")  # me, me/delete
router.register("", SessionViewSet, basename="session")  # sessions, sessions/{id}
router.register("", EventViewSet, basename="event")  # events
router.register("", PasswordViewSet, basename="password")  # password/change
router.register("", PasswordResetViewSet, basename="reset")  # password/reset, password/reset/confirm
router.register("", LinkViewSet, basename="link")  # email/verify, email/undo
router.register("", EmailViewSet, basename="email")  # email/resend, email/change

urlpatterns = router.urls
