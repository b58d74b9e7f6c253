"""The stand-in for Splunk: macros are put in, names it cannot read are spelled otherwise, and it tells right from wrong."""

from __future__ import annotations

import pytest

from enumwatch.splunk.content.confs import Stanza

from .engine import RefusedError, engine_or_skip
from .expanding import MacroError, expand, macros_of
from .spelling import real_name, safe_name

MACROS = macros_of(
    [
        Stanza("macros", "base", {"definition": "index=main `kind(a)`"}),
        Stanza("macros", "kind(1)", {"args": "which", "definition": 'kind="$which$"'}),
        Stanza("macros", "loop", {"definition": "`loop`x"}),
        Stanza("savedsearches", "other", {"search": "x"}),
    ]
)


def test_macros_are_put_in_until_none_is_left() -> None:
    assert expand('`base` | eval x="1"', MACROS) == 'index=main kind="a" | eval x="1"'
    for wrong in ("`loop`", "`missing`", "`kind`", "`base(1)`"):
        with pytest.raises(MacroError):
            expand(wrong, MACROS)


def test_every_field_name_comes_back_as_it_was() -> None:
    for name in ("properties.userPrincipalName", "target{}.type", "cs(User-Agent)", "a b", "plain_1", "Größe"):
        assert safe_name(name).isidentifier()
        assert real_name(safe_name(name)) == name


def test_the_engine_runs_a_search_over_odd_names_and_texts() -> None:
    engine = engine_or_skip()
    engine.load([{"_time": 1700000000.123456, "index": "main", "a.b{}": "x%40y%2B", "c": "007"}])
    search = "index=main | eval d=urldecode('a.b{}') | eval e=c . \"\\\\\" . c | stats min(_time) AS first BY c d e"
    assert engine.run(search) == [{"c": "007", "d": "x@y+", "e": "007\\007", "first": 1700000000.123456}]
    with pytest.raises(RefusedError):
        engine.run("index=main | evil d=1")
