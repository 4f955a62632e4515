"""Record sign-ins that use Django's own login(), such as the admin's."""

from typing import Any

from django.http import HttpRequest

from authentication.audit import services as audit
from authentication.audit.models import EventType
from authentication.core.client import Client, client_of
from authentication.users.models import User


def record_sign_in(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    audit.record(EventType.SIGNED_IN, user_id=user.pk, client=_client(request))


def record_failure(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    user = User.objects.find(str(credentials.get("username") or ""))
    audit.record(EventType.SIGN_IN_FAILED, user_id=user.pk if user else None, client=_client(request))


def record_sign_out(sender: Any, request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record(EventType.SIGNED_OUT, user_id=user.pk, client=_client(request))


def _client(request: HttpRequest | None) -> Client:
    return Client() if request is None else client_of(request)
