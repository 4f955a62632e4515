"""Virtual environments under .cache/bench/, one per project, rebuilt when its requirements change."""

import hashlib
import subprocess
import sys
from collections.abc import Iterable

from bench.subjects import CACHE, Subject


def install(subjects: Iterable[Subject]) -> None:
    """Create the environments that are missing or out of date; the first time takes some minutes."""
    for subject in {subject.project: subject for subject in subjects}.values():
        _install(subject)


def _install(subject: Subject) -> None:
    folder = CACHE / subject.project
    stamp = folder / ".requirements"
    wanted = hashlib.sha256(subject.requirements.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Installing {subject.project} ...", file=sys.stderr)
    _run(sys.executable, "-m", "venv", "--clear", str(folder))
    pip = (str(subject.python), "-m", "pip", "install", "-qq", "--disable-pip-version-check")
    _run(*pip, "-r", str(subject.requirements))
    stamp.write_text(wanted)


def versions(subject: Subject) -> dict[str, str]:
    """Return the versions of the packages that a subject runs on, by name."""
    freeze = (str(subject.python), "-m", "pip", "--disable-pip-version-check", "freeze")
    lines = _run(*freeze).splitlines()
    return dict(line.split("==", 1) for line in lines if "==" in line)


def _run(*command: str) -> str:
    # The commands consist of names in this repository.
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
