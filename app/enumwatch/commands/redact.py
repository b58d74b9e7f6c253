"""Redact: names that were tried are personal, so they leave as short hashes when asked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..core.address import AddressBook

_NAME_LISTS = ("names_found", "compromised_accounts", "accounts_created")
_EVIDENCE_LISTS = ("sensitive_names", "decoy_names")
# What stands around an address that another text quotes: an agent, a result code or a gap.
_AROUND = re.compile(r"([\s\"'<>(),;:=|\\/]+)")
# What the owner wrote, or names a file; not names that were tried.
_KEPT = frozenset({"owner", "reason", "path", "entry", "suppressed_by", "source", "shape"})


class Redactor:
    """Replaces every name by `name-` and twelve digits of its hash: equal names stay equal, no more is said."""

    def __init__(self) -> None:
        self._book = AddressBook()

    def name(self, text: str) -> str:
        """The stand-in of a name; equal names in other spelling get the same."""
        return "name-" + hashlib.sha256(self._book.key(text).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def verdict(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A verdict in its JSON form without names."""
        changed = dict(row)
        for key in _NAME_LISTS:
            changed[key] = self._names(row[key])
        evidence = dict(row["evidence"])
        for key in _EVIDENCE_LISTS:
            evidence[key] = self._names(evidence[key])
        evidence["names_sample"] = {outcome: self._names(names) for outcome, names in evidence["names_sample"].items()}
        changed["evidence"] = evidence
        actor = dict(row["actor"])
        if actor["account"]:
            actor["account"] = self.name(actor["account"])
        changed["actor"] = actor
        if row["suppressed_by"]:
            changed["suppressed_by"] = self._entry(row["suppressed_by"])
        if row.get("triage"):
            changed["triage"] = self._without(row["triage"], self._names_of(row))
        return {key: self._unquoted(value, key) for key, value in changed.items()}

    def summary(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """A summary in its JSON form without names."""
        changed = dict(summary)
        for key in ("suppressed", "expired_allowlist"):
            changed[key] = [self._entry(entry) for entry in summary[key]]
        changed["files"] = [{**file, "reason": self._unquoted(file["reason"], "")} for file in summary["files"]]
        return {key: self._unquoted(value, key) for key, value in changed.items()}

    def _unquoted(self, value: Any, key: str) -> Any:
        """A copy of a JSON value whose texts quote no address."""
        if key in _KEPT:
            return value
        if isinstance(value, str):
            return "".join(self.name(part) if "@" in part else part for part in _AROUND.split(value))
        if isinstance(value, Mapping):
            return {name: self._unquoted(part, name) for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._unquoted(part, "") for part in value]
        return value

    @staticmethod
    def _names_of(row: Mapping[str, Any]) -> list[str]:
        """Every name a verdict lists, longest first, so that none is taken for a part of another."""
        evidence = row["evidence"]
        lists = [*(row[key] for key in _NAME_LISTS), *(evidence[key] for key in _EVIDENCE_LISTS)]
        names = {name for some in [*lists, *evidence["names_sample"].values()] for name in some}
        return sorted(names | {row["actor"]["account"] or ""}, key=len, reverse=True)

    def _without(self, value: Any, names: Sequence[str]) -> Any:
        """A copy of a JSON value whose sentences name none of these."""
        if isinstance(value, str):
            for name in names:
                if name and name in value:
                    value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self.name(name), value)
            return value
        if isinstance(value, Mapping):
            return {key: self._without(part, names) for key, part in value.items()}
        return [self._without(part, names) for part in value] if isinstance(value, list) else value

    def _names(self, names: Sequence[str]) -> list[str]:
        return [self.name(name) for name in names]

    def _entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        return {**entry, "value": self.name(entry["value"])} if entry["type"] in ("target", "actor") else dict(entry)
