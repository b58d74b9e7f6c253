"""Contacts by chance, from so few values that they meet: runs through many names, single tries, successes."""

from __future__ import annotations

from hypothesis import strategies as st

from enumwatch.core.contact import Contact, is_plain_success
from enumwatch.core.times import SECOND, day_of, hour_of

from .making import START, contact, named

_PLACES = st.sampled_from(
    [
        *[{"src_ip": "203.0.113.9", "asn": "64500"}] * 3,
        *[{"src_ip": "203.0.113.10", "asn": "64500"}] * 2,
        {"src_ip": "203.0.113.11"},
        {"src_ip": "198.51.100.7", "asn": "64501"},
        {"src_ip": "198.51.101.7", "asn": "64501"},
        {"src_ip": "", "host": "PC1"},
        {"src_ip": ""},
    ]
)
_AGENTS = st.sampled_from(["", "Edge", "curl/8"])
_OUTCOMES = [
    *("not_found", "not_found", "exists_bad_secret", "exists_bad_secret", "exists_good_secret", "exists_blocked"),
    *("wrong_realm", "ambiguous", "success"),
]
EXECUTIVE, DECOY = "ceo@contoso.example", "bait@contoso.example"
_LONGEST = 3 * 86_400


@st.composite
def runs(draw: st.DrawFn) -> list[Contact]:
    """One actor's way through many names, mostly with one answer."""
    place, agent, kind = draw(_PLACES), draw(_AGENTS), draw(st.sampled_from(["sign_in", "sign_in", "autodiscover"]))
    begin, every = draw(st.integers(0, _LONGEST)), draw(st.sampled_from([1, 20, 400]))
    mostly, odds = draw(st.sampled_from(_OUTCOMES[:-1])), draw(st.sampled_from([6, 300]))
    made = []
    for turn in range(draw(st.sampled_from([4, 6, 12, 24, 60]))):
        outcome = draw(st.sampled_from([mostly] * odds + _OUTCOMES))
        fields = {**place, "user_agent": agent, "kind": kind, "outcome": outcome, "code": f"code of {outcome}"}
        made.append(_whole(contact(begin + every * turn, named(turn, ""), **fields), draw))
    return made


@st.composite
def rotations(draw: st.DrawFn) -> list[Contact]:
    """One actor's way through many names over many addresses, a few names at each."""
    begin, every = draw(st.integers(0, _LONGEST)), draw(st.sampled_from([1, 60, 1800]))
    outcome, each = (
        draw(st.sampled_from(["not_found", "not_found", "exists_bad_secret"])),
        draw(st.sampled_from([1, 2])),
    )
    fields = {"outcome": outcome, "code": f"code of {outcome}", "user_agent": draw(_AGENTS)}
    sharing = draw(st.sampled_from([("203.0.113.{}", "64500"), ("203.0.{}.9", "64500"), ("203.0.{}.9", "645{:02}")]))
    address, system = sharing
    return [
        contact(
            begin + every * turn,
            named(turn, ""),
            **{**fields, "src_ip": address.format(turn // each), "asn": system.format(turn // each)},
        )
        for turn in range(draw(st.sampled_from([5, 9, 14])))
    ]


@st.composite
def offices(draw: st.DrawFn) -> list[Contact]:
    """People at work behind one address, before or while others try names there."""
    place, begin = draw(_PLACES), draw(st.integers(-86_400, _LONGEST))
    people = range(draw(st.sampled_from([1, 3, 8, 24])))
    fields = {**place, "outcome": "success", "code": "", "user_agent": draw(_AGENTS)}
    return [contact(begin + 60 * turn, named(turn, draw(st.sampled_from(["", "staff"]))), **fields) for turn in people]


@st.composite
def tries(draw: st.DrawFn) -> list[Contact]:
    """One contact."""
    outcome = draw(st.sampled_from(_OUTCOMES))
    fields = {**draw(_PLACES), "user_agent": draw(_AGENTS), "outcome": outcome, "code": f"code of {outcome}"}
    target = draw(st.sampled_from([named(turn, "") for turn in range(12)] + [EXECUTIVE, DECOY]))
    if draw(st.integers(0, 9)) == 0:
        fields.update(target_visible=False)
        target = ""
    return [_whole(contact(draw(st.integers(0, _LONGEST)), target, **fields), draw)]


def _whole(one: Contact, draw: st.DrawFn) -> Contact:
    """The contact with some attempts and a length that its hour (of a success: its day) has room for."""
    attempts = draw(st.sampled_from([1, 1, 1, 2, 5, 12]))
    is_plain = is_plain_success(one.kind, one.outcome)
    begin, length = (day_of(one.first), 86_400) if is_plain else (hour_of(one.first), 3600)
    lasts = draw(st.sampled_from([0, 1, 30, 600, 3000])) * SECOND if attempts > 1 else 0
    last = min(one.first + lasts, begin + length * SECOND - 1)
    return one._replace(attempts=attempts, last=last, code="" if is_plain else one.code)


def _distinct(parts: list[list[Contact]]) -> list[Contact]:
    """All contacts, of those with equal keys the first."""
    return list({one[:17]: one for part in reversed(parts) for one in reversed(part)}.values())


CONTACTS = st.lists(runs() | rotations() | offices() | tries(), min_size=1, max_size=12).map(_distinct)
MOMENTS = st.integers(0, _LONGEST + 86_400).map(lambda seconds: START + seconds * SECOND)
