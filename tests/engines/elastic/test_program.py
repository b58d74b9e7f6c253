"""Patterns find in the scripts of an ingest pipeline what they find in Python, and so in the local engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from enumwatch.engines.elastic.pattern import as_python
from enumwatch.engines.elastic.pipeline import source_of
from enumwatch.engines.elastic.program import program_of
from enumwatch.engines.local.shape import prepare
from enumwatch.rulebook.compiled import compiled
from enumwatch.rulebook.condition import Matches
from enumwatch.rulebook.expression import Case, Expression, First, Map, Match

from .ingesting import ingested
from .test_evaluate import TEXTS

# Writes down what each program finds in the text of a document, and what its group holds.
_ASK = """
List all = new ArrayList();
for (def program : params.programs) {
  int[] found = find((Map) program, (String) ctx.text);
  if (found == null) { all.add(null); continue; }
  String group = found[2] < 0 ? null : ctx.text.substring(found[2], found[3]);
  all.add([ctx.text.substring(found[0], found[1]), group]);
}
ctx.found = all;
"""


def patterns_of(value: Expression | None) -> Iterator[str]:
    """The patterns of an expression."""
    if isinstance(value, First):
        for option in value.options:
            yield from patterns_of(option)
    elif isinstance(value, Map):
        for inner in (value.value, value.otherwise, *(result for _, result in value.to)):
            yield from patterns_of(inner)
    elif isinstance(value, Match | Case):
        yield from patterns_of(value.value)
        if isinstance(value, Match):
            yield value.pattern


RULES = [rule for shape in prepare(compiled()) for rule in shape.rules]
PATTERNS = sorted(
    {pattern for rule in RULES for value in rule.set.values() for pattern in patterns_of(value)}
    | {condition.pattern for rule in RULES for _, condition in rule.when if isinstance(condition, Matches)}
)


Found = tuple[str, "str | None"]


def by_script(client: Elasticsearch, patterns: Sequence[str], texts: Sequence[str]) -> list[list[Found | None]]:
    """For each text what each pattern finds in it, None where it finds nothing; and its first group."""
    params = {"programs": [program_of(pattern).as_params() for pattern in patterns]}
    ask = {"script": {"source": source_of("matching") + _ASK, "params": params}}
    done = ingested(client, {"processors": [ask]}, [{"text": text} for text in texts])
    return [[None if one is None else (one[0], one[1]) for one in document["found"]] for document in done]


def in_python(pattern: str, text: str) -> Found | None:
    found = as_python(pattern).search(text)
    return None if found is None else (found.group(), found.group(1) if found.re.groups else None)


def compared(client: Elasticsearch, patterns: Sequence[str], texts: Sequence[str]) -> None:
    expected = [[in_python(pattern, text) for pattern in patterns] for text in texts]
    assert by_script(client, patterns, texts) == expected


def test_patterns_of_the_rulebook_find_what_they_find_elsewhere(opensearch: Elasticsearch) -> None:
    assert len(PATTERNS) > 20
    texts = [text for text in TEXTS if text]
    compared(opensearch, PATTERNS, ["", *texts, *(a + b for a, b in zip(texts, reversed(texts), strict=True))])


@settings(max_examples=20)
@given(
    texts=st.lists(
        st.text(st.sampled_from("aE@/?&=;%.\n v1iskK\u212a\u017f\U0001f600mldecoujp"), max_size=14), min_size=50
    )
)
def test_patterns_of_the_rulebook_find_alike_in_odd_texts(opensearch: Elasticsearch, texts: list[str]) -> None:
    compared(opensearch, PATTERNS, texts)


ATOMS = st.sampled_from(
    ["a", "k", "@", r"\.", ".", "[ab]", "[^a@]", r"\d", r"\s", r"[a-c_]", "ab", r"\w", r"\W", "(?:a|b)", "(?:ab|a)"]
)
# Python takes a dotted capital I and a small one without dot for letters of ASCII where case does not matter; RE2 does not.
PLAIN_TEXT = st.text(st.sampled_from("aA1._-@/ \n\t$[kKs\u017f\u212a\u0663\xa0\x0b\U0001f600"), max_size=12)
PARTS = st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{1,}", "*?", "+?", "??"])).map(
    "".join
)


@st.composite
def patterns(draw: Any) -> str:
    """A pattern of the language that rules are written in, with one group at most."""
    branches = ["".join(draw(st.lists(PARTS, min_size=1, max_size=3))) for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        branches[0] = f"({branches[0]})" + draw(st.sampled_from(["", "b", "?"]))
    text = "|".join(branches)
    if draw(st.booleans()):
        text = f"^{text}"
    return draw(st.sampled_from(["", "(?i)"])) + text + draw(st.sampled_from(["", "$"]))


@settings(max_examples=25)
@given(some=st.lists(patterns(), min_size=10, max_size=20), texts=st.lists(PLAIN_TEXT, min_size=20, max_size=30))
def test_any_pattern_finds_what_python_finds(opensearch: Elasticsearch, some: list[str], texts: list[str]) -> None:
    compared(opensearch, some, texts)


@pytest.mark.parametrize(
    "text", ["a@" * 30_000 + "\n", "?email" * 10_000, "smtp~" + "@" * 60_000 + "\n", "/v1" * 20_000], ids=len
)
def test_long_texts_made_to_stop_a_matcher_are_read_to_their_end(opensearch: Elasticsearch, text: str) -> None:
    (found,) = by_script(opensearch, PATTERNS, [text])
    for pattern, one in zip(PATTERNS, found, strict=True):
        # Python needs minutes for those that look for an at-sign; where it is quick they agree.
        if "+@" not in pattern:
            assert one == in_python(pattern, text), pattern


@pytest.mark.parametrize(
    "pattern", [r"a\b", "(?=a)", "(?i)é", "(a", "a)", "[a", r"[\D]", "a{999}", "(?i)[à-é]", "a**", "\\"]
)
def test_a_pattern_that_cannot_be_told_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=re.escape(pattern.removeprefix("(?i)")[-1])):
        program_of(pattern)
