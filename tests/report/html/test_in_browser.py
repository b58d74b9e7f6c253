"""In a real browser the page runs nothing, asks for nothing and breaks no rule of its own policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.hostile.corpus import CORPUS, SCRIPTS, poisoned, with_hostile_names
from tests.report import more_examples
from tests.report.html.browser import CHROMIUM, visit
from tests.visibility.telling import report, row

from enumwatch.report.html import render
from enumwatch.rulebook.compiled import compiled
from enumwatch.visibility.report import lost_by_field

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian package chromium)")

COMPLAINTS = re.compile(r"Content Security Policy|Refused to|violates|CONSOLE.*[Ee]rror")


def hostile_page() -> str:
    """Returns one page that holds the whole corpus, in every field."""
    verdicts = []
    for number, text in enumerate(CORPUS):
        for poison in (poisoned, with_hostile_names):
            example = more_examples.verdicts()[number % 6]
            verdicts.append(poison(example, text) | {"finding_id": f"ew-{len(verdicts)}"})
    seen = report([row(code=text) for text in CORPUS] + [row(text) for text in CORPUS], notes=tuple(CORPUS))
    summary = poisoned(more_examples.summary(), SCRIPTS[0])
    return render(verdicts, summary, generated_by=SCRIPTS[1], visibility=seen, lost=lost_by_field(compiled()))


def title(dom: str) -> str:
    found = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_whole_hostile_corpus_runs_nothing_and_asks_for_nothing(tmp_path: Path) -> None:
    page = hostile_page()
    seen = visit(page, tmp_path)
    assert seen.requests == []
    assert title(seen.dom) == title(page)
    assert not COMPLAINTS.search(seen.console)
    assert seen.dom.count("<article") == page.count("<article")


def test_an_ordinary_report_follows_its_own_policy(tmp_path: Path) -> None:
    seen = visit(render(more_examples.verdicts(), more_examples.summary(), generated_by="x"), tmp_path)
    assert seen.requests == []
    assert not COMPLAINTS.search(seen.console)


def test_the_browser_would_have_told_of_a_script_and_of_a_request(tmp_path: Path) -> None:
    image = "<img src='http://evil.example/b' onerror=\"document.title='PWNED'\">"
    seen = visit(f"<!DOCTYPE html><title>calm</title>{image}", tmp_path)
    assert title(seen.dom) == "PWNED"
    assert any("evil.example/b" in line for line in seen.requests)


def test_the_policy_alone_stops_markup_that_would_slip_through(tmp_path: Path) -> None:
    page = render(more_examples.verdicts(), more_examples.summary(), generated_by="MARK")
    payload = "".join(SCRIPTS[:1] + SCRIPTS[2:5]) + "<p style='color:red'>x</p>"
    seen = visit(page.replace("MARK", payload), tmp_path)
    assert seen.requests == []
    assert title(seen.dom) == title(page)
    assert COMPLAINTS.search(seen.console)
