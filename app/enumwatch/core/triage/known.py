"""Known: what an engine can tell around a finding. What it cannot tell leaves questions unanswered, never guessed."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Optional, Sequence

from ..contact import Contact


class Reading(NamedTuple):
    """A log that was read: from its first to its last event, microseconds since 1970 UTC."""

    first: int
    last: int


class Known(NamedTuple):
    """Logs that were read, by the source of their contacts, and the contacts around the finding.

    None says that nobody knows: then nothing can be concluded from a log or a contact that is not there.
    """

    readings: Optional[Mapping[str, Reading]] = None
    contacts: Optional[Sequence[Contact]] = None


NOTHING_KNOWN = Known()
