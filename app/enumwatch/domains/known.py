"""What a mail domain is known as, ready to be handed to the core: lists and comparisons are made when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from .disposable import MailDomains
from .lookalike import LookalikeFinder
from .parts import Registrable

Rows = Iterable[Mapping[str, str]]


class KnownDomains:
    """Answers the two questions of the core's context about a domain; "" stands for nothing known.

    `skeleton` and `split` are as LookalikeFinder takes them; `known` are domains that never imitate (partners, retired).
    """

    def __init__(
        self,
        free_mail: Rows,
        disposable: Rows,
        own: Iterable[str],
        known: Iterable[str],
        comparing: Callable[[], tuple[Callable[[str], str], Callable[[str], Registrable]]],
    ) -> None:
        self._lists = free_mail, disposable
        self._own, self._known = tuple(own), tuple(known)
        self._comparing = comparing
        self._answers: dict[str, tuple[str, str]] = {}

    def mail_domain(self, domain: str) -> tuple[str, str]:
        """Return (disposable, alias, free or own, why)."""
        found = self._mail_domains.classify(domain)
        return (found.kind, found.reason) if found.kind else ("", "")

    def lookalike(self, domain: str) -> tuple[str, str]:
        """Return (how a domain imitates an own one, why)."""
        if not self._own:
            return "", ""
        answer = self._answers.get(domain)
        if answer is None:
            found = self._finder.examine(domain)
            answer = self._answers[domain] = (found.kind, found.reason) if found is not None else ("", "")
        return answer

    @cached_property
    def _mail_domains(self) -> MailDomains:
        return MailDomains(*self._lists, self._own)

    @cached_property
    def _finder(self) -> LookalikeFinder:
        return LookalikeFinder(self._own, *self._comparing(), self._known)


def by_the_packages() -> tuple[Callable[[str], str], Callable[[str], Registrable]]:
    """The skeleton of a text and the parts of a domain, by the installed packages."""
    from .registrable import PublicSuffixes
    from .skeleton import skeleton

    return skeleton, PublicSuffixes().split
