"""Settling: groups of raw texts become contacts and successes in the core's form, those left out that cannot matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ...core.contact import ECHO_EVENT, ECHOED_EVENT, Contact
from ...core.event import TRYING_KINDS
from ...core.network import canonical_ip
from ...core.success import Spot, SuccessRow
from ...core.times import SECOND
from .columns import COLUMNS, MEANING_COLUMNS, SOURCE_COLUMNS, field, text_of
from .gathering import Gathering, Groups
from .meanings import Meanings
from .picking import Remembered, getter

_FALSE = frozenset({"0", "f", "false", "n", "no"})
_WHO = Contact._fields[2:3] + Contact._fields[4:15]  # tenant, then src_ip to target_visible

Pick = Callable[[Any], Any]


class Settled:
    """Contacts that can change a verdict, and who signed in."""

    def __init__(self, gathering: Gathering, keeps_own_affairs: bool) -> None:
        """Takes the gathering apart. `keeps_own_affairs` where every try must be counted, as for an allowlist."""
        groups, meanings = gathering.all_groups(), gathering.meanings
        self.arrivals = _arrivals(groups, meanings)
        known = {} if keeps_own_affairs else _first_by_identity(self.arrivals)
        self.contacts = _contacts(groups, meanings, known)


def _arrivals(all_groups: Iterable[Groups], meanings: Meanings) -> list[SuccessRow]:
    """The first success of each name with each agent at each place, where the log says whose name it was."""
    found: dict[tuple[str, ...], tuple[int, str, str]] = {}
    for groups in all_groups:
        read = _reader(groups.success_columns, meanings)
        source_of = _remembered(groups.success_columns, SOURCE_COLUMNS, meanings.source_of)
        for key, seconds in groups.emptied(groups.successes):
            tenant, address, asn, _, agent, _, _, _, actor, host, target, is_visible = read(key)
            if not (is_visible and target):
                continue
            first, source = round(seconds * SECOND), source_of(key)
            identity = (tenant, address, agent, actor, host, target)
            known = found.get(identity)
            if known is not None:
                first, source, asn = min(first, known[0]), min(source, known[1]), min(asn, known[2])
            found[identity] = (first, source, asn)
    spots: dict[Spot, Spot] = {}
    return [
        SuccessRow(first, _one_of(spots, Spot(tenant, source, address, asn)), agent, actor, host, target)
        for (tenant, address, agent, actor, host, target), (first, source, asn) in found.items()
    ]


def _one_of(spots: dict[Spot, Spot], spot: Spot) -> Spot:
    """The first spot that is equal: shared, it is looked up but once."""
    return spots.setdefault(spot, spot)


def _identity(tenant: str, address: str, host: str, actor: str, agent: str, target: str) -> tuple[str, ...]:
    """A name with an agent at a place: its address, else its machine, else the account that acted."""
    place = ("i", address) if address else ("h", host) if host else ("a", actor)
    return (tenant, *place, agent, target)


def _first_by_identity(arrivals: Iterable[SuccessRow]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for row in arrivals:
        identity = _identity(row.tenant, row.src_ip, row.host, row.actor, row.user_agent, row.target)
        found[identity] = min(row.first, found.get(identity, row.first))
    return found


def _contacts(all_groups: Iterable[Groups], meanings: Meanings, known: dict[tuple[str, ...], int]) -> list[Contact]:
    """Contacts of the tries, equal keys joined; a try where its owner had signed in before is left out."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for groups in all_groups:
        read = _reader(groups.columns, meanings)
        told_of = _remembered(groups.columns, MEANING_COLUMNS, lambda row: (meanings.of(row), field(row, "code")))
        for hour, tries in groups.tries.items():
            for key, counted in groups.emptied(tries):
                counts = [1, counted, counted] if isinstance(counted, int) else counted
                (_, kind, source, outcome, _), code = told_of(key)
                tenant, *rest = read(key)
                keys = (kind, source, tenant, hour, *rest, code, outcome)
                before = found.get(keys)
                if before is None:
                    found[keys] = counts
                else:
                    joined = [before[0] + counts[0], min(before[1], counts[1]), max(before[2], counts[2])]
                    found[keys] = joined
        groups.tries.clear()
    names = {key[-1] for key in known}
    has_echoes = any(keys[10] == ECHO_EVENT for keys in found) if known else False
    rows = []
    while found:
        keys, counts = found.popitem()
        contact = Contact(*keys, *counts)
        if not (contact.target in names and _is_own_affair(contact, known, has_echoes)):
            rows.append(contact)
    return rows


