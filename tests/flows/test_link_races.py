"""One link followed many times at once, on a real gunicorn with four workers."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest

from authentication.tokens import links
from authentication.tokens.links import Purpose
from tests.conftest import PASSWORD
from tests.emails.steps import EMAIL_TAKEN, KEY_USED
from tests.flows.racing import account, bearer, login, me, race, register
from tests.live import LiveServer, serve

ROUNDS = 5
AT_ONCE = 16
NEW_PASSWORD = "battery staple horse"
ACCOUNT = "SELECT id, security_stamp, email, pending_email FROM authentication_user WHERE username = "
CHANGES = (
    "SELECT change.id, old_email FROM authentication_emailchange AS change "
    "JOIN authentication_user AS owner ON owner.id = user_id WHERE username = "
)
EVENTS = (
    "SELECT event FROM authentication_event JOIN authentication_user AS owner ON owner.id = user_id "
    "WHERE username = "
)
WAITING = "SELECT task_path, args_kwargs FROM django_tasks_database_dbtaskresult WHERE status = "


def rows(live: LiveServer, query: str, value: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query that ends before its one parameter, from the server's database."""
    url = live.env["DATABASE_URL"]
    sqlite = url.startswith("sqlite")
    connection: Any = (
        sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
        if sqlite
        else psycopg2.connect(url.replace("postgres://", "postgresql://", 1))
    )
    try:
        cursor = connection.cursor()
        cursor.execute(query + ("?" if sqlite else "%s"), (value,))
        return list(cursor.fetchall())
    finally:
        connection.close()


class Owner:
    """An account on the live server, with the keys that its mails would have.

    They are made here, with the server's secret and from its rows, as the worker makes them.
    """

    def __init__(self, live: LiveServer) -> None:
        self.live = live
        body = register(live)
        self.username, self.email, self.token = body["username"], body["email"], body["token"]

    def post(self, path: str, body: dict[str, str]) -> httpx.Response:
        with self.live.client() as client:
            return client.post(path, json=body, headers=bearer(self.token))

    def row(self) -> tuple[int, str, str, str]:
        [found] = rows(self.live, ACCOUNT, self.username)
        return found  # type: ignore[return-value]

    def verification(self) -> dict[str, str]:
        pk, stamp, email, _ = self.row()
        return {"key": links.issue(Purpose.VERIFY, pk, stamp, email)}

    def reset(self, new_password: str = NEW_PASSWORD) -> dict[str, str]:
        pk, stamp, email, _ = self.row()
        key = links.issue(Purpose.RESET, pk, stamp, email)
        return {"uid": str(pk), "key": key, "new_password": new_password}

    def change(self, email: str = "") -> dict[str, str]:
        email = email or f"new_{self.email}"
        answer = self.post("/auth/email/change", {"email": email, "password": PASSWORD})
        assert answer.status_code == 202, answer.text
        pk, stamp, old, pending = self.row()
        return {"key": links.issue(Purpose.CHANGE, pk, stamp, old, pending)}

    def undoing(self) -> dict[str, str]:
        answer = self.post("/auth/email/verify", self.change())
        assert answer.status_code == 200, answer.text
        [(pk, old)] = rows(self.live, CHANGES, self.username)
        return {"key": links.issue(Purpose.UNDO, pk, old)}


def posted(path: str, body: dict[str, str]) -> Callable[[httpx.Client], httpx.Response]:
    return lambda client: client.post(path, json=body)


USES: dict[str, tuple[str, Callable[[Owner], dict[str, str]], int, str]] = {
    "verify": ("/auth/email/verify", Owner.verification, 200, "email_verified"),
    "change": ("/auth/email/verify", Owner.change, 200, "email_changed"),
    "undo": ("/auth/email/undo", Owner.undoing, 200, "email_change_undone"),
    "reset": ("/auth/password/reset/confirm", Owner.reset, 204, "password_reset"),
}


@pytest.mark.parametrize(("path", "make", "success", "event"), USES.values(), ids=list(USES))
def test_one_link_followed_sixteen_times_at_once_serves_once(
    live: LiveServer, path: str, make: Callable[[Owner], dict[str, str]], success: int, event: str
) -> None:
    for _ in range(ROUNDS):
        owner = Owner(live)
        body = make(owner)
        bodies = [body] * AT_ONCE
        if "new_password" in body:
            bodies = [{**body, "new_password": f"{NEW_PASSWORD} {number}"} for number in range(AT_ONCE)]

        answers = race(live, [posted(path, one) for one in bodies])

        assert Counter(answer.status_code for answer in answers) == {success: 1, 400: AT_ONCE - 1}
        assert all(answer.json() == KEY_USED for answer in answers if answer.status_code == 400)
        assert [name for (name,) in rows(live, EVENTS, owner.username)].count(event) == 1
        if event == "password_reset":
            [winner] = [
                one for one, answer in zip(bodies, answers, strict=True) if answer.status_code == success
            ]
            assert login(live, owner.username, winner["new_password"]).status_code == 200
            assert login(live, owner.username).status_code == 400


