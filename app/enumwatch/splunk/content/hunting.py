"""Saved searches, one for each hunt: nobody runs them but an analyst, so they are off and without a schedule."""

from __future__ import annotations

from collections.abc import Iterator

from ...hunts.hunt import Hunt
from ...hunts.loading import shipped_hunts
from ...hunts.rendering import text_of
from .confs import Stanza
from .names import hunt_title


def stanzas() -> Iterator[Stanza]:
    """Yield the saved search of each hunt, by technique."""
    for hunt in shipped_hunts().values():
        yield Stanza("savedsearches", hunt_title(hunt.title), _keys(hunt))


def _keys(hunt: Hunt) -> dict[str, str]:
    told = hunt.filled
    lines = [f"{told(hunt.hypothesis)} ({hunt.technique})", f"An answer means: {told(hunt.means)}"]
    lines += [f"Harmless and alike: {told(one)}" for one in hunt.benign]
    lines += [f"Next: {told(one)}" for one in hunt.next]
    return {
        "description": "\n".join(lines),
        "search": text_of(hunt, "spl"),
        "disabled": "true",
        "enableSched": "0",
        "is_visible": "true",
    }
