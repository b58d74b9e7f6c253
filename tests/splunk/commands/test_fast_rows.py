"""Taking the body of a chunk at once says what taking it row by row through the SDK says."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from tests.splunk.harness import body_of

from enumwatch.core.decide import decide
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled
from enumwatch.splunk.commands.fast_rows import FastRows
from enumwatch.splunk.commands.gathering import Gathering
from enumwatch.splunk.commands.knowledge import context_of
from enumwatch.splunk.commands.meanings import Meanings
from enumwatch.splunk.commands.settling import Settled

search_command = pytest.importorskip("splunklib.searchcommands.search_command", reason="install splunk-sdk")

TABLES = load_lookups()
MEANINGS = Meanings(compiled(), TABLES.outcomes)
CONTEXT = context_of(compiled(), TABLES)

# Columns that come together: of an add-on, of our macros, contacts, and memory among them; time is not always first.
ADD_ON = ("_time", "src", "user", "user_agent", "app", "action", "signature_id", "sourcetype")
EVENTS = ("_time", "event_id", "log_source", "kind", "src_ip", "target", "target_visible", "code", "reason", "src_host")
CONTACTS = ("_time", "log_source", "kind", "src_ip", "target", "outcome", "code", "attempts", "first", "last", "tenant")
MIXED = ("row_type", *CONTACTS, "memory_key", "memory_kind", "memory_value", "updated", "expires")
HEADERS = (ADD_ON, ADD_ON, EVENTS, CONTACTS, MIXED, ("user", "_time", "src", "signature_id", "sourcetype"))

NAMES = [f"n{number}@contoso.example" for number in range(4)]
AWKWARD = [
    "",
    "-",
    "null",
    " a@b.example ",
    'say "hi"',
    "a,b",
    "x\ny",
    ",,,,,,,,\nz",
    "{0}",
    "\u202e",
    "a$b",
    "\0",
    "é",
]
# What stands behind the end of a line in a cell looks like a row of its own.
LIKE_A_ROW = [
    "x\n1700000007,y",
    'x\n1700000007,"203.0.113.9","n1@contoso.example"',
    "x\n1700000007,203.0.113.9,n1,curl,,,0,z",
]
TIMES = ["", "x", "1e9", "nan", "-5", "2023-11-14T22:13:20Z", " 1700000000 ", "1_7", "9" * 30, "1.7e9", "1700000003"]

# What logs hold nearly always, and what they might hold beside it.
TAME = {
    "src": ["203.0.113.9", "198.51.100.7"],
    "user": NAMES,
    "user_agent": ["curl/8", "Mozilla/5.0 (X11)"],
    "signature_id": ["0", "0", "0", "50126", "50034"],
    "sourcetype": ["azure:monitor:aad"],
    "log_source": ["entra_signin"],
    "kind": ["sign_in"],
    "attempts": ["1", "3"],
    "event_id": ["", "a", "b", "c"],
    "expires": ["1800000000", "1700000000.5"],
}
WILD = {
    "_time": TIMES,
    "src": ["::ffff:203.0.113.9", "[2001:db8::1]:443", "nowhere", ""],
    "signature_id": ["50140", "999", ""],
    "sourcetype": ["OktaIM2:log", "other"],
    "action": ["success", "failure"],
    "log_source": ["okta_system", "none", ""],
    "kind": ["", "wrong"],
    "target_visible": ["true", "false", "0"],
    "outcome": ["success", "not_found", "exists_bad_secret", "noise", "wrong"],
    "attempts": ["2.0", "", "0", "x"],
    "row_type": ["memory", "finding"],
    "expires": ["", "x"],
}
SAME = {
    "src_ip": "src",
    "target": "user",
    "code": "signature_id",
    "first": "_time",
    "last": "_time",
    "updated": "expires",
}

Table = tuple[Sequence[str], list[dict[str, "str | list[str]"]]]


def cell(chance: Random, name: str, wildness: float) -> str:
    name = SAME.get(name, name)
    if chance.random() < wildness:
        return chance.choice(WILD.get(name, AWKWARD + LIKE_A_ROW))
    if name == "_time":
        return f"{1_700_000_000 + chance.randrange(20_000_000) / 1000:.3f}".replace(".000", "")
    return chance.choice(TAME.get(name, [""]))


def table(chance: Random) -> Table:
    """A header and rows: tame ones, a few wild cells, or many; newest first, oldest first or in any order."""
    header, wildness = chance.choice(HEADERS), chance.choice([0, 0, 0.01, 0.15])
    rows: list[dict[str, str | list[str]]] = []
    for _ in range(chance.choice([0, 1, 3, 40])):
        rows.append({name: cell(chance, name, wildness) for name in header})
        if chance.random() < wildness:
            rows[-1][chance.choice(header)] = [chance.choice(NAMES), "second"]
    order = chance.choice([True, True, False, None])
    if order is not None:
        rows.sort(key=lambda row: str(row["_time"]), reverse=order)
    return header, rows


def by_the_sdk(bodies: Sequence[str]) -> Gathering:
    """Rows as the SDK reads them, one by one."""
    gathering = Gathering(MEANINGS)
    command = search_command.SearchCommand
    for body in bodies:
        for row in command._read_csv_records(command, io.StringIO(body)):
            gathering.take(row)
    return gathering


def at_once(bodies: Sequence[str]) -> Gathering:
    gathering = Gathering(MEANINGS)
    fast = FastRows(gathering)
    for body in bodies:
        fast.take(body)
    return gathering


def said(gathering: Gathering) -> Any:
    """Everything that a gathering led to."""
    counts = {name: getattr(gathering, name) for name in ("refused", "example", "noise", "repeated", "counted", "cut")}
    memory = sorted(gathering.memory)
    settled = Settled(gathering, keeps_own_affairs=False)
    decision = decide(settled.contacts, CONTEXT, arrivals=settled.arrivals)
    findings = [one.to_dict() for one in decision.findings]
    return counts, memory, sorted(settled.contacts), sorted(settled.arrivals), findings


def text_of(body: bytes) -> str:
    return body.decode("utf-8", "replace").replace("\0", "\ufffd")


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_say_the_same(seed: int) -> None:
    csv.field_size_limit(2**31 - 1)
    chance = Random(seed)
    for number in range(60):
        header, rows = table(chance)
        has_mv = any(isinstance(value, list) for row in rows for value in row.values()) or chance.random() < 0.7
        bodies, begin = [], 0
        for size in [*(chance.choice([0, 1, 2, 9]) for _ in range(chance.choice([0, 3]))), len(rows)]:
            bodies.append(text_of(body_of(rows[begin : begin + size], header, has_mv=has_mv)) if size else "")
            begin += size
        whole = text_of(body_of(rows, header, has_mv=has_mv))
        expected = said(by_the_sdk([whole]))
        assert said(at_once(bodies)) == expected, number
        assert said(at_once([whole])) == expected, number
        assert said(by_the_sdk(bodies)) == expected, number


RAGGED = (
    '"_time",src,user,sourcetype,"signature_id","__mv__time","__mv_src","__mv_user","__mv_sourcetype","__mv_signature_id"\n'
    '"1700000000.5","203.0.113.9","a@b.example","azure:monitor:aad",50034,,,,,\n'
    '"1700000001.5","203.0.113.9"\n'
    "\n"
    '"1700000002.5","203.0.113.9","c@b.example","azure:monitor:aad",50034,,,,,,,extra\n'
    '"1700000003.5","203.0.113.9","d@b\n.example","azure:monitor:aad",0,,,,,\n'
    '"1700000004","203.0.113.9","e@b.example","azure:monitor:aad",0,,,"$e@b.example$;$f$",,\n'
    '1700000005,"203.0.113.9","e@b.example","azure:monitor:aad",0,,,,,\n'
    '"1700000006.5","203.0.113.9","never closed","azure:monitor:aad",0,,,,,\n'
)


@pytest.mark.parametrize("end", ["", '"17', "\n\n"])
def test_ragged_rows_and_ends_of_lines_in_cells(end: str) -> None:
    body = RAGGED + end
    assert said(at_once([body, RAGGED])) == said(by_the_sdk([body, RAGGED]))


def test_a_header_of_another_order_is_read_too() -> None:
    """As the SDK itself writes: every column followed by its own for several values."""
    body = "user,__mv_user,_time,__mv__time,src,__mv_src,signature_id,__mv_signature_id,sourcetype,__mv_sourcetype\r\n"
    body += "a@b.example,,1700000000,,203.0.113.9,,50034,,azure:monitor:aad,\r\n"
    assert said(at_once([body])) == said(by_the_sdk([body]))
    assert at_once([body]).counted == 1


@pytest.mark.parametrize("header", [ADD_ON, ADD_ON[1:] + ADD_ON[:1]])
def test_chunks_of_several_indexers_come_in_any_order(header: Sequence[str]) -> None:
    """Newest first within a chunk, and the next chunk newer than the one before."""
    row = dict.fromkeys(header, "") | {"src": "203.0.113.9", "user": "a@b.example", "signature_id": "0"}
    row["sourcetype"] = "azure:monitor:aad"
    bodies = [
        text_of(body_of([{**row, "_time": f"{1_700_000_000 + time}.5"} for time in times], header))
        for times in ([50, 40], [90, 60], [45], [30, 20], [25])
    ]
    assert said(at_once(bodies)) == said(by_the_sdk(bodies))


def test_a_quote_that_is_never_closed_takes_all_that_follows() -> None:
    good = RAGGED.split("\n")[1].replace("50034", "0") + "\n"
    head = RAGGED.split("\n")[0] + "\n"
    bodies = [head + good, head + '"1700000009.5","203.0.113.9","a@b.example","azure:monitor:aad","0\n' + good]
    assert said(at_once(bodies)) == said(by_the_sdk(bodies))


@pytest.mark.parametrize("text", LIKE_A_ROW)
def test_a_cell_that_looks_like_rows_is_one_cell(text: str) -> None:
    rows: list[dict[str, str | list[str]]] = [
        {
            "_time": f"{1_700_000_000 + n}.25",
            "src": "203.0.113.9",
            "user": user,
            "user_agent": "curl",
            "app": "",
            "action": "",
        }
        | {"signature_id": "50034", "sourcetype": "azure:monitor:aad"}
        for n, user in enumerate(["a@b.example", text, "c@b.example"])
    ]
    body = text_of(body_of(rows, ADD_ON))
    assert said(at_once([body])) == said(by_the_sdk([body]))
    assert at_once([body]).counted == 3


def test_successes_are_kept_short_where_their_lines_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"_time": f"{1_700_000_900 - n}.5", "src": "203.0.113.9", "user": f"n{n % 9}@b.example", "app": f"app {n}"}
        | {"sourcetype": "azure:monitor:aad", "signature_id": "0"}
        for n in range(60)
    ]
    body = text_of(body_of(rows))
    expected = said(by_the_sdk([body, body]))
    monkeypatch.setattr("enumwatch.splunk.commands.gathering._MOST_LINES", 10)
    assert said(at_once([body, body])) == expected
