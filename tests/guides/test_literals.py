"""A number in a sentence comes from a measure or from the rulebook, and from nowhere else."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import pytest

from enumwatch.guides.page import pages
from enumwatch.hunts.loading import shipped_hunts
from enumwatch.rulebook.detection import Detection
from enumwatch.rulebook.limit import Limit
from enumwatch.rulebook.load import Rulebook
from enumwatch.rulebook.playbook import Playbook

from .reading import headings, prose, rulebook
from .sentences import codes, numbers_in, sentences_of_code, sentences_of_hunts, sentences_of_rules

# Numbers that no limit could change, each with the reason: (file, words beside it).
ALLOWED_IN_CODE: Mapping[tuple[str, str], str] = {
    ("core/trait_reasons.py", "chance gives 50%"): "of two neighbours either may come first",
    ("core/trait_reasons.py", "people come to about 100%"): "independent tries: their standard deviation is their mean",
    ("core/trait_reasons.py", "fewer than 2 are alike"): "two make a pair",
    ("hunts/expression.py", "either gives two types"): "a choice has two ends",
    ("hunts/loading.py", "two hunts have one id"): "what is there twice",
    ("commands/arguments.py", "exit 2 when"): "an exit code",
    ("lookups.py", "column given twice"): "what is there twice",
    ("commands/export_arguments.py", "STIX 2.1"): "the name of a format",
    ("visibility/page.py", "3, the common tools do it unasked; 2, known tools can"): "what each weight means",
}
ALLOWED_IN_RULES: Mapping[tuple[str, str], str] = {
    ("detections/identity_gathering.yml known_gaps.3", "event 1644"): "id of an event that no source reads yet",
}

ALLOWED_IN_HUNTS: Mapping[tuple[str, str], str] = {
    ("hunts/T1585.002/lookalike_domains.yml means", "Two domains"): "two make a pair",
    ("hunts/T1585.002/lookalike_domains.yml benign.0", "Two domains"): "two make a pair",
    ("hunts/T1585.002/lookalike_domains.yml query.having", "domains >= 2"): "two make a pair",
    ("hunts/T1585.002/throwaway_domains.yml query.where", "10min"): "how such services call themselves",
}


def literals(found: list[tuple[str, str]], allowed: Mapping[tuple[str, str], str]) -> list[str]:
    """Sentences with a number that is neither allowed nor a code, and allowed ones that nothing needs any more."""
    wrong, needed = [], set()
    for place, text in found:
        excused = {(where, words) for where, words in allowed if where == place and words in text}
        needed |= excused
        bare = text
        for _, words in excused:
            bare = bare.replace(words, "")
        numbers = [one for one in numbers_in(bare) if one not in codes()]
        if numbers:
            wrong.append(f"{place}: {numbers} in {text[:100]!r}")
    return wrong + [f"no longer there: {one}" for one in set(allowed) - needed]


def test_sentences_of_code_hold_no_number_of_their_own() -> None:
    found = list(sentences_of_code())
    assert len(found) > len(rulebook().detections)
    assert literals(found, ALLOWED_IN_CODE) == []


def test_sentences_of_rules_name_their_limits_instead_of_numbers() -> None:
    found = list(sentences_of_rules())
    assert len(found) > len(rulebook().detections)
    assert literals(found, ALLOWED_IN_RULES) == []


def test_hunts_name_limits_instead_of_numbers_in_sentences_and_in_queries() -> None:
    found = list(sentences_of_hunts())
    assert len(found) > 10 * len(shipped_hunts())
    assert literals(found, ALLOWED_IN_HUNTS) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("At least 20 names within {window}", ["20"]),
        ("twelve names in a row", ["twelve"]),
        ("A share of 0.5 and 95% of it", ["0.5", "95%"]),
        ("0 is usual, as 1 person tries Microsoft 365", []),
        ("T1589.002 and E1 hold; a network such as 192.0.2.0/24", []),
    ],
)
def test_numbers_are_seen_in_digits_and_in_words(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


def other(limit: Limit) -> Limit:
    """The limit with a value that nothing else has by chance."""
    if isinstance(limit.value, str):
        return replace(limit, value="7777m", number=7777 * 60)
    return replace(limit, value=7777, number=7777)


@lru_cache(maxsize=1)
def changed() -> Rulebook:
    """The rulebook with every limit of every detection and playbook at another value."""
    book = copy.copy(rulebook())
    detections: dict[str, Detection] = {}
    playbooks: dict[str, Playbook] = {}
    for name, rule in book.detections.items():
        detections[name] = replace(rule, limits={key: other(one) for key, one in rule.limits.items()})
    for name, playbook in book.playbooks.items():
        playbooks[name] = replace(playbook, limits={key: other(one) for key, one in playbook.limits.items()})
    return replace(book, detections=detections, playbooks=playbooks)


@pytest.mark.parametrize("name", sorted(rulebook().detections))
def test_every_number_of_a_guide_changes_with_the_limits(name: str) -> None:
    before, after = (prose(pages(book)[f"{name}.md"]) for book in (rulebook(), changed()))
    assert len(before.splitlines()) == len(after.splitlines())
    assert headings(before) == headings(after)
    kept = [
        f"{one} in {line[:90]!r}"
        for line, now in zip(before.splitlines(), after.splitlines(), strict=True)
        for one in _kept(line, now)
    ]
    assert kept == []


def _kept(line: str, now: str) -> list[str]:
    """Numbers that stand in a line whatever the limits are."""
    there = [one for one in numbers_in(re.sub(r"^\d+\. ", "", line)) if one not in codes()]
    stays = numbers_in(re.sub(r"^\d+\. ", "", now))
    return [one for one in there if one in stays and not _is_told_elsewhere(one, line)]


def _is_told_elsewhere(number: str, line: str) -> bool:
    """True for the durations of `kept` and `within`, and for what a limit was measured from."""
    rules = rulebook()
    told = {one.time[:-1] for source in rules.sources.values() for one in source.kept}
    told |= {rung.within[:-1] for rule in rules.detections.values() if rule.guide for rung in rule.guide.verdicts}
    origins = [limit.origin for rule in rules.detections.values() for limit in rule.limits.values() if limit.origin]
    return number in told or any(origin in line for origin in origins)
