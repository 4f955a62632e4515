"""The goals of Oddjobbox, as bounds on the figures of a run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bench.subjects import BASELINE, PRODUCT


class Figures(Protocol):
    """The figures that goals are read from: the rounds of a report."""

    def ratios(self, above: tuple[str, str], below: tuple[str, str], figure: str = "rate") -> list[float]: ...


@dataclass(frozen=True)
class Goal:
    """A bound that every value must keep: at least ``bound``, or with ``at_most`` at most."""

    name: str
    bound: float
    values: Callable[[Figures, dict[str, Any]], list[float]]
    at_most: bool = False


def _against(
    name: str, bound: float, measure: str, other: str, figure: str = "rate", at_most: bool = False
) -> Goal:
    def values(rounds: Figures, result: dict[str, Any]) -> list[float]:
        return rounds.ratios((PRODUCT, measure), (other, measure), figure)

    return Goal(name, bound, values, at_most)


def _disturbed(name: str, bound: float, figure: str, at_most: bool = False) -> Goal:
    def values(rounds: Figures, result: dict[str, Any]) -> list[float]:
        return rounds.ratios((PRODUCT, "me-while-login"), (PRODUCT, "me-undisturbed"), figure)

    return Goal(name, bound, values, at_most)


def _memory(name: str, bound: float, kind: str) -> Goal:
    def values(rounds: Figures, result: dict[str, Any]) -> list[float]:
        found = result["memory"].get(PRODUCT, {})
        return [found[kind]] if kind in found else []

    return Goal(name, bound, values, at_most=True)


def _cold_start(rounds: Figures, result: dict[str, Any]) -> list[float]:
    found: list[float] = result["cold_starts"].get(PRODUCT, [])
    return found


GOALS = (
    _against("`me`: CPU per request, relative to the baseline", 0.8, "me", BASELINE, "cpu_ms", at_most=True),
    _against("`me`: requests/s, relative to the baseline", 1.2, "me", BASELINE),
    _against("`me`: requests/s, relative to djoser", 2.5, "me", "djoser"),
    _against("`login`: relative to the baseline", 0.95, "login", BASELINE),
    _against("`login`: relative to djoser with the same hash", 1, "login", "djoser-argon2"),
    _against("`login`: relative to djoser as it ships", 8, "login", "djoser"),
    _against("`registration`: relative to the baseline", 0.9, "registration", BASELINE),
    _against("`refresh`: relative to simplejwt", 2, "refresh", "djoser"),
    _disturbed("`me` beside logins: requests/s, relative to undisturbed", 0.5, "rate"),
    _disturbed("`me` beside logins: p99, relative to undisturbed", 5, "p99_ms", at_most=True),
    _memory("PSS of a worker after 10,000 logins, MiB", 75, "10,000 logins"),
    _memory("PSS of a worker after another 100,000 requests, MiB", 75, "100,000 requests"),
    Goal("cold start to the first 200, s", 1, _cold_start, at_most=True),
)
