"""The page on playbooks names a place for every line of the pages they came from, and every place there is."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from enumwatch.rulebook.compiled import compiled

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "playbooks.md"
SEEDS = Path(os.environ.get("ENUMWATCH_SHARED", ROOT.parent / "shared")) / "seeds"
PLAYBOOKS: dict[str, Any] = compiled()["playbooks"]
PARTS = {
    "Log Sources to Investigate": "log sources",
    "Key Indicators": "indicators",
    "Questions for Analysis": "questions",
    "Decision for Escalation": "escalation",
    "Additional Analysis Steps for L1": "first line",
    "T2 Analyst Actions": "second line",
    "Containment and Further Analysis": "containment",
}


class Line(NamedTuple):
    """One row of the page."""

    playbook: str
    part: str
    asks: str
    places: tuple[str, ...]
    how: str


def lines() -> list[Line]:
    found, playbook = [], ""
    for text in PAGE.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"## (T[\d.]+),", text)
        playbook = heading[1] if heading else playbook
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if playbook and len(cells) == 4 and cells[0] not in ("part", "---"):
            part, asks, places, how = cells
            found.append(Line(playbook, part, asks, tuple(places.split(", ")), how))
    return found


def places(name: str) -> dict[str, str]:
    """Every place of a playbook, and how it is answered; "" where that is not said."""
    playbook = PLAYBOOKS[name]
    found = {key: one["computed"] for key, one in playbook["questions"].items()}
    found |= dict.fromkeys(playbook["escalate"], "")
    for part in ("log_sources", "indicators", "l1", "tier2", "containment"):
        for number, one in enumerate(playbook[part], start=1):
            kind = one.get("kind", "") if isinstance(one, dict) else ""
            found[f"{part} {number}"] = {"automatic": "auto"}.get(kind, kind)
    return found


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_place_named_is_there_and_every_place_is_named(name: str) -> None:
    named = {place for line in lines() if line.playbook == name for place in line.places}
    assert named - set(places(name)) == set()
    assert set(places(name)) - named == set()


def test_what_is_called_automatic_is_nobodys_work() -> None:
    for line in lines():
        kinds = {places(line.playbook)[place] for place in line.places} - {""}
        assert line.how in ("auto", "half", "manual")
        assert not (line.how == "auto" and "manual" in kinds), line


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_every_sentence_of_the_page_it_came_from_has_a_row(name: str) -> None:
    seeds = [file.read_text(encoding="utf-8") for file in sorted(SEEDS.glob("*.txt"))] if SEEDS.is_dir() else []
    found = [text for text in seeds if f"| MITRE TTP | {name} |" in text]
    if not found:
        pytest.skip("the pages are not here: set ENUMWATCH_SHARED to the folder that holds seeds")
    for title, part in PARTS.items():
        (cell,) = re.findall(rf"\| {re.escape(title)} \| (.*) \|", found[0])
        text = re.sub(r"<br>|\b\d\. ", " ", cell).replace("e.g.,", "for example")
        sentences = [one for one in re.split(r"(?<=[.?])\s+", text.strip()) if one]
        rows = [line for line in lines() if (line.playbook, line.part) == (name, part)]
        assert len(rows) >= len(sentences), (part, sentences)
