from __future__ import annotations

import json
from pathlib import Path

import pytest

from enumwatch.engines.local.intake import Limits, sample

from .reading import batch_of, cleaned, duckdb_count, records, skipped_of

ONE, TWO = {"a": {"b": "1"}}, {"a": {"b": "2"}, "c": [1, 2.5, None]}
PAIR = [ONE, TWO]


def dumped(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, indent=indent).encode()


PAGES = {
    "array": PAIR,
    "diagnostic": {"records": PAIR},
    "graph": {"@odata.context": "https://x", "value": PAIR, "@odata.nextLink": "https://y"},
    "workspace": {"kind": "admin#reports#activities", "etag": "e", "items": PAIR, "nextPageToken": "t"},
    "events": {"events": PAIR},
    "okta_hook": {"eventType": "com.okta.event_hook", "source": "https://x", "data": {"events": PAIR}, "eventId": "1"},
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_records_of_every_page_come_out(tmp_path: Path, page: object, indent: int | None) -> None:
    assert records(batch_of(tmp_path, dumped(page, indent))) == PAIR


@pytest.mark.parametrize("page", list(PAGES.values())[1:], ids=list(PAGES)[1:])
def test_pages_on_lines_of_their_own_are_unwrapped(tmp_path: Path, page: object) -> None:
    found = batch_of(tmp_path, dumped(page) + b"\n" + dumped(page) + b"\n" + dumped(ONE))
    assert records(found) == [*PAIR, *PAIR, ONE]


def test_a_page_longer_than_what_is_sniffed_is_streamed(tmp_path: Path) -> None:
    many = [{"n": i, "text": "x" * 100} for i in range(5000)]
    found = batch_of(tmp_path, dumped({"records": many}))
    assert (found.records, found.container) == (5000, "json")


def test_search_hits_give_the_source_with_its_id(tmp_path: Path) -> None:
    hits = [{"_index": "i", "_id": str(n), "_score": 1.0, "_source": {"n": n}} for n in range(2)]
    expected = [{"n": 0, "_id": "0"}, {"n": 1, "_id": "1"}]
    assert records(batch_of(tmp_path, dumped({"took": 3, "hits": {"total": 2, "hits": hits}}, 1))) == expected
    assert records(batch_of(tmp_path, b"\n".join(map(dumped, hits)))) == expected


RECORDS = {
    "activity": {"kind": "admin#reports#activity", "id": {}, "events": [{"name": "login"}]},
    "wrapped_sample": {"rule": "r", "test": "t", "expected": True, "log": {"a": 1}},
    "own_value": {"name": "x", "value": [{"a": 1}]},
    "scalar_records": {"records": [1, 2]},
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_record_that_only_resembles_a_page_stays_whole(tmp_path: Path, record: object) -> None:
    content = dumped(record) + b"\n" + dumped(ONE) + b"\n"
    assert records(batch_of(tmp_path, content)) == [record, ONE]
    assert records(batch_of(tmp_path, dumped(record, 2))) == [record]


def test_objects_printed_one_after_another_are_all_read(tmp_path: Path) -> None:
    assert records(batch_of(tmp_path, dumped(ONE, 2) + b"\n" + dumped(TWO, 2))) == PAIR
    assert records(batch_of(tmp_path, dumped(ONE) + dumped(TWO))) == PAIR


def test_a_truncated_array_gives_its_complete_records_and_a_problem(tmp_path: Path) -> None:
    found = batch_of(tmp_path, dumped({"records": [*PAIR, TWO]})[:-12])
    assert records(found) == PAIR
    assert "ends in the middle of a record (after 2 complete ones)" in found.problems[0].what


def test_an_array_broken_in_the_middle_says_what_was_not_read(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b'[{"a":1},\n{"a":2},\n{"a" 3},\n{"a":4}]')
    assert records(found) == [{"a": 1}, {"a": 2}]
    assert "broken after 2 records" in found.problems[0].what


def test_elements_that_are_no_objects_are_counted(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b'[{"a":1}, 5, "x", {"a":2}]')
    assert (found.records, found.unreadable) == (2, 2)


def test_an_empty_page_holds_no_records(tmp_path: Path) -> None:
    assert skipped_of(tmp_path, b'{"value":[]}').kind == "empty"
    assert skipped_of(tmp_path, b"[]").kind == "empty"


def test_numbers_beyond_64_bits_do_not_end_the_reading(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b'[{"a":1},{"a":123456789012345678901234567890},{"a":1.5}]')
    assert records(found) == [{"a": 1}, {"a": "123456789012345678901234567890"}, {"a": 1.5}]


def test_an_element_without_end_stops_at_the_limit(tmp_path: Path) -> None:
    content = b'[{"a":1},{"a":"' + b"x" * (4 << 20) + b'"}]'
    found = batch_of(tmp_path, content, limits=Limits(max_record_bytes=1 << 20))
    assert found.records == 1
    assert "longer than 1048576 bytes" in found.problems[0].what


def test_a_record_nested_too_deep_for_duckdb_is_left_out(tmp_path: Path) -> None:
    deep = b'{"a":' + b"[" * 200 + b"]" * 200 + b"}"
    flat_with_many_brackets = dumped({"a": ["[{" * 200]})
    found = batch_of(tmp_path, b'[{"a":1},' + deep + b"," + flat_with_many_brackets + b"]")
    assert (found.records, found.unreadable, duckdb_count(found)) == (2, 1, 2)
    lines = cleaned(tmp_path, batch_of(tmp_path, b'{"a":1}\n' + deep + b"\n"))
    assert (lines.records, lines.unreadable) == (1, 1)


def test_half_surrogates_are_replaced(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, b'{"a":"x\\ud800y"}\n{"a":"\\ud83d\\ude00"}\n'))
    assert records(found) == [{"a": "x\ufffdy"}, {"a": "\U0001f600"}]
    assert duckdb_count(found) == 2


def test_healthy_lines_are_read_in_place(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b'{"a":1}\r\n\r\n{"a":2}\r\n')
    assert (found.form, found.is_spool, found.file) == ("ndjson", False, str(tmp_path / "input"))
    assert sample(found) == [{"a": 1}, {"a": 2}]


def test_a_broken_first_line_does_not_hide_the_rest(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b'{"a": "tr\n{"a":1}\n{"a":2}\n')
    assert (records(found), found.unreadable, found.problems[0].line) == ([{"a": 1}, {"a": 2}], 1, 1)


def test_what_only_begins_like_json_is_named(tmp_path: Path) -> None:
    assert "begins like JSON but is not" in skipped_of(tmp_path, b"{hello} world\n{again}\n").reason


HUGE = b'{"a":' + b"9" * 5000 + b"}"


def test_a_number_of_thousands_of_digits_ends_an_array_and_is_told(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b'[{"a":1},' + HUGE + b',{"a":3}]')
    assert records(found) == [{"a": 1}]
    assert found.problems[0].what == "the JSON text is broken after 1 records, what follows was not read"


def test_a_number_of_thousands_of_digits_costs_its_line(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, HUGE + b'\n{"a":1}\n' + HUGE + b'\n{"a":3}\n'))
    assert records(found) == [{"a": 1}, {"a": 3}]
    assert found.unreadable == 2
