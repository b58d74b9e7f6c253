"""Logs for tests of tuning: a few absent names now and then from here and there, and one large roll call."""

from __future__ import annotations

from collections.abc import Iterable

from tests.core.making import names

from enumwatch.core.contact import Contact
from enumwatch.tuning.trying import Log

DAY_SECONDS = 86_400
ATTACKER = "203.0.113.200"
TENANT = "contoso"


def log_of(contacts: Iterable[Contact]) -> Log:
    """A log of these contacts."""
    rows = list(contacts)
    return Log(rows, (), min(one.first for one in rows), max(one.last for one in rows))


def small_runs(number: int = 6, size: int = 5) -> list[Contact]:
    """One small run of absent names every third day, each from a network and with an agent of its own: Low-Level."""
    return [
        one
        for turn in range(number)
        for one in names(
            *(size, 3 * turn * DAY_SECONDS, 60, f"run{'abcdefghij'[turn]}"),
            src_ip=f"198.18.{turn}.10",
            user_agent=f"agent of run {turn}",
        )
    ]


def attack() -> list[Contact]:
    """A roll call of 80 names: High Confidence Enumeration."""
    return names(80, 7.5 * DAY_SECONDS, 5, "victim", src_ip=ATTACKER, user_agent="agent of the attack")


def busy() -> Log:
    """Both."""
    return log_of([*small_runs(), *attack()])
