"""No limit can be moved by 30 % without some case noticing."""

from __future__ import annotations

import pytest

from .mutate_limits import REASONS, Change, changes, first_red


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.name)
def test_case_notices(change: Change) -> None:
    red = first_red(change)
    if change.name in REASONS:
        assert red is None, f"{red} does notice: take the reason off the list"
    else:
        assert red is not None, "no case notices"


def test_every_limit_is_moved_both_ways() -> None:
    numbers: dict[str, int] = {}
    for change in changes():
        numbers[change.limit_name] = numbers.get(change.limit_name, 0) + 1
    assert set(numbers.values()) == {2}
    assert len(numbers) > 25
    assert {change.name for change in changes()} >= set(REASONS)
