"""Names: every name that was found or taken over, with what to do about it, and never more than that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..core.address import AddressBook
from ..core.organisation import Organisation
from ..core.verdict import rank
from ..report.csv import rows_csv
from ..rulebook.vocabulary import NAME_TIMES
from .blocks import HANDOVER

Finding = Mapping[str, Any]

COLUMNS = (
    "name",
    "tenant",
    "state",
    "kind",
    "action",
    "what_to_do",
    "verdict",
    "finding_id",
    "first_seen",
    "last_seen",
)
_OWNED = ("service", "break_glass")
# What happened to a name, worst first, and the action that answers it.
_STATES = ("compromised", "decoy tried", "found")
_ACTIONS = {"compromised": "reset and revoke", "decoy tried": "review decoy", "found": "watch"}


class Named(NamedTuple):
    """One name of one finding; `kind` is what the owner's list says of it, "" for nothing."""

    name: str
    tenant: str
    state: str
    kind: str
    what_to_do: str
    finding: Finding


def names_of(findings: Sequence[Finding], organisation: Organisation, rulebook: Mapping[str, Any]) -> list[Named]:
    """Each name of each tenant once, by the worst that happened to it; names that were merely tried are none of them."""
    texts: Mapping[str, str] = rulebook["playbooks"][HANDOVER]["handover"]["names"]
    book = AddressBook()
    found: dict[tuple[str, str], Named] = {}
    for finding in findings:
        for state, name in _told(finding):
            kind = organisation.account_kind(name, finding["tenant"])
            state = "decoy tried" if state == "found" and kind == "decoy" else state
            one = Named(name, finding["tenant"], state, kind, _what(texts, state, kind, finding), finding)
            key = (finding["tenant"], book.key(name))
            if key not in found or _order(one) < _order(found[key]):
                found[key] = one
    return sorted(found.values(), key=_order)


def csv_lines(names: Iterable[Named], shown: Callable[[str], str]) -> Iterator[str]:
    """A table with a header; `shown` writes a name."""
    return rows_csv(COLUMNS, (_cells(one, shown) for one in names))


def _cells(one: Named, shown: Callable[[str], str]) -> Iterator[str]:
    yield from (shown(one.name), one.tenant, one.state, one.kind, _ACTIONS[one.state], one.what_to_do)
    yield from (one.finding[key] for key in ("verdict", "finding_id", "window_start", "window_end"))


def _told(finding: Finding) -> Iterator[tuple[str, str]]:
    yield from (("compromised", name) for name in finding["compromised_accounts"])
    yield from (("decoy tried", name) for name in finding["evidence"]["decoy_names"])
    yield from (("found", name) for name in finding["names_found"])


def _what(texts: Mapping[str, str], state: str, kind: str, finding: Finding) -> str:
    if state == "compromised":
        text = texts["reset_with_owner" if kind in _OWNED else "reset"]
    else:
        text = texts["decoy" if state == "decoy tried" else "watch"]
    for key in NAME_TIMES:
        text = text.replace("{" + key + "}", finding[key])
    return text


def _order(one: Named) -> tuple[int, int, str, str, str]:
    return _STATES.index(one.state), rank(one.finding["verdict"]), one.name, one.tenant, one.finding["finding_id"]
