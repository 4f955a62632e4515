"""A client that checks every response.

Its requests precede every load, so that only servers that respond correctly are measured.
"""

import itertools
from typing import Any

import httpx

from bench.servers import Server
from bench.subjects import ACCOUNTS, Post, Subject

# Numbers of accounts that are not registered yet; each load uses a block of its own.
_blocks = itertools.count(1_000_000, 1_000_000)
_accounts = itertools.cycle(range(ACCOUNTS))
LOGIN_ACCOUNTS = 500


class WrongAnswer(Exception):
    """Raised when a response is not the expected one."""


class Client:
    """One client of one server."""

    def __init__(self, server: Server) -> None:
        self.subject: Subject = server.subject
        self._http = httpx.Client(base_url=server.url, timeout=30)

    def close(self) -> None:
        self._http.close()

    def sign_in(self, *, refreshable: bool = False) -> dict[str, Any]:
        """Sign in to the next account and return the response's body. Raises WrongAnswer."""
        login = self.subject.login
        assert login is not None
        body = self.subject.sign_in if refreshable and self.subject.sign_in else login.body
        return self._post(login, body.replace("{n}", str(next(_accounts))))

    def token(self) -> str:
        """Return an access token; a subject without a login accepts any."""
        if self.subject.login is None:
            return "none"
        return _value(self.sign_in(), self.subject.token)

    def header(self, token: str) -> str:
        return self.subject.header.replace("{token}", token)

    def me(self, token: str) -> None:
        """Request the current user. Raises WrongAnswer."""
        name, _, value = self.header(token).partition(": ")
        response = self._http.get(self.subject.me, headers={name: value})
        expected = "bench_" if self.subject.login else "hello"
        if response.status_code != 200 or expected not in response.text:
            self._refuse(self.subject.me, response)

    def register(self) -> None:
        assert self.subject.registration is not None
        self._post(
            self.subject.registration, self.subject.registration.body.replace("{n}", str(new_number()))
        )

    def refresh_token(self) -> str:
        """Return the refresh token of a fresh sign-in."""
        return _value(self.sign_in(refreshable=True), self.subject.refresh_token)

    def refresh(self, token: str) -> str:
        """Use a refresh token and return the next one. Raises WrongAnswer where it is the same."""
        refresh = self.subject.refresh
        assert refresh is not None
        answer = self._post(refresh, refresh.body.replace("{token}", token))
        # allauth returns them in meta after a sign-in and in data after a refresh.
        following = str(answer.get("data", answer)[self.subject.refresh_token[-1]])
        if following == token:
            raise WrongAnswer(f"{self.subject.name} did not rotate its refresh token")
        return following

    def _post(self, post: Post, body: str) -> dict[str, Any]:
        response = self._http.post(post.path, content=body, headers={"Content-Type": "application/json"})
        if response.status_code != post.status:
            self._refuse(post.path, response)
        answer: dict[str, Any] = response.json()
        return answer

    def _refuse(self, path: str, response: httpx.Response) -> None:
        text = " ".join(response.text.split())[:200]
        raise WrongAnswer(f"{self.subject.name} answered {path} with {response.status_code}: {text}")


def new_number() -> int:
    """Return the first number of a block of accounts that do not exist yet."""
    return next(_blocks)


def known_numbers() -> range:
    """Return numbers of existing accounts, different ones each time until all were used."""
    first = next(_accounts) * LOGIN_ACCOUNTS % ACCOUNTS
    return range(first, first + LOGIN_ACCOUNTS)


def _value(answer: dict[str, Any], path: tuple[str, ...]) -> str:
    value: Any = answer
    for key in path:
        value = value[key]
    return str(value)
