"""Redact: names of people, of machines and of the organisation's domains leave as short hashes when asked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from ..core.address import AddressBook
from ..core.contact import Contact
from ..core.event import TRYING_KINDS
from ..core.gaps import DOUBTFUL
from .known_names import KnownNames, domains, first_word, spellings, words_of

KEY_VARIABLE = "ENUMWATCH_REDACT_KEY"
_NAME_LISTS = ("names_found", "compromised_accounts", "accounts_created")
_EVIDENCE_LISTS = ("sensitive_names", "decoy_names")
# What stands around an address that another text quotes: an agent, a result code or a gap.
_AROUND = re.compile(r"([\s\"'<>(),;:=|\\/?&]+)")
_FIELDS = frozenset({"@timestamp"})  # of queries, written with what else only addresses have
_ENCODED_AT = re.compile(r"%(?:25)*40")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
# Keys of texts that a log holds word for word, which may quote a name without its domain.
_LOGGED = frozenset(
    {"user_agent", "app", "app_id", "client_app", "host", "user_agents_sample", "apps_sample", "tenant"}
)
_FEWEST_LETTERS = 4  # a shorter name is more often a part of a word than a name
# What the owner wrote, or names a file; not names that were tried.
_KEPT = frozenset({"owner", "reason", "path", "entry", "suppressed_by", "source", "shape"})


class Redactor:
    """Replaces a name by `name-` and twelve digits of its hash: equal names stay equal, in every run, and no more is said.

    Machines become `host-`, domains `domain-`, sentences of a log `text-`. Ids of tenants and applications stay, and so
    do addresses of the network and agents that quote no name.
    """

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self._book = AddressBook()
        self._codes = frozenset(codes)  # of the outcome table, which names nobody
        self._known: set[str] = set()
        self._others: set[str] = set()  # accounts that answers of a playbook may name

    def name(self, text: str) -> str:
        """The stand-in of a name; equal names in other spelling get the same."""
        return _stand_in("name", self._book.key(text))

    def host(self, text: str) -> str:
        """The stand-in of a machine; "" stays."""
        return _stand_in("host", text.lower()) if text else ""

    def tenant(self, text: str) -> str:
        """The stand-in of a tenant that is known by its domain; an id stays as it is."""
        return _stand_in("domain", text.lower()) if "." in text or "@" in text else text

    def entry_value(self, sort: str, value: str) -> str:
        """What an allowlist entry of a type names, without names."""
        if sort in ("target", "actor"):
            return self.name(value)
        if sort == "target_domain":
            return _stand_in("domain", value.lower())
        return self.tenant(value) if sort == "tenant" else self.text(value, self._known)

    def row(self, row: Mapping[str, str]) -> dict[str, str]:
        """A row of the allowlist, without names; what its owner wrote stays."""
        return {**row, "value": self.entry_value(row["type"], row["value"]), "tenant": self.tenant(row["tenant"])}

    def learn(self, names: Iterable[str]) -> None:
        """Names that no text of a log may quote from here on."""
        self._known.update(name for name in names if name)

    def learn_accounts(self, rows: Iterable[Contact]) -> None:
        """Accounts that did something or were changed, which answers of a playbook may name."""
        for row in rows:
            if row.kind not in TRYING_KINDS:
                self._others.update((row.target, row.actor))
        self._others.discard("")

    def learn_quoted(self, names: Iterable[str], texts: Iterable[str]) -> None:
        """Those of many names that texts may quote."""
        words = words_of(texts)
        if words:
            self.learn(name for name in names if _is_among(name, words))

    def known(
        self, names: Iterable[str], fewest: int = _FEWEST_LETTERS, more_domains: Iterable[str] = ()
    ) -> KnownNames:
        """Every spelling of names and of their domains, with its stand-in."""
        made = KnownNames(fewest)
        every = sorted(names)
        for name in every:
            for spelled in spellings(name):
                made.add(spelled, self.name(name))
        for domain in sorted({*more_domains, *(one for name in every for one in domains(name))}):
            made.add(domain, _stand_in("domain", domain.lower()))
        return made

    def quoting(
        self, texts: Iterable[str], codes: Iterable[str], names: Iterable[str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Texts, and result codes, that quote one of these names or an address, with what is told in their place; names
        may be millions."""
        texts, codes = list(texts), list(codes)
        words = words_of((*texts, *codes))
        near: list[str] = []
        places: set[str] = set()
        for name in names:
            places.update(domains(name))
            if _is_among(name, words):
                near.append(name)
        known = self.known(near, more_domains=places)
        told = ((text, self.text(text, known)) for text in texts)
        said = ((code, self.code(code, known)) for code in codes)
        return _changed(told), _changed(said)

    def code(self, text: str, known: KnownNames) -> str:
        """A result code. One that is a sentence, and of no table, may name anybody and is told by its hash."""
        if text in self._codes:
            return text
        if any(char.isspace() for char in text):
            return _stand_in("text", text)
        return self.text(text, known)

    def verdicts(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Verdicts in their JSON form without names. An earlier update of a finding may carry what its last one names."""
        named: dict[str, set[str]] = {}
        for row in rows:
            named.setdefault(row["finding_id"], set()).update(self._names_of(row))
        return [self.verdict(row, named[row["finding_id"]]) for row in rows]

    def verdict(self, row: Mapping[str, Any], more: Iterable[str] = ()) -> dict[str, Any]:
        """A verdict in its JSON form without names, those that it lists and `more`."""
        names = {*self._names_of(row), *more}
        self.learn(names)
        known = self.known(names)
        hidden = {**self._doubtful(row["evidence"]["gaps"], known), **self._hidden(row, known)}
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
            changed["triage"] = self._without(changed["triage"], self._whole({*names, *self._others}))
        return {key: self._unquoted(value, key) for key, value in changed.items()}

    def summary(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """A summary in its JSON form without names."""
        changed = dict(summary)
        known = self.known(self._known, fewest=1)
        changed["unknown_codes"] = [{**one, "code": self.code(one["code"], known)} for one in summary["unknown_codes"]]
        for key in ("suppressed", "expired_allowlist"):
            changed[key] = [self._entry(entry) for entry in summary[key]]
        changed["files"] = [{**file, "reason": self._unquoted(file["reason"], "")} for file in summary["files"]]
        return {key: self._unquoted(value, key) for key, value in changed.items()}

    def visibility(self, report: Mapping[str, Any]) -> dict[str, Any]:
        """A report of what logs show, without names."""
        known = self.known(self._known, fewest=1)
        logs = [
            {**one, "unknown_codes": [self.code(code, known) for code in one["unknown_codes"]]}
            for one in report["logs"]
        ]
        unknown = [self.code(one, known) for one in report["unknown_logs"]]
        return {**report, "logs": logs, "unknown_logs": unknown, "notes": [self.text(one) for one in report["notes"]]}

    def summary_of(self, summary: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """A summary without names, where a log may quote any of these."""
        self.learn_quoted(names, [one["code"] for one in summary["unknown_codes"]])
        return self.summary(summary)

    def text(self, value: str, names: Iterable[str] | KnownNames = ()) -> str:
        """A text of a log without the addresses it quotes, plain, URL-encoded or in Base64, and without `names`: those of
        at least four letters are found without their domain and in any case too."""
        value = _BASE64.sub(self._decoded, value)
        parts = (
            self.name(unquote(unquote(part))) if _ENCODED_AT.search(part) else part for part in _AROUND.split(value)
        )
        value = "".join(self.name(part) if "@" in part and part not in _FIELDS else part for part in parts)
        known = names if isinstance(names, KnownNames) else self.known(names)
        return known.replaced(value)

    def _decoded(self, found: re.Match[str]) -> str:
        """The stand-in of an address that is written in Base64; any other text as it is."""
        letters = found[0].rstrip("=").replace("-", "+").replace("_", "/")
        try:
            plain = base64.b64decode(letters + "=" * (-len(letters) % 4)).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return found[0]
        return self.name(plain) if "@" in plain and plain.isprintable() else found[0]

    def _hidden(self, value: Any, names: KnownNames, key: str = "") -> dict[str, str]:
        """Texts of logs in a verdict that quote a name, each with what is told in its place."""
        if isinstance(value, Mapping):
            return {old: new for name, part in value.items() for old, new in self._hidden(part, names, name).items()}
        if isinstance(value, (list, tuple)):
            return {old: new for part in value for old, new in self._hidden(part, names, key).items()}
        if key not in _LOGGED or not isinstance(value, str):
            return {}
        told = self._logged(value, key, names)
        return {} if told == value else {value: told}

    def _doubtful(self, gaps: Iterable[str], known: KnownNames) -> dict[str, str]:
        """Result codes that gaps quote, with what is told in their place."""
        begin, end = DOUBTFUL
        quoted = [one[len(begin) : -len(end)] for one in gaps if one.startswith(begin) and one.endswith(end)]
        return _changed((code, self.code(code, known)) for one in quoted for code in one.split(", "))

    def _logged(self, value: str, key: str, names: KnownNames) -> str:
        if key in ("host", "tenant"):
            return self.host(value) if key == "host" else self.tenant(value)
        return self.text(value, names)

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
    def _names_of(row: Mapping[str, Any]) -> set[str]:
        """Every name a verdict lists."""
        evidence = row["evidence"]
        lists = [*(row[key] for key in _NAME_LISTS), *(evidence[key] for key in _EVIDENCE_LISTS)]
        names = {name for some in [*lists, *evidence["names_sample"].values()] for name in some}
        return {*names, row["actor"]["account"]} - {"", None}

    def _whole(self, names: Iterable[str]) -> KnownNames:
        """Names as they stand in sentences of our own: whole, however short."""
        made = KnownNames(fewest=1)
        for name in sorted(names):
            made.add(name, self.name(name))
        return made

    def _without(self, value: Any, names: KnownNames) -> Any:
        """A copy of a JSON value whose sentences name none of these."""
        if isinstance(value, str):
            return names.replaced(value)
        if isinstance(value, Mapping):
            return {key: self._without(part, names) for key, part in value.items()}
        return [self._without(part, names) for part in value] if isinstance(value, list) else value

    def _names(self, names: Sequence[str]) -> list[str]:
        return [self.name(name) for name in names]

    def _entry(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        return {**entry, "value": self.entry_value(entry["type"], entry["value"])}


def _changed(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {old: fresh for old, fresh in pairs if fresh != old}


def _is_among(name: str, words: set[str]) -> bool:
    return any(first_word(one) in words for one in spellings(name))


def _stand_in(sort: str, text: str) -> str:
    key = os.environ.get(KEY_VARIABLE, "").encode("utf-8", "surrogateescape")
    told = text.encode("utf-8", "surrogatepass")
    # Without a key whoever guesses a name can check the guess.
    made = hmac.new(key, told, hashlib.sha256) if key else hashlib.sha256(told)
    return f"{sort}-{made.hexdigest()[:12]}"
