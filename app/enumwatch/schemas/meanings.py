"""Meanings: what every key of the output says, and the values it may take. The reference page is written from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.event import KINDS
from ..core.evidence import SAMPLE_SIZE
from ..core.outcome import OUTCOMES
from ..core.verdict import VERDICTS
from .record import Meaning

_TIME = {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?Z$"}
_SHARE = {"maximum": 1}
_SAMPLE = {"maxItems": SAMPLE_SIZE, "uniqueItems": True}
_ONE_OR_MORE = {"minimum": 1}
_COUNT = {"type": "integer", **_ONE_OR_MORE}
_NO_CONTACT = "noise"


def _texts_of(keys: Iterable[str]) -> dict[str, Any]:
    names = list(keys)
    texts = {name: {"type": "string"} for name in names}
    return {"type": "object", "additionalProperties": False, "required": names, "properties": texts}


_ENTRY_KEYS = ("entry", "type", "value", "reason", "owner", "expires")
_BUCKET = {
    "type": "object",
    "additionalProperties": False,
    "required": ["time"],
    "properties": {"time": {"type": "string", **_TIME}, **{outcome: _COUNT for outcome in OUTCOMES}},
}

_ACTOR = {
    "ip": Meaning("addresses the actor used"),
    "cidr": Meaning("network the actor is told by"),
    "asn": Meaning("autonomous system the actor is told by, digits"),
    "user_agent": Meaning("agent that tells the actor from others at the same place"),
    "app": Meaning("application that acted"),
    "app_id": Meaning("id of the application that acted"),
    "client_app": Meaning("client or protocol that acted"),
    "account": Meaning("user, application or subject that acted"),
    "host": Meaning("machine the attempts came from, where the log gives no address"),
}

_EVIDENCE = {
    "attempts": Meaning("failed attempts of the incident, and one for each account that was broken into"),
    "names_tried": Meaning("distinct names tried"),
    "names_absent": Meaning("of these, names that do not exist"),
    "names_existing": Meaning("of these, names that the answers say exist"),
    "names_wrong_realm": Meaning("of these, names of a realm that is not the organisation's"),
    "names_hidden": Meaning("attempts whose name the log hides"),
    "absent_ratio": Meaning("names_absent / (names_absent + names_existing)", _SHARE),
    "attempts_per_name": Meaning("attempts at visible names / names_tried"),
    "names_per_minute": Meaning("names_tried / minutes; only published_threshold computes it"),
    "minutes": Meaning(
        "minute boundaries between first and last attempt, plus one; only published_threshold", _ONE_OR_MORE
    ),
    "addresses": Meaning("distinct addresses"),
    "addresses_sample": Meaning("the first of them", _SAMPLE),
    "networks": Meaning("distinct /24 or /64 networks"),
    "networks_sample": Meaning("the first of them", _SAMPLE),
    "countries": Meaning("distinct countries"),
    "countries_sample": Meaning("the first of them", _SAMPLE),
    "user_agents": Meaning("distinct agents"),
    "user_agents_sample": Meaning("the first of them", _SAMPLE),
    "apps": Meaning("distinct applications signed in to"),
    "apps_sample": Meaning("the first of them", _SAMPLE),
    "names_sample": Meaning(
        "names as the log writes them, by outcome (by `tried` where a rule does not tell outcomes apart)",
        {
            "type": "object",
            "propertyNames": {"enum": [*OUTCOMES, "tried"]},
            "additionalProperties": {"type": "array", "items": {"type": "string"}, **_SAMPLE},
        },
    ),
    "unseen_share": Meaning("names that nobody had signed in with before / names_tried", _SHARE),
    "order_share": Meaning("ascending neighbours among first tries / neighbours; chance gives 0.5", _SHARE),
    "name_pattern": Meaning("form that most names tried have"),
    "name_pattern_share": Meaning("names of that form / names_tried", _SHARE),
    "gap_variation": Meaning("standard deviation of the gaps between first tries / their mean; a timer is near 0"),
    "machine_traits": Meaning("what people who mistype do not show", {"uniqueItems": True}),
    "tools": Meaning("known tools the actor looks like", {"items": _texts_of(("tool", "match", "confidence"))}),
    "intelligence": Meaning(
        "what threat intelligence says of the actor", {"items": _texts_of(("source", "confidence", "seen", "value"))}
    ),
    "actors_consistent": Meaning("known groups whose methods fit; no attribution"),
    "sensitive_names": Meaning("tried names that the owner listed as sensitive"),
    "decoy_names": Meaning("tried names that the owner listed as decoys"),
    "success_share": Meaning("names that signed in / names seen from the place", _SHARE),
    "objects_read": Meaning("distinct objects of the directory asked for one by one"),
    "pages_read": Meaning("later pages of lists that were asked for"),
    "lists_read": Meaning("lists downloaded as a whole"),
    "sections": Meaning("parts of the directory that were read", _SAMPLE),
    "sensitive_sections": Meaning("of these, parts that say who may do what", _SAMPLE),
    "refused_share": Meaning("refused calls / calls", _SHARE),
    "accounts_made": Meaning("accounts made"),
    "accounts_woken": Meaning("old accounts enabled again"),
    "accounts_deleted": Meaning("accounts made and deleted soon after"),
    "bulk_uploads": Meaning("jobs that made accounts without naming them"),
    "machine_made": Meaning("accounts made whose names look made by a machine"),
    "disposable_domains": Meaning("domains of accounts made that are known as disposable", _SAMPLE),
    "lookalike_domains": Meaning("domains of accounts made that imitate an own one", _SAMPLE),
    "mails_sent": Meaning("mails sent by the accounts made, within their first day"),
    "recipients_outside": Meaning("distinct recipients of these outside the organisation"),
    "bounce_share": Meaning("mails not delivered / mails sent", _SHARE),
    "baseline": Meaning("what would be normal, with the length of its history"),
    "sources": Meaning("logs in which the attempts were seen", {"minItems": 1, "uniqueItems": True}),
    "timeline": Meaning("attempts by outcome in buckets of equal length, empty ones left out", {"items": _BUCKET}),
    "timeline_bucket_seconds": Meaning("length of a bucket"),
    "gaps": Meaning("what could not be seen, and so limits what the evidence can support"),
}

_VERDICT = {
    "finding_id": Meaning("id of the incident; all its updates have the same", {"pattern": "^ew-[0-9a-f]{16}$"}),
    "detection": Meaning("rule behind the verdict", {"pattern": "^[a-z][a-z0-9_]*$"}),
    "version": Meaning("version of that rule", _ONE_OR_MORE),
    "verdict": Meaning("what is claimed, worst first", {"enum": list(VERDICTS[:-1])}),
    "score": Meaning("0 to 100: the verdict decides the decade, the number of names the rest", {"maximum": 100}),
    "confidence": Meaning("how sure", {"enum": ["low", "medium", "high"]}),
    "tenant": Meaning("tenant the attempts were made in, empty where the log names none"),
    "actor": Meaning("whatever identifies who did it; null where a key does not"),
    "window_start": Meaning("first attempt of the incident, UTC", {"type": "string", **_TIME}),
    "window_end": Meaning("last attempt so far, UTC", {"type": "string", **_TIME}),
    "detected_at": Meaning("time of the event that decided, UTC", {"type": "string", **_TIME}),
    "names_found": Meaning("names that an answer inside the incident confirmed to exist", {"uniqueItems": True}),
    "compromised_accounts": Meaning("accounts that let the actor in or confirmed the password", {"uniqueItems": True}),
    "accounts_created": Meaning("accounts made or abused", {"uniqueItems": True}),
    "evidence": Meaning("measures over the whole incident; null where the rule does not compute one"),
    "reasons": Meaning("sentences that say why, by weight", {"minItems": 1}),
    "suppressed_by": Meaning(
        "allowlist entry that hides this finding, null where none does",
        {**_texts_of(_ENTRY_KEYS), "type": ["object", "null"]},
    ),
    "mitre": Meaning("ATT&CK techniques", {"items": {"type": "string", "pattern": r"^T\d{4}(\.\d{3})?$"}}),
    "triage": Meaning("answers to the playbook's questions, whether to escalate, and what to do next"),
}

_CONTACT = {
    "kind": Meaning("what was done", {"enum": list(KINDS)}),
    "source": Meaning("log, or table of a log"),
    "tenant": Meaning("tenant, empty where the log names none"),
    "hour": Meaning("start of the UTC hour; of the UTC day for a success", {"type": "string", **_TIME}),
    "src_ip": Meaning("address it came from"),
    "asn": Meaning("autonomous system of that address, digits"),
    "country": Meaning("country of that address"),
    "user_agent": Meaning("agent"),
    "app": Meaning("application signed in to; empty for a success"),
    "app_id": Meaning("its id; empty for a success"),
    "client_app": Meaning("client or protocol; empty for a success"),
    "actor": Meaning("who acted, where that is not the target"),
    "host": Meaning("machine it came from, where the log gives no address"),
    "target": Meaning("name tried, read or created, as the log writes it"),
    "target_visible": Meaning("false where the log hides the typed name"),
    "code": Meaning("result code; empty for a success"),
    "outcome": Meaning(
        "what the code says about the name", {"enum": [outcome for outcome in OUTCOMES if outcome != _NO_CONTACT]}
    ),
    "attempts": Meaning("how often", _ONE_OR_MORE),
    "first": Meaning("first time, UTC", {"type": "string", **_TIME}),
    "last": Meaning("last time, UTC", {"type": "string", **_TIME}),
}

_COUNTS = {
    "records": Meaning("rows or lines read, before anything was left out"),
    "duplicates": Meaning("events whose id had been seen before"),
    "not_relevant": Meaning("records of kinds that no rule reads"),
    "unreadable": Meaning("records that could not be read"),
    "skipped": Meaning("records of no log that is known"),
    "events": Meaning("what is left"),
}
_TIME_OR_NULL = {"type": ["string", "null"], **_TIME}

_ENTRY = {
    "entry": Meaning("file and line"),
    "type": Meaning("what it is compared with"),
    "value": Meaning("what it covers"),
    "reason": Meaning("why"),
    "owner": Meaning("who answers for it"),
    "expires": Meaning("until when"),
}

_SUMMARY = {
    **_COUNTS,
    "version": Meaning("version of enumwatch"),
    "files": Meaning("every input and what became of it"),
    "contacts": Meaning("rows of the contact table"),
    "findings": Meaning("findings that were not suppressed"),
    "kinds": Meaning("events by kind", {"propertyNames": {"enum": list(KINDS)}}),
    "suppressed": Meaning("what each line of the allowlist hid"),
    "expired_allowlist": Meaning("lines of the allowlist that had expired by the last event"),
    "unknown_codes": Meaning("result codes that the outcome table does not have; counted as unclear"),
    "noise": Meaning("result codes that say nothing about a name; not counted"),
    "not_visible": Meaning("what the logs that were read cannot show"),
    "truncated": Meaning("what was cut to stay within memory"),
    "unreadable_times": Meaning("inputs with times that could not be read"),
    "first_event": Meaning("time of the first event, UTC", _TIME_OR_NULL),
    "read_before": Meaning("events that an earlier run with the same state file had read"),
    "last_event": Meaning("time of the last event, UTC", _TIME_OR_NULL),
}

MEANINGS = {
    "Verdict": _VERDICT,
    "Actor": _ACTOR,
    "Evidence": _EVIDENCE,
    "Contact": _CONTACT,
    "Summary": _SUMMARY,
    "FileSummary": {
        **_COUNTS,
        "path": Meaning("input as the operator gave it; a member of an archive is archive.zip!member"),
        "source": Meaning("logs recognised in it"),
        "shape": Meaning("forms of these logs recognised in it"),
        "reason": Meaning("why it was left out, null where it was not"),
        "duplicate_of": Meaning(
            "the input that holds the same bytes and was read in its place, null where it was read"
        ),
        "problems": Meaning("the first problems met in it"),
    },
    "ReadingProblem": {
        "line": Meaning("1-based line, null where lines mean nothing", _ONE_OR_MORE),
        "what": Meaning("what was found"),
        "expected": Meaning("what was expected"),
    },
    "AllowlistEntry": _ENTRY,
    "SuppressedBy": {**_ENTRY, "events": Meaning("attempts it hid"), "findings": Meaning("findings it hid")},
    "CodeCount": {
        "source": Meaning("log"),
        "code": Meaning("result code"),
        "attempts": Meaning("how often", _ONE_OR_MORE),
    },
    "UnreadableTimes": {
        "path": Meaning("input"),
        "count": Meaning("records", _ONE_OR_MORE),
        "example": Meaning("one such time as it is written"),
    },
}
