"""Redact: names that were tried are personal, so they leave as short hashes when asked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ..core.address import AddressBook

_NAME_LISTS = ("names_found", "compromised_accounts", "accounts_created")
_EVIDENCE_LISTS = ("sensitive_names", "decoy_names")
# What stands around an address that another text quotes: an agent, a result code or a gap.
_AROUND = re.compile(r"([\s\"'<>(),;:=|\\/?&]+)")
_ENCODED_AT = re.compile(r"%(?:25)*40")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
# Keys of texts that a log holds word for word, which may quote a name without its domain.
_LOGGED = frozenset({"user_agent", "app", "app_id", "client_app", "host", "user_agents_sample", "apps_sample"})
_FEWEST_LETTERS = 4  # a shorter name is more often a part of a word than a name
# What the owner wrote, or names a file; not names that were tried.
_KEPT = frozenset({"owner", "reason", "path", "entry", "suppressed_by", "source", "shape"})


class Redactor:
    """Replaces every name by `name-` and twelve digits of its hash: equal names stay equal, no more is said."""

    def __init__(self) -> None:
        self._book = AddressBook()
        self._known: set[str] = set()

    def name(self, text: str) -> str:
        """The stand-in of a name; equal names in other spelling get the same."""
        return "name-" + hashlib.sha256(self._book.key(text).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def verdict(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A verdict in its JSON form without names."""
        names = self._names_of(row)
        self._known |= {name for name in names if name}
        hidden = self._hidden(row, names)
        changed: dict[str, Any] = {key: self._replaced(value, key, hidden) for key, value in row.items()}
        for key in _NAME_LISTS:
            changed[key] = self._names(row[key])
        evidence = changed["evidence"]
        for key in _EVIDENCE_LISTS:
            evidence[key] = self._names(row["evidence"][key])
        evidence["names_sample"] = {
            outcome: self._names(some) for outcome, some in row["evidence"]["names_sample"].items()
        }
        if row["actor"]["account"]:
            changed["actor"]["account"] = self.name(row["actor"]["account"])
        if row["suppressed_by"]:
            changed["suppressed_by"] = self._entry(row["suppressed_by"])
        if row.get("triage"):
            changed["triage"] = self._without(changed["triage"], names)
        return {key: self._unquoted(value, key) for key, value in changed.items()}

    def summary(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """A summary in its JSON form without names."""
        changed = dict(summary)
        names = sorted(self._known, key=len, reverse=True)
        changed["unknown_codes"] = self._without(summary["unknown_codes"], names)
        for key in ("suppressed", "expired_allowlist"):
            changed[key] = [self._entry(entry) for entry in summary[key]]
        changed["files"] = [{**file, "reason": self._unquoted(file["reason"], "")} for file in summary["files"]]
        return {key: self._unquoted(value, key) for key, value in changed.items()}

    def text(self, value: str, names: Iterable[str] = ()) -> str:
        """A text of a log without the addresses it quotes, plain, URL-encoded or in Base64, and without `names`: those of
        at least four letters are found without their domain and in any case too."""
        value = _BASE64.sub(self._decoded, value)
        parts = (
            self.name(unquote(unquote(part))) if _ENCODED_AT.search(part) else part for part in _AROUND.split(value)
        )
        value = "".join(self.name(part) if "@" in part else part for part in parts)
        for name in names:
            for spelled in dict.fromkeys((name, name.rpartition("@")[0], name.rpartition("\\")[2])):
                if len(spelled) >= _FEWEST_LETTERS and spelled.lower() in value.lower():
                    value = re.sub(rf"(?<!\w){re.escape(spelled)}(?!\w)", self.name(name), value, flags=re.IGNORECASE)
        return value

    def _decoded(self, found: re.Match[str]) -> str:
        """The stand-in of an address that is written in Base64; any other text as it is."""
        letters = found[0].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            plain = base64.b64decode(letters + "=" * (-len(letters) % 4)).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return found[0]
        return self.name(plain) if "@" in plain and plain.isprintable() else found[0]

    def _hidden(self, value: Any, names: Sequence[str], key: str = "") -> dict[str, str]:
        """Texts of logs in a verdict that quote a name, each with what is told in its place."""
        if isinstance(value, Mapping):
            return {old: new for name, part in value.items() for old, new in self._hidden(part, names, name).items()}
        if isinstance(value, (list, tuple)):
            return {old: new for part in value for old, new in self._hidden(part, names, key).items()}
        if key not in _LOGGED or not isinstance(value, str):
            return {}
        told = self.text(value, names)
        return {} if told == value else {value: told}

    def _replaced(self, value: Any, key: str, hidden: Mapping[str, str]) -> Any:
        """A copy of a JSON value with these texts replaced where they stand, and in the sentences that quote them."""
        if isinstance(value, str) and key in _LOGGED:
            return hidden.get(value, value)
        if isinstance(value, str) and " " in value and key not in _KEPT:
            for old in sorted(hidden, key=len, reverse=True):
                value = value.replace(old, hidden[old])
        elif isinstance(value, Mapping):
            return {name: self._replaced(part, name, hidden) for name, part in value.items()}
        elif isinstance(value, (list, tuple)):
            return [self._replaced(part, key, hidden) for part in value]
        return value

    def _unquoted(self, value: Any, key: str) -> Any:
        """A copy of a JSON value whose texts quote no address."""
        if key in _KEPT:
            return value
        if isinstance(value, str):
            return self.text(value)
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
                if name and name.lower() in value.lower():
                    value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self.name(name), value, flags=re.IGNORECASE)
            return value
        if isinstance(value, Mapping):
            return {key: self._without(part, names) for key, part in value.items()}
        return [self._without(part, names) for part in value] if isinstance(value, list) else value

    def _names(self, names: Sequence[str]) -> list[str]:
        return [self.name(name) for name in names]

    def _entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        return {**entry, "value": self.name(entry["value"])} if entry["type"] in ("target", "actor") else dict(entry)
