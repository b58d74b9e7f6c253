"""Whether mailboxes of a domain are thrown away after use, lent by an alias service, or free for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from enumwatch.core.address import canonical_domain


class MailDomain(NamedTuple):
    """What a mail domain is known as: `kind` is disposable, alias, free or own, "" when no list has it.

    `listed` is the entry that matched (the domain or one above it); `reason` names the list and its date.
    """

    domain: str
    kind: str
    listed: str
    reason: str


class MailDomains:
    """The lists of disposable, free and alias domains, with the owner's own domains above all of them."""

    def __init__(
        self,
        free_mail: Iterable[Mapping[str, str]],
        disposable: Iterable[Mapping[str, str]],
        own_domains: Iterable[str] = (),
    ) -> None:
        self._own = frozenset(own_domains)
        self._free = {row["domain"]: row["kind"] for row in free_mail}
        self._disposable = {row["domain"]: (row["list"], row["dated"]) for row in disposable}

    def classify(self, address_or_domain: str) -> MailDomain:
        """Return what the domain of an address is; the nearest listed domain above it decides.

        On one level the owner's list wins over free and alias, and those over disposable: the disposable lists hold
        mistakes, and their word is a reason for doubt, never a verdict.
        """
        domain = canonical_domain(address_or_domain.rpartition("@")[2])
        candidate = domain
        while "." in candidate:
            if candidate in self._own:
                return MailDomain(domain, "own", candidate, f"{candidate} is an own domain")
            kind = self._free.get(candidate)
            if kind is not None:
                service = "an alias service" if kind == "alias" else "a free mail provider"
                return MailDomain(domain, kind, candidate, f"{candidate} is {service}")
            found = self._disposable.get(candidate)
            if found is not None:
                source, dated = found
                return MailDomain(domain, "disposable", candidate, f"{candidate} is on the list {source} of {dated}")
            candidate = candidate.partition(".")[2]
        return MailDomain(domain, "", "", "on no list" if domain else "no domain")
