"""Measures turned into words: counts, times, who it was, and the one sentence that heads a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from enumwatch.report.labels import ACTOR_FIELDS, RARE_COUNTS, SEVERITY, SHARES
from enumwatch.report.ranking import Verdict

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z")
_UNITS = ((4, 86_400, "day"), (2, 3_600, "hour"), (2, 60, "minute"), (1, 1, "second"))
_FEW = 3


def count(number: int, noun: str, plural: str = "") -> str:
    """Returns `1 name`, `60 names`, `1,234 names`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def whole(value: Any) -> int:
    """Returns a count from a record, 0 where it is missing or not a number."""
    return int(value) if isinstance(value, (int, float)) else 0


def texts(value: Any) -> list[str]:
    """Returns a record's list as texts; None is an empty list, a single text a list of one."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return [plain(value)] if value not in (None, "") else []


def listed(names: Sequence[str], most: int = _FEW) -> str:
    """Returns `a, b, c and 4 more`."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def plain(value: Any) -> str:
    """Returns any JSON value as words; objects read `key value, key value`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    if isinstance(value, Mapping):
        pairs = (f"{key.replace('_', ' ')} {plain(item)}" for key, item in value.items() if item not in (None, "", []))
        return ", ".join(pairs)
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(item) for item in value)
    return "" if value is None else str(value)


def measure(key: str, value: Any) -> str:
    """Returns one evidence measure as text, shares as per cent."""
    if key == "intelligence":
        return "; ".join(map(_intelligence, value or ()))
    if key == "baseline" and isinstance(value, Mapping) and "measure" in value:
        return _baseline(value)
    if key in SHARES and isinstance(value, (int, float)):
        return f"{value * 100:.1f}".rstrip("0").rstrip(".") + " %"
    return plain(value)


def with_examples(number: str, examples: Sequence[str]) -> str:
    """Returns `3 (NL, RO, SC)`; of one thing only the example, which says more than `1`."""
    if number == "1" and len(examples) == 1:
        return examples[0]
    return f"{number} ({listed(examples)})" if examples else number


def instant(text: Any) -> datetime | None:
    """Returns the UTC time of an ISO text ending in Z, None for anything else."""
    match = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    day, clock, fraction = match.groups()
    try:
        whole_second = datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        return None
    return whole_second.replace(microsecond=int((fraction or "0").ljust(6, "0")), tzinfo=timezone.utc)


def duration(seconds: float) -> str:
    """Returns a length of time in its largest fitting unit: `41 minutes`, `36 hours`, `3 days`."""
    for least, length, noun in _UNITS:
        if seconds >= least * length or seconds == length:
            return count(round(seconds / length), noun)
    return "an instant"


def span(start: Any, end: Any) -> str:
    """Returns `2026-03-02 09:00-09:41`, with both dates when they differ; unreadable times stay as they are."""
    first, last = instant(start), instant(end)
    if first is None or last is None:
        return " - ".join(text for text in (plain(start), plain(end)) if text) or "-"
    if first.date() == last.date():
        begin, finish = f"{first:%H:%M}", f"{last:%H:%M}"
        clock = begin if begin == finish else f"{begin}-{finish}"
        return f"{first:%Y-%m-%d} {clock}"
    return f"{first:%Y-%m-%d} - {last:%Y-%m-%d}"


def moment(text: Any) -> str:
    """Returns `2026-03-02 09:00:41`; an unreadable time stays as it is."""
    parsed = instant(text)
    return plain(text) or "-" if parsed is None else f"{parsed:%Y-%m-%d %H:%M:%S}"


def actor_text(verdict: Verdict) -> str:
    """Returns the shortest text that says who acted."""
    actor = verdict.get("actor") or {}
    addresses = texts(actor.get("ip"))
    number = max(len(addresses), whole((verdict.get("evidence") or {}).get("addresses")))
    if actor.get("account"):
        return plain(actor["account"])
    if len(addresses) == 1 and number == 1:
        return addresses[0]
    where = actor.get("cidr") or (f"AS{actor['asn']}" if actor.get("asn") else "")
    if number > 1:
        return f"{number:,} addresses in {where}" if where else f"{number:,} addresses"
    for key in ("host", "user_agent", "app", "app_id", "client_app"):
        if actor.get(key):
            return plain(actor[key])
    return str(where) or "unknown actor"


def actor_details(verdict: Verdict, most: int = _FEW) -> list[tuple[str, str]]:
    """Returns (label, text) for everything that identifies the actor; of many addresses the first `most`."""
    actor = dict(verdict.get("actor") or {})
    tried = set(texts((verdict.get("evidence") or {}).get("addresses_sample")))
    # Those that tried names come first: of a long list the others, where accounts later got in, are cut.
    actor["ip"] = sorted(texts(actor.get("ip")), key=lambda address: address not in tried)
    details = [(label, listed(texts(actor.get(key)), most)) for key, label in ACTOR_FIELDS.items() if actor.get(key)]
    return [(label, f"AS{text}" if label == "ASN" and text.isdigit() else text) for label, text in details]


def headline(verdict: Verdict) -> str:
    """Returns the finding in one sentence: who did what to how many names, and what it showed."""
    evidence = verdict.get("evidence") or {}
    compromised = len(verdict.get("compromised_accounts") or ())
    sentence = f"{_who_tried(verdict, evidence)} {_deed(verdict, evidence)}."
    if compromised:
        accounts = count(compromised, "account")
        sentence += f" {accounts} then answered with a sign-in or the right password{_from_elsewhere(verdict)}."
    return sentence


def is_about_names(verdict: Verdict) -> bool:
    """False where nobody tried names, as in a directory harvest; a count of 0 would look like a measure."""
    tried = whole((verdict.get("evidence") or {}).get("names_tried"))
    return bool(tried) or SEVERITY.get(str(verdict.get("verdict"))) != "technique"


def _who_tried(verdict: Verdict, evidence: Mapping[str, Any]) -> str:
    """The actor; of one that got in from further addresses only those that tried."""
    tried, sample = whole(evidence.get("addresses")), texts(evidence.get("addresses_sample"))
    if not _elsewhere(verdict):
        return actor_text(verdict)
    return sample[0] if tried == 1 and sample else count(tried, "address", "addresses")


def _elsewhere(verdict: Verdict) -> int:
    """How many of the actor's addresses tried no name: others where a tried account then got in."""
    actor, tried = verdict.get("actor") or {}, whole((verdict.get("evidence") or {}).get("addresses"))
    if actor.get("account") or not tried or not verdict.get("compromised_accounts"):
        return 0
    return max(0, len(texts(actor.get("ip"))) - tried)


