"""The whole product as it runs: the built frontend, gunicorn, a database and an SMTP server."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.live import ROOT, free_port, serve
from tests.smtp import Mail, receiving

FRONTEND = ROOT / "frontend"
# The last file that `make build` writes.
BUILT = FRONTEND / "dist" / "index.html.gz"
SOURCES = ("src", "index.html", "vite.config.ts", "package-lock.json")
NPM = shutil.which("npm")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def missing() -> str:
    """Return which requirement of the browser tests is missing, or an empty string."""
    if NPM is None:
        return "npm is not installed, so the frontend cannot be built."
    if CHROMIUM is None:
        return "Chromium is not installed, so the frontend cannot be tested in a browser."
    if not (FRONTEND / "node_modules").is_dir():
        return "The packages of the frontend are not installed: run `make build`."
    return ""


def build() -> None:
    """Do what ``make build`` does, unless the build is newer than all of its sources."""
    if BUILT.is_file() and _modified_at(BUILT) > max(map(_modified_at, _sources())):
        return
    subprocess.run([NPM or "npm", "run", "--silent", "build"], cwd=FRONTEND, check=True)
    subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", BUILT.parent], check=True)


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        path = FRONTEND / name
        yield from path.rglob("*") if path.is_dir() else [path]


def _modified_at(path: Path) -> float:
    return path.stat().st_mtime


@contextmanager
def running(folder: Path) -> Iterator[dict[str, str]]:
    """Serve the build, and yield the environment of a program that visits it.

    ``BASE_URL`` is the server, ``SHORT_URL`` a second one with access tokens that expire after two seconds,
    and ``MAILS`` a folder with a JSON file for each mail.
    """
    mails = folder / "mails"
    mails.mkdir()
    with ExitStack() as stack:
        smtp = stack.enter_context(receiving())
        smtp.mails = MailFolder(mails)

        def start(name: str, **variables: str) -> str:
            (folder / name).mkdir()
            port = str(free_port())
            own_url = f"http://127.0.0.1:{port}"
            variables |= {"PORT": port, "FRONTEND_URL": own_url, "EMAIL_URL": smtp.url, "TASKS": "immediate"}
            stack.enter_context(serve(folder / name, workers=2, RATE_LIMITS="off", **variables))
            return own_url

        yield {
            **os.environ,
            "BASE_URL": start("usual"),
            "SHORT_URL": start("short", SHORT_ACCESS_TOKEN_LIFETIME="2s"),
            "MAILS": str(mails),
            "CHROMIUM": CHROMIUM or "",
        }


class MailFolder(list[Mail]):
    """Mails that are also written to files, atomically, for another program to read."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def append(self, mail: Mail) -> None:
        super().append(mail)
        content = {"recipients": mail.recipients, "subject": mail.subject, "links": mail.links}
        unfinished = self._folder / f"{len(self):04}.part"
        unfinished.write_text(json.dumps(content))
        unfinished.rename(unfinished.with_suffix(".json"))
