"""Around: rows of contacts and of logs that were read, kept until the findings they belong to arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.contact import Contact
from ...core.context import Context
from ...core.network import canonical_ip
from ...core.outcome import OutcomeTable
from ...core.triage import NOTHING_KNOWN, Known, Reading, known_around
from .columns import ATTEMPTS, FIRST, LAST, field, text_of
from .meanings import BAD, Meanings
from .moments import micro_of
from .row_by_row import BadRowError

CONTACT, READING = "contact", "reading"
_FALSE = frozenset({"0", "f", "false", "n", "no"})
_TEXTS = ("asn", "country", "user_agent", "app", "app_id", "client_app", "actor")


class Around:
    """Contacts and readings in the order they arrive; a contact that was kept in parts is one again."""

    def __init__(self, rulebook: Mapping[str, Any], outcomes: OutcomeTable) -> None:
        self._meanings = Meanings(rulebook, outcomes)
        self._readings: dict[tuple[str, str], Reading] = {}
        self._contacts: dict[tuple[Any, ...], Contact] = {}

    def take(self, sort: str, row: Mapping[str, Any]) -> None:
        """Takes a row of one of the two sorts; raises BadRowError."""
        try:
            times = micro_of(text_of(row.get(FIRST))), micro_of(text_of(row.get(LAST)))
        except (ValueError, OverflowError):
            raise BadRowError("its first and last are no times: pass on the columns of the contacts") from None
        if sort == READING:
            self._read(row, Reading(*times))
        else:
            self._add(row, *times)

    def known(self, finding: Mapping[str, Any], context: Context) -> Known:
        """What is known around a finding; nothing where no row told of contacts or logs."""
        if not self._readings:
            return NOTHING_KNOWN
        return known_around(finding, context, self._readings, self._contacts.values())

    def _read(self, row: Mapping[str, Any], reading: Reading) -> None:
        key = field(row, "tenant"), field(row, "source")
        known = self._readings.get(key, reading)
        self._readings[key] = Reading(min(known.first, reading.first), max(known.last, reading.last))

    def _add(self, row: Mapping[str, Any], first: int, last: int) -> None:
        meaning = self._meanings.of(row)
        if meaning.sort == BAD:
            raise BadRowError(meaning.problem)
        texts = {name: field(row, name) for name in _TEXTS}
        one = Contact(
            kind=meaning.kind,
            source=meaning.source,
            tenant=field(row, "tenant"),
            hour=micro_of(text_of(row.get("hour")) or text_of(row.get(FIRST))),
            src_ip=canonical_ip(field(row, "src_ip")),
            host=text_of(row.get("src_host")),
            target=field(row, "target"),
            target_visible=text_of(row.get("target_visible")).lower() not in _FALSE,
            code=field(row, "code"),
            outcome=meaning.outcome,
            attempts=int(float(text_of(row.get(ATTEMPTS)) or "1")),
            first=first,
            last=last,
            **texts,
        )
        key = one[: Contact._fields.index("attempts")]
        before = self._contacts.get(key)
        if before is not None:
            one = one._replace(
                attempts=one.attempts + before.attempts, first=min(first, before.first), last=max(last, before.last)
            )
        self._contacts[key] = one
