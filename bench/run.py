"""Measure Oddjobbox beside its peers: ``python -m bench.run``. bench/README.md describes it."""

import argparse
import json
import os
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import environments, load, measures, report
from bench.client import Client, WrongAnswer
from bench.database import Postgres
from bench.servers import SETTINGS, Server, Setting
from bench.subjects import CACHE, PRODUCT, SUBJECTS, Subject

SETTINGS_FILE = CACHE / "settings.json"
RESULT_FILE = CACHE / "result.json"
CALIBRATION_SECONDS = 3
QUICK_SETTINGS = ("sync", "gthread 4")


def main() -> None:
    options = _options()
    load.require()
    subjects = [subject for subject in SUBJECTS if subject.name in options.subjects]
    CACHE.mkdir(parents=True, exist_ok=True)
    environments.install(subjects)
    with ExitStack() as stack:
        postgres = Postgres()
        stack.callback(postgres.stop)
        servers = [Server(subject, postgres.host) for subject in subjects]
        for server in servers:
            stack.callback(server.stop)
        _prepare(servers, postgres)
        result = _describe(subjects, postgres, options)
        settings = _calibrate(servers, options.recalibrate, options.quick)
        result["settings"] = settings
        _start(servers, postgres, settings, result, starts=1 if options.quick else 3)
        _measure(servers, postgres, result, options)
    RESULT_FILE.write_text(json.dumps(result, indent=1))
    print(report.render(result))
    if report.invalid(result):
        sys.exit("bench: some measurements are invalid; they are listed above.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="one round of one second, without the long memory test"
    )
    parser.add_argument("--rounds", type=int, help="number of rounds; 7, or 1 with --quick")
    parser.add_argument("--seconds", type=int, help="length of a measurement; 4, or 1 with --quick")
    parser.add_argument("--only", type=_words(measures.MEASURES), help="measurements, comma-separated")
    names = tuple(subject.name for subject in SUBJECTS)
    parser.add_argument("--subjects", type=_words(names), help="subjects, comma-separated")
    parser.add_argument("--recalibrate", action="store_true", help="choose the peers' settings again")
    options = parser.parse_args()
    # The baseline's variants are only in a full run.
    options.subjects = options.subjects or [
        name for name in names if not (options.quick and "baseline-" in name)
    ]
    options.rounds = options.rounds or (1 if options.quick else 7)
    options.seconds = options.seconds or (1 if options.quick else 4)
    chosen = options.only or measures.MEASURES
    needed = {"me-undisturbed"} if "me-while-login" in chosen else set()
    options.only = [name for name in measures.MEASURES if name in {*chosen, *needed}]
    return options


def _words(known: tuple[str, ...]) -> Any:
    def read(text: str) -> list[str]:
        words = [word.strip() for word in text.split(",") if word.strip()]
        unknown = sorted(set(words) - set(known))
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(known)}")
        return words

    return read


def _prepare(servers: list[Server], postgres: Postgres) -> None:
    """Migrate and fill all databases, in parallel on all cores."""
    _say("Preparing the databases ...")
    stored = [server for server in servers if server.subject.has_database]
    for server in stored:
        if server.subject.sqlite is None:
            postgres.create(server.subject.database)
        else:
            for file in CACHE.glob(f"{server.subject.sqlite.name}*"):
                file.unlink()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(Server.prepare, stored):
            pass


def _calibrate(servers: list[Server], again: bool, quick: bool) -> dict[str, Any]:
    """Return each project's fastest setting, and the requests per second of every setting.

    Results of an earlier run are used, unless it was quick and this one is not.
    """
    tried = {name: SETTINGS[name] for name in QUICK_SETTINGS} if quick else SETTINGS
    seconds = 1 if quick else CALIBRATION_SECONDS
    known: dict[str, Any] = {}
    if SETTINGS_FILE.is_file() and not again:
        known = json.loads(SETTINGS_FILE.read_text())
    for server in servers:
        project = server.subject.project
        if server.subject.is_product or known.get(project, {}).get("seconds", 0) >= seconds:
            continue
        rates = {}
        for name, setting in tried.items():
            _say(f"Calibrating {project}: {name} ...")
            rates[name] = _try(server, setting, seconds)
        best = max(rates, key=lambda name: rates[name])
        known[project] = {"best": best, "rates": rates, "seconds": seconds}
        SETTINGS_FILE.write_text(json.dumps(known, indent=1))
    return known


