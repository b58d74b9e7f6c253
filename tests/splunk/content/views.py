"""Dashboards as tests read them: panels, searches with their base put before them, inputs, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, parse

from enumwatch.splunk.content.build import DEFAULT_FOLDER

VIEWS_FOLDER = DEFAULT_FOLDER / "data" / "ui" / "views"
_TOKEN = re.compile(r"\$(\w[\w.]*?)(?:\|([a-z]))?\$")


class Search(NamedTuple):
    """One search of a view: the title it stands under, its SPL with the base search in front, and its time range."""

    view: str
    title: str
    query: str
    earliest: str
    latest: str

    @property
    def name(self) -> str:
        """A name for test output."""
        return f"{self.view}: {self.title}"


def views() -> dict[str, Element]:
    """Every view by its name."""
    return {path.stem: _root(path) for path in sorted(VIEWS_FOLDER.glob("*.xml"))}


def _root(path: Path) -> Element:
    found = parse(path).getroot()
    assert found is not None
    return found


def searches(view: str, root: Element) -> Iterator[Search]:
    """Every search of a view, those that only others build on left out."""
    bases = {one.attrib["id"]: one for one in root.iter("search") if "id" in one.attrib}
    for holder in root.iter():
        for one in holder.findall("search"):
            if "id" in one.attrib:
                continue
            base = bases[one.attrib["base"]] if "base" in one.attrib else None
            query = one.findtext("query", "")
            whole = f"{base.findtext('query', '')}\n| {query}" if base is not None else query
            times = base if base is not None else one
            title = holder.findtext("title") or holder.findtext("label") or holder.tag
            yield Search(view, title, whole, times.findtext("earliest", ""), times.findtext("latest", ""))


def inputs(root: Element) -> set[str]:
    """Tokens that the inputs of a view set; one for a time has two."""
    found = set()
    for one in root.iter("input"):
        token = one.attrib["token"]
        found |= {f"{token}.earliest", f"{token}.latest"} if one.attrib["type"] == "time" else {token}
    return found


def tokens(text: str) -> list[tuple[str, str]]:
    """(name, filter) of every token in a text; the filter is "" where there is none."""
    return [(one[1], one[2] or "") for one in _TOKEN.finditer(text)]


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its tokens replaced: |s in quotes, |u for an address, as Splunk does (Token reference, filters)."""

    def value(token: re.Match[str]) -> str:
        given = values[token[1]]
        if token[2] == "s":
            escaped = given.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        return given

    return _TOKEN.sub(value, text)
