"""Start and stop the gunicorn of a subject, and read its cost from the kernel."""

import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.subjects import CACHE, SHARED, Subject

TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS = 30
SETTLE_SECONDS = 5


@dataclass(frozen=True)
class Setting:
    """How gunicorn serves a peer; ``keepalive`` is in seconds, 0 closes after each response."""

    worker_class: str
    threads: int
    keepalive: int

    def environment(self) -> dict[str, str]:
        return {
            "BENCH_WORKER_CLASS": self.worker_class,
            "BENCH_THREADS": str(self.threads),
            "BENCH_KEEPALIVE": str(self.keepalive),
        }


SETTINGS = {
    "sync": Setting("sync", 1, 0),
    "gthread 1": Setting("gthread", 1, 5),
    "gthread 2": Setting("gthread", 2, 5),
    "gthread 4": Setting("gthread", 4, 5),
    "gthread 4, no keep-alive": Setting("gthread", 4, 0),
}


class Server:
    """The gunicorn of a subject, listening at ``url`` once :meth:`start` has returned."""

    def __init__(self, subject: Subject, database_host: str) -> None:
        self.subject = subject
        self._environment = subject.environment(database_host)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""
        self.log.unlink(missing_ok=True)

    def prepare(self) -> None:
        """Migrate the database and create the accounts."""
        command = [str(self.subject.python), str(SHARED / "prepare.py")]
        folder = self.subject.folder
        # The commands are made of names in this repository.
        subprocess.run(command, cwd=folder, env=self._environment, check=True)  # noqa: S603

    def set_flags(self, flags: str) -> None:
        """Let gunicorn start with these flags on top of its configuration."""
        self._environment["GUNICORN_CMD_ARGS"] = flags

    def start(self, setting: Setting | None, header: str = "") -> float:
        """Start, and return the seconds until the current user is answered with 200.

        Without a header of authentication any answer will do. The product is started without a
        setting: its own gunicorn.conf.py says how it is served.
        """
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {**self._environment, "PORT": str(port), **(setting.environment() if setting else {})}
        command = [str(self.subject.python), "-m", "gunicorn"]
        command += ["-c", "python:gunicorn_settings", "wsgi"] if setting else ["oddjobbox.wsgi"]
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - made of names in this repository
                command, cwd=self.subject.folder, env=environment, stdout=log, stderr=log
            )
        while not self._answers(header):
            if self._process.poll() is not None or time.monotonic() - began > START_SECONDS:
                self.stop()
                raise SystemExit(f"bench: {self.subject.name} did not start; see {self.log}")
            time.sleep(0.005)
        return time.monotonic() - began

    def _answers(self, header: str) -> bool:
        name, _, value = header.partition(": ")
        try:
            response = httpx.get(f"{self.url}{self.subject.me}", headers={name: value} if header else {})
        except httpx.TransportError:
            return False
        if header and response.status_code != 200:
            raise SystemExit(f"bench: {self.subject.name} answered {response.status_code} as it started")
        return True

    @property
    def log(self) -> Path:
        return CACHE / f"{self.subject.name}.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=35)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def worker_pss(self) -> float:
        """Return the proportional set size (PSS) of the largest worker in MiB."""
        return max(_pss(pid) for pid in _children(self.pid))

    def settle(self) -> None:
        """Wait until the server has finished what the last load left behind."""
        deadline = time.monotonic() + SETTLE_SECONDS
        used = cpu_seconds(self.pid)
        while time.monotonic() < deadline:
            time.sleep(0.1)
            before, used = used, cpu_seconds(self.pid)
            if used - before < 0.02:
                return


def cpu_seconds(pid: int) -> float:
    """Return the user and system time of a process and its descendants, running or finished."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    # utime, stime, cutime, cstime. proc(5) counts fields from the process id; the first two are cut off here.
    own = sum(int(field) for field in fields[11:15]) / TICKS
    return own + sum(cpu_seconds(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []


def _pss(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    match = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    assert match is not None
    return int(match[1]) / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
