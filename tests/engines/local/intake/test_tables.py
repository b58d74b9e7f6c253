from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from enumwatch.engines.local.intake import Limits, sample

from .reading import batch_of, cleaned, records, skipped_of

PLAIN = b'Date (UTC),"Application ID ",Incoming token type,Incoming token type\n2026,"a,b",p,q\n2027,"x\ny",r,s\n'


def test_a_plain_table_is_read_in_place_with_its_headings_as_written(tmp_path: Path) -> None:
    found = batch_of(tmp_path, PLAIN)
    assert (found.form, found.is_spool, found.delimiter, found.skip_lines) == ("csv", False, ",", 1)
    assert found.columns == ["Date (UTC)", "Application ID ", "Incoming token type", "Incoming token type"]
    rows = duckdb.execute(
        "SELECT * FROM read_csv(?, header = false, skip = 1, all_varchar = true)", [found.file]
    ).fetchall()
    assert rows == [("2026", "a,b", "p", "q"), ("2027", "x\ny", "r", "s")]


def test_a_cleaned_table_has_the_cells_by_heading_and_repeats_numbered(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, PLAIN))
    assert records(found)[1] == {
        "Date (UTC)": "2027",
        "Application ID ": "x\ny",
        "Incoming token type": "r",
        "Incoming token type_2": "s",
    }


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_recognised(tmp_path: Path, delimiter: str) -> None:
    text = "time,user,ip\n1,a b,x\n2,c,y\n".replace(",", delimiter)
    assert records(batch_of(tmp_path, text.encode()))[0] == {"time": "1", "user": "a b", "ip": "x"}


PROXY_HEAD = b"#Software: Microsoft Exchange Server\n#Version: 15.01\n#Log-type: HttpProxy Logs\n#Date: 2026-03-02\n"


def test_comment_lines_before_or_behind_the_heading_are_passed_over(tmp_path: Path) -> None:
    rows = b"2026-03-02T09:00:00Z,7,203.0.113.9\n,8,\n"
    expected = [
        {"DateTime": "2026-03-02T09:00:00Z", "RequestId": "7", "ClientIpAddress": "203.0.113.9"},
        {"DateTime": "", "RequestId": "8", "ClientIpAddress": ""},
    ]
    heading = b"DateTime,RequestId,ClientIpAddress\n"
    fields = b"#Fields: DateTime,RequestId,ClientIpAddress\n"
    for content in (
        PROXY_HEAD + heading + rows,
        heading + PROXY_HEAD + fields + rows,
        PROXY_HEAD + fields + rows,
        PROXY_HEAD + fields + heading + rows,
    ):
        found = batch_of(tmp_path, content)
        assert (found.container, records(found), found.problems) == ("csv", expected, [])


def test_a_heading_repeated_in_the_middle_is_no_row(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, b"a,b\n1,2\na,b\n3,4\n"))
    assert [record["a"] for record in records(found)] == ["1", "3"]


def test_rows_of_another_width_are_named_by_line(tmp_path: Path) -> None:
    found = cleaned(tmp_path, batch_of(tmp_path, b"a,b,c\n1,2,3\n4,5\n6,7,8\n9,9,9,9\n"))
    assert (found.records, found.unreadable) == (2, 2)
    assert [(problem.line, problem.what) for problem in found.problems] == [
        (3, "the row has 2 cells"),
        (5, "the row has 4 cells"),
    ]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    content = b"a,b,c\n1,2,3\n" * 1 + b'4,"5,6\n' + b"7,8,9\n" * 50
    found = cleaned(tmp_path, batch_of(tmp_path, content))
    assert (found.records, found.unreadable, found.problems[0].line) == (51, 1, 3)


def test_a_cell_beyond_the_limit_costs_one_row(tmp_path: Path) -> None:
    limits, before = Limits(max_line_bytes=1000), csv.field_size_limit()
    content = b"a,b,c\n1,2,3\n4," + b"x" * 2000 + b",5\n6,7,8\n"
    found = cleaned(tmp_path, batch_of(tmp_path, content, limits=limits), limits)
    assert (found.records, found.unreadable) == (2, 1)
    assert csv.field_size_limit() == before


def test_text_with_commas_is_no_table(tmp_path: Path) -> None:
    assert skipped_of(tmp_path, b"one, two, three\nonce upon a time\nthere was\na log\n").kind == "unknown"


def test_a_sample_takes_rows_from_the_start_the_middle_and_the_end(tmp_path: Path) -> None:
    content = b"n,text\n" + b"".join(b"%d,%s\n" % (i, b"x" * 100) for i in range(40_000))
    numbers = [int(record["n"]) for record in sample(batch_of(tmp_path, content), limit=10)]
    assert numbers[:10] == list(range(10))
    assert len(numbers) == 50
    assert any(15_000 < number < 25_000 for number in numbers)
    assert numbers[-1] > 37_000


def test_a_parquet_file_is_read_in_place_and_sampled(tmp_path: Path) -> None:
    file = tmp_path / "made.parquet"
    duckdb.execute(f"COPY (SELECT i AS n, now() AS t, {{'k': i}} AS s FROM range(5000) r(i)) TO '{file}'")
    found = batch_of(tmp_path, file.read_bytes())
    assert (found.form, found.is_spool) == ("parquet", False)
    taken = sample(found, limit=5)
    assert [record["n"] for record in taken[:5]] == [0, 1, 2, 3, 4]
    assert taken[0]["s"] == {"k": 0}
    assert taken[-1]["n"] == 4999


def test_a_broken_parquet_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "made.parquet"
    duckdb.execute(f"COPY (SELECT i AS n FROM range(5000) r(i)) TO '{file}'")
    content = file.read_bytes()
    assert "Parquet file is truncated" in skipped_of(tmp_path, content[:-100]).reason
    assert "Parquet file is damaged" in skipped_of(tmp_path, b"PAR1" + b"\xff" * 60 + b"\x20\0\0\0PAR1").reason
    assert "Parquet file is truncated" in skipped_of(tmp_path, b"PAR1").reason
