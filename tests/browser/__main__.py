"""Run a program against the whole product: ``python -m tests.browser node frontend/e2e/measure.mjs``."""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.product import build, missing, running


def main() -> int:
    """Serve the build on SQLite while the program runs, and return its exit status."""
    reason = missing()
    if reason:
        sys.exit(reason)
    build()
    with tempfile.TemporaryDirectory(prefix="oddjobbox-browser-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/db.sqlite3"
        os.environ["SECRET_KEY"] = secrets.token_urlsafe(48)
        with running(Path(folder)) as environment:
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
