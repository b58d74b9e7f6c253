"""Documents: contacts, verdicts and memory as a cluster keeps them, and back.

What must come back as it was stands in fields that the cluster does not look into; what people and searches read stands
beside it, without what no index takes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from ..core.contact import TIME_FIELDS, Contact
from ..core.memory.row import MemoryRow
from ..core.network import canonical_ip
from ..core.times import from_iso, to_iso
from ..core.verdict import VERDICTS, Verdict
from ..rulebook.vocabulary import TECHNIQUES

ECS_VERSION = "8.17.0"
MODULE = "enumwatch"
# Where a verdict document holds the whole verdict, and what tells it from any other word on the finding.
FINDING, DIGEST, WITHDRAWN = "finding", "digest", "withdrawn_at"
# What containing it would break for people at work, in sentences.
CAUTIONS = "cautions"

_KEYS = Contact._fields[: Contact._fields.index("attempts")]
_MILLISECOND = 1_000
_TECHNIQUE_PAGE = "https://attack.mitre.org/techniques/{}/"
LONGEST_MESSAGE = 500
LONGEST_TEXT = 1024  # characters; longer texts are kept and not found
_LARGEST_PACK = 200_000  # characters of rows in one document
_SIGN_INS = frozenset({"sign_in", "autodiscover"})
# Numbers as Elastic's own rules rate what they find.
_SEVERITIES = {"Compromise Suspected": 99, "High Confidence Enumeration": 73, "Directory Harvest": 73}
_LESS_SEVERE = {"Low-Level Enumeration": 21, "Not Enough Evidence": 21, "No Finding": 0}
SEVERITIES: Mapping[str, int] = {name: {**_SEVERITIES, **_LESS_SEVERE}.get(name, 47) for name in VERDICTS}

Document = dict[str, Any]


def contact_id(contact: Contact) -> str:
    """The id of a contact's document: its keys, whatever was counted."""
    return _hashed(str(getattr(contact, name)) for name in _KEYS)


def contact_document(contact: Contact) -> Document:
    """The document of a contact."""
    fields: Document = {
        name: to_iso(value) if name in TIME_FIELDS else _clean(value) for name, value in contact._asdict().items()
    }
    user = _clean(contact.target) if contact.target_visible else ""
    return _without_empty(
        {
            "@timestamp": to_iso(contact.first),
            "ecs": {"version": ECS_VERSION},
            "event": {"module": MODULE, "dataset": "enumwatch.contacts"},
            "source": {"ip": canonical_ip(contact.src_ip)},
            "user_agent": {"original": _clean(contact.user_agent)},
            "related": {"user": [name for name in (user, _clean(contact.actor)) if name]},
        }
    ) | {MODULE: {"contact": fields}}


def contact_of(document: Mapping[str, Any]) -> Contact:
    """The contact of a document, whoever wrote it; raises KeyError where a key is missing."""
    fields = document[MODULE]["contact"]
    return Contact._make(_time(fields[name]) if name in TIME_FIELDS else fields[name] for name in Contact._fields)


def finding_json(verdict: Verdict) -> str:
    """The whole verdict as JSON in ASCII, keys in the order of the record."""
    return json.dumps(verdict.to_dict(), separators=(",", ":"))


def digest_of(finding: str, cautions: Sequence[str] = ()) -> str:
    """What tells one word on a finding from another."""
    return _hashed([finding, *cautions])


def verdict_document(finding: str, rulebook: Mapping[str, Any], cautions: Sequence[str] = ()) -> Document:
    """The document of a verdict, given as `finding_json` writes it, with what speaks against containing it at once."""
    whole = json.loads(finding)
    rule = rulebook["detections"].get(whole["detection"], {})
    clean: Document = _clean(whole)
    actor, evidence = clean["actor"], clean["evidence"]
    addresses = _addresses(actor["ip"] or ())
    users = [actor["account"], *clean["names_found"], *clean["compromised_accounts"], *clean["accounts_created"]]
    related = {
        "ip": _once([*addresses, *_addresses(evidence["addresses_sample"])]),
        "user": _once(name for name in users if name),
        "hosts": [actor["host"]] if actor["host"] else [],
    }
    return _without_empty(
        {
            "@timestamp": clean["detected_at"],
            "ecs": {"version": ECS_VERSION},
            "message": _message(clean, addresses),
            "event": _event(clean, rule),
            "rule": {
                "id": clean["detection"],
                "name": rule.get("title"),
                "description": rule.get("description"),
                "version": str(clean["version"]),
                "ruleset": MODULE,
            },
            "threat": _threat(clean["mitre"]),
            "source": {"ip": addresses, "as": {"number": _number(actor["asn"])}},
            "user_agent": {"original": actor["user_agent"]},
            "organization": {"id": clean["tenant"]},
            "related": related,
        }
    ) | {
        MODULE: {
            **clean,
            **({CAUTIONS: [_found_by_index(_clean(one)) for one in cautions]} if cautions else {}),
            FINDING: finding,
            DIGEST: digest_of(finding, cautions),
        }
    }


