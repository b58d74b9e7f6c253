"""Expressions and conditions mean in the scripts of an ingest pipeline what they mean to the other engines."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.core.network import canonical_ip
from enumwatch.engines.elastic.contacts import logs
from enumwatch.engines.elastic.document import raw_texts
from enumwatch.engines.elastic.evaluate import checking, lower, reading, upper
from enumwatch.engines.elastic.pipeline import address_params, rule_params, script, texts_params
from enumwatch.engines.elastic.stages import Stages
from enumwatch.engines.local.shape import EventRule
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.condition import Condition, parse_condition
from enumwatch.rulebook.expression import Expression, fields_of, parse_expression

from .ingesting import ingested
from .test_evaluate import ODD_TEXT, TEXTS

LOGS = logs(compiled())
RULES = {f"{name}-{number}": rule for name, log in LOGS.items() for number, rule in enumerate(log.shape.rules)}
Texts = Mapping[str, "str | None"]


def values(client: Elasticsearch, asked: Mapping[str, Expression], rows: Sequence[Texts]) -> list[dict[str, str]]:
    """What scripts make of the raw texts of each row."""
    rule = EventRule((), asked)
    fields = sorted({name for value in asked.values() for name in fields_of(value)})
    processors = [script(name, params) for name, params in Stages(fields, list(asked)).of([rule])]
    docs = [temporary(row) for row in rows]
    return [one["enumwatch_temporary"]["values"] for one in ingested(client, {"processors": processors}, docs)]


def temporary(row: Texts) -> dict[str, Any]:
    """A document between two scripts."""
    return {"enumwatch_temporary": {"rule": 0, "texts": {name: text for name, text in row.items() if text is not None}}}


def in_python(asked: Mapping[str, Expression], rows: Sequence[Texts]) -> list[dict[str, str]]:
    readings = {name: reading(value) for name, value in asked.items()}
    return [{name: text for name, read in readings.items() if (text := read(row)) is not None} for row in rows]


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_expression_of_the_rulebook_gives_what_python_gives(name: str, opensearch: Elasticsearch) -> None:
    asked = {field: value for field, value in RULES[name].set.items() if field != "time"}
    fields = sorted({field for value in asked.values() for field in fields_of(value)})
    dice = Random(name)
    rows = [{field: dice.choice(TEXTS) for field in fields} for _ in range(150)]
    assert values(opensearch, asked, rows) == in_python(asked, rows)


CONDITIONS = {repr(one): one for rule in RULES.values() for _, one in rule.when}
MORE = [
    "present",
    "absent",
    ["a", ""],
    {"not": ["a", ""]},
    {"matches": "^$|a"},
    {"starts": ["a", "@"]},
    {"ends_not": "$"},
]


def test_conditions_hold_where_they_hold_in_python(opensearch: Elasticsearch) -> None:
    asked: list[Condition] = [*CONDITIONS.values(), *map(parse_condition, MORE)]
    for condition in asked:
        params = {**rule_params([EventRule((("x", condition),), {})]), "found": [[]]}
        docs = [temporary({"x": text}) for text in TEXTS]
        done = ingested(opensearch, {"processors": [script("rule", params)]}, docs)
        assert ["enumwatch_temporary" in one for one in done] == [checking(condition)(text) for text in TEXTS], (
            condition
        )


ODD: dict[str, Any] = {
    "plain": "{x}",
    "joined": "a{x}b{y}",
    "nothing": "",
    "empties": "{x||a|A}",
    "first": ["{x|a}", "none"],
    "map": {"map": "{x}", "to": {"a": "1", "": "2", "A": "{y}"}, "else": "{x}"},
    "lower": {"lower": "{x}"},
    "upper": {"upper": "{x}"},
    "url": {"match": "{x}", "pattern": "^(.*)$", "decode": "url"},
    "plus": {"match": "{x}", "pattern": r"[\s$+a]+", "decode": "plus"},
    "becomes": {"match": "{x}", "pattern": "(?i)k+", "becomes": "k", "decode": "url"},
    "inside": {"match": {"lower": {"match": "{x}", "pattern": "[A-Za-z1.]+"}}, "pattern": "a(.*)"},
    "joined before": {"match": ["{x|a}{y}", "{y}"], "pattern": "[a1]+"},
    "in a map": {
        "map": {"match": "{x}", "pattern": "."},
        "to": {"a": {"match": "{y}", "pattern": "(a|1).?"}},
        "else": "{y}",
    },
}
EXPRESSIONS = {name: parse_expression(value) for name, value in ODD.items()}
ESCAPES = (
    *("%", "%4", "%41", "%c3%a9", "%C3", "%f0%9f%98%80", "%ed%a0%80", "%c0%80", "%f4%90%80%80", "%00", "\u00e9", "+"),
)
ESCAPED = st.lists(st.sampled_from(ESCAPES)).map("".join)


@settings(max_examples=25)
@given(rows=st.lists(st.tuples(st.none() | ODD_TEXT | ESCAPED, st.none() | ODD_TEXT), min_size=30, max_size=60))
def test_odd_texts_come_out_alike(opensearch: Elasticsearch, rows: list[tuple[str | None, str | None]]) -> None:
    texts = [{"x": x, "y": y} for x, y in rows]
    assert values(opensearch, EXPRESSIONS, texts) == in_python(EXPRESSIONS, texts)


# Letters that got another case in a Unicode that one of the two may not know yet.
_NEWER = "\u019b\u0264"


def test_every_letter_changes_case_alike(opensearch: Elasticsearch) -> None:
    letters = [
        one
        for one in map(chr, range(1, sys.maxunicode))
        if (lower(one) != one or upper(one) != one or len(one.upper()) > 1) and one not in _NEWER
        and unicodedata.category(one) != "Cn"
    ]  # fmt: skip
    assert len(letters) > 2_000
    asked = {name: EXPRESSIONS[name] for name in ("lower", "upper")}
    rows = [{"x": "".join(letters[start : start + 20])} for start in range(0, len(letters), 20)]
    assert values(opensearch, asked, rows) == in_python(asked, rows)


PIECES = (
    *(":", "::", "0", "1", "ffff", "FFFF", "fe80", "00", "0001", "g", "12345", ".", "%", "[", "]", "]:443", ":80", "e"),
    *("1.2.3.4", "255.1.0.9", "256.1.1.1", "01.2.3.4", "+1", "-", " ", "\x0b", "\u00a0", "\u0663"),
)
GROUPS = st.lists(
    st.sampled_from(["0", "0", "0", "1", "ab", "0ffff", "FFFF", "00ff", "", "1.2.3.4"]), min_size=2, max_size=9
)


@settings(max_examples=40)
@given(
    texts=st.lists(
        st.ip_addresses().map(str) | GROUPS.map(":".join) | st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
        min_size=80,
    )
)
def test_addresses_get_one_spelling(opensearch: Elasticsearch, texts: list[str]) -> None:
    docs = [{"enumwatch_temporary": {"values": {"src_ip": text}}} for text in texts]
    done = ingested(opensearch, {"processors": [script("address", address_params())]}, docs)
    assert [one["enumwatch_temporary"]["values"]["src_ip"] for one in done] == list(map(canonical_ip, texts))


SIMPLE = st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(1e-4, 9e15) | ODD_TEXT
NUMBERED = st.integers(0, 3) | st.floats(-1e15, -1e-3) | st.just(0.0)
VALUE = (
    SIMPLE
    | NUMBERED
    | st.lists(SIMPLE, max_size=3)
    | st.dictionaries(st.just("k"), SIMPLE | st.lists(SIMPLE, max_size=2))
)


@settings(max_examples=25)
@given(values=st.lists(VALUE, min_size=30, max_size=60))
def test_raw_values_of_any_type_are_the_texts_they_are_elsewhere(opensearch: Elasticsearch, values: list[Any]) -> None:
    shape = LOGS["okta_system"].shape
    params = texts_params(shape)
    docs = []
    for value in values:
        okta = {"uuid": value, "target": [{"type": "User", "alternate_id": value}, value], "outcome": {"reason": value}}
        docs.append({"event": {"dataset": "okta.system", "id": "id"}, "okta": okta, "okta.actor.id": value})
    done = ingested(opensearch, {"processors": [script("texts", params)]}, docs)
    names = [one["name"] for one in params["fields"]]
    expected = [{name: text for name, text in raw_texts(doc, shape, names).items() if text is not None} for doc in docs]
    assert [one["enumwatch_temporary"]["texts"] for one in done] == expected
