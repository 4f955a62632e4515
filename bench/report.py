"""Render the result of a run as Markdown; ``python -m bench.report`` prints the last one again."""

import json
import statistics
from collections.abc import Callable, Iterable
from typing import Any

from bench.database import AROUND
from bench.goals import GOALS
from bench.subjects import BASELINE, CACHE, PRODUCT

TITLES = {
    "me": "`me`: the current user, 32 connections",
    "login": "`login`, 8 connections",
    "registration": "`registration`, 8 connections",
    "refresh": "`refresh`, 8 connections, each with its own chain of tokens",
    "me-while-login": "`me` at 8 connections while 4 connections log in",
}
Row = dict[str, Any]


class Rounds:
    """The valid samples of a run, and ratios between samples of the same round."""

    def __init__(self, samples: Iterable[Row]) -> None:
        self._samples = {
            (sample["subject"], sample["measure"], sample["round"]): sample
            for sample in samples
            if not sample["errors"]
        }

    def values(self, subject: str, measure: str, figure: str) -> list[float]:
        return [
            sample[figure] for key, sample in sorted(self._samples.items()) if key[:2] == (subject, measure)
        ]

    def ratios(self, above: tuple[str, str], below: tuple[str, str], figure: str = "rate") -> list[float]:
        """Return the ratios of a figure of one (subject, measure) to another, for each round with both."""
        found = []
        for (subject, measure, number), sample in sorted(self._samples.items()):
            other = self._samples.get((*below, number))
            if (subject, measure) == above and other and other[figure]:
                found.append(sample[figure] / other[figure])
        return found


def render(result: Row) -> str:
    rounds = Rounds(result["samples"])
    parts = [_header(result), _invalid(result)]
    parts += [_measure(rounds, result, measure) for measure in TITLES]
    parts += [_statements(result), _processes(result), _settings(result), _goals(rounds, result)]
    return "\n\n".join(part for part in parts if part) + "\n"


def invalid(result: Row) -> list[str]:
    """Return a line for each measurement with an unexpected response."""
    return [
        f"{sample['measure']} of {sample['subject']}, round {sample['round'] + 1}: {sample['errors']}"
        for sample in result["samples"]
        if sample["errors"]
    ]


def _header(result: Row) -> str:
    machine, versions = result["machine"], result["versions"]
    packages = ("Django", "gunicorn", "djoser", "djangorestframework_simplejwt", "django-rest-knox")
    merged = {name: version for found in versions.values() for name, version in found.items()}
    named = [f"{name} {merged[name]}" for name in (*packages, "django-allauth") if name in merged]
    shares = [sample["generator_cores"] for sample in result["samples"] if sample["measure"] == "me"]
    share = f"{statistics.median(shares):.2f} cores in `me`" if shares else "little"
    return "\n".join(
        [
            f"- {result['date']}: `{result['command']}`",
            f"- {machine['cores']} cores of {machine['cpu']}, {machine['system']}; "
            f"load average before: {machine['load_before']:.2f}",
            f"- Python {result['python']}, PostgreSQL {result['postgresql']}, {', '.join(named)}",
            f"- {result['rounds']} rounds of {result['seconds']} s; {result['generator']} "
            f"shares the cores and uses {share}",
            "- cells: the median of the rounds (lowest to highest); ratios are within a round",
        ]
    )


def _invalid(result: Row) -> str:
    wrong = invalid(result)
    if not wrong:
        return "All responses of all measurements were as expected."
    return f"**INVALID: {len(wrong)} measurements had errors and are left out.**\n\n" + "\n".join(
        f"- {line}" for line in wrong
    )


