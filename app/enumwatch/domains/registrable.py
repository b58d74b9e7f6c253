"""Domains split at the line where somebody can register a name, by the public suffix list, and their ASCII form."""

from __future__ import annotations

import idna
from publicsuffixlist import PublicSuffixList

from enumwatch.core.address import canonical_domain

from .parts import Registrable


def ascii_domain(domain: str) -> str:
    """Return a domain in lower-case ASCII form, "" when it is no domain.

    Follows UTS 46 as browsers and mail servers do; where that refuses, the older rules of `canonical_domain` decide.
    """
    text = domain.strip().rstrip(".")
    try:
        return canonical_domain(idna.encode(text, uts46=True, transitional=False).decode("ascii"))
    except (idna.IDNAError, UnicodeError):
        return canonical_domain(domain)


class PublicSuffixes:
    """Splits domains by the public suffix list of the installed package, private suffixes included."""

    def __init__(self) -> None:
        self._list = PublicSuffixList()

    def split(self, domain: str) -> Registrable:
        """Return the parts of a domain; an unknown top level counts as a suffix, all parts are empty for no domain."""
        text = ascii_domain(domain)
        if not text:
            return Registrable("", "", "")
        registered = self._list.privatesuffix(text)
        if registered is None:
            return Registrable("", "", text)
        name, _, suffix = registered.partition(".")
        return Registrable(text[: -len(registered)].rstrip("."), name, suffix)

    def is_public_suffix(self, domain: str) -> bool:
        """Return whether anybody can register names right under this domain."""
        return not self.split(domain).name
