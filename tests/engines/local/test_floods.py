"""Of a flood the local engine hands on no more than the core would follow, and says what it kept back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.core.test_bounds import bounded
from tests.simulated import simulated

from enumwatch.core.decide import Decision, decide
from enumwatch.engines.local.scan import Request, context_of, counted, needed, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    plays = (
        ("fast_enumeration", "entra_signin"),
        ("address_rotation", "entra_signin"),
        ("kerberos_enumeration", "windows_security"),
        ("agent_rotation", "okta_system"),
        ("password_guessing", "entra_signin"),
    )
    return simulated(tmp_path_factory.mktemp("flood"), plays)


def decided(logs: list[Path], rulebook: Any) -> tuple[Decision, Decision, int]:
    """The decision on everything, the one on what the engine hands on, and how many contacts that was."""
    request = Request([str(one) for one in logs], rulebook, load_lookups())
    context = context_of(request)
    with counted(request, lambda _: None) as (contacts, _):
        everything = list(contacts.everything())
        rows, arrivals, cuts = needed(contacts, context, request)
    return decide(everything, context), decide(rows, context, arrivals=arrivals, cuts=cuts), len(rows)


@pytest.mark.parametrize(
    "limits",
    [
        {"place_contacts": 4},
        {"name_contacts": 1},
        {"tenant_contacts": 7},
        {"place_contacts": 3, "tenant_contacts": 5},
        {"tenant_contacts": 2, "quiet_contacts": 3, "quiet_place_contacts": 1},
        {"tenant_contacts": 2, "quiet_contacts": 5, "quiet_place_contacts": 2},
    ],
)
def test_the_engine_and_the_core_cut_the_same(limits: dict[str, int], logs: list[Path]) -> None:
    whole, enough, rows = decided(logs, bounded(**limits))
    assert whole.cuts
    assert enough.cuts == whole.cuts
    assert [one.to_dict() for one in enough.updates] == [one.to_dict() for one in whole.updates]
    assert rows <= decided(logs, compiled())[2]


def test_the_engine_keeps_back_itself(logs: list[Path]) -> None:
    assert decided(logs, bounded(place_contacts=4))[2] < decided(logs, compiled())[2]


def test_a_summary_names_what_was_cut(logs: list[Path]) -> None:
    summary = scan(Request([str(one) for one in logs], bounded(place_contacts=4), load_lookups())).summary
    assert any("beyond the first 4 of one place an hour" in line for line in summary["truncated"])
    assert scan(Request([str(one) for one in logs], compiled(), load_lookups())).summary["truncated"] == []