def finding_of(document: Mapping[str, Any]) -> str:
    """The verdict's JSON of a document, byte by byte as it was written; raises KeyError where it is no verdict."""
    finding: str = document[MODULE][FINDING]
    return finding


def is_withdrawn(document: Mapping[str, Any]) -> bool:
    """True where later events took the finding back."""
    return bool(document[MODULE].get(WITHDRAWN))


def memory_documents(part: str, generation: int, rows: Iterable[MemoryRow]) -> Iterator[tuple[str, Document]]:
    """Ids and documents of what is remembered in one part, written by one run; several rows share a document.

    A document for each row costs the cluster twenty times as much, and nobody looks for one row.
    """
    for position, (tenant, kind, lines) in enumerate(_packed(rows)):
        yield (
            _hashed([part, str(position)]),
            {
                "part": part,
                "generation": generation,
                "position": position,
                "tenant": _clean(tenant),
                "kind": kind,
                "rows": len(lines),
                "value": json.dumps([tenant, kind, lines], separators=(",", ":")),
            },
        )


def memory_rows(document: Mapping[str, Any]) -> Iterator[MemoryRow]:
    """The rows of a document; raises KeyError where it holds none."""
    tenant, kind, lines = json.loads(document["value"])
    for key, value, updated, expires in lines:
        yield MemoryRow(key, tenant, kind, value, updated, expires)


def _packed(rows: Iterable[MemoryRow]) -> Iterator[tuple[str, str, list[list[Any]]]]:
    for (tenant, kind), some in groupby(rows, key=lambda row: (row.tenant, row.kind)):
        lines: list[list[Any]] = []
        size = 0
        for row in some:
            if lines and size + len(row.value) > _LARGEST_PACK:
                yield tenant, kind, lines
                lines, size = [], 0
            lines.append([row.key, row.value, row.updated, row.expires])
            size += len(row.key) + len(row.value)
        yield tenant, kind, lines


def _event(clean: Document, rule: Mapping[str, Any]) -> Document:
    is_sign_in = not rule or bool(_SIGN_INS & set(rule["kinds"]))
    return {
        "kind": "alert",
        "category": ["intrusion_detection", "authentication" if is_sign_in else "iam"],
        "type": ["info"],
        "module": MODULE,
        "dataset": "enumwatch.verdicts",
        "id": clean["finding_id"],
        "start": clean["window_start"],
        "end": clean["window_end"],
        "severity": SEVERITIES[clean["verdict"]],
        "risk_score": clean["score"],
        "reason": clean["reasons"][0] if clean["reasons"] else "",
    }


def _threat(techniques: Iterable[str]) -> Document:
    known = list(techniques)
    technique = {
        "id": known,
        "name": [TECHNIQUES.get(one, one) for one in known],
        "reference": [_TECHNIQUE_PAGE.format(one.replace(".", "/")) for one in known],
    }
    return {"framework": "MITRE ATT&CK", "technique": technique} if known else {}


def _message(clean: Document, addresses: list[str]) -> str:
    actor = clean["actor"]
    others = len(addresses) - 1
    some = f"{addresses[0]} and {others} more" if others > 0 else "".join(addresses)
    who = actor["account"] or some or actor["cidr"] or actor["host"] or actor["user_agent"] or "somebody"
    because = clean["reasons"][0] if clean["reasons"] else ""
    text = f"{clean['verdict']} by {who}" + (f": {because}" if because else "")
    return " ".join(text.split())[:LONGEST_MESSAGE]


def _clean(value: Any) -> Any:
    """The value without half surrogates, which no JSON reader of a cluster takes."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8") if not value.isascii() else value
    if isinstance(value, Mapping):
        return {_clean(key): _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value


def _found_by_index(text: str) -> str:
    """The text with its middle left out where an index would take none of it: begin and end say what is at stake."""
    half = LONGEST_TEXT // 2 - 1
    return text if len(text) <= LONGEST_TEXT else f"{text[:half]}…{text[-half:]}"


def _without_empty(document: Document) -> Document:
    """The document without fields that say nothing."""
    kept: Document = {}
    for name, value in document.items():
        value = _without_empty(value) if isinstance(value, dict) else value
        if value not in (None, "", [], {}):
            kept[name] = value
    return kept


def _addresses(texts: Iterable[str]) -> list[str]:
    return _once(canonical_ip(text) for text in texts if canonical_ip(text))


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _number(asn: str | None) -> int | None:
    is_number = asn is not None and asn.isascii() and asn.isdigit() and len(asn) <= len("4294967295")
    return int(asn or "") if is_number else None


def _time(value: Any) -> int:
    """Microseconds of a date as it stands in a document: text, or milliseconds where a transform wrote it."""
    return from_iso(value) if isinstance(value, str) else int(value) * _MILLISECOND


def _hashed(parts: Iterable[str]) -> str:
    text = "\x1f".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]
