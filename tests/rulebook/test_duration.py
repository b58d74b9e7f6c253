"""Durations: text to seconds and to words."""

from __future__ import annotations

import pytest

from enumwatch.rulebook.duration import parse_duration, spell_duration


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("10m", 600), ("1h", 3600), ("7d", 604800), ("0s", 0)])
def test_duration_has_this_many_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "10", "m", "1.5h", "-1h", "1 h", "1h30m", "10M", "1w", "\u0661h", "1h\n", "9999999s"]
)
def test_other_text_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None


def test_duration_in_words() -> None:
    assert [spell_duration(text) for text in ("1h", "90s", "7d", "ten")] == ["1 hour", "90 seconds", "7 days", "ten"]
