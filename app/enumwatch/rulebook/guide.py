"""Guide: what a detection tells people who meet one of its findings, as data of the rule."""

from __future__ import annotations

from dataclasses import dataclass

FOLDER = "docs/guides"  # of the pages, in the project


@dataclass(frozen=True)
class Tell:
    """A field of a finding that differs between an attack and something harmless, and how."""

    field: str
    harmless: str
    attack: str


@dataclass(frozen=True)
class Rung:
    """One verdict that the detection can give: what it means, what to do, whom to wake and how soon.

    `within` is a duration such as 30m, empty where nobody is woken for it. `next` is the one sentence for the end of a
    run; it may name values of a finding in braces.
    """

    verdict: str
    means: str
    act: str
    wake: str
    within: str
    next: str


@dataclass(frozen=True)
class Closing:
    """One way in which a finding ends, and what is done then."""

    when: str
    act: str


@dataclass(frozen=True)
class Guide:
    """The texts of one detection; `first` are steps of its own for the first minutes, `tune` what to turn first."""

    means: str
    verdicts: tuple[Rung, ...]
    first: tuple[str, ...]
    close: tuple[Closing, ...]
    tune: tuple[str, ...]


def path_of(detection: str) -> str:
    """Return where the page of a detection lies in the project."""
    return f"{FOLDER}/{detection}.md"


def told(detection: str) -> str:
    """Return the sentence that leads from a finding to the page of its detection."""
    return f"The guide to such findings is {path_of(detection)}; enumwatch rules guide {detection} prints it."
