"""A week at Contoso, as seven of its logs tell it: two attacks and six things that only look like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from . import scenarios as book
from .event import SimulateError, microseconds
from .population import Organisation
from .run import DEFAULT_START, SimulationResult, Told, tell, write_beside, write_source
from .shapes import SHAPES

USERS = 600
DAYS = 7
MINIMUM_EVENTS = 10_000


class Part(NamedTuple):
    """One log file: its share of all records, its form (None is the provider's own) and what happens in it beside
    people at work."""

    source: str
    file: str
    share: float
    form: str | None = None
    beside: tuple[str, ...] = ()


ATTACK = "enumeration_then_success"
CAST = (
    Part("entra_signin", "signins", 0.34, None,
         (ATTACK, "federation_fault", "leavers_phones", "expiry_wave", "penetration_test")),
    Part("entra_signin", "portal_export", 0.06, "portal_44"),
    Part("m365_audit", "purview_export", 0.10, "purview_csv"),
    Part("okta_system", "system_log", 0.12, None, ("monday_morning",)),
    Part("iis", "u_ex260302", 0.12, None, ("autodiscover_enumeration", "outlook_autodiscover")),
    Part("exchange_httpproxy", "HttpProxy_2026030200-1", 0.05),
    Part("windows_security", "winlogbeat", 0.13, "winlogbeat"),
    Part("workspace_login", "login_activities", 0.08),
)  # fmt: skip


def write_demo(out: Path, *, seed: int, events: int = 100_000) -> SimulationResult:
    """Writes the demo into `out`: the log files of CAST with about `events` records in all, plus labels.ndjson,
    truth.json and lookups/. The same seed and number give the same bytes. Raises SimulateError for fewer than
    10,000 events, which have no room for what happens in them."""
    if events < MINIMUM_EVENTS:
        raise SimulateError(f"events is {events}; give {MINIMUM_EVENTS} or more")
    organisation = Organisation(seed, 0, USERS)
    files: list[Path] = []
    labels: list[dict[str, Any]] = []
    truths: list[dict[str, Any]] = []
    everything: list[Told] = []
    for part in CAST:
        told = _happenings(part, organisation, seed, events)
        path, more_labels, more_truths = write_source(
            out, SHAPES[part.source], part.file, told, seed=seed, form=part.form
        )
        files.append(path)
        labels += more_labels
        truths += more_truths
        everything += told
    _sensitive(everything[0], organisation, truths)
    return write_beside(out, files, labels, truths, everything)


def _happenings(part: Part, organisation: Organisation, seed: int, events: int) -> list[Told]:
    shape, start = SHAPES[part.source], microseconds(DEFAULT_START)
    told = [tell(book.BY_ID[name], shape, organisation, seed=seed, start=start) for name in part.beside]
    # An autodiscover exchange is two lines: a challenge and an answer.
    records_each = 2 if "autodiscover" in shape.kinds else 1
    wanted = round(events * part.share / records_each) - sum(len(each.events) for each in told)
    office = tell(book.BY_ID["office"], shape, organisation, seed=seed, start=start, days=DAYS, events=max(1, wanted),
                  salt=part.file)  # fmt: skip
    return [*told, office]


def _sensitive(told: Told, organisation: Organisation, truths: list[dict[str, Any]]) -> None:
    """An executive whose name the attack found, and the decoy mailbox it touched."""
    attack = next(entry for entry in truths if entry["scenario"] == ATTACK)
    executive = next(name for name in attack["names_found"] if name != organisation.decoy.upn)
    told.lookups.setdefault("enumwatch_sensitive_accounts.csv", []).extend(
        {"account": account, "tenant": "", "kind": kind}
        for account, kind in ((executive, "executive"), (organisation.decoy.upn, "decoy"))
    )  # fmt: skip