def _try(server: Server, setting: Setting, seconds: int) -> float:
    server.start(setting)
    client = Client(server)
    header = client.header(client.token())
    client.close()
    url = f"{server.url}{server.subject.me}"
    # The first second opens connections and fills caches, so it does not count.
    load.get(url, header, connections=measures.MANY, seconds=1).finish()
    result = load.get(url, header, connections=measures.MANY, seconds=seconds).finish()
    server.stop()
    return 0 if result.errors else round(result.rate)


def _start(
    servers: list[Server], postgres: Postgres, settings: dict[str, Any], result: dict[str, Any], starts: int
) -> None:
    """Start every server, count its statements, and time further starts."""
    for server in servers:
        subject = server.subject
        _say(f"Starting {subject.name} ...")
        setting = None if subject.is_product else SETTINGS[settings[subject.project]["best"]]
        if subject.is_on_postgresql:
            postgres.log_statements(subject.database, on=True)
        server.start(setting)
        if subject.is_on_postgresql:
            result["statements"][subject.name] = measures.statements(server, postgres)
            postgres.log_statements(subject.database, on=False)
        client = Client(server)
        header = client.header(client.token())
        client.close()
        result["cold_starts"][subject.name] = []
        for _ in range(starts):
            server.stop()
            result["cold_starts"][subject.name].append(server.start(setting, header))
        result["memory"][subject.name] = {"fresh": server.worker_pss()}


def _measure(
    servers: list[Server], postgres: Postgres, result: dict[str, Any], options: argparse.Namespace
) -> None:
    """Take all measurements of all subjects in each round, starting with a different subject each time."""
    for number in range(options.rounds):
        turn = number % len(servers)
        for measure in options.only:
            for server in servers[turn:] + servers[:turn]:
                if measures.has(server.subject, measure):
                    sample = measures.take(server, postgres, measure, number, options.seconds)
                    result["samples"].append(asdict(sample))
                    wrong = f" INVALID: {sample.errors}" if sample.errors else ""
                    name = server.subject.name
                    _say(f"Round {number + 1}: {measure}, {name}: {sample.rate:.0f}/s{wrong}")
    for server in servers:
        result["memory"][server.subject.name]["after all rounds"] = server.worker_pss()
        if (
            server.subject.name == PRODUCT
            and not options.quick
            and len(options.only) == len(measures.MEASURES)
        ):
            _say("Memory of a worker after 10,000 logins and 100,000 requests ...")
            try:
                result["memory"][PRODUCT] |= measures.memory(server)
            except WrongAnswer as error:
                sample = measures.Sample(PRODUCT, "memory", 0, str(error))
                result["samples"].append(asdict(sample))


def _describe(subjects: list[Subject], postgres: Postgres, options: argparse.Namespace) -> dict[str, Any]:
    model = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    command = " ".join(["python -m bench.run", *sys.argv[1:]])
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": command,
        "machine": {
            "cores": os.cpu_count(),
            "cpu": model[0].partition(":")[2].strip() if model else platform.machine(),
            "system": f"{platform.system()} {platform.release()}",
            "load_before": os.getloadavg()[0],
        },
        "rounds": options.rounds,
        "seconds": options.seconds,
        "python": platform.python_version(),
        "postgresql": postgres.version(),
        "generator": load.version(),
        "versions": {subject.project: environments.versions(subject) for subject in subjects},
        "statements": {},
        "cold_starts": {},
        "memory": {},
        "samples": [],
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
