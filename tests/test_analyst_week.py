"""The walk through a week says what the commands say now."""

from __future__ import annotations

from tests.analyst_week import PAGE, page


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.analyst_week"
