"""disposable: whether the domain of an address is thrown away after use, free for everybody, or imitates an own one."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from ...core.address import canonical_domain
from .columns import text_of
from .knowledge import LONG_TABLES, long_table, lookups
from .row_by_row import BadRowError, RowByRow
from .speech import CommandError, shown

# Where an address is looked for when no field is named.
USUAL_FIELDS = ("target", "user", "address", "email", "mail", "recipient", "sender", "domain", "src_user", "account")


class DisposableRows(RowByRow):
    """Put before StreamingCommand."""

    about = "write it as | disposable field=user"
    adds = (
        *("domain", "registrable_domain", "is_disposable", "is_free_mail", "is_lookalike", "lookalike_of"),
        "reason",
    )

    def check(self) -> None:
        """Reads the options."""
        if self.field is not None and not self.field.strip():
            raise CommandError("field names no column: write | disposable field=user")
        self._known: dict[str, dict[str, Any]] = {}

    def answer(self, record: dict[str, Any]) -> dict[str, Any]:
        """What is known of the domain of one row; of several values of a field the first counts."""
        text = self._text(record)
        domain = canonical_domain(text.rpartition("@")[2])
        if not domain or "." not in domain:
            raise BadRowError(f"{shown(text)} holds no domain: name the column of addresses or domains with field=")
        found = self._known.get(domain)
        if found is None:
            found = self._known[domain] = self._of(domain)
        return found

    def _text(self, record: dict[str, Any]) -> str:
        if self.field is not None:
            if self.field not in record:
                raise BadRowError(f"there is no column {shown(self.field)}: name the column of addresses with field=")
            return text_of(record[self.field])
        for name in USUAL_FIELDS:
            text = text_of(record.get(name))
            if text:
                return text
        raise BadRowError("no usual column holds an address: name the column with | disposable field=...")

    def _of(self, domain: str) -> dict[str, Any]:
        known = self._domains.classify(domain)
        imitated = self._finder.examine(domain)
        return {
            "domain": domain,
            "registrable_domain": self._split(domain).domain,
            "is_disposable": _word(known.kind == "disposable"),
            "is_free_mail": _word(known.kind == "free"),
            "is_lookalike": _word(imitated is not None),
            "lookalike_of": imitated.own if imitated is not None else "",
            "reason": "; ".join([known.reason, *([imitated.reason] if imitated is not None else [])]),
        }

    @cached_property
    def _owner(self) -> Any:
        return lookups().organisation

    @cached_property
    def _domains(self) -> Any:
        from ...domains.disposable import MailDomains

        free_mail, disposable = map(long_table, LONG_TABLES)
        return MailDomains(free_mail, disposable, self._owner.own)

    @cached_property
    def _comparing(self) -> tuple[Any, Any]:
        from ...domains.known import by_the_packages

        return by_the_packages()

    @cached_property
    def _finder(self) -> Any:
        from ...domains.lookalike import LookalikeFinder

        return LookalikeFinder(self._owner.own, *self._comparing, known=self._owner.partners | self._owner.retired)

    def _split(self, domain: str) -> Any:
        return self._comparing[1](domain)


def _word(value: bool) -> str:
    return "true" if value else "false"
