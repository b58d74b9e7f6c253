"""ATT&CK: what the formats need to say of a technique beside its id."""

from __future__ import annotations

from typing import NamedTuple

from ..rulebook.vocabulary import TACTICS, TECHNIQUES

VERSION = "18"
"""The ATT&CK version whose ids and names the rulebook uses."""

_SITE = "https://attack.mitre.org"


class Technique(NamedTuple):
    """A technique; `parent` is the technique it lies below, or its own id."""

    id: str
    name: str
    parent: str
    parent_name: str
    tactic: str
    tactic_name: str

    @property
    def page(self) -> str:
        """The page that explains it."""
        return page_of(self.id)

    @property
    def phase(self) -> str:
        """The tactic as a kill chain phase of STIX and the Navigator name it."""
        return self.tactic_name.lower().replace(" ", "-")


def technique(id: str) -> Technique:
    """What is known of a technique; raises KeyError for one the rulebook does not know."""
    parent, _, below = id.partition(".")
    above, _, name = TECHNIQUES[id].partition(": ")
    tactic, tactic_name = TACTICS[parent]
    return Technique(id, name if below else above, parent, above, tactic, tactic_name)


def page_of(id: str) -> str:
    """The page of a technique or tactic."""
    folder = "tactics" if id.startswith("TA") else "techniques"
    return f"{_SITE}/{folder}/{id.replace('.', '/')}/"
