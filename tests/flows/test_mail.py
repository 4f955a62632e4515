"""The stories that mails are a part of, over HTTP, with a real worker and a real SMTP server."""

import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import PASSWORD
from tests.flows.racing import bearer
from tests.live import LiveServer, serve
from tests.smtp import Mail, SmtpServer, receiving

NEW_PASSWORD = "staple the battery anew"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
_numbers = itertools.count()


@pytest.fixture(scope="module")
def smtp() -> Iterator[SmtpServer]:
    with receiving() as server:
        yield server


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory, smtp: SmtpServer) -> Iterator[LiveServer]:
    """A gunicorn as in production: mails wait in the database for a worker."""
    folder = tmp_path_factory.mktemp("mailing")
    with serve(folder, workers=2, EMAIL_URL=smtp.url, FRONTEND_URL="https://app.example.com") as server:
        yield server


class Person:
    """Somebody with an account and a mailbox, at a browser."""

    def __init__(self, server: LiveServer, smtp: SmtpServer) -> None:
        self.server = server
        self.smtp = smtp
        number = next(_numbers)
        self.username = f"person_{number}"
        self.email = f"person_{number}@example.com"
        self.token = ""

    def post(self, path: str, user_agent: str = FIREFOX, **body: str) -> httpx.Response:
        headers = {"User-Agent": user_agent}
        if self.token:
            headers |= bearer(self.token)
        with self.server.client() as client:
            return client.post(f"/auth/{path}", json=body, headers=headers)

    def register(self) -> None:
        body = {"username": self.username, "email": self.email, "password": PASSWORD}
        answer = self.post("registration", **body)
        assert answer.status_code == 201, answer.text
        self.token = answer.json()["token"]

    def sign_in(self, password: str = PASSWORD, user_agent: str = FIREFOX) -> httpx.Response:
        return self.post("login", user_agent, username=self.username, password=password)

    def me(self) -> dict[str, Any]:
        with self.server.client() as client:
            answer = client.get("/auth/me", headers=bearer(self.token))
        body: dict[str, Any] = answer.json()
        return body

    def read(self, address: str = "") -> list[Mail]:
        """Have the worker bring what waits, and return the new mails in this mailbox."""
        self.server.manage("send_mails", "--batch", "--no-startup-delay")
        return [mail for mail in self.smtp.take() if mail.recipients == [address or self.email]]


@pytest.fixture
def person(mailing: LiveServer, smtp: SmtpServer) -> Person:
    smtp.take()
    return Person(mailing, smtp)


def _open(server: LiveServer, path: str, parameters: dict[str, str]) -> None:
    """Do what scanners of mails do to an address, though these lead to the frontend."""
    with server.client() as client:
        for method in ("GET", "HEAD", "GET"):
            answer = client.request(method, f"/auth/{path}", params=parameters)
            assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")


def test_a_web_process_speaks_to_no_server_of_mails(person: Person) -> None:
    before = person.smtp.connections
    person.register()
    person.post("email/resend")
    person.post("email/resend", email=person.email)
    person.post("password/reset", email=person.email)
    person.post("password/reset", email="nobody@example.com")
    person.post("email/change", email=f"new_{person.email}", password=PASSWORD)
    for user_agent in (FIREFOX, SAFARI, "curl/8.5.0"):
        assert person.sign_in(user_agent=user_agent).status_code == 200
    changed = person.post("password/change", password=PASSWORD, new_password=NEW_PASSWORD)
    assert changed.status_code == 200
    assert person.smtp.connections == before

    subjects = sorted(mail.subject for mail in person.read())
    assert person.smtp.connections > before
    assert subjects == [
        *["Choose a new password for Oddjobbox"],
        *["Confirm your email address for Oddjobbox"] * 3,
        *["New sign-in at Oddjobbox"] * 2,
        *["Your password was changed at Oddjobbox"],
    ]


