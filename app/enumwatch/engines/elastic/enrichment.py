"""Enrichment: what is known of a domain or a network stands at the event, where the cluster can look it up.

Optional: the pipelines of the sources call one more pipeline, which exists only where the enrich policies do. What it adds
is for people who search; contacts and verdicts do not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...elastic.names import CONTACT_FIELD
from .pipeline import TAGS_PIPELINE, Body, script

TAGS_FIELD = "enumwatch.tags"
# Lookup tables of domains, and where a row of each lands at the event.
_DOMAINS = {"domains": "own", "disposable_domains": "disposable", "free_mail": "free_mail"}
_NETWORKS = "networks"
_MOST_NETWORKS = 8
# An empty text is no address, and asking for one fails.
_HAS_ADDRESS = "ctx.enumwatch?.contact?.src_ip != null && ctx.enumwatch.contact.src_ip != ''"


def tags_pipeline(policies: Mapping[str, str]) -> dict[str, Body]:
    """The pipeline that looks up an event's domain and address, by name.

    `policies` are the names of the enrich policies by lookup table; a table without one is not asked.
    """
    processors = [script("domain", {})]
    for table, target in _DOMAINS.items():
        if table in policies:
            processors.append(_enrich(table, policies[table], f"{TAGS_FIELD}.domain", f"{TAGS_FIELD}.{target}", 1))
    if _NETWORKS in policies:
        field, target = f"{CONTACT_FIELD}.src_ip", f"{TAGS_FIELD}.{_NETWORKS}"
        processors.append(_enrich(_NETWORKS, policies[_NETWORKS], field, target, _MOST_NETWORKS))
        processors[-1]["enrich"]["if"] = _HAS_ADDRESS
    description = "Looks up what is known of the domain and the network of a contact"
    return {TAGS_PIPELINE: {"description": description, "processors": processors}}


def _enrich(table: str, policy: str, field: str, target: str, most: int) -> Body:
    asked = {"policy_name": policy, "field": field, "target_field": target, "max_matches": most}
    return {"enrich": {"tag": table, **asked, "ignore_missing": True, "ignore_failure": True}}
