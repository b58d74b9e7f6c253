"""Contacts of directory reads, accounts and mail, by hand and by chance, and limits so low that chance reaches them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from enumwatch.core.contact import Contact
from enumwatch.core.context import Context
from enumwatch.core.times import SECOND, from_iso, hour_of
from enumwatch.core.verdict import Verdict

from .making import RULEBOOK, context

START = from_iso("2026-03-02T09:00:00Z")
DAY_SECONDS = 86_400
Update = tuple[int, Verdict]
Rule = Callable[..., Iterator[Update]]

_LOW: Mapping[str, Mapping[str, float]] = {
    "identity_gathering": {
        **{
            "hour_objects": 6,
            "day_objects": 9,
            "own_objects": 4,
            "own_days": 2,
            "page_objects": 3,
            "pages": 2,
            "pace": 3,
        },
        **{"sections": 2, "signs": 2, "signs_blind": 1, "signs_cold": 2, "refused_calls": 3, "forms": 3},
    },
    "account_creation": {
        **{
            "burst": 3,
            "day_burst": 4,
            "own_days": 2,
            "hours_days": 2,
            "log_age": DAY_SECONDS,
            "machine_names": 2,
            "signs": 2,
        },
        **{"recipients": 2, "hires": 2, "bounce_mails": 2, "place_mails": 3},
    },
}


def low(**more: Any) -> Context:
    """A context whose two rules fire at little; `more` as making.context takes it."""
    rulebook = copy.deepcopy(dict(RULEBOOK))
    for name, limits in _LOW.items():
        rulebook["detections"][name]["limits"].update(limits)
    known = context(**more)
    return Context(
        rulebook,
        organisation=known.organisation,
        known_tools=known.known_tools,
        intelligence=known.intelligence,
        mail_domain=lambda domain: ("disposable", "listed") if domain == "thrown.example" else ("", ""),
    )


def row(seconds: float, kind: str, lasts: float = 0, **known: Any) -> Contact:
    """A contact of any kind, that many seconds after START."""
    fields: dict[str, Any] = dict.fromkeys(Contact._fields, "")
    first = START + int(seconds * SECOND)
    fields.update(kind=kind, tenant="contoso", outcome="ambiguous", target_visible=True, attempts=1, first=first)
    fields.update(last=first + int(lasts * SECOND), hour=hour_of(first), src_ip="203.0.113.9")
    fields.update(known)
    return Contact(**fields)


def read(seconds: float, target: str = "/v1.0/users/a", actor: str = "u1", **known: Any) -> Contact:
    """One object read through Microsoft Graph."""
    fields = {"source": "graph_activity", "app": "users", "code": "200", **known}
    return row(seconds, "directory_read", actor=actor, target=target, **fields)


def made(seconds: float, target: str, actor: str = "adm@contoso.example", **known: Any) -> Contact:
    """One account made."""
    fields = {"source": "entra_audit", "code": "Add user", **known}
    return row(seconds, "account_created", actor=actor, target=target, **fields)


def mail(seconds: float, actor: str, target: str, **known: Any) -> Contact:
    """One mail sent."""
    return row(
        seconds, "mail_sent", source="message_trace", actor=actor, target=target, **{"code": "Delivered", **known}
    )


def last_words(updates: Sequence[Update]) -> list[str]:
    """The last update of every finding, as text, in order of their ids."""
    last: dict[str, Verdict] = {}
    for _, verdict in sorted(updates, key=lambda one: one[0]):
        last[verdict.finding_id] = verdict
    return [json.dumps(last[name].to_dict()) for name in sorted(last)]


def cut(contacts: Sequence[Contact], moment: int) -> list[Contact]:
    """The contacts as far as they are known at this moment."""
    begun = [one for one in contacts if one.first <= moment]
    return [one if one.last <= moment else one._replace(attempts=1, last=one.first) for one in begun]


def shifted(one: Contact, by: int) -> Contact:
    """The contact that many microseconds later."""
    return one._replace(hour=one.hour + by, first=one.first + by, last=one.last + by)


@st.composite
def _runs(draw: st.DrawFn, make: Callable[[st.DrawFn, float, int], Contact]) -> list[Contact]:
    begin = draw(st.integers(0, 9)) * DAY_SECONDS + draw(st.integers(0, DAY_SECONDS - 1))
    every = draw(st.sampled_from([2, 60, 1200, 40_000]))
    return [_within_its_hour(make(draw, begin + every * turn, turn)) for turn in range(draw(st.integers(1, 9)))]


def _within_its_hour(one: Contact) -> Contact:
    return (
        one._replace(last=min(one.last, one.hour + 3600 * SECOND - 1))
        if one.attempts > 1
        else one._replace(last=one.first)
    )


def _a_read(draw: st.DrawFn, seconds: float, turn: int) -> Contact:
    fields = {
        "actor": draw(st.sampled_from(["u1", "u1", "u2", "svc-x", ""])),
        "client_app": draw(st.sampled_from(["", "", "next page", "application", "whole list"])),
        "app": draw(st.sampled_from(["users", "groups", "directoryRoles"])),
        "user_agent": draw(st.sampled_from(["", "Edge", "azurehound/2"])),
        "src_ip": draw(st.sampled_from(["", "203.0.113.9", "198.51.100.7"])),
        "code": draw(st.sampled_from(["200", "200", "403"])),
    }
    one = read(seconds, f"/v1.0/users/{turn}", lasts=draw(st.sampled_from([0, 30, 3000])), **fields)
    return one._replace(attempts=draw(st.sampled_from([1, 1, 3])))


def _a_making(draw: st.DrawFn, seconds: float, turn: int) -> Contact:
    kind = draw(st.sampled_from(["account_created"] * 4 + ["account_deleted", "account_enabled", "mail_sent"]))
    name = draw(
        st.sampled_from(
            [f"n{turn}@contoso.example", "promo1@contoso.example", "promo2@contoso.example", "x@thrown.example"]
        )
    )
    if kind == "mail_sent":
        code = draw(st.sampled_from(["Delivered", "Failed"]))
        return mail(seconds, name, f"r{turn}@far.example", code=code, src_ip=draw(st.sampled_from(["", "203.0.113.9"])))
    actor = draw(st.sampled_from(["adm@contoso.example", "adm@contoso.example", "hr app", "", name]))
    fields = {
        "src_ip": draw(st.sampled_from(["", "203.0.113.9", "198.51.100.7"])),
        "app": "hr app" if actor == "hr app" else "",
    }
    one = made(seconds, name, actor, **fields)._replace(kind=kind)
    return one._replace(target="", target_visible=False) if draw(st.integers(0, 9)) == 0 else one


def _a_try(draw: st.DrawFn, seconds: float, turn: int) -> Contact:
    name = draw(st.sampled_from(["j.doe", "john.doe", "jdoe", "doej", "doe.john", "amy.li", f"n{turn}"]))
    outcome = draw(st.sampled_from(["not_found", "not_found", "exists_bad_secret", "ambiguous", "success"]))
    place = draw(st.sampled_from([{"src_ip": "203.0.113.9"}, {"src_ip": "", "host": "PC1"}, {"src_ip": ""}]))
    return row(seconds, "sign_in", source="entra_signin", target=f"{name}@contoso.example", **place)._replace(
        outcome=outcome
    )


def _together(runs: st.SearchStrategy[list[Contact]]) -> st.SearchStrategy[list[Contact]]:
    flat = st.lists(runs, min_size=1, max_size=8).map(lambda parts: [one for part in parts for one in part])
    return flat.map(lambda rows: list({one[:17]: one for one in rows}.values()))


READS = _together(_runs(_a_read) | _runs(_a_try))
MAKINGS = _together(_runs(_a_making))
