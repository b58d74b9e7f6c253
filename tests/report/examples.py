"""Findings and a summary as a real run would deliver them, built afresh for the report tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from enumwatch.core.evidence import Evidence

TENANT = "766e40e2-5b0c-4a0e-9d43-0f9c2f1f7a11"
FIRST = ["anna", "bela", "carla", "dilek", "emre", "fatou", "goran", "hana", "ines", "jonas", "kofi", "lena", "mehmet"]
LAST = ["adler", "bauer", "costa", "demir", "eze", "fischer", "gruber", "huber", "ivanova", "jansen", "keller", "lopez"]


def names(number: int, domain: str = "contoso.example", start: int = 0) -> list[str]:
    """Returns `number` different mail addresses, always the same."""
    people = [f"{first}.{last}" for last in LAST for first in FIRST]
    turns = range(start, start + number)
    return [f"{people[turn % len(people)]}{turn // len(people) or ''}@{domain}" for turn in turns]


def timeline(start: str, seconds: int, **outcomes: list[int]) -> list[dict[str, Any]]:
    """Returns buckets of `seconds` with the attempts of each outcome; empty buckets are left out."""
    begin = datetime.fromisoformat(start)
    buckets = []
    for index in range(max(len(series) for series in outcomes.values())):
        counts = {name: series[index] for name, series in outcomes.items() if index < len(series) and series[index]}
        if counts:
            time = begin + timedelta(seconds=seconds * index)
            buckets.append({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ"), **counts})
    return buckets


def evidence(**measures: Any) -> dict[str, Any]:
    """Returns evidence with every key of the contract, what is not given being null or empty."""
    sampled = ("addresses", "networks", "countries", "user_agents", "apps")
    counted = ("attempts", "names_tried", "names_absent", "names_existing", "names_wrong_realm", "names_hidden")
    keys = [*counted, "absent_ratio", "attempts_per_name", *(key + end for key in sampled for end in ("", "_sample"))]
    empty: dict[str, Any] = {key: [] if key.endswith("_sample") else None for key in keys}
    empty |= {"names_per_minute": None, "minutes": None}
    empty |= {"names_sample": {}, "unseen_share": None, "order_share": None, "name_pattern": None}
    empty |= {"gap_variation": None, "tools": [], "intelligence": [], "actors_consistent": [], "sensitive_names": []}
    empty |= {"decoy_names": [], "success_share": None, "baseline": None, "sources": ["entra_signin"]}
    empty |= {"timeline": [], "timeline_bucket_seconds": 60, "gaps": []}
    attempts = sum(number for bucket in measures.get("timeline", ()) for key, number in bucket.items() if key != "time")
    return Evidence().to_dict() | empty | {"attempts": attempts} | measures


def finding(number: int, verdict: str, score: int, start: str, end: str, **changes: Any) -> dict[str, Any]:
    """Returns a verdict with the keys of the contract in their order."""
    actor = dict.fromkeys(["ip", "cidr", "asn", "user_agent", "app", "app_id", "client_app", "account", "host"])
    base: dict[str, Any] = {
        "finding_id": f"ew-{number:016x}",
        "detection": "email_enumeration",
        "version": 1,
        "verdict": verdict,
        "score": score,
        "confidence": "high" if score >= 70 else "medium",
        "tenant": TENANT,
        "actor": actor | {"ip": []},
        "window_start": start,
        "window_end": end,
        "detected_at": end,
        "names_found": [],
        "compromised_accounts": [],
        "accounts_created": [],
        "evidence": evidence(),
        "reasons": [],
        "suppressed_by": None,
        "mitre": ["T1589.002", "T1087.004"],
        "triage": None,
    }
    changes["actor"] = base["actor"] | changes.get("actor", {})
    return base | changes


def compromise() -> dict[str, Any]:
    """Returns 214 addresses that enumerate slowly, spray what they found, and get in."""
    found = names(31)
    addresses = [f"198.51.100.{host}" for host in range(1, 215)]
    return finding(
        0x9C41D20B7A55E018,
        "Compromise Suspected",
        97,
        "2026-03-01T21:04:12Z",
        "2026-03-04T18:40:55.25Z",
        detection="success_after_enumeration",
        actor={"ip": addresses, "cidr": "198.51.100.0/24", "asn": "64500", "user_agent": "BAV2ROPC"},
        names_found=found,
        compromised_accounts=["dilek.adler@contoso.example", "jonas.adler@contoso.example"],
        evidence=_compromise_evidence(found, addresses),
        reasons=[
            "357 of 388 names do not exist (92 %); people who mistype stay below 5 in an hour",
            "214 addresses of one network, 1.8 names each, in 70 hours: slow and distributed",
            "94 % of the names were never seen before; they follow the shape first.last",
            "1 account answered with the right password, 1 signed in from a network it never used",
        ],
        triage=triage(),
    )


def _compromise_evidence(found: list[str], addresses: list[str]) -> dict[str, Any]:
    return evidence(
        names_tried=388,
        names_absent=357,
        names_existing=31,
        names_wrong_realm=0,
        names_hidden=0,
        absent_ratio=0.92,
        attempts_per_name=1.15,
        addresses=214,
        addresses_sample=addresses[:10],
        networks=1,
        networks_sample=["198.51.100.0/24"],
        countries=3,
        countries_sample=["NL", "RO", "SC"],
        user_agents=2,
        user_agents_sample=["BAV2ROPC", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"],
        apps=1,
        apps_sample=["Office 365 Exchange Online"],
        names_sample={
            "not_found": names(50, start=40),
            "exists_bad_secret": found[2:],
            "exists_good_secret": ["dilek.adler@contoso.example"],
            "success": ["jonas.adler@contoso.example"],
        },
        unseen_share=0.94,
        order_share=0.71,
        name_pattern="first.last",
        gap_variation=0.12,
        tools=[{"tool": "TREVORspray", "match": "app_and_agent", "confidence": "medium"}],
        intelligence=[
            {"source": "proxy list", "confidence": "high", "seen": "2026-02-27T00:00:00Z", "value": "198.51.100.0/24"}
        ],
        sensitive_names=["cfo@contoso.example"],
        success_share=0.004,
        baseline={"absent_names_per_day": 3.2, "days": 21},
        sources=["entra_signin", "entra_signin_noninteractive"],
        timeline=_waves(),
        timeline_bucket_seconds=3600,
    )


def _waves() -> list[dict[str, Any]]:
    waves = [2 * max(0, 9 - abs(hour % 24 - 3)) for hour in range(70)]
    return timeline(
        "2026-03-01T21:00:00",
        3600,
        not_found=waves,
        exists_bad_secret=[wave // 4 if hour > 30 else hour % 2 for hour, wave in enumerate(waves)],
        exists_good_secret=[0] * 66 + [1],
        success=[0] * 69 + [1],
    )


def triage() -> dict[str, Any]:
    """Returns the playbook's answers for the compromise, one of them open."""
    return {
        "playbook": "T1589.002",
        "answers": {
            "Q1": {"answer": "yes", "because": "388 names from 214 addresses", "evidence": {}, "missing": []},
            "Q2": {"answer": "yes", "because": "2 accounts answered a right password", "evidence": {}, "missing": []},
            "Q3": {
                "answer": "not enough evidence",
                "because": "no mail log was read",
                "evidence": {},
                "missing": ["message_trace"],
            },
        },
        "conditions": {
            "E1": {"met": True, "because": "an account answered with a right password"},
            "E2": {"met": False, "because": "no decoy account was touched"},
        },
        "escalate": True,
        "guide": "The guide to such findings is elsewhere.",
        "steps": {
            "l1": ["Confirm with both account owners whether they signed in on 2026-03-04"],
            "tier2": ["Search both mailboxes for new inbox rules since 2026-03-04 15:00 UTC"],
            "containment": ["Reset both passwords and end all sessions", "Block 198.51.100.0/24 at the edge"],
        },
    }


