"""Run the load generator wrk and read its results."""

import json
import resource
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

SCRIPTS = Path(__file__).resolve().parent / "wrk"
TIMEOUT_SECONDS = 30
MISSING = (
    "bench: wrk is not installed. It is the load generator: `apt-get install wrk` on Debian and Ubuntu, "
    "`dnf install wrk` on Fedora."
)


@dataclass(frozen=True)
class Load:
    """The result of wrk. ``errors`` describes what went wrong, and is empty where nothing did."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    errors: str

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


class Wrk:
    """A running wrk; :meth:`finish` waits for it."""

    def __init__(
        self,
        script: str,
        url: str,
        *,
        connections: int,
        seconds: int,
        threads: int = 1,
        header: str = "",
        variables: Mapping[str, str] = MappingProxyType({}),
        arguments: Sequence[str] = (),
    ) -> None:
        command = [require(), f"-t{threads}", f"-c{connections}", f"-d{seconds}s"]
        command += ["--timeout", f"{TIMEOUT_SECONDS}s", "-s", str(SCRIPTS / script)]
        command += ["-H", header] if header else []
        self._process = subprocess.Popen(  # noqa: S603 - consists of names in this repository
            [*command, url, *arguments],
            env={"BENCH_WRK": str(SCRIPTS), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self) -> Load:
        output, _ = self._process.communicate()
        lines = [line for line in output.splitlines() if line.startswith("BENCH ")]
        if not lines:
            return Load(0, 1, 0, 0, f"wrk failed: {output.strip()[:300]}")
        counted = json.loads(lines[-1].removeprefix("BENCH "))
        errors = [f"{counted[kind]} {kind}" for kind in ("refused", "broken", "late") if counted[kind]]
        return Load(
            requests=counted["requests"],
            seconds=counted["seconds"],
            p50_ms=counted["p50_ms"],
            p99_ms=counted["p99_ms"],
            errors=", ".join(errors),
        )


def get(url: str, header: str, *, connections: int, seconds: int) -> Wrk:
    return Wrk("report.lua", url, connections=connections, seconds=seconds, header=header)


def post(url: str, body: str, numbers: range, *, connections: int, seconds: int) -> Wrk:
    """Post the body repeatedly, with {n} replaced by the numbers of the range in turn."""
    variables = {
        "BENCH_BODY": body,
        "BENCH_FIRST": str(numbers.start),
        "BENCH_COUNT": str(len(numbers)),
    }
    return Wrk("post.lua", url, connections=connections, seconds=seconds, variables=variables)


def refresh(url: str, body: str, field: str, tokens: list[str], *, seconds: int) -> Wrk:
    """Follow a chain of refresh tokens from each of these, on a thread and connection of its own."""
    count = len(tokens)
    variables = {"BENCH_BODY": body, "BENCH_FIELD": field}
    return Wrk(
        "refresh.lua",
        url,
        connections=count,
        seconds=seconds,
        threads=count,
        variables=variables,
        arguments=tokens,
    )


def require() -> str:
    """Return the path of wrk, or exit with a message that says how to install it."""
    path = shutil.which("wrk")
    if path is None:
        raise SystemExit(MISSING)
    return path


def version() -> str:
    # It prints its version and its usage, and exits with an error code.
    shown = subprocess.run([require(), "-v"], capture_output=True, text=True, check=False)  # noqa: S603
    return (shown.stdout + shown.stderr).split("[")[0].strip()


def cpu_seconds() -> float:
    """Return the CPU time of all finished child processes, including wrk."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
