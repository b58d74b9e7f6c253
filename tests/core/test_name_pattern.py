"""The form that most of a list of names has."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.core.name_pattern import Pattern, pattern_of


@pytest.mark.parametrize(
    ("names", "form"),
    [
        (["ann.adler", "bob.brown"], "first.last"),
        (["a.adler", "b.brown"], "f.last"),
        (["ann.a", "bob.b"], "first.l"),
        (["ann_adler", "bob_brown"], "first_last"),
        (["ann-adler", "bob-brown"], "first-last"),
        (["ann.adler2", "bob.brown17"], "first.last#"),
        (["asmith", "bsmith", "csmith"], "flast"),
        (["smitha", "smithb", "smithc"], "firstl"),
        (["anna", "bruno"], "word"),
        (["user1", "anna22"], "word and number"),
        (["1001", "1002"], "number"),
        (["Jörg.Müller", "Zoë.Brontë"], "first.last"),
    ],
)
def test_a_list_of_one_form_is_told_by_it(names: list[str], form: str) -> None:
    assert pattern_of(f"{name}@contoso.example" for name in names) == Pattern(form, 1.0)
    assert pattern_of(names) == Pattern(form, 1.0)


def test_the_share_is_that_of_the_commonest_form_among_all_names() -> None:
    found = pattern_of(["ann.adler", "bob.brown", "cy.cole", "quill"])
    assert found == Pattern("first.last", 0.75)
    assert pattern_of(["a.b.c", "x!y"]) is None
    assert pattern_of([]) is None


def test_names_without_a_form_count_into_the_whole() -> None:
    assert pattern_of(["ann.adler", "a.b.c", "x!y", "x!z"]) == Pattern("first.last", 0.25)


def test_half_of_the_words_must_share_their_rest() -> None:
    assert pattern_of(["asmith", "bsmith", "ojones", "qadler"]) == Pattern("flast", 1.0)
    assert pattern_of(["asmith", "bsmith", "ojones", "qadler", "tcole"]) == Pattern("word", 1.0)
    # Two letters are shared by chance.
    assert pattern_of(["abc", "xbc"]) == Pattern("word", 1.0)
    assert pattern_of(["abcd", "xbcd"]) == Pattern("flast", 1.0)


def test_single_words_are_of_no_form_that_says_anything() -> None:
    assert not Pattern("word", 1.0).is_made_up
    assert Pattern("flast", 1.0).is_made_up


@given(st.lists(st.text(max_size=12), max_size=30), st.randoms(use_true_random=False))
def test_any_names_in_any_order_have_the_same_form(names: list[str], rng: random.Random) -> None:
    mixed = list(names)
    rng.shuffle(mixed)
    found = pattern_of(names)
    assert found == pattern_of(mixed)
    assert found is None or 0 < found.share <= 1
