"""Text as an attacker would type it into a sign-in form, and records full of it."""

from __future__ import annotations

from typing import Any

import pytest

SCRIPTS = (
    "<script>fetch('http://evil.example/a');document.title='PWNED'</script>",
    "</style></title><script>document.title='PWNED'</script>",
    '"><img src=http://evil.example/b onerror="document.title=\'PWNED\'">',
    "' onmouseover='document.title=1' autofocus onfocus='document.title=1' x='",
    "<svg onload=\"document.title='PWNED'\"><use href='http://evil.example/c#x'/></svg>",
    "javascript:document.title='PWNED'",
    "<iframe srcdoc=\"<script>parent.document.title='PWNED'</script>\"></iframe>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/d'><base href=http://evil.example/>",
    "<link rel=stylesheet href=http://evil.example/e><style>@import 'http://evil.example/f';</style>",
    "<details open ontoggle=\"document.title='PWNED'\">",
    "{{ 7*7 }}{% include 'x' %}{{ self.__init__ }}",
    "-->]]><!--<![CDATA[",
    "&lt;script&gt;&#x3c;script&#x3e;",
)
CONTROLS = (
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred",
    "\x9b2Jc1\x85next",
    "anna\u202emoc.elpmaxe@\u202c\u2066x\u2069",
    "nul\x00byte\r\nX-Injected: 1\ttab",
    "zero\u200bwidth\u00adsoft\ufeffbom\U000e0041tag",
    "stack" + "\u0301" * 200,
    "lone\ud800surrogate",
    "line\u2028para\u2029graph\u00a0space",
)
FORMULAS = ('=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1")
LONG = ("<b>" + "x" * 65_536, "\u202e" * 65_536)
WIDE = ("田" * 90,)
CORPUS = (*SCRIPTS, *CONTROLS, *FORMULAS, *LONG, *WIDE)

each_hostile_text = pytest.mark.parametrize("text", CORPUS, ids=[f"text{number}" for number in range(len(CORPUS))])


def poisoned(value: Any, text: str) -> Any:
    """Returns a JSON value in which every text, keys of name samples included, is `text`."""
    if isinstance(value, str):
        return text
    if isinstance(value, list):
        return [poisoned(item, text) for item in value]
    if isinstance(value, dict):
        poison = {key: poisoned(item, text) for key, item in value.items()}
        if "names_sample" in poison:
            poison["names_sample"] = {text: ["a"], **poison["names_sample"]}
        return poison
    return value


def with_hostile_names(value: Any, text: str) -> Any:
    """Returns a finding whose times and verdict stay sound, so that every part of it is drawn, names being `text`."""
    sound = ("verdict", "window_start", "window_end", "detected_at", "time")
    if isinstance(value, dict):
        return {key: item if key in sound else with_hostile_names(item, text) for key, item in value.items()}
    return [with_hostile_names(item, text) for item in value] if isinstance(value, list) else poisoned(value, text)
