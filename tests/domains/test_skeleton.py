from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.domains.parts import readable_label
from enumwatch.domains.skeleton import skeleton


@pytest.mark.parametrize(
    ("imitation", "name"),
    [
        ("c0nt0s0", "contoso"),
        ("rnicrosoft", "microsoft"),
        ("vvingtip", "wingtip"),
        ("paypa1", "paypal"),
        ("p\u0430yp\u0430l", "paypal"),
        ("c\u00f6ntoso", "contoso"),
        ("CONTOSO", "contoso"),
        ("\uff43ontoso", "contoso"),
    ],
)
def test_what_looks_the_same_has_one_skeleton(imitation: str, name: str) -> None:
    assert skeleton(imitation) == skeleton(name)


def test_different_letters_have_different_skeletons() -> None:
    letters = "abcdefghijkmnpqrstuvwxyz23456789-"
    assert len({skeleton(letter) for letter in letters}) == len(letters)


@given(st.text(max_size=30))
def test_any_text_has_a_skeleton(text: str) -> None:
    assert skeleton(text) == skeleton(text)
    assert isinstance(readable_label(text), str)


@pytest.mark.parametrize(
    ("label", "readable"),
    [
        ("xn--bcher-kva", "bücher"),
        ("contoso", "contoso"),
        ("xn--\u00e4", "xn--\u00e4"),
        ("xn--99999999", "xn--99999999"),
    ],
)
def test_an_encoded_label_reads_as_a_person_sees_it(label: str, readable: str) -> None:
    assert readable_label(label) == readable
