"""Plain words for verdicts, outcomes and measures: one table each, used by every form of report."""

from __future__ import annotations

from collections.abc import Mapping

SEVERITY: Mapping[str, str] = {
    "Compromise Suspected": "compromise",
    "High Confidence Enumeration": "high",
    "Moderate Enumeration": "moderate",
    "Low-Level Enumeration": "low",
    "Password Spray": "spray",
    "Password Guessing": "guessing",
    "Directory Harvest": "technique",
    "Identity Probing": "technique",
    "Account Creation Burst": "technique",
    "Suspicious New Account": "technique",
    "Not Enough Evidence": "open",
    "No Finding": "open",
}
"""Verdict -> colour class, worst first."""

OUTCOMES: Mapping[str, str] = {
    "success": "succeeded",
    "exists_good_secret": "exists, right password",
    "exists_bad_secret": "exists, wrong password",
    "exists_blocked": "exists, blocked",
    "not_found": "does not exist",
    "wrong_realm": "wrong realm",
    "throttled": "throttled",
    "ambiguous": "unclear answer",
    "noise": "noise",
}
"""Outcome -> what it says about the name, in the order shown."""

MEASURES: Mapping[str, str] = {
    "attempts": "Attempts",
    "names_tried": "Different names tried",
    "names_absent": "Names that do not exist",
    "names_existing": "Names that exist",
    "names_wrong_realm": "Names in the wrong realm",
    "names_hidden": "Attempts whose name the log hides",
    "absent_ratio": "Share of names that do not exist",
    "attempts_per_name": "Attempts per name",
    "names_per_minute": "Names per minute",
    "minutes": "Minutes",
    "addresses": "Source addresses",
    "networks": "Source networks",
    "countries": "Countries",
    "user_agents": "User agents",
    "apps": "Applications",
    "unseen_share": "Share of names never seen before",
    "order_share": "Neighbours in ascending order",
    "name_pattern": "Form of most names",
    "name_pattern_share": "Share of names of that form",
    "gap_variation": "Variation of pauses (0 is clockwork)",
    "machine_traits": "Traits of a machine",
    "success_share": "Share of successes at this source",
    "baseline": "What would be normal",
    "sensitive_names": "Sensitive names",
    "decoy_names": "Decoy names",
    "actors_consistent": "Consistent with known actors",
    "intelligence": "Threat intelligence",
    "sources": "Log sources",
}
"""Evidence key -> label, in the order shown."""

SHARES = frozenset({"absent_ratio", "unseen_share", "order_share", "name_pattern_share", "success_share"})
"""Measures between 0 and 1 that are shown as per cent."""

RARE_COUNTS = frozenset({"names_wrong_realm", "names_hidden", "countries"})
"""Counts that are shown only where there is something to count; no country means that the log names none."""

SAMPLES: Mapping[str, str] = {
    "addresses": "addresses_sample",
    "networks": "networks_sample",
    "countries": "countries_sample",
    "user_agents": "user_agents_sample",
    "apps": "apps_sample",
}
"""Count -> the list of examples that goes with it."""

ACTOR_FIELDS: Mapping[str, str] = {
    "account": "Account",
    "host": "Host",
    "ip": "Address",
    "cidr": "Network",
    "asn": "ASN",
    "user_agent": "User agent",
    "app": "Application",
    "app_id": "Application id",
    "client_app": "Client app",
}
"""Actor key -> label, in the order shown."""