def test_of_different_links_of_one_account_at_once_one_reset_wins(live: LiveServer) -> None:
    for _ in range(ROUNDS):
        owner = Owner(live)
        bodies = [owner.reset(f"{NEW_PASSWORD} {number}") for number in range(8)]

        answers = race(live, [posted("/auth/password/reset/confirm", body) for body in bodies])

        assert sorted(answer.status_code for answer in answers) == [204] + [400] * 7


def test_a_reset_that_races_sign_ins_leaves_no_session_of_the_old_password(live: LiveServer) -> None:
    for _ in range(ROUNDS):
        owner = Owner(live)
        credentials = {"username": owner.username, "password": PASSWORD}
        requests = [posted("/auth/login", credentials)] * 6
        requests.insert(3, posted("/auth/password/reset/confirm", owner.reset()))

        answers = race(live, requests)

        assert answers.pop(3).status_code == 204
        tokens = [answer.json()["token"] for answer in answers if answer.status_code == 200]
        assert {answer.status_code for answer in answers} <= {200, 400}
        assert [me(live, token).status_code for token in [*tokens, owner.token]] == [401] * (len(tokens) + 1)
        assert login(live, owner.username, NEW_PASSWORD).status_code == 200
        assert login(live, owner.username).status_code == 400


def test_of_a_reset_and_a_password_change_at_once_one_wins(live: LiveServer) -> None:
    for _ in range(ROUNDS):
        owner = Owner(live)
        changed = "the owner's changed password"
        body = {"password": PASSWORD, "new_password": changed}

        reset, change = race(
            live,
            [
                posted("/auth/password/reset/confirm", owner.reset()),
                lambda client: client.post("/auth/password/change", json=body, headers=bearer(owner.token)),
            ],
        )

        assert (reset.status_code, change.status_code) in [(204, 400), (400, 200), (204, 401)], (
            reset.text,
            change.text,
        )
        won = reset.status_code == 204
        signs_in = [
            login(live, owner.username, word).status_code for word in (NEW_PASSWORD, changed, PASSWORD)
        ]
        assert signs_in == ([200, 400, 400] if won else [400, 200, 400])


def test_two_users_who_change_to_one_address_at_once_share_nothing(live: LiveServer) -> None:
    for _ in range(ROUNDS):
        owners = [Owner(live) for _ in range(4)]
        wanted = account()["email"]
        # In two spellings, for they are one address.
        keys = [owner.change(wanted if number % 2 else wanted.upper()) for number, owner in enumerate(owners)]

        answers = race(live, [posted("/auth/email/verify", key) for key in keys])

        assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
        assert all(answer.json() == EMAIL_TAKEN for answer in answers if answer.status_code == 400)
        emails = [owner.row()[2].lower() for owner in owners]
        assert emails.count(wanted.lower()) == 1
        assert len(set(emails)) == 4


def test_a_change_and_a_registration_of_one_address_at_once_share_nothing(live: LiveServer) -> None:
    for _ in range(ROUNDS):
        owner, newcomer = Owner(live), account()
        key = owner.change(newcomer["email"])

        answers = race(live, [posted("/auth/email/verify", key), posted("/auth/registration", newcomer)])

        assert [answer.status_code for answer in answers] in ([200, 400], [400, 201])
        assert [answer.json() for answer in answers if answer.status_code == 400] == [EMAIL_TAKEN]


def test_an_undo_that_races_a_further_change_leaves_the_thief_nothing(live: LiveServer) -> None:
    for _ in range(ROUNDS):
        owner = Owner(live)
        undoing = owner.undoing()
        further = owner.change("thief_" + account()["email"])

        undone, _ = race(live, [posted("/auth/email/undo", undoing), posted("/auth/email/verify", further)])

        assert (undone.status_code, owner.row()[2]) == (200, owner.email)
        # What was changed in between is undone as well, so its notice takes nothing back.
        for pk, old in rows(live, CHANGES, owner.username):
            with live.client() as client:
                answer = client.post("/auth/email/undo", json={"key": links.issue(Purpose.UNDO, pk, old)})
            assert (answer.status_code, answer.json()) == (400, KEY_USED)


def test_simultaneous_registrations_of_one_address_do_not_reveal_it(tmp_path: Path) -> None:
    with serve(tmp_path, RATE_LIMITS="off", REQUIRE_VERIFIED_EMAIL="on") as live:
        for _ in range(ROUNDS):
            email = account()["email"]
            bodies = [{**account(), "email": email} for _ in range(AT_ONCE)]

            answers = race(live, [posted("/auth/registration", body) for body in bodies])

            assert [(answer.status_code, answer.json()) for answer in answers] == [
                (201, {"username": body["username"], "email": email, "verification": "required"})
                for body in bodies
            ]
            signs_in = [login(live, body["username"]).status_code for body in bodies]
            assert sorted(signs_in) == [400] * (AT_ONCE - 1) + [403]
            waiting = [
                (path, json.loads(stored) if isinstance(stored, str) else stored)
                for path, stored in rows(live, WAITING, "READY")
            ]
            assert Counter(path for path, stored in waiting if stored["kwargs"] == {"email": email}) == {
                "authentication.emails.mails.send_email_verification": 1,
                "authentication.emails.mails.send_email_taken": AT_ONCE - 1,
            }
