"""Findings and what is known of an organisation, for the tests of what leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pytest
from tests.report.examples import compromise, finding, high_enumeration

from enumwatch.core.allowlist import Allowlist
from enumwatch.core.context import Context
from enumwatch.core.evidence import Evidence
from enumwatch.core.organisation import Organisation
from enumwatch.exports.keeping_out import Keeper, LeftOut
from enumwatch.rulebook.compiled import compiled

Row = dict[str, Any]


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Any]:
    return compiled()


@pytest.fixture
def rulebook() -> Mapping[str, Any]:
    return rules()


@pytest.fixture
def context() -> Context:
    accounts = [{"account": "svc.backup@contoso.example", "tenant": "", "kind": "service"}]
    return Context(rules(), organisation=Organisation.from_rows(sensitive_accounts=accounts))


def one(addresses: Sequence[str], **changes: Any) -> Row:
    """A finding worth blocking, of these addresses."""
    made = finding(
        changes.pop("number", 1),
        changes.pop("verdict", "Moderate Enumeration"),
        changes.pop("score", 60),
        "2026-03-02T09:00:00Z",
        changes.pop("end", "2026-03-02T10:00:00Z"),
        **changes,
    )
    made["actor"]["ip"] = list(addresses) or None
    made["evidence"] = {
        key: Evidence().to_dict()[key] if value is None else value for key, value in made["evidence"].items()
    }
    made["evidence"]["addresses_sample"] = list(addresses)[:50]
    return made


def keeper(networks: Sequence[str] = (), allowed: Sequence[str] = (), expires: str = "2027-01-01") -> Keeper:
    """A keeper of these own networks and these allowed addresses or networks."""
    rows = [{"cidr": cidr, "tenant": "", "kind": "vpn"} for cidr in networks]
    return Keeper(rows, allowlist(*(("cidr" if "/" in value else "ip", value) for value in allowed), expires=expires))


def allowlist(*entries: tuple[str, str], expires: str = "2027-01-01") -> Allowlist:
    """Entries of (type, value)."""
    common = {"tenant": "", "detections": "*", "reason": "test", "owner": "soc", "starts": "", "expires": expires}
    return Allowlist.from_rows([{**common, "type": kind, "value": value} for kind, value in entries])


def cleaned(findings: Sequence[Row], keeps: Keeper) -> list[Row]:
    return keeps.cleaned(findings, LeftOut())


def examples() -> list[Row]:
    """Two findings as a run delivers them: 214 rotating addresses, and one fast IPv6 address."""
    return [compromise(), high_enumeration()]
