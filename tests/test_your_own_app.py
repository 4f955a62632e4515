"""docs/your-own-app.md is followed to the letter, in a copy of the checkout.

A named block becomes that file, a diff is applied, a command is run, and what curl would ask is asked
of a real server, whose answer is the block behind it.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from authentication.backends import JWTAuthentication
from authentication.models import Session, User
from authentication.tokens import access
from tests import live
from tests.conftest import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "your-own-app.md"
JANE = {"username": "jane_doe", "email": "jane@example.com", "password": PASSWORD}

_BLOCK = re.compile(r"(?:^\*\*`([^`\n]+)`\*\*\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; ``path`` is the file that a bold line before it names, if any."""

    path: str
    kind: str
    text: str


def blocks() -> list[Block]:
    document = DOCUMENT.read_text()
    found = [Block(*match.groups(default="")) for match in _BLOCK.finditer(document)]
    assert document.count("```") == 2 * len(found)
    return found


def asked() -> list[tuple[str, Any]]:
    """Return every curl command with the answer that the document shows."""
    pairs = zip(blocks(), blocks()[1:], strict=False)
    return [(block.text, json.loads(after.text)) for block, after in pairs if block.text.startswith("curl ")]


def copy_checkout(folder: Path) -> None:
    """Copy what git has or would take, without what is ignored."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


class Checkout:
    """A copy of the checkout in which the document has been followed."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder / "checkout"
        self.env = {
            **os.environ,
            "DATABASE_URL": live.fresh_database(folder),
            "PYTEST_ADDOPTS": f"--database={database} -p no:cacheprovider",
        }
        self.printed = ""
        copy_checkout(self.folder)
        for block in blocks():
            self._follow(block)

    def run(self, *command: str, stdin: str | None = None) -> None:
        """Run a command in the copy; what it prints is shown if it fails."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.env,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(command)}\n{stdin or ''}\n{done.stdout}"
        self.printed += done.stdout

    def _follow(self, block: Block) -> None:
        if block.path:
            target = self.folder / block.path
            assert not target.exists(), f"{block.path} is in the checkout already"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text)
        elif block.kind == "diff":
            self.run("git", "apply", "-", stdin=block.text)
        elif block.kind == "sh" and not block.text.startswith("curl "):
            # The checkout's own environment is the one that runs this test.
            self.run("sh", "-ec", block.text.replace(".venv/bin/", f"{Path(sys.executable).parent}/"))
        else:
            assert block.kind in ("sh", "json"), f"nobody can tell where this belongs:\n{block.text}"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("own"), request.config.getoption("--database"))


@pytest.fixture(scope="module")
def served(checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[live.LiveServer]:
    """The copy, served by gunicorn, in its variant that protects notes."""
    models = checkout.folder / "notes" / "models.py"
    text = models.read_text()
    assert text.count("models.CASCADE") == 1
    models.write_text(text.replace("models.CASCADE", "models.PROTECT"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "ROOT", checkout.folder)
        with live.serve(tmp_path_factory.mktemp("served"), workers=1) as server:
            yield server


def send(server: live.LiveServer, command: str, token: str) -> httpx.Response:
    """Send what a curl command would send."""
    _, url, *options = shlex.split(command.replace("\\\n", " ").replace("$TOKEN", token))
    given = list(zip(options[::2], options[1::2], strict=True))
    assert {option for option, _ in given} <= {"-H", "-d"}
    body = next((value for option, value in given if option == "-d"), None)
    with server.client() as client:
        return client.request(
            "GET" if body is None else "POST",
            url.removeprefix("http://localhost:8000"),
            headers=[tuple(value.split(": ", 1)) for option, value in given if option == "-H"],
            content=body,
        )


def without_times(text: str) -> Any:
    return json.loads(_TIME.sub("a time", text))


def test_the_tests_of_the_document_pass_in_a_copy_of_the_checkout(checkout: Checkout) -> None:
    # On PostgreSQL a test without a database is left out, because it has run on SQLite.
    (counts,) = re.findall(r"^(\d+) passed(?:, (\d+) deselected)?", checkout.printed, re.MULTILINE)
    assert sum(int(count or 0) for count in counts) == 5
    assert "Contracts: 3 kept, 0 broken." in checkout.printed
    assert (checkout.folder / "notes" / "migrations" / "0001_initial.py").is_file()


def test_the_code_of_the_document_is_laid_out_as_the_rest(checkout: Checkout) -> None:
    ruff = (sys.executable, "-m", "ruff")
    # Django's own layout of a migration is for `make format` to change.
    checkout.run(*ruff, "format", "notes/migrations")
    checkout.run(*ruff, "check", "--fix", "notes/migrations")
    checkout.run(*ruff, "format", "--check", "notes", "tests/notes", "oddjobbox")
    checkout.run(*ruff, "check", "notes", "tests/notes", "oddjobbox")


def test_the_app_may_not_be_imported_from_below(checkout: Checkout) -> None:
    below = checkout.folder / "authentication" / "core" / "clock.py"
    honest = below.read_text()
    below.write_text(f"from notes.models import Note\n{honest}")
    try:
        with pytest.raises(AssertionError, match="authentication is not allowed to import notes"):
            checkout.run(str(Path(sys.executable).parent / "lint-imports"))
    finally:
        below.write_text(honest)


def test_the_responses_are_those_of_the_document_and_protect_keeps_the_account(
    served: live.LiveServer,
) -> None:
    with served.client() as client:
        token = client.post("/auth/registration", json=JANE).json()["token"]
        assert len(asked()) == 3

        for command, shown in asked():
            assert without_times(send(served, command, token).text) == without_times(json.dumps(shown))

        client.headers["Authorization"] = f"Bearer {token}"
        refused = client.post("/auth/me/delete", json={"password": PASSWORD})
        assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
        assert client.delete("/notes/1").status_code == 204
        assert client.post("/auth/me/delete", json={"password": PASSWORD}).status_code == 204


def test_the_documentation_of_the_server_lists_the_new_app(served: live.LiveServer) -> None:
    with served.client() as client:
        paths = client.get("/schema", headers={"Accept": "application/json"}).json()["paths"]
        catalogue = client.get("/docs/errors").text
    assert {"/notes", "/notes/{id}", "/notes/count"} <= {path.rstrip("/") for path in paths}
    assert "A pinned note cannot be deleted." in catalogue


def test_the_expressions_of_the_document_are_what_it_says(user: User) -> None:
    token = user.token
    request = Request(
        APIRequestFactory().get("/notes", HTTP_AUTHORIZATION=f"Bearer {token}"),
        authenticators=[JWTAuthentication()],
    )
    expressions = re.findall(r"^\| `([^`]*\brequest\.[^`]*)` \|", DOCUMENT.read_text(), re.MULTILINE)

    assert {expression: eval(expression, {"request": request}) for expression in expressions} == {
        "request.user": user,
        "request.auth.session": Session.objects.get(),
        "request.auth.claims": access.verify_access_token(token),
        "str(request.auth)": token,
    }
