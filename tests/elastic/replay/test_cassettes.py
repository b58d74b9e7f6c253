"""Cassettes hold nothing of the machine that recorded them, and no more than they need."""

from __future__ import annotations

import re
import socket
from getpass import getuser
from pathlib import Path

import pytest
from tests.nodes.secured import PASSWORD

from .cassettes import FOLDER

TAPES = sorted(FOLDER.glob("*.yaml"))
LARGEST = 1_000_000
# Written so that they do not find themselves.
FORBIDDEN = re.compile(
    r"127\.0\.0\.1|localhost|\[::1\]|^\s*authori[z]ation:|ApiKey |Basic |Bearer |x-elastic-client-meta|^\s*user-agent:|"
    r"(?<![\w.~-])/(?:ho[m]e|ro[o]t|tm[p]|wo[r]k|Users)/",
    re.IGNORECASE | re.MULTILINE,
)


def offences(text: str) -> list[str]:
    """What a cassette must not hold."""
    names = {socket.gethostname(), socket.getfqdn(), PASSWORD}
    return sorted({found[0] for found in FORBIDDEN.finditer(text)} | {name for name in names if name and name in text})


def test_there_are_cassettes() -> None:
    assert len(TAPES) >= 7


@pytest.mark.parametrize("tape", TAPES, ids=lambda tape: tape.stem)
def test_no_cassette_names_a_host_a_key_or_a_machine(tape: Path) -> None:
    text = tape.read_text("utf-8")
    assert offences(text) == []
    assert set(re.findall(r"^    uri: (\w+://[^/\s]+)", text, re.MULTILINE)) == {"https://cluster.example"}
    assert len(text) < LARGEST


def test_the_rule_sees_an_offender() -> None:
    for offence in (
        "Author" + "ization: x",
        "http://127.0." + "0.1:9200",
        socket.gethostname(),
        "/ro" + "ot/x",
        PASSWORD,
    ):
        assert offences(f"a: b\n  {offence}\n"), offence
    assert getuser() not in "".join(tape.name for tape in TAPES)
