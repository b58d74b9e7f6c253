"""Logs and tables in which every text that a stranger or a colleague can choose is a payload of the corpus."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from enumwatch.core.times import HOUR, MINUTE, from_iso, to_iso
from enumwatch.lookups import COLUMNS

from .corpus import CORPUS, LONG, MEGABYTE

FILE_NAME = "\x1b[31m<b>=1+1\u202e [x](y) $t$ {{x}}.ndjson"
SHORT = tuple(text for text in CORPUS if text not in LONG)
NETWORK, ALLOWED, OWNED = "203.0.113", "203.0.113.250", "203.0.113.251"
_BEGIN = from_iso("2026-03-02T09:00:00Z")
_AT_A_TIME = 8
_TEXTS = ("asn", "country", "user_agent", "app", "app_id", "client_app", "host", "code")


class Material(NamedTuple):
    """Paths of logs, of one log whose finding may be allowed, and of a folder of lookup tables."""

    logs: list[Path]
    harmless: Path
    lookups: Path


def written(folder: Path) -> Material:
    """Writes them."""
    lookups, logs = folder / "lookups", folder / "logs"
    lookups.mkdir()
    logs.mkdir()
    for name, rows in _tables().items():
        with (lookups / f"enumwatch_{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COLUMNS[name], *rows])
    paths = [logs / "contacts.ndjson", logs / FILE_NAME, logs / "harmless.ndjson"]
    for path, records in zip(paths, (_contacts(), _okta(), _harmless()), strict=True):
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="ascii")
    return Material(paths[:2], paths[2], lookups)


def _tables() -> dict[str, list[list[str]]]:
    """Lookup tables whose free texts are payloads; a table is text, so half surrogates and NUL stay out."""
    texts = [text for text in SHORT if text.isprintable() or "\x1b" in text]
    allowlist = [["ip", ALLOWED, "", "*", texts[0] + text, text + "soc", "", "2027-01-01"] for text in texts]
    allowlist += [["target", f"{text}x", "", "*", text, text, "", "2026-01-01"] for text in texts]
    return {
        "allowlist": allowlist,
        "sensitive_accounts": [
            [texts[2], "", "decoy"],
            [texts[4], "", "executive"],
            [texts[0], "", "service"],
            ["o'brien@contoso.example", "", "decoy"],
        ],
        "threat_intel": [["ip", f"{NETWORK}.1", "".join(texts[:3]), "high", "2026-03-01"]],
    }


def _contacts() -> Iterator[dict[str, Any]]:
    """Findings of a few names each, as the contact table holds them; every column of text is a payload."""
    groups = [SHORT[begin : begin + _AT_A_TIME] for begin in range(0, len(SHORT), _AT_A_TIME)]
    groups[0] = (*groups[0], *LONG, MEGABYTE)
    for number, group in enumerate(groups):
        texts = {name: SHORT[(number * len(_TEXTS) + turn) % len(SHORT)] for turn, name in enumerate(_TEXTS)}
        common = {"src_ip": f"{NETWORK}.{number}", "tenant": group[-1][:200], **texts}
        begin = _BEGIN + number * HOUR
        for turn in range(14):
            yield contact(common, begin + turn * MINUTE, f"absent{turn}.{number}@contoso.example", "not_found")
        for turn, name in enumerate(group):
            yield contact(common, begin + (14 + turn) * MINUTE, name, "exists_bad_secret")
        if number % 2:
            yield contact(common, begin + 40 * MINUTE, group[0], "success")
        for turn, name in enumerate((*group, *SHORT[:_AT_A_TIME]) if number == 0 else ()):
            made = {**common, "src_ip": f"{NETWORK}.240", "actor": SHORT[0], "kind": "account_created"}
            yield contact(made, begin + turn * MINUTE, name, "success")
    for turn in range(20):
        yield contact({"src_ip": ALLOWED}, _BEGIN + turn * MINUTE, f"{turn}.pentest@contoso.example", "not_found")


def _harmless() -> Iterator[dict[str, Any]]:
    """Many addresses with one hostile agent, so that only an entry of the agent can allow them."""
    for turn in range(40):
        common = {"src_ip": f"{NETWORK}.{100 + turn % 2}", "user_agent": SHORT[-1], "app_id": SHORT[0]}
        yield contact(common, _BEGIN + turn * MINUTE, f"{turn}.tried@contoso.example", "not_found")


def contact(given: dict[str, Any], time: int, target: str, outcome: str) -> dict[str, Any]:
    """A row of the contact table as JSON has it."""
    empty = dict.fromkeys(("tenant", *_TEXTS, "actor"), "")
    at = to_iso(time)
    fixed = {"kind": "sign_in", "source": "okta_system", "hour": at[:13] + ":00:00Z", "first": at, "last": at}
    counts = {"target": target, "target_visible": True, "outcome": outcome, "attempts": 1}
    return {**empty, **fixed, **counts, **given}


def _okta() -> Iterator[dict[str, Any]]:
    """Raw records: one address tries every payload, with payloads as agent, country, address of a page and reason."""
    for number, text in enumerate(CORPUS):
        yield {
            "uuid": f"u{number}{text[:20]}",
            "published": to_iso(_BEGIN + number * MINUTE),
            "eventType": "user.session.start",
            "actor": {"id": "unknown" if number % 3 else "00u1", "type": "User", "alternateId": text},
            "client": {
                "ipAddress": OWNED,
                "userAgent": {"rawUserAgent": CORPUS[number // 4]},
                "geographicalContext": {"country": CORPUS[-number // 4]},
            },
            "debugContext": {"debugData": {"requestUri": text}},
            "outcome": {"result": "FAILURE", "reason": ("UNKNOWN_USER", "INVALID_CREDENTIALS", text)[-(number % 3)]},
        }
