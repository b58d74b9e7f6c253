"""Paths: the grammar of raw paths."""

from __future__ import annotations

import pytest

from enumwatch.rulebook.path import Index, Key, PathError, Pick, Step, parse_path


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("time", (Key("time"),)),
        ("a.b.c", (Key("a"), Key("b"), Key("c"))),
        ("@timestamp", (Key("@timestamp"),)),
        ("Date (UTC)", (Key("Date (UTC)"),)),
        ("TimeGenerated [UTC]", (Key("TimeGenerated [UTC]"),)),
        ("cs(User-Agent)", (Key("cs(User-Agent)"),)),
        ("Event.#attributes.SystemTime", (Key("Event"), Key("#attributes"), Key("SystemTime"))),
        ("list[0].x", (Key("list"), Index(0), Key("x"))),
        ("list[12]", (Key("list"), Index(12))),
        ("matrix[0][1]", (Key("matrix"), Index(0), Index(1))),
        ("list[Name=UserAgent].Value", (Key("list"), Pick("Name", "UserAgent"), Key("Value"))),
        ("list[key=a.b=c].v", (Key("list"), Pick("key", "a.b=c"), Key("v"))),
        ("l[type=User].m[name=UPN].v", (Key("l"), Pick("type", "User"), Key("m"), Pick("name", "UPN"), Key("v"))),
        ("target_resources.0.id", (Key("target_resources"), Key("0"), Key("id"))),
        ("events.TimeGenerated [UTC].x", (Key("events"), Key("TimeGenerated [UTC]"), Key("x"))),
    ],
)
def test_path_has_these_steps(text: str, steps: tuple[Step, ...]) -> None:
    assert parse_path(text) == steps


@pytest.mark.parametrize(
    "text", ["", ".", "a.", ".a", "a..b", " ", "[0]", "a.[0]", "a[0", "a]0[", "a[]", "a[=x]", "a[k=]"]
)
def test_text_that_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(PathError):
        parse_path(text)