def _from_elsewhere(verdict: Verdict) -> str:
    number = _elsewhere(verdict)
    return f", with {count(number, 'more address', 'more addresses')} in use" if number else ""


def _deed(verdict: Verdict, evidence: Mapping[str, Any]) -> str:
    name = verdict.get("verdict")
    attempts, names = whole(evidence.get("attempts")), whole(evidence.get("names_tried"))
    created = len(verdict.get("accounts_created") or ())
    during = _during(verdict)
    if created:
        return f"stands behind {count(created, 'new account')}{during}"
    if name == "Directory Harvest":
        return f"read the directory {count(attempts, 'time')}{during}"
    if name == "Password Guessing":
        return f"tried {count(attempts, 'time')} to sign in to {count(names, 'name')}{during}"
    if not names:
        return f"made {count(attempts, 'attempt')}{during}; the log does not show the names"
    if name == "Password Spray":
        return f"tried passwords on {count(names, 'name')}, {plain(evidence.get('attempts_per_name'))} each{during}"
    return f"tried {count(names, 'name')}{during}{_answer(evidence)}"


def _during(verdict: Verdict) -> str:
    start, end = instant(verdict.get("window_start")), instant(verdict.get("window_end"))
    seconds = (end - start).total_seconds() if start and end else 0.0
    return f" in {duration(seconds)}" if seconds >= 1 else ""


def _answer(evidence: Mapping[str, Any]) -> str:
    existing, absent = evidence.get("names_existing"), evidence.get("names_absent")
    if whole(evidence.get("names_hidden")) and not absent:
        return f": {whole(existing):,} exist, absent names are hidden by the log"
    if existing is None or absent is None:
        return ""
    if not existing and not absent:
        realm = whole(evidence.get("names_wrong_realm"))
        return f": {realm:,} in the wrong realm" if realm else "; no answer tells which exist"
    exist = "exists" if existing == 1 else "exist"
    return f": {existing:,} {exist}, {absent:,} {'does' if absent == 1 else 'do'} not"


def tool_text(tool: Any) -> str:
    """Returns `o365spray, by user agent, medium confidence` for one entry of the evidence's tools; else `plain`."""
    if not isinstance(tool, Mapping) or "tool" not in tool:
        return plain(tool)
    match = plain(tool.get("match")).replace("_", " ")
    parts = [plain(tool.get("tool")), f"by {match}" if match else "", plain(tool.get("confidence"))]
    text = ", ".join(part for part in parts if part)
    return f"{text} confidence" if tool.get("confidence") else text


def _intelligence(match: Any) -> str:
    if not isinstance(match, Mapping) or "value" not in match:
        return plain(match)
    origin = [plain(match.get("source")), f"{plain(match['confidence'])} confidence" if match.get("confidence") else ""]
    origin.append(f"seen {plain(match['seen'])[:10]}" if match.get("seen") else "")
    return f"{plain(match['value'])} ({', '.join(text for text in origin if text)})"


def _baseline(value: Mapping[str, Any]) -> str:
    """Reads `absent names a day: median 1, at most 3 on 14 earlier days; first.last for 60 % of the people`."""
    days = whole(value.get("days"))
    usual = f"median {plain(value.get('median'))}, at most {plain(value.get('most'))} on {count(days, 'earlier day')}"
    parts = [f"{plain(value['measure'])}: {usual if days else 'no complete day before'}"]
    if value.get("bound") is not None:
        parts.append(f"usual up to {plain(value['bound'])}")
    if value.get("name_pattern"):
        share = measure("name_pattern_share", value.get("name_pattern_share"))
        parts.append(f"{plain(value['name_pattern'])} for {share} of the people")
    return "; ".join(parts)


def is_worth_a_row(key: str, value: Any) -> bool:
    """False for measures that were not computed, lists without members, and rare counts that are zero."""
    return not (value is None or value == [] or (key in RARE_COUNTS and value == 0))