def high_enumeration() -> dict[str, Any]:
    """Returns one fast IPv6 address with a known tool and a decoy touched."""
    address = "2001:0db8:85a3:0000:0000:8a2e:0370:7334"
    return finding(
        0x3F2A9C0D1E4B5A67,
        "High Confidence Enumeration",
        82,
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:40:37Z",
        actor={"ip": [address], "asn": "64511", "user_agent": "python-requests/2.31"},
        names_found=names(5, start=7),
        evidence=_fast_evidence(address),
        reasons=[
            "51 of 56 names do not exist (91 %); people who mistype stay below 5 in an hour",
            "The decoy payroll.test@contoso.example was tried; nobody has a reason to know it",
            "The user agent python-requests/2.31 is the default of o365spray",
        ],
    )


def _fast_evidence(address: str) -> dict[str, Any]:
    return evidence(
        names_tried=56,
        names_absent=51,
        names_existing=5,
        names_wrong_realm=0,
        names_hidden=0,
        absent_ratio=0.911,
        attempts_per_name=1.02,
        addresses=1,
        addresses_sample=[address],
        networks=1,
        networks_sample=["2001:db8:85a3::/64"],
        countries=1,
        countries_sample=["NL"],
        user_agents=1,
        user_agents_sample=["python-requests/2.31"],
        apps=2,
        apps_sample=["Office 365 Exchange Online", "Microsoft Teams"],
        names_sample={"not_found": names(50, start=20), "exists_bad_secret": names(5, start=7)},
        tools=[{"tool": "o365spray", "match": "user_agent", "confidence": "medium"}],
        decoy_names=["payroll.test@contoso.example"],
        success_share=0.0,
        timeline=timeline(
            "2026-03-02T09:00:00",
            60,
            not_found=[3, *[2, 1, 1, 2, 0] * 6, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1],
            exists_bad_secret=[0] * 5 + [1] + [0] * 8 + [1] + [0] * 10 + [2] + [0] * 12 + [2],
        ),
    )
