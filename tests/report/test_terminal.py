"""The findings table fits 80 columns whatever the log says, and ends in one next step."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tests.hostile.corpus import each_hostile_text, poisoned
from tests.report import examples, more_examples

from enumwatch.report.layout import cell_width
from enumwatch.report.terminal import findings_table, next_step
from enumwatch.rulebook.compiled import compiled


def test_findings_are_listed_worst_first_with_their_numbers() -> None:
    lines = findings_table(more_examples.verdicts()).splitlines()
    assert lines[:7] == [
        "SCORE  VERDICT                      TRIED ABSENT FOUND  WHEN (UTC)",
        "   97  Compromise Suspected           388    357    31  2026-03-01 - 2026-03-04",
        "       ew-9c41d20b7a55e018  214 addresses in 198.51.100.0/24, BAV2ROPC",
        "       compromised: dilek.adler@contoso.example, jonas.adler@contoso.example",
        "   82  High Confidence Enumeration     56     51     5  2026-03-02 09:00-09:40",
        "       ew-3f2a9c0d1e4b5a67  2001:0db8:85a3:0000:0000:8a2e:0370:7334,",
        "                            python-requests/2.31",
    ]


def test_a_suppressed_finding_names_its_entry() -> None:
    text = findings_table([more_examples.suppressed_pen_test()])
    assert "suppressed by lookups/enumwatch_allowlist.csv:3: pen test 2026-03" in text


def test_a_measure_that_the_log_hides_is_a_dash_not_a_zero() -> None:
    line = findings_table([more_examples.hidden_names()]).splitlines()[1]
    assert line.split() == ["20", "Not", "Enough", "Evidence", "0", "-", "0", "2026-03-03", "07:00-07:03"]


def test_where_no_names_were_tried_there_are_dashes() -> None:
    burst = more_examples.account_burst()
    burst["evidence"] |= {"names_tried": 0, "names_absent": 0}
    assert "Account Creation Burst           -      -     -  2026" in findings_table([burst])


def test_large_numbers_are_shortened_to_stay_in_their_column() -> None:
    verdict = examples.high_enumeration()
    verdict["evidence"] |= {"names_tried": 123_456, "names_absent": 7_654_321}
    assert " 123k     8M     5 " in findings_table([verdict])


def test_nothing_found_is_said() -> None:
    assert findings_table([]) == "No findings."


@each_hostile_text
def test_hostile_text_neither_acts_nor_widens_the_table(text: str) -> None:
    table = findings_table([poisoned(verdict, text) for verdict in more_examples.verdicts()])
    assert table.replace("\n", "").isprintable()
    assert max(map(cell_width, table.splitlines())) <= 80


def test_colour_is_written_only_when_asked_for() -> None:
    verdicts = more_examples.verdicts()
    assert "\x1b" not in findings_table(verdicts)
    coloured = findings_table(verdicts, colour=True)
    assert "\x1b[1;31mCompromise Suspected       \x1b[0m" in coloured
    assert coloured.count("\x1b[0m") == 5


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([], "nothing to act on"),
        ([more_examples.suppressed_pen_test()], "nothing to act on"),
        (more_examples.verdicts(), "contain dilek.adler@contoso.example and 1 more: end all sessions"),
        ([examples.high_enumeration()], "block it if not, and watch the names it found ("),
        ([more_examples.spray()], "block 203.0.113.77, and check the tried accounts"),
        ([more_examples.account_burst()], "ask the owner of helpdesk7@contoso.example"),
        ([more_examples.hidden_names()], "add that log and scan again"),
    ],
)
def test_the_next_step_follows_from_the_worst_active_finding(verdicts: list[dict[str, object]], words: str) -> None:
    assert words in next_step(verdicts, compiled()["detections"])


@each_hostile_text
def test_the_next_step_stays_one_harmless_line(text: str) -> None:
    for verdict in more_examples.verdicts():
        kept = {key: verdict[key] for key in ("verdict", "detection")}
        assert next_step([poisoned(verdict, text) | kept], compiled()["detections"]).isprintable()
        assert next_step([poisoned(verdict, text)], {}).isprintable()


def test_the_terminal_part_loads_no_plotting_or_template_library() -> None:
    code = "import sys, enumwatch.report.terminal, enumwatch.report.csv; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    loaded = set(done.stdout.split())
    assert "enumwatch.report.terminal" in loaded
    assert not loaded & {"jinja2", "pygal", "matplotlib", "numpy", "rich"}
