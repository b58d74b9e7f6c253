"""Every number within a sentence of a report is a measure of its finding, or changes with the limits of the rules."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.simulated import simulated

from enumwatch.engines.local.scan import Request, scan
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiling import compile as compiled_form
from enumwatch.rulebook.limit import Limit
from enumwatch.rulebook.load import Rulebook

from .reading import rulebook
from .test_literals import ALLOWED_IN_CODE

PLAYS = (
    *(
        ("enumeration_then_success", "entra_signin"),
        ("fast_enumeration", "m365_audit"),
        ("password_spray", "entra_signin"),
    ),
    *(("autodiscover_enumeration", "iis"), ("password_guessing", "okta_system"), ("account_burst", "entra_audit")),
    ("directory_harvest", "graph_activity"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Values of a log or of a list, whose digits are nobody's claim; what is quoted from an ISO time too.
_VALUES = re.compile(
    r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?|\S+@\S+|\S+/\d[\d.]*|\b(?:\d{1,3}\.){3}\d{1,3}\b|\bT\d{4}(?:\.\d{3})?\b|\b[EQ]\d\b|"
    r"\([^()]*[a-z_]+\d+[^()]*\)|0x\w+|365|\b\d+(?:\.\d+){2,}\b|\S+-\S+|\S*[a-z]\.[a-z]+\S*"
)
_NONE_OR_ONE = frozenset({"0", "1"})


def moved(limit: Limit) -> Limit:
    """The limit a little further, so that what is found hardly changes and what is told of it does."""
    if isinstance(limit.value, str):
        number = int(limit.number + max(7, limit.number // 7))
        return replace(limit, value=f"{number}s", number=number)
    value = limit.value + 1 if isinstance(limit.value, int) else round(limit.value * 1.03, 4)
    return replace(limit, value=value, number=value)


def book(change: Callable[[Limit], Limit]) -> Rulebook:
    """The rulebook with other limits."""
    shipped = rulebook()
    detections = {
        name: replace(rule, limits={key: change(one) for key, one in rule.limits.items()})
        for name, rule in shipped.detections.items()
    }
    playbooks = {
        name: replace(rule, limits={key: change(one) for key, one in rule.limits.items()})
        for name, rule in shipped.playbooks.items()
    }
    return replace(shipped, detections=detections, playbooks=playbooks)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """Findings by actor and log, under the shipped limits and under others."""
    logs = tmp_path_factory.mktemp("logs")
    simulated(logs, PLAYS)
    return _findings(logs, rulebook()), _findings(logs, book(moved))


def _findings(logs: Path, rules: Rulebook) -> dict[str, Any]:
    paths = sorted(str(path) for path in logs.iterdir() if path.name != "lookups")
    request = Request(paths=paths, rulebook=compiled_form(rules), lookups=load_lookups(), with_triage=True)
    result = scan(request, lambda *_: None, io.BytesIO())
    rows = [{**one.to_dict(), "triage": result.triages[one.finding_id]} for one in result.decision.findings]
    return {f"{row['actor']['account']} {row['actor']['ip']} {row['evidence']['sources']}": row for row in rows}


def sentences(finding: Mapping[str, Any]) -> Iterator[str]:
    """Every sentence that is made for a finding."""
    triage = finding["triage"]
    yield from finding["reasons"]
    yield from finding["evidence"]["gaps"]
    for one in (*triage["answers"].values(), *triage["conditions"].values()):
        yield one["because"]
    for steps in triage["steps"].values():
        yield from steps


def measures(value: Any) -> Iterator[str]:
    """Every number of a finding in the forms in which a sentence tells it, and how long its lists are."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from measures(inner)
        yield str(len(value))
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from measures(inner)
        # Of a list a sentence names some and says how many more there are.
        yield from (str(len(value) - left) for left in (0, 5, 10) if len(value) >= left)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from {f"{value:g}", str(value), f"{value:.0f}", f"{value:.1f}", f"{value:.2f}", f"{value:.0%}"[:-1]}


def bare(sentence: str) -> str:
    """A sentence without the values it quotes and what no limit could change."""
    for (_, words), _ in ALLOWED_IN_CODE.items():
        sentence = sentence.replace(words, "")
    return _VALUES.sub("", sentence)


def faults(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Numbers that stand at the same place of the same sentence before and after, and are no measure of the finding."""
    known = set(measures({key: value for key, value in before.items() if key != "triage"}))
    known |= set(measures(before["triage"]["answers"])) | _NONE_OR_ONE | _spans(before)
    later = {_NUMBER.sub("#", bare(one)): bare(one) for one in sentences(after)}
    found = []
    for sentence in map(bare, sentences(before)):
        other = later.get(_NUMBER.sub("#", sentence))
        if other is None:
            continue
        pairs = zip(_NUMBER.findall(sentence), _NUMBER.findall(other), strict=True)
        found += [f"{one} in {sentence!r}" for one, now in pairs if one == now and one not in known]
    return found


def _spans(finding: Mapping[str, Any]) -> set[str]:
    """How long the finding lasted, in the units in which it may be told."""
    from enumwatch.core.times import from_iso

    seconds = (from_iso(finding["window_end"]) - from_iso(finding["window_start"])) / 1_000_000
    return {f"{seconds / unit + more:.0f}" for unit in (1, 60, 3600, 86_400) for more in (0, 0.5, 1)}


def test_every_number_is_a_measure_or_changes_with_the_limits(told: tuple[dict[str, Any], dict[str, Any]]) -> None:
    before, after = told
    both = before.keys() & after.keys()
    assert len(both) >= len(PLAYS) - 2
    assert [fault for key in sorted(both) for fault in faults(before[key], after[key])] == []


def test_sentences_do_change_with_the_limits(told: tuple[dict[str, Any], dict[str, Any]]) -> None:
    before, after = told
    changed = 0
    for key in before.keys() & after.keys():
        changed += len({bare(one) for one in sentences(before[key])} - {bare(one) for one in sentences(after[key])})
    assert changed > len(PLAYS)


def test_a_number_that_is_neither_is_found(told: tuple[dict[str, Any], dict[str, Any]]) -> None:
    before, after = told
    key = sorted(before.keys() & after.keys())[0]
    rows = [{**one[key], "reasons": ["people stay below 4711 names a day"]} for one in (before, after)]
    assert faults(*rows) == ["4711 in 'people stay below 4711 names a day'"]
