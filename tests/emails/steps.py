"""Mails as their readers get them: the queue is emptied, and links are taken from the text."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.core import mail
from django_tasks import TaskContext
from django_tasks_db.models import DBTaskResult
from rest_framework.test import APIClient

from authentication.models import User

KEY_INVALID = {"detail": "This link is not valid.", "code": "key_invalid"}
KEY_USED = {"detail": "This link has been used, or a newer change has replaced it.", "code": "key_used"}
KEY_EXPIRED = {"detail": "This link has expired.", "code": "key_expired"}
EMAIL_TAKEN = {"email": ["This email is already associated with an account."]}
THROTTLED = {"detail": "Too many requests.", "code": "throttled"}
REQUIRED = ["This field is required."]

NEW = "new@example.com"
NEW_PASSWORD = "battery staple horse"


def deliver() -> list[Any]:
    """Do what waits in the queue, the oldest first; return the mails that were sent by it.

    In this process, for the mails go to Django's list of them. What a worker adds has its own tests.
    """
    before = len(mail.outbox)
    for row in DBTaskResult.objects.filter(status="READY").order_by("enqueued_at"):
        stored = row.args_kwargs
        row.task.func(TaskContext(task_result=row.task_result), *stored["args"], **stored["kwargs"])
        DBTaskResult.objects.filter(pk=row.pk).update(status="SUCCESSFUL")
    return mail.outbox[before:]


def sent() -> list[tuple[str, str]]:
    """Deliver, and return to whom and about what."""
    return [(message.to[0], message.subject) for message in deliver()]


def link_in(message: Any) -> tuple[str, dict[str, str]]:
    """Return the page that the only link with a key leads to, and what stands behind its ``#``."""
    [link] = re.findall(r"^http://\S+#\S+$", message.body, re.MULTILINE)
    parts = urlsplit(link)
    return parts.path, dict(parse_qsl(parts.fragment))


def delivered_link(to: str, page: str) -> dict[str, str]:
    """Deliver, and return what the link to this page says in the newest mail to this address."""
    links = [link_in(message) for message in deliver() if message.to == [to] and "#" in message.body]
    return [link for path, link in links if path == page][-1]


def post(path: str, body: Any = None, **extra: Any) -> Any:
    """Post as somebody who is not signed in."""
    return APIClient().post(path, body if body is not None else {}, **extra)


def answered(answer: Any) -> tuple[int, Any]:
    """Return all that an answer says: its status and its body."""
    return answer.status_code, answer.json() if answer.content else None


def verification_key(email: str = "jane@example.com") -> str:
    assert post("/auth/email/resend", {"email": email}).status_code == 202
    return delivered_link(email, "/verify-email")["key"]


def reset_link(email: str = "jane@example.com") -> dict[str, str]:
    """Ask for a reset, and return the ``uid`` and the ``key`` of the link."""
    assert post("/auth/password/reset", {"email": email}).status_code == 202
    return delivered_link(email, "/reset-password")


def confirm(link: dict[str, str], new_password: str = NEW_PASSWORD) -> Any:
    return post("/auth/password/reset/confirm", {**link, "new_password": new_password})


def verify(key: str) -> Any:
    return post("/auth/email/verify", {"key": key})


def undo(key: str) -> Any:
    return post("/auth/email/undo", {"key": key})


def ask_for(client: APIClient, email: str, password: str = "correct horse battery") -> Any:
    return client.post("/auth/email/change", {"email": email, "password": password})


def change_key(client: APIClient, email: str = NEW, password: str = "correct horse battery") -> str:
    """Ask for another address, and return the key that is mailed there."""
    assert answered(ask_for(client, email, password)) == (202, None)
    return delivered_link(email, "/verify-email")["key"]


def swap(client: APIClient, email: str = NEW, password: str = "correct horse battery") -> str:
    """Change the address, and return the key in the notice to the old one."""
    old = client.get("/auth/me").json()["email"]
    assert answered(verify(change_key(client, email, password))) == (
        200,
        {"email": email, "email_verified": True},
    )
    return delivered_link(old, "/undo-email-change")["key"]


def pending(client: APIClient) -> str | None:
    found: str | None = client.get("/auth/me").json()["pending_email"]
    return found


def address(user: User) -> tuple[str, bool]:
    """Return the address that the database has, and whether it is verified."""
    user.refresh_from_db()
    return user.email, user.email_verified_at is not None
