"""Hostile text is shown, never obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from tests.hostile.corpus import each_hostile_text

from enumwatch.report.visible import TEXT_LIMIT, visible, visible_tree


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("anna@contoso.example", "anna@contoso.example"),
        ("CONTOSO\\anna", "CONTOSO\\anna"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u202eb"),
        ("a\x00b\x9bc", "a\\x00b\\x9bc"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("a\u00a0b\u2028", "a\\xa0b\\u2028"),
        ("\u3164", "\\u3164"),
        ("Jörg Müller 田中 Ωmega", "Jörg Müller 田中 Ωmega"),
    ],
)
def test_control_bidi_and_invisible_characters_become_visible_escapes(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@each_hostile_text
def test_no_hostile_text_keeps_a_character_that_acts(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    shown.encode("utf-8")


def test_long_text_is_cut_and_says_how_long_it_was() -> None:
    assert visible("x" * 65_536) == "x" * TEXT_LIMIT + "... (65,536 characters)"


def test_escapes_cannot_make_a_cut_text_long_again() -> None:
    assert len(visible("\u202e" * 65_536)) < TEXT_LIMIT + 30


def test_only_a_few_combining_marks_stay_on_a_letter() -> None:
    assert visible("a" + "\u0301" * 5) == "a\u0301\u0301\u0301\\u0301\\u0301"


def test_trees_are_made_visible_down_to_keys_and_lists() -> None:
    tree = {"a\x1b": [{"b": "\x00"}, 3, None, True]}
    assert visible_tree(tree) == {"a\\x1b": [{"b": "\\x00"}, 3, None, True]}
