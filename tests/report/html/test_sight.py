"""The page tells what the logs show in the same words and numbers as the visibility report, and stays small."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.hostile.corpus import each_hostile_text
from tests.report import more_examples
from tests.report.html.markup import Markup
from tests.visibility.telling import DAY, NOW, every_log, report, row

from enumwatch.report.html import render
from enumwatch.report.html.sight import NAMES_SHOWN
from enumwatch.report.visibility import HEADS, lacks, shown_by, step_text
from enumwatch.rulebook.compiled import compiled
from enumwatch.visibility.report import lost_by_field

LOST = lost_by_field(compiled())
_LARGEST = 15_000  # characters that the section adds to a page


def page(found: dict[str, Any] | None) -> str:
    return render([], more_examples.quiet_summary(), generated_by="x", visibility=found, lost=LOST)


def troubled() -> dict[str, Any]:
    """What a log with empty fields, a silent one and one with hidden names show."""
    return report(
        [
            row(filled={"user_agent": 10}),
            row("okta_system", hidden=60, code="strange"),
            row("iis", "autodiscover", first=NOW - 30 * DAY, last=NOW - 20 * DAY),
        ]
    )


@pytest.mark.parametrize("found", [report([]), troubled(), report(every_log())], ids=["nothing", "some", "everything"])
def test_the_page_tells_all_of_the_report(found: dict[str, Any]) -> None:
    text = Markup(page(found)).text
    titles = {log["log"]: log["title"] for log in found["logs"]}
    for one in found["techniques"]:
        told = text[text.index(one["technique"]) :].split()
        numbers = [word for word in told if word.isdigit()][:5]
        assert numbers == [str(one[key]) for key in ("score", "seen", "partly", "not_read", "never")]
    for way in found["ways"]:
        assert f"{way['title']}{shown_by(way, titles)}" in text
        assert HEADS[way["state"]] in text
    for log in found["logs"]:
        assert log["title"] in text
        assert all(one in text for one in lacks(log, LOST)) or not log["events"]
    for step in found["next"]:
        assert step_text(step, titles)[1:] in text
        assert f"How: {step['connect']}" in text
    assert ("Nothing: every log that adds something was read." in text) is (not found["next"])


def test_a_page_of_rules_that_do_not_say_it_has_no_such_part() -> None:
    text = Markup(page(None)).text
    assert "Nothing that the logs read here are known to hide." in text
    assert "Connect next" not in text
    assert "Some probing leaves no trace" in Markup(page(report([]))).text


@cache
def named(word: str) -> Markup:
    """The page where logs, codes and notes are called this."""
    rows = [row(code=f"{word}1"), row(f"{word}2"), row("okta_system", code=word)]
    return Markup(page(report(rows, notes=(f"note {word}",))))


@each_hostile_text
def test_names_of_logs_codes_and_notes_are_text(text: str) -> None:
    assert [tag for tag, _ in named(text).tags] == [tag for tag, _ in named("harmless").tags]
    assert named(text).open_tags == named(text).wrongly_closed == []


def test_the_part_is_small_whatever_the_logs_say() -> None:
    rows = [row(f"log {number} {'x' * 1_000}") for number in range(2_000)]
    rows += [row(code=f"code {number} {'y' * 1_000}") for number in range(500)]
    found = page(report(rows, notes=tuple(f"note {number}" for number in range(100))))
    assert len(found) - len(page(None)) < _LARGEST
    assert f"and {2_000 - NAMES_SHOWN:,} more" in Markup(found).text