def test_signing_up_and_verifying_the_address(person: Person) -> None:
    person.register()
    assert person.me()["email_verified"] is False

    (mail,) = person.read()
    assert mail.subject == "Confirm your email address for Oddjobbox"
    assert mail.links[0].startswith("https://app.example.com/verify-email#key=ojk_")
    key = mail.parameters("verify-email")
    _open(person.server, "email/verify", key)
    assert person.me()["email_verified"] is False

    answer = person.post("email/verify", **key)
    assert (answer.status_code, answer.json()) == (200, {"email": person.email, "email_verified": True})
    assert person.me()["email_verified"] is True
    again = person.post("email/verify", **key)
    assert (again.status_code, again.json()["code"]) == (400, "key_used")


def test_a_forgotten_password(person: Person) -> None:
    person.register()
    person.read()
    old_token = person.token
    assert person.post("password/reset", email=person.email.upper()).status_code == 202

    (mail,) = person.read()
    assert mail.subject == "Choose a new password for Oddjobbox"
    link = mail.parameters("reset-password")
    assert set(link) == {"uid", "key"}
    _open(person.server, "password/reset/confirm", link)
    assert person.sign_in().status_code == 200

    refused = person.post("password/reset/confirm", **link, new_password="password1")
    assert set(refused.json()) == {"new_password"}
    assert person.post("password/reset/confirm", **link, new_password=NEW_PASSWORD).status_code == 204
    again = person.post("password/reset/confirm", **link, new_password=PASSWORD)
    assert (again.status_code, again.json()["code"]) == (400, "key_used")

    with person.server.client() as client:
        assert client.get("/auth/me", headers=bearer(old_token)).json()["code"] == "session_ended"
    assert person.sign_in().status_code == 400
    person.token = person.sign_in(NEW_PASSWORD).json()["token"]
    assert person.me()["email_verified"] is True
    assert [told.subject for told in person.read()] == ["Your password was reset at Oddjobbox"]


def test_changing_the_address_and_taking_it_back(person: Person) -> None:
    person.register()
    person.post("email/verify", **person.read()[0].parameters("verify-email"))
    thief = f"thief_of_{person.email}"
    assert person.post("email/change", email=thief, password=PASSWORD).status_code == 202
    assert (person.me()["email"], person.me()["pending_email"]) == (person.email, thief)

    (asked,) = person.read(thief)
    assert asked.subject == "Confirm your new email address for Oddjobbox"
    key = asked.parameters("verify-email")
    _open(person.server, "email/verify", key)
    assert person.me()["email"] == person.email
    answer = person.post("email/verify", **key)
    assert answer.json() == {"email": thief, "email_verified": True}
    assert (person.me()["email"], person.me()["pending_email"]) == (thief, None)

    (told,) = person.read()
    assert told.subject == "Your email address was changed at Oddjobbox"
    assert f"The address of your account is now {thief}." in " ".join(told.text.split())
    undo = told.parameters("undo-email-change")
    _open(person.server, "email/undo", undo)
    assert person.me()["email"] == thief
    answer = person.post("email/undo", **undo)
    assert answer.json() == {"email": person.email, "email_verified": True}
    assert person.post("email/undo", **undo).json()["code"] == "key_used"
    assert person.me()["code"] == "session_ended"

    (advice,) = person.read()
    assert "whoever changed your email address knows the password" in " ".join(advice.text.split())
    link = advice.parameters("reset-password")
    assert person.post("password/reset/confirm", **link, new_password=NEW_PASSWORD).status_code == 204
    person.token = ""
    assert person.sign_in().status_code == 400
    signed_in = person.sign_in(NEW_PASSWORD)
    assert (signed_in.status_code, signed_in.json()["email"]) == (200, person.email)


def test_a_sign_in_from_a_new_device_is_mailed_to_the_owner(person: Person) -> None:
    person.register()
    person.read()
    person.sign_in(user_agent=FIREFOX)
    assert person.read() == []

    person.sign_in(user_agent=SAFARI)
    (told,) = person.read()
    assert told.subject == "New sign-in at Oddjobbox"
    assert "IP address: 127.0.0.1\nDevice: Safari on iPhone\n" in told.text
    assert "https://app.example.com/forgot-password" in told.links

    person.sign_in(user_agent=SAFARI)
    assert person.read() == []
