"""The summary of a run says what was read, what was left out and why."""

from __future__ import annotations

import pytest
from tests.hostile.corpus import each_hostile_text, poisoned
from tests.report import more_examples

from enumwatch.report.layout import cell_width
from enumwatch.report.run_text import summary_text


def told(**changes: object) -> str:
    return " ".join(summary_text(more_examples.summary(**changes)).split())


@pytest.mark.parametrize(
    "words",
    [
        "Read 5 files: 129,457 records, 121,029 events, 9,412 contacts; 5 findings.",
        "Not counted: 5 duplicates, 8,420 not relevant, 3 unreadable.",
        "entra_signin: 2 files, 119,314 events",
        "signins-2026-03-02.ndjson.gz: 3 unreadable; line 7: not valid JSON; expected one JSON object per line",
        "exports/notes.docx: 1 skipped; no known log",
        "unified.csv: 3 records, for example '2023-13-45'",
        "(counted as unclear) entra_signin 7000999: 61 attempts entra_signin 999999: 4 attempts",
        "counted as noise entra_signin 50058: 1,204 attempts",
        "allowlist.csv:3 (ip 192.0.2.43): 124 events, 1 finding; pen test 2026-03, owner soc@contoso.example",
        "allowlist.csv:5 (ip 192.0.2.7): expired 2026-01-31",
        "Could not be seen GetCredentialType",
        "Cut to stay within memory Open incidents",
    ],
)
def test_every_part_of_the_summary_is_told(words: str) -> None:
    assert words in told()


def test_a_run_without_trouble_is_short() -> None:
    assert summary_text(more_examples.quiet_summary()).splitlines() == [
        "Read 1 file: 129,457 records, 121,029 events, 9,412 contacts; 0 findings.",
        "  Not counted: 5 duplicates, 8,420 not relevant.",
        "  Period 2026-03-01 - 2026-03-04 UTC",
        "Logs",
        "  entra_signin: 1 file, 61,200 events",
    ]


def test_a_copy_is_named_apart_from_what_could_not_be_read() -> None:
    copy = {"duplicate_of": "exports/a.log", "reason": "it is a copy, byte for byte, of exports/a.log"}
    files = [more_examples.file_entry("exports/a.log", "iis", 9), more_examples.file_entry("b.log", "", 0, **copy)]
    words = told(files=files)
    assert "Given more than once, counted once b.log: it is a copy, byte for byte, of exports/a.log" in words
    assert words.startswith("Read 1 file: ")
    assert "Could not be read in full" not in words


def test_long_parts_say_how_much_was_left_out() -> None:
    codes = [{"source": "entra_signin", "code": str(code), "attempts": 1} for code in range(50)]
    assert "and 30 more" in told(unknown_codes=codes)


def test_many_problems_in_one_file_are_cut_with_their_number() -> None:
    problems = [{"line": line, "what": "not valid JSON", "expected": None} for line in range(9)]
    assert "and 6 more" in told(files=[more_examples.file_entry("a.ndjson", "entra_signin", 9, problems=problems)])


@each_hostile_text
def test_hostile_file_names_and_values_stay_harmless(text: str) -> None:
    summary = summary_text(poisoned(more_examples.summary(), text))
    assert summary.replace("\n", "").isprintable()
    assert max(map(cell_width, summary.splitlines())) <= 80
