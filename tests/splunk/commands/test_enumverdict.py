"""enumverdict over the protocol: events, contacts and memory in, findings out."""

from __future__ import annotations

import json
from pathlib import Path

from tests.splunk.harness import converse, split


def names_tried(number: int) -> list[dict[str, str | list[str]]]:
    """One address that tries so many names which do not exist, newest first."""
    return [
        {
            "_time": f"{1_700_000_000 + 7 * n}.5",
            "log_source": "entra_signin",
            "src_ip": "203.0.113.9",
            "target": f"n{n}@contoso.example",
            "code": "50034",
            "user_agent": "python-requests/2.31",
        }
        for n in reversed(range(number))
    ]


def test_a_roll_call_becomes_one_finding(python: str, app: Path) -> None:
    ended = converse(python, app, "enumverdict", split(names_tried(60), [1, 0, 20, 39]))
    assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], "")
    assert ended.info["type"] == "reporting"
    assert [len(reply.rows) for reply in ended.replies] == [0, 0, 0, 1]
    (row,) = ended.rows
    assert ended.replies[-1].header[:2] == ["row_type", "_time"]
    assert (row["verdict"], row["src"], row["names_tried"]) == ("High Confidence Enumeration", "203.0.113.9", "60")
    whole = json.loads(str(row["finding"]))
    assert whole["evidence"]["names_absent"] == 60
    assert whole["finding_id"] == row["finding_id"]


def test_nothing_comes_of_nothing(python: str, app: Path) -> None:
    ended = converse(python, app, "enumverdict", [b""])
    assert (ended.exit_code, ended.messages, ended.rows) == (0, [], [])
