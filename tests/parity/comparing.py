"""Decides the same logs twice: on every contact there is, and on those the engine holds to be enough."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from enumwatch.core.contact import Contact
from enumwatch.core.decide import Decision, decide
from enumwatch.core.times import to_iso
from enumwatch.engines.local.scan import Request, context_of, counted, needed
from enumwatch.lookups import load_lookups
from enumwatch.rulebook.compiled import compiled


def both_decisions(paths: Iterable[Path], lookups: Path | None = None) -> tuple[Decision, Decision]:
    """The decision on every contact of these files, and the one on the contacts a scan looks at."""
    request = Request([str(path) for path in paths], compiled(), load_lookups(lookups))
    context = context_of(request)
    with counted(request, lambda _: None) as (contacts, _):
        everything = list(contacts.everything())
        enough, arrivals, _ = needed(contacts, context, request)
    return decide(everything, context), decide(enough, context, arrivals=arrivals)


def told(decision: Decision) -> dict[str, list[dict[str, Any]]]:
    """What a decision says, field by field."""
    return {
        "findings": [verdict.to_dict() for verdict in decision.findings],
        "updates": [verdict.to_dict() for verdict in decision.updates],
        "suppressed": [verdict.to_dict() for verdict in decision.suppressed_findings],
    }


def write_contacts(path: Path, contacts: Iterable[Contact]) -> Path:
    """A contact table as another engine would hand it over."""
    with path.open("wb") as out:
        for contact in contacts:
            row = contact._asdict()
            row.update({name: to_iso(row[name]) for name in ("hour", "first", "last")})
            out.write(orjson.dumps(row) + b"\n")
    return path
