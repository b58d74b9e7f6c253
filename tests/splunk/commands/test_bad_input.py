"""Whatever is wrong, the analyst reads one plain sentence that ends in what to do, and no traceback or path of the server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.splunk.harness import Ended, Row, body_of, converse, split

BRACES = "{0} {x} {} }{"


def tries(number: int, **more: str) -> list[Row]:
    """So many names that do not exist, tried from one address."""
    return [
        {
            "_time": str(1_700_000_000 + 7 * n),
            "log_source": "entra_signin",
            "src_ip": "203.0.113.9",
            "target": f"n{n}@contoso.example",
            "code": "50034",
            **more,
        }
        for n in range(number)
    ]


def sentences(ended: Ended, app: Path, level: str = "ERROR") -> list[str]:
    """What was said at a level, each fit for an analyst."""
    for _, text in ended.messages:
        assert str(app.parent) not in text
        assert "Traceback" not in text
        assert "\n" not in text
        assert ": " in text or "; " in text, "it does not say what to do"
    return [text for said, text in ended.messages if said == level]


WRONG_USAGE = {
    "enumverdict": {
        'detections="no_such_rule"': "there is no detection",
        "detections=": "names no detection",
        f"detections={BRACES}": "there is no detection",
        "updates=perhaps": "neither yes nor no",
        f"{BRACES}=1": "has no option",
        BRACES: "does not know what",
    },
    "outcome": {"source=nowhere": "there is no source", "field=x": "has no option"},
    "disposable": {"field=": "names no column", "a": "does not know what"},
    "enumtriage": {"x=1": "leave it out"},
    "enumtune": {"detections=a": "there is no detection", "budget=1": "has no option"},
    "enumsimulate": {
        "scenario=none": "does not exist",
        "source=iis": "leaves nothing in",
        "seed=x": "give a whole number",
        "users=1": "give a whole number",
        "events=0": "give a whole number",
        "start=noon": "is no time",
    },
}


@pytest.mark.parametrize(("command", "argument"), [(name, one) for name, some in WRONG_USAGE.items() for one in some])
def test_wrong_usage_is_told_before_anything_is_read(command: str, argument: str, python: str, app: Path) -> None:
    ended = converse(python, app, command, split(tries(3), [3]), [argument])
    said = sentences(ended, app)
    assert len(said) == 1
    assert WRONG_USAGE[command][argument] in said[0]
    assert (ended.exit_code, ended.rows, ended.stderr) == (1, [], "")


RULEBOOKS: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda file: file.write_text(""),
    "garbage": lambda file: file.write_bytes(b"\xff{{{"),
    "of another version": lambda file: file.write_text('{"format": 0}'),
}


@pytest.mark.parametrize("command", ["enumverdict", "enumtriage", "outcome", "enumtune"])
@pytest.mark.parametrize("sort", RULEBOOKS)
def test_an_unreadable_rulebook_is_told(command: str, sort: str, own_app: Path, python: str) -> None:
    RULEBOOKS[sort](own_app / "app" / "enumwatch" / "rulebook.json")
    rows: list[Row] = [{**row, "row_type": "finding", "finding": "{}"} for row in tries(3)]
    ended = converse(python, own_app, command, split(rows if command == "enumtriage" else tries(3), [3]), [])
    (said,) = sentences(ended, own_app)
    assert said.endswith("install the app again")
    assert ended.stderr == ""


def test_every_error_of_the_lookups_is_told(own_app: Path, python: str) -> None:
    folder = own_app / "lookups"
    (folder / "enumwatch_allowlist.csv").write_text(
        "type,value,tenant,detections,reason,owner,starts,expires\nip,{x},,,a reason,me,,2030-01-01\nip,203.0.113.9,,,,me,,\n"
    )
    (folder / "enumwatch_domains.csv").write_text("")
    (folder / "enumwatch_networks.csv").write_text("cidr,kind\n")
    ended = converse(python, own_app, "enumverdict", split(tries(3), [3]))
    said = sentences(ended, own_app)
    assert [one.partition(";")[0] for one in said if "domains" in one] == [
        "lookups/enumwatch_domains.csv:1: has no header"
    ]
    assert any("column tenant is missing" in one for one in said)
    assert all(one.endswith("mend this in the lookup and search again") for one in said)
    assert (ended.rows, ended.stderr) == ([], "")
    (folder / "enumwatch_domains.csv").write_text("domain,tenant,kind\n")
    (folder / "enumwatch_networks.csv").write_text("cidr,tenant,kind\n")
    said = sentences(converse(python, own_app, "enumverdict", split(tries(3), [3])), own_app)
    assert len(said) == 3
    assert all("lookups/enumwatch_allowlist.csv:" in one for one in said)


def test_a_broken_long_table_is_told_by_who_needs_it(own_app: Path, python: str) -> None:
    (own_app / "lookups" / "enumwatch_free_mail.csv").write_text("wrong\n")
    ended = converse(python, own_app, "disposable", split(tries(3), [3]))
    assert "enumwatch_free_mail.csv:1" in sentences(ended, own_app)[0]
    assert sentences(converse(python, own_app, "enumverdict", split(tries(3), [3])), own_app) == []


NO_USE: dict[str, Sequence[Row]] = {
    "columns of something else": [{"_time": "1700000000", "foo": BRACES}],
    "a log nobody knows": tries(4, log_source="", sourcetype=BRACES),
    "no times": tries(4, _time=BRACES),
    "a kind nobody knows": tries(4, kind=BRACES),
    "an outcome nobody knows": tries(4, outcome=BRACES),
    "contacts without sense": tries(4, attempts="0", first="1700000000", last=BRACES),
    "memory without times": [{"row_type": "memory", "memory_key": "a", "updated": BRACES, "expires": ""}],
}


@pytest.mark.parametrize("sort", NO_USE)
def test_rows_of_no_use_are_told(sort: str, python: str, app: Path) -> None:
    ended = converse(python, app, "enumverdict", split(NO_USE[sort], [1, 0]))
    (said,) = sentences(ended, app)
    assert said.startswith(f"None of the {len(NO_USE[sort])} rows could be used: ")
    assert (ended.exit_code, ended.rows, ended.stderr) == (0, [], "")


def test_a_bad_row_costs_that_row(python: str, app: Path) -> None:
    bad: list[Row] = [{**row, "_time": BRACES} for row in tries(2)]
    ended = converse(python, app, "enumverdict", split([*bad, *tries(60)], [1, 1, 30]))
    (said,) = sentences(ended, app, "WARN")
    assert said.startswith("2 rows were left out; of one, ")
    assert json.dumps(BRACES) in said
    assert [row["names_tried"] for row in ended.rows] == ["60"]


@pytest.mark.parametrize("value", ["", "{", '{"_":"TenantWatch","v":{}}', '{"_":"dict"}'])
def test_memory_of_another_make_is_told(value: str, python: str, app: Path) -> None:
    rows: list[Row] = [
        {"row_type": "memory", "memory_key": "k", "memory_kind": "name", "memory_value": value}
        | {"updated": "1700000000", "expires": "1900000000"},
        *tries(5),
    ]
    ended = converse(python, app, "enumverdict", split(rows, [2]), ["remember=true"])
    (said,) = sentences(ended, app)
    assert "empty the KV store collections" in said
    assert ended.rows == [], "memory must not be written over by nothing"


def test_bytes_that_are_no_text(python: str, app: Path) -> None:
    body = body_of(tries(60)).replace(b"n7@", b"\xff\x00\xfe@").replace(b"n8@", "\u202e\U0001f600@".encode())
    ended = converse(python, app, "enumverdict", [body])
    assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], "")
    assert [row["verdict"] for row in ended.rows] == ["High Confidence Enumeration"]


@pytest.mark.parametrize("command", ["enumverdict", "outcome"])
def test_a_body_that_is_no_table(command: str, python: str, app: Path) -> None:
    body = body_of(tries(4)).replace(b'"n2@contoso.example"', b"n2\rcontoso")
    ended = converse(python, app, command, [body])
    (said,) = sentences(ended, app)
    assert said.startswith("What Splunk sent is no table (")
    assert ended.stderr == ""


def test_a_cell_of_ten_megabytes(python: str, app: Path) -> None:
    rows = tries(60)
    rows[7] = {**rows[7], "user_agent": "x" * 10_485_761}
    ended = converse(python, app, "enumverdict", split(rows, [20]))
    assert (ended.exit_code, ended.messages, ended.stderr) == (0, [], "")
    assert [row["names_tried"] for row in ended.rows] == ["60"]


@pytest.mark.parametrize("command", sorted(WRONG_USAGE))
def test_a_cancelled_search_ends_quietly(command: str, python: str, app: Path) -> None:
    ended = converse(python, app, command, split(tries(40), [10, 10, 10, 10]), cancelled_after=0)
    assert (ended.exit_code, ended.stderr) == (0, "")
    ended = converse(python, app, command, split(tries(40), [10, 10, 10, 10]), cancelled_after=2)
    assert (ended.exit_code, ended.stderr) == (0, "")


def test_a_preview_says_what_the_search_says(python: str, app: Path) -> None:
    bodies = split(tries(60), [20, 20, 20])
    assert (
        converse(python, app, "enumverdict", bodies, preview=True).rows
        == converse(python, app, "enumverdict", bodies).rows
    )


def test_what_nobody_thought_of_is_told_without_a_traceback(own_app: Path, python: str) -> None:
    decide = own_app / "app" / "enumwatch" / "core" / "decide.py"
    decide.write_text(
        decide.read_text().replace("    given = sorted(contacts)\n", f"    raise RuntimeError({BRACES!r})\n")
    )
    shutil.rmtree(decide.parent / "__pycache__", ignore_errors=True)
    ended = converse(python, own_app, "enumverdict", split(tries(3), [3]))
    (said,) = sentences(ended, own_app)
    assert said.startswith("enumverdict stopped at something it was not made for (RuntimeError): ")
    assert "Traceback" in ended.stderr, "search.log needs it"
    assert ended.exit_code == 1
