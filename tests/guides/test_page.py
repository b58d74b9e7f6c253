"""Each page can be read alone, and everything it names, the product has."""

from __future__ import annotations

import shlex

import pytest

from enumwatch.core.verdict import NO_FINDING, VERDICTS
from enumwatch.guides.page import page, pages
from enumwatch.rulebook.guide import FOLDER, path_of
from enumwatch.rulebook.limit import spelled
from enumwatch.tuning.thresholds import group_of

from .product import faults_of_query, faults_of_search, is_option, names, parsed
from .reading import fenced, headings, links, part, prose, rulebook, shipped_pages, spans

DETECTIONS = sorted(rulebook().detections)
PARTS = [
    *("What it means", "The first minutes", "When to wake whom", "Harmless, and looks alike", "Questions that decide"),
    *("Working through it", "Collect before it is gone", "Contain, and what it hurts", "Close", "Tune", "Exceptions"),
    "What it does not see",
]


def fault(span: str) -> str:
    """What is wrong with something in backticks, "" where the product has it."""
    if span.startswith("enumwatch ") and span != f"enumwatch: {span[11:]}" and span not in names():
        try:
            # Some are cut before the arguments; what is there must be understood.
            parsed(span if len(shlex.split(span)) > 2 else f"{span} FINDING")
        except SystemExit:
            return f"the command line refuses {span}"
        return ""
    return "" if span in names() or is_option(span) else f"nothing is called {span}"


def test_every_detection_has_a_page_and_a_line_in_the_list() -> None:
    assert sorted(shipped_pages()) == sorted(["README.md", *(f"{name}.md" for name in DETECTIONS)])
    assert sorted(links(shipped_pages()["README.md"])) == [f"{name}.md" for name in DETECTIONS]


@pytest.mark.parametrize("name", DETECTIONS)
def test_a_page_has_every_part(name: str) -> None:
    text = shipped_pages()[f"{name}.md"]
    assert headings(text) == PARTS
    assert all(part(text, title).strip() for title in PARTS)
    assert path_of(name) == f"{FOLDER}/{name}.md"


@pytest.mark.parametrize("name", DETECTIONS)
def test_everything_in_backticks_exists(name: str) -> None:
    assert [found for found in map(fault, spans(shipped_pages()[f"{name}.md"])) if found] == []


def test_a_name_that_nothing_has_is_noticed() -> None:
    assert fault("absent_share_of_all")
    assert fault("--no-such-option")
    assert fault("enumwatch triage --colour FINDING")


@pytest.mark.parametrize("name", DETECTIONS)
def test_everything_to_be_copied_is_understood(name: str) -> None:
    kinds = {"command": 0, "search": 0, "query": 0}
    for line in fenced(shipped_pages()[f"{name}.md"]):
        if line.startswith("enumwatch "):
            kinds["command"] += parsed(line) is not None
        elif line.startswith(("|", "`")):
            kinds["search"] += 1
            assert list(faults_of_search(line)) == [], line
        else:
            kinds["query"] += 1
            assert list(faults_of_query(line)) == [], line
    assert min(kinds.values()) >= 2


def test_a_search_over_what_is_not_there_is_noticed() -> None:
    assert list(faults_of_search("| inputlookup enumwatch_nothing | explode")) == [
        "no lookup enumwatch_nothing",
        "no command explode",
    ]
    assert list(faults_of_search("`enumwatch_nothing` | enumtune")) == ["no macro enumwatch_nothing"]
    assert list(faults_of_query('source.place: "x"')) == ["no field source.place"]


@pytest.mark.parametrize("name", [*DETECTIONS, "README"])
def test_links_resolve(name: str) -> None:
    assert set(links(shipped_pages()[f"{name}.md"])) <= set(shipped_pages())


@pytest.mark.parametrize("name", DETECTIONS)
def test_every_limit_look_alike_step_and_gap_is_there(name: str) -> None:
    rule, text = rulebook().detections[name], shipped_pages()[f"{name}.md"]
    playbook = rulebook().playbooks[rule.playbook]
    for limit in rule.limits.values():
        assert limit.raised
        assert limit.lowered
        assert limit.raised != limit.lowered
        assert f"| `{limit.name}` | {spelled(limit)} |" in part(text, "Tune")
    for one in rule.false_positives:
        assert one.tells
        assert f"### {one.name}" in part(text, "Harmless, and looks alike")
    assert all(f"- {rule.filled(gap)}" in text for gap in rule.known_gaps)
    assert all(f"- {key}: {playbook.filled(told)}" in text for key, told in playbook.escalate.items())
    assert len([line for line in part(text, "Contain, and what it hurts").splitlines() if line.startswith("| ")]) == (
        len(playbook.containment) + 1
    )
    assert "{" not in prose(text)
    assert "}" not in prose(text)


def test_every_verdict_is_explained_where_it_can_come_from() -> None:
    told = {
        name: {rung.verdict for rung in rule.guide.verdicts}
        for name, rule in rulebook().detections.items()
        if rule.guide
    }
    assert set().union(*told.values()) == set(VERDICTS) - {NO_FINDING}
    for name, rule in rulebook().detections.items():
        near = set().union(*(told[one] for one in group_of(name)))
        wanted = {case.expect["verdict"] for case in rule.cases} - {NO_FINDING}
        assert wanted <= near, f"{name} has cases of {wanted - near}"


def test_every_source_to_collect_from_says_how_long_it_is_kept() -> None:
    rules = rulebook()
    assert all(source.kept for source in rules.sources.values())
    for playbook in rules.playbooks.values():
        collected = {one.source for one in playbook.collect} - {""}
        emitted = {name for source in collected for name in rules.sources[source].emits}
        assert {one.source for one in playbook.log_sources} <= collected | emitted | {"message_trace"}


def test_a_rule_without_a_guide_has_no_page() -> None:
    from tests.rulebook.bad_rules import SMALL

    from enumwatch.rulebook.load import load

    small = load(SMALL)
    assert list(pages(small)) == ["README.md"]
    with pytest.raises(KeyError):
        page(small.detections["demo_rule"], small)
