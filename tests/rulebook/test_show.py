"""Show, list and check: what a person reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from enumwatch.rulebook import commands
from enumwatch.rulebook.load import load, rules_of
from enumwatch.rulebook.show import WIDTH, listing, show

from .bad_rules import SMALL

SHIPPED = load()

DEMO_RULE = """\
demo_rule: Somebody signs in often
==================================
Version 1, stable, on
Techniques: T1110.001 (Brute Force: Password Guessing)
Playbook:   T1078
Reads:      sign_in of demo_log

More than 10 attempts in 10 minutes.

Limits
  attempts = 10 attempts
      attempts in the window
  share = 0.5
      share of failures
  window = 10 minutes
      sliding window

Known gaps
  - Slower attempts than 10 attempts in 10 minutes stay unseen.

False positives
  - A forgetful user: None.

References
  - none

Cases
  - eleven attempts: Password Guessing
  - ten attempts are below the limit: No Finding
  - eleven attempts in more than the window: No Finding
  - attempts without an address: Not Enough Evidence
"""


def test_detection_reads_like_this() -> None:
    assert show("demo_rule", load(SMALL)) == DEMO_RULE


def test_listing_reads_like_this() -> None:
    assert listing(load(SMALL)) == (
        "Detections\n  demo_rule  v1 stable  Somebody signs in often\n\n"
        "Sources\n  demo_log  v1  A log for tests\n\n"
        "Playbooks\n  T1078  v1  Valid Accounts\n"
    )


@pytest.mark.parametrize("name", [rule.id for rule in rules_of(SHIPPED)])
def test_shipped_rule_fits_the_page_and_hides_nothing(name: str) -> None:
    text = show(name, SHIPPED)
    assert max(map(len, text.splitlines())) <= WIDTH
    words = " ".join(text.split())
    for rule in rules_of(SHIPPED):
        if rule.id == name:
            for sentence in (*rule.content.get("known_gaps", ()), *rule.content.get("references", ())):
                # A hyphen may end a line, so only words without one are sure to stand unbroken.
                assert all(word in words for word in sentence.split() if "-" not in word and "{" not in word)


def test_listing_of_the_shipped_rules_fits_the_page_and_names_all() -> None:
    text = listing(SHIPPED)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(f"  {rule.id} " in text for rule in rules_of(SHIPPED))


def test_switched_off_rule_says_so() -> None:
    assert "v1 baseline, off" in listing(SHIPPED)
    assert "off unless asked for" in show("published_threshold", SHIPPED)


def test_rule_text_cannot_move_the_cursor(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "sources" / "demo_log.yml"
    text = path.read_text(encoding="utf-8").replace("title: A log for tests", 'title: "A\\e[2J log"')
    path.write_text(text, encoding="utf-8")
    book = load(tmp_path)
    assert "\x1b" not in show("demo_log", book) + listing(book)


def test_check_counts_rules(tmp_path: Path) -> None:
    lines: list[str] = []
    assert commands.check(None, lines.append) == 0
    assert lines[-1].endswith("3 playbooks: no problems")


def test_check_of_broken_rules_names_them_and_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "mine.yml").write_text("[]\n", encoding="utf-8")
    lines: list[str] = []
    assert commands.check(tmp_path, lines.append) == 2
    assert lines == [
        f"{tmp_path.as_posix()}/sources/mine.yml:1: the file holds no rule; expected a mapping, found a list",
        "1 problem: repair it and check again",
    ]


def test_unknown_rule_is_answered_with_the_nearest() -> None:
    lines: list[str] = []
    assert commands.show_rule("email_enumeratoin", lines.append) == 2
    assert lines == ['There is no rule "email_enumeratoin": did you mean "email_enumeration"?']
    lines.clear()
    assert commands.show_rule("zzz", lines.append) == 2
    assert lines == ['There is no rule "zzz": enumwatch rules list shows all.']


def test_show_and_list_print_line_by_line() -> None:
    lines: list[str] = []
    assert commands.show_rule("T1589", lines.append) == 0
    assert commands.list_rules(lines.append) == 0
    assert "Detections" in lines
    assert not any("\n" in line for line in lines)