def _measure(rounds: Rounds, result: Row, measure: str) -> str:
    columns: dict[str, Callable[[str], str]] = {
        "requests/s": lambda name: _spread(rounds.values(name, measure, "rate"), "{:.0f}"),
        "ratio to the baseline": lambda name: _spread(rounds.ratios((name, measure), (BASELINE, measure))),
        "Oddjobbox / this": lambda name: _spread(rounds.ratios((PRODUCT, measure), (name, measure))),
        "p50 ms": lambda name: _spread(rounds.values(name, measure, "p50_ms"), "{:.1f}", short=True),
        "p99 ms": lambda name: _spread(rounds.values(name, measure, "p99_ms"), "{:.1f}", short=True),
    }
    if measure == "me-while-login":
        calm = "me-undisturbed"
        columns |= {
            "of undisturbed rate": lambda name: _spread(rounds.ratios((name, measure), (name, calm))),
            "of undisturbed p99": lambda name: _spread(
                rounds.ratios((name, measure), (name, calm), "p99_ms")
            ),
            "logins/s": lambda name: _spread(rounds.values(name, measure, "logins_rate"), "{:.0f}"),
        }
    else:
        columns |= {
            "CPU ms per request": lambda name: _spread(rounds.values(name, measure, "cpu_ms")),
            "PostgreSQL's CPU ms": lambda name: _spread(rounds.values(name, measure, "postgres_cpu_ms")),
        }
    names = [name for name in result["memory"] if rounds.values(name, measure, "rate")]
    if not names:
        return ""
    rows = [[name, *(cell(name) for cell in columns.values())] for name in names]
    return f"### {TITLES[measure]}\n\n" + _table(["", *columns], rows)


def _statements(result: Row) -> str:
    kinds = ("me", "login", "registration", "refresh")
    rows = []
    for name, found in result["statements"].items():
        cells = []
        for kind in kinds:
            queries = sum(1 for statement in found.get(kind, ()) if not AROUND.match(statement))
            cells.append(f"{queries} ({len(found[kind])})" if kind in found else "-")
        rows.append([name, *cells])
    title = "### Queries per request (in brackets: with transactions and connection checks)"
    return f"{title}\n\n" + _table(["", *kinds], rows) if rows else ""


def _processes(result: Row) -> str:
    kinds = list(dict.fromkeys(kind for found in result["memory"].values() for kind in found))
    rows = [
        [
            name,
            _spread(result["cold_starts"][name], "{:.2f}"),
            *(f"{found[kind]:.1f}" if kind in found else "-" for kind in kinds),
        ]
        for name, found in result["memory"].items()
    ]
    title = "### Seconds from a cold start to the first 200, and PSS of the largest worker in MiB"
    return f"{title}\n\n" + _table(["", "cold start", *kinds], rows)


def _settings(result: Row) -> str:
    names = list(dict.fromkeys(name for found in result["settings"].values() for name in found["rates"]))
    rows = [
        [project, found["best"], *(str(found["rates"].get(name, "-")) for name in names)]
        for project, found in result["settings"].items()
    ]
    title = "### The peers' gunicorn settings: `me`/s with each of them"
    return f"{title}\n\n" + _table(["", "best", *names], rows) if rows else ""


def _goals(rounds: Rounds, result: Row) -> str:
    rows = []
    for goal in GOALS:
        values = goal.values(rounds, result)
        if values:
            end = max(values) if goal.at_most else min(values)
            met = end <= goal.bound if goal.at_most else end >= goal.bound
            bound = f"{'at most' if goal.at_most else 'at least'} {goal.bound:g}"
            rows.append([goal.name, bound, _spread(values), "yes" if met else "**no**"])
    title = "### Goals; the worst round counts"
    return f"{title}\n\n" + _table(["", "goal", "measured", "met"], rows) if rows else ""


def _spread(values: list[float], form: str = "{:.2f}", short: bool = False) -> str:
    if not values:
        return "-"
    middle = form.format(statistics.median(values))
    if short or len(values) == 1:
        return middle
    return f"{middle} ({form.format(min(values))} to {form.format(max(values))})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    print(render(json.loads((CACHE / "result.json").read_text())))
