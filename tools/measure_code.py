"""Measure the code: the files that a request crosses, and the size of functions and modules.

``python tools/measure_code.py [FOLDER]`` prints every measure beside its goal and marks the ones that
miss it; ``--list`` prints a login as the functions that it crosses, in order of first call. FOLDER is
a work tree, by default the current folder.
"""

import ast
import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any

import django
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment

Function = ast.FunctionDef | ast.AsyncFunctionDef
# The path of a file, and the name of one of its functions.
Call = tuple[str, str]
# A label, the measured figure, and its upper bound.
Measure = tuple[str, int, int | None]

PACKAGES = ("authentication", "oddjobbox")
# Packages and modules whose names are about the OpenAPI document; `refusals` holds its errors.
DESCRIBING = {"drf_spectacular", "openapi", "schema", "refusals"}
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "oddjobbox.settings",
    "SECRET_KEY": "for-measuring-only-0123456789-abcdefghij",
    "EMAIL_URL": "consolemail://",
}
ACCOUNT = {"username": "jane_doe", "email": "jane@example.com", "password": "correct horse battery"}
LOGIN = "POST /auth/login"
COOKIE_LOGIN = "POST /auth/login, into a cookie"
GOALS = {LOGIN: 21, COOKIE_LOGIN: 21, "GET /auth/me": 12}


def crossings(folder: Path) -> dict[str, list[Call]]:
    """Return what each request calls in the packages, in every thread, in order of first call.

    The requests go through Django's test client. The second of two is recorded: the first one
    imports modules and fills caches.
    """
    sys.path.insert(0, str(folder))
    prefixes = tuple(f"{folder / package}{os.sep}" for package in PACKAGES)
    calls: dict[Call, None] = {}

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(prefixes):
            calls[str(Path(code.co_filename).relative_to(folder)), code.co_qualname] = None

    def crossed(send: Callable[[], Any]) -> list[Call]:
        send()
        calls.clear()
        response = send()
        assert response.status_code == 200, response.content
        return list(calls)

    threading.setprofile(profile)
    sys.setprofile(profile)
    with tempfile.TemporaryDirectory() as temporary:
        os.environ |= ENVIRONMENT | {"DATABASE_URL": f"sqlite:///{temporary}/db.sqlite3"}
        found = {name: crossed(send) for name, send in _requests().items()}
    sys.setprofile(None)
    return found


def _requests() -> dict[str, Callable[[], Any]]:
    django.setup()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    client = Client()

    def post(path: str, **body: str) -> Any:
        client.cookies.clear()
        return client.post(f"/auth/{path}", body, content_type="application/json")

    login = partial(post, "login", username=ACCOUNT["username"], password=ACCOUNT["password"])
    token = post("registration", **ACCOUNT).json()["token"]
    # Each refresh token can be used once.
    refresh_tokens = [login(refresh_in="body").json()["refresh"] for _ in range(2)]
    return {
        LOGIN: login,
        COOKIE_LOGIN: lambda: login(refresh_in="cookie"),
        "POST /auth/refresh": lambda: post("refresh", refresh=refresh_tokens.pop()),
        "GET /auth/me": lambda: client.get("/auth/me", headers={"Authorization": f"Bearer {token}"}),
    }


def sizes(folder: Path) -> list[Measure]:
    """Return the measures that need only the source."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _modules(folder)}
    functions = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Function)]
    # From the line of `def`, hence without decorators, to the last line.
    lengths = sorted((function.end_lineno or 0) - function.lineno + 1 for function in functions)
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in trees}
    short = [path for path in trees if lines[path] < 20 and path.stem != "__init__"]
    services = [tree for path, tree in trees.items() if path.stem == "services"]
    views = [tree for path, tree in trees.items() if path.stem == "views"]
    return [
        ("functions", len(lengths), None),
        ("lines of a function, median", lengths[len(lengths) // 2], 6),
        ("lines of a function, nine in ten", lengths[len(lengths) * 9 // 10], 20),
        ("lines of a function, longest", lengths[-1], 45),
        ("functions without the type of their result", sum(not f.returns for f in functions), 0),
        ("functions of services without a docstring", undocumented(services), 0),
        ("modules", len(trees), None),
        ("modules under 20 lines other than __init__", len(short), 0),
        ("modules over 300 lines", sum(count > 300 for count in lines.values()), 0),
        ("lines of core/", sum(lines[path] for path in trees if path.parent.name == "core"), 500),
        ("lines of API prose in views.py", sum(map(prose, views)), 0),
    ]


def _modules(folder: Path) -> list[Path]:
    found = [path for package in PACKAGES for path in sorted((folder / package).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts] + [*folder.glob("gunicorn.conf.py")]


def undocumented(services: Iterable[ast.Module]) -> int:
    """Count the public functions of modules that have no docstring."""
    functions = [node for tree in services for node in tree.body if isinstance(node, Function)]
    return sum(not node.name.startswith("_") and not ast.get_docstring(node) for node in functions)


def prose(tree: ast.Module) -> int:
    """Count the lines of a module of views that only describe the OpenAPI document.

    They are decorators called with a description, and assignments of the module that describe
    something or are used by nothing but descriptions.
    """
    describing = _describing(tree)
    decorated = [node for node in ast.walk(tree) if isinstance(node, Function | ast.ClassDef)]
    calls = [call for node in decorated for call in node.decorator_list if isinstance(call, ast.Call)]
    found: list[ast.expr | ast.stmt] = [call for call in calls if describing & _names(call.func).keys()]
    everywhere = _names(tree)
    for node in reversed(tree.body):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            inside = sum(map(_names, found), Counter())
            assigned = _names(node, ast.Store)
            if describing & _names(node).keys() or all(0 < everywhere[n] == inside[n] for n in assigned):
                found.append(node)
    return sum((node.end_lineno or 0) - node.lineno + 1 for node in found)


def _describing(tree: ast.Module) -> set[str]:
    """Return the names that a module imports from packages and modules about the OpenAPI document."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    names = [(f"{node.module}.{alias.name}", alias) for node in imports for alias in node.names]
    return {alias.asname or alias.name for path, alias in names if DESCRIBING & set(path.split("."))}


def _names(tree: ast.AST, context: type[ast.expr_context] = ast.Load) -> Counter[str]:
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return Counter(node.id for node in names if isinstance(node.ctx, context))


def report(measures: Iterable[Measure]) -> list[str]:
    """Return the lines of a table."""
    rows = []
    for name, value, goal in measures:
        wanted = "" if goal is None else f"at most {goal}"
        missed = "missed" if goal is not None and value > goal else ""
        rows.append(f"{name:<48}{value:>6}  {wanted:<13}{missed}".rstrip())
    return rows


def listing(calls: Iterable[Call]) -> list[str]:
    """Return the lines of a list of files, each followed by its functions."""
    files: dict[str, list[str]] = {}
    for path, function in calls:
        files.setdefault(path, [path]).append(f"    {function}")
    return [*chain(*files.values())]


def main(arguments: list[str]) -> int:
    """Print the measures, or a login."""
    folder = Path(*(argument for argument in arguments if argument != "--list")).resolve()
    calls = crossings(folder)
    if "--list" in arguments:
        lines = listing(calls[LOGIN])
    else:
        files = {name: len({path for path, _ in found}) for name, found in calls.items()}
        crossed = [(f"files crossed by {name}", files[name], GOALS.get(name)) for name in files]
        lines = report([*crossed, *sizes(folder)])
    print(*lines, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
