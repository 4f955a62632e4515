"""What `make measure-code` counts."""

import ast
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.live import ROOT
from tools import measure_code

pytestmark = pytest.mark.no_database

VIEWS = '''
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action

from authentication.api.schema import operations
from authentication.emails import schema

CACHE = "no-store"
PAGE = OpenApiParameter(
    "page",
)
EXAMPLE = {
    "email": "jane@example.com",
}
LISTED = [EXAMPLE]


class View:
    @operations.operation(
        "list", parameters=[PAGE], sent=LISTED, cache=CACHE
    )
    @action(
        detail=False,
    )
    def list(self):
        """Not described by a call."""
        return CACHE

    @schema.create
    def create(self):
        return 1
'''


def test_descriptions_and_what_only_they_use_are_prose() -> None:
    # PAGE and EXAMPLE have three lines each, LISTED has one, and the decorator three.
    assert measure_code.prose(ast.parse(VIEWS)) == 10


def test_a_view_that_applies_descriptions_by_name_has_no_prose() -> None:
    view = """
        from authentication import schema
        class View:
            @schema.login
            def login(self): ...
    """
    assert measure_code.prose(ast.parse(dedent(view))) == 0


def test_functions_and_modules_are_measured_by_their_lines(tmp_path: Path) -> None:
    write(tmp_path / "authentication" / "__init__.py", "")
    write(tmp_path / "authentication" / "core" / "clock.py", "@cache\ndef now() -> int:\n    return 1\n")
    write(
        tmp_path / "authentication" / "services.py",
        """
        def login():
            def inner() -> int:
                return 1

            return inner


        def logout() -> None:
            '''End a session.'''


        def _private() -> None:
            pass
        """,
    )
    write(tmp_path / "authentication" / "migrations" / "0001_initial.py", "x = 1\n" * 400)
    write(tmp_path / "oddjobbox" / "settings.py", "x = 1\n" * 301)
    write(tmp_path / "gunicorn.conf.py", "x = 1\n" * 20)
    assert {name: value for name, value, _ in measure_code.sizes(tmp_path)} == {
        "functions": 5,
        "lines of a function, median": 2,
        "lines of a function, nine in ten": 5,
        "lines of a function, longest": 5,
        "functions without the type of their result": 1,
        "functions of services without a docstring": 1,
        "modules": 5,
        "modules under 20 lines other than __init__": 2,
        "modules over 300 lines": 1,
        "lines of core/": 3,
        "lines of API prose in views.py": 0,
    }


def test_a_measure_over_its_goal_is_marked() -> None:
    rows = measure_code.report([("a", 21, 21), ("b", 22, 21), ("c", 23, None)])
    assert [row.split() for row in rows] == [
        ["a", "21", "at", "most", "21"],
        ["b", "22", "at", "most", "21", "missed"],
        ["c", "23"],
    ]


def test_a_login_is_listed_with_the_calls_of_every_thread() -> None:
    listed = measure("--list")
    assert "\nauthentication/views.py\n    UserViewSet.login\n" in listed
    # Passwords are verified in a thread of their own.
    assert "    verify.<locals>.<lambda>\n" in listed
    # Modules are imported, and caches filled, before a login is recorded.
    assert "<module>" not in listed
    assert "AuthenticationConfig.ready" not in listed


def test_the_files_that_a_request_crosses_are_counted() -> None:
    counted = {line[:48].rstrip(): int(line[48:54]) for line in measure().splitlines()}
    login = counted["files crossed by POST /auth/login"]
    assert 5 < counted["files crossed by GET /auth/me"] < login
    assert login <= counted["files crossed by POST /auth/login, into a cookie"]
    assert counted["lines of a function, longest"] <= 45


def measure(*arguments: str) -> str:
    command = [sys.executable, "tools/measure_code.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip())
