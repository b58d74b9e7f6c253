"""Coverage: which attack and which look-alike is played in which log, as a matrix of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from . import scenarios as book
from .shapes import SHAPES
from .story import Scenario

WIDTH = 80
_NAME = 28
_TITLES = {"attack": "Attacks", "benign": "Only looks like an attack", "background": "People at work"}


def matrix() -> Iterator[str]:
    """Lines: a letter for each source, then a row for each scenario with a sign for what comes of it there."""
    letters = {source: chr(ord("A") + number) for number, source in enumerate(SHAPES)}
    yield "Sources"
    for source, letter in letters.items():
        yield from textwrap.wrap(
            f"{source}: {', '.join(SHAPES[source].forms)}",
            WIDTH,
            initial_indent=f"  {letter}  ",
            subsequent_indent=" " * 7,
        )
    heads = " ".join(letters.values())
    for kind, title in _TITLES.items():
        yield ""
        yield f"{title:<{_NAME}} {heads}"
        for scenario in book.ALL:
            if scenario.kind == kind:
                yield f"  {scenario.id:<{_NAME - 2}} {' '.join(sign(scenario, source) for source in letters)}  {_about(scenario)}"
    yield ""
    yield "  +  told     o  in the log, but no rule can tell it     -  quiet"
    yield "  !  quiet with its own lookups (--lookups DIR/lookups)  x  taken for an attack"
    yield "  .  leaves nothing there"
    yield ""
    yield from _reasons()


def sign(scenario: Scenario, source: str) -> str:
    """What comes of a scenario in a log, as the sign of the matrix."""
    if source not in scenario.sources:
        return "."
    if scenario.kind == "attack":
        return "o" if source in scenario.unseen else "+"
    if source in scenario.unseen:
        return "x"
    return "!" if scenario.is_declared else "-"


def _about(scenario: Scenario) -> str:
    if scenario.kind != "attack":
        return ""
    short = {"email_enumeration": "enumeration", "identity_gathering": "directory", "account_creation": "accounts"}
    return f"{short.get(scenario.detection or '', '')}: {scenario.aspect}".removeprefix(": ")


def _reasons() -> Iterator[str]:
    for scenario in book.ALL:
        for source, reason in scenario.unseen.items():
            yield f"  {scenario.id} in {source}:"
            yield f"    {reason}"