def _is_own_affair(contact: Contact, known: dict[tuple[str, ...], int], has_echoes: bool) -> bool:
    """True for a failed try where, and with what, the same name had signed in before: its owner's own affair."""
    if contact.kind not in TRYING_KINDS or not contact.target_visible:
        return False
    # Windows writes some attempts twice, and such rows need each other.
    if has_echoes and contact.kind == "sign_in" and contact.client_app in (ECHO_EVENT, ECHOED_EVENT):
        return False
    one = contact
    first = known.get(_identity(one.tenant, one.src_ip, one.host, one.actor, one.user_agent, one.target))
    return first is not None and first < contact.first


def _remembered(columns: Sequence[str], asked: Sequence[str], answer: Callable[[dict[str, str]], Any]) -> Pick:
    """What answers for a key by some of its columns, each combination worked out once."""
    places = [(name, columns.index(name)) for name in asked if name in columns]
    pick = getter([place for _, place in places])
    known = Remembered(lambda texts: answer({name: text for (name, _), text in zip(places, texts)}))
    return lambda key: known[pick(key)]


def _reader(columns: Sequence[str], meanings: Meanings) -> Pick:
    """What reads who, from where and at whom out of a key with these columns, in the order of a contact."""
    known, others = [], []
    for place, name in enumerate(_WHO):
        places = [columns.index(one) for one in COLUMNS[name] if one in columns]
        if len(places) == 1 and name in _REPEATED:
            # Equal texts become one object, which is read once and kept once.
            known.append((place, places[0], Remembered(_REPEATED[name])))
        elif places or name == "host":
            others.append((place, _pick_of(columns, name, places, meanings)))
    empty: list[Any] = [""] * (len(_WHO) - 1) + [True]

    def read(key: Any) -> list[Any]:
        values = empty[:]
        for place, at, texts in known:
            values[place] = texts[key[at]]
        for place, pick in others:
            values[place] = pick(key)
        return values

    return read


def _pick_of(columns: Sequence[str], name: str, places: Sequence[int], meanings: Meanings) -> Pick:
    pick = _text_pick(places)
    if name == "host" and "host" in columns and "source" in columns:
        return _host_pick(columns, pick, meanings)
    if name == "src_ip":
        return lambda key: canonical_ip(pick(key))
    return pick


def _text_pick(places: Sequence[int]) -> Pick:
    if len(places) == 1:
        place = places[0]
        return lambda key: text_of(key[place])
    return lambda key: next((text for place in places if (text := text_of(key[place]))), "")


def _host_pick(columns: Sequence[str], pick: Pick, meanings: Meanings) -> Pick:
    """Splunk's own `host` is the machine that sent the log; only beside the core's own `source` it is the core's."""
    host, source, tables = columns.index("host"), columns.index("source"), meanings.provider
    return lambda key: pick(key) or (text_of(key[host]) if text_of(key[source]) in tables else "")


def _is_true(text: str) -> bool:
    return text_of(text).lower() not in _FALSE


# Fields whose texts repeat themselves, with what makes a value of a text. Hosts have a way of their own, names repeat little.
_REPEATED: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("tenant", "asn", "country", "user_agent", "app", "app_id", "client_app", "actor"), text_of),
    "src_ip": lambda text: canonical_ip(text_of(text)),
    "target_visible": _is_true,
}
