"""Domains that imitate one of the owner's: the same to the eye, a slip away, or his name in a foreign place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from enumwatch.core.neighbour import edit_distance
from enumwatch.core.wording import counted

from .parts import Registrable, readable_label

# Short names are a letter away from too many honest ones; only looking the same counts for them.
_SHORT_NAME = 5
_LONG_NAME = 10
_TENANT_PARENTS = (".mail.onmicrosoft.com", ".onmicrosoft.com")


class Lookalike(NamedTuple):
    """A domain that imitates `own`: `kind` says how, `reason` says it in a sentence.

    Kinds: skeleton, other_top_level, hyphen, edit, tenant (another tenant's onmicrosoft.com), label and name_part (the
    own name before or inside a foreign domain; many honest services give their customers such a name, so list those
    that are used as partners).
    """

    domain: str
    own: str
    kind: str
    reason: str


class LookalikeFinder:
    """Compares domains with the owner's.

    `skeleton` returns what a text looks like, `split` the registrable parts of a domain: passed in, so that a place
    without the packages behind them can bring its own. Domains in `known` (partners, retired) are never look-alikes.
    """

    def __init__(
        self,
        own_domains: Iterable[str],
        skeleton: Callable[[str], str],
        split: Callable[[str], Registrable],
        known: Iterable[str] = (),
    ) -> None:
        self._skeleton = skeleton
        self._split = split
        self._own: dict[str, str] = {}
        self._safe = {domain.lower() for domain in known}
        for domain in sorted(own_domains):
            name, registered = self._name_of(domain)
            self._safe.add(registered)
            if name:
                self._own.setdefault(name, registered)
        self._skeletons = {name: skeleton(name) for name in self._own}

    def examine(self, domain: str) -> Lookalike | None:
        """Return how a domain imitates an own one, or None; own domains and their subdomains never do."""
        name, registered = self._name_of(domain)
        if not name or self._is_safe(domain.strip().lower().rstrip("."), registered):
            return None
        is_tenant = registered.endswith(_TENANT_PARENTS[-1])
        for own_name, own in self._own.items():
            found = self._imitation(name, own_name)
            if found is None:
                continue
            kind, what = found
            if is_tenant:
                kind = "tenant"
                what = "a tenant of the same name" if name == own_name else f"the tenant name {what}"
            return Lookalike(domain, own, kind, f"{domain} imitates {own}: {what}")
        return self._name_elsewhere(domain, registered)

    def _name_of(self, domain: str) -> tuple[str, str]:
        """Return (the name to compare, the domain somebody registered)."""
        text = domain.strip().lower().rstrip(".")
        for parent in _TENANT_PARENTS:
            if text.endswith(parent):
                name = text[: -len(parent)].rpartition(".")[2]
                return name, f"{name}{_TENANT_PARENTS[-1]}"
        parts = self._split(text)
        return readable_label(parts.name), parts.domain

    def _is_safe(self, domain: str, registered: str) -> bool:
        return registered in self._safe or domain in self._safe

    def _imitation(self, name: str, own: str) -> tuple[str, str] | None:
        is_short = len(own) <= _SHORT_NAME
        if name == own:
            # A short name under another ending is more often another firm than an imitation.
            return None if is_short else ("other_top_level", "the same name under another ending")
        if self._skeleton(name) == self._skeletons[own]:
            return "skeleton", "looks the same"
        if is_short:
            return None
        if name.replace("-", "") == own.replace("-", ""):
            return "hyphen", "differs by a hyphen"
        limit = 2 if len(own) >= _LONG_NAME else 1
        distance = edit_distance(name, own, limit)
        if distance <= limit:
            return "edit", f"differs by {counted(distance, 'letter')}"
        return None

    def _name_elsewhere(self, domain: str, registered: str) -> Lookalike | None:
        parts = self._split(domain)
        for label in parts.subdomain.split("."):
            own = self._own.get(readable_label(label))
            if own is not None and len(label) > _SHORT_NAME:
                return Lookalike(domain, own, "label", f"{domain} imitates {own}: its name stands before {registered}")
        for part in readable_label(parts.name).split("-"):
            own = self._own.get(part)
            if own is not None and len(part) > _SHORT_NAME:
                return Lookalike(domain, own, "name_part", f"{domain} imitates {own}: its name is part of the domain")
        return None
