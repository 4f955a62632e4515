"""Accounts under simultaneous requests, on a real gunicorn with four workers."""

from tests.flows.racing import account, bearer, login, me, race, register
from tests.live import LiveServer

ROUNDS = 20
AT_ONCE = 48
REFUSED_BY_CONSTRAINT = "A simultaneous duplicate was refused by"


def test_one_name_registered_many_times_at_once_is_one_account(live: LiveServer) -> None:
    refused_before = live.log.read_text().count(REFUSED_BY_CONSTRAINT)
    for _ in range(ROUNDS):
        wanted = account()
        # Half of them write the name in another case.
        bodies = [wanted, {**wanted, "username": wanted["username"].upper()}] * (AT_ONCE // 2)

        answers = race(
            live, [lambda client, body=body: client.post("/auth/registration", json=body) for body in bodies]
        )

        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [201] + [400] * (AT_ONCE - 1)
        for answer in answers:
            if answer.status_code == 400:
                assert set(answer.json()) <= {"username", "email"}, answer.text
                assert answer.json().get(
                    "username", ["This username is already associated with an account."]
                ) == ["This username is already associated with an account."]
        assert login(live, wanted["username"]).status_code == 200
    assert live.log.read_text().count(REFUSED_BY_CONSTRAINT) > refused_before


def test_one_name_wanted_by_many_renames_at_once_goes_to_one(live: LiveServer) -> None:
    tokens = [register(live)["token"] for _ in range(12)]
    name = account()["username"]

    answers = race(
        live,
        [
            lambda client, token=token: client.patch(
                "/auth/me", json={"username": name}, headers=bearer(token)
            )
            for token in tokens
        ],
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 11
    named = [token for token in tokens if me(live, token).json()["username"] == name]
    assert len(named) == 1


def test_sixty_sign_ins_at_once_leave_fifty_sessions(live: LiveServer) -> None:
    body = register(live)

    answers = race(
        live,
        [
            lambda client: client.post(
                "/auth/login", json={"username": body["username"], "password": "correct horse battery"}
            )
        ]
        * 60,
    )

    assert {answer.status_code for answer in answers} == {200}
    alive = [answer.json()["token"] for answer in answers if me(live, answer.json()["token"]).is_success]
    assert len(alive) == 50
    with live.client() as client:
        assert len(client.get("/auth/sessions", headers=bearer(alive[0])).json()) == 50


def test_deleting_an_account_while_it_signs_in_leaves_nothing_alive(live: LiveServer) -> None:
    for _ in range(5):
        body = register(live)
        credentials = {"username": body["username"], "password": "correct horse battery"}
        answers = race(
            live,
            [lambda client: client.post("/auth/login", json=credentials)] * 6
            + [
                lambda client: client.post(
                    "/auth/me/delete",
                    json={"password": credentials["password"]},
                    headers=bearer(body["token"]),
                )
            ],
        )
        assert answers[-1].status_code == 204
        assert {answer.status_code for answer in answers[:-1]} <= {200, 400}
        for answer in answers[:-1]:
            if answer.status_code == 200:
                assert me(live, answer.json()["token"]).json()["code"] == "session_ended"
