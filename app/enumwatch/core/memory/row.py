"""Row: one thing that is remembered of one tenant."""

from __future__ import annotations

from typing import NamedTuple

VERSION = 1  # of what the rows hold; rows of another version are not read


class MemoryRow(NamedTuple):
    """What any store keeps. `value` is JSON text; `updated` and `expires` are microseconds since 1970 UTC.

    `kind` is name, place, habits, counting, sum, incident or tenant, and `key` what it is of.
    """

    key: str
    tenant: str
    kind: str
    value: str
    updated: int
    expires: int
