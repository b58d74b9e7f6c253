from __future__ import annotations

import re
from pathlib import Path

import pytest

from enumwatch.core.lookup_rows import LookupProblems
from enumwatch.lookups import COLUMNS, GENERATED, load_lookups, shipped_lookups

ALLOWLIST = "type,value,tenant,detections,reason,owner,starts,expires\n"


def refused(folder: Path) -> list[str]:
    with pytest.raises(LookupProblems) as caught:
        load_lookups(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_tables_load() -> None:
    lookups = load_lookups()
    assert lookups.outcomes.outcome("entra", "50034") == "not_found"
    assert len(lookups.allowlist) == 0
    assert set(lookups.tables) == set(COLUMNS)
    # The keys are the outcome table once more, as Splunk looks it up.
    files = {f"enumwatch_{name}.csv" for name in (*COLUMNS, *GENERATED)}
    assert {file.name for file in shipped_lookups().glob("*.csv")} == files


def test_a_copy_of_all_shipped_tables_is_a_folder_of_ones_own() -> None:
    assert load_lookups(shipped_lookups()).outcomes.outcome("entra", "50034") == "not_found"


def test_the_manual_shows_the_columns_that_are_asked_for() -> None:
    manual = Path(__file__).parents[1].joinpath("docs", "lookups.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `enumwatch_(\w+)\.csv` \| ([^|]*?) \|", manual, re.MULTILINE)
    assert {name: tuple(columns.split(", ")) for name, columns in rows} == COLUMNS


def test_a_table_of_ones_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "enumwatch_allowlist.csv"
    own.write_text(ALLOWLIST + "# the test of March\nip,192.0.2.43,,,pen test,soc,,2026-04-01\n")
    (tmp_path / "notes.txt").write_text("no table")
    lookups = load_lookups(tmp_path)
    assert [entry.where for entry in lookups.allowlist.entries] == [f"{own.as_posix()}:3"]
    assert lookups.tables["outcomes"].path == "lookups/enumwatch_outcomes.csv"
    assert len(lookups.outcomes) == len(load_lookups().outcomes)


def test_byte_order_mark_blank_lines_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    text = '# mine\r\n\r\ndomain,tenant,kind\r\n\r\n"contoso.example",,own\r\n'
    (tmp_path / "enumwatch_domains.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    lookups = load_lookups(tmp_path)
    assert lookups.organisation.own == {"contoso.example"}
    assert [row.line for row in lookups.rows("domains")] == [5]


def test_a_hash_inside_quotes_is_no_comment_and_rows_keep_their_lines(tmp_path: Path) -> None:
    rows = 'ip,192.0.2.1,,,"two lines\n# of reason",soc,,2026-04-01\nip,192.0.2.2,,,x,soc,,2026-04-01\n'
    (tmp_path / "enumwatch_allowlist.csv").write_text(ALLOWLIST + rows)
    entries = load_lookups(tmp_path).allowlist.entries
    assert [(entry.line, entry.reason) for entry in entries] == [(2, "two lines\n# of reason"), (4, "x")]


def test_separators_of_other_alphabets_do_not_end_a_line(tmp_path: Path) -> None:
    (tmp_path / "enumwatch_allowlist.csv").write_text(
        ALLOWLIST + "ip,192.0.2.1,,,a\u2028b\x85c\x0bd,soc,,2026-04-01\n", encoding="utf-8"
    )
    assert load_lookups(tmp_path).allowlist.entries[0].reason == "a\u2028b\x85c\x0bd"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ":1: has no header"),
        (b"domain,kind\nx.example,own\n", ":1: column tenant is missing"),
        (b"domain,tenant,kind,note\n", ":1: unknown column"),
        (b"domain;tenant;kind\nx.example;;own\n", ":1: cells are not separated by commas"),
        (b"domain\ttenant\tkind\n", ":1: cells are not separated by commas"),
        (b"domain,tenant,kind,kind\n", ":1: column given twice"),
        (b"domain,tenant,kind\nx.example,own\n", ":2: wrong number of cells"),
        (b"domain,tenant,kind\nx.example,,own\n\xffy.example,,own\n", ":3: is not UTF-8"),
        ("domain,tenant,kind\n".encode("utf-16"), ":1: holds a NUL character"),
        (b"domain,tenant,kind\n\nx\x00.example,,own\n", ":3: holds a NUL character"),
        (b'domain,tenant,kind\n"x.example,,own\n', ":2: is not CSV"),
        (b'domain,tenant,kind\n"x"y,,own\n', ":2: is not CSV"),
        (b"domain,tenant,kind\n" + b"x" * 200_000 + b",,own\n", ":2: is not CSV"),
        (b"domain,tenant,kind\nx.example,,mine\n", ":2: unknown kind"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "enumwatch_domains.csv"
    file.write_bytes(content)
    assert [text.partition("; expected")[0] for text in refused(tmp_path)] == [f"{file.as_posix()}{problem}"]


def test_problems_of_all_tables_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "enumwatch_allowlist.csv").write_text(ALLOWLIST + "ip,192.0.2.1,,,,soc,,2026-04-01\n")
    (tmp_path / "enumwatch_networks.csv").write_text("cidr,tenant,kind\nx,,vpn\n")
    (tmp_path / "enumwatch_threat_intel.csv").write_text(
        "type,value,source,confidence,seen\nip,x,feed,high,2026-01-01\n"
    )
    found = refused(tmp_path)
    assert [text.partition(tmp_path.as_posix())[2].partition(";")[0] for text in found] == [
        "/enumwatch_allowlist.csv:2: reason is empty",
        "/enumwatch_networks.csv:2: value is no network",
        "/enumwatch_threat_intel.csv:2: bad value",
    ]


def test_an_unknown_table_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "enumwatch_allow_list.csv").write_text(ALLOWLIST)
    (tmp_path / "enumwatch_domains.csv").write_text("domain\n")
    assert [text.partition(";")[0].rpartition(": ")[2] for text in refused(tmp_path)] == [
        "unknown lookup table",
        "column tenant is missing",
        "column kind is missing",
    ]
    assert "no such folder" in refused(tmp_path / "absent")[0]


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "enumwatch_domains.csv").mkdir()
    assert refused(tmp_path)[0].startswith(f"{tmp_path.as_posix()}/enumwatch_domains.csv:1: cannot be read; expected ")
