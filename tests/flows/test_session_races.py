"""Refresh tokens and passwords under simultaneous requests."""

from tests.conftest import PASSWORD
from tests.flows.racing import bearer, login, me, race, refresh, register
from tests.live import LiveServer

NEW_PASSWORD = "another fine password"


def test_twenty_refreshes_at_once_all_get_the_one_successor(live: LiveServer) -> None:
    for _ in range(5):
        first = register(live, refresh_in="body")

        answers = race(
            live, [lambda client: client.post("/auth/refresh", json={"refresh": first["refresh"]})] * 20
        )

        assert {answer.status_code for answer in answers} == {200}
        successors = {answer.json()["refresh"] for answer in answers}
        assert len(successors) == 1
        assert successors != {first["refresh"]}
        assert all(me(live, answer.json()["token"]).status_code == 200 for answer in answers)


def test_a_lost_response_may_be_requested_again_until_the_new_token_is_used(live: LiveServer) -> None:
    lost, used = register(live, refresh_in="body"), register(live, refresh_in="body")
    successor = refresh(live, lost["refresh"]).json()["refresh"]
    used_successor = refresh(live, used["refresh"]).json()
    assert me(live, used_successor["token"]).status_code == 200

    leave_the_grace(live)

    again = refresh(live, lost["refresh"])
    assert (again.status_code, again.json()["refresh"]) == (200, successor)
    assert me(live, again.json()["token"]).status_code == 200
    reused = refresh(live, used["refresh"])
    assert (reused.status_code, reused.json()["code"]) == (401, "refresh_reused")
    assert me(live, used_successor["token"]).json()["code"] == "session_ended"
    assert refresh(live, used_successor["refresh"]).json()["code"] == "session_ended"


def test_nothing_is_alive_after_a_refresh_that_raced_a_logout(live: LiveServer) -> None:
    for _ in range(20):
        pair = register(live, refresh_in="body")

        answers = race(
            live,
            [lambda client: client.post("/auth/refresh", json={"refresh": pair["refresh"]})] * 3
            + [lambda client: client.post("/auth/logout", headers=bearer(pair["token"]))],
        )

        assert answers[-1].status_code == 204
        assert_dead(live, pair)
        for answer in answers[:-1]:
            assert answer.status_code in (200, 401)
            if answer.status_code == 200:
                assert_dead(live, answer.json())


def test_nothing_older_is_alive_after_a_refresh_that_raced_a_password_change(live: LiveServer) -> None:
    for _ in range(10):
        pair = register(live, refresh_in="body")
        change = {"password": PASSWORD, "new_password": NEW_PASSWORD}

        answers = race(
            live,
            [lambda client: client.post("/auth/refresh", json={"refresh": pair["refresh"]})] * 3
            + [
                lambda client: client.post(
                    "/auth/password/change", json=change, headers=bearer(pair["token"])
                )
            ],
        )

        assert answers[-1].status_code == 200
        assert me(live, answers[-1].json()["token"]).status_code == 200
        assert_dead(live, pair)
        for answer in answers[:-1]:
            if answer.status_code == 200:
                assert_dead(live, answer.json())


def test_a_login_that_upgrades_the_old_hash_never_brings_the_old_password_back(live: LiveServer) -> None:
    bodies = [register(live) for _ in range(10)]
    weaken_hashes(live, [body["username"] for body in bodies])
    for body in bodies:
        change = {"password": PASSWORD, "new_password": NEW_PASSWORD}

        answers = race(
            live,
            [
                lambda client: client.post(
                    "/auth/login", json={"username": body["username"], "password": PASSWORD}
                )
            ]
            * 4
            + [
                lambda client: client.post(
                    "/auth/password/change", json=change, headers=bearer(body["token"])
                )
            ],
        )

        assert answers[-1].status_code == 200, answers[-1].text
        assert login(live, body["username"], NEW_PASSWORD).status_code == 200
        assert login(live, body["username"], PASSWORD).status_code == 400
        for answer in answers[:-1]:
            assert answer.status_code in (200, 400)
            if answer.status_code == 200:
                assert me(live, answer.json()["token"]).json()["code"] == "session_ended"


def leave_the_grace(live: LiveServer) -> None:
    """Let every rotation have happened eleven seconds earlier; the grace lasts ten."""
    live.manage(
        "shell",
        "-v0",
        "-c",
        "from datetime import timedelta; from django.db.models import F; "
        "from authentication.models import Session; "
        "earlier = F('rotated_at') - timedelta(seconds=11); "
        "Session.objects.filter(rotated_at__isnull=False).update(rotated_at=earlier)",
    )


def weaken_hashes(live: LiveServer, usernames: list[str]) -> None:
    """Store a hash of the same password by an older hasher, as an import of accounts would."""
    live.manage(
        "shell",
        "-v0",
        "-c",
        "from django.contrib.auth.hashers import PBKDF2PasswordHasher; "
        "from authentication.models import User; "
        f"weak = PBKDF2PasswordHasher().encode('{PASSWORD}', 'salt', iterations=50_000); "
        f"print(User.objects.filter(username__in={usernames!r}).update(password=weak))",
    )


def assert_dead(live: LiveServer, pair: dict[str, str]) -> None:
    assert me(live, pair["token"]).json()["code"] == "session_ended"
    assert refresh(live, pair["refresh"]).json()["code"] == "session_ended"
