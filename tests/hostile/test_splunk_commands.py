"""The search commands, as splunkd talks to them, with payloads in every column of their rows."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.splunk.harness import Ended, Row, body_of, converse
from tests.splunk.unpacked import unpack

from .corpus import CORPUS, LONG
from .test_every_command import acting, strictly

COLUMNS = ("tenant", "asn", "country", "user_agent", "app", "app_id", "client_app", "src_host", "reason")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("app"))


def typed(text: str) -> str:
    """A payload as splunkd, which speaks UTF-8, can send it."""
    return text.encode("utf-8", "replace").decode("utf-8")


TEXTS = tuple(typed(text) for text in CORPUS)
ABSENT = tuple(f"absent{number}@contoso.example" for number in range(20))


def rows() -> list[Row]:
    """One address that tries every payload, and rows that are of no use."""
    made: list[Row] = []
    for number, text in enumerate((*ABSENT, *TEXTS)):
        row = {"_time": str(1_700_000_000 + 7 * number), "log_source": "okta_system", "src_ip": "203.0.113.9"}
        others = {name: TEXTS[(number // 5 + turn) % 20] for turn, name in enumerate(COLUMNS)}
        made.append(
            {
                **row,
                **others,
                "tenant": TEXTS[0],
                "target": text,
                "code": text,
                "outcome": "not_found" if text in ABSENT else "exists_bad_secret",
            }
        )
    for text in TEXTS:
        made.append({"_time": text[:200], "log_source": text[:200], "target": text[:200], "code": text[:200]})
    return made


def answered(app: Path, command: str, given: Sequence[Row], *arguments: str) -> Ended:
    """A conversation that ends well, whose messages are lines that act nowhere."""
    ended = converse(sys.executable, app, command, [body_of(given)], arguments)
    assert (ended.exit_code, ended.stderr) == (0, "")
    for _, text in ended.messages:
        assert acting(text) == set()
        assert "\n" not in text
        assert len(text) < 2_000
        assert "{{" not in text.replace("{{ctx", "").replace("{{ 7*7", "")
    return ended


def test_findings_hold_payloads_in_their_cells(app: Path) -> None:
    ended = answered(app, "enumverdict", rows())
    assert ended.messages
    assert all(set(row) == set(ended.rows[0]) for row in ended.rows)
    told: set[str] = set()
    for row in ended.rows:
        finding = strictly(str(row["finding"]))
        told |= {name for names in finding["evidence"]["names_sample"].values() for name in names}
    assert len(told & {text.strip() for text in TEXTS}) > 25
    triaged = answered(app, "enumtriage", ended.rows)
    assert len(triaged.rows) == len(ended.rows)
    for row in triaged.rows:
        assert strictly(str(row["triage"]))["steps"]["l1"]
        for step in (*row["next_steps"], *row["containment_steps"]):
            assert len(step) < 5_000


@pytest.mark.parametrize("command", ["outcome", "disposable"])
def test_rows_go_through_as_they_came(command: str, app: Path) -> None:
    given: list[Row] = [
        {"_time": "1700000000", "log_source": text, "source": text, "code": text, "user": f"x@{text}", "reason": text}
        for text in TEXTS
        if text not in LONG
    ]
    ended = answered(app, command, given)
    assert len(ended.rows) == len(given)
    for before, after in zip(given, ended.rows, strict=True):
        assert str(after["user"]).replace("\ufffd", "\0") == before["user"]


@pytest.mark.parametrize("text", [text for text in TEXTS if text.isprintable() and text.isascii()][::4])
def test_an_option_is_refused_in_a_line(text: str, app: Path) -> None:
    ended = converse(sys.executable, app, "enumverdict", [b""], [f"detections={text[:300]}"])
    (message,) = [said for level, said in ended.messages if level == "ERROR"]
    assert acting(message) == set()
    assert json.dumps(text.split(",")[0])[1:20] in message or "no option" in message
