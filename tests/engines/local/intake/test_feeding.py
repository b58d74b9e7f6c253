"""JSON that would grow in the parser is stopped before it is fed, and nothing that only looks like it."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enumwatch.engines.local.intake.feeding import Feeding, NestedError, PerhapsDeepError, shallow

from .reading import batch_of, records, skipped_of


@pytest.mark.parametrize("opened", ["[", '{"a":\n'])
@pytest.mark.parametrize("number", [3_000, 2_000_000])
def test_depth_ends_the_reading_in_bounded_memory_and_is_told(tmp_path: Path, opened: str, number: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = skipped_of(tmp_path, b"[\n" + opened.encode() * number)
    assert "nested too deep" in found.reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_what_precedes_depth_is_kept(tmp_path: Path) -> None:
    found = batch_of(tmp_path, b'[\n{"a":1},\n{"a":' + b"[" * 300_000)
    assert records(found) == [{"a": 1}]
    assert "nested too deep" in found.problems[0].what


def test_brackets_in_texts_are_no_depth(tmp_path: Path) -> None:
    rows = [{"agent": "[{" * 40_000 + '\\"[', "number": number} for number in range(5)]
    assert records(batch_of(tmp_path, json.dumps(rows, indent=1).encode())) == rows


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def outcome(content: bytes, size: int, *, is_exact: bool) -> type[Exception] | None:
    feeding = Feeding(pieces(content, size), 1 << 20, is_exact=is_exact)
    try:
        while feeding.read(1 << 16):
            pass
    except (NestedError, PerhapsDeepError) as error:
        return type(error)
    return None


VALUES = st.recursive(
    st.text(alphabet='[]{}"\\\\a\n', max_size=12), lambda inner: st.lists(inner, max_size=4), max_leaves=20
)


@given(VALUES, st.sampled_from([0, 1500, 2300]), st.integers(1, 40))
def test_depth_does_not_depend_on_where_pieces_end(value: object, more: int, size: int) -> None:
    content = b"[" * more + json.dumps(value).encode() + b"]" * more
    assert outcome(content, size, is_exact=True) == (NestedError if more > 2000 else None)
    assert (shallow(content) == content) == (more <= 2000)
