"""Raw fields: what a path with an index or a pick finds in the text of an event, and what counts as no value."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from enumwatch.engines.splunk.raw_fields import RawFields

PICK, FIRST = "target[type=User].name", "target[0].name"


def found(path: str, record: Any) -> str | None:
    """What the patterns of a path find in a record written as JSON."""
    raw = RawFields({"who": [path]}, ["who"])
    for command in raw.commands:
        if command.startswith("rex field=_raw "):
            regex = command.removeprefix("rex field=_raw ")[1:-1].replace('\\"', '"').replace("\\\\\\\\", "\\\\")
            match = re.search(regex.replace("(?<", "(?P<"), json.dumps(record))
            if match:
                return str(json.loads(match[1]))
    return None


@pytest.mark.parametrize(
    ("path", "record", "value"),
    [
        (PICK, {"target": [{"type": "App", "name": "x"}, {"type": "User", "name": "ann"}]}, "ann"),
        (PICK, {"target": [{"name": "ann", "id": 1, "type": "User"}]}, "ann"),
        (PICK, {"target": [{"type": "User", "more": 5, "name": 'a"b\\ \u00e9}{'}]}, 'a"b\\ \u00e9}{'),
        (PICK, {"target": [{"type": "App", "list": [{"z": 1}]}, {"type": "User", "name": "ann"}]}, "ann"),
        (PICK, {"actor": {"type": "User", "name": "bob"}, "target": [{"type": "App", "name": "x"}]}, None),
        (PICK, {"agent": '"target":[{"type":"User","name":"evil"}]', "target": []}, None),
        (PICK, {"target": [{"type": "User", "name": None}]}, None),
        (PICK, {"target": None}, None),
        (PICK, {"target": [{"type": "User", "name": 7}]}, "7"),
        (FIRST, {"target": [{"id": 1, "name": "one"}, {"name": "two"}]}, "one"),
        (FIRST, {"target": [{"id": 1}, {"name": "two"}]}, None),
        (FIRST, {"target": []}, None),
        ("list[0]", {"list": [64500, 2]}, "64500"),
        ("list[0]", {"list": ["a b"]}, "a b"),
    ],
)
def test_a_path_finds_in_the_text_what_it_finds_in_the_record(path: str, record: Any, value: str | None) -> None:
    assert found(path, record) == value


def test_only_the_first_of_a_list_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match="only the first"):
        RawFields({"who": ["list[1].name"]}, ["who"])


def test_fields_that_no_rule_reads_are_not_taken() -> None:
    raw = RawFields({"who": ["a.b", "c"], "other": ["d"], "time": ["_time"]}, ["who", "time"])
    assert raw.known == {"who": "ew_who", "time": "ew_time"}
    (command,) = raw.commands
    assert "'a.b'" in command
    assert "ew_time=_time" in command
    assert "ew_other" not in command
    assert "coalesce(" in command


def test_an_empty_text_and_its_stand_ins_are_no_value() -> None:
    (command,) = RawFields({"who": ["a"]}, ["who"]).commands
    pattern = re.search(r'match\(a,"(.*?)"\)', command)
    assert pattern is not None
    for nothing in ("", " ", "-", "null", "(null)", "<null>", "\t-\n"):
        assert re.search(pattern[1], nothing)
    for something in ("0", "--", "nul", "NULL", "a"):
        assert not re.search(pattern[1], something)
