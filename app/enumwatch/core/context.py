"""Context: what the owner and the world know beside the logs, ready for the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import AbstractSet, Any, Callable, Mapping, Tuple

from .actors import Actors
from .address import AddressBook, Naming
from .allowlist import Allowlist
from .intelligence import Intelligence
from .organisation import Organisation
from .tool import KnownTools


def nothing_known(_: str) -> Tuple[str, str]:
    """What is known of a domain where no list was handed in: nothing."""
    return "", ""


@dataclass(frozen=True)
class Context:
    """Everything the rules may know: compiled rulebook, lookups, how names are read."""

    rulebook: Mapping[str, Any]
    allowlist: Allowlist = field(default_factory=Allowlist)
    organisation: Organisation = field(default_factory=Organisation)
    known_tools: KnownTools = field(default_factory=KnownTools)
    actors: Actors = field(default_factory=Actors)
    intelligence: Intelligence = field(default_factory=Intelligence)
    # A domain → (disposable, alias, free or own, why); a domain → (how it imitates an own one, why). Both "" where unknown.
    mail_domain: Callable[[str], Tuple[str, str]] = nothing_known
    lookalike: Callable[[str], Tuple[str, str]] = nothing_known

    def limits(self, detection: str) -> Mapping[str, float]:
        """Limits of one detection; durations are in seconds."""
        limits: Mapping[str, float] = self.rulebook["detections"][detection]["limits"]
        return limits

    def book(self) -> AddressBook:
        """A fresh address book that knows the owner's domains."""
        return AddressBook(Naming(own_domains=self.organisation.own))

    def sources_without_misses(self) -> AbstractSet[str]:
        """Event sources that never record a try at a name that does not exist."""
        return self._sources_that_say("misses", "never")

    def sources_of_claimed_addresses(self) -> AbstractSet[str]:
        """Event sources whose addresses come from a header, which the caller may have written."""
        return self._sources_that_say("addresses", "header")

    def mail_sources(self) -> AbstractSet[str]:
        """Event sources in which every account has a mail address for a name."""
        return self._sources_that_say("accounts", "mail")

    def _sources_that_say(self, what: str, value: str) -> AbstractSet[str]:
        sources = self.rulebook["sources"].values()
        return {table for source in sources if source["visibility"][what] == value for table in source["emits"]}
