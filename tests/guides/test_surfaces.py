"""Guidance has one source: change a sentence of a rule, and every surface that shows it changes; none has any of its own."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.simulated import simulated

from enumwatch.simulate.names import words

from .marking import marked_package, surfaces
from .reading import rulebook

_MARK = re.compile(r"\[s\d+\]")
_TITLES = {"Escalate when", "First look", "Tier 2", "Containment"}
STEPS = ("l1.*.step", "tier2.*.step", "containment.*.step", "escalate.*.condition")
NOTES = ("description", "known_gaps.*", "false_positives.*.treatment", "containment.*.hurts", *STEPS)
DETECTIONS = sorted(rulebook().detections)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("marked")
    logs = folder / "logs"
    simulated(logs, [("enumeration_then_success", "entra_signin"), ("directory_harvest", "graph_activity")])
    package, marks = marked_package(folder / "copy" / "app")
    return {"marks": marks, **surfaces(package, logs)}


def texts(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def missing(shown: Any, detection: str, paths: Iterable[str], surface: str) -> list[str]:
    """Sentences of a detection and its playbook at these paths that a surface does not show."""
    rule = rulebook().detections[detection]
    wanted = {
        f"{kind}/{name} {path}"
        for kind, name in (("detections", rule.id), ("playbooks", rule.playbook))
        for path in paths
    }
    there = set(_MARK.findall(surface))
    return [f"{mark} {place}" for mark, place in shown["marks"].items() if place in wanted and mark not in there]


@pytest.mark.parametrize("name", DETECTIONS)
def test_a_changed_sentence_changes_the_saved_search_the_note_and_the_notice(shown: Any, name: str) -> None:
    keys = shown["splunk"][name]
    about = ("description", "false_positives.*.treatment")
    assert missing(shown, name, about, keys["description"]) == []
    assert missing(shown, name, ("description",), keys["action.escu.eli5"]) == []
    assert missing(shown, name, about[1:], keys["action.escu.known_false_positives"]) == []
    assert missing(shown, name, (*STEPS, "containment.*.hurts"), keys["action.notable.param.next_steps"]) == []
    assert missing(shown, name, NOTES, shown["kibana"][name]) == []
    assert missing(shown, name, (*STEPS, "containment.*.hurts"), texts(shown["watch"][name])) == []


@pytest.mark.parametrize("name", DETECTIONS)
def test_a_changed_sentence_changes_the_guide(shown: Any, name: str) -> None:
    guides = ("guide.means", "guide.first.*", "guide.tune.*", "guide.verdicts.*.means", "guide.verdicts.*.act")
    paths = (*NOTES, *guides, "guide.close.*.act", "questions.*.question", "collect.*.what")
    assert missing(shown, name, paths, shown["guide"][f"{name}.md"]) == []


def unmarked(lines: Iterable[str]) -> list[str]:
    """Lines with words and without a mark."""
    return [line for line in lines if re.search(r"[a-z]", line) and not _MARK.search(line)]


@pytest.mark.parametrize("name", DETECTIONS)
def test_splunk_kibana_and_watches_have_no_guidance_of_their_own(shown: Any, name: str) -> None:
    steps = json.loads(shown["splunk"][name]["action.notable.param.next_steps"])["data"].splitlines()
    leads = [line for line in steps[:2] if "enumwatch_finding" in line or "docs/guides" in line]
    assert unmarked(line for line in steps if line not in {*leads, *_TITLES} and not line.startswith("[[action|")) == []
    bullets = [line for line in shown["kibana"][name].splitlines() if line.startswith("- ")]
    assert bullets
    assert unmarked(bullets) == []
    notice = shown["watch"][name]
    assert unmarked(line for line in notice[notice.index("Escalate when") :] if line not in _TITLES) == []


def test_reports_and_terminal_show_the_steps_and_have_none_of_their_own(shown: Any) -> None:
    for steps in shown["json"]["triage"]["steps"].values():
        assert steps
        assert unmarked(steps) == []
    listed = re.findall(r"<ol>(.*?)</ol>", shown["html"], re.DOTALL)
    steps = [html.unescape(step) for one in listed for step in re.findall(r"<li>(.*?)\n?</li>", one, re.DOTALL)]
    assert len(steps) > len(words("one step of each part"))
    assert unmarked(steps) == []
    for text in (shown["terminal"], shown["scan"]):
        numbered = re.findall(r"^ +\d+\. .*$", text, re.MULTILINE)
        assert len(numbered) > len(words("one step of each part"))
        assert unmarked(numbered) == []
    assert _MARK.search(shown["scan"].rpartition("\nNext, for ")[2])


def test_every_kind_of_sentence_is_shown_by_something(shown: Any, tmp_path: Path) -> None:
    everything = set(_MARK.findall(texts({name: value for name, value in shown.items() if name != "marks"})))
    never = {place.partition(" ")[2] for mark, place in shown["marks"].items() if mark not in everything}
    # What is shown at the end of a run is the worst finding's alone.
    assert never <= {"guide.verdicts.*.next"}


@pytest.mark.parametrize("name", DETECTIONS)
def test_every_surface_leads_to_the_guide(shown: Any, name: str) -> None:
    page = f"docs/guides/{name}.md"
    for text in (
        shown["splunk"][name]["action.notable.param.next_steps"],
        shown["kibana"][name],
        texts(shown["watch"][name]),
    ):
        assert page in text
    worst = shown["json"]["detection"]
    assert f"docs/guides/{worst}.md" in shown["html"]
    assert f"docs/guides/{worst}.md" in " ".join(shown["terminal"].split())
