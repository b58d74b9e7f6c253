"""One finding explained: evidence, reasons and gaps, at 80 columns."""

from __future__ import annotations

from tests.hostile.corpus import each_hostile_text, poisoned
from tests.report import examples, more_examples

from enumwatch.report.explain import explain
from enumwatch.report.layout import cell_width


def test_the_verdict_its_sentence_and_its_score_come_first() -> None:
    lines = explain(more_examples.spray()).splitlines()
    assert lines[0] == "Password Spray                                       score 64, medium confidence"
    assert lines[1] == "ew-000000000051b0ad  password_spray, version 1"
    assert lines[3] == "203.0.113.77 tried passwords on 40 names, 2.3 each in 105 minutes."


def test_reasons_gaps_accounts_and_measures_are_all_told() -> None:
    told = " ".join(explain(examples.compromise()).split())
    assert "Why - 357 of 388 names do not exist (92 %)" in told
    assert "Compromised accounts (2) dilek.adler@contoso.example, jonas.adler@contoso.example" in told
    assert "Share of names that do not exist 92 %" in told
    assert "198.51.100.0/24 (proxy list, high confidence, seen 2026-02-27)" in told
    assert "Known tool TREVORspray, by app and agent, medium confidence" in told
    assert "exists, right password dilek.adler@contoso.example" in told


def test_what_is_not_known_is_told() -> None:
    told = " ".join(explain(more_examples.hidden_names()).split())
    assert "Not known - Microsoft 365 audit hides names that do not exist" in told


def test_measures_that_were_not_computed_are_left_out() -> None:
    assert "Neighbours in ascending order" not in explain(more_examples.spray())
    assert "Neighbours in ascending order" in explain(examples.compromise())


def test_long_lists_say_how_many_names_were_left_out() -> None:
    assert "and 11 more" in explain(examples.compromise())


def test_a_suppressed_finding_names_entry_owner_and_end() -> None:
    told = " ".join(explain(more_examples.suppressed_pen_test()).split())
    assert "allowlist.csv:3: pen test 2026-03, owner soc@contoso.example, until 2026-04-01" in told


@each_hostile_text
def test_hostile_text_neither_acts_nor_widens_the_text(text: str) -> None:
    for verdict in more_examples.verdicts():
        told = explain(poisoned(verdict, text))
        assert told.replace("\n", "").isprintable()
        assert max(map(cell_width, told.splitlines())) <= 80
