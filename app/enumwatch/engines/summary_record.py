"""Summary: what became of everything a run was given. The one place that names its keys, for every engine."""

from __future__ import annotations

from typing import TypedDict


class ReadingProblem(TypedDict):
    """One thing that was wrong with an input; `line` is 1-based, None where lines mean nothing."""

    line: int | None
    what: str
    expected: str


class FileSummary(TypedDict):
    """What became of the records of one input; a member of an archive is `archive.zip!member`."""

    path: str
    source: list[str]
    shape: list[str]
    records: int
    duplicates: int
    not_relevant: int
    unreadable: int
    skipped: int
    events: int
    reason: str | None
    duplicate_of: str | None
    problems: list[ReadingProblem]


class AllowlistEntry(TypedDict):
    """One line of the allowlist, as it was written."""

    entry: str
    type: str
    value: str
    reason: str
    owner: str
    expires: str


class SuppressedBy(AllowlistEntry):
    """What one line of the allowlist hid."""

    events: int
    findings: int


class CodeCount(TypedDict):
    """How often one result code of one source occurred."""

    source: str
    code: str
    attempts: int


class UnreadableTimes(TypedDict):
    """Records of one input whose time could not be read."""

    path: str
    count: int
    example: str | None


class Summary(TypedDict):
    """The summary of a run; counts are of records unless their name says otherwise."""

    version: str
    files: list[FileSummary]
    records: int
    duplicates: int
    not_relevant: int
    unreadable: int
    skipped: int
    events: int
    read_before: int
    contacts: int
    findings: int
    kinds: dict[str, int]
    suppressed: list[SuppressedBy]
    expired_allowlist: list[AllowlistEntry]
    unknown_codes: list[CodeCount]
    noise: list[CodeCount]
    not_visible: list[str]
    truncated: list[str]
    unreadable_times: list[UnreadableTimes]
    first_event: str | None
    last_event: str | None
