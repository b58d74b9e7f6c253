"""Simulated logs for tests that need much at once: many scenarios of many logs in one folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from enumwatch.simulate import simulate

# One scenario or two of every rule and of every kind of log, harmless ones among them.
EVERY_RULE: tuple[tuple[str, str], ...] = (
    ("fast_enumeration", "entra_signin"),
    ("agent_rotation", "entra_signin"),
    ("enumeration_then_success", "entra_signin"),
    ("password_spray", "entra_signin"),
    ("password_guessing", "okta_system"),
    ("penetration_test", "entra_signin"),
    ("office", "entra_signin"),
    ("fast_enumeration", "m365_audit"),
    ("kerberos_enumeration", "windows_security"),
    ("autodiscover_enumeration", "iis"),
    ("directory_harvest", "graph_activity"),
    ("account_burst", "entra_audit"),
)


def simulated(folder: Path, plays: Iterable[tuple[str, str]] = EVERY_RULE, users: int = 40) -> list[Path]:
    """Writes each (scenario, log); returns the files. Lookups that fit them are in `folder`/lookups."""
    files: list[Path] = []
    for seed, (scenario, source) in enumerate(plays, start=1):
        files += simulate(scenario, source, seed=seed, out=folder, users=users).files
    return files
